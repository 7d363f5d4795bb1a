//! Words on a picture: each style's design, its place, and how it comes and goes.

use crate::studio::render::frame::Frame;
use crate::studio::render::paint::{self, Paint, Rect};
use crate::studio::render::sprite::{Sprite, Stamp};
use crate::studio::render::text::{Heft, Lines, Setting, Typesetter};
use crate::studio::render::transition::{smooth, weight};
use crate::studio::render::words::{Effect, Side, Style, Words};

/// Words smaller than this part of the shorter side cannot be read on a phone.
const SIZE_MIN: f32 = 0.022;
/// How long words take to come and to go, in seconds.
const COMING: f64 = 0.6;
const GOING: f64 = 0.35;
/// How much later each line comes than the one above it.
const STAGGER: f64 = 0.09;
/// The colour of bars and buttons when the words are white.
const ACCENT: [u8; 3] = [255, 92, 58];
const WHITE: [u8; 3] = [255, 255, 255];

/// Words that were set and can be drawn at any moment.
pub(crate) struct Typeset {
    pieces: Vec<Piece>,
    effect: Effect,
    /// The size of the letters in pixels: the measure of motion.
    em: f64,
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

impl Typeset {
    /// Sets words for a canvas.
    pub(crate) fn new(setter: &mut Typesetter, words: &Words, canvas: (usize, usize)) -> Self {
        let mut design = design(words.style, canvas);
        design.width = design.width.min(words.room as f32);
        let lines = fitted(setter, &words.text, &design, words.size as f32, canvas);
        let ink = words.color.unwrap_or(WHITE);
        let em = lines.setting.size;
        let sprites = match words.style {
            Style::Title | Style::Statement => heading(setter, &lines, ink, words.position.across),
            Style::Caption => vec![boxed(setter, &lines, ink, words.position.across)],
            Style::CallToAction => vec![button(setter, &lines, words.color)],
            Style::LowerThird => vec![lower_third(setter, words, &lines, canvas)],
        };
        let whole = sprites.iter().fold((0.0f32, 0.0f32), |(w, h), part| {
            (w.max(part.left + part.content.width), h.max(part.top + part.content.height))
        });
        let (left, top) = corner(words, canvas, whole);
        let pieces = sprites.into_iter().enumerate().map(|(i, part)| {
            let x = (left + part.left - part.content.x).round();
            let y = (top + part.top - part.content.y).round();
            let (x, y) = (f64::from(x), f64::from(y));
            let still = part.sprite.stamp(x, y, 1.0);
            Piece { sprite: part.sprite, x, y, delay: i as f64 * STAGGER, still }
        });
        Self { pieces: pieces.collect(), effect: words.effect, em: f64::from(em) }
    }

    /// Draws the words `seconds` after they came, out of `length` that they stay.
    pub(crate) fn draw(&self, seconds: f64, length: f64, frame: &mut Frame) {
        let coming = COMING.min(length * 0.3);
        let going = GOING.min(length * 0.2);
        let gone = if self.effect == Effect::None {
            0.0
        } else {
            1.0 - ((length - seconds) / going).clamp(0.0, 1.0)
        };
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

fn design(style: Style, canvas: (usize, usize)) -> Design {
    let tall = canvas.1 > canvas.0;
    let wide = |landscape, portrait| if tall { portrait } else { landscape };
    let (size, heft, tracking, leading) = match style {
        Style::Title => (0.094, Heft::Extrabold, -0.022, 1.1),
        Style::Statement => (0.112, Heft::Extrabold, -0.024, 1.13),
        Style::Caption => (0.045, Heft::Semibold, -0.002, 1.3),
        Style::CallToAction => (0.052, Heft::Extrabold, -0.008, 1.2),
        Style::LowerThird => (0.06, Heft::Extrabold, -0.012, 1.18),
    };
    let (width, height) = match style {
        Style::Title => (wide(0.8, 0.86), 0.5),
        Style::Statement => (wide(0.76, 0.84), 0.62),
        Style::Caption => (wide(0.62, 0.8), 0.3),
        Style::CallToAction => (wide(0.6, 0.76), 0.2),
        Style::LowerThird => (wide(0.55, 0.74), 0.25),
    };
    Design { size, heft, tracking, leading, width, height }
}

/// Sets text as large as the design says, or as large as fits without cutting words.
fn fitted(
    setter: &mut Typesetter,
    text: &str,
    design: &Design,
    factor: f32,
    canvas: (usize, usize),
) -> Lines {
    let (width, height) = (canvas.0 as f32, canvas.1 as f32);
    let unit = width.min(height);
    let least = unit * SIZE_MIN;
    let mut size = (unit * design.size * factor).max(least);
    loop {
        let setting = Setting {
            leading: design.leading,
            size,
            heft: design.heft,
            tracking: design.tracking,
            width_max: width * design.width,
        };
        let lines = setter.lines(text, setting);
        let fits = !lines.cut && lines.pitch() * lines.widths.len() as f32 <= height * design.height;
        if fits || size <= least {
            return lines;
        }
        size = (size * 0.92).max(least);
    }
}

/// A sprite with room around it for shadows.
struct Part {
    sprite: Sprite,
    /// Where the content lies inside of the sprite.
    content: Rect,
    /// Where the content lies inside of the block.
    left: f32,
    top: f32,
}

/// Each line with a tight and a wide shadow: readable on any picture, boxed by none.
fn heading(setter: &mut Typesetter, lines: &Lines, ink: [u8; 3], align: Side) -> Vec<Part> {
    let em = lines.setting.size;
    let room = (em * 0.62).ceil();
    let widest = lines.width();
    let shade = if is_dark(ink) { WHITE } else { [4, 6, 12] };
    let part = |(i, width): (usize, &f32)| {
        let content = Rect { x: room, y: room, width: *width, height: lines.pitch() };
        let size = ((width + 2.0 * room).ceil() as usize, (content.height + 2.0 * room).ceil() as usize);
        let mut letters = Sprite::clear(size.0, size.1);
        let mask = setter.draw(lines, i, (room, room), ink, &mut letters);
        let mut sprite = Sprite::clear(size.0, size.1);
        let wide = Paint { rgb: shade, opacity: 0.34 };
        paint::shadow(&mut sprite, &mask, em * 0.26, (em * 0.05) as usize, wide);
        let tight = Paint { rgb: shade, opacity: 0.42 };
        paint::shadow(&mut sprite, &mask, (em * 0.045).max(1.0), (em * 0.025).ceil() as usize, tight);
        lay(&mut sprite, &letters);
        let left = aligned(align, widest, *width);
        Part { sprite, content, left, top: i as f32 * lines.pitch() }
    };
    lines.widths.iter().enumerate().map(part).collect()
}

/// Lines in one soft dark box.
fn boxed(setter: &mut Typesetter, lines: &Lines, ink: [u8; 3], align: Side) -> Part {
    let em = lines.setting.size;
    let (across, down) = (em * 0.62, em * 0.34);
    let ground = if is_dark(ink) { [246, 246, 248] } else { [10, 11, 15] };
    let ground = Paint { rgb: ground, opacity: if is_dark(ink) { 0.82 } else { 0.6 } };
    plate(setter, lines, ink, align, &Plate { padding: (across, down), radius: em * 0.36, ground })
}

/// A pill of colour with the words on it.
fn button(setter: &mut Typesetter, lines: &Lines, color: Option<[u8; 3]>) -> Part {
    let em = lines.setting.size;
    let ground = color.unwrap_or(ACCENT);
    let ink = if luminance(ground) > 0.55 { [14, 14, 18] } else { WHITE };
    let radius = (lines.pitch() * lines.widths.len() as f32 + em * 1.1) / 2.0;
    let padding = (em * 1.05, em * 0.5);
    let ground = Paint { rgb: ground, opacity: 1.0 };
    plate(setter, lines, ink, Side::Middle, &Plate { padding, radius: radius.min(em * 1.3), ground })
}

/// The ground on which lines stand.
struct Plate {
    /// Room left and right of the lines, and above and below them.
    padding: (f32, f32),
    radius: f32,
    ground: Paint,
}

fn plate(setter: &mut Typesetter, lines: &Lines, ink: [u8; 3], align: Side, plate: &Plate) -> Part {
    let &Plate { padding, radius, ground } = plate;
    let em = lines.setting.size;
    let room = (em * 0.6).ceil();
    let inner = (lines.width(), lines.pitch() * lines.widths.len() as f32);
    let content =
        Rect { x: room, y: room, width: inner.0 + 2.0 * padding.0, height: inner.1 + 2.0 * padding.1 };
    let size = ((content.width + 2.0 * room).ceil() as usize, (content.height + 2.0 * room).ceil() as usize);
    let mut sprite = Sprite::clear(size.0, size.1);
    let mut shape = Sprite::clear(size.0, size.1);
    paint::rounded(&mut shape, content, radius, Paint { rgb: [0, 0, 0], opacity: 1.0 });
    let mask: Vec<u8> = shape.rgba.as_chunks::<4>().0.iter().map(|pixel| pixel[3]).collect();
    if ground.opacity == 1.0 {
        let shade = Paint { rgb: [4, 6, 12], opacity: 0.36 };
        paint::shadow(&mut sprite, &mask, em * 0.28, (em * 0.12) as usize, shade);
    }
    paint::rounded(&mut sprite, content, radius, ground);
    for (i, width) in lines.widths.iter().enumerate() {
        let x = room + padding.0 + aligned(align, inner.0, *width);
        let y = room + padding.1 + i as f32 * lines.pitch();
        setter.draw(lines, i, (x, y), ink, &mut sprite);
    }
    Part { sprite, content, left: 0.0, top: 0.0 }
}

/// A name and what stands below it, on a dark plate with a bar of colour at its side. A
/// line break parts the two.
fn lower_third(setter: &mut Typesetter, words: &Words, whole: &Lines, canvas: (usize, usize)) -> Part {
    let em = whole.setting.size;
    let (name, role) = words.text.split_once('\n').unwrap_or((&words.text, ""));
    let first = setter.lines(name, whole.setting);
    let below =
        Setting { size: em * 0.66, heft: Heft::Semibold, tracking: 0.0, leading: 1.3, ..whole.setting };
    let second = (!role.is_empty()).then(|| setter.lines(role, below));
    let second_width = second.as_ref().map_or(0.0, Lines::width);
    let first_height = first.pitch() * first.widths.len() as f32;
    let second_height = second.as_ref().map_or(0.0, |l| l.pitch() * l.widths.len() as f32);
    let bar = (canvas.1 as f32 * 0.008).max(2.0);
    let (across, down) = (em * 0.7, em * 0.42);
    let room = 2.0;
    let width = bar + 2.0 * across + first.width().max(second_width);
    let content = Rect { x: room, y: room, width, height: first_height + second_height + 2.0 * down };
    let size = ((width + 2.0 * room).ceil() as usize, (content.height + 2.0 * room).ceil() as usize);
    let mut sprite = Sprite::clear(size.0, size.1);
    paint::rounded(&mut sprite, content, em * 0.16, Paint { rgb: [10, 11, 15], opacity: 0.68 });
    let accent = words.color.filter(|c| *c != WHITE).unwrap_or(ACCENT);
    let edge = Rect { width: bar, ..content };
    paint::rounded(&mut sprite, edge, bar / 2.0, Paint { rgb: accent, opacity: 1.0 });
    let left = room + bar + across;
    for i in 0..first.widths.len() {
        setter.draw(&first, i, (left, room + down + i as f32 * first.pitch()), WHITE, &mut sprite);
    }
    if let Some(second) = &second {
        for i in 0..second.widths.len() {
            let y = room + down + first_height + i as f32 * second.pitch();
            setter.draw(second, i, (left, y), [214, 217, 224], &mut sprite);
        }
    }
    Part { sprite, content, left: 0.0, top: 0.0 }
}

fn lay(under: &mut Sprite, over: &Sprite) {
    for (to, from) in under.rgba.as_chunks_mut::<4>().0.iter_mut().zip(over.rgba.as_chunks::<4>().0) {
        let rest = 255 - u32::from(from[3]);
        for (to, from) in to.iter_mut().zip(from) {
            *to = (u32::from(*from) + (u32::from(*to) * rest + 127) / 255).min(255) as u8;
        }
    }
}

fn aligned(side: Side, room: f32, width: f32) -> f32 {
    match side {
        Side::Start => 0.0,
        Side::Middle => (room - width) / 2.0,
        Side::End => room - width,
    }
}

/// The top left corner of a block, inside of margins that no platform covers: the
/// interfaces of vertical players take more at the top and at the bottom.
fn corner(words: &Words, canvas: (usize, usize), block: (f32, f32)) -> (f32, f32) {
    let (width, height) = (canvas.0 as f32, canvas.1 as f32);
    let tall = height > width * 1.2;
    let side = width * if tall { 0.07 } else { 0.06 };
    let (top, bottom) = (height * if tall { 0.13 } else { 0.085 }, height * if tall { 0.2 } else { 0.085 });
    let across = match words.position.across {
        Side::Start => side,
        Side::Middle => (width - block.0) / 2.0,
        Side::End => width - side - block.0,
    };
    let down = match words.position.down {
        Side::Start => top,
        Side::Middle => (height - block.1) / 2.0,
        Side::End => height - bottom - block.1,
    };
    (across, down.max(height * 0.02))
}

fn luminance(rgb: [u8; 3]) -> f32 {
    (0.2126 * f32::from(rgb[0]) + 0.7152 * f32::from(rgb[1]) + 0.0722 * f32::from(rgb[2])) / 255.0
}

fn is_dark(rgb: [u8; 3]) -> bool {
    luminance(rgb) < 0.3
}
