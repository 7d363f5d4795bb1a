//! Where a run takes place: on a backend with the journal, on a tape, or in a plan.

use std::path::PathBuf;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use crate::cli::config::Config;
use crate::cli::kept::{self, Keep};
use crate::cli::tape::Tape;
use crate::cli::ui::Ui;
use crate::client::{self, Delays};
use crate::clock::Clock;
use crate::host::{Failure, Kind, Sink};
use crate::journal::{JournalError, RunLog};
use crate::studio::{self, Films, Studio};

/// An address at which nothing is: a tape sends nothing.
const NOWHERE: &str = "http://tape.invalid";
/// A blank film is made in less than a second.
const PLAN_POLL_FIRST: Duration = Duration::from_millis(20);
const PLAN_POLL_MAX: Duration = Duration::from_millis(100);
/// The studio of a plan is in this process: what it does not answer at once it never will.
const PLAN_LADDER: [Duration; 2] = [Duration::from_millis(100); 2];

/// Where a run takes place.
#[derive(Clone, Default)]
pub(super) enum Place {
    /// On the backend of the configuration.
    #[default]
    Backend,
    /// On a tape: nothing is sent, nothing is made.
    Tape(Arc<Tape>),
    /// On a studio of blank films in this folder.
    Plan(PathBuf),
}

/// The embedded studio, once a call needed it.
pub(super) type House = Arc<Mutex<Option<Studio>>>;

impl Place {
    /// Says what the run speaks to.
    pub(super) fn announce(&self, ui: &Ui, config: &Config) {
        match self {
            Self::Backend => ui.backend(config),
            Self::Tape(_) => ui.notice("playing a tape: nothing is sent, and no file is made"),
            Self::Plan(_) => ui.notice("planning: nothing is sent, nothing is paid, and no file is made"),
        }
    }

    /// Opens the log of the run.
    ///
    /// # Errors
    /// The journal cannot be written, another process has the run, or the tape is not right.
    pub(super) fn log(&self, config: &Config, keep: Option<&Keep>) -> Result<RunLog, JournalError> {
        match self {
            Self::Backend => kept::open(config, keep),
            Self::Tape(tape) => tape.log(),
            Self::Plan(_) => Ok(RunLog::in_memory(Clock::System)),
        }
    }

    /// Returns what scripts call the backend.
    pub(super) fn backend(&self, config: &Config) -> String {
        match self {
            Self::Backend | Self::Plan(_) => config.backend.value.name().to_owned(),
            Self::Tape(tape) => tape.backend().to_owned(),
        }
    }

    /// Returns the file of small values: a plan reads a copy, and changes nothing.
    pub(super) fn store(&self, real: PathBuf) -> PathBuf {
        let Self::Plan(folder) = self else { return real };
        let copy = folder.join("store.json");
        // One that is not there, or cannot be read, is an empty one.
        let _ = std::fs::copy(&real, &copy);
        copy
    }

    /// Returns the clock of the script. In a plan nobody waits for a `sleep`.
    pub(super) fn clock(&self) -> Clock {
        match self {
            Self::Backend | Self::Tape(_) => Clock::System,
            Self::Plan(_) => Clock::fixed(Clock::System.now_ms()),
        }
    }

    /// Returns where the events of the run go. A plan is told when it is whole.
    pub(super) fn sink(&self, ui: &Arc<Ui>) -> Sink {
        match self {
            Self::Backend | Self::Tape(_) => {
                let ui = Arc::clone(ui);
                Arc::new(move |event| ui.event(event))
            }
            Self::Plan(_) => Arc::new(|_| ()),
        }
    }

    /// Starts the studio if it is the backend; returns how to speak to whatever is.
    ///
    /// # Errors
    /// The studio does not start.
    pub(super) async fn find(self, config: Arc<Config>, house: House) -> Result<client::Config, Failure> {
        match self {
            Self::Backend => match config.backend.value.address(&config.nemo_api.value) {
                Some(address) => Ok(config.client(address.to_owned())),
                None => Ok(config.client(started(config.studio(), &house).await?)),
            },
            Self::Tape(_) => Ok(client::Config { token: None, ..config.client(NOWHERE.to_owned()) }),
            Self::Plan(folder) => {
                let settings =
                    studio::Config { home: folder.join("studio"), films: Films::Blank, ..config.studio() };
                let address = started(settings, &house).await?;
                let usual = config.client(address.clone());
                Ok(client::Config {
                    web: address,
                    config_dir: folder.join("identity"),
                    token: None,
                    client_id: None,
                    delays: Delays {
                        poll_first: PLAN_POLL_FIRST,
                        poll_max: PLAN_POLL_MAX,
                        ladder: PLAN_LADDER.to_vec(),
                        backoff: Vec::new(),
                        ..Delays::default()
                    },
                    ..usual
                })
            }
        }
    }
}

async fn started(settings: studio::Config, house: &House) -> Result<String, Failure> {
    let studio = studio::start(settings)
        .await
        .map_err(|error| Failure::new(Kind::Backend, error.to_string()).hint(error.hint()))?;
    let address = studio.url().to_owned();
    *house.lock().unwrap_or_else(PoisonError::into_inner) = Some(studio);
    Ok(address)
}
