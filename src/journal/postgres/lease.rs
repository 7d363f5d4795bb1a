//! Who goes on with a run, when its processes are on many machines: a lease with a time, kept
//! up by a heartbeat, and an advisory lock that its process holds as long as it lives.

use std::collections::BTreeMap;
use std::fs;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use sqlx::postgres::PgConnectOptions;
use sqlx::{Connection, PgConnection, PgPool, Row};
use tokio::sync::OnceCell;
use tokio::time::{MissedTickBehavior, timeout};
use uuid::Uuid;

use super::server::{Server, connect};
use crate::journal::stored::{number, unsigned};
use crate::journal::{JournalError, RunId};

/// Heartbeats in the time of a lease: two may be lost.
const BEATS: u32 = 3;

/// This process, as others see it in the database.
#[derive(Debug)]
pub(super) struct Holder {
    /// The advisory lock that it holds while it lives.
    key: i64,
    host: String,
    lease: Duration,
    /// The runs that it goes on with, and under which epoch.
    held: Arc<Mutex<BTreeMap<String, i64>>>,
    /// Set when the lock is taken and the heart beats.
    alive: OnceCell<()>,
}

/// A lease of this process, given up when it is dropped.
pub(in crate::journal) struct Hold {
    server: Arc<Server>,
    held: Arc<Mutex<BTreeMap<String, i64>>>,
    run: RunId,
    epoch: u64,
    released: AtomicBool,
}

impl Holder {
    pub(super) fn new(lease: Duration) -> Self {
        Self { key: random(), host: host(), lease, held: Arc::default(), alive: OnceCell::new() }
    }

    /// Takes a run over for this process; returns its epoch, or why not.
    pub(super) fn take(self: &Arc<Self>, server: &Arc<Server>, run: &RunId) -> Result<Hold, JournalError> {
        let (holder, id, options) = (Arc::clone(self), run.clone(), server.options().clone());
        let sign = random();
        let epoch = server.ask(move |pool| {
            let (holder, id, options) = (Arc::clone(&holder), id.clone(), options.clone());
            async move {
                holder.alive.get_or_try_init(|| holder.awake(options, pool.clone())).await?;
                holder.taken(&pool, &id, sign).await
            }
        })?;
        lock(&self.held).insert(run.as_str().to_owned(), number(epoch));
        let (server, held) = (Arc::clone(server), Arc::clone(&self.held));
        Ok(Hold { server, held, run: run.clone(), epoch, released: AtomicBool::new(false) })
    }

    /// A second try whose first one was answered to nobody finds its own `sign`.
    async fn taken(&self, pool: &PgPool, run: &RunId, sign: i64) -> Result<u64, JournalError> {
        let mut work = pool.begin().await?;
        let sql = "SELECT epoch, entries, batch IS NOT NULL AND state = 'finished',
                          leased_until > clock_timestamp(), leased_host, leased_pid, leased_key,
                          (SELECT count(*) FROM reel.entries WHERE run = id), leased_as
                   FROM reel.runs WHERE id = $1 FOR UPDATE";
        let found = sqlx::query(sql).bind(run.as_str()).fetch_optional(&mut *work).await?;
        let found = found.ok_or_else(|| JournalError::NoRun(run.to_string()))?;
        let (epoch, told, there): (i64, i64, i64) = (found.try_get(0)?, found.try_get(1)?, found.try_get(7)?);
        if there < told {
            let words = format!("run {run} has lost its end: {there} of {told} entries are there");
            return Err(JournalError::Damaged(words));
        }
        let before: Option<i64> = found.try_get(6)?;
        let own = found.try_get::<Option<i64>, _>(8)? == Some(sign);
        if found.try_get::<Option<bool>, _>(3)? == Some(true) && !own {
            let pid = self.pid(found.try_get(4)?, found.try_get(5)?, before);
            return Err(JournalError::Held { run: run.clone(), pid });
        }
        if found.try_get(2)? {
            return Err(JournalError::Done(run.clone()));
        }
        if let Some(before) = before.filter(|_| !own) {
            let sql = "INSERT INTO reel.shadows (run, epoch, leased_key) VALUES ($1, $2, $3)
                       ON CONFLICT DO NOTHING";
            sqlx::query(sql).bind(run.as_str()).bind(epoch).bind(before).execute(&mut *work).await?;
        }
        let sql = "UPDATE reel.runs SET epoch = epoch + 1, ended_ms = NULL, state = 'running', words = '',
                          exit_code = NULL, leased_until = clock_timestamp() + $2 * interval '1 millisecond',
                          leased_host = $3, leased_pid = $4, leased_key = $5, leased_as = $6
                   WHERE id = $1";
        let query = sqlx::query(sql).bind(run.as_str()).bind(self.lease_ms()).bind(&self.host);
        query.bind(i64::from(std::process::id())).bind(self.key).bind(sign).execute(&mut *work).await?;
        work.commit().await?;
        Ok(unsigned(epoch + 1))
    }

    /// Returns who goes on with a run; 0 for a process of another machine.
    pub(super) async fn of(&self, pool: &PgPool, run: &RunId) -> Result<Option<u32>, JournalError> {
        let sql = "SELECT leased_host, leased_pid, leased_key FROM reel.runs
                   WHERE id = $1 AND leased_until > clock_timestamp()";
        let Some(found) = sqlx::query(sql).bind(run.as_str()).fetch_optional(pool).await? else {
            return Ok(None);
        };
        Ok(Some(self.pid(found.try_get(0)?, found.try_get(1)?, found.try_get(2)?)))
    }

    fn pid(&self, host: Option<String>, pid: Option<i64>, key: Option<i64>) -> u32 {
        let here = key == Some(self.key) || (host.as_ref() == Some(&self.host) && !self.host.is_empty());
        pid.filter(|_| here).and_then(|pid| u32::try_from(pid).ok()).unwrap_or(0)
    }

    /// Takes the lock that says that this process lives, and starts its heart.
    async fn awake(&self, options: PgConnectOptions, pool: PgPool) -> Result<(), JournalError> {
        let life = Life { key: self.key, options };
        let mut sign = life.sign().await?;
        let (held, lease_ms, beat) = (Arc::clone(&self.held), self.lease_ms(), self.lease / BEATS);
        tokio::spawn(async move {
            let mut beats = tokio::time::interval(beat);
            beats.set_missed_tick_behavior(MissedTickBehavior::Delay);
            loop {
                beats.tick().await;
                // One that is lost is made good by the next one.
                let _ = timeout(beat, renew(&pool, &held, lease_ms)).await;
                let lives = timeout(beat, sign.ping()).await.is_ok_and(|pong| pong.is_ok());
                if !lives && let Ok(Ok(again)) = timeout(beat, life.sign()).await {
                    sign = again;
                }
            }
        });
        Ok(())
    }

    fn lease_ms(&self) -> i64 {
        i64::try_from(self.lease.as_millis()).unwrap_or(i64::MAX)
    }
}

/// The connection whose lock says that this process lives: the server gives the lock up when
/// the process is gone, and not when it only sleeps.
struct Life {
    key: i64,
    options: PgConnectOptions,
}

impl Life {
    async fn sign(&self) -> Result<PgConnection, JournalError> {
        let mut connection = connect(&self.options).await?;
        let query = sqlx::query("SELECT pg_try_advisory_lock($1)").bind(self.key);
        if query.fetch_one(&mut connection).await?.try_get(0)? {
            return Ok(connection);
        }
        // A connection of this process that broke still has it, for a moment.
        Err(JournalError::Unreachable("its lock is not free yet".to_owned()))
    }
}

/// Keeps up every lease of this process that nobody took over.
async fn renew(
    pool: &PgPool,
    held: &Mutex<BTreeMap<String, i64>>,
    lease_ms: i64,
) -> Result<(), JournalError> {
    let (runs, epochs): (Vec<String>, Vec<i64>) =
        lock(held).iter().map(|(run, epoch)| (run.clone(), *epoch)).unzip();
    if runs.is_empty() {
        return Ok(());
    }
    let sql = "UPDATE reel.runs SET leased_until = clock_timestamp() + $3 * interval '1 millisecond'
               FROM unnest($1::text[], $2::bigint[]) AS held (run, held_epoch)
               WHERE id = run AND epoch = held_epoch AND leased_until IS NOT NULL";
    sqlx::query(sql).bind(runs).bind(epochs).bind(lease_ms).execute(pool).await?;
    Ok(())
}

/// Whether somebody who lost this run by time, before this epoch, still lives.
pub(super) async fn shadowed(pool: &PgPool, run: &RunId) -> Result<bool, JournalError> {
    let gone = "DELETE FROM reel.shadows WHERE run = $1 AND NOT EXISTS (
                    SELECT FROM pg_locks
                    WHERE locktype = 'advisory' AND objsubid = 1 AND granted
                      AND database = (SELECT oid FROM pg_database WHERE datname = current_database())
                      AND ((classid::bigint << 32) | objid::bigint) = leased_key)";
    sqlx::query(gone).bind(run.as_str()).execute(pool).await?;
    let sql = "SELECT EXISTS (SELECT FROM reel.shadows WHERE run = $1)";
    Ok(sqlx::query(sql).bind(run.as_str()).fetch_one(pool).await?.try_get(0)?)
}

impl Hold {
    pub(super) fn epoch(&self) -> u64 {
        self.epoch
    }

    /// The lease is over in the database: nothing is left to give up.
    pub(super) fn is_over(&self) {
        self.released.store(true, Ordering::SeqCst);
        self.forget();
    }

    fn forget(&self) {
        let mut held = lock(&self.held);
        // A later lease of this process has a place of its own.
        if held.get(self.run.as_str()) == Some(&number(self.epoch)) {
            held.remove(self.run.as_str());
        }
    }
}

impl Drop for Hold {
    fn drop(&mut self) {
        self.forget();
        if self.released.load(Ordering::SeqCst) {
            return;
        }
        let (run, epoch, pool) = (self.run.clone(), number(self.epoch), self.server.pool().clone());
        // One that cannot be given up ends by its time.
        let _ = self.server.wait(async move {
            let sql =
                "UPDATE reel.runs SET leased_until = NULL, leased_key = NULL WHERE id = $1 AND epoch = $2";
            sqlx::query(sql).bind(run.as_str()).bind(epoch).execute(&pool).await?;
            let sql = "DELETE FROM reel.shadows WHERE run = $1 AND epoch = $2";
            sqlx::query(sql).bind(run.as_str()).bind(epoch).execute(&pool).await?;
            Ok(())
        });
    }
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    // Every change under it is whole.
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

fn random() -> i64 {
    let (high, low) = Uuid::new_v4().as_u64_pair();
    i64::from_ne_bytes((high ^ low).to_ne_bytes())
}

/// Names this machine, or container, as far as its system does; else empty, and then no
/// process of another one is told from its own.
fn host() -> String {
    let read = |path| fs::read_to_string(path).map(|text| text.trim().to_owned()).unwrap_or_default();
    let boot = read("/proc/sys/kernel/random/boot_id");
    if boot.is_empty() { boot } else { format!("{}/{boot}", read("/proc/sys/kernel/hostname")) }
}
