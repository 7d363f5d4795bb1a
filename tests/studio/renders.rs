//! Renders: the queue, its end states, and what outlives a studio.

use std::io::{BufRead, BufReader};
use std::process::{Command, Stdio};
use std::time::Duration;

use reelscript::clock::Clock;
use reelscript::studio::{self, Config};
use reqwest::RequestBuilder;
use rusqlite::Connection;
use serde_json::{Value, json};

use super::{Bench, config, data, json as body, refused, text};

const RENDERS: &str = "/api/render/proxy/lambda";

/// Polls before a test gives up: a minute.
const POLLS_MAX: u32 = 1_200;

/// A second of moving colours, small.
pub(super) fn draft() -> Value {
    scene(1_000)
}

pub(super) fn scene(ms: u32) -> Value {
    json!({"d": ms, "m": {"width": 128, "height": 72, "fps": 10, "seed": 7}, "t": [
        {"id": "trk_v1", "tt": 0, "m": {"role": "main"}, "sg": [
            {"id": "sg_1", "s": 0, "d": ms, "m": {"kind": "scene", "scene": {"style": "mesh", "palette": "dawn", "seed": 1}}}]}]})
}

fn attributed(call: RequestBuilder) -> RequestBuilder {
    let skill = [("X-Skill-Source", "test"), ("X-Skill-Version", "1.0.0"), ("X-Skill-Platform", "unknown")];
    skill.into_iter().fold(call, |call, (name, value)| call.header(name, value))
}

impl Bench {
    pub(super) fn submit(&self, id: &str, session: &str, draft: &Value) -> RequestBuilder {
        let wish = json!({"id": id, "sessionId": session, "draft": draft, "output": {"format": "mp4", "quality": "low"}});
        self.submit_body(&wish)
    }

    fn submit_body(&self, wish: &Value) -> RequestBuilder {
        attributed(self.post(RENDERS).json(wish))
    }

    /// How often the only render of this home was begun.
    fn attempts(&self) -> i64 {
        let db = Connection::open(self.home.path().join("studio.db")).unwrap();
        db.query_row("SELECT attempts FROM renders", [], |row| row.get(0)).unwrap()
    }

    pub(super) async fn queue(&self, id: &str, session: &str, draft: &Value) {
        let told = body(self.submit(id, session, draft).send().await.unwrap()).await;
        assert_eq!(told, json!({"success": true, "data": {"id": id, "status": "pending", "progress": 0}}));
    }

    async fn poll(&self, id: &str) -> Value {
        body(self.get(&format!("{RENDERS}/{id}")).send().await.unwrap()).await
    }

    pub(super) async fn end_of(&self, id: &str) -> Value {
        for _ in 0..POLLS_MAX {
            let told = self.poll(id).await;
            if ["completed", "failed"].contains(&text(&told["status"]).as_str()) {
                return told;
            }
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
        panic!("render `{id}` does not end: {}", self.poll(id).await);
    }
}

#[tokio::test]
async fn a_render_ends_with_a_file_that_can_be_fetched_in_parts() {
    let bench = Bench::start().await;
    let session = bench.session().await;
    bench.queue("render_1", &session, &draft()).await;
    let told = bench.end_of("render_1").await;
    assert_eq!(
        (&told["taskId"], &told["status"], &told["progress"]),
        (&json!("render_1"), &json!("completed"), &json!(100))
    );
    let seconds = told["output"]["duration"].as_f64().unwrap();
    assert!((seconds - 1.0).abs() < 0.1, "{told}");
    let url = text(&told["output"]["url"]);
    assert!(url.starts_with(&bench.url("/render-result/render_1.mp4?key=")), "{url}");
    let file = bench.http.get(&url).send().await.unwrap();
    assert_eq!(file.headers()["content-type"], "video/mp4");
    let bytes = file.bytes().await.unwrap();
    assert_eq!((bytes.len() as u64, &bytes[4..8]), (told["output"]["size"].as_u64().unwrap(), &b"ftyp"[..]));
    let part = bench.http.get(&url).header("Range", "bytes=4-7").send().await.unwrap();
    assert_eq!((part.status().as_u16(), part.bytes().await.unwrap()), (206, b"ftyp"[..].into()));
    let route = bench.get("/api/render/proxy/render_1/download").send().await.unwrap();
    assert_eq!(route.bytes().await.unwrap(), bytes);
    assert_eq!(bench.credits().await, (1_000.0, 0.0, 1_000.0));
}

#[tokio::test]
async fn a_result_needs_its_key_or_its_user() {
    let mut bench = Bench::start().await;
    let session = bench.session().await;
    bench.queue("render_1", &session, &draft()).await;
    bench.end_of("render_1").await;
    for guess in
        ["/render-result/render_1.mp4", "/render-result/render_1.mp4?key=0", "/render-result/x.mp4?key="]
    {
        assert_eq!(bench.http.get(bench.url(guess)).send().await.unwrap().status(), 404, "{guess}");
    }
    bench.token = bench.token_of("client-2").await;
    for path in ["/api/render/proxy/lambda/render_1", "/api/render/proxy/render_1/download"] {
        assert_eq!(refused(bench.get(path)).await.1, 404);
    }
    assert_eq!(refused(bench.post("/api/render/proxy/lambda/render_1/cancel")).await.1, 404);
}

#[tokio::test]
async fn an_export_without_attribution_is_402() {
    let bench = Bench::start().await;
    let session = bench.session().await;
    let wish = json!({"id": "render_1", "sessionId": session, "draft": draft()});
    assert_eq!(refused(bench.post(RENDERS).json(&wish)).await.0, 402);
    let call =
        bench.post(RENDERS).json(&wish).header("X-Skill-Source", "test").header("X-Skill-Version", "1");
    let (status, code, said) = refused(call).await;
    assert_eq!((status, code), (402, 402));
    assert!(said.contains("X-Skill-Platform"), "{said}");
    assert_eq!(refused(bench.get(&format!("{RENDERS}/render_1"))).await.0, 404);
}

#[tokio::test]
async fn an_id_is_used_once() {
    let bench = Bench::start().await;
    let session = bench.session().await;
    bench.queue("render_1", &session, &draft()).await;
    let (status, code, said) = refused(bench.submit("render_1", &session, &draft())).await;
    assert_eq!((status, code), (409, 409));
    assert!(said.contains("`render_1`"), "{said}");
    assert_eq!(bench.end_of("render_1").await["status"], "completed");
}

#[tokio::test]
async fn what_cannot_be_rendered_is_refused_at_once() {
    let bench = Bench::start().await;
    let session = bench.session().await;
    let wish = |id: &str, draft: Value, output: Value| json!({"id": id, "sessionId": session, "draft": draft, "output": output});
    for (wish, said) in [
        (wish("r", json!({"t": []}), json!({})), "the timeline is empty"),
        (wish("r", json!([1]), json!({})), "not a JSON object"),
        (wish("r", draft(), json!({"format": "avi"})), "`avi`"),
        (wish("r", draft(), json!({"resolution": "huge"})), "`huge`"),
        (wish("../r", draft(), json!({})), "a render's id"),
        (json!({"id": "r", "sessionId": session}), "`draft`"),
    ] {
        let (status, code, words) = refused(bench.submit_body(&wish)).await;
        assert_eq!((status, code), (400, 400));
        assert!(words.contains(said), "{words}");
    }
    let other = refused(bench.submit("r", "1", &draft())).await;
    assert_eq!((other.0, other.1), (200, 1002));
}

#[tokio::test]
async fn a_render_without_its_media_fails_with_the_name() {
    let bench = Bench::start().await;
    let session = bench.session().await;
    let gone = format!("/media/{}/gone.mp4", "0".repeat(64));
    let draft = json!({"m": {"width": 128, "height": 72}, "t": [{"tt": 0, "sg": [{"s": 0, "d": 1000, "src": gone}]}]});
    bench.queue("render_1", &session, &draft).await;
    let told = bench.end_of("render_1").await;
    assert_eq!(told["status"], "failed");
    assert!(text(&told["error"]).contains("`gone`"), "{told}");
}

#[tokio::test]
async fn a_render_can_be_called_off() {
    let bench = Bench::start().await;
    let session = bench.session().await;
    bench.queue("render_long", &session, &scene(600_000)).await;
    let told = body(bench.post(&format!("{RENDERS}/render_long/cancel")).send().await.unwrap()).await;
    assert_eq!((&told["status"], &told["error"]), (&json!("failed"), &json!("it was called off")));
    // The queue is free again.
    bench.queue("render_short", &session, &draft()).await;
    assert_eq!(bench.end_of("render_short").await["status"], "completed");
    assert_eq!(bench.poll("render_long").await["status"], "failed");
}

#[tokio::test]
async fn a_render_goes_on_under_its_id_when_its_studio_ends() {
    let mut bench = Bench::start().await;
    let session = bench.session().await;
    bench.queue("render_1", &session, &draft()).await;
    bench.studio.stop().await;
    bench.studio = studio::start(config(bench.home.path())).await.unwrap();
    assert_eq!(bench.end_of("render_1").await["status"], "completed");
}

#[tokio::test]
async fn a_render_survives_the_kill_of_its_process() {
    // The process has the machine's clock, by which tokens of another one are long dead.
    let mut bench = Bench::with(|config| config.clock = Clock::System).await;
    let session = bench.session().await;
    bench.studio.stop().await;
    let mut process = Command::new(env!("CARGO_BIN_EXE_reel"))
        .args(["studio", "--port", "0", "--home"])
        .arg(bench.home.path())
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let mut url = String::new();
    BufReader::new(process.stdout.take().unwrap()).read_line(&mut url).unwrap();
    let there = |path: &str| format!("{}{path}", url.trim());
    let minute =
        json!({"id": "render_1", "sessionId": session, "draft": scene(60_000), "output": {"quality": "low"}});
    let call = attributed(bench.http.post(there(RENDERS)).bearer_auth(&bench.token).json(&minute));
    assert_eq!(body(call.send().await.unwrap()).await["success"], true);
    for _ in 0..POLLS_MAX {
        let poll = bench.http.get(there(&format!("{RENDERS}/render_1"))).bearer_auth(&bench.token);
        if body(poll.send().await.unwrap()).await["status"] == "processing" {
            break;
        }
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    process.kill().unwrap();
    process.wait().unwrap();
    let again = Config { clock: Clock::System, ..config(bench.home.path()) };
    bench.studio = studio::start(again).await.unwrap();
    assert_eq!(bench.end_of("render_1").await["status"], "completed");
    assert_eq!(bench.attempts(), 2);
}

#[tokio::test]
async fn a_render_whose_studio_was_killed_is_begun_again_but_not_for_ever() {
    let mut bench = Bench::start().await;
    let session = bench.session().await;
    for id in ["render_1", "render_2"] {
        bench.queue(id, &session, &scene(600_000)).await;
    }
    bench.studio.stop().await;
    // What a kill leaves: renders that a studio without a living mark works on.
    let db = Connection::open(bench.home.path().join("studio.db")).unwrap();
    let left =
        "UPDATE renders SET status = 'processing', owner = 'killed', draft = ?, attempts = ? WHERE id = ?";
    db.execute(left, (draft().to_string(), 1, "render_1")).unwrap();
    db.execute(left, (draft().to_string(), 3, "render_2")).unwrap();
    bench.studio = studio::start(config(bench.home.path())).await.unwrap();
    assert_eq!(bench.end_of("render_1").await["status"], "completed");
    let given_up = bench.end_of("render_2").await;
    assert_eq!(given_up["error"], "the studio died 3 times over it");
}

#[tokio::test]
async fn a_second_studio_on_the_home_leaves_running_renders_alone() {
    let mut bench = Bench::start().await;
    let session = bench.session().await;
    bench.queue("render_1", &session, &draft()).await;
    let second = studio::start(config(bench.home.path())).await.unwrap();
    let first = std::mem::replace(&mut bench.studio, second);
    assert_eq!(bench.end_of("render_1").await["status"], "completed");
    assert_eq!(bench.attempts(), 1);
    first.stop().await;
}

#[tokio::test]
async fn a_user_has_so_many_open_renders_and_no_more() {
    let bench = Bench::with(|config| config.limits.renders = 1).await;
    let session = bench.session().await;
    bench.queue("render_1", &session, &scene(600_000)).await;
    let (status, code, words) = refused(bench.submit("render_2", &session, &draft())).await;
    assert_eq!((status, code), (429, 429));
    assert!(words.contains("--max-renders"), "{words}");
    bench.post(&format!("{RENDERS}/render_1/cancel")).send().await.unwrap();
    bench.queue("render_2", &session, &draft()).await;
}

#[tokio::test]
async fn a_plan_decides_whether_there_are_exports_and_what_users_are_called() {
    for (plan, exports, named) in [
        (studio::Plan::Anonymous, true, "anon_"),
        (studio::Plan::Free, false, "user_"),
        (studio::Plan::Paid, true, "user_"),
    ] {
        let bench = Bench::with(|config| config.plan = plan).await;
        let session = bench.session().await;
        let state = data(bench.get(&format!("/api/state/nemo_agent/me/{session}/latest"))).await;
        let grant = body(bench.ask_token("client-1").await).await["data"].take();
        assert_eq!(state["user_id"], grant["user_id"]);
        assert!(text(&state["user_id"]).starts_with(named), "{state}");
        match exports {
            true => bench.queue("render_1", &session, &draft()).await,
            false => {
                let (status, code, words) = refused(bench.submit("render_1", &session, &draft())).await;
                assert_eq!((status, code), (402, 402));
                assert!(words.contains("plan"), "{words}");
            }
        }
        assert_eq!(bench.credits().await.0, 1_000.0);
        let bare = bench.post(RENDERS).json(&json!({"id": "r", "sessionId": session, "draft": draft()}));
        assert_eq!(refused(bare).await.0, 402);
    }
}
