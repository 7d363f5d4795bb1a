//! The balance, and what a turn takes from it.

use serde::{Deserialize, Serialize};

use crate::wire::fields::{Fields, Missing};

/// Credits. They may be fractions.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[serde(try_from = "Fields")]
pub struct Credits {
    /// Free to spend.
    pub available: f64,
    /// Held by work that runs.
    pub frozen: f64,
    /// Both together.
    pub total: f64,
}

impl TryFrom<Fields> for Credits {
    type Error = Missing;
    fn try_from(fields: Fields) -> Result<Self, Missing> {
        let available = fields.number(&["available", "balance"]).ok_or(Missing("available"))?;
        let frozen = fields.number(&["frozen"]).unwrap_or(0.0);
        Ok(Self { available, frozen, total: fields.number(&["total"]).unwrap_or(available + frozen) })
    }
}

/// What a turn is charged for; an export never is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Charge {
    /// A new video.
    Generation,
    /// A change of one that is there.
    Edit,
}

/// Whether a session has paid for its first change: later ones are free.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FirstEdit {
    /// It has not.
    Due,
    /// It has.
    Paid,
}

impl Charge {
    /// Returns the documented price, in credits.
    pub fn price(self, first_edit: FirstEdit) -> f64 {
        match (self, first_edit) {
            (Self::Generation, _) => 100.0,
            (Self::Edit, FirstEdit::Due) => 50.0,
            (Self::Edit, FirstEdit::Paid) => 0.0,
        }
    }

    /// Returns what a turn was charged for that took so many credits; none when it was free.
    pub fn of(taken: f64) -> Option<Self> {
        let whole = Self::Generation.price(FirstEdit::Due);
        if taken >= whole {
            Some(Self::Generation)
        } else if taken > 0.0 {
            Some(Self::Edit)
        } else {
            None
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_come_whole_broken_and_as_texts() {
        let read: Credits =
            serde_json::from_str(r#"{"available":25000,"frozen":40.5,"total":"25040.5"}"#).unwrap();
        assert_eq!(read, Credits { available: 25_000.0, frozen: 40.5, total: 25_040.5 });
        let short: Credits = serde_json::from_str(r#"{"available":3,"frozen":1}"#).unwrap();
        assert_eq!(short.total, 4.0);
        assert!(serde_json::from_str::<Credits>("{}").is_err());
    }

    #[test]
    fn what_a_turn_took_tells_what_it_was_charged_for() {
        for charge in [Charge::Generation, Charge::Edit] {
            assert_eq!(Charge::of(charge.price(FirstEdit::Due)), Some(charge));
        }
        assert_eq!(Charge::of(Charge::Edit.price(FirstEdit::Paid)), None);
        assert_eq!(Charge::of(-5.0), None);
    }
}
