//! Looks into a file that arrived, and takes it onto the shelf or says why not.

use super::app::App;
use super::door;
use super::refusal::Refusal;
use super::render::examine;
use super::shelf::{Incoming, Shelf, clean_name};
use super::store::NewMedia;
use crate::ffmpeg::FfmpegError;
use crate::ffmpeg::probe::MediaInfo;
use crate::model::media::{self, Format, Kind};
use crate::model::state::{MediaItem, SubtitleFile};
use crate::model::subtitles;
use crate::model::time::Millis;

/// The documented size of an upload.
const FILE_MB_MAX: u64 = 500;
/// The same in bytes.
pub(crate) const FILE_BYTES_MAX: u64 = FILE_MB_MAX << 20;
/// Subtitles of two hours are about 200 kB.
const SUBTITLE_BYTES_MAX: u64 = 4 << 20;

/// Returns the cleaned name of a file and the format that its ending states.
pub(crate) fn named(name: &str) -> Result<(String, Format), Refusal> {
    let name = clean_name(name);
    match media::format_of(&name) {
        Some(format) => Ok((name, format)),
        None => Err(Refusal::format_of(&name)),
    }
}

/// Returns the refusal of a file that is too large.
pub(crate) fn too_large(name: &str) -> Refusal {
    Refusal::MediaSize { name: clean_name(name), limit_mb: FILE_MB_MAX }
}

/// Gives a file its place, if it is what its name says it is: something to see or hear, that
/// the studio can take up without choking on it.
pub(crate) async fn accept(app: &App, name: String, mut incoming: Incoming) -> Result<NewMedia, Refusal> {
    let shelf = &app.shelf;
    if incoming.bytes() == 0 {
        return Err(Refusal::MediaType(format!("`{name}` is empty")));
    }
    let held = shelf.bytes().await?;
    if held + incoming.bytes() > app.limits.media_bytes {
        return Err(Refusal::Full { name, limit_mb: app.limits.media_bytes >> 20 });
    }
    let unusable = |reason: &str| Refusal::MediaType(format!("`{name}` cannot be used: {reason}"));
    if media::format_of(&name).is_some_and(|format| format.kind == Kind::Subtitles) {
        return accept_subtitles(shelf, &name, incoming).await;
    }
    let path = incoming.look().await?;
    // Its own words about its size come first: others decode it to find out.
    door::first_look(path).await?.map_err(|reason| unusable(&reason))?;
    let judge = |info: &MediaInfo| door::second_look(info, kind_of(info));
    let info = examine(path, &judge).await.map_err(|error| refuse(error, &unusable))?;
    let kind = kind_of(&info);
    let duration = Some(Millis::from_seconds(info.seconds)).filter(|length| *length > Millis(0));
    let bytes = incoming.bytes();
    let hash = shelf.keep(incoming).await?;
    let (width, height) = info.size().unzip();
    Ok(NewMedia { name, hash, kind, duration, width, height, bytes, sound: info.audio.is_some() })
}

/// Takes a subtitle file that shows something.
async fn accept_subtitles(shelf: &Shelf, name: &str, mut incoming: Incoming) -> Result<NewMedia, Refusal> {
    let unusable = |reason: &str| Refusal::MediaType(format!("`{name}` cannot be used: {reason}"));
    if incoming.bytes() > SUBTITLE_BYTES_MAX {
        return Err(unusable("no subtitles are so long"));
    }
    let text = tokio::fs::read(incoming.look().await?).await?;
    let text = String::from_utf8(text).map_err(|_| unusable("it is no text in UTF-8; save it as UTF-8"))?;
    let cues = subtitles::read(&text);
    let Some(end) = cues.iter().map(|cue| cue.end).max() else {
        return Err(unusable("there are no subtitles in it"));
    };
    let (kind, bytes) = (Kind::Subtitles, incoming.bytes());
    let hash = shelf.keep(incoming).await?;
    let (width, height) = (None, None);
    Ok(NewMedia {
        name: name.to_owned(),
        hash,
        kind,
        duration: Some(end),
        width,
        height,
        bytes,
        sound: false,
    })
}

/// Reads the subtitle files among the media of a session; one that is gone is left out.
pub(crate) async fn subtitles_of(shelf: &Shelf, media: &[MediaItem]) -> Vec<SubtitleFile> {
    let mut found = Vec::new();
    for item in media.iter().filter(|item| item.kind == Some(Kind::Subtitles)) {
        let Some(path) = shelf.find(&item.url) else { continue };
        if let Ok(text) = tokio::fs::read_to_string(path).await {
            found.push(SubtitleFile { name: item.name.clone(), cues: subtitles::read(&text) });
        }
    }
    found
}

fn refuse(error: FfmpegError, unusable: &impl Fn(&str) -> Refusal) -> Refusal {
    match error {
        FfmpegError::NotMedia { reason, .. } => unusable(&reason),
        FfmpegError::TooLong { .. } | FfmpegError::TooMuch { .. } => {
            unusable("looking into it takes too long")
        }
        other => Refusal::Tool(match other.hint() {
            Some(hint) => format!("{other}; {hint}"),
            None => other.to_string(),
        }),
    }
}

/// What a file holds, by its content: a song may call itself `clip.mp4`.
fn kind_of(info: &MediaInfo) -> Kind {
    let picture = info.format.ends_with("_pipe") || info.format == "gif";
    match (&info.video, picture) {
        (Some(_), true) => Kind::Image,
        (Some(_), false) => Kind::Video,
        (None, _) => Kind::Audio,
    }
}
