//! A film of the right length and size that shows nothing: for a plan of what a script does.

use std::ffi::OsString;
use std::path::Path;
use std::time::Duration;

use tokio_util::sync::CancellationToken;

use crate::ffmpeg::run::{Task, run};
use crate::studio::render::error::RenderError;
use crate::studio::render::output::Format;
use crate::studio::render::plan::{self, Plan};
use crate::studio::render::{Job, Rendered, find};

/// Two hours at the largest size are 7,200 black frames.
const DEADLINE: Duration = Duration::from_secs(600);

/// One black frame of a second, 64 by 36, H.264 in MP4; made by ffmpeg.
const TINY: &[u8] = include_bytes!("tiny.mp4");

/// Makes a black film that is as long and as large as the render of `job` would be, with about
/// a frame a second and without sound. What a render would refuse is refused here, too.
///
/// # Errors
/// Those of [`super::render`] that come before the first frame.
pub async fn blank(job: Job<'_>, stop: CancellationToken) -> Result<Rendered, RenderError> {
    let found = find(&job.draft, job.media).await?;
    let plan = plan::plan(&job.draft, &job.output, &found)?;
    let part = job.to.with_extension("part");
    let made = film(&plan, job.output.format, &part, &job.to, &stop).await;
    if made.is_err() {
        // It may not be there at all.
        let _ = tokio::fs::remove_file(&part).await;
    }
    let bytes = made?;
    let seconds = plan.frames as f64 / f64::from(plan.fps);
    Ok(Rendered { seconds, width: plan.width as u32, height: plan.height as u32, bytes })
}

/// Writes [`TINY`] in place of a film, whatever the format asked for. What a render would
/// refuse is refused here, too.
///
/// # Errors
/// Those of [`super::render`] that come before the first frame.
pub async fn tiny(job: Job<'_>) -> Result<Rendered, RenderError> {
    let found = find(&job.draft, job.media).await?;
    plan::plan(&job.draft, &job.output, &found)?;
    let part = job.to.with_extension("part");
    let doing = |source| RenderError::File { doing: format!("writing `{}`", job.to.display()), source };
    tokio::fs::write(&part, TINY).await.map_err(doing)?;
    tokio::fs::rename(&part, &job.to).await.map_err(doing)?;
    Ok(Rendered { seconds: 1.0, width: 64, height: 36, bytes: TINY.len() as u64 })
}

async fn film(
    plan: &Plan,
    format: Format,
    part: &Path,
    to: &Path,
    stop: &CancellationToken,
) -> Result<u64, RenderError> {
    let task = Task::new("making a blank film", arguments(plan, format, part), DEADLINE);
    run(&task, &mut |_| (), stop).await?;
    let moved = |source| RenderError::File { doing: format!("moving a film to `{}`", to.display()), source };
    let bytes = tokio::fs::metadata(part).await.map_err(moved)?.len();
    tokio::fs::rename(part, to).await.map_err(moved)?;
    Ok(bytes)
}

fn arguments(plan: &Plan, format: Format, part: &Path) -> Vec<OsString> {
    let Plan { width, height, fps, frames, .. } = plan;
    // As many frames as whole seconds, and each as long as makes their sum right.
    let shown = (frames / u64::from(*fps)).max(1);
    let rate = format!("{}/{frames}", shown * u64::from(*fps));
    let black = format!("color=c=black:s={width}x{height}:r={rate}");
    let codec = match format {
        Format::Mp4 => "-c:v libx264 -preset ultrafast -pix_fmt yuv420p -f mp4",
        Format::Mov => "-c:v libx264 -preset ultrafast -pix_fmt yuv420p -f mov",
        Format::Mkv => "-c:v libx264 -preset ultrafast -pix_fmt yuv420p -f matroska",
        Format::Webm => "-c:v libvpx-vp9 -deadline realtime -cpu-used 8 -pix_fmt yuv420p -f webm",
        Format::Gif => "-f gif",
    };
    let mut args: Vec<OsString> =
        ["-f", "lavfi", "-i", &black, "-frames:v", &shown.to_string()].map(OsString::from).into();
    args.extend(codec.split(' ').map(OsString::from));
    args.push(part.into());
    args
}
