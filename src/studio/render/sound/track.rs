//! One sound as an input of a mix: where it comes from, its place, speed, volume and fades.

use std::ffi::OsString;
use std::path::{Path, PathBuf};

use tokio_util::sync::CancellationToken;

use crate::ffmpeg::input;
use crate::studio::render::error::RenderError;
use crate::studio::render::music;
use crate::studio::render::plan::{Sound, SoundSource};
use crate::studio::render::sound::RATE;

/// The shortest fade, in seconds.
const CLICK: f64 = 0.008;

/// One input of a mix, with what is done to it. Filters hold numbers alone.
pub(super) struct Track {
    pub(super) args: Vec<OsString>,
    pub(super) filter: String,
    pub(super) name: String,
    /// A file that was made for this track alone.
    own: Option<PathBuf>,
}

impl Track {
    /// Opens a sound that is not spoken; music of ours is written to `made` first.
    pub(super) async fn open(
        sound: &Sound,
        made: &Path,
        stop: &CancellationToken,
    ) -> Result<Self, RenderError> {
        let args = source(sound, made, stop).await?;
        let speed = if let SoundSource::File { speed, .. } = sound.source { speed } else { 1.0 };
        let own = matches!(sound.source, SoundSource::Music { .. }).then(|| made.to_owned());
        Ok(Self { args, filter: filter(sound, speed), name: sound.name.clone(), own })
    }

    /// A spoken sound that lies in a file of this render, at its own speed.
    pub(super) fn spoken(sound: &Sound, speed: f64, path: PathBuf) -> Result<Self, RenderError> {
        let (args, filter) = (input::open(&path)?, filter(sound, speed));
        Ok(Self { args, filter, name: sound.name.clone(), own: Some(path) })
    }

    /// A mix, to go on with as it is.
    pub(super) fn of_mix(path: &Path) -> Result<Self, RenderError> {
        let own = Some(path.to_owned());
        Ok(Self { args: input::open(path)?, filter: "anull".into(), name: "mix".into(), own })
    }

    /// Removes what was made for it: an hour of sound takes more than a gigabyte.
    pub(super) async fn let_go(&self) {
        if let Some(path) = &self.own {
            // What stays goes with the folder of the render.
            let _ = tokio::fs::remove_file(path).await;
        }
    }
}

/// The input arguments of a sound.
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
        SoundSource::Voice { .. } => {
            Err(RenderError::Broke { doing: "mixing", what: "a voice was not spoken".to_owned() })
        }
    }
}

/// Length, speed, volume, fades and place of a sound.
fn filter(sound: &Sound, speed: f64) -> String {
    let mut filter = format!("aresample={RATE},aformat=sample_fmts=fltp:channel_layouts=stereo");
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::studio::render::plan::Part;

    fn sound(speed: f64) -> Sound {
        let source = SoundSource::File { path: "a.mp3".into(), from: 0.0, speed, repeats: false };
        let (name, part) = ("a".to_owned(), Part::Bed { duck: None });
        Sound { name, source, part, at: 1.5, seconds: 4.0, volume: 0.35, fade_in: 0.4, fade_out: 9.0 }
    }

    #[test]
    fn a_sound_is_placed_faded_and_slowed_in_steps() {
        let text = filter(&sound(0.2), 0.2);
        assert!(text.contains(",atempo=0.500000,atempo=0.500000,atempo=0.800000,"), "{text}");
        assert!(text.contains("atrim=duration=4.000000") && text.contains("volume=0.3500"), "{text}");
        // A fade of nine seconds cannot take more than half of four.
        assert!(text.contains("afade=t=out:st=2.000000:d=2.0000"), "{text}");
        assert!(text.ends_with("adelay=delays=1500:all=1"), "{text}");
    }
}
