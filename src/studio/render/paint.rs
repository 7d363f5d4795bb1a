//! Paints on sprites: boxes with round corners, soft shadows, ink.

use crate::studio::render::sprite::Sprite;

/// A colour with an opacity from 0 to 1.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Paint {
    pub(crate) rgb: [u8; 3],
    pub(crate) opacity: f32,
}

/// A rectangle in pixels, whose edges may lie between them.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Rect {
    pub(crate) x: f32,
    pub(crate) y: f32,
    pub(crate) width: f32,
    pub(crate) height: f32,
}

/// Fills a rectangle with round corners, smooth at its edges.
pub(crate) fn rounded(sprite: &mut Sprite, rect: Rect, radius: f32, paint: Paint) {
    let radius = radius.min(rect.width / 2.0).min(rect.height / 2.0);
    let (cx, cy) = (rect.x + rect.width / 2.0, rect.y + rect.height / 2.0);
    let (hx, hy) = (rect.width / 2.0 - radius, rect.height / 2.0 - radius);
    for y in 0..sprite.height {
        for x in 0..sprite.width {
            let dx = ((x as f32 + 0.5 - cx).abs() - hx).max(0.0);
            let dy = ((y as f32 + 0.5 - cy).abs() - hy).max(0.0);
            let inside = (radius + 0.5 - (dx * dx + dy * dy).sqrt()).clamp(0.0, 1.0);
            if inside > 0.0 {
                over(sprite, x, y, paint, inside);
            }
        }
    }
}

/// Lays `paint` over one pixel, as far as `share` (0 to 1) covers it.
pub(crate) fn over(sprite: &mut Sprite, x: usize, y: usize, paint: Paint, share: f32) {
    let alpha = (paint.opacity * share).clamp(0.0, 1.0);
    let at = (y * sprite.width + x) * 4;
    let Some(pixel) = sprite.rgba.get_mut(at..at + 4) else { return };
    let colour = [paint.rgb[0], paint.rgb[1], paint.rgb[2], 255];
    for (to, c) in pixel.iter_mut().zip(colour) {
        *to = (f32::from(*to) * (1.0 - alpha) + f32::from(c) * alpha + 0.5) as u8;
    }
}

/// Lays a shadow of the ink in `mask` (one byte a pixel, of the sprite's size) over the
/// sprite: blurred by `radius` pixels and moved down by `drop`.
pub(crate) fn shadow(sprite: &mut Sprite, mask: &[u8], radius: f32, drop: usize, paint: Paint) {
    let mut soft = mask.to_vec();
    // Three boxes come close to a Gaussian.
    let reach = ((radius / 1.7).round() as usize).max(1);
    for _ in 0..3 {
        blur_rows(&mut soft, sprite.width, reach);
        blur_columns(&mut soft, sprite.width, reach);
    }
    for y in drop..sprite.height {
        for x in 0..sprite.width {
            let share = soft[(y - drop) * sprite.width + x];
            if share > 0 {
                over(sprite, x, y, paint, f32::from(share) / 255.0);
            }
        }
    }
}

fn blur_rows(mask: &mut [u8], width: usize, reach: usize) {
    let mut row = vec![0; width];
    for line in mask.chunks_exact_mut(width) {
        row.copy_from_slice(line);
        slide(&row, reach, |x, mean| line[x] = mean);
    }
}

fn blur_columns(mask: &mut [u8], width: usize, reach: usize) {
    let height = mask.len() / width;
    let mut column = vec![0; height];
    for x in 0..width {
        for (y, to) in column.iter_mut().enumerate() {
            *to = mask[y * width + x];
        }
        slide(&column, reach, |y, mean| mask[y * width + x] = mean);
    }
}

/// The running mean over `reach` samples to both sides; outside there is nothing.
fn slide(samples: &[u8], reach: usize, mut put: impl FnMut(usize, u8)) {
    let span = (2 * reach + 1) as u32;
    let mut sum: u32 = samples.iter().take(reach).map(|s| u32::from(*s)).sum();
    for at in 0..samples.len() {
        sum += samples.get(at + reach).map_or(0, |s| u32::from(*s));
        if at > reach {
            sum -= u32::from(samples[at - reach - 1]);
        }
        put(at, ((sum + span / 2) / span) as u8);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const BLACK: Paint = Paint { rgb: [0, 0, 0], opacity: 1.0 };

    fn alpha(sprite: &Sprite, x: usize, y: usize) -> u8 {
        sprite.rgba[(y * sprite.width + x) * 4 + 3]
    }

    #[test]
    fn corners_are_round_and_the_middle_is_full() {
        let mut sprite = Sprite::clear(20, 20);
        rounded(&mut sprite, Rect { x: 0.0, y: 0.0, width: 20.0, height: 20.0 }, 8.0, BLACK);
        assert_eq!((alpha(&sprite, 0, 0), alpha(&sprite, 10, 10), alpha(&sprite, 10, 0)), (0, 255, 255));
    }

    #[test]
    fn a_shadow_is_soft_and_falls_down() {
        let mut mask = vec![0; 40 * 40];
        for y in 15..25 {
            mask[y * 40 + 15..y * 40 + 25].fill(255);
        }
        let mut sprite = Sprite::clear(40, 40);
        shadow(&mut sprite, &mask, 4.0, 3, BLACK);
        let (middle, edge, above, below) =
            (alpha(&sprite, 20, 23), alpha(&sprite, 12, 23), alpha(&sprite, 20, 13), alpha(&sprite, 20, 30));
        assert!(middle > 200 && edge > 10 && edge < 150, "{middle} {edge}");
        assert!(below > above, "{above} {below}");
        assert_eq!(alpha(&sprite, 0, 0), 0);
    }
}
