//! Composes frames on a thread of their own while ffmpeg encodes those before them.

use std::ops::Range;
use std::path::Path;
use std::sync::Arc;

use tokio::sync::mpsc;

use crate::ffmpeg::frames::Scope;
use crate::ffmpeg::run::{Feed, Position, Task, feed};
use crate::studio::render::encode;
use crate::studio::render::error::RenderError;
use crate::studio::render::output::Output;
use crate::studio::render::plan::Plan;
use crate::studio::render::sound;
use crate::studio::render::stage::Stage;
use crate::studio::render::verify::{Expected, Fresh, verify};

/// Composed frames that wait for the encoder.
const FRAMES_WAITING_MAX: usize = 3;
/// Percent that is reached when frames begin to be encoded, and when all are; the rest is
/// for verifying.
const SOUND_DONE: u8 = 4;
pub(crate) const ENCODE_DONE: u8 = 97;

/// What is made, of what and where.
pub(crate) struct Making<'a> {
    pub(crate) plan: &'a Arc<Plan>,
    pub(crate) output: &'a Output,
    /// A folder for what is made on the way.
    pub(crate) work: &'a Path,
    /// The file that is written: a temporary name.
    pub(crate) to: &'a Path,
    pub(crate) progress: &'a (dyn Fn(u8) + Sync),
    pub(crate) scope: &'a Scope,
}

/// Makes the whole file in one run and checks it; returns how long it is, in seconds.
///
/// # Errors
/// A segment's media cannot be used, ffmpeg failed, or it was stopped.
pub(crate) async fn film(making: &Making<'_>) -> Result<f64, RenderError> {
    let Making { plan, output, work, to, progress, scope } = making;
    let mix = sound::mix(plan, work, scope.stop()).await?;
    progress(SOUND_DONE);
    let task = encode::whole(plan, output, &mix, work, to)?;
    let mut on_frames = |frames| progress(encoded(frames, plan.frames));
    let lumas = compose(plan, 0..plan.frames, &task, &mut on_frames, scope).await?;
    encode::finish(plan, output, work, to, scope.stop()).await?;
    progress(ENCODE_DONE);
    let fresh = Fresh::all(plan);
    let expected = Expected { plan, output, lumas: &lumas, audible: mix.audible, fresh };
    verify(to, &expected, scope.stop()).await
}

/// Returns the percent at which `frames` of `all` are encoded.
pub(crate) fn encoded(frames: u64, all: u64) -> u8 {
    let share = (frames as f64 / all.max(1) as f64).min(1.0);
    SOUND_DONE + (share * f64::from(ENCODE_DONE - SOUND_DONE)) as u8
}

/// Composes the frames of `span` and feeds them to `task`; returns the mean luma of each.
/// `on_frames` hears how many are encoded.
///
/// # Errors
/// As [`film`].
pub(crate) async fn compose(
    plan: &Arc<Plan>,
    span: Range<u64>,
    task: &Task,
    on_frames: &mut (dyn FnMut(u64) + Send),
    scope: &Scope,
) -> Result<Vec<u8>, RenderError> {
    let (frames, waiting) = mpsc::channel(FRAMES_WAITING_MAX);
    let (written, mut empty) = mpsc::channel(FRAMES_WAITING_MAX);
    let (drawn_plan, drawn_scope) = (plan.clone(), scope.clone());
    let composing =
        tokio::task::spawn_blocking(move || draw(&drawn_plan, span, &drawn_scope, (&frames, &mut empty)));
    let mut on_progress = |at: Position| on_frames(at.frames);
    let encoded = feed(task, Feed { frames: waiting, written }, &mut on_progress, scope.stop()).await;
    let composed =
        composing.await.map_err(|e| RenderError::Broke { doing: "composing", what: e.to_string() })?;
    // The composer stops early when the encoder does: then the encoder knows why.
    match (composed, encoded) {
        (Ok(lumas), Ok(_)) => Ok(lumas),
        (Ok(_), Err(error)) => Err(error.into()),
        (Err(error), _) => Err(error),
    }
}

/// Draws frames in order until all are drawn or nobody takes them any more. Buffers that
/// come back are drawn into again.
fn draw(
    plan: &Plan,
    span: Range<u64>,
    scope: &Scope,
    (frames, empty): (&mpsc::Sender<Vec<u8>>, &mut mpsc::Receiver<Vec<u8>>),
) -> Result<Vec<u8>, RenderError> {
    let mut stage = Stage::new(plan, scope);
    let mut lumas = Vec::new();
    for n in span {
        if scope.stop().is_cancelled() {
            return Err(RenderError::Stopped);
        }
        stage.give_back(empty.try_recv().ok());
        let frame = stage.frame(n)?;
        lumas.push(frame.mean_luma());
        if frames.blocking_send(frame.data).is_err() {
            break;
        }
    }
    Ok(lumas)
}
