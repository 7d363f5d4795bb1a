//! Time: what stays, how long, how fast.

use serde_json::json;

use crate::model::edit::script;
use crate::model::edit::timeline::{Role, Segment, Timeline};
use crate::model::edit::{
    Applied, EditError, LENGTH_MAX, LENGTH_MIN, Make, Palette, SHOT_MAX, Source, Span, TextStyle, Words, make,
};
use crate::model::state::State;
use crate::model::time::Millis;

/// Clips are slowed to fill a length down to this speed; beyond it, shots come again.
const STRETCH_MAX: f64 = 2.0;
pub(super) const SPEED_MIN: f64 = 0.25;
pub(super) const SPEED_MAX: f64 = 4.0;

/// What stays of a timeline: spans in order, each from and to.
pub(super) type Kept = [(Millis, Millis)];

pub(super) fn keep(state: &State, span: Span) -> Result<Applied, EditError> {
    let mut timeline = Timeline::open_made(state)?;
    let total = timeline.total();
    let (from, to) = (timeline.moment(span.from)?, timeline.moment(span.to)?);
    if to <= from {
        return Err(EditError::Span { from, to, total, verb: "kept" });
    }
    retain(&mut timeline, &[(from, to)]);
    let now = timeline.total();
    let words = Words::new(
        format!("kept {from}-{to}s; length {total} s → {now} s"),
        format!("已保留 {from}-{to} 秒；时长 {total} 秒 → {now} 秒"),
    );
    Ok(Applied { state: timeline.close(state), words })
}

pub(super) fn remove(state: &State, span: Span) -> Result<Applied, EditError> {
    let mut timeline = Timeline::open_made(state)?;
    let total = timeline.total();
    let (from, to) = (timeline.moment(span.from)?, timeline.moment(span.to)?);
    if to <= from || (from == Millis(0) && to == total) {
        return Err(EditError::Span { from, to, total, verb: "removed" });
    }
    retain(&mut timeline, &[(Millis(0), from), (to, total)]);
    let now = timeline.total();
    let words = Words::new(
        format!("removed {from}-{to}s; length {total} s → {now} s"),
        format!("已删除 {from}-{to} 秒；时长 {total} 秒 → {now} 秒"),
    );
    Ok(Applied { state: timeline.close(state), words })
}

pub(super) fn fit(state: &State, length: Millis) -> Result<Applied, EditError> {
    if !(LENGTH_MIN..=LENGTH_MAX).contains(&length) {
        return Err(EditError::Length(length));
    }
    let mut timeline = Timeline::open_made(state)?;
    let was = timeline.total();
    let factor = length.0 as f64 / was.0.max(1) as f64;
    let still = |shot: &Segment| !shot.is_kind("video");
    let longest = timeline.main().iter().filter(|shot| still(shot)).map(Segment::length).max();
    let stands = longest.is_some_and(|l| l.0 as f64 * factor > SHOT_MAX.0 as f64 + 1.0);
    let words_only = timeline.main().iter().all(|shot| shot.is_kind("scene"));
    let words = Words::new(format!("length {was} s → {length} s"), format!("时长 {was} 秒 → {length} 秒"));
    if factor > 1.0 && words_only && stands {
        return Ok(Applied { state: rewritten(state, &timeline, length)?, words });
    }
    if factor > 1.0 && (stands || factor > STRETCH_MAX) {
        refill(&mut timeline, state, length);
        timeline.settle(was);
    } else {
        scale(&mut timeline, was, length, factor > 1.0);
    }
    Ok(Applied { state: timeline.close(state), words })
}

pub(super) fn speed(state: &State, factor: f64) -> Result<Applied, EditError> {
    if !(SPEED_MIN..=SPEED_MAX).contains(&factor) {
        return Err(EditError::Range { what: "speed", value: factor, min: SPEED_MIN, max: SPEED_MAX });
    }
    let mut timeline = Timeline::open_made(state)?;
    let was = timeline.total();
    let length = Millis((was.0 as f64 / factor).round() as u64);
    if !(LENGTH_MIN..=LENGTH_MAX).contains(&length) {
        return Err(EditError::Length(length));
    }
    scale(&mut timeline, was, length, true);
    let words = Words::new(
        format!("speed {factor}x; length {was} s → {length} s"),
        format!("速度 {factor} 倍；时长 {was} 秒 → {length} 秒"),
    );
    Ok(Applied { state: timeline.close(state), words })
}

/// Keeps the given spans and closes the gaps; texts are cut as the picture is.
pub(super) fn retain(timeline: &mut Timeline, kept: &Kept) {
    let mut next_id = timeline.last_id();
    let mut shots: Vec<Segment> = Vec::new();
    for shot in timeline.main() {
        let mut first = true;
        for (from, to) in kept {
            let (start, end) = (shot.start().max(*from), shot.end().min(*to));
            if end <= start {
                continue;
            }
            let mut piece = shot.clone();
            piece.set_start(start);
            piece.set_length(end - start);
            if shot.is_kind("video") {
                let skipped = ((start - shot.start()).0 as f64 * shot.speed()).round() as u64;
                piece.set("ss", json!(shot.offset().0 + skipped));
            }
            if start > shot.start() {
                piece.unset_meta("transition");
            }
            if *from >= shot.start() {
                // What it went on from is gone.
                piece.stands_alone();
            }
            if !first {
                next_id += 1;
                piece = piece.with_id(format!("sg_{next_id}"));
            }
            first = false;
            shots.push(piece);
        }
    }
    *timeline.segments_mut(&Role::Main) = shots;
    timeline.lay();
    let place = |time: Millis| {
        let before = |(from, to): &(Millis, Millis)| (time.min(*to) - *from).0;
        Millis(kept.iter().map(before).sum())
    };
    timeline.retain_others(|_, segment| {
        let (start, end) = (place(segment.start()), place(segment.end()));
        segment.set_start(start);
        segment.set_length(end - start);
        end > start
    });
    let now = timeline.total();
    timeline.settle(now);
}

/// Scales every time by the same factor. Clips that get longer play slower; those that get
/// shorter are cut, unless `play` says to play them faster.
fn scale(timeline: &mut Timeline, was: Millis, length: Millis, play: bool) {
    let place = |time: Millis| {
        let scaled = u128::from(time.0) * u128::from(length.0) / u128::from(was.0.max(1));
        Millis(u64::try_from(scaled).unwrap_or(u64::MAX))
    };
    let factor = length.0 as f64 / was.0.max(1) as f64;
    for shot in timeline.segments_mut(&Role::Main) {
        let (start, end) = (place(shot.start()), place(shot.end()));
        shot.set_start(start);
        shot.set_length((end - start).max(Millis(1)));
        if play && shot.is_kind("video") {
            shot.set_meta("speed", json!((shot.speed() / factor * 1000.0).round() / 1000.0));
        }
    }
    timeline.lay();
    timeline.retain_others(|role, segment| {
        // A title keeps its length; what belongs to the picture scales with it.
        if !matches!(role, Role::Text(TextStyle::Title | TextStyle::LowerThird)) {
            let (start, end) = (place(segment.start()), place(segment.end()));
            segment.set_start(start);
            segment.set_length(end - start);
        }
        true
    });
    let now = timeline.total();
    timeline.settle(now);
}

/// Lets the shots come again until they fill `length`.
fn refill(timeline: &mut Timeline, state: &State, length: Millis) {
    let shots: Vec<Vec<Segment>> =
        timeline.shots().into_iter().map(|shot| timeline.main()[shot].to_vec()).collect();
    let own = |shot: &[Segment]| Millis(shot.iter().map(|piece| piece.length().0).sum());
    let material = |shot: &[Segment]| {
        let item = state.media.iter().find(|item| item.url == shot[0].source());
        let whole = item.and_then(|item| item.duration).unwrap_or_default() - shot[0].offset();
        Millis((whole.0 as f64 / shot[0].speed()) as u64).max(own(shot))
    };
    let capacity = |shot: &[Segment]| if shot[0].is_kind("video") { material(shot) } else { SHOT_MAX };
    let mut filled = shots.clone();
    let mut room: u64 = filled.iter().map(|shot| capacity(shot).0).sum();
    let mut next_id = timeline.last_id();
    while room < length.0 {
        let again = shots[filled.len() % shots.len()].iter().map(|piece| {
            next_id += 1;
            piece.clone().with_id(format!("sg_{next_id}"))
        });
        let again: Vec<Segment> = again.collect();
        room += capacity(&again).0.max(1);
        filled.push(again);
    }
    let caps: Vec<Millis> = filled.iter().map(|shot| capacity(shot)).collect();
    let shares = script::capped_shares(&vec![1; filled.len()], &caps, length);
    for (at, (shot, share)) in filled.iter_mut().zip(shares).enumerate() {
        let lengths = shared(shot, share);
        for (piece, length) in shot.iter_mut().zip(lengths) {
            piece.set_length(length);
            if piece.is_kind("image") {
                piece.set_meta("motion", json!(make::motion_of(at)));
            }
        }
    }
    *timeline.segments_mut(&Role::Main) = filled.concat();
    timeline.lay();
}

/// The lengths of a shot's pieces when the shot is to last so long.
pub(super) fn shared(pieces: &[Segment], length: Millis) -> Vec<Millis> {
    let whole: u64 = pieces.iter().map(|piece| piece.length().0).sum();
    let mut ends = pieces.iter().scan(0, |end, piece| {
        *end += piece.length().0;
        Some((*end as f64 * length.0 as f64 / whole.max(1) as f64).round() as u64)
    });
    let mut before = 0;
    ends.by_ref().map(|end| Millis(end - std::mem::replace(&mut before, end))).collect()
}

/// The words video again, in another length; what was laid over it stays.
fn rewritten(state: &State, timeline: &Timeline, length: Millis) -> Result<State, EditError> {
    let script = script_of(timeline);
    let palette = timeline.main()[0].meta("scene").and_then(|scene| scene.get("palette"));
    let palette = palette.and_then(serde_json::Value::as_str);
    let palette = Palette::ALL.iter().copied().find(|p| Some(p.words().0) == palette);
    let make = Make { source: Source::Words(script), length: Some(length), palette };
    let made = make::make(state, &make)?.state;
    let mut fresh = Timeline::open(&made);
    let was = timeline.total();
    let overlays = [Role::Logo, Role::Music]
        .into_iter()
        .chain(TextStyle::ALL.iter().map(|style| Role::Text(*style)))
        .filter(|role| *role != Role::Text(TextStyle::Statement));
    for role in overlays {
        for segment in timeline.segments(&role).iter().filter(|s| s.word("position") != "center") {
            let mut segment = segment.clone();
            if matches!(role, Role::Logo | Role::Music) && segment.end() >= was {
                segment.set_length(length - segment.start());
            }
            fresh.push(&role, segment);
        }
    }
    Ok(fresh.close(&made))
}

/// The words of a words video, in order, each once.
fn script_of(timeline: &Timeline) -> String {
    let mut texts: Vec<String> = Vec::new();
    for segment in timeline.segments(&Role::Text(TextStyle::Statement)) {
        let text = segment.word("text").to_owned();
        if !texts.contains(&text) {
            texts.push(text);
        }
    }
    let headline =
        timeline.segments(&Role::Text(TextStyle::Title)).iter().find(|s| s.word("position") == "center");
    texts.splice(0..0, headline.map(|segment| segment.word("text").to_owned()));
    texts.join("\n")
}
