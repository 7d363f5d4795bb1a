//! The name of a row's outputs: a template such as `{city}/{title}`, filled with cells and made
//! safe as a path.

use super::problem::Problem;

/// The longest name of one folder, in bytes: file systems take 255, and a temporary name needs
/// some of them.
const PART_BYTES_MAX: usize = 200;
/// The longest name in all, in bytes.
const NAME_BYTES_MAX: usize = 800;

/// A template of names.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Template(Vec<Piece>);

/// A piece of a template.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Piece {
    Text(String),
    /// `{key}`.
    Key,
    /// `{row}`.
    Row,
    /// `{column}`.
    Cell(String),
}

impl Template {
    /// Returns the template of rows that are called by their key, or by their number.
    pub(super) fn usual(keyed: bool) -> Self {
        Self(vec![if keyed { Piece::Key } else { Piece::Row }])
    }

    /// Reads a template. `{{` and `}}` stand for braces.
    ///
    /// # Errors
    /// A brace without its partner, an empty name in braces, or a path that leaves its folder.
    pub(super) fn read(text: &str) -> Result<Self, Problem> {
        let wrong = |what: &str| {
            let hint = "write it as `{city}/{row}`: a column in braces, `{row}`, `{key}`; `{{` is a brace";
            Problem::new(format!("the name `{text}` {what}"), hint)
        };
        let (mut pieces, mut plain, mut rest) = (Vec::new(), String::new(), text);
        while let Some(at) = rest.find(['{', '}']) {
            plain.push_str(&rest[..at]);
            let (brace, after) = rest[at..].split_at(1);
            if let Some(after) = after.strip_prefix(brace) {
                plain.push_str(brace);
                rest = after;
                continue;
            }
            let inside = after.split_once('}').filter(|_| brace == "{");
            let Some((name, after)) = inside else { return Err(wrong("has a brace without its partner")) };
            pieces.push(Piece::Text(std::mem::take(&mut plain)));
            pieces.push(match name.trim() {
                "" => return Err(wrong("has braces with nothing in them")),
                "key" => Piece::Key,
                "row" => Piece::Row,
                name => Piece::Cell(name.to_owned()),
            });
            rest = after;
        }
        plain.push_str(rest);
        let leaves = |part: &str| part.trim() == "..";
        if text.starts_with('/') || text.split('/').any(leaves) {
            return Err(wrong("leaves the output folder"));
        }
        pieces.push(Piece::Text(plain));
        pieces.retain(|piece| *piece != Piece::Text(String::new()));
        if pieces.is_empty() { Err(wrong("is empty")) } else { Ok(Self(pieces)) }
    }

    /// Returns the columns that it names.
    pub(super) fn columns(&self) -> impl Iterator<Item = &str> {
        self.0.iter().filter_map(|piece| match piece {
            Piece::Cell(name) => Some(name.as_str()),
            Piece::Text(_) | Piece::Key | Piece::Row => None,
        })
    }

    /// Returns the name of a row. Only a `/` of the template itself makes a folder.
    pub(super) fn fill(&self, row: u64, key: &str, cell: impl Fn(&str) -> String) -> String {
        let mut parts = vec![String::new()];
        for piece in &self.0 {
            let text = match piece {
                Piece::Text(text) => {
                    for (at, part) in text.split('/').enumerate() {
                        if at > 0 {
                            parts.push(String::new());
                        }
                        parts.last_mut().expect("it begins with one").push_str(&safe(part));
                    }
                    continue;
                }
                Piece::Key => key.to_owned(),
                Piece::Row => format!("{row:04}"),
                Piece::Cell(name) => cell(name),
            };
            parts.last_mut().expect("it begins with one").push_str(&safe(text.trim()));
        }
        let parts: Vec<String> = parts.iter().map(|part| trimmed(part)).collect();
        cut(&parts.join("/"), NAME_BYTES_MAX).trim_end_matches('/').to_owned()
    }
}

/// A text without what would make folders, act on a terminal, or be refused by a file system.
fn safe(text: &str) -> String {
    let turns =
        |c: char| matches!(c, '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}');
    let allowed = |c: char| match c {
        '/' | '\\' | ':' | '*' | '?' | '"' | '<' | '>' | '|' => '-',
        c if c.is_control() || turns(c) => '-',
        c => c,
    };
    text.chars().map(allowed).collect()
}

/// The name of one folder: never hidden, never empty, and not too long.
fn trimmed(part: &str) -> String {
    let part = cut(part.trim().trim_start_matches(['.', ' ']), PART_BYTES_MAX);
    let part = part.trim_end_matches(['.', ' ']);
    if part.is_empty() { "_".to_owned() } else { part.to_owned() }
}

fn cut(text: &str, bytes_max: usize) -> &str {
    &text[..text.floor_char_boundary(bytes_max)]
}

#[cfg(test)]
mod tests {
    use super::*;

    fn filled(template: &str, cell: &str) -> String {
        Template::read(template).unwrap().fill(7, "k/1", |_| cell.to_owned())
    }

    #[test]
    fn a_template_is_filled_and_only_its_own_slash_makes_a_folder() {
        for (template, cell, name) in [
            ("{city}", "Köln", "Köln"),
            ("{city}/{row}", "Paris", "Paris/0007"),
            ("{key}-{ city }", "x", "k-1-x"),
            ("a {{b}} {city}", "c", "a {b} c"),
            ("plain", "", "plain"),
            ("a//b", "", "a/_/b"),
        ] {
            assert_eq!(filled(template, cell), name, "{template}");
        }
        assert_eq!(Template::usual(true).fill(3, "ab", |_| String::new()), "ab");
        assert_eq!(Template::usual(false).fill(12_345, "ab", |_| String::new()), "12345");
    }

    #[test]
    fn whatever_a_cell_holds_the_name_is_safe() {
        for (cell, name) in [
            ("../../etc/passwd", "-..-etc-passwd"),
            ("..", "_"),
            (".", "_"),
            ("", "_"),
            (" \t", "_"),
            (".hidden", "hidden"),
            ("...", "_"),
            ("a\\b:c*?", "a-b-c--"),
            ("two\nlines\u{0}\u{1b}[2J", "two-lines--[2J"),
            ("gpj.\u{202e}exe", "gpj.-exe"),
            ("end. . ", "end"),
            ("/abs", "-abs"),
        ] {
            assert_eq!(filled("{city}", cell), name, "{cell:?}");
        }
        assert_eq!(filled("{city}/x", &"é".repeat(300)), format!("{}/x", "é".repeat(100)));
        let long = filled("{city}/{city}/{city}/{city}/{city}", &"y".repeat(300));
        assert!(long.len() <= NAME_BYTES_MAX && !long.ends_with('/'));
    }

    #[test]
    fn a_template_that_cannot_be_read_is_refused() {
        for (template, words) in [
            ("{city", "a brace without its partner"),
            ("city}", "a brace without its partner"),
            ("{}", "braces with nothing"),
            ("", "is empty"),
            ("/abs/{row}", "leaves the output folder"),
            ("a/../{row}", "leaves the output folder"),
        ] {
            let problem = Template::read(template).unwrap_err();
            assert!(problem.message.contains(words), "{template}: {problem}");
        }
    }
}
