//! The commands of the REPL: lines that begin with a colon.

use std::path::{Path, PathBuf};

use crate::cli::commands::api;
use crate::cli::repl::{Repl, quoted};
use crate::cli::ui::{Trouble, Ui};
use crate::host::{self, Run, nearest};
use crate::runtime::Script;
use crate::runtime::console::Shown;

/// What is known, with what it does: the text of `:help`, and of Tab.
pub(super) const COMMANDS: &[(&str, &str)] = &[
    (":help [NAME]", "this list, or the manual page of a function"),
    (":state", "what the session `s` holds"),
    (":timeline", "the timeline of `s` in one line"),
    (":export PATH", "renders the timeline of `s` into a file"),
    (":credits", "the balance"),
    (":undo", "puts the timeline before the last turn into `it`, to export"),
    (":save FILE.rhai", "writes the lines that worked, as a script that runs"),
    (":load FILE.rhai", "runs a file as if it was typed here"),
    (":history", "the lines that worked so far"),
    (":quit", "leaves, as Ctrl-D does"),
];

/// A command that was typed.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Colon {
    Help(Option<String>),
    State,
    Timeline,
    Export(String),
    Credits,
    Undo,
    Save(PathBuf),
    Load(PathBuf),
    History,
    Quit,
}

impl Colon {
    /// Reads what follows the colon.
    ///
    /// # Errors
    /// What is wrong with it, in words.
    pub(super) fn parse(command: &str) -> Result<Self, String> {
        let (name, rest) = command.split_once(char::is_whitespace).unwrap_or((command, ""));
        let rest = rest.trim().trim_matches('"');
        let needs = |what: &str| {
            if rest.is_empty() { Err(format!("`:{name}` needs {what}")) } else { Ok(rest.to_owned()) }
        };
        Ok(match name {
            "help" | "h" | "?" => Self::Help(Some(rest.to_owned()).filter(|rest| !rest.is_empty())),
            "state" => Self::State,
            "timeline" => Self::Timeline,
            "export" => Self::Export(needs("a path")?),
            "credits" => Self::Credits,
            "undo" => Self::Undo,
            "save" => Self::Save(needs("a path")?.into()),
            "load" => Self::Load(needs("a path")?.into()),
            "history" => Self::History,
            "quit" | "q" | "exit" => Self::Quit,
            unknown => {
                let names = COMMANDS.iter().filter_map(|(usage, _)| usage[1..].split(' ').next());
                let meant = nearest(unknown, names);
                let meant = meant.map(|name| format!("; did you mean `:{name}`?")).unwrap_or_default();
                return Err(format!("there is no command `:{unknown}`{meant}"));
            }
        })
    }

    /// Returns the line of a script that does the same; none for what only talks to the REPL.
    pub(super) fn script(&self) -> Option<String> {
        match self {
            Self::State => Some("print(s.state());".to_owned()),
            Self::Timeline => Some("print(s.timeline());".to_owned()),
            Self::Export(path) => Some(format!("s.export({});", quoted(path))),
            Self::Credits => Some("print(credits());".to_owned()),
            _ => None,
        }
    }
}

/// Does a command.
pub(super) fn act(repl: &mut Repl<'_>, run: &Run, command: &Colon) -> Result<Shown, Trouble> {
    let eval =
        |repl: &Repl<'_>, text: &str| repl.lock().eval(run, text).map_err(|error| Trouble::from(&*error));
    match command {
        Colon::Help(None) => Ok(Shown::Text(help(repl.ui))),
        Colon::Help(Some(name)) => {
            let pages = api::manual(name).map_err(|usage| Trouble::new(usage.message, usage.hint))?;
            Ok(Shown::Text(pages))
        }
        Colon::State => eval(repl, "s.state()"),
        Colon::Timeline => eval(repl, "s.timeline()"),
        Colon::Credits => eval(repl, "credits()"),
        Colon::Export(path) => eval(repl, &format!("s.export({})", quoted(path))),
        Colon::Undo => undo(repl, run),
        Colon::Save(path) => save(repl, path),
        Colon::Load(path) => {
            let script = Script::load(path).map_err(|error| Trouble::from(&*error))?;
            let shown = eval(repl, &script.text)?;
            repl.worked.push(script.text);
            Ok(shown)
        }
        Colon::History => Ok(Shown::Text(repl.worked.join("\n"))),
        Colon::Quit => {
            repl.leaving = true;
            Ok(Shown::Nothing)
        }
    }
}

fn help(ui: &Ui) -> String {
    let words = [("> WORDS", "says words to the agent, in the session `s`")];
    ui.glossary(&words.iter().chain(COMMANDS).copied().collect::<Vec<_>>())
}

fn undo(repl: &Repl<'_>, run: &Run) -> Result<Shown, Trouble> {
    let before = host::before_last_turn(run).map_err(|failure| Trouble::from(&failure))?;
    repl.lock().set_draft(before.clone());
    Ok(Shown::Timeline(Box::new(before)))
}

fn save(repl: &Repl<'_>, path: &Path) -> Result<Shown, Trouble> {
    let unwritten = |error: std::io::Error| {
        Trouble::new(format!("`{}` cannot be written: {error}", path.display()), "name another file")
    };
    let mut text = String::from("//! Saved from the REPL.\n");
    // Words were said to a session that the REPL made by itself.
    let makes = repl.worked.iter().any(|line| line.contains("let s ="));
    if !makes && repl.worked.iter().any(|line| line.contains("s.")) {
        text.push_str("let s = session();\n");
    }
    for line in &repl.worked {
        text.push_str(line);
        text.push_str(if line.ends_with([';', '}']) { "\n" } else { ";\n" });
    }
    let file = std::fs::OpenOptions::new().write(true).create_new(true).open(path);
    file.and_then(|mut file| std::io::Write::write_all(&mut file, text.as_bytes())).map_err(unwritten)?;
    Ok(Shown::Text(format!("`reel run {}` runs it", path.display())))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn commands_are_read_and_a_slip_is_pointed_out() {
        assert_eq!(Colon::parse("export \"a b.mp4\""), Ok(Colon::Export("a b.mp4".to_owned())));
        assert_eq!(Colon::parse("help chat"), Ok(Colon::Help(Some("chat".to_owned()))));
        assert_eq!(Colon::parse("export"), Err("`:export` needs a path".to_owned()));
        let slip = Colon::parse("timelin").unwrap_err();
        assert_eq!(slip, "there is no command `:timelin`; did you mean `:timeline`?");
    }

    #[test]
    fn every_listed_command_is_one() {
        for (usage, _) in COMMANDS {
            let typed = usage[1..].replace("[NAME]", "").replace("PATH", "a.mp4").replace("FILE", "a");
            assert!(Colon::parse(&typed).is_ok(), "{usage}");
        }
    }
}
