//! What a turn said, gathered from its signals: each text once, tools, faults.
//!
//! A streamed text comes in pieces and then again in whole; the whole replaces the pieces.
//! It may never come, then the pieces stand; it may differ from their sum, then it is right.
//! Two equal whole texts are two texts.

use crate::wire::event::{Fault, Signal, Weight};
use crate::wire::text::printable;

/// More text than this is dropped: an answer is a few kilobytes.
const TEXT_BYTES_MAX: usize = 4 << 20;
/// More tool calls than this are not listed.
const TOOLS_MAX: usize = 1_000;
/// More faults than this are not listed.
const FAULTS_MAX: usize = 100;
/// How the backend's noise begins, after a leading apology; in lower case.
const NOISE: &[&str] = &["i encountered a temporary issue", "i've encountered a temporary issue"];

/// Gathers the signals of one turn.
#[derive(Debug, Default)]
pub struct Transcript {
    pieces: Vec<Piece>,
    bytes: usize,
    tools: Vec<String>,
    faults: Vec<Fault>,
    touched: Vec<String>,
    signs: usize,
}

#[derive(Debug)]
struct Piece {
    author: String,
    text: String,
    standing: Standing,
}

#[derive(Debug, PartialEq)]
enum Standing {
    /// Made of partial texts: more may come, or the whole.
    Open,
    /// Made of partial texts, and something else came after them.
    Left,
    /// Came in whole, or the turn is over.
    Settled,
}

impl Piece {
    /// Makes the text final; returns what to tell the first time.
    fn settle(&mut self) -> Option<News> {
        if std::mem::replace(&mut self.standing, Standing::Settled) == Standing::Settled {
            return None;
        }
        let text = printable(&self.text);
        let text = without_noise(text.trim());
        (!text.is_empty()).then(|| News::Text(text.to_owned()))
    }
}

/// Something to tell at once, safe to print.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum News {
    /// A text that will not change any more.
    Text(String),
    /// A tool was called.
    Tool(String),
}

impl Transcript {
    /// Returns a transcript of nothing.
    pub fn new() -> Self {
        Self::default()
    }

    /// Takes the next signal; returns what it made worth telling.
    pub fn take(&mut self, signal: Signal) -> Vec<News> {
        if signal != Signal::Heartbeat {
            self.signs += 1;
        }
        match signal {
            Signal::Text { author, text, partial: true } => self.part(author, &text),
            Signal::Text { author, text, partial: false } => return self.whole(author, text),
            Signal::Call(name) => {
                self.leave();
                if self.tools.len() < TOOLS_MAX {
                    self.tools.push(name.clone());
                }
                return vec![News::Tool(name)];
            }
            Signal::Result(_) => self.leave(),
            Signal::State(keys) => self.touched.extend(keys.into_iter().take(TOOLS_MAX)),
            Signal::Fault(fault) if self.faults.len() < FAULTS_MAX && !self.knows(&fault) => {
                self.faults.push(fault);
            }
            Signal::Fault(_) | Signal::Heartbeat | Signal::Quiet => (),
        }
        Vec::new()
    }

    /// Ends the turn: texts that never came in whole stand as they are; returns them.
    pub fn settle(&mut self) -> Vec<News> {
        self.pieces.iter_mut().filter_map(Piece::settle).collect()
    }

    /// Returns everything said, safe to print, a blank line between texts; without the
    /// backend's trailing noise about a temporary issue. Empty when nothing was said.
    pub fn text(&self) -> String {
        let texts: Vec<_> = self.pieces.iter().map(|piece| printable(piece.text.trim())).collect();
        let said: Vec<&str> = texts.iter().map(|text| text.trim()).filter(|text| !text.is_empty()).collect();
        without_noise(&said.join("\n\n")).to_owned()
    }

    /// Returns the tools that were called, in order.
    pub fn tools(&self) -> &[String] {
        &self.tools
    }

    /// Returns what went wrong, in order.
    pub fn faults(&self) -> &[Fault] {
        &self.faults
    }

    /// Returns the fault that ended the turn, if one did: the first that is more than a
    /// complaint beside an answer.
    pub fn broken_by(&self) -> Option<&Fault> {
        self.faults.iter().find(|fault| fault.weight != Weight::Beside)
    }

    /// Returns whether the turn itself said that it changed `key` of the state.
    pub fn touched(&self, key: &str) -> bool {
        self.touched.iter().any(|touched| touched == key)
    }

    /// Returns whether anything but signs of life came.
    pub fn has_substance(&self) -> bool {
        self.signs > 0
    }

    /// Returns whether a refusal is all that came: then nothing was executed.
    pub fn is_bare_refusal(&self) -> bool {
        self.signs == 1 && matches!(self.faults.as_slice(), [Fault { weight: Weight::Refusal, .. }])
    }

    /// An exception is often told twice: by an event, then by the frame that ends the stream.
    fn knows(&self, fault: &Fault) -> bool {
        self.faults.iter().any(|known| known.message == fault.message && known.weight == fault.weight)
    }

    fn part(&mut self, author: String, text: &str) {
        if !self.has_room(text) {
            return;
        }
        let open = |piece: &&mut Piece| piece.author == author && piece.standing == Standing::Open;
        match self.pieces.iter_mut().rev().find(open) {
            Some(piece) => piece.text.push_str(text),
            None => self.pieces.push(Piece { author, text: text.to_owned(), standing: Standing::Open }),
        }
    }

    fn whole(&mut self, author: String, text: String) -> Vec<News> {
        if !self.has_room(&text) {
            return Vec::new();
        }
        // The pieces of this text; also such that a tool call came after, if they are alike.
        let alike = |piece: &Piece| text.starts_with(&piece.text) || piece.text.starts_with(&text);
        let its_own = |piece: &Piece| match piece.standing {
            Standing::Open => piece.author == author,
            Standing::Left => piece.author == author && alike(piece),
            Standing::Settled => false,
        };
        let place = self.pieces.iter().rposition(its_own).unwrap_or(self.pieces.len());
        let piece = Piece { author, text, standing: Standing::Open };
        match self.pieces.get_mut(place) {
            Some(pieces) => *pieces = piece,
            None => self.pieces.push(piece),
        }
        // What the same agent left unfinished before will not come again.
        let (before, rest) = self.pieces.split_at_mut(place);
        let author = rest[0].author.clone();
        let left = before.iter_mut().filter(|left| left.author == author);
        left.chain(rest.iter_mut().take(1)).filter_map(Piece::settle).collect()
    }

    fn leave(&mut self) {
        for piece in &mut self.pieces {
            if piece.standing == Standing::Open {
                piece.standing = Standing::Left;
            }
        }
    }

    fn has_room(&mut self, text: &str) -> bool {
        self.bytes = self.bytes.saturating_add(text.len());
        self.bytes <= TEXT_BYTES_MAX
    }
}

fn is_noise(text: &str) -> bool {
    let text = text.trim().to_lowercase().replace('’', "'");
    let bare =
        ["sorry, ", "i'm sorry, ", "i apologize, but "].iter().find_map(|lead| text.strip_prefix(lead));
    let bare = bare.unwrap_or(&text);
    !bare.contains('\n') && NOISE.iter().any(|noise| bare.starts_with(noise))
}

/// The text without a last line that is noise.
fn without_noise(text: &str) -> &str {
    let (before, last) = text.rsplit_once('\n').unwrap_or(("", text));
    if is_noise(last) { before.trim_end() } else { text }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn part(text: &str) -> Signal {
        Signal::Text { author: "agent".into(), text: text.into(), partial: true }
    }

    fn whole(text: &str) -> Signal {
        Signal::Text { author: "agent".into(), text: text.into(), partial: false }
    }

    fn heard(signals: impl IntoIterator<Item = Signal>) -> (String, Vec<News>) {
        let mut transcript = Transcript::new();
        let mut news: Vec<_> = signals.into_iter().flat_map(|signal| transcript.take(signal)).collect();
        news.extend(transcript.settle());
        (transcript.text(), news)
    }

    fn text(signals: impl IntoIterator<Item = Signal>) -> String {
        let (text, news) = heard(signals);
        let words = |news| match news {
            News::Text(text) => Some(text),
            News::Tool(_) => None,
        };
        let told: Vec<_> = news.into_iter().filter_map(words).collect();
        assert_eq!(told.join("\n\n"), text, "what was told at once is what stands at the end");
        text
    }

    #[test]
    fn the_whole_replaces_its_pieces() {
        assert_eq!(text([part("Hel"), part("lo"), whole("Hello!")]), "Hello!");
        assert_eq!(text([part("Hel"), part("lo")]), "Hello");
        assert_eq!(text([part("a"), whole("a"), part("b"), whole("b"), part("c")]), "a\n\nb\n\nc");
    }

    #[test]
    fn equal_whole_texts_are_all_kept() {
        assert_eq!(text([whole("Done."), whole("Done.")]), "Done.\n\nDone.");
        assert_eq!(text([part("Do"), whole("Done."), whole("Done.")]), "Done.\n\nDone.");
    }

    #[test]
    fn pieces_before_a_tool_call_stand_unless_their_whole_comes() {
        let call = || Signal::Call("edit".into());
        assert_eq!(text([part("I will"), call(), part("Don"), whole("Done")]), "I will\n\nDone");
        assert_eq!(
            text([part("I will"), call(), whole("I will edit"), whole("Done")]),
            "I will edit\n\nDone"
        );
    }

    #[test]
    fn sub_agents_do_not_mix() {
        let other = |text: &str, partial| Signal::Text { author: "music".into(), text: text.into(), partial };
        let signals = [part("Vi"), other("Mu", true), part("deo"), other("Music", false), whole("Video")];
        assert_eq!(heard(signals).0, "Video\n\nMusic");
    }

    #[test]
    fn trailing_noise_goes_and_noise_alone_is_silence() {
        let noise = "I encountered a temporary issue. Please try again.";
        assert_eq!(text([whole("Title added."), whole(noise)]), "Title added.");
        assert_eq!(text([whole("Title added.\n\nI’ve encountered a temporary issue")]), "Title added.");
        assert_eq!(text([whole(noise)]), "");
        assert_eq!(text([part("Sorry, I encountered "), part("a temporary issue.")]), "");
    }

    #[test]
    fn controls_are_gone_and_blank_texts_are_none() {
        assert_eq!(text([whole(" \n"), whole("\x1b[2Jok")]), "ok");
    }

    #[test]
    fn a_flood_of_text_is_cut() {
        let many = (0..10).map(|_| whole(&"x".repeat(TEXT_BYTES_MAX / 4)));
        assert_eq!(text(many).len(), TEXT_BYTES_MAX + 3 * "\n\n".len());
    }

    #[test]
    fn a_refusal_is_bare_only_alone() {
        let no = || Signal::Fault(Fault { code: 1001, message: "x".into(), weight: Weight::Refusal });
        let mut transcript = Transcript::new();
        assert!(transcript.take(Signal::Heartbeat).is_empty() && !transcript.has_substance());
        transcript.take(no());
        assert!(transcript.is_bare_refusal() && transcript.broken_by().is_some());
        transcript.take(Signal::Quiet);
        assert!(!transcript.is_bare_refusal());
    }
}
