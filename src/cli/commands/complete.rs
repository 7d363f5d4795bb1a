//! `reel completions` and the hidden `reel complete`: what a shell offers for a half typed line.
//!
//! The shells ask the program itself, so that they know its commands of today.

use clap::{Arg, Args, Command, ValueEnum};

use crate::cli::ui::Ui;
use crate::runtime::Exit;

/// Arguments of `reel completions`.
#[derive(Args, Debug)]
#[command(after_help = HELP)]
pub(in crate::cli) struct CompletionsArgs {
    /// The shell
    shell: Shell,
}

const HELP: &str = "\
Examples:
  reel completions bash > ~/.local/share/bash-completion/completions/reel
  reel completions zsh > ~/.zfunc/_reel            # a folder of $fpath
  reel completions fish > ~/.config/fish/completions/reel.fish";

/// A shell that can complete.
#[derive(Clone, Copy, Debug, ValueEnum)]
enum Shell {
    Bash,
    Zsh,
    Fish,
}

/// Arguments of `reel complete`.
#[derive(Args, Debug)]
pub(in crate::cli) struct CompleteArgs {
    /// The words of the line, the program's name first, the half typed one last
    #[arg(trailing_var_arg = true, allow_hyphen_values = true)]
    words: Vec<String>,
}

/// Prints what a shell has to read.
pub(in crate::cli) fn completions(args: &CompletionsArgs, ui: &Ui) -> anyhow::Result<Exit> {
    let text = match args.shell {
        Shell::Bash => include_str!("complete/reel.bash"),
        Shell::Zsh => include_str!("complete/reel.zsh"),
        Shell::Fish => include_str!("complete/reel.fish"),
    };
    ui.result(text.trim_end(), text.into());
    Ok(Exit::Done)
}

/// Prints what can stand in place of the last word, one a line, with a tab before what it is.
/// Nothing where a file may stand: those the shell knows best.
pub(in crate::cli) fn complete(args: &CompleteArgs, program: &Command, ui: &Ui) -> anyhow::Result<Exit> {
    let words: Vec<&str> = args.words.iter().skip(1).map(String::as_str).collect();
    let lines: Vec<String> = offers(program, &words)
        .into_iter()
        .map(|(name, about)| if about.is_empty() { name } else { format!("{name}\t{about}") })
        .collect();
    ui.results(&lines, lines.clone().into());
    Ok(Exit::Done)
}

/// What can stand in place of the last of the words, with what it is.
fn offers(program: &Command, words: &[&str]) -> Vec<(String, String)> {
    let Some((typed, before)) = words.split_last() else { return Vec::new() };
    let (mut command, mut value_of) = (program, None);
    for word in before {
        if value_of.take().is_some() {
            continue;
        }
        if *word == "--" {
            return Vec::new();
        }
        if word.starts_with('-') {
            value_of = option(program, command, word).filter(|option| takes_value(option));
        } else if let Some(sub) = command.find_subcommand(word) {
            command = sub;
        }
    }
    let mut found = match value_of {
        Some(option) => values(option),
        None if typed.starts_with('-') => options(program, command),
        None if command.has_subcommands() => subcommands(command),
        None => command.get_positionals().flat_map(values).collect(),
    };
    found.retain(|(name, _)| name.starts_with(typed));
    found
}

fn subcommands(command: &Command) -> Vec<(String, String)> {
    let shown = command.get_subcommands().filter(|sub| !sub.is_hide_set());
    shown.map(|sub| (sub.get_name().to_owned(), first_line(sub.get_about()))).collect()
}

fn options(program: &Command, command: &Command) -> Vec<(String, String)> {
    let everywhere = program.get_arguments().filter(|arg| arg.is_global_set());
    let known = command.get_arguments().chain(everywhere).filter(|arg| !arg.is_hide_set());
    let mut found: Vec<(String, String)> = known
        .filter_map(|arg| Some((format!("--{}", arg.get_long()?), first_line(arg.get_help()))))
        .collect();
    found.push(("--help".to_owned(), "Print help".to_owned()));
    found.sort();
    found.dedup_by(|one, other| one.0 == other.0);
    found
}

/// The option that a word names, with its value still to come.
fn option<'a>(program: &'a Command, command: &'a Command, word: &str) -> Option<&'a Arg> {
    let names = |arg: &&Arg| match word.strip_prefix("--") {
        Some(long) => arg.get_long() == Some(long),
        None => {
            arg.get_short().is_some_and(|short| word.strip_prefix('-') == Some(short.to_string().as_str()))
        }
    };
    command.get_arguments().chain(program.get_arguments()).find(names)
}

fn takes_value(arg: &Arg) -> bool {
    arg.get_action().takes_values()
}

/// The values that an argument names itself: `studio|nemo|URL` has two.
fn values(arg: &Arg) -> Vec<(String, String)> {
    let listed = arg.get_possible_values();
    if !listed.is_empty() {
        let shown = listed.iter().filter(|value| !value.is_hide_set());
        return shown.map(|value| (value.get_name().to_owned(), first_line(value.get_help()))).collect();
    }
    let written = arg.get_value_names().unwrap_or_default().iter().flat_map(|name| name.split('|'));
    let words =
        written.filter(|word| word.starts_with(|c: char| c.is_ascii_lowercase()) && !word.contains(':'));
    words.map(|word| (word.to_owned(), String::new())).collect()
}

fn first_line(about: Option<&clap::builder::StyledStr>) -> String {
    about.map(|about| about.to_string().lines().next().unwrap_or_default().to_owned()).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::cli::Arguments;
    use clap::CommandFactory;

    fn names(words: &[&str]) -> Vec<String> {
        offers(&Arguments::command(), words).into_iter().map(|(name, _)| name).collect()
    }

    #[test]
    fn commands_options_and_their_values_are_offered() {
        assert_eq!(names(&["ru"]), ["run", "runs"]);
        assert_eq!(names(&["run", "--max"]), ["--max-credits"]);
        assert_eq!(names(&["--backend", ""]), ["studio", "nemo"]);
        assert_eq!(names(&["--backend", "studio", "ses"]), ["session"]);
        assert_eq!(names(&["session", "n"]), ["new"]);
        assert_eq!(names(&["completions", ""]), ["bash", "zsh", "fish"]);
        assert_eq!(names(&["resume", "--ad"]), ["--adopt"]);
    }

    #[test]
    fn where_a_file_stands_the_shell_is_left_alone() {
        for words in [&["run", ""][..], &["run", "-p", ""], &["run", "--out", ""], &["run", "--", "-"], &[]] {
            assert_eq!(names(words), [""; 0], "{words:?}");
        }
        assert!(!names(&[""]).contains(&"complete".to_owned()), "what only shells call is hidden");
    }
}
