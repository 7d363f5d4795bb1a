//! A batch as it goes on: whole lines for rows, and one live line for all of them.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use serde_json::{Value, json};

#[cfg(feature = "cluster")]
use crate::batch::local::Sum;
use crate::batch::row::{End, Told};
use crate::cli::ui::{Form, Trouble, Ui, Volume, harmless_line, progress, span, story};
use crate::clock::Clock;
use crate::host::Event;
#[cfg(feature = "cluster")]
use crate::journal::JournalError;
use crate::journal::{BatchRow, RunState};

/// Characters of the bar.
const BAR: usize = 20;
/// Rows that the live line names.
const NAMED: usize = 3;
/// Rows after which the time that is left can be told.
const TELLING_MIN: u64 = 2;

/// What a person sees of a batch.
pub(in crate::cli) struct BatchView {
    ui: Arc<Ui>,
    /// Rows to be made in this life.
    rows: u64,
    /// [`Clock::monotonic`] at the start.
    started: Duration,
    /// A worker makes its rows, from a journal that only the commands of a cluster read.
    worker: bool,
    seen: Mutex<Seen>,
}

#[derive(Default)]
struct Seen {
    ended: u64,
    failed: u64,
    credits: f64,
    /// What each row that goes on does, by its number.
    running: BTreeMap<u64, (String, String)>,
}

impl BatchView {
    /// Begins a batch of which so many rows are to be made.
    pub(in crate::cli) fn new(ui: &Arc<Ui>, rows: u64) -> Self {
        let (started, seen) = (Clock::System.monotonic(), Mutex::default());
        Self { ui: Arc::clone(ui), rows, started, worker: false, seen }
    }

    /// Begins the rows that a worker of a cluster makes of a batch.
    #[cfg(feature = "cluster")]
    pub(in crate::cli) fn of_worker(ui: &Arc<Ui>, rows: u64) -> Self {
        Self { worker: true, ..Self::new(ui, rows) }
    }

    /// Tells what happened to a row.
    pub(in crate::cli) fn told(&self, row: &BatchRow, told: Told) {
        match told {
            Told::Began(run) => {
                self.seen().running.insert(row.number, (row.name.clone(), String::new()));
                self.json(row, json!({"event": "row_began", "run": run.as_str()}));
                self.show();
            }
            Told::Event(event) => self.event(row, &event),
            Told::Again(wait, why) => {
                let words = format!("{why}; another try in {} s", wait.as_secs());
                self.line(row, &words);
                self.json(
                    row,
                    json!({"event": "row_again", "after_seconds": wait.as_secs_f64(), "why": why}),
                );
            }
            Told::Elsewhere => {
                {
                    let mut seen = self.seen();
                    seen.running.remove(&row.number);
                    seen.ended += 1;
                }
                self.line(row, "left alone: another process makes it, has just made it, or has given it up");
                self.json(row, json!({"event": "row_elsewhere"}));
            }
            Told::Ended(end) => self.ended(row, &end),
        }
    }

    /// Shows how far workers elsewhere are, by what the journal counts.
    #[cfg(feature = "cluster")]
    pub(in crate::cli) fn counted(&self, sum: &Sum) {
        let Sum { finished, failed, parked, credits, .. } = *sum;
        let now = Seen { ended: finished + failed + parked, failed, credits, ..Seen::default() };
        let before = std::mem::replace(&mut *self.seen(), now);
        let ended = self.seen().ended;
        if self.ui.form == Form::Live {
            return self.show();
        }
        // A line for each tenth of the rows.
        let tenth = |ended: u64| ended * 10 / self.rows.max(1);
        if tenth(ended) != tenth(before.ended) {
            self.ui.notice(&format!("{ended} of {} rows", self.rows));
        }
    }

    /// Tells what kept a worker from making a row.
    #[cfg(feature = "cluster")]
    pub(in crate::cli) fn trouble(&self, error: &JournalError) {
        self.ui.error(&Trouble::new(error.to_string(), error.hint()));
    }

    /// Takes the live line away.
    pub(in crate::cli) fn end(&self) {
        self.ui.lock_status().end();
    }

    fn event(&self, row: &BatchRow, event: &Event) {
        if self.ui.form == Form::Json {
            return self.json(row, story::record(event));
        }
        match event {
            // What a script prints is its result: it goes to stdout, a whole line at a time.
            Event::Print(text) => self.ui.out(&labelled(row, text)),
            Event::Note(value) => self.line(row, &format!("note: {}", story::plain(value))),
            Event::Check(check) if !check.passed => {
                self.line(row, &format!("check failed: {}", check.name));
            }
            Event::File(path) => self.line(row, &format!("made {}", path.display())),
            Event::Progress { progress, .. } => {
                if let Some(words) = progress::live(progress) {
                    if let Some((_, doing)) = self.seen().running.get_mut(&row.number) {
                        *doing = words;
                    }
                    self.show();
                }
            }
            Event::InRow { event, .. } => self.event(row, event),
            Event::Debug { .. }
            | Event::Check(_)
            | Event::StepBegan { .. }
            | Event::StepDone { .. }
            | Event::Routed(_) => (),
        }
    }

    fn ended(&self, row: &BatchRow, end: &End) {
        let (at, of) = {
            let mut seen = self.seen();
            seen.running.remove(&row.number);
            seen.ended += 1;
            seen.failed += u64::from(end.ending.state == RunState::Failed);
            seen.credits += end.outcome.spent;
            (seen.ended, self.rows)
        };
        if self.ui.form == Form::Json {
            return self.json(row, ended_record(end));
        }
        let (took, spent) =
            (span(u64::try_from(end.took.as_millis()).unwrap_or(u64::MAX)), end.outcome.spent);
        let state = end.ending.state.word();
        let next = next_step(end, self.worker);
        let words = format!("[{at}/{of}] {state} in {took}, {spent} credits{next}");
        match &end.outcome.error {
            Some(error) if end.ending.state != RunState::Stopped => {
                self.ui.err(&labelled(row, &words));
                self.ui.err(&labelled(row, Trouble::from(&**error).text()));
            }
            _ => self.line(row, &words),
        }
        self.show();
    }

    fn line(&self, row: &BatchRow, text: &str) {
        self.ui.dim(&labelled(row, text));
    }

    fn json(&self, row: &BatchRow, mut line: Value) {
        if self.ui.form == Form::Json {
            line["row"] = row.number.into();
            line["key"] = row.key.as_str().into();
            self.ui.json(&line);
        }
    }

    fn show(&self) {
        if self.ui.form == Form::Live && self.ui.volume != Volume::Quiet {
            let line = self.seen().line(self.rows, Clock::System.monotonic().saturating_sub(self.started));
            self.ui.lock_status().show(&line);
        }
    }

    fn seen(&self) -> MutexGuard<'_, Seen> {
        // Every change is one assignment.
        self.seen.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Seen {
    /// The live line: how far it is, what went wrong, what it took, how long it will take, and
    /// what goes on.
    fn line(&self, rows: u64, elapsed: Duration) -> String {
        let full = usize::try_from(self.ended * BAR as u64 / rows.max(1)).unwrap_or(BAR).min(BAR);
        let mut parts =
            vec![format!("[{}{}] {}/{rows}", "=".repeat(full), " ".repeat(BAR - full), self.ended)];
        if self.failed > 0 {
            parts.push(format!("{} failed", self.failed));
        }
        if self.credits > 0.0 {
            parts.push(format!("{} credits", self.credits));
        }
        if self.ended >= TELLING_MIN && self.ended < rows {
            let left = elapsed.as_secs_f64() / self.ended as f64 * (rows - self.ended) as f64;
            parts.push(format!("{} left", span((left * 1_000.0) as u64)));
        }
        parts.extend(self.running.values().take(NAMED).map(|(name, doing)| match doing.as_str() {
            "" => name.clone(),
            doing => format!("{name}: {doing}"),
        }));
        parts.join(" · ")
    }
}

/// Each line of a text behind the name of its row.
fn labelled(row: &BatchRow, text: &str) -> String {
    let name = harmless_line(&row.name);
    let lines: Vec<String> = text.lines().map(|line| format!("{name} | {}", harmless_line(line))).collect();
    lines.join("\n")
}

/// What to do about a row that needs somebody; with its run, which is told nowhere else.
fn next_step(end: &End, worker: bool) -> String {
    match end.ending.state {
        RunState::Failed if worker => String::new(),
        RunState::Parked if worker => format!("; `reel batch settle {}` decides", end.run),
        RunState::Failed => format!("; `reel show {}` tells its steps", end.run),
        RunState::Parked => format!("; `reel show {0}` tells its steps, `reel resume {0}` goes on", end.run),
        RunState::Finished | RunState::Stopped | RunState::Cancelled => String::new(),
    }
}

fn ended_record(end: &End) -> Value {
    let error = end
        .outcome
        .error
        .as_ref()
        .map(|error| json!({"kind": error.kind, "message": error.message, "hint": error.hint}));
    json!({
        "event": "row_ended",
        "run": end.run.as_str(),
        "state": end.ending.state.word(),
        "seconds": end.took.as_secs_f64(),
        "spent": end.outcome.spent,
        "files": end.outcome.files,
        "error": error,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn row(name: &str) -> BatchRow {
        let (key, name) = (name.to_owned(), name.to_owned());
        BatchRow { number: 1, key, print: String::new(), name, params: BTreeMap::new() }
    }

    #[test]
    fn the_live_line_tells_how_far_it_is_and_how_long_it_will_take() {
        let mut seen = Seen { ended: 15, failed: 2, credits: 1_150.0, ..Seen::default() };
        seen.running.insert(16, ("ada".to_owned(), "rendering: 40%".to_owned()));
        let line = seen.line(60, Duration::from_secs(30));
        let told =
            "[=====               ] 15/60 · 2 failed · 1150 credits · 1 min 30 s left · ada: rendering: 40%";
        assert_eq!(line, told);
        assert_eq!(Seen::default().line(0, Duration::ZERO), format!("[{}] 0/0", " ".repeat(BAR)));
    }

    #[test]
    fn lines_carry_their_row_and_cannot_act() {
        assert_eq!(labelled(&row("ada"), "one\ntwo"), "ada | one\nada | two");
        assert_eq!(labelled(&row("a\u{1b}[2J"), "x\u{7}"), "a\\u{1b}[2J | x\\u{7}");
    }
}
