//! A picture with transparency that is laid over a frame: words, logos.

use crate::studio::render::frame::{BLACK, Frame, GREY, Planes, chroma, luma};

/// Pixels that know their own opacity: RGBA, multiplied by alpha.
#[derive(Clone)]
pub(crate) struct Sprite {
    pub(crate) width: usize,
    pub(crate) height: usize,
    pub(crate) rgba: Vec<u8>,
}

/// A sprite that was put in place and converted to the planes of a frame.
pub(crate) struct Stamp {
    /// Even, so that chroma falls on whole samples. May lie outside of the frame.
    x: i64,
    y: i64,
    /// Even.
    width: usize,
    luma: Vec<u8>,
    alpha: Vec<u8>,
    /// Half the size each way, as the frame's.
    u: Vec<u8>,
    v: Vec<u8>,
    chroma_alpha: Vec<u8>,
}

impl Sprite {
    /// Makes a wholly transparent sprite.
    pub(crate) fn clear(width: usize, height: usize) -> Self {
        Self { width, height, rgba: vec![0; width * height * 4] }
    }

    /// Returns the stamp of this sprite with its top left corner at (x, y), scaled by
    /// `scale` around its centre. Places between pixels are honoured.
    pub(crate) fn stamp(&self, x: f64, y: f64, scale: f64) -> Stamp {
        let (width, height) = (self.width as f64 * scale, self.height as f64 * scale);
        let left = x + (self.width as f64 - width) / 2.0;
        let top = y + (self.height as f64 - height) / 2.0;
        let (x0, y0) = ((left.floor() as i64) & !1, (top.floor() as i64) & !1);
        let span = |from: f64, length: f64, origin: i64| {
            let end = (from + length).ceil() as i64 - origin;
            ((end + 1) & !1).max(2) as usize
        };
        let (w, h) = (span(left, width, x0), span(top, height, y0));
        let whole = scale == 1.0 && left.fract() == 0.0 && top.fract() == 0.0;
        let rgba = if whole {
            self.shifted((left as i64 - x0) as usize, (top as i64 - y0) as usize, w, h)
        } else {
            self.scaled(left - x0 as f64, top - y0 as f64, scale, (w, h))
        };
        convert(x0, y0, w, &rgba)
    }

    fn shifted(&self, dx: usize, dy: usize, width: usize, height: usize) -> Vec<u8> {
        let mut rgba = vec![0; width * height * 4];
        for (row, line) in self.rgba.chunks_exact(self.width * 4).enumerate() {
            rgba[((row + dy) * width + dx) * 4..][..line.len()].copy_from_slice(line);
        }
        rgba
    }

    /// Bilinear: (dx, dy) is where the top left corner lands.
    fn scaled(&self, dx: f64, dy: f64, scale: f64, to: (usize, usize)) -> Vec<u8> {
        let mut rgba = vec![0; to.0 * to.1 * 4];
        let fixed = |at: f64| (at * 256.0).round() as i64;
        let place = |i: usize, d: f64| fixed((i as f64 + 0.5 - d) / scale - 0.5);
        let columns: Vec<i64> = (0..to.0).map(|i| place(i, dx)).collect();
        for (j, line) in rgba.chunks_exact_mut(to.0 * 4).enumerate() {
            let y = place(j, dy);
            let (row, fy) = (y >> 8, (y & 255) as u32);
            for (out, x) in line.as_chunks_mut::<4>().0.iter_mut().zip(&columns) {
                let (column, fx) = (x >> 8, (x & 255) as u32);
                let (a, b) = (self.pixel(column, row), self.pixel(column + 1, row));
                let (c, d) = (self.pixel(column, row + 1), self.pixel(column + 1, row + 1));
                for i in 0..4 {
                    let top = u32::from(a[i]) * (256 - fx) + u32::from(b[i]) * fx;
                    let bottom = u32::from(c[i]) * (256 - fx) + u32::from(d[i]) * fx;
                    out[i] = ((top * (256 - fy) + bottom * fy + (1 << 15)) >> 16) as u8;
                }
            }
        }
        rgba
    }

    fn pixel(&self, x: i64, y: i64) -> [u8; 4] {
        let inside = (0..self.width as i64).contains(&x) && (0..self.height as i64).contains(&y);
        if !inside {
            return [0; 4];
        }
        let at = (y as usize * self.width + x as usize) * 4;
        [self.rgba[at], self.rgba[at + 1], self.rgba[at + 2], self.rgba[at + 3]]
    }
}

fn convert(x: i64, y: i64, width: usize, rgba: &[u8]) -> Stamp {
    let pixels = rgba.as_chunks::<4>().0;
    let share = |alpha: i32, offset: u8| (alpha * i32::from(offset) + 127) / 255;
    let shades = pixels.iter().map(|pixel| {
        let [r, g, b, a] = pixel.map(i32::from);
        (share(a, BLACK) + ((luma(r, g, b) + 32768) >> 16)) as u8
    });
    let luma = shades.collect();
    let alpha = pixels.iter().map(|pixel| pixel[3]).collect();
    let quarter = pixels.len() / 4;
    let (mut u, mut v) = (Vec::with_capacity(quarter), Vec::with_capacity(quarter));
    let mut chroma_alpha = Vec::with_capacity(quarter);
    for rows in pixels.chunks_exact(width * 2) {
        let (top, bottom) = rows.split_at(width);
        for at in (0..width).step_by(2) {
            let before = at.saturating_sub(1);
            // Eight shares, left-sited as the frame's chroma.
            let [r, g, b, a] = [0, 1, 2, 3].map(|c| {
                let over = |row: &[[u8; 4]]| {
                    i32::from(row[before][c]) + 2 * i32::from(row[at][c]) + i32::from(row[at + 1][c])
                };
                over(top) + over(bottom)
            });
            let (cb, cr) = chroma(r, g, b);
            let grey = share(a, GREY);
            u.push(((grey + ((cb + 32768) >> 16) + 4) >> 3).clamp(0, 255) as u8);
            v.push(((grey + ((cr + 32768) >> 16) + 4) >> 3).clamp(0, 255) as u8);
            chroma_alpha.push(((a + 4) >> 3) as u8);
        }
    }
    Stamp { x, y, width, luma, alpha, u, v, chroma_alpha }
}

impl Stamp {
    /// Lays it over `frame` with `opacity` from 0 to 256. What lies outside is cut off.
    pub(crate) fn draw(&self, frame: &mut Frame, opacity: u32) {
        if opacity == 0 {
            return;
        }
        let (width, height) = (frame.width as i64, frame.height as i64);
        let Planes { y, u, v } = frame.planes_mut();
        let opacity = opacity.min(256) as u16;
        blend(y, (width, height), &self.luma, &self.alpha, (self.x, self.y, self.width), opacity);
        let (half, place) = ((width / 2, height / 2), (self.x / 2, self.y / 2, self.width / 2));
        blend(u, half, &self.u, &self.chroma_alpha, place, opacity);
        blend(v, half, &self.v, &self.chroma_alpha, place, opacity);
    }
}

fn blend(
    plane: &mut [u8],
    (width, height): (i64, i64),
    samples: &[u8],
    alpha: &[u8],
    (x, y, stamp_width): (i64, i64, usize),
    opacity: u16,
) {
    let (from, to) = (x.clamp(0, width), (x + stamp_width as i64).clamp(0, width));
    if from >= to {
        return;
    }
    let skip = (from - x) as usize;
    let count = (to - from) as usize;
    let rows = samples.chunks_exact(stamp_width).zip(alpha.chunks_exact(stamp_width));
    for ((samples, alpha), row) in rows.zip(y..) {
        if !(0..height).contains(&row) {
            continue;
        }
        let line = &mut plane[(row * width + from) as usize..][..count];
        for ((out, sample), alpha) in line.iter_mut().zip(&samples[skip..]).zip(&alpha[skip..]) {
            let alpha = (u16::from(*alpha) * opacity + 128) >> 8;
            let over = (u16::from(*sample) * opacity + 128) >> 8;
            let under = u16::from(*out) * (255 - alpha) + 127;
            // The usual exact division by 255 for 16 bits.
            *out = (over + ((under + 1 + (under >> 8)) >> 8)).min(255) as u8;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn red(side: usize) -> Sprite {
        Sprite { width: side, height: side, rgba: [255, 0, 0, 255].repeat(side * side) }
    }

    fn sample(frame: &Frame, x: usize, y: usize) -> (u8, u8, u8) {
        let chroma = y / 2 * (frame.width / 2) + x / 2;
        (frame.y()[y * frame.width + x], frame.u()[chroma], frame.v()[chroma])
    }

    #[test]
    fn an_opaque_sprite_replaces_what_is_under_it() {
        let mut frame = Frame::black(16, 16);
        red(4).stamp(4.0, 4.0, 1.0).draw(&mut frame, 256);
        let (y, u, v) = sample(&frame, 6, 6);
        assert!(
            (62..=64).contains(&y) && (101..=103).contains(&u) && (239..=241).contains(&v),
            "{y} {u} {v}"
        );
        assert_eq!(sample(&frame, 10, 10), (16, 128, 128));
    }

    #[test]
    fn opacity_moves_between_under_and_over() {
        let mut frame = Frame::black(16, 16);
        red(8).stamp(4.0, 4.0, 1.0).draw(&mut frame, 128);
        let (y, _, v) = sample(&frame, 8, 8);
        assert!((38..=41).contains(&y) && (182..=186).contains(&v), "{y} {v}");
    }

    #[test]
    fn half_a_pixel_spreads_over_two() {
        let mut frame = Frame::black(16, 16);
        red(4).stamp(4.5, 4.0, 1.0).draw(&mut frame, 256);
        let (edge, inside) = (sample(&frame, 4, 6).0, sample(&frame, 6, 6).0);
        assert!(edge > 30 && edge < 50 && inside > 60, "{edge} {inside}");
    }

    #[test]
    fn what_hangs_over_the_edge_is_cut_off() {
        let mut frame = Frame::black(8, 8);
        red(6).stamp(-4.0, 5.0, 1.0).draw(&mut frame, 256);
        red(6).stamp(40.0, 40.0, 1.0).draw(&mut frame, 256);
        assert!(sample(&frame, 0, 7).0 > 60);
        assert_eq!(sample(&frame, 4, 7).0, 16);
    }
}
