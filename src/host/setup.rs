//! What a run is made of, and what it may touch.

use std::collections::{BTreeMap, BTreeSet};
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use futures_util::future::BoxFuture;
use serde::{Deserialize, Serialize};
use tokio::runtime::Handle;
use tokio_util::sync::CancellationToken;

use crate::client;
use crate::clock::Clock;
use crate::host::event::Sink;
use crate::host::failure::Failure;
use crate::journal::RunLog;

/// What a run is made of; everything is settled before the script starts.
#[derive(Clone)]
pub struct Setup {
    /// Finds the backend, at the first call that needs it. Sessions of another skill get a
    /// client of their own there.
    pub find: FindBackend,
    /// What people call the backend: `studio`, `nemo` or its address.
    pub backend: String,
    /// The language code that the user asked for.
    pub language: Option<String>,
    /// Words from which the language is read otherwise: the script, or what was said.
    pub words: String,
    /// The user's locale, such as `de_DE.UTF-8`.
    pub locale: Option<String>,
    /// Where each call is written before it takes effect.
    pub log: Arc<RunLog>,
    /// What the user decided about a paid call that is in doubt; counts once.
    pub verdict: Option<Verdict>,
    /// The most credits that the run may take, earlier lives included; none is no limit.
    pub credits_max: Option<f64>,
    /// The async runtime that does the work while the script's thread waits.
    pub runtime: Handle,
    /// Cancelled when the user stops the run.
    pub stop: CancellationToken,
    /// The longest that the run may take; none is no limit.
    pub time_max: Option<Duration>,
    /// The time.
    pub clock: Clock,
    /// Where events of the run go.
    pub sink: Sink,
    /// Folders and files that it may read and write.
    pub files: FileAccess,
    /// The values of `-p name=value`, as written.
    pub params: BTreeMap<String, String>,
    /// Names of environment variables that the script may read.
    pub env_allowed: BTreeSet<String>,
}

/// Finds the backend, and says who speaks to it. Not done before it is needed: starting a
/// studio takes longer than many a script that needs none.
pub type FindBackend = Arc<dyn Fn() -> BoxFuture<'static, Result<client::Config, Failure>> + Send + Sync>;

/// Where a script finds its files and leaves its results.
#[derive(Clone, Debug, Default)]
pub struct FileAccess {
    /// Folders in which a relative input is looked up, in this order: the script's, then the
    /// working folder. The script may read everything below them.
    pub inputs: Vec<PathBuf>,
    /// More folders and files that may be read, such as those named on the command line.
    pub readable: Vec<PathBuf>,
    /// Against which a relative output resolves; the script may write and read below it.
    pub out: PathBuf,
    /// What an output with the same ending becomes, whatever the script calls it: the one file
    /// of a batch's row.
    pub film: Option<PathBuf>,
    /// More folders that may be written into and read from.
    pub writable: Vec<PathBuf>,
    /// Nothing but `readable`, what `-p` names, and the outputs may be read.
    pub untrusted: bool,
    /// What `~` stands for; without one it is a name like any other.
    pub home: Option<PathBuf>,
    /// The file in which the script keeps small values between runs.
    pub store: PathBuf,
}

/// What the user decides about a paid call of which nobody knows whether it took effect.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Verdict {
    /// It took effect: what the project holds now is its result.
    Adopt,
    /// It did not: it is sent again.
    Repeat,
    /// It failed: the script hears so.
    Fail,
}

impl Setup {
    /// A run that nobody stops or watches, that was given nothing and has no limits: what
    /// stands here has no default.
    pub fn bare(find: FindBackend, log: Arc<RunLog>, runtime: Handle) -> Self {
        Self {
            find,
            backend: String::new(),
            language: None,
            words: String::new(),
            locale: None,
            log,
            verdict: None,
            credits_max: None,
            runtime,
            stop: CancellationToken::new(),
            time_max: None,
            clock: Clock::System,
            sink: Arc::new(|_| ()),
            files: FileAccess::default(),
            params: BTreeMap::new(),
            env_allowed: BTreeSet::new(),
        }
    }
}
