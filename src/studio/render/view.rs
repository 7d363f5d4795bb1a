//! Draws a part of one frame over the whole of another, between pixels: the camera of photos and zooms.

use crate::studio::render::frame::{Frame, Planes};
use crate::studio::render::resample::Part;

/// Fills `out` with the `part` of `source`, which is in luma pixels and of the aspect of
/// `out`. Samples are bilinear with 1/256 pixel steps, so that slow motion does not jitter.
pub(crate) fn draw(source: &Frame, part: Part, out: &mut Frame) {
    let (width, height) = (out.width, out.height);
    let scale = (part.width / width as f64, part.height / height as f64);
    let luma = Grid {
        x: axis(part.x + 0.5 * scale.0 - 0.5, scale.0, width, source.width),
        y: axis(part.y + 0.5 * scale.1 - 0.5, scale.1, height, source.height),
    };
    // Chroma lies on the left column and between the two rows of its four luma pixels.
    let chroma = Grid {
        x: axis((part.x + 0.5 * scale.0 - 0.5) / 2.0, scale.0, width / 2, source.width / 2),
        y: axis((part.y + scale.1 - 1.0) / 2.0, scale.1, height / 2, source.height / 2),
    };
    let Planes { y, u, v } = out.planes_mut();
    sample(source.y(), source.width, &luma, y);
    sample(source.u(), source.width / 2, &chroma, u);
    sample(source.v(), source.width / 2, &chroma, v);
}

struct Grid {
    x: Vec<(u32, u16)>,
    y: Vec<(u32, u16)>,
}

/// For each output sample the source sample before it and the way to the next, in 1/256.
fn axis(from: f64, step: f64, count: usize, source: usize) -> Vec<(u32, u16)> {
    let last = (source - 1) as f64;
    let place = |i: usize| {
        let at = (from + i as f64 * step).clamp(0.0, last);
        let fixed = (at * 256.0).round() as u32;
        (fixed >> 8, (fixed & 255) as u16)
    };
    (0..count).map(place).collect()
}

fn sample(source: &[u8], width: usize, grid: &Grid, out: &mut [u8]) {
    let Some((&(first, _), &(last, _))) = grid.x.first().zip(grid.x.last()) else { return };
    let (first, last) = (first as usize, last as usize);
    let row = |at: usize| source.get(at * width + first..at * width + last + 1).unwrap_or_default();
    let rows = source.len() / width;
    // One sample more than there is, so that the last may have a neighbour.
    let mut line = vec![0u16; last - first + 2];
    for (out, &(y, down)) in out.chunks_exact_mut(grid.x.len()).zip(&grid.y) {
        let (upper, lower) = (row(y as usize), row((y as usize + 1).min(rows - 1)));
        for ((to, a), b) in line.iter_mut().zip(upper).zip(lower) {
            *to = u16::from(*a) * (256 - down) + u16::from(*b) * down;
        }
        line[last - first + 1] = line[last - first];
        for (out, &(x, right)) in out.iter_mut().zip(&grid.x) {
            let at = x as usize - first;
            let (a, b) = (u32::from(line[at]), u32::from(line[at + 1]));
            let right = u32::from(right);
            *out = ((a * (256 - right) + b * right + (1 << 15)) >> 16) as u8;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ramp() -> Frame {
        let rgb: Vec<u8> = (0..64).flat_map(|i| [(i % 8 * 32) as u8; 3]).collect();
        crate::studio::render::frame::from_rgb(8, 8, &rgb)
    }

    #[test]
    fn the_whole_is_the_same_picture() {
        let (source, mut out) = (ramp(), Frame::black(8, 8));
        draw(&source, Part { x: 0.0, y: 0.0, width: 8.0, height: 8.0 }, &mut out);
        assert_eq!(out.data, source.data);
    }

    #[test]
    fn a_shift_of_half_a_pixel_lies_between_two() {
        let (source, mut out) = (ramp(), Frame::black(4, 4));
        draw(&source, Part { x: 1.5, y: 2.0, width: 4.0, height: 4.0 }, &mut out);
        let between = (u16::from(source.y()[17]) + u16::from(source.y()[18])).div_ceil(2);
        assert_eq!(u16::from(out.y()[0]), between);
    }

    #[test]
    fn a_view_beyond_the_edge_repeats_it() {
        let (source, mut out) = (ramp(), Frame::black(4, 4));
        draw(&source, Part { x: 6.0, y: 6.0, width: 4.0, height: 4.0 }, &mut out);
        assert_eq!(out.y()[3], source.y()[63]);
    }
}
