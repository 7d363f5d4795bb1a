//! The client against raw bytes: written by hand here, or recorded from a real agent server.

mod codes;
mod downloads;
mod recorded;
mod recovery;
mod renders;
pub(crate) mod server;
mod tokens;
mod turns;
mod uploads;

use std::sync::{Arc, Mutex};
use std::time::Duration;

use reelscript::client::{
    Client, ClientError, Config, Delays, Look, Profile, Progress, TurnEnd, TurnOptions, Watcher,
};
use reelscript::clock::Clock;
use reelscript::model::state::State;
use reelscript::secret::Secret;
use tempfile::TempDir;

use server::{Expect, Server, each, json};

/// A client with a token of its own at a server, on a clock whose waits pass at once.
struct Bench {
    client: Client,
    clock: Clock,
    server: Server,
    home: TempDir,
    seen: Arc<Mutex<Vec<Progress>>>,
}

impl Bench {
    fn new(expects: Vec<Expect>) -> Self {
        Self::with(expects, |_| ())
    }

    fn with(expects: Vec<Expect>, change: impl FnOnce(&mut Config)) -> Self {
        let server = Server::start(expects);
        let home = tempfile::tempdir().unwrap();
        let clock = Clock::fixed(1_790_000_000_000);
        let mut config = Config {
            base: server.url(),
            web: "https://nemovideo.com".to_owned(),
            config_dir: home.path().join("nemovideo"),
            token: Some(Secret::new("nmv_usr_mine")),
            client_id: None,
            profile: Profile::default(),
            platform: "unknown".to_owned(),
            clock: clock.clone(),
            delays: Delays::default(),
        };
        change(&mut config);
        let client = Client::new(config).unwrap();
        Self { client, clock, server, home, seen: Arc::default() }
    }

    fn watcher(&self) -> Watcher {
        let seen = Arc::clone(&self.seen);
        Arc::new(move |progress| seen.lock().unwrap().push(progress))
    }

    /// What was told, without the ticks of waiting, which come as they like.
    fn told(&self) -> Vec<Progress> {
        let seen = self.seen.lock().unwrap();
        seen.iter().filter(|progress| !matches!(progress, Progress::Waiting { .. })).cloned().collect()
    }

    fn notices(&self) -> String {
        let told = self.told();
        let notices = told.iter().filter_map(|progress| match progress {
            Progress::Notice(words) => Some(words.as_str()),
            _ => None,
        });
        notices.collect::<Vec<_>>().join("\n")
    }

    /// A turn from an empty project with 100 credits.
    async fn turn(&self) -> Result<TurnEnd, ClientError> {
        self.client.turn("s1", "add a title", &nothing(), TurnOptions::default(), &self.watcher()).await
    }

    /// Seconds that the clock went on since the bench was made.
    fn waited(&self) -> u64 {
        self.clock.monotonic().as_secs() - 1_790_000_000
    }
}

fn nothing() -> Look {
    let credits = reelscript::client::Credits { available: 100.0, frozen: 0.0, total: 100.0 };
    Look { state: State::default(), credits: Some(credits) }
}

const TITLE: &str = r#"{"t":[{"id":"x","tt":7,"sg":[{"id":"1","s":0,"d":3000,"m":{"text":"Hi"}}]}]}"#;

fn state_body(draft: &str) -> String {
    format!(r#"{{"code":0,"data":{{"session_id":"s1","task_id":"t1","state":{{"draft":{draft}}}}}}}"#)
}

/// The state endpoint, with this draft.
fn state(draft: &str) -> Expect {
    each("GET /api/state/nemo_agent/me/s1/latest", json(200, state_body(draft)))
}

/// The credits endpoint.
fn credits(available: u32) -> Expect {
    let body = format!(r#"{{"code":0,"data":{{"available":{available},"frozen":0,"total":{available}}}}}"#);
    each("GET /api/credits/balance/simple", json(200, body))
}

/// Delays whose deadlines on a peer are short: what waits for them waits for nothing else.
fn short() -> Delays {
    // Long enough for a loaded machine to connect and ask.
    let soon = Duration::from_secs(1);
    Delays {
        connect: Duration::from_secs(5),
        turn_idle: soon,
        turn_stuck: soon,
        transfer_idle: soon,
        tick: Duration::from_millis(10),
        ..Delays::default()
    }
}
