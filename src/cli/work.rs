//! What stands around a run: the async runtime, Ctrl-C, the backend that is found at the
//! first call that needs it, and an orderly end.

use std::collections::BTreeMap;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::{Arc, PoisonError};
use std::time::Duration;

use anyhow::Context;
use serde_json::Value;
use tokio::runtime::Runtime;

use crate::cli::config::Config;
use crate::cli::exit::{Exit, explain};
use crate::cli::kept::{self, Ended, Keep};
use crate::cli::place::{House, Place};
use crate::cli::sessions::{self, Made};
use crate::cli::stop::{LineStop, Stop};
use crate::cli::tape::Recorder;
use crate::cli::ui::Ui;
use crate::host::{Failure, FileAccess, Run, Setup};
use crate::journal::{Ending, RunLog, RunState, Status};

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
    /// What the journal is told; none for a command that only looks.
    pub(super) keep: Option<Keep>,
    /// Where it takes place.
    pub(super) place: Place,
    /// The tape that its log is written to at the end.
    pub(super) recorder: Option<Recorder>,
    /// Ctrl-C stops a line of a console, not the command.
    pub(super) line: Option<LineStop>,
    /// Somebody listens for Ctrl-C already.
    pub(super) stop: Option<Stop>,
}

/// Runs `act` on a run of its own, or on the one that the command goes on with, and ends
/// everything that it started, however it ended.
///
/// # Errors
/// What `act` fails with; a journal, a runtime or signal handlers that do not work.
pub(super) fn work<E: Into<Ended>>(
    config: &Arc<Config>,
    ui: &Arc<Ui>,
    mut given: Given,
    act: impl FnOnce(&Run) -> anyhow::Result<E>,
) -> anyhow::Result<Exit> {
    let place = given.place.clone();
    place.announce(ui, config);
    let log = Arc::new(place.log(config, given.keep.as_ref())?);
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(WORKERS).enable_all().build();
    let runtime = runtime.context("the async runtime cannot start")?;
    let stop = match given.stop.take() {
        Some(stop) => stop,
        None => Stop::listen(&runtime, ui, given.line.clone()).context("signals cannot be handled")?,
    };
    let house = House::default();
    let scripted = given.keep.as_ref().map(|keep| keep.source.is_some());
    let recorder = given.recorder.take();
    let run = Run::new(setup(config, ui, given, &log, &runtime, &stop, &house));
    let mut result = act(&run).map(Into::into);
    let touched = sessions_of(config, &log);
    if matches!(place, Place::Backend)
        && let Err(error) = remember(config, &touched)
    {
        ui.notice(&format!("`reel session list` will not know of this run: {error}"));
    }
    end(runtime, &stop, &house);
    let ending = kept::ending(&result);
    // Before the end: a run that did nothing leaves no log.
    let taped = recorder.map(|recorder| (recorder, log.written()));
    if let Err(error) = log.end(&ending)
        && result.is_ok()
    {
        result = Err(error.into());
    }
    if let Some((recorder, written)) = taped
        && let Err(error) =
            written.map_err(|error| Failure::from(&error)).and_then(|log| recorder.finish(log))
        && result.is_ok()
    {
        result = Err(error.into());
    }
    let exit = result.map_or_else(|error| complain(ui, &error), |ended| ended.exit);
    if let Some(scripted) = scripted {
        told(ui, &run, &ending, touched.last(), scripted);
    }
    Ok(exit)
}

/// Says what went wrong, before what can be done about it; returns how the command ends.
fn complain(ui: &Ui, error: &anyhow::Error) -> Exit {
    let (trouble, exit) = explain(error);
    // That it was stopped is said when all is put away.
    if exit != Exit::Stopped {
        ui.error(&trouble);
    }
    exit
}

/// Says what the run took, and how it can be gone on with.
fn told(ui: &Ui, run: &Run, ending: &Ending, session: Option<&Touched>, scripted: bool) {
    let (id, steps) = (run.log().run(), run.log().steps());
    if steps.iter().any(|step| step.call.name == "chat") {
        ui.spent(run.spent(), run.log().is_resumed());
    }
    let session = session.map(|touched| touched.session.id.as_str());
    match ending.state {
        RunState::Stopped => ui.stopped(Some(id).filter(|_| !steps.is_empty()), session),
        RunState::Parked => ui.parked(id, session),
        // A run whose checks failed came to its end.
        RunState::Finished if run.log().has_inputs() => ui.left(id),
        RunState::Failed if !steps.is_empty() && !ending.words.is_empty() => ui.failed(id, scripted),
        _ => (),
    }
}

fn setup(
    config: &Arc<Config>,
    ui: &Arc<Ui>,
    given: Given,
    log: &Arc<RunLog>,
    runtime: &Runtime,
    stop: &Stop,
    house: &House,
) -> Setup {
    let store = given.place.store(config.homes.store(inputs_folder(&given)));
    let Given { params, mut inputs, mut readable, out, words, time_max, place, .. } = given;
    inputs.push(PathBuf::from("."));
    readable.extend(config.readable.iter().cloned());
    let (writable, home) = (config.writable.clone(), config.homes.home.clone());
    let out = out.unwrap_or_else(|| config.out.value.clone());
    let (sink, backend, clock) = (place.sink(ui), place.backend(config), place.clock());
    let (settings, house) = (Arc::clone(config), Arc::clone(house));
    Setup {
        find: Arc::new(move || Box::pin(place.clone().find(Arc::clone(&settings), Arc::clone(&house)))),
        backend,
        language: config.language.as_ref().map(|language| language.value.clone()),
        words,
        locale: config.locale.clone(),
        log: Arc::clone(log),
        verdict: config.going_on.as_ref().and_then(|going| going.verdict),
        credits_max: config.credits_max,
        runtime: runtime.handle().clone(),
        stop: stop.token.clone(),
        time_max,
        clock,
        sink,
        files: FileAccess {
            inputs,
            readable,
            out,
            film: None,
            writable,
            untrusted: config.untrusted,
            home,
            store,
        },
        params,
        env_allowed: config.allowed_env.clone(),
    }
}

/// The folder of the script, whose scripts share a store; the working folder without one.
fn inputs_folder(given: &Given) -> &Path {
    given.inputs.first().map_or(Path::new("."), PathBuf::as_path)
}

/// A session that a run had to do with.
struct Touched {
    session: Made,
    /// It was made, not only opened.
    made: bool,
}

/// Returns the sessions that a run made or opened, in order.
fn sessions_of(config: &Config, log: &RunLog) -> Vec<Touched> {
    let touched = log.steps().into_iter().filter_map(|step| {
        let made = step.call.name == "session";
        let Status::Finished { outcome, .. } = &step.status else { return None };
        if !made && step.call.name != "session_open" {
            return None;
        }
        let text = |key: &str| outcome.get(key).and_then(Value::as_str).unwrap_or_default().to_owned();
        let session = Made {
            id: text("id"),
            task_id: text("task_id"),
            name: text("name"),
            backend: config.backend.value.name().to_owned(),
            made_ms: step.latest_ms,
        };
        Some(Touched { session, made })
    });
    touched.collect()
}

/// Adds the sessions that a run made to this machine's list.
fn remember(config: &Config, touched: &[Touched]) -> io::Result<()> {
    let mut made: Vec<&Made> =
        touched.iter().filter(|touched| touched.made).map(|touched| &touched.session).collect();
    if config.going_on.is_some() {
        let known = sessions::list(&config.homes.data)?;
        made.retain(|made| !known.iter().any(|known| known.id == made.id));
    }
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
