//! What a database knows beyond [`Journal`](crate::journal::Journal), for many machines: batches
//! that a person gave up, and the connections for the queue that lies beside the journal.

use std::future::Future;

use sqlx::{PgPool, Row};

use super::Postgres;
use crate::journal::stored::{number, unsigned};
use crate::journal::{BatchId, JournalError};

impl Postgres {
    /// Returns the connections, for a queue in the same database. They live on the runtime of
    /// this journal: use them below [`Postgres::wait`].
    pub fn pool(&self) -> PgPool {
        self.server.pool().clone()
    }

    /// Waits for work that is done on the runtime of this journal.
    ///
    /// # Errors
    /// What the work fails with.
    pub fn wait<T: Send + 'static>(
        &self,
        work: impl Future<Output = Result<T, JournalError>> + Send + 'static,
    ) -> Result<T, JournalError> {
        self.server.wait(work)
    }

    /// Begins work on the runtime of this journal.
    ///
    /// # Errors
    /// The runtime is gone.
    pub fn spawn(&self, work: impl Future<Output = ()> + Send + 'static) -> Result<(), JournalError> {
        self.server.handle()?.spawn(work);
        Ok(())
    }

    /// Gives a batch up: no row of it begins any more, and rows that go on write nothing more.
    /// Returns how many went on.
    ///
    /// # Errors
    /// The journal could not write.
    pub fn cancel_batch(&self, id: &BatchId, now_ms: u64) -> Result<u64, JournalError> {
        let id = id.clone();
        self.ask(move |pool| {
            let id = id.clone();
            async move { cancel(&pool, &id, now_ms).await }
        })
    }

    /// Lets the rows of a batch begin again.
    ///
    /// # Errors
    /// The journal could not write.
    pub fn uncancel_batch(&self, id: &BatchId) -> Result<(), JournalError> {
        let id = id.clone();
        self.ask(move |pool| {
            let id = id.clone();
            async move {
                let sql = "UPDATE reel.batches SET cancelled_ms = NULL WHERE id = $1";
                sqlx::query(sql).bind(id.as_str()).execute(&pool).await?;
                Ok(())
            }
        })
    }

    /// Returns whether a batch was given up, or is no more.
    ///
    /// # Errors
    /// The journal could not be read.
    pub fn is_cancelled(&self, id: &BatchId) -> Result<bool, JournalError> {
        let id = id.clone();
        self.ask(move |pool| {
            let id = id.clone();
            async move {
                let sql = "SELECT EXISTS (SELECT FROM reel.batches WHERE id = $1 AND cancelled_ms IS NULL)";
                let open: bool = sqlx::query(sql).bind(id.as_str()).fetch_one(&pool).await?.try_get(0)?;
                Ok(!open)
            }
        })
    }

    /// Returns how many rows of a batch a worker makes right now.
    ///
    /// # Errors
    /// The journal could not be read.
    pub fn running(&self, id: &BatchId) -> Result<u64, JournalError> {
        let id = id.clone();
        self.ask(move |pool| {
            let id = id.clone();
            async move { running(&pool, &id).await }
        })
    }
}

async fn running(pool: &PgPool, id: &BatchId) -> Result<u64, JournalError> {
    let sql = "SELECT count(*) FROM reel.runs WHERE batch = $1 AND leased_until > clock_timestamp()";
    let found: i64 = sqlx::query(sql).bind(id.as_str()).fetch_one(pool).await?.try_get(0)?;
    Ok(unsigned(found))
}

async fn cancel(pool: &PgPool, id: &BatchId, now_ms: u64) -> Result<u64, JournalError> {
    let mut work = pool.begin().await?;
    let sql = "UPDATE reel.batches SET cancelled_ms = $2 WHERE id = $1";
    sqlx::query(sql).bind(id.as_str()).bind(number(now_ms)).execute(&mut *work).await?;
    // The epoch fences who goes on; the key stays, since what it wrote down it may yet do.
    let sql = "WITH open AS (
                   SELECT id, leased_until > clock_timestamp() AS goes_on FROM reel.runs
                   WHERE batch = $1 AND state IN ('running', 'stopped') FOR UPDATE)
               UPDATE reel.runs SET epoch = epoch + 1, state = 'cancelled', ended_ms = $2,
                      words = 'the batch was cancelled', exit_code = NULL, leased_until = NULL
               FROM open WHERE runs.id = open.id RETURNING coalesce(open.goes_on, false)";
    let stopped = sqlx::query(sql).bind(id.as_str()).bind(number(now_ms)).fetch_all(&mut *work).await?;
    work.commit().await?;
    let went_on = stopped.iter().filter(|row| row.try_get(0).unwrap_or(false));
    Ok(went_on.count() as u64)
}
