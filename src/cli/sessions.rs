//! The list of sessions that were made on this machine: one JSON object a line, newest last.
//! Backends keep the projects; they have no call that lists them.

use std::fs::{self, File, OpenOptions};
use std::io::{self, Read, Seek, SeekFrom, Write};
use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};

/// How much of the list is read, from its end: some 5,000 sessions.
const LIST_BYTES_MAX: u64 = 1 << 20;

/// One session that was made here.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Made {
    /// The session's id.
    pub(super) id: String,
    /// The backend's id of the project.
    #[serde(default)]
    pub(super) task_id: String,
    /// What it was called.
    #[serde(default)]
    pub(super) name: String,
    /// `studio`, `nemo` or a URL.
    pub(super) backend: String,
    /// When, in milliseconds since 1970.
    pub(super) made_ms: u64,
}

/// Adds sessions to the list.
///
/// # Errors
/// The list cannot be written.
pub(super) fn add(home: &Path, made: &[&Made]) -> io::Result<()> {
    let mut lines = String::new();
    for session in made {
        lines.push_str(&serde_json::to_string(session)?);
        lines.push('\n');
    }
    fs::create_dir_all(home)?;
    // One write in append mode: processes that end together do not tear each other's lines.
    OpenOptions::new().create(true).append(true).open(file(home))?.write_all(lines.as_bytes())
}

/// Returns the sessions of the list, oldest first. A line that is no session is passed over.
///
/// # Errors
/// The list cannot be read; a missing one is empty.
pub(super) fn list(home: &Path) -> io::Result<Vec<Made>> {
    let mut file = match File::open(file(home)) {
        Ok(file) => file,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(Vec::new()),
        Err(error) => return Err(error),
    };
    let skipped = file.metadata()?.len().saturating_sub(LIST_BYTES_MAX);
    file.seek(SeekFrom::Start(skipped))?;
    let mut bytes = Vec::new();
    file.take(LIST_BYTES_MAX).read_to_end(&mut bytes)?;
    Ok(bytes.split(|byte| *byte == b'\n').filter_map(|line| serde_json::from_slice(line).ok()).collect())
}

fn file(home: &Path) -> PathBuf {
    home.join("sessions.jsonl")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn made(id: &str) -> Made {
        let (task_id, name) = ("task_1".to_owned(), "Morning ☕".to_owned());
        Made { id: id.to_owned(), task_id, name, backend: "studio".to_owned(), made_ms: 1_000 }
    }

    #[test]
    fn what_is_added_is_listed_and_torn_lines_are_passed_over() {
        let home = tempfile::tempdir().unwrap();
        let folder = home.path().join("new");
        assert_eq!(list(&folder).unwrap(), []);
        add(&folder, &[&made("1"), &made("2")]).unwrap();
        OpenOptions::new().append(true).open(file(&folder)).unwrap().write_all(b"{\"id\":\"3\n").unwrap();
        add(&folder, &[&made("5529798706024415232")]).unwrap();
        assert_eq!(list(&folder).unwrap(), [made("1"), made("2"), made("5529798706024415232")]);
    }

    #[test]
    fn of_a_long_list_the_end_is_read() {
        let home = tempfile::tempdir().unwrap();
        let long = |id: &str| Made { name: "x".repeat(600_000), ..made(id) };
        add(home.path(), &[&long("1"), &long("2"), &made("3")]).unwrap();
        let ids: Vec<String> = list(home.path()).unwrap().into_iter().map(|made| made.id).collect();
        assert_eq!(ids, ["2", "3"]);
    }
}
