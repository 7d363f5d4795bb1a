//! The options that name the database of a cluster.

use std::sync::Arc;
use std::time::Duration;

use clap::Args;

use crate::batch::queue::Queue;
use crate::journal::{JournalError, LEASE, Postgres};

/// The shortest lease: three heartbeats must fit into it on a busy machine.
const LEASE_MIN: f64 = 1.0;
/// The longest: a row whose worker died waits for so long.
const LEASE_MAX: f64 = 3_600.0;

/// Where queue and journal of a cluster are.
#[derive(Args, Clone, Debug, Default)]
#[command(next_help_heading = "Many machines")]
pub(super) struct QueueArgs {
    /// PostgreSQL database of queue and journal, such as postgres://USER@HOST/DATABASE; the
    /// password may come from PGPASSWORD or ~/.pgpass
    #[arg(long, value_name = "URL", env = "REEL_QUEUE", hide_env_values = true)]
    queue: Option<String>,
    /// Seconds of silence after which a worker counts as dead and its rows are taken up
    /// [default: 30]; the same for all workers
    #[arg(long, value_name = "SECONDS", env = "REEL_LEASE", hide_env_values = true, value_parser = seconds)]
    lease: Option<Duration>,
}

/// A cluster's database, open.
pub(super) struct Cluster {
    pub(super) journal: Arc<Postgres>,
    pub(super) queue: Queue,
    pub(super) lease: Duration,
}

impl QueueArgs {
    /// Opens the database; none when no one is named.
    ///
    /// # Errors
    /// It cannot be used.
    pub(super) fn open(&self) -> Result<Option<Cluster>, JournalError> {
        let Some(journal) = self.journal()? else { return Ok(None) };
        let queue = Queue::open(Arc::clone(&journal))?;
        Ok(Some(Cluster { journal, queue, lease: self.lease() }))
    }

    /// Opens the journal alone, for who takes no rows.
    ///
    /// # Errors
    /// As [`QueueArgs::open`].
    pub(super) fn journal(&self) -> Result<Option<Arc<Postgres>>, JournalError> {
        let opened = self.queue.as_ref().map(|url| Postgres::open(url, self.lease()));
        Ok(opened.transpose()?.map(Arc::new))
    }

    fn lease(&self) -> Duration {
        self.lease.unwrap_or(LEASE)
    }
}

fn seconds(text: &str) -> Result<Duration, String> {
    let seconds = text.parse::<f64>().ok().filter(|seconds| (LEASE_MIN..=LEASE_MAX).contains(seconds));
    let wrong = || format!("write a number of seconds from {LEASE_MIN} to {LEASE_MAX}");
    seconds.map(Duration::from_secs_f64).ok_or_else(wrong)
}
