//! The agent: reads a request in plain words as a list of edits, and answers in words.
//!
//! It is no AI model: a table of phrases, rules over them, and a list of what it did.

mod asks;
mod beside;
mod brand;
mod brief;
mod clause;
mod corrections;
mod doubts;
pub mod intent;
mod lex;
mod mood;
mod names;
mod number;
mod orders;
mod phrases;
mod refs;
pub mod reply;
mod rules;
mod shots;
mod split;
mod status;
mod typos;
mod wanted;
mod when;
mod words;

/// A language that the agent speaks.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Language {
    /// English.
    #[default]
    English,
    /// Chinese.
    Chinese,
}

impl Language {
    /// Returns the language of a text: Chinese when it holds a Chinese character outside of
    /// quotes, English when it holds a Latin letter, none otherwise.
    pub fn of(text: &str) -> Option<Self> {
        let mut found = None;
        let mut closing = None;
        for c in text.chars() {
            let pair =
                [('"', '"'), ('“', '”'), ('「', '」'), ('《', '》')].into_iter().find(|(open, _)| *open == c);
            match (closing, pair) {
                (Some(close), _) if close == c => closing = None,
                (Some(_), _) => (),
                (None, Some((_, close))) => closing = Some(close),
                _ if ('\u{3400}'..='\u{9fff}').contains(&c) => return Some(Self::Chinese),
                _ if c.is_ascii_alphabetic() => found = Some(Self::English),
                _ => (),
            }
        }
        found
    }

    /// Reads a language code such as `zh-CN`; what is not Chinese is answered in English.
    pub fn from_code(code: &str) -> Self {
        if code.to_ascii_lowercase().starts_with("zh") { Self::Chinese } else { Self::English }
    }
}
