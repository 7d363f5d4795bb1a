//! What ffprobe and ffmpeg say of a finished video, in place of our own word for it.

use std::ffi::OsStr;
use std::path::Path;
use std::process::Command;

use serde_json::Value;

/// A video that is as long as was asked, within this many seconds.
const LENGTH_TOLERANCE: f64 = 0.1;
/// Sound below this is silence, in decibels of full scale.
const SILENCE_DB: f64 = -60.0;
/// Two greys that differ by more than this differ to the eye, and not by the encoder's doing.
const GREY_STEP: u8 = 40;

/// A finished video.
pub(super) struct Video<'a> {
    path: &'a Path,
    facts: Value,
}

impl<'a> Video<'a> {
    #[track_caller]
    pub(super) fn open(path: &'a Path) -> Self {
        let ffprobe = tool("REEL_FFPROBE", "ffprobe");
        let mut probe = Command::new(ffprobe);
        probe.args(["-v", "error", "-of", "json", "-show_format", "-show_streams"]).arg(path);
        let output = probe.output().unwrap();
        assert!(output.status.success(), "{}: {}", path.display(), String::from_utf8_lossy(&output.stderr));
        Self { path, facts: serde_json::from_slice(&output.stdout).unwrap() }
    }

    fn stream(&self, kind: &str) -> Option<&Value> {
        self.facts["streams"].as_array()?.iter().find(|stream| stream["codec_type"] == kind)
    }

    pub(super) fn seconds(&self) -> f64 {
        self.facts["format"]["duration"].as_str().unwrap().parse().unwrap()
    }

    /// Width and height.
    pub(super) fn size(&self) -> (u64, u64) {
        let picture = self.stream("video").unwrap();
        (picture["width"].as_u64().unwrap(), picture["height"].as_u64().unwrap())
    }

    #[track_caller]
    pub(super) fn lasts(&self, seconds: f64) -> &Self {
        let real = self.seconds();
        assert!(
            (real - seconds).abs() < LENGTH_TOLERANCE,
            "{} lasts {real} s, not {seconds}",
            self.path.display()
        );
        self
    }

    #[track_caller]
    pub(super) fn measures(&self, width: u64, height: u64) -> &Self {
        assert_eq!(self.size(), (width, height), "{}", self.path.display());
        self
    }

    /// There is sound that can be heard.
    #[track_caller]
    pub(super) fn sounds(&self) -> &Self {
        assert!(self.stream("audio").is_some(), "{} has no sound", self.path.display());
        let loudest = self.loudest();
        assert!(loudest > SILENCE_DB, "{} is silent: {loudest} dB at most", self.path.display());
        self
    }

    fn loudest(&self) -> f64 {
        let mut listen = Command::new(tool("REEL_FFMPEG", "ffmpeg"));
        listen.args(["-nostdin", "-hide_banner", "-i"]).arg(self.path);
        let output = listen.args(["-vn", "-af", "volumedetect", "-f", "null", "-"]).output().unwrap();
        let said = String::from_utf8_lossy(&output.stderr).into_owned();
        let level = said.lines().find_map(|line| line.split("max_volume: ").nth(1));
        level.and_then(|level| level.split(' ').next()?.parse().ok()).unwrap_or_else(|| panic!("{said}"))
    }

    /// The frame that is shown at a second, in grey.
    pub(super) fn frame(&self, second: f64) -> Vec<u8> {
        let mut decode = Command::new(tool("REEL_FFMPEG", "ffmpeg"));
        decode.args(["-nostdin", "-v", "error", "-ss", &second.to_string(), "-i"]).arg(self.path);
        decode.args(["-frames:v", "1", "-pix_fmt", "gray", "-f", "rawvideo", "-"]);
        let output = decode.output().unwrap();
        let (width, height) = self.size();
        assert_eq!(
            output.stdout.len() as u64,
            width * height,
            "{} has no frame at {second} s",
            self.path.display()
        );
        output.stdout
    }

    /// How much of the picture differs from another video's at a second, from 0 to 1.
    pub(super) fn differs(&self, other: &Video<'_>, second: f64) -> f64 {
        let (mine, theirs) = (self.frame(second), other.frame(second));
        assert_eq!(mine.len(), theirs.len(), "the two differ in size");
        let differing = mine.iter().zip(&theirs).filter(|(a, b)| a.abs_diff(**b) > GREY_STEP).count();
        differing as f64 / mine.len() as f64
    }
}

fn tool(variable: &str, name: &str) -> impl AsRef<OsStr> {
    std::env::var_os(variable).unwrap_or_else(|| name.into())
}
