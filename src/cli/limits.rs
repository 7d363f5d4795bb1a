//! What the system lets this process have.

use rustix::process::{Resource, getrlimit, setrlimit};

use crate::cli::exit::Usage;

/// Files that a row has open at once: its lock, its connection, a file that it sends or saves.
const PER_ROW: u64 = 3;
/// Files of the process itself: the journal, the runtime, a studio and its ffmpeg.
const OWN: u64 = 128;

/// Sees to it that so many rows can be made at once: many systems let a process begin with a
/// thousand files and raise that on demand.
///
/// # Errors
/// A [`Usage`] error when the system allows fewer.
pub(super) fn files_for(rows: usize) -> Result<(), Usage> {
    let wanted = rows as u64 * PER_ROW + OWN;
    let mut limit = getrlimit(Resource::Nofile);
    let enough = |has: Option<u64>| has.is_none_or(|has| has >= wanted);
    if enough(limit.current) {
        return Ok(());
    }
    let allowed = limit.maximum;
    limit.current = Some(allowed.map_or(wanted, |most| most.min(wanted)));
    if setrlimit(Resource::Nofile, limit).is_ok() && enough(limit.current) {
        return Ok(());
    }
    let most = allowed.map_or_else(String::new, |most| format!(", and this system allows {most}"));
    let words = format!("{rows} rows at once need about {wanted} open files{most}");
    Err(Usage::new(words, "give a smaller `--parallel`, or raise the limit with `ulimit -n`"))
}
