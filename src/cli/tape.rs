//! Tapes: the whole log of a run in a file of its own, which plays anywhere and needs no
//! backend. A line a JSON object: first what was run, then every entry in order.

use std::collections::BTreeMap;
use std::fs::{self, File, OpenOptions};
use std::io::{self, BufRead, BufReader, BufWriter, Read, Write};
use std::os::unix::fs::OpenOptionsExt;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use sha2::{Digest, Sha256};
use uuid::Uuid;

use crate::cli::exit::Usage;
use crate::clock::Clock;
use crate::host::{Failure, Kind};
use crate::journal::{Entry, Journal, JournalError, Memory, NewRun, Replay, RunLog, Written};

/// The format that is written, and the newest one that is read.
const VERSION: u32 = 1;
/// A run of a thousand turns leaves some 50 MB.
const TAPE_BYTES_MAX: u64 = 256 << 20;
/// The longest entry is a text of 16 MiB that a script read, escaped.
const LINE_BYTES_MAX: u64 = 64 << 20;
/// What a script read and said may be nobody else's to read.
const PRIVATE: u32 = 0o600;

/// The first line: what was run.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(super) struct Header {
    /// The version of the format.
    tape: u32,
    /// The script's path as it was given.
    title: String,
    /// SHA-256 of the script's text, in hexadecimal digits.
    script: String,
    /// What `-p name=value` gave.
    params: BTreeMap<String, String>,
    /// What scripts call the backend.
    backend: String,
}

/// Every other line.
#[derive(Serialize, Deserialize)]
struct Record {
    /// Milliseconds since 1970.
    at_ms: u64,
    entry: Entry,
}

/// A tape that is written when its run has ended: whole or not at all.
pub(super) struct Recorder {
    to: PathBuf,
    part: PathBuf,
    header: Header,
}

/// A tape that was read.
#[derive(Debug)]
pub(super) struct Tape {
    name: String,
    header: Header,
    log: Vec<Written>,
}

impl Header {
    pub(super) fn new(title: String, text: &str, params: &BTreeMap<String, String>, backend: &str) -> Self {
        let (params, backend) = (params.clone(), backend.to_owned());
        Self { tape: VERSION, title, script: hash(text), params, backend }
    }
}

impl Recorder {
    /// Tries to write beside the final place, so that a folder that cannot be written is found
    /// before the run costs anything.
    ///
    /// # Errors
    /// A [`Usage`] error when it cannot be made.
    pub(super) fn start(to: &Path, header: Header) -> Result<Self, Usage> {
        let refused = |error: io::Error| {
            let words = format!("the tape `{}` cannot be written: {error}", to.display());
            Usage::new(words, "name a file in a folder that you may write to")
        };
        if to.is_dir() || to.file_name().is_none() {
            return Err(refused(io::ErrorKind::IsADirectory.into()));
        }
        let part = to.with_file_name(format!(".{}.part", Uuid::new_v4()));
        let recorder = Self { to: to.to_owned(), part, header };
        drop(recorder.make().map_err(refused)?);
        // A run that is killed leaves nothing behind.
        fs::remove_file(&recorder.part).map_err(refused)?;
        Ok(recorder)
    }

    /// Writes the log and gives the tape its name.
    ///
    /// # Errors
    /// A failure of kind `Journal` when the disk does not take it or the log is too long.
    pub(super) fn finish(self, log: Vec<Written>) -> Result<(), Failure> {
        let written = self.write(log).and_then(|()| fs::rename(&self.part, &self.to));
        written.map_err(|error| {
            let words = format!("the tape `{}` cannot be written: {error}", self.to.display());
            Failure::new(Kind::Journal, words).hint("the run itself is in the journal: `reel show` tells it")
        })
    }

    fn make(&self) -> io::Result<File> {
        OpenOptions::new().create_new(true).write(true).mode(PRIVATE).open(&self.part)
    }

    fn write(&self, log: Vec<Written>) -> io::Result<()> {
        let whole = self.make()?;
        let mut file = BufWriter::new(&whole);
        let mut left = TAPE_BYTES_MAX;
        let mut line = |text: String| {
            left = left.checked_sub(text.len() as u64 + 1).ok_or_else(|| {
                io::Error::other(format!("it would be longer than {} MiB", TAPE_BYTES_MAX >> 20))
            })?;
            writeln!(file, "{text}")
        };
        line(serde_json::to_string(&self.header)?)?;
        for Written { at_ms, entry } in log {
            line(serde_json::to_string(&Record { at_ms, entry })?)?;
        }
        file.flush()?;
        whole.sync_all()
    }
}

impl Drop for Recorder {
    fn drop(&mut self) {
        // There is one only when writing it failed.
        let _ = fs::remove_file(&self.part);
    }
}

impl Tape {
    /// Reads a tape.
    ///
    /// # Errors
    /// A [`Usage`] error that names the line for what is no tape.
    pub(super) fn load(path: &Path) -> Result<Self, Usage> {
        let name = path.display().to_string();
        let file = File::open(path).map_err(|error| {
            Usage::new(format!("the tape `{name}` cannot be read: {error}"), "check the path")
        })?;
        let mut lines =
            Lines { name: &name, number: 0, file: BufReader::new(file.take(TAPE_BYTES_MAX + 1)), read: 0 };
        let header: Header = match lines.next()? {
            Some(text) => lines.parsed(&text)?,
            None => return Err(lines.wrong("it is empty")),
        };
        if header.tape != VERSION {
            return Err(lines.wrong(&format!("it has version {}, this program knows {VERSION}", header.tape)));
        }
        let mut log = Vec::new();
        while let Some(text) = lines.next()? {
            let Record { at_ms, entry } = lines.parsed(&text)?;
            log.push(Written { at_ms, entry });
        }
        Ok(Self { name, header, log })
    }

    /// Returns what scripts call the backend.
    pub(super) fn backend(&self) -> &str {
        &self.header.backend
    }

    /// Returns whether this very script was recorded.
    pub(super) fn is_of(&self, text: &str) -> bool {
        self.header.script == hash(text)
    }

    /// Returns the params of the recorded run, which those that are given must be.
    ///
    /// # Errors
    /// A [`Usage`] error that names the first other one.
    pub(super) fn params(&self, given: &[(String, String)]) -> Result<BTreeMap<String, String>, Usage> {
        let other = given.iter().find(|(name, value)| self.header.params.get(name) != Some(value));
        match other {
            None => Ok(self.header.params.clone()),
            Some((name, value)) => {
                let recorded = self
                    .header
                    .params
                    .get(name)
                    .map_or_else(|| "was not given".to_owned(), |recorded| format!("was `{recorded}`"));
                let words =
                    format!("param `{name}` {recorded} when `{}` was recorded, not `{value}`", self.name);
                Err(Usage::new(words, "leave `-p` away: a tape has its params"))
            }
        }
    }

    /// Returns a log that has every entry of the tape and takes no other call.
    ///
    /// # Errors
    /// The entries do not follow each other as those of a run do.
    pub(super) fn log(&self) -> Result<RunLog, JournalError> {
        let journal = Arc::new(Memory::default());
        let made_of = NewRun { title: self.header.title.clone(), source: None, setup: Value::Null };
        let run = journal.create(&made_of, Clock::System.now_ms())?;
        let lease = journal.lease(&run)?;
        for (n, written) in (0..).zip(&self.log) {
            journal.append(&lease, n, written.at_ms, std::slice::from_ref(&written.entry))?;
        }
        RunLog::open(journal, lease, Clock::System, Replay::Tape)
    }
}

/// The lines of a tape, counted from 1.
struct Lines<'a> {
    name: &'a str,
    number: usize,
    file: BufReader<io::Take<File>>,
    read: u64,
}

impl Lines<'_> {
    fn next(&mut self) -> Result<Option<String>, Usage> {
        self.number += 1;
        let mut text = String::new();
        let read = self.file.by_ref().take(LINE_BYTES_MAX + 1).read_line(&mut text);
        let read = read.map_err(|error| self.wrong(&error.to_string()))? as u64;
        self.read += read;
        if read > LINE_BYTES_MAX {
            return Err(self.wrong(&format!("it is longer than {} MiB", LINE_BYTES_MAX >> 20)));
        }
        if self.read > TAPE_BYTES_MAX {
            return Err(self.wrong(&format!("the tape is longer than {} MiB", TAPE_BYTES_MAX >> 20)));
        }
        Ok(Some(text).filter(|_| read > 0))
    }

    fn parsed<T: DeserializeOwned>(&self, text: &str) -> Result<T, Usage> {
        serde_json::from_str(text).map_err(|error| self.wrong(&error.to_string()))
    }

    fn wrong(&self, why: &str) -> Usage {
        let words = format!("`{}` is no tape, line {}: {why}", self.name, self.number);
        Usage::new(words, "`reel run SCRIPT --record FILE` records one")
    }
}

fn hash(text: &str) -> String {
    Sha256::digest(text.as_bytes()).iter().map(|byte| format!("{byte:02x}")).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::journal::{Line, LineKind};

    fn entry(text: &str) -> Written {
        let line = Line { row: String::new(), kind: LineKind::Print, value: text.into() };
        Written { at_ms: 7, entry: Entry::Line(line) }
    }

    fn header() -> Header {
        Header::new("a.rhai".to_owned(), "print(1);", &BTreeMap::from([("n".into(), "1".into())]), "studio")
    }

    #[test]
    fn what_is_recorded_is_read_back_and_is_its_users_alone() {
        use std::os::unix::fs::PermissionsExt;
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("a.jsonl");
        let log = vec![entry("one\n二"), entry("two")];
        Recorder::start(&path, header()).unwrap().finish(log.clone()).unwrap();
        let tape = Tape::load(&path).unwrap();
        assert_eq!((&tape.header, &tape.log), (&header(), &log));
        assert!(tape.is_of("print(1);") && !tape.is_of("print(2);"));
        assert_eq!(fs::metadata(&path).unwrap().permissions().mode() & 0o777, 0o600);
        assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 1, "nothing else is left");
    }

    #[test]
    fn a_run_that_never_ends_leaves_no_tape() {
        let folder = tempfile::tempdir().unwrap();
        let recorder = Recorder::start(&folder.path().join("a.jsonl"), header()).unwrap();
        assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 0, "also while it runs");
        drop(recorder);
        assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 0);
        let missing = Recorder::start(&folder.path().join("none/a.jsonl"), header()).err().unwrap();
        assert!(missing.message.contains("cannot be written"), "{missing}");
        assert!(Recorder::start(folder.path(), header()).is_err());
    }

    #[test]
    fn a_line_that_is_none_is_named() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("a.jsonl");
        let said = |text: &str| {
            fs::write(&path, text).unwrap();
            Tape::load(&path).unwrap_err().message
        };
        assert!(said("").ends_with("line 1: it is empty"));
        assert!(said("milk\n").contains("line 1: expected value"));
        let first = serde_json::to_string(&header()).unwrap();
        assert!(said(&format!("{first}\n{{\"at_ms\":1}}\n")).contains("line 2: missing field `entry`"));
        let newer = first.replace("\"tape\":1", "\"tape\":9");
        assert!(said(&newer).ends_with("line 1: it has version 9, this program knows 1"));
    }

    #[test]
    fn params_are_those_of_the_tape() {
        let tape = Tape { name: "a.jsonl".to_owned(), header: header(), log: Vec::new() };
        let given = |name: &str, value: &str| tape.params(&[(name.to_owned(), value.to_owned())]);
        assert_eq!(tape.params(&[]).unwrap(), given("n", "1").unwrap());
        let said = given("n", "2").unwrap_err().message;
        assert_eq!(said, "param `n` was `1` when `a.jsonl` was recorded, not `2`");
        assert!(given("m", "2").unwrap_err().message.starts_with("param `m` was not given when"));
    }
}
