//! What is laid over the whole picture: the logo, the progress bar.

use serde_json::json;

use crate::model::edit::timeline::{Role, Segment, Timeline};
use crate::model::edit::{Applied, Color, EditError, Place, Resize, Size, Words, make, text};
use crate::model::media::{self, Kind};
use crate::model::state::{MediaItem, State};
use crate::model::time::Millis;

/// Width of the logo as a share of the picture's.
fn share(size: Size) -> f64 {
    match size {
        Size::Small => 0.1,
        Size::Medium => 0.14,
        Size::Large => 0.22,
    }
}

/// Lays a logo over the picture, or moves the one that is there.
pub(super) fn logo(
    state: &State,
    wanted: Option<&str>,
    place: Option<Place>,
    size: Option<Resize>,
) -> Result<Applied, EditError> {
    let mut timeline = Timeline::open_made(state)?;
    let present = timeline.segments(&Role::Logo).first().cloned();
    let found = image(state, &timeline, wanted);
    let (source, name, hash) = match (&present, found) {
        (Some(logo), _) if wanted.is_none() => {
            (logo.source().to_owned(), logo.word("name").to_owned(), false)
        }
        (_, Some(item)) => (item.url.clone(), item.label().to_owned(), true),
        _ => return Err(EditError::NoMedia(wanted.unwrap_or("logo image").to_owned())),
    };
    let was = present.as_ref().map(|logo| logo.word("position").to_owned());
    let now = present.as_ref().map_or(Size::Medium, size_of);
    let size = size.map_or(now, |resize| text::resized(now, resize));
    let place =
        place.map(|place| place.words().0.to_owned()).or(was.clone()).unwrap_or("top-right".to_owned());
    let total = timeline.logo_end();
    let mut logo = Segment::new(Millis(0), total);
    logo.set("src", json!(source));
    logo.set_meta("name", json!(name));
    logo.set_meta("kind", json!("image"));
    logo.set_meta("position", json!(place));
    logo.set_meta("size", json!(share(size)));
    timeline.segments_mut(&Role::Logo).clear();
    timeline.push(&Role::Logo, logo);
    let (en, zh) = size.words();
    let words = match was {
        Some(was) if !hash => Words::new(
            format!("logo {name}: {was} → {place}, {en}"),
            format!("标志 {name}：{was} → {place}，{zh}"),
        ),
        _ => Words::new(
            format!("logo added: {name} ({place}, 0-{total}s)"),
            format!("已添加标志：{name}（{place}，0-{total} 秒）"),
        ),
    };
    Ok(Applied { state: timeline.close(state), words })
}

pub(super) fn remove_logo(state: &State) -> Result<Applied, EditError> {
    let mut timeline = Timeline::open(state);
    let logos = timeline.segments_mut(&Role::Logo);
    let Some(name) = logos.first().map(|logo| logo.word("name").to_owned()) else {
        return Err(EditError::NoLogo);
    };
    logos.clear();
    let words = Words::new(format!("logo removed: {name}"), format!("已去掉标志：{name}"));
    Ok(Applied { state: timeline.close(state), words })
}

/// Runs a progress bar along the lower edge, in the brand's colour or white as long as none is said.
pub(super) fn progress(state: &State, color: Option<&Color>) -> Result<Applied, EditError> {
    let mut timeline = Timeline::open_made(state)?;
    let own = |timeline: &Timeline| timeline.meta_word("progress").and_then(Color::parse);
    let shown =
        |timeline: &Timeline| own(timeline).or_else(|| timeline.brand_color()).unwrap_or_else(Color::white);
    let before = timeline.has_meta("progress").then(|| shown(&timeline));
    match color.cloned().or_else(|| own(&timeline)) {
        Some(color) => timeline.set_meta("progress", json!(color.word())),
        None => timeline.set_meta("progress", json!(true)),
    }
    let color = shown(&timeline);
    let words = match before {
        Some(was) => Words::new(
            format!("progress bar {} → {}", was.word(), color.word()),
            format!("进度条 {} → {}", was.chinese(), color.chinese()),
        ),
        None => Words::new(
            format!("progress bar added ({}, lower edge)", color.word()),
            format!("已添加进度条（{}，画面下缘）", color.chinese()),
        ),
    };
    Ok(Applied { state: timeline.close(state), words })
}

pub(super) fn remove_progress(state: &State) -> Result<Applied, EditError> {
    let mut timeline = Timeline::open(state);
    if !timeline.unset_meta("progress") {
        return Err(EditError::Nowhere("there is no progress bar on the video"));
    }
    Ok(Applied {
        state: timeline.close(state), words: Words::new("progress bar removed", "已去掉进度条")
    })
}

/// The named image; else the newest one that is named logo; else the newest that is no slide.
fn image<'a>(state: &'a State, timeline: &Timeline, wanted: Option<&str>) -> Option<&'a MediaItem> {
    let images = || state.media.iter().rev().filter(|item| item.kind == Some(Kind::Image));
    let slide = |item: &MediaItem| timeline.main().iter().any(|shot| shot.source() == item.url);
    match wanted {
        Some(name) => images().find(|item| item.name == name || item.label() == media::stem(name)),
        None => images().find(|item| make::is_logo(item)).or_else(|| images().find(|item| !slide(item))),
    }
}

/// The size whose share is nearest to the one of the draft.
fn size_of(logo: &Segment) -> Size {
    let now = logo.meta("size").and_then(serde_json::Value::as_f64).unwrap_or(share(Size::Medium));
    let distance = |size: &Size| (share(*size) - now).abs();
    let near = |a: &Size, b: &Size| distance(a).total_cmp(&distance(b));
    [Size::Small, Size::Medium, Size::Large].into_iter().min_by(near).unwrap_or(Size::Medium)
}
