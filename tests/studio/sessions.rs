//! Sessions, and what the studio as a whole refuses.

use reelscript::studio::{self, StudioError};
use serde_json::json;

use super::{Bench, config, data, refused, text};

#[tokio::test]
async fn a_session_has_an_id_of_19_digits_and_an_empty_state() {
    let bench = Bench::start().await;
    let opened =
        data(bench.post("/api/tasks/me/with-session/nemo_agent").json(&json!({"task_name": "片"}))).await;
    let id = text(&opened["session_id"]);
    assert!(id.len() == 19 && id.bytes().all(|b| b.is_ascii_digit()), "{id}");
    let said = data(bench.get(&format!("/api/state/nemo_agent/me/{id}/latest"))).await;
    assert_eq!((text(&said["session_id"]), text(&said["task_name"])), (id, "片".to_owned()));
    assert_eq!((&said["task_id"], &said["user_id"]), (&opened["task_id"], &opened["user_id"]));
    assert_eq!(said["state"]["video_infos"], json!([]));
}

#[tokio::test]
async fn sessions_of_others_and_of_nobody_are_1002() {
    let mut bench = Bench::start().await;
    let session = bench.session().await;
    bench.token = bench.token_of("client-2").await;
    for id in [session.as_str(), "1", "..%2F..%2Fetc"] {
        let (status, code, _) = refused(bench.get(&format!("/api/state/nemo_agent/me/{id}/latest"))).await;
        assert_eq!((status, code), (200, 1002));
    }
}

#[tokio::test]
async fn sessions_tokens_and_balances_outlive_the_studio() {
    let mut bench = Bench::start().await;
    let session = bench.session().await;
    bench.studio.stop().await;
    bench.studio = studio::start(config(bench.home.path())).await.unwrap();
    assert_eq!(bench.state(&session).await["video_infos"], json!([]));
    assert_eq!(bench.credits().await, (1_000.0, 0.0, 1_000.0));
}

#[tokio::test]
async fn two_studios_on_one_home_know_the_same_sessions() {
    let mut bench = Bench::start().await;
    let second = studio::start(config(bench.home.path())).await.unwrap();
    let session = bench.session().await;
    let first = std::mem::replace(&mut bench.studio, second);
    assert_ne!(first.url(), bench.studio.url());
    bench.state(&session).await;
}

#[tokio::test]
async fn what_is_nowhere_or_no_json_is_refused_in_json() {
    let bench = Bench::start().await;
    assert_eq!(refused(bench.get("/api/v1/generate")).await.1, 404);
    assert_eq!(refused(bench.get("/media/abc/x.mp4")).await.1, 404);
    let garbled = bench.post("/api/auth/claim-token").body("{\"task_id\": ");
    let (status, code, said) = refused(garbled).await;
    assert_eq!((status, code), (400, 400));
    assert!(said.starts_with("the body cannot be read: "), "{said}");
}

#[tokio::test]
async fn a_body_over_the_limit_is_413() {
    let bench = Bench::start().await;
    let body = vec![b' '; (16 << 20) + 1];
    let (status, code, _) = refused(bench.post("/api/auth/claim-token").body(body)).await;
    assert_eq!((status, code), (413, 413));
}

#[tokio::test]
async fn a_page_of_another_name_cannot_speak_to_the_studio() {
    let bench = Bench::start().await;
    let call = bench.get("/api/credits/balance/simple").header("Host", "evil.example:8787");
    assert_eq!(refused(call).await.0, 403);
}

#[tokio::test]
async fn a_taken_port_and_an_open_address_are_refused_with_a_hint() {
    let bench = Bench::start().await;
    let mut second = config(bench.home.path());
    second.listen = bench.studio.url().trim_start_matches("http://").parse().unwrap();
    let taken = studio::start(second).await.unwrap_err();
    assert!(matches!(taken, StudioError::Taken { .. }), "{taken}");
    assert!(taken.hint().contains("--port"));
    let mut open = config(bench.home.path());
    open.listen = "0.0.0.0:0".parse().unwrap();
    let open = studio::start(open).await.unwrap_err();
    assert!(matches!(open, StudioError::Open { .. }), "{open}");
}

#[tokio::test]
async fn a_home_that_is_a_file_is_refused_by_name() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("file");
    std::fs::write(&path, "").unwrap();
    let error = studio::start(config(&path)).await.unwrap_err();
    assert!(error.to_string().contains("/file`"), "{error}");
}
