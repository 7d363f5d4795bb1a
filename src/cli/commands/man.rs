//! `reel man`: manual pages of the program and of each command, made of what `--help` says.

use std::path::PathBuf;

use anyhow::Context;
use clap::{Arg, Args, Command};
use serde_json::json;

use crate::cli::ui::Ui;
use crate::runtime::Exit;

/// Arguments of `reel man`.
#[derive(Args, Debug)]
#[command(after_help = HELP)]
pub(in crate::cli) struct ManArgs {
    /// Folder that the pages are written into; without it the page of `reel` is printed
    folder: Option<PathBuf>,
}

const HELP: &str = "\
Examples:
  reel man | man -l -
  reel man ~/.local/share/man/man1";

/// Writes the pages, or prints the first one.
pub(in crate::cli) fn man(args: &ManArgs, program: &Command, ui: &Ui) -> anyhow::Result<Exit> {
    let pages = pages(program);
    let Some(folder) = &args.folder else {
        let own = format!("{}.1", program.get_name());
        let page = pages.into_iter().find(|(name, _)| *name == own);
        let text = page.map(|(_, text)| text).unwrap_or_default();
        ui.result(text.trim_end(), text.clone().into());
        return Ok(Exit::Done);
    };
    let unwritten = || format!("`{}` cannot be written to", folder.display());
    std::fs::create_dir_all(folder).with_context(unwritten)?;
    for (name, text) in &pages {
        std::fs::write(folder.join(name), text).with_context(unwritten)?;
    }
    ui.result(&format!("{} pages in {}", pages.len(), folder.display()), json!({"pages": pages.len()}));
    Ok(Exit::Done)
}

/// Every page: the name of its file, and its text.
fn pages(program: &Command) -> Vec<(String, String)> {
    let mut program = program.clone();
    program.build();
    let mut open = vec![(program.get_name().to_owned(), program.clone())];
    let mut pages = Vec::new();
    while let Some((name, command)) = open.pop() {
        pages.push((format!("{}.1", name.replace(' ', "-")), page(&name, &command)));
        let subs = command.get_subcommands().filter(|sub| !sub.is_hide_set() && sub.get_name() != "help");
        open.extend(subs.map(|sub| (format!("{name} {}", sub.get_name()), sub.clone())));
    }
    pages.sort();
    pages
}

fn page(name: &str, command: &Command) -> String {
    let title = name.replace(' ', "-");
    let about = command.get_about().map(ToString::to_string).unwrap_or_default();
    let version = env!("CARGO_PKG_VERSION");
    let mut text = format!(".TH {} 1 \"\" \"reel {version}\"\n", title.to_uppercase());
    text.push_str(&format!(".SH NAME\n{} \\- {}\n", plain(&title), plain(&about)));
    let usage = command.clone().render_usage().to_string();
    let usage = usage.trim_start_matches("Usage:").trim();
    text.push_str(&format!(".SH SYNOPSIS\n{}\n", plain(usage)));
    let subs: Vec<&Command> =
        command.get_subcommands().filter(|sub| !sub.is_hide_set() && sub.get_name() != "help").collect();
    if !subs.is_empty() {
        text.push_str(".SH COMMANDS\n");
    }
    for sub in subs {
        let about = sub.get_about().map(ToString::to_string).unwrap_or_default();
        let page = format!("{title}-{}", sub.get_name());
        text.push_str(&format!(".TP\n\\fB{}\\fR(1)\n{}\n", plain(&page), plain(&about)));
    }
    let arguments: Vec<&Arg> = command.get_arguments().filter(|arg| !arg.is_hide_set()).collect();
    let (places, options): (Vec<&Arg>, Vec<&Arg>) =
        arguments.into_iter().partition(|arg| arg.is_positional());
    for (head, list) in [("ARGUMENTS", places), ("OPTIONS", options)] {
        if !list.is_empty() {
            text.push_str(&format!(".SH {head}\n"));
        }
        list.into_iter().for_each(|arg| text.push_str(&argument(arg)));
    }
    if let Some(more) = command.get_after_help() {
        text.push_str(&format!(".SH MORE\n.nf\n{}\n.fi\n", plain(more.to_string().trim_end())));
    }
    text
}

/// One argument: how it is written, and what it does.
fn argument(arg: &Arg) -> String {
    let values = arg.get_value_names().unwrap_or_default();
    let value = values.iter().map(|name| format!("\\fI{}\\fR", plain(name))).collect::<Vec<_>>().join(" ");
    let short = arg.get_short().map(|short| format!("\\fB\\-{short}\\fR"));
    let long = arg.get_long().map(|long| format!("\\fB\\-\\-{}\\fR", plain(long)));
    let names: Vec<String> = [short, long].into_iter().flatten().collect();
    let takes = arg.get_action().takes_values() || arg.is_positional();
    let head = [names.join(", "), if takes { value } else { String::new() }];
    let help = arg.get_long_help().or(arg.get_help()).map(ToString::to_string).unwrap_or_default();
    format!(".TP\n{}\n{}\n", head.join(" ").trim(), plain(&help))
}

/// A text in which no sign acts on the page.
fn plain(text: &str) -> String {
    let text = text.replace('\\', "\\e").replace('-', "\\-");
    let safe =
        |line: &str| if line.starts_with(['.', '\'']) { format!("\\&{line}") } else { line.to_owned() };
    text.lines().map(safe).collect::<Vec<_>>().join("\n")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::cli::Arguments;
    use clap::CommandFactory;

    #[test]
    fn every_command_has_a_page_with_its_options() {
        let pages = pages(&Arguments::command());
        let text = |name: &str| &pages.iter().find(|(file, _)| file == name).expect(name).1;
        for sub in Arguments::command().get_subcommands().filter(|sub| !sub.is_hide_set()) {
            assert!(
                text("reel.1").contains(&plain(&format!("reel-{}", sub.get_name()))),
                "{}",
                sub.get_name()
            );
        }
        let run = text("reel-run.1");
        for wanted in ["\\fB\\-\\-param\\fR \\fINAME=VALUE\\fR", "\\fB\\-\\-max\\-credits\\fR", ".SH MORE"] {
            assert!(run.contains(wanted), "{wanted} in {run}");
        }
        assert!(text("reel-session-new.1").starts_with(".TH REEL-SESSION-NEW 1"));
        let known = [".TH ", ".SH ", ".TP", ".nf", ".fi"];
        for line in
            pages.iter().flat_map(|(_, text)| text.lines()).filter(|line| line.starts_with(['.', '\'']))
        {
            assert!(known.iter().any(|macro_| line.starts_with(macro_)), "{line}");
        }
    }
}
