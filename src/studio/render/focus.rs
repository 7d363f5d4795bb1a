//! Where to look in a photo that has to be cut: at what stands out, and not through it.

use image::RgbImage;

use crate::studio::render::resample::{Part, resample};

/// The longer side of the copy that is looked at: enough to find a subject.
const SIDE: f64 = 96.0;
/// How much a place loses at most by being far from where eyes expect the subject.
const HABIT: f64 = 0.45;
/// Where they expect it: in the middle, and of tall photos a bit above it, at faces.
pub(crate) const HOME: (f64, f64) = (0.5, 0.42);
/// How much a cut through something costs, in columns of it.
const CUT: f64 = 6.0;

/// Returns where a view of an aspect lies best in a photo: from 0 (left, top) to 1 (right,
/// bottom) of the room that the cut leaves.
pub(crate) fn focus(photo: &RgbImage, aspect: f64) -> (f64, f64) {
    let (width, height) = (f64::from(photo.width()), f64::from(photo.height()));
    let scale = (SIDE / width.max(height)).min(1.0);
    let small = (((width * scale) as usize).max(3), ((height * scale) as usize).max(3));
    let whole = Part { x: 0.0, y: 0.0, width, height };
    let rgb = resample::<3>(photo.as_raw(), photo.width() as usize, whole, small);
    let (columns, rows) = profiles(&rgb, small);
    let own = small.0 as f64 / small.1 as f64;
    let window = |length: usize, share: f64| ((length as f64 * share.min(1.0)) as usize).max(1);
    (
        best(&columns, window(small.0, aspect / own), HOME.0),
        best(&rows, window(small.1, own / aspect), HOME.1),
    )
}

/// How much there is to see in each column and in each row: edges of light and of colour.
fn profiles(rgb: &[u8], (width, height): (usize, usize)) -> (Vec<f64>, Vec<f64>) {
    let pixels = rgb.as_chunks::<3>().0;
    let (mut columns, mut rows) = (vec![0.0; width], vec![0.0; height]);
    for y in 0..height - 1 {
        for x in 0..width - 1 {
            let here = pixels[y * width + x];
            let to = |other: [u8; 3]| (0..3).map(|c| f64::from(here[c].abs_diff(other[c]))).sum::<f64>();
            let edge = to(pixels[y * width + x + 1]) + to(pixels[(y + 1) * width + x]);
            // Noise and soft gradients are no edges.
            let seen = (edge - 24.0).max(0.0);
            columns[x] += seen;
            rows[y] += seen;
        }
    }
    (columns, rows)
}

/// The start of the best window, as a part of the room around it.
fn best(profile: &[f64], window: usize, home: f64) -> f64 {
    let room = profile.len().saturating_sub(window);
    let total: f64 = profile.iter().sum();
    if room == 0 || total <= 0.0 {
        return home;
    }
    // What the two columns next to a cut show.
    let near = |at: usize| {
        let around = profile.iter().skip(at.saturating_sub(1)).take(2);
        around.sum::<f64>() / 2.0
    };
    let score = |start: usize| {
        let inside: f64 = profile.iter().skip(start).take(window).sum();
        let cut = |at: usize| if at == 0 || at >= profile.len() { 0.0 } else { near(at) };
        let far = (start as f64 / room as f64 - home).abs() * 2.0;
        (inside - CUT * (cut(start) + cut(start + window))) / total - HABIT * far * far
    };
    let best = (0..=room).max_by(|a, b| score(*a).total_cmp(&score(*b))).unwrap_or(room / 2);
    best as f64 / room as f64
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A plain photo with a checked square at a column.
    fn photo(at: u32) -> RgbImage {
        RgbImage::from_fn(400, 200, |x, y| {
            let inside = (at..at + 60).contains(&x) && (70..130).contains(&y);
            image::Rgb(if inside && (x / 10 + y / 10) % 2 == 0 { [240; 3] } else { [60; 3] })
        })
    }

    #[test]
    fn a_tall_cut_holds_the_subject() {
        for at in [20, 120, 300] {
            let (across, _) = focus(&photo(at), 9.0 / 16.0);
            let (width, left) = (200.0 * 9.0 / 16.0, (400.0 - 200.0 * 9.0 / 16.0) * across);
            let inside = left <= f64::from(at) && f64::from(at) + 60.0 <= left + width;
            assert!(inside, "the subject at {at} is cut: {left} to {}", left + width);
        }
    }

    #[test]
    fn a_plain_photo_is_cut_in_its_middle() {
        let plain = RgbImage::from_pixel(300, 300, image::Rgb([90, 120, 150]));
        assert_eq!(focus(&plain, 9.0 / 16.0), HOME);
    }
}
