//! A picture of a video: a frame from its first third, where titles stand and nothing fades.

use std::ffi::OsString;
use std::fs;
use std::path::Path;
use std::time::Duration;

use tokio_util::sync::CancellationToken;
use uuid::Uuid;

use crate::ffmpeg::run::{self, Task};
use crate::ffmpeg::{FfmpegError, input};

/// Pixels across; a card of the page is half as wide.
const WIDTH: u32 = 560;
/// One frame is decoded; a minute means that something is wrong.
const DEADLINE: Duration = Duration::from_secs(60);

/// Draws a poster into `to`, which appears whole or not at all.
///
/// # Errors
/// Whatever ffmpeg says no to; the file cannot be written.
pub async fn draw(
    video: &Path,
    seconds: f64,
    to: &Path,
    stop: &CancellationToken,
) -> Result<(), FfmpegError> {
    let part = to.with_file_name(format!(".{}.jpg", Uuid::new_v4()));
    let mut args: Vec<OsString> = vec!["-ss".into(), format!("{:.2}", (seconds / 3.0).max(0.0)).into()];
    args.extend(input::open(video)?);
    let scale = format!("scale='min({WIDTH},iw)':-2");
    args.extend(["-an", "-frames:v", "1", "-vf", &scale, "-q:v", "4"].map(OsString::from));
    args.push(part.clone().into_os_string());
    let task = Task::new(format!("drawing a poster of `{}`", video.display()), args, DEADLINE);
    let drawn = run::run(&task, &mut |_| (), stop).await;
    let kept = drawn.and_then(|_| {
        let pipe = |source| FfmpegError::Pipe { doing: task.doing.clone(), source };
        fs::rename(&part, to).map_err(pipe)
    });
    if kept.is_err() {
        // It may not be there at all.
        drop(fs::remove_file(&part));
    }
    kept
}
