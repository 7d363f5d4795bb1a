//! Who plays what in a bar of each mood.

use crate::studio::render::music::score::Instrument::{
    Bass, Bell, Boom, Clap, Hat, Keys, Kick, Muted, Pad, Pluck, Shaker, Snare, Strings,
};
use crate::studio::render::music::score::{Bar, Writer};

/// Bars that a piece takes to come together, where drums would be too much at once.
const INTRO: usize = 2;

/// Dusty keys, a lazy beat.
pub(super) fn lo_fi(w: &mut Writer, bar: &Bar<'_>) {
    let at = bar.start;
    w.chord(Keys, at, 1.6, &bar.voicing, 0.2);
    w.chord(Keys, at + 2.5, 1.1, &bar.voicing, 0.15);
    w.chord(Pad, at, 4.0, &bar.voicing, 0.1);
    w.play(Bass, at, 1.4, (bar.low(), 0.55), 0.0);
    w.play(Bass, at + 2.5, 1.2, (bar.low(), 0.42), 0.0);
    if bar.number % 4 >= 2 || bar.number >= 8 {
        w.tune(Bell, bar, 1, 0.13);
    }
    if bar.number < INTRO / 2 || bar.ends {
        return;
    }
    for beat in [0.0, 2.5] {
        w.play(Kick, at + beat, 0.2, (36, 0.5), 0.0);
    }
    for beat in [1.0, 3.0] {
        w.play(Snare, at + beat, 0.2, (55, 0.34), 0.06);
    }
    for eighth in 0..8 {
        let loud = if eighth % 2 == 0 { 0.13 } else { 0.2 };
        w.play(Hat, at + f64::from(eighth) / 2.0, 0.1, (80, loud), 0.25);
    }
    if w.chance(3) {
        w.play(Kick, at + 3.5, 0.2, (36, 0.3), 0.0);
    }
}

/// Quick plucks over four to the floor.
pub(super) fn upbeat(w: &mut Writer, bar: &Bar<'_>) {
    let at = bar.start;
    w.chord(Pad, at, 4.0, &bar.voicing, 0.13);
    arpeggio(w, bar, Pluck, &[0, 1, 2, 3, 2, 1, 2, 3], 0.2);
    for eighth in 0..8 {
        let octave = if eighth % 4 == 3 { 12 } else { 0 };
        w.play(Bass, at + f64::from(eighth) / 2.0, 0.4, (bar.low() + octave, 0.45), 0.0);
    }
    if bar.number >= 4 {
        w.tune(Bell, bar, 1, 0.13);
    }
    let quiet = bar.number < INTRO;
    for beat in 0..4 {
        w.play(Kick, at + f64::from(beat), 0.2, (36, if quiet { 0.38 } else { 0.58 }), 0.0);
        if !quiet {
            w.play(Hat, at + f64::from(beat) + 0.5, 0.1, (80, 0.32), 0.2);
            w.play(Shaker, at + f64::from(beat) + 0.25, 0.1, (80, 0.1), -0.3);
            w.play(Shaker, at + f64::from(beat) + 0.75, 0.1, (80, 0.12), -0.3);
        }
    }
    if !quiet {
        w.play(Clap, at + 1.0, 0.2, (60, 0.34), 0.0);
        w.play(Clap, at + 3.0, 0.2, (60, 0.34), 0.0);
    }
    if bar.ends || bar.number % 8 == 7 {
        for eighth in 5..8 {
            w.play(Snare, at + f64::from(eighth) / 2.0, 0.1, (57, 0.12 + 0.05 * eighth as f32), 0.0);
        }
    }
}

/// Strings that grow, a deep drum, a lonely figure.
pub(super) fn cinematic(w: &mut Writer, bar: &Bar<'_>) {
    let at = bar.start;
    // Eight bars up, then again from a bit higher.
    let growth = 0.7 + 0.3 * ((bar.number % 8) as f32 / 7.0);
    w.chord(Strings, at, 4.2, &bar.voicing, 0.2 * growth);
    let high: Vec<i32> = bar.voicing.iter().rev().take(2).map(|pitch| pitch + 12).collect();
    if bar.number >= 4 {
        w.chord(Strings, at, 4.2, &high, 0.1 * growth);
    }
    w.play(Strings, at, 4.2, (bar.low(), 0.3), 0.0);
    w.play(Bass, at, 3.8, (bar.low(), 0.34 * growth), 0.0);
    arpeggio(w, bar, Bell, &[0, 2, 1, 2, 0, 2, 1, 2], 0.12 * growth);
    if bar.number.is_multiple_of(2) {
        w.play(Boom, at, 1.0, (30, 0.5 * growth), 0.0);
    }
    if bar.number >= 4 {
        w.play(Boom, at + 2.5, 0.5, (30, 0.24 * growth), -0.2);
        w.play(Boom, at + 3.0, 0.5, (30, 0.3 * growth), 0.2);
        w.tune(Pluck, bar, 1, 0.12);
    }
}

/// Pads, and now and then a string that is plucked.
pub(super) fn calm(w: &mut Writer, bar: &Bar<'_>) {
    let at = bar.start;
    w.chord(Pad, at, 4.3, &bar.voicing, 0.19);
    w.play(Bass, at, 3.6, (bar.low(), 0.34), 0.0);
    let figure: [usize; 4] = if bar.number.is_multiple_of(2) { [0, 2, 3, 1] } else { [1, 3, 2, 0] };
    for (beat, tone) in figure.into_iter().enumerate() {
        let pitch = bar.voicing[tone % bar.voicing.len()] + 12;
        let pan = if beat % 2 == 0 { -0.4 } else { 0.4 };
        w.play(Pluck, at + beat as f64, 1.0, (pitch, 0.17), pan);
    }
    if bar.number >= 2 {
        w.tune(Bell, bar, 1, 0.11);
    }
}

/// Muted strings in eighths, a light beat: friendly and out of the way.
pub(super) fn corporate(w: &mut Writer, bar: &Bar<'_>) {
    let at = bar.start;
    w.chord(Pad, at, 4.0, &bar.voicing, 0.13);
    arpeggio(w, bar, Muted, &[0, 2, 1, 3, 2, 3, 1, 2], 0.3);
    w.play(Bass, at, 1.8, (bar.low(), 0.46), 0.0);
    w.play(Bass, at + 2.0, 1.8, (bar.low(), 0.42), 0.0);
    if bar.number >= 2 {
        w.tune(Bell, bar, 1, 0.14);
    }
    if bar.number < INTRO {
        return;
    }
    for beat in [0.0, 2.0] {
        w.play(Kick, at + beat, 0.2, (36, 0.45), 0.0);
    }
    for beat in [1.0, 3.0] {
        w.play(Clap, at + beat, 0.2, (60, 0.24), 0.0);
    }
    for eighth in 0..8 {
        let loud = if eighth % 2 == 1 { 0.2 } else { 0.1 };
        w.play(Shaker, at + f64::from(eighth) / 2.0, 0.1, (80, loud), 0.3);
    }
}

/// Eight eighths over the tones of the chord, an octave up, from side to side.
fn arpeggio(
    w: &mut Writer,
    bar: &Bar<'_>,
    instrument: crate::studio::render::music::score::Instrument,
    figure: &[usize; 8],
    gain: f32,
) {
    for (eighth, tone) in figure.iter().enumerate() {
        let pitch = bar.voicing[tone % bar.voicing.len()] + 12;
        let loud = if eighth % 4 == 0 { gain * 1.15 } else { gain * 0.9 };
        let pan = 0.5 * (eighth as f32 / 7.0 * std::f32::consts::TAU).sin();
        w.play(instrument, bar.start + eighth as f64 / 2.0, 0.5, (pitch, loud), pan);
    }
}
