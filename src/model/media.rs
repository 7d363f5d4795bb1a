//! Kinds of media and the file formats that the backend takes.

/// What a media file holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Kind {
    /// Moving pictures, with or without sound.
    Video,
    /// A still, or an animated GIF or WebP.
    Image,
    /// Sound alone.
    Audio,
    /// Words with the times at which they are shown.
    Subtitles,
}

impl Kind {
    /// Returns the word of the wire and of scripts: `video`, `image`, `audio` or `subtitles`.
    pub fn word(self) -> &'static str {
        match self {
            Self::Video => "video",
            Self::Image => "image",
            Self::Audio => "audio",
            Self::Subtitles => "subtitles",
        }
    }

    /// Reads the word of the wire.
    pub fn from_word(word: &str) -> Option<Self> {
        [Self::Video, Self::Image, Self::Audio, Self::Subtitles].into_iter().find(|kind| kind.word() == word)
    }
}

/// Endings of a video file that an export can have.
pub const CONTAINERS: &[&str] = &["mp4", "mov", "webm", "mkv", "gif"];

/// A file format that the backend takes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Format {
    /// The ending of a file name, in lower case, without the dot.
    pub extension: &'static str,
    /// What such a file holds.
    pub kind: Kind,
    /// The MIME type that an upload states.
    pub mime: &'static str,
}

/// The documented formats, `.jpeg`, which the official tools also send, and subtitles, which the studio
/// takes.
pub const FORMATS: &[Format] = &[
    format("mp4", Kind::Video, "video/mp4"),
    format("mov", Kind::Video, "video/quicktime"),
    format("avi", Kind::Video, "video/x-msvideo"),
    format("webm", Kind::Video, "video/webm"),
    format("mkv", Kind::Video, "video/x-matroska"),
    format("jpg", Kind::Image, "image/jpeg"),
    format("jpeg", Kind::Image, "image/jpeg"),
    format("png", Kind::Image, "image/png"),
    format("gif", Kind::Image, "image/gif"),
    format("webp", Kind::Image, "image/webp"),
    format("mp3", Kind::Audio, "audio/mpeg"),
    format("wav", Kind::Audio, "audio/wav"),
    format("m4a", Kind::Audio, "audio/mp4"),
    format("aac", Kind::Audio, "audio/aac"),
    format("srt", Kind::Subtitles, "application/x-subrip"),
    format("vtt", Kind::Subtitles, "text/vtt"),
];

/// The formats as a sentence lists them.
pub const ACCEPTED: &str = "mp4, mov, avi, webm, mkv, jpg, png, gif, webp, mp3, wav, m4a, aac, srt, vtt";

const fn format(extension: &'static str, kind: Kind, mime: &'static str) -> Format {
    Format { extension, kind, mime }
}

/// Returns the format that the ending of `name` (a file name, a path or a URL path) states.
pub fn format_of(name: &str) -> Option<Format> {
    let (_, extension) = name.rsplit_once('.')?;
    FORMATS.iter().copied().find(|format| format.extension.eq_ignore_ascii_case(extension))
}

/// Returns the last part of a path or URL without its query and its ending: `city` for
/// `https://cdn.example/a/city.mp4?x=1`.
pub fn stem(path: &str) -> &str {
    let path = path.split(['?', '#']).next().unwrap_or_default();
    let file = path.rsplit(['/', '\\']).next().unwrap_or_default();
    match file.rsplit_once('.') {
        Some((stem, _)) if !stem.is_empty() => stem,
        _ => file,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_ending_states_the_format_in_any_case() {
        assert_eq!(format_of("a/b.City.MP4").map(|f| f.kind), Some(Kind::Video));
        assert_eq!(format_of("photo.jpeg").map(|f| f.mime), Some("image/jpeg"));
        assert_eq!(format_of("setup.exe"), None);
        assert_eq!(format_of("mp4"), None);
    }

    #[test]
    fn the_sentence_names_every_format_but_the_second_spelling_of_jpeg() {
        let names: Vec<_> = FORMATS.iter().map(|f| f.extension).filter(|e| *e != "jpeg").collect();
        assert_eq!(names.join(", "), ACCEPTED);
    }

    #[test]
    fn a_stem_is_what_a_person_calls_the_file() {
        assert_eq!(stem("https://cdn.example/a/city.mp4?x=1.2"), "city");
        assert_eq!(stem("C:\\clips\\a.b.mov"), "a.b");
        assert_eq!(stem(".hidden"), ".hidden");
    }
}
