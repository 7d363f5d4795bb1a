//! Why a draft did not become a file.

use crate::ffmpeg::FfmpegError;

/// Why a draft did not become a file. No file is left under the final name.
#[derive(Debug, thiserror::Error)]
pub enum RenderError {
    /// No track has a segment with a length.
    #[error("the draft is empty: no track has a segment with a length")]
    Empty,
    /// The file of a segment is not there.
    #[error("the media of segment `{segment}` is missing: {src}")]
    MissingMedia {
        /// The segment's name.
        segment: String,
        /// What its draft names as source.
        src: String,
    },
    /// The file of a segment is there and cannot be used.
    #[error("the media of segment `{segment}` cannot be used: {reason}")]
    BrokenMedia {
        /// The segment's name.
        segment: String,
        /// What is wrong with it.
        reason: String,
    },
    /// The draft or the output asks for something beyond a limit or outside of a list.
    #[error("{what}")]
    Refused {
        /// What was asked and what is possible, in words.
        what: String,
    },
    /// Somebody is to speak, and nobody can.
    #[error("the voice-over cannot be spoken: {0}")]
    Speechless(FfmpegError),
    /// The caller stopped it.
    #[error("the render was stopped")]
    Stopped,
    /// ffmpeg failed.
    #[error(transparent)]
    Ffmpeg(FfmpegError),
    /// A file could not be written or moved.
    #[error("{doing}: {source}")]
    File {
        /// What was done.
        doing: String,
        /// What the system said.
        source: std::io::Error,
    },
    /// The file was written and is not what the plan says.
    #[error("the rendered file is not right: {what}")]
    NotAsPlanned {
        /// What was found and what was planned.
        what: String,
    },
    /// A thread of the renderer panicked: a bug of ours.
    #[error("the renderer broke at {doing}: {what}")]
    Broke {
        /// What it did.
        doing: &'static str,
        /// The panic.
        what: String,
    },
}

impl RenderError {
    /// Returns what to do next, when something can be done.
    pub fn hint(&self) -> Option<String> {
        match self {
            Self::Empty => Some("add a clip, a photo, words or music first".to_owned()),
            Self::MissingMedia { .. } => Some("upload the file again, or take the segment out".to_owned()),
            Self::BrokenMedia { .. } => Some("upload a file that plays, or take the segment out".to_owned()),
            Self::Ffmpeg(error) => error.hint(),
            Self::Speechless(error) => error.hint().map(|hint| format!("{hint}, or take the voice-over out")),
            Self::File { .. } => Some("check the free space and the permissions of the folder".to_owned()),
            Self::NotAsPlanned { .. } | Self::Broke { .. } => {
                Some("render again; if it stays, report it".to_owned())
            }
            Self::Refused { .. } | Self::Stopped => None,
        }
    }
}

impl From<FfmpegError> for RenderError {
    fn from(error: FfmpegError) -> Self {
        match error {
            FfmpegError::Stopped { .. } => Self::Stopped,
            other => Self::Ffmpeg(other),
        }
    }
}
