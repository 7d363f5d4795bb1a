//! The picture itself: canvas, joints between shots, fades, motion, looks, backgrounds.

use std::ops::Range;

use serde_json::{Value, json};

use crate::model::edit::part::Meant;
use crate::model::edit::timeline::{CANVAS, Role, Timeline};
use crate::model::edit::{Applied, Backdrop, Blend, EditError, Fill, Look, Shape, Side, Words, brand, make};
use crate::model::state::{Canvas, State};
use crate::model::time::Millis;

/// Pixels of the shorter side that the renderer takes.
const SIDE_MIN: u32 = 240;
const SIDE_MAX: u32 = 2160;
/// A blend when no length is said.
const BLEND: Millis = Millis(600);

pub(super) fn canvas(state: &State, shape: Option<Shape>, side: Option<u32>) -> Result<Applied, EditError> {
    let before = state.canvas();
    let was = before.unwrap_or(CANVAS);
    let side = side.unwrap_or(was.width.min(was.height));
    if !(SIDE_MIN..=SIDE_MAX).contains(&side) {
        let (value, min, max) = (f64::from(side), f64::from(SIDE_MIN), f64::from(SIDE_MAX));
        return Err(EditError::Range { what: "picture side", value, min, max });
    }
    let (across, down) = shape.map_or((was.width, was.height), Shape::ratio);
    // Video encoders want even sides.
    let scaled = |part: u32, by: u32| (side * part / by.max(1)).next_multiple_of(2);
    let canvas = match across >= down {
        true => Canvas { width: scaled(across, down), height: scaled(1, 1) },
        false => Canvas { width: scaled(1, 1), height: scaled(down, across) },
    };
    if before == Some(canvas) {
        let size = format!("{}x{}", canvas.width, canvas.height);
        let ratio = shape.map_or(size.clone(), |s| format!("{}:{} ({size})", s.ratio().0, s.ratio().1));
        let words = Words::new(format!("the picture is {ratio} already"), format!("画面已经是 {ratio}"));
        return Ok(Applied { state: state.clone(), words });
    }
    let next = State { canvas: Some(canvas), ..state.clone() };
    let next = if state.draft.is_some() { Timeline::open(&next).close(&next) } else { next };
    let size = |c: Canvas| format!("{}x{}", c.width, c.height);
    let before = before.map(|c| format!("{} → ", size(c))).unwrap_or_default();
    let ratio = shape.map(|s| format!(" ({}:{})", s.ratio().0, s.ratio().1)).unwrap_or_default();
    let words = Words::new(
        format!("canvas {before}{}{ratio}", size(canvas)),
        format!("画布 {before}{}{ratio}", size(canvas)),
    );
    Ok(Applied { state: next, words })
}

pub(super) fn joints(
    state: &State,
    blend: Option<Blend>,
    length: Option<Millis>,
) -> Result<Applied, EditError> {
    let mut timeline = Timeline::open_made(state)?;
    let shots = timeline.shots();
    let count = shots.len() - 1;
    if count == 0 {
        return Err(EditError::Nowhere(
            "there is only one shot, so there is nothing to blend; add another one first",
        ));
    }
    let length = length.unwrap_or(BLEND);
    for first in shots.iter().skip(1) {
        let shot = &mut timeline.segments_mut(&Role::Main)[first.start];
        match blend {
            Some(blend) => shot.set_transition(blend.words().0, length),
            None => shot.unset_meta("transition"),
        }
    }
    timeline.lay();
    let words = match blend {
        Some(blend) => Words::new(
            format!("{} between {} shots ({length} s)", blend.words().0, count + 1),
            format!("{}个镜头之间使用{}（{length} 秒）", count + 1, blend.words().1),
        ),
        None => Words::new(
            format!("plain cuts between {} shots", count + 1),
            format!("{}个镜头之间直接切换", count + 1),
        ),
    };
    Ok(Applied { state: timeline.close(state), words })
}

pub(super) fn fade(state: &State, side: Side, length: Millis) -> Result<Applied, EditError> {
    let mut timeline = Timeline::open_made(state)?;
    let (shots, last) = (timeline.shots(), timeline.main().len() - 1);
    if side != Side::Out {
        fade_shot(&mut timeline, (&shots[0], 0), "fade_in", length);
    }
    if side != Side::In {
        fade_shot(&mut timeline, (&shots[shots.len() - 1], last), "fade_out", length);
    }
    let (en, zh) = match side {
        Side::In => ("fade in from black", "从黑场淡入"),
        Side::Out => ("fade out to black", "淡出到黑场"),
        Side::Both => ("fade in from black and out to black", "从黑场淡入并淡出到黑场"),
    };
    let words = match length {
        Millis(0) => Words::new("fades removed", "已去掉淡入淡出"),
        _ => Words::new(format!("{en} ({length} s)"), format!("{zh}（{length} 秒）")),
    };
    Ok(Applied { state: timeline.close(state), words })
}

/// A fade takes at most half of its shot, and no more than the piece of it that is at the end.
fn fade_shot(timeline: &mut Timeline, (shot, end): (&Range<usize>, usize), key: &str, length: Millis) {
    let pieces = timeline.segments_mut(&Role::Main);
    let whole: u64 = pieces[shot.clone()].iter().map(|piece| piece.length().0).sum();
    let piece = &mut pieces[end];
    match length.min(Millis(whole / 2)).min(piece.length()) {
        Millis(0) => piece.unset_meta(key),
        length => piece.set_meta(key, json!(length.0)),
    }
}

/// Lets some photos move, or stand still.
pub(super) fn motion(timeline: &mut Timeline, on: bool, meant: &Meant) -> Result<Words, EditError> {
    let (mut photos, mut count) = (0, 0);
    for shot in timeline.shots() {
        let here = meant.places.contains(&shot.start);
        let pieces = &mut timeline.segments_mut(&Role::Main)[shot];
        if !pieces[0].is_kind("image") {
            continue;
        }
        for piece in pieces.iter_mut().filter(|_| here) {
            piece.set_meta("motion", json!(if on { make::motion_of(photos) } else { "none" }));
        }
        photos += 1;
        count += usize::from(here);
    }
    if count == 0 {
        return Err(EditError::Nowhere("only photos take a camera motion, and there is none in it"));
    }
    let Words { en: of, zh: of_zh } = &meant.of;
    Ok(match (of.is_empty(), on) {
        (true, true) => {
            Words::new(format!("camera moves on {count} photos"), format!("{count} 张照片已加运镜"))
        }
        (true, false) => Words::new(format!("{count} photos stand still"), format!("{count} 张照片已静止")),
        (false, true) => Words::new(format!("{of}the camera moves"), format!("{of_zh}已加运镜")),
        (false, false) => Words::new(format!("{of}it stands still"), format!("{of_zh}已静止")),
    })
}

/// Treats some segments of the picture.
pub(super) fn look(timeline: &mut Timeline, look: Option<Look>, meant: &Meant) -> Words {
    let shots = timeline.segments_mut(&Role::Main);
    let before = shots[meant.places.start].word("look").to_owned();
    for shot in &mut shots[meant.places.clone()] {
        match look {
            Some(look) => shot.set_meta("look", json!(look.words().0)),
            None => shot.unset_meta("look"),
        }
    }
    timeline.knit();
    let was = if before.is_empty() { String::new() } else { format!("{before} → ") };
    let Words { en: of, zh: of_zh } = &meant.of;
    match look.map(Look::words) {
        Some((_, en, zh)) => Words::new(format!("{of}look {was}{en}"), format!("{of_zh}画面风格：{was}{zh}")),
        None => Words::new(format!("{of}look {was}as filmed"), format!("{of_zh}画面风格：{was}原色")),
    }
}

/// Sets how photos and clips of another shape fill the canvas.
pub(super) fn fill(timeline: &mut Timeline, fill: Fill, meant: &Meant) -> Result<Words, EditError> {
    let mut before = None;
    let shots = &mut timeline.segments_mut(&Role::Main)[meant.places.clone()];
    for shot in shots.iter_mut().filter(|shot| !shot.is_kind("scene")) {
        before.get_or_insert(if shot.word("fit") == "blur" { Fill::Blur } else { Fill::Crop });
        shot.set_meta("fit", json!(fill.words().0));
    }
    let before = before
        .ok_or(EditError::Nowhere("only photos and clips can have another shape, and there is none in it"))?;
    let ((_, was, was_zh), (_, is, is_zh)) = (before.words(), fill.words());
    let Words { en: of, zh: of_zh } = &meant.of;
    Ok(match before == fill {
        true => Words::new(format!("{of}pictures are {is} already"), format!("{of_zh}画面已经是{is_zh}")),
        false => {
            Words::new(format!("{of}pictures: {was} → {is}"), format!("{of_zh}画面填充：{was_zh} → {is_zh}"))
        }
    })
}

/// Colours behind words; photos and clips have no background of ours.
pub(super) fn background(state: &State, backdrop: &Backdrop) -> Result<Applied, EditError> {
    let mut timeline = Timeline::open_made(state)?;
    let mut before = None;
    for shot in timeline.segments_mut(&Role::Main).iter_mut().filter(|shot| shot.is_kind("scene")) {
        let mut scene = shot.meta("scene").cloned().unwrap_or_else(|| json!({ "style": "mesh", "seed": 1 }));
        let old = scene.get("palette").and_then(Value::as_str).unwrap_or("none").to_owned();
        before.get_or_insert(old);
        scene["palette"] = json!(backdrop.words().0);
        shot.set_meta("scene", scene);
    }
    let before =
        before.ok_or(EditError::Nowhere("only scenes of words have a background, and there is none"))?;
    brand::forget_background(&mut timeline);
    let (en, zh) = backdrop.words();
    let words = Words::new(format!("background {before} → {en}"), format!("背景 {before} → {zh}"));
    Ok(Applied { state: timeline.close(state), words })
}
