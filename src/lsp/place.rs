//! The one place that turns places of editors into ours: theirs count lines from 0 and columns
//! in UTF-16 units, ours count both from 1 and columns in characters.

use serde_json::{Value, json};

use crate::runtime::outline::Spot;

/// Returns our place of an editor's position; one behind the end of its line is the end.
pub(super) fn from_editor(text: &str, position: &Value) -> Option<Spot> {
    let number = |key: &str| usize::try_from(position.get(key)?.as_u64()?).ok();
    let (line, units) = (number("line")?, number("character")?);
    let content = text.split('\n').nth(line).unwrap_or_default();
    let mut passed = 0;
    let characters = content.trim_end_matches('\r').chars().take_while(|c| {
        passed += c.len_utf16();
        passed <= units
    });
    Some(Spot { line: line + 1, column: characters.count() + 1 })
}

/// Returns an editor's position of our place.
pub(super) fn to_editor(text: &str, spot: Spot) -> Value {
    let line = spot.line.saturating_sub(1);
    let content = text.split('\n').nth(line).unwrap_or_default();
    let before = content.chars().take(spot.column.saturating_sub(1));
    json!({"line": line, "character": before.map(char::len_utf16).sum::<usize>()})
}

/// Returns an editor's range from our place to a column of the same line.
pub(super) fn range(text: &str, from: Spot, end_column: usize) -> Value {
    json!({"start": to_editor(text, from), "end": to_editor(text, Spot { column: end_column, ..from })})
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn emoji_count_two_units_and_chinese_one() {
        let text = "a\r\n😀你好 x\n";
        for (column, units) in [(1, 0), (2, 2), (3, 3), (5, 5), (6, 6)] {
            let spot = Spot { line: 2, column };
            let position = json!({"line": 1, "character": units});
            assert_eq!(to_editor(text, spot), position);
            assert_eq!(from_editor(text, &position), Some(spot));
        }
    }

    #[test]
    fn what_lies_outside_is_brought_back() {
        let text = "ab\n😀";
        let at =
            |line: u64, character: u64| from_editor(text, &json!({"line": line, "character": character}));
        assert_eq!(at(0, 99), Some(Spot { line: 1, column: 3 }));
        assert_eq!(at(9, 9), Some(Spot { line: 10, column: 1 }));
        // In the middle of a pair of units: before the character.
        assert_eq!(at(1, 1), Some(Spot { line: 2, column: 1 }));
        assert_eq!(from_editor(text, &json!({"line": -1, "character": "x"})), None);
    }
}
