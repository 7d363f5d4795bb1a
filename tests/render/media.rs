//! Sample media, made by ffmpeg, and looks into what was rendered.

use std::path::Path;
use std::process::Command;

use serde_json::Value;

use super::Room;

/// Runs ffmpeg with a line of words and a file at its end.
pub(super) fn make(room: &Room, name: &str, line: &str) {
    let made = Command::new("ffmpeg")
        .args(["-nostdin", "-v", "error", "-y"])
        .args(line.split_whitespace())
        .arg(room.path(name))
        .status()
        .unwrap();
    assert!(made.success(), "ffmpeg cannot make {name}");
}

/// A picture of one colour.
pub(super) fn plain(room: &Room, name: &str, colour: &str) {
    make(room, name, &format!("-f lavfi -i color={colour}:s=800x600 -frames:v 1"));
}

/// A picture with detail everywhere.
pub(super) fn busy(room: &Room, name: &str, size: &str) {
    make(
        room,
        name,
        &format!("-f lavfi -i mandelbrot=s={size}:start_scale=0.3:start_x=-0.16:start_y=1.04 -frames:v 1"),
    );
}

/// A decoded frame: RGB, 160x90 unless another size was asked for.
pub(super) struct Shown {
    data: Vec<u8>,
    wide: usize,
}

pub(super) const WIDE: usize = 160;
pub(super) const HIGH: usize = 90;

impl Shown {
    /// The frame that a player shows at `seconds`.
    pub(super) fn at(path: &Path, seconds: f64) -> Self {
        Self::sized(path, seconds, (WIDE, HIGH))
    }

    /// As [`Shown::at`], in another size.
    pub(super) fn sized(path: &Path, seconds: f64, (wide, high): (usize, usize)) -> Self {
        let scale = format!("scale={wide}:{high}:flags=area");
        let out = Command::new("ffmpeg")
            .args(["-nostdin", "-v", "error", "-ss", &seconds.to_string(), "-i"])
            .arg(path)
            .args(["-frames:v", "1", "-vf", &scale, "-f", "rawvideo", "-pix_fmt", "rgb24", "-"])
            .output()
            .unwrap();
        assert_eq!(out.stdout.len(), wide * high * 3, "no frame at {seconds}");
        Self { data: out.stdout, wide }
    }

    pub(super) fn pixel(&self, x: usize, y: usize) -> [i32; 3] {
        let at = (y * self.wide + x) * 3;
        [0, 1, 2].map(|c| i32::from(self.data[at + c]))
    }

    /// The light of a place, from 0 (black) to 1, as contrast is reckoned.
    pub(super) fn light(&self, x: usize, y: usize) -> f64 {
        let [r, g, b] = self.pixel(x, y).map(|c| (f64::from(c) / 255.0).powf(2.2));
        0.2126 * r + 0.7152 * g + 0.0722 * b
    }

    /// The mean of all samples.
    pub(super) fn mean(&self) -> f64 {
        self.data.iter().map(|c| f64::from(*c)).sum::<f64>() / self.data.len() as f64
    }

    /// The mean difference of a channel to another frame.
    pub(super) fn distance(&self, other: &Self) -> f64 {
        let sum: u64 = self.data.iter().zip(&other.data).map(|(a, b)| u64::from(a.abs_diff(*b))).sum();
        sum as f64 / self.data.len() as f64
    }

    /// How far the channels of a pixel lie apart, on average: zero without any colour.
    pub(super) fn colour(&self) -> f64 {
        let apart = |rgb: &[u8; 3]| f64::from(rgb.iter().max().unwrap() - rgb.iter().min().unwrap());
        let pixels = self.data.as_chunks::<3>().0;
        pixels.iter().map(apart).sum::<f64>() / pixels.len() as f64
    }

    /// The frame without its colours.
    pub(super) fn grey(&self) -> Self {
        let light = |[r, g, b]: &[u8; 3]| {
            let light = 0.2126 * f64::from(*r) + 0.7152 * f64::from(*g) + 0.0722 * f64::from(*b);
            [light.round() as u8; 3]
        };
        Self { data: self.data.as_chunks::<3>().0.iter().flat_map(light).collect(), wide: self.wide }
    }

    /// How many pixels of a part (columns, rows) are nearly white: no scene is.
    pub(super) fn whites(&self, columns: std::ops::Range<usize>, rows: std::ops::Range<usize>) -> usize {
        let places = rows.flat_map(|y| columns.clone().map(move |x| (x, y)));
        places.filter(|(x, y)| self.pixel(*x, *y).iter().all(|c| *c > 160)).count()
    }
}

/// What ffprobe says of a file.
pub(super) fn probed(path: &Path) -> Value {
    let out = Command::new("ffprobe")
        .args(["-v", "error", "-of", "json", "-show_format", "-show_streams", "-count_packets"])
        .arg(path)
        .output()
        .unwrap();
    serde_json::from_slice(&out.stdout).unwrap()
}

/// The first stream of a kind.
pub(super) fn stream<'a>(probed: &'a Value, kind: &str) -> Option<&'a Value> {
    probed["streams"].as_array()?.iter().find(|stream| stream["codec_type"] == kind)
}

/// Integrated loudness in LUFS and true peak in dB.
pub(super) fn loudness(path: &Path) -> (f64, f64) {
    let out = Command::new("ffmpeg")
        .args(["-nostdin", "-hide_banner", "-i"])
        .arg(path)
        .args(["-map", "0:a:0", "-af", "ebur128=peak=true:framelog=verbose", "-f", "null", "-"])
        .output()
        .unwrap();
    let report = String::from_utf8_lossy(&out.stderr).into_owned();
    let summary = report.rsplit_once("Summary:").expect("a summary").1.to_owned();
    let after = |word: &str| {
        let text = summary.split_once(word).expect("a value").1;
        text.split_whitespace().next().unwrap().parse::<f64>().unwrap_or(f64::NEG_INFINITY)
    };
    (after("I:"), after("Peak:"))
}

/// Root mean square of the sound between two seconds, 1 being full scale.
pub(super) fn power(path: &Path, from: f64, to: f64) -> f64 {
    power_of(path, from, to, "anull")
}

/// The decoded sound of a file.
pub(super) fn samples(path: &Path) -> Vec<u8> {
    let out = Command::new("ffmpeg")
        .args(["-nostdin", "-v", "error", "-i"])
        .arg(path)
        .args(["-map", "0:a:0", "-ac", "1", "-f", "s16le", "-"])
        .output()
        .unwrap();
    out.stdout
}

/// As [`power`], of what a filter of ffmpeg lets through.
pub(super) fn power_of(path: &Path, from: f64, to: f64, filter: &str) -> f64 {
    let out = Command::new("ffmpeg")
        .args(["-nostdin", "-v", "error", "-ss", &from.to_string(), "-t", &(to - from).to_string(), "-i"])
        .arg(path)
        .args(["-map", "0:a:0", "-af", filter, "-ac", "1", "-f", "f32le", "-"])
        .output()
        .unwrap();
    let samples = out.stdout.as_chunks::<4>().0;
    let sum: f64 = samples.iter().map(|s| f64::from(f32::from_le_bytes(*s)).powi(2)).sum();
    (sum / samples.len().max(1) as f64).sqrt()
}
