//! Words from the backend made safe to print: no terminal obeys them.

/// A control sequence longer than this is no sequence but text that happened to start like
/// one: only its controls are taken out.
const SEQUENCE_CHARS_MAX: usize = 256;

/// Returns `text` without terminal escape sequences and without control characters, C0 and
/// C1, but line feed and tab. Line ends CRLF and CR become LF.
pub fn printable(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(c) = rest.chars().next() {
        let after = &rest[c.len_utf8()..];
        rest = match c {
            '\r' => {
                out.push('\n');
                after.strip_prefix('\n').unwrap_or(after)
            }
            '\n' | '\t' => {
                out.push(c);
                after
            }
            '\x1b' | '\u{9b}' | '\u{9d}' => after_sequence(c, after),
            c if c.is_control() => after,
            c => {
                out.push(c);
                after
            }
        };
    }
    out
}

/// What follows the escape sequence that `lead` opens; only `lead` is skipped when none does.
fn after_sequence(lead: char, after: &str) -> &str {
    let (kind, body) = match lead {
        '\u{9b}' => ('[', after),
        '\u{9d}' => (']', after),
        _ => match after.chars().next() {
            Some(kind @ ('[' | ']' | 'P' | '_' | '^' | 'X')) => (kind, &after[1..]),
            _ => return after,
        },
    };
    let end = match kind {
        // A control sequence: parameters, then one letter or sign that ends it.
        '[' => body.char_indices().take(SEQUENCE_CHARS_MAX).find(|(_, c)| !matches!(c, ' '..='?')),
        // A string: up to BEL or ST.
        _ => body
            .char_indices()
            .take(SEQUENCE_CHARS_MAX)
            .find(|(_, c)| matches!(c, '\x07' | '\x1b' | '\u{9c}')),
    };
    match end {
        Some((at, '\x1b')) => body[at..].strip_prefix("\x1b\\").unwrap_or(&body[at..]),
        Some((at, '@'..='~')) if kind == '[' => &body[at + 1..],
        Some((at, c)) if kind != '[' => &body[at + c.len_utf8()..],
        _ => after,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn escape_sequences_and_controls_go_words_stay() {
        assert_eq!(printable("a\x1b[31;1mred\x1b[0m b"), "ared b");
        assert_eq!(printable("t\x1b]0;owned\x07itle \x1b]8;;http://x\x1b\\link\x1b]8;;\x1b\\"), "title link");
        assert_eq!(printable("\u{9b}2Jx\u{9d}0;y\u{9c}z\x00\x08\x7f"), "xz");
        assert_eq!(printable("\x1bPq#0\x1b\\done"), "done");
    }

    #[test]
    fn line_ends_and_other_scripts_stay() {
        assert_eq!(printable("a\r\nb\rc\n\td"), "a\nb\nc\n\td");
        assert_eq!(printable("导出 🎬\u{2028}é"), "导出 🎬\u{2028}é");
    }

    #[test]
    fn an_unfinished_sequence_swallows_nothing() {
        assert_eq!(printable("\x1b"), "");
        assert_eq!(printable("\x1b[31"), "[31");
        let long = format!("\x1b]0;{}", "x".repeat(5_000));
        assert_eq!(printable(&long), long[1..]);
    }

    #[test]
    fn nothing_that_a_terminal_obeys_is_left_whatever_came() {
        let pieces = ["\x1b", "[", "]", "P", "\x07", "\\", "31m", "\u{9b}", "\u{9c}", "é", ";", "\x18"];
        for seed in 0..4_000_usize {
            let text: String =
                (0..6).map(|n| pieces[(seed * 31 + n * seed / 7 + n * n) % pieces.len()]).collect();
            let safe = printable(&text);
            assert!(!safe.chars().any(char::is_control), "{text:?} became {safe:?}");
        }
    }
}
