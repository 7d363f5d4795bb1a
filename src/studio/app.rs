//! What every handler and every worker of one studio shares.

use std::path::PathBuf;

use tokio::sync::watch;
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;

use super::Films;
use super::chaos::Chaos;
use super::limits::Limits;
use super::log::Log;
use super::owner::Owner;
use super::plan::Plan;
use super::shelf::Shelf;
use super::store::Store;
use crate::clock::Clock;
use crate::secret::Secret;

/// One running studio.
#[derive(Debug)]
pub(crate) struct App {
    pub(crate) store: Store,
    pub(crate) shelf: Shelf,
    pub(crate) owner: Owner,
    pub(crate) clock: Clock,
    /// Its own address, such as `http://127.0.0.1:8787`.
    pub(crate) url: String,
    /// It listens on every address of the machine, so that none is its own.
    pub(crate) everywhere: bool,
    pub(crate) seed: u64,
    pub(crate) credits: f64,
    /// Waits and limits as the cloud's.
    pub(crate) faithful: bool,
    /// Renders show nothing.
    pub(crate) films: Films,
    /// What fails on purpose.
    pub(crate) chaos: Chaos,
    /// Where a line goes for each request.
    pub(crate) log: Option<Log>,
    pub(crate) plan: Plan,
    pub(crate) limits: Limits,
    pub(crate) token: Option<Secret>,
    /// Where results lie.
    pub(crate) renders: PathBuf,
    /// Where this studio alone works.
    pub(crate) work: PathBuf,
    /// Told when a render was submitted or called off.
    pub(crate) renders_changed: watch::Sender<()>,
    /// Turns and renders, which outlive the request that began them.
    pub(crate) tasks: TaskTracker,
    pub(crate) stop: CancellationToken,
}

impl App {
    /// Returns the time in milliseconds since the epoch.
    pub(crate) fn now_ms(&self) -> u64 {
        self.clock.now_ms()
    }
}
