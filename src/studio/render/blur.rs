//! Blurs samples and whole frames: three running means come close to a Gaussian.

use crate::studio::render::frame::{Frame, Planes};
use crate::studio::render::resample::Part;
use crate::studio::render::view;

/// How much smaller a frame is blurred: what is soft needs no detail.
const SMALLER: usize = 4;
/// How wide the look `blur` is, as a part of the shorter side.
const LOOK: f64 = 0.018;

/// Blurs interleaved samples with `C` channels, `width` pixels wide, over `reach` pixels to
/// every side; what lies outside is like the edge.
pub(crate) fn soften<const C: usize>(samples: &mut [u8], width: usize, reach: usize) {
    let height = samples.len() / (width * C);
    let mut line = Vec::with_capacity(width.max(height));
    for _ in 0..3 {
        for row in samples.chunks_exact_mut(width * C) {
            for c in 0..C {
                line.clear();
                line.extend(row.iter().skip(c).step_by(C));
                means(&line, reach, row.iter_mut().skip(c).step_by(C));
            }
        }
        for column in 0..width * C {
            line.clear();
            line.extend(samples.iter().skip(column).step_by(width * C));
            means(&line, reach, samples.iter_mut().skip(column).step_by(width * C));
        }
    }
}

/// The running mean over `reach` samples to both sides.
fn means<'a>(samples: &[u8], reach: usize, out: impl Iterator<Item = &'a mut u8>) {
    let last = samples.len() - 1;
    let at = |i: isize| u32::from(samples[i.clamp(0, last as isize) as usize]);
    let reach = reach as isize;
    let span = (2 * reach + 1) as u32;
    let mut sum: u32 = (-reach..=reach).map(at).sum();
    for (i, out) in out.enumerate() {
        *out = ((sum + span / 2) / span) as u8;
        sum = sum + at(i as isize + reach + 1) - at(i as isize - reach);
    }
}

/// Blurs a whole frame, as words want it behind them.
pub(crate) fn frame(frame: &mut Frame) {
    let even = |side: usize| (side / SMALLER / 2 * 2).max(2);
    let mut small = Frame::black(even(frame.width), even(frame.height));
    let reach = ((small.width.min(small.height) as f64 * LOOK).round() as usize).max(1);
    let (wide, small_wide) = (frame.width, small.width);
    let (y, u, v) = (frame.y(), frame.u(), frame.v());
    let Planes { y: to_y, u: to_u, v: to_v } = small.planes_mut();
    for (from, to, wide, small_wide) in [
        (y, to_y, wide, small_wide),
        (u, to_u, wide / 2, small_wide / 2),
        (v, to_v, wide / 2, small_wide / 2),
    ] {
        shrink(from, wide, to, small_wide);
        soften::<1>(to, small_wide, if wide == frame.width { reach } else { (reach / 2).max(1) });
    }
    let whole = Part { x: 0.0, y: 0.0, width: small.width as f64, height: small.height as f64 };
    view::draw(&small, whole, frame);
}

/// Makes each sample the mean of those that it stands for.
fn shrink(from: &[u8], wide: usize, to: &mut [u8], small: usize) {
    let (high, low) = (from.len() / wide, to.len() / small);
    for (row, line) in to.chunks_exact_mut(small).enumerate() {
        let rows = row * high / low..(row + 1) * high / low;
        for (column, to) in line.iter_mut().enumerate() {
            let columns = column * wide / small..(column + 1) * wide / small;
            let lines = rows.clone().map(|y| &from[y * wide..][columns.clone()]);
            let sum: u32 = lines.flatten().map(|sample| u32::from(*sample)).sum();
            let count = (rows.len() * columns.len()).max(1) as u32;
            *to = ((sum + count / 2) / count) as u8;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::studio::render::frame::from_rgb;

    #[test]
    fn an_edge_becomes_soft_and_the_light_stays() {
        let rgb: Vec<u8> = (0..128 * 64).flat_map(|i| [if i % 128 < 64 { 20 } else { 220 }; 3]).collect();
        let sharp = from_rgb(128, 64, &rgb);
        let mut soft = sharp.clone();
        frame(&mut soft);
        let row = |frame: &Frame, x: usize| i32::from(frame.y()[32 * 128 + x]);
        assert!(row(&sharp, 66) - row(&sharp, 61) > 150 && row(&soft, 66) - row(&soft, 61) < 110);
        assert!(
            (row(&soft, 2) - row(&sharp, 2)).abs() <= 2 && (row(&soft, 125) - row(&sharp, 125)).abs() <= 2
        );
        let mean = |frame: &Frame| frame.y().iter().map(|y| u32::from(*y)).sum::<u32>() / (128 * 64);
        assert!(mean(&soft).abs_diff(mean(&sharp)) <= 2);
    }
}
