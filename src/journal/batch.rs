//! A batch: one script over the rows of a table. Each row has a run of its own, found again by
//! the key of the row and the print of its params.

use std::collections::BTreeMap;
use std::fmt;

use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::{Journal, JournalError, RunId, RunRecord, RunState};

/// Rows that are read at once by whoever looks at all of them.
const PAGE: usize = 500;

/// Names a batch: 32 hexadecimal digits.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct BatchId(pub(super) RunId);

impl BatchId {
    /// Returns the whole id.
    pub fn as_str(&self) -> &str {
        self.0.as_str()
    }
}

impl fmt::Display for BatchId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

/// What a new batch is made of.
#[derive(Clone, Debug, PartialEq)]
pub struct NewBatch {
    /// What people call it: the script's path.
    pub title: String,
    /// The same command gives the same mark, and so finds its batch again.
    pub mark: String,
    /// The text of the script.
    pub source: String,
    /// All that is needed to go on with it, as data of whoever made it. Holds no secrets.
    pub setup: Value,
}

/// A batch as the journal knows it.
#[derive(Clone, Debug, PartialEq)]
pub struct BatchRecord {
    /// Its id.
    pub id: BatchId,
    /// When it was made, in milliseconds since 1970.
    pub created_ms: u64,
    /// What it is made of.
    pub made_of: NewBatch,
}

/// One row of a batch.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct BatchRow {
    /// Its place in the table, from 1.
    pub number: u64,
    /// What it is known by, whatever its place.
    pub key: String,
    /// Changes with its params.
    pub print: String,
    /// The folder or file, below the batch's, that its outputs land in.
    pub name: String,
    /// The params of its script, as text.
    pub params: BTreeMap<String, String>,
}

/// A row, and the run that was made of it.
#[derive(Clone, Debug, PartialEq)]
pub struct RowRecord {
    /// The row.
    pub row: BatchRow,
    /// Its run; none when it was never begun.
    pub run: Option<RunRecord>,
}

impl RowRecord {
    /// Returns how its run ended; none while it has not.
    pub fn ended(&self) -> Option<RunState> {
        self.run.as_ref()?.ended.as_ref().map(|(_, ending)| ending.state)
    }
}

/// Looks at every row of a batch in the order of the table, with its run; no more than a page
/// of them is in memory.
///
/// # Errors
/// The journal could not be read; the first error of `look`.
pub fn each_row(
    journal: &dyn Journal,
    batch: &BatchId,
    mut look: impl FnMut(RowRecord) -> Result<(), JournalError>,
) -> Result<(), JournalError> {
    let mut after = 0;
    loop {
        let page = journal.rows(batch, after, PAGE)?;
        let Some(last) = page.last() else { return Ok(()) };
        after = last.row.number;
        page.into_iter().try_for_each(&mut look)?;
    }
}

/// Says of which row a run is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RowOf {
    /// The batch.
    pub batch: BatchId,
    /// The key of the row.
    pub key: String,
}

/// The rows of a batch in numbers.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Tally {
    /// All of them.
    pub rows: u64,
    /// Rows that are done.
    pub finished: u64,
    /// Rows that failed.
    pub failed: u64,
    /// Rows with a turn in doubt.
    pub parked: u64,
    /// Rows that were begun and have no such end: they run, were stopped or broke off.
    pub open: u64,
    /// Credits that they took, as far as that is known.
    pub credits: f64,
    /// When one of them came to an end last, in milliseconds since 1970; none before that.
    pub latest_ms: Option<u64>,
}

impl Tally {
    /// Returns how many were never begun, or given up.
    pub fn waiting(&self) -> u64 {
        self.rows.saturating_sub(self.finished + self.failed + self.parked + self.open)
    }
}
