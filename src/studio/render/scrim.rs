//! A soft shade between a picture and its words, as strong as the picture asks for.

use crate::studio::render::frame::{BLACK, Frame, GREY, Planes};
use crate::studio::render::ground::Ground;
use crate::studio::render::paint::Rect;
use crate::studio::render::transition::{smooth, weight};
use crate::studio::render::words::Side;

/// The contrast that letters get with the picture around them. What is missing to the 3 that
/// accessibility rules want, their own shadow gives, which is close to them: a shade that did
/// it alone would lie over the picture like a board.
const CONTRAST: f64 = 2.1;
/// A stronger shade would hide the picture.
const OPACITY_MAX: f64 = 0.66;
/// Up to here a shade leaves the picture what it is.
const LIGHT_MAX: f64 = 0.3;
/// A weaker one is not seen.
const OPACITY_MIN: f64 = 0.04;
/// Luma of white in limited range.
const WHITE: u8 = 235;

/// What has to be laid under words so that they can be read.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Shade {
    /// Luma of black or of white.
    pub(crate) luma: u8,
    /// From 0 to 1.
    pub(crate) opacity: f64,
}

impl Shade {
    /// Returns what letters of the colour `ink` need over a ground; none when they can be
    /// read as it is. Whichever of black and white needs to be weaker is chosen.
    pub(crate) fn needed(ink: [u8; 3], ground: Ground) -> Option<Self> {
        let ink = luminance(ink);
        let (dark, bright) = (signal(ground.dark), signal(ground.bright));
        // The light that the brightest part may have at most, and the darkest at least.
        let most = (ink + 0.05) / CONTRAST - 0.05;
        let least = ((ink + 0.05) * CONTRAST - 0.05).powf(1.0 / GAMMA);
        let black = match most.max(0.0).powf(1.0 / GAMMA) {
            // Black letters stand out from nothing that is darker.
            _ if most <= 0.0 => f64::INFINITY,
            most if bright > most => 1.0 - most / bright,
            _ => 0.0,
        };
        // White letters on white can get no whiter ground: then black is the weaker one.
        let white = if dark < least { (least - dark) / (1.0 - dark).max(0.001) } else { 0.0 };
        let (luma, opacity) = if black <= white { (BLACK, black) } else { (WHITE, white) };
        (opacity > OPACITY_MIN).then_some(Self { luma, opacity: opacity.min(OPACITY_MAX) })
    }

    /// Returns whether letters of `ink` need no more than a light shade, which leaves the
    /// picture what it is.
    pub(crate) fn is_light(ink: [u8; 3], ground: Ground) -> bool {
        Self::needed(ink, ground).is_none_or(|shade| shade.opacity <= LIGHT_MAX)
    }
}

/// The exponent between a signal and its light.
const GAMMA: f64 = 2.2;

fn signal(luma: u8) -> f64 {
    ((f64::from(luma) - f64::from(BLACK)) / f64::from(WHITE - BLACK)).clamp(0.0, 1.0)
}

/// The light of a colour, from 0 to 1.
pub(crate) fn luminance(rgb: [u8; 3]) -> f64 {
    let [r, g, b] = rgb.map(|c| (f64::from(c) / 255.0).powf(GAMMA));
    0.2126 * r + 0.7152 * g + 0.0722 * b
}

/// A shade made ready for one place: rows from edge to edge, the strongest where the words
/// are, running out to where the picture is free.
pub(crate) struct Scrim {
    luma: u8,
    /// The strength of each row of luma samples, from 0 to 1.
    rows: Vec<f32>,
}

impl Scrim {
    /// Makes a shade for words that fill `block` at one side of a canvas; `em` is the size
    /// of their letters.
    pub(crate) fn new(shade: Shade, block: Rect, side: Side, em: f32, height: usize) -> Self {
        let (top, bottom) = (block.y, block.y + block.height);
        // It begins to run out inside of the block, so that nobody sees where.
        let inside = block.height * 0.4;
        let run = (2.6 * em).max(height as f32 * 0.22) + inside;
        let strength = |row: usize| {
            let y = row as f32 + 0.5;
            // How far the row is from the block, in runs; towards the edge it stays.
            let far = match side {
                Side::Start => y - bottom,
                Side::Middle => (top - y).max(y - bottom),
                Side::End => top - y,
            };
            shade.opacity as f32 * smooth(1.0 - f64::from((far + inside) / run)) as f32
        };
        Self { luma: shade.luma, rows: (0..height).map(strength).collect() }
    }

    /// Lays it over a frame, as far as `share` (0 to 1) of its strength.
    pub(crate) fn draw(&self, frame: &mut Frame, share: f64) {
        let width = frame.width;
        let Planes { y, u, v } = frame.planes_mut();
        let lay = |plane: &mut [u8], width: usize, step: usize, goal: u8| {
            for (line, strength) in plane.chunks_exact_mut(width).zip(self.rows.iter().step_by(step)) {
                let to = weight(f64::from(*strength) * share) as u16;
                if to > 0 {
                    let goal = u16::from(goal) * to + 128;
                    for sample in line {
                        *sample = ((u16::from(*sample) * (256 - to) + goal) >> 8) as u8;
                    }
                }
            }
        };
        lay(y, width, 1, self.luma);
        lay(u, width / 2, 2, GREY);
        lay(v, width / 2, 2, GREY);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const INK: [u8; 3] = [255, 255, 255];

    /// The contrast of letters with a ground of one luma under a shade.
    fn contrast(ink: [u8; 3], luma: u8, shade: Option<Shade>) -> f64 {
        let under = shade
            .map_or(f64::from(luma), |s| f64::from(luma) * (1.0 - s.opacity) + f64::from(s.luma) * s.opacity);
        let under = ((under - 16.0) / 219.0).max(0.0).powf(GAMMA);
        let (a, b) = (luminance(ink) + 0.05, under + 0.05);
        (a / b).max(b / a)
    }

    #[test]
    fn letters_of_any_colour_can_be_read_on_any_ground() {
        let inks = [INK, [16, 16, 20], [253, 216, 53], [230, 57, 53], [48, 120, 240], [255, 85, 0]];
        for ink in inks {
            for luma in [16, 60, 110, 160, 200, 235] {
                let shade = Shade::needed(ink, Ground { dark: luma, bright: luma });
                let contrast = contrast(ink, luma, shade);
                assert!(contrast > 1.9, "{ink:?} on {luma}: {contrast} with {shade:?}");
            }
        }
    }

    #[test]
    fn a_dark_picture_is_left_as_it_is() {
        assert_eq!(Shade::needed(INK, Ground { dark: 20, bright: 110 }), None);
        let shade = Shade::needed(INK, Ground { dark: 100, bright: 235 }).unwrap();
        assert!(shade.luma == BLACK && (0.2..0.4).contains(&shade.opacity), "{shade:?}");
    }

    #[test]
    fn it_runs_out_towards_the_free_side() {
        let shade = Shade { luma: BLACK, opacity: 0.5 };
        let block = Rect { x: 0.0, y: 40.0, width: 100.0, height: 40.0 };
        let scrim = Scrim::new(shade, block, Side::Start, 20.0, 400);
        let mut frame = crate::studio::render::frame::from_rgb(64, 400, &[255; 64 * 400 * 3]);
        scrim.draw(&mut frame, 1.0);
        let row = |y: usize| frame.y()[y * 64];
        assert!(row(0) < 130 && row(70) < 160 && row(120) > row(70) && row(399) == 235);
    }
}
