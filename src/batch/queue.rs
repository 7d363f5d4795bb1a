//! A batch over many machines: one job a row in graphile_worker's queue, which lies in the same
//! database as the journal. The queue says who takes a row next; what came of it, and that
//! nothing is paid twice, is the journal's alone.
//!
//! Its jobs are taken one by one and not in stock (`LocalQueue`): rows take minutes, and a row
//! in one worker's stock would wait while others are idle.

use std::fmt;
use std::sync::Arc;
use std::time::{Duration, UNIX_EPOCH};

use graphile_worker::{
    Database, DbExecutor, DbParams, DbValue, IntoTaskHandlerResult, JobKeyMode, JobRecovery,
    JobRecoveryContext, JobRecoveryResult, JobSpec, RawJobSpec, TaskHandler, WorkerContext, WorkerOptions,
    WorkerRecoveryConfig, WorkerUtils,
};
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use tokio::sync::oneshot;
use tokio_util::sync::CancellationToken;

use crate::batch::local::Rules;
use crate::batch::shard::share;
use crate::clock::Clock;
use crate::host::Verdict;
use crate::journal::{BatchId, BatchRow, Journal, JournalError, Postgres};

/// The queue has a schema of its own: a graphile_worker of the user's is left alone.
const SCHEMA: &str = "reel_queue";
/// Rows that are queued in one statement.
const PAGE: usize = 500;
/// How often a worker looks for jobs, for each so many rows at once; news wake it as well.
const LOOK: Duration = Duration::from_millis(250);
const LOOK_ROWS: usize = 16;
/// Heartbeats in the time after which a worker counts as dead.
const BEATS: u32 = 3;
/// Rows stop by themselves when they are told to; this is for one that does not.
const GRACE: Duration = Duration::from_secs(600);
/// The priority of rows that were begun before; less is sooner, and others have 0.
const BEGUN: i16 = -1;
/// A row that nobody could begin so often, for reasons outside of it, or whose workers died so
/// often, is left.
const ATTEMPTS_MAX: i16 = 25;
/// How long a worker tries to come back to a database that is away, and how often.
const AWAY_MAX: u32 = 60;
const AWAY_WAIT: Duration = Duration::from_secs(1);

/// The queue beside a journal.
pub struct Queue {
    journal: Arc<Postgres>,
}

/// One row that is to be made, as the queue keeps it.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Ticket {
    /// The whole id of the batch.
    pub batch: String,
    /// The row's place in the table, from 1.
    pub number: u64,
    /// What the row is known by: it may have moved since.
    pub key: String,
    /// Changes with its params.
    pub print: String,
    /// Tries that failed where nothing is paid.
    pub tries: usize,
    /// What the user decided about its turn that is in doubt, and the epoch of its run then:
    /// the word is about that turn, and about no later one.
    pub verdict: Option<(Verdict, u64)>,
    /// The lane that it waits in, when a token takes so many at once.
    lane: Option<String>,
}

/// A row that a worker is to make.
pub struct Order {
    /// Which one.
    pub ticket: Ticket,
    /// Told what came of it; dropped without an answer, the row goes back.
    pub answer: oneshot::Sender<Answer>,
}

/// What came of a row, as far as the queue is concerned.
#[derive(Debug)]
pub enum Answer {
    /// Nothing more is to be done about it.
    Over,
    /// It is taken up again after this wait, by whoever is free; so often was it tried.
    Again(Duration, usize),
    /// Another worker has taken it over: its job is not ours any more.
    Lost,
}

/// Where orders go; must be quick.
pub type Crew = Arc<dyn Fn(Order) + Send + Sync>;

/// How a worker works.
#[derive(Clone, Debug)]
pub struct Terms {
    /// Rows at once.
    pub parallel: usize,
    /// A worker that was silent for so long counts as dead.
    pub lease: Duration,
    /// Ends when no row is left, also none that others make.
    pub once: bool,
    /// Told to take no more rows.
    pub stop: CancellationToken,
}

impl Queue {
    /// Opens the queue, made when it is not there.
    ///
    /// # Errors
    /// The database does not do as asked.
    pub fn open(journal: Arc<Postgres>) -> Result<Self, JournalError> {
        let utils = utils(journal.pool());
        journal.wait(async move { utils.migrate().await.map_err(refused) })?;
        Ok(Self { journal })
    }

    /// Queues every row that `rules` ask for; returns how many they are. A row that waits there
    /// already stays one job, in the lane that it has now.
    ///
    /// # Errors
    /// The database does not do as asked.
    pub fn fill(&self, batch: &BatchId, rules: &Rules, lanes: Option<usize>) -> Result<u64, JournalError> {
        let (mut after, mut count) = (0, 0);
        loop {
            let page = self.journal.rows(batch, after, PAGE)?;
            let Some(last) = page.last() else { return Ok(count) };
            after = last.row.number;
            let rows = page.iter().filter(|record| rules.want(record));
            let jobs: Vec<_> = rows.map(|record| job(Ticket::of(batch, &record.row, lanes), None)).collect();
            count += jobs.len() as u64;
            let utils = utils(self.journal.pool());
            if !jobs.is_empty() {
                self.journal
                    .wait(async move { utils.add_raw_jobs(&jobs).await.map(drop).map_err(refused) })?;
            }
        }
    }

    /// Queues a row once more, with the user's word about its turn that is in doubt.
    ///
    /// # Errors
    /// The database does not do as asked.
    pub fn settle(&self, batch: &BatchId, row: &BatchRow, word: (Verdict, u64)) -> Result<(), JournalError> {
        let RawJobSpec { identifier, payload, spec } =
            job(Ticket { verdict: Some(word), ..Ticket::of(batch, row, None) }, None);
        let utils = utils(self.journal.pool());
        self.journal.wait(async move {
            utils.add_raw_job(&identifier, payload, spec).await.map(drop).map_err(refused)
        })
    }

    /// Returns whether rows of a batch wait or are made; of any batch without one.
    ///
    /// # Errors
    /// The database does not do as asked.
    pub fn is_busy(&self, batch: Option<&BatchId>) -> Result<bool, JournalError> {
        let batch = batch.map(|id| id.as_str().to_owned());
        let database = Database::from(self.journal.pool());
        self.journal.wait(async move { busy(&database, batch).await })
    }

    /// Makes rows until it is told to stop, or none is left. Blocks.
    ///
    /// # Errors
    /// The database is away for longer than a moment.
    pub fn work(&self, terms: Terms, crew: Crew) -> Result<(), JournalError> {
        let pool = self.journal.pool();
        self.journal.wait(async move {
            let mut away = 0;
            loop {
                let database = Database::from(pool.clone());
                let began = Clock::System.monotonic();
                match round(database, &terms, Arc::clone(&crew)).await {
                    Ok(()) => return Ok(()),
                    Err(_) if terms.stop.is_cancelled() => return Ok(()),
                    Err(error) if away >= AWAY_MAX => return Err(error),
                    Err(_) => tokio::time::sleep(AWAY_WAIT).await,
                }
                // One that worked for a while is no failure in a row.
                let worked = Clock::System.monotonic().saturating_sub(began) > AWAY_WAIT * AWAY_MAX;
                away = if worked { 0 } else { away + 1 };
            }
        })
    }
}

/// Takes jobs until the worker is told to stop, or the database goes away.
async fn round(database: Database, terms: &Terms, crew: Crew) -> Result<(), JournalError> {
    let stop = terms.stop.child_token();
    let (told, beat) = (stop.clone(), terms.lease / BEATS);
    let recovery = WorkerRecoveryConfig::default()
        .heartbeat_interval(beat)
        .sweep_interval(beat)
        .sweep_threshold(terms.lease)
        .recovery_delay(Duration::ZERO);
    let looks = u32::try_from(terms.parallel.div_ceil(LOOK_ROWS)).unwrap_or(u32::MAX);
    let worker = WorkerOptions::default()
        .database(database.clone())
        .schema(SCHEMA)
        .concurrency(terms.parallel)
        .poll_interval(LOOK.saturating_mul(looks))
        .worker_recovery(recovery)
        .on(JobRecovery, |lost| std::future::ready(as_before(&lost)))
        .listen_os_shutdown_signals(false)
        .shutdown_signal(async move { told.cancelled().await })
        .shutdown_grace_period(GRACE)
        .add_extension(Hands(crew))
        .define_job::<Ticket>()
        .init()
        .await
        .map_err(refused)?;
    let once = terms.once;
    let idle = async move {
        // Rows that wait for another try, or that others make, may come back to this worker.
        while !once || busy(&database, None).await.unwrap_or(true) {
            tokio::time::sleep(LOOK).await;
        }
        stop.cancel();
        std::future::pending::<()>().await;
    };
    tokio::select! {
        ended = worker.run() => ended.map_err(refused),
        () = idle => Ok(()),
    }
}

/// A row whose worker died stands where it stood in the queue, before all that nobody has begun:
/// it may have paid turns, and a film is due for them. The death counts as an attempt, so that a
/// row that kills its workers does not do so for ever.
fn as_before(lost: &JobRecoveryContext) -> JobRecoveryResult {
    JobRecoveryResult::Reschedule { run_at: *lost.job.run_at(), attempts: Some(*lost.job.attempts()) }
}

async fn busy(database: &Database, batch: Option<String>) -> Result<bool, JournalError> {
    let sql = "SELECT EXISTS (SELECT FROM reel_queue._private_jobs
                   WHERE attempts < max_attempts AND ($1::text IS NULL OR payload ->> 'batch' = $1)) AS busy";
    let row = DbExecutor::fetch_one(database, sql, DbParams::from(vec![DbValue::TextOpt(batch)])).await;
    row.and_then(|row| row.try_get("busy")).map_err(refused)
}

impl Ticket {
    fn of(batch: &BatchId, row: &BatchRow, lanes: Option<usize>) -> Self {
        Self {
            batch: batch.as_str().to_owned(),
            number: row.number,
            key: row.key.clone(),
            print: row.print.clone(),
            tries: 0,
            verdict: None,
            lane: lanes.map(|lanes| lane(&row.key, lanes)),
        }
    }

    /// Orders the row, and does what its answer says.
    async fn ordered(self, context: &WorkerContext) -> Result<(), String> {
        let hands = context.get_ext::<Hands>().cloned().ok_or("this worker makes no rows")?;
        let (answer, heard) = oneshot::channel();
        (hands.0)(Order { ticket: self.clone(), answer });
        match heard.await {
            Ok(Answer::Over) => Ok(()),
            Ok(Answer::Again(wait, tries)) => {
                // A job of its own: the attempts of this one are for what is outside of a row.
                let RawJobSpec { identifier, payload, spec } = job(Self { tries, ..self }, Some(wait));
                let utils = utils(context.database().clone());
                let added = utils.add_raw_job(&identifier, payload, spec).await;
                added.map(drop).map_err(|error| error.to_string())
            }
            // A finished job is deleted, whoever has it now; a failed one only by its owner.
            Ok(Answer::Lost) => Err("another worker has taken the row over".to_owned()),
            Err(_) => Err("the row could not be begun".to_owned()),
        }
    }
}

impl TaskHandler for Ticket {
    const IDENTIFIER: &'static str = "make_row";

    async fn run(self, context: WorkerContext) -> impl IntoTaskHandlerResult {
        self.ordered(&context).await
    }
}

/// What graphile_worker hands to each job.
#[derive(Clone)]
struct Hands(Crew);

impl fmt::Debug for Hands {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Hands")
    }
}

/// The job of a row: the same row gives the same key, and so one job.
fn job(ticket: Ticket, wait: Option<Duration>) -> RawJobSpec {
    let Ticket { batch, key, print, .. } = &ticket;
    let digest = Sha256::digest(format!("{}:{key}{print}", key.len()));
    let digest: String = digest.iter().map(|byte| format!("{byte:02x}")).collect();
    let key = format!("{batch}/{digest}");
    let mut spec =
        JobSpec::builder().job_key(key).job_key_mode(JobKeyMode::Replace).max_attempts(ATTEMPTS_MAX);
    if let Some(lane) = &ticket.lane {
        spec = spec.queue_name(lane);
    }
    if let Some(wait) = wait {
        let at = UNIX_EPOCH + Duration::from_millis(Clock::System.now_ms()) + wait;
        // Once its time has come it goes before all that nobody has begun.
        spec = spec.run_at(at).priority(BEGUN);
    }
    let payload = serde_json::to_value(&ticket).expect("texts and numbers are JSON");
    RawJobSpec { identifier: Ticket::IDENTIFIER.to_owned(), payload, spec: spec.build() }
}

/// Rows of a lane are made one after the other, wherever.
fn lane(key: &str, lanes: usize) -> String {
    format!("token-{}", share(key, lanes as u64))
}

fn utils(database: impl Into<Database>) -> WorkerUtils {
    WorkerUtils::new(database, SCHEMA)
}

fn refused(error: impl fmt::Display) -> JournalError {
    JournalError::Unwritable(format!("the queue: {error}"))
}

#[cfg(test)]
mod tests {
    use std::collections::{BTreeMap, BTreeSet};

    use super::*;

    #[test]
    fn the_same_row_is_one_job_and_lanes_are_as_many_as_asked() {
        let row = |key: &str| {
            let (key, print, name) = (key.to_owned(), "p".to_owned(), key.to_owned());
            BatchRow { number: 1, key, print, name, params: BTreeMap::new() }
        };
        let id: BatchId = serde_json::from_str("\"ab\"").unwrap();
        let key = |row: &BatchRow| job(Ticket::of(&id, row, None), None).spec.job_key().clone();
        assert_eq!(key(&row("ada")), key(&BatchRow { number: 7, ..row("ada") }));
        assert_ne!(key(&row("ada")), key(&row("bob")));
        assert_ne!(key(&row("ada")), key(&BatchRow { print: "q".to_owned(), ..row("ada") }));
        let lanes: BTreeSet<_> = (0..200).map(|n| lane(&n.to_string(), 3)).collect();
        assert_eq!(lanes.into_iter().collect::<Vec<_>>(), ["token-0", "token-1", "token-2"]);
    }
}
