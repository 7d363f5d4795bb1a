//! The balance.

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
}
