//! One turn: what is sent, what is heard, and that it is sent once.

use std::time::Duration;

use reelscript::client::{Kind, Progress};

use super::server::{STREAM, STREAM_END, answer, chunk, each, json, once, raw, stream};
use super::{Bench, TITLE, credits, short, state};

const DONE: &str =
    "data: {\"author\":\"nemo_agent\",\"content\":{\"parts\":[{\"text\":\"Title added.\"}]}}\n\n";

#[tokio::test]
async fn the_request_is_the_documented_one_with_all_its_headers() {
    let bench = Bench::new(vec![once("POST /run_sse", stream(DONE)), state(TITLE), credits(50)]);
    bench.turn().await.unwrap();
    let request = bench.server.requests("POST /run_sse").remove(0);
    assert_eq!(
        request.text(),
        r#"{"app_name":"nemo_agent","user_id":"me","session_id":"s1","new_message":{"parts":[{"text":"add a title"}]}}"#
    );
    let headers =
        ["authorization", "accept", "content-type", "x-skill-source", "x-skill-version", "x-skill-platform"];
    assert_eq!(
        headers.map(|name| request.header(name).unwrap_or_default()),
        [
            "Bearer nmv_usr_mine",
            "text/event-stream",
            "application/json",
            "video-generator-free-api",
            "1.0.0",
            "unknown"
        ]
    );
}

#[tokio::test]
async fn every_form_of_heartbeat_passes_and_the_typed_form_is_understood() {
    let body = "\u{feff}: hello\r\n\r\ndata:\r\n\r\ndata: heartbeat\r\n\r\nevent: heartbeat\r\ndata: {}\r\n\r\n\
                data: {\"type\":\"heartbeat\"}\r\n\r\ndata: {\"event\":\"ping\"}\r\n\r\n\
                data: {\"type\":\"tool_call\",\"name\":\"edit_multitrack\",\"args\":{}}\r\n\r\n\
                data: {\"type\":\"tool_result\",\"name\":\"edit_multitrack\",\"result\":{}}\r\n\r\n\
                data: {\"type\":\"text\",\r\ndata: \"content\":\"Two lines\"}";
    let bench = Bench::new(vec![once("POST /run_sse", stream(body)), state(TITLE), credits(50)]);
    let end = bench.turn().await.unwrap();
    assert_eq!(
        (end.raw_text.as_str(), end.tools.as_slice()),
        ("Two lines", &["edit_multitrack".to_owned()][..])
    );
    assert_eq!(bench.told(), [Progress::Tool("edit_multitrack".into()), Progress::Text("Two lines".into())]);
}

#[tokio::test]
async fn a_silent_turn_says_what_changed_and_an_idle_one_that_nothing_did() {
    let tool = "data: {\"content\":{\"parts\":[{\"functionCall\":{\"name\":\"edit\"}}]}}\n\n\
                data: {\"content\":{\"parts\":[{\"text\":\"I encountered a temporary issue, please retry.\"}]}}\n\n";
    let bench = Bench::new(vec![once("POST /run_sse", stream(tool)), state(TITLE), credits(100)]);
    let end = bench.turn().await.unwrap();
    assert_eq!((end.silent, end.raw_text.as_str(), end.credits), (true, "", Some(0.0)));
    assert_eq!(end.changes, ["title added: 'Hi' (0-3s)"]);
    let bench = Bench::new(vec![once("POST /run_sse", stream(tool)), state("null"), credits(100)]);
    let end = bench.turn().await.unwrap();
    assert!(end.silent && end.changes.is_empty() && !end.recovered);
}

#[tokio::test]
async fn a_state_that_is_a_moment_behind_is_looked_at_again() {
    let edit = "data: {\"content\":{\"parts\":[{\"text\":\"ok\"}]},\"actions\":{\"state_delta\":{\"draft\":{}}}}\n\n";
    let late = once("GET /api/state", json(200, super::state_body("{}")));
    let bench = Bench::new(vec![once("POST /run_sse", stream(edit)), late, state(TITLE), credits(50)]);
    assert_eq!(bench.turn().await.unwrap().changes.len(), 1);
}

#[tokio::test]
async fn escapes_of_a_remote_title_do_not_reach_the_words() {
    let draft = TITLE.replace("Hi", "\\u001b[2JHi");
    let bench = Bench::new(vec![once("POST /run_sse", stream(DONE)), state(&draft), credits(50)]);
    assert_eq!(bench.turn().await.unwrap().changes, ["title added: 'Hi' (0-3s)"]);
}

#[tokio::test]
async fn no_connection_is_tried_again_because_nothing_was_sent() {
    let nobody = std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
    let bench = Bench::with(vec![], |config| config.base = format!("http://{nobody}"));
    let error = bench.turn().await.unwrap_err();
    assert_eq!((error.kind, error.in_doubt, error.retryable), (Kind::Network, false, true));
    assert!(error.message.starts_with("cannot reach 127.0.0.1: "), "{error}");
    assert_eq!(bench.waited(), 1 + 3);
}

#[tokio::test]
async fn a_rate_limit_is_waited_out_once() {
    let limited = answer(429, "retry-after: 7\r\n", br#"{"detail":"slow down"}"#);
    let answers = vec![
        once("POST /run_sse", raw(limited)),
        once("POST /run_sse", stream(DONE)),
        state(TITLE),
        credits(50),
    ];
    let bench = Bench::new(answers);
    assert_eq!(bench.turn().await.unwrap().raw_text, "Title added.");
    assert_eq!((bench.waited(), bench.server.requests("POST /run_sse").len()), (7, 2));
    let bench = Bench::new(vec![each("POST /run_sse", json(200, r#"{"code":429,"message":"slow down"}"#))]);
    let error = bench.turn().await.unwrap_err();
    assert_eq!((error.kind, error.code, error.in_doubt), (Kind::RateLimit, 429, false));
    assert_eq!((bench.waited(), bench.server.requests("POST /run_sse").len()), (30, 2));
}

#[tokio::test]
async fn out_of_credits_in_the_stream_ends_the_turn_with_advice() {
    let broke = "data: {\"content\":{\"parts\":[{\"text\":\"Let me see.\"}]}}\n\ndata: {\"code\":2001,\"message\":\"no credits\"}\n\n";
    let body = super::state_body("{}").replace("\"state\":", "\"user_id\":\"anon_7\",\"state\":");
    let known = each("GET /api/state", json(200, body));
    let bench = Bench::new(vec![once("POST /run_sse", stream(broke)), known, credits(0)]);
    let error = bench.turn().await.unwrap_err();
    assert_eq!((error.kind, error.code, error.in_doubt), (Kind::Credits, 2001, false));
    assert!(error.hint.ends_with("https://nemovideo.com/register?bind=anon_7"), "{}", error.hint);
}

#[tokio::test]
async fn an_empty_message_and_an_odd_session_are_not_sent() {
    let bench = Bench::new(vec![]);
    let nothing = super::nothing();
    let said = |session, text| {
        let watcher = bench.watcher();
        let (client, nothing) = (bench.client.clone(), nothing.clone());
        async move { client.turn(session, text, &nothing, Default::default(), &watcher).await.unwrap_err().kind }
    };
    assert_eq!((said("s1", " \n").await, said("..", "hi").await), (Kind::Input, Kind::Input));
}

#[tokio::test]
async fn a_long_turn_tells_that_it_works() {
    let slow = |_: &super::server::Request, peer: &mut super::server::Peer| {
        peer.send(STREAM);
        peer.hang();
    };
    let mut delays = short();
    (delays.turn_idle, delays.turn_stuck) = (Duration::from_secs(60), Duration::from_secs(60));
    delays.still_working = Duration::from_millis(20);
    let bench = Bench::with(vec![once("POST /run_sse", slow)], |config| config.delays = delays);
    let (told, mut heard) = tokio::sync::mpsc::unbounded_channel();
    let watcher: reelscript::client::Watcher = std::sync::Arc::new(move |progress| drop(told.send(progress)));
    let (client, before) = (bench.client.clone(), super::nothing());
    let turn =
        tokio::spawn(async move { client.turn("s1", "hi", &before, Default::default(), &watcher).await });
    let (mut waiting, mut working) = (false, false);
    while !(waiting && working) || bench.server.requests("POST /run_sse").is_empty() {
        match heard.recv().await.expect("the turn goes on") {
            Progress::Waiting { .. } => waiting = true,
            Progress::StillWorking { .. } => working = true,
            other => panic!("{other:?}"),
        }
    }
    // Dropped at any await, it stops: that is how a script is stopped.
    turn.abort();
    assert!(turn.await.unwrap_err().is_cancelled());
}

#[tokio::test]
async fn a_stream_in_many_chunks_with_a_two_megabyte_line_is_heard() {
    let long = "x".repeat(2_200_000);
    let line = format!(
        "data: {{\"content\":{{\"parts\":[{{\"functionResponse\":{{\"name\":\"edit\",\"response\":{{\"r\":\"{long}\"}}}}}}]}}}}\n\n"
    );
    let mut bytes = STREAM.to_owned();
    for piece in [line.as_str(), DONE] {
        piece
            .as_bytes()
            .chunks(9_973)
            .for_each(|part| bytes.push_str(&chunk(std::str::from_utf8(part).unwrap())));
    }
    bytes.push_str(STREAM_END);
    let bench = Bench::new(vec![once("POST /run_sse", raw(bytes)), state(TITLE), credits(50)]);
    assert_eq!(bench.turn().await.unwrap().raw_text, "Title added.");
}
