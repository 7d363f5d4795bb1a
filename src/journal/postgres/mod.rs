//! Logs in a PostgreSQL database that many machines share. Every append is one commit, and on
//! the server's disk before the call returns; a lease ends by its time when its holder is gone.

mod batches;
mod fleet;
mod lease;
mod runs;
mod server;
#[cfg(test)]
pub(super) mod tests;

use std::fmt;
use std::future::Future;
use std::sync::Arc;
use std::time::Duration;

use sqlx::{Executor, PgPool, Row};

use super::stored::{known_as, number};
use super::{
    BatchId, BatchRecord, BatchRow, Ending, Entry, Guard, Journal, JournalError, Lease, NewBatch, NewRun,
    RowRecord, RunId, RunRecord, Tally, Written,
};
pub(super) use lease::Hold;
use lease::Holder;
use runs::Page;
use server::Server;

/// How long a holder may be silent before another process may take its run over.
pub const LEASE: Duration = Duration::from_secs(30);

/// Each file brings the schema one version further; `reel.version` counts them. A file that
/// was ever released never changes.
const SCHEMA: &[&str] =
    &[include_str!("../schema/postgres/0001.sql"), include_str!("../schema/postgres/0002.sql")];
/// Whoever changes the schema holds this advisory lock.
const SCHEMA_LOCK: i64 = 0x7265_656c_0001;

/// A journal in a database.
pub struct Postgres {
    server: Arc<Server>,
    holder: Arc<Holder>,
}

impl Postgres {
    /// Opens the journal in the database at `url`, made when it is not there.
    ///
    /// # Errors
    /// `Database` when it cannot be reached or used, `Newer` when a newer program wrote it.
    pub fn open(url: &str, lease: Duration) -> Result<Self, JournalError> {
        let server = Server::new(url)?;
        server.greet()?;
        server.ask(|pool| async move { migrate(&pool).await })?;
        Ok(Self { server: Arc::new(server), holder: Arc::new(Holder::new(lease)) })
    }

    /// Returns where the database is, without its password.
    pub fn place(&self) -> String {
        self.server.place()
    }

    /// As [`Server::ask`].
    fn ask<T, W>(&self, work: impl Fn(PgPool) -> W + Send + Sync + 'static) -> Result<T, JournalError>
    where
        T: Send + 'static,
        W: Future<Output = Result<T, JournalError>> + Send,
    {
        self.server.ask(work)
    }

    fn held(&self, run: &RunId) -> Result<JournalError, JournalError> {
        let pid = self.holder(run)?.unwrap_or(0);
        Ok(JournalError::Held { run: run.clone(), pid })
    }
}

impl fmt::Debug for Postgres {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Postgres").field(&self.server).finish()
    }
}

impl Journal for Postgres {
    fn create(&self, run: &NewRun, now_ms: u64) -> Result<RunId, JournalError> {
        let (id, run) = (RunId::new(), Arc::new(run.clone()));
        let new = id.clone();
        self.ask(move |pool| {
            let (id, run) = (new.clone(), Arc::clone(&run));
            async move { runs::create(&pool, &id, &run, now_ms).await }
        })?;
        Ok(id)
    }

    fn lease(&self, run: &RunId) -> Result<Lease, JournalError> {
        let hold = self.holder.take(&self.server, run)?;
        Ok(Lease { run: run.clone(), epoch: hold.epoch(), guard: Guard::Postgres(hold) })
    }

    fn append(&self, lease: &Lease, from: u64, at_ms: u64, entries: &[Entry]) -> Result<(), JournalError> {
        let (run, epoch, page) = (lease.run.clone(), lease.epoch, Arc::new(Page::of(from, entries)?));
        self.ask(move |pool| {
            let (run, page) = (run.clone(), Arc::clone(&page));
            async move { runs::append(&pool, (&run, epoch), at_ms, &page).await }
        })
    }

    fn end(&self, lease: &Lease, now_ms: u64, ending: &Ending, credits: f64) -> Result<(), JournalError> {
        let (run, epoch, ending) = (lease.run.clone(), lease.epoch, ending.clone());
        self.ask(move |pool| {
            let (run, ending) = (run.clone(), ending.clone());
            async move { runs::end(&pool, (&run, epoch), now_ms, &ending, credits).await }
        })?;
        runs::over(lease.hold());
        Ok(())
    }

    fn discard(&self, lease: &Lease) -> Result<(), JournalError> {
        let (run, epoch) = (lease.run.clone(), lease.epoch);
        let done = self.server.wait({
            let pool = self.server.pool().clone();
            async move { runs::discard(&pool, (&run, epoch)).await }
        });
        if done.is_ok() {
            runs::over(lease.hold());
        }
        done
    }

    fn edit(&self, lease: &Lease, source: &str) -> Result<(), JournalError> {
        let (run, epoch, source) = (lease.run.clone(), lease.epoch, source.to_owned());
        self.ask(move |pool| {
            let (run, source) = (run.clone(), source.clone());
            async move { runs::edit(&pool, (&run, epoch), &source).await }
        })
    }

    fn find(&self, typed: &str) -> Result<RunRecord, JournalError> {
        let listed = |pattern: String, max| {
            self.ask(move |pool| {
                let pattern = pattern.clone();
                async move { runs::beginning(&pool, &pattern, max).await }
            })
        };
        known_as(typed, listed, |record: &RunRecord| record.id.as_str())
    }

    fn runs(&self, max: usize) -> Result<Vec<RunRecord>, JournalError> {
        self.ask(move |pool| async move { runs::newest(&pool, number(max as u64)).await })
    }

    fn entries(&self, run: &RunId) -> Result<Vec<Written>, JournalError> {
        let run = run.clone();
        self.ask(move |pool| {
            let run = run.clone();
            async move { runs::entries(&pool, &run).await }
        })
    }

    fn holder(&self, run: &RunId) -> Result<Option<u32>, JournalError> {
        let (holder, run) = (Arc::clone(&self.holder), run.clone());
        self.ask(move |pool| {
            let (holder, run) = (Arc::clone(&holder), run.clone());
            async move { holder.of(&pool, &run).await }
        })
    }

    fn shadowed(&self, run: &RunId) -> Result<bool, JournalError> {
        let run = run.clone();
        self.ask(move |pool| {
            let run = run.clone();
            async move { lease::shadowed(&pool, &run).await }
        })
    }

    fn forget(&self, run: &RunId) -> Result<(), JournalError> {
        let id = run.clone();
        let gone = self.ask(move |pool| {
            let run = id.clone();
            async move { runs::forget(&pool, &run).await }
        })?;
        if gone { Ok(()) } else { Err(self.held(run)?) }
    }

    fn create_batch(&self, batch: &NewBatch, now_ms: u64) -> Result<BatchId, JournalError> {
        let (id, batch) = (BatchId(RunId::new()), Arc::new(batch.clone()));
        let new = id.clone();
        self.ask(move |pool| {
            let (id, batch) = (new.clone(), Arc::clone(&batch));
            async move { batches::create(&pool, &id, &batch, now_ms).await }
        })?;
        Ok(id)
    }

    fn edit_batch(&self, id: &BatchId, batch: &NewBatch) -> Result<(), JournalError> {
        let (id, batch) = (id.clone(), Arc::new(batch.clone()));
        self.ask(move |pool| {
            let (id, batch) = (id.clone(), Arc::clone(&batch));
            async move { batches::edit(&pool, &id, &batch).await }
        })
    }

    fn find_batch(&self, typed: &str) -> Result<BatchRecord, JournalError> {
        let listed = |pattern: String, max| {
            self.ask(move |pool| {
                let pattern = pattern.clone();
                async move { batches::beginning(&pool, &pattern, max).await }
            })
        };
        match known_as(typed, listed, |batch: &BatchRecord| batch.id.as_str()) {
            Err(JournalError::NoRun(typed)) => Err(JournalError::NoBatch(typed)),
            found => found,
        }
    }

    fn latest_batch(&self, mark: &str) -> Result<Option<BatchRecord>, JournalError> {
        let mark = mark.to_owned();
        self.ask(move |pool| {
            let mark = mark.clone();
            async move { batches::latest(&pool, &mark).await }
        })
    }

    fn batches(&self, max: usize) -> Result<Vec<BatchRecord>, JournalError> {
        self.ask(move |pool| async move { batches::newest(&pool, number(max as u64)).await })
    }

    fn set_rows(
        &self,
        id: &BatchId,
        rows: &mut dyn Iterator<Item = Result<BatchRow, JournalError>>,
    ) -> Result<u64, JournalError> {
        let _inside = self.server.handle()?.enter();
        let (pool, batch) = (self.server.pool().clone(), id.clone());
        let mut change = self.server.wait(async move { batches::clear(&pool, &batch).await })?;
        let mut count = 0;
        loop {
            // What goes wrong here drops the change, and so takes it back.
            let page = (&mut *rows).take(batches::PAGE).collect::<Result<Vec<_>, _>>()?;
            if page.is_empty() {
                break;
            }
            count += page.len() as u64;
            let batch = id.clone();
            change = self.server.wait(async move {
                batches::add(&mut change, &batch, page).await?;
                Ok(change)
            })?;
        }
        self.server.wait(async move { Ok(change.commit().await?) })?;
        Ok(count)
    }

    fn rows(&self, id: &BatchId, after: u64, max: usize) -> Result<Vec<RowRecord>, JournalError> {
        let id = id.clone();
        self.ask(move |pool| {
            let id = id.clone();
            async move { batches::rows(&pool, &id, after, max).await }
        })
    }

    fn row_run(&self, id: &BatchId, row: &BatchRow, now_ms: u64) -> Result<RunId, JournalError> {
        let (id, row) = (id.clone(), Arc::new(row.clone()));
        self.ask(move |pool| {
            let (id, row) = (id.clone(), Arc::clone(&row));
            async move { batches::row_run(&pool, &id, &row, now_ms).await }
        })
    }

    fn tally(&self, id: &BatchId) -> Result<Tally, JournalError> {
        let id = id.clone();
        self.ask(move |pool| {
            let id = id.clone();
            async move { batches::tally(&pool, &id).await }
        })
    }

    fn forget_batch(&self, id: &BatchId) -> Result<(), JournalError> {
        let id = id.clone();
        let held = self.ask(move |pool| {
            let id = id.clone();
            async move { batches::forget(&pool, &id).await }
        })?;
        match held {
            Some(run) => Err(self.held(&run)?),
            None => Ok(()),
        }
    }
}

/// Brings the schema up to date; other processes may be about to do the same.
async fn migrate(pool: &PgPool) -> Result<(), JournalError> {
    let mut work = pool.begin().await?;
    sqlx::query("SELECT pg_advisory_xact_lock($1)").bind(SCHEMA_LOCK).execute(&mut *work).await?;
    let there = "SELECT to_regclass('reel.version') IS NOT NULL";
    let there: bool = sqlx::query(there).fetch_one(&mut *work).await?.try_get(0)?;
    if !there {
        let sql = "CREATE SCHEMA IF NOT EXISTS reel; CREATE TABLE reel.version (steps BIGINT NOT NULL);
                   INSERT INTO reel.version VALUES (0)";
        work.execute(sqlx::raw_sql(sql)).await?;
    }
    let steps = sqlx::query("SELECT steps FROM reel.version").fetch_one(&mut *work).await?;
    let (found, known): (i64, usize) = (steps.try_get(0)?, SCHEMA.len());
    let newer = JournalError::Newer { found, known };
    let done = usize::try_from(found).ok().filter(|done| *done <= known).ok_or(newer)?;
    for step in &SCHEMA[done..] {
        work.execute(sqlx::raw_sql(*step)).await?;
    }
    if done < known {
        let sql = "UPDATE reel.version SET steps = $1";
        sqlx::query(sql).bind(number(known as u64)).execute(&mut *work).await?;
    }
    work.commit().await?;
    Ok(())
}
