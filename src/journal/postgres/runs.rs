//! The tables of runs and their logs.

use sqlx::postgres::PgRow;
use sqlx::{PgPool, Row};

use super::lease::Hold;
use crate::journal::stored::{number, seal, unreadable, unsigned};
use crate::journal::{
    BatchId, Ending, Entry, JournalError, NewRun, RowOf, RunId, RunRecord, RunState, Written,
};

/// The columns that [`record`] reads, in its order.
pub(super) const COLUMNS: &str = "runs.id, runs.created_ms, runs.title, runs.source, runs.setup, runs.epoch, \
     runs.ended_ms, runs.state, runs.words, runs.exit_code, runs.batch, runs.row_key, runs.credits";
/// How many they are.
pub(super) const COLUMNS_COUNT: usize = 13;

/// Writes a run under an id that is new: a second try finds it there.
pub(super) async fn create(pool: &PgPool, id: &RunId, run: &NewRun, now_ms: u64) -> Result<(), JournalError> {
    let sql = "INSERT INTO reel.runs (id, created_ms, title, source, setup) VALUES ($1, $2, $3, $4, $5)
               ON CONFLICT DO NOTHING";
    let query = sqlx::query(sql).bind(id.as_str()).bind(number(now_ms)).bind(text(&run.title));
    query.bind(run.source.as_deref()).bind(run.setup.to_string()).execute(pool).await?;
    Ok(())
}

/// Entries on their way: each with its seal.
pub(super) struct Page {
    from: u64,
    texts: Vec<String>,
    seals: Vec<Vec<u8>>,
}

impl Page {
    pub(super) fn of(from: u64, entries: &[Entry]) -> Result<Self, JournalError> {
        let texts =
            entries.iter().map(serde_json::to_string).collect::<Result<Vec<_>, _>>().map_err(unreadable)?;
        let seals = (from..).zip(&texts).map(|(n, text)| seal(n, text)).collect();
        Ok(Self { from, texts, seals })
    }
}

/// Adds entries in one statement, which is one commit: the epoch and the number of entries
/// must be those that the holder saw.
pub(super) async fn append(
    pool: &PgPool,
    (run, epoch): (&RunId, u64),
    at_ms: u64,
    page: &Page,
) -> Result<(), JournalError> {
    let sql = "WITH held AS (
                   UPDATE reel.runs SET entries = entries + cardinality($5::text[])
                   WHERE id = $1 AND epoch = $2 AND entries = $3 RETURNING id)
               INSERT INTO reel.entries (run, n, at_ms, epoch, entry, seal)
               SELECT held.id, $3 + new.at - 1, $4, $2, new.entry, new.seal
               FROM held, unnest($5::text[], $6::bytea[]) WITH ORDINALITY AS new (entry, seal, at)";
    let query = sqlx::query(sql).bind(run.as_str()).bind(number(epoch)).bind(number(page.from));
    let query = query.bind(number(at_ms)).bind(&page.texts).bind(&page.seals);
    let added = query.execute(pool).await?.rows_affected();
    if added == page.texts.len() as u64 || is_there(pool, (run, epoch), page).await? {
        return Ok(());
    }
    Err(JournalError::Fenced(run.clone()))
}

/// Whether these entries are there already, under the same epoch: the answer to a first try
/// was lost on its way.
async fn is_there(pool: &PgPool, (run, epoch): (&RunId, u64), page: &Page) -> Result<bool, JournalError> {
    let sql = "SELECT seal FROM reel.entries WHERE run = $1 AND epoch = $2 AND n >= $3 ORDER BY n";
    let query = sqlx::query(sql).bind(run.as_str()).bind(number(epoch)).bind(number(page.from));
    let found = query.fetch_all(pool).await?;
    let seals = found.iter().map(|row| row.try_get(0)).collect::<Result<Vec<Vec<u8>>, _>>()?;
    Ok(!seals.is_empty() && seals == page.seals)
}

/// Writes how a run ended, and gives its lease up.
pub(super) async fn end(
    pool: &PgPool,
    (run, epoch): (&RunId, u64),
    now_ms: u64,
    ending: &Ending,
    credits: f64,
) -> Result<(), JournalError> {
    let sql = "UPDATE reel.runs SET ended_ms = $3, state = $4, words = $5, exit_code = $6, credits = $7,
                      leased_until = NULL, leased_key = NULL
               WHERE id = $1 AND epoch = $2";
    let query = sqlx::query(sql).bind(run.as_str()).bind(number(epoch)).bind(number(now_ms));
    let query = query.bind(ending.state.word()).bind(text(&ending.words));
    changed(query.bind(i16::from(ending.exit_code)).bind(credits).execute(pool).await?.rows_affected(), run)
}

/// Replaces the script of a run.
pub(super) async fn edit(
    pool: &PgPool,
    (run, epoch): (&RunId, u64),
    source: &str,
) -> Result<(), JournalError> {
    let sql = "UPDATE reel.runs SET source = $3 WHERE id = $1 AND epoch = $2";
    let query = sqlx::query(sql).bind(run.as_str()).bind(number(epoch)).bind(source);
    changed(query.execute(pool).await?.rows_affected(), run)
}

/// Removes a leased run.
pub(super) async fn discard(pool: &PgPool, (run, epoch): (&RunId, u64)) -> Result<(), JournalError> {
    let sql = "DELETE FROM reel.runs WHERE id = $1 AND epoch = $2";
    let query = sqlx::query(sql).bind(run.as_str()).bind(number(epoch));
    changed(query.execute(pool).await?.rows_affected(), run)
}

/// Removes a run that nobody goes on with; whether it was so.
pub(super) async fn forget(pool: &PgPool, run: &RunId) -> Result<bool, JournalError> {
    let sql = "DELETE FROM reel.runs
               WHERE id = $1 AND (leased_until IS NULL OR leased_until <= clock_timestamp())";
    let gone = sqlx::query(sql).bind(run.as_str()).execute(pool).await?.rows_affected() > 0;
    let sql = "SELECT EXISTS (SELECT FROM reel.runs WHERE id = $1)";
    let there: bool = sqlx::query(sql).bind(run.as_str()).fetch_one(pool).await?.try_get(0)?;
    Ok(gone || !there)
}

/// Returns the runs whose id begins so: a range, which the index of the ids answers.
pub(super) async fn beginning(pool: &PgPool, typed: &str, max: i64) -> Result<Vec<RunRecord>, JournalError> {
    let sql = format!("SELECT {COLUMNS} FROM reel.runs WHERE id >= $1 AND id < $1 || 'g' LIMIT $2");
    let found = sqlx::query(sqlx::AssertSqlSafe(sql)).bind(typed).bind(max).fetch_all(pool).await?;
    found.iter().map(record).collect()
}

/// Returns the newest runs that stand alone.
pub(super) async fn newest(pool: &PgPool, max: i64) -> Result<Vec<RunRecord>, JournalError> {
    let sql = format!(
        "SELECT {COLUMNS} FROM reel.runs WHERE batch IS NULL ORDER BY created_ms DESC, made DESC LIMIT $1"
    );
    let found = sqlx::query(sqlx::AssertSqlSafe(sql)).bind(max).fetch_all(pool).await?;
    found.iter().map(record).collect()
}

/// Returns the log of a run.
pub(super) async fn entries(pool: &PgPool, run: &RunId) -> Result<Vec<Written>, JournalError> {
    let sql = "SELECT n, at_ms, entry, seal FROM reel.entries WHERE run = $1 ORDER BY n";
    let found = sqlx::query(sql).bind(run.as_str()).fetch_all(pool).await?;
    let mut entries = Vec::with_capacity(found.len());
    for row in &found {
        let (n, at_ms): (i64, i64) = (row.try_get(0)?, row.try_get(1)?);
        let (text, found): (String, Vec<u8>) = (row.try_get(2)?, row.try_get(3)?);
        let expected = entries.len() as u64;
        if unsigned(n) != expected || found != seal(expected, &text) {
            return Err(JournalError::Damaged(format!("entry {expected} of run {run} is missing or rotten")));
        }
        let entry = serde_json::from_str(&text).map_err(unreadable)?;
        entries.push(Written { at_ms: unsigned(at_ms), entry });
    }
    Ok(entries)
}

/// Reads the columns of [`COLUMNS`].
pub(super) fn record(row: &PgRow) -> Result<RunRecord, JournalError> {
    let setup: String = row.try_get(4)?;
    let made_of = NewRun {
        title: row.try_get(2)?,
        source: row.try_get(3)?,
        setup: serde_json::from_str(&setup).map_err(unreadable)?,
    };
    let (ended_ms, state): (Option<i64>, String) = (row.try_get(6)?, row.try_get(7)?);
    let ended = match ended_ms.zip(RunState::from_word(&state)) {
        None => None,
        Some((at, state)) => {
            let exit_code: Option<i16> = row.try_get(9)?;
            let exit_code = exit_code.and_then(|code| u8::try_from(code).ok()).unwrap_or_default();
            Some((unsigned(at), Ending { state, words: row.try_get(8)?, exit_code }))
        }
    };
    let (batch, key): (Option<String>, Option<String>) = (row.try_get(10)?, row.try_get(11)?);
    Ok(RunRecord {
        id: RunId(row.try_get(0)?),
        created_ms: unsigned(row.try_get(1)?),
        made_of,
        epoch: unsigned(row.try_get(5)?),
        ended,
        credits: row.try_get(12)?,
        row: batch.zip(key).map(|(batch, key)| RowOf { batch: BatchId(RunId(batch)), key }),
    })
}

/// PostgreSQL keeps no zero byte in a text.
pub(super) fn text(words: &str) -> String {
    words.replace('\0', "\u{fffd}")
}

fn changed(rows: u64, run: &RunId) -> Result<(), JournalError> {
    if rows > 0 { Ok(()) } else { Err(JournalError::Fenced(run.clone())) }
}

/// Marks a lease as given up.
pub(super) fn over(hold: Option<&Hold>) {
    if let Some(hold) = hold {
        hold.is_over();
    }
}
