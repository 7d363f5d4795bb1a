//! How a run stands for people: what its record and the lock on it say together.

use super::{Journal, JournalError, RunRecord, RunState};

/// How a run stands now.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Standing {
    /// This process goes on with it; 0 when it has not said its id yet.
    Running(u32),
    /// Nobody goes on with it, and it has no ending: its process was killed.
    BrokenOff,
    /// It ended so.
    Ended(RunState),
}

impl Standing {
    /// Finds out how a run stands.
    ///
    /// # Errors
    /// The journal could not be read; `NoRun` when it was forgotten since.
    pub fn of(journal: &dyn Journal, record: &RunRecord) -> Result<Self, JournalError> {
        if let Some((_, ending)) = &record.ended {
            return Ok(Self::Ended(ending.state));
        }
        if let Some(pid) = journal.holder(&record.id)? {
            return Ok(Self::Running(pid));
        }
        // It may have ended since the record was read.
        let now = journal.find(record.id.as_str())?;
        Ok(now.ended.map_or(Self::BrokenOff, |(_, ending)| Self::Ended(ending.state)))
    }

    /// Returns the words of tables.
    pub fn word(self) -> &'static str {
        match self {
            Self::Running(_) => "running",
            Self::BrokenOff => "broken off",
            Self::Ended(state) => state.word(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::journal::{Ending, Memory, NewRun};

    #[test]
    fn a_run_runs_is_broken_off_or_has_ended() {
        let journal = Memory::default();
        let made_of = NewRun { title: "a".to_owned(), source: None, setup: serde_json::Value::Null };
        let id = journal.create(&made_of, 0).unwrap();
        let lease = journal.lease(&id).unwrap();
        let running = journal.find(id.as_str()).unwrap();
        let standing = |record| Standing::of(&journal, record).unwrap();
        assert_eq!(standing(&running), Standing::Running(std::process::id()));
        let ending = Ending { state: RunState::Parked, words: String::new(), exit_code: 4 };
        journal.end(&lease, 1, &ending, 0.0).unwrap();
        drop(lease);
        // Also by a record that was read before it ended.
        assert_eq!(standing(&running).word(), "parked");
        drop(journal.lease(&id).unwrap());
        assert_eq!(standing(&journal.find(id.as_str()).unwrap()), Standing::BrokenOff);
    }
}
