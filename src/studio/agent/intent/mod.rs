//! Reads a request in plain words, English or Chinese, as the edits that it asks for.
//!
//! A request goes through four steps, each a pure function: `lex` turns it into marks by the
//! phrase table, `clause` splits it into wishes, `rules` and `brief` turn each wish into edits,
//! and this file puts them in order; `complete` adds what a request leaves unsaid. Equal
//! requests on equal projects give equal edits.

mod complete;
pub(super) mod hear;
mod later;
mod reader;
mod sentence;
mod uploads;

use crate::model::edit::{Edit, Words};
use crate::model::state::State;
use crate::studio::agent::Language;
use crate::studio::agent::brief::{self, Told};
use crate::studio::agent::intent::reader::Reader;
use crate::studio::agent::lex::{self, Mark};
use crate::studio::agent::names;

/// A request is read this far; nobody asks for so much at once, but a script can be long.
const REQUEST_CHARS_MAX: usize = 40_000;

/// What a request is read against.
#[derive(Clone, Copy, Debug)]
pub struct Context<'a> {
    /// The project as it is.
    pub state: &'a State,
    /// The language of the session, for a request that shows none.
    pub language: Language,
}

/// A request as it was understood.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Intent {
    /// The edits in order: first those of the cut, then what is laid over it.
    pub edits: Vec<Edit>,
    /// How many of the edits are the first stage of a generation: the cut itself. The second
    /// stage (music, texts, logo) follows in the same turn. Zero when nothing is generated.
    pub cut: usize,
    /// Stretches of the request that mean nothing here, as they were written.
    pub not_understood: Vec<String>,
    /// The request asks for an export, which the agent cannot do: its client does.
    pub wants_export: bool,
    /// The request asks what the agent can do.
    pub wants_help: bool,
    /// The request asks what is on the timeline: this is, when its edits are made.
    pub status: Option<Words>,
    /// Edits among these that nobody asked for: what a new video gets all the same.
    pub unasked: Vec<Edit>,
    /// Edits that were asked for and need no doing: nothing is there yet to be taken away.
    pub needless: Vec<Edit>,
    /// A text was asked for, and its words were taken from what is known.
    pub guessed_words: bool,
    /// Nothing was said of music, and a new video gets some.
    pub added_music: bool,
    /// The language of the request.
    pub language: Language,
}

impl Intent {
    /// Returns whether the request makes a new video, which costs more than an edit.
    pub fn generates(&self) -> bool {
        self.cut > 0
    }

    /// Returns the edits of the two stages; the second is empty for a plain edit.
    pub fn stages(&self) -> (&[Edit], &[Edit]) {
        if self.generates() { self.edits.split_at(self.cut) } else { (&self.edits, &[]) }
    }
}

/// Reads a request.
pub fn read(text: &str, context: &Context<'_>) -> Intent {
    let end = text.char_indices().nth(REQUEST_CHARS_MAX).map_or(text.len(), |(at, _)| at);
    let text = &text[..end];
    let files = names::of(context.state);
    let tracks = context.state.draft.as_ref().map(|draft| draft.tracks()).unwrap_or_default();
    let shown: Vec<&str> = tracks.iter().flat_map(|track| &track.segments).filter_map(|s| s.text).collect();
    let tokens = lex::tokens_with(text, &files, &shown);
    let Told { command, brought, orders } = brief::told(text, &tokens);
    let mut reader = Reader::new(text, context, brought);
    for sentence in command.split(|token| token.mark == Mark::Stop) {
        reader.sentence(sentence);
    }
    for order in orders {
        // What comes after the words of a video is said of that video.
        reader.scene.soon = true;
        reader.sentence(order);
    }
    reader.finish()
}
