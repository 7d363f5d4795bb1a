//! A batch on the threads of this process: each worker takes the next row that is not done.

use std::collections::VecDeque;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Mutex, PoisonError};
use std::thread;

use crate::batch::row::{End, Shared};
use crate::batch::shard::Shard;
use crate::host::{Failure, Kind};
use crate::journal::{JournalError, RowRecord, RunState};
use crate::runtime::{self, Exit};

/// Rows that are read from the journal at once: what waits stays there.
const PAGE: usize = 200;

/// Threads that a batch may have at most.
pub const PARALLEL_MAX: usize = 4_096;

/// Which rows are made, and how.
#[derive(Clone, Debug)]
pub struct Rules {
    /// Rows that are made at once.
    pub parallel: usize,
    /// Only those that failed or are in doubt.
    pub only_failed: bool,
    /// Only the row with this key.
    pub only: Option<String>,
    /// Begin no other row when one failed.
    pub fail_fast: bool,
    /// Only those of this share.
    pub shard: Option<Shard>,
}

/// What came of the rows in this life.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Sum {
    /// Rows that are done.
    pub finished: u64,
    /// Rows that failed.
    pub failed: u64,
    /// Rows with a turn in doubt.
    pub parked: u64,
    /// Rows that were stopped on their way.
    pub stopped: u64,
    /// Credits that they took.
    pub credits: f64,
}

/// The rows that are still to be made.
struct Feed<'a> {
    shared: &'a Shared<'a>,
    rules: &'a Rules,
    /// The number of the last row that was read.
    after: u64,
    page: VecDeque<RowRecord>,
    closed: bool,
}

impl Rules {
    /// Returns whether a row is to be made.
    pub fn want(&self, record: &RowRecord) -> bool {
        let open = match record.ended() {
            Some(RunState::Finished | RunState::Cancelled) => false,
            Some(RunState::Failed | RunState::Parked) => true,
            Some(RunState::Stopped) | None => !self.only_failed,
        };
        open && self.shard.is_none_or(|shard| shard.has(&record.row.key))
            && self.only.as_ref().is_none_or(|key| *key == record.row.key)
    }
}

/// Makes all rows that `rules` ask for, and waits for them.
///
/// # Errors
/// `Journal` when the journal does not work, and rows that went on then have ended as far as
/// they could; `Limit` when the system gives no thread.
pub fn run(shared: &Shared<'_>, rules: &Rules) -> Result<Sum, Failure> {
    let feed = Mutex::new(Feed { shared, rules, after: 0, page: VecDeque::new(), closed: false });
    let (sum, broken) = (Mutex::new(Sum::default()), Mutex::new(None));
    let stop = AtomicBool::new(false);
    let work = || {
        while !stop.load(Ordering::SeqCst) {
            let next = lock(&feed).next();
            let made = match next {
                Ok(None) => return,
                Ok(Some(record)) => shared.make(record),
                Err(error) => Err(error),
            };
            match made {
                Ok(None) => (),
                Ok(Some(end)) => {
                    if ends_all(shared, &end, rules) {
                        stop.store(true, Ordering::SeqCst);
                    }
                    lock(&sum).add(&end);
                }
                Err(error) => {
                    stop.store(true, Ordering::SeqCst);
                    lock(&broken).get_or_insert(error);
                }
            }
        }
    };
    thread::scope(|scope| {
        for started in 0..rules.parallel.clamp(1, PARALLEL_MAX) {
            let worker = thread::Builder::new().name("row".to_owned()).stack_size(runtime::STACK_BYTES);
            match worker.spawn_scoped(scope, work) {
                Ok(_) => (),
                Err(error) if started == 0 => return Err(no_thread(&error)),
                // Where the system gives no more threads the batch goes on with fewer.
                Err(_) => break,
            }
        }
        Ok(())
    })?;
    match lock(&broken).take() {
        Some(error) => Err(Failure::from(&error)),
        None => Ok(*lock(&sum)),
    }
}

fn no_thread(error: &std::io::Error) -> Failure {
    Failure::new(Kind::Limit, format!("no thread for the rows can start: {error}"))
}

/// Whether no other row must begin: the user stopped it, nothing more can be paid, nobody else
/// would fare better, or the first failure counts.
fn ends_all(shared: &Shared<'_>, end: &End, rules: &Rules) -> bool {
    match end.outcome.exit {
        Exit::Stopped => true,
        Exit::Limit => rules.fail_fast || shared.means.is_refused(),
        Exit::Done => false,
        _ => rules.fail_fast || is_of_account(end),
    }
}

/// Whether a row failed for a reason that every other row meets: the token is refused, or the
/// account is empty.
fn is_of_account(end: &End) -> bool {
    end.outcome.error.as_ref().is_some_and(|error| matches!(error.kind, Kind::Auth | Kind::Credits))
}

impl Feed<'_> {
    #[inline(never)]
    fn next(&mut self) -> Result<Option<Box<RowRecord>>, JournalError> {
        loop {
            if let Some(record) = self.page.pop_front() {
                if self.rules.want(&record) {
                    return Ok(Some(Box::new(record)));
                }
                continue;
            }
            if self.closed || self.shared.run.ended().is_some() {
                return Ok(None);
            }
            self.page = self.shared.journal.rows(self.shared.batch, self.after, PAGE)?.into();
            match self.page.back() {
                Some(last) => self.after = last.row.number,
                None => self.closed = true,
            }
        }
    }
}

impl Sum {
    fn add(&mut self, end: &End) {
        let count = match end.ending.state {
            RunState::Finished => &mut self.finished,
            RunState::Parked => &mut self.parked,
            RunState::Stopped | RunState::Cancelled => &mut self.stopped,
            RunState::Failed => &mut self.failed,
        };
        *count += 1;
        self.credits += end.outcome.spent;
    }
}

fn lock<T>(mutex: &Mutex<T>) -> std::sync::MutexGuard<'_, T> {
    // Every change under these locks is whole.
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
