//! The thread that writes entries for all others: what they hand in at the same time is one
//! commit, and so one wait for the disk.
//!
//! Each row of a batch has a thread of its own that waits most of its life. SQLite writes deep
//! in the stack, and what a thread once touched of its stack stays in memory: here it is touched
//! once and not a thousand times.

use std::panic::{self, AssertUnwindSafe};
use std::sync::mpsc::{self, Receiver, Sender, SyncSender};
use std::sync::{Arc, Mutex};
use std::thread::{self, JoinHandle};

use rusqlite::{Connection, Transaction, TransactionBehavior, params};

use super::{ahead, fenced, locked};
use crate::journal::stored::{number, seal, unreadable};
use crate::journal::{Entry, JournalError, Lease, RunId};

/// Pages of one commit: enough that none waits for two commits of a large batch.
const PAGES_MAX: usize = 256;

/// When a page is on disk.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum OnDisk {
    /// Before the call returns.
    Now,
    /// With the next commit.
    WithNext,
}

/// Entries of one run, as they are stored.
#[derive(Debug)]
pub(super) struct Page {
    run: RunId,
    epoch: u64,
    from: u64,
    at_ms: u64,
    entries: Vec<String>,
}

/// Takes pages, and answers when they are written.
#[derive(Debug)]
pub(super) struct Desk {
    /// None only while it closes.
    pages: Option<Sender<Job>>,
    writer: Option<JoinHandle<()>>,
}

#[derive(Debug)]
struct Job {
    page: Page,
    on_disk: OnDisk,
    answer: SyncSender<Answer>,
}

/// What became of a page; a panic goes on where the page came from.
type Answer = thread::Result<Result<(), JournalError>>;

impl Page {
    /// # Errors
    /// `Damaged` for an entry that cannot be written as JSON, which is a mistake of ours.
    pub(super) fn new(lease: &Lease, from: u64, at_ms: u64, entries: &[Entry]) -> Result<Self, JournalError> {
        let entries = entries
            .iter()
            .map(|entry| serde_json::to_string(entry).map_err(unreadable))
            .collect::<Result<_, _>>()?;
        Ok(Self { run: lease.run.clone(), epoch: lease.epoch, from, at_ms, entries })
    }

    fn write(&self, transaction: &Transaction<'_>) -> Result<(), JournalError> {
        fenced(transaction, &self.run, self.epoch)?;
        let sql = "INSERT INTO entries (run, n, at_ms, epoch, entry, seal) VALUES (?, ?, ?, ?, ?, ?)";
        let mut insert = transaction.prepare_cached(sql)?;
        for (n, text) in (self.from..).zip(&self.entries) {
            let (run, epoch) = (self.run.as_str(), number(self.epoch));
            insert.execute(params![run, number(n), number(self.at_ms), epoch, text, seal(n, text)])?;
        }
        Ok(())
    }
}

impl Desk {
    /// # Errors
    /// `Unwritable` when the system gives no thread.
    pub(super) fn new(connection: Arc<Mutex<Connection>>) -> Result<Self, JournalError> {
        let (pages, waiting) = mpsc::channel();
        let writer = thread::Builder::new().name("journal".to_owned());
        let writer = writer.spawn(move || serve(&connection, &waiting))?;
        Ok(Self { pages: Some(pages), writer: Some(writer) })
    }

    /// Writes a page, and returns when it is written.
    ///
    /// # Errors
    /// `Fenced` when the run was taken over since; `Unwritable`. Then nothing of the page is there.
    pub(super) fn add(&self, page: Page, on_disk: OnDisk) -> Result<(), JournalError> {
        let closed = || JournalError::Unwritable("its writer has ended".to_owned());
        let (answer, written) = mpsc::sync_channel(1);
        let pages = self.pages.as_ref().ok_or_else(closed)?;
        pages.send(Job { page, on_disk, answer }).map_err(|_| closed())?;
        let written = written.recv().map_err(|_| closed())?;
        written.unwrap_or_else(|panicked| panic::resume_unwind(panicked))
    }
}

impl Drop for Desk {
    fn drop(&mut self) {
        self.pages = None;
        // It ends with the last page; its panics were answered.
        let _ended = self.writer.take().map(JoinHandle::join);
    }
}

/// Writes what waits until nobody can hand in any more.
fn serve(connection: &Mutex<Connection>, waiting: &Receiver<Job>) {
    while let Ok(first) = waiting.recv() {
        let mut jobs = vec![first];
        jobs.extend(waiting.try_iter().take(PAGES_MAX - 1));
        let mut db = locked(connection);
        let answers: Vec<Answer> = match tried(&mut db, &jobs) {
            Ok(Ok(())) => jobs.iter().map(|_| Ok(Ok(()))).collect(),
            // No page is at fault: each would wait as long, and fail.
            Ok(Err(JournalError::Unwritable(words))) => {
                jobs.iter().map(|_| Ok(Err(JournalError::Unwritable(words.clone())))).collect()
            }
            failed if jobs.len() == 1 => vec![failed],
            // One that fails took the others back with it: now each stands for itself.
            _ => jobs.iter().map(|job| tried(&mut db, std::slice::from_ref(job))).collect(),
        };
        drop(db);
        for (job, answer) in jobs.iter().zip(answers) {
            // Who does not wait any more has panicked.
            let _gone = job.answer.send(answer);
        }
    }
}

/// All of these pages in one commit, or none.
fn tried(db: &mut Connection, jobs: &[Job]) -> Answer {
    let commit = |db: &mut Connection| {
        let transaction = db.transaction_with_behavior(TransactionBehavior::Immediate)?;
        jobs.iter().try_for_each(|job| job.page.write(&transaction))?;
        Ok(transaction.commit()?)
    };
    let now = jobs.iter().any(|job| job.on_disk == OnDisk::Now);
    panic::catch_unwind(AssertUnwindSafe(|| if now { commit(db) } else { ahead(db, commit) }))
}

#[cfg(test)]
mod tests {
    use super::super::Sqlite;
    use super::*;
    use crate::journal::{Journal, NewRun};
    use serde_json::json;

    fn leased(journal: &Sqlite) -> Lease {
        let run = NewRun { title: "a".to_owned(), source: None, setup: json!({}) };
        journal.lease(&journal.create(&run, 0).unwrap()).unwrap()
    }

    fn job(lease: &Lease) -> (Job, Receiver<Answer>) {
        let entries = [Entry::File("a.mp4".to_owned())];
        let (answer, written) = mpsc::sync_channel(1);
        (Job { page: Page::new(lease, 0, 0, &entries).unwrap(), on_disk: OnDisk::Now, answer }, written)
    }

    #[test]
    fn a_page_of_a_run_that_was_taken_over_keeps_no_other_back() {
        let folder = tempfile::tempdir().unwrap();
        let journal = Sqlite::open(&folder.path().join("journal.db")).unwrap();
        let (one, mut late, other) = (leased(&journal), leased(&journal), leased(&journal));
        late.epoch -= 1;
        let (pages, waiting) = mpsc::channel();
        let written = [&one, &late, &other].map(|lease| {
            let (job, written) = job(lease);
            pages.send(job).unwrap();
            written
        });
        drop(pages);
        serve(&journal.connection, &waiting);
        let [one, late, other] = written.map(|written| written.recv().unwrap().unwrap());
        assert!(one.is_ok() && other.is_ok());
        assert!(matches!(late, Err(JournalError::Fenced(_))));
    }
}
