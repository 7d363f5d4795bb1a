//! The only room that spawns a process: ffmpeg, ffprobe and espeak-ng, with a deadline, a stop and bounded output.
//!
//! | file | owns |
//! |---|---|
//! | [`input`] | how a file that somebody else made is opened: by content, never by name |
//! | [`probe`] | what a media file holds |
//! | [`examine`] | whether a file that arrived plays to its end |
//! | [`run`] | one ffmpeg from start to end: progress, frames in, bytes out |
//! | [`frames`] | raw frames out of a running ffmpeg |
//! | [`speech`] | a robotic voice, where espeak-ng is installed |
//! | `process` | the child itself: its group, its stderr, its end |
//!
//! Arguments are always lists, so that no shell reads them; `REEL_FFMPEG`,
//! `REEL_FFPROBE` and `REEL_ESPEAK` name other binaries than those on the `PATH`.

pub mod examine;
pub mod frames;
pub mod input;
pub mod probe;
mod process;
pub mod run;
pub mod speech;

pub use process::kill_all;

use std::ffi::OsString;
use std::path::PathBuf;

/// One of the programs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Tool {
    /// Decodes, mixes, encodes.
    Ffmpeg,
    /// Describes files.
    Ffprobe,
    /// Speaks; only voice-overs need it.
    Espeak,
}

impl Tool {
    /// Returns the variable that names another binary.
    pub fn variable(self) -> &'static str {
        match self {
            Self::Ffmpeg => "REEL_FFMPEG",
            Self::Ffprobe => "REEL_FFPROBE",
            Self::Espeak => "REEL_ESPEAK",
        }
    }

    /// Returns the binary to start: what the variable says, else the plain name, which the
    /// system looks up on the `PATH`.
    pub fn program(self) -> OsString {
        let named = std::env::var_os(self.variable()).filter(|name| !name.is_empty());
        named.unwrap_or_else(|| self.name().into())
    }

    /// Returns the file that is started; none when it is not there.
    pub fn file(self) -> Option<PathBuf> {
        let program = PathBuf::from(self.program());
        if program.components().count() > 1 {
            return program.is_file().then_some(program);
        }
        let path = std::env::var_os("PATH")?;
        std::env::split_paths(&path).map(|folder| folder.join(&program)).find(|file| file.is_file())
    }

    /// Returns its plain name.
    pub fn name(self) -> &'static str {
        match self {
            Self::Ffmpeg => "ffmpeg",
            Self::Ffprobe => "ffprobe",
            Self::Espeak => "espeak-ng",
        }
    }

    /// Returns the package of Debian and Ubuntu that brings it.
    fn package(self) -> &'static str {
        match self {
            Self::Ffmpeg | Self::Ffprobe => "ffmpeg",
            Self::Espeak => "espeak-ng",
        }
    }
}

/// Why a program did not do what it was asked.
#[derive(Debug, thiserror::Error)]
pub enum FfmpegError {
    /// There is no such program.
    #[error("`{}` was not found", program.display())]
    NotFound {
        /// Which one.
        tool: Tool,
        /// What was looked for.
        program: OsString,
    },
    /// The program is there and does not start.
    #[error("cannot start `{}`: {source}", program.display())]
    Start {
        /// What was started.
        program: OsString,
        /// Why it did not.
        source: std::io::Error,
    },
    /// It ran and said no.
    #[error("{doing} failed ({status}): {stderr}")]
    Failed {
        /// What it did, such as "decoding `city.mp4`".
        doing: String,
        /// How it ended, such as "exit status: 1".
        status: String,
        /// The last lines of its standard error.
        stderr: String,
    },
    /// It was still running at its deadline and was killed.
    #[error("{doing} took longer than {seconds} s and was ended")]
    TooLong {
        /// What it did.
        doing: String,
        /// The deadline.
        seconds: u64,
    },
    /// The stop token fired; the process is gone.
    #[error("{doing} was stopped")]
    Stopped {
        /// What it did.
        doing: String,
    },
    /// It said more than it may.
    #[error("{doing} answered with more than {bytes_max} bytes")]
    TooMuch {
        /// What it did.
        doing: String,
        /// The limit.
        bytes_max: usize,
    },
    /// A pipe to it broke.
    #[error("{doing}: {source}")]
    Pipe {
        /// What it did.
        doing: String,
        /// What the system said.
        source: std::io::Error,
    },
    /// The file is no media that can be used.
    #[error("`{name}` cannot be used: {reason}")]
    NotMedia {
        /// The file's name without its folders.
        name: String,
        /// What is wrong with it.
        reason: String,
    },
}

impl FfmpegError {
    /// Returns what to do next, when something can be done.
    pub fn hint(&self) -> Option<String> {
        match self {
            Self::NotFound { tool, .. } => Some(format!(
                "install it (Debian and Ubuntu: `apt-get install {}`), or set {} to the path of a binary",
                tool.package(),
                tool.variable()
            )),
            Self::Start { .. } => Some("check that the file is a program that may be run".to_owned()),
            Self::NotMedia { .. } => Some(format!("use one of {}", crate::model::media::ACCEPTED)),
            Self::TooLong { .. } => Some("try a shorter or smaller file, or a quieter machine".to_owned()),
            Self::Failed { .. } | Self::Stopped { .. } | Self::TooMuch { .. } | Self::Pipe { .. } => None,
        }
    }
}
