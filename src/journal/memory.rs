//! Logs in memory: for what only looks, for tapes, and for tests.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError, Weak};

use super::{Ending, Entry, Guard, Journal, JournalError, Lease, NewRun, RunId, RunRecord, Written};

/// A journal that ends with its process.
#[derive(Debug, Default)]
pub struct Memory(Mutex<Vec<Kept>>);

#[derive(Debug)]
struct Kept {
    record: RunRecord,
    log: Vec<Written>,
    /// Alive while a lease is.
    held: Weak<()>,
}

impl Memory {
    fn kept(&self) -> MutexGuard<'_, Vec<Kept>> {
        // A panic elsewhere leaves no half change: each is one assignment.
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn change<T>(
        &self,
        run: &RunId,
        change: impl FnOnce(&mut Kept) -> Result<T, JournalError>,
    ) -> Result<T, JournalError> {
        let mut kept = self.kept();
        let found = kept.iter_mut().find(|kept| kept.record.id == *run);
        change(found.ok_or_else(|| JournalError::NoRun(run.to_string()))?)
    }

    fn leased<T>(&self, lease: &Lease, change: impl FnOnce(&mut Kept) -> T) -> Result<T, JournalError> {
        self.change(&lease.run, |kept| {
            if kept.record.epoch != lease.epoch {
                return Err(JournalError::Fenced(lease.run.clone()));
            }
            Ok(change(kept))
        })
    }
}

impl Journal for Memory {
    fn create(&self, run: &NewRun, now_ms: u64) -> Result<RunId, JournalError> {
        let id = RunId::new();
        let record =
            RunRecord { id: id.clone(), created_ms: now_ms, made_of: run.clone(), epoch: 0, ended: None };
        self.kept().push(Kept { record, log: Vec::new(), held: Weak::new() });
        Ok(id)
    }

    fn lease(&self, run: &RunId) -> Result<Lease, JournalError> {
        self.change(run, |kept| {
            if kept.held.strong_count() > 0 {
                return Err(JournalError::Held { run: run.clone(), pid: std::process::id() });
            }
            let guard = Arc::new(());
            kept.held = Arc::downgrade(&guard);
            kept.record.epoch += 1;
            kept.record.ended = None;
            Ok(Lease { run: run.clone(), epoch: kept.record.epoch, guard: Guard::Memory { _alive: guard } })
        })
    }

    fn append(&self, lease: &Lease, from: u64, at_ms: u64, entries: &[Entry]) -> Result<(), JournalError> {
        self.leased(lease, |kept| {
            if kept.log.len() as u64 != from {
                return Err(JournalError::Fenced(lease.run.clone()));
            }
            kept.log.extend(entries.iter().map(|entry| Written { at_ms, entry: entry.clone() }));
            Ok(())
        })?
    }

    fn end(&self, lease: &Lease, now_ms: u64, ending: &Ending) -> Result<(), JournalError> {
        self.leased(lease, |kept| kept.record.ended = Some((now_ms, ending.clone())))
    }

    fn discard(&self, lease: &Lease) -> Result<(), JournalError> {
        self.leased(lease, |_| ())?;
        self.kept().retain(|kept| kept.record.id != lease.run);
        Ok(())
    }

    fn edit(&self, lease: &Lease, source: &str) -> Result<(), JournalError> {
        self.leased(lease, |kept| kept.record.made_of.source = Some(source.to_owned()))
    }

    fn find(&self, typed: &str) -> Result<RunRecord, JournalError> {
        let kept = self.kept();
        let mut fitting =
            kept.iter().filter(|kept| !typed.is_empty() && kept.record.id.as_str().starts_with(typed));
        match (fitting.next(), fitting.next()) {
            (Some(kept), None) => Ok(kept.record.clone()),
            (None, _) => Err(JournalError::NoRun(typed.to_owned())),
            (Some(first), Some(second)) => Err(JournalError::Ambiguous {
                typed: typed.to_owned(),
                candidates: [first, second].map(|kept| kept.record.id.to_string()).to_vec(),
            }),
        }
    }

    fn runs(&self, max: usize) -> Result<Vec<RunRecord>, JournalError> {
        Ok(self.kept().iter().rev().take(max).map(|kept| kept.record.clone()).collect())
    }

    fn entries(&self, run: &RunId) -> Result<Vec<Written>, JournalError> {
        self.change(run, |kept| Ok(kept.log.clone()))
    }

    fn holder(&self, run: &RunId) -> Result<Option<u32>, JournalError> {
        self.change(run, |kept| Ok((kept.held.strong_count() > 0).then(std::process::id)))
    }

    fn forget(&self, run: &RunId) -> Result<(), JournalError> {
        if let Some(pid) = self.holder(run)? {
            return Err(JournalError::Held { run: run.clone(), pid });
        }
        self.kept().retain(|kept| kept.record.id != *run);
        Ok(())
    }
}
