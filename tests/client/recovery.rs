//! A turn whose end was not heard: looked for, never sent again.

use std::sync::atomic::{AtomicU32, Ordering};

use reelscript::client::{Kind, Progress};

use super::server::{Expect, Peer, Request, STREAM, answer, chunk, each, json, once, raw, stream};
use super::{Bench, TITLE, credits, short, state, state_body};

const WORKING: &str = "data: {\"content\":{\"parts\":[{\"functionCall\":{\"name\":\"edit\"}},{\"text\":\"Working on it.\"}]}}\n\n";

/// A stream that breaks off in the middle of an event.
fn cut(_: &Request, peer: &mut Peer) {
    peer.send(format!("{STREAM}{}{}", chunk(WORKING), "ff\r\ndata: {\"content\":{\"parts\":[{\"te"));
}

/// The state endpoint: unchanged for so many looks, then with a title.
fn changes_after(looks: u32) -> Expect {
    let seen = AtomicU32::new(0);
    each("GET /api/state", move |request, peer| {
        let draft = if seen.fetch_add(1, Ordering::SeqCst) < looks { "{}" } else { TITLE };
        json(200, state_body(draft))(request, peer);
    })
}

#[tokio::test]
async fn a_cut_stream_is_settled_by_looking_at_the_state() {
    let bench = Bench::new(vec![once("POST /run_sse", cut), changes_after(2), credits(50)]);
    let end = bench.turn().await.unwrap();
    assert!(end.recovered && !end.silent);
    assert_eq!((end.raw_text.as_str(), end.credits), ("Working on it.", Some(50.0)));
    assert_eq!(end.changes, ["title added: 'Hi' (0-3s)"]);
    assert_eq!(bench.waited(), 30 + 60 + 60);
    let looks: Vec<_> =
        bench.told().into_iter().filter(|told| matches!(told, Progress::Looking { .. })).collect();
    assert_eq!(looks, [1, 2, 3].map(|attempt| Progress::Looking { attempt, of: 5 }));
    assert_eq!(bench.server.requests("POST /run_sse").len(), 1);
}

#[tokio::test]
async fn five_looks_without_a_change_are_an_error_in_doubt() {
    let bench = Bench::new(vec![once("POST /run_sse", cut), state("{}"), credits(100)]);
    let error = bench.turn().await.unwrap_err();
    assert_eq!((error.kind, error.in_doubt, error.retryable), (Kind::Network, true, false));
    assert!(error.message.ends_with("the project has not changed"), "{error}");
    assert_eq!((bench.waited(), bench.server.requests("POST /run_sse").len()), (30 + 4 * 60, 1));
}

#[tokio::test]
async fn taken_and_held_credits_are_told() {
    let bench = Bench::new(vec![once("POST /run_sse", cut), state("{}"), credits(0)]);
    assert!(bench.turn().await.unwrap_err().message.ends_with("but credits were taken"));
    let held = r#"{"code":0,"data":{"available":0,"frozen":100,"total":100}}"#;
    let answers = vec![once("POST /run_sse", cut), state("{}"), each("GET /api/credits", json(200, held))];
    assert!(Bench::new(answers).turn().await.unwrap_err().message.ends_with("it may still run"));
}

#[tokio::test]
async fn a_change_while_credits_are_held_is_half_a_turn() {
    let looks = AtomicU32::new(0);
    let settles = each("GET /api/credits", move |request, peer| {
        let frozen = if looks.fetch_add(1, Ordering::SeqCst) < 2 { 100 } else { 0 };
        json(200, format!(r#"{{"code":0,"data":{{"available":0,"frozen":{frozen}}}}}"#))(request, peer);
    });
    let bench = Bench::new(vec![once("POST /run_sse", cut), state(TITLE), settles]);
    assert!(bench.turn().await.unwrap().recovered);
    assert_eq!(bench.waited(), 30 + 60 + 60);
}

#[tokio::test]
async fn whatever_may_have_run_is_sent_once() {
    let gateways = [502, 503, 504, 500, 408].map(|status| answer(status, "", b"<html>bad gateway</html>"));
    let page = answer(200, "content-type: text/html\r\n", b"<html>hello</html>");
    let yes = answer(200, "content-type: application/json\r\n", br#"{"code":0,"data":null}"#);
    let nothing = format!("{STREAM}0\r\n\r\n").into_bytes();
    let silence: Vec<u8> = Vec::new();
    for bytes in gateways.into_iter().chain([page, yes, nothing, silence]) {
        let shown = String::from_utf8_lossy(&bytes).into_owned();
        let bench = Bench::new(vec![once("POST /run_sse", raw(bytes)), changes_after(0), credits(50)]);
        let end = bench.turn().await.unwrap_or_else(|error| panic!("{shown}: {error}"));
        assert!(end.recovered && end.silent && end.changes.len() == 1, "{shown}");
    }
}

#[tokio::test]
async fn a_look_that_fails_is_not_the_last() {
    let trouble = [(); 3].map(|()| once("GET /api/state", raw(answer(503, "", b""))));
    let mut answers = vec![once("POST /run_sse", cut), state(TITLE), credits(50)];
    answers.splice(1..1, trouble);
    assert!(Bench::new(answers).turn().await.unwrap().recovered);
    let gone = each("GET /api/state", json(404, r#"{"detail":"Session not found: s1"}"#));
    let error = Bench::new(vec![once("POST /run_sse", cut), gone, credits(50)]).turn().await.unwrap_err();
    assert_eq!((error.kind, error.in_doubt), (Kind::Session, true));
}

#[tokio::test]
async fn a_dead_and_a_stuck_connection_are_left_and_looked_after() {
    fn dead(_: &Request, peer: &mut Peer) {
        peer.send(format!("{STREAM}{}", chunk(WORKING)));
        peer.hang();
    }
    fn mute(_: &Request, peer: &mut Peer) {
        peer.hang();
    }
    for answer in [dead, mute] {
        let answers = vec![once("POST /run_sse", answer), changes_after(0), credits(50)];
        let bench = Bench::with(answers, |config| config.delays = short());
        assert!(bench.turn().await.unwrap().recovered);
        assert!(bench.notices().contains("not a byte came"), "{}", bench.notices());
    }
    let beats = |_: &Request, peer: &mut Peer| {
        peer.send(STREAM);
        // As many as it takes: the client hangs up.
        for _ in 0..1_000 {
            peer.send(chunk(": heartbeat\n\n"));
            std::thread::park_timeout(std::time::Duration::from_millis(5));
        }
    };
    let answers = vec![once("POST /run_sse", beats), changes_after(0), credits(50)];
    let bench = Bench::with(answers, |config| config.delays = short());
    assert!(bench.turn().await.unwrap().recovered);
    assert!(bench.notices().contains("nothing but heartbeats"), "{}", bench.notices());
}

#[tokio::test]
async fn a_turn_longer_than_its_limit_is_looked_after() {
    let slow = |_: &Request, peer: &mut Peer| {
        peer.send(STREAM);
        peer.hang();
    };
    let answers = vec![once("POST /run_sse", slow), state("{}"), credits(100)];
    let bench = Bench::with(answers, |config| config.delays = short());
    let options = reelscript::client::TurnOptions { timeout: Some(std::time::Duration::from_millis(900)) };
    let error =
        bench.client.turn("s1", "hi", &super::nothing(), options, &bench.watcher()).await.unwrap_err();
    assert_eq!((error.kind, error.in_doubt), (Kind::Timeout, true));
    assert!(error.message.contains("longer than its limit"), "{error}");
}

#[tokio::test]
async fn garbled_frames_do_not_stop_the_listening() {
    let body = "data: {\"content\":\n\ndata: not json\n\nnonsense\n\ndata: [1,2]\n\n\
                data: {\"content\":{\"parts\":[{\"text\":\"Still here.\"}]}}\n\n";
    let bench = Bench::new(vec![once("POST /run_sse", stream(body)), state(TITLE), credits(50)]);
    let end = bench.turn().await.unwrap();
    assert_eq!((end.raw_text.as_str(), end.recovered), ("Still here.", false));
    let broken = "data: {\"error\": \"tool \"edit\" said\nno\"}\n\n";
    let bench = Bench::new(vec![once("POST /run_sse", stream(broken)), state("{}"), credits(100)]);
    let error = bench.turn().await.unwrap_err();
    assert!(error.message.contains("tool \"edit\" said"), "{error}");
}
