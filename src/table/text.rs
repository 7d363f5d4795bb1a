//! Bytes of a file as UTF-8 text with `\n` at the ends of its lines, read as a stream, with a
//! bound on what one row may take.

use std::io::{self, BufRead, BufReader, Read};

use encoding_rs::{Decoder, DecoderResult};

use super::ROW_BYTES_MAX;
use super::encoding::Encoding;

/// Bytes that are decoded together.
const CHUNK_BYTES: usize = 16 << 10;

/// Why reading ends before the file does.
#[derive(Debug, thiserror::Error)]
pub(super) enum Stumble {
    #[error("the row is too long")]
    LongRow,
    #[error("it is not UTF-16")]
    NotUtf16,
}

/// The text of a file.
pub(super) struct Text<R> {
    decoded: Decoded<R>,
    /// The last byte was a `\r`, which is told as `\n`: a `\n` after it belongs to it.
    after_return: bool,
    /// Bytes that the row may still take.
    left: u64,
}

/// Bytes of a file as UTF-8.
struct Decoded<R> {
    file: R,
    /// None for what is UTF-8 already.
    decoder: Option<Decoder>,
    raw: Vec<u8>,
    raw_at: usize,
    ended: bool,
    broken: bool,
    text: Vec<u8>,
    text_at: usize,
}

impl<R: Read> Text<R> {
    pub(super) fn new(file: R, encoding: Encoding) -> Self {
        let decoder = encoding.decoder();
        let (raw, text) = (Vec::new(), Vec::new());
        let decoded =
            Decoded { file, decoder, raw, raw_at: 0, ended: false, broken: false, text, text_at: 0 };
        Self { decoded, after_return: false, left: ROW_BYTES_MAX }
    }

    /// A new row begins: it may be as long as any.
    pub(super) fn begin_row(&mut self) {
        self.left = ROW_BYTES_MAX;
    }
}

impl<R: Read> Read for Text<R> {
    fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
        let room = into.len().min(usize::try_from(self.left).unwrap_or(usize::MAX));
        if room == 0 && !into.is_empty() {
            return Err(io::Error::other(Stumble::LongRow));
        }
        loop {
            let read = self.decoded.read(&mut into[..room])?;
            if read == 0 {
                return Ok(0);
            }
            let mut kept = 0;
            for at in 0..read {
                let byte = into[at];
                let joined = byte == b'\n' && self.after_return;
                self.after_return = byte == b'\r';
                if !joined {
                    into[kept] = if byte == b'\r' { b'\n' } else { byte };
                    kept += 1;
                }
            }
            self.left -= kept as u64;
            if kept > 0 {
                return Ok(kept);
            }
        }
    }
}

impl<R: Read> Decoded<R> {
    /// Decodes the next piece of the file; false at its end.
    fn more(&mut self) -> io::Result<bool> {
        let Some(decoder) = &mut self.decoder else { return Ok(false) };
        if self.broken {
            return Err(io::Error::other(Stumble::NotUtf16));
        }
        if self.raw_at == self.raw.len() && !self.ended {
            self.raw.resize(CHUNK_BYTES, 0);
            let read = self.file.read(&mut self.raw)?;
            self.raw.truncate(read);
            (self.raw_at, self.ended) = (0, read == 0);
        } else if self.ended {
            return Ok(false);
        }
        // A byte of Windows-1252 becomes three of UTF-8 at most, a pair of UTF-16 no more.
        self.text.resize(CHUNK_BYTES * 3 + 16, 0);
        let raw = &self.raw[self.raw_at..];
        let (result, read, written) =
            decoder.decode_to_utf8_without_replacement(raw, &mut self.text, self.ended);
        // What stands before a place that cannot be decoded is read first.
        self.broken = matches!(result, DecoderResult::Malformed(..));
        self.raw_at += read;
        self.text.truncate(written);
        self.text_at = 0;
        Ok(true)
    }
}

impl<R: Read> Read for Decoded<R> {
    fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
        if self.decoder.is_none() {
            return self.file.read(into);
        }
        while self.text_at == self.text.len() {
            if !self.more()? {
                return Ok(0);
            }
        }
        let count = into.len().min(self.text.len() - self.text_at);
        into[..count].copy_from_slice(&self.text[self.text_at..self.text_at + count]);
        self.text_at += count;
        Ok(count)
    }
}

/// A text whose lines are counted.
pub(super) struct Lined<R: Read> {
    text: BufReader<Text<R>>,
    /// The line of the next byte, from 1.
    line: u64,
}

impl<R: Read> Lined<R> {
    pub(super) fn new(text: Text<R>) -> Self {
        Self { text: BufReader::with_capacity(CHUNK_BYTES, text), line: 1 }
    }

    /// Returns the line of the next byte.
    pub(super) fn line(&self) -> u64 {
        self.line
    }

    /// A new row begins.
    pub(super) fn begin_row(&mut self) {
        self.text.get_mut().begin_row();
    }

    /// Skips blanks and ends of lines; returns what stands behind them, which is not taken.
    pub(super) fn skip_blank(&mut self) -> io::Result<Option<u8>> {
        loop {
            let Some(byte) = self.text.fill_buf()?.first().copied() else { return Ok(None) };
            if !byte.is_ascii_whitespace() {
                return Ok(Some(byte));
            }
            self.skip(byte);
        }
    }

    /// Skips the byte that comes next, which is known.
    pub(super) fn skip(&mut self, byte: u8) {
        self.line += u64::from(byte == b'\n');
        self.text.consume(1);
    }

    /// Reads to the end of the line; false when there is none.
    pub(super) fn read_line(&mut self, into: &mut Vec<u8>) -> io::Result<bool> {
        into.clear();
        let read = self.text.read_until(b'\n', into)?;
        self.line += u64::from(into.ends_with(b"\n"));
        Ok(read > 0)
    }
}

impl<R: Read> Read for Lined<R> {
    fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
        let read = self.text.read(into)?;
        self.line += into[..read].iter().filter(|byte| **byte == b'\n').count() as u64;
        Ok(read)
    }
}
