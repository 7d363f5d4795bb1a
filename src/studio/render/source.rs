//! What a media file holds: for a plan, and for whoever takes a file in and must know
//! whether it can be used.

use std::io;
use std::path::Path;

use tokio::io::AsyncReadExt;

use crate::ffmpeg::FfmpegError;
use crate::ffmpeg::examine::{self, Judge};
use crate::ffmpeg::input::{Sniffed, sniff};
use crate::ffmpeg::probe::{self, MediaInfo, VideoInfo};
use crate::studio::render::plan::Content;
use crate::studio::render::{photo, webp, whole};

/// Looks into a file as a render needs it: its headers, not all of its content.
pub(crate) async fn look_into(path: &Path) -> Result<Content, FfmpegError> {
    let Some(reader) = picture(path).await? else {
        let info = probe::probe(path).await?;
        return Ok(if info.video.is_some() { Content::Clip(info) } else { Content::Sound(info) });
    };
    if reader == GIF {
        let info = probe::count(path).await?;
        let frames = info.video.as_ref().and_then(|v| v.frames).unwrap_or_default();
        if frames > 1 {
            return Ok(Content::Animation(info));
        }
    }
    let shown = move |path: &Path| {
        let size = photo::size(path)?;
        let timing = if reader == WEBP { timing(path)? } else { None };
        Ok((size, timing))
    };
    let ((width, height), timing) = blocking(path, shown).await?;
    Ok(match timing {
        Some(timing) => Content::Animation(animation((width, height), &timing)),
        None => Content::Still(width, height),
    })
}

/// Looks into a file that somebody sent: `judge` must not mind what it states about itself,
/// it must hold what it states, and its pictures must be decodable.
///
/// # Errors
/// [`FfmpegError::NotMedia`] with the reason; the errors of running ffmpeg.
pub(crate) async fn examine(path: &Path, judge: Judge<'_>) -> Result<MediaInfo, FfmpegError> {
    let Some(reader) = picture(path).await? else { return examine::plays(path, judge).await };
    let info = match reader {
        GIF => probe::probe(path).await?,
        _ => blocking(path, move |path| stated(path, reader)).await?,
    };
    judge(&info).map_err(|reason| refused(path, reason))?;
    blocking(path, move |path| decoded(path, reader)).await?;
    Ok(info)
}

/// The readers of what may move.
const GIF: &str = "gif";
const WEBP: &str = "webp_pipe";

/// The reader of a picture; none when the file is something else.
async fn picture(path: &Path) -> Result<Option<&'static str>, FfmpegError> {
    let start = first_bytes(path).await.map_err(|e| refused(path, e.to_string()))?;
    Ok(match sniff(&start) {
        Sniffed::Picture(reader) => Some(reader),
        Sniffed::Foreign(_) | Sniffed::Other => None,
    })
}

fn refused(path: &Path, reason: String) -> FfmpegError {
    let name = path.file_name().unwrap_or(path.as_os_str()).to_string_lossy().into_owned();
    FfmpegError::NotMedia { name, reason }
}

/// Works on a file where waiting for the disk and decoding hold nobody up. A decoder that
/// panics over a file refuses it.
async fn blocking<T: Send + 'static>(
    path: &Path,
    work: impl FnOnce(&Path) -> Result<T, String> + Send + 'static,
) -> Result<T, FfmpegError> {
    let owned = path.to_owned();
    let done = tokio::task::spawn_blocking(move || work(&owned)).await;
    done.unwrap_or_else(|_| Err("its decoder gave up".to_owned())).map_err(|reason| refused(path, reason))
}

/// What the head of a picture states.
fn stated(path: &Path, reader: &str) -> Result<MediaInfo, String> {
    let size = photo::size(path)?;
    let format = reader.to_owned();
    Ok(match if reader == WEBP { timing(path)? } else { None } {
        Some(timing) => MediaInfo { format, ..animation(size, &timing) },
        None => MediaInfo { format, seconds: 0.0, video: Some(shown(size)), audio: None },
    })
}

/// Decodes all of a picture.
fn decoded(path: &Path, reader: &str) -> Result<(), String> {
    match reader {
        GIF => whole::gif(path),
        WEBP => match timing(path)? {
            Some(timing) => webp::whole(path, &timing),
            None => whole::still(path),
        },
        _ => whole::still(path),
    }
}

fn timing(path: &Path) -> Result<Option<webp::Timing>, String> {
    webp::Timing::read(path).map_err(|e| e.to_string())
}

fn animation(size: (u32, u32), timing: &webp::Timing) -> MediaInfo {
    let frames = timing.frames() as u64;
    let video = VideoInfo { frames: Some(frames), fps: frames as f64 / timing.seconds(), ..shown(size) };
    MediaInfo { format: webp::FORMAT.to_owned(), seconds: timing.seconds(), video: Some(video), audio: None }
}

fn shown((width, height): (u32, u32)) -> VideoInfo {
    VideoInfo {
        codec: String::new(),
        width,
        height,
        rotation: 0,
        fps: 0.0,
        frames: None,
        color_space: None,
        full_range: false,
        pixels: "rgba".to_owned(),
    }
}

async fn first_bytes(path: &Path) -> io::Result<Vec<u8>> {
    let mut start = Vec::new();
    tokio::fs::File::open(path).await?.take(16).read_to_end(&mut start).await?;
    Ok(start)
}
