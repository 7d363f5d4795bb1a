//! The door for media: what is no media at all, or would take the machine's memory or days
//! when it is decoded, is turned away by what it says of itself, before anything decodes it.

use std::io;
use std::path::Path;

use tokio::fs::File;
use tokio::io::AsyncReadExt;

use super::render::size_of_picture;
use crate::ffmpeg::input::{Sniffed, sniff};
use crate::ffmpeg::probe::MediaInfo;
use crate::model::media::Kind;

/// A still of more takes gigabytes to open, and the renderer opens none.
const STILL_PIXELS_MAX: u64 = 100_000_000;
/// Likewise the longer side of a picture.
const SIDE_MAX: u32 = 30_000;
/// A film of more takes gigabytes: decoders keep a dozen frames. 8K has 33 million.
const FILM_PIXELS_MAX: u64 = 36_000_000;
/// A day: nobody cuts more with words.
const SECONDS_MAX: f64 = 24.0 * 3_600.0;
/// The quickest cameras for everybody; slow motion is played at less.
const FPS_MAX: f64 = 1_000.0;
/// Pixels of all frames of a moving picture that is decoded as a whole: a minute of HD.
const MOVING_PIXELS_MAX: f64 = 4e9;
const CHANNELS_MAX: u32 = 64;
const SAMPLE_RATE_MAX: u32 = 768_000;

/// How archives begin, with their names.
const ARCHIVES: &[(&[u8], &str)] = &[
    (b"PK\x03\x04", "zip"),
    (b"PK\x05\x06", "zip"),
    (b"\x1f\x8b", "gzip"),
    (b"7z\xbc\xaf\x27\x1c", "7z"),
    (b"Rar!\x1a\x07", "rar"),
    (b"\xfd7zXZ\x00", "xz"),
    (b"\x28\xb5\x2f\xfd", "zstd"),
    (b"BZh", "bzip2"),
];

/// Looks at the first bytes of a file. The inner error says why it is turned away.
pub(super) async fn first_look(path: &Path) -> io::Result<Result<(), String>> {
    let mut start = [0; 16];
    let mut file = File::open(path).await?;
    let mut length = 0;
    while length < start.len() {
        match file.read(&mut start[length..]).await? {
            0 => break,
            bytes => length += bytes,
        }
    }
    let start = &start[..length];
    if let Some((_, name)) = ARCHIVES.iter().find(|(magic, _)| start.starts_with(magic)) {
        return Ok(Err(format!("it is an archive ({name}); send the files in it")));
    }
    if sniff(start) == Sniffed::Other {
        return Ok(Ok(()));
    }
    let path = path.to_owned();
    let size = tokio::task::spawn_blocking(move || size_of_picture(&path)).await.map_err(io::Error::other)?;
    // A picture whose head cannot be read is refused by those who know why.
    Ok(match size {
        Some((width, height)) if pixels(width, height) > STILL_PIXELS_MAX => {
            Err(too_many_pixels(STILL_PIXELS_MAX))
        }
        Some((width, height)) if width.max(height) > SIDE_MAX => {
            Err(format!("its picture is longer than {SIDE_MAX} pixels"))
        }
        _ => Ok(()),
    })
}

/// Looks at what a file states about itself. The error says why it is turned away.
pub(super) fn second_look(info: &MediaInfo, kind: Kind) -> Result<(), String> {
    if info.seconds > SECONDS_MAX {
        return Err("it is longer than a day".to_owned());
    }
    if let Some(sound) = &info.audio
        && (sound.channels > CHANNELS_MAX || sound.sample_rate > SAMPLE_RATE_MAX)
    {
        return Err("its sound has more channels or samples than any recording".to_owned());
    }
    let Some(video) = &info.video else { return Ok(()) };
    let area = pixels(video.width, video.height);
    let area_max = if kind == Kind::Image { STILL_PIXELS_MAX } else { FILM_PIXELS_MAX };
    if area > area_max {
        return Err(too_many_pixels(area_max));
    }
    if video.fps > FPS_MAX && kind == Kind::Video {
        return Err(format!("it has more than {FPS_MAX} frames a second"));
    }
    let frames = video.frames.map_or(info.seconds * video.fps, |frames| frames as f64);
    if kind == Kind::Image && frames > 1.0 && area as f64 * frames > MOVING_PIXELS_MAX {
        return Err("it is a moving picture of more than a minute of HD; send it as a video".to_owned());
    }
    Ok(())
}

fn pixels(width: u32, height: u32) -> u64 {
    u64::from(width) * u64::from(height)
}

fn too_many_pixels(most: u64) -> String {
    format!("its picture has more than {} megapixels", most / 1_000_000)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ffmpeg::probe::{AudioInfo, VideoInfo};

    fn film(width: u32, height: u32, fps: f64, seconds: f64) -> MediaInfo {
        let video = VideoInfo {
            codec: "h264".to_owned(),
            width,
            height,
            rotation: 0,
            fps,
            frames: None,
            color_space: None,
            full_range: false,
            pixels: "yuv420p".to_owned(),
        };
        MediaInfo { format: "mov".to_owned(), seconds, video: Some(video), audio: None }
    }

    #[test]
    fn what_a_camera_makes_passes_and_what_chokes_a_decoder_does_not() {
        for (kind, info) in [
            (Kind::Video, film(7_680, 4_320, 60.0, 600.0)),
            (Kind::Video, film(1_280, 720, 960.0, 10.0)),
            (Kind::Video, film(1_920, 1_080, 25.0, 43_200.0)),
            (Kind::Image, film(12_000, 8_000, 25.0, 0.0)),
            (Kind::Image, film(800, 600, 10.0, 20.0)),
        ] {
            assert_eq!(second_look(&info, kind), Ok(()), "{info:?}");
        }
        for (kind, info, said) in [
            (Kind::Video, film(16_384, 8_640, 24.0, 1.0), "36 megapixels"),
            (Kind::Video, film(64, 64, 90_000.0, 1.0), "1000 frames"),
            (Kind::Video, film(64, 64, 25.0, 1e9), "longer than a day"),
            (Kind::Image, film(20_000, 20_000, 0.0, 0.0), "100 megapixels"),
            (Kind::Image, film(4_000, 4_000, 50.0, 60.0), "moving picture"),
        ] {
            assert!(second_look(&info, kind).unwrap_err().contains(said), "{info:?}");
        }
        let audio = AudioInfo { codec: "pcm_s16le".to_owned(), channels: 255, sample_rate: 44_100 };
        let song = MediaInfo { format: "wav".to_owned(), seconds: 1.0, video: None, audio: Some(audio) };
        assert!(second_look(&song, Kind::Audio).is_err());
    }

    #[tokio::test]
    async fn archives_are_known_by_content() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("clip.mp4");
        for (bytes, said) in [(&b"PK\x03\x04rest"[..], "archive (zip)"), (b"\x1f\x8b\x08", "archive (gzip)")]
        {
            std::fs::write(&path, bytes).unwrap();
            assert!(first_look(&path).await.unwrap().unwrap_err().contains(said));
        }
        std::fs::write(&path, b"words").unwrap();
        assert_eq!(first_look(&path).await.unwrap(), Ok(()));
    }

    #[tokio::test]
    async fn a_picture_bomb_is_known_before_it_is_decoded() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("photo.png");
        for (width, height, said) in [
            (60_000_u32, 60_000_u32, Err("its picture has more than 100 megapixels")),
            (40_000, 100, Err("its picture is longer than 30000 pixels")),
            (4_000, 3_000, Ok(())),
        ] {
            // The head of a PNG, and nothing behind it.
            let [width, height] = [width, height].map(u32::to_be_bytes);
            let head = [b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR", &width[..], &height, b"\x08\x02\0\0\0"].concat();
            std::fs::write(&path, head).unwrap();
            assert_eq!(first_look(&path).await.unwrap(), said.map_err(str::to_owned));
        }
    }
}
