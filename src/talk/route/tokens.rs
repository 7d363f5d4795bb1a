//! A stretch of plain text as words; Chinese is cut along the words that are known.

use super::words;

/// One word of a stretch.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Token {
    pub(super) kind: Kind,
    /// Where it stands in the stretch, without quotes.
    pub(super) from: usize,
    pub(super) to: usize,
}

/// What a word is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    /// A word in lower case; known or not.
    Word(String),
    /// Quoted words, which the mask blanked.
    Quoted,
    /// The name of a video file.
    File,
    /// The path of a folder: `~/Desktop`.
    Folder,
}

impl Token {
    /// Returns the word; empty for names.
    pub(super) fn word(&self) -> &str {
        match &self.kind {
            Kind::Word(word) => word,
            Kind::Quoted | Kind::File | Kind::Folder => "",
        }
    }
}

/// Signs within a word of Latin letters; the rest part words.
const INNER: &str = "'’._-/~&=%+@#$*\\";

/// The words of a masked stretch.
pub(super) fn tokens(plain: &str) -> Vec<Token> {
    let mut found = Vec::new();
    let mut at = 0;
    while let Some(c) = plain[at..].chars().next() {
        if is_latin(c) {
            let end = end_of(plain, at, is_latin);
            found.extend(latin(plain, at, end));
            at = end;
        } else if c.is_alphanumeric() {
            let end = end_of(plain, at, |c| !is_latin(c) && c.is_alphanumeric());
            at = chinese(plain, at, end, &mut found);
        } else {
            at += c.len_utf8();
        }
    }
    found
}

fn is_latin(c: char) -> bool {
    c.is_ascii_alphanumeric() || INNER.contains(c)
}

fn end_of(plain: &str, at: usize, belongs: impl Fn(char) -> bool) -> usize {
    plain[at..].find(|c| !belongs(c)).map_or(plain.len(), |length| at + length)
}

fn latin(plain: &str, from: usize, to: usize) -> Option<Token> {
    let edges: &[char] = &['\'', '’', '*', '-'];
    let run = &plain[from..to];
    let from = from + (run.len() - run.trim_start_matches(edges).len());
    let word = plain[from..to].trim_start_matches(edges).trim_end_matches(edges).trim_end_matches('.');
    let word = word.trim_end_matches(edges);
    if word.is_empty() {
        return None;
    }
    let to = from + word.len();
    let kind = if word.chars().all(|c| c == '_') {
        Kind::Quoted
    } else if words::container_of(word).is_some_and(|_| !word.starts_with('.')) {
        Kind::File
    } else if ["~/", "/"].iter().any(|root| word.strip_prefix(root).is_some_and(|rest| !rest.is_empty())) {
        Kind::Folder
    } else {
        Kind::Word(word.trim_start_matches('.').replace('’', "'"))
    };
    Some(Token { kind, from, to })
}

/// Cuts a Chinese run; returns where it ends, with the ending of a file that it names.
fn chinese(plain: &str, from: usize, to: usize, found: &mut Vec<Token>) -> usize {
    let mut at = from;
    while at < to {
        let known = words::chinese().filter(|word| plain[at..to].starts_with(word)).max_by_key(|w| w.len());
        if let Some(word) = known {
            found.push(Token { kind: Kind::Word(word.to_owned()), from: at, to: at + word.len() });
            at += word.len();
            continue;
        }
        // `导出为夏天.mp4`
        let end = end_of(plain, to, is_latin);
        if plain[to..end].starts_with('.') && words::container_of(&plain[at..end]).is_some() {
            found.push(Token { kind: Kind::File, from: at, to: end });
            return end;
        }
        found.push(Token { kind: Kind::Word(plain[at..to].to_owned()), from: at, to });
        at = to;
    }
    to
}
