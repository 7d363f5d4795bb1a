//! Export: submit, poll, second try, and where the file comes from.

use reelscript::client::{ClientError, Exported, Kind, Order, Output, Progress};
use reelscript::model::draft::Draft;

use super::server::{Expect, answer, each, json, once, raw};
use super::{Bench, TITLE};

const FILE: &[u8] = b"\x00\x00\x00\x18ftypmp42\x00\x00\x00\x00mp42isomrest of the file";
const SUBMITTED: &str = r#"{"success":true,"data":{"id":"r1","status":"pending","progress":5}}"#;

fn file() -> Expect {
    once("GET /out.mp4", raw(answer(200, "content-type: video/mp4\r\n", FILE)))
}

fn poll(status: u16, body: &str) -> Expect {
    once("GET /api/render/proxy/lambda/r1", json(status, body))
}

fn order<'a>(draft: &'a Draft, output: &'a Output) -> Order<'a> {
    Order { session_id: "s1", draft, output, known: None }
}

/// Exports with ids r1, r2, ..; returns also the ids that were asked for.
async fn export(bench: &Bench) -> (Result<Exported, ClientError>, Vec<String>) {
    let mut ids = Vec::new();
    let mut next_id = || {
        ids.push(format!("r{}", ids.len() + 1));
        ids.last().cloned()
    };
    let draft = Draft::parse(TITLE).unwrap();
    let to = bench.home.path().join("out.mp4");
    let watcher = bench.watcher();
    let done = bench.client.export(&order(&draft, &Output::default()), &mut next_id, &to, &watcher).await;
    (done, ids)
}

fn submit() -> Expect {
    once("POST /api/render/proxy/lambda", json(200, SUBMITTED))
}

#[tokio::test]
async fn an_export_sends_the_draft_as_it_came_and_saves_the_file() {
    let done = r#"{"taskId":"r1","status":"completed","progress":100,"output":{"url":"/out.mp4","duration":3.5,"size":43}}"#;
    let bench = Bench::new(vec![
        submit(),
        poll(200, r#"{"status":"processing","progress":0.4}"#),
        poll(200, done),
        file(),
    ]);
    let draft = r#"{ "t":[ {"tt":0,"sg":[{"d":1.0,"big":18446744073709551616}]} ], "é":null }"#;
    let to = bench.home.path().join("out.mp4");
    let (mut next_id, watcher) = (|| Some("r1".to_owned()), bench.watcher());
    let mut output = Output { resolution: Some("720p".into()), ..Output::default() };
    output.extra.insert("crf".into(), 23.into());
    let draft_value = Draft::parse(draft).unwrap();
    let done = bench.client.export(&order(&draft_value, &output), &mut next_id, &to, &watcher).await.unwrap();
    assert_eq!((done.bytes, done.seconds, done.render_id.as_str()), (FILE.len() as u64, 3.5, "r1"));
    assert_eq!(std::fs::read(&done.path).unwrap(), FILE);
    let body = bench.server.requests("POST").remove(0).text();
    assert_eq!(
        body,
        format!(
            r#"{{"id":"r1","sessionId":"s1","draft":{draft},"output":{{"format":"mp4","quality":"high","resolution":"720p","crf":23}}}}"#
        )
    );
    let told = bench.told();
    assert!(
        told.contains(&Progress::Render { percent: Some(40) })
            && told.contains(&Progress::Render { percent: Some(100) })
    );
    assert_eq!(bench.waited(), 2 + 3);
}

#[tokio::test]
async fn three_shapes_of_an_answer_lead_to_the_file() {
    for body in [
        r#"{"taskId":"r1","status":"completed","output":{"url":"/out.mp4"}}"#,
        r#"{"success":true,"data":{"id":"r1","status":"completed","outputUrl":"/out.mp4"}}"#,
        r#"{"code":0,"data":{"status":"succeeded","output":{"url":"/out.mp4"}}}"#,
    ] {
        let bench = Bench::new(vec![submit(), poll(200, body), file()]);
        let done = export(&bench).await.0.unwrap_or_else(|error| panic!("{body}: {error}"));
        assert_eq!(done.seconds, 3.0, "the draft's, where the backend says none");
    }
}

#[tokio::test]
async fn faults_of_a_poll_do_not_end_it_nor_submit_again() {
    let mut answers = vec![submit()];
    answers.extend([(); 3].map(|()| poll(404, r#"{"detail":"Not Found"}"#)));
    answers.extend([502, 503, 500, 408].map(|status| poll(status, "<html>")));
    answers.extend([poll(200, "<html>not json"), poll(429, "{}"), poll(200, r#"{"status":"rendering"}"#)]);
    answers.push(once("GET /api/render/proxy/lambda/r1", raw(Vec::new())));
    answers.extend([poll(200, r#"{"status":"done","output":{"url":"/out.mp4"}}"#), file()]);
    let bench = Bench::new(answers);
    let (done, ids) = export(&bench).await;
    done.unwrap();
    assert_eq!((ids, bench.server.requests("POST").len()), (vec!["r1".to_owned()], 1));
}

#[tokio::test]
async fn a_render_that_nobody_knows_is_given_up_after_a_few_polls() {
    let bench = Bench::new(vec![
        submit(),
        each("GET /api/render/proxy/lambda/r1", json(404, r#"{"detail":"Not Found"}"#)),
    ]);
    let error = export(&bench).await.0.unwrap_err();
    assert_eq!((error.kind, error.code), (Kind::Backend, 404));
    assert_eq!(bench.server.requests("GET").len(), 6);
}

#[tokio::test]
async fn a_failed_render_is_tried_once_more_under_a_new_id() {
    let failed = r#"{"status":"failed","error":"a font is gone"}"#;
    let again = || once("POST /api/render/proxy/lambda", json(200, r#"{"success":true}"#));
    let second = |body: &str| once("GET /api/render/proxy/lambda/r2", json(200, body));
    let bench = Bench::new(vec![
        submit(),
        poll(200, failed),
        again(),
        second(r#"{"status":"completed","outputUrl":"/out.mp4"}"#),
        file(),
    ]);
    let (done, ids) = export(&bench).await;
    assert_eq!((done.unwrap().render_id, ids.len()), ("r2".to_owned(), 2));
    assert!(bench.notices().contains("a font is gone; trying once more"), "{}", bench.notices());
    let bench = Bench::new(vec![submit(), poll(200, failed), again(), second(failed)]);
    let (done, ids) = export(&bench).await;
    let error = done.unwrap_err();
    assert_eq!(
        (error.kind, error.message.as_str(), ids.len()),
        (Kind::Render, "the render failed: a font is gone", 2)
    );
}

#[tokio::test]
async fn a_blocked_plan_is_not_tried_again() {
    let blocked = once("POST /api/render/proxy/lambda", json(402, r#"{"code":402,"message":"upgrade"}"#));
    let bench = Bench::new(vec![blocked]);
    let (done, ids) = export(&bench).await;
    let error = done.unwrap_err();
    assert_eq!((error.kind, ids.len()), (Kind::Plan, 1));
    assert!(error.hint.starts_with("register or upgrade your plan to unlock export"), "{}", error.hint);
}

#[tokio::test]
async fn an_id_that_was_taken_gets_a_new_one() {
    let taken = once("POST /api/render/proxy/lambda", json(409, r#"{"detail":"duplicate id"}"#));
    let second = once(
        "GET /api/render/proxy/lambda/r2",
        json(200, r#"{"status":"completed","outputUrl":"/out.mp4"}"#),
    );
    let next = once("POST /api/render/proxy/lambda", json(200, "{}"));
    let bench = Bench::new(vec![taken, next, second, file()]);
    assert_eq!(export(&bench).await.1, ["r1", "r2"]);
}

#[tokio::test]
async fn a_lost_submission_is_looked_for_before_it_is_sent_again() {
    let lost = || once("POST /api/render/proxy/lambda", raw(Vec::new()));
    let done = r#"{"status":"completed","output":{"url":"/out.mp4"}}"#;
    let bench = Bench::new(vec![lost(), poll(200, r#"{"status":"pending"}"#), poll(200, done), file()]);
    export(&bench).await.0.unwrap();
    assert_eq!(bench.server.requests("POST").len(), 1);
    let bench = Bench::new(vec![lost(), poll(404, "{}"), submit(), poll(200, done), file()]);
    let (exported, ids) = export(&bench).await;
    exported.unwrap();
    assert_eq!((ids.len(), bench.server.requests("POST").len()), (1, 2));
}

#[tokio::test]
async fn a_render_that_takes_too_long_is_left_to_go_on() {
    let bench = Bench::new(vec![
        submit(),
        each("GET /api/render/proxy/lambda/r1", json(200, r#"{"status":"pending"}"#)),
    ]);
    let (done, ids) = export(&bench).await;
    let error = done.unwrap_err();
    assert_eq!((error.kind, error.retryable, ids.len()), (Kind::Timeout, true, 1));
    assert!(error.message.contains("`r1` still renders") && (600..640).contains(&bench.waited()));
}

#[tokio::test]
async fn completed_without_an_address_is_fetched_by_its_id() {
    let by_id =
        once("GET /api/render/proxy/r1/download", raw(answer(200, "content-type: video/mp4\r\n", FILE)));
    let bench = Bench::new(vec![submit(), poll(200, r#"{"status":"completed"}"#), by_id]);
    let done = export(&bench).await.0.unwrap();
    assert_eq!((done.url, done.bytes), (None, FILE.len() as u64));
    let there = json(200, r#"{"code":0,"data":{"output":{"url":"/out.mp4"}}}"#);
    let bench = Bench::new(vec![
        submit(),
        poll(200, r#"{"status":"completed"}"#),
        once("GET /api/render/proxy/r1/download", there),
        file(),
    ]);
    export(&bench).await.0.unwrap();
}

#[tokio::test]
async fn nothing_to_export_is_said_before_anything_is_sent() {
    let bench = Bench::new(vec![]);
    let (to, watcher) = (bench.home.path().join("out.mp4"), bench.watcher());
    let empty = Draft::parse(r#"{"t":[{"tt":0,"sg":[]}]}"#).unwrap();
    let mut next_id = || Some("r1".to_owned());
    let done = bench.client.export(&order(&empty, &Output::default()), &mut next_id, &to, &watcher).await;
    assert_eq!(done.unwrap_err().kind, Kind::Input);
}

#[tokio::test]
async fn calls_can_move_between_threads() {
    fn movable<T: Send>(value: T) -> T {
        value
    }
    let bench = Bench::new(vec![]);
    let (client, watcher, look) = (bench.client.clone(), bench.watcher(), super::nothing());
    drop(movable(client.turn("s1", "hi", &look, Default::default(), &watcher)));
    drop(movable(client.upload_files("s1", &[], &watcher)));
    let draft = Draft::parse(TITLE).unwrap();
    let (output, mut next_id) = (Output::default(), || Some("r".to_owned()));
    drop(movable(client.export(&order(&draft, &output), &mut next_id, "o.mp4".as_ref(), &watcher)));
}
