//! Everything that is heard: placed, mixed and levelled by ffmpeg into one file.
//!
//! | file | owns |
//! |---|---|
//! | `track` | one sound as an input of a mix: its place, speed, volume and fades |
//! | `level` | how loud the whole is, and how it gets as loud as platforms want it |
//! | `duck` | how far music goes down, and when, so that what is said is understood |
//! | `speech` | voice-overs: spoken, then placed one after the other |

mod duck;
mod level;
mod speech;
mod track;

use std::ffi::OsString;
use std::path::{Path, PathBuf};
use std::time::Duration;

use tokio_util::sync::CancellationToken;

use crate::ffmpeg::run::{Task, run};
use crate::studio::render::error::RenderError;
use crate::studio::render::plan::{Part, Plan, Sound};
use crate::studio::render::sound::level::Loudness;
use crate::studio::render::sound::track::Track;

/// Samples in a second.
const RATE: u64 = 48_000;
/// How many inputs one ffmpeg gets: each has a decoder and a file open.
const TOGETHER_MAX: usize = 24;
/// Mixing runs at many times real time; this is for slow disks and loaded machines.
const DEADLINE: Duration = Duration::from_secs(60 * 60);

/// The sound of a render.
pub(crate) struct Mix {
    /// 48 kHz stereo, exactly as long as the plan.
    pub(crate) path: PathBuf,
    /// By how many dB it has still to be raised.
    pub(crate) gain: f64,
    /// Whether anything can be heard in it.
    pub(crate) audible: bool,
}

/// Makes the sound of a plan in `work`; silence when nothing is heard.
///
/// # Errors
/// A source cannot be decoded, a program failed, or it was stopped.
pub(crate) async fn mix(plan: &Plan, work: &Path, stop: &CancellationToken) -> Result<Mix, RenderError> {
    let samples = plan.frames * RATE / u64::from(plan.fps);
    let mixer = Mixer { samples, work, stop };
    let seconds = samples as f64 / RATE as f64;
    let heard = |s: &&Sound| s.volume > 0.0 && s.at < seconds && s.seconds > 0.0;
    let heard: Vec<&Sound> = plan.sounds.iter().filter(heard).collect();
    let [mut leads, mut ducked, mut others] = [const { Vec::new() }; 3];
    let ducks = ducks(&heard);
    for (index, sound) in heard.iter().enumerate().filter(|(_, sound)| !sound.is_spoken()) {
        let track = Track::open(sound, &work.join(format!("music{index}.wav")), stop).await?;
        match sound.part {
            Part::Lead => leads.push(track),
            Part::Bed { duck } if ducks && duck != Some(false) => ducked.push(track),
            Part::Bed { .. } => others.push(track),
        }
    }
    let spoken: Vec<&Sound> = heard.into_iter().filter(|sound| sound.is_spoken()).collect();
    leads.extend(speech::speak(&spoken, seconds, work, stop).await?);
    if ducked.is_empty() {
        others.extend(leads);
    } else {
        let (lead, lead_level) = mixer.sum(leads, "lead").await?;
        let (bed, bed_level) = mixer.sum(ducked, "bed").await?;
        let bed = duck::duck(&mixer, (&lead, lead_level), (&bed, bed_level)).await?;
        others.extend([Track::of_mix(&lead)?, Track::of_mix(&bed)?]);
    }
    let (raw, loudness) = mixer.sum(others, "mix").await?;
    level::level(&mixer, raw, loudness).await
}

/// Whether music goes down at all: where it is said, or where something sounds that wants
/// to be heard, and not only from afar.
fn ducks(heard: &[&Sound]) -> bool {
    let said = heard.iter().any(|sound| sound.part == Part::Bed { duck: Some(true) });
    let least = if said { 0.0 } else { duck::AMBIENCE };
    heard.iter().any(|sound| sound.part == Part::Lead && sound.volume > least)
}

/// What every step of a mix is made with.
struct Mixer<'a> {
    /// How many samples each file has.
    samples: u64,
    work: &'a Path,
    stop: &'a CancellationToken,
}

impl Mixer<'_> {
    async fn run(&self, doing: String, args: Vec<OsString>) -> Result<String, RenderError> {
        Ok(run(&Task { doing, args, deadline: DEADLINE }, &mut |_| (), self.stop).await?)
    }

    /// Adds any number of tracks up, in groups when they are many.
    async fn sum(&self, mut tracks: Vec<Track>, name: &str) -> Result<(PathBuf, Loudness), RenderError> {
        let mut round = 0;
        while tracks.len() > TOGETHER_MAX {
            let mut mixed = Vec::new();
            for (index, group) in tracks.chunks(TOGETHER_MAX).enumerate() {
                let path = self.work.join(format!("{name}{round}-{index}.wav"));
                self.add(group, &path).await?;
                mixed.push(Track::of_mix(&path)?);
                for track in group {
                    track.let_go().await;
                }
            }
            tracks = mixed;
            round += 1;
        }
        let path = self.work.join(format!("{name}.wav"));
        let loudness = self.add(&tracks, &path).await?;
        for track in &tracks {
            track.let_go().await;
        }
        Ok((path, loudness))
    }

    /// Adds tracks up into one file of exactly [`Mixer::samples`]; returns how loud it is.
    async fn add(&self, tracks: &[Track], to: &Path) -> Result<Loudness, RenderError> {
        let mut args: Vec<OsString> = ["-loglevel", "info", "-f", "lavfi", "-i"].map(OsString::from).into();
        // Silence keeps the length, whatever the tracks do.
        args.push(format!("anullsrc=r={RATE}:cl=stereo").into());
        let mut graph = format!("[0:a]aformat=sample_fmts=fltp,atrim=end_sample={}[t0]", self.samples);
        let mut labels = "[t0]".to_owned();
        for (i, track) in tracks.iter().enumerate() {
            args.extend(track.args.iter().cloned());
            let n = i + 1;
            graph += &format!(";[{n}:a:0]{}[t{n}]", track.filter);
            labels += &format!("[t{n}]");
        }
        graph += &format!(";{labels}amix=inputs={}:normalize=0:duration=first", tracks.len() + 1);
        graph += &format!(",{}[mix]", level::MEASURE);
        args.extend(["-filter_complex", &graph, "-map", "[mix]", "-c:a", "pcm_f32le"].map(OsString::from));
        args.push(to.into());
        let names = tracks.iter().map(|track| track.name.as_str()).collect::<Vec<_>>().join("`, `");
        let doing = if tracks.is_empty() { "mixing silence".to_owned() } else { format!("mixing `{names}`") };
        Ok(level::read(&self.run(doing, args).await?))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::studio::render::plan::SoundSource;

    fn sound(part: Part, volume: f64) -> Sound {
        let source = SoundSource::Music { mood: "calm".into(), seed: 1 };
        let name = "a".to_owned();
        Sound { name, source, part, at: 0.0, seconds: 4.0, volume, fade_in: 0.0, fade_out: 0.0 }
    }

    #[test]
    fn music_goes_down_for_clips_that_are_heard_and_for_those_it_is_told_to() {
        let goes = |duck, volume| {
            let (bed, clip) = (sound(Part::Bed { duck }, 0.35), sound(Part::Lead, volume));
            ducks(&[&bed, &clip])
        };
        assert!(goes(None, 1.0) && goes(Some(true), 0.2));
        // Turned down to half and less, the sound of a clip is what is heard from afar.
        assert!(!goes(None, 0.3));
        assert!(!ducks(&[&sound(Part::Bed { duck: Some(true) }, 1.0)]));
    }
}
