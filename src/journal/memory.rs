//! Logs in memory: for what only looks, for tapes, and for tests.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError, Weak};

use serde_json::Value;

use super::{
    BatchId, BatchRecord, BatchRow, Ending, Entry, Guard, Journal, JournalError, Lease, NewBatch, NewRun,
    RowOf, RowRecord, RunId, RunRecord, RunState, Tally, Written,
};

/// A journal that ends with its process.
#[derive(Debug, Default)]
pub struct Memory {
    runs: Mutex<Vec<Kept>>,
    batches: Mutex<Vec<KeptBatch>>,
}

#[derive(Debug)]
struct KeptBatch {
    record: BatchRecord,
    rows: Vec<BatchRow>,
}

#[derive(Debug)]
struct Kept {
    record: RunRecord,
    log: Vec<Written>,
    /// The print of the row that it is of; empty for a run that stands alone.
    print: String,
    /// Alive while a lease is.
    held: Weak<()>,
}

impl Memory {
    fn kept(&self) -> MutexGuard<'_, Vec<Kept>> {
        // A panic elsewhere leaves no half change: each is one assignment.
        self.runs.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn add(&self, made_of: NewRun, now_ms: u64, row: Option<RowOf>, print: &str) -> RunId {
        let id = RunId::new();
        let record = RunRecord {
            id: id.clone(),
            created_ms: now_ms,
            made_of,
            epoch: 0,
            ended: None,
            credits: 0.0,
            row,
        };
        let print = print.to_owned();
        self.kept().push(Kept { record, log: Vec::new(), print, held: Weak::new() });
        id
    }

    fn known(&self) -> MutexGuard<'_, Vec<KeptBatch>> {
        self.batches.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn batch<T>(&self, id: &BatchId, change: impl FnOnce(&mut KeptBatch) -> T) -> Result<T, JournalError> {
        let mut known = self.known();
        let found = known.iter_mut().find(|known| known.record.id == *id);
        Ok(change(found.ok_or_else(|| JournalError::NoBatch(id.to_string()))?))
    }

    fn run_of(&self, id: &BatchId, row: &BatchRow) -> Option<RunRecord> {
        let kept = self.kept();
        let mut of_row = kept.iter().filter(|kept| {
            kept.print == row.print
                && kept.record.row.as_ref().is_some_and(|of| of.batch == *id && of.key == row.key)
        });
        of_row.next().map(|kept| kept.record.clone())
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
        Ok(self.add(run.clone(), now_ms, None, ""))
    }

    fn lease(&self, run: &RunId) -> Result<Lease, JournalError> {
        self.change(run, |kept| {
            if kept.held.strong_count() > 0 {
                return Err(JournalError::Held { run: run.clone(), pid: std::process::id() });
            }
            let done = |ended: &(u64, Ending)| ended.1.state == RunState::Finished;
            if kept.record.row.is_some() && kept.record.ended.as_ref().is_some_and(done) {
                return Err(JournalError::Done(run.clone()));
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

    fn end(&self, lease: &Lease, now_ms: u64, ending: &Ending, credits: f64) -> Result<(), JournalError> {
        self.leased(lease, |kept| {
            kept.record.ended = Some((now_ms, ending.clone()));
            kept.record.credits = credits;
        })
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
        let kept = self.kept();
        let alone = kept.iter().rev().filter(|kept| kept.record.row.is_none());
        Ok(alone.take(max).map(|kept| kept.record.clone()).collect())
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

    fn create_batch(&self, batch: &NewBatch, now_ms: u64) -> Result<BatchId, JournalError> {
        let id = BatchId(RunId::new());
        let record = BatchRecord { id: id.clone(), created_ms: now_ms, made_of: batch.clone() };
        self.known().push(KeptBatch { record, rows: Vec::new() });
        Ok(id)
    }

    fn edit_batch(&self, id: &BatchId, batch: &NewBatch) -> Result<(), JournalError> {
        self.batch(id, |known| {
            let mark = std::mem::take(&mut known.record.made_of.mark);
            known.record.made_of = NewBatch { mark, ..batch.clone() };
        })
    }

    fn find_batch(&self, typed: &str) -> Result<BatchRecord, JournalError> {
        let known = self.known();
        let mut fitting =
            known.iter().filter(|known| !typed.is_empty() && known.record.id.as_str().starts_with(typed));
        match (fitting.next(), fitting.next()) {
            (Some(known), None) => Ok(known.record.clone()),
            (None, _) => Err(JournalError::NoBatch(typed.to_owned())),
            (Some(first), Some(second)) => Err(JournalError::Ambiguous {
                typed: typed.to_owned(),
                candidates: [first, second].map(|known| known.record.id.to_string()).to_vec(),
            }),
        }
    }

    fn latest_batch(&self, mark: &str) -> Result<Option<BatchRecord>, JournalError> {
        let known = self.known();
        let marked = known.iter().rev().find(|known| known.record.made_of.mark == mark);
        Ok(marked.map(|known| known.record.clone()))
    }

    fn batches(&self, max: usize) -> Result<Vec<BatchRecord>, JournalError> {
        Ok(self.known().iter().rev().take(max).map(|known| known.record.clone()).collect())
    }

    fn set_rows(
        &self,
        id: &BatchId,
        rows: &mut dyn Iterator<Item = Result<BatchRow, JournalError>>,
    ) -> Result<u64, JournalError> {
        let rows = rows.collect::<Result<Vec<_>, _>>()?;
        self.batch(id, |known| {
            known.rows = rows;
            known.rows.len() as u64
        })
    }

    fn rows(&self, id: &BatchId, after: u64, max: usize) -> Result<Vec<RowRecord>, JournalError> {
        let rows: Vec<BatchRow> = self.batch(id, |known| {
            known.rows.iter().filter(|row| row.number > after).take(max).cloned().collect()
        })?;
        Ok(rows.into_iter().map(|row| RowRecord { run: self.run_of(id, &row), row }).collect())
    }

    fn row_run(&self, id: &BatchId, row: &BatchRow, now_ms: u64) -> Result<RunId, JournalError> {
        if let Some(found) = self.run_of(id, row) {
            return Ok(found.id);
        }
        let made_of = NewRun { title: row.name.clone(), source: None, setup: Value::Null };
        let of = RowOf { batch: id.clone(), key: row.key.clone() };
        Ok(self.add(made_of, now_ms, Some(of), &row.print))
    }

    fn tally(&self, id: &BatchId) -> Result<Tally, JournalError> {
        let mut tally = Tally::default();
        for record in Journal::rows(self, id, 0, usize::MAX)? {
            tally.rows += 1;
            let Some(run) = record.run else { continue };
            tally.credits += run.credits;
            tally.latest_ms = tally.latest_ms.max(run.ended.as_ref().map(|(at_ms, _)| *at_ms));
            match run.ended.map(|(_, ending)| ending.state) {
                Some(RunState::Finished) => tally.finished += 1,
                Some(RunState::Failed) => tally.failed += 1,
                Some(RunState::Parked) => tally.parked += 1,
                Some(RunState::Stopped) | None => tally.open += 1,
                Some(RunState::Cancelled) => (),
            }
        }
        Ok(tally)
    }

    fn forget_batch(&self, id: &BatchId) -> Result<(), JournalError> {
        let of_batch = |record: &RunRecord| record.row.as_ref().is_some_and(|of| of.batch == *id);
        let mut kept = self.kept();
        if let Some(held) = kept.iter().find(|kept| of_batch(&kept.record) && kept.held.strong_count() > 0) {
            return Err(JournalError::Held { run: held.record.id.clone(), pid: std::process::id() });
        }
        kept.retain(|kept| !of_batch(&kept.record));
        self.known().retain(|known| known.record.id != *id);
        Ok(())
    }
}
