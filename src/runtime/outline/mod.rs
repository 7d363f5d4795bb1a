//! What an editor wants to know about a place in a text that may be half written: which names
//! there are, which call it stands in, what a dot follows.

mod names;
mod offer;
mod owner;
mod scan;

use crate::host::Doc;
use crate::runtime::check::catalog::{self, Kind, catalog};
use scan::{Piece, Sort};

pub use names::{Name, NameSort};
pub use offer::{Offer, OfferSort, is_method, members};

/// Words of the language that begin or join statements.
pub const KEYWORDS: &[&str] = &[
    "let", "const", "if", "else", "for", "in", "while", "loop", "do", "until", "break", "continue", "switch",
    "fn", "private", "return", "throw", "try", "catch", "import", "export", "as", "true", "false", "this",
    "global",
];

/// A place in a text: line and column from 1, the column in characters.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Spot {
    /// The line.
    pub line: usize,
    /// The column.
    pub column: usize,
}

/// A call that is being written around a place.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Around {
    /// What is called.
    pub name: String,
    /// It stands behind a dot.
    pub method: bool,
    /// The argument at the place, from 0.
    pub argument: usize,
    /// The place is where a key of a map of options stands.
    pub at_key: bool,
}

/// What stands at a place.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Here {
    /// The word that the place touches; empty when it touches none.
    pub word: String,
    /// Where this word begins and the column behind it.
    pub span: Option<(Spot, usize)>,
    /// The place is inside a quoted text or a comment.
    pub quoted: bool,
    /// The word stands behind a dot.
    pub after_dot: bool,
    /// The type of ours that the dot follows, when it is known.
    pub owner: Option<&'static str>,
    /// The module of `module::word`.
    pub module: Option<String>,
    /// The call around the place.
    pub call: Option<Around>,
}

/// A text and the pieces that it is made of.
pub struct Outline {
    pieces: Vec<Piece>,
}

impl Outline {
    /// Reads a text, whole or half written.
    pub fn new(text: &str) -> Self {
        Self { pieces: scan::scan(text) }
    }

    /// Returns every name that the text defines, in its order.
    pub fn names(&self) -> Vec<Name> {
        names::names(&self.pieces)
    }

    /// Returns the path of the module that a name stands for.
    pub fn module_path(&self, alias: &str) -> Option<String> {
        let code: Vec<&Piece> = self.pieces.iter().filter(|piece| piece.sort != Sort::Comment).collect();
        code.windows(4).find_map(|at| match at {
            [import, path, word, name] if import.is("import") && word.is("as") && name.is(alias) => {
                Some(path.text.trim_matches(['"', '`']).to_owned())
            }
            _ => None,
        })
    }

    /// Returns what stands at a place.
    pub fn here(&self, spot: Spot) -> Here {
        let at = (spot.line, spot.column);
        let inside = |piece: &&Piece| (piece.line, piece.column) < at && at < piece.end;
        let open = |piece: &&Piece| at == piece.end && !piece.is_closed();
        let quoted = self.pieces.iter().any(|piece| {
            matches!(piece.sort, Sort::Text | Sort::Comment) && (inside(&piece) || open(&piece))
        });
        let code: Vec<Piece> =
            self.pieces.iter().filter(|piece| piece.sort != Sort::Comment).cloned().collect();
        let word = code.iter().position(|piece| {
            piece.sort == Sort::Word && (piece.line, piece.column) <= at && at <= piece.end
        });
        // Everything before the place, without the word at it.
        let before = word.unwrap_or_else(|| code.iter().take_while(|piece| piece.end <= at).count());
        let mut here = Here { quoted, call: around(&code[..before]), ..Here::default() };
        if let Some(word) = word.map(|word| &code[word]) {
            here.word = word.text.clone();
            here.span = Some((Spot { line: word.line, column: word.column }, word.end.1));
        }
        match code[..before].last() {
            Some(dot) if dot.is(".") => {
                here.after_dot = true;
                here.owner = match owner::kind(&code[..before - 1]) {
                    Kind::Ours(owner) => Some(owner),
                    _ => None,
                };
            }
            Some(colons) if colons.is("::") => {
                here.module = code[..before - 1].last().map(|alias| alias.text.clone());
            }
            _ => (),
        }
        here
    }
}

/// The call whose bracket is open at the end of these pieces.
fn around(code: &[Piece]) -> Option<Around> {
    let (mut depth, mut argument, mut in_map, mut at_key) = (0_usize, 0, false, false);
    let mut innermost = true;
    for (at, piece) in code.iter().enumerate().rev().filter(|(_, piece)| piece.sort == Sort::Sign) {
        match piece.text.as_str() {
            ")" | "]" | "}" => depth += 1,
            "(" | "[" | "{" if depth > 0 => depth -= 1,
            "," if depth == 0 => argument += 1,
            "{" if at > 0 && code[at - 1].is("#") => {
                in_map = innermost;
                at_key = code.last().is_some_and(|last| last.is(",") || last.is("{"));
                (argument, innermost) = (0, false);
            }
            "[" => (argument, innermost, in_map) = (0, false, false),
            "(" => {
                let name = at.checked_sub(1).and_then(|before| code.get(before))?;
                let method = at >= 2 && code[at - 2].is(".");
                let keyword = !method && KEYWORDS.contains(&name.text.as_str());
                if name.sort != Sort::Word || keyword {
                    (argument, innermost, in_map) = (0, false, false);
                    continue;
                }
                return Some(Around { name: name.text.clone(), method, argument, at_key: in_map && at_key });
            }
            "{" | ";" if depth == 0 => return None,
            _ => (),
        }
    }
    None
}

/// Returns the manual pages of functions and methods of this name; with an owner only those
/// that it has.
pub fn pages(name: &str, owner: Option<&'static str>) -> Vec<&'static Doc> {
    match owner {
        Some(owner) => catalog().methods_of(owner).into_iter().filter(|doc| doc.name == name).collect(),
        None => catalog::pages(name),
    }
}

/// Returns the manual pages of what can be called on a value of this type.
pub fn methods_of(owner: &'static str) -> Vec<&'static Doc> {
    catalog().methods_of(owner)
}

/// Returns the names of Rhai's own functions and of ours.
pub fn functions() -> impl Iterator<Item = &'static str> {
    catalog().names()
}

/// Returns the keys of the options that this call takes.
pub fn option_keys(call: &Around) -> Vec<&'static str> {
    let counts = call.argument + 1..call.argument + 4;
    counts
        .into_iter()
        .find_map(|count| catalog::option_keys(&call.name, call.argument, count))
        .unwrap_or_default()
}

/// Returns the arguments of a call as the manual writes it.
pub fn arguments(call: &str) -> Vec<&str> {
    catalog::written_arguments(call).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// What stands at the `^` in a text.
    fn at(text: &str) -> Here {
        let (before, after) = text.split_once('^').unwrap();
        let line = before.lines().count().max(1) + usize::from(before.ends_with('\n'));
        let column = before.rsplit('\n').next().unwrap().chars().count() + 1;
        Outline::new(&format!("{before}{after}")).here(Spot { line, column })
    }

    #[test]
    fn a_dot_knows_what_it_follows() {
        for (text, owner) in [
            ("let s = session(); s.ch^", Some("Session")),
            ("let s = session(\"x\");\nlet r = s.chat(\"a\");\nr.^", Some("Reply")),
            ("session().draft().tracks[0].^", Some("Track")),
            (
                "let d = session().draft();\nfor t in d.tracks { for g in t.segments { g.te^ } }",
                Some("Segment"),
            ),
            ("for e in session().stream(\"x\") { e.^", Some("StreamEvent")),
            ("let x = 1 + 2; x.^", None),
            ("let s = nowhere(); s.^", None),
            ("`${credits().^}`", Some("Credits")),
        ] {
            let here = at(text);
            assert!(here.after_dot, "{text}");
            assert_eq!(here.owner, owner, "{text}");
        }
    }

    #[test]
    fn the_call_around_a_place_is_found() {
        let call = |text: &str| at(text).call.map(|call| (call.name, call.argument, call.at_key));
        assert_eq!(call("s.export(\"a\", #{ ^"), Some(("export".to_owned(), 1, true)));
        assert_eq!(call("s.export(\"a\", #{ quality: \"low\", fo^"), Some(("export".to_owned(), 1, true)));
        assert_eq!(call("s.export(\"a\", #{ quality: ^"), Some(("export".to_owned(), 1, false)));
        assert_eq!(call("check(\"a\", f(1, 2), ^"), Some(("check".to_owned(), 2, false)));
        assert_eq!(call("s.upload([\"a\", ^"), Some(("upload".to_owned(), 0, false)));
        assert_eq!(call("f(1); ^"), None);
        assert_eq!(call("if (a) { ^"), None);
    }

    #[test]
    fn words_modules_and_quotes_are_told() {
        let here = at("brand::lo^go()");
        assert_eq!((here.word.as_str(), here.module.as_deref()), ("logo", Some("brand")));
        assert!(at("print(\"s.ch^").quoted && at("`a ${b} c^").quoted && !at("print(\"a\"^").quoted);
        assert!(at("print(\"s.ch^\")").quoted && at("// s.ch^").quoted && !at("print(\"a\" ^)").quoted);
        let outline = Outline::new("import \"lib/brand\" as brand;");
        assert_eq!(outline.module_path("brand").as_deref(), Some("lib/brand"));
        assert_eq!(option_keys(&at("param(\"a\", 1, #{ ^").call.unwrap()), ["help", "choices"]);
        assert_eq!(option_keys(&at("session(#{ ^").call.unwrap()), ["name", "language", "skill"]);
    }
}
