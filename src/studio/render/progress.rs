//! The bar along the lower edge that shows how far the video is.

use crate::studio::render::frame::{Frame, Planes, chroma, luma};

/// How high it is, as a part of the shorter side.
const HEIGHT: f64 = 0.011;
/// How much of the picture the part that is still to come lets through, in 1/256.
const TRACK: u16 = 150;

/// Draws the bar of a colour on frame `n` of `frames`: full on the last one.
pub(crate) fn draw(rgb: [u8; 3], n: u64, frames: u64, frame: &mut Frame) {
    let side = frame.width.min(frame.height) as f64;
    let rows = (((side * HEIGHT / 2.0).round() as usize) * 2).max(2);
    let done = frame.width as f64 * ((n + 1) as f64 / frames.max(1) as f64).min(1.0);
    let [r, g, b] = rgb.map(i32::from);
    let (cb, cr) = chroma(r, g, b);
    let byte = |offset: i32, c: i32| (offset + ((c + 32768) >> 16)).clamp(16, 240) as u8;
    let (width, half) = (frame.width, frame.width / 2);
    let Planes { y, u, v } = frame.planes_mut();
    fill(y, width, rows, done, (byte(16, luma(r, g, b)), 16));
    fill(u, half, rows / 2, done / 2.0, (byte(128, cb), 128));
    fill(v, half, rows / 2, done / 2.0, (byte(128, cr), 128));
}

/// Fills the lowest rows of a plane with `colour` up to `done` samples, whose last may be a
/// part of one, and dims the rest towards `ground`.
fn fill(plane: &mut [u8], width: usize, rows: usize, done: f64, (colour, ground): (u8, u8)) {
    let lines = plane.len() / width;
    for line in plane.chunks_exact_mut(width).skip(lines.saturating_sub(rows)) {
        for (x, sample) in line.iter_mut().enumerate() {
            let dimmed = (u16::from(*sample) * TRACK + u16::from(ground) * (256 - TRACK)) >> 8;
            let share = ((done - x as f64).clamp(0.0, 1.0) * 256.0) as u16;
            *sample = ((u16::from(colour) * share + dimmed * (256 - share) + 128) >> 8) as u8;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_grows_to_the_whole_width() {
        let length = |n: u64| {
            let mut frame = Frame::black(200, 100);
            draw([255, 255, 255], n, 100, &mut frame);
            assert_eq!(frame.y()[90 * 200], 16, "it is higher than a line");
            frame.y()[99 * 200..].iter().filter(|y| **y > 200).count()
        };
        assert_eq!([0, 49, 99].map(length), [2, 100, 200]);
    }
}
