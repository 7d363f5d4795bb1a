//! Logs in one SQLite file of the user's. Every append is committed, and on disk before the
//! call returns, unless it says that it may go there with the next one.

mod batches;
mod desk;

use std::fs::{File, OpenOptions};
use std::io;
use std::panic::{self, AssertUnwindSafe};
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use rusqlite::{Connection, OptionalExtension, Row, Transaction, TransactionBehavior, params};

use self::desk::{Desk, OnDisk, Page};
use super::lock::{self, Locks};
use super::stored::{known_as, number, seal, unreadable, unsigned};
use super::{
    BatchId, BatchRecord, BatchRow, Ending, Entry, Guard, Journal, JournalError, Lease, NewBatch, NewRun,
    RowOf, RowRecord, RunId, RunRecord, RunState, Tally, Written,
};

/// How long a writer waits for another process: commits take milliseconds.
const BUSY: Duration = Duration::from_secs(10);
/// Each file brings the schema one version further; `user_version` counts them. A file that
/// was ever released never changes.
const SCHEMA: &[&str] = &[include_str!("../schema/0001.sql"), include_str!("../schema/0002.sql")];
/// The journal and its helpers are their user's alone.
const PRIVATE: u32 = 0o600;

/// An id begins with `?1`. A range, which the index of the ids answers; `g` stands behind every
/// hexadecimal digit.
const BEGINS: &str = "id >= ?1 AND id < ?1 || 'g'";

/// How a commit reaches the disk: with `FULL` before it returns, with `NORMAL` at the latest
/// with the next `FULL` one, because both are in the same file.
const SYNCHRONOUS: &str = "synchronous";

const COLUMNS: &str = "id, created_ms, title, source, setup, epoch, ended_ms, state, words, exit_code, \
                       batch, row_key, credits";

/// A journal in a file.
#[derive(Debug)]
pub struct Sqlite {
    desk: Desk,
    connection: Arc<Mutex<Connection>>,
    locks: Locks,
    /// Held by who does what must not be done twice at once.
    guard: PathBuf,
}

impl Sqlite {
    /// Opens the journal at `path`, made with its folder when it is not there, readable by
    /// its user alone.
    ///
    /// # Errors
    /// `Unwritable` when the file cannot be made or written, `Damaged` when it is no journal,
    /// `Newer` when a newer program wrote it.
    pub fn open(path: &Path) -> Result<Self, JournalError> {
        let named = |error: io::Error| JournalError::Unwritable(format!("`{}`: {error}", path.display()));
        if let Some(folder) = path.parent() {
            std::fs::create_dir_all(folder).map_err(named)?;
        }
        drop(private_file(path).map_err(named)?);
        // Two processes that make the file at once would meet in the switch to WAL, which
        // does not wait for others.
        let guard = path.with_extension("lock");
        let _alone = alone(&guard).map_err(named)?;
        let mut connection = Connection::open(path)?;
        connection.busy_timeout(BUSY)?;
        connection.pragma_update(None, "journal_mode", "WAL")?;
        // With NORMAL a power cut loses the newest commits: the one case that this is for.
        connection.pragma_update(None, SYNCHRONOUS, "FULL")?;
        connection.pragma_update(None, "foreign_keys", true)?;
        migrate(&mut connection)?;
        let connection = Arc::new(Mutex::new(connection));
        let desk = Desk::new(connection.clone())?;
        Ok(Self { desk, connection, locks: Locks::beside(path), guard })
    }

    /// Keeps other processes from opening the journal, and from doing the same, until the file
    /// is dropped: for what takes several commits and must happen once. Take it for a moment.
    ///
    /// # Errors
    /// `Unwritable` when the lock cannot be had.
    pub fn alone(&self) -> Result<File, JournalError> {
        Ok(alone(&self.guard)?)
    }

    /// Says that this process makes rows of a batch, until the answer is dropped: nobody forgets it,
    /// also while no row of it is being made.
    ///
    /// # Errors
    /// `Unwritable` when the lock cannot be had.
    pub fn attend(&self, batch: &BatchId) -> Result<File, JournalError> {
        Ok(self.locks.attend(batch.as_str())?)
    }

    /// Returns runs that were written here once and are missing: the journal has lost its end.
    ///
    /// # Errors
    /// The journal could not be read.
    pub fn missing(&self) -> Result<Vec<RunId>, JournalError> {
        let mut missing = Vec::new();
        for run in self.locks.counted()? {
            let sql = "SELECT count(*) FROM runs WHERE id = ?";
            let known: i64 = self.db().query_row(sql, [&run], |row| row.get(0))?;
            if known == 0 {
                missing.push(RunId(run));
            }
        }
        Ok(missing)
    }

    fn db(&self) -> MutexGuard<'_, Connection> {
        locked(&self.connection)
    }

    fn ahead<T>(
        &self,
        work: impl FnOnce(&mut Connection) -> Result<T, JournalError>,
    ) -> Result<T, JournalError> {
        ahead(&mut self.db(), work)
    }

    fn leased<T>(
        &self,
        lease: &Lease,
        work: impl FnOnce(&Transaction<'_>) -> Result<T, JournalError>,
    ) -> Result<T, JournalError> {
        leased(&mut self.db(), lease, work)
    }

    fn held(&self, run: &RunId) -> Result<JournalError, JournalError> {
        let pid = self.locks.holder(run)?.unwrap_or(0);
        Ok(JournalError::Held { run: run.clone(), pid })
    }
}

impl Journal for Sqlite {
    fn create(&self, run: &NewRun, now_ms: u64) -> Result<RunId, JournalError> {
        let id = RunId::new();
        let sql = "INSERT INTO runs (id, created_ms, title, source, setup) VALUES (?, ?, ?, ?, ?)";
        let row = params![id.as_str(), number(now_ms), run.title, run.source, run.setup.to_string()];
        self.ahead(|db| Ok(db.execute(sql, row)?))?;
        Ok(id)
    }

    fn lease(&self, run: &RunId) -> Result<Lease, JournalError> {
        let Some((guard, told)) = self.locks.take(run)? else { return Err(self.held(run)?) };
        let sql = "SELECT count(*) FROM entries WHERE run = ?";
        let there: i64 = self.db().query_row(sql, [run.as_str()], |row| row.get(0))?;
        if unsigned(there) < told {
            let words = format!("run {run} has lost its end: {there} of {told} entries are there");
            return Err(JournalError::Damaged(words));
        }
        let sql = "UPDATE runs SET epoch = epoch + 1, ended_ms = NULL, state = 'running',
                          words = '', exit_code = NULL
                   WHERE id = ? AND (batch IS NULL OR state <> 'finished') RETURNING epoch";
        let epoch: Option<i64> =
            self.ahead(|db| Ok(db.query_row(sql, [run.as_str()], |row| row.get(0)).optional()?))?;
        let Some(epoch) = epoch else {
            // The whole id of a run is the beginning of no other.
            self.find(run.as_str())?;
            self.locks.remove(run);
            return Err(JournalError::Done(run.clone()));
        };
        Ok(Lease { run: run.clone(), epoch: unsigned(epoch), guard: Guard::File(guard) })
    }

    fn append(&self, lease: &Lease, from: u64, at_ms: u64, entries: &[Entry]) -> Result<(), JournalError> {
        self.desk.add(Page::new(lease, from, at_ms, entries)?, OnDisk::Now)?;
        if let Guard::File(file) = &lease.guard {
            lock::count(file, from + entries.len() as u64)?;
        }
        Ok(())
    }

    fn append_ahead(
        &self,
        lease: &Lease,
        from: u64,
        at_ms: u64,
        entries: &[Entry],
    ) -> Result<(), JournalError> {
        // Not counted: the count must not reach the disk before them.
        self.desk.add(Page::new(lease, from, at_ms, entries)?, OnDisk::WithNext)
    }

    fn end(&self, lease: &Lease, now_ms: u64, ending: &Ending, credits: f64) -> Result<(), JournalError> {
        let batch: Option<String> = self.leased(lease, |transaction| {
            let sql = "UPDATE runs SET ended_ms = ?, state = ?, words = ?, exit_code = ?, credits = ?
                       WHERE id = ? RETURNING batch";
            let Ending { state, words, exit_code } = ending;
            let values = params![number(now_ms), state.word(), words, exit_code, credits, lease.run.as_str()];
            Ok(transaction.query_row(sql, values, |row| row.get(0))?)
        })?;
        if let Some(batch) = batch.filter(|_| ending.state == RunState::Finished) {
            self.locks.fold(&batch, &lease.run)?;
        }
        Ok(())
    }

    fn discard(&self, lease: &Lease) -> Result<(), JournalError> {
        self.leased(lease, |transaction| {
            transaction.execute("DELETE FROM runs WHERE id = ?", [lease.run.as_str()])?;
            Ok(())
        })?;
        self.locks.remove(&lease.run);
        Ok(())
    }

    fn edit(&self, lease: &Lease, source: &str) -> Result<(), JournalError> {
        self.leased(lease, |transaction| {
            let sql = "UPDATE runs SET source = ? WHERE id = ?";
            transaction.execute(sql, params![source, lease.run.as_str()])?;
            Ok(())
        })
    }

    fn find(&self, typed: &str) -> Result<RunRecord, JournalError> {
        let listed = |beginning: String, max: i64| {
            let sql = format!("SELECT {COLUMNS} FROM runs WHERE {BEGINS} LIMIT ?2");
            records(&self.db(), &sql, params![beginning, max])
        };
        known_as(typed, listed, |record: &RunRecord| record.id.as_str())
    }

    fn runs(&self, max: usize) -> Result<Vec<RunRecord>, JournalError> {
        let sql = format!(
            "SELECT {COLUMNS} FROM runs WHERE batch IS NULL ORDER BY created_ms DESC, rowid DESC LIMIT ?"
        );
        records(&self.db(), &sql, params![number(max as u64)])
    }

    fn entries(&self, run: &RunId) -> Result<Vec<Written>, JournalError> {
        let db = self.db();
        let mut query =
            db.prepare_cached("SELECT n, at_ms, entry, seal FROM entries WHERE run = ? ORDER BY n")?;
        let rows = query.query_map([run.as_str()], |row| {
            Ok((
                row.get::<_, i64>(0)?,
                row.get::<_, i64>(1)?,
                row.get::<_, String>(2)?,
                row.get::<_, Vec<u8>>(3)?,
            ))
        })?;
        let mut entries = Vec::new();
        for row in rows {
            let (n, at_ms, text, found) = row.map_err(rotten)?;
            let expected = entries.len() as u64;
            if unsigned(n) != expected || found != seal(expected, &text) {
                return Err(JournalError::Damaged(format!(
                    "entry {expected} of run {run} is missing or rotten"
                )));
            }
            let entry = serde_json::from_str(&text).map_err(unreadable)?;
            entries.push(Written { at_ms: unsigned(at_ms), entry });
        }
        Ok(entries)
    }

    fn holder(&self, run: &RunId) -> Result<Option<u32>, JournalError> {
        Ok(self.locks.holder(run)?)
    }

    fn forget(&self, run: &RunId) -> Result<(), JournalError> {
        let Some((_guard, _)) = self.locks.take(run)? else { return Err(self.held(run)?) };
        self.db().execute("DELETE FROM runs WHERE id = ?", [run.as_str()])?;
        self.locks.remove(run);
        Ok(())
    }

    fn create_batch(&self, batch: &NewBatch, now_ms: u64) -> Result<BatchId, JournalError> {
        batches::create(&self.db(), batch, now_ms)
    }

    fn edit_batch(&self, id: &BatchId, batch: &NewBatch) -> Result<(), JournalError> {
        batches::edit(&self.db(), id, batch)
    }

    fn find_batch(&self, typed: &str) -> Result<BatchRecord, JournalError> {
        batches::find(&self.db(), typed)
    }

    fn latest_batch(&self, mark: &str) -> Result<Option<BatchRecord>, JournalError> {
        batches::latest(&self.db(), mark)
    }

    fn batches(&self, max: usize) -> Result<Vec<BatchRecord>, JournalError> {
        batches::newest(&self.db(), max)
    }

    fn set_rows(
        &self,
        id: &BatchId,
        rows: &mut dyn Iterator<Item = Result<BatchRow, JournalError>>,
    ) -> Result<u64, JournalError> {
        batches::set_rows(&mut self.db(), id, rows)
    }

    fn rows(&self, id: &BatchId, after: u64, max: usize) -> Result<Vec<RowRecord>, JournalError> {
        batches::rows(&self.db(), id, after, max)
    }

    fn row_run(&self, id: &BatchId, row: &BatchRow, now_ms: u64) -> Result<RunId, JournalError> {
        self.ahead(|db| batches::row_run(db, id, row, now_ms))
    }

    fn tally(&self, id: &BatchId) -> Result<Tally, JournalError> {
        // Rows whose end was counted here once and is not there were paid for, perhaps.
        let (told, there) = (self.locks.folded(id.as_str())?, batches::finished(&self.db(), id.as_str())?);
        if there < told {
            let words = format!("batch {id} has lost its end: {there} of {told} finished rows are there");
            return Err(JournalError::Damaged(words));
        }
        batches::tally(&self.db(), id)
    }

    fn forget_batch(&self, id: &BatchId) -> Result<(), JournalError> {
        // Nobody finds the batch, to go on with it, while it goes.
        let _alone = self.alone()?;
        let Some(_file) = self.locks.unattended(id.as_str())? else {
            return Err(JournalError::Held { run: id.0.clone(), pid: 0 });
        };
        let mut db = self.db();
        let transaction = db.transaction_with_behavior(TransactionBehavior::Immediate)?;
        let runs = batches::runs(&transaction, id)?;
        // Who takes a lock after this look finds no run any more. A finished row is nobody's.
        for (run, _) in runs.iter().filter(|(_, state)| state != RunState::Finished.word()) {
            if let Some(pid) = self.locks.holder(run)? {
                return Err(JournalError::Held { run: run.clone(), pid });
            }
        }
        batches::forget(&transaction, id)?;
        transaction.commit()?;
        runs.iter().for_each(|(run, _)| self.locks.remove(run));
        self.locks.remove(&id.0);
        Ok(())
    }
}

fn alone(guard: &Path) -> io::Result<File> {
    let file = private_file(guard)?;
    file.lock()?;
    Ok(file)
}

fn locked(connection: &Mutex<Connection>) -> MutexGuard<'_, Connection> {
    // A panic inside a transaction rolled it back: the connection is sound.
    connection.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Work whose commit may reach the disk with the next one: for what a power cut may take back
/// as long as nothing was done under it.
fn ahead<T>(
    db: &mut Connection,
    work: impl FnOnce(&mut Connection) -> Result<T, JournalError>,
) -> Result<T, JournalError> {
    db.pragma_update(None, SYNCHRONOUS, "NORMAL")?;
    let done = panic::catch_unwind(AssertUnwindSafe(|| work(db)));
    db.pragma_update(None, SYNCHRONOUS, "FULL")?;
    done.unwrap_or_else(|panicked| panic::resume_unwind(panicked))
}

/// Fails unless `epoch` is the one of the run's latest lease.
fn fenced(transaction: &Transaction<'_>, run: &RunId, epoch: u64) -> Result<(), JournalError> {
    let latest: Option<i64> = transaction
        .prepare_cached("SELECT epoch FROM runs WHERE id = ?")?
        .query_row([run.as_str()], |row| row.get(0))
        .optional()?;
    if latest == Some(number(epoch)) { Ok(()) } else { Err(JournalError::Fenced(run.clone())) }
}

/// One transaction under a lease that nobody took over.
fn leased<T>(
    db: &mut Connection,
    lease: &Lease,
    work: impl FnOnce(&Transaction<'_>) -> Result<T, JournalError>,
) -> Result<T, JournalError> {
    let transaction = db.transaction_with_behavior(TransactionBehavior::Immediate)?;
    fenced(&transaction, &lease.run, lease.epoch)?;
    let done = work(&transaction)?;
    transaction.commit()?;
    Ok(done)
}

fn private_file(path: &Path) -> io::Result<File> {
    use std::os::unix::fs::OpenOptionsExt;
    OpenOptions::new().create(true).truncate(false).read(true).write(true).mode(PRIVATE).open(path)
}

/// Brings the schema up to date; another process may be about to do the same.
fn migrate(connection: &mut Connection) -> Result<(), JournalError> {
    let transaction = connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
    let found: i64 = transaction.query_row("PRAGMA user_version", [], |row| row.get(0))?;
    let known = SCHEMA.len();
    let newer = JournalError::Newer { found, known };
    let done = usize::try_from(found).ok().filter(|done| *done <= known).ok_or(newer)?;
    for step in &SCHEMA[done..] {
        transaction.execute_batch(step)?;
    }
    transaction.pragma_update(None, "user_version", number(known as u64))?;
    transaction.commit()?;
    Ok(())
}

fn records(
    db: &Connection,
    sql: &str,
    values: impl rusqlite::Params,
) -> Result<Vec<RunRecord>, JournalError> {
    let mut query = db.prepare_cached(sql)?;
    let mut rows = query.query(values)?;
    let mut found = Vec::new();
    while let Some(row) = rows.next()? {
        found.push(record(row)?);
    }
    Ok(found)
}

fn record(row: &Row<'_>) -> Result<RunRecord, JournalError> {
    let setup: String = row.get(4).map_err(rotten)?;
    let made_of = NewRun {
        title: row.get(2).map_err(rotten)?,
        source: row.get(3).map_err(rotten)?,
        setup: serde_json::from_str(&setup).map_err(unreadable)?,
    };
    let (ended_ms, state): (Option<i64>, String) = (row.get(6)?, row.get(7)?);
    let ended = match ended_ms.zip(RunState::from_word(&state)) {
        None => None,
        Some((at, state)) => {
            let exit_code = row.get::<_, Option<u8>>(9).map_err(rotten)?.unwrap_or_default();
            Some((unsigned(at), Ending { state, words: row.get(8).map_err(rotten)?, exit_code }))
        }
    };
    let (batch, key) = (row.get(10).map_err(rotten)?, row.get(11).map_err(rotten)?);
    let (batch, key): (Option<String>, Option<String>) = (batch, key);
    Ok(RunRecord {
        id: RunId(row.get(0).map_err(rotten)?),
        created_ms: unsigned(row.get(1)?),
        made_of,
        epoch: unsigned(row.get(5)?),
        ended,
        credits: row.get(12).map_err(rotten)?,
        row: batch.zip(key).map(|(batch, key)| RowOf { batch: BatchId(RunId(batch)), key }),
    })
}

/// A value that is not of its column's type, in a strict table.
fn rotten(error: rusqlite::Error) -> JournalError {
    match error {
        rusqlite::Error::SqliteFailure(..) => error.into(),
        error => JournalError::Damaged(error.to_string()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// What SQLite calls `FULL`.
    const FULL: i64 = 2;

    #[test]
    fn only_a_commit_ahead_need_not_be_on_disk() {
        let folder = tempfile::tempdir().unwrap();
        let journal = Sqlite::open(&folder.path().join("journal.db")).unwrap();
        let level =
            |db: &Connection| -> i64 { db.pragma_query_value(None, SYNCHRONOUS, |row| row.get(0)).unwrap() };
        assert_eq!(journal.ahead(|db| Ok(level(db))).unwrap(), 1);
        assert_eq!(level(&journal.db()), FULL);
        assert!(journal.ahead(|_| Err::<(), _>(JournalError::Full)).is_err());
        assert_eq!(level(&journal.db()), FULL);
        let broken = panic::catch_unwind(AssertUnwindSafe(|| journal.ahead::<()>(|_| panic!("at work"))));
        assert!(broken.is_err());
        assert_eq!(level(&journal.db()), FULL);
    }
}
