//! Scales a part of a picture to another size, once and well: Catmull-Rom, widened when it shrinks.

use std::collections::VecDeque;

/// A part of a picture in its own pixels; edges may lie between them.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Part {
    pub(crate) x: f64,
    pub(crate) y: f64,
    pub(crate) width: f64,
    pub(crate) height: f64,
}

/// Which source samples make one output sample, and with what shares.
struct Taps {
    first: usize,
    shares: Vec<f32>,
}

/// Scales `part` of an interleaved picture with `C` channels, `width` pixels wide, to
/// `to` (width, height). Rows stream through, so that memory is the output and a few rows.
pub(crate) fn resample<const C: usize>(
    source: &[u8],
    width: usize,
    part: Part,
    to: (usize, usize),
) -> Vec<u8> {
    let height = source.len() / (width * C);
    let across = taps(part.x, part.width, width, to.0);
    let down = taps(part.y, part.height, height, to.1);
    let mut out = vec![0; to.0 * to.1 * C];
    // Source rows that are already scaled across, from `first` on.
    let mut rows: VecDeque<Vec<f32>> = VecDeque::new();
    let mut first = 0;
    let mut spare = Vec::new();
    for (line, taps) in out.chunks_exact_mut(to.0 * C).zip(&down) {
        while first < taps.first {
            spare.extend(rows.pop_front());
            first += 1;
        }
        while rows.len() < taps.shares.len() {
            let row = first + rows.len();
            let mut scaled = spare.pop().unwrap_or_else(|| vec![0.0; to.0 * C]);
            scale_row::<C>(&source[row * width * C..][..width * C], &across, &mut scaled);
            rows.push_back(scaled);
        }
        let mut sum = vec![0.0f32; to.0 * C];
        for (row, share) in rows.iter().zip(&taps.shares) {
            for (sum, sample) in sum.iter_mut().zip(row) {
                *sum += share * sample;
            }
        }
        for (to, sum) in line.iter_mut().zip(&sum) {
            // The kernel overshoots at edges; the cast saturates.
            *to = (sum + 0.5) as u8;
        }
    }
    out
}

fn scale_row<const C: usize>(row: &[u8], across: &[Taps], out: &mut [f32]) {
    let pixels = row.as_chunks::<C>().0;
    for (out, taps) in out.as_chunks_mut::<C>().0.iter_mut().zip(across) {
        let mut sum = [0.0; C];
        for (pixel, share) in pixels[taps.first..].iter().zip(&taps.shares) {
            for c in 0..C {
                sum[c] += share * f32::from(pixel[c]);
            }
        }
        *out = sum;
    }
}

fn taps(from: f64, length: f64, source: usize, out: usize) -> Vec<Taps> {
    let step = length / out as f64;
    let reach = step.max(1.0);
    (0..out)
        .map(|i| {
            let centre = from + (i as f64 + 0.5) * step - 0.5;
            let last = source as i64 - 1;
            let low = ((centre - 2.0 * reach).ceil() as i64).clamp(0, last);
            let high = ((centre + 2.0 * reach).floor() as i64).clamp(low, last);
            let share = |at: i64| kernel((at as f64 - centre) / reach);
            let shares: Vec<f64> = (low..=high).map(share).collect();
            let sum: f64 = shares.iter().sum();
            if sum.abs() < 1e-6 {
                // Wholly outside of the picture: its nearest edge.
                return Taps { first: low as usize, shares: vec![1.0] };
            }
            Taps { first: low as usize, shares: shares.iter().map(|s| (s / sum) as f32).collect() }
        })
        .collect()
}

/// Catmull-Rom.
fn kernel(x: f64) -> f64 {
    let x = x.abs();
    if x < 1.0 {
        (1.5 * x - 2.5) * x * x + 1.0
    } else if x < 2.0 {
        ((-0.5 * x + 2.5) * x - 4.0) * x + 2.0
    } else {
        0.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const WHOLE: Part = Part { x: 0.0, y: 0.0, width: 4.0, height: 4.0 };

    #[test]
    fn the_same_size_is_the_same_picture() {
        let picture: Vec<u8> = (0..48).map(|i| (i * 5) as u8).collect();
        assert_eq!(resample::<3>(&picture, 4, WHOLE, (4, 4)), picture);
    }

    #[test]
    fn a_flat_picture_stays_flat_at_any_size() {
        for to in [(1, 1), (3, 7), (16, 2)] {
            assert_eq!(resample::<3>(&[77; 48], 4, WHOLE, to), vec![77; to.0 * to.1 * 3]);
        }
    }

    #[test]
    fn a_part_is_taken_from_its_place() {
        let mut picture = vec![0; 16];
        picture[10] = 200;
        let part = Part { x: 2.0, y: 2.0, width: 1.0, height: 1.0 };
        assert_eq!(resample::<1>(&picture, 4, part, (1, 1)), [200]);
    }

    #[test]
    fn shrinking_averages_instead_of_skipping() {
        let stripes: Vec<u8> = (0..64).map(|i| if i % 2 == 0 { 0 } else { 200 }).collect();
        let part = Part { x: 0.0, y: 0.0, width: 64.0, height: 1.0 };
        let small = resample::<1>(&stripes, 64, part, (8, 1));
        assert!(small.iter().all(|v| (90..=110).contains(v)), "{small:?}");
    }
}
