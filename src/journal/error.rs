//! What can go wrong with a journal, and what to do about it.

use std::io;

use super::{ENTRIES_MAX, IllegalEvent, RunId};

/// The journal did not do as asked. What is not written cannot be gone on with, so a run
/// ends with it.
#[derive(Debug, thiserror::Error)]
pub enum JournalError {
    /// The event does not fit the step's history.
    #[error(transparent)]
    Illegal(#[from] IllegalEvent),
    /// The run has written too much.
    #[error("the journal of this run is full ({ENTRIES_MAX} entries)")]
    Full,
    /// The script makes another call than the one that is recorded at this step.
    #[error("the script changed at step {step}: it was {was}, now it is {now}")]
    Diverged {
        /// The number of the step, as people count.
        step: String,
        /// The recorded call.
        was: String,
        /// The call that the script makes now.
        now: String,
    },
    /// The script goes on where its tape ends.
    #[error("the tape ends before step {step}: {now}")]
    TapeEnds {
        /// The number of the step, as people count.
        step: String,
        /// The call that the script makes now.
        now: String,
    },
    /// No run has such an id.
    #[error("there is no run `{0}`")]
    NoRun(String),
    /// No batch has such an id.
    #[error("there is no batch `{0}`")]
    NoBatch(String),
    /// The rows that a batch was to get could not be read to their end.
    #[error("{0}")]
    Rows(String),
    /// Several runs have an id that begins so.
    #[error("`{typed}` may be {}", .candidates.join(" or "))]
    Ambiguous {
        /// What was typed.
        typed: String,
        /// Ids that begin so.
        candidates: Vec<String>,
    },
    /// Another process goes on with the run.
    #[error("run {run} is gone on with by {}", process(*pid))]
    Held {
        /// Which run.
        run: RunId,
        /// The process; 0 for one of another machine.
        pid: u32,
    },
    /// The row is done.
    #[error("run {0} is finished")]
    Done(RunId),
    /// Another process has taken the run over.
    #[error("run {0} was taken over by another process")]
    Fenced(RunId),
    /// The disk is full, or a limit of the system is reached.
    #[error("the journal cannot be written: {0}")]
    Unwritable(String),
    /// The database cannot be used; never has its password.
    #[error("{words}")]
    Database {
        /// What is wrong, and where.
        words: String,
        /// What to do about it.
        hint: &'static str,
    },
    /// The database does not answer.
    #[error("the database does not answer: {0}")]
    Unreachable(String),
    /// What is there is no journal, or it has rotted.
    #[error("the journal is damaged: {0}")]
    Damaged(String),
    /// A newer program wrote it.
    #[error("the journal has version {found}, this program knows versions up to {known}")]
    Newer {
        /// The version of the file.
        found: i64,
        /// The newest version that this program knows.
        known: usize,
    },
}

impl JournalError {
    /// Returns what to do next; may be empty.
    pub fn hint(&self) -> &'static str {
        match self {
            Self::Illegal(_) => "this is a mistake in reel; please report it with the script",
            Self::Full => "a loop of the script may never end",
            Self::Diverged { .. } => {
                "put the script back as it was, or run it anew; \
                 `reel resume --edited` takes changes behind the finished steps only"
            }
            Self::TapeEnds { .. } => "record the tape anew with `--record`",
            Self::NoRun(_) | Self::NoBatch(_) => "`reel runs` lists them",
            Self::Rows(_) => "the table changed while it was read; give the command once more",
            Self::Ambiguous { .. } => "type more of it",
            Self::Held { .. } => "wait for it, or end it with `reel cancel`",
            Self::Done(_) => "a row is made once; `reel show` tells how",
            Self::Fenced(_) => "`reel show` tells how it goes on there",
            Self::Unwritable(_) => {
                "make room or name another file with `--journal FILE`; nothing was sent that is not written"
            }
            Self::Database { hint, .. } => hint,
            Self::Unreachable(_) => {
                "nothing was sent that is not written; go on when the database runs again"
            }
            Self::Damaged(_) => {
                "look at the project itself with `reel session list` and `reel state`; \
                 move the file away to start a new journal"
            }
            Self::Newer { .. } => "use the newer program, or another file with `--journal FILE`",
        }
    }
}

fn process(pid: u32) -> String {
    if pid == 0 { "a process of another machine".to_owned() } else { format!("process {pid}") }
}

impl From<io::Error> for JournalError {
    fn from(error: io::Error) -> Self {
        Self::Unwritable(error.to_string())
    }
}

/// What SQLite says, by what it means for a run.
impl From<rusqlite::Error> for JournalError {
    fn from(error: rusqlite::Error) -> Self {
        use rusqlite::ErrorCode::{DatabaseCorrupt, NotADatabase};
        match error.sqlite_error_code() {
            Some(DatabaseCorrupt | NotADatabase) => Self::Damaged(error.to_string()),
            _ => Self::Unwritable(error.to_string()),
        }
    }
}
