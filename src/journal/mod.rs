//! The log of every call of a run: begun before its effect, settled after it.

pub mod event;

use std::collections::BTreeMap;
use std::sync::{Mutex, MutexGuard, PoisonError};

use serde_json::Value;

pub use event::{Class, Event, IllegalEvent, Status};

/// Events that one run may leave. A script that records more is stuck in a loop, and the log
/// is in memory.
const EVENTS_MAX: usize = 1_000_000;

/// The row of a script that runs by itself and not once for each row of a table.
pub const SCRIPT_ROW: &str = "";

/// Names one step: the place of its row ([`SCRIPT_ROW`] for the script itself) and its number there.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct StepId {
    /// Path of the row, such as `rows/3`; empty outside a batch.
    pub row: String,
    /// Position among the calls of that row, from 0.
    pub seq: u64,
}

/// A line that a script wrote.
#[derive(Clone, Debug, PartialEq)]
pub struct Line {
    /// Path of the row that wrote it.
    pub row: String,
    /// The function that wrote it: `print`, `debug` or `note`.
    pub kind: &'static str,
    /// What it says; text, or the data given to `note`.
    pub value: Value,
}

/// The log of one run, in memory. Shared by the threads of the run.
#[derive(Debug, Default)]
pub struct Journal {
    log: Mutex<Log>,
}

#[derive(Debug, Default)]
struct Log {
    /// In the order in which they were written.
    events: Vec<(StepId, Event)>,
    /// Where each step stands: the fold of its events.
    steps: BTreeMap<StepId, Status>,
    /// The next number of each row.
    next: BTreeMap<String, u64>,
    lines: Vec<Line>,
}

/// The journal could not take an event. The run must stop: what is not written cannot be resumed.
#[derive(Debug, thiserror::Error)]
pub enum JournalError {
    /// The event does not fit the step's history.
    #[error(transparent)]
    Illegal(#[from] IllegalEvent),
    /// The run has written too much.
    #[error("the journal of this run is full ({EVENTS_MAX} entries)")]
    Full,
}

impl Journal {
    /// Returns an empty journal.
    pub fn new() -> Self {
        Self::default()
    }

    /// Opens the next step of `row` and writes that it began, before any effect of it.
    ///
    /// # Errors
    /// The journal could not write; the effect must not happen.
    pub fn begin(
        &self,
        row: &str,
        name: &str,
        args_hash: String,
        class: Class,
        intent: Value,
    ) -> Result<StepId, JournalError> {
        let mut log = self.log();
        let id = log.next_id(row);
        log.write(&id, Event::Begun { name: name.to_owned(), args_hash, class, intent })?;
        Ok(id)
    }

    /// Writes a later event of a step.
    ///
    /// # Errors
    /// The event is not legal there, or the journal could not write.
    pub fn record(&self, id: &StepId, event: Event) -> Result<(), JournalError> {
        self.log().write(id, event)
    }

    /// Keeps a line that the script wrote.
    ///
    /// # Errors
    /// The journal could not write.
    pub fn line(&self, line: Line) -> Result<(), JournalError> {
        let mut log = self.log();
        if log.lines.len() >= EVENTS_MAX {
            return Err(JournalError::Full);
        }
        log.lines.push(line);
        Ok(())
    }

    /// Returns where a step stands.
    pub fn status(&self, id: &StepId) -> Status {
        self.log().steps.get(id).cloned().unwrap_or(Status::New)
    }

    /// Returns every event in the order in which it was written.
    pub fn events(&self) -> Vec<(StepId, Event)> {
        self.log().events.clone()
    }

    /// Returns every line of the script in the order in which it was written.
    pub fn lines(&self) -> Vec<Line> {
        self.log().lines.clone()
    }

    /// Returns the run as a person reads it: a line a step, `1 chat (Paid): finished`.
    pub fn story(&self) -> Vec<String> {
        let log = self.log();
        let begun = log.events.iter().filter_map(|(id, event)| match event {
            Event::Begun { name, class, .. } => Some((id, name, class)),
            _ => None,
        });
        let told = begun.map(|(id, name, class)| {
            let status = log.steps.get(id).map_or("new", Status::word);
            let row = if id.row.is_empty() { String::new() } else { format!("{}#", id.row) };
            format!("{row}{} {name} ({}): {status}", id.seq + 1, class.word())
        });
        told.collect()
    }

    fn log(&self) -> MutexGuard<'_, Log> {
        // A panic elsewhere cannot leave the log half written: each write is one push.
        self.log.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Log {
    fn next_id(&mut self, row: &str) -> StepId {
        let next = self.next.entry(row.to_owned()).or_insert(0);
        let id = StepId { row: row.to_owned(), seq: *next };
        *next += 1;
        id
    }

    fn write(&mut self, id: &StepId, event: Event) -> Result<(), JournalError> {
        if self.events.len() >= EVENTS_MAX {
            return Err(JournalError::Full);
        }
        let status = self.steps.get(id).unwrap_or(&Status::New).after(&event)?;
        self.steps.insert(id.clone(), status);
        self.events.push((id.clone(), event));
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn steps_are_numbered_in_their_row_and_told_as_a_story() {
        let journal = Journal::new();
        let begin = |row: &str, name: &str, class| {
            journal.begin(row, name, "h".to_owned(), class, Value::Null).unwrap()
        };
        let upload = begin("", "upload", Class::Free);
        journal.record(&upload, Event::Finished { outcome: json!([]) }).unwrap();
        let chat = begin("", "chat", Class::Paid);
        let in_row = begin("rows/0", "chat", Class::Paid);
        journal.record(&in_row, Event::Failed { failure: json!({"kind": "credits"}) }).unwrap();
        assert_eq!(journal.status(&chat), Status::Running { intent: Value::Null });
        assert_eq!(
            journal.story(),
            ["1 upload (Free): finished", "2 chat (Paid): unfinished", "rows/0#1 chat (Paid): failed"]
        );
    }

    #[test]
    fn a_settled_step_takes_no_more_events() {
        let journal = Journal::new();
        let id = journal.begin("", "now", String::new(), Class::Value, Value::Null).unwrap();
        journal.record(&id, Event::Finished { outcome: json!(1) }).unwrap();
        assert!(journal.record(&id, Event::Finished { outcome: json!(2) }).is_err());
        assert_eq!(journal.status(&id), Status::Finished { outcome: json!(1) });
    }
}
