//! What file is asked for: container, quality, size.

use crate::studio::render::error::RenderError;

/// A container with its codecs.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Format {
    /// H.264 and AAC, ready for the web.
    #[default]
    Mp4,
    /// H.264 and AAC in QuickTime.
    Mov,
    /// VP9 and Opus.
    Webm,
    /// H.264 and AAC in Matroska.
    Mkv,
    /// 256 colours, 15 frames a second, no sound.
    Gif,
}

/// How much care and how many bytes.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Quality {
    /// Small.
    Low,
    /// What platforms take without loss that is seen.
    #[default]
    Medium,
    /// Slower and larger.
    High,
    /// A pure cut between keyframes is copied as it was filmed; all else is [`Self::High`].
    Source,
}

/// What file is asked for.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Output {
    /// The container.
    pub format: Format,
    /// The care.
    pub quality: Quality,
    /// The shorter side in pixels; none keeps the draft's own size (480 for a GIF).
    pub resolution: Option<u32>,
}

/// No player and no phone shows more.
const SIDE_MAX: u32 = 4096;
/// Below this nothing can be read, and encoders refuse.
const SIDE_MIN: u32 = 64;
/// A GIF of more is too large to post.
const GIF_SIDE: u32 = 480;

impl Output {
    /// Reads the words of a render request; what is not stated is `mp4`, `medium` and the
    /// draft's own size.
    ///
    /// # Errors
    /// [`RenderError::Refused`] names the words that are possible.
    pub fn read(
        format: Option<&str>,
        quality: Option<&str>,
        resolution: Option<&str>,
    ) -> Result<Self, RenderError> {
        let refuse = |kind: &str, word: &str, possible: &str| RenderError::Refused {
            what: format!("unknown {kind} `{word}`; use one of {possible}"),
        };
        let format = match format.map(str::to_ascii_lowercase).as_deref() {
            None | Some("mp4") => Format::Mp4,
            Some("mov") => Format::Mov,
            Some("webm") => Format::Webm,
            Some("mkv") => Format::Mkv,
            Some("gif") => Format::Gif,
            Some(other) => return Err(refuse("format", other, "mp4, mov, webm, mkv, gif")),
        };
        let quality = match quality.map(str::to_ascii_lowercase).as_deref() {
            None | Some("medium" | "standard") => Quality::Medium,
            Some("low" | "draft") => Quality::Low,
            Some("high" | "best") => Quality::High,
            Some("source") => Quality::Source,
            Some(other) => return Err(refuse("quality", other, "low, medium, high, source")),
        };
        let resolution = match resolution.map(str::to_ascii_lowercase).as_deref() {
            None => None,
            Some("360p") => Some(360),
            Some("480p") => Some(480),
            Some("720p") => Some(720),
            Some("1080p") => Some(1080),
            Some("1440p" | "2k") => Some(1440),
            Some("4k" | "2160p") => Some(2160),
            Some(other) => {
                return Err(refuse("resolution", other, "360p, 480p, 720p, 1080p, 1440p, 4k"));
            }
        };
        Ok(Self { format, quality, resolution })
    }

    /// Returns the size of the picture for a draft of `canvas`: of its aspect, even, within limits.
    pub fn size(&self, canvas: (u32, u32)) -> (u32, u32) {
        let (width, height) = (f64::from(canvas.0.max(1)), f64::from(canvas.1.max(1)));
        let shorter = width.min(height);
        let wanted = match (self.resolution, self.format) {
            (Some(side), _) => f64::from(side),
            (None, Format::Gif) => shorter.min(f64::from(GIF_SIDE)),
            (None, _) => shorter,
        };
        let most = f64::from(SIDE_MAX) / width.max(height);
        let scale = (wanted / shorter).min(most);
        let even = |side: f64| ((side * scale / 2.0).round() as u32 * 2).clamp(SIDE_MIN, SIDE_MAX);
        (even(width), even(height))
    }
}

impl Format {
    /// Returns the ending of a file of this format, without the dot.
    pub fn extension(self) -> &'static str {
        match self {
            Self::Mp4 => "mp4",
            Self::Mov => "mov",
            Self::Webm => "webm",
            Self::Mkv => "mkv",
            Self::Gif => "gif",
        }
    }

    /// Returns whether a file of this format can be joined of chunks that were encoded
    /// apart. A GIF has one palette for all of it; VP9 hides frames at the seams of WebM,
    /// whose times are rounded to milliseconds.
    pub(crate) fn joins(self) -> bool {
        matches!(self, Self::Mp4 | Self::Mov | Self::Mkv)
    }

    /// Returns whether files of this format may have sound.
    pub fn has_sound(self) -> bool {
        self != Self::Gif
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_shorter_side_gets_the_size_and_the_aspect_stays() {
        let sized = |resolution, canvas| Output::read(None, None, Some(resolution)).unwrap().size(canvas);
        assert_eq!(sized("360p", (1920, 1080)), (640, 360));
        assert_eq!(sized("720p", (1080, 1920)), (720, 1280));
        assert_eq!(sized("4K", (1920, 1080)), (3840, 2160));
        assert_eq!(sized("1080p", (1080, 1350)), (1080, 1350));
        assert_eq!(sized("480p", (1919, 1079)), (854, 480));
    }

    #[test]
    fn no_side_is_odd_or_beyond_its_limits() {
        let out = Output::default();
        assert_eq!(out.size((1921, 1081)), (1922, 1082));
        assert_eq!(out.size((100_000, 100)), (4096, 64));
        assert_eq!(out.size((0, 0)), (64, 64));
        let gif = Output { format: Format::Gif, ..out };
        assert_eq!(gif.size((1920, 1080)), (854, 480));
    }

    #[test]
    fn an_unknown_word_is_answered_with_the_known_ones() {
        let error = Output::read(Some("avi"), None, None).unwrap_err().to_string();
        assert_eq!(error, "unknown format `avi`; use one of mp4, mov, webm, mkv, gif");
        assert!(Output::read(None, Some("ultra"), None).is_err());
        assert!(Output::read(None, None, Some("8k")).is_err());
    }
}
