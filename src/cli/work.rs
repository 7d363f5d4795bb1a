//! What stands around a run: the async runtime, Ctrl-C, the backend that is found at the
//! first call that needs it, and an orderly end.

use std::collections::BTreeMap;
use std::io;
use std::path::PathBuf;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use anyhow::Context;
use serde_json::Value;
use tokio::runtime::Runtime;

use crate::cli::config::Config;
use crate::cli::sessions::{self, Made};
use crate::cli::stop::Stop;
use crate::cli::ui::Ui;
use crate::client;
use crate::clock::Clock;
use crate::host::{Failure, FileAccess, Kind, Run, Setup};
use crate::journal::{Event, Journal};
use crate::studio::{self, Studio};

/// The async part of a run waits, copies and talks; scripts and frames have their own threads.
const WORKERS: usize = 2;
/// How long tasks that block get at the very end; what is left ends with the process.
const END_WAIT: Duration = Duration::from_secs(2);

/// What one command gives to its run, beside the configuration.
#[derive(Default)]
pub(super) struct Given {
    /// `-p name=value`.
    pub(super) params: BTreeMap<String, String>,
    /// Folders in which inputs are looked up, before the working folder.
    pub(super) inputs: Vec<PathBuf>,
    /// Files that the command line names.
    pub(super) readable: Vec<PathBuf>,
    /// Where outputs land, in place of `--out`.
    pub(super) out: Option<PathBuf>,
    /// Words from which the language can be read.
    pub(super) words: String,
    /// The longest that it may take.
    pub(super) time_max: Option<Duration>,
}

/// The embedded studio, once a call needed it.
type House = Arc<Mutex<Option<Studio>>>;

/// Runs `act` on a run of its own, and ends everything that it started, however it ended.
///
/// # Errors
/// What `act` fails with; a runtime or signal handlers that the system refuses.
pub(super) fn work<T>(
    config: &Arc<Config>,
    ui: &Arc<Ui>,
    given: Given,
    act: impl FnOnce(&Run) -> anyhow::Result<T>,
) -> anyhow::Result<T> {
    ui.backend(config);
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(WORKERS).enable_all().build();
    let runtime = runtime.context("the async runtime cannot start")?;
    let stop = Stop::listen(&runtime, ui).context("signals cannot be handled")?;
    let house = House::default();
    let run = Run::new(setup(config, ui, given, &runtime, &stop, &house));
    let result = act(&run);
    let touched = sessions_of(config, &run);
    if let Err(error) = remember(config, &touched) {
        ui.notice(&format!("`reel session list` will not know of this run: {error}"));
    }
    end(runtime, &stop, &house);
    if stop.token.is_cancelled() {
        ui.stopped(touched.last().map(|touched| touched.session.id.as_str()));
    }
    result
}

fn setup(
    config: &Arc<Config>,
    ui: &Arc<Ui>,
    given: Given,
    runtime: &Runtime,
    stop: &Stop,
    house: &House,
) -> Setup {
    let Given { params, mut inputs, readable, out, words, time_max } = given;
    inputs.push(PathBuf::from("."));
    let out = out.unwrap_or_else(|| config.out.value.clone());
    let (sink, settings, house) = (Arc::clone(ui), Arc::clone(config), Arc::clone(house));
    Setup {
        find: Arc::new(move || Box::pin(find(Arc::clone(&settings), Arc::clone(&house)))),
        backend: config.backend.value.name().to_owned(),
        language: config.language.as_ref().map(|language| language.value.clone()),
        words,
        locale: config.locale.clone(),
        journal: Arc::new(Journal::new()),
        runtime: runtime.handle().clone(),
        stop: stop.token.clone(),
        time_max,
        clock: Clock::System,
        sink: Arc::new(move |event| sink.event(event)),
        files: FileAccess { inputs, readable, out },
        params,
        env_allowed: config.allowed_env.clone(),
    }
}

/// Starts the studio if it is the backend; returns how to speak to whatever is.
async fn find(config: Arc<Config>, house: House) -> Result<client::Config, Failure> {
    if let Some(address) = config.backend.value.address(&config.nemo_api.value) {
        return Ok(config.client(address.to_owned()));
    }
    let studio = studio::start(config.studio())
        .await
        .map_err(|error| Failure::new(Kind::Backend, error.to_string()).hint(error.hint()))?;
    let address = studio.url().to_owned();
    *house.lock().unwrap_or_else(PoisonError::into_inner) = Some(studio);
    Ok(config.client(address))
}

/// A session that a run had to do with.
struct Touched {
    session: Made,
    /// It was made, not only opened.
    made: bool,
}

/// Returns the sessions that a run made or opened, in order.
fn sessions_of(config: &Config, run: &Run) -> Vec<Touched> {
    let mut begun = BTreeMap::new();
    let mut touched = Vec::new();
    for (id, event) in run.journal().events() {
        match event {
            Event::Begun { name, .. } if name == "session" || name == "session_open" => {
                begun.insert(id, name == "session");
            }
            Event::Finished { outcome } => {
                let Some(made) = begun.remove(&id) else { continue };
                let text =
                    |key: &str| outcome.get(key).and_then(Value::as_str).unwrap_or_default().to_owned();
                let session = Made {
                    id: text("id"),
                    task_id: text("task_id"),
                    name: text("name"),
                    backend: config.backend.value.name().to_owned(),
                    made_ms: Clock::System.now_ms(),
                };
                touched.push(Touched { session, made });
            }
            _ => (),
        }
    }
    touched
}

/// Adds the sessions that a run made to this machine's list.
fn remember(config: &Config, touched: &[Touched]) -> io::Result<()> {
    let made: Vec<&Made> =
        touched.iter().filter(|touched| touched.made).map(|touched| &touched.session).collect();
    if made.is_empty() { Ok(()) } else { sessions::add(&config.homes.data, &made) }
}

fn end(runtime: Runtime, stop: &Stop, house: &House) {
    let studio = house.lock().unwrap_or_else(PoisonError::into_inner).take();
    if let Some(studio) = studio {
        runtime.block_on(async {
            tokio::select! {
                () = studio.stop() => (),
                () = stop.hurry.cancelled() => (),
            }
        });
    }
    // What is dropped with the runtime kills its ffmpeg.
    runtime.shutdown_timeout(END_WAIT);
}
