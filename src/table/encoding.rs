//! How the text of a file is encoded: by its byte order mark, else by looking at its bytes.

use std::io::{self, Read, Seek, SeekFrom};

use super::trouble::{Cause, Trouble};

/// Bytes from which the encoding, the format and the delimiter are read.
const SAMPLE_BYTES: u64 = 64 << 10;
/// Bytes that are looked at together.
const CHUNK_BYTES: usize = 64 << 10;

/// How a file becomes text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Encoding {
    /// UTF-8.
    Utf8,
    /// UTF-16, the low byte first.
    Utf16Le,
    /// UTF-16, the high byte first.
    Utf16Be,
    /// What is no UTF-8 and has no mark: Windows-1252, which holds Latin-1.
    Windows1252,
}

/// What is known of a file before it is read.
pub(super) struct Found {
    pub(super) encoding: Encoding,
    /// The length of the byte order mark.
    pub(super) mark_bytes: u64,
    /// The beginning of the text; its last character may be missing.
    pub(super) sample: String,
}

/// Beginnings of files that are no tables.
const STRANGERS: &[(&[u8], Cause)] = &[
    (b"PK\x03\x04", Cause::Spreadsheet),
    (b"\xd0\xcf\x11\xe0", Cause::Spreadsheet),
    (b"\x1f\x8b", Cause::Binary),
    (b"%PDF-", Cause::Binary),
    (b"\x89PNG", Cause::Binary),
    (b"\xff\xd8\xff", Cause::Binary),
    (b"GIF8", Cause::Binary),
    (b"SQLite format 3\0", Cause::Binary),
    // UTF-32 with a mark: no program of today saves tables so.
    (b"\xff\xfe\0\0", Cause::Binary),
    (b"\0\0\xfe\xff", Cause::Binary),
];

impl Encoding {
    /// Returns its usual name.
    pub fn name(self) -> &'static str {
        match self {
            Self::Utf8 => "UTF-8",
            Self::Utf16Le | Self::Utf16Be => "UTF-16",
            Self::Windows1252 => "Windows-1252",
        }
    }

    /// The decoder that makes UTF-8 of it; none for what is UTF-8.
    pub(super) fn decoder(self) -> Option<encoding_rs::Decoder> {
        let known = match self {
            Self::Utf8 => return None,
            Self::Utf16Le => encoding_rs::UTF_16LE,
            Self::Utf16Be => encoding_rs::UTF_16BE,
            Self::Windows1252 => encoding_rs::WINDOWS_1252,
        };
        Some(known.new_decoder_without_bom_handling())
    }
}

/// Looks at a file from its beginning.
///
/// # Errors
/// It cannot be read, is empty, or is no text.
pub(super) fn find<R: Read + Seek>(file: &mut R) -> Result<Found, Trouble> {
    let unreadable = |error: io::Error| Trouble::of_io(&error);
    let mut head = Vec::new();
    file.seek(SeekFrom::Start(0)).map_err(unreadable)?;
    file.by_ref().take(SAMPLE_BYTES).read_to_end(&mut head).map_err(unreadable)?;
    if let Some((_, cause)) = STRANGERS.iter().find(|(start, _)| head.starts_with(start)) {
        return Err(Trouble::new(cause.clone()));
    }
    let (encoding, mark_bytes) = match marked(&head).or_else(|| utf16(&head).map(|found| (found, 0))) {
        Some((Encoding::Utf8, mark)) => (utf8(file, true)?, mark),
        Some(found) => found,
        None if is_binary(&head) => return Err(Trouble::new(Cause::Binary)),
        None => (utf8(file, false)?, 0),
    };
    let body = &head[usize::try_from(mark_bytes).unwrap_or(0)..];
    let sample = match encoding.decoder() {
        None => String::from_utf8_lossy(body).into_owned(),
        Some(decoder) => decoder.encoding().decode_without_bom_handling(body).0.into_owned(),
    };
    if sample.trim().is_empty() && (head.len() as u64) < SAMPLE_BYTES {
        return Err(Trouble::new(Cause::Empty));
    }
    Ok(Found { encoding, mark_bytes, sample })
}

fn marked(head: &[u8]) -> Option<(Encoding, u64)> {
    match head {
        [0xef, 0xbb, 0xbf, ..] => Some((Encoding::Utf8, 3)),
        [0xff, 0xfe, ..] => Some((Encoding::Utf16Le, 2)),
        [0xfe, 0xff, ..] => Some((Encoding::Utf16Be, 2)),
        _ => None,
    }
}

/// UTF-16 without a mark: the zeros of its Latin letters, blanks and line ends stand at even
/// or at odd places only, and what they belong to are line ends and letters.
fn utf16(head: &[u8]) -> Option<Encoding> {
    let pairs = head.as_chunks::<2>().0;
    let high = pairs.iter().filter(|pair| pair[0] == 0).count();
    let low = pairs.iter().filter(|pair| pair[1] == 0).count();
    let enough = pairs.len() / 20 + 1;
    let (encoding, unit): (_, fn([u8; 2]) -> u16) = match (high, low) {
        (0, low) if low >= enough => (Encoding::Utf16Le, u16::from_le_bytes),
        (high, 0) if high >= enough => (Encoding::Utf16Be, u16::from_be_bytes),
        _ => return None,
    };
    let ends = |pair: &[u8; 2]| matches!(unit(*pair), 0x0a | 0x0d | 0x2c | 0x3b | 0x09);
    pairs.iter().any(ends).then_some(encoding)
}

/// Whether there are more control characters than a damaged table has.
fn is_binary(head: &[u8]) -> bool {
    let controls = head.iter().filter(|byte| **byte < 0x20 && !matches!(byte, b'\t' | b'\n' | b'\r'));
    let count = controls.count();
    count > 8 && count > head.len() / 50
}

/// Reads the whole file: whether it is UTF-8, else what it is.
///
/// # Errors
/// It is UTF-8 up to a place: with a mark, or with letters that only UTF-8 spells so.
fn utf8<R: Read + Seek>(file: &mut R, marked: bool) -> Result<Encoding, Trouble> {
    let unreadable = |error: io::Error| Trouble::of_io(&error);
    file.seek(SeekFrom::Start(0)).map_err(unreadable)?;
    let mut chunk = vec![0; CHUNK_BYTES];
    // `kept` is the beginning of a character whose end is in the next chunk.
    let (mut kept, mut line, mut wide) = (0, 1, marked);
    loop {
        let read = match file.read(&mut chunk[kept..]) {
            Ok(read) => read,
            Err(error) if error.kind() == io::ErrorKind::Interrupted => continue,
            Err(error) => return Err(unreadable(error)),
        };
        if read == 0 && kept == 0 {
            return Ok(Encoding::Utf8);
        }
        let bytes = &chunk[..kept + read];
        let (valid, broken) = match std::str::from_utf8(bytes) {
            Ok(_) => (bytes.len(), false),
            Err(error) => (error.valid_up_to(), error.error_len().is_some() || read == 0),
        };
        line += bytes[..valid].iter().filter(|byte| **byte == b'\n').count() as u64;
        wide = wide || !bytes[..valid].is_ascii();
        if broken && wide {
            return Err(Trouble::new(Cause::NotUtf8).at_line(line));
        }
        if broken {
            return Ok(Encoding::Windows1252);
        }
        let end = bytes.len();
        chunk.copy_within(valid..end, 0);
        kept = end - valid;
    }
}
