//! The studio, driven over loopback with plain HTTP as any client would.

mod auth;
mod chaos;
mod client;
mod log;
mod odd_files;
mod page;
mod renders;
mod samples;
mod sessions;
mod turns;
mod uploads;

use std::path::Path;

use reelscript::clock::Clock;
use reelscript::studio::{self, Config, Studio};
use reqwest::{Client, RequestBuilder, Response};
use serde_json::{Value, json};
use tempfile::TempDir;

/// 2026-03-13, a moment like any other.
const NOW_MS: u64 = 1_773_423_613_616;

/// Returns a configuration on a free port, with a clock that stands still.
fn config(home: &Path) -> Config {
    Config {
        home: home.to_owned(),
        listen: "127.0.0.1:0".parse().unwrap(),
        credits: 1_000.0,
        seed: 7,
        faithful_delays: false,
        films: studio::Films::Composed,
        chaos: studio::chaos::Chaos::none(),
        log: None,
        plan: studio::Plan::default(),
        limits: studio::Limits::usual(),
        token: None,
        clock: Clock::fixed(NOW_MS),
    }
}

/// A studio and a client with a token of its own.
struct Bench {
    home: TempDir,
    studio: Studio,
    http: Client,
    token: String,
}

impl Bench {
    async fn start() -> Self {
        Self::with(|_| ()).await
    }

    async fn with(change: impl FnOnce(&mut Config)) -> Self {
        let home = tempfile::tempdir().unwrap();
        let mut config = config(home.path());
        change(&mut config);
        let studio = studio::start(config).await.unwrap();
        let http = Client::builder().no_proxy().build().unwrap();
        let mut bench = Self { home, studio, http, token: String::new() };
        bench.token = bench.token_of("client-1").await;
        bench
    }

    fn url(&self, path: &str) -> String {
        format!("{}{path}", self.studio.url())
    }

    async fn token_of(&self, client_id: &str) -> String {
        let asked = self.ask_token(client_id).await;
        json(asked).await["data"]["token"].as_str().unwrap_or_default().to_owned()
    }

    async fn ask_token(&self, client_id: &str) -> Response {
        let call = self.http.post(self.url("/api/auth/anonymous-token")).header("X-Client-Id", client_id);
        call.send().await.unwrap()
    }

    fn get(&self, path: &str) -> RequestBuilder {
        self.http.get(self.url(path)).bearer_auth(&self.token)
    }

    fn post(&self, path: &str) -> RequestBuilder {
        self.http.post(self.url(path)).bearer_auth(&self.token)
    }

    /// Opens a session and returns its id.
    async fn session(&self) -> String {
        let wish = json!({"task_name": "promo", "language": "en"});
        let opened = self.post("/api/tasks/me/with-session/nemo_agent").json(&wish);
        text(&data(opened).await["session_id"])
    }

    /// Returns what the state endpoint says of a session.
    async fn state(&self, session: &str) -> Value {
        data(self.get(&format!("/api/state/nemo_agent/me/{session}/latest"))).await["state"].take()
    }

    async fn credits(&self) -> (f64, f64, f64) {
        let said = data(self.get("/api/credits/balance/simple")).await;
        let number = |key: &str| said[key].as_f64().unwrap();
        (number("available"), number("frozen"), number("total"))
    }
}

/// Sends a request and returns the data of a yes.
async fn data(request: RequestBuilder) -> Value {
    let mut body = json(request.send().await.unwrap()).await;
    assert_eq!(body["code"], 0, "{body}");
    body["data"].take()
}

/// Sends a request that is refused; returns HTTP status, code and words.
async fn refused(request: RequestBuilder) -> (u16, i64, String) {
    let response = request.send().await.unwrap();
    let status = response.status().as_u16();
    let body = json(response).await;
    (status, body["code"].as_i64().unwrap(), text(&body["message"]))
}

async fn json(response: Response) -> Value {
    response.json().await.unwrap()
}

fn text(value: &Value) -> String {
    value.as_str().unwrap_or_else(|| panic!("{value} is no text")).to_owned()
}
