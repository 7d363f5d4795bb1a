//! `reel cancel`: ends a run, here or in the process that goes on with it.

use std::collections::BTreeSet;

use anyhow::Context;
use clap::Args;

use crate::cli::commands::runs::credits;
use crate::cli::config::Config;
use crate::cli::exit::{Exit, Usage};
use crate::cli::stop;
use crate::cli::ui::Ui;
use crate::clock::Clock;
use crate::journal::{
    BatchRecord, Ending, Journal, JournalError, RunState, Sqlite, Standing, Story, each_row,
};

/// Arguments of `reel cancel`.
#[derive(Args, Debug)]
#[command(after_help = HELP)]
pub(in crate::cli) struct CancelArgs {
    /// The id of a run or a batch, or its beginning; `reel runs` lists them
    run: String,
}

const HELP: &str = "\
A run that a process goes on with is stopped there, as with Ctrl-C: it ends in order, and
`reel resume` could go on with it. Any other run is given up for good; its log stays. A batch is
stopped as a whole, also by the id of one of its rows that is being made.

Example:
  reel cancel 1f9a03c2";

/// Stops a run that goes on, or gives one up that does not.
pub(in crate::cli) fn cancel(args: &CancelArgs, config: &Config, ui: &Ui) -> anyhow::Result<Exit> {
    let journal = Sqlite::open(&config.journal)?;
    let record = match journal.find(&args.run) {
        Err(missing @ JournalError::NoRun(_)) => {
            return match journal.find_batch(&args.run) {
                Ok(batch) => stop_batch(&journal, &batch, ui),
                Err(JournalError::NoBatch(_)) => Err(missing.into()),
                Err(error) => Err(error.into()),
            };
        }
        found => found?,
    };
    let id = &record.id;
    match Standing::of(&journal, &record)? {
        Standing::Running(pid) => {
            let unheard = || format!("process {pid}, which goes on with run {id}, cannot be stopped");
            stop::interrupt(pid).with_context(unheard)?;
            let rows = match &record.row {
                Some(of) => format!(", with all rows of batch {} that it makes", of.batch),
                None => String::new(),
            };
            ui.notice(&format!("process {pid} was told to stop{rows}; once more gives run {id} up for good"));
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
            // One that was killed could not say at its end what it took.
            let credits = credits(&Story::of(journal.entries(id)?)?.steps);
            journal.end(&lease, Clock::System.now_ms(), &ending, credits)?;
            ui.notice(&format!("run {id} is given up; `reel show {id}` tells what it did"));
        }
    }
    Ok(Exit::Done)
}

/// Stops the processes that make rows of a batch.
fn stop_batch(journal: &Sqlite, batch: &BatchRecord, ui: &Ui) -> anyhow::Result<Exit> {
    let (id, mut at_work) = (&batch.id, BTreeSet::new());
    each_row(journal, id, |record| {
        if let Some(run) = record.run.filter(|run| run.ended.is_none()) {
            at_work.extend(journal.holder(&run.id)?);
        }
        Ok(())
    })?;
    if at_work.is_empty() {
        let hint = format!("`reel resume {id}` goes on with it, `reel clean` forgets batches");
        return Err(Usage::new(format!("no process makes rows of batch {id}"), hint).into());
    }
    for pid in at_work {
        stop::interrupt(pid)
            .with_context(|| format!("process {pid}, which makes rows, cannot be stopped"))?;
        ui.notice(&format!("process {pid} was told to stop; `reel resume {id}` could go on"));
    }
    Ok(Exit::Done)
}
