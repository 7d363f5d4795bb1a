//! Small media of our own making, as bytes.

use std::io::Cursor;
use std::process::Command;

use image::{ImageFormat, Rgb, RgbImage};
use reelscript::model::media::{self, Kind};

/// A picture with a gradient.
pub(super) fn picture(width: u32, height: u32) -> Vec<u8> {
    let picture = RgbImage::from_fn(width, height, |x, y| Rgb([(x % 256) as u8, (y % 256) as u8, 120]));
    let mut bytes = Cursor::new(Vec::new());
    picture.write_to(&mut bytes, ImageFormat::Png).unwrap();
    bytes.into_inner()
}

/// Silence as 16-bit mono WAV at 8 kHz.
pub(super) fn sound(seconds: u32) -> Vec<u8> {
    let bytes = seconds * 16_000;
    let mut wav = Vec::new();
    wav.extend(b"RIFF");
    wav.extend((36 + bytes).to_le_bytes());
    wav.extend(b"WAVEfmt ");
    wav.extend(16_u32.to_le_bytes());
    wav.extend([1, 0, 1, 0]);
    wav.extend(8_000_u32.to_le_bytes());
    wav.extend(16_000_u32.to_le_bytes());
    wav.extend([2, 0, 16, 0]);
    wav.extend(b"data");
    wav.extend(bytes.to_le_bytes());
    wav.resize(44 + bytes as usize, 0);
    wav
}

/// A silent clip of moving bars, made by ffmpeg in the container that `name` states.
pub(super) fn clip(name: &str, seconds: u32) -> Vec<u8> {
    made(name, seconds, &[])
}

/// The same with a tone.
pub(super) fn sounding_clip(name: &str, seconds: u32) -> Vec<u8> {
    made(name, seconds, &["-f", "lavfi", "-i", "sine=frequency=440", "-shortest"])
}

/// A second of moving bars and a tone, the same as a picture, or the tone alone, in the format
/// that `name` states.
pub(super) fn of_format(name: &str) -> Vec<u8> {
    match media::format_of(name).unwrap().kind {
        Kind::Video => sounding_clip(name, 2),
        Kind::Image => {
            let mut bytes = Cursor::new(Vec::new());
            let picture = image::load_from_memory(&picture(96, 64)).unwrap();
            picture.write_to(&mut bytes, ImageFormat::from_path(name).unwrap()).unwrap();
            bytes.into_inner()
        }
        Kind::Subtitles => b"1\n00:00:00,000 --> 00:00:01,000\nHi\n".to_vec(),
        Kind::Audio => ffmpeg(name, &["-f", "lavfi", "-i", "sine=frequency=440:duration=2"]),
    }
}

/// A picture that is red for half a second and blue for the other half.
pub(super) fn blink(name: &str) -> Vec<u8> {
    let colour = |colour: &str| format!("color={colour}:size=64x36:rate=10:duration=0.5");
    let codec: &[&str] =
        if name.ends_with("webp") { &["-c:v", "libwebp_anim", "-lossless", "1"] } else { &[] };
    let (red, blue) = (colour("red"), colour("blue"));
    let two = ["-f", "lavfi", "-i", &red, "-f", "lavfi", "-i", &blue, "-filter_complex", "concat=n=2"];
    ffmpeg(name, &[&two, codec].concat())
}

/// A clip with its index at the front: cut off, it still opens.
pub(super) fn streamed_clip(seconds: u32) -> Vec<u8> {
    made("fast.mp4", seconds, &["-movflags", "+faststart", "-g", "5"])
}

fn made(name: &str, seconds: u32, more: &[&str]) -> Vec<u8> {
    let source = format!("testsrc=size=320x180:rate=10:duration={seconds}");
    ffmpeg(name, &[&["-f", "lavfi", "-i", &source], more, &["-pix_fmt", "yuv420p"]].concat())
}

fn ffmpeg(name: &str, args: &[&str]) -> Vec<u8> {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join(name);
    let made = Command::new("ffmpeg").args(["-v", "error", "-nostdin"]).args(args).arg(&path).status();
    assert!(made.unwrap().success(), "ffmpeg cannot make {name}");
    std::fs::read(path).unwrap()
}
