//! What is played: the chords and the tune of a mood, written out note by note.

use crate::studio::render::music::bands;
use crate::studio::render::scene::Dice;

/// Every mood; a name that is not here gets [`mood`]'s last arm.
#[cfg(test)]
pub(super) const MOODS: &[&str] = &["lo-fi", "upbeat", "cinematic", "calm", "corporate"];

/// A piece of music, ready to be played.
pub(super) struct Score {
    /// In order of time.
    pub(super) notes: Vec<Note>,
    /// Seconds.
    pub(super) beat: f64,
    pub(super) space: Space,
}

/// Where it is played.
#[derive(Clone, Copy)]
pub(super) struct Space {
    /// How much of the room and of the echo is heard.
    pub(super) wet: f32,
    pub(super) echo: f32,
    /// How far the kick presses the rest down, from 0 to 1.
    pub(super) pump: f32,
    /// How long the room rings, in seconds.
    pub(super) decay: f32,
}

/// One note. Times are seconds, the pitch is MIDI's, the place goes from -1 (left) to 1.
pub(super) struct Note {
    pub(super) at: f64,
    pub(super) length: f64,
    pub(super) instrument: Instrument,
    pub(super) pitch: f32,
    pub(super) gain: f32,
    pub(super) pan: f32,
}

/// Who plays.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Instrument {
    Pad,
    Strings,
    Keys,
    Pluck,
    Bell,
    Muted,
    Bass,
    Kick,
    Boom,
    Snare,
    Clap,
    Hat,
    Shaker,
}

impl Instrument {
    /// Whether its sound ends by itself, however long the note is held.
    pub(super) fn is_struck(self) -> bool {
        !matches!(self, Self::Pad | Self::Strings | Self::Keys | Self::Bass)
    }

    /// Whether it presses the others down.
    pub(super) fn presses(self) -> bool {
        self == Self::Kick
    }
}

/// A chord: semitones of its root above the key, and its tones above the root.
type Chord = (i32, &'static [i32]);

const MAJOR: &[i32] = &[0, 4, 7];
const MINOR: &[i32] = &[0, 3, 7];
const ADD9: &[i32] = &[0, 4, 7, 14];
const MAJOR9: &[i32] = &[0, 4, 11, 14];
const MAJOR7: &[i32] = &[0, 4, 7, 11];
const MINOR7: &[i32] = &[0, 3, 7, 10];
const MINOR9: &[i32] = &[0, 3, 10, 14];
const SUS: &[i32] = &[0, 5, 7, 10];
const SUS2: &[i32] = &[0, 2, 7];

/// What makes a mood.
struct Mood {
    bpm: f64,
    /// Where its keys start, and how far they spread, in semitones.
    key: (i32, usize),
    progressions: &'static [[Chord; 4]],
    /// The tones that a melody may take, above the key.
    scale: &'static [i32],
    /// How late the second eighth of each beat comes, in parts of a beat.
    swing: f64,
    space: Space,
    band: fn(&mut Writer, &Bar<'_>),
}

const PENTATONIC: &[i32] = &[0, 2, 4, 7, 9];
const MINOR_PENTATONIC: &[i32] = &[0, 3, 5, 7, 10];

fn mood(name: &str) -> Mood {
    match name {
        "lo-fi" => Mood {
            bpm: 76.0,
            key: (50, 6),
            progressions: &[
                [(2, MINOR9), (7, SUS), (0, MAJOR9), (9, MINOR7)],
                [(5, MAJOR7), (4, MINOR7), (2, MINOR9), (0, MAJOR9)],
            ],
            scale: PENTATONIC,
            swing: 0.1,
            space: Space { wet: 0.5, echo: 0.3, pump: 0.25, decay: 1.4 },
            band: bands::lo_fi,
        },
        "upbeat" => Mood {
            bpm: 118.0,
            key: (50, 6),
            progressions: &[
                [(0, ADD9), (7, MAJOR), (9, MINOR7), (5, ADD9)],
                [(5, ADD9), (0, MAJOR), (7, MAJOR), (9, MINOR7)],
            ],
            scale: PENTATONIC,
            swing: 0.0,
            space: Space { wet: 0.4, echo: 0.4, pump: 0.45, decay: 1.2 },
            band: bands::upbeat,
        },
        "cinematic" => Mood {
            bpm: 72.0,
            key: (48, 5),
            progressions: &[
                [(0, MINOR), (8, MAJOR7), (3, ADD9), (10, SUS2)],
                [(0, MINOR7), (5, MINOR), (8, ADD9), (10, MAJOR)],
            ],
            scale: MINOR_PENTATONIC,
            swing: 0.0,
            space: Space { wet: 0.85, echo: 0.3, pump: 0.0, decay: 3.6 },
            band: bands::cinematic,
        },
        "corporate" => Mood {
            bpm: 104.0,
            key: (50, 6),
            progressions: &[
                [(0, ADD9), (9, MINOR7), (5, ADD9), (7, MAJOR)],
                [(0, ADD9), (5, ADD9), (9, MINOR7), (7, SUS)],
            ],
            scale: PENTATONIC,
            swing: 0.0,
            space: Space { wet: 0.45, echo: 0.35, pump: 0.2, decay: 1.4 },
            band: bands::corporate,
        },
        _ => Mood {
            bpm: 66.0,
            key: (50, 6),
            progressions: &[
                [(0, MAJOR9), (9, MINOR7), (5, MAJOR7), (7, SUS)],
                [(5, MAJOR9), (0, ADD9), (9, MINOR7), (7, SUS2)],
            ],
            scale: PENTATONIC,
            swing: 0.0,
            space: Space { wet: 0.8, echo: 0.45, pump: 0.0, decay: 3.0 },
            band: bands::calm,
        },
    }
}

/// Writes a piece of at least `seconds`; it ends on its first chord.
pub(super) fn compose(name: &str, seed: u64, seconds: f64) -> Score {
    let mood = mood(name);
    let mut dice = Dice::new(seed);
    let beat = 60.0 / mood.bpm;
    let key = mood.key.0 + dice.below(mood.key.1) as i32;
    let progression = mood.progressions[dice.below(mood.progressions.len())];
    let tune = tune(&mut dice);
    let bars = (seconds / (4.0 * beat)).ceil().max(1.0) as usize;
    // With room for it, the last bar that begins well before the end is the last chord.
    let last = ((seconds - 1.2) / (4.0 * beat)).floor();
    let last = if last >= 3.0 { last as usize } else { usize::MAX };
    let mut writer = Writer { notes: Vec::new(), dice, beat, swing: mood.swing };
    for number in 0..bars.min(last) {
        let chord = progression[number % 4];
        let bar = Bar {
            number,
            start: number as f64 * 4.0,
            key,
            root: key + chord.0,
            voicing: voicing(key + chord.0, chord.1),
            scale: mood.scale,
            tune: &tune,
            ends: number + 1 == last,
        };
        (mood.band)(&mut writer, &bar);
    }
    if last < bars {
        let tones = if progression[0].1.contains(&3) { MINOR } else { ADD9 };
        writer.end(last as f64 * 4.0, key, &voicing(key, tones), name);
    }
    let mut notes = writer.notes;
    notes.sort_by(|a, b| a.at.total_cmp(&b.at));
    Score { notes, beat, space: mood.space }
}

/// The tones of a chord, all within one octave around the middle: so that each moves
/// little from chord to chord.
fn voicing(root: i32, tones: &[i32]) -> Vec<i32> {
    let mut pitches: Vec<i32> = tones.iter().map(|tone| 57 + (root + tone - 57).rem_euclid(12)).collect();
    pitches.sort_unstable();
    pitches.dedup();
    pitches
}

/// A tune of two bars: (eighth, step on the scale, how loud). It comes again, so that one remembers it.
fn tune(dice: &mut Dice) -> Vec<(usize, usize, f32)> {
    let rhythms: [&[usize]; 4] =
        [&[0, 3, 4, 6, 8, 11, 12], &[0, 2, 3, 6, 8, 10, 14], &[0, 3, 6, 8, 9, 12], &[2, 4, 6, 8, 12, 14]];
    let mut step = 2 + dice.below(3);
    let notes = rhythms[dice.below(rhythms.len())].iter().map(|eighth| {
        let walk = [-2i32, -1, -1, 1, 1, 2][dice.below(6)];
        step = (step as i32 + walk).clamp(0, 7) as usize;
        (*eighth, step, 0.75 + 0.25 * dice.unit() as f32)
    });
    notes.collect()
}

/// One bar of four beats.
pub(super) struct Bar<'a> {
    pub(super) number: usize,
    /// In beats.
    pub(super) start: f64,
    key: i32,
    root: i32,
    pub(super) voicing: Vec<i32>,
    scale: &'a [i32],
    tune: &'a [(usize, usize, f32)],
    /// Whether the last chord follows.
    pub(super) ends: bool,
}

impl Bar<'_> {
    /// The pitch of a step of the scale, an octave or two above the key.
    fn pitch(&self, step: usize, octave: i32) -> i32 {
        let length = self.scale.len();
        self.key + 12 * (octave + (step / length) as i32) + self.scale[step % length]
    }

    /// The lowest root that small speakers still play.
    pub(super) fn low(&self) -> i32 {
        33 + (self.root - 33).rem_euclid(12)
    }
}

/// Collects notes; places are beats.
pub(super) struct Writer {
    notes: Vec<Note>,
    dice: Dice,
    beat: f64,
    swing: f64,
}

impl Writer {
    /// Writes a note, a little early or late and a little soft or loud, as people play.
    pub(super) fn play(
        &mut self,
        instrument: Instrument,
        at: f64,
        length: f64,
        (pitch, gain): (i32, f32),
        pan: f32,
    ) {
        // The second eighth of a beat swings.
        let late = if (at * 2.0).rem_euclid(2.0) == 1.0 { self.swing } else { 0.0 };
        let human = if instrument == Instrument::Kick { 0.0 } else { 0.008 * (self.dice.unit() - 0.5) };
        self.notes.push(Note {
            at: ((at + late) * self.beat + human).max(0.0),
            length: length * self.beat,
            instrument,
            pitch: pitch as f32,
            gain: gain * (0.92 + 0.16 * self.dice.unit() as f32),
            pan,
        });
    }

    /// Plays all tones of a chord, from left to right.
    pub(super) fn chord(&mut self, instrument: Instrument, at: f64, length: f64, pitches: &[i32], gain: f32) {
        let middle = (pitches.len() as f32 - 1.0) / 2.0;
        for (i, pitch) in pitches.iter().enumerate() {
            self.play(instrument, at, length, (*pitch, gain), (i as f32 - middle) * 0.28);
        }
    }

    /// Plays this bar's half of the tune.
    pub(super) fn tune(&mut self, instrument: Instrument, bar: &Bar<'_>, octave: i32, gain: f32) {
        let half = bar.number % 2 * 8;
        for (eighth, step, loud) in bar.tune.iter().filter(|(eighth, ..)| (half..half + 8).contains(eighth)) {
            let at = bar.start + (eighth - half) as f64 / 2.0;
            self.play(instrument, at, 0.5, (bar.pitch(*step, octave), gain * loud), 0.22);
        }
    }

    /// Whether something that happens `times` out of ten happens now.
    pub(super) fn chance(&mut self, times: usize) -> bool {
        self.dice.below(10) < times
    }

    /// The last chord, held until it has rung out.
    fn end(&mut self, start: f64, key: i32, voicing: &[i32], mood: &str) {
        let pad = if mood == "cinematic" { Instrument::Strings } else { Instrument::Pad };
        self.chord(pad, start, 4.0, voicing, 0.2);
        let struck = if mood == "lo-fi" { Instrument::Keys } else { Instrument::Bell };
        self.chord(struck, start, 6.0, voicing, 0.17);
        self.play(Instrument::Bass, start, 4.0, (33 + (key - 33).rem_euclid(12), 0.4), 0.0);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn notes_come_in_order_until_the_end_and_close_on_the_first_chord() {
        for mood in MOODS {
            let score = compose(mood, 11, 30.0);
            assert!(score.notes.is_sorted_by(|a, b| a.at <= b.at), "{mood}");
            let last = score.notes.last().unwrap();
            assert!(last.at > 22.0 && last.at < 30.0, "{mood} ends at {}", last.at);
        }
    }

    #[test]
    fn chords_move_little_from_one_to_the_next() {
        for pitch in voicing(60, MAJOR9).into_iter().chain(voicing(67, SUS)) {
            assert!((57..69).contains(&pitch), "{pitch}");
        }
    }

    #[test]
    fn a_tune_stays_in_its_two_bars() {
        for seed in 0..20 {
            let tune = tune(&mut Dice::new(seed));
            assert!(tune.iter().all(|(eighth, step, _)| *eighth < 16 && *step < 8));
        }
    }
}
