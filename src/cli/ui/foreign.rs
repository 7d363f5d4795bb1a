//! Text from scripts, files and backends, made harmless for a terminal.

use std::borrow::Cow;

/// Returns `text` with everything that could move the cursor, recolour the screen or turn
/// the reading direction spelled out as `\u{1b}`; line feeds and tabs stay.
pub(in crate::cli) fn harmless(text: &str) -> Cow<'_, str> {
    if !text.contains(acts) {
        return Cow::Borrowed(text);
    }
    let mut safe = String::with_capacity(text.len() + 16);
    let mut rest = text.chars().peekable();
    while let Some(c) = rest.next() {
        match c {
            // A Windows line end is a line end.
            '\r' if rest.peek() == Some(&'\n') => (),
            c if acts(c) => safe.extend(c.escape_unicode()),
            c => safe.push(c),
        }
    }
    Cow::Owned(safe)
}

/// Returns the same for one line: line feeds and tabs become spaces, too.
pub(in crate::cli) fn harmless_line(text: &str) -> String {
    harmless(text).replace(['\n', '\t', '\u{2028}', '\u{2029}'], " ")
}

/// Whether a terminal would do something at `c` rather than show it: the control
/// characters, and those that override the direction of the text around them.
fn acts(c: char) -> bool {
    let turns = matches!(c, '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}');
    turns || (c.is_control() && c != '\n' && c != '\t')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn escapes_are_spelled_out_and_words_stay() {
        assert_eq!(harmless("\u{1b}[31mred\u{1b}]0;title\u{7}"), "\\u{1b}[31mred\\u{1b}]0;title\\u{7}");
        assert_eq!(harmless("\u{9b}2J"), "\\u{9b}2J");
        assert_eq!(harmless("gpj.\u{202e}exe"), "gpj.\\u{202e}exe");
        assert_eq!(harmless("one\r\ntwo\rthree"), "one\ntwo\\u{d}three");
        assert!(matches!(harmless("晨光 ☕\n\tok"), Cow::Borrowed(_)));
    }

    #[test]
    fn one_line_is_one_line() {
        assert_eq!(harmless_line("a\nb\u{2028}c\td"), "a b c d");
    }
}
