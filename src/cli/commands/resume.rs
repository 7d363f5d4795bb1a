//! `reel resume`: goes on with runs that broke off.

use std::sync::Arc;

use anyhow::Context;
use clap::{Args, Parser};
use serde_json::Value;

use crate::cli::config::{Config, Env, Origin};
use crate::cli::exit::{Exit, Usage, explain};
use crate::cli::kept::{GoingOn, GoingOnBatch, Recipe};
use crate::cli::repl;
use crate::cli::ui::Ui;
use crate::cli::{Arguments, Command, Global, dispatch};
use crate::host::Verdict;
use crate::journal::{BatchRecord, Journal, JournalError, RunRecord, RunState, Sqlite, Standing};

/// Runs among which the unfinished ones are looked for, newest first.
const LOOKED_AT_MAX: usize = 10_000;

/// Arguments of `reel resume`.
#[derive(Args, Debug, Default)]
#[command(after_help = HELP)]
pub(in crate::cli) struct ResumeArgs {
    /// The run's id or its beginning; `reel runs` lists them [default: the last one]
    run: Option<String>,
    /// Go on with the newest run that is not finished
    #[arg(long, conflicts_with = "run")]
    last: bool,
    /// Go on with every run that is not finished, oldest first
    #[arg(long, conflicts_with_all = ["run", "last", "adopt", "repeat", "fail", "edited"])]
    all: bool,
    /// The script was changed behind the steps that are done
    #[arg(long)]
    edited: bool,
    #[command(flatten)]
    verdict: VerdictArgs,
}

/// The user's word about a turn in doubt.
#[derive(Args, Debug, Default)]
#[group(id = "verdict", multiple = false)]
pub(super) struct VerdictArgs {
    /// The turn in doubt took effect: go on with what the project holds
    #[arg(long)]
    adopt: bool,
    /// The turn in doubt did not take effect: send it again
    #[arg(long)]
    repeat: bool,
    /// The turn in doubt failed: the script hears so
    #[arg(long)]
    fail: bool,
}

const HELP: &str = "\
The script runs again from its first line: what is done returns what it returned then, a render
is asked about under its id, a download goes on, and a turn whose end was not heard is looked
for in the project before anything is sent.

Examples:
  reel resume
  reel resume 1f9a03c2 --max-credits 300
  reel resume 1f9a03c2 --adopt";

/// A command line that goes on with runs: each of them brings its own flags, which count
/// where this one is silent.
pub(in crate::cli) struct Resume<'a> {
    pub(in crate::cli) config: &'a Config,
    pub(in crate::cli) flags: &'a Global,
    pub(in crate::cli) env: Env<'a>,
    pub(in crate::cli) ui: &'a Arc<Ui>,
}

impl Resume<'_> {
    /// Goes on with one run, or with all that are not finished.
    pub(in crate::cli) fn runs(&self, args: &ResumeArgs) -> anyhow::Result<Exit> {
        let journal = Sqlite::open(&self.config.journal)?;
        if let Some(typed) = &args.run {
            return match journal.find(typed) {
                Err(JournalError::NoRun(_)) => self.batch(journal.find_batch(typed)?, None, args),
                Ok(RunRecord { row: Some(of), id, ended, .. }) => {
                    let state = ended.map(|(_, ending)| ending.state);
                    if let Some(state @ (RunState::Finished | RunState::Cancelled)) = state {
                        let words = format!("row `{}` of batch {} is {}", of.key, of.batch, state.word());
                        let hint =
                            format!("`reel show {id}` tells what it did; `reel batch --anew` makes all rows");
                        return Err(Usage::new(words, hint).into());
                    }
                    self.batch(journal.find_batch(of.batch.as_str())?, Some(of.key), args)
                }
                found => self.go_on(found?, args),
            };
        }
        if let Some(run) = journal.missing()?.first() {
            return Err(JournalError::Damaged(format!("run {run} is missing from it")).into());
        }
        let (mut open, mut batches) = (unfinished(&journal)?, unfinished_batches(&journal)?);
        if args.all && open.len() + batches.len() > 0 {
            return self.all(open, batches, args);
        }
        let newest = |batch: &BatchRecord| open.first().is_none_or(|run| run.created_ms < batch.created_ms);
        if batches.first().is_some_and(newest) {
            return self.batch(batches.remove(0), None, args);
        }
        if open.is_empty() {
            held(&journal)?;
            return Err(Usage::new("nothing to resume", "`reel runs` lists what was run").into());
        }
        self.go_on(open.remove(0), args)
    }

    /// Goes on with a REPL: the one whose id was typed, else the last one.
    pub(in crate::cli) fn repl(&self, typed: &str) -> anyhow::Result<Exit> {
        let journal = Sqlite::open(&self.config.journal)?;
        let record = if typed.is_empty() {
            let last = journal.runs(LOOKED_AT_MAX)?.into_iter().find(|run| run.made_of.title == repl::TITLE);
            last.ok_or_else(|| Usage::new("there was no REPL", "`reel repl` starts one"))?
        } else {
            journal.find(typed)?
        };
        self.go_on(record, &ResumeArgs::default())
    }

    /// Goes on with runs and then batches, which are given newest first, until the user stops one.
    fn all(
        &self,
        open: Vec<RunRecord>,
        batches: Vec<BatchRecord>,
        args: &ResumeArgs,
    ) -> anyhow::Result<Exit> {
        type Act<'a> = Box<dyn FnOnce() -> anyhow::Result<Exit> + 'a>;
        let runs = open.into_iter().rev().map(|run| Box::new(|| self.go_on(run, args)) as Act<'_>);
        let rows =
            batches.into_iter().rev().map(|batch| Box::new(|| self.batch(batch, None, args)) as Act<'_>);
        let mut worst = Exit::Done;
        for act in runs.chain(rows) {
            let ended = act().unwrap_or_else(|error| {
                let (trouble, exit) = explain(&error);
                self.ui.error(&trouble);
                exit
            });
            if ended == Exit::Stopped {
                return Ok(ended);
            }
            worst = if ended.code() > worst.code() { ended } else { worst };
        }
        Ok(worst)
    }

    fn go_on(&self, record: RunRecord, args: &ResumeArgs) -> anyhow::Result<Exit> {
        let id = record.id.clone();
        match record.ended.as_ref().map(|(_, ending)| ending.state) {
            Some(RunState::Finished) if record.made_of.title != repl::TITLE => {
                return Err(Usage::new(format!("run {id} is finished"), "run its script anew").into());
            }
            Some(RunState::Cancelled) => {
                return Err(Usage::new(format!("run {id} was cancelled"), "run its script anew").into());
            }
            _ => (),
        }
        let (command, mut again) = self.again(&record.made_of.setup, &format!("run {id}"))?;
        self.ui.notice(&format!("going on with run {id}: {}", record.made_of.title));
        again.going_on = Some(GoingOn::new(record, args.edited, args.verdict.verdict()));
        dispatch(command, &Arc::new(again), self.ui)
    }

    /// Goes on with a batch, or with one row of it.
    fn batch(&self, record: BatchRecord, key: Option<String>, args: &ResumeArgs) -> anyhow::Result<Exit> {
        let (id, verdict) = (record.id, args.verdict.verdict());
        if key.is_none() && verdict.is_some() {
            let hint = format!("name the run of the row; `reel report {id}` shows it");
            return Err(Usage::new("a verdict is about one row, not about a batch", hint).into());
        }
        let (command, mut again) = self.again(&record.made_of.setup, &format!("batch {id}"))?;
        let row = key.as_ref().map(|key| format!("row `{key}` of ")).unwrap_or_default();
        self.ui.notice(&format!("going on with {row}batch {id}: {}", record.made_of.title));
        again.batch = Some(GoingOnBatch { id, key, edited: args.edited, verdict });
        dispatch(command, &Arc::new(again), self.ui)
    }

    /// Reads the command that was recorded, in its folder and with its settings.
    fn again(&self, setup: &Value, what: &str) -> anyhow::Result<(Command, Config)> {
        let other = || Usage::new(format!("{what} was made by another version of reel"), "use that version");
        let recipe: Recipe = serde_json::from_value(setup.clone()).map_err(|_| other())?;
        let words = std::iter::once("reel").chain(recipe.arguments.iter().map(String::as_str));
        let given = Arguments::try_parse_from(words).map_err(|_| other())?;
        std::env::set_current_dir(&recipe.folder)
            .with_context(|| format!("{what} belongs into `{}`", recipe.folder.display()))?;
        let mut again = Config::load(&recipe.flags(self.flags), self.env)?;
        again.arguments.clone_from(&recipe.arguments);
        again.journal.clone_from(&self.config.journal);
        again.backend.from = Origin::Run;
        Ok((given.command, again))
    }
}

/// Says so when the newest run without an end is gone on with right now.
fn held(journal: &Sqlite) -> Result<(), JournalError> {
    for record in journal.runs(LOOKED_AT_MAX)?.into_iter().filter(|record| record.ended.is_none()) {
        if let Some(pid) = journal.holder(&record.id)? {
            return Err(JournalError::Held { run: record.id, pid });
        }
    }
    Ok(())
}

/// Runs that did not come to their end and that nobody goes on with, newest first. A script
/// that failed by itself is not among them: to run it once more is its user's decision.
fn unfinished(journal: &Sqlite) -> Result<Vec<RunRecord>, JournalError> {
    let mut open = Vec::new();
    for record in journal.runs(LOOKED_AT_MAX)? {
        let code = record.ended.as_ref().map(|(_, ending)| ending.exit_code);
        let broke_off = match Standing::of(journal, &record)? {
            Standing::BrokenOff => true,
            Standing::Running(_) => false,
            Standing::Ended(RunState::Failed) => {
                [Exit::Backend, Exit::Limit].into_iter().any(|exit| code == Some(exit.code()))
            }
            Standing::Ended(state) => state.goes_on(),
        };
        // A REPL is gone on with by hand.
        if broke_off && record.made_of.title != repl::TITLE {
            open.push(record);
        }
    }
    Ok(open)
}

/// Batches with rows that were not made, newest first. Rows that failed by themselves are not
/// among them: to try them once more is their user's decision.
fn unfinished_batches(journal: &Sqlite) -> Result<Vec<BatchRecord>, JournalError> {
    let mut open = Vec::new();
    for record in journal.batches(LOOKED_AT_MAX)? {
        let tally = journal.tally(&record.id)?;
        if tally.waiting() + tally.open + tally.parked > 0 {
            open.push(record);
        }
    }
    Ok(open)
}

impl VerdictArgs {
    /// Returns what was decided, if anything was.
    pub(super) fn verdict(&self) -> Option<Verdict> {
        match (self.adopt, self.repeat, self.fail) {
            (true, ..) => Some(Verdict::Adopt),
            (_, true, _) => Some(Verdict::Repeat),
            (.., true) => Some(Verdict::Fail),
            _ => None,
        }
    }
}
