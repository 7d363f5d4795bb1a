//! What walls do to sound: a reverb and an echo.

use crate::studio::render::music::RATE;

/// A reverb of eight delays that feed each other through a Householder mirror.
pub(super) struct Room {
    lines: Vec<Line>,
    gain: f32,
}

struct Line {
    samples: Vec<f32>,
    at: usize,
    /// What is left of the treble.
    dull: f32,
}

/// The lengths of the delays in milliseconds: no two have a common beat.
const LENGTHS_MS: [f32; 8] = [29.7, 37.1, 41.1, 43.7, 53.3, 59.9, 67.7, 73.1];

impl Room {
    /// Makes a room in which sound takes `decay` seconds to fade.
    pub(super) fn new(decay: f32) -> Self {
        let line = |ms: &f32| {
            let length = (ms / 1000.0 * RATE as f32) as usize;
            Line { samples: vec![0.0; length], at: 0, dull: 0.0 }
        };
        let mean = LENGTHS_MS.iter().sum::<f32>() / 8000.0;
        // 60 dB over the decay, as many times as a delay goes round.
        let gain = 10f32.powf(-3.0 * mean / decay.max(0.1));
        Self { lines: LENGTHS_MS.iter().map(line).collect(), gain }
    }

    pub(super) fn next(&mut self, input: [f32; 2]) -> [f32; 2] {
        let outs: [f32; 8] = std::array::from_fn(|i| self.lines[i].samples[self.lines[i].at]);
        let mirror = outs.iter().sum::<f32>() / 4.0;
        for (i, line) in self.lines.iter_mut().enumerate() {
            line.dull += 0.42 * (outs[i] - mirror - line.dull);
            line.samples[line.at] = input[i % 2] + line.dull * self.gain;
            line.at = (line.at + 1) % line.samples.len();
        }
        let side = |from: usize| (outs[from] - outs[from + 2] + outs[from + 4] - outs[from + 6]) * 0.35;
        [side(0), side(1)]
    }
}

/// An echo that changes sides each time.
pub(super) struct Echo {
    sides: [Vec<f32>; 2],
    at: usize,
    dull: [f32; 2],
}

impl Echo {
    /// Makes an echo that comes back after `seconds`.
    pub(super) fn new(seconds: f64) -> Self {
        let length = ((seconds * f64::from(RATE)) as usize).max(1);
        Self { sides: [vec![0.0; length], vec![0.0; length]], at: 0, dull: [0.0; 2] }
    }

    pub(super) fn next(&mut self, input: [f32; 2]) -> [f32; 2] {
        let out = [self.sides[0][self.at], self.sides[1][self.at]];
        for side in 0..2 {
            self.dull[side] += 0.35 * (out[1 - side] - self.dull[side]);
            self.sides[side][self.at] = input[side] + 0.38 * self.dull[side];
        }
        self.at = (self.at + 1) % self.sides[0].len();
        out
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_room_rings_and_falls_silent() {
        let mut room = Room::new(1.0);
        let mut power = |from: usize, to: usize, hit: bool| {
            (from..to)
                .map(|n| {
                    let level = if hit && n == 0 { 1.0 } else { 0.0 };
                    let [l, r] = room.next([level, level]);
                    l * l + r * r
                })
                .sum::<f32>()
        };
        let early = power(0, 12_000, true);
        let late = power(12_000, 96_000, false);
        let end = power(96_000, 144_000, false);
        assert!(early > late && late > end && end < early * 1e-5, "{early} {late} {end}");
    }

    #[test]
    fn an_echo_comes_back_on_the_other_side() {
        let mut echo = Echo::new(0.001);
        let outs: Vec<[f32; 2]> = (0..98).map(|n| echo.next([f32::from(u8::from(n == 0)), 0.0])).collect();
        assert_eq!(outs[48][0], 1.0);
        assert!(outs[96][1] > 0.1 && outs[96][0] == 0.0);
    }
}
