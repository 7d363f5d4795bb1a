//! How one shot gives way to the next.

use crate::studio::render::frame::{BLACK, Frame, Planes};
use crate::studio::render::resample::Part;
use crate::studio::render::view;

/// A kind of change between two shots.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Transition {
    /// Both blend.
    Crossfade,
    /// The new one pushes the old one out to the left.
    Slide,
    /// A soft slanted edge uncovers the new one.
    Wipe,
    /// The camera dives through the old one into the new one.
    Zoom,
    /// Through black.
    Dip,
}

impl Transition {
    /// Reads the word of a draft.
    pub(crate) fn from_word(word: &str) -> Option<Self> {
        Some(match word {
            "crossfade" | "fade" | "dissolve" => Self::Crossfade,
            "slide" | "push" => Self::Slide,
            "wipe" => Self::Wipe,
            "zoom" => Self::Zoom,
            "dip" => Self::Dip,
            _ => return None,
        })
    }

    /// Draws the moment `progress` (above 0, below 1) of the change from `old` to `new`
    /// into `out`. All three have one size.
    pub(crate) fn draw(self, progress: f64, old: &Frame, new: &Frame, out: &mut Frame) {
        match self {
            Self::Crossfade => {
                out.copy(old);
                out.mix(new, weight(smooth(progress)));
            }
            Self::Slide => slide(smooth(progress), old, new, out),
            Self::Wipe => wipe(smooth(progress), old, new, out),
            Self::Zoom => zoom(progress, old, new, out),
            Self::Dip => {
                let (shot, dark) =
                    if progress < 0.5 { (old, progress * 2.0) } else { (new, 2.0 - progress * 2.0) };
                out.copy(shot);
                out.mix_shade(BLACK, weight(smooth(dark)));
            }
        }
    }
}

/// Slow at both ends.
pub(crate) fn smooth(t: f64) -> f64 {
    let t = t.clamp(0.0, 1.0);
    t * t * (3.0 - 2.0 * t)
}

/// A share from 0 to 1 as a weight from 0 to 256.
pub(crate) fn weight(share: f64) -> u32 {
    (share.clamp(0.0, 1.0) * 256.0).round() as u32
}

fn slide(t: f64, old: &Frame, new: &Frame, out: &mut Frame) {
    let half = out.width / 2;
    let gone = ((t * half as f64).round() as usize).min(half);
    let shift = |width: usize, gone: usize, old: &[u8], new: &[u8], out: &mut [u8]| {
        let rows = out.chunks_exact_mut(width).zip(old.chunks_exact(width)).zip(new.chunks_exact(width));
        for ((out, old), new) in rows {
            let (left, right) = out.split_at_mut(width - gone);
            left.copy_from_slice(&old[gone..]);
            right.copy_from_slice(&new[..gone]);
        }
    };
    let width = out.width;
    let Planes { y, u, v } = out.planes_mut();
    shift(width, 2 * gone, old.y(), new.y(), y);
    shift(half, gone, old.u(), new.u(), u);
    shift(half, gone, old.v(), new.v(), v);
}

/// Part of the width over which the edge of a wipe is soft, and how far it leans.
const WIPE_SOFT: f64 = 0.12;
const WIPE_LEAN: f64 = 0.18;

fn wipe(t: f64, old: &Frame, new: &Frame, out: &mut Frame) {
    let uncover = |(width, height): (usize, usize), old: &[u8], new: &[u8], out: &mut [u8]| {
        let rows = out.chunks_exact_mut(width).zip(old.chunks_exact(width)).zip(new.chunks_exact(width));
        for (row, ((out, old), new)) in rows.enumerate() {
            let down = row as f64 / height as f64;
            // Before it starts and after it ends the edge lies outside of the picture.
            let edge = t * (1.0 + WIPE_SOFT + WIPE_LEAN) - WIPE_LEAN * down;
            for (column, ((out, old), new)) in out.iter_mut().zip(old).zip(new).enumerate() {
                let at = column as f64 / width as f64;
                let share = weight((edge - at) / WIPE_SOFT) as u16;
                *out = ((u16::from(*old) * (256 - share) + u16::from(*new) * share + 128) >> 8) as u8;
            }
        }
    };
    let size = (out.width, out.height);
    let half = (size.0 / 2, size.1 / 2);
    let Planes { y, u, v } = out.planes_mut();
    uncover(size, old.y(), new.y(), y);
    uncover(half, old.u(), new.u(), u);
    uncover(half, old.v(), new.v(), v);
}

fn zoom(t: f64, old: &Frame, new: &Frame, out: &mut Frame) {
    let closer = |by: f64| {
        let (width, height) = (old.width as f64, old.height as f64);
        let part = (width / by, height / by);
        Part { x: (width - part.0) / 2.0, y: (height - part.1) / 2.0, width: part.0, height: part.1 }
    };
    view::draw(old, closer(1.0 + 0.5 * t * t), out);
    // The new one settles back to its own size.
    let rest = 1.0 - t;
    let mut arriving = Frame::black(new.width, new.height);
    view::draw(new, closer(1.0 + 0.18 * rest * rest), &mut arriving);
    out.mix(&arriving, weight(smooth((t - 0.2) / 0.6)));
}

#[cfg(test)]
mod tests {
    use super::*;

    const ALL: [Transition; 5] =
        [Transition::Crossfade, Transition::Slide, Transition::Wipe, Transition::Zoom, Transition::Dip];

    fn grey(shade: u8) -> Frame {
        crate::studio::render::frame::from_rgb(64, 32, &[shade; 64 * 32 * 3])
    }

    fn at(kind: Transition, progress: f64) -> Frame {
        let mut out = Frame::black(64, 32);
        kind.draw(progress, &grey(60), &grey(220), &mut out);
        out
    }

    #[test]
    fn each_starts_at_the_old_shot_and_ends_at_the_new_one() {
        for kind in ALL {
            assert!(at(kind, 0.0).data == grey(60).data, "{kind:?}");
            assert!(at(kind, 1.0).data == grey(220).data, "{kind:?}");
        }
    }

    #[test]
    fn halfway_each_shows_something_of_its_own() {
        let crossed = at(Transition::Crossfade, 0.5).mean_luma();
        assert!((130..=138).contains(&crossed), "{crossed}");
        assert_eq!(at(Transition::Dip, 0.5).mean_luma(), BLACK);
        for kind in [Transition::Slide, Transition::Wipe] {
            let frame = at(kind, 0.5);
            assert_eq!(
                (frame.y()[0], frame.y()[63]),
                match kind {
                    Transition::Slide => (grey(60).y()[0], grey(220).y()[0]),
                    _ => (grey(220).y()[0], grey(60).y()[0]),
                }
            );
        }
    }
}
