//! `reel runs`: what was run on this machine, and how it stands.

use clap::Args;
use serde_json::{Value, json};

use crate::cli::config::Config;
use crate::cli::ui::{Column, Row, Ui, ago};
use crate::clock::Clock;
use crate::journal::{BatchRecord, Journal, JournalError, RunRecord, Sqlite, Standing, Step, Story, Tally};
use crate::runtime::Exit;

/// Runs that are shown when nobody asks for all.
const SHOWN: usize = 20;

const COLUMNS: &[Column] = &[
    Column::Left("run"),
    Column::Left("when"),
    Column::Left("state"),
    Column::Right("steps"),
    Column::Right("credits"),
    Column::Right("files"),
    Column::Left("what"),
];

/// Arguments of `reel runs`.
#[derive(Args, Debug)]
#[command(after_help = "Examples:\n  reel runs\n  reel runs --all --json")]
pub(in crate::cli) struct RunsArgs {
    /// Also those that are older than the newest 20
    #[arg(long)]
    all: bool,
}

/// One line of the list.
struct Listed {
    created_ms: u64,
    cells: Vec<String>,
    event: &'static str,
    record: Value,
}

/// One run in numbers.
struct Summary {
    record: RunRecord,
    standing: Standing,
    /// None when its log cannot be read.
    taken: Option<Taken>,
}

/// What a run took and made.
struct Taken {
    steps: usize,
    credits: f64,
    files: usize,
}

/// Lists runs and batches, newest first.
pub(in crate::cli) fn runs(args: &RunsArgs, config: &Config, ui: &Ui) -> anyhow::Result<Exit> {
    let journal = Sqlite::open(&config.journal)?;
    let max = if args.all { usize::MAX } else { SHOWN };
    let now_ms = Clock::System.now_ms();
    let mut listed = Vec::new();
    for record in journal.runs(max)? {
        match Summary::of(&journal, record) {
            Ok(summary) => listed.push(summary.listed(now_ms)),
            // It was forgotten since the list was read.
            Err(JournalError::NoRun(_)) => (),
            Err(error) => return Err(error.into()),
        }
    }
    for record in journal.batches(max)? {
        match journal.tally(&record.id) {
            Ok(tally) => listed.push(batch(&record, &tally, now_ms)),
            Err(JournalError::Damaged(words)) => listed.push(damaged(&record, &words, now_ms)),
            Err(error) => return Err(error.into()),
        }
    }
    if listed.is_empty() {
        ui.notice("nothing was run yet; `reel run SCRIPT` runs a script");
        return Ok(Exit::Done);
    }
    listed.sort_by_key(|listed| std::cmp::Reverse(listed.created_ms));
    listed.truncate(max);
    let rows: Vec<Row> = listed.iter().map(|listed| Row::Cells(listed.cells.clone())).collect();
    ui.table(COLUMNS, &rows);
    for listed in &listed {
        ui.record(listed.event, &listed.record);
    }
    Ok(Exit::Done)
}

/// A batch that has lost rows: it must not hide the others.
fn damaged(record: &BatchRecord, words: &str, now_ms: u64) -> Listed {
    let mut listed = batch(record, &Tally::default(), now_ms);
    listed.cells[2] = "damaged".to_owned();
    listed.cells[4] = "?".to_owned();
    listed.record = json!({
        "batch": record.id.as_str(),
        "title": record.made_of.title,
        "began_ms": record.created_ms,
        "damaged": words,
    });
    listed
}

/// A batch in numbers. Its rows stand in the column of the state.
fn batch(record: &BatchRecord, tally: &Tally, now_ms: u64) -> Listed {
    let id = record.id.to_string();
    let age = ago(now_ms.saturating_sub(record.created_ms));
    let title = format!("{} (batch)", record.made_of.title);
    Listed {
        created_ms: record.created_ms,
        cells: vec![
            id,
            age,
            format!("{} of {} rows", tally.finished, tally.rows),
            String::new(),
            tally.credits.to_string(),
            String::new(),
            title,
        ],
        event: "batch",
        record: json!({
            "batch": record.id.as_str(),
            "title": record.made_of.title,
            "began_ms": record.created_ms,
            "ended_ms": tally.latest_ms,
            "rows": tally.rows,
            "finished": tally.finished,
            "failed": tally.failed,
            "in_doubt": tally.parked,
            "not_made": tally.waiting() + tally.open,
            "credits": tally.credits,
        }),
    }
}

impl Summary {
    fn of(journal: &Sqlite, record: RunRecord) -> Result<Self, JournalError> {
        let standing = Standing::of(journal, &record)?;
        let taken = match journal.entries(&record.id).and_then(Story::of) {
            Ok(Story { steps, files, .. }) => {
                Some(Taken { steps: steps.len(), credits: credits(&steps), files: files.len() })
            }
            // One log that rotted must not hide the others.
            Err(JournalError::Damaged(_) | JournalError::Illegal(_)) => None,
            Err(error) => return Err(error),
        };
        Ok(Self { record, standing, taken })
    }

    fn listed(&self, now_ms: u64) -> Listed {
        let (cells, record) = (self.cells(now_ms), self.json());
        Listed { created_ms: self.record.created_ms, cells, event: "run", record }
    }

    fn cells(&self, now_ms: u64) -> Vec<String> {
        let number = |of: fn(&Taken) -> f64| {
            self.taken.as_ref().map_or_else(|| "?".to_owned(), |taken| of(taken).to_string())
        };
        vec![
            self.record.id.short().to_owned(),
            ago(now_ms.saturating_sub(self.record.created_ms)),
            self.standing.word().to_owned(),
            number(|taken| taken.steps as f64),
            number(|taken| taken.credits),
            number(|taken| taken.files as f64),
            self.record.made_of.title.clone(),
        ]
    }

    fn json(&self) -> Value {
        let ended = self.record.ended.as_ref();
        json!({
            "run": self.record.id.as_str(),
            "title": self.record.made_of.title,
            "began_ms": self.record.created_ms,
            "ended_ms": ended.map(|(at_ms, _)| at_ms),
            "state": self.standing.word(),
            "words": ended.map(|(_, ending)| &ending.words),
            "exit": ended.map(|(_, ending)| ending.exit_code),
            "steps": self.taken.as_ref().map(|taken| taken.steps),
            "credits": self.taken.as_ref().map(|taken| taken.credits),
            "files": self.taken.as_ref().map(|taken| taken.files),
        })
    }
}

/// Returns the credits that steps took, as far as that is known.
pub(super) fn credits<'a>(steps: impl IntoIterator<Item = &'a Step>) -> f64 {
    // The sum of nothing would be -0.
    steps.into_iter().filter_map(|step| step.credits).fold(0.0, |sum, credits| sum + credits)
}
