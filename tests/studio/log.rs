//! The log of requests: a line each, and no secret in it.

use std::path::Path;

use reelscript::studio::Log;
use reelscript::studio::chaos::Chaos;
use serde_json::{Value, json};

use super::{Bench, data, samples, text};

fn lines(path: &Path) -> Vec<Value> {
    let log = std::fs::read_to_string(path).unwrap();
    log.lines().map(|line| serde_json::from_str(line).unwrap()).collect()
}

#[tokio::test]
async fn each_request_has_a_line_with_how_it_ended_and_for_which_session() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("requests.jsonl");
    let chaos = Chaos::read("[[fault]]\non = \"credits\"\nnth = 2\ndo = \"refuse\"\ncode = 503\n").unwrap();
    let bench = Bench::with(|config| {
        config.log = Some(Log::file(&path).unwrap());
        config.chaos = chaos;
    })
    .await;
    let session = bench.session().await;
    let said = json!({"session_id": session, "new_message": {"parts": [{"text": "a secret wish"}]}});
    bench.post("/run_sse").json(&said).send().await.unwrap().bytes().await.unwrap();
    bench.credits().await;
    assert_eq!(bench.get("/api/credits/balance/simple?token=hush").send().await.unwrap().status(), 503);
    assert_eq!(bench.get("/nowhere/nmv_usr_x?q=hush").send().await.unwrap().status(), 404);
    let form = reqwest::multipart::Form::new();
    let file = reqwest::multipart::Part::bytes(samples::picture(8, 8)).file_name("my diary.png");
    let upload = bench.post(&format!("/api/upload-video/nemo_agent/me/{session}"));
    let told = data(upload.multipart(form.part("files", file))).await;
    let url = text(&told["files"][0]["cdn_url"]);
    let bytes = bench.http.get(&url).send().await.unwrap().bytes().await.unwrap().len();

    let (home, token) = (bench.home, bench.token);
    bench.studio.stop().await;
    let lines = lines(&path);
    let facts = |line: &Value| (text(&line["method"]), text(&line["path"]), line["status"].as_u64().unwrap());
    let found: Vec<_> = lines.iter().map(facts).collect();
    let upload = format!("/api/upload-video/nemo_agent/me/{session}");
    let wanted = [
        ("POST", "/api/auth/anonymous-token", 200),
        ("POST", "/api/tasks/me/with-session/nemo_agent", 200),
        ("POST", "/run_sse", 200),
        ("GET", "/api/credits/balance/simple", 200),
        ("GET", "/api/credits/balance/simple", 503),
        ("GET", "/nowhere/(secret)", 404),
        ("POST", upload.as_str(), 200),
        ("GET", "/media/{hash}/{name}", 200),
    ];
    assert_eq!(found, wanted.map(|(method, path, status)| (method.to_owned(), path.to_owned(), status)));
    for at in [1, 2, 6] {
        assert_eq!(lines[at]["session"], session.as_str(), "{}", lines[at]);
    }
    assert!(lines.iter().all(|line| line.get("cut").is_none()), "{lines:?}");
    assert_eq!((&lines[4]["fault"], &lines[3]["fault"]), (&json!(1), &Value::Null));
    assert_eq!((&lines[0]["time"], &lines[7]["bytes"]), (&json!("2026-03-13T17:40:13.616Z"), &json!(bytes)));
    let log = std::fs::read_to_string(&path).unwrap();
    for secret in
        [token.as_str(), "hush", "secret wish", "diary", "nmv_usr", &text(&told["files"][0]["hash"])]
    {
        assert!(!log.contains(secret), "{secret}: {log}");
    }
    drop(home);
}

#[cfg(unix)]
#[tokio::test]
async fn a_log_is_for_its_user_alone() {
    use std::os::unix::fs::PermissionsExt;
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("requests.jsonl");
    let _log = Log::file(&path).unwrap();
    assert_eq!(path.metadata().unwrap().permissions().mode() & 0o077, 0);
}
