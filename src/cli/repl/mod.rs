//! `reel repl`: a script that is written line by line, and plain words in between.

mod colon;
mod line;

use std::io::{self, IsTerminal};
use std::path::PathBuf;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use anyhow::Context;
use clap::Args;
use rustyline::error::ReadlineError;
use rustyline::history::FileHistory;
use rustyline::{CompletionType, Config as Settings, Editor, ExternalPrinter as _};

use crate::cli::config::Config;
use crate::cli::exit::Exit;
use crate::cli::kept::Keep;
use crate::cli::stop::LineStop;
use crate::cli::ui::{Trouble, Ui, said};
use crate::cli::work::{Given, work};
use crate::host::{self, Failure, Run, chat, say};
use crate::runtime::console::{Console, Shown, goes_on};
use crate::runtime::outline::KEYWORDS;
use colon::{COMMANDS, Colon};
use line::Helper;

/// What the journal calls a run of the REPL.
pub(in crate::cli) const TITLE: &str = "repl";
/// Lines of history that are kept.
const HISTORY_MAX: usize = 2_000;
/// Lines that one input may have: more is a paste by mistake.
const INPUT_LINES_MAX: usize = 10_000;

/// Arguments of `reel repl`.
#[derive(Args, Debug)]
#[command(after_help = HELP)]
pub(in crate::cli) struct ReplArgs {
    /// Open this session as `s`
    #[arg(long, value_name = "ID")]
    session: Option<String>,
    /// Go on with an earlier REPL, the last one by default
    #[arg(long, value_name = "RUN", num_args = 0..=1, default_missing_value = "")]
    pub(in crate::cli) resume: Option<String>,
    /// Export at once when the agent proposes it
    #[arg(long)]
    follow_gui: bool,
}

const HELP: &str = "\
Lines are Rhai, as in a script; what they define stays. A line that begins with `>` is said to
the agent in plain words. `:help` lists the commands, Tab completes, Ctrl-C stops what runs,
Ctrl-D leaves.

Example:
  reel repl
  reel> let s = session(\"promo\");
  reel> s.upload(\"media/city.mp4\")
  reel> > keep the first 5 seconds and add calm music
  reel> s.export(\"promo.mp4\")";

/// A conversation in a terminal.
struct Repl<'a> {
    run: &'a Run,
    ui: &'a Ui,
    console: Arc<Mutex<Console>>,
    stop: LineStop,
    /// Every line is said to the agent, with or without `>`.
    words_only: bool,
    options: chat::Options,
    /// Inputs that worked, as a script would write them.
    worked: Vec<String>,
    leaving: bool,
    /// Inputs of an earlier life are done once more: they were shown then.
    replaying: bool,
}

/// Runs the REPL until its user leaves.
pub(in crate::cli) fn repl(args: &ReplArgs, config: &Arc<Config>, ui: &Arc<Ui>) -> anyhow::Result<Exit> {
    talk(config, ui, args.session.as_deref(), args.follow_gui, false)
}

/// Runs a conversation in plain words in a session.
pub(in crate::cli) fn words(
    config: &Arc<Config>,
    ui: &Arc<Ui>,
    session: &str,
    follow_gui: bool,
) -> anyhow::Result<Exit> {
    talk(config, ui, Some(session), follow_gui, true)
}

fn talk(
    config: &Arc<Config>,
    ui: &Arc<Ui>,
    session: Option<&str>,
    follow_gui: bool,
    words_only: bool,
) -> anyhow::Result<Exit> {
    let stop = LineStop::default();
    let keep = Some(Keep { title: TITLE.to_owned(), source: None });
    let given = Given { keep, line: Some(stop.clone()), ..Given::default() };
    let history = config.homes.data.join("history");
    let secrets: Vec<String> = [&config.token, &config.studio_token]
        .into_iter()
        .flatten()
        .map(|token| token.expose().to_owned())
        .collect();
    work(config, ui, given, |run| {
        let console = Arc::new(Mutex::new(Console::default()));
        let options = chat::Options { follow_gui, ..chat::Options::default() };
        let (worked, leaving, replaying) = (Vec::new(), false, true);
        let mut repl = Repl { run, ui, console, stop, words_only, options, worked, leaving, replaying };
        if let Some(id) = session {
            repl.lock().set_session(host::session::open(run, id)?);
        }
        for input in run.log().inputs() {
            repl.again(&input);
        }
        repl.replaying = false;
        repl.read(history, &secrets)?;
        run.settle()?;
        Ok(Exit::Done)
    })
}

impl Repl<'_> {
    /// Reads and does input by input until its user leaves.
    fn read(&mut self, history: PathBuf, secrets: &[String]) -> anyhow::Result<()> {
        let settings = Settings::builder().max_history_size(HISTORY_MAX)?.auto_add_history(false);
        // All that fits is listed, as shells do it.
        let settings = settings.completion_type(CompletionType::List).build();
        let mut editor: Editor<Helper, FileHistory> = Editor::with_config(settings)?;
        editor.set_helper(Some(Helper::new(
            Arc::clone(&self.console),
            self.run.files().inputs.clone(),
            self.ui.colours(),
        )));
        // Without a terminal there is no prompt to go above.
        if let Ok(mut printer) = editor.create_external_printer() {
            // A line that cannot be shown is lost as on a closed terminal.
            self.ui.set_above(Box::new(move |line| drop(printer.print(line))));
        }
        // A history that is not there yet, or cannot be read, is an empty one.
        let _ = editor.load_history(&history);
        if io::stdin().is_terminal() {
            self.ui.notice("lines are Rhai, `> ..` speaks to the agent, `:help` helps, Ctrl-D leaves");
        }
        while !self.leaving {
            let Some(input) = read_input(&mut editor, self.ui, self.words_only)? else { break };
            if input.trim().is_empty() {
                continue;
            }
            if !secrets.iter().any(|secret| input.contains(secret.as_str())) {
                editor.add_history_entry(input.trim_end()).context("the history cannot be kept")?;
            }
            self.keep(&input)?;
            self.answer(&input);
        }
        if let Some(folder) = history.parent() {
            std::fs::create_dir_all(folder)?;
        }
        editor.save_history(&history).context("the history cannot be written")
    }

    fn keep(&self, input: &str) -> Result<(), Failure> {
        self.run.log().input(input).map_err(|error| Failure::from(&error))
    }

    /// Does one input and shows what comes of it.
    fn answer(&mut self, input: &str) {
        match self.act(input) {
            Ok(shown) => {
                self.worked.extend(as_script(input, self.words_only));
                self.ui.value(&shown);
            }
            Err(trouble) => self.ui.error(&trouble),
        }
    }

    /// Does an input of an earlier life once more: what it called returns its record.
    fn again(&mut self, input: &str) {
        if self.act(input).is_ok() {
            self.worked.extend(as_script(input, self.words_only));
        }
    }

    fn act(&mut self, input: &str) -> Result<Shown, Trouble> {
        let run = self.run.next_line(self.stop.next());
        let text = input.trim();
        let words = text.strip_prefix('>').map(str::trim);
        let words = words.or(Some(text).filter(|text| self.words_only && !text.starts_with(':')));
        if let Some(words) = words {
            return self.say(&run, words).map_err(|failure| Trouble::from(&failure));
        }
        if let Some(command) = text.strip_prefix(':') {
            return colon::act(
                self,
                &run,
                &Colon::parse(command).map_err(|said| Trouble::new(said, "`:help` lists them"))?,
            );
        }
        self.lock().eval(&run, input).map_err(|mut error| {
            if error.hint.is_none() {
                error.hint = meant(text);
            }
            Trouble::from(&*error)
        })
    }

    /// Says words to the session `s`, which is made when there is none.
    fn say(&self, run: &Run, words: &str) -> Result<Shown, Failure> {
        let session = self.lock().session(run)?;
        let export = format!(":export {}", host::export::default_path(&session));
        say::talk(run, &session, words, &self.options, &mut |said| {
            if !self.replaying {
                said::said(self.ui, said, &export);
            }
        })?;
        Ok(Shown::Nothing)
    }

    fn lock(&self) -> MutexGuard<'_, Console> {
        // A line that panicked left what it had defined.
        self.console.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Reads lines until they make a whole input; none when the user leaves.
fn read_input(
    editor: &mut Editor<Helper, FileHistory>,
    ui: &Ui,
    words_only: bool,
) -> anyhow::Result<Option<String>> {
    let mut input = String::new();
    for _ in 0..INPUT_LINES_MAX {
        let prompt = match (input.is_empty(), words_only) {
            (false, _) => "  ... ",
            (true, true) => "> ",
            (true, false) => "reel> ",
        };
        if let Some(helper) = editor.helper_mut() {
            helper.set_open(&input);
        }
        match ui.while_typed(|| editor.readline(prompt)) {
            Ok(line) => {
                if !input.is_empty() {
                    input.push('\n');
                }
                input.push_str(&line);
            }
            // Ctrl-C takes back what was typed.
            Err(ReadlineError::Interrupted) => input.clear(),
            Err(ReadlineError::Eof) if input.is_empty() => return Ok(None),
            Err(ReadlineError::Eof) => return Ok(Some(input)),
            Err(error) => return Err(error).context("the terminal cannot be read"),
        }
        let plain = words_only || input.trim_start().starts_with([':', '>']);
        if !input.is_empty() && (plain || !goes_on(&input)) {
            return Ok(Some(input));
        }
    }
    Ok(Some(input))
}

/// What was probably meant by a line that is no Rhai: a command without its colon, plain words.
fn meant(text: &str) -> Option<String> {
    let first = text.split_whitespace().next()?;
    let commands = COMMANDS.iter().filter_map(|(usage, _)| usage.split(' ').next());
    if let Some(command) = commands.into_iter().find(|command| command.strip_prefix(':') == Some(first)) {
        return Some(format!("commands begin with a colon: `{command}`"));
    }
    let plain = |c: char| c.is_alphanumeric() || c.is_whitespace() || ",.'!?-，。！？".contains(c);
    let several = text.split_whitespace().count() > 2 || !text.is_ascii();
    let words = several && text.chars().all(plain) && !KEYWORDS.contains(&first);
    words.then(|| format!("plain words begin with `>`: `> {text}`"))
}

/// An input as a script writes it; none for what only talks to the REPL.
fn as_script(input: &str, words_only: bool) -> Option<String> {
    let text = input.trim();
    let words = text.strip_prefix('>').map(str::trim).or(Some(text).filter(|_| words_only));
    match (words, text.strip_prefix(':')) {
        (Some(words), None) => Some(format!("s.say({});", quoted(words))),
        (_, Some(command)) => Colon::parse(command).ok()?.script(),
        (None, None) => Some(text.to_owned()),
    }
}

/// A text as Rhai writes it.
fn quoted(text: &str) -> String {
    format!("\"{}\"", text.replace('\\', "\\\\").replace('"', "\\\"").replace('\n', "\\n"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_no_rhai_is_told_how_to_say_it() {
        assert_eq!(meant("help").unwrap(), "commands begin with a colon: `:help`");
        let said = "make a video about tea";
        assert_eq!(meant(said).unwrap(), "plain words begin with `>`: `> make a video about tea`");
        assert!(meant("加一个标题").is_some());
        for rhai in ["let a b", "a.b(c) d e", "x", "if a then b"] {
            assert_eq!(meant(rhai), None, "{rhai}");
        }
    }

    #[test]
    fn inputs_become_lines_of_a_script() {
        let script = |input: &str| as_script(input, false);
        assert_eq!(script("let a = 1;").unwrap(), "let a = 1;");
        assert_eq!(script("> say \"hi\"").unwrap(), "s.say(\"say \\\"hi\\\"\");");
        assert_eq!(script(":export a.mp4").unwrap(), "s.export(\"a.mp4\");");
        assert_eq!(script(":history"), None);
        assert_eq!(as_script("make it vertical", true).unwrap(), "s.say(\"make it vertical\");");
    }
}
