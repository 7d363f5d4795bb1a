//! The instruments: how one note sounds from its start to its end.

use crate::studio::render::music::score::{Instrument, Note};
use crate::studio::render::music::{RATE, hertz, sine};

/// A note that sounds.
pub(super) struct Voice {
    instrument: Instrument,
    hertz: f32,
    gain: f32,
    /// Loudness left and right.
    sides: [f32; 2],
    /// Seconds since its start, and how long it is held.
    t: f32,
    held: f32,
    /// Phases of its oscillators, from 0 to 1.
    phases: [f32; 6],
    /// States of its filters.
    low: [f32; 4],
    noise: u32,
}

const STEP: f32 = 1.0 / RATE as f32;

impl Voice {
    pub(super) fn new(note: &Note, sample: u64) -> Self {
        let angle = (note.pan.clamp(-1.0, 1.0) + 1.0) * std::f32::consts::FRAC_PI_4;
        // Phases that differ from note to note and come again with the same score.
        let mut noise = (sample as u32).wrapping_mul(2_654_435_761) ^ note.pitch.to_bits() | 1;
        let phases = std::array::from_fn(|_| {
            noise = xorshift(noise);
            noise as f32 / u32::MAX as f32
        });
        Self {
            instrument: note.instrument,
            hertz: hertz(note.pitch),
            gain: note.gain,
            sides: [angle.cos() * 1.2, angle.sin() * 1.2],
            t: 0.0,
            held: note.length as f32,
            phases,
            low: [0.0; 4],
            noise,
        }
    }

    /// The next sample, left and right.
    pub(super) fn next(&mut self) -> [f32; 2] {
        self.t += STEP;
        if let Instrument::Pad | Instrument::Strings = self.instrument {
            return self.pad();
        }
        let level = match self.instrument {
            Instrument::Keys => self.keys(),
            Instrument::Pluck => {
                self.partials(&[(1.0, 1.0, 1.1), (2.0, 0.45, 0.5), (3.0, 0.22, 0.25), (5.0, 0.07, 0.12)])
            }
            Instrument::Bell => {
                self.partials(&[(1.0, 1.0, 1.9), (2.0, 0.3, 1.1), (3.98, 0.2, 0.5), (6.8, 0.06, 0.2)])
            }
            Instrument::Muted => {
                self.partials(&[(1.0, 1.0, 0.26), (2.0, 0.6, 0.16), (3.0, 0.35, 0.1), (4.0, 0.18, 0.07)])
            }
            Instrument::Bass => self.bass(),
            Instrument::Kick => self.kick(125.0, 47.0, 0.16),
            Instrument::Boom => self.kick(70.0, 36.0, 0.7),
            Instrument::Snare => self.snare(),
            Instrument::Clap => self.clap(),
            Instrument::Hat => self.hiss(0.035, 0.82),
            Instrument::Shaker => self.hiss(0.06, 0.6) * (self.t / 0.02).min(1.0),
            Instrument::Pad | Instrument::Strings => 0.0,
        };
        let level = level * self.gain;
        [level * self.sides[0], level * self.sides[1]]
    }

    /// Whether nothing of it can be heard any more.
    pub(super) fn is_over(&self) -> bool {
        let ring = match self.instrument {
            Instrument::Pad => 1.6,
            Instrument::Strings => 2.6,
            Instrument::Keys => 0.5,
            Instrument::Pluck => 3.5,
            Instrument::Bell => 6.0,
            Instrument::Muted | Instrument::Snare | Instrument::Clap => 1.0,
            Instrument::Bass => 0.2,
            Instrument::Kick => 0.9,
            Instrument::Boom => 4.0,
            Instrument::Hat | Instrument::Shaker => 0.4,
        };
        let held = if self.instrument.is_struck() { 0.0 } else { self.held };
        self.t > held + ring
    }

    /// How much goes to the room and to the echo.
    pub(super) fn sends(&self) -> (f32, f32) {
        match self.instrument {
            Instrument::Pad | Instrument::Strings => (0.7, 0.0),
            Instrument::Keys => (0.4, 0.15),
            Instrument::Pluck | Instrument::Bell => (0.6, 0.5),
            Instrument::Muted => (0.35, 0.3),
            Instrument::Bass | Instrument::Kick => (0.03, 0.0),
            Instrument::Boom => (0.6, 0.0),
            Instrument::Snare | Instrument::Clap => (0.35, 0.0),
            Instrument::Hat | Instrument::Shaker => (0.12, 0.0),
        }
    }

    /// Whether a kick drum presses it down.
    pub(super) fn is_pressed(&self) -> bool {
        matches!(self.instrument, Instrument::Pad | Instrument::Strings | Instrument::Bass | Instrument::Keys)
    }

    /// Three detuned saws to each side, dulled, that swell and sink.
    fn pad(&mut self) -> [f32; 2] {
        let (attack, release, bright) = match self.instrument {
            Instrument::Strings => (1.1, 2.4, 1500.0),
            _ => (0.5, 1.4, 1100.0),
        };
        let mut saws = [0.0; 2];
        for (i, detune) in [0.9965, 1.0, 1.0038, 0.9978, 1.0011, 1.0052].into_iter().enumerate() {
            saws[i % 2] += self.saw(i, detune);
        }
        // The filter opens as the note swells, and breathes.
        let swell = (self.t / attack).min(1.0);
        let breath = 1.0 + 0.22 * sine(self.t * 0.21 + self.phases[5] * 0.1);
        let cut = (bright * (0.45 + 0.55 * swell) * breath + self.hertz * 0.6).min(6000.0);
        let share = 1.0 - (-std::f32::consts::TAU * cut * STEP).exp();
        let after = (self.t - self.held).max(0.0);
        let level = swell * swell * (3.0 - 2.0 * swell) * (-after * 4.0 / release).exp() * self.gain * 0.3;
        std::array::from_fn(|side| {
            self.low[side] += share * (saws[side] - self.low[side]);
            self.low[side + 2] += share * (self.low[side] - self.low[side + 2]);
            self.low[side + 2] * level * self.sides[side]
        })
    }

    /// A sawtooth whose jump is rounded off, so that it does not alias.
    fn saw(&mut self, i: usize, detune: f32) -> f32 {
        let step = self.hertz * detune * STEP;
        self.phases[i] = (self.phases[i] + step).fract();
        let phase = self.phases[i];
        let round = if phase < step {
            let x = phase / step;
            x + x - x * x - 1.0
        } else if phase > 1.0 - step {
            let x = (phase - 1.0) / step;
            x * x + x + x + 1.0
        } else {
            0.0
        };
        2.0 * phase - 1.0 - round
    }

    fn turn(&mut self, i: usize, times: f32) -> f32 {
        self.phases[i] = (self.phases[i] + self.hertz * times * STEP).fract();
        self.phases[i]
    }

    /// An electric piano: a sine that another one bends, less and less, with a tremolo.
    fn keys(&mut self) -> f32 {
        let tine = sine(self.turn(1, 7.0)) * 0.22 * (-self.t * 9.0).exp();
        let bend = sine(self.turn(2, 1.0)) * (0.16 * (-self.t * 1.6).exp() + 0.03);
        let carrier = self.turn(0, 1.0);
        let tremolo = 1.0 + 0.1 * sine(self.t * 4.6);
        let attack = (self.t / 0.006).min(1.0);
        let after = (self.t - self.held).max(0.0);
        let level = attack * (-self.t * 0.85).exp() * (-after * 11.0).exp();
        (sine(carrier + bend) + 0.12 * tine) * level * tremolo * 0.62
    }

    /// Sines that fade, the high ones first: (times the pitch, loudness, seconds to fade).
    fn partials(&mut self, partials: &[(f32, f32, f32)]) -> f32 {
        let mut sum = 0.0;
        for (i, (times, level, fade)) in partials.iter().enumerate() {
            if self.hertz * times < 9000.0 {
                sum += sine(self.turn(i, *times)) * level * (-self.t / (fade * 0.4)).exp();
            }
        }
        sum * (self.t / 0.003).min(1.0) * 0.5
    }

    fn bass(&mut self) -> f32 {
        let (one, two) = (sine(self.turn(0, 1.0)), sine(self.turn(1, 2.0)));
        let attack = (self.t / 0.012).min(1.0);
        let after = (self.t - self.held).max(0.0);
        let level = attack * (0.55 + 0.45 * (-self.t * 5.0).exp()) * (-after * 30.0).exp();
        let driven = (one + 0.3 * two * (-self.t * 3.0).exp()) * 1.3;
        driven / (1.0 + driven * driven * 0.35).sqrt() * level * 0.62
    }

    /// A sine that falls from one pitch to another.
    fn kick(&mut self, from: f32, to: f32, fade: f32) -> f32 {
        let pitch = to + (from - to) * (-self.t * 26.0).exp();
        self.phases[0] = if self.t <= STEP * 1.5 { 0.0 } else { (self.phases[0] + pitch * STEP).fract() };
        let click = self.rustle() * 0.06 * (-self.t * 300.0).exp();
        (sine(self.phases[0]) * (-self.t / fade).exp() + click) * (self.t / 0.002).min(1.0)
    }

    fn snare(&mut self) -> f32 {
        let noise = self.rustle();
        self.low[0] += 0.36 * (noise - self.low[0]);
        self.low[1] += 0.05 * (self.low[0] - self.low[1]);
        let body = sine(self.turn(0, 1.0)) * (-self.t * 26.0).exp() * 0.5;
        ((self.low[0] - self.low[1]) * (-self.t * 15.0).exp() * 0.9 + body) * (self.t / 0.001).min(1.0) * 0.55
    }

    fn clap(&mut self) -> f32 {
        let noise = self.rustle();
        self.low[0] += 0.28 * (noise - self.low[0]);
        self.low[1] += 0.1 * (self.low[0] - self.low[1]);
        // Three hands, then the room.
        let hands =
            [0.0, 0.011, 0.023].iter().filter(|at| self.t >= **at).map(|at| (-(self.t - at) * 190.0).exp());
        let level = hands.sum::<f32>() * 0.7 + (-self.t * 17.0).exp() * 0.35;
        (self.low[0] - self.low[1]) * level * 1.1
    }

    /// Noise without its lows.
    fn hiss(&mut self, fade: f32, bright: f32) -> f32 {
        let noise = self.rustle();
        self.low[0] += (1.0 - bright * 0.55) * (noise - self.low[0]);
        self.low[1] += 0.5 * (self.low[0] - self.low[1]);
        (noise - self.low[0]) * 0.3 * (-self.t / fade).exp()
            + (self.low[0] - self.low[1]) * 0.1 * (-self.t / fade).exp()
    }

    fn rustle(&mut self) -> f32 {
        self.noise = xorshift(self.noise);
        self.noise as f32 / u32::MAX as f32 * 2.0 - 1.0
    }
}

fn xorshift(mut x: u32) -> u32 {
    x ^= x << 13;
    x ^= x >> 17;
    x ^ (x << 5)
}
