//! What each style of words is made of: lines with shadows, boxes, buttons, plates with a bar.

use crate::studio::render::paint::{self, Paint, Rect};
use crate::studio::render::scrim::{Shade, luminance};
use crate::studio::render::sprite::Sprite;
use crate::studio::render::text::{Heft, Lines, Setting, Typesetter};
use crate::studio::render::words::{Side, Style, Words};

/// The colour of bars and buttons when nothing says another.
pub(crate) const ACCENT: [u8; 3] = [255, 92, 58];
pub(crate) const WHITE: [u8; 3] = [255, 255, 255];
/// Letters on a bright ground.
pub(crate) const INK: [u8; 3] = [14, 14, 18];
/// The plate behind words, and the shadow below them.
const PLATE: [u8; 3] = [10, 11, 15];
const SHADOW: [u8; 3] = [4, 6, 12];

/// A sprite with room around it for shadows.
pub(crate) struct Part {
    pub(crate) sprite: Sprite,
    /// Where the content lies inside of the sprite.
    pub(crate) content: Rect,
    /// Where the content lies inside of the block.
    pub(crate) left: f32,
    pub(crate) top: f32,
}

/// Draws words that were broken into lines, in the manner of their style; parts move one
/// after the other.
pub(crate) fn parts(setter: &mut Typesetter, words: &Words, lines: &Lines) -> Vec<Part> {
    let ink = words.color.unwrap_or(WHITE);
    let align = words.position.across;
    match words.style {
        Style::Title | Style::Statement => heading(setter, words, lines, ink),
        Style::Caption => vec![boxed(setter, lines, ink, align)],
        Style::CallToAction => vec![button(setter, lines, words.color)],
        Style::LowerThird => vec![lower_third(setter, words, lines)],
    }
}

/// Each line with a tight and a wide shadow: readable on any picture, boxed by none.
fn heading(setter: &mut Typesetter, words: &Words, lines: &Lines, ink: [u8; 3]) -> Vec<Part> {
    let em = lines.setting.size;
    let room = (em * 0.62).ceil();
    let widest = lines.width();
    let shade = if is_dark(ink) { WHITE } else { SHADOW };
    // The less the picture helps, the more the shadows do.
    let needed = words.ground.and_then(|ground| Shade::needed(ink, ground));
    let more = needed.map_or(0.0, |shade| (shade.opacity as f32 / 0.25).min(1.0));
    let part = |(i, width): (usize, &f32)| {
        let content = Rect { x: room, y: room, width: *width, height: lines.pitch() };
        let size = ((width + 2.0 * room).ceil() as usize, (content.height + 2.0 * room).ceil() as usize);
        let mut letters = Sprite::clear(size.0, size.1);
        let mask = setter.draw(lines, i, (room, room), ink, &mut letters);
        let mut sprite = Sprite::clear(size.0, size.1);
        let wide = Paint { rgb: shade, opacity: 0.32 + 0.2 * more };
        paint::shadow(&mut sprite, &mask, em * 0.26, (em * 0.05) as usize, wide);
        let tight = Paint { rgb: shade, opacity: 0.42 + 0.24 * more };
        paint::shadow(&mut sprite, &mask, (em * 0.045).max(1.0), (em * 0.025).ceil() as usize, tight);
        lay(&mut sprite, &letters);
        let left = aligned(words.position.across, widest, *width - lines.hanging(i));
        Part { sprite, content, left, top: i as f32 * lines.pitch() }
    };
    lines.widths.iter().enumerate().map(part).collect()
}

/// Lines in one soft dark box.
fn boxed(setter: &mut Typesetter, lines: &Lines, ink: [u8; 3], align: Side) -> Part {
    let em = lines.setting.size;
    let dark = is_dark(ink);
    let ground =
        Paint { rgb: if dark { [246, 246, 248] } else { PLATE }, opacity: if dark { 0.84 } else { 0.64 } };
    plate(setter, lines, ink, align, &Plate { padding: (em * 0.62, em * 0.3), radius: em * 0.34, ground })
}

/// A pill of colour with the words on it.
fn button(setter: &mut Typesetter, lines: &Lines, color: Option<[u8; 3]>) -> Part {
    let em = lines.setting.size;
    let ground = color.unwrap_or(ACCENT);
    let ink = if luminance(ground) > 0.4 { INK } else { WHITE };
    let radius = (lines.height() + em * 1.1) / 2.0;
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
    let inner = (lines.width(), lines.height());
    let content =
        Rect { x: room, y: room, width: inner.0 + 2.0 * padding.0, height: inner.1 + 2.0 * padding.1 };
    let size = ((content.width + 2.0 * room).ceil() as usize, (content.height + 2.0 * room).ceil() as usize);
    let mut sprite = Sprite::clear(size.0, size.1);
    let mut shape = Sprite::clear(size.0, size.1);
    paint::rounded(&mut shape, content, radius, Paint { rgb: [0, 0, 0], opacity: 1.0 });
    let mask: Vec<u8> = shape.rgba.as_chunks::<4>().0.iter().map(|pixel| pixel[3]).collect();
    if ground.opacity == 1.0 {
        let shade = Paint { rgb: SHADOW, opacity: 0.36 };
        paint::shadow(&mut sprite, &mask, em * 0.28, (em * 0.12) as usize, shade);
    }
    paint::rounded(&mut sprite, content, radius, ground);
    for (i, width) in lines.widths.iter().enumerate() {
        let x = room + padding.0 + aligned(align, inner.0, *width - lines.hanging(i));
        let y = room + padding.1 + i as f32 * lines.pitch();
        setter.draw(lines, i, (x, y), ink, &mut sprite);
    }
    Part { sprite, content, left: 0.0, top: 0.0 }
}

/// A name and what stands below it, on a dark plate with a bar of colour at its side. A
/// line break parts the two.
fn lower_third(setter: &mut Typesetter, words: &Words, whole: &Lines) -> Part {
    let em = whole.setting.size;
    let (name, role) = words.text.split_once('\n').unwrap_or((&words.text, ""));
    let first = setter.lines(name, whole.setting);
    let below =
        Setting { size: em * 0.64, heft: Heft::Semibold, tracking: 0.002, leading: 1.34, ..whole.setting };
    let second = (!role.is_empty()).then(|| setter.lines(role, below));
    let second_width = second.as_ref().map_or(0.0, Lines::width);
    let second_height = second.as_ref().map_or(0.0, Lines::height);
    let bar = (em * 0.24).round().max(2.0);
    let (across, down) = (em * 0.58, em * 0.36);
    let room = 2.0;
    let width = bar + 2.0 * across + first.width().max(second_width);
    let content = Rect { x: room, y: room, width, height: first.height() + second_height + 2.0 * down };
    let size = ((width + 2.0 * room).ceil() as usize, (content.height + 2.0 * room).ceil() as usize);
    let mut sprite = Sprite::clear(size.0, size.1);
    // The bar stands at the plate's own edge; under it the plate's corners are square.
    paint::rounded(&mut sprite, content, em * 0.14, Paint { rgb: PLATE, opacity: 0.74 });
    let accent = words.color.filter(|c| *c != WHITE).unwrap_or(ACCENT);
    let edge = Rect { width: bar, ..content };
    paint::rounded(&mut sprite, edge, 0.0, Paint { rgb: accent, opacity: 1.0 });
    let left = room + bar + across;
    for i in 0..first.widths.len() {
        setter.draw(&first, i, (left, room + down + i as f32 * first.pitch()), WHITE, &mut sprite);
    }
    if let Some(second) = &second {
        for i in 0..second.widths.len() {
            let y = room + down + first.height() + i as f32 * second.pitch();
            setter.draw(second, i, (left, y), [222, 225, 232], &mut sprite);
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

fn is_dark(rgb: [u8; 3]) -> bool {
    luminance(rgb) < 0.08
}
