//! The ledger of credits: what was granted, what is frozen for running work, what was spent.

use rusqlite::{Connection, Transaction, params};

use super::{Store, StoreError, stamp};

/// What a user can spend and what running work holds back.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Balance {
    pub(crate) available: f64,
    pub(crate) frozen: f64,
}

impl Balance {
    /// Returns everything that is not spent.
    pub(crate) fn total(&self) -> f64 {
        self.available + self.frozen
    }
}

/// What a turn costs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Charge {
    /// A new video.
    Generation,
    /// The first change of a session; later ones are free.
    Edit,
}

impl Charge {
    /// Returns the price in credits.
    pub(crate) fn credits(self) -> f64 {
        match self {
            Self::Generation => 100.0,
            Self::Edit => 50.0,
        }
    }

    fn reason(self) -> &'static str {
        match self {
            Self::Generation => "generation",
            Self::Edit => "edit",
        }
    }
}

impl Store {
    /// Returns the balance of a user.
    pub(crate) async fn balance(&self, user_id: &str) -> Result<Balance, StoreError> {
        let user_id = user_id.to_owned();
        self.read(move |db| balance(db, &user_id)).await
    }
}

pub(super) fn balance(db: &Connection, user_id: &str) -> Result<Balance, StoreError> {
    let sql = "SELECT TOTAL(amount) FILTER (WHERE status = 'granted'),
                      TOTAL(amount) FILTER (WHERE status = 'settled'),
                      TOTAL(amount) FILTER (WHERE status = 'frozen')
               FROM ledger WHERE user_id = ?";
    let (granted, settled, frozen): (f64, f64, f64) =
        db.query_row(sql, [user_id], |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?)))?;
    Ok(Balance { available: granted - settled - frozen, frozen })
}

/// Holds back what a turn costs. Returns whether the user could afford it.
pub(super) fn freeze(
    db: &Transaction<'_>,
    user_id: &str,
    turn_id: i64,
    charge: Charge,
    now_ms: u64,
) -> Result<bool, StoreError> {
    if balance(db, user_id)?.available < charge.credits() {
        return Ok(false);
    }
    let sql =
        "INSERT INTO ledger (user_id, turn_id, reason, amount, status, at) VALUES (?, ?, ?, ?, 'frozen', ?)";
    db.execute(sql, params![user_id, turn_id, charge.reason(), charge.credits(), stamp(now_ms)])?;
    Ok(true)
}

/// Spends what a turn held back.
pub(super) fn settle(db: &Transaction<'_>, turn_id: i64) -> Result<(), StoreError> {
    thaw(db, turn_id, "settled")
}

/// Gives back what a turn held back.
pub(super) fn release(db: &Transaction<'_>, turn_id: i64) -> Result<(), StoreError> {
    thaw(db, turn_id, "released")
}

fn thaw(db: &Transaction<'_>, turn_id: i64, status: &str) -> Result<(), StoreError> {
    db.execute(
        "UPDATE ledger SET status = ? WHERE turn_id = ? AND status = 'frozen'",
        params![status, turn_id],
    )?;
    Ok(())
}

/// Returns whether the session has paid for its first change.
pub(super) fn edit_was_paid(db: &Connection, session_id: &str) -> Result<bool, StoreError> {
    let sql = "SELECT EXISTS (SELECT 1 FROM ledger JOIN turns ON turns.id = ledger.turn_id
               WHERE turns.session_id = ? AND ledger.reason = 'edit' AND ledger.status = 'settled')";
    Ok(db.query_row(sql, [session_id], |row| row.get(0))?)
}
