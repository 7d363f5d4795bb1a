//! How a file that somebody else made is opened: its first bytes choose the reader, never its name.
//!
//! Left to itself, ffmpeg would follow a playlist that calls itself `clip.mp4` to other
//! files and to the network, or take `%03d` in a name for a pattern.

use std::ffi::OsString;
use std::fs::File;
use std::io::Read;
use std::path::Path;

use crate::ffmpeg::FfmpegError;

/// Readers that open nothing but the file they are given. Playlists, concat scripts and
/// image patterns are not among them.
const DEMUXERS: &str = "mov,matroska,avi,mp3,wav,aac,ogg,flac";

/// What the first bytes of a file say.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Sniffed {
    /// A still or animated picture, with the name of its reader.
    Picture(&'static str),
    /// Anything else: one of the known containers, or nothing usable.
    Other,
}

/// Looks at the first bytes of a file.
pub fn sniff(start: &[u8]) -> Sniffed {
    let riff = |kind: &[u8]| start.starts_with(b"RIFF") && start.get(8..12) == Some(kind);
    if start.starts_with(&[0xFF, 0xD8, 0xFF]) {
        Sniffed::Picture("jpeg_pipe")
    } else if start.starts_with(b"\x89PNG\r\n\x1a\n") {
        Sniffed::Picture("png_pipe")
    } else if start.starts_with(b"GIF87a") || start.starts_with(b"GIF89a") {
        Sniffed::Picture("gif")
    } else if riff(b"WEBP") {
        Sniffed::Picture("webp_pipe")
    } else {
        Sniffed::Other
    }
}

/// Returns the arguments that open `path` for reading, ending with `-i` and the file.
///
/// # Errors
/// [`FfmpegError::NotMedia`] when the file is not there, cannot be read or is empty.
pub fn open(path: &Path) -> Result<Vec<OsString>, FfmpegError> {
    let mut start = Vec::new();
    let read = File::open(path).and_then(|file| file.take(16).read_to_end(&mut start));
    let refuse = |reason: String| {
        let name = path.file_name().unwrap_or(path.as_os_str()).to_string_lossy().into_owned();
        FfmpegError::NotMedia { name, reason }
    };
    read.map_err(|e| refuse(e.to_string()))?;
    if start.is_empty() {
        return Err(refuse("the file is empty".to_owned()));
    }
    let reader = match sniff(&start) {
        Sniffed::Picture(name) => ["-f", name],
        Sniffed::Other => ["-format_whitelist", DEMUXERS],
    };
    let mut args: Vec<OsString> = ["-protocol_whitelist", "file,pipe"].map(OsString::from).into();
    args.extend(reader.map(OsString::from));
    // The prefix keeps a name such as `http:x.mp4` or `-y` a file.
    let mut file = OsString::from("file:");
    file.push(path);
    args.extend(["-i".into(), file]);
    Ok(args)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pictures_are_known_by_content() {
        assert_eq!(sniff(b"\xFF\xD8\xFF\xE0rest"), Sniffed::Picture("jpeg_pipe"));
        assert_eq!(sniff(b"RIFF\0\0\0\0WEBPVP8 "), Sniffed::Picture("webp_pipe"));
        assert_eq!(sniff(b"RIFF\0\0\0\0WAVEfmt "), Sniffed::Other);
        assert_eq!(sniff(b"\0\0\0\x20ftypisom"), Sniffed::Other);
    }

    #[test]
    fn an_empty_or_missing_file_is_refused_by_name() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("nothing.mp4");
        let missing = open(&path).unwrap_err().to_string();
        assert!(missing.starts_with("`nothing.mp4` cannot be used: "), "{missing}");
        File::create(&path).unwrap();
        assert_eq!(open(&path).unwrap_err().to_string(), "`nothing.mp4` cannot be used: the file is empty");
    }
}
