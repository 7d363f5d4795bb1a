//! What the line editor knows: Tab, the dim hint of a signature, and when a line goes on.

use std::borrow::Cow;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};

use rustyline::Context;
use rustyline::completion::{Completer, Pair};
use rustyline::highlight::Highlighter;
use rustyline::hint::Hinter;
use rustyline::validate::Validator;

use crate::cli::repl::colon::COMMANDS;
use crate::model::media;
use crate::runtime::console::{Console, Held};
use crate::runtime::outline::{self, Offer, OfferSort, Outline, Spot};
use crate::runtime::{Script, module_file};

/// Entries of a folder that Tab looks at.
const ENTRIES_MAX: usize = 2_000;
/// The helper of the line editor.
pub(super) struct Helper {
    console: Arc<Mutex<Console>>,
    /// Folders in which paths are looked up.
    inputs: Vec<PathBuf>,
    colours: bool,
    /// The lines before this one of an input that goes on.
    open: String,
}

impl Helper {
    pub(super) fn new(console: Arc<Mutex<Console>>, inputs: Vec<PathBuf>, colours: bool) -> Self {
        Self { console, inputs, colours, open: String::new() }
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
        let start = text.trim_end_matches(is_name).len();
        let typed = &text[start..];
        let mut names = self.names(text, typed);
        names.retain(|name| name.starts_with(typed));
        names.sort();
        names.dedup();
        (start, names)
    }

    /// Gives the lines before the next one, of an input that goes on.
    pub(super) fn set_open(&mut self, open: &str) {
        open.clone_into(&mut self.open);
    }

    /// What can be written where `text` ends in the beginning of a word.
    fn names(&self, text: &str, typed: &str) -> Vec<String> {
        let before = text[..text.len() - typed.len()].trim_end_matches('?');
        let console = self.console.lock().unwrap_or_else(PoisonError::into_inner);
        let offers = match before.strip_suffix('.').map(|receiver| (receiver, variable(receiver))) {
            // What a variable holds is known better than what the text says about it.
            Some((_, Some(name))) if console.held(name).is_some() => match console.held(name) {
                Some(Held::Ours(owner)) => outline::members(Some(owner)),
                Some(Held::Map) => return console.keys(name),
                _ => Vec::new(),
            },
            _ => {
                let whole = format!("{}{}\n{text}", console.text(), self.open);
                Outline::new(&whole).offers(end_of(&whole), &module)
            }
        };
        if offers.iter().any(|offer| offer.sort == OfferSort::Key) {
            return offers.into_iter().map(|offer| offer.name).collect();
        }
        let joined = before.ends_with(['.', ':']);
        // Nobody wants to see everything there is.
        if typed.is_empty() && !joined {
            return Vec::new();
        }
        // A local variable of an earlier line is gone.
        let here = Outline::new(&format!("{}\n{text}", self.open)).names();
        let known = console.names();
        let lives = |offer: &Offer| {
            !matches!(offer.sort, OfferSort::Variable | OfferSort::Constant)
                || known.contains(&offer.name)
                || here.iter().any(|name| name.name == offer.name)
        };
        let names: Vec<String> = offers.into_iter().filter(lives).map(|offer| offer.name).collect();
        // What the REPL itself defined stands in no line: `it`, the session of plain words.
        let more = known.into_iter().filter(|_| !joined);
        names.into_iter().chain(more).collect()
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
        let line = line.get(..at).filter(|_| at == line.len() && line.ends_with('('))?;
        let whole = {
            let console = self.console.lock().unwrap_or_else(PoisonError::into_inner);
            format!("{}{}\n{line}", console.text(), self.open)
        };
        let outline = Outline::new(&whole);
        let here = outline.here(end_of(&whole));
        let call = here.call.filter(|_| !here.quoted)?;
        let head = |way: &String| way.split('(').next().is_some_and(|head| head.contains('.'));
        let ways = outline.ways(&call).0.into_iter().filter(|way| head(way) == call.method);
        let way = ways.max_by_key(String::len)?;
        way.split_once('(').map(|(_, rest)| rest.to_owned())
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

/// The variable alone before a dot: none for a call, an index or a longer chain.
fn variable(receiver: &str) -> Option<&str> {
    let start = receiver.trim_end_matches(is_name).len();
    let chained = receiver[..start].trim_end_matches('?').ends_with(['.', ':']);
    Some(&receiver[start..]).filter(|name| !name.is_empty() && !chained)
}

/// Where a text ends.
fn end_of(text: &str) -> Spot {
    let last = text.rsplit('\n').next().unwrap_or_default();
    Spot { line: text.split('\n').count(), column: last.chars().count() + 1 }
}

/// The text of the module that a line imports.
fn module(path: &str) -> Option<String> {
    let file = module_file(Path::new("repl"), path)?;
    Script::load_module(&file).ok().map(|script| script.text)
}

fn is_name(c: char) -> bool {
    c.is_ascii_alphanumeric() || c == '_'
}

#[cfg(test)]
mod tests {
    use super::*;

    fn helper() -> Helper {
        Helper::new(Arc::default(), vec![PathBuf::from("scripts")], false)
    }

    fn completed(text: &str) -> Vec<String> {
        helper().completions(text).1
    }

    #[test]
    fn tab_knows_functions_members_commands_and_paths() {
        assert_eq!(completed("sess"), ["session", "session_open"]);
        assert!(completed("foo().ch").contains(&"chat".to_owned()));
        assert_eq!(completed(":ti"), [":timeline"]);
        assert!(completed("s.upload(\"media/ci").contains(&"media/city.mp4".to_owned()));
        assert!(completed("").is_empty() && completed("foo(").is_empty());
        assert_eq!(completed("session(#{ la"), ["language"]);
        assert_eq!(completed("session().draft().tracks[0].segments[0].vol"), ["volume"]);
    }

    #[test]
    fn tab_and_the_hint_know_what_an_open_input_defines() {
        let mut helper = helper();
        helper.set_open("import \"scripts/lib/brand\" as brand;\nfn shot(row, size) {\n");
        let completed = |text: &str| helper.completions(text).1;
        assert_eq!(completed("  ro"), ["round", "row", "rows"]);
        assert_eq!(completed("bran"), ["brand"]);
        assert!(completed("brand::").len() > 1, "{:?}", completed("brand::"));
        let history = rustyline::history::MemHistory::new();
        let hint = |line: &str| helper.hint(line, line.len(), &Context::new(&history));
        assert_eq!(hint("shot(").as_deref(), Some("row, size)"));
        assert_eq!(hint("session().chat(").as_deref(), Some("text, #{timeout, follow_gui})"));
        assert_eq!(hint("nothing("), None);
    }

    #[test]
    fn a_string_that_is_open_is_found() {
        assert_eq!(open_string("f(\"ab"), Some(3));
        assert_eq!(open_string("f(\"a\\\"b"), Some(3));
        assert_eq!(open_string("f(\"ab\")"), None);
        assert_eq!(open_string("f(`a \"b"), Some(3));
    }
}
