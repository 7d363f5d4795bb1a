//! Animated backgrounds for words: slow fields of colour, computed small and scaled up with dither.

use crate::studio::render::frame::{Frame, Planes, chroma, luma};
use crate::studio::render::palette::{self, Lab};

/// How much smaller than the canvas the field is computed.
const SMALLER: usize = 8;
/// Samples of the small field are kept in 1/64 steps, so that they can be scaled up
/// without bands.
const STEPS: i32 = 64;

/// A background that always moves.
pub(crate) struct Scene {
    blobs: Vec<Blob>,
    ground: Lab,
    style: Style,
    /// Of the small field: one sample beyond each end, to scale up between.
    size: (usize, usize),
    aspect: f64,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Style {
    /// Colours that flow into each other.
    Mesh,
    /// Bands of light that sway.
    Aurora,
    /// Soft discs that drift over the colours.
    Bokeh,
}

/// A colour that wanders around its home.
struct Blob {
    colour: Lab,
    home: (f64, f64),
    reach: (f64, f64),
    /// Turns in a second, each way.
    pace: (f64, f64),
    phase: (f64, f64),
    weight: f64,
}

impl Scene {
    /// Makes a scene. Names that nobody knows choose something by themselves.
    pub(crate) fn new(style: &str, palette: &str, seed: u64, canvas: (usize, usize)) -> Self {
        let colours = palette::named(palette, seed);
        let mut dice = Dice::new(seed);
        let style = match style {
            "aurora" | "waves" => Style::Aurora,
            "bokeh" | "lights" => Style::Bokeh,
            _ => Style::Mesh,
        };
        // Homes on a loose ring and one near the middle: no colour starts on another.
        let count = colours.len().max(1) as f64;
        let turn = dice.unit();
        let blobs = colours.iter().enumerate().map(|(i, colour)| {
            let angle = (i as f64 / count + turn) * std::f64::consts::TAU;
            let far = if i == 0 { 0.12 } else { 0.42 };
            Blob {
                colour: *colour,
                home: (0.5 + far * angle.cos(), 0.5 + far * angle.sin()),
                reach: (0.16 + 0.14 * dice.unit(), 0.16 + 0.14 * dice.unit()),
                pace: (0.055 + 0.05 * dice.unit(), 0.05 + 0.05 * dice.unit()),
                phase: (dice.unit(), dice.unit()),
                weight: 0.75 + 0.5 * dice.unit(),
            }
        });
        let blobs = blobs.collect();
        let ground = palette::darker(colours.first().copied().unwrap_or_default());
        Self {
            blobs,
            ground,
            style,
            size: (canvas.0.div_ceil(SMALLER) + 1, canvas.1.div_ceil(SMALLER) + 1),
            aspect: canvas.0 as f64 / canvas.1 as f64,
        }
    }

    /// Draws the moment `seconds` into `out`, a frame of the canvas.
    pub(crate) fn draw(&self, seconds: f64, out: &mut Frame) {
        let (width, height) = self.size;
        let t = seconds as f32;
        let blobs: Vec<Wandered> = self.blobs.iter().map(|blob| blob.at(seconds)).collect();
        let columns: Vec<Column> =
            (0..width).map(|column| Column::new((column * SMALLER) as f32 / out.width as f32, t)).collect();
        let count = width * height;
        let (mut y, mut u, mut v) = (vec![0; count], vec![0; count], vec![0; count]);
        for row in 0..height {
            let down = (row * SMALLER) as f32 / out.height as f32;
            // A slow swirl bends the field, so that the colours are no plain discs.
            let bend = 0.06 * (3.1 * down + 0.5 * t).sin();
            for (at, column) in (row * width..).zip(&columns) {
                let mut colour = self.field(column.x + bend, down + column.lean, &blobs);
                self.light(&mut colour, column, down, t);
                let [r, g, b] = palette::to_rgb(colour);
                y[at] = 16 * STEPS + (luma(r, g, b) >> 14);
                let (cb, cr) = chroma(r, g, b);
                (u[at], v[at]) = (128 * STEPS + (cb >> 14), 128 * STEPS + (cr >> 14));
            }
        }
        let (full, half) = (out.width, out.width / 2);
        let Planes { y: to_y, u: to_u, v: to_v } = out.planes_mut();
        enlarge::<SMALLER>(&y, width, full, to_y);
        enlarge::<{ SMALLER / 2 }>(&u, width, half, to_u);
        enlarge::<{ SMALLER / 2 }>(&v, width, half, to_v);
    }

    /// The colours around a place, each the stronger the nearer it is.
    fn field(&self, x: f32, y: f32, blobs: &[Wandered]) -> Lab {
        let aspect = self.aspect as f32;
        let (mut sum, mut shares) = (self.ground.scaled(0.08), 0.08);
        for blob in blobs {
            let (dx, dy) = ((x - blob.x) * aspect.max(1.0), (y - blob.y) / aspect.min(1.0));
            let near = dx * dx + dy * dy + 0.03;
            let share = blob.weight / (near * near);
            sum = sum.plus(blob.colour.scaled(share));
            shares += share;
        }
        sum.scaled(1.0 / shares)
    }

    /// What the style lays over the colours.
    fn light(&self, colour: &mut Lab, column: &Column, y: f32, t: f32) {
        match self.style {
            Style::Mesh => (),
            Style::Aurora => {
                let band = |line: f32| {
                    let d = (y - line) / 0.16;
                    (-d * d).exp()
                };
                let light = 0.55 * band(column.bands[0]) + 0.45 * band(column.bands[1]);
                colour.l = colour.l * 0.8 + 0.2 * light;
            }
            Style::Bokeh => colour.l += 0.1 * lights(column.x * self.aspect as f32, y, t),
        }
        // Corners a little darker: the eye stays with the words.
        let (cx, cy) = (column.x - 0.5, y - 0.5);
        colour.l *= 1.0 - 0.32 * (cx * cx + cy * cy);
    }
}

/// What all places of a column have in common.
struct Column {
    x: f32,
    lean: f32,
    /// Where the two bands of light pass.
    bands: [f32; 2],
}

impl Column {
    fn new(x: f32, t: f32) -> Self {
        let band = |k: f32, pace: f32, at: f32| {
            at + 0.12 * (k * x + pace * t).sin() + 0.05 * (2.3 * k * x - pace * t).cos()
        };
        let bands = [band(3.0, 0.5, 0.35), band(4.2, -0.42, 0.62)];
        Self { x, lean: 0.06 * (2.7 * x - 0.4 * t).cos(), bands }
    }
}

/// How many soft discs drift.
const LIGHTS: usize = 14;

fn lights(x: f32, y: f32, t: f32) -> f32 {
    let disc = |i: usize| {
        // The golden ratio spreads them evenly without a pattern.
        let place = (i as f32 * 0.618_034).fract();
        let size = 0.05 + 0.09 * (i as f32 * 0.377).fract();
        let across = (place * 2.2 + 0.012 * t * (1.0 + place)).rem_euclid(2.4) - 0.3;
        let up = 1.2 - ((i as f32 * 0.271).fract() * 1.4 + 0.025 * t * (0.6 + place)).rem_euclid(1.4);
        let d = ((x - across).powi(2) + (y - up).powi(2)).sqrt() / size;
        (1.15 - d).clamp(0.0, 0.3) / 0.3 * (0.4 + 0.6 * place)
    };
    (0..LIGHTS).map(disc).sum()
}

/// Where a blob is at a moment.
struct Wandered {
    x: f32,
    y: f32,
    weight: f32,
    colour: Lab,
}

impl Blob {
    fn at(&self, t: f64) -> Wandered {
        let swing = |pace: f64, phase: f64| ((pace * t + phase) * std::f64::consts::TAU).sin();
        let x = self.home.0 + self.reach.0 * swing(self.pace.0, self.phase.0);
        let y = self.home.1 + self.reach.1 * swing(self.pace.1, self.phase.1);
        Wandered { x: x as f32, y: y as f32, weight: self.weight as f32, colour: self.colour }
    }
}

/// Bilinear by a whole factor, with an ordered dither in place of rounding. The factor is
/// a constant, so that the inner loop unrolls and its division is a shift.
fn enlarge<const FACTOR: usize>(small: &[i32], width: usize, to: usize, out: &mut [u8]) {
    let mut line = vec![0i32; width];
    // What the two steps multiply: a row's share, then a column's.
    let scale = STEPS * (FACTOR * FACTOR) as i32;
    for (row, out) in out.chunks_exact_mut(to).enumerate() {
        let (above, down) = (row / FACTOR, (row % FACTOR) as i32);
        let (a, b) = (&small[above * width..][..width], &small[(above + 1) * width..][..width]);
        for ((line, a), b) in line.iter_mut().zip(a).zip(b) {
            *line = a * (FACTOR as i32 - down) + b * down;
        }
        let dither: [i32; 8] = std::array::from_fn(|i| i32::from(BAYER[row % 8][i]) * scale / 64);
        let (cells, rest) = out.as_chunks_mut::<FACTOR>();
        for (column, cell) in cells.iter_mut().enumerate() {
            let (left, step) = (line[column] * FACTOR as i32, line[column + 1] - line[column]);
            let dither = &dither[column * FACTOR % 8..][..FACTOR];
            for (i, (out, dither)) in cell.iter_mut().zip(dither).enumerate() {
                // Limited range keeps the value far from both ends of a byte.
                *out = ((left + step * i as i32 + dither) / scale) as u8;
            }
        }
        for (i, out) in rest.iter_mut().enumerate() {
            let column = to / FACTOR;
            let (left, step) = (line[column] * FACTOR as i32, line[column + 1] - line[column]);
            *out = ((left + step * i as i32 + dither[(column * FACTOR + i) % 8]) / scale) as u8;
        }
    }
}

/// The 8 by 8 ordered dither.
const BAYER: [[u8; 8]; 8] = [
    [0, 32, 8, 40, 2, 34, 10, 42],
    [48, 16, 56, 24, 50, 18, 58, 26],
    [12, 44, 4, 36, 14, 46, 6, 38],
    [60, 28, 52, 20, 62, 30, 54, 22],
    [3, 35, 11, 43, 1, 33, 9, 41],
    [51, 19, 59, 27, 49, 17, 57, 25],
    [15, 47, 7, 39, 13, 45, 5, 37],
    [63, 31, 55, 23, 61, 29, 53, 21],
];

/// Numbers that look like chance and come again for the same seed.
pub(crate) struct Dice(u64);

impl Dice {
    pub(crate) fn new(seed: u64) -> Self {
        Self(seed ^ 0x9E37_79B9_7F4A_7C15)
    }

    /// The next number (SplitMix64).
    pub(crate) fn roll(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        z ^ (z >> 31)
    }

    /// From 0 to below 1.
    pub(crate) fn unit(&mut self) -> f64 {
        (self.roll() >> 11) as f64 / (1u64 << 53) as f64
    }

    /// From 0 to below `count`, which is not 0.
    pub(crate) fn below(&mut self, count: usize) -> usize {
        (self.roll() % count as u64) as usize
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn drawn(style: &str, palette: &str, seed: u64, seconds: f64) -> Frame {
        let mut frame = Frame::black(160, 90);
        Scene::new(style, palette, seed, (160, 90)).draw(seconds, &mut frame);
        frame
    }

    fn distance(a: &Frame, b: &Frame) -> f64 {
        let sum: u64 = a.data.iter().zip(&b.data).map(|(a, b)| u64::from(a.abs_diff(*b))).sum();
        sum as f64 / a.data.len() as f64
    }

    #[test]
    fn a_scene_is_the_same_for_the_same_seed_and_another_for_another() {
        let one = drawn("mesh", "dawn", 1, 2.0);
        assert!(one.data == drawn("mesh", "dawn", 1, 2.0).data);
        assert!(distance(&one, &drawn("mesh", "dawn", 2, 2.0)) > 2.0);
    }

    #[test]
    fn every_scene_moves_within_two_seconds() {
        for style in ["mesh", "aurora", "bokeh"] {
            for at in [0.0, 4.0, 30.0] {
                let moved = distance(&drawn(style, "ocean", 5, at), &drawn(style, "ocean", 5, at + 2.0));
                assert!(moved > 0.8, "{style} at {at}: {moved}");
            }
        }
    }

    #[test]
    fn white_words_can_be_read_on_every_palette() {
        for name in palette::NAMES {
            let luma = drawn("mesh", name, 3, 1.0).mean_luma();
            assert!((20..150).contains(&luma), "{name}: {luma}");
        }
    }

    #[test]
    fn dice_come_again() {
        let (mut a, mut b) = (Dice::new(7), Dice::new(7));
        assert_eq!((a.roll(), a.unit(), a.below(9)), (b.roll(), b.unit(), b.below(9)));
    }
}
