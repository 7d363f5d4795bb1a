//! Music beds, made here: a small synthesiser plays a score that a mood and a seed decide.

mod bands;
mod room;
mod score;
mod voice;

use std::f32::consts::TAU;
use std::fs::File;
use std::io::{self, BufWriter, Write};
use std::path::Path;

use crate::studio::render::music::room::{Echo, Room};
use crate::studio::render::music::score::Score;
use crate::studio::render::music::voice::Voice;

/// Samples in a second.
const RATE: u32 = 48_000;
/// How often the stop is looked at, in samples.
const CHECK_EVERY: u64 = 1 << 14;

/// Writes `seconds` of music as a WAV file, 48 kHz stereo. The same mood, seed and length
/// give the same bytes; an unknown mood is `calm`. Ends early, without an error, when
/// `stopped` says so.
///
/// # Errors
/// The file cannot be written.
pub(crate) fn write(
    path: &Path,
    mood: &str,
    seed: u64,
    seconds: f64,
    stopped: &dyn Fn() -> bool,
) -> io::Result<()> {
    let frames = (seconds.max(0.0) * f64::from(RATE)).round() as u64;
    let mut file = BufWriter::new(File::create(path)?);
    file.write_all(&header(frames))?;
    let mut band = Band::new(score::compose(mood, seed, seconds));
    for n in 0..frames {
        if n.is_multiple_of(CHECK_EVERY) && stopped() {
            return Ok(());
        }
        for sample in band.next() {
            let level = (sample.clamp(-1.0, 1.0) * 32767.0).round() as i16;
            file.write_all(&level.to_le_bytes())?;
        }
    }
    file.flush()
}

/// The header of 16-bit stereo. A length beyond what the format can say is cut to the
/// most; readers then go to the end of the file.
fn header(frames: u64) -> Vec<u8> {
    let data = u32::try_from(frames * 4).unwrap_or(u32::MAX - 36);
    let mut bytes = Vec::with_capacity(44);
    bytes.extend(b"RIFF");
    bytes.extend((data + 36).to_le_bytes());
    bytes.extend(b"WAVEfmt ");
    bytes.extend(16u32.to_le_bytes());
    bytes.extend(1u16.to_le_bytes());
    bytes.extend(2u16.to_le_bytes());
    bytes.extend(RATE.to_le_bytes());
    bytes.extend((RATE * 4).to_le_bytes());
    bytes.extend(4u16.to_le_bytes());
    bytes.extend(16u16.to_le_bytes());
    bytes.extend(b"data");
    bytes.extend(data.to_le_bytes());
    bytes
}

/// All that sounds at a moment.
struct Band {
    score: Score,
    /// The next note of the score.
    next: usize,
    sample: u64,
    voices: Vec<Voice>,
    room: Room,
    echo: Echo,
    /// How far a kick drum presses the rest down, from 0 to 1.
    pressed: f32,
    /// What a slow high-pass holds back: the constant part of each side.
    constant: [f32; 2],
}

impl Band {
    fn new(score: Score) -> Self {
        let echo = Echo::new(score.beat * 0.75);
        let room = Room::new(score.space.decay);
        Self { score, next: 0, sample: 0, voices: Vec::new(), room, echo, pressed: 0.0, constant: [0.0; 2] }
    }

    fn next(&mut self) -> [f32; 2] {
        let now = self.sample as f64 / f64::from(RATE);
        while let Some(note) = self.score.notes.get(self.next).filter(|note| note.at <= now) {
            if note.instrument.presses() {
                self.pressed = self.score.space.pump;
            }
            self.voices.push(Voice::new(note, self.sample));
            self.next += 1;
        }
        self.sample += 1;
        self.pressed *= 0.999_85;
        let (mut dry, mut to_room, mut to_echo) = ([0.0f32; 2], [0.0f32; 2], [0.0f32; 2]);
        for voice in &mut self.voices {
            let level = voice.next();
            let under = if voice.is_pressed() { 1.0 - self.pressed } else { 1.0 };
            let (wet, echo) = voice.sends();
            for side in 0..2 {
                let level = level[side] * under;
                dry[side] += level;
                to_room[side] += level * wet;
                to_echo[side] += level * echo;
            }
        }
        self.voices.retain(|voice| !voice.is_over());
        let echo = self.echo.next(to_echo);
        let reverb = self.room.next([to_room[0] + 0.4 * echo[0], to_room[1] + 0.4 * echo[1]]);
        let mut out = [0.0; 2];
        for side in 0..2 {
            let level =
                0.5 * (dry[side] + self.score.space.wet * reverb[side] + self.score.space.echo * echo[side]);
            self.constant[side] += 0.003 * (level - self.constant[side]);
            out[side] = soft(level - self.constant[side]);
        }
        out
    }
}

/// Bends loud peaks instead of cutting them.
fn soft(level: f32) -> f32 {
    level / (1.0 + level.abs().powi(3)).cbrt()
}

/// The frequency of a MIDI pitch.
fn hertz(pitch: f32) -> f32 {
    440.0 * ((pitch - 69.0) / 12.0).exp2()
}

/// One turn of a sine for a phase from 0 to 1.
fn sine(phase: f32) -> f32 {
    (phase * TAU).sin()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn made(mood: &str, seed: u64, seconds: f64) -> Vec<u8> {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("bed.wav");
        write(&path, mood, seed, seconds, &|| false).unwrap();
        std::fs::read(path).unwrap()
    }

    fn levels(wav: &[u8]) -> Vec<f32> {
        wav[44..].as_chunks::<2>().0.iter().map(|b| f32::from(i16::from_le_bytes(*b)) / 32768.0).collect()
    }

    #[test]
    fn a_bed_has_its_length_and_comes_again() {
        let bed = made("lo-fi", 3, 2.5);
        assert_eq!(bed.len(), 44 + 2 * 2 * 120_000);
        assert!(bed == made("lo-fi", 3, 2.5));
        assert!(bed != made("lo-fi", 4, 2.5));
    }

    #[test]
    fn every_mood_sounds_from_the_first_second_and_never_clips() {
        for mood in score::MOODS {
            let levels = levels(&made(mood, 1, 6.0));
            let peak = levels.iter().fold(0.0f32, |peak, level| peak.max(level.abs()));
            assert!(peak < 0.999, "{mood} peaks at {peak}");
            for (second, part) in levels.chunks(96_000).enumerate() {
                let power = part.iter().map(|l| l * l).sum::<f32>() / part.len() as f32;
                assert!(power.sqrt() > 0.008, "{mood} is silent in second {second}: {}", power.sqrt());
            }
        }
    }

    #[test]
    fn moods_differ() {
        let beds: Vec<_> = score::MOODS.iter().map(|mood| made(mood, 1, 1.0)).collect();
        assert!((1..beds.len()).all(|i| beds[i] != beds[0]));
        assert!(made("nobody knows", 1, 1.0) == made("calm", 1, 1.0));
    }

    #[test]
    fn a_stop_ends_it_early() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("bed.wav");
        write(&path, "calm", 1, 3600.0, &|| true).unwrap();
        assert!(std::fs::metadata(&path).unwrap().len() <= 44);
    }
}
