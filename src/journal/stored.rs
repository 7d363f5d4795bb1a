//! What every database of the journal does alike: seals, numbers, and ids that a person typed.

use sha2::{Digest, Sha256};

use super::JournalError;

/// Ids of which an ambiguous beginning is told.
const CANDIDATES_MAX: i64 = 4;
/// Bytes of a seal: enough against rot, which is all that it is against.
const SEAL_BYTES: usize = 8;

/// Finds what a person means by the beginning of an id.
pub(super) fn known_as<T>(
    typed: &str,
    listed: impl FnOnce(String, i64) -> Result<Vec<T>, JournalError>,
    id: impl Fn(&T) -> &str,
) -> Result<T, JournalError> {
    let none = || JournalError::NoRun(typed.to_owned());
    if typed.is_empty() || !typed.bytes().all(|byte| byte.is_ascii_hexdigit()) {
        return Err(none());
    }
    let mut found = listed(typed.to_ascii_lowercase(), CANDIDATES_MAX)?;
    match found.len() {
        0 => Err(none()),
        1 => Ok(found.remove(0)),
        _ => Err(JournalError::Ambiguous {
            typed: typed.to_owned(),
            candidates: found.iter().map(|found| id(found).to_owned()).collect(),
        }),
    }
}

/// What is stored is not what was written.
pub(super) fn unreadable(error: serde_json::Error) -> JournalError {
    JournalError::Damaged(error.to_string())
}

/// The seal of an entry.
pub(super) fn seal(n: u64, entry: &str) -> Vec<u8> {
    let digest = Sha256::new().chain_update(n.to_be_bytes()).chain_update(entry).finalize();
    digest[..SEAL_BYTES].to_vec()
}

/// The integers of databases are signed; nothing of ours comes near their end.
pub(super) fn number(value: u64) -> i64 {
    i64::try_from(value).unwrap_or(i64::MAX)
}

/// The way back.
pub(super) fn unsigned(value: i64) -> u64 {
    u64::try_from(value).unwrap_or_default()
}
