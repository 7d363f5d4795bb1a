//! Scripts from their text to their outcome.

mod backend;
mod batch;
mod check;
mod commits;
mod data;
mod errors;
mod interchange;
mod language;
mod manual;
mod parallel;
mod resume;
mod rows;
mod stops;
mod suite;

use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex};

use reelscript::client::{Config, Delays, Profile};
use reelscript::clock::Clock;
use reelscript::host::{Event, FileAccess, FindBackend, Run, Setup};
use reelscript::journal::{Entry, Event as Written, Journal, Memory, NewRun, Replay, RunId, RunLog, Step};
use reelscript::runtime::{self, Exit, Outcome, Script};
use reelscript::studio::{self, Studio};
use tokio::runtime::Runtime;

/// What a studio of a stage gives to its user.
const CREDITS: f64 = 100_000.0;

/// A run in a folder of its own, with what it told.
struct Stage {
    runtime: Runtime,
    client: Config,
    setup: Setup,
    told: Arc<Mutex<Vec<Event>>>,
    folder: tempfile::TempDir,
    journal: Arc<Memory>,
    run: RunId,
}

/// A journal with one run in it.
fn journal() -> (Arc<Memory>, RunId) {
    let journal = Arc::new(Memory::default());
    let made_of = NewRun { title: "main.rhai".to_owned(), source: None, setup: serde_json::Value::Null };
    let run = journal.create(&made_of, 0).unwrap();
    (journal, run)
}

fn log_of(journal: &Arc<Memory>, run: &RunId, replay: Replay) -> Arc<RunLog> {
    let lease = journal.lease(run).unwrap();
    Arc::new(RunLog::open(journal.clone(), lease, Clock::System, replay).unwrap())
}

/// A backend that needs no search.
fn found(client: Config) -> FindBackend {
    Arc::new(move || {
        let client = client.clone();
        Box::pin(async move { Ok(client) })
    })
}

impl Stage {
    fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let runtime = Runtime::new().unwrap();
        let told: Arc<Mutex<Vec<Event>>> = Arc::default();
        let heard = told.clone();
        let files = FileAccess {
            inputs: vec![folder.path().to_path_buf()],
            readable: Vec::new(),
            out: folder.path().join("out"),
            store: folder.path().join("store.json"),
            ..FileAccess::default()
        };
        let client = Config {
            // The discard port: a script that wants a backend sets another address.
            base: "http://127.0.0.1:9".to_owned(),
            web: "http://127.0.0.1:9".to_owned(),
            config_dir: folder.path().join("config"),
            token: None,
            client_id: None,
            profile: Profile::all().remove(0),
            platform: "unknown".to_owned(),
            clock: Clock::System,
            delays: Delays::default(),
        };
        let (journal, run) = journal();
        let log = log_of(&journal, &run, Replay::Resume);
        let setup = Setup {
            backend: "studio".to_owned(),
            sink: Arc::new(move |event| heard.lock().unwrap().push(event)),
            files,
            ..Setup::bare(found(client.clone()), log, runtime.handle().clone())
        };
        Self { runtime, client, setup, told, folder, journal, run }
    }

    /// Ends this life of the run and begins its next one.
    fn live_again(&mut self, replay: Replay) {
        self.setup.log = Arc::new(RunLog::in_memory(Clock::System));
        self.setup.log = log_of(&self.journal, &self.run, replay);
    }

    /// A line a step: `1 chat (Paid): finished`.
    fn story(&self) -> Vec<String> {
        let line = |step: &Step| {
            format!("{} {} ({}): {}", step.id, step.call.name, step.call.class.word(), step.status.word())
        };
        self.setup.log.steps().iter().map(line).collect()
    }

    /// Every event that was written, in order.
    fn events(&self) -> Vec<Written> {
        let entries = self.journal.entries(&self.run).unwrap();
        let event = |written: reelscript::journal::Written| match written.entry {
            Entry::Step { event, .. } => Some(event),
            _ => None,
        };
        entries.into_iter().filter_map(event).collect()
    }

    fn param(mut self, name: &str, value: &str) -> Self {
        self.setup.params.insert(name.to_owned(), value.to_owned());
        self
    }

    fn file(self, path: &str, text: &str) -> Self {
        let path = self.folder.path().join(path);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(path, text).unwrap();
        self
    }

    fn folder(&self) -> &Path {
        self.folder.path()
    }

    fn run(&self, text: &str) -> Outcome {
        self.execute(&Script::from_text("main.rhai", text))
    }

    fn execute(&self, script: &Script) -> Outcome {
        runtime::execute(script, &self.new_run())
    }

    /// Runs a script as if nothing was run before.
    fn execute_with(&self, script: &Script, log: Arc<RunLog>) -> Outcome {
        runtime::execute(script, &Run::new(Setup { log, ..self.setup.clone() }))
    }

    fn new_run(&self) -> Run {
        Run::new(Setup { find: found(self.client.clone()), ..self.setup.clone() })
    }

    /// Starts a studio for this stage; it ends when it is dropped.
    fn studio(&mut self) -> Studio {
        let config = studio::Config {
            home: self.folder.path().join("studio"),
            listen: "127.0.0.1:0".parse().unwrap(),
            credits: CREDITS,
            seed: 7,
            faithful_delays: false,
            films: studio::Films::Composed,
            chaos: studio::chaos::Chaos::none(),
            log: None,
            plan: studio::Plan::default(),
            limits: studio::Limits::usual(),
            token: None,
            clock: Clock::System,
        };
        let studio = self.runtime.block_on(studio::start(config)).unwrap();
        self.client.base = studio.url().to_owned();
        self.client.web = studio.url().to_owned();
        // Nobody wants to wait between polls of a render that takes a second.
        self.client.delays.poll_first = std::time::Duration::from_millis(50);
        studio
    }

    fn printed(&self) -> Vec<String> {
        let told = self.told.lock().unwrap();
        let lines = told.iter().filter_map(|event| match event {
            Event::Print(line) => Some(line.clone()),
            _ => None,
        });
        lines.collect()
    }
}

/// Calls `act` for every event before it is told on.
fn on_event(stage: &mut Stage, act: impl Fn(&Event) + Send + Sync + 'static) {
    let sink = stage.setup.sink.clone();
    stage.setup.sink = Arc::new(move |event| {
        act(&event);
        sink(event);
    });
}

/// The value of a script that must come to a good end.
#[track_caller]
fn value(text: &str) -> serde_json::Value {
    let outcome = Stage::new().run(text);
    assert_eq!(outcome.exit, Exit::Done, "{}", outcome.error.map(|e| e.to_string()).unwrap_or_default());
    outcome.value
}

/// The error of a script that must fail, as the user reads it.
#[track_caller]
fn error(text: &str) -> String {
    Stage::new().run(text).error.expect("the script should fail").to_string()
}

/// Every script in a folder of test data, by name.
fn scripts_in(folder: &str) -> Vec<PathBuf> {
    let folder = Path::new("tests/data/scripts").join(folder);
    let mut paths: Vec<PathBuf> =
        std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    paths.retain(|path| path.extension().is_some_and(|ending| ending == "rhai"));
    paths.sort();
    assert!(!paths.is_empty());
    paths
}
