//! What the line editor knows: Tab, the dim hint of a signature, and when a line goes on.

use std::borrow::Cow;
use std::path::PathBuf;
use std::sync::{Arc, Mutex, PoisonError};

use rustyline::Context;
use rustyline::completion::{Completer, Pair};
use rustyline::highlight::Highlighter;
use rustyline::hint::Hinter;
use rustyline::validate::Validator;

use crate::cli::repl::colon::COMMANDS;
use crate::model::media;
use crate::runtime::console::Console;
use crate::runtime::docs;

/// Entries of a folder that Tab looks at.
const ENTRIES_MAX: usize = 2_000;
/// Words of the language, which no manual page lists.
const KEYWORDS: &[&str] = &[
    "let", "const", "fn", "if", "else", "for", "in", "while", "loop", "return", "try", "catch", "throw",
    "import", "switch",
];

/// The helper of the line editor.
pub(super) struct Helper {
    console: Arc<Mutex<Console>>,
    /// Folders in which paths are looked up.
    inputs: Vec<PathBuf>,
    colours: bool,
}

impl Helper {
    pub(super) fn new(console: Arc<Mutex<Console>>, inputs: Vec<PathBuf>, colours: bool) -> Self {
        Self { console, inputs, colours }
    }

    /// Returns what the end of `text` can become, and where that end begins.
    fn completions(&self, text: &str) -> (usize, Vec<String>) {
        if let Some(open) = open_string(text) {
            return (open, self.paths(&text[open..]));
        }
        if text.starts_with(':') {
            let names = COMMANDS.iter().filter_map(|(usage, _)| usage.split(' ').next());
            return (0, names.filter(|name| name.starts_with(text)).map(str::to_owned).collect());
        }
        let start = text
            .rfind(|c: char| !is_name(c))
            .map_or(0, |at| at + text[at..].chars().next().map_or(1, char::len_utf8));
        let typed = &text[start..];
        let console = self.console.lock().unwrap_or_else(PoisonError::into_inner);
        let receiver = text[..start].strip_suffix('.').map(|before| before.trim_end_matches('?'));
        let mut names: Vec<String> = match receiver {
            Some(before) => {
                let name = &before[before.rfind(|c: char| !is_name(c)).map_or(0, |at| at + 1)..];
                match console.members(name) {
                    Some(members) => {
                        members.iter().map(ToString::to_string).chain(console.keys(name)).collect()
                    }
                    // An expression: whatever any type of ours has.
                    None => docs::types()
                        .iter()
                        .flat_map(|doc| docs::members(doc.name))
                        .map(str::to_owned)
                        .collect(),
                }
            }
            None if typed.is_empty() => Vec::new(),
            None => {
                let functions = docs::functions().iter().filter(|doc| !doc.calls[0].contains('.'));
                let functions = functions.map(|doc| doc.name.to_owned());
                functions.chain(console.names()).chain(KEYWORDS.iter().map(ToString::to_string)).collect()
            }
        };
        names.retain(|name| name.starts_with(typed));
        names.sort();
        names.dedup();
        (start, names)
    }

    /// Files and folders whose path begins so, media first.
    fn paths(&self, typed: &str) -> Vec<String> {
        let (folder, begin) = typed.rsplit_once('/').map_or(("", typed), |(folder, begin)| (folder, begin));
        let mut found = Vec::new();
        for input in &self.inputs {
            let Ok(listing) = std::fs::read_dir(input.join(folder)) else { continue };
            for entry in listing.flatten().take(ENTRIES_MAX) {
                let Ok(name) = entry.file_name().into_string() else { continue };
                if name.starts_with('.') || !name.starts_with(begin) {
                    continue;
                }
                let slash = if entry.path().is_dir() { "/" } else { "" };
                let before = if folder.is_empty() { String::new() } else { format!("{folder}/") };
                let rank = (media::format_of(&name).is_none(), slash.is_empty());
                found.push((rank, format!("{before}{name}{slash}")));
            }
        }
        found.sort();
        found.dedup();
        found.into_iter().map(|(_, path)| path).collect()
    }
}

impl Completer for Helper {
    type Candidate = Pair;

    fn complete(&self, line: &str, at: usize, _: &Context<'_>) -> rustyline::Result<(usize, Vec<Pair>)> {
        let (start, names) = self.completions(&line[..at]);
        let pairs = names.into_iter().map(|name| Pair { display: name.clone(), replacement: name });
        Ok((start, pairs.collect()))
    }
}

impl Hinter for Helper {
    type Hint = String;

    /// The rest of the signature, behind an opened call.
    fn hint(&self, line: &str, at: usize, _: &Context<'_>) -> Option<String> {
        let before = line.get(..at).filter(|_| at == line.len())?.strip_suffix('(')?;
        let name = &before[before.rfind(|c: char| !is_name(c)).map_or(0, |at| at + 1)..];
        let method = before.len() > name.len() && before[..before.len() - name.len()].ends_with('.');
        let fits = |call: &&&str| call.split('(').next().is_some_and(|head| head.contains('.')) == method;
        let docs = docs::functions().iter().filter(|doc| doc.name == name);
        let call = docs.flat_map(|doc| doc.calls).filter(fits).max_by_key(|call| call.len())?;
        call.split_once('(').map(|(_, rest)| rest.to_owned())
    }
}

impl Highlighter for Helper {
    fn highlight_hint<'h>(&self, hint: &'h str) -> Cow<'h, str> {
        if self.colours { Cow::Owned(format!("\u{1b}[2m{hint}\u{1b}[0m")) } else { Cow::Borrowed(hint) }
    }
}

// Lines are joined by the REPL itself, so that the same rule holds where there is no terminal.
impl Validator for Helper {}

impl rustyline::Helper for Helper {}

/// Where the string begins in which a text ends; none outside of one.
fn open_string(text: &str) -> Option<usize> {
    let mut open = None;
    let mut escaped = false;
    for (at, c) in text.char_indices() {
        match (open, c) {
            (Some(_), _) if escaped => escaped = false,
            (Some(_), '\\') => escaped = true,
            (Some((quote, _)), c) if c == quote => open = None,
            (None, '"' | '`') => open = Some((c, at + 1)),
            _ => (),
        }
    }
    open.map(|(_, at)| at)
}

fn is_name(c: char) -> bool {
    c.is_ascii_alphanumeric() || c == '_'
}

#[cfg(test)]
mod tests {
    use super::*;

    fn completed(text: &str) -> Vec<String> {
        let helper = Helper::new(Arc::default(), vec![PathBuf::from("scripts")], false);
        helper.completions(text).1
    }

    #[test]
    fn tab_knows_functions_members_commands_and_paths() {
        assert_eq!(completed("sess"), ["session", "session_open"]);
        assert!(completed("foo().ch").contains(&"chat".to_owned()));
        assert_eq!(completed(":ti"), [":timeline"]);
        assert!(completed("s.upload(\"media/ci").contains(&"media/city.mp4".to_owned()));
        assert!(completed("").is_empty());
    }

    #[test]
    fn a_string_that_is_open_is_found() {
        assert_eq!(open_string("f(\"ab"), Some(3));
        assert_eq!(open_string("f(\"a\\\"b"), Some(3));
        assert_eq!(open_string("f(\"ab\")"), None);
        assert_eq!(open_string("f(`a \"b"), Some(3));
    }
}
