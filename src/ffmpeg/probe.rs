//! What a media file holds, as ffprobe sees it.

use std::ffi::OsString;
use std::path::Path;
use std::time::Duration;

use serde::Deserialize;
use tokio_util::sync::CancellationToken;

use crate::ffmpeg::run::{Task, capture};
use crate::ffmpeg::{FfmpegError, Tool, input};

/// A file with thousands of streams or chapters is no footage.
const ANSWER_BYTES_MAX: usize = 1 << 20;
/// ffprobe reads a few megabytes; a slow disk may take seconds.
const DEADLINE: Duration = Duration::from_secs(60);

/// What a media file holds.
#[derive(Clone, Debug, PartialEq)]
pub struct MediaInfo {
    /// ffmpeg's name of the container, such as `mov,mp4,m4a,3gp,3g2,mj2`.
    pub format: String,
    /// The length; zero for stills and when the file does not state one.
    pub seconds: f64,
    /// The picture, when there is one. Cover art of a song does not count.
    pub video: Option<VideoInfo>,
    /// The sound, when there is some.
    pub audio: Option<AudioInfo>,
}

/// The picture of a file.
#[derive(Clone, Debug, PartialEq)]
pub struct VideoInfo {
    /// Such as `h264`.
    pub codec: String,
    /// Width in pixels as shown: after rotation, with square pixels.
    pub width: u32,
    /// Height in pixels as shown.
    pub height: u32,
    /// Clockwise turn that the file asks of the player: 0, 90, 180 or 270 degrees.
    pub rotation: u32,
    /// Frames in a second on average; zero when unknown.
    pub fps: f64,
    /// Frames in the file, when they were counted ([`count`]) or the container states them.
    pub frames: Option<u64>,
    /// The matrix that the file states, such as `bt709`.
    pub color_space: Option<String>,
    /// Whether samples go from 0 to 255, and not from 16 to 235 as those of most videos.
    pub full_range: bool,
    /// Such as `yuv420p`; `yuva420p` for a WebM that states transparency.
    pub pixels: String,
}

/// The sound of a file.
#[derive(Clone, Debug, PartialEq)]
pub struct AudioInfo {
    /// Such as `aac`.
    pub codec: String,
    /// How many channels.
    pub channels: u32,
    /// Samples in a second.
    pub sample_rate: u32,
}

impl MediaInfo {
    /// Returns the size of the picture as shown.
    pub fn size(&self) -> Option<(u32, u32)> {
        self.video.as_ref().map(|video| (video.width, video.height))
    }
}

/// Looks into a file without decoding it.
///
/// # Errors
/// [`FfmpegError::NotMedia`] with the reason when the file holds neither picture nor sound
/// or is damaged; the errors of starting ffprobe.
pub async fn probe(path: &Path) -> Result<MediaInfo, FfmpegError> {
    ask(path, &[]).await
}

/// As [`probe`], and counts the frames by walking through the whole file.
///
/// # Errors
/// As [`probe`].
pub async fn count(path: &Path) -> Result<MediaInfo, FfmpegError> {
    ask(path, &["-count_packets"]).await
}

async fn ask(path: &Path, more: &[&str]) -> Result<MediaInfo, FfmpegError> {
    let name = path.file_name().unwrap_or(path.as_os_str()).to_string_lossy().into_owned();
    let options = ["-v", "error", "-of", "json", "-show_format", "-show_streams"];
    let mut args: Vec<OsString> = options.iter().chain(more).map(OsString::from).collect();
    args.extend(input::open(path)?);
    let task = Task { doing: format!("looking into `{name}`"), args, deadline: DEADLINE };
    let refuse = |reason: &str| FfmpegError::NotMedia { name: name.clone(), reason: reason.to_owned() };
    // Whoever drops this future ends ffprobe; it needs no other stop.
    let answer = match capture(Tool::Ffprobe, &task, ANSWER_BYTES_MAX, &CancellationToken::new()).await {
        Ok(answer) => answer,
        Err(FfmpegError::Failed { stderr, .. }) => return Err(refuse(&reason(&stderr))),
        Err(other) => return Err(other),
    };
    let report: Report = serde_json::from_slice(&answer).map_err(|e| refuse(&e.to_string()))?;
    read(&report).ok_or_else(|| refuse("it holds neither picture nor sound"))
}

/// ffprobe's last words without the path, which ends in a colon before them.
pub(super) fn reason(stderr: &str) -> String {
    if stderr.contains("not on whitelist") {
        return "it is a playlist or of a format that is not taken".to_owned();
    }
    let last = stderr.rsplit("; ").next().unwrap_or_default();
    last.rsplit(": ").next().unwrap_or_default().to_owned()
}

#[derive(Deserialize)]
struct Report {
    #[serde(default)]
    streams: Vec<Stream>,
    format: Option<Container>,
}

#[derive(Deserialize)]
struct Container {
    #[serde(default)]
    format_name: String,
    duration: Option<String>,
}

#[derive(Deserialize)]
struct Stream {
    #[serde(default)]
    codec_type: String,
    #[serde(default)]
    codec_name: String,
    width: Option<u32>,
    height: Option<u32>,
    sample_aspect_ratio: Option<String>,
    pix_fmt: Option<String>,
    color_space: Option<String>,
    color_range: Option<String>,
    avg_frame_rate: Option<String>,
    r_frame_rate: Option<String>,
    duration: Option<String>,
    nb_frames: Option<String>,
    nb_read_packets: Option<String>,
    channels: Option<u32>,
    sample_rate: Option<String>,
    #[serde(default)]
    tags: Tags,
    #[serde(default)]
    disposition: Disposition,
    #[serde(default)]
    side_data_list: Vec<SideData>,
}

#[derive(Default, Deserialize)]
struct Tags {
    /// `1` in a WebM whose frames have a second picture: how opaque they are.
    #[serde(default, alias = "ALPHA_MODE")]
    alpha_mode: String,
}

#[derive(Default, Deserialize)]
struct Disposition {
    #[serde(default)]
    attached_pic: u8,
}

#[derive(Deserialize)]
struct SideData {
    rotation: Option<f64>,
}

fn read(report: &Report) -> Option<MediaInfo> {
    let picture = report.streams.iter().find(|s| s.codec_type == "video" && s.disposition.attached_pic == 0);
    let sound = report.streams.iter().find(|s| s.codec_type == "audio");
    let video = picture.and_then(video);
    let audio = sound.map(|s| AudioInfo {
        codec: s.codec_name.clone(),
        channels: s.channels.unwrap_or_default(),
        sample_rate: s.sample_rate.as_deref().and_then(|r| r.parse().ok()).unwrap_or_default(),
    });
    if video.is_none() && audio.is_none() {
        return None;
    }
    let format = report.format.as_ref();
    let name = format.map(|f| f.format_name.clone()).unwrap_or_default();
    let stated = format.and_then(|f| f.duration.as_deref()).or(picture.or(sound)?.duration.as_deref());
    let still = name.ends_with("_pipe");
    let seconds = stated.and_then(|d| d.parse::<f64>().ok()).filter(|d| d.is_finite() && *d > 0.0 && !still);
    Some(MediaInfo { format: name, seconds: seconds.unwrap_or_default(), video, audio })
}

fn video(stream: &Stream) -> Option<VideoInfo> {
    let (width, height) = (stream.width.filter(|w| *w > 0)?, stream.height.filter(|h| *h > 0)?);
    let turn = stream.side_data_list.iter().find_map(|side| side.rotation).unwrap_or_default();
    // ffprobe counts counter-clockwise, from -180 to 180.
    let rotation = (-turn).rem_euclid(360.0).round() as u32 % 360;
    let aspect = stream.sample_aspect_ratio.as_deref().and_then(|sar| fraction(sar, ':')).unwrap_or(1.0);
    let width = (f64::from(width) * aspect).round().max(1.0) as u32;
    let sideways = rotation == 90 || rotation == 270;
    let (width, height) = if sideways { (height, width) } else { (width, height) };
    let rate = |rate: &Option<String>| rate.as_deref().and_then(|r| fraction(r, '/'));
    let frames = stream.nb_read_packets.as_ref().or(stream.nb_frames.as_ref());
    // The stated format is that of the first picture alone.
    let clear = stream.tags.alpha_mode == "1" && ["vp8", "vp9"].contains(&stream.codec_name.as_str());
    let pixels = if clear { Some("yuva420p".to_owned()) } else { stream.pix_fmt.clone() };
    Some(VideoInfo {
        codec: stream.codec_name.clone(),
        width,
        height,
        rotation,
        fps: rate(&stream.avg_frame_rate).or_else(|| rate(&stream.r_frame_rate)).unwrap_or_default(),
        frames: frames.and_then(|n| n.parse().ok()),
        color_space: stream.color_space.clone().filter(|space| space != "unknown"),
        full_range: stream.color_range.as_deref() == Some("pc"),
        pixels: pixels.unwrap_or_default(),
    })
}

/// `30000/1001` or `4:3` as a number; none for `0/0` and `0:1`.
fn fraction(text: &str, between: char) -> Option<f64> {
    let (over, under) = text.split_once(between)?;
    let value = over.parse::<f64>().ok()? / under.parse::<f64>().ok()?;
    (value.is_finite() && value > 0.0).then_some(value)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn info(json: &str) -> Option<MediaInfo> {
        read(&serde_json::from_str(json).unwrap())
    }

    #[test]
    fn a_phone_video_is_described_as_it_is_shown() {
        let info = info(
            r#"{"streams":[{"codec_type":"audio","codec_name":"aac","channels":1,"sample_rate":"44100"},
                {"codec_type":"video","codec_name":"hevc","width":1920,"height":1080,"avg_frame_rate":"30000/1001",
                 "pix_fmt":"yuv420p","side_data_list":[{"side_data_type":"Display Matrix","rotation":-90}]}],
                "format":{"format_name":"mov","duration":"4.5"}}"#,
        );
        let info = info.unwrap();
        let video = info.video.clone().unwrap();
        assert_eq!((info.size(), video.rotation, info.seconds), (Some((1080, 1920)), 90, 4.5));
        assert!((video.fps - 29.97).abs() < 0.001);
        assert_eq!(info.audio.unwrap().channels, 1);
    }

    #[test]
    fn cover_art_is_no_picture() {
        let json = r#"{"streams":[{"codec_type":"audio","codec_name":"mp3"},
            {"codec_type":"video","width":500,"height":500,"disposition":{"attached_pic":1}}],
            "format":{"format_name":"mp3","duration":"10"}}"#;
        assert_eq!(info(json).unwrap().video, None);
    }

    #[test]
    fn a_webm_says_in_a_tag_that_it_is_transparent() {
        let pixels = |tags: &str| {
            let json = format!(
                r#"{{"streams":[{{"codec_type":"video","codec_name":"vp9","width":64,"height":36,"pix_fmt":"yuv420p"{tags}}}]}}"#
            );
            info(&json).unwrap().video.unwrap().pixels
        };
        assert_eq!(pixels(""), "yuv420p");
        assert_eq!(pixels(r#","tags":{"alpha_mode":"1","DURATION":"1"}"#), "yuva420p");
        assert_eq!(pixels(r#","tags":{"ALPHA_MODE":"1"}"#), "yuva420p");
    }

    #[test]
    fn oblong_pixels_are_counted_as_square_ones() {
        let json = r#"{"streams":[{"codec_type":"video","width":720,"height":576,"sample_aspect_ratio":"16:15",
            "avg_frame_rate":"0/0","r_frame_rate":"25/1"}]}"#;
        let video = info(json).unwrap().video.unwrap();
        assert_eq!((video.width, video.height, video.fps), (768, 576, 25.0));
    }

    #[test]
    fn a_file_of_subtitles_alone_is_no_media() {
        assert_eq!(info(r#"{"streams":[{"codec_type":"subtitle"}]}"#), None);
    }

    #[test]
    fn the_reason_does_not_name_folders() {
        assert_eq!(
            reason("[mov] moov atom not found; file:/home/x/a.mp4: Invalid data found when processing input"),
            "Invalid data found when processing input"
        );
    }

    #[tokio::test]
    async fn a_playlist_under_a_clip_s_name_opens_nothing() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("clip.mp4");
        std::fs::write(
            &path,
            "#EXTM3U\n#EXT-X-TARGETDURATION:2\n#EXTINF:2,\nhttp://127.0.0.1:9/x.ts\n#EXT-X-ENDLIST\n",
        )
        .unwrap();
        let error = probe(&path).await.unwrap_err().to_string();
        assert_eq!(error, "`clip.mp4` cannot be used: it is a playlist or of a format that is not taken");
    }
}
