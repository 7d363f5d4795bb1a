//! A photo of another shape, shown whole: before a blurred and darkened enlargement of itself.

use image::RgbImage;

use crate::studio::render::blur;
use crate::studio::render::frame::{self, Frame};
use crate::studio::render::resample::{Part, resample};

/// How much smaller the blurred copy is than what it fills: what is soft needs no detail.
const SMALLER: usize = 8;
/// Light that is left of the copy, so that the photo stands out.
const LIGHT: f32 = 0.62;
/// How wide the copy is blurred, as a part of its shorter side.
const BLUR: f64 = 0.075;
/// How dark the shadow of the photo is.
const SHADOW: f32 = 0.5;
/// Shapes that differ by less than this factor fill each other: a backdrop would be a line.
const ALIKE: f64 = 1.03;

/// Whether a photo fills a canvas without a cut that anybody sees.
pub(crate) fn fills(photo: (u32, u32), canvas: (usize, usize)) -> bool {
    let ratio = f64::from(photo.0) / f64::from(photo.1) * canvas.1 as f64 / canvas.0 as f64;
    (1.0 / ALIKE..=ALIKE).contains(&ratio)
}

/// Makes a picture of `size` with the photo whole in its middle, as large as a box of
/// `share` of the size.
pub(crate) fn sheet(photo: &RgbImage, size: (usize, usize), share: f64) -> Frame {
    let (width, height) = (f64::from(photo.width()), f64::from(photo.height()));
    let scale = (size.0 as f64 * share / width).min(size.1 as f64 * share / height);
    let inner = (((width * scale).round() as usize).max(1), ((height * scale).round() as usize).max(1));
    let at = ((size.0.saturating_sub(inner.0)) / 2, (size.1.saturating_sub(inner.1)) / 2);
    let mut rgb = back(photo, size, (at, inner));
    let whole = Part { x: 0.0, y: 0.0, width, height };
    let front = resample::<3>(photo.as_raw(), photo.width() as usize, whole, inner);
    let rows = rgb.chunks_exact_mut(size.0 * 3).skip(at.1);
    for (row, line) in rows.zip(front.chunks_exact(inner.0 * 3)) {
        row[at.0 * 3..][..line.len()].copy_from_slice(line);
    }
    frame::from_rgb(size.0, size.1, &rgb)
}

/// The blurred copy, with the shadow of the photo that will stand on it at `place`.
fn back(photo: &RgbImage, size: (usize, usize), place: ((usize, usize), (usize, usize))) -> Vec<u8> {
    let small = (size.0.div_ceil(SMALLER).max(2), size.1.div_ceil(SMALLER).max(2));
    let (width, height) = (f64::from(photo.width()), f64::from(photo.height()));
    let aspect = size.0 as f64 / size.1 as f64;
    let cover = if width / height > aspect { (height * aspect, height) } else { (width, width / aspect) };
    let part =
        Part { x: (width - cover.0) / 2.0, y: (height - cover.1) / 2.0, width: cover.0, height: cover.1 };
    let mut rgb = resample::<3>(photo.as_raw(), photo.width() as usize, part, small);
    let reach = ((small.0.min(small.1) as f64 * BLUR) as usize).max(1);
    blur::soften::<3>(&mut rgb, small.0, reach);
    let shadow = shadow(small, place, reach);
    for (pixel, shadow) in rgb.as_chunks_mut::<3>().0.iter_mut().zip(&shadow) {
        let light = LIGHT * (1.0 - SHADOW * f32::from(*shadow) / 255.0);
        *pixel = pixel.map(|c| (f32::from(c) * light) as u8);
    }
    let whole = Part { x: 0.0, y: 0.0, width: small.0 as f64, height: small.1 as f64 };
    resample::<3>(&rgb, small.0, whole, size)
}

/// How much of the photo's shadow falls on each pixel of the copy.
fn shadow(small: (usize, usize), (at, inner): ((usize, usize), (usize, usize)), reach: usize) -> Vec<u8> {
    let span = |from: usize, length: usize| from / SMALLER..(from + length) / SMALLER;
    let (columns, rows) = (span(at.0, inner.0), span(at.1, inner.1));
    let mut mask = vec![0; small.0 * small.1];
    for (y, line) in mask.chunks_exact_mut(small.0).enumerate() {
        for (x, shadow) in line.iter_mut().enumerate() {
            *shadow = if rows.contains(&y) && columns.contains(&x) { 255 } else { 0 };
        }
    }
    blur::soften::<1>(&mut mask, small.0, (reach / 3).max(1));
    mask
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_whole_photo_is_there_and_nothing_is_black() {
        // Red on the left half, blue on the right one.
        let photo =
            RgbImage::from_fn(400, 100, |x, _| image::Rgb(if x < 200 { [220, 0, 0] } else { [0, 0, 220] }));
        let sheet = sheet(&photo, (160, 160), 0.95);
        let red = |x: usize, y: usize| sheet.v()[y / 2 * 80 + x / 2];
        assert!(red(8, 80) > 200 && red(150, 80) < 128);
        let row = |y: usize| sheet.y()[y * 160 + 80];
        assert!(row(4) > 20 && row(155) > 20, "black bars: {} {}", row(4), row(155));
        assert!(sheet.y()[80 * 160 + 20] > sheet.y()[10 * 160 + 20], "it does not stand out");
    }

    #[test]
    fn shapes_that_are_nearly_alike_fill_each_other() {
        assert!(fills((1920, 1080), (1280, 720)) && fills((600, 1066), (1080, 1920)));
        assert!(!fills((1600, 1066), (1920, 1080)));
    }
}
