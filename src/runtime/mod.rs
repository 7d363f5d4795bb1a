//! Rhai and nothing else: from the text of a script to the outcome of its run.

mod branches;
mod catch;
mod check;
mod engine;
mod error;
mod hint;
mod modules;
mod params;
mod program;
mod script;

pub mod console;
pub mod docs;
pub mod outline;

use std::panic::{self, AssertUnwindSafe};
use std::thread;

use serde_json::Value;

use crate::host::{Check, Kind, Run};
use crate::journal::{Ending, RunState};

pub use crate::host::STACK_BYTES;
pub use branches::branches;
pub use check::{Problem, Read, Severity, check};
pub use error::{Frame, Place, ScriptError};
pub use modules::module_file;
pub use params::{Param, params};
pub use program::Program;
pub use script::Script;

/// What a run's end means to whoever started it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Exit {
    /// All well.
    Done,
    /// The script threw, a check failed, or it said `exit(n)` with n other than 0.
    Failed,
    /// It did not compile or its params do not fit: nothing was sent.
    Usage,
    /// The backend or the network, after the documented reactions.
    Backend,
    /// A paid call may or may not have happened.
    InDoubt,
    /// A limit was reached.
    Limit,
    /// A mistake of ours.
    Bug,
    /// Stopped by the user.
    Stopped,
}

impl Exit {
    /// Returns the meaning of a failure that no script caught.
    pub fn of(kind: Kind) -> Self {
        match kind {
            Kind::Input | Kind::Sandbox | Kind::Script | Kind::MediaType | Kind::MediaSize => Self::Failed,
            Kind::Auth
            | Kind::Session
            | Kind::Credits
            | Kind::Plan
            | Kind::RateLimit
            | Kind::Network
            | Kind::Timeout
            | Kind::Render
            | Kind::Backend => Self::Backend,
            Kind::InDoubt => Self::InDoubt,
            Kind::Limit | Kind::Journal => Self::Limit,
            Kind::Diverged => Self::Usage,
            Kind::Bug => Self::Bug,
            Kind::Stopped => Self::Stopped,
        }
    }
}

impl Exit {
    /// Returns the number that the shell gets.
    pub fn code(self) -> u8 {
        match self {
            Self::Done => 0,
            Self::Failed => 1,
            Self::Usage => 2,
            Self::Backend => 3,
            Self::InDoubt => 4,
            Self::Limit => 5,
            Self::Bug => 70,
            Self::Stopped => 130,
        }
    }

    /// Returns how the journal keeps such an end.
    pub fn state(self) -> RunState {
        match self {
            Self::Done => RunState::Finished,
            Self::Stopped => RunState::Stopped,
            Self::InDoubt => RunState::Parked,
            Self::Failed | Self::Usage | Self::Backend | Self::Limit | Self::Bug => RunState::Failed,
        }
    }
}

/// How a run ended; failing is part of it.
#[derive(Clone, Debug)]
pub struct Outcome {
    /// What it means.
    pub exit: Exit,
    /// What the script gave to `exit`.
    pub exit_code: Option<i64>,
    /// The value of the script's last expression; null when it is no data.
    pub value: Value,
    /// Why it did not come to its end.
    pub error: Option<Box<ScriptError>>,
    /// The expectations that it recorded.
    pub checks: Vec<Check>,
    /// Credits that its finished turns took, as far as the backend tells.
    pub spent: f64,
    /// Files that it made, in order.
    pub files: Vec<String>,
}

impl Outcome {
    /// Returns the end as the journal keeps it, with the reason in one line.
    pub fn ending(&self) -> Ending {
        let words = self.error.as_ref().map(|error| error.message.clone()).unwrap_or_default();
        Ending { state: self.exit.state(), words, exit_code: self.exit.code() }
    }
}

/// Runs a script to its end, on a thread of its own, and waits for what it left in the
/// background. A panic in it is an outcome like any other.
///
/// Must not be called on a thread of the async runtime.
pub fn execute(script: &Script, run: &Run) -> Outcome {
    let ended = thread::scope(|scope| {
        let thread = thread::Builder::new().name("script".to_owned()).stack_size(STACK_BYTES);
        match thread.spawn_scoped(scope, || evaluate(script, run)) {
            Ok(handle) => handle.join().unwrap_or_else(|_| Err((Exit::Bug, panicked().into()))),
            Err(error) => {
                let said = format!("the script's thread cannot start: {error}");
                Err((Exit::Limit, ScriptError::new(Kind::Limit, said).into()))
            }
        }
    });
    outcome(run, ended)
}

/// As [`execute`], of a compiled script, on the thread of the caller, which has a stack of
/// [`STACK_BYTES`].
pub fn execute_here(program: &Program, run: &Run) -> Outcome {
    let ended = panic::catch_unwind(AssertUnwindSafe(|| program.evaluate(run)));
    outcome(run, ended.unwrap_or_else(|_| Err((Exit::Bug, panicked().into()))))
}

/// Waits for what a script left in the background, and puts its end together.
fn outcome(run: &Run, ended: Result<Value, (Exit, Box<ScriptError>)>) -> Outcome {
    let settled =
        run.settle().map_err(|failure| (Exit::of(failure.kind), ScriptError::of_failure(&failure).into()));
    let ended = ended.and_then(|value| settled.map(|()| value));
    let checks = run.checks();
    let failed = checks.iter().any(|check| !check.passed) || run.exit_code().is_some_and(|code| code != 0);
    let (exit, value, error) = match ended {
        Ok(value) => (if failed { Exit::Failed } else { Exit::Done }, value, None),
        Err((exit, error)) => (exit, Value::Null, Some(error)),
    };
    Outcome {
        exit,
        exit_code: run.exit_code(),
        value,
        error,
        checks,
        spent: run.spent(),
        files: run.files_made(),
    }
}

fn evaluate(script: &Script, run: &Run) -> Result<Value, (Exit, Box<ScriptError>)> {
    Program::of(script).map_err(|error| (Exit::Usage, error))?.evaluate(run)
}

fn panicked() -> ScriptError {
    ScriptError::new(Kind::Bug, "the script's engine broke down")
        .hint("this is a mistake in reel; please report it with the script")
}
