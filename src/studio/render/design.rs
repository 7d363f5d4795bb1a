//! How large each style of words is set: sizes that suit the shape of the picture and the length of the text.

use crate::studio::render::safe::Safe;
use crate::studio::render::text::{Heft, Lines, Setting, Typesetter};
use crate::studio::render::words::{Side, Style, Words};

/// Words smaller than this part of the shorter side cannot be read on a phone.
const SIZE_MIN: f32 = 0.022;
/// How much few words may grow beyond the size of their style: on tall pictures more,
/// where lines are short.
const GROWTH: f32 = 1.22;
const GROWTH_TALL: f32 = 1.45;
/// What is left of the height below the logo of an end card.
const BELOW_LOGO: f32 = 0.3;
/// One step of growing and of shrinking.
const STEP: f32 = 1.06;

/// The design of a style: sizes are parts of the canvas' shorter side.
struct Design {
    size: f32,
    heft: Heft,
    tracking: f32,
    leading: f32,
    /// The longest line, as a part of the width.
    width: f32,
    /// The tallest block, as a part of the height.
    height: f32,
}

/// Breaks words into lines as large as their style says, or as large as fits without
/// cutting words; few words that stand alone in the middle grow.
pub(crate) fn lines(setter: &mut Typesetter, words: &Words, canvas: (usize, usize)) -> Lines {
    let design = design(words, canvas);
    let (width, height) = (canvas.0 as f32, canvas.1 as f32);
    let unit = width.min(height);
    let least = unit * SIZE_MIN;
    let mut set = |size: f32| {
        let (heft, tracking, leading) = (design.heft, design.tracking, design.leading);
        let width_max = width * design.width;
        let lines = setter.lines(&words.text, Setting { leading, size, heft, tracking, width_max });
        let fits = !lines.cut && lines.height() <= height * design.height;
        (lines, fits)
    };
    let mut size = (unit * design.size * words.size as f32).max(least);
    let (mut lines, mut fits) = set(size);
    while !fits && size > least {
        size = (size / STEP).max(least);
        (lines, fits) = set(size);
    }
    let most = size * growth(words, canvas);
    while fits && size * STEP <= most {
        size *= STEP;
        let (larger, fits) = set(size);
        if !fits || larger.widths.len() > lines.widths.len() {
            break;
        }
        lines = larger;
    }
    lines
}

/// How much words may grow: only those that are alone in the middle of the picture.
fn growth(words: &Words, canvas: (usize, usize)) -> f32 {
    let middle = words.position.down == Side::Middle && words.position.across == Side::Middle;
    match words.style {
        _ if words.below_logo => 1.0,
        Style::Statement | Style::Title if middle && canvas.1 > canvas.0 => GROWTH_TALL,
        Style::Statement | Style::Title if middle => GROWTH,
        _ => 1.0,
    }
}

fn design(words: &Words, canvas: (usize, usize)) -> Design {
    let safe = Safe::of(canvas);
    let tall = canvas.1 > canvas.0;
    let narrow = canvas.1 * 10 > canvas.0 * 9;
    let wide = |landscape, portrait| if tall { portrait } else { landscape };
    let (size, heft, tracking, leading) = match words.style {
        Style::Title => (0.094, Heft::Extrabold, -0.022, 1.1),
        Style::Statement => (0.112, Heft::Extrabold, -0.024, 1.12),
        // A phone held upright shows a narrow picture: what is read there is larger.
        Style::Caption => (if narrow { 0.058 } else { 0.046 }, Heft::Semibold, -0.002, 1.28),
        Style::CallToAction => (0.052, Heft::Extrabold, -0.008, 1.2),
        Style::LowerThird => (wide(0.082, 0.084), Heft::Extrabold, -0.012, 1.16),
    };
    let (width, height) = match words.style {
        Style::Title => (wide(0.8, 1.0), 0.36),
        Style::Statement => (wide(0.78, 1.0), 0.62),
        Style::Caption => (wide(0.66, 1.0), 0.3),
        Style::CallToAction => (0.6, 0.2),
        Style::LowerThird => (wide(0.55, 0.7), 0.25),
    };
    let width = f32::min(width, safe.centred() - 2.0 * padding(words.style) * size * words.size as f32);
    let height = f32::min(height, if words.below_logo { BELOW_LOGO } else { safe.height() });
    Design { size, heft, tracking, leading, width: width.min(words.room as f32), height }
}

/// What a style lays around its lines on each side, in ems.
fn padding(style: Style) -> f32 {
    match style {
        Style::Title | Style::Statement => 0.0,
        Style::Caption | Style::LowerThird => 0.7,
        Style::CallToAction => 1.05,
    }
}
