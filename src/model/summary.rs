//! A timeline in words: the one-line summary, and what changed between two looks.

use crate::model::draft::{Draft, Segment, Track, TrackKind};
use crate::model::state::State;
use crate::model::time::Millis;

/// More changes than these are counted, not told: a person stops reading.
const CHANGES_MAX: usize = 12;

/// Returns the summary line of a draft, in the documented style:
/// `Timeline (2 tracks): 1. Video: city (0-10s) 2. BGM: Lo-fi (0-10s, 35%)`.
pub fn line(draft: &Draft) -> String {
    let tracks = draft.tracks();
    let many = if tracks.len() == 1 { "track" } else { "tracks" };
    let mut text = format!("Timeline ({} {many})", tracks.len());
    for (position, track) in tracks.iter().enumerate() {
        text.push_str(if position == 0 { ": " } else { " " });
        text.push_str(&format!("{}. {}: {}", position + 1, label(&track.kind), content(track)));
    }
    text
}

/// Returns the summary line of a state; says so when nothing was made yet.
pub fn line_of(state: &State) -> String {
    match &state.draft {
        Some(draft) if !draft.tracks().is_empty() => line(draft),
        _ => "Timeline (empty)".to_owned(),
    }
}

/// Returns what changed from `old` to `new`, a sentence each; empty when nothing did.
pub fn diff(old: &State, new: &State) -> Vec<String> {
    let mut changes = Vec::new();
    if let (before, Some(after)) = (old.canvas(), new.canvas())
        && before != Some(after)
    {
        let was = before.map(|c| format!("{}x{} → ", c.width, c.height)).unwrap_or_default();
        changes.push(format!("canvas: {was}{}x{}", after.width, after.height));
    }
    let known = |name: &str| old.media.iter().any(|item| item.name == name);
    changes.extend(new.media.iter().filter(|m| !known(&m.name)).map(|m| format!("media added: {}", m.name)));
    let made = new.generated.len().saturating_sub(old.generated.len());
    if made > 0 {
        changes.push(format!("{made} generated media added"));
    }
    let empty = Draft::from_object(serde_json::Map::new());
    draft_changes(old.draft.as_ref().unwrap_or(&empty), new.draft.as_ref().unwrap_or(&empty), &mut changes);
    if changes.len() > CHANGES_MAX {
        let more = changes.len() - CHANGES_MAX;
        changes.truncate(CHANGES_MAX);
        changes.push(format!("and {more} more changes"));
    }
    changes
}

fn draft_changes(old: &Draft, new: &Draft, changes: &mut Vec<String>) {
    let (before, after) = (old.tracks(), new.tracks());
    let twin = |tracks: &[Track<'_>], all: &[Track<'_>], at: usize| counterpart(tracks, all, at);
    for (at, track) in after.iter().enumerate() {
        match twin(&before, &after, at) {
            Some(found) => track_changes(&before[found], track, changes),
            None => changes.extend(shots(track).iter().map(|s| told("added", &track.kind, &s.whole))),
        }
    }
    for (at, track) in before.iter().enumerate() {
        if twin(&after, &before, at).is_none() {
            changes.extend(shots(track).iter().map(|s| told("removed", &track.kind, &s.whole)));
        }
    }
    let (was, is) = (old.duration(), new.duration());
    if was != is && was > Millis(0) {
        changes.push(format!("length: {was}s → {is}s"));
    }
}

/// The track of `tracks` that is `all[at]` on the other side: the one with its id, or, for a
/// track without an id, the one of its kind at the same place among its kind.
fn counterpart(tracks: &[Track<'_>], all: &[Track<'_>], at: usize) -> Option<usize> {
    let wanted = &all[at];
    if wanted.id.is_some() {
        return tracks.iter().position(|track| track.id == wanted.id);
    }
    let alike = |track: &Track<'_>| track.id.is_none() && track.kind == wanted.kind;
    let place = all[..at].iter().filter(|track| alike(track)).count();
    tracks.iter().enumerate().filter(|(_, track)| alike(track)).nth(place).map(|(at, _)| at)
}

/// A segment, and the pieces that it has where parts of it look, play or sound otherwise.
struct Shot<'a> {
    whole: Segment<'a>,
    pieces: Vec<Segment<'a>>,
}

/// The segments of a track; pieces that go on where the one before them ends are one.
fn shots<'a>(track: &Track<'a>) -> Vec<Shot<'a>> {
    let mut shots: Vec<Shot<'a>> = Vec::new();
    for piece in &track.segments {
        let goes_on = piece.value.get("m").and_then(|m| m.get("goes_on")) == Some(&true.into());
        match shots.last_mut().filter(|shot| goes_on && shot.whole.end() == piece.start) {
            Some(shot) => {
                shot.whole.duration = piece.end() - shot.whole.start;
                shot.pieces.push(piece.clone());
            }
            None => shots.push(Shot { whole: piece.clone(), pieces: vec![piece.clone()] }),
        }
    }
    shots
}

fn track_changes(old: &Track<'_>, new: &Track<'_>, changes: &mut Vec<String>) {
    let (before, after) = (shots(old), shots(new));
    let keyed = before.iter().chain(&after).all(|shot| shot.whole.id.is_some());
    let find = |shots: &[Shot<'_>], wanted: &Shot<'_>, at: usize| {
        if keyed {
            shots.iter().position(|shot| shot.whole.id == wanted.whole.id)
        } else {
            (at < shots.len()).then_some(at)
        }
    };
    for (at, shot) in after.iter().enumerate() {
        match find(&before, shot, at) {
            Some(found) => shot_changes(&new.kind, &before[found], shot, changes),
            None => changes.push(told("added", &new.kind, &shot.whole)),
        }
    }
    for (at, shot) in before.iter().enumerate() {
        if find(&after, shot, at).is_none() {
            changes.push(told("removed", &old.kind, &shot.whole));
        }
    }
}

fn shot_changes(kind: &TrackKind, old: &Shot<'_>, new: &Shot<'_>, changes: &mut Vec<String>) {
    let values = |shot: &Shot<'_>| shot.pieces.iter().map(|piece| piece.value.clone()).collect::<Vec<_>>();
    if values(old) == values(new) {
        return;
    }
    let parts = |shot: &Shot<'_>| match shot.pieces.as_slice() {
        [_] => "whole".to_owned(),
        pieces => pieces.iter().map(|p| range(p.start, p.end())).collect::<Vec<_>>().join(", "),
    };
    let (was, is) = (parts(old), parts(new));
    let (old, new) = (&old.whole, &new.whole);
    let noun = noun(kind);
    let before = changes.len();
    let mut say = |what: &str, was: String, is: String| {
        if was != is {
            changes.push(format!("{noun} {what}: {was} → {is}"));
        }
    };
    say("changed", called(kind, old), called(kind, new));
    say(&format!("{} moved", called(kind, new)), range(old.start, old.end()), range(new.start, new.end()));
    say(&format!("{} in parts", called(kind, new)), was.clone(), is.clone());
    if (was.as_str(), is.as_str()) == ("whole", "whole") {
        say(&format!("{} volume", called(kind, new)), volume(old.volume), volume(new.volume));
    }
    let place = |s: &Segment<'_>| s.position.unwrap_or("its usual place").to_owned();
    say(&format!("{} placed", called(kind, new)), place(old), place(new));
    if changes.len() == before {
        changes.push(format!("{noun} {} restyled", called(kind, new)));
    }
}

/// `title added: 'Paradise Found' (top-center, 0-3s)`
fn told(what: &str, kind: &TrackKind, segment: &Segment<'_>) -> String {
    let mut facts: Vec<String> = segment.position.map(str::to_owned).into_iter().collect();
    facts.push(range(segment.start, segment.end()));
    if *kind != TrackKind::Video {
        facts.extend(segment.volume.map(|v| volume(Some(v))));
    }
    format!("{} {what}: {} ({})", noun(kind), called(kind, segment), facts.join(", "))
}

fn content(track: &Track<'_>) -> String {
    let (Some(first), Some(last)) = (track.segments.first(), track.segments.iter().map(Segment::end).max())
    else {
        return "empty".to_owned();
    };
    let name = match track.kind {
        TrackKind::Text => format!("\"{}\"", words(first)),
        _ => first.name.clone().into_owned(),
    };
    let shots = shots(track);
    let more = match shots.len() {
        1 => String::new(),
        count => format!(" +{} more", count - 1),
    };
    let start = track.segments.iter().map(|s| s.start).min().unwrap_or_default();
    // A clip's own sound at full volume is not worth a word; a music bed's level is.
    let even = shots[0].pieces.iter().all(|piece| piece.volume == first.volume);
    let loud = first.volume.filter(|v| track.kind != TrackKind::Video || even && *v != 1.0);
    let level = loud.map(|v| format!(", {}", volume(Some(v)))).unwrap_or_default();
    format!("{name}{more} ({}{level})", range(start, last))
}

fn label(kind: &TrackKind) -> String {
    match kind {
        TrackKind::Video => "Video".to_owned(),
        TrackKind::Audio => "BGM".to_owned(),
        TrackKind::Text => "Title".to_owned(),
        TrackKind::Other(tt) => format!("Track(tt={tt})"),
    }
}

fn noun(kind: &TrackKind) -> &'static str {
    match kind {
        TrackKind::Video => "video",
        TrackKind::Audio => "music",
        TrackKind::Text => "title",
        TrackKind::Other(_) => "segment",
    }
}

fn called(kind: &TrackKind, segment: &Segment<'_>) -> String {
    match kind {
        TrackKind::Text => format!("'{}'", words(segment)),
        _ => segment.name.clone().into_owned(),
    }
}

fn words<'a>(segment: &'a Segment<'_>) -> &'a str {
    segment.text.unwrap_or(&segment.name)
}

/// `0-10s`; whole seconds when whole, else one decimal.
fn range(from: Millis, to: Millis) -> String {
    format!("{from}-{to}s")
}

fn volume(volume: Option<f64>) -> String {
    volume.map_or("unset".to_owned(), |v| format!("{}%", (v * 100.0).round()))
}

#[cfg(test)]
mod tests {
    use super::*;

    const THREE: &str = r#"{"t":[
        {"id":"v","tt":0,"sg":[{"id":"1","s":0,"d":10000,"v":1.0,"m":{"name":"city timelapse"}}]},
        {"id":"a","tt":1,"sg":[{"id":"2","s":0,"d":10000,"v":0.35,"m":{"name":"Lo-fi"}}]},
        {"id":"x","tt":7,"sg":[{"id":"3","s":0,"d":3000,"m":{"text":"Urban Dreams","position":"top-center"}}]}]}"#;

    fn state(draft: &str) -> State {
        State { draft: Some(Draft::parse(draft).unwrap()), ..State::default() }
    }

    fn changes(old: &str, new: &str) -> Vec<String> {
        diff(&state(old), &state(new))
    }

    #[test]
    fn the_line_is_in_the_documented_style() {
        let said = "Timeline (3 tracks): 1. Video: city timelapse (0-10s) 2. BGM: Lo-fi (0-10s, 35%) \
                    3. Title: \"Urban Dreams\" (0-3s)";
        assert_eq!(line_of(&state(THREE)), said);
        assert_eq!(line_of(&State::default()), "Timeline (empty)");
        let odd = r#"{"t":[{"tt":5,"sg":[{"d":1500},{"d":500},{"d":250}]},{"tt":0,"sg":null}]}"#;
        assert_eq!(
            line_of(&state(odd)),
            "Timeline (2 tracks): 1. Track(tt=5): clip +2 more (0-2.3s) 2. Video: empty"
        );
    }

    #[test]
    fn equal_states_have_no_changes() {
        assert!(changes(THREE, THREE).is_empty());
    }

    #[test]
    fn added_and_removed_tracks_are_told() {
        let one = r#"{"t":[{"id":"v","tt":0,"sg":[{"id":"1","s":0,"d":10000,"v":1.0,"m":{"name":"city timelapse"}}]}]}"#;
        let told = ["music added: Lo-fi (0-10s, 35%)", "title added: 'Urban Dreams' (top-center, 0-3s)"];
        assert_eq!(changes(one, THREE), told);
        assert_eq!(changes(THREE, one), told.map(|t| t.replace("added", "removed")));
    }

    #[test]
    fn changed_segments_say_before_and_after() {
        let new = THREE
            .replace("Urban Dreams", "Night")
            .replace("0.35", "0.2")
            .replace(r#""d":3000"#, r#""d":4500"#)
            .replace("top-center", "bottom-left");
        assert_eq!(
            changes(THREE, &new),
            [
                "music Lo-fi volume: 35% → 20%",
                "title changed: 'Urban Dreams' → 'Night'",
                "title 'Night' moved: 0-3s → 0-4.5s",
                "title 'Night' placed: top-center → bottom-left",
            ]
        );
        let restyled = THREE.replace(r#""position""#, r#""color":"red","position""#);
        assert_eq!(changes(THREE, &restyled), ["title 'Urban Dreams' restyled"]);
    }

    #[test]
    fn pieces_of_a_shot_are_one_shot() {
        let shots = |pieces: &str| format!(r#"{{"t":[{{"id":"v","tt":0,"sg":[{pieces}]}}]}}"#);
        let whole = shots(r#"{"id":"1","s":0,"d":9000,"v":1.0,"m":{"name":"city"}}"#);
        let parts = shots(
            r#"{"id":"1","s":0,"d":3000,"v":0.0,"m":{"name":"city","look":"bw"}},
               {"id":"2","s":3000,"d":6000,"v":1.0,"m":{"name":"city","goes_on":true}}"#,
        );
        assert_eq!(line_of(&state(&parts)), "Timeline (1 track): 1. Video: city (0-9s)");
        assert_eq!(changes(&whole, &parts), ["video city in parts: whole → 0-3s, 3-9s"]);
        assert_eq!(changes(&parts, &whole), ["video city in parts: 0-3s, 3-9s → whole"]);
        assert_eq!(changes(&parts, &parts.replace("bw", "warm")), ["video city restyled"]);
    }

    #[test]
    fn tracks_without_ids_are_matched_by_their_place() {
        let old = r#"{"t":[{"tt":7,"sg":[{"d":1,"text":"a"}]},{"tt":0,"sg":[{"d":9000,"n":"c"}]}]}"#;
        let new = r#"{"t":[{"tt":0,"sg":[{"d":4000,"n":"c"}]},{"tt":7,"sg":[{"d":1,"text":"b"}]}]}"#;
        assert_eq!(
            changes(old, new),
            ["video c moved: 0-9s → 0-4s", "title changed: 'a' → 'b'", "length: 9s → 4s"]
        );
    }

    #[test]
    fn a_first_draft_and_a_new_canvas_are_told() {
        let mut new = state(r#"{"t":[{"tt":0,"sg":[{"d":9000,"n":"c"}]}]}"#);
        new.canvas = Some(crate::model::state::Canvas { width: 1080, height: 1920 });
        new.generated.push(serde_json::json!({"x": 1}));
        let told = ["canvas: 1080x1920", "1 generated media added", "video added: c (0-9s)"];
        assert_eq!(diff(&State::default(), &new), told);
    }

    #[test]
    fn a_flood_of_changes_is_counted() {
        let many: Vec<_> = (0..40).map(|n| format!(r#"{{"id":"{n}","d":5,"text":"t{n}"}}"#)).collect();
        let draft = format!(r#"{{"t":[{{"tt":7,"sg":[{}]}}]}}"#, many.join(","));
        let told = changes("{}", &draft);
        assert_eq!(told.len(), CHANGES_MAX + 1);
        assert_eq!(told[CHANGES_MAX], "and 28 more changes");
    }
}
