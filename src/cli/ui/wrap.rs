//! Prose in the width of a terminal: lines end between words.

use crate::cli::ui::table::wide;

/// What stands between a name and what is said about it.
const GAP: usize = 2;
/// How far in it stands below its name.
const INDENT: usize = 2;

/// The lines of names and what is said about each: beside it, or below it where some of them
/// would not fit beside.
pub(super) fn glossary(entries: &[(&str, &str)], columns: usize) -> Vec<String> {
    let names = entries.iter().map(|(name, _)| wide(name)).max().unwrap_or(0) + GAP;
    let beside = entries.iter().all(|(_, about)| names + wide(about) <= columns);
    let mut lines = Vec::new();
    for (name, about) in entries {
        if beside {
            lines.push(format!("{name}{}{about}", " ".repeat(names - wide(name))));
            continue;
        }
        lines.push((*name).to_owned());
        let below = wrapped(about, columns.saturating_sub(INDENT));
        lines.extend(below.iter().map(|line| format!("{}{line}", " ".repeat(INDENT))));
    }
    lines
}

/// The lines of a text; those that are too wide are parted. What is indented stays as it is.
pub(super) fn prose(text: &str, columns: usize) -> Vec<String> {
    let part = |line: &str| {
        let fits = wide(line) <= columns || line.starts_with(char::is_whitespace);
        if fits { vec![line.to_owned()] } else { wrapped(line, columns) }
    };
    text.lines().flat_map(part).collect()
}

/// Lines of words that fit; a word that is longer than a line has one of its own.
fn wrapped(text: &str, columns: usize) -> Vec<String> {
    let mut lines = vec![String::new()];
    for word in text.split_whitespace() {
        let Some(line) = lines.last_mut() else { break };
        if line.is_empty() {
            line.push_str(word);
        } else if wide(line) + 1 + wide(word) <= columns {
            line.push(' ');
            line.push_str(word);
        } else {
            lines.push(word.to_owned());
        }
    }
    lines
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_has_no_room_beside_its_name_stands_below_it() {
        let entries = [("a", "one two three"), ("bc", "four")];
        assert_eq!(glossary(&entries, 20), ["a   one two three", "bc  four"]);
        assert_eq!(glossary(&entries, 12), ["a", "  one two", "  three", "bc", "  four"]);
        assert_eq!(
            prose("one two\n    as it is written\n\nthree", 5),
            ["one", "two", "    as it is written", "", "three"]
        );
        assert_eq!(wrapped("无 extraordinary x", 4), ["无", "extraordinary", "x"]);
    }
}
