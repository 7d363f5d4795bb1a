//! Words on a picture: their place, and how they come and go.

use crate::studio::render::design;
use crate::studio::render::frame::Frame;
use crate::studio::render::paint::Rect;
use crate::studio::render::parts::{self, WHITE};
use crate::studio::render::safe::Safe;
use crate::studio::render::scrim::{Scrim, Shade};
use crate::studio::render::sprite::{Sprite, Stamp};
use crate::studio::render::text::Typesetter;
use crate::studio::render::transition::{smooth, weight};
use crate::studio::render::words::{Effect, Side, Words};

/// How long words take to come and to go, in seconds.
const COMING: f64 = 0.6;
const GOING: f64 = 0.35;
/// How much later each line comes than the one above it.
const STAGGER: f64 = 0.09;

/// Where words begin below the logo of an end card, as a part of the height.
const BELOW_LOGO: f32 = 0.55;

/// Words that were set and can be drawn at any moment.
pub(crate) struct Typeset {
    pieces: Vec<Piece>,
    /// What lies between the picture and the words, where the picture asks for it.
    scrim: Option<Scrim>,
    effect: Effect,
    /// The size of the letters in pixels: the measure of motion.
    em: f64,
    place: Rect,
}

/// A part that moves by itself.
struct Piece {
    sprite: Sprite,
    x: f64,
    y: f64,
    /// Seconds after the first piece.
    delay: f64,
    /// As it stands between coming and going.
    still: Stamp,
}

impl Typeset {
    /// Sets words for a canvas.
    pub(crate) fn new(setter: &mut Typesetter, words: &Words, canvas: (usize, usize)) -> Self {
        setter.wear(words.font.as_deref());
        let lines = design::lines(setter, words, canvas);
        let em = lines.setting.size;
        let parts = parts::parts(setter, words, &lines);
        let (width, height) = parts.iter().fold((0.0f32, 0.0f32), |(w, h), part| {
            (w.max(part.left + part.content.width), h.max(part.top + part.content.height))
        });
        let (x, y) = corner(words, canvas, (width, height));
        let place = Rect { x, y, width, height };
        let shade = words.ground.and_then(|ground| Shade::needed(words.color.unwrap_or(WHITE), ground));
        let scrim = shade.map(|shade| Scrim::new(shade, place, words.position.down, em, canvas.1));
        let pieces = parts.into_iter().enumerate().map(|(i, part)| {
            let x = (x + part.left - part.content.x).round();
            let y = (y + part.top - part.content.y).round();
            let (x, y) = (f64::from(x), f64::from(y));
            let still = part.sprite.stamp(x, y, 1.0);
            Piece { sprite: part.sprite, x, y, delay: i as f64 * STAGGER, still }
        });
        Self { pieces: pieces.collect(), scrim, effect: words.effect, em: f64::from(em), place }
    }

    /// Returns where the words stand between coming and going, shadows aside.
    pub(crate) fn place(&self) -> Rect {
        self.place
    }

    /// Draws what lies between the picture and the words, below everything else that is laid
    /// over the picture; times are those of [`Typeset::draw`].
    pub(crate) fn shade(&self, seconds: f64, length: f64, frame: &mut Frame) {
        let Some(scrim) = &self.scrim else { return };
        let (coming, gone) = way(self.effect, seconds, length);
        let here = if self.effect == Effect::None { 1.0 } else { seconds / coming };
        scrim.draw(frame, smooth(here) * (1.0 - smooth(gone)));
    }

    /// Draws the words `seconds` after they came, out of `length` that they stay.
    pub(crate) fn draw(&self, seconds: f64, length: f64, frame: &mut Frame) {
        let (coming, gone) = way(self.effect, seconds, length);
        for piece in &self.pieces {
            let here = ((seconds - piece.delay.min(coming * 0.5)) / coming).clamp(0.0, 1.0);
            let (opacity, lift, scale) = pose(self.effect, here, gone);
            let opacity = weight(opacity);
            if lift == 0.0 && scale == 1.0 {
                piece.still.draw(frame, opacity);
            } else if opacity > 0 {
                piece.sprite.stamp(piece.x, piece.y + lift * self.em, scale).draw(frame, opacity);
            }
        }
    }
}

/// Returns whether words stand still `seconds` after they came, out of `length` that they stay.
pub(crate) fn rest(effect: Effect, seconds: f64, length: f64) -> bool {
    let (coming, gone) = way(effect, seconds, length);
    // The last line comes half of the way later than the first.
    effect == Effect::None || (gone == 0.0 && seconds >= coming * 1.5)
}

/// How long words take to come in seconds, and how far they are gone, from 0 to 1.
fn way(effect: Effect, seconds: f64, length: f64) -> (f64, f64) {
    let going = GOING.min(length * 0.2);
    let gone = match effect {
        Effect::None => 0.0,
        _ => 1.0 - ((length - seconds) / going).clamp(0.0, 1.0),
    };
    (COMING.min(length * 0.3), gone)
}

/// Opacity, shift in ems (down is positive) and scale of a piece that has come as far as
/// `here` and gone as far as `gone`, both from 0 to 1.
fn pose(effect: Effect, here: f64, gone: f64) -> (f64, f64, f64) {
    let rest = 1.0 - here;
    let stays = 1.0 - smooth(gone);
    match effect {
        Effect::None => (1.0, 0.0, 1.0),
        Effect::Fade => (smooth(here) * stays, 0.0, 1.0),
        Effect::Rise => {
            // Fast, then slower and slower.
            let lift = 0.75 * rest * rest * rest * rest - 0.2 * gone * gone;
            (smooth((here * 1.6).min(1.0)) * stays, lift, 1.0)
        }
        Effect::Pop => {
            // A little beyond its size, then back.
            let spring = 1.0 - rest * rest * rest * (1.0 - 2.2 * here);
            let scale = if here >= 1.0 { 1.0 } else { 0.7 + 0.3 * spring };
            (smooth((here * 2.5).min(1.0)) * stays, 0.0, scale - 0.06 * gone * gone)
        }
    }
}

/// The top left corner of a block, inside of what players leave free.
fn corner(words: &Words, canvas: (usize, usize), block: (f32, f32)) -> (f32, f32) {
    let (width, height) = (canvas.0 as f32, canvas.1 as f32);
    let safe = Safe::of(canvas);
    let across = match words.position.across {
        Side::Start => width * safe.left,
        Side::Middle => (width - block.0) / 2.0,
        Side::End => width * (1.0 - safe.right) - block.0,
    };
    let down = match words.position.down {
        _ if words.below_logo => height * BELOW_LOGO,
        Side::Start => height * safe.top,
        // The middle of what is seen, which on a tall picture is not that of the picture.
        Side::Middle => height * (safe.top + safe.height() / 2.0) - block.1 / 2.0,
        Side::End => height * (1.0 - safe.bottom) - block.1,
    };
    (across, down.max(height * safe.top.min(0.02)))
}
