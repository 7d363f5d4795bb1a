//! How music goes down while somebody speaks: a curve of gain, made of what is heard in the
//! lead, that comes a moment before the words and stays through the pauses between them.

use std::ffi::OsString;
use std::path::{Path, PathBuf};

use crate::ffmpeg::run::{Task, capture};
use crate::ffmpeg::{Tool, input};
use crate::studio::render::error::RenderError;
use crate::studio::render::sound::level::Loudness;
use crate::studio::render::sound::{DEADLINE, Mixer, RATE};

/// The sound of a clip up to this volume is ambience, unless the draft says that music ducks.
pub(super) const AMBIENCE: f64 = 0.5;
/// How far music is to lie below what is said, in LU: easy to follow, and still music.
const BELOW: f64 = 16.0;
/// The least and the most that it goes down, in dB.
const DOWN: (f64, f64) = (6.0, 20.0);
/// How far it goes down when the levels cannot be measured.
const DOWN_BLIND: f64 = 12.0;
/// The lead is looked at at this rate, in steps of 10 ms.
const RATE_HEARD: usize = 8000;
const STEP: usize = RATE_HEARD / 100;
/// What lies further below the lead's own loudness is its pauses, in dB.
const PAUSE_BELOW: f64 = 20.0;
/// What is below this is a pause in any case, in dB.
const PAUSE: f64 = -55.0;
/// In steps: how long before the words the music begins to go down, how long that takes,
/// how long it stays down after them, and how long it takes to come back.
const AHEAD: usize = 25;
const FALL: usize = 25;
const HOLD: usize = 60;
const RISE: usize = 80;
/// Two hours at the rate.
const HEARD_BYTES_MAX: usize = 2 * 60 * 60 * RATE_HEARD * 2 + (1 << 20);

/// Writes `bed` again, turned down where `lead` sounds.
pub(super) async fn duck(
    mixer: &Mixer<'_>,
    (lead, lead_level): (&Path, Loudness),
    (bed, bed_level): (&Path, Loudness),
) -> Result<PathBuf, RenderError> {
    let mut args = input::open(lead)?;
    let rate = RATE_HEARD.to_string();
    args.extend(["-ac", "1", "-ar", &rate, "-f", "s16le", "pipe:1"].map(OsString::from));
    let task = Task { doing: "listening for speech".to_owned(), args, deadline: DEADLINE };
    let heard = capture(Tool::Ffmpeg, &task, HEARD_BYTES_MAX, mixer.stop).await?;
    let mut curve = curve(&sounding(&heard, lead_level.integrated), depth(lead_level, bed_level));
    // A bit more at its end: the shorter of two factors ends their product.
    curve.extend([curve.last().copied().unwrap_or(1.0); 100]);
    let (points, to) = (mixer.work.join("duck.raw"), mixer.work.join("ducked.wav"));
    let bytes: Vec<u8> = curve.iter().flat_map(|gain| gain.to_le_bytes()).collect();
    let file = |source| RenderError::File { doing: "writing how the music goes down".to_owned(), source };
    tokio::fs::write(&points, bytes).await.map_err(file)?;
    let mut args = input::open(bed)?;
    args.extend(["-f", "f32le", "-ar", "100", "-ac", "1", "-i"].map(OsString::from));
    args.push(points.into());
    // Resampling draws a smooth line through the points.
    let graph = format!("[1:a]aresample={RATE},pan=stereo|c0=c0|c1=c0[gain];[0:a][gain]amultiply[out]");
    args.extend(["-filter_complex", &graph, "-map", "[out]", "-c:a", "pcm_f32le"].map(OsString::from));
    args.push(to.clone().into());
    mixer.run("turning the music down under speech".to_owned(), args).await?;
    // What stays goes with the folder of the render.
    let _ = tokio::fs::remove_file(bed).await;
    Ok(to)
}

/// By how many dB the music goes down.
fn depth(lead: Loudness, bed: Loudness) -> f64 {
    let down = bed.integrated - (lead.integrated - BELOW);
    if down.is_finite() { down.clamp(DOWN.0, DOWN.1) } else { DOWN_BLIND }
}

/// Whether the lead sounds, for each step. `loudness` is that of the whole of it.
fn sounding(heard: &[u8], loudness: f64) -> Vec<bool> {
    let least = (loudness - PAUSE_BELOW).max(PAUSE);
    let power = 10f64.powf(least / 10.0) * 32768.0 * 32768.0;
    let loud = |step: &[[u8; 2]]| {
        let sum: f64 = step.iter().map(|sample| f64::from(i16::from_le_bytes(*sample)).powi(2)).sum();
        sum / STEP as f64 > power
    };
    heard.as_chunks::<2>().0.chunks(STEP).map(loud).collect()
}

/// The gain of the music for each step, from 1 down by `depth` dB and back.
fn curve(sounding: &[bool], depth: f64) -> Vec<f32> {
    // How far down the music shall be, counted back from the words and on from them.
    let mut down = vec![0.0f64; sounding.len()];
    let (mut since, mut until) = (usize::MAX, usize::MAX);
    for (at, sounds) in sounding.iter().enumerate() {
        since = if *sounds { 0 } else { since.saturating_add(1) };
        let back = since.saturating_sub(HOLD) as f64 / RISE as f64;
        down[at] = (1.0 - back).max(0.0);
    }
    for (at, sounds) in sounding.iter().enumerate().rev() {
        until = if *sounds { 0 } else { until.saturating_add(1) };
        let ahead = until.saturating_sub(AHEAD.saturating_sub(FALL)) as f64 / FALL as f64;
        down[at] = down[at].max(1.0 - ahead);
    }
    let smooth = |x: f64| x * x * (3.0 - 2.0 * x);
    down.into_iter().map(|down| 10f64.powf(-depth * smooth(down) / 20.0) as f32).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::studio::render::sound::level;

    /// Speech from second 2 to 4, with half a second of pause in it, in ten seconds.
    fn talk() -> Vec<bool> {
        (0..1000).map(|step| (200..400).contains(&step) && !(250..300).contains(&step)).collect()
    }

    #[test]
    fn music_goes_down_before_the_words_stays_in_pauses_and_comes_back() {
        let curve = curve(&talk(), 12.0);
        let db = |step: usize| 20.0 * f64::from(curve[step]).log10();
        let told = [0, 174, 200, 275, 399, 455, 500, 545, 999].map(|step| db(step).round());
        assert_eq!(told, [0.0, 0.0, -12.0, -12.0, -12.0, -12.0, -6.0, 0.0, 0.0]);
        assert!(curve.windows(2).all(|pair| (pair[0] - pair[1]).abs() < 0.06), "it jumps");
    }

    #[test]
    fn words_at_the_very_start_and_end_are_clear() {
        let always = curve(&[true; 50], 6.0);
        assert!(always.iter().all(|gain| (gain - 0.501).abs() < 0.001), "{always:?}");
        assert!(curve(&[false; 50], 6.0).iter().all(|gain| *gain == 1.0));
        assert!(curve(&[], 6.0).is_empty());
    }

    #[test]
    fn pauses_are_what_lies_far_below_the_lead() {
        let step = |level: i16| level.to_le_bytes().repeat(STEP);
        let heard = [step(3000), step(40), step(900), step(200)].concat();
        // 3000 of 32768 is -21 dB, 900 is -31, 200 is -44, 40 is -58.
        assert_eq!(sounding(&heard, -22.0), [true, false, true, false]);
        assert_eq!(sounding(&heard, f64::NEG_INFINITY), [true, false, true, true]);
    }

    #[test]
    fn music_lies_well_below_what_is_said() {
        let loud = |integrated: f64| level::read(&format!("Summary: I: {integrated} LUFS"));
        assert_eq!(depth(loud(-20.0), loud(-26.0)), 10.0);
        assert_eq!(depth(loud(-20.0), loud(-40.0)), DOWN.0);
        assert_eq!(depth(loud(-40.0), loud(-20.0)), DOWN.1);
        assert_eq!(depth(level::read(""), loud(-20.0)), DOWN_BLIND);
    }
}
