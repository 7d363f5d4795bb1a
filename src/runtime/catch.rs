//! What `catch (e)` sees is always an error map. Rhai hands over thrown values as they are and
//! its own errors in a map of another shape, so each catch block gets a conversion at its head:
//! `catch (e) { e=__caught(e); …`. The parser finds the blocks; errors never see the shift.

use rhai::{Position, Token};

use crate::host::CAUGHT;

/// The head of a catch block.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Head {
    /// Where its `{` stands.
    brace: Position,
    /// The name that it catches into.
    name: String,
}

/// Text that was put into a line: what stands behind it moved to the right.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Shift {
    /// The line, from 1.
    line: usize,
    /// The first moved column, from 1, before any text was put in.
    column: usize,
    /// Columns put in.
    width: usize,
}

/// Finds the heads of catch blocks among the tokens of a text, fed one by one.
#[derive(Debug, Default)]
pub(super) struct Heads {
    /// Tokens of `catch ( name )` seen just now.
    seen: usize,
    name: String,
    found: Vec<Head>,
}

impl Heads {
    pub(super) fn feed(&mut self, token: &Token, at: Position) {
        self.seen = match (self.seen, token) {
            (_, Token::Catch) => 1,
            (1, Token::LeftParen) => 2,
            (2, Token::Identifier(name)) => {
                self.name = name.to_string();
                3
            }
            (3, Token::RightParen) => 4,
            (4, Token::LeftBrace) => {
                self.found.push(Head { brace: at, name: std::mem::take(&mut self.name) });
                0
            }
            _ => 0,
        };
    }

    /// Returns what was found, in the order of the text.
    pub(super) fn found(self) -> Vec<Head> {
        self.found
    }
}

/// Returns the text with a conversion behind each head, and what moved.
pub(super) fn with_conversions(text: &str, heads: &[Head]) -> (String, Vec<Shift>) {
    let mut shifts = Vec::new();
    let mut lines: Vec<String> = text.split('\n').map(str::to_owned).collect();
    // From the back, so that the columns of earlier heads stay right.
    for head in heads.iter().rev() {
        let (Some(line), Some(column)) = (head.brace.line(), head.brace.position()) else { continue };
        let Some(content) = line.checked_sub(1).and_then(|at| lines.get_mut(at)) else { continue };
        let Some((at, '{')) = content.char_indices().nth(column.saturating_sub(1)) else { continue };
        let behind = at + '{'.len_utf8();
        let conversion = format!("{name}={CAUGHT}({name});", name = head.name);
        content.insert_str(behind, &conversion);
        shifts.push(Shift { line, column: column + 1, width: conversion.chars().count() });
    }
    (lines.join("\n"), shifts)
}

/// Returns the column of the user's text.
pub(super) fn unshifted(shifts: &[Shift], line: usize, column: usize) -> usize {
    let mut on_line: Vec<&Shift> = shifts.iter().filter(|shift| shift.line == line).collect();
    on_line.sort_by_key(|shift| shift.column);
    on_line.iter().fold(column, |column, shift| match column {
        before if before < shift.column => before,
        behind => (behind - behind.min(shift.width)).max(shift.column),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn head(line: u16, column: u16, name: &str) -> Head {
        Head { brace: Position::new(line, column), name: name.to_owned() }
    }

    #[test]
    fn a_conversion_stands_behind_each_brace_and_columns_are_found_again() {
        let text = "try { é() } catch (e) { a(e) } try { b() } catch (x) { c(x) }";
        let braces: Vec<usize> =
            text.chars().enumerate().filter(|(_, c)| *c == '{').map(|(at, _)| at + 1).collect();
        let heads = [head(1, braces[1] as u16, "e"), head(1, braces[3] as u16, "x")];
        let (converted, shifts) = with_conversions(text, &heads);
        assert_eq!(
            converted,
            "try { é() } catch (e) {e=__caught(e); a(e) } try { b() } catch (x) {x=__caught(x); c(x) }"
        );
        for word in ["try", "a(e)", "b()", "c(x)"] {
            let column = |text: &str| text[..text.find(word).unwrap()].chars().count() + 1;
            assert_eq!(unshifted(&shifts, 1, column(&converted)), column(text), "{word}");
        }
        assert_eq!(unshifted(&shifts, 2, 7), 7);
    }

    #[test]
    fn nothing_is_put_where_no_brace_stands() {
        let text = "catch (e) x";
        assert_eq!(with_conversions(text, &[head(1, 11, "e"), head(1, 99, "e"), head(7, 1, "e")]).0, text);
    }

    #[test]
    fn lines_end_as_they_did() {
        let (converted, _) = with_conversions("try { a() }\r\ncatch (e) {\r\n}\r\n", &[head(2, 11, "e")]);
        assert_eq!(converted, "try { a() }\r\ncatch (e) {e=__caught(e);\r\n}\r\n");
    }
}
