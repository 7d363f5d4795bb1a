//! Whether a clip or a song that somebody sent plays: walked through to its end without
//! decoding, and its beginning decoded.

use std::ffi::OsString;
use std::path::Path;
use std::time::Duration;

use tokio_util::sync::CancellationToken;

use crate::ffmpeg::probe::{self, MediaInfo};
use crate::ffmpeg::run::{Position, Task, run};
use crate::ffmpeg::{FfmpegError, input};

/// Walking reads the file once; this is for slow disks.
const DEADLINE: Duration = Duration::from_secs(120);
/// How much of its stated length a file must hold, and how many seconds it may lack in any
/// case: containers round, and count what is not played.
const PART_MIN: f64 = 0.9;
const LACK_MAX: f64 = 0.5;

/// Says of what a file states about itself whether it may be decoded; the error is why not.
pub type Judge<'a> = &'a (dyn Fn(&MediaInfo) -> Result<(), String> + Sync);

/// Looks into a clip or a song, and decodes its beginning if `judge` says yes.
///
/// # Errors
/// [`FfmpegError::NotMedia`] with the reason when it is damaged or cut off; the errors of
/// running ffmpeg.
pub async fn plays(path: &Path, judge: Judge<'_>) -> Result<MediaInfo, FfmpegError> {
    let refuse = |reason: String| {
        let name = path.file_name().unwrap_or(path.as_os_str()).to_string_lossy().into_owned();
        FfmpegError::NotMedia { name, reason }
    };
    let mut info = probe::probe(path).await?;
    judge(&info).map_err(refuse)?;
    if let Some((there, stated)) = input::riff_lengths(path).map_err(|e| refuse(e.to_string()))? {
        return Err(refuse(format!("it is cut off: {there} of its {stated} bytes are there")));
    }
    let walked = walk(path, &info).await?;
    if let Some(walked) = walked.filter(|walked| *walked < info.seconds * PART_MIN - LACK_MAX) {
        return Err(refuse(format!("it is cut off: {walked:.1} of its {:.1} s are there", info.seconds)));
    }
    begins(path, &info).await.map_err(|e| damaged(e, &refuse))?;
    if info.video.is_some() && info.seconds == 0.0 {
        // Browsers record files that do not state their length.
        info = probe::count(path).await?;
        info.seconds = counted(&info).ok_or_else(|| refuse("its length cannot be found".to_owned()))?;
        judge(&info).map_err(refuse)?;
    }
    Ok(info)
}

/// Copies all packets to nowhere; returns where they end, in seconds, or none when that
/// cannot be told. A first picture alone ends at zero.
async fn walk(path: &Path, info: &MediaInfo) -> Result<Option<f64>, FfmpegError> {
    let mut args = input::open(path)?;
    let streams = [("0:v:0", info.video.is_some()), ("0:a:0", info.audio.is_some())];
    for (stream, _) in streams.iter().filter(|(_, there)| *there) {
        args.extend(["-map", stream].map(OsString::from));
    }
    args.extend(["-c", "copy", "-f", "null", "-"].map(OsString::from));
    match last(args, "reading all of it").await {
        Ok(position) => Ok(Some(position.seconds).filter(|end| *end > 0.0 || position.frames == 1)),
        // Some files cannot be copied as they are, and still play.
        Err(FfmpegError::Failed { .. }) => Ok(None),
        Err(other) => Err(other),
    }
}

/// Decodes the first pictures, or the first sound where there is no picture.
async fn begins(path: &Path, info: &MediaInfo) -> Result<(), FfmpegError> {
    let doing = "decoding its beginning";
    let mut args = input::open(path)?;
    let what: &[&str] = match info.video {
        Some(_) => &["-map", "0:v:0", "-frames:v", "3"],
        None => &["-map", "0:a:0", "-t", "1"],
    };
    args.extend(what.iter().chain(&["-f", "null", "-"]).map(OsString::from));
    let position = last(args, doing).await?;
    if position.frames > 0 || (info.video.is_none() && position.seconds > 0.0) {
        return Ok(());
    }
    let status = "exit status: 0".to_owned();
    Err(FfmpegError::Failed {
        doing: doing.to_owned(),
        status,
        stderr: "nothing of it can be decoded".to_owned(),
    })
}

async fn last(args: Vec<OsString>, doing: &str) -> Result<Position, FfmpegError> {
    let task = Task { doing: doing.to_owned(), args, deadline: DEADLINE };
    let mut position = Position::default();
    // Whoever drops this future ends ffmpeg; it needs no other stop.
    run(&task, &mut |now| position = now, &CancellationToken::new()).await?;
    Ok(position)
}

fn damaged(error: FfmpegError, refuse: &impl Fn(String) -> FfmpegError) -> FfmpegError {
    match error {
        FfmpegError::Failed { stderr, .. } => refuse(probe::reason(&stderr)),
        other => other,
    }
}

fn counted(info: &MediaInfo) -> Option<f64> {
    let video = info.video.as_ref()?;
    let seconds = video.frames? as f64 / video.fps;
    (seconds.is_finite() && seconds > 0.0).then_some(seconds)
}
