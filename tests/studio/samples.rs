//! Small media of our own making, as bytes.

use std::io::Cursor;
use std::process::Command;

use image::{ImageFormat, Rgb, RgbImage};

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

fn made(name: &str, seconds: u32, more: &[&str]) -> Vec<u8> {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join(name);
    let source = format!("testsrc=size=320x180:rate=10:duration={seconds}");
    let made = Command::new("ffmpeg")
        .args(["-v", "error", "-nostdin", "-f", "lavfi", "-i", &source])
        .args(more)
        .args(["-pix_fmt", "yuv420p"])
        .arg(&path)
        .status()
        .unwrap();
    assert!(made.success());
    std::fs::read(path).unwrap()
}
