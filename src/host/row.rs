//! For which part of a script a thread or a task works: the script itself, or a row of a
//! batch. Rows run side by side; what they say waits for its turn, so that nothing is mixed.

use std::collections::{BTreeMap, BTreeSet};
use std::future::Future;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use crate::host::failure::{Failure, Kind};
use crate::host::run::Run;
use crate::journal::{ENTRIES_MAX, SCRIPT_ROW};

tokio::task_local! {
    /// The row that this thread or task works for; not set outside of batches.
    static CURRENT: Row;
}

/// A row of a batch, or the script itself. Calls are numbered and lines are kept by its path.
#[derive(Clone, Default)]
pub(super) struct Row(Option<Arc<InBatch>>);

struct InBatch {
    path: String,
    index: usize,
    desk: Arc<Desk>,
}

/// Where the rows of a batch say something: one after the other, in the order of the rows.
pub(super) struct Desk {
    run: Run,
    /// The row in which the batch runs.
    outer: Row,
    queue: Mutex<Queue>,
}

#[derive(Default)]
struct Queue {
    /// The row whose turn it is.
    turn: usize,
    /// Later rows that have ended.
    ended: BTreeSet<usize>,
    /// What later rows have to say.
    held: BTreeMap<usize, Vec<Said>>,
    /// How much that is.
    count: usize,
}

/// Tells something of the row with this path.
type Said = Box<dyn FnOnce(&Run) -> Result<(), Failure> + Send>;

impl Row {
    /// Returns the row that the calling thread or task works for.
    pub(super) fn current() -> Self {
        CURRENT.try_with(Clone::clone).unwrap_or_default()
    }

    /// Returns a row of the batch with this number in the current row.
    pub(super) fn of_batch(batch: u64, index: usize, desk: &Arc<Desk>) -> Self {
        let outer = desk.outer.path();
        let slash = if outer == SCRIPT_ROW { "" } else { "/" };
        let path = format!("{outer}{slash}{batch}/{index}");
        Self(Some(Arc::new(InBatch { path, index, desk: desk.clone() })))
    }

    /// Returns whether it is a row and not the script itself.
    pub(super) fn is_of_batch(&self) -> bool {
        self.0.is_some()
    }

    /// Returns its path: two numbers from 0 for each batch around it, which batch of the row
    /// around and which row of that; [`SCRIPT_ROW`] for the script itself.
    pub(super) fn path(&self) -> &str {
        self.0.as_ref().map_or(SCRIPT_ROW, |row| &row.path)
    }

    /// Works for this row until `work` returns.
    pub(super) fn enter<T>(&self, work: impl FnOnce() -> T) -> T {
        CURRENT.sync_scope(self.clone(), work)
    }

    /// Returns a future that works for this row wherever it is polled.
    pub(super) fn carried<F: Future>(self, future: F) -> impl Future<Output = F::Output> {
        CURRENT.scope(self, future)
    }

    /// Tells something when it is the turn of this row.
    ///
    /// # Errors
    /// Those of `tell`, when it is told at once; `Limit` when too much waits.
    pub(super) fn say(
        &self,
        run: &Run,
        tell: impl FnOnce(&Run, &str) -> Result<(), Failure> + Send + 'static,
    ) -> Result<(), Failure> {
        match &self.0 {
            None => tell(run, SCRIPT_ROW),
            Some(row) => {
                let path = row.path.clone();
                row.desk.say(row.index, Box::new(move |run| tell(run, &path)))
            }
        }
    }

    /// Hands on what a row of a batch inside this one says.
    fn pass(&self, run: &Run, said: Said) -> Result<(), Failure> {
        match &self.0 {
            None => said(run),
            Some(row) => row.desk.say(row.index, said),
        }
    }
}

impl Desk {
    /// Opens the desk of a batch that the current row begins.
    pub(super) fn open(run: &Run) -> Arc<Self> {
        Arc::new(Self { run: run.clone(), outer: Row::current(), queue: Mutex::default() })
    }

    /// Notes that a row has nothing more to say: it is the turn of the next one.
    pub(super) fn end(&self, index: usize) {
        let mut queue = self.queue();
        queue.ended.insert(index);
        loop {
            let turn = queue.turn;
            if !queue.ended.remove(&turn) {
                break;
            }
            queue.turn += 1;
            let next = queue.turn;
            self.tell(&mut queue, next);
        }
    }

    /// Tells what still waits: rows that never began have had no turn.
    pub(super) fn close(&self) {
        let mut queue = self.queue();
        while let Some(index) = queue.held.keys().next().copied() {
            self.tell(&mut queue, index);
        }
    }

    fn say(&self, index: usize, said: Said) -> Result<(), Failure> {
        let mut queue = self.queue();
        if index == queue.turn {
            // Told under the lock: the end of this row must not overtake it.
            return self.outer.pass(&self.run, said);
        }
        queue.count += 1;
        if queue.count > ENTRIES_MAX {
            let words = format!("rows of a batch have said {ENTRIES_MAX} things before it was their turn");
            return Err(self.run.end(Failure::new(Kind::Limit, words)));
        }
        queue.held.entry(index).or_default().push(said);
        Ok(())
    }

    fn tell(&self, queue: &mut Queue, index: usize) {
        let held = queue.held.remove(&index).unwrap_or_default();
        queue.count -= held.len();
        for said in held {
            // What cannot be kept has ended the run, which every row sees.
            drop(self.outer.pass(&self.run, said));
        }
    }

    fn queue(&self) -> MutexGuard<'_, Queue> {
        // A watcher that panics loses its own line only.
        self.queue.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
