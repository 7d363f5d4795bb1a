//! Looks of a shot: black and white, warm, cool, vivid, bright, dark, vignette, blur.

use crate::studio::render::blur;
use crate::studio::render::frame::{Frame, GREY, Planes};

/// A change of the picture over a shot, or a part of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) enum Look {
    BlackAndWhite,
    Warm,
    Cool,
    Vivid,
    Bright,
    Dark,
    Vignette,
    Blur,
}

/// A look, made ready for one size of frame.
pub(crate) enum Filter {
    /// New values for each value of Y, U and V.
    Tables(Box<[[u8; 256]; 3]>),
    /// Brightness of each luma sample and each chroma sample, in 1/256.
    Mask { luma: Vec<u8>, chroma: Vec<u8> },
    /// Everything becomes soft.
    Blur,
}

impl Look {
    /// Reads the word of a draft.
    pub(crate) fn from_word(word: &str) -> Option<Self> {
        Some(match word {
            "bw" | "mono" | "grayscale" | "black-and-white" => Self::BlackAndWhite,
            "warm" => Self::Warm,
            "cool" => Self::Cool,
            "vivid" => Self::Vivid,
            "bright" | "brighter" => Self::Bright,
            "dark" | "darker" => Self::Dark,
            "vignette" => Self::Vignette,
            "blur" | "blurred" => Self::Blur,
            _ => return None,
        })
    }

    /// Makes it ready for frames of this size.
    pub(crate) fn filter(self, width: usize, height: usize) -> Filter {
        let same = |v: f64| v;
        match self {
            Self::BlackAndWhite => tables(|y| contrast(y, 1.08), |_| 128.0, |_| 128.0),
            Self::Warm => tables(same, |u| scaled(u, 0.96) - 7.0, |v| scaled(v, 1.04) + 6.0),
            Self::Cool => tables(same, |u| scaled(u, 1.04) + 7.0, |v| scaled(v, 0.94) - 6.0),
            Self::Vivid => tables(|y| contrast(y, 1.1), |u| scaled(u, 1.32), |v| scaled(v, 1.32)),
            // Black and white stay where they are; colours follow the light.
            Self::Bright => tables(|y| bent(y, 0.74), |u| scaled(u, 1.06), |v| scaled(v, 1.06)),
            Self::Dark => tables(|y| bent(y, 1.45) * 0.94 + 1.0, |u| scaled(u, 0.9), |v| scaled(v, 0.9)),
            Self::Blur => Filter::Blur,
            Self::Vignette => Filter::Mask { luma: mask(width, height), chroma: mask(width / 2, height / 2) },
        }
    }
}

impl Filter {
    /// Changes a frame of the size that the filter was made for.
    pub(crate) fn apply(&self, frame: &mut Frame) {
        if matches!(self, Self::Blur) {
            return blur::frame(frame);
        }
        let Planes { y, u, v } = frame.planes_mut();
        match self {
            Self::Blur => (),
            Self::Tables(tables) => {
                for (plane, table) in [y, u, v].into_iter().zip(tables.iter()) {
                    for sample in plane {
                        *sample = table[usize::from(*sample)];
                    }
                }
            }
            Self::Mask { luma, chroma } => {
                dim(y, luma, 16);
                dim(u, chroma, GREY);
                dim(v, chroma, GREY);
            }
        }
    }
}

fn dim(plane: &mut [u8], mask: &[u8], ground: u8) {
    let ground = i32::from(ground);
    for (sample, share) in plane.iter_mut().zip(mask) {
        *sample = (ground + (((i32::from(*sample) - ground) * (i32::from(*share) + 1)) >> 8)) as u8;
    }
}

fn tables(y: impl Fn(f64) -> f64, u: impl Fn(f64) -> f64, v: impl Fn(f64) -> f64) -> Filter {
    let table = |f: &dyn Fn(f64) -> f64, low: f64, high: f64| {
        std::array::from_fn(|i| f(i as f64).round().clamp(low, high) as u8)
    };
    let tables = [table(&y, 16.0, 235.0), table(&u, 16.0, 240.0), table(&v, 16.0, 240.0)];
    Filter::Tables(Box::new(tables))
}

fn scaled(chroma: f64, by: f64) -> f64 {
    128.0 + (chroma - 128.0) * by
}

/// The middle lifted (below 1) or lowered (above 1).
fn bent(y: f64, power: f64) -> f64 {
    16.0 + 219.0 * ((y - 16.0) / 219.0).clamp(0.0, 1.0).powf(power)
}

/// A gentle S around middle grey.
fn contrast(y: f64, by: f64) -> f64 {
    let x = (y - 125.5) / 109.5;
    let bent = x * by / (1.0 + (by - 1.0) * x * x);
    125.5 + 109.5 * bent
}

/// 255 in the middle, falling smoothly to about 45 % in the corners.
fn mask(width: usize, height: usize) -> Vec<u8> {
    let at = |i: usize, n: usize| (i as f64 + 0.5) / n as f64 * 2.0 - 1.0;
    let rows = (0..height).flat_map(|row| {
        let y = at(row, height);
        (0..width).map(move |column| {
            let x = at(column, width);
            let far = (((x * x + y * y) / 2.0).sqrt() - 0.45).max(0.0) / 0.55;
            ((1.0 - 0.55 * far * far * (3.0 - 2.0 * far).min(1.6)).clamp(0.0, 1.0) * 255.0).round() as u8
        })
    });
    rows.collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn orange() -> Frame {
        crate::studio::render::frame::from_rgb(32, 32, &[220, 130, 40].repeat(1024))
    }

    fn looked(look: Look) -> Frame {
        let mut frame = orange();
        look.filter(32, 32).apply(&mut frame);
        frame
    }

    #[test]
    fn black_and_white_has_no_colour() {
        let frame = looked(Look::BlackAndWhite);
        assert!(frame.u().iter().chain(frame.v()).all(|c| *c == GREY));
    }

    #[test]
    fn warm_is_redder_and_cool_is_bluer() {
        let plain = orange();
        let (warm, cool) = (looked(Look::Warm), looked(Look::Cool));
        assert!(warm.v()[0] > plain.v()[0] && warm.u()[0] < plain.u()[0]);
        assert!(cool.v()[0] < plain.v()[0] && cool.u()[0] > plain.u()[0]);
    }

    #[test]
    fn vivid_moves_chroma_away_from_grey() {
        assert!(looked(Look::Vivid).v()[0] > orange().v()[0]);
    }

    #[test]
    fn bright_lifts_and_dark_lowers_the_middle() {
        let plain = orange().y()[0];
        assert!(looked(Look::Bright).y()[0] > plain + 12 && looked(Look::Dark).y()[0] < plain - 12);
    }

    #[test]
    fn a_vignette_darkens_corners_and_not_the_middle() {
        let (plain, frame) = (orange(), looked(Look::Vignette));
        let middle = 16 * 32 + 16;
        assert_eq!(frame.y()[middle], plain.y()[middle]);
        assert!(frame.y()[0] < plain.y()[0] - 40);
    }
}
