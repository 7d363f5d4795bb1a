//! Server-sent events as bytes: a decoder that takes any chunking, and the encoder.
//!
//! Lines end at LF, CRLF and CR only: U+2028 and its kin are text. An oversized line or
//! event is skipped and reported, never an error: the turn behind the stream is paid for.

/// The most bytes of one line. The agent's tool results embed whole drafts: lines of 2 MB
/// were seen, and this is eight times that.
pub const LINE_BYTES_MAX: usize = 16 << 20;
/// The most bytes of the `data` of one event.
pub const EVENT_BYTES_MAX: usize = 32 << 20;

/// One thing that a stream said.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Item {
    /// A block of fields, closed by a blank line or by the end of the stream.
    Event {
        /// Its `event:` field.
        name: Option<String>,
        /// Its `data:` lines, joined by LF; invalid UTF-8 is replaced.
        data: String,
    },
    /// A line that starts with a colon: a sign of life.
    Comment(String),
    /// An event that was over a limit and was dropped.
    Oversized,
}

/// Turns bytes into [`Item`]s, whatever the chunks they come in.
#[derive(Debug, Default)]
pub struct Decoder {
    line: Vec<u8>,
    /// The line went over its limit: its bytes are dropped up to its end.
    line_over: bool,
    /// The last byte was a CR: an LF now belongs to it.
    after_cr: bool,
    /// A byte-order mark can only stand before the first line.
    past_first_line: bool,
    block: Block,
}

/// The fields since the last blank line.
#[derive(Debug, Default)]
struct Block {
    name: Option<String>,
    /// The `data` lines so far; none before the first, which may be empty.
    data: Option<Vec<u8>>,
    over: bool,
}

impl Decoder {
    /// Returns a decoder at the start of a stream.
    pub fn new() -> Self {
        Self::default()
    }

    /// Takes the next bytes and returns what they complete.
    pub fn feed(&mut self, bytes: &[u8]) -> Vec<Item> {
        let mut items = Vec::new();
        let mut rest = bytes;
        while let Some((&first, tail)) = rest.split_first() {
            if std::mem::take(&mut self.after_cr) && first == b'\n' {
                rest = tail;
                continue;
            }
            let Some(end) = rest.iter().position(|byte| matches!(byte, b'\n' | b'\r')) else {
                self.grow(rest);
                break;
            };
            self.grow(&rest[..end]);
            self.after_cr = rest[end] == b'\r';
            rest = &rest[end + 1..];
            items.extend(self.end_line());
        }
        items
    }

    /// Ends the stream: returns what a last event without its blank line said.
    pub fn finish(mut self) -> Vec<Item> {
        let mut items = Vec::new();
        if !self.line.is_empty() || self.line_over {
            items.extend(self.end_line());
        }
        items.extend(self.block.take());
        items
    }

    fn grow(&mut self, bytes: &[u8]) {
        if self.line_over || self.line.len() + bytes.len() > LINE_BYTES_MAX {
            self.line_over = true;
            self.line = Vec::new();
        } else {
            self.line.extend_from_slice(bytes);
        }
    }

    fn end_line(&mut self) -> Option<Item> {
        let first = !std::mem::replace(&mut self.past_first_line, true);
        let mut line = std::mem::take(&mut self.line);
        if std::mem::take(&mut self.line_over) {
            self.block.over = true;
            return None;
        }
        if first && line.starts_with(b"\xef\xbb\xbf") {
            line.drain(..3);
        }
        if line.is_empty() {
            return self.block.take();
        }
        let (field, value) = match line.iter().position(|byte| *byte == b':') {
            Some(0) => return Some(Item::Comment(lossy(trimmed(&line[1..])))),
            Some(colon) => (&line[..colon], trimmed(&line[colon + 1..])),
            None => (line.as_slice(), &[][..]),
        };
        self.block.take_field(field, value);
        None
    }
}

impl Block {
    fn take_field(&mut self, field: &[u8], value: &[u8]) {
        match field {
            b"data" => {
                let size = self.data.as_ref().map_or(0, Vec::len) + value.len();
                self.over |= size > EVENT_BYTES_MAX;
                match &mut self.data {
                    _ if self.over => self.data = None,
                    Some(data) => {
                        data.push(b'\n');
                        data.extend_from_slice(value);
                    }
                    None => self.data = Some(value.to_vec()),
                }
            }
            b"event" => self.name = Some(lossy(value)),
            // `id` and `retry` serve reconnection, which this protocol does not have.
            _ => (),
        }
    }

    /// What the block said; a block of unknown fields alone says nothing.
    fn take(&mut self) -> Option<Item> {
        match std::mem::take(self) {
            Self { over: true, .. } => Some(Item::Oversized),
            Self { name: None, data: None, .. } => None,
            Self { name, data, .. } => Some(Item::Event { name, data: lossy(&data.unwrap_or_default()) }),
        }
    }
}

/// Returns one event as bytes of a stream; each line of `data` becomes a `data:` line.
pub fn encode(data: &str) -> String {
    let lines = data.replace("\r\n", "\n").replace('\r', "\n");
    let mut text: String = lines.split('\n').map(|line| format!("data: {line}\n")).collect();
    text.push('\n');
    text
}

/// Returns a comment as bytes of a stream: a sign of life that no parser shows.
pub fn comment(text: &str) -> String {
    format!(": {}\n\n", text.replace(['\r', '\n'], " "))
}

/// A value without the one space that may follow its colon.
fn trimmed(value: &[u8]) -> &[u8] {
    value.strip_prefix(b" ").unwrap_or(value)
}

fn lossy(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).into_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn all(bytes: &[u8], step: usize) -> Vec<Item> {
        let mut decoder = Decoder::new();
        let mut items: Vec<_> = bytes.chunks(step.max(1)).flat_map(|chunk| decoder.feed(chunk)).collect();
        items.extend(decoder.finish());
        items
    }

    fn data(text: &str) -> Item {
        Item::Event { name: None, data: text.to_owned() }
    }

    #[test]
    fn every_chunking_of_every_line_end_says_the_same() {
        let text = "\u{feff}: hi\n\nevent: tick\ndata: 导出 🎬\u{2028}x\n\ndata:a\ndata:\ndata: b\nid: 7\n\n\
                    retry: 5\n\ndata:\n\nlast: 1\ndata: {\"end\":1}";
        let items = [
            Item::Comment("hi".to_owned()),
            Item::Event { name: Some("tick".to_owned()), data: "导出 🎬\u{2028}x".to_owned() },
            data("a\n\nb"),
            data(""),
            data("{\"end\":1}"),
        ];
        for end in ["\n", "\r\n", "\r"] {
            let bytes = text.replace('\n', end).into_bytes();
            for step in 1..=bytes.len() {
                assert_eq!(all(&bytes, step), items, "{end:?} by {step}");
            }
        }
    }

    #[test]
    fn empty_data_lines_count_from_the_first() {
        assert_eq!(all(b"data:\ndata: x\n\n", 3), [data("\nx")]);
    }

    #[test]
    fn a_name_alone_is_an_event_and_a_blank_line_is_none() {
        let tick = Item::Event { name: Some("heartbeat".to_owned()), data: String::new() };
        assert_eq!(all(b"\n\n\nevent: heartbeat\n\n\n", 1), [tick]);
    }

    #[test]
    fn bytes_that_are_no_utf8_are_replaced() {
        assert_eq!(all(b"data: a\xffb\n\n", 2), [data("a\u{fffd}b")]);
    }

    #[test]
    fn what_is_too_long_is_skipped_and_the_stream_goes_on() {
        let mut bytes = b"data: ".to_vec();
        bytes.resize(LINE_BYTES_MAX + 7, b'x');
        bytes.extend_from_slice(b"\n\ndata: after\n\n");
        assert_eq!(all(&bytes, 1 << 20), [Item::Oversized, data("after")]);
        let line = format!("data: {}\n", "y".repeat(EVENT_BYTES_MAX / 4));
        let many = format!("{}\ndata: after\n\n", line.repeat(5));
        assert_eq!(all(many.as_bytes(), 1 << 20), [Item::Oversized, data("after")]);
    }

    #[test]
    fn an_encoded_event_is_the_documented_bytes() {
        assert_eq!(encode("{\"a\":1}"), "data: {\"a\":1}\n\n");
        assert_eq!(encode("a\r\nb"), "data: a\ndata: b\n\n");
        assert_eq!(comment("heart\nbeat"), ": heart beat\n\n");
    }
}
