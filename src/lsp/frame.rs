//! Messages on a pipe: a header with their length, an empty line, then JSON.

use std::io::{self, BufRead, Read, Write};

use serde_json::Value;

/// The longest message that is taken: four times the longest script, escaped.
const MESSAGE_BYTES_MAX: u64 = 16 << 20;
/// The longest line of a header; real ones have some 30 bytes.
const HEADER_BYTES_MAX: u64 = 4 << 10;

/// What came in.
#[derive(Debug, PartialEq)]
pub(super) enum Incoming {
    /// A whole message.
    Message(Value),
    /// Something that is no message, and why; the next one can be read.
    Bad(String),
    /// The other side is gone.
    End,
}

/// Reads the next message.
///
/// # Errors
/// The pipe does not work.
pub(super) fn read(from: &mut impl BufRead) -> io::Result<Incoming> {
    let mut length = None;
    loop {
        let mut line = Vec::new();
        let read = from.by_ref().take(HEADER_BYTES_MAX).read_until(b'\n', &mut line)?;
        if read == 0 {
            return Ok(Incoming::End);
        }
        let text = String::from_utf8_lossy(&line);
        let text = text.trim();
        if text.is_empty() {
            break;
        }
        match text.split_once(':') {
            Some((name, value)) if name.eq_ignore_ascii_case("content-length") => {
                length = value.trim().parse::<u64>().ok();
            }
            _ => (),
        }
    }
    let Some(length) = length else {
        return Ok(Incoming::Bad("a message has no Content-Length".to_owned()));
    };
    if length > MESSAGE_BYTES_MAX {
        io::copy(&mut from.by_ref().take(length), &mut io::sink())?;
        return Ok(Incoming::Bad(format!("a message is longer than {} MiB", MESSAGE_BYTES_MAX >> 20)));
    }
    let mut body = Vec::new();
    if from.by_ref().take(length).read_to_end(&mut body)? as u64 != length {
        return Ok(Incoming::End);
    }
    Ok(match serde_json::from_slice(&body) {
        Ok(message) => Incoming::Message(message),
        Err(error) => Incoming::Bad(format!("a message is no JSON: {error}")),
    })
}

/// Writes a message.
///
/// # Errors
/// The pipe does not work.
pub(super) fn write(to: &mut impl Write, message: &Value) -> io::Result<()> {
    let body = message.to_string();
    write!(to, "Content-Length: {}\r\n\r\n{body}", body.len())?;
    to.flush()
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn what_is_written_is_read_and_rubbish_is_named() {
        let mut bytes = Vec::new();
        write(&mut bytes, &json!({"text": "你好 😀"})).unwrap();
        bytes.extend(b"Content-Length: 3\r\n\r\n{x}X-Other: 1\r\n\r\n");
        bytes.extend(b"Content-Length: 99999999\r\n\r\n");
        let mut from = bytes.as_slice();
        assert_eq!(read(&mut from).unwrap(), Incoming::Message(json!({"text": "你好 😀"})));
        for why in ["no JSON", "no Content-Length", "longer than 16 MiB"] {
            match read(&mut from).unwrap() {
                Incoming::Bad(said) => assert!(said.contains(why), "{said}"),
                other => panic!("{other:?}"),
            }
        }
        assert_eq!(read(&mut from).unwrap(), Incoming::End);
    }
}
