//! How a command ends: the exit codes that scripts around `reel` may count on, and the
//! errors that lead to them.

use std::process::ExitCode;

use crate::cli::ui::Trouble;
use crate::studio::StudioError;

/// The end of a process, as the shell sees it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Exit {
    /// All well.
    Done,
    /// The script threw, a check failed, or it ended itself with `exit(n)`, n not 0.
    Failed,
    /// Usage, or a script that does not compile: nothing was sent.
    Usage,
    /// Backend or network, after the documented reactions.
    Backend,
    /// A budget or a limit was reached.
    Limit,
    /// A bug of ours.
    Bug,
    /// Stopped by the user.
    Stopped,
}

impl Exit {
    /// Returns the number that the shell gets.
    pub(super) fn code(self) -> u8 {
        match self {
            Self::Done => 0,
            Self::Failed => 1,
            Self::Usage => 2,
            Self::Backend => 3,
            Self::Limit => 5,
            Self::Bug => 70,
            Self::Stopped => 130,
        }
    }
}

impl From<Exit> for ExitCode {
    fn from(exit: Exit) -> Self {
        Self::from(exit.code())
    }
}

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

/// Returns what to tell about an error that ended a command, and the code it ends with.
pub(super) fn explain(error: &anyhow::Error) -> (Trouble, Exit) {
    if let Some(usage) = error.downcast_ref::<Usage>() {
        return (Trouble::new(&usage.message, &usage.hint), Exit::Usage);
    }
    if let Some(error) = error.downcast_ref::<StudioError>() {
        let hint = match error {
            StudioError::Open { .. } => "set REEL_STUDIO_TOKEN, or listen on 127.0.0.1",
            error => error.hint(),
        };
        return (Trouble::new(error.to_string(), hint), Exit::Backend);
    }
    let report = "this is a mistake in reel; please report it with the command that you ran";
    (Trouble::new(format!("{error:#}"), report), Exit::Bug)
}
