//! Speech by espeak-ng, where it is installed: a robotic voice, made on the machine.

use std::ffi::OsString;
use std::path::Path;
use std::time::Duration;

use tokio_util::sync::CancellationToken;

use crate::ffmpeg::run::{Task, capture, say};
use crate::ffmpeg::{FfmpegError, Tool};

/// The most letters that are spoken at once: about 25 minutes and 70 MB of sound.
pub const CHARS_MAX: usize = 20_000;
/// Words in a minute: calmer than espeak-ng's own 175.
const PACE: &str = "160";
/// It speaks many times faster than real time.
const DEADLINE: Duration = Duration::from_secs(300);
/// Telling its version takes some milliseconds.
const VERSION_DEADLINE: Duration = Duration::from_secs(20);
const VERSION_BYTES_MAX: usize = 1 << 16;

/// Returns what the installed espeak-ng calls itself.
///
/// # Errors
/// [`FfmpegError::NotFound`] when it is not installed; the errors of running it.
pub async fn version() -> Result<String, FfmpegError> {
    let task = Task::new("asking espeak-ng for its version", ["--version"], VERSION_DEADLINE);
    let said = capture(Tool::Espeak, &task, VERSION_BYTES_MAX, &CancellationToken::new()).await?;
    let said = String::from_utf8_lossy(&said).into_owned();
    // "eSpeak NG text-to-speech: 1.51  Data at: /usr/lib/…"
    let version = said.split("text-to-speech:").last().and_then(|rest| rest.split_whitespace().next());
    Ok(format!("espeak-ng {}", version.unwrap_or("of an unknown version")))
}

/// Speaks a text into a WAV file. `language` is `zh` for Mandarin; anything else is English.
///
/// The text goes in as standard input: it is neither an argument nor markup, and brackets
/// and control letters that espeak-ng would take for commands are spaces.
///
/// # Errors
/// [`FfmpegError::NotFound`] when espeak-ng is not installed; the errors of running it.
pub async fn speak(
    text: &str,
    language: &str,
    to: &Path,
    stop: &CancellationToken,
) -> Result<(), FfmpegError> {
    let voice = if language.starts_with("zh") { "cmn" } else { "en-us" };
    let mut args: Vec<OsString> =
        ["--stdin", "-b", "1", "-z", "-s", PACE, "-v", voice, "-w"].map(OsString::from).into();
    args.push(to.into());
    let task = Task::new("speaking the voice-over", args, DEADLINE);
    say(Tool::Espeak, &task, plain(text).as_bytes(), stop).await
}

/// The text without what espeak-ng would obey.
fn plain(text: &str) -> String {
    let spoken =
        text.chars().take(CHARS_MAX).map(|c| if c.is_control() || "[]<>".contains(c) { ' ' } else { c });
    spoken.collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ffmpeg::probe::probe;

    #[test]
    fn nothing_in_a_text_is_a_command() {
        assert_eq!(plain("a [[h@l]]\u{1}5s\n<p>早安"), "a   h@l   5s  p 早安");
    }

    #[tokio::test]
    async fn both_languages_are_spoken_and_options_are_words() {
        let folder = tempfile::tempdir().unwrap();
        let mut lengths = Vec::new();
        for (text, language) in [
            ("--help -v nobody", "en"),
            ("早安咖啡，当天烘焙。", "zh"),
            ("One. Two. Three. Four. Five.", "fr"),
        ] {
            let path = folder.path().join("voice.wav");
            speak(text, language, &path, &CancellationToken::new()).await.unwrap();
            lengths.push(probe(&path).await.unwrap().seconds);
        }
        assert!(lengths.iter().all(|seconds| (0.5..6.0).contains(seconds)), "{lengths:?}");
    }

    #[tokio::test]
    async fn it_tells_its_version_and_a_stop_ends_it() {
        assert!(version().await.unwrap().starts_with("espeak-ng 1."));
        let stop = CancellationToken::new();
        stop.cancel();
        let folder = tempfile::tempdir().unwrap();
        let error =
            speak(&"word ".repeat(4000), "en", &folder.path().join("a.wav"), &stop).await.unwrap_err();
        assert!(matches!(error, FfmpegError::Stopped { .. }), "{error}");
    }
}
