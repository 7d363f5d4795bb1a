//! A user's words become actions: what the client does itself, and what is a turn.
//!
//! Exports, credits, status and uploads never go to the agent. A stretch of a sentence is one of
//! them only when all of its words belong to that command: `add the title 'Export your dreams'`,
//! `make the status bar blue` and `don't export yet` are turns.

mod command;
mod mask;
mod parts;
mod save;
mod sources;
mod tokens;
mod words;

use command::Wish;
use parts::{Joint, Part};
pub use save::Saving;

/// One thing to do.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Action {
    /// Render the timeline and save it.
    Export(Saving),
    /// Show the balance.
    Credits,
    /// Show the timeline.
    Status,
    /// Upload the files and URLs that the words name, as they were written.
    Upload(Vec<String>),
    /// Send these words to the agent.
    Turn(String),
}

/// What one stretch turned out to be.
enum Sense {
    /// The client does it.
    Local(Action),
    /// Files, and where the words begin that the agent shall hear as well.
    Upload(Vec<String>, Option<usize>),
    /// For the agent.
    Words,
    /// It asks for nothing.
    Filler,
}

/// More actions than this in one message are taken as words for the agent.
const ACTIONS_MAX: usize = 20;

/// Returns what a user's words ask for, in the order in which it is done. What is joined by
/// `then` is done as it was said; else files are uploaded before the turn that uses them, and
/// an export, a balance or a status comes after it.
pub fn route(text: &str) -> Vec<Action> {
    let masked = mask::masked(text);
    let parts = parts::parts(&masked);
    let senses = senses(text, &masked, &parts);
    let local = |sense: &&Sense| matches!(sense, Sense::Local(_) | Sense::Upload(..));
    let locals = senses.iter().filter(local).count();
    if locals == 0 || locals > ACTIONS_MAX {
        return vec![bare_upload(text).unwrap_or_else(|| Action::Turn(text.trim().to_owned()))];
    }
    Plan { text, turn: Vec::new(), after: Vec::new(), actions: Vec::new() }.of(&parts, senses)
}

/// Files and URLs with nothing beside them are handed over.
fn bare_upload(text: &str) -> Option<Action> {
    let found = sources::sources(text);
    let rest = sources::without(text, &found).to_lowercase();
    let only = rest.split(|c: char| !c.is_alphanumeric()).all(|word| word.is_empty() || word == "and");
    (only && !found.is_empty()).then(|| Action::Upload(found.into_iter().map(|source| source.name).collect()))
}

fn senses(text: &str, masked: &str, parts: &[Part]) -> Vec<Sense> {
    let mut senses: Vec<Sense> = Vec::new();
    // The last stretch that said something.
    let mut last: Option<usize> = None;
    for (at, part) in parts.iter().enumerate() {
        let (words, plain) = (&text[part.from..part.to], &masked[part.from..part.to]);
        if plain.trim().is_empty() {
            senses.push(Sense::Filler);
            continue;
        }
        let found = sources::sources(words);
        // `upload a.mp4, b.mp4 and c.mp4`
        if let Some(Sense::Upload(names, None)) = last.and_then(|last| senses.get_mut(last))
            && command::only_sources(words, &found)
        {
            names.extend(found.into_iter().map(|source| source.name));
            senses.push(Sense::Filler);
            continue;
        }
        // `export to mp4, 1080p`
        if let Some(Sense::Local(Action::Export(saving))) = last.and_then(|last| senses.get_mut(last))
            && command::is_form(plain)
            && command::wish(plain).is_none()
        {
            saving.add(Saving::read(words, plain));
            senses.push(Sense::Filler);
            continue;
        }
        let before = last.filter(|last| matches!(senses[*last], Sense::Words)).map(|last| parts[last]);
        let before = before.map(|before| &masked[before.from..before.to]);
        let goes_on = before.is_some_and(|before| goes_on(before, plain, part.joint));
        senses.push(if goes_on { Sense::Words } else { sense(words, plain, found, part.from) });
        last = Some(at);
    }
    senses
}

/// Whether a stretch still belongs to the words before it: `a title and credits`, `don't add
/// music and export`, `saying shop now and download`.
fn goes_on(before: &str, plain: &str, joint: Joint) -> bool {
    let bare = command::is_bare(plain);
    let noun = bare && command::wish(plain) != Some(Wish::Export);
    if joint != Joint::Start && command::is_later(before) {
        return true;
    }
    match joint {
        Joint::And => {
            noun || bare && command::is_saying(before)
                || command::is_negated(before) && !plain.trim_start().starts_with("just ")
        }
        Joint::Comma => noun || bare && command::is_saying(before),
        Joint::Start | Joint::Then => false,
    }
}

fn sense(words: &str, plain: &str, found: Vec<sources::Source>, from: usize) -> Sense {
    match command::wish(plain) {
        // What is quoted is no file.
        Some(Wish::Upload) if found.is_empty() && command::quotes(plain) => Sense::Words,
        Some(Wish::Upload) => {
            let rest = found.first().filter(|_| !command::uploads_only(plain, &found));
            let rest = rest.map(|first| from + first.from);
            Sense::Upload(found.into_iter().map(|source| source.name).collect(), rest)
        }
        Some(Wish::Export) => Sense::Local(Action::Export(Saving::read(words, plain))),
        Some(Wish::Credits) => Sense::Local(Action::Credits),
        Some(Wish::Status) => Sense::Local(Action::Status),
        None if command::is_filler(plain) => Sense::Filler,
        None => Sense::Words,
    }
}

/// Actions on their way into their order.
struct Plan<'a> {
    text: &'a str,
    /// Stretches that the next turn says: the number of its part, from where, to where.
    turn: Vec<(usize, usize, usize)>,
    /// What is done after that turn.
    after: Vec<Action>,
    actions: Vec<Action>,
}

impl Plan<'_> {
    fn of(mut self, parts: &[Part], senses: Vec<Sense>) -> Vec<Action> {
        // `，再` is one joint: the empty stretch in it counts for nothing.
        let mut at = 0;
        for (part, sense) in parts.iter().zip(senses) {
            at += usize::from(!self.text[part.from..part.to].trim().is_empty());
            // What was done up to a `then` stays before what follows.
            if part.joint == Joint::Then && !self.after.is_empty() {
                self.flush();
            }
            match sense {
                Sense::Local(action) => self.after.push(action),
                Sense::Upload(names, rest) => {
                    self.actions.push(Action::Upload(names));
                    self.turn.extend(rest.map(|from| (at, from, part.to)));
                }
                Sense::Words => self.turn.push((at, part.from, part.to)),
                Sense::Filler => (),
            }
        }
        self.flush();
        self.actions.dedup();
        self.actions
    }

    /// Writes down the turn, and then what follows it.
    fn flush(&mut self) {
        let words = self.words();
        if words.chars().any(char::is_alphanumeric) {
            self.actions.push(Action::Turn(words));
        }
        self.turn.clear();
        self.actions.append(&mut self.after);
    }

    /// The words of the turn: neighbours keep what stood between them.
    fn words(&self) -> String {
        let mut pieces: Vec<(usize, usize, usize)> = Vec::new();
        for (at, from, to) in &self.turn {
            match pieces.last_mut() {
                Some(last) if last.0 + 1 == *at => (last.0, last.2) = (*at, *to),
                _ => pieces.push((*at, *from, *to)),
            }
        }
        let edges = |c: char| c.is_whitespace() || ",，;；、".contains(c);
        let words = pieces.iter().map(|(_, from, to)| self.text[*from..*to].trim_matches(edges));
        let words: Vec<&str> = words.filter(|words| !words.is_empty()).collect();
        let comma = if words.iter().any(|words| words.contains(|c| c >= '\u{3400}')) { "，" } else { ", " };
        words.join(comma)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn any_text_is_some_action() {
        for text in
            ["", " ", "'", "“", "，", "导", "\u{1F600}", "it's", "'a' 'b", "export'", "upload '", "出.mp4"]
        {
            assert!(!route(text).is_empty(), "{text:?}");
        }
    }

    #[test]
    fn many_commands_in_one_text_are_a_script_of_its_own() {
        let text = "Export it. Show credits. ".repeat(20);
        assert_eq!(route(&text), [Action::Turn(text.trim().to_owned())]);
    }

    #[test]
    fn a_saved_file_has_an_ending() {
        let file = |text: &str| match route(text).remove(0) {
            Action::Export(saving) => saving.file("promo.mp4"),
            other => panic!("{other:?}"),
        };
        assert_eq!(file("export"), "promo.mp4");
        assert_eq!(file("export it as mov"), "promo.mov");
        assert_eq!(file("export it as \"Low Tide\" in 720p"), "Low Tide.mp4");
        assert_eq!(file("export it to a/b.webm"), "a/b.webm");
    }
}
