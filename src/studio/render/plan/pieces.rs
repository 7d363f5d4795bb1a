//! Pieces of a shot: segments that go on where the one before them ends, with another look or volume.
//!
//! They are composed as one shot, with one decoder and one motion, and heard as one sound as long
//! as they are as loud: where a shot was split, nothing is to be seen or heard of it.

use serde_json::Value;

use crate::model::draft::Segment;
use crate::studio::render::plan::read::meta;
use crate::studio::render::plan::{Plan, Shot, Sound, SoundSource, Source};

/// How far apart two pieces of a clip may be in its file, in seconds: times are whole milliseconds.
const APART_MAX: f64 = 0.01;

/// Puts a segment on the plan: as a shot of its own, or as more of the one before it.
pub(super) fn lay(plan: &mut Plan, segment: &Segment<'_>, shot: Shot, sound: Option<Sound>) {
    let goes_on = meta(segment, "goes_on") == Some(&Value::Bool(true));
    match plan.shots.last_mut().filter(|before| goes_on && goes_on_from(before, &shot, plan.fps)) {
        Some(before) => {
            let at = shot.span.start - before.span.start;
            let looks =
                shot.looks.into_iter().map(|(frames, look)| (frames.start + at..frames.end + at, look));
            before.looks.extend(looks);
            before.span.end = shot.span.end;
            before.fade_out = shot.fade_out;
        }
        None => plan.shots.push(shot),
    }
    let Some(sound) = sound else { return };
    match plan.sounds.last_mut().filter(|before| goes_on && sounds_on_from(before, &sound)) {
        Some(before) => {
            before.seconds += sound.seconds;
            before.fade_out = sound.fade_out;
        }
        None => plan.sounds.push(sound),
    }
}

/// Whether a shot shows what would come next in the one before it.
fn goes_on_from(before: &Shot, shot: &Shot, fps: u32) -> bool {
    let joined = before.span.end == shot.span.start
        && shot.transition.is_none()
        && (before.fade_out, shot.fade_in) == (0, 0);
    let same = match (&before.source, &shot.source) {
        (Source::Clip(one), Source::Clip(two)) => {
            let played = (shot.span.start - before.span.start) as f64 / f64::from(fps) * one.speed;
            // Times on the timeline are rounded to frames.
            let apart = (one.from + played - two.from).abs() - one.speed / f64::from(fps);
            let alike = (one.speed, one.fit, one.repeats) == (two.speed, two.fit, two.repeats);
            *one.path == *two.path && alike && (one.repeats || apart < APART_MAX)
        }
        (Source::Photo { path: one, fit, .. }, Source::Photo { path: two, fit: also, .. }) => {
            **one == **two && fit == also
        }
        (Source::Scene { style, palette, .. }, Source::Scene { style: also, palette: too, .. }) => {
            style == also && palette == too
        }
        _ => false,
    };
    joined && same
}

/// Whether a sound is what would come next in the one before it.
fn sounds_on_from(before: &Sound, sound: &Sound) -> bool {
    let near = |one: f64, two: f64| (one - two).abs() < APART_MAX;
    match (&before.source, &sound.source) {
        (
            SoundSource::File { path: one, from, speed, repeats: false },
            SoundSource::File { path: two, from: then, speed: also, repeats: false },
        ) => {
            let joined = near(before.at + before.seconds, sound.at);
            let same = **one == **two && speed == also && before.volume == sound.volume;
            joined && same && near(from + before.seconds * speed, *then)
        }
        _ => false,
    }
}
