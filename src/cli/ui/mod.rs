//! Every word and colour on a terminal: results to stdout, all else to stderr; one live
//! line on a terminal, plain lines elsewhere, JSON lines with `--json`.

mod age;
mod batch;
mod foreign;
mod gantt;
mod progress;
mod prompt;
mod status;
mod story;
mod table;
mod wrap;

pub(super) mod said;

use std::io::{self, IsTerminal, Write};
use std::sync::{Mutex, MutexGuard, PoisonError};

use serde_json::{Value, json};

use super::Global;
use super::config::{Config, Env};
use crate::batch::fit::Problem;
use crate::runtime::console::Shown;
pub(super) use age::{ago, span};
pub(super) use batch::BatchView;
pub(super) use foreign::{harmless, harmless_line};
use prompt::{Above, Prompt};
use status::Status;
pub(super) use table::{Column, Row};

/// Where words go, and in which form. One lives for the whole process.
pub(super) struct Ui {
    form: Form,
    volume: Volume,
    colour_out: bool,
    colour_err: bool,
    status: Mutex<Status>,
    prompt: Prompt,
}

/// The shape of all output.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Form {
    /// stderr is a terminal: one line is rewritten while something goes on.
    Live,
    /// stderr goes to a file or a pipe: a line for what is worth one.
    Plain,
    /// Everything is a JSON object a line, on stdout.
    Json,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Volume {
    Quiet,
    Normal,
    Verbose,
}

/// A colour of the sixteen that every terminal has.
#[derive(Clone, Copy)]
enum Colour {
    Red,
    Green,
    Yellow,
    Dim,
}

/// What went wrong: for people what happened, where, and what to do; for machines the same.
pub(super) struct Trouble {
    text: String,
    record: Value,
}

/// How a line of `doctor` came out.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Health {
    Ok,
    Warn,
    Fail,
}

impl Trouble {
    /// An error that stands in no script; an empty hint is none.
    pub(super) fn new(message: impl Into<String>, hint: impl Into<String>) -> Self {
        let (message, hint) = (message.into(), hint.into());
        let mut text = format!("error: {message}");
        if !hint.is_empty() {
            text.push_str("\n   hint: ");
            text.push_str(&hint);
        }
        Self { text, record: json!({"message": message, "hint": hint}) }
    }

    /// Something that is wrong with rows, in the place where it stands.
    pub(super) fn in_rows(source: &str, problem: &Problem) -> Self {
        let place = Some(problem.place()).filter(|place| !place.is_empty());
        let place = place.map(|place| format!(", {place}")).unwrap_or_default();
        let column = match &problem.column {
            Some(crate::table::Column::Name(name)) => name.as_str().into(),
            Some(crate::table::Column::Number(number)) => (*number).into(),
            None => Value::Null,
        };
        let mut trouble = Self::new(format!("{source}{place}: {}", problem.message), &problem.hint);
        trouble.record = json!({
            "message": problem.message,
            "hint": problem.hint,
            "source": source,
            "row": problem.row,
            "line": problem.line,
            "column": column,
        });
        trouble
    }

    /// Returns all that people are told.
    fn text(&self) -> &str {
        &self.text
    }

    /// Returns what happened, without the place and the hint.
    pub(super) fn message(&self) -> &str {
        self.record["message"].as_str().unwrap_or_default()
    }
}

impl Ui {
    /// Looks at the flags, `NO_COLOR`, `TERM` and whether stderr is a terminal.
    pub(super) fn new(flags: &Global, env: Env<'_>) -> Self {
        let terminal = io::stderr().is_terminal() && env("TERM").is_none_or(|term| term != "dumb");
        let form = match (flags.json, terminal) {
            (true, _) => Form::Json,
            (false, true) => Form::Live,
            (false, false) => Form::Plain,
        };
        let volume = match (flags.quiet, flags.verbose) {
            (true, _) => Volume::Quiet,
            (false, true) => Volume::Verbose,
            (false, false) => Volume::Normal,
        };
        let colour = |terminal: bool| {
            let wanted = env("NO_COLOR").is_none() && env("TERM").is_none_or(|term| term != "dumb");
            wanted && terminal && form != Form::Json
        };
        Self {
            form,
            volume,
            colour_out: colour(io::stdout().is_terminal()),
            colour_err: colour(io::stderr().is_terminal()),
            status: Mutex::default(),
            prompt: Prompt::default(),
        }
    }

    /// Returns whether to say more.
    pub(super) fn is_verbose(&self) -> bool {
        self.volume == Volume::Verbose
    }

    /// Says which backend this command speaks to, and why that one.
    pub(super) fn backend(&self, config: &Config) {
        let name = config.backend.value.name();
        if self.form == Form::Json {
            return self.json(&json!({"event": "backend", "backend": name}));
        }
        self.dim(&config.backend_line());
    }

    /// Prints the result of a one-shot command: `text` for people, `value` for machines.
    pub(super) fn result(&self, text: &str, value: Value) {
        match self.form {
            Form::Json => self.json(&json!({"event": "result", "value": value})),
            Form::Live | Form::Plain => self.out(&harmless(text)),
        }
    }

    /// Prints a result of several lines, which may be none.
    pub(super) fn results(&self, lines: &[String], value: Value) {
        if self.form == Form::Json {
            return self.json(&json!({"event": "result", "value": value}));
        }
        for line in lines {
            self.out(&harmless(line));
        }
    }

    /// Shows the value of a line of the REPL.
    pub(super) fn value(&self, shown: &Shown) {
        match shown {
            Shown::Nothing => (),
            Shown::Text(text) => self.result(text, text.as_str().into()),
            Shown::Data(data) => self.result(&pretty(data, status::columns()), data.clone()),
            Shown::Timeline(draft) => {
                self.results(&gantt::lines(draft, status::columns()), draft.value().clone())
            }
            Shown::Video(video) => said::video(self, video),
        }
    }

    /// Lays out names and what is said about each: beside it, or below it where there is no room.
    pub(super) fn glossary(&self, entries: &[(&str, &str)]) -> String {
        wrap::glossary(entries, status::columns()).join("\n")
    }

    /// Lays out what an agent says: on a terminal lines end between words.
    pub(super) fn prose(&self, text: &str) -> String {
        let terminal = self.form != Form::Json && io::stdout().is_terminal();
        if terminal { wrap::prose(text, status::columns()).join("\n") } else { text.to_owned() }
    }

    /// Returns whether stdout takes colours.
    pub(super) fn colours(&self) -> bool {
        self.colour_out
    }

    /// Gives the way above the prompt of a line editor.
    pub(super) fn set_above(&self, above: Above) {
        self.prompt.set_above(above);
    }

    /// Calls `read`, in which somebody types: lines go above the prompt, and none is rewritten.
    pub(super) fn while_typed<T>(&self, read: impl FnOnce() -> T) -> T {
        self.lock_status().end();
        self.prompt.set_open(true);
        let typed = read();
        self.prompt.set_open(false);
        typed
    }

    /// Says something worth a line, unless `-q` is given.
    pub(super) fn notice(&self, text: &str) {
        match self.form {
            Form::Json => self.json(&json!({"event": "notice", "text": text})),
            Form::Live | Form::Plain => self.dim(&harmless(text)),
        }
    }

    /// Prints what went wrong and what to do next; also with `-q`.
    pub(super) fn error(&self, trouble: &Trouble) {
        if self.form == Form::Json {
            return self.json(&event_line("error", &trouble.record));
        }
        self.headed(&trouble.text);
    }

    /// Prints something that is wrong with a script; also with `-q`.
    fn problem(&self, text: &str, record: &Value) {
        if self.form == Form::Json { self.json(record) } else { self.headed(text) }
    }

    /// A text whose first word is red.
    fn headed(&self, text: &str) {
        let text = self.fitted(&harmless(text));
        let (word, rest) = text.split_at(text.find(':').unwrap_or(0));
        self.err(&format!("{}{rest}", paint(self.colour_err, Colour::Red, word)));
    }

    /// Prints one line of `doctor`: what was looked at, how it is, and how to mend it.
    pub(super) fn health(&self, health: Health, subject: &str, found: &str, mend: &str) {
        let (word, colour) = match health {
            Health::Ok => ("ok", Colour::Green),
            Health::Warn => ("warn", Colour::Yellow),
            Health::Fail => ("fail", Colour::Red),
        };
        if self.form == Form::Json {
            let mut line = json!({"event": "health", "subject": subject, "health": word, "found": found});
            if !mend.is_empty() {
                line["mend"] = mend.into();
            }
            return self.json(&line);
        }
        let word = paint(self.colour_out, colour, &format!("{word:<4}"));
        self.out(&format!("{word}  {subject:<10} {}", harmless_line(found)));
        if !mend.is_empty() {
            self.out(&format!("      {:<10} {}", "", harmless(mend)));
        }
    }

    fn dim(&self, text: &str) {
        if self.volume >= Volume::Normal {
            self.err(&paint(self.colour_err, Colour::Dim, &self.fitted(text)));
        }
    }

    /// Lines that end between words, where a terminal would part them.
    fn fitted(&self, text: &str) -> String {
        if self.form == Form::Live {
            wrap::prose(text, status::columns()).join("\n")
        } else {
            text.to_owned()
        }
    }

    fn json(&self, line: &Value) {
        self.out(&line.to_string());
    }

    fn out(&self, line: &str) {
        if self.prompt.print(line) {
            return;
        }
        let status = self.lock_status();
        status.lift();
        // A reader that went away (`reel api | head`) is no error of ours.
        let _ = writeln!(io::stdout().lock(), "{line}");
        status.lower();
    }

    fn err(&self, line: &str) {
        if self.prompt.print(line) {
            return;
        }
        let status = self.lock_status();
        status.lift();
        let _ = writeln!(io::stderr().lock(), "{line}");
        status.lower();
    }

    fn lock_status(&self) -> MutexGuard<'_, Status> {
        self.status.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Data in one line where it fits, else over several.
fn pretty(data: &Value, columns: usize) -> String {
    let line = data.to_string();
    if line.chars().count() < columns {
        return line;
    }
    serde_json::to_string_pretty(data).unwrap_or(line)
}

/// A record as a line of JSON output: its event first.
fn event_line(event: &str, record: &Value) -> Value {
    let mut line = json!({"event": event});
    if let (Some(line), Some(record)) = (line.as_object_mut(), record.as_object()) {
        line.extend(record.clone());
    }
    line
}

fn paint(wanted: bool, colour: Colour, text: &str) -> String {
    let code = match colour {
        Colour::Red => "1;31",
        Colour::Green => "1;32",
        Colour::Yellow => "1;33",
        Colour::Dim => "2",
    };
    if wanted { format!("\u{1b}[{code}m{text}\u{1b}[0m") } else { text.to_owned() }
}
