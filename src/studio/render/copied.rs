//! A pure cut of one clip, when it is asked for: the picture is copied as it was filmed.
//!
//! That needs a cut that begins with a keyframe and ends where no frame waits for a later one, and
//! a canvas and a frame rate that are the clip's own. What was copied is looked at: frames that are
//! hidden before the beginning make it shorter, a frame that is missed at its end makes it longer,
//! and then it is encoded like everything else. Sound is mixed and encoded in any case.

use std::path::PathBuf;

use crate::ffmpeg::FfmpegError;
use crate::ffmpeg::probe::{self, MediaInfo};
use crate::ffmpeg::run::run;
use crate::studio::render::compose::Making;
use crate::studio::render::encode::{self, chunk_name};
use crate::studio::render::error::RenderError;
use crate::studio::render::output::Quality;
use crate::studio::render::plan::{Clip, Plan, Shot, Source};
use crate::studio::render::stage::Stage;

/// How far a clip's frame rate may be from the plan's: 29.97 is not 30.
const FPS_SLACK: f64 = 0.005;

/// Copies the picture of the plan; returns its file and the mean luma of its first frame, or none
/// when it is not asked for or would not be what was planned.
///
/// # Errors
/// The clip cannot be decoded; it was stopped.
pub(crate) async fn copied(making: &Making<'_>) -> Result<Option<(PathBuf, u8)>, RenderError> {
    let Making { plan, output, work, scope, .. } = making;
    let clip = if output.quality == Quality::Source { pure(plan) } else { None };
    let Some(clip) = clip else { return Ok(None) };
    let path = work.join(chunk_name(0));
    match run(&encode::copy(plan, &clip.path, clip.from, &path)?, &mut |_| (), scope.stop()).await {
        Ok(_) => (),
        // A stream that this container cannot hold is encoded.
        Err(FfmpegError::Failed { .. }) => return Ok(None),
        Err(error) => return Err(error.into()),
    }
    if !probe::count(&path).await.is_ok_and(|info| is_whole(&info, plan)) {
        return Ok(None);
    }
    let (plan, scope) = ((*plan).clone(), (*scope).clone());
    let first = move || Ok(Stage::new(&plan, &scope).frame(0)?.mean_luma());
    let luma = tokio::task::spawn_blocking(first).await;
    let luma: Result<u8, RenderError> =
        luma.map_err(|e| RenderError::Broke { doing: "composing", what: e.to_string() })?;
    Ok(Some((path, luma?)))
}

/// Whether the frames of a copy are those of the plan, without a gap.
fn is_whole(copy: &MediaInfo, plan: &Plan) -> bool {
    let frames = copy.video.as_ref().and_then(|video| video.frames);
    let late = (copy.seconds * f64::from(plan.fps) - plan.frames as f64).abs();
    frames == Some(plan.frames) && late < 0.5
}

/// The clip of a plan that shows nothing else, and shows it as it is.
fn pure(plan: &Plan) -> Option<&Clip> {
    let [shot] = &plan.shots[..] else { return None };
    let Shot { span, source: Source::Clip(clip), fade_in: 0, fade_out: 0, looks, .. } = shot else {
        return None;
    };
    let video = clip.info.video.as_ref()?;
    let size = (video.width as usize, video.height as usize);
    let fits = size == (plan.width, plan.height) && (video.fps - f64::from(plan.fps)).abs() < FPS_SLACK;
    let plain = video.codec == "h264" && video.pixels == "yuv420p" && video.rotation == 0;
    let whole = *span == (0..plan.frames) && looks.is_empty() && plan.layers.is_empty();
    (fits && plain && whole && clip.speed == 1.0 && !clip.repeats).then_some(clip)
}
