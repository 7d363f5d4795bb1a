//! One running script: what it may use, what it was given, and what it has done so far.

use std::collections::{BTreeMap, BTreeSet};
use std::future;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, MutexGuard, OnceLock, PoisonError};
use std::time::Duration;

use serde::{Deserialize, Serialize};
use tokio::runtime::Handle;
use tokio::task::JoinHandle;
use tokio_util::sync::CancellationToken;

use crate::client::{self, Client, Profile, Watcher};
use crate::clock::Clock;
use crate::host::event::Event;
use crate::host::failure::{Failure, Kind};
use crate::host::means::{Held, Means};
use crate::host::row::Row;
use crate::host::setup::{FileAccess, Setup, Verdict};
use crate::host::wait;
use crate::journal::RunLog;
use crate::wire::credits::FirstEdit;

/// Threads that work on rows at the same time, those of batches inside rows included. One
/// that waits takes some 100 KiB.
const WORKERS_MAX: usize = 256;

/// The timeline of a session as its last recorded call left it. A run that goes on compares
/// the project with it before it sends a turn.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) enum Left {
    /// Nothing is recorded.
    #[default]
    Unknown,
    /// The session was made, and no turn was sent.
    Empty,
    /// [`crate::model::state::State::timeline_print`] of it.
    Print(String),
}

/// A recorded expectation of the script.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Check {
    /// What was expected.
    pub name: String,
    /// Whether it held.
    pub passed: bool,
    /// What to do when it did not.
    pub hint: String,
}

/// One running script. Clones are the same run.
#[derive(Clone)]
pub struct Run(Arc<Shared>);

struct Shared {
    setup: Setup,
    backend: Arc<Backend>,
    means: Arc<Means>,
    /// Cancelled when the run has ended for good; a child of the user's stop.
    halt: CancellationToken,
    /// [`Clock::monotonic`] at the start.
    started: Duration,
    /// The first thing that ended the run for good; it stays the reason.
    ended: OnceLock<Failure>,
    done: Arc<Mutex<Done>>,
}

/// Threads that work on rows, until it is dropped.
pub(super) struct Crew {
    run: Run,
    count: usize,
}

/// The way to the backend.
#[derive(Default)]
struct Backend {
    /// How to speak to it, once it was found.
    found: Mutex<Option<Box<client::Config>>>,
    client: OnceLock<Client>,
}

#[derive(Default)]
struct Done {
    checks: Vec<Check>,
    /// Credits that finished turns took, as far as the backend tells.
    spent: f64,
    /// What the script calls the one file of its row.
    film: Option<String>,
    /// The timelines of sessions, by their id, as the journal has them, with the row that knows.
    left: BTreeMap<String, (String, Left)>,
    /// How many batches each row has begun.
    batches: BTreeMap<String, u64>,
    /// Threads that work on rows.
    workers: usize,
    /// Sessions whose first change is paid, by their id.
    edited: BTreeSet<String>,
    /// The user's verdict has been acted upon.
    judged: bool,
    background: Vec<JoinHandle<()>>,
    /// Files that were read.
    read: Vec<PathBuf>,
    /// What the script gave to `exit`.
    exit_code: Option<i64>,
    /// Numbers given to background work.
    keys: u64,
    /// Failures of background work that no script has heard of yet, by its number.
    unheard: BTreeMap<u64, Failure>,
}

impl Run {
    /// Starts the clock of a run.
    pub fn new(setup: Setup) -> Self {
        let (started, halt) = (setup.clock.monotonic(), setup.stop.child_token());
        let (backend, ended, done) = Default::default();
        let means = Arc::new(Means::alone(setup.credits_max, setup.log.credits()));
        Self(Arc::new(Shared { setup, backend, means, halt, started, ended, done }))
    }

    /// Returns the same run for the next line of a console: a stop ends only that line.
    pub fn next_line(&self, stop: CancellationToken) -> Self {
        let shared = &self.0;
        let setup = Setup { stop, ..shared.setup.clone() };
        let (started, halt) = (setup.clock.monotonic(), setup.stop.child_token());
        let (backend, done) = (Arc::clone(&shared.backend), Arc::clone(&shared.done));
        let means = Arc::clone(&shared.means);
        Self(Arc::new(Shared { setup, backend, means, halt, started, ended: OnceLock::new(), done }))
    }

    /// Returns another run on the same backend, which is found once for both; `change` says
    /// what is its own. Its turns are paid from `means`, or from its own limit.
    pub fn beside(&self, means: Option<Arc<Means>>, change: impl FnOnce(&mut Setup)) -> Self {
        let mut setup = self.0.setup.clone();
        change(&mut setup);
        let (started, halt) = (setup.clock.monotonic(), setup.stop.child_token());
        let own = || Arc::new(Means::alone(setup.credits_max, setup.log.credits()));
        let means = means.unwrap_or_else(own);
        let (backend, (ended, done)) = (Arc::clone(&self.0.backend), Default::default());
        Self(Arc::new(Shared { setup, backend, means, halt, started, ended, done }))
    }

    /// Returns the client of the run; finds the backend if nobody did before.
    ///
    /// # Errors
    /// The backend is not found, or the client's settings cannot be used.
    pub(super) fn client(&self) -> Result<Client, Failure> {
        if let Some(client) = self.0.backend.client.get() {
            return Ok(client.clone());
        }
        let client = Client::new(*self.found()?)?;
        Ok(self.0.backend.client.get_or_init(|| client).clone())
    }

    /// Returns what people call the backend.
    pub fn backend(&self) -> &str {
        &self.0.setup.backend
    }

    /// Makes a client that speaks on behalf of another skill.
    pub(super) fn client_of(&self, profile: Profile) -> Result<Client, Failure> {
        Ok(Client::new(client::Config { profile, ..*self.found()? })?)
    }

    /// Calls that need the backend at the same time wait for the first of them to find it.
    #[inline(never)]
    fn found(&self) -> Result<Box<client::Config>, Failure> {
        let mut found = self.0.backend.found.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(config) = &*found {
            return Ok(config.clone());
        }
        let run = self.clone();
        let config = wait::block_on(self, move || async move { (run.0.setup.find)().await.map(Box::new) })?;
        *found = Some(config.clone());
        Ok(config)
    }

    /// Returns the language that the user asked for.
    pub(super) fn language(&self) -> Option<&str> {
        self.0.setup.language.as_deref()
    }

    /// Returns what a language is read from: words, then the locale.
    pub(super) fn tongue(&self) -> (&str, Option<&str>) {
        (&self.0.setup.words, self.0.setup.locale.as_deref())
    }

    /// Returns the token that stops what runs outside of [`crate::host`].
    pub(super) fn stop(&self) -> &CancellationToken {
        &self.0.halt
    }

    /// Returns a watcher that tells the progress of a call.
    pub(super) fn watcher(&self, call: &'static str) -> Watcher {
        let (sink, row) = (self.0.setup.sink.clone(), Row::current());
        Arc::new(move |progress| sink(Event::Progress { call, progress }.in_row(row.path())))
    }

    /// Returns the log of the run.
    pub fn log(&self) -> &RunLog {
        &self.0.setup.log
    }

    /// Returns what the user decided, to whoever asks first.
    pub(super) fn verdict(&self) -> Option<Verdict> {
        let judged = std::mem::replace(&mut self.done().judged, true);
        self.0.setup.verdict.filter(|_| !judged)
    }

    /// Returns the async runtime.
    pub(super) fn runtime(&self) -> &Handle {
        &self.0.setup.runtime
    }

    /// Returns the clock.
    pub fn clock(&self) -> &Clock {
        &self.0.setup.clock
    }

    /// Returns the folders that it may use.
    pub fn files(&self) -> &FileAccess {
        &self.0.setup.files
    }

    /// Returns the file of small values.
    pub(super) fn store(&self) -> &Path {
        &self.0.setup.files.store
    }

    /// Returns the values of `-p name=value`.
    pub fn params(&self) -> &BTreeMap<String, String> {
        &self.0.setup.params
    }

    /// Returns whether the script may read this environment variable.
    pub(super) fn may_read_env(&self, name: &str) -> bool {
        self.0.setup.env_allowed.contains(name)
    }

    /// Returns the path of the row in which calls of this thread or task are numbered.
    pub(super) fn row(&self) -> String {
        Row::current().path().to_owned()
    }

    /// Tells what happens to whoever watches.
    pub fn emit(&self, event: Event) {
        self.emit_in(Row::current().path(), event);
    }

    /// Tells what happens in a row.
    pub(super) fn emit_in(&self, row: &str, event: Event) {
        (self.0.setup.sink)(event.in_row(row));
    }

    /// Returns why the run must end now: it was stopped, its time is up, or a call ended it.
    /// Engines ask between operations, so that no loop outlives the reason.
    pub fn ended(&self) -> Option<Failure> {
        if let Some(failure) = self.0.ended.get() {
            return Some(failure.clone());
        }
        if self.0.setup.stop.is_cancelled() {
            return Some(self.end(stopped()));
        }
        let max = self.0.setup.time_max?;
        (self.elapsed() >= max).then(|| self.end(out_of_time(max)))
    }

    /// Ends the run for good, unless it has ended before; returns the reason that counts.
    pub fn end(&self, failure: Failure) -> Failure {
        let reason = self.0.ended.get_or_init(|| failure).clone();
        self.0.halt.cancel();
        reason
    }

    /// Completes when the run is stopped or its time is up.
    pub(super) async fn until_ended(&self) -> Failure {
        let setup = &self.0.setup;
        let time_up = async {
            match setup.time_max {
                Some(max) => tokio::time::sleep(max.saturating_sub(self.elapsed())).await,
                None => future::pending().await,
            }
        };
        let reason = tokio::select! {
            biased;
            // Also when another call has ended the run: then its reason is the one that counts.
            () = self.0.halt.cancelled() => stopped(),
            () = time_up => out_of_time(setup.time_max.unwrap_or_default()),
        };
        self.end(reason)
    }

    /// Waits so long; returns whether the run goes on after it.
    /// Must not be called on a thread of the async runtime.
    pub fn pause(&self, time: Duration) -> bool {
        let clock = self.clock().clone();
        let waited = wait::block_on(self, move || async move {
            clock.sleep(time).await;
            Ok(())
        });
        waited.is_ok()
    }

    /// Returns the time since the start.
    pub fn elapsed(&self) -> Duration {
        self.clock().monotonic().saturating_sub(self.0.started)
    }

    /// Keeps an expectation of the script.
    pub(super) fn add_check(&self, check: Check) {
        self.done().checks.push(check);
    }

    /// Returns the expectations so far.
    pub fn checks(&self) -> Vec<Check> {
        self.done().checks.clone()
    }

    /// Adds what a turn took. `held` is its price, for one of this life: what earlier lives took
    /// was counted before the script began.
    pub(super) fn add_spent(&self, credits: f64, held: Option<Held>) {
        if let Some(held) = held {
            held.spend(credits);
        }
        self.done().spent += credits;
    }

    /// Returns what turns are paid from.
    pub(super) fn means(&self) -> &Arc<Means> {
        &self.0.means
    }

    /// Returns what the script calls the one file of its row: the first name that it used.
    pub(super) fn claim_film(&self, path: &str) -> String {
        self.done().film.get_or_insert_with(|| path.to_owned()).clone()
    }

    /// Keeps that a session has paid for its first change.
    pub(super) fn set_edited(&self, session_id: &str) {
        self.done().edited.insert(session_id.to_owned());
    }

    /// Returns how a session stands to the price of a change, as far as the run knows: a
    /// project that was changed before it was opened may ask for less.
    pub(super) fn first_edit(&self, session_id: &str) -> FirstEdit {
        if self.done().edited.contains(session_id) { FirstEdit::Paid } else { FirstEdit::Due }
    }

    /// Sets the price of a turn aside.
    ///
    /// # Errors
    /// `Limit`, which ends the run, when it would pass the budget.
    pub(super) fn afford(&self, price: f64) -> Result<Held, Failure> {
        let refused = |words| Failure::new(Kind::Limit, words).hint("go on with a higher `--max-credits`");
        self.0.means.hold(price).map_err(|words| self.end(refused(words)))
    }

    /// Returns the credits that finished turns took, as far as the backend tells.
    pub fn spent(&self) -> f64 {
        self.done().spent
    }

    /// Keeps and tells the path of a file that was made.
    ///
    /// # Errors
    /// The journal cannot be written, which ends the run.
    pub(super) fn made(&self, path: PathBuf) -> Result<(), Failure> {
        self.log().file(&path.display().to_string()).map_err(|error| self.end((&error).into()))?;
        self.emit(Event::File(path));
        Ok(())
    }

    /// Returns the files that were made, in order; those of earlier lives, too.
    pub fn files_made(&self) -> Vec<String> {
        self.log().files()
    }

    /// Keeps the path of a file that was read.
    pub(super) fn add_read(&self, path: &Path) {
        let mut done = self.done();
        if !done.read.iter().any(|known| known == path) {
            done.read.push(path.to_path_buf());
        }
    }

    /// Returns the files that were read in this life of the run, in order.
    pub fn files_read(&self) -> Vec<PathBuf> {
        self.done().read.clone()
    }

    /// Returns how the last recorded call left the timeline of a session. Rows that share one
    /// do not know: which of them comes first differs from life to life.
    pub(super) fn left(&self, session_id: &str) -> Left {
        let known = self.done().left.get(session_id).cloned();
        known.filter(|(row, _)| row == Row::current().path()).map(|(_, left)| left).unwrap_or_default()
    }

    /// Keeps how a call left the timeline of a session.
    pub(super) fn set_left(&self, session_id: &str, left: Left) {
        let row = Row::current().path().to_owned();
        let mut done = self.done();
        let shared =
            done.left.get(session_id).is_some_and(|(of, known)| *of != row || *known == Left::Unknown);
        let left = if shared { Left::Unknown } else { left };
        done.left.insert(session_id.to_owned(), (row, left));
    }

    /// Returns how many batches a row has begun before this one.
    pub(super) fn next_batch(&self, row: &str) -> u64 {
        let mut done = self.done();
        let begun = done.batches.entry(row.to_owned()).or_default();
        *begun += 1;
        *begun - 1
    }

    /// Lends threads for rows: as many as are wanted and still free, and always one, which
    /// stands in for the thread that waits for it.
    pub(super) fn hire(&self, wanted: usize) -> Crew {
        let mut done = self.done();
        let count = wanted.min(WORKERS_MAX.saturating_sub(done.workers)).max(1);
        done.workers += count;
        Crew { run: self.clone(), count }
    }

    /// Keeps what the script gave to `exit`.
    pub(super) fn set_exit_code(&self, code: i64) {
        self.done().exit_code = Some(code);
    }

    /// Returns what the script gave to `exit`; none when it ended otherwise.
    pub fn exit_code(&self) -> Option<i64> {
        self.done().exit_code
    }

    /// Keeps background work, so that the end of the run waits for it.
    pub(super) fn keep(&self, job: JoinHandle<()>) {
        let mut done = self.done();
        done.background.retain(|job| !job.is_finished());
        done.background.push(job);
    }

    /// Returns a number for background work.
    pub(super) fn next_key(&self) -> u64 {
        let mut done = self.done();
        done.keys += 1;
        done.keys
    }

    /// Keeps the failure of background work until a script hears of it.
    pub(super) fn leave(&self, key: u64, failure: Failure) {
        self.done().unheard.insert(key, failure);
    }

    /// Notes that a script has heard how background work ended.
    pub(super) fn heard_of(&self, key: u64) {
        self.done().unheard.remove(&key);
    }

    /// Waits for turns that a script stopped listening to and for exports that nobody awaited.
    /// Must not be called on a thread of the async runtime.
    ///
    /// # Errors
    /// The first failure of which no script has heard; `Bug` when one of them broke down.
    pub fn settle(&self) -> Result<(), Failure> {
        let jobs = std::mem::take(&mut self.done().background);
        wait::background(self, jobs)?;
        let unheard = std::mem::take(&mut self.done().unheard);
        unheard.into_values().next().map_or(Ok(()), Err)
    }

    fn done(&self) -> MutexGuard<'_, Done> {
        // Every change is one assignment: a panic elsewhere leaves nothing half done.
        self.0.done.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Crew {
    /// Returns how many threads were lent.
    pub(super) fn count(&self) -> usize {
        self.count
    }
}

impl Drop for Crew {
    fn drop(&mut self) {
        self.run.done().workers -= self.count;
    }
}

fn stopped() -> Failure {
    Failure::new(Kind::Stopped, "stopped")
}

fn out_of_time(max: Duration) -> Failure {
    Failure::new(Kind::Limit, format!("the run took longer than {} s", max.as_secs_f64()))
        .hint("give it more time with `--timeout`")
}
