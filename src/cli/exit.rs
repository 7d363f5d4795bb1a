//! How a command ends: the exit codes that scripts around `reel` may count on, and the
//! errors that lead to them.

use crate::cli::ui::Trouble;
use crate::host::{Failure, Kind};
use crate::journal::JournalError;
pub(super) use crate::runtime::Exit;
use crate::runtime::ScriptError;
use crate::studio::StudioError;

/// Something the user can mend before anything is sent.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{message}")]
pub(super) struct Usage {
    pub(super) message: String,
    pub(super) hint: String,
}

impl Usage {
    pub(super) fn new(message: impl Into<String>, hint: impl Into<String>) -> Self {
        Self { message: message.into(), hint: hint.into() }
    }
}

/// Returns what to tell about an error that ended a command, and how the command ends.
pub(super) fn explain(error: &anyhow::Error) -> (Trouble, Exit) {
    if let Some(usage) = error.downcast_ref::<Usage>() {
        return (Trouble::new(&usage.message, &usage.hint), Exit::Usage);
    }
    if let Some(failure) = error.downcast_ref::<Failure>() {
        return (Trouble::from(failure), of_call(failure));
    }
    if let Some(error) = error.downcast_ref::<Box<ScriptError>>() {
        return (Trouble::from(&**error), Exit::Usage);
    }
    if let Some(error) = error.downcast_ref::<StudioError>() {
        let hint = match error {
            StudioError::Open { .. } => "set REEL_STUDIO_TOKEN, or listen on 127.0.0.1",
            error => error.hint(),
        };
        return (Trouble::new(error.to_string(), hint), Exit::Backend);
    }
    if let Some(error) = error.downcast_ref::<JournalError>() {
        return (Trouble::new(error.to_string(), error.hint()), of_journal(error));
    }
    (Trouble::new(format!("{error:#}"), ""), Exit::Bug)
}

/// What a journal that does not do as asked means: a name that is none is the user's to mend.
fn of_journal(error: &JournalError) -> Exit {
    match error {
        JournalError::NoRun(_)
        | JournalError::NoBatch(_)
        | JournalError::Ambiguous { .. }
        | JournalError::Held { .. }
        | JournalError::Done(_) => Exit::Usage,
        error => Exit::of(Failure::from(error).kind),
    }
}

/// What a failed one-shot command means: what we refuse ourselves was never sent.
fn of_call(failure: &Failure) -> Exit {
    match failure.kind {
        Kind::Input | Kind::Sandbox => Exit::Usage,
        Kind::MediaType | Kind::MediaSize if failure.code == 0 => Exit::Usage,
        kind => Exit::of(kind),
    }
}
