//! The tables of batches.

use sqlx::postgres::PgRow;
use sqlx::{PgPool, Postgres, Row, Transaction};

use super::runs::{COLUMNS, COLUMNS_COUNT, record, text};
use crate::journal::stored::{number, unreadable, unsigned};
use crate::journal::{
    BatchId, BatchRecord, BatchRow, JournalError, NewBatch, RowRecord, RunId, RunState, Tally,
};

const BATCH_COLUMNS: &str = "id, created_ms, title, mark, source, setup";

/// Rows that are sent in one statement.
pub(super) const PAGE: usize = 500;

/// Writes a batch under an id that is new: a second try finds it there.
pub(super) async fn create(
    pool: &PgPool,
    id: &BatchId,
    batch: &NewBatch,
    now_ms: u64,
) -> Result<(), JournalError> {
    let sql = "INSERT INTO reel.batches (id, created_ms, title, mark, source, setup)
               VALUES ($1, $2, $3, $4, $5, $6) ON CONFLICT DO NOTHING";
    let NewBatch { title, mark, source, setup } = batch;
    let query = sqlx::query(sql).bind(id.as_str()).bind(number(now_ms)).bind(text(title)).bind(mark);
    query.bind(source).bind(setup.to_string()).execute(pool).await?;
    Ok(())
}

pub(super) async fn edit(pool: &PgPool, id: &BatchId, batch: &NewBatch) -> Result<(), JournalError> {
    let sql = "UPDATE reel.batches SET title = $2, source = $3, setup = $4 WHERE id = $1";
    let query = sqlx::query(sql).bind(id.as_str()).bind(text(&batch.title)).bind(&batch.source);
    query.bind(batch.setup.to_string()).execute(pool).await?;
    Ok(())
}

pub(super) async fn beginning(
    pool: &PgPool,
    typed: &str,
    max: i64,
) -> Result<Vec<BatchRecord>, JournalError> {
    let sql = format!("SELECT {BATCH_COLUMNS} FROM reel.batches WHERE id LIKE $1 || '%' LIMIT $2");
    let found = sqlx::query(sqlx::AssertSqlSafe(sql)).bind(typed).bind(max).fetch_all(pool).await?;
    found.iter().map(batch_record).collect()
}

pub(super) async fn latest(pool: &PgPool, mark: &str) -> Result<Option<BatchRecord>, JournalError> {
    let sql = format!(
        "SELECT {BATCH_COLUMNS} FROM reel.batches WHERE mark = $1 ORDER BY created_ms DESC, made DESC LIMIT 1"
    );
    let found = sqlx::query(sqlx::AssertSqlSafe(sql)).bind(mark).fetch_optional(pool).await?;
    found.as_ref().map(batch_record).transpose()
}

pub(super) async fn newest(pool: &PgPool, max: i64) -> Result<Vec<BatchRecord>, JournalError> {
    let sql =
        format!("SELECT {BATCH_COLUMNS} FROM reel.batches ORDER BY created_ms DESC, made DESC LIMIT $1");
    let found = sqlx::query(sqlx::AssertSqlSafe(sql)).bind(max).fetch_all(pool).await?;
    found.iter().map(batch_record).collect()
}

/// The replacement of a batch's rows, which nobody sees before its end.
pub(super) type Change = Transaction<'static, Postgres>;

pub(super) async fn clear(pool: &PgPool, id: &BatchId) -> Result<Change, JournalError> {
    let mut change = pool.begin().await?;
    // Two commands that fill the same batch do it one after the other.
    let sql = "SELECT FROM reel.batches WHERE id = $1 FOR UPDATE";
    sqlx::query(sql).bind(id.as_str()).execute(&mut *change).await?;
    sqlx::query("DELETE FROM reel.rows WHERE batch = $1").bind(id.as_str()).execute(&mut *change).await?;
    Ok(change)
}

pub(super) async fn add(change: &mut Change, id: &BatchId, rows: Vec<BatchRow>) -> Result<(), JournalError> {
    let (mut numbers, mut keys, mut prints) = (Vec::new(), Vec::new(), Vec::new());
    let (mut names, mut params) = (Vec::new(), Vec::new());
    for row in rows {
        numbers.push(number(row.number));
        keys.push(row.key);
        prints.push(row.print);
        names.push(row.name);
        params.push(serde_json::to_string(&row.params).map_err(unreadable)?);
    }
    let sql = "INSERT INTO reel.rows (batch, number, key, print, name, params)
               SELECT $1, new.* FROM unnest($2::bigint[], $3::text[], $4::text[], $5::text[], $6::text[]) AS new";
    let query = sqlx::query(sql).bind(id.as_str()).bind(numbers).bind(keys).bind(prints);
    query.bind(names).bind(params).execute(&mut **change).await?;
    Ok(())
}

pub(super) async fn rows(
    pool: &PgPool,
    id: &BatchId,
    after: u64,
    max: usize,
) -> Result<Vec<RowRecord>, JournalError> {
    let sql = format!(
        "SELECT {COLUMNS}, rows.number, rows.key, rows.print, rows.name, rows.params
         FROM reel.rows LEFT JOIN reel.runs
           ON runs.batch = rows.batch AND runs.row_key = rows.key AND runs.row_print = rows.print
         WHERE rows.batch = $1 AND rows.number > $2 ORDER BY rows.number LIMIT $3"
    );
    let query = sqlx::query(sqlx::AssertSqlSafe(sql)).bind(id.as_str()).bind(number(after));
    let found = query.bind(number(max as u64)).fetch_all(pool).await?;
    found
        .iter()
        .map(|row| {
            let begun = row.try_get::<Option<String>, _>(0)?.is_some();
            let run = if begun { Some(record(row)?) } else { None };
            Ok(RowRecord { row: batch_row(row, COLUMNS_COUNT)?, run })
        })
        .collect()
}

/// Finds the run of a row, or makes it; another process may make it at the same moment: then
/// it is its run that counts.
pub(super) async fn row_run(
    pool: &PgPool,
    id: &BatchId,
    row: &BatchRow,
    now_ms: u64,
) -> Result<RunId, JournalError> {
    let find = "SELECT id FROM reel.runs WHERE batch = $1 AND row_key = $2 AND row_print = $3";
    let find = || sqlx::query(find).bind(id.as_str()).bind(&row.key).bind(&row.print);
    if let Some(found) = find().fetch_optional(pool).await? {
        return Ok(RunId(found.try_get(0)?));
    }
    let sql = "INSERT INTO reel.runs (id, created_ms, title, setup, batch, row_key, row_print)
               VALUES ($1, $2, $3, 'null', $4, $5, $6) ON CONFLICT DO NOTHING";
    let new = RunId::new();
    let query = sqlx::query(sql).bind(new.as_str()).bind(number(now_ms)).bind(text(&row.name));
    query.bind(id.as_str()).bind(&row.key).bind(&row.print).execute(pool).await?;
    Ok(RunId(find().fetch_one(pool).await?.try_get(0)?))
}

pub(super) async fn tally(pool: &PgPool, id: &BatchId) -> Result<Tally, JournalError> {
    let sql = "SELECT runs.state, count(*), coalesce(sum(runs.credits), 0), max(runs.ended_ms)
               FROM reel.rows LEFT JOIN reel.runs
                 ON runs.batch = rows.batch AND runs.row_key = rows.key AND runs.row_print = rows.print
               WHERE rows.batch = $1 GROUP BY runs.state";
    let mut tally = Tally::default();
    for row in sqlx::query(sql).bind(id.as_str()).fetch_all(pool).await? {
        let (state, count): (Option<String>, i64) = (row.try_get(0)?, row.try_get(1)?);
        let rows = unsigned(count);
        tally.rows += rows;
        tally.credits += row.try_get::<f64, _>(2)?;
        tally.latest_ms = tally.latest_ms.max(row.try_get::<Option<i64>, _>(3)?.map(unsigned));
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

/// Removes a batch unless a process goes on with one of its rows: then it returns the row's run.
pub(super) async fn forget(pool: &PgPool, id: &BatchId) -> Result<Option<RunId>, JournalError> {
    let mut change = pool.begin().await?;
    let sql = "SELECT id FROM reel.runs WHERE batch = $1 AND leased_until > clock_timestamp() LIMIT 1";
    if let Some(held) = sqlx::query(sql).bind(id.as_str()).fetch_optional(&mut *change).await? {
        return Ok(Some(RunId(held.try_get(0)?)));
    }
    sqlx::query("DELETE FROM reel.runs WHERE batch = $1").bind(id.as_str()).execute(&mut *change).await?;
    sqlx::query("DELETE FROM reel.batches WHERE id = $1").bind(id.as_str()).execute(&mut *change).await?;
    change.commit().await?;
    Ok(None)
}

fn batch_record(row: &PgRow) -> Result<BatchRecord, JournalError> {
    let setup: String = row.try_get(5)?;
    Ok(BatchRecord {
        id: BatchId(RunId(row.try_get(0)?)),
        created_ms: unsigned(row.try_get(1)?),
        made_of: NewBatch {
            title: row.try_get(2)?,
            mark: row.try_get(3)?,
            source: row.try_get(4)?,
            setup: serde_json::from_str(&setup).map_err(unreadable)?,
        },
    })
}

/// Reads the columns of a row, which begin at `at`.
fn batch_row(row: &PgRow, at: usize) -> Result<BatchRow, JournalError> {
    let params: String = row.try_get(at + 4)?;
    Ok(BatchRow {
        number: unsigned(row.try_get(at)?),
        key: row.try_get(at + 1)?,
        print: row.try_get(at + 2)?,
        name: row.try_get(at + 3)?,
        params: serde_json::from_str(&params).map_err(unreadable)?,
    })
}
