//! A picture in a corner: sized, kept sharp, coming and going gently.

use std::path::Path;

use crate::studio::render::frame::Frame;
use crate::studio::render::photo;
use crate::studio::render::resample::{Part, resample};
use crate::studio::render::sprite::{Sprite, Stamp};
use crate::studio::render::transition::{smooth, weight};
use crate::studio::render::words::{Position, Side};

/// A logo in its place.
pub(crate) struct Logo {
    stamp: Stamp,
    /// Frames to come and to go.
    fade: u64,
}

impl Logo {
    /// Opens a picture and puts it on a canvas. `size` is its longer side as a part of the
    /// canvas' width.
    ///
    /// # Errors
    /// In words: why it cannot be used.
    pub(crate) fn open(
        path: &Path,
        position: &str,
        size: f64,
        fade: u64,
        canvas: (usize, usize),
    ) -> Result<Self, String> {
        let picture = photo::decode(path)?.into_rgba8();
        let (width, height) = (f64::from(picture.width()), f64::from(picture.height()));
        // A tall logo is held to the height, so that it stays in its corner.
        let room = (canvas.0 as f64 * size, canvas.1 as f64 * size.max(0.02) * 1.2);
        let scale = (room.0 / width).min(room.1 / height);
        let to = (((width * scale).round() as usize).max(2), ((height * scale).round() as usize).max(2));
        let stride = picture.width() as usize;
        let mut rgba = picture.into_raw();
        for pixel in rgba.as_chunks_mut::<4>().0 {
            let alpha = u16::from(pixel[3]);
            for c in &mut pixel[..3] {
                *c = ((u16::from(*c) * alpha + 127) / 255) as u8;
            }
        }
        let whole = Part { x: 0.0, y: 0.0, width, height };
        let mut rgba = resample::<4>(&rgba, stride, whole, to);
        for pixel in rgba.as_chunks_mut::<4>().0 {
            // The kernel overshoots: no colour may be brighter than its opacity.
            let alpha = pixel[3];
            for c in &mut pixel[..3] {
                *c = (*c).min(alpha);
            }
        }
        let (x, y) = corner(Position::from_word(position), canvas, to);
        let stamp = Sprite { width: to.0, height: to.1, rgba }.stamp(x, y, 1.0);
        Ok(Self { stamp, fade })
    }

    /// Draws it on frame `k` of the `length` that it stays.
    pub(crate) fn draw(&self, k: u64, length: u64, frame: &mut Frame) {
        let fade = self.fade.min(length / 2).max(1) as f64;
        let edge = (k + 1).min(length.saturating_sub(k)) as f64;
        self.stamp.draw(frame, weight(smooth(edge / fade)));
    }
}

fn corner(position: Option<Position>, canvas: (usize, usize), size: (usize, usize)) -> (f64, f64) {
    let place = position.unwrap_or(Position { across: Side::End, down: Side::Start });
    let margin = canvas.0.min(canvas.1) as f64 * 0.045;
    let along = |side: Side, room: usize, length: usize| match side {
        Side::Start => margin,
        Side::Middle => (room as f64 - length as f64) / 2.0,
        Side::End => room as f64 - margin - length as f64,
    };
    let (x, y) = (along(place.across, canvas.0, size.0), along(place.down, canvas.1, size.1));
    (x.round(), y.round())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn red_dot(folder: &Path) -> std::path::PathBuf {
        let path = folder.join("dot.png");
        let mut picture = image::RgbaImage::new(20, 20);
        for pixel in picture.pixels_mut() {
            *pixel = image::Rgba([255, 0, 0, 255]);
        }
        picture.save(&path).unwrap();
        path
    }

    #[test]
    fn it_stands_in_its_corner_and_comes_gently() {
        let folder = tempfile::tempdir().unwrap();
        let logo = Logo::open(&red_dot(folder.path()), "bottom-left", 0.1, 10, (200, 100)).unwrap();
        let red = |k| {
            let mut frame = Frame::black(200, 100);
            logo.draw(k, 60, &mut frame);
            let at = 90 / 2 * 100 + 12 / 2;
            frame.v()[at]
        };
        assert!(red(30) > 230 && red(0) < 140 && red(59) < 140, "{} {} {}", red(30), red(0), red(59));
        let mut frame = Frame::black(200, 100);
        logo.draw(30, 60, &mut frame);
        assert_eq!(frame.v()[10 / 2 * 100 + 190 / 2], 128);
    }
}
