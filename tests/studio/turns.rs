//! Turns of the agent: the bytes of their events, what they save, what they cost, and what
//! happens when the client, the credits or the studio go.

use reelscript::clock::Clock;
use reelscript::studio;
use reqwest::RequestBuilder;
use rusqlite::Connection;
use serde_json::{Value, json};

use super::{Bench, NOW_MS, config, data, refused, samples, text};

const MAKE: &str = "Make a 4 second video from my photo with lo-fi music and the title \"Morning Brew\"";

impl Bench {
    fn say(&self, session: &str, words: &str) -> RequestBuilder {
        let message = json!({"app_name": "nemo_agent", "user_id": "me", "session_id": session,
            "new_message": {"parts": [{"text": words}]}});
        self.post("/run_sse").header("Accept", "text/event-stream").json(&message)
    }

    /// Runs a turn to its end and returns its lines of data.
    async fn turn(&self, session: &str, words: &str) -> Vec<String> {
        let response = self.say(session, words).send().await.unwrap();
        assert_eq!(response.headers()["content-type"], "text/event-stream; charset=utf-8");
        let body = response.text().await.unwrap();
        assert!(body.ends_with("\n\n"), "{body}");
        let frames = body.trim_end_matches('\n').split("\n\n");
        frames.map(|frame| frame.strip_prefix("data:").unwrap().trim().to_owned()).collect()
    }

    /// A session with a photo, and `MAKE` said to it when `made`.
    async fn project(&self, made: bool) -> String {
        let session = self.session().await;
        let part = reqwest::multipart::Part::bytes(samples::picture(64, 36)).file_name("cup.png");
        let form = reqwest::multipart::Form::new().part("files", part);
        data(self.post(&format!("/api/upload-video/nemo_agent/me/{session}")).multipart(form)).await;
        if made {
            self.turn(&session, MAKE).await;
        }
        session
    }
}

fn events(lines: &[String]) -> Vec<Value> {
    lines.iter().filter(|line| !line.is_empty()).map(|line| serde_json::from_str(line).unwrap()).collect()
}

/// Everything that the agent said to the user.
fn said(lines: &[String]) -> String {
    let texts = events(lines).into_iter().map(|event| event["content"]["parts"][0]["text"].clone());
    texts.filter_map(|text| text.as_str().map(str::to_owned)).collect::<Vec<_>>().join("\n")
}

/// The texts on the timeline.
fn titles(state: &Value) -> Vec<String> {
    let tracks = state["draft"]["t"].as_array().cloned().unwrap_or_default();
    let words =
        tracks.iter().filter(|track| track["tt"] == 7).flat_map(|track| track["sg"].as_array().unwrap());
    words.map(|segment| text(&segment["m"]["text"])).collect()
}

#[tokio::test]
async fn a_generation_cuts_first_and_lays_music_and_title_over_it_in_the_same_turn() {
    let bench = Bench::start().await;
    let session = bench.project(false).await;
    let lines = bench.turn(&session, MAKE).await;
    assert_eq!(lines[0], "", "a heartbeat comes first");
    let events = events(&lines);
    let tools: Vec<_> = events
        .iter()
        .filter_map(|event| event["content"]["parts"][0]["functionResponse"]["name"].as_str())
        .collect();
    assert_eq!(tools, ["generate_video", "edit_multitrack"]);
    let deltas: Vec<_> = events.iter().map(|event| &event["actions"]["stateDelta"]["draft"]["t"]).collect();
    let tracks: Vec<_> = deltas.iter().filter_map(|tracks| tracks.as_array().map(Vec::len)).collect();
    assert_eq!(tracks, [1, 3]);
    assert!(said(&lines).contains("Export"), "{}", said(&lines));
    let state = bench.state(&session).await;
    assert_eq!(state["draft"], events[events.len() - 2]["actions"]["stateDelta"]["draft"]);
    assert_eq!((&state["draft"]["d"], titles(&state)), (&json!(4000), vec!["Morning Brew".to_owned()]));
    assert_eq!(state["draft"]["t"][0]["sg"][0]["src"].as_str().unwrap().split('/').nth(1), Some("media"));
}

#[tokio::test]
async fn a_new_video_gets_music_unless_its_clips_sound() {
    let bench = Bench::start().await;
    for (clip, music) in [(samples::clip("a.mp4", 2), 1), (samples::sounding_clip("a.mp4", 2), 0)] {
        let session = bench.session().await;
        let part = reqwest::multipart::Part::bytes(clip).file_name("a.mp4");
        let form = reqwest::multipart::Form::new().part("files", part);
        data(bench.post(&format!("/api/upload-video/nemo_agent/me/{session}")).multipart(form)).await;
        let words = said(&bench.turn(&session, "make a 2 second video").await);
        let state = bench.state(&session).await;
        let sounds = state["draft"]["t"].as_array().unwrap().iter().filter(|track| track["tt"] == 1).count();
        assert_eq!((sounds, words.contains("nothing about music")), (music, music == 1), "{words}");
    }
}

#[tokio::test]
async fn an_event_has_the_shape_of_the_agent_framework() {
    let bench = Bench::start().await;
    let session = bench.project(false).await;
    let events = events(&bench.turn(&session, MAKE).await);
    let call = &events[0];
    let keys: Vec<_> = call.as_object().unwrap().keys().map(String::as_str).collect();
    assert_eq!(keys, ["id", "invocationId", "author", "timestamp", "content", "actions"]);
    assert_eq!((&call["author"], &call["timestamp"]), (&json!("nemo_agent"), &json!(NOW_MS as f64 / 1000.0)));
    let part = &call["content"]["parts"][0]["functionCall"];
    assert_eq!(part["id"], events[1]["content"]["parts"][0]["functionResponse"]["id"]);
    assert_eq!((&call["content"]["role"], &events[1]["content"]["role"]), (&json!("model"), &json!("user")));
}

#[tokio::test]
async fn credits_are_charged_for_generations_and_for_the_first_edit() {
    let bench = Bench::start().await;
    let session = bench.project(true).await;
    assert_eq!(bench.credits().await, (900.0, 0.0, 900.0));
    bench.turn(&session, "Add a title \"One\"").await;
    assert_eq!(bench.credits().await.0, 850.0);
    bench.turn(&session, "Add a caption \"Two\"").await;
    assert_eq!(bench.credits().await.0, 850.0);
    bench.turn(&session, "Qwertz asdf?").await;
    assert_eq!(bench.credits().await, (850.0, 0.0, 850.0));
}

#[tokio::test]
async fn what_fails_costs_nothing_and_says_why() {
    let bench = Bench::start().await;
    let session = bench.session().await;
    let lines = bench.turn(&session, "Add a title \"One\"").await;
    assert!(said(&lines).contains("nothing on the timeline"), "{}", said(&lines));
    assert_eq!(bench.credits().await, (1_000.0, 0.0, 1_000.0));
}

#[tokio::test]
async fn too_few_credits_are_2001_before_anything_happens() {
    let bench = Bench::with(|config| config.credits = 120.0).await;
    let session = bench.project(true).await;
    let before = bench.state(&session).await;
    let (status, code, words) = refused(bench.say(&session, "Add a title \"One\"")).await;
    assert_eq!((status, code), (200, 2001));
    assert!(words.contains("50") && words.contains("20"), "{words}");
    assert_eq!(bench.state(&session).await, before);
    assert_eq!(bench.credits().await, (20.0, 0.0, 20.0));
    // The refused turn holds nothing up.
    assert!(!bench.turn(&session, "What can you do?").await.is_empty());
}

#[tokio::test]
async fn what_was_not_understood_is_named() {
    let bench = Bench::start().await;
    let session = bench.project(true).await;
    let words = said(&bench.turn(&session, "Flurbicate the zonk").await);
    assert!(words.contains("Flurbicate"), "{words}");
}

#[tokio::test]
async fn some_edits_end_without_words_and_the_same_ones_every_time() {
    let mut runs = Vec::new();
    for _ in 0..2 {
        let bench = Bench::start().await;
        let session = bench.project(true).await;
        let mut spoke = Vec::new();
        for number in 0..12 {
            spoke.push(
                !said(&bench.turn(&session, &format!("Change the title to \"Line {number}\"")).await)
                    .is_empty(),
            );
        }
        let state = bench.state(&session).await;
        assert_eq!(titles(&state), ["Line 11"]);
        runs.push(spoke);
    }
    assert_eq!(runs[0], runs[1]);
    let silent = runs[0].iter().filter(|spoke| !**spoke).count();
    assert!((1..=7).contains(&silent), "{silent} of 12 were silent");
}

#[tokio::test]
async fn undo_goes_back_turn_by_turn() {
    let bench = Bench::start().await;
    let session = bench.project(true).await;
    let made = bench.state(&session).await;
    bench.turn(&session, "Add a caption \"One\"").await;
    let one = bench.state(&session).await;
    bench.turn(&session, "Add a caption \"Two\"").await;
    bench.turn(&session, "undo").await;
    assert_eq!(bench.state(&session).await, one);
    bench.turn(&session, "undo").await;
    assert_eq!(bench.state(&session).await, made);
    bench.turn(&session, "undo").await;
    assert_eq!(bench.state(&session).await["draft"], Value::Null);
    let words = said(&bench.turn(&session, "undo").await);
    assert!(words.contains("nothing to undo"), "{words}");
}

#[tokio::test]
async fn an_uploaded_subtitle_file_is_shown_at_its_times() {
    let bench = Bench::start().await;
    let session = bench.project(true).await;
    let upload = |name: &str, words: &str| {
        let part = reqwest::multipart::Part::bytes(words.as_bytes().to_vec()).file_name(name.to_owned());
        let form = reqwest::multipart::Form::new().part("files", part);
        bench.post(&format!("/api/upload-video/nemo_agent/me/{session}")).multipart(form)
    };
    let told = data(upload("talk.srt", "1\n00:00:01,000 --> 00:00:02,500\nFresh beans\n")).await;
    assert_eq!(
        (&told["files"][0]["file_type"], &told["files"][0]["duration"]),
        (&json!("subtitles"), &json!(2.5))
    );
    bench.turn(&session, "use talk.srt for the subtitles").await;
    let state = bench.state(&session).await;
    assert!(titles(&state).contains(&"Fresh beans".to_owned()), "{state}");
    let (_, code, said) = refused(upload("empty.srt", "no subtitles at all")).await;
    assert_eq!((code, said.as_str()), (4001, "`empty.srt` cannot be used: there are no subtitles in it"));
}

#[tokio::test]
async fn a_turn_runs_on_without_its_client() {
    let bench = Bench::start().await;
    let session = bench.project(false).await;
    let response = bench.say(&session, MAKE).send().await.unwrap();
    drop(response);
    // While the turn runs a second one is refused; once it ended the state holds its work.
    loop {
        let response = bench.say(&session, "What can you do?").send().await.unwrap();
        match response.status().as_u16() {
            409 => tokio::task::yield_now().await,
            other => break assert_eq!(other, 200),
        }
    }
    assert_eq!(titles(&bench.state(&session).await), ["Morning Brew"]);
    assert_eq!(bench.credits().await, (900.0, 0.0, 900.0));
}

#[tokio::test]
async fn a_session_has_one_turn_at_a_time() {
    // The clock of this studio is real and its turns wait for minutes.
    let bench = Bench::with(|config| (config.faithful_delays, config.clock) = (true, Clock::System)).await;
    let session = bench.project(false).await;
    let running = bench.say(&session, MAKE).send().await.unwrap();
    assert_eq!(bench.credits().await, (900.0, 100.0, 1_000.0));
    let (status, code, _) = refused(bench.say(&session, "Add a title \"One\"")).await;
    assert_eq!((status, code), (409, 409));
    // Other sessions are free, and the end of the studio gives the credits back.
    let other = bench.session().await;
    assert_eq!(bench.say(&other, "What can you do?").send().await.unwrap().status(), 200);
    let Bench { home, studio, http, token } = bench;
    studio.stop().await;
    assert!(running.text().await.unwrap().contains("{\"error\":"));
    let studio = studio::start(config(home.path())).await.unwrap();
    let bench = Bench { home, studio, http, token };
    assert_eq!(bench.credits().await, (1_000.0, 0.0, 1_000.0));
}

#[tokio::test]
async fn faithful_waits_are_as_long_as_documented_and_full_of_heartbeats() {
    let clock = Clock::fixed(NOW_MS);
    let hands = clock.clone();
    let bench = Bench::with(|config| (config.faithful_delays, config.clock) = (true, clock)).await;
    let session = bench.project(false).await;
    let before = hands.now_ms();
    let lines = bench.turn(&session, MAKE).await;
    let waited = (hands.now_ms() - before) / 1_000;
    assert!((100..=300).contains(&waited), "{waited}");
    let beats = lines.iter().filter(|line| line.is_empty()).count() as u64;
    assert!(beats >= waited / 15, "{beats} beats in {waited} s");
}

#[tokio::test]
async fn the_turn_of_a_killed_studio_is_over_and_its_credits_are_back() {
    let mut bench = Bench::start().await;
    let session = bench.project(true).await;
    let mut left = Vec::new();
    bench.turn(&session, "Add a caption \"One\"").await;
    bench.studio.stop().await;
    // What a kill leaves: a running turn without a living studio, and its hold.
    let db = Connection::open(bench.home.path().join("studio.db")).unwrap();
    let turn = "UPDATE turns SET status = 'running', owner = 'killed' WHERE number = 2";
    left.push(db.execute(turn, []).unwrap());
    left.push(db.execute("UPDATE ledger SET status = 'frozen' WHERE reason = 'edit'", []).unwrap());
    assert_eq!(left, [1, 1]);
    bench.studio = studio::start(config(bench.home.path())).await.unwrap();
    assert_eq!(bench.credits().await, (900.0, 0.0, 900.0));
    bench.turn(&session, "Add a caption \"Two\"").await;
    assert_eq!(bench.credits().await.0, 850.0);
}

#[tokio::test]
async fn a_turn_needs_words_and_a_session_of_its_user() {
    let mut bench = Bench::start().await;
    let session = bench.session().await;
    assert_eq!(refused(bench.say(&session, "  ")).await.0, 400);
    assert_eq!(refused(bench.say(&session, &"x".repeat(300 << 10))).await.0, 400);
    let empty = json!({"session_id": session, "new_message": {"parts": []}});
    assert_eq!(refused(bench.post("/run_sse").json(&empty)).await.0, 400);
    bench.token = bench.token_of("client-2").await;
    let (status, code, _) = refused(bench.say(&session, MAKE)).await;
    assert_eq!((status, code), (200, 1002));
}
