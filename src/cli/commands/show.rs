//! `reel show`: the story of one run, as the journal tells it.

use std::collections::BTreeMap;

use clap::Args;
use serde_json::{Value, json};

use crate::cli::commands::runs::credits;
use crate::cli::config::Config;
use crate::cli::exit::Usage;
use crate::cli::kept::Recipe;
use crate::cli::ui::{Column, Row, Ui, ago, span};
use crate::clock::Clock;
use crate::journal::{
    Entry, Event, Journal, JournalError, Line, LineKind, RunRecord, Sqlite, Standing, Status, Step, StepId,
    Story, Written,
};
use crate::runtime::Exit;

/// Arguments of `reel show`.
#[derive(Args, Debug)]
#[command(after_help = HELP)]
pub(in crate::cli) struct ShowArgs {
    /// The run's id or its beginning; `reel runs` lists them [default: the newest]
    run: Option<String>,
}

const HELP: &str = "\
Each step with the time since the start, what it took and how it ended; between them what the
script printed and the files that it made, where they came. A `-` stands where the journal cannot
tell what a step took, because it was written at its end only. -v adds the class of each step.

Examples:
  reel show
  reel show 1f9a03c2 --json";

/// A run and its log.
struct Tale {
    record: RunRecord,
    standing: Standing,
    log: Vec<Written>,
    steps: BTreeMap<StepId, Step>,
}

/// Tells what a run did.
pub(in crate::cli) fn show(args: &ShowArgs, config: &Config, ui: &Ui) -> anyhow::Result<Exit> {
    let journal = Sqlite::open(&config.journal)?;
    let record = match &args.run {
        Some(typed) => match journal.find(typed) {
            Err(missing @ JournalError::NoRun(_)) => return Err(no_run(&journal, typed, missing)),
            found => found?,
        },
        None => {
            let newest = journal.runs(1)?.pop();
            newest.ok_or_else(|| Usage::new("nothing was run yet", "`reel run SCRIPT` runs a script"))?
        }
    };
    let tale = Tale::read(&journal, record)?;
    ui.facts(&tale.facts(Clock::System.now_ms()));
    ui.table(&columns(ui.is_verbose()), &tale.rows(ui.is_verbose()));
    ui.facts(&[("in all", tale.total())]);
    ui.record("run", &tale.json());
    for written in &tale.log {
        if let Some((event, record)) = tale.entry_json(written) {
            ui.record(event, &record);
        }
    }
    Ok(Exit::Done)
}

/// Why there is no run with this id: it may be that of a batch.
fn no_run(journal: &Sqlite, typed: &str, missing: JournalError) -> anyhow::Error {
    match journal.find_batch(typed) {
        Ok(batch) => {
            let hint =
                format!("`reel report {0}` shows its rows, `reel resume {0}` goes on with it", batch.id);
            Usage::new(format!("{} is a batch, not a run", batch.id), hint).into()
        }
        Err(JournalError::NoBatch(_)) => missing.into(),
        Err(error) => error.into(),
    }
}

fn columns(class: bool) -> Vec<Column> {
    let mut columns =
        vec![Column::Right("step"), Column::Right("at"), Column::Right("took"), Column::Right("credits")];
    if class {
        columns.push(Column::Left("class"));
    }
    columns.extend([Column::Left("state"), Column::Left("call")]);
    columns
}

impl Tale {
    fn read(journal: &Sqlite, record: RunRecord) -> anyhow::Result<Self> {
        let mut record = record;
        if let Some(of) = &record.row {
            let batch = journal.find_batch(of.batch.as_str())?;
            // A row has the script and the setup of its batch.
            record.made_of.title = format!("row `{}` of batch {}: {}", of.key, batch.id, batch.made_of.title);
            record.made_of.setup = batch.made_of.setup;
        }
        let standing = Standing::of(journal, &record)?;
        let log = journal.entries(&record.id)?;
        let steps = Story::of(log.clone())?.steps;
        let steps = steps.into_iter().map(|step| (step.id.clone(), step)).collect();
        Ok(Self { record, standing, log, steps })
    }

    fn facts(&self, now_ms: u64) -> Vec<(&'static str, String)> {
        let words = self.record.ended.as_ref().map_or("", |(_, ending)| ending.words.as_str());
        let colon = if words.is_empty() { "" } else { ": " };
        let taken = match &self.record.ended {
            Some((at_ms, _)) => format!(", took {}", span(at_ms.saturating_sub(self.record.created_ms))),
            None => String::new(),
        };
        vec![
            ("run", self.record.id.short().to_owned()),
            ("what", self.record.made_of.title.clone()),
            ("began", format!("{}{taken}", ago(now_ms.saturating_sub(self.record.created_ms)))),
            ("state", format!("{}{colon}{words}", self.standing.word())),
            ("backend", self.backend().unwrap_or_else(|| "unknown".to_owned())),
        ]
    }

    fn backend(&self) -> Option<String> {
        let recipe: Recipe = serde_json::from_value(self.record.made_of.setup.clone()).ok()?;
        Some(recipe.backend)
    }

    fn rows(&self, class: bool) -> Vec<Row> {
        let mut rows = Vec::new();
        for written in &self.log {
            match &written.entry {
                Entry::Step { id, event: Event::Begun { .. } } => {
                    let Some(step) = self.steps.get(id) else { continue };
                    rows.push(Row::Cells(self.cells(step, class)));
                    rows.extend(complaint(step).map(Row::Aside));
                }
                Entry::Step { .. } => (),
                Entry::Line(line) => rows.push(Row::Aside(said(line))),
                Entry::File(path) => rows.push(Row::Aside(format!("made {path}"))),
                Entry::Input(text) => rows.push(Row::Aside(format!("typed {text}"))),
            }
        }
        rows
    }

    fn cells(&self, step: &Step, class: bool) -> Vec<String> {
        let took = ended_ms(step).map(|at_ms| match at_ms.saturating_sub(step.began_ms) {
            // Written in one commit: the journal cannot tell.
            0 => "-".to_owned(),
            ms => span(ms),
        });
        let mut cells = vec![
            step.id.to_string(),
            span(step.began_ms.saturating_sub(self.record.created_ms)),
            took.unwrap_or_default(),
            step.credits.map(|credits| credits.to_string()).unwrap_or_default(),
        ];
        if class {
            cells.push(step.call.class.word().to_owned());
        }
        cells.extend([self.state(step).to_owned(), step.call.told.clone()]);
        cells
    }

    fn state(&self, step: &Step) -> &'static str {
        match (&step.status, self.standing) {
            (Status::Running { .. }, Standing::Running(_)) => "running",
            (status, _) => status.word(),
        }
    }

    fn credits(&self) -> f64 {
        credits(self.steps.values())
    }

    fn total(&self) -> String {
        let files = self.log.iter().filter(|written| matches!(written.entry, Entry::File(_))).count();
        let counted = |n: usize, word: &str| format!("{n} {word}{}", if n == 1 { "" } else { "s" });
        format!(
            "{}, {} credits, {}",
            counted(self.steps.len(), "step"),
            self.credits(),
            counted(files, "file")
        )
    }

    fn json(&self) -> Value {
        let ended = self.record.ended.as_ref();
        json!({
            "run": self.record.id.as_str(),
            "title": self.record.made_of.title,
            "backend": self.backend(),
            "began_ms": self.record.created_ms,
            "ended_ms": ended.map(|(at_ms, _)| at_ms),
            "state": self.standing.word(),
            "words": ended.map(|(_, ending)| &ending.words),
            "exit": ended.map(|(_, ending)| ending.exit_code),
            "credits": self.credits(),
        })
    }

    fn entry_json(&self, written: &Written) -> Option<(&'static str, Value)> {
        Some(match &written.entry {
            Entry::Step { id, event: Event::Begun { .. } } => ("step", self.step_json(self.steps.get(id)?)),
            Entry::Step { .. } => return None,
            Entry::Line(line) => {
                let kind = serde_json::to_value(line.kind).unwrap_or_default();
                ("line", json!({"at_ms": written.at_ms, "kind": kind, "value": line.value}))
            }
            Entry::File(path) => ("file", json!({"at_ms": written.at_ms, "path": path})),
            Entry::Input(text) => ("input", json!({"at_ms": written.at_ms, "text": text})),
        })
    }

    fn step_json(&self, step: &Step) -> Value {
        let failure = match &step.status {
            Status::Failed { failure, .. } => Some(failure),
            _ => None,
        };
        json!({
            "row": step.id.row,
            "step": step.id.seq + 1,
            "call": step.call.name,
            "told": step.call.told,
            "class": step.call.class.word(),
            "state": self.state(step),
            "began_ms": step.began_ms,
            "ended_ms": ended_ms(step),
            "credits": step.credits,
            "failure": failure,
        })
    }
}

/// When a step ended; none for one that has no end.
fn ended_ms(step: &Step) -> Option<u64> {
    matches!(step.status, Status::Finished { .. } | Status::Failed { .. }).then_some(step.latest_ms)
}

/// Why a step failed.
fn complaint(step: &Step) -> Option<String> {
    let Status::Failed { failure, .. } = &step.status else { return None };
    failure.get("message").and_then(Value::as_str).map(|message| format!("error: {message}"))
}

fn said(line: &Line) -> String {
    let text = line.value.as_str().map_or_else(|| line.value.to_string(), str::to_owned);
    match line.kind {
        LineKind::Print => text,
        LineKind::Debug => format!("debug: {text}"),
        LineKind::Note => format!("note: {text}"),
    }
}
