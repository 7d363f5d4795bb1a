//! The tables of batches.

use std::collections::BTreeMap;

use rusqlite::{Connection, OptionalExtension, Row, params};

use super::{BEGINS, COLUMNS, record, rotten};
use crate::journal::stored::{known_as, number, unreadable, unsigned};
use crate::journal::{
    BatchId, BatchRecord, BatchRow, JournalError, NewBatch, RowRecord, RunId, RunState, Tally,
};

const BATCH_COLUMNS: &str = "id, created_ms, title, mark, source, setup";

pub(super) fn create(db: &Connection, batch: &NewBatch, now_ms: u64) -> Result<BatchId, JournalError> {
    let id = RunId::new();
    let sql = "INSERT INTO batches (id, created_ms, title, mark, source, setup) VALUES (?, ?, ?, ?, ?, ?)";
    let NewBatch { title, mark, source, setup } = batch;
    db.execute(sql, params![id.as_str(), number(now_ms), title, mark, source, setup.to_string()])?;
    Ok(BatchId(id))
}

pub(super) fn edit(db: &Connection, id: &BatchId, batch: &NewBatch) -> Result<(), JournalError> {
    let sql = "UPDATE batches SET title = ?, source = ?, setup = ? WHERE id = ?";
    db.execute(sql, params![batch.title, batch.source, batch.setup.to_string(), id.as_str()])?;
    Ok(())
}

pub(super) fn find(db: &Connection, typed: &str) -> Result<BatchRecord, JournalError> {
    let found = known_as(
        typed,
        |beginning, max| {
            let sql = format!("SELECT {BATCH_COLUMNS} FROM batches WHERE {BEGINS} LIMIT ?2");
            listed(db, &sql, params![beginning, max])
        },
        |batch: &BatchRecord| batch.id.as_str(),
    );
    match found {
        Err(JournalError::NoRun(typed)) => Err(JournalError::NoBatch(typed)),
        found => found,
    }
}

pub(super) fn latest(db: &Connection, mark: &str) -> Result<Option<BatchRecord>, JournalError> {
    let sql = format!(
        "SELECT {BATCH_COLUMNS} FROM batches WHERE mark = ? ORDER BY created_ms DESC, rowid DESC LIMIT 1"
    );
    Ok(listed(db, &sql, [mark])?.pop())
}

pub(super) fn newest(db: &Connection, max: usize) -> Result<Vec<BatchRecord>, JournalError> {
    let sql = format!("SELECT {BATCH_COLUMNS} FROM batches ORDER BY created_ms DESC, rowid DESC LIMIT ?");
    listed(db, &sql, [number(max as u64)])
}

/// Replaces the rows of a batch in one transaction; returns how many they are.
pub(super) fn set_rows(
    db: &mut Connection,
    id: &BatchId,
    rows: &mut dyn Iterator<Item = Result<BatchRow, JournalError>>,
) -> Result<u64, JournalError> {
    let transaction = db.transaction_with_behavior(rusqlite::TransactionBehavior::Immediate)?;
    transaction.execute("DELETE FROM rows WHERE batch = ?", [id.as_str()])?;
    let mut count = 0;
    {
        let sql = "INSERT INTO rows (batch, number, key, print, name, params) VALUES (?, ?, ?, ?, ?, ?)";
        let mut insert = transaction.prepare_cached(sql)?;
        for row in rows {
            let BatchRow { number: at, key, print, name, params } = row?;
            let params = serde_json::to_string(&params).map_err(unreadable)?;
            insert.execute(params![id.as_str(), number(at), key, print, name, params])?;
            count += 1;
        }
    }
    transaction.commit()?;
    Ok(count)
}

pub(super) fn rows(
    db: &Connection,
    id: &BatchId,
    after: u64,
    max: usize,
) -> Result<Vec<RowRecord>, JournalError> {
    let columns: Vec<String> = COLUMNS.split(", ").map(|column| format!("runs.{column}")).collect();
    let sql = format!(
        "SELECT {}, rows.number, rows.key, rows.print, rows.name, rows.params
         FROM rows LEFT JOIN runs
           ON runs.batch = rows.batch AND runs.row_key = rows.key AND runs.row_print = rows.print
         WHERE rows.batch = ? AND rows.number > ? ORDER BY rows.number LIMIT ?",
        columns.join(", ")
    );
    let mut query = db.prepare_cached(&sql)?;
    let mut found = query.query(params![id.as_str(), number(after), number(max as u64)])?;
    let mut records = Vec::new();
    while let Some(row) = found.next()? {
        let begun = row.get::<_, Option<String>>(0).map_err(rotten)?.is_some();
        let run = if begun { Some(record(row)?) } else { None };
        records.push(RowRecord { row: batch_row(row, columns.len())?, run });
    }
    Ok(records)
}

/// Finds the run of a row, or makes it.
pub(super) fn row_run(
    db: &Connection,
    id: &BatchId,
    row: &BatchRow,
    now_ms: u64,
) -> Result<RunId, JournalError> {
    let key = params![id.as_str(), row.key, row.print];
    let sql = "SELECT id FROM runs WHERE batch = ? AND row_key = ? AND row_print = ?";
    let mut query = db.prepare_cached(sql)?;
    if let Some(found) = query.query_row(key, |row| row.get(0)).optional()? {
        return Ok(RunId(found));
    }
    // Another process may make it at the same moment: then it is its run that counts. Or it may
    // have forgotten the batch.
    let sql = "INSERT INTO runs (id, created_ms, title, setup, batch, row_key, row_print)
               SELECT ?1, ?2, ?3, 'null', ?4, ?5, ?6 WHERE EXISTS (SELECT 1 FROM batches WHERE id = ?4)
               ON CONFLICT DO NOTHING";
    let new = RunId::new();
    let made = params![new.as_str(), number(now_ms), row.name, id.as_str(), row.key, row.print];
    db.prepare_cached(sql)?.execute(made)?;
    let made: Option<String> = query.query_row(key, |row| row.get(0)).optional()?;
    made.map(RunId).ok_or_else(|| JournalError::NoBatch(id.to_string()))
}

pub(super) fn tally(db: &Connection, id: &BatchId) -> Result<Tally, JournalError> {
    let sql = "SELECT runs.state, count(*), coalesce(sum(runs.credits), 0), max(runs.ended_ms)
               FROM rows LEFT JOIN runs
                 ON runs.batch = rows.batch AND runs.row_key = rows.key AND runs.row_print = rows.print
               WHERE rows.batch = ? GROUP BY runs.state";
    let mut query = db.prepare_cached(sql)?;
    let mut found = query.query([id.as_str()])?;
    let mut tally = Tally::default();
    while let Some(row) = found.next()? {
        let (state, count): (Option<String>, i64) = (row.get(0)?, row.get(1)?);
        let rows = unsigned(count);
        tally.rows += rows;
        tally.credits += row.get::<_, f64>(2)?;
        tally.latest_ms = tally.latest_ms.max(row.get::<_, Option<i64>>(3)?.map(unsigned));
        match state.as_deref().map(RunState::from_word) {
            None | Some(Some(RunState::Cancelled)) => (),
            Some(Some(RunState::Finished)) => tally.finished += rows,
            Some(Some(RunState::Failed)) => tally.failed += rows,
            Some(Some(RunState::Parked)) => tally.parked += rows,
            Some(Some(RunState::Stopped) | None) => tally.open += rows,
        }
    }
    Ok(tally)
}

/// Returns the ids of a batch's runs, and the words of their states.
pub(super) fn runs(db: &Connection, id: &BatchId) -> Result<Vec<(RunId, String)>, JournalError> {
    let mut query = db.prepare_cached("SELECT id, state FROM runs WHERE batch = ?")?;
    let found = query.query_map([id.as_str()], |row| Ok((RunId(row.get(0)?), row.get(1)?)))?;
    Ok(found.collect::<Result<_, _>>()?)
}

pub(super) fn finished(db: &Connection, id: &str) -> Result<u64, JournalError> {
    let sql = "SELECT count(*) FROM runs WHERE batch = ? AND state = 'finished'";
    Ok(unsigned(db.query_row(sql, [id], |row| row.get(0))?))
}

pub(super) fn forget(db: &Connection, id: &BatchId) -> Result<(), JournalError> {
    db.execute("DELETE FROM runs WHERE batch = ?", [id.as_str()])?;
    db.execute("DELETE FROM batches WHERE id = ?", [id.as_str()])?;
    Ok(())
}

fn listed(
    db: &Connection,
    sql: &str,
    values: impl rusqlite::Params,
) -> Result<Vec<BatchRecord>, JournalError> {
    let mut query = db.prepare_cached(sql)?;
    let mut rows = query.query(values)?;
    let mut found = Vec::new();
    while let Some(row) = rows.next()? {
        found.push(batch_record(row)?);
    }
    Ok(found)
}

fn batch_record(row: &Row<'_>) -> Result<BatchRecord, JournalError> {
    let setup: String = row.get(5).map_err(rotten)?;
    Ok(BatchRecord {
        id: BatchId(RunId(row.get(0).map_err(rotten)?)),
        created_ms: unsigned(row.get(1)?),
        made_of: NewBatch {
            title: row.get(2).map_err(rotten)?,
            mark: row.get(3).map_err(rotten)?,
            source: row.get(4).map_err(rotten)?,
            setup: serde_json::from_str(&setup).map_err(unreadable)?,
        },
    })
}

/// Reads the columns of a row, which begin at `at`.
fn batch_row(row: &Row<'_>, at: usize) -> Result<BatchRow, JournalError> {
    let text = |column: usize| row.get::<_, String>(at + column).map_err(rotten);
    let params: BTreeMap<String, String> = serde_json::from_str(&text(4)?).map_err(unreadable)?;
    let number = unsigned(row.get(at)?);
    Ok(BatchRow { number, key: text(1)?, print: text(2)?, name: text(3)?, params })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::journal::{Journal, Sqlite};

    #[test]
    fn a_batch_that_waits_for_its_next_row_is_not_forgotten() {
        let folder = tempfile::tempdir().unwrap();
        let open = || Sqlite::open(&folder.path().join("journal.db")).unwrap();
        let (makes, cleans) = (open(), open());
        let new = NewBatch { title: "a".into(), mark: "b".into(), source: "c".into(), setup: 1.into() };
        let batch = makes.create_batch(&new, 1_000).unwrap();
        let (one, other) = (makes.attend(&batch).unwrap(), cleans.attend(&batch).unwrap());
        drop(other);
        let refused = cleans.forget_batch(&batch);
        assert!(matches!(refused, Err(JournalError::Held { .. })), "{refused:?}");
        drop(one);
        cleans.forget_batch(&batch).unwrap();
        assert!(matches!(makes.find_batch(batch.as_str()), Err(JournalError::NoBatch(_))));
    }
}
