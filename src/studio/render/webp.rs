//! Animated WebP, which ffmpeg cannot decode: its timing, and its frames as a clip's.

use std::fs::File;
use std::io::{self, BufReader, Read, Seek, SeekFrom};
use std::path::{Path, PathBuf};

use image::codecs::webp::WebPDecoder;
use image::{AnimationDecoder, ImageDecoder};

use crate::studio::render::backdrop;
use crate::studio::render::frame::{self, Frame};
use crate::studio::render::photo;
use crate::studio::render::plan::Fit;
use crate::studio::render::resample::{Part, resample};

/// What a plan calls the container of an animated WebP.
pub(crate) const FORMAT: &str = "webp";
/// A moving picture of more is a bomb: each of its frames takes 100 MB.
const PIXELS_MAX: u64 = 25_000_000;
/// More frames than ten minutes at 50 a second are no picture any more.
const FRAMES_MAX: usize = 30_000;
/// Browsers show a frame that asks for less than 11 ms for so long, in ms.
const HURRIED_MS: u32 = 100;

/// When the frames of an animation end, in seconds from its start.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Timing {
    ends: Vec<f64>,
}

impl Timing {
    /// Reads the timing of a WebP; none when it does not move.
    ///
    /// # Errors
    /// The file cannot be read.
    pub(crate) fn read(path: &Path) -> io::Result<Option<Self>> {
        let mut file = BufReader::new(File::open(path)?);
        let (mut at, mut ends, mut end_ms) = (12u64, Vec::new(), 0u64);
        let mut chunk = [0; 8];
        while ends.len() < FRAMES_MAX {
            file.seek(SeekFrom::Start(at))?;
            if file.read_exact(&mut chunk).is_err() {
                break;
            }
            let [a, b, c, d, rest @ ..] = chunk;
            let length = u64::from(u32::from_le_bytes(rest));
            let mut head = [0; 16];
            if [a, b, c, d] == *b"ANMF" && file.read_exact(&mut head).is_ok() {
                // Place and size take 12 bytes; the length of the frame takes three.
                let ms = u32::from_le_bytes([head[12], head[13], head[14], 0]);
                end_ms += u64::from(if ms <= 10 { HURRIED_MS } else { ms });
                ends.push(end_ms as f64 / 1000.0);
            }
            at += 8 + length + length % 2;
        }
        Ok(Some(Self { ends }).filter(|timing| timing.ends.len() > 1))
    }

    /// Returns how long it takes, once.
    pub(crate) fn seconds(&self) -> f64 {
        self.ends.last().copied().unwrap_or_default()
    }

    /// Returns how many frames it has.
    pub(crate) fn frames(&self) -> usize {
        self.ends.len()
    }

    /// Returns the frame that is shown at a second; it starts again at its end.
    fn frame_at(&self, seconds: f64) -> usize {
        let seconds = seconds.rem_euclid(self.seconds());
        self.ends.partition_point(|end| *end <= seconds + 1e-6).min(self.ends.len() - 1)
    }
}

/// An animation that is played on a canvas, again and again. Frame `k` depends on `k` alone.
pub(crate) struct Player {
    path: PathBuf,
    timing: Timing,
    canvas: (usize, usize),
    fit: Fit,
    /// Seconds of the animation for each frame of the canvas.
    step: f64,
    frames: Option<image::Frames<'static>>,
    /// How many frames were taken from `frames`: the last of them is the one that is shown.
    taken: usize,
}

impl Player {
    /// Opens an animation for a canvas.
    ///
    /// # Errors
    /// In words: why it cannot be played.
    pub(crate) fn open(path: &Path, canvas: (usize, usize), fit: Fit, step: f64) -> Result<Self, String> {
        let timing = Timing::read(path).map_err(|e| e.to_string())?;
        let timing = timing.ok_or("it does not move")?;
        Ok(Self { path: path.to_owned(), timing, canvas, fit, step, frames: None, taken: 0 })
    }

    /// Decodes the picture of frame `k`; none when it is the one that was returned last. In
    /// order is fast.
    ///
    /// # Errors
    /// In words: why it cannot be decoded.
    pub(crate) fn frame(&mut self, k: u64) -> Result<Option<Frame>, String> {
        let index = self.timing.frame_at(k as f64 * self.step);
        if self.taken == index + 1 {
            return Ok(None);
        }
        if self.taken > index {
            self.frames = None;
        }
        if self.frames.is_none() {
            self.frames = Some(decoder(&self.path)?.into_frames());
            self.taken = 0;
        }
        let frames = self.frames.as_mut().ok_or("it cannot be opened")?;
        let picture =
            frames.nth(index - self.taken).ok_or("it ends too early")?.map_err(|e| e.to_string())?;
        self.taken = index + 1;
        let picture = photo::flat(picture.into_buffer().into());
        if self.fit == Fit::Blur && !backdrop::fills(picture.dimensions(), self.canvas) {
            return Ok(Some(backdrop::sheet(&picture, self.canvas, 1.0)));
        }
        let (width, height) = (f64::from(picture.width()), f64::from(picture.height()));
        let scale = (width / self.canvas.0 as f64).min(height / self.canvas.1 as f64);
        let shown = (self.canvas.0 as f64 * scale, self.canvas.1 as f64 * scale);
        let part =
            Part { x: (width - shown.0) / 2.0, y: (height - shown.1) / 2.0, width: shown.0, height: shown.1 };
        let rgb = resample::<3>(picture.as_raw(), picture.width() as usize, part, self.canvas);
        Ok(Some(frame::from_rgb(self.canvas.0, self.canvas.1, &rgb)))
    }
}

/// Decodes every frame once.
///
/// # Errors
/// In words: why it cannot be played.
pub(crate) fn whole(path: &Path, timing: &Timing) -> Result<(), String> {
    let mut count = 0;
    for frame in decoder(path)?.into_frames() {
        frame.map_err(|e| e.to_string())?;
        count += 1;
    }
    if count < timing.frames() {
        return Err("it ends too early".to_owned());
    }
    Ok(())
}

fn decoder(path: &Path) -> Result<WebPDecoder<BufReader<File>>, String> {
    let file = File::open(path).map_err(|e| e.to_string())?;
    let decoder = WebPDecoder::new(BufReader::new(file)).map_err(|e| e.to_string())?;
    let (width, height) = decoder.dimensions();
    if u64::from(width) * u64::from(height) > PIXELS_MAX {
        let most = PIXELS_MAX / 1_000_000;
        return Err(format!("it moves, and {width}x{height} is more than {most} megapixels"));
    }
    Ok(decoder)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The chunks of a WebP with frames of these lengths, and nothing in them.
    fn animation(lengths_ms: &[u32]) -> Vec<u8> {
        let mut bytes = b"RIFF\0\0\0\0WEBPVP8X\x0a\0\0\0\x02\0\0\0\x0f\0\0\x0f\0\0".to_vec();
        for ms in lengths_ms {
            bytes.extend(b"ANMF\x11\0\0\0");
            bytes.extend([0; 12]);
            bytes.extend(&ms.to_le_bytes()[..3]);
            // The flags, a byte of data, and one more to be even.
            bytes.extend([0; 3]);
        }
        bytes
    }

    #[test]
    fn frames_last_as_long_as_browsers_show_them_and_start_again() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("a.webp");
        std::fs::write(&path, animation(&[500, 0, 250])).unwrap();
        let timing = Timing::read(&path).unwrap().unwrap();
        assert_eq!((timing.frames(), timing.seconds()), (3, 0.85));
        let shown = [0.0, 0.49, 0.5, 0.59, 0.6, 0.84, 0.85, 1.36].map(|at| timing.frame_at(at));
        assert_eq!(shown, [0, 0, 1, 1, 2, 2, 0, 1]);
        std::fs::write(&path, animation(&[500])).unwrap();
        assert_eq!(Timing::read(&path).unwrap(), None);
    }
}
