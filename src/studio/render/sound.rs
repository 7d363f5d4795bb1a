//! Everything that is heard: placed, mixed and levelled by ffmpeg into one file.

use std::ffi::OsString;
use std::path::{Path, PathBuf};
use std::time::Duration;

use tokio_util::sync::CancellationToken;

use crate::ffmpeg::input;
use crate::ffmpeg::run::{Task, run};
use crate::studio::render::error::RenderError;
use crate::studio::render::music;
use crate::studio::render::plan::{Plan, Sound, SoundSource};

/// What platforms level to.
const LOUDNESS: f64 = -14.0;
/// Sound below this is silence or noise: making it loud would only make noise loud.
const SILENCE: f64 = -60.0;
/// The most that a mix is raised, in dB.
const GAIN_MAX: f64 = 24.0;
/// The limiter's ceiling: with what AAC adds, peaks stay below -1 dB.
const CEILING_DB: f64 = -2.2;
/// Samples in a second.
const RATE: u64 = 48_000;
/// How many inputs one ffmpeg gets: each has a decoder and a file open.
const TOGETHER_MAX: usize = 24;
/// The shortest fade, in seconds.
const CLICK: f64 = 0.008;
/// Mixing runs at many times real time; this is for slow disks and loaded machines.
const DEADLINE: Duration = Duration::from_secs(60 * 60);

/// The sound of a render.
pub(crate) struct Mix {
    /// 48 kHz stereo, exactly as long as the plan.
    pub(crate) path: PathBuf,
    /// Whether anything can be heard in it.
    pub(crate) audible: bool,
}

/// Makes the sound of a plan in `work`; silence when nothing is heard.
///
/// # Errors
/// A source cannot be decoded, ffmpeg failed, or it was stopped.
pub(crate) async fn mix(plan: &Plan, work: &Path, stop: &CancellationToken) -> Result<Mix, RenderError> {
    let samples = plan.frames * RATE / u64::from(plan.fps);
    let seconds = samples as f64 / RATE as f64;
    let heard = plan.sounds.iter().filter(|s| s.volume > 0.0 && s.at < seconds && s.seconds > 0.0);
    let mut tracks = Vec::new();
    for (index, sound) in heard.enumerate() {
        let args = source(sound, &work.join(format!("music{index}.wav")), stop).await?;
        tracks.push(Track { args, filter: filter(sound), name: sound.name.clone() });
    }
    let mut round = 0;
    while tracks.len() > TOGETHER_MAX {
        let mut mixed = Vec::new();
        for (index, group) in tracks.chunks(TOGETHER_MAX).enumerate() {
            let path = work.join(format!("mix{round}-{index}.wav"));
            sum(group, samples, &path, stop).await?;
            mixed.push(Track { args: input::open(&path)?, filter: "anull".into(), name: "mix".into() });
        }
        tracks = mixed;
        round += 1;
    }
    let raw = work.join("mix.wav");
    let report = sum(&tracks, samples, &raw, stop).await?;
    let level = integrated(&report).unwrap_or(f64::NEG_INFINITY);
    if level < SILENCE {
        return Ok(Mix { path: raw, audible: false });
    }
    let path = work.join("level.wav");
    let task = Task {
        doing: "levelling the sound".into(),
        args: level_args(&raw, level, &path)?,
        deadline: DEADLINE,
    };
    run(&task, &mut |_| (), stop).await?;
    Ok(Mix { path, audible: true })
}

/// One input of a mix, with what is done to it. Filters hold numbers alone.
struct Track {
    args: Vec<OsString>,
    filter: String,
    name: String,
}

/// The input arguments of a sound. Music of ours is written to `made` first.
async fn source(sound: &Sound, made: &Path, stop: &CancellationToken) -> Result<Vec<OsString>, RenderError> {
    match &sound.source {
        SoundSource::Music { mood, seed } => {
            let (mood, seed, seconds) = (mood.clone(), *seed, sound.seconds);
            let (path, token) = (made.to_owned(), stop.clone());
            let writing = move || music::write(&path, &mood, seed, seconds, &|| token.is_cancelled());
            let written = tokio::task::spawn_blocking(writing).await;
            let written =
                written.map_err(|e| RenderError::Broke { doing: "making music", what: e.to_string() })?;
            written.map_err(|source| RenderError::File { doing: "writing the music".to_owned(), source })?;
            if stop.is_cancelled() {
                return Err(RenderError::Stopped);
            }
            Ok(input::open(made)?)
        }
        SoundSource::File { path, from, repeats, .. } => {
            let mut args: Vec<OsString> = Vec::new();
            if *repeats {
                args.extend(["-stream_loop", "-1"].map(OsString::from));
            }
            if *from > 0.0 {
                args.extend(["-ss".into(), format!("{from:.6}").into()]);
            }
            args.extend(input::open(path)?);
            Ok(args)
        }
    }
}

/// Length, speed, volume, fades and place of a sound.
fn filter(sound: &Sound) -> String {
    let mut filter = format!("aresample={RATE},aformat=sample_fmts=fltp:channel_layouts=stereo");
    if let SoundSource::File { speed, .. } = sound.source {
        // One step goes no lower than half.
        let (mut rest, mut steps) = (speed, Vec::new());
        while rest < 0.5 {
            steps.push(0.5);
            rest /= 0.5;
        }
        steps.push(rest);
        for step in steps.into_iter().filter(|step| (step - 1.0).abs() > 1e-6) {
            filter += &format!(",atempo={step:.6}");
        }
    }
    // A few milliseconds even where no fade was asked for: a hard edge clicks.
    let most = sound.seconds / 2.0;
    let (fade_in, fade_out) =
        (sound.fade_in.clamp(CLICK, CLICK.max(most)), sound.fade_out.clamp(CLICK, CLICK.max(most)));
    let start = (sound.seconds - fade_out).max(0.0);
    filter +=
        &format!(",atrim=duration={:.6},asetpts=PTS-STARTPTS,volume={:.4}", sound.seconds, sound.volume);
    filter += &format!(
        ",afade=t=in:d={fade_in:.4}:curve=qsin,afade=t=out:st={start:.6}:d={fade_out:.4}:curve=qsin"
    );
    if sound.at > 0.0 {
        filter += &format!(",adelay=delays={:.0}:all=1", sound.at * 1000.0);
    }
    filter
}

/// Adds tracks up into one file of exactly `samples`; returns ffmpeg's report of loudness.
async fn sum(
    tracks: &[Track],
    samples: u64,
    to: &Path,
    stop: &CancellationToken,
) -> Result<String, RenderError> {
    let mut args: Vec<OsString> = ["-loglevel", "info", "-f", "lavfi", "-i"].map(OsString::from).into();
    // Silence keeps the length, whatever the tracks do.
    args.push(format!("anullsrc=r={RATE}:cl=stereo").into());
    let mut graph = format!("[0:a]aformat=sample_fmts=fltp,atrim=end_sample={samples}[t0]");
    let mut labels = "[t0]".to_owned();
    for (i, track) in tracks.iter().enumerate() {
        args.extend(track.args.iter().cloned());
        let n = i + 1;
        graph += &format!(";[{n}:a:0]{}[t{n}]", track.filter);
        labels += &format!("[t{n}]");
    }
    graph += &format!(";{labels}amix=inputs={}:normalize=0:duration=first", tracks.len() + 1);
    graph += ",ebur128=framelog=verbose[mix]";
    args.extend(["-filter_complex", &graph, "-map", "[mix]", "-c:a", "pcm_f32le"].map(OsString::from));
    args.push(to.into());
    let names = tracks.iter().map(|track| track.name.as_str()).collect::<Vec<_>>().join("`, `");
    let doing = if tracks.is_empty() { "mixing silence".to_owned() } else { format!("mixing `{names}`") };
    Ok(run(&Task { doing, args, deadline: DEADLINE }, &mut |_| (), stop).await?)
}

/// Raises or lowers a mix to the loudness of platforms. Peaks are held at four times the
/// rate, where those between samples show.
fn level_args(raw: &Path, level: f64, to: &Path) -> Result<Vec<OsString>, RenderError> {
    let gain = (LOUDNESS - level).min(GAIN_MAX);
    let ceiling = 10f64.powf(CEILING_DB / 20.0);
    let filter = format!(
        "volume={gain:.2}dB,aresample={},alimiter=limit={ceiling:.4}:attack=4:release=90:level=disabled,aresample={RATE}",
        RATE * 4
    );
    let mut args = input::open(raw)?;
    args.extend(["-af", &filter, "-c:a", "pcm_f32le"].map(OsString::from));
    args.push(to.into());
    Ok(args)
}

/// Reads the integrated loudness of ffmpeg's summary, in LUFS.
fn integrated(report: &str) -> Option<f64> {
    let (_, summary) = report.rsplit_once("Summary:")?;
    let (_, value) = summary.split_once("I:")?;
    value.split_whitespace().next()?.parse().ok().filter(|level: &f64| level.is_finite())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sound(speed: f64) -> Sound {
        let source = SoundSource::File { path: "a.mp3".into(), from: 0.0, speed, repeats: false };
        let name = "a".to_owned();
        Sound { name, source, at: 1.5, seconds: 4.0, volume: 0.35, fade_in: 0.4, fade_out: 9.0 }
    }

    #[test]
    fn a_sound_is_placed_faded_and_slowed_in_steps() {
        let text = filter(&sound(0.2));
        assert!(text.contains(",atempo=0.500000,atempo=0.500000,atempo=0.800000,"), "{text}");
        assert!(text.contains("atrim=duration=4.000000") && text.contains("volume=0.3500"), "{text}");
        // A fade of nine seconds cannot take more than half of four.
        assert!(text.contains("afade=t=out:st=2.000000:d=2.0000"), "{text}");
        assert!(text.ends_with("adelay=delays=1500:all=1"), "{text}");
    }

    #[test]
    fn the_loudness_is_the_last_summary_s() {
        let report =
            "M: -20 S: -21 I: -22.1 LUFS; Summary:; Integrated loudness:; I: -23.4 LUFS; Threshold: -33.6";
        assert_eq!(integrated(report), Some(-23.4));
        assert_eq!(integrated("Summary:; Integrated loudness:; I: -inf LUFS"), None);
        assert_eq!(integrated("nothing"), None);
    }
}
