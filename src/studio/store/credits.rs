//! The ledger of credits: what was granted, what is frozen for running work, what was spent.

use rusqlite::{Connection, Transaction, params};

use super::turns::Turn;
use super::{Store, StoreError, stamp};
use crate::wire::credits::{Charge, FirstEdit};

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
    turn: &Turn,
    charge: Charge,
    now_ms: u64,
) -> Result<bool, StoreError> {
    let price = charge.price(first_edit(db, &turn.session_id)?);
    if price == 0.0 {
        return Ok(true);
    }
    if balance(db, user_id)?.available < price {
        return Ok(false);
    }
    let sql =
        "INSERT INTO ledger (user_id, turn_id, reason, amount, status, at) VALUES (?, ?, ?, ?, 'frozen', ?)";
    db.execute(sql, params![user_id, turn.id, reason(charge), price, stamp(now_ms)])?;
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
fn first_edit(db: &Connection, session_id: &str) -> Result<FirstEdit, StoreError> {
    let sql = "SELECT EXISTS (SELECT 1 FROM ledger JOIN turns ON turns.id = ledger.turn_id
               WHERE turns.session_id = ? AND ledger.reason = ? AND ledger.status = 'settled')";
    let paid = db.query_row(sql, params![session_id, reason(Charge::Edit)], |row| row.get(0))?;
    Ok(if paid { FirstEdit::Paid } else { FirstEdit::Due })
}

/// The word of the ledger.
fn reason(charge: Charge) -> &'static str {
    match charge {
        Charge::Generation => "generation",
        Charge::Edit => "edit",
    }
}
