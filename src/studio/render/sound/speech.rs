//! Voice-overs: spoken one by one, then placed so that none talks over another.

use std::path::Path;

use tokio_util::sync::CancellationToken;

use crate::ffmpeg::{probe, speech};
use crate::studio::render::error::RenderError;
use crate::studio::render::plan::{Sound, SoundSource};
use crate::studio::render::sound::track::Track;

/// Between two voices, in seconds.
const PAUSE: f64 = 0.2;
/// How much faster a voice may talk to end with the video.
const HURRY_MAX: f64 = 1.25;
/// A voice that has to be cut off ends softly, in seconds.
const CUT: f64 = 0.15;

/// When a voice is heard.
#[derive(Debug, PartialEq)]
struct Place {
    at: f64,
    seconds: f64,
    speed: f64,
}

/// Speaks the voices of a plan of `end` seconds.
///
/// # Errors
/// espeak-ng is not there or failed, or it was stopped.
pub(super) async fn speak(
    voices: &[&Sound],
    end: f64,
    work: &Path,
    stop: &CancellationToken,
) -> Result<Vec<Track>, RenderError> {
    let mut order: Vec<&Sound> = voices.to_vec();
    order.sort_by(|a, b| a.at.total_cmp(&b.at));
    let (mut free, mut tracks) = (0.0, Vec::new());
    for (index, voice) in order.into_iter().enumerate() {
        let SoundSource::Voice { text, language } = &voice.source else { continue };
        let path = work.join(format!("voice{index}.wav"));
        speech::speak(text, language, &path, stop).await?;
        let length = probe::probe(&path).await?.seconds;
        let Some(Place { at, seconds, speed }) = place(voice.at, length, free, end) else { continue };
        free = at + seconds + PAUSE;
        let fade_out = if seconds < length / speed { CUT.max(voice.fade_out) } else { voice.fade_out };
        let placed = Sound { at, seconds, fade_out, ..(*voice).clone() };
        tracks.push(Track::spoken(&placed, speed, path)?);
    }
    Ok(tracks)
}

/// Places a voice that wants to begin at `at`, not before `free`, and ends with the video:
/// a bit faster if that is enough, else cut off. None when there is no room.
fn place(at: f64, length: f64, free: f64, end: f64) -> Option<Place> {
    let at = at.max(free);
    let room = end - at;
    if room <= CUT || length <= 0.0 {
        return None;
    }
    let speed = (length / room).clamp(1.0, HURRY_MAX);
    Some(Place { at, seconds: (length / speed).min(room), speed })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_voice_ends_naturally_inside_the_video() {
        let placed = |at, length, free| place(at, length, free, 10.0).map(|p| (p.at, p.seconds, p.speed));
        assert_eq!(placed(1.0, 4.0, 0.0), Some((1.0, 4.0, 1.0)));
        // It waits for the one before it, hurries a little, and is cut off only then.
        assert_eq!(placed(1.0, 4.0, 3.0), Some((3.0, 4.0, 1.0)));
        assert_eq!(placed(0.0, 12.0, 0.0), Some((0.0, 10.0, 1.2)));
        assert_eq!(placed(5.0, 20.0, 0.0), Some((5.0, 5.0, 1.25)));
        assert_eq!(placed(5.0, 2.0, 9.9), None);
        assert_eq!(placed(0.0, 0.0, 0.0), None);
    }
}
