//! Scripts from their text to their outcome.

mod backend;
mod data;
mod errors;
mod language;
mod manual;
mod stops;

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex};

use reelscript::client::{Config, Delays, Profile};
use reelscript::clock::Clock;
use reelscript::host::{Event, FileAccess, FindBackend, Run, Setup};
use reelscript::journal::Journal;
use reelscript::runtime::{self, Exit, Outcome, Script};
use reelscript::studio::{self, Studio};
use tokio::runtime::Runtime;
use tokio_util::sync::CancellationToken;

/// A run in a folder of its own, with what it told.
struct Stage {
    runtime: Runtime,
    client: Config,
    setup: Setup,
    told: Arc<Mutex<Vec<Event>>>,
    folder: tempfile::TempDir,
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
        let setup = Setup {
            find: found(client.clone()),
            backend: "studio".to_owned(),
            language: None,
            words: String::new(),
            locale: None,
            journal: Arc::new(Journal::new()),
            runtime: runtime.handle().clone(),
            stop: CancellationToken::new(),
            time_max: None,
            clock: Clock::System,
            sink: Arc::new(move |event| heard.lock().unwrap().push(event)),
            files,
            params: BTreeMap::new(),
            env_allowed: BTreeSet::new(),
        };
        Self { runtime, client, setup, told, folder }
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

    fn new_run(&self) -> Run {
        Run::new(Setup { find: found(self.client.clone()), ..self.setup.clone() })
    }

    /// Starts a studio for this stage; it ends when it is dropped.
    fn studio(&mut self) -> Studio {
        let config = studio::Config {
            home: self.folder.path().join("studio"),
            listen: "127.0.0.1:0".parse().unwrap(),
            credits: 100_000.0,
            seed: 7,
            faithful_delays: false,
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
