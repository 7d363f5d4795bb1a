//! What a run tells while it goes on; `cli` turns it into words.

use std::path::PathBuf;
use std::sync::Arc;

use serde_json::Value;

use crate::client::Progress;
use crate::host::failure::Failure;
use crate::host::run::Check;
use crate::journal::{Class, SCRIPT_ROW, StepId};
use crate::talk::route::Action;

/// Where events go. Called from several threads; must be quick.
pub type Sink = Arc<dyn Fn(Event) + Send + Sync>;

/// One thing that happened.
#[derive(Clone, Debug)]
pub enum Event {
    /// The script printed a line.
    Print(String),
    /// The script wrote a line with `debug`.
    Debug {
        /// What it says.
        text: String,
        /// Where it was written, such as `main.rhai:3:7`.
        at: String,
    },
    /// The script noted a value.
    Note(Value),
    /// The script checked an expectation.
    Check(Check),
    /// A call is about to take effect.
    StepBegan {
        /// Which one.
        id: StepId,
        /// The function, such as `chat`.
        name: &'static str,
        /// Its class.
        class: Class,
    },
    /// A call got further.
    Progress {
        /// The function.
        call: &'static str,
        /// How far.
        progress: Progress,
    },
    /// Plain words were understood as this action.
    Routed(Action),
    /// A call came to its end.
    StepDone {
        /// Which one.
        id: StepId,
        /// The function.
        name: &'static str,
        /// How long it took, in seconds.
        seconds: f64,
        /// Why it failed; none when it worked.
        failure: Option<Failure>,
    },
    /// A file was made.
    File(PathBuf),
    /// Something of this happened in a row of a batch. Steps know their row themselves.
    InRow {
        /// The path of the row, such as `0/3`.
        row: String,
        /// What happened.
        event: Box<Event>,
    },
}

impl Event {
    /// Returns the event as one of a row; as it is in the script itself.
    pub(super) fn in_row(self, row: &str) -> Self {
        match self {
            event @ (Self::StepBegan { .. } | Self::StepDone { .. } | Self::InRow { .. }) => event,
            event if row == SCRIPT_ROW => event,
            event => Self::InRow { row: row.to_owned(), event: Box::new(event) },
        }
    }
}
