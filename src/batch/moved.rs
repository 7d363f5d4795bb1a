//! Rows that stand elsewhere in the table than when they were begun. Their outputs stay where
//! they are, so another row may have got their name.

use std::collections::HashMap;
use std::fmt;

use crate::journal::{BatchId, Journal, JournalError, RowRecord, RunState, each_row};

/// A row that would overwrite what another one has made.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Overwrites {
    /// The row, by its number.
    pub row: u64,
    /// The name of its outputs.
    pub name: String,
    /// The row whose outputs are there.
    pub other: u64,
}

impl fmt::Display for Overwrites {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { row, name, other } = self;
        write!(f, "the outputs of row {row} would land in `{name}`, where row {other} has put its own before")
    }
}

/// Returns the first row that would land where another row of the table has its outputs.
///
/// # Errors
/// The journal could not be read.
pub fn overwrites(journal: &dyn Journal, batch: &BatchId) -> Result<Option<Overwrites>, JournalError> {
    let mut moved = HashMap::new();
    each_row(journal, batch, |record| {
        if let Some(run) = record.run.filter(|run| run.made_of.title != record.row.name) {
            moved.insert(run.made_of.title, record.row.number);
        }
        Ok(())
    })?;
    let mut found = None;
    if !moved.is_empty() {
        each_row(journal, batch, |record| {
            if found.is_none() && will_write(&record) {
                let (row, name) = (record.row.number, landing(record));
                let other = moved.get(&name).filter(|other| **other != row);
                found = other.map(|other| Overwrites { row, name, other: *other });
            }
            Ok(())
        })?;
    }
    Ok(found)
}

/// Where the outputs of a row land.
fn landing(record: RowRecord) -> String {
    record.run.map_or(record.row.name, |run| run.made_of.title)
}

fn will_write(record: &RowRecord) -> bool {
    !matches!(record.ended(), Some(RunState::Finished | RunState::Cancelled))
}
