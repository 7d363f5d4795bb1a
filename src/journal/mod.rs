//! The durable log of runs: what each call was about to do, written before its effect, and
//! how it ended. A run that broke off is gone on with from here.
//!
//! [`Journal`] is where logs are kept ([`Sqlite`], [`Memory`], and `Postgres` for a cluster); [`RunLog`] is the log of one
//! run in the hands of the process that goes on with it; [`event`] says what may follow what.

pub mod event;

mod batch;
#[cfg(test)]
mod conformance;
mod error;
mod lock;
mod log;
mod memory;
#[cfg(feature = "cluster")]
mod postgres;
mod sqlite;
mod standing;
mod stored;

use std::fmt;
use std::fs::File;
use std::sync::Arc;

use serde::{Deserialize, Serialize};
use serde_json::Value;
use uuid::Uuid;

pub use batch::{BatchId, BatchRecord, BatchRow, NewBatch, RowOf, RowRecord, Tally, each_row};
pub use error::JournalError;
pub use event::{Call, Class, Event, IllegalEvent, Status};
pub use log::{Past, Replay, RunLog, Step, Story};
pub use memory::Memory;
#[cfg(feature = "cluster")]
pub use postgres::{LEASE, Postgres};
pub use sqlite::Sqlite;
pub use standing::Standing;

/// The row of a script that runs by itself and not once for each row of a table.
pub const SCRIPT_ROW: &str = "";

/// Entries that one run may leave. A script that records more is stuck in a loop.
pub const ENTRIES_MAX: usize = 1_000_000;

/// Characters of a run's id that tables and hints show.
const SHORT_CHARS: usize = 8;

/// Where the logs of runs are kept. Several processes may share one; each run has at most one
/// process that goes on with it, and the epoch of its lease fences any other.
pub trait Journal: Send + Sync {
    /// Writes a new run, which has no entry yet, and returns its id.
    ///
    /// # Errors
    /// The journal could not write.
    fn create(&self, run: &NewRun, now_ms: u64) -> Result<RunId, JournalError>;

    /// Takes a run over: nobody else writes to it from now on. An ending that it had is void,
    /// but a row that is done stays so.
    ///
    /// # Errors
    /// `Held` while another process goes on with it; `Done` for a finished row; `NoRun`.
    fn lease(&self, run: &RunId) -> Result<Lease, JournalError>;

    /// Adds entries in one commit that is on disk when this returns. `from` is the number of
    /// the first one: the count of those that are there.
    ///
    /// # Errors
    /// `Fenced` when the run was taken over since; the journal could not write. Then none of
    /// the entries is there.
    fn append(&self, lease: &Lease, from: u64, at_ms: u64, entries: &[Entry]) -> Result<(), JournalError>;

    /// As [`Journal::append`], for entries of what changed nothing outside: they survive the
    /// end of this process, but may reach the disk with the next commit. What a power cut takes
    /// back then is an end of the log under which nothing was done.
    ///
    /// # Errors
    /// As [`Journal::append`].
    fn append_ahead(
        &self,
        lease: &Lease,
        from: u64,
        at_ms: u64,
        entries: &[Entry],
    ) -> Result<(), JournalError> {
        self.append(lease, from, at_ms, entries)
    }

    /// Writes how a run ended, and the credits that it took.
    ///
    /// # Errors
    /// As [`Journal::append`].
    fn end(&self, lease: &Lease, now_ms: u64, ending: &Ending, credits: f64) -> Result<(), JournalError>;

    /// Removes a leased run that came to nothing, and its log.
    ///
    /// # Errors
    /// As [`Journal::append`].
    fn discard(&self, lease: &Lease) -> Result<(), JournalError>;

    /// Replaces the script of a run that goes on with an edited one.
    ///
    /// # Errors
    /// As [`Journal::append`].
    fn edit(&self, lease: &Lease, source: &str) -> Result<(), JournalError>;

    /// Returns the run whose id is or begins with what a person typed.
    ///
    /// # Errors
    /// `NoRun`, `Ambiguous`.
    fn find(&self, typed: &str) -> Result<RunRecord, JournalError>;

    /// Returns the newest runs that stand alone, newest first.
    ///
    /// # Errors
    /// The journal could not be read.
    fn runs(&self, max: usize) -> Result<Vec<RunRecord>, JournalError>;

    /// Returns the log of a run, in order and without a gap.
    ///
    /// # Errors
    /// `Damaged` when an entry is missing or cannot be read.
    fn entries(&self, run: &RunId) -> Result<Vec<Written>, JournalError>;

    /// Returns the id of the process that goes on with a run now, 0 for one of another
    /// machine; none when nobody does.
    ///
    /// # Errors
    /// The journal could not be read.
    fn holder(&self, run: &RunId) -> Result<Option<u32>, JournalError>;

    /// Returns whether a process that lost this run only by time still lives: what it wrote
    /// that it would do, it may yet do. No such process where a lease lasts as long as its
    /// holder.
    ///
    /// # Errors
    /// The journal could not be read.
    fn shadowed(&self, _run: &RunId) -> Result<bool, JournalError> {
        Ok(false)
    }

    /// Removes a run and its log.
    ///
    /// # Errors
    /// `Held` while a process goes on with it.
    fn forget(&self, run: &RunId) -> Result<(), JournalError>;

    /// Writes a new batch, which has no rows yet, and returns its id.
    ///
    /// # Errors
    /// The journal could not write.
    fn create_batch(&self, batch: &NewBatch, now_ms: u64) -> Result<BatchId, JournalError>;

    /// Replaces the title, the script and the setup of a batch.
    ///
    /// # Errors
    /// The journal could not write.
    fn edit_batch(&self, id: &BatchId, batch: &NewBatch) -> Result<(), JournalError>;

    /// Returns the batch whose id is or begins with what a person typed.
    ///
    /// # Errors
    /// `NoBatch`, `Ambiguous`.
    fn find_batch(&self, typed: &str) -> Result<BatchRecord, JournalError>;

    /// Returns the newest batch with this mark.
    ///
    /// # Errors
    /// The journal could not be read.
    fn latest_batch(&self, mark: &str) -> Result<Option<BatchRecord>, JournalError>;

    /// Returns the newest batches, newest first.
    ///
    /// # Errors
    /// The journal could not be read.
    fn batches(&self, max: usize) -> Result<Vec<BatchRecord>, JournalError>;

    /// Replaces the rows of a batch, all or none; returns how many they are. Runs of rows that
    /// are gone stay, and are found again when such a row comes back.
    ///
    /// # Errors
    /// The first error of `rows`; the journal could not write.
    fn set_rows(
        &self,
        id: &BatchId,
        rows: &mut dyn Iterator<Item = Result<BatchRow, JournalError>>,
    ) -> Result<u64, JournalError>;

    /// Returns rows in order, from the one behind number `after`, with their runs.
    ///
    /// # Errors
    /// The journal could not be read.
    fn rows(&self, id: &BatchId, after: u64, max: usize) -> Result<Vec<RowRecord>, JournalError>;

    /// Returns the run of a row; makes it when there is none.
    ///
    /// # Errors
    /// The journal could not write.
    fn row_run(&self, id: &BatchId, row: &BatchRow, now_ms: u64) -> Result<RunId, JournalError>;

    /// Counts the rows of a batch.
    ///
    /// # Errors
    /// `Damaged` when finished rows are lost; the journal could not be read.
    fn tally(&self, id: &BatchId) -> Result<Tally, JournalError>;

    /// Removes a batch, its rows and their runs.
    ///
    /// # Errors
    /// `Held` while a process goes on with one of them.
    fn forget_batch(&self, id: &BatchId) -> Result<(), JournalError>;
}

/// Names a run: 32 hexadecimal digits.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct RunId(String);

impl RunId {
    /// Makes an id that was never used.
    fn new() -> Self {
        Self(Uuid::new_v4().simple().to_string())
    }

    /// Returns the whole id.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Returns its beginning, which is what people see and type.
    pub fn short(&self) -> &str {
        self.0.get(..SHORT_CHARS).unwrap_or(&self.0)
    }
}

impl fmt::Display for RunId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.short())
    }
}

/// What a new run is made of.
#[derive(Clone, Debug, PartialEq)]
pub struct NewRun {
    /// What people call it: the script's path or the command.
    pub title: String,
    /// The text of the script; none for a command.
    pub source: Option<String>,
    /// All that is needed to go on with it, as data of whoever made it. Holds no secrets.
    pub setup: Value,
}

/// A run as the journal knows it.
#[derive(Clone, Debug, PartialEq)]
pub struct RunRecord {
    /// Its id.
    pub id: RunId,
    /// When it was made, in milliseconds since 1970.
    pub created_ms: u64,
    /// What it is made of.
    pub made_of: NewRun,
    /// How often it was taken over, its beginning included.
    pub epoch: u64,
    /// How it ended, and when; none when it goes on or broke off.
    pub ended: Option<(u64, Ending)>,
    /// Credits that its finished turns took, known at its end.
    pub credits: f64,
    /// The row that it is of; none for a run that stands alone.
    pub row: Option<RowOf>,
}

/// How a run ended.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Ending {
    /// In which way.
    pub state: RunState,
    /// Why, in one line; may be empty.
    pub words: String,
    /// What the shell got.
    pub exit_code: u8,
}

/// The way in which a run ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum RunState {
    /// All well.
    Finished,
    /// The script threw, a check failed, or the backend did not do its part.
    Failed,
    /// The user stopped it: it can go on.
    Stopped,
    /// A paid call is in doubt: the user decides how it goes on.
    Parked,
    /// The user gave it up.
    Cancelled,
}

impl RunState {
    /// Every state.
    pub const ALL: [Self; 5] = [Self::Finished, Self::Failed, Self::Stopped, Self::Parked, Self::Cancelled];

    /// Returns the word of tables.
    pub fn word(self) -> &'static str {
        match self {
            Self::Finished => "finished",
            Self::Failed => "failed",
            Self::Stopped => "stopped",
            Self::Parked => "parked",
            Self::Cancelled => "cancelled",
        }
    }

    /// Returns whether it makes sense to go on with such a run without being asked twice.
    pub fn goes_on(self) -> bool {
        matches!(self, Self::Stopped | Self::Parked)
    }

    fn from_word(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|state| state.word() == word)
    }
}

/// The right to write to a run, given up when it is dropped.
pub struct Lease {
    run: RunId,
    epoch: u64,
    guard: Guard,
}

/// What keeps others out while it lives.
enum Guard {
    Memory {
        _alive: Arc<()>,
    },
    File(File),
    #[cfg(feature = "cluster")]
    Postgres(postgres::Hold),
}

impl Lease {
    /// Returns the run that it is for.
    pub fn run(&self) -> &RunId {
        &self.run
    }

    #[cfg(feature = "cluster")]
    fn hold(&self) -> Option<&postgres::Hold> {
        if let Guard::Postgres(hold) = &self.guard { Some(hold) } else { None }
    }
}

/// Names one step: the place of its row ([`SCRIPT_ROW`] for the script itself) and its number there.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct StepId {
    /// Path of the row, such as `rows/3`; empty outside a batch.
    pub row: String,
    /// Position among the calls of that row, from 0.
    pub seq: u64,
}

impl fmt::Display for StepId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if !self.row.is_empty() {
            write!(f, "{}#", self.row)?;
        }
        write!(f, "{}", self.seq + 1)
    }
}

/// A line that a script wrote.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Line {
    /// Path of the row that wrote it.
    pub row: String,
    /// The function that wrote it.
    pub kind: LineKind,
    /// What it says; text, or the data given to `note`.
    pub value: Value,
}

/// The function that wrote a line.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum LineKind {
    /// `print`.
    Print,
    /// `debug`.
    Debug,
    /// `note`.
    Note,
}

/// One entry of a run's log.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Entry {
    /// Something happened to a step.
    Step {
        /// Which one.
        id: StepId,
        /// What.
        event: Event,
    },
    /// The script wrote a line.
    Line(Line),
    /// A file was made; its path.
    File(String),
    /// A person typed this into a console.
    Input(String),
}

/// An entry, and when it was written.
#[derive(Clone, Debug, PartialEq)]
pub struct Written {
    /// Milliseconds since 1970.
    pub at_ms: u64,
    /// What was written.
    pub entry: Entry,
}
