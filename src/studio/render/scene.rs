//! Animated backgrounds for words: slow fields of colour, computed small and scaled up with dither.
//!
//! What is drawn here costs more to encode than to draw, so both are chosen together. x264
//! pays for each sample that flips, and what it drops was paid for in vain: dither of four
//! steps for luma and none for chroma came out smoother than one of 64 for both, in little
//! more than half of the time.

use crate::studio::render::frame::{Frame, Planes, chroma, luma};
use crate::studio::render::palette::{self, Lab};

/// How much smaller than the canvas the field is computed.
const SMALLER: usize = 8;
/// The same for a field without edges, on a canvas of this shorter side at least.
const SMALLEST: usize = 16;
const LARGE: usize = 720;
/// Samples of the small field are kept in 1/64 steps, so that they can be scaled up
/// without bands.
const STEPS: i32 = 64;
/// A field without edges is drawn this many times a second at least: from one time to the
/// next it moves by less than half a level in the mean.
const DRAWN_A_SECOND_MIN: u32 = 12;

/// A background that always moves.
pub(crate) struct Scene {
    blobs: Vec<Blob>,
    ground: Lab,
    style: Style,
    /// [`SMALLER`] or [`SMALLEST`].
    smaller: usize,
    /// Of the small field: one sample beyond each end, to scale up between.
    size: (usize, usize),
    aspect: f64,
    /// What was drawn last, and of which frame of the shot.
    drawn: Option<(u64, Frame)>,
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
        let smooth = style != Style::Bokeh && canvas.0.min(canvas.1) >= LARGE;
        let smaller = if smooth { SMALLEST } else { SMALLER };
        let ground = palette::darker(colours.first().copied().unwrap_or_default());
        Self {
            blobs,
            ground,
            style,
            smaller,
            size: (canvas.0.div_ceil(smaller) + 1, canvas.1.div_ceil(smaller) + 1),
            aspect: canvas.0 as f64 / canvas.1 as f64,
            drawn: None,
        }
    }

    /// Puts frame `k` of the shot into `out`, a frame of the canvas.
    pub(crate) fn show(&mut self, k: u64, fps: u32, out: &mut Frame) {
        let stays = match self.style {
            Style::Mesh | Style::Aurora => u64::from(fps / DRAWN_A_SECOND_MIN).max(1),
            // Its discs have edges.
            Style::Bokeh => 1,
        };
        let from = k - k % stays;
        match self.drawn.take() {
            Some((at, frame)) if at == from => {
                out.copy(&frame);
                self.drawn = Some((at, frame));
            }
            _ => {
                self.draw(from as f64 / f64::from(fps), out);
                self.drawn = (stays > 1).then(|| (from, out.clone()));
            }
        }
    }

    /// Draws the moment `seconds`.
    fn draw(&self, seconds: f64, out: &mut Frame) {
        let (width, height) = self.size;
        let t = seconds as f32;
        let blobs: Vec<Wandered> = self.blobs.iter().map(|blob| blob.at(seconds)).collect();
        let columns: Vec<Column> = (0..width)
            .map(|column| Column::new((column * self.smaller) as f32 / out.width as f32, t))
            .collect();
        let count = width * height;
        let (mut y, mut u, mut v) = (vec![0; count], vec![0; count], vec![0; count]);
        for row in 0..height {
            let down = (row * self.smaller) as f32 / out.height as f32;
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
        match self.smaller {
            SMALLEST => spread::<SMALLEST, { SMALLEST / 2 }>([&y, &u, &v], width, out),
            _ => spread::<SMALLER, { SMALLER / 2 }>([&y, &u, &v], width, out),
        }
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

/// What is added before a sample is cut to a whole level, in eighths, for two columns of two
/// rows.
type Rounding = [[i32; 2]; 2];
/// A pattern that stays where it is and means a quarter of a level.
const DITHER: Rounding = [[1, 5], [7, 3]];
const ROUND: Rounding = [[4; 2]; 2];

/// Scales the planes of a small field up to a frame: luma by one factor, chroma by half of it.
fn spread<const LUMA: usize, const CHROMA: usize>([y, u, v]: [&[i32]; 3], width: usize, out: &mut Frame) {
    let (full, half) = (out.width, out.width / 2);
    let Planes { y: to_y, u: to_u, v: to_v } = out.planes_mut();
    enlarge::<LUMA>(y, width, DITHER, full, to_y);
    enlarge::<CHROMA>(u, width, ROUND, half, to_u);
    enlarge::<CHROMA>(v, width, ROUND, half, to_v);
}

/// Bilinear by a whole factor. The factor is a constant and even, so that the inner loop
/// unrolls and its division is a shift.
fn enlarge<const FACTOR: usize>(small: &[i32], width: usize, rounding: Rounding, to: usize, out: &mut [u8]) {
    let mut line = vec![0i32; width];
    // What the two steps multiply: a row's share, then a column's.
    let scale = STEPS * (FACTOR * FACTOR) as i32;
    for (row, out) in out.chunks_exact_mut(to).enumerate() {
        let (above, down) = (row / FACTOR, (row % FACTOR) as i32);
        let (a, b) = (&small[above * width..][..width], &small[(above + 1) * width..][..width]);
        for ((line, a), b) in line.iter_mut().zip(a).zip(b) {
            *line = a * (FACTOR as i32 - down) + b * down;
        }
        let added = rounding[row % 2].map(|eighths| eighths * scale / 8);
        let sample = |column: usize, i: usize| {
            let (left, step) = (line[column] * FACTOR as i32, line[column + 1] - line[column]);
            // Limited range keeps the value far from both ends of a byte.
            ((left + step * i as i32 + added[i % 2]) / scale) as u8
        };
        let (cells, rest) = out.as_chunks_mut::<FACTOR>();
        for (column, cell) in cells.iter_mut().enumerate() {
            for (i, out) in cell.iter_mut().enumerate() {
                *out = sample(column, i);
            }
        }
        for (i, out) in rest.iter_mut().enumerate() {
            *out = sample(to / FACTOR, i);
        }
    }
}

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
    fn a_field_without_edges_stays_for_two_frames_of_thirty_and_discs_never() {
        let at = |style: &str, k: u64| {
            let (mut scene, mut frame) = (Scene::new(style, "ocean", 5, (160, 90)), Frame::black(160, 90));
            scene.show(k, 30, &mut frame);
            frame.data
        };
        assert!(at("mesh", 90) == at("mesh", 91) && at("mesh", 91) != at("mesh", 92));
        assert!(at("bokeh", 90) != at("bokeh", 91));
        let (mut scene, mut frame) = (Scene::new("mesh", "ocean", 5, (160, 90)), Frame::black(160, 90));
        for k in [91, 90, 6, 7, 90] {
            scene.show(k, 30, &mut frame);
            assert!(frame.data == at("mesh", k), "{k} after others");
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
