//! A logo in a corner or on an end card: sized, kept sharp, coming and going gently.

use std::path::Path;

use crate::studio::render::frame::Frame;
use crate::studio::render::photo;
use crate::studio::render::resample::{Part, resample};
use crate::studio::render::safe::Safe;
use crate::studio::render::sprite::{Sprite, Stamp};
use crate::studio::render::transition::{smooth, weight};
use crate::studio::render::words::{Position, Side};

/// Where the logo of an end card ends, as a part of the height: its words stand below.
const CARD_FOOT: f64 = 0.5;

/// Where a logo stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Spot {
    /// At one of nine places.
    Corner(Position),
    /// In the upper middle of an end card.
    EndCard,
}

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
        spot: &Spot,
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
        let (x, y) = corner(*spot, canvas, to);
        let stamp = Sprite { width: to.0, height: to.1, rgba }.stamp(x, y, 1.0);
        Ok(Self { stamp, fade })
    }

    /// Draws it on frame `k` of the `length` that it stays.
    pub(crate) fn draw(&self, k: u64, length: u64, frame: &mut Frame) {
        self.stamp.draw(frame, weight(smooth(here(self.fade, k, length))));
    }
}

/// How far a logo is there on frame `k` of the `length` that it stays: from 0 to 1, and beyond where
/// it neither comes nor goes.
pub(crate) fn here(fade: u64, k: u64, length: u64) -> f64 {
    let edge = (k + 1).min(length.saturating_sub(k)) as f64;
    edge / fade.min(length / 2).max(1) as f64
}

/// The top left corner of a logo of a size, clear of the controls of vertical players.
fn corner(spot: Spot, canvas: (usize, usize), size: (usize, usize)) -> (f64, f64) {
    let (width, height) = (canvas.0 as f64, canvas.1 as f64);
    let Spot::Corner(place) = spot else {
        let x = (width - size.0 as f64) / 2.0;
        return (x.round(), (height * CARD_FOOT - size.1 as f64).round());
    };
    let margin = width.min(height) * 0.045;
    let safe = Safe::of(canvas);
    let (above, below) = if height > width * 1.5 {
        (height * f64::from(safe.top) * 0.75, height * f64::from(safe.bottom))
    } else {
        (margin, margin)
    };
    let along = |side: Side, room: f64, length: usize, (before, after): (f64, f64)| match side {
        Side::Start => before,
        Side::Middle => (room - length as f64) / 2.0,
        Side::End => room - after - length as f64,
    };
    let x = along(place.across, width, size.0, (margin, margin));
    let y = along(place.down, height, size.1, (above, below));
    (x.round(), y.round())
}

#[cfg(test)]
mod tests {
    use super::*;

    const BOTTOM_LEFT: Spot = Spot::Corner(Position { across: Side::Start, down: Side::End });

    #[test]
    fn on_an_end_card_it_stands_in_the_middle_above_the_words() {
        assert_eq!(corner(Spot::EndCard, (200, 100), (40, 30)), (80.0, 20.0));
    }

    #[test]
    fn vertical_players_do_not_cover_it() {
        let (_, y) = corner(BOTTOM_LEFT, (1080, 1920), (150, 150));
        assert!(y + 150.0 <= 1920.0 * 0.8);
    }

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
        let logo = Logo::open(&red_dot(folder.path()), &BOTTOM_LEFT, 0.1, 10, (200, 100)).unwrap();
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
