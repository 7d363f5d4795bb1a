//! What a sentence holds as content: quoted words, what a colon introduces, fixed pairs.

use super::command;
use super::parts::parts;

/// Quotation marks, opening and closing.
pub(super) const QUOTES: &[(char, char)] =
    &[('"', '"'), ('\'', '\''), ('“', '”'), ('‘', '’'), ('「', '」'), ('《', '》'), ('`', '`')];

/// Pairs that name one thing, so that their `and` joins no two wishes.
const PAIRS: &[&str] = &[
    "import and export",
    "imports and exports",
    "export and import",
    "upload and download",
    "uploads and downloads",
    "download and upload",
];

/// The text in lower case, byte for byte as long, with its content blanked out.
pub(super) fn masked(text: &str) -> String {
    let mut masked = without_quotes(text);
    for pair in PAIRS {
        masked = masked.replace(pair, &"_".repeat(pair.len()));
    }
    without_content(masked)
}

fn without_quotes(text: &str) -> String {
    let mut masked = String::with_capacity(text.len());
    let mut close: Option<char> = None;
    let mut before = ' ';
    for (at, c) in text.char_indices() {
        let rest = &text[at + c.len_utf8()..];
        let next = rest.chars().next().unwrap_or(' ');
        let apostrophe = "'’‘".contains(c)
            && before.is_ascii_alphanumeric()
            && (close.is_none() || next.is_ascii_alphanumeric());
        let opens = QUOTES.iter().find(|(open, end)| *open == c && rest.contains(*end) && !apostrophe);
        match close {
            Some(end) if end == c && !apostrophe => {
                close = None;
                masked.push(c);
            }
            Some(_) => masked.extend(std::iter::repeat_n('_', c.len_utf8())),
            None => {
                close = opens.map(|(_, end)| *end);
                masked.push(c.to_ascii_lowercase());
            }
        }
        before = c;
    }
    masked
}

/// The text with what a colon introduces blanked: `make a video of this script: Download it.`
fn without_content(mut masked: String) -> String {
    let colon = masked.match_indices([':', '：']).find(|(at, colon)| {
        let after = masked[at + colon.len()..].chars().next();
        let opens = *colon == "：" || after.is_some_and(char::is_whitespace);
        let before = parts(&masked[..*at]).last().map_or(0, |part| part.from);
        opens && command::wish(&masked[before..*at]).is_none()
    });
    if let Some((at, colon)) = colon {
        let from = at + colon.len();
        let blank = "_".repeat(masked.len() - from);
        masked.replace_range(from.., &blank);
    }
    masked
}
