//! One row of a batch, from its lease to its end.
//!
//! A thousand rows may wait for the backend at the same time, each on a stack of its own. What
//! goes before and after the script is therefore done in functions that are not inlined: their
//! frames are gone, or not there yet, while the script waits.

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use serde_json::Value;

use crate::host::{Event, Means, Run, Verdict};
use crate::journal::{
    BatchId, BatchRow, Class, Ending, Journal, JournalError, Replay, RowRecord, RunId, RunLog, RunState,
    Status,
};
use crate::model::media::CONTAINERS;
use crate::runtime::{self, Exit, Outcome, Program};

/// Waits before a row that failed, where nothing is paid, gets another try.
pub const BACKOFF: [Duration; 2] = [Duration::from_secs(2), Duration::from_secs(10)];

/// What all rows of a batch have in common.
pub struct Shared<'a> {
    /// The batch.
    pub batch: &'a BatchId,
    /// Its script.
    pub program: &'a Program,
    /// Where their logs are kept.
    pub journal: Arc<dyn Journal>,
    /// The run that they are rows of: the way to the backend, and what scripts may touch.
    pub run: &'a Run,
    /// What they share.
    pub means: Arc<Means>,
    /// What the user decided about a turn that is in doubt.
    pub verdict: Option<Verdict>,
    /// Waits before further tries of a row that failed.
    pub backoff: &'a [Duration],
    /// Told what happens.
    pub tell: Tell,
}

/// Told what happens to rows; called from several threads, and must be quick.
pub type Tell = Arc<dyn Fn(&BatchRow, Told) + Send + Sync>;

/// What happens to a row.
#[derive(Debug)]
pub enum Told {
    /// Its script starts.
    Began(RunId),
    /// Its script does something.
    Event(Event),
    /// It failed, and gets another try after this wait.
    Again(Duration, String),
    /// It came to its end.
    Ended(Box<End>),
    /// Another process has it, has just made it, or has given it up.
    Elsewhere,
}

/// How a row ended.
#[derive(Clone, Debug)]
pub struct End {
    /// Its run.
    pub run: RunId,
    /// How.
    pub ending: Ending,
    /// What its script came to.
    pub outcome: Outcome,
    /// How long it took in this life.
    pub took: Duration,
    /// It failed, and another try may work and costs nothing.
    pub free: bool,
}

impl Shared<'_> {
    /// Makes a row, on a thread with a stack of [`runtime::STACK_BYTES`]. A row that failed is
    /// an end like any other; none when another process has it.
    ///
    /// # Errors
    /// The journal does not work: nothing more must be begun.
    pub fn make(&self, record: Box<RowRecord>) -> Result<Option<Box<End>>, JournalError> {
        let mut counted = record.run.as_ref().map_or(0.0, |run| run.credits);
        let row = &begun(record);
        let (mut waits, mut verdict) = (self.backoff.iter(), self.verdict);
        loop {
            // What the user decided is about one turn: it counts once.
            let Some(end) = self.try_once(row, &mut counted, verdict.take())? else {
                (self.tell)(row, Told::Elsewhere);
                return Ok(None);
            };
            let wait = waits.next().filter(|_| end.free);
            let Some(wait) = wait.copied() else {
                (self.tell)(row, Told::Ended(end.clone()));
                return Ok(Some(end));
            };
            (self.tell)(row, Told::Again(wait, end.ending.words.clone()));
            if !self.run.pause(wait) {
                (self.tell)(row, Told::Ended(end.clone()));
                return Ok(Some(end));
            }
        }
    }

    /// Runs the script of a row once. `counted` is what the means know of its credits.
    #[inline(never)]
    fn try_once(
        &self,
        row: &Arc<BatchRow>,
        counted: &mut f64,
        verdict: Option<Verdict>,
    ) -> Result<Option<Box<End>>, JournalError> {
        let Some(life) = self.begin(row, *counted)? else { return Ok(None) };
        let outcome = runtime::execute_here(self.program, &self.run_of(row, &life.log, verdict));
        *counted = life.log.credits();
        self.ended(life, outcome).map(Some)
    }

    /// Takes a row over; none when there is nothing to be done about it here.
    #[inline(never)]
    fn begin(&self, row: &BatchRow, counted: f64) -> Result<Option<Life>, JournalError> {
        let clock = self.run.clock();
        let id = self.journal.row_run(self.batch, row, clock.now_ms())?;
        // The row was read a while ago: it may have failed since, or been given up.
        let before = self.journal.find(id.as_str())?.ended.map(|(_, ending)| ending.state);
        if before == Some(RunState::Cancelled) {
            return Ok(None);
        }
        let lease = match self.journal.lease(&id) {
            Ok(lease) => lease,
            Err(JournalError::Held { .. } | JournalError::Done(_)) => return Ok(None),
            Err(error) => return Err(error),
        };
        let replay = if before == Some(RunState::Failed) { Replay::Retry } else { Replay::Resume };
        let log = Arc::new(RunLog::open(Arc::clone(&self.journal), lease, clock.clone(), replay)?.of_row());
        self.means.goes_on(counted, log.credits());
        (self.tell)(row, Told::Began(id.clone()));
        Ok(Some(Life { id, log, started: clock.monotonic() }))
    }

    #[inline(never)]
    fn run_of(&self, row: &Arc<BatchRow>, log: &Arc<RunLog>, verdict: Option<Verdict>) -> Run {
        let (tell, told) = (Arc::clone(&self.tell), Arc::clone(row));
        let (out, film) = place(&self.run.files().out, &row.name);
        self.run.beside(Some(Arc::clone(&self.means)), |setup| {
            setup.log = Arc::clone(log);
            setup.params = row.params.clone();
            (setup.files.out, setup.files.film) = (out, film);
            setup.sink = Arc::new(move |event| tell(&told, Told::Event(event)));
            setup.verdict = verdict;
        })
    }

    #[inline(never)]
    fn ended(&self, life: Life, outcome: Outcome) -> Result<Box<End>, JournalError> {
        let Life { id, log, started } = life;
        let took = self.run.clock().monotonic().saturating_sub(started);
        let ending = outcome.ending();
        log.end(&ending)?;
        let free = ending.state == RunState::Failed && another_try_is_free(&log, outcome.exit);
        Ok(Box::new(End { run: id, ending, outcome, took, free }))
    }
}

/// A row that this process goes on with.
struct Life {
    id: RunId,
    log: Arc<RunLog>,
    /// [`crate::clock::Clock::monotonic`] when its script began.
    started: Duration,
}

/// A row under the name with which it was begun: its outputs stay together when the table moves
/// it to another place.
#[inline(never)]
fn begun(record: Box<RowRecord>) -> Arc<BatchRow> {
    let RowRecord { row, run, .. } = *record;
    let name = run.map(|run| run.made_of.title);
    Arc::new(BatchRow { name: name.unwrap_or_else(|| row.name.clone()), ..row })
}

/// Where the outputs of a row land: a folder of its own, and the one file that its name names
/// when it has the ending of a film.
fn place(out: &Path, name: &str) -> (PathBuf, Option<PathBuf>) {
    let target = out.join(name);
    let ending = target.extension().and_then(|ending| ending.to_str()).unwrap_or_default();
    if CONTAINERS.contains(&ending) { (target.with_extension(""), Some(target)) } else { (target, None) }
}

/// Whether what failed may work the next time, and a repeat of it costs nothing.
fn another_try_is_free(log: &RunLog, exit: Exit) -> bool {
    let last = log.steps().pop().filter(|step| step.call.class != Class::Paid);
    exit == Exit::Backend
        && last.is_some_and(|step| match step.status {
            Status::Failed { failure, .. } => failure.get("retryable") == Some(&Value::Bool(true)),
            _ => false,
        })
}
