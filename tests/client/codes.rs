//! Every documented code in each of its three carriers: the envelope on HTTP 200, the mapped
//! HTTP status, and FastAPI's `detail`.

use reelscript::client::{ClientError, Kind};

use super::Bench;
use super::server::{answer, each, json, once, raw};

/// The three answers that say `code`.
fn carriers(code: i64, status: u16) -> [Vec<u8>; 3] {
    let typed = "content-type: application/json\r\n";
    let envelope = format!(r#"{{"code":{code},"message":"no way"}}"#);
    let detail = if code == 2001 {
        r#"{"detail":{"code":2001,"message":"no way"}}"#.to_owned()
    } else if code == 1002 {
        r#"{"detail":"Session not found: no way"}"#.to_owned()
    } else {
        r#"{"detail":"no way"}"#.to_owned()
    };
    // Without credits the status says nothing: 402 is the plan's.
    let mapped = if code == 2001 { 200 } else { status };
    [
        answer(200, typed, envelope.as_bytes()),
        answer(mapped, typed, envelope.as_bytes()),
        answer(if code == 2001 { 400 } else { status }, typed, detail.as_bytes()),
    ]
}

const CODES: [(i64, u16, Kind); 8] = [
    (1001, 401, Kind::Auth),
    (1002, 404, Kind::Session),
    (2001, 200, Kind::Credits),
    (4001, 415, Kind::MediaType),
    (4002, 413, Kind::MediaSize),
    (402, 402, Kind::Plan),
    (403, 403, Kind::Auth),
    (429, 429, Kind::RateLimit),
];

fn check(error: &ClientError, code: i64, kind: Kind, shown: &str) {
    assert_eq!(error.kind, kind, "{shown}: {error}");
    assert!(error.message.contains("no way") && !error.hint.is_empty(), "{shown}: {error}");
    assert!(!error.in_doubt, "{shown}");
    assert_eq!(error.retryable, code == 429, "{shown}");
}

#[tokio::test]
async fn a_small_call_means_the_same_by_every_carrier() {
    for (code, status, kind) in CODES {
        for bytes in carriers(code, status) {
            let shown = String::from_utf8_lossy(&bytes).into_owned();
            let bench = Bench::new(vec![each("GET /api/state", raw(bytes))]);
            let error = bench.client.snapshot("s1").await.unwrap_err();
            check(&error, code, kind, &shown);
            assert_eq!(error.call, "state");
            let calls = bench.server.requests("GET").len();
            assert_eq!(calls, if code == 429 { 2 } else { 1 }, "{shown}");
        }
    }
}

#[tokio::test]
async fn a_turn_is_refused_by_every_carrier_and_in_the_stream() {
    for (code, status, kind) in CODES {
        let frame = format!("data: {{\"code\":{code},\"message\":\"no way\"}}\n\n");
        let streamed = answer(200, "content-type: text/event-stream\r\n", frame.as_bytes());
        for bytes in carriers(code, status).into_iter().chain([streamed]) {
            let shown = String::from_utf8_lossy(&bytes).into_owned();
            let bench = Bench::new(vec![each("POST /run_sse", raw(bytes))]);
            let error = bench.turn().await.unwrap_err();
            check(&error, code, kind, &shown);
            let calls = bench.server.requests("POST").len();
            assert_eq!(calls, if code == 429 { 2 } else { 1 }, "{shown}");
        }
    }
}

#[tokio::test]
async fn an_upload_is_refused_by_every_carrier() {
    for (code, status, kind) in CODES {
        for bytes in carriers(code, status) {
            let shown = String::from_utf8_lossy(&bytes).into_owned();
            let bench = Bench::new(vec![super::state("{}"), each("POST /api/upload-video/", raw(bytes))]);
            let file = bench.home.path().join("a.mp4");
            std::fs::write(&file, b"some bytes").unwrap();
            let error = bench.client.upload_files("s1", &[file], &bench.watcher()).await.unwrap_err();
            check(&error, code, kind, &shown);
        }
    }
}

#[tokio::test]
async fn words_of_a_refusal_lose_their_escapes() {
    let body = r#"{"code":1002,"message":"\u001b]0;owned\u0007gone"}"#;
    let bench = Bench::new(vec![once("GET /api/state", json(200, body))]);
    let error = bench.client.snapshot("s1").await.unwrap_err();
    assert_eq!(error.message, "the session is not there: gone");
}

#[tokio::test]
async fn faults_that_may_pass_are_tried_again_where_that_is_safe() {
    let state = super::state_body("{}");
    let answers = vec![
        once("GET /api/state", raw(answer(502, "", b"<html>"))),
        once("GET /api/state", raw(&b"HTTP/1.1 200 OK\r\ncontent-length: 500\r\n\r\n{\"code\":0"[..])),
        once("GET /api/state", json(200, state)),
    ];
    let bench = Bench::new(answers);
    assert_eq!(bench.client.snapshot("s1").await.unwrap().task_id, "t1");
    assert_eq!(bench.waited(), 2, "a second for each cause");
    let bench = Bench::new(vec![each("GET /api/credits", raw(answer(200, "", b"<html>a page</html>")))]);
    let error = bench.client.credits().await.unwrap_err();
    assert_eq!((error.kind, bench.server.requests("GET").len()), (Kind::Backend, 3));
}

#[tokio::test]
async fn an_endless_answer_is_not_read_to_its_end() {
    let endless = |_: &super::server::Request, peer: &mut super::server::Peer| {
        peer.send("HTTP/1.1 200 OK\r\nconnection: close\r\n\r\n{\"a\":\"");
        let page = vec![b'x'; 1 << 20];
        (0..80).for_each(|_| peer.send(&page));
    };
    let bench = Bench::with(vec![each("GET /api/credits", endless)], |config| config.delays.backoff.clear());
    let error = bench.client.credits().await.unwrap_err();
    assert!(error.message.starts_with("the answer is larger than "), "{error}");
}

#[tokio::test]
async fn a_redirect_is_not_followed_and_names_the_other_host() {
    let away = answer(302, "location: https://elsewhere.example/login?next=1\r\n", b"");
    let bench = Bench::new(vec![once("GET /api/credits", raw(away))]);
    let error = bench.client.credits().await.unwrap_err();
    assert_eq!(error.message, "the backend sends us on to `elsewhere.example`");
}

#[tokio::test]
async fn an_unusable_address_is_refused_at_once() {
    for base in ["", "nemo", "ftp://host", "http://", "https://user:pass@host", "https://host/?token=1"] {
        let mut config = None;
        Bench::with(vec![], |made| config = Some(made.clone()));
        let config = reelscript::client::Config { base: base.to_owned(), ..config.unwrap() };
        let error =
            reelscript::client::Client::new(config).err().unwrap_or_else(|| panic!("{base} was taken"));
        assert_eq!(error.kind, Kind::Input, "{base}");
    }
}
