//! A run as it goes on: its lines, its steps, and how it ended.

use serde_json::{Value, json};

use crate::cli::exit::Exit;
use crate::cli::ui::{Colour, Form, Trouble, Ui, Volume, event_line, harmless, paint, progress};
use crate::client::Progress;
use crate::host::{Check, Event, Failure};
use crate::journal::{BatchId, RunId};
use crate::runtime::{Outcome, ScriptError};
use crate::talk::route::{Action, Saving};

impl Ui {
    /// Tells one thing that happened in a run.
    pub(in crate::cli) fn event(&self, event: Event) {
        if self.form == Form::Json {
            return self.json(&record(&event));
        }
        match event {
            Event::InRow { row, event } => self.told(*event, &label(&row)),
            event => self.told(event, ""),
        }
    }

    /// Tells what happened in the row that has this label; the script itself has none.
    fn told(&self, event: Event, row: &str) {
        let of_row = |text: &str| harmless(&labelled(row, text)).into_owned();
        match event {
            // A row of a row has the label of both.
            Event::InRow { event, .. } => self.told(*event, row),
            Event::Print(text) => self.out(&of_row(&text)),
            Event::Debug { text, at } => self.dim(&of_row(&format!("debug {at}: {text}"))),
            Event::Note(value) => self.dim(&of_row(&format!("note: {}", plain(&value)))),
            Event::Check(check) => self.check(&check, row),
            Event::StepBegan { id, name, .. } => {
                if self.volume == Volume::Verbose {
                    self.dim(&format!("step {id}: {name}"));
                }
            }
            Event::Progress { progress, .. } => self.progress(&progress, row),
            Event::Routed(action) => {
                // A turn is what words are; only the others are worth a line.
                if !matches!(action, Action::Turn(_)) {
                    self.dim(&of_row(&format!("understood as: {}", action_words(&action))));
                }
            }
            Event::StepDone { id, name, seconds, failure } => {
                self.lock_status().end();
                if self.volume == Volume::Verbose {
                    let end = failure.map_or("done", |_| "failed");
                    self.dim(&format!("step {id}: {name} {end} after {seconds:.1} s"));
                }
            }
            Event::File(path) => self.dim(&of_row(&format!("made {}", path.display()))),
        }
    }

    /// Tells how a run ended.
    pub(in crate::cli) fn outcome(&self, outcome: &Outcome) {
        // That it was stopped is said last, when all is put away.
        if let Some(error) = outcome.error.as_ref().filter(|_| outcome.exit != Exit::Stopped) {
            self.error(&Trouble::from(&**error));
        }
        if self.form == Form::Json {
            let checks: Vec<Value> = outcome.checks.iter().map(check_record).collect();
            self.json(&json!({
                "event": "end",
                "exit": outcome.exit.code(),
                "exit_code": outcome.exit_code,
                "value": outcome.value,
                "checks": checks,
                "spent": outcome.spent,
                "files": outcome.files,
            }));
            return;
        }
        let failed = outcome.checks.iter().filter(|check| !check.passed).count();
        if failed > 0 {
            let word = if failed == 1 { "check" } else { "checks" };
            self.err(&format!("{failed} {word} of {} failed", outcome.checks.len()));
        }
    }

    /// Says what the turns of a run took.
    pub(in crate::cli) fn spent(&self, credits: f64, in_all: bool) {
        if self.form != Form::Json {
            let in_all = if in_all { " in all" } else { "" };
            self.dim(&format!("spent {credits} credits{in_all}"));
        }
    }

    /// Says, as the last line, that the user stopped it and how to go on.
    pub(in crate::cli) fn stopped(&self, run: Option<&RunId>, session: Option<&str>) {
        if self.form == Form::Json {
            return self
                .json(&json!({"event": "stopped", "run": run.map(RunId::as_str), "session": session}));
        }
        self.err(&match run {
            Some(run) => format!("stopped; `reel resume {run}` goes on"),
            None => "stopped; nothing was begun on the backend".to_owned(),
        });
    }

    /// Says, as the last line, that the user stopped a batch and how to go on.
    pub(in crate::cli) fn stopped_batch(&self, batch: &BatchId) {
        if self.form == Form::Json {
            return self.json(&json!({"event": "stopped", "batch": batch.as_str()}));
        }
        self.err(&format!("stopped; `reel resume {batch}` goes on"));
    }

    /// Says how a REPL that was left can be gone on with.
    pub(in crate::cli) fn left(&self, run: &RunId) {
        self.notice(&format!("`reel repl --resume {run}` goes on from here"));
    }

    /// Says that a paid call is in doubt, and what the user can do.
    pub(in crate::cli) fn parked(&self, run: &RunId, session: Option<&str>) {
        if self.form == Form::Json {
            return self.json(&json!({"event": "parked", "run": run.as_str(), "session": session}));
        }
        let look = session.map(|id| format!("look with `reel state {id}`, then ")).unwrap_or_default();
        self.err(&format!(
            "parked; {look}`reel resume {run}` looks again, and with `--adopt` takes the turn for done, \
             with `--repeat` sends it again, with `--fail` gives it up"
        ));
    }

    /// Says how to go on with a run that failed on its way.
    pub(in crate::cli) fn failed(&self, run: &RunId, scripted: bool) {
        if self.form == Form::Json {
            return self.json(&json!({"event": "failed", "run": run.as_str()}));
        }
        let edited = if scripted { "; add `--edited` after a change of the script" } else { "" };
        self.dim(&format!("`reel resume {run}` goes on from here{edited}"));
    }

    fn progress(&self, progress: &Progress, row: &str) {
        if self.volume == Volume::Quiet {
            return;
        }
        let rewrites = self.form == Form::Live && !self.prompt.is_open();
        let live = rewrites.then(|| progress::live(progress)).flatten();
        let lasting = {
            let mut status = self.lock_status();
            match live {
                Some(line) => {
                    status.show(&labelled(row, &line));
                    None
                }
                None => status.told(row).lasting(progress),
            }
        };
        if let Some(line) = lasting {
            self.dim(&labelled(row, &line));
        }
    }

    fn check(&self, check: &Check, row: &str) {
        if check.passed {
            return self.dim(&harmless(&labelled(row, &format!("check: {}", check.name))));
        }
        let word = labelled(row, &paint(self.colour_err, Colour::Red, "check failed"));
        self.err(&format!("{word}: {}", harmless(&check.name)));
        if !check.hint.is_empty() {
            self.err(&format!("   hint: {}", harmless(&check.hint)));
        }
    }
}

impl From<&ScriptError> for Trouble {
    fn from(error: &ScriptError) -> Self {
        let place = error.place.as_ref();
        Self {
            text: error.to_string(),
            record: json!({
                "kind": error.kind.word(),
                "code": error.code,
                "message": error.message,
                "hint": error.hint,
                "call": error.call,
                "file": place.map(|place| &place.file),
                "line": place.map(|place| place.line),
                "column": place.and_then(|place| place.column),
            }),
        }
    }
}

impl From<&Failure> for Trouble {
    fn from(failure: &Failure) -> Self {
        let mut trouble = Self::new(&failure.message, &failure.hint);
        trouble.record = serde_json::to_value(failure).unwrap_or_default();
        trouble
    }
}

/// What people call a row: its number from 1 in each batch around it, such as `row 4` or, in a
/// batch of that row, `row 4.2`.
fn label(row: &str) -> String {
    let numbers = row.split('/').skip(1).step_by(2).filter_map(|index| index.parse::<u64>().ok());
    let numbers: Vec<String> = numbers.map(|index| (index + 1).to_string()).collect();
    format!("row {}", numbers.join("."))
}

/// Puts the label of a row before each line.
fn labelled(row: &str, text: &str) -> String {
    if row.is_empty() {
        return text.to_owned();
    }
    let lines: Vec<String> = text.split('\n').map(|line| format!("{row}: {line}")).collect();
    lines.join("\n")
}

/// What machines are told of an event.
pub(super) fn record(event: &Event) -> Value {
    match event {
        Event::InRow { row, event } => {
            let mut line = record(event);
            line["row"] = row.as_str().into();
            line
        }
        Event::Print(text) => json!({"event": "print", "text": text}),
        Event::Debug { text, at } => json!({"event": "debug", "text": text, "at": at}),
        Event::Note(value) => json!({"event": "note", "value": value}),
        Event::Check(check) => event_line("check", &check_record(check)),
        Event::StepBegan { id, name, class } => {
            json!({"event": "step_began", "row": id.row, "step": id.seq + 1, "call": name, "class": class.word()})
        }
        Event::Progress { call, progress } => progress::record(call, progress),
        Event::Routed(action) => json!({"event": "routed", "as": action_word(action)}),
        Event::StepDone { id, name, seconds, failure } => json!({
            "event": "step_done",
            "row": id.row,
            "step": id.seq + 1,
            "call": name,
            "seconds": seconds,
            "failure": failure,
        }),
        Event::File(path) => json!({"event": "file", "path": path}),
    }
}

/// The call that plain words were understood as.
fn action_word(action: &Action) -> &'static str {
    match action {
        Action::Turn(_) => "chat",
        Action::Export(_) => "export",
        Action::Credits => "credits",
        Action::Status => "state",
        Action::Upload(_) => "upload",
    }
}

/// The call with what the words said about it.
fn action_words(action: &Action) -> String {
    let said: Vec<&str> = match action {
        Action::Export(Saving { path, folder, format, resolution }) => {
            let format = format.as_deref().filter(|_| path.is_none());
            let said = [path.as_deref(), folder.as_deref(), format, resolution.as_deref()];
            said.into_iter().flatten().collect()
        }
        Action::Upload(sources) => sources.iter().map(String::as_str).collect(),
        Action::Credits | Action::Status | Action::Turn(_) => Vec::new(),
    };
    let comma = if said.is_empty() { "" } else { ", " };
    format!("{}{comma}{}", action_word(action), said.join(", "))
}

fn check_record(check: &Check) -> Value {
    json!({"name": check.name, "passed": check.passed, "hint": check.hint})
}

/// Text as it is, other values as JSON.
pub(super) fn plain(value: &Value) -> String {
    value.as_str().map_or_else(|| value.to_string(), str::to_owned)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_line_of_a_row_has_its_label() {
        assert_eq!((label("0/3"), label("2/0/1/10")), ("row 4".to_owned(), "row 1.11".to_owned()));
        assert_eq!(labelled("row 4", "a\nb"), "row 4: a\nrow 4: b");
        assert_eq!(labelled("", "a\nb"), "a\nb");
    }
}
