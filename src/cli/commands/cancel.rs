//! `reel cancel`: ends a run, here or in the process that goes on with it.

use anyhow::Context;
use clap::Args;

use crate::cli::config::Config;
use crate::cli::exit::{Exit, Usage};
use crate::cli::stop;
use crate::cli::ui::Ui;
use crate::clock::Clock;
use crate::journal::{Ending, Journal, RunState, Sqlite, Standing};

/// Arguments of `reel cancel`.
#[derive(Args, Debug)]
#[command(after_help = HELP)]
pub(in crate::cli) struct CancelArgs {
    /// The run's id or its beginning; `reel runs` lists them
    run: String,
}

const HELP: &str = "\
A run that a process goes on with is stopped there, as with Ctrl-C: it ends in order, and
`reel resume` could go on with it. Any other run is given up for good; its log stays.

Example:
  reel cancel 1f9a03c2";

/// Stops a run that goes on, or gives one up that does not.
pub(in crate::cli) fn cancel(args: &CancelArgs, config: &Config, ui: &Ui) -> anyhow::Result<Exit> {
    let journal = Sqlite::open(&config.journal)?;
    let record = journal.find(&args.run)?;
    let id = &record.id;
    match Standing::of(&journal, &record)? {
        Standing::Running(pid) => {
            let unheard = || format!("process {pid}, which goes on with run {id}, cannot be stopped");
            stop::interrupt(pid).with_context(unheard)?;
            ui.notice(&format!("process {pid} was told to stop; once more gives run {id} up for good"));
        }
        Standing::Ended(RunState::Finished) => {
            let words = format!("run {id} is finished: there is nothing to cancel");
            return Err(Usage::new(words, "`reel clean` forgets old runs").into());
        }
        Standing::Ended(RunState::Cancelled) => ui.notice(&format!("run {id} was cancelled before")),
        Standing::BrokenOff | Standing::Ended(_) => {
            let lease = journal.lease(id)?;
            let words = "given up by the user".to_owned();
            let ending = Ending { state: RunState::Cancelled, words, exit_code: Exit::Stopped.code() };
            journal.end(&lease, Clock::System.now_ms(), &ending, record.credits)?;
            ui.notice(&format!("run {id} is given up; `reel show {id}` tells what it did"));
        }
    }
    Ok(Exit::Done)
}
