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

/// Lengths from here on are those of files whose writer could not go back to state one.
const RIFF_UNSTATED: u64 = 0x7FFF_0000;

/// What the first bytes of a file say.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Sniffed {
    /// A still or animated picture, with the name of its reader.
    Picture(&'static str),
    /// A photo that nothing here can read, with the name of its format.
    Foreign(&'static str),
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
    } else if let Some(format) = foreign(start) {
        Sniffed::Foreign(format)
    } else {
        Sniffed::Other
    }
}

/// Photos in the container of MP4, as phones make them.
fn foreign(start: &[u8]) -> Option<&'static str> {
    if start.get(4..8) != Some(b"ftyp") {
        return None;
    }
    match start.get(8..12)? {
        b"heic" | b"heix" | b"heim" | b"heis" | b"mif1" | b"msf1" => Some("HEIC"),
        b"avif" | b"avis" => Some("AVIF"),
        _ => None,
    }
}

/// Returns how many bytes an AVI or WAV file has and how many it states, when it lacks
/// some. Written to a pipe, such a file states none, or the most that it can.
///
/// # Errors
/// The file cannot be read.
pub fn riff_lengths(path: &Path) -> std::io::Result<Option<(u64, u64)>> {
    let mut start = Vec::new();
    let file = File::open(path)?;
    let there = file.metadata()?.len();
    file.take(8).read_to_end(&mut start)?;
    let [b'R', b'I', b'F', b'F', length @ ..] = start.as_slice() else { return Ok(None) };
    let Ok(length) = <[u8; 4]>::try_from(length) else { return Ok(None) };
    let stated = u64::from(u32::from_le_bytes(length)) + 8;
    Ok((there < stated && stated < RIFF_UNSTATED).then_some((there, stated)))
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
        Sniffed::Foreign(format) => {
            return Err(refuse(format!("it is a photo in {format}; convert it to jpg first")));
        }
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
        assert_eq!(sniff(b"\0\0\0\x20ftypheic"), Sniffed::Foreign("HEIC"));
        assert_eq!(sniff(b"\0\0\0\x20ftyp"), Sniffed::Other);
    }

    #[test]
    fn a_file_that_lacks_what_its_header_states_is_known() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("a.wav");
        let lengths = |stated: u32| {
            std::fs::write(&path, [b"RIFF".as_slice(), &stated.to_le_bytes(), b"WAVE"].concat()).unwrap();
            riff_lengths(&path).unwrap()
        };
        assert_eq!((lengths(4), lengths(100)), (None, Some((12, 108))));
        assert_eq!((lengths(u32::MAX), lengths(0)), (None, None));
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
