//! Turns: who is at work on a session, what it holds back, what the session held before.

use rusqlite::{Connection, Transaction, params};

use super::credits;
use super::sessions::{Held, touch};
use super::{Store, StoreError, stamp, unstamp};
use crate::model::state::State;
use crate::studio::owner::Roll;
use crate::wire::credits::Charge;

/// How many turns of a session can be undone.
const HISTORY_MAX: i64 = 100;

/// A turn that runs.
#[derive(Clone, Debug)]
pub(crate) struct Turn {
    pub(crate) id: i64,
    /// Position in its session, from 1.
    pub(crate) number: u64,
    pub(crate) session_id: String,
}

/// What the wish to begin a turn came to.
#[derive(Clone, Debug)]
pub(crate) enum Begun {
    Turn(Turn),
    /// Another turn of the session still runs.
    Busy,
}

/// How a turn ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum TurnEnd {
    /// It changed something: what it held back is spent.
    Changed,
    /// It left everything as it was: what it held back is given back.
    Unchanged,
    /// It broke; likewise.
    Failed,
}

/// What a saved change does to the history of a session.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Past {
    /// What stood before the turn can be had again.
    Keep,
    /// That many turns were undone and are forgotten, and the rest of the turn can itself
    /// be undone no further.
    Drop(usize),
}

impl Store {
    /// Begins a turn, unless one runs. A turn whose studio died is over.
    pub(crate) async fn begin_turn(
        &self,
        session_id: &str,
        words: &str,
        owner: &str,
        roll: Roll,
        now_ms: u64,
    ) -> Result<Begun, StoreError> {
        let (session_id, words, owner) = (session_id.to_owned(), words.to_owned(), owner.to_owned());
        self.write(move |db| {
            for (id, holder) in running(db, &session_id)? {
                if roll.lives(&holder) {
                    return Ok(Begun::Busy);
                }
                end(db, id, TurnEnd::Failed, now_ms)?;
            }
            let last = "SELECT COALESCE(MAX(number), 0) FROM turns WHERE session_id = ?";
            let number: i64 = db.query_row(last, [&session_id], |row| row.get::<_, i64>(0))? + 1;
            let sql = "INSERT INTO turns (session_id, number, words, status, owner, started_at)
                       VALUES (?, ?, ?, 'running', ?, ?)";
            db.execute(sql, params![session_id, number, words, owner, stamp(now_ms)])?;
            Ok(Begun::Turn(Turn { id: db.last_insert_rowid(), number: unstamp(number), session_id }))
        })
        .await
    }

    /// Holds back what the turn costs: a session pays for changes once. Returns whether the
    /// user could afford it.
    pub(crate) async fn charge_turn(
        &self,
        turn: &Turn,
        user_id: &str,
        charge: Charge,
        now_ms: u64,
    ) -> Result<bool, StoreError> {
        let (turn, user_id) = (turn.clone(), user_id.to_owned());
        self.write(move |db| credits::freeze(db, &user_id, &turn, charge, now_ms)).await
    }

    /// Writes down what the session holds now.
    pub(crate) async fn save(
        &self,
        turn: &Turn,
        state: &State,
        past: Past,
        now_ms: u64,
    ) -> Result<(), StoreError> {
        let (turn, held) = (turn.clone(), Held::of(state));
        self.write(move |db| {
            match past {
                Past::Keep => remember(db, &turn)?,
                Past::Drop(turns) => forget(db, &turn.session_id, turns)?,
            }
            let sql = "UPDATE sessions SET draft = ?, canvas = ?, generated = ? WHERE id = ?";
            db.execute(sql, params![held.draft, held.canvas, held.generated, turn.session_id])?;
            touch(db, &turn.session_id, now_ms)
        })
        .await
    }

    /// Returns what the session held before each of its last changes, the newest first,
    /// without its media. Never more than can be undone.
    pub(crate) async fn history(&self, session_id: &str) -> Result<Vec<State>, StoreError> {
        let session_id = session_id.to_owned();
        self.read(move |db| {
            let sql = "SELECT draft, canvas, generated FROM history WHERE session_id = ? ORDER BY turn DESC";
            let mut statement = db.prepare_cached(sql)?;
            let rows = statement.query_map([session_id], |row| {
                Ok(Held { draft: row.get(0)?, canvas: row.get(1)?, generated: row.get(2)? })
            })?;
            rows.map(|row| row?.into_state()).collect()
        })
        .await
    }

    /// Ends a turn and its hold on credits.
    pub(crate) async fn end_turn(&self, turn: &Turn, how: TurnEnd, now_ms: u64) -> Result<(), StoreError> {
        let id = turn.id;
        self.write(move |db| end(db, id, how, now_ms)).await
    }

    /// Ends every turn whose studio died, so that no credits stay frozen for them.
    pub(crate) async fn end_dead_turns(&self, roll: Roll, now_ms: u64) -> Result<(), StoreError> {
        self.write(move |db| {
            let mut statement = db.prepare("SELECT id, owner FROM turns WHERE status = 'running'")?;
            let rows = statement.query_map([], |row| Ok((row.get(0)?, row.get(1)?)))?;
            let open: Vec<(i64, String)> = rows.collect::<Result<_, _>>()?;
            for (id, owner) in open {
                if !roll.lives(&owner) {
                    end(db, id, TurnEnd::Failed, now_ms)?;
                }
            }
            Ok(())
        })
        .await
    }
}

fn running(db: &Connection, session_id: &str) -> Result<Vec<(i64, String)>, StoreError> {
    let sql = "SELECT id, owner FROM turns WHERE session_id = ? AND status = 'running'";
    let mut statement = db.prepare_cached(sql)?;
    let rows = statement.query_map([session_id], |row| Ok((row.get(0)?, row.get(1)?)))?;
    Ok(rows.collect::<Result<_, _>>()?)
}

fn end(db: &Transaction<'_>, id: i64, how: TurnEnd, now_ms: u64) -> Result<(), StoreError> {
    let status = match how {
        TurnEnd::Changed | TurnEnd::Unchanged => "done",
        TurnEnd::Failed => "failed",
    };
    let sql = "UPDATE turns SET status = ?, ended_at = ? WHERE id = ? AND status = 'running'";
    db.execute(sql, params![status, stamp(now_ms), id])?;
    match how {
        TurnEnd::Changed => credits::settle(db, id),
        TurnEnd::Unchanged | TurnEnd::Failed => credits::release(db, id),
    }
}

/// Keeps what the session held before this turn; the turn's second save adds nothing.
fn remember(db: &Transaction<'_>, turn: &Turn) -> Result<(), StoreError> {
    let number = stamp(turn.number);
    let sql = "INSERT INTO history (session_id, turn, draft, canvas, generated)
               SELECT id, ?, draft, canvas, generated FROM sessions WHERE id = ?
               ON CONFLICT (session_id, turn) DO NOTHING";
    db.execute(sql, params![number, turn.session_id])?;
    let old = "DELETE FROM history WHERE session_id = ? AND turn NOT IN
               (SELECT turn FROM history WHERE session_id = ? ORDER BY turn DESC LIMIT ?)";
    db.execute(old, params![turn.session_id, turn.session_id, HISTORY_MAX])?;
    Ok(())
}

fn forget(db: &Transaction<'_>, session_id: &str, turns: usize) -> Result<(), StoreError> {
    let turns = i64::try_from(turns).unwrap_or(i64::MAX);
    let sql = "DELETE FROM history WHERE session_id = ?1 AND turn IN
               (SELECT turn FROM history WHERE session_id = ?1 ORDER BY turn DESC LIMIT ?2)";
    db.execute(sql, params![session_id, turns])?;
    Ok(())
}
