//! New cuts: of words, of photos and clips.

use serde_json::json;

use crate::model::edit::script::{self, Beat};
use crate::model::edit::timeline::{CANVAS, Role, Segment, Timeline};
use crate::model::edit::{
    Applied, Blend, EditError, LENGTH_MAX, LENGTH_MIN, Make, Palette, Pick, SCRIPT_CHARS_MAX, SHOT_MAX,
    Source, TextStyle, Words,
};
use crate::model::media::Kind;
use crate::model::state::{Canvas, MediaItem, State};
use crate::model::time::Millis;

/// A photo without an asked length.
const PHOTO: Millis = Millis(4000);
/// A clip whose length nobody knows.
const CLIP_UNKNOWN: Millis = Millis(5000);
/// A shot shorter than this is a flicker: with too many media, some are left out.
const SHOT_MIN: Millis = Millis(400);
/// The blend between shots.
const CROSSFADE: Millis = Millis(600);
/// Where the camera goes on one photo after the other.
const MOTIONS: &[&str] = &["in", "right", "out", "left", "up", "down"];
/// Styles of made backgrounds, taken in turn.
const SCENES: &[&str] = &["mesh", "aurora", "bokeh"];

pub(super) fn make(state: &State, make: &Make) -> Result<Applied, EditError> {
    if let Some(length) = make.length.filter(|l| !(LENGTH_MIN..=LENGTH_MAX).contains(l)) {
        return Err(EditError::Length(length));
    }
    match &make.source {
        Source::Words(script) => of_words(state, script, make),
        Source::Media(pick) => of_media(state, pick, make.length),
    }
}

/// Puts media at the end of the cut, in their own length.
pub(super) fn append(state: &State, pick: &Pick) -> Result<Applied, EditError> {
    let items = picked(state, pick)?;
    let mut timeline = Timeline::open(state);
    let was = timeline.total();
    let more: u64 = items.iter().map(|item| own_length(item).0).sum();
    if was.0.saturating_add(more) > LENGTH_MAX.0 {
        return Err(EditError::Length(Millis(was.0.saturating_add(more))));
    }
    for item in &items {
        let at = timeline.main().len();
        let mut shot = shot(item, timeline.total(), own_length(item), at);
        if at > 0 {
            shot.set_transition(Blend::Crossfade.words().0, CROSSFADE);
        }
        timeline.push(&Role::Main, shot);
    }
    timeline.lay();
    timeline.settle(was);
    let names = listed(&items);
    let total = timeline.total();
    let words = Words::new(
        format!("added at the end: {names} ({was}-{total}s)"),
        format!("已在结尾加入：{names}（{was}-{total} 秒）"),
    );
    Ok(Applied { state: timeline.close(&with_canvas(state, &items)), words })
}

/// Which images are logos, by their names.
pub(super) fn is_logo(item: &MediaItem) -> bool {
    let name = item.label().to_lowercase();
    let named = ["logo", "标志", "徽标", "商标"].iter().any(|word| name.contains(word));
    item.kind == Some(Kind::Image) && named
}

fn of_words(state: &State, text: &str, make: &Make) -> Result<Applied, EditError> {
    let cut = text.char_indices().nth(SCRIPT_CHARS_MAX).map_or(text.len(), |(at, _)| at);
    let made = script::beats(&text[..cut], make.length);
    let Some(first) = made.beats.first() else { return Err(EditError::NoWords) };
    let seed = hash(text) % 1000;
    let chosen = Palette::ALL[usize::try_from(seed).unwrap_or_default() % Palette::ALL.len()];
    let palette = make.palette.unwrap_or(chosen);
    let mut timeline = Timeline::blank(state);
    timeline.set_meta("title", json!(first.text.chars().take(60).collect::<String>()));
    timeline.set_meta("seed", json!(seed));
    for (at, beat) in made.beats.iter().enumerate() {
        let start = timeline.total();
        let mut scene = Segment::new(start, beat.length);
        scene.set_meta("name", json!(format!("scene {}", at + 1)));
        scene.set_meta("kind", json!("scene"));
        let style = SCENES[at % SCENES.len()];
        let scene_seed = seed + at as u64;
        scene.set_meta("scene", json!({ "style": style, "palette": palette.words().0, "seed": scene_seed }));
        if at > 0 {
            scene.set_transition(Blend::Crossfade.words().0, CROSSFADE);
        }
        timeline.push(&Role::Main, scene);
        let (style, mut text) = statement(beat, start);
        if timeline.brand().contains_key("color") {
            text.unset_meta("color");
        }
        timeline.push(&Role::Text(style), text);
    }
    timeline.lay();
    let state = with_canvas(state, &[]);
    Ok(Applied {
        words: told_words(&timeline, made.repeats, cut < text.len()),
        state: timeline.close(&state),
    })
}

/// The words of one scene.
fn statement(beat: &Beat, start: Millis) -> (TextStyle, Segment) {
    let style = if beat.headline { TextStyle::Title } else { TextStyle::Statement };
    let size = match script::units(&beat.text) {
        0..=16 => "large",
        17..=34 => "medium",
        _ => "small",
    };
    let mut text = Segment::new(start, beat.length);
    text.set_meta("text", json!(beat.text));
    text.set_meta("style", json!(style.words().0));
    text.set_meta("position", json!("center"));
    text.set_meta("color", json!("white"));
    text.set_meta("size", json!(size));
    text.set_meta("effect", json!("rise"));
    (style, text)
}

fn told_words(timeline: &Timeline, repeats: bool, shortened: bool) -> Words {
    let (count, total) = (timeline.main().len(), timeline.total());
    let many = if count == 1 { "scene" } else { "scenes" };
    let mut words = Words::new(
        format!("made a {total} s video of your words: {count} {many}"),
        format!("已用您的文字制作 {total} 秒视频：{count} 个场景"),
    );
    if repeats {
        words.en.push_str(". There are few words for that length, so they come again; more words or media would make it better");
        words.zh.push_str("。文字较少，因此会重复出现；补充文案或素材效果会更好");
    }
    if shortened {
        words.en.push_str(&format!(". Only the first {SCRIPT_CHARS_MAX} characters are shown"));
        words.zh.push_str(&format!("。仅展示前 {SCRIPT_CHARS_MAX} 个字符"));
    }
    words
}

fn of_media(state: &State, pick: &Pick, length: Option<Millis>) -> Result<Applied, EditError> {
    let items = picked(state, pick)?;
    let own: u64 = items.iter().map(|item| own_length(item).0).sum();
    let total = length.unwrap_or(Millis(own).min(LENGTH_MAX));
    let count_max = usize::try_from(total.0 / SHOT_MIN.0).unwrap_or(usize::MAX).max(1);
    let used = &items[..items.len().min(count_max)];
    let shots = filled(used, total, length.is_some());
    let mut timeline = Timeline::blank(state);
    timeline.set_meta("title", json!(used[0].label()));
    for (at, (item, share)) in shots.iter().enumerate() {
        let mut shot = shot(item, timeline.total(), *share, at);
        if at > 0 {
            shot.set_transition(Blend::Crossfade.words().0, CROSSFADE);
        }
        timeline.push(&Role::Main, shot);
    }
    timeline.lay();
    let mut words = Words::new(
        format!("made a {total} s cut of {}", counted(used)),
        format!("已剪出 {total} 秒视频，素材：{}", counted_chinese(used)),
    );
    if shots.len() > used.len() {
        words.en.push_str("; they come again to fill the length");
        words.zh.push_str("；素材会重复出现以填满时长");
    }
    if used.len() < items.len() {
        words.en.push_str(&format!("; {} more did not fit", items.len() - used.len()));
        words.zh.push_str(&format!("；另有 {} 个素材放不下", items.len() - used.len()));
    }
    Ok(Applied { state: timeline.close(&with_canvas(state, used)), words })
}

/// Shots that fill `total`: each item once when that is enough, else again and again; each gets
/// an equal share, a clip no more than it has.
pub(super) fn filled<'a>(
    items: &[&'a MediaItem],
    total: Millis,
    asked: bool,
) -> Vec<(&'a MediaItem, Millis)> {
    let capacity = |item: &MediaItem| match (item.kind, asked) {
        (Some(Kind::Image), true) => SHOT_MAX,
        _ => own_length(item),
    };
    let mut shots: Vec<&MediaItem> = items.to_vec();
    let mut room: u64 = shots.iter().map(|item| capacity(item).0).sum();
    while room < total.0 {
        let next = shots[shots.len() % items.len()];
        room += capacity(next).0.max(1);
        shots.push(next);
    }
    let caps: Vec<Millis> = shots.iter().map(|item| capacity(item)).collect();
    let weights = vec![1; shots.len()];
    shots.into_iter().zip(script::capped_shares(&weights, &caps, total)).collect()
}

/// One shot of a photo or clip.
fn shot(item: &MediaItem, start: Millis, length: Millis, at: usize) -> Segment {
    let mut shot = Segment::new(start, length);
    shot.set("src", json!(item.url));
    shot.set_meta("name", json!(item.label()));
    if item.kind == Some(Kind::Image) {
        shot.set_meta("kind", json!("image"));
        shot.set_meta("motion", json!(MOTIONS[at % MOTIONS.len()]));
    } else {
        shot.set("ss", json!(0));
        shot.set("v", json!(1.0));
        shot.set_meta("kind", json!("video"));
    }
    shot.set_meta("fit", json!("crop"));
    shot
}

/// The camera's way on the `at`-th photo.
pub(super) fn motion_of(at: usize) -> &'static str {
    MOTIONS[at % MOTIONS.len()]
}

fn own_length(item: &MediaItem) -> Millis {
    match item.kind {
        Some(Kind::Image) => PHOTO,
        _ => item.duration.filter(|d| *d > Millis(0)).unwrap_or(CLIP_UNKNOWN),
    }
}

fn picked<'a>(state: &'a State, pick: &Pick) -> Result<Vec<&'a MediaItem>, EditError> {
    let visual = |item: &&MediaItem| matches!(item.kind, Some(Kind::Image | Kind::Video));
    let all: Vec<&MediaItem> = state.media.iter().filter(visual).collect();
    let slides = || all.iter().copied().filter(|item| !is_logo(item));
    let mut found: Vec<&MediaItem> = match pick {
        Pick::All => slides().collect(),
        Pick::Of(kind) => slides().filter(|item| item.kind == Some(*kind)).collect(),
        Pick::Named(names) => {
            let find = |name: &String| all.iter().rev().copied().find(|item| item.name == *name);
            names.iter().filter_map(find).collect()
        }
    };
    if found.is_empty() && *pick == Pick::All {
        // A lone logo is a picture too.
        found = all;
    }
    let wanted = match pick {
        Pick::All => "photo or clip".to_owned(),
        Pick::Of(Kind::Image) => "photo".to_owned(),
        Pick::Of(kind) => kind.word().to_owned(),
        Pick::Named(names) => names.join(", "),
    };
    if found.is_empty() { Err(EditError::NoMedia(wanted)) } else { Ok(found) }
}

/// The state with a canvas: its own, else in the shape of the first picture.
fn with_canvas(state: &State, items: &[&MediaItem]) -> State {
    let sizes = items.iter().find_map(|item| Some((item.width?, item.height?)));
    let fitting = match sizes {
        Some((width, height)) if height > width => Canvas { width: CANVAS.height, height: CANVAS.width },
        Some((width, height)) if height == width => Canvas { width: CANVAS.height, height: CANVAS.height },
        _ => CANVAS,
    };
    State { canvas: Some(state.canvas().unwrap_or(fitting)), ..state.clone() }
}

fn counted(items: &[&MediaItem]) -> String {
    let photos = items.iter().filter(|item| item.kind == Some(Kind::Image)).count();
    let of = |count: usize, one: &str| match count {
        0 => None,
        1 => Some(format!("1 {one}")),
        n => Some(format!("{n} {one}s")),
    };
    let parts: Vec<String> =
        [of(photos, "photo"), of(items.len() - photos, "clip")].into_iter().flatten().collect();
    parts.join(" and ")
}

fn counted_chinese(items: &[&MediaItem]) -> String {
    let photos = items.iter().filter(|item| item.kind == Some(Kind::Image)).count();
    let of = |count: usize, one: &str| (count > 0).then(|| format!("{count} {one}"));
    let parts = [of(photos, "张照片"), of(items.len() - photos, "段视频")];
    parts.into_iter().flatten().collect::<Vec<_>>().join("、")
}

fn listed(items: &[&MediaItem]) -> String {
    items.iter().map(|item| item.label()).collect::<Vec<_>>().join(", ")
}

/// FNV-1a: a number that is the same for the same words, today and in years.
fn hash(text: &str) -> u64 {
    text.bytes().fold(0xcbf2_9ce4_8422_2325, |h, b| (h ^ u64::from(b)).wrapping_mul(0x0100_0000_01b3))
}
