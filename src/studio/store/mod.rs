//! What the studio remembers, in one SQLite file that several studios may share.
//!
//! Every change is one immediate transaction, so that two processes never decide on the same
//! old facts. The calls run on blocking threads: a writer may have to wait for another
//! process.

mod credits;
mod overview;
mod renders;
mod sessions;
mod turns;
mod users;

use std::fs::{File, OpenOptions};
use std::io;
use std::path::Path;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use rusqlite::{Connection, Transaction, TransactionBehavior};

pub(crate) use overview::{Overview, Project, RenderLine};
pub(crate) use renders::{NewRender, Render, RenderEnd, RenderStatus, Submitted};
pub(crate) use sessions::{NewMedia, NewSession, Session};
pub(crate) use turns::{Begun, Past, Turn, TurnEnd};
pub(crate) use users::{Issued, TokenRequest};

/// How long a writer waits for another process: transactions take milliseconds.
const BUSY: Duration = Duration::from_secs(10);

/// Each file brings the schema one version further; `user_version` counts them.
const SCHEMA: &[&str] =
    &[include_str!("schema/0001.sql"), include_str!("schema/0002.sql"), include_str!("schema/0003.sql")];

/// The database, cheap to clone.
#[derive(Clone, Debug)]
pub(crate) struct Store {
    connection: Arc<Mutex<Connection>>,
}

/// Why the database did not do as asked.
#[derive(Debug, thiserror::Error)]
pub(crate) enum StoreError {
    #[error("{0}")]
    Sqlite(#[from] rusqlite::Error),
    #[error("{0}")]
    File(#[from] io::Error),
    #[error("its schema has version {found}, this program knows versions up to {known}")]
    Newer { found: i64, known: usize },
    #[error("`{what}` of a row cannot be read: {reason}")]
    Damaged { what: &'static str, reason: String },
    #[error("the work was dropped because the program ends")]
    Stopped,
}

impl Store {
    /// Opens the database at `path`, readable by its user alone, and brings it up to date.
    pub(crate) fn open(path: &Path) -> Result<Self, StoreError> {
        let file = private_file(path)?;
        drop(file);
        // Two processes that make the file at once would meet in the switch to WAL, which
        // does not wait for others.
        let guard = private_file(&path.with_extension("lock"))?;
        guard.lock()?;
        let mut connection = Connection::open(path)?;
        connection.busy_timeout(BUSY)?;
        connection.pragma_update(None, "journal_mode", "WAL")?;
        // With WAL a killed process loses nothing; a power cut may lose the last moments.
        connection.pragma_update(None, "synchronous", "NORMAL")?;
        connection.pragma_update(None, "foreign_keys", true)?;
        migrate(&mut connection)?;
        Ok(Self { connection: Arc::new(Mutex::new(connection)) })
    }

    /// Runs `work` on the connection; for looking only.
    async fn read<T, F>(&self, work: F) -> Result<T, StoreError>
    where
        T: Send + 'static,
        F: FnOnce(&Connection) -> Result<T, StoreError> + Send + 'static,
    {
        self.on_thread(move |connection| work(connection)).await
    }

    /// Runs `work` as one transaction that no other writer can come between.
    async fn write<T, F>(&self, work: F) -> Result<T, StoreError>
    where
        T: Send + 'static,
        F: FnOnce(&Transaction<'_>) -> Result<T, StoreError> + Send + 'static,
    {
        self.on_thread(move |connection| {
            let transaction = connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
            let done = work(&transaction)?;
            transaction.commit()?;
            Ok(done)
        })
        .await
    }

    async fn on_thread<T, F>(&self, work: F) -> Result<T, StoreError>
    where
        T: Send + 'static,
        F: FnOnce(&mut Connection) -> Result<T, StoreError> + Send + 'static,
    {
        let connection = Arc::clone(&self.connection);
        let thread = tokio::task::spawn_blocking(move || {
            // A panic inside `work` rolled its transaction back: the connection is sound.
            let mut connection = connection.lock().unwrap_or_else(PoisonError::into_inner);
            work(&mut connection)
        });
        thread.await.map_err(|_| StoreError::Stopped)?
    }
}

fn private_file(path: &Path) -> io::Result<File> {
    let mut options = OpenOptions::new();
    options.create(true).truncate(false).read(true).write(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options.open(path)
}

fn migrate(connection: &mut Connection) -> Result<(), StoreError> {
    let transaction = connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
    let found: i64 = transaction.query_row("PRAGMA user_version", [], |row| row.get(0))?;
    let known = SCHEMA.len();
    let done = usize::try_from(found).ok().filter(|done| *done <= known);
    let Some(done) = done else { return Err(StoreError::Newer { found, known }) };
    for (at, step) in SCHEMA.iter().enumerate().skip(done) {
        transaction.execute_batch(step)?;
        transaction.pragma_update(None, "user_version", at as i64 + 1)?;
    }
    Ok(transaction.commit()?)
}

/// A time as SQLite keeps it.
fn stamp(ms: u64) -> i64 {
    i64::try_from(ms).unwrap_or(i64::MAX)
}

/// The way back.
fn unstamp(ms: i64) -> u64 {
    u64::try_from(ms).unwrap_or(0)
}

/// A random text of 32 hexadecimal digits for each of `parts`.
fn random_hex(parts: usize) -> String {
    (0..parts).map(|_| uuid::Uuid::new_v4().simple().to_string()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_database_of_a_newer_program_is_left_alone() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("studio.db");
        drop(Store::open(&path).unwrap());
        let raw = Connection::open(&path).unwrap();
        raw.pragma_update(None, "user_version", 99).unwrap();
        drop(raw);
        let said = Store::open(&path).unwrap_err().to_string();
        assert_eq!(said, "its schema has version 99, this program knows versions up to 3");
    }

    #[cfg(unix)]
    #[test]
    fn only_its_user_may_read_the_database() {
        use std::os::unix::fs::PermissionsExt;
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("studio.db");
        let _store = Store::open(&path).unwrap();
        for name in ["studio.db", "studio.db-wal", "studio.db-shm"] {
            let mode = folder.path().join(name).metadata().unwrap().permissions().mode();
            assert_eq!(mode & 0o077, 0, "{name} has mode {mode:o}");
        }
    }
}
