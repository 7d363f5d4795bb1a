//! The journal behind a command: a run of its own, or the one that it goes on with.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use serde::{Deserialize, Serialize};

use crate::cli::Global;
use crate::cli::config::Config;
use crate::cli::exit::{Exit, Usage, explain};
use crate::clock::Clock;
use crate::host::Verdict;
use crate::journal::{
    BatchId, Ending, Journal, JournalError, NewRun, Replay, RunId, RunLog, RunRecord, RunState, Sqlite,
};
use crate::runtime::{Script, ScriptError};

/// What the journal is told of a command that changes something.
pub(super) struct Keep {
    /// What people call the run: the script's path, or the command and what it is about.
    pub(super) title: String,
    /// The text of the script; none for a command.
    pub(super) source: Option<String>,
}

/// How a command ended.
pub(super) struct Ended {
    pub(super) exit: Exit,
    /// Why, in one line; empty when all is well.
    pub(super) words: String,
}

impl From<Exit> for Ended {
    fn from(exit: Exit) -> Self {
        Self { exit, words: String::new() }
    }
}

/// The run that a command goes on with.
#[derive(Clone, Debug)]
pub(super) struct GoingOn {
    pub(super) run: RunId,
    /// The recorded text of its script.
    source: Option<String>,
    /// How it ended, if it did.
    ended: Option<Ending>,
    /// The script may have changed behind the steps that are recorded.
    edited: bool,
    /// What the user decided about a turn that is in doubt.
    pub(super) verdict: Option<Verdict>,
}

/// The batch that a command goes on with.
#[derive(Clone, Debug)]
pub(super) struct GoingOnBatch {
    pub(super) id: BatchId,
    /// The key of the one row that it is about; all rows without one.
    pub(super) key: Option<String>,
    /// The script may have changed.
    pub(super) edited: bool,
    /// What the user decided about a turn that is in doubt.
    pub(super) verdict: Option<Verdict>,
}

/// All that is needed to give a command once more. Holds no secrets: tokens come from the
/// environment each time.
#[derive(Debug, Serialize, Deserialize)]
pub(super) struct Recipe {
    /// The words after the program's name.
    pub(super) arguments: Vec<String>,
    /// The working folder.
    pub(super) folder: PathBuf,
    /// What people call the backend.
    pub(super) backend: String,
    out: PathBuf,
    skill: String,
    skill_file: Option<PathBuf>,
    language: Option<String>,
    allow_env: Vec<String>,
    #[serde(default)]
    allow_read: Vec<PathBuf>,
    #[serde(default)]
    allow_write: Vec<PathBuf>,
    #[serde(default)]
    untrusted: bool,
    max_credits: Option<f64>,
}

impl GoingOn {
    pub(super) fn new(record: RunRecord, edited: bool, verdict: Option<Verdict>) -> Self {
        let ended = record.ended.map(|(_, ending)| ending);
        Self { run: record.id, source: record.made_of.source, ended, edited, verdict }
    }

    /// Returns the script to go on with: the one that is recorded, unless the user edited it.
    ///
    /// # Errors
    /// A [`Usage`] error for a script that changed without the user's word.
    pub(super) fn script(&self, path: &Path) -> anyhow::Result<Script> {
        let recorded = self.source.as_deref().unwrap_or_default();
        let now = match Script::load(path) {
            Ok(script) if self.edited || script.text == recorded => return Ok(script),
            Ok(script) => script,
            // It is gone; the journal has it.
            Err(_) => return Ok(Script::from_text(&path.display().to_string(), recorded)),
        };
        let words = format!("`{}` has changed since run {} began", now.name, self.run);
        Err(Usage::new(words, "`--edited` goes on with it as it is now, or put it back as it was").into())
    }

    /// What to do with recorded steps. A call that failed and ended the run gets another try.
    fn replay(&self) -> Replay {
        match &self.ended {
            Some(ending) if ending.state == RunState::Failed => Replay::Retry,
            _ => Replay::Resume,
        }
    }
}

impl Recipe {
    /// Returns what is needed to give this command once more.
    pub(super) fn of(config: &Config) -> Self {
        let document = config.skill_file.as_deref();
        Self {
            arguments: config.arguments.clone(),
            folder: std::env::current_dir().unwrap_or_default(),
            backend: config.backend.value.name().to_owned(),
            out: config.out.value.clone(),
            skill: config.profile.name.clone(),
            skill_file: document.map(Path::to_path_buf),
            language: config.language.as_ref().map(|language| language.value.clone()),
            allow_env: config.allowed_env.iter().cloned().collect(),
            allow_read: config.readable.clone(),
            allow_write: config.writable.clone(),
            untrusted: config.untrusted,
            max_credits: config.credits_max,
        }
    }

    /// Returns the settings of the run, and those of the command that goes on with it.
    pub(super) fn flags(&self, now: &Global) -> Global {
        let mut allow_env = self.allow_env.clone();
        allow_env.extend(now.allow_env.iter().cloned());
        Global {
            backend: Some(self.backend.clone()),
            out: Some(self.out.clone()),
            skill: Some(self.skill.clone()).filter(|_| self.skill_file.is_none()),
            skill_file: self.skill_file.clone(),
            language: self.language.clone(),
            allow_env,
            allow_read: [self.allow_read.clone(), now.allow_read.clone()].concat(),
            allow_write: [self.allow_write.clone(), now.allow_write.clone()].concat(),
            untrusted: self.untrusted,
            max_credits: now.max_credits.or(self.max_credits),
            ..now.clone()
        }
    }
}

#[cfg(feature = "cluster")]
impl Recipe {
    /// Returns the settings of the run for a process that works somewhere else: paths are from
    /// the root, and what `now` says about the backend and the outputs counts.
    pub(super) fn elsewhere(&self, now: &Global) -> Global {
        let whole = |paths: &[PathBuf]| paths.iter().map(|path| self.folder.join(path)).collect();
        let there = Self {
            arguments: Vec::new(),
            folder: self.folder.clone(),
            backend: now.backend.clone().unwrap_or_else(|| self.backend.clone()),
            out: now.out.clone().unwrap_or_else(|| self.folder.join(&self.out)),
            skill: self.skill.clone(),
            skill_file: self.skill_file.as_ref().map(|file| self.folder.join(file)),
            language: self.language.clone(),
            allow_env: self.allow_env.clone(),
            allow_read: whole(&self.allow_read),
            allow_write: whole(&self.allow_write),
            untrusted: self.untrusted,
            max_credits: self.max_credits,
        };
        there.flags(now)
    }
}

/// Opens the log of a command's run. A command that only looks leaves none behind.
///
/// # Errors
/// The journal cannot be written, or another process has the run.
pub(super) fn open(config: &Config, keep: Option<&Keep>) -> Result<RunLog, JournalError> {
    let Some(keep) = keep else { return Ok(RunLog::in_memory(Clock::System)) };
    let journal = Arc::new(Sqlite::open(&config.journal)?);
    if let Some(going) = &config.going_on {
        let lease = journal.lease(&going.run)?;
        if going.edited
            && let Some(source) = &keep.source
        {
            journal.edit(&lease, source)?;
        }
        return RunLog::open(journal, lease, Clock::System, going.replay());
    }
    let setup = serde_json::to_value(Recipe::of(config));
    let setup = setup.map_err(|error| JournalError::Unwritable(error.to_string()))?;
    let made_of = NewRun { title: keep.title.clone(), source: keep.source.clone(), setup };
    let run = journal.create(&made_of, Clock::System.now_ms())?;
    let lease = journal.lease(&run)?;
    RunLog::open(journal, lease, Clock::System, Replay::Resume)
}

/// Returns how a run ended, as the journal keeps it.
pub(super) fn ending(result: &anyhow::Result<Ended>) -> Ending {
    let (exit, words) = match result {
        Ok(ended) => (ended.exit, ended.words.clone()),
        Err(error) => {
            let (trouble, exit) = explain(error);
            (exit, trouble.message().to_owned())
        }
    };
    Ending { state: exit.state(), words, exit_code: exit.code() }
}

/// The reason of a script's end in one line.
pub(super) fn words(error: Option<&ScriptError>) -> String {
    error.map(|error| error.message.clone()).unwrap_or_default()
}
