//! The way to the database: a runtime of its own, so that any thread may ask, also one of
//! another runtime; waits and tries again while the server is away.

use std::fmt;
use std::future::Future;
use std::str::FromStr;
use std::sync::mpsc;
use std::time::{Duration, Instant};

use sqlx::postgres::{PgConnectOptions, PgPoolOptions};
use sqlx::{ConnectOptions, Connection, Executor, PgConnection, PgPool};
use tokio::runtime::{Builder, Handle, Runtime};

use crate::journal::JournalError;

/// A server that does not answer the first time is told so soon: a person waits.
const CONNECT: Duration = Duration::from_secs(10);
/// How long a run waits for a server that was there before: it may be starting anew.
const PATIENCE: Duration = Duration::from_secs(30);
/// Waits between tries.
const AGAIN: Duration = Duration::from_millis(250);
/// Connections of one process. Each is busy for milliseconds: many rows share few.
const CONNECTIONS_MAX: u32 = 8;
/// Said on every connection: commits are on disk when they return, whatever the server's
/// default (a stricter one stays); no statement hangs; a process that sleeps in the middle of a
/// change soon holds nobody up; and the server notices within half a minute that a machine is gone.
const SETTINGS: &str = "
    SELECT set_config('synchronous_commit', 'on', false)
     WHERE current_setting('synchronous_commit') NOT IN ('on', 'remote_apply');
    SET statement_timeout = '30s';
    SET lock_timeout = '10s';
    SET idle_in_transaction_session_timeout = '15s';
    SET tcp_keepalives_idle = 10;
    SET tcp_keepalives_interval = 5;
    SET tcp_keepalives_count = 4;
    SET client_min_messages = warning;
";

/// A database that can be asked from any thread.
pub(super) struct Server {
    /// Taken when it is dropped.
    runtime: Option<Runtime>,
    pool: PgPool,
    options: PgConnectOptions,
}

impl Server {
    /// Reads the address of a database. A password that it does not have comes from
    /// `PGPASSWORD` or `~/.pgpass`.
    ///
    /// # Errors
    /// `Database` for an address that is none, or a system without another thread.
    pub(super) fn new(url: &str) -> Result<Self, JournalError> {
        // What the parser says may have parts of the address in it, and so of a password.
        let scheme = ["postgres://", "postgresql://"].iter().any(|scheme| url.starts_with(scheme));
        let options = PgConnectOptions::from_str(url).ok().filter(|_| scheme).ok_or_else(|| {
            JournalError::Database {
                words: "the address of the database cannot be read".to_owned(),
                hint: "write it as postgres://USER@HOST/DATABASE; the password may come from PGPASSWORD \
                       or ~/.pgpass, and an @, / or : in it is written as %40, %2F or %3A",
            }
        })?;
        let options = options.application_name("reel").disable_statement_logging();
        let mut builder = Builder::new_multi_thread();
        let runtime = builder.worker_threads(1).thread_name("journal").enable_all().build()?;
        let pool = {
            let _inside = runtime.enter();
            PgPoolOptions::new()
                .max_connections(CONNECTIONS_MAX)
                .acquire_timeout(CONNECT)
                // One that broke is noticed by its first question, which is asked again.
                .test_before_acquire(false)
                .after_connect(|connection, _| Box::pin(set_up(connection)))
                .connect_lazy_with(options.clone())
        };
        Ok(Self { runtime: Some(runtime), pool, options })
    }

    /// Where it is, without its password.
    pub(super) fn place(&self) -> String {
        let host = self.options.get_host();
        let database = self.options.get_database().unwrap_or_else(|| self.options.get_username());
        match self.options.get_socket() {
            Some(socket) => format!("{}/{database}", socket.display()),
            None => format!("{host}:{}/{database}", self.options.get_port()),
        }
    }

    /// Opens the first connection.
    ///
    /// # Errors
    /// `Database` in the words of what is wrong.
    pub(super) fn greet(&self) -> Result<(), JournalError> {
        let (options, place) = (self.options.clone(), self.place());
        let greeted = self.wait(async move {
            match tokio::time::timeout(CONNECT, connect(&options)).await {
                Ok(Ok(connection)) => Ok(connection.close().await?),
                Ok(Err(error)) => Err(error.into()),
                Err(_) => Err(JournalError::Unreachable("it does not answer".to_owned())),
            }
        });
        greeted.map_err(|error| match error {
            JournalError::Unreachable(words) => JournalError::Database {
                words: format!("the database at `{place}` cannot be reached: {words}"),
                hint: "check the address, that PostgreSQL runs there, and that it lets this machine in",
            },
            JournalError::Database { words, hint } => {
                JournalError::Database { words: format!("the database at `{place}`: {words}"), hint }
            }
            other => other,
        })
    }

    /// Asks the database. `work` is done again when the server was away: done twice it must
    /// come to the same.
    ///
    /// # Errors
    /// What the database says; `Unreachable` when it is away for longer than a moment.
    pub(super) fn ask<T, W>(
        &self,
        work: impl Fn(PgPool) -> W + Send + Sync + 'static,
    ) -> Result<T, JournalError>
    where
        T: Send + 'static,
        W: Future<Output = Result<T, JournalError>> + Send,
    {
        let pool = self.pool.clone();
        self.wait(async move {
            let until = Instant::now() + PATIENCE;
            loop {
                match work(pool.clone()).await {
                    Err(JournalError::Unreachable(_)) if Instant::now() < until => {
                        tokio::time::sleep(AGAIN).await;
                    }
                    done => return done,
                }
            }
        })
    }

    /// Asks the database once.
    ///
    /// # Errors
    /// What the work fails with.
    pub(super) fn wait<T: Send + 'static>(
        &self,
        work: impl Future<Output = Result<T, JournalError>> + Send + 'static,
    ) -> Result<T, JournalError> {
        let (told, heard) = mpsc::sync_channel(1);
        self.handle()?.spawn(async move {
            // Nobody listens any more: then nobody needs it.
            let _ = told.send(work.await);
        });
        let gone = |_| JournalError::Unwritable("its thread is gone".to_owned());
        heard.recv().map_err(gone)?
    }

    pub(super) fn handle(&self) -> Result<&Handle, JournalError> {
        let gone = || JournalError::Unwritable("its runtime is gone".to_owned());
        self.runtime.as_ref().map(Runtime::handle).ok_or_else(gone)
    }

    pub(super) fn pool(&self) -> &PgPool {
        &self.pool
    }

    pub(super) fn options(&self) -> &PgConnectOptions {
        &self.options
    }
}

/// Without its options, which have the password.
impl fmt::Debug for Server {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Server").field(&self.place()).finish()
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        // A runtime that is dropped on a thread of another one would panic.
        if let Some(runtime) = self.runtime.take() {
            runtime.shutdown_background();
        }
    }
}

/// Opens a connection beside the pool.
pub(super) async fn connect(options: &PgConnectOptions) -> sqlx::Result<PgConnection> {
    let mut connection = options.connect().await?;
    set_up(&mut connection).await?;
    Ok(connection)
}

async fn set_up(connection: &mut PgConnection) -> sqlx::Result<()> {
    connection.execute(sqlx::raw_sql(SETTINGS)).await?;
    Ok(())
}

/// What PostgreSQL says, by what it means for a run. Codes: appendix A of its manual.
impl From<sqlx::Error> for JournalError {
    fn from(error: sqlx::Error) -> Self {
        use sqlx::Error;
        let Error::Database(said) = &error else {
            return match error {
                Error::Decode(_) | Error::ColumnDecode { .. } => Self::Damaged(error.to_string()),
                Error::Io(error) => Self::Unreachable(error.to_string()),
                Error::PoolTimedOut => Self::Unreachable("it gives no connection in time".to_owned()),
                Error::PoolClosed | Error::WorkerCrashed | Error::Protocol(_) => {
                    Self::Unreachable(error.to_string())
                }
                Error::Tls(error) => Self::Database {
                    words: format!("no encrypted connection: {error}"),
                    hint: "`?sslmode=` and `?sslrootcert=` in the address say what is trusted",
                },
                error => Self::Unwritable(error.to_string()),
            };
        };
        let words = said.message().to_owned();
        let told = |hint| Self::Database { words: words.clone(), hint };
        match said.code().as_deref().unwrap_or_default() {
            "28P01" | "28000" => {
                told("check the user and the password: PGPASSWORD, ~/.pgpass or the address")
            }
            "3D000" => told("make it first: `createdb NAME`, or name another one in the address"),
            "42501" => {
                told("this user needs the right to make a schema: `GRANT CREATE ON DATABASE .. TO ..`")
            }
            "25006" => told("this server only reads; name the one that writes"),
            "53100" => told(
                "the disk of the database is full: make room there; nothing was sent that is not written",
            ),
            // Starts, stops, has no connection left, was in the way of another one.
            "57P01" | "57P02" | "57P03" | "53300" | "40001" | "40P01" | "55P03" | "57014" => {
                Self::Unreachable(words)
            }
            code if code.starts_with("08") => Self::Unreachable(words),
            "XX001" | "XX002" => Self::Damaged(words),
            _ => Self::Unwritable(words),
        }
    }
}
