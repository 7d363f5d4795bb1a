//! How loud a mix is, and how it becomes as loud as platforms want it: measured, then one
//! gain for all of it and a limiter for its peaks, then measured again.
//!
//! The goal is -14 LUFS. It is missed on purpose where only noise would reach it: what is
//! quieter than -44 LUFS is raised by less and less, nothing below -60 is raised at all,
//! and no peak is pressed down by more than [`PRESSED_MAX`]: a lone click stays a click.

use std::ffi::OsString;
use std::path::{Path, PathBuf};

use crate::ffmpeg::input;
use crate::studio::render::error::RenderError;
use crate::studio::render::sound::{Mix, Mixer, RATE};

/// The filter that measures; its summary is what [`read`] takes.
pub(super) const MEASURE: &str = "ebur128=peak=sample:framelog=verbose";
/// What platforms level to, in LUFS.
const LOUDNESS: f64 = -14.0;
/// Sound below this is silence or noise: making it loud would only make noise loud.
const SILENCE: f64 = -60.0;
/// The most that a mix is raised, in dB. From -44 LUFS down to silence it falls to nothing.
const GAIN_MAX: f64 = 30.0;
/// The least that can be measured, in LUFS: what ffmpeg says of less than 0.4 seconds.
const UNMEASURED: f64 = -69.0;
/// A peak of sound that is too short to be measured and still is heard.
const PEAK_HEARD: f64 = -50.0;
/// The limiter's ceiling: with what AAC adds, peaks stay below -1 dB.
const CEILING_DB: f64 = -2.2;
/// How far the highest peak may stand above the ceiling before the limiter, in dB.
const PRESSED_MAX: f64 = 14.0;
/// By so much a peak between samples may be higher than they are, in dB. A mix that stays farther
/// below the ceiling has nothing to be held: its gain alone makes it as loud as it should be.
const UNSEEN_DB: f64 = 3.0;
/// How near to the goal is near enough, in LU.
const NEAR: f64 = 0.3;
/// The limiter takes some loudness away; so often it is given back.
const ROUNDS_MAX: usize = 4;

/// How loud a sound is.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Loudness {
    /// Of all that is not silent (EBU R 128), in LUFS; far below silence when nothing is.
    pub(super) integrated: f64,
    /// The highest sample, in dB.
    peak: f64,
}

/// Reads the last summary of ffmpeg's report.
pub(super) fn read(report: &str) -> Loudness {
    let summary = report.rsplit_once("Summary:").map_or("", |(_, summary)| summary);
    let value = |name: &str| {
        let (_, value) = summary.split_once(name)?;
        value.split_whitespace().next()?.parse().ok().filter(|level: &f64| level.is_finite())
    };
    let [integrated, peak] = ["I:", "Peak:"].map(|name| value(name).unwrap_or(f64::NEG_INFINITY));
    Loudness { integrated, peak }
}

/// Returns by how many dB a mix is raised at first; none when nothing is heard in it.
fn first(heard: Loudness) -> Option<f64> {
    if heard.integrated < UNMEASURED {
        // Too short for a loudness: it stays as it is, and its peaks below the ceiling.
        return (heard.peak > PEAK_HEARD).then(|| (CEILING_DB - heard.peak).min(0.0));
    }
    (heard.integrated >= SILENCE).then(|| (LOUDNESS - heard.integrated).min(most(heard)))
}

/// The most that a mix may be raised.
fn most(heard: Loudness) -> f64 {
    let quiet = GAIN_MAX * ((heard.integrated - SILENCE) / (LOUDNESS - GAIN_MAX - SILENCE)).min(1.0);
    quiet.min(CEILING_DB - heard.peak + PRESSED_MAX).max(0.0)
}

/// Returns the next gain after `gain` made `heard` as loud as `got`; none when no other is better.
fn next(gain: f64, heard: Loudness, got: Loudness) -> Option<f64> {
    let off = LOUDNESS - got.integrated;
    if heard.integrated < UNMEASURED || off.abs() <= NEAR {
        return None;
    }
    let next = (gain + off).min(most(heard));
    ((next - gain).abs() > NEAR / 3.0).then_some(next)
}

/// Raises or lowers a mix until it is as loud as it should be; none when nothing is heard
/// in it. Peaks are held at four times the rate, where those between samples show.
pub(super) async fn level(mixer: &Mixer<'_>, raw: PathBuf, heard: Loudness) -> Result<Mix, RenderError> {
    let Some(mut gain) = first(heard) else { return Ok(Mix { path: raw, gain: 0.0, audible: false }) };
    if heard.peak + gain <= CEILING_DB - UNSEEN_DB {
        return Ok(Mix { path: raw, gain, audible: true });
    }
    let path = mixer.work.join("level.wav");
    for _ in 0..ROUNDS_MAX {
        let report = mixer.run("levelling the sound".to_owned(), arguments(&raw, gain, &path)?).await?;
        match next(gain, heard, read(&report)) {
            Some(better) => gain = better,
            None => break,
        }
    }
    Ok(Mix { path, gain: 0.0, audible: true })
}

fn arguments(raw: &Path, gain: f64, to: &Path) -> Result<Vec<OsString>, RenderError> {
    let ceiling = 10f64.powf(CEILING_DB / 20.0);
    let filter = format!(
        "volume={gain:.2}dB,aresample={},alimiter=limit={ceiling:.4}:attack=4:release=90:level=disabled,\
         aresample={RATE},{MEASURE}",
        RATE * 4
    );
    let mut args: Vec<OsString> = ["-loglevel", "info"].map(OsString::from).into();
    args.extend(input::open(raw)?);
    args.extend(["-af", &filter, "-c:a", "pcm_f32le"].map(OsString::from));
    args.push(to.into());
    Ok(args)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn heard(integrated: f64, peak: f64) -> Loudness {
        Loudness { integrated, peak }
    }

    #[test]
    fn the_loudness_is_the_last_summary_s() {
        let report = "M: -20 S: -21 I: -22.1 LUFS; Summary:; Integrated loudness:; I: -23.4 LUFS; Threshold: \
                      -33.6; Sample peak:; Peak: -4.5 dBFS";
        assert_eq!(read(report), heard(-23.4, -4.5));
        let silent = read("Summary:; Integrated loudness:; I: -inf LUFS; Sample peak:; Peak: -inf dBFS");
        assert_eq!(silent, heard(f64::NEG_INFINITY, f64::NEG_INFINITY));
        assert_eq!(read("nothing"), silent);
    }

    #[test]
    fn what_is_heard_becomes_as_loud_as_platforms_want_it() {
        assert_eq!(first(heard(-23.0, -10.0)), Some(9.0));
        assert_eq!(first(heard(-3.0, 0.0)), Some(-11.0));
        assert_eq!(first(heard(-44.0, -28.0)), Some(30.0));
    }

    #[test]
    fn noise_and_clicks_are_not_blown_up() {
        assert_eq!(first(heard(-61.0, -40.0)), None);
        assert_eq!(first(heard(-52.0, -40.0)), Some(15.0));
        // A click that stands 23 dB over its loudness.
        assert!((first(heard(-40.0, -7.0)).unwrap() - 18.8).abs() < 1e-9);
        assert_eq!(first(heard(-70.0, -20.0)), Some(0.0));
        assert_eq!(first(heard(-70.0, -0.2)), Some(-2.0));
        assert_eq!(first(heard(-70.0, -55.0)), None);
    }

    #[test]
    fn what_the_limiter_took_is_given_back_within_limits() {
        let raw = heard(-20.8, -4.9);
        assert!((next(6.8, raw, heard(-14.7, -2.2)).unwrap() - 7.5).abs() < 1e-9);
        assert_eq!(next(7.8, raw, heard(-14.1, -2.2)), None);
        assert_eq!(next(15.7, heard(-26.9, -3.9), heard(-25.1, -2.2)), None);
    }
}
