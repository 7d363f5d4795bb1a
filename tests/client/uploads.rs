//! Files on their way up.

use std::fs;
use std::io::Write as _;
use std::path::PathBuf;
use std::process::Command;

use reelscript::client::{Kind, Progress};
use reelscript::model::media;

use super::server::{Expect, answer, each, early, json, once, raw};
use super::{Bench, short, state, state_body};

fn file(bench: &Bench, name: &str, bytes: &[u8]) -> PathBuf {
    let path = bench.home.path().join(name);
    fs::write(&path, bytes).unwrap();
    path
}

fn uploaded(names: &[&str]) -> String {
    let files: Vec<_> =
        names.iter().map(|name| format!(r#"{{"filename":"{name}","cdn_url":"https://c/{name}"}}"#)).collect();
    format!(r#"{{"code":0,"data":{{"files":[{}],"session_state_applied":true}}}}"#, files.join(","))
}

/// The state endpoint with these media.
fn holds(names: &[&str]) -> Expect {
    let files: Vec<_> =
        names.iter().map(|name| format!(r#"{{"filename":"{name}","cdn_url":"https://c/{name}"}}"#)).collect();
    let body =
        state_body("{}").replace("\"draft\"", &format!("\"video_infos\":[{}],\"draft\"", files.join(",")));
    once("GET /api/state", json(200, body))
}

#[tokio::test]
async fn several_files_go_in_one_request_each_with_its_name_and_type() {
    let names = ["city.mp4", "导出 \"x\".png", "song.M4A"];
    let answers = vec![
        state("{}"),
        once("POST /api/upload-video/nemo_agent/me/s1", json(200, uploaded(&["a", "b", "c"]))),
    ];
    let bench = Bench::new(answers);
    let files: Vec<_> = names.iter().map(|name| file(&bench, name, name.as_bytes())).collect();
    let items = bench.client.upload_files("s1", &files, &bench.watcher()).await.unwrap();
    assert_eq!(items.iter().map(|item| item.name.as_str()).collect::<Vec<_>>(), ["a", "b", "c"]);
    let request = bench.server.requests("POST").remove(0);
    let kind = request.header("content-type").unwrap();
    let boundary = kind.strip_prefix("multipart/form-data; boundary=").unwrap().trim_matches('"').to_owned();
    let length: usize = request.header("content-length").unwrap().parse().unwrap();
    assert_eq!(length, request.body.len());
    let text = request.text();
    let parts: Vec<_> = text.split(&format!("--{boundary}")).collect();
    assert_eq!((parts.len(), parts[4]), (3 + 2, "--\r\n"));
    for (part, (name, mime)) in
        parts[1..4].iter().zip(names.iter().zip(["video/mp4", "image/png", "audio/mp4"]))
    {
        let (head, body) = part.trim_start().split_once("\r\n\r\n").unwrap();
        assert!(head.contains("form-data; name=\"files\"; filename"), "{head}");
        assert!(head.to_lowercase().contains(&format!("content-type: {mime}")), "{head}");
        assert_eq!(body, format!("{name}\r\n"));
    }
    assert_eq!(request.header("x-skill-source"), Some("video-generator-free-api"));
    let sent: Vec<_> = bench.told();
    assert!(sent.contains(&Progress::Upload { name: "city.mp4".into(), sent: 8, total: 8 }), "{sent:?}");
}

#[tokio::test]
async fn what_cannot_be_sent_is_said_before_anything_goes_out() {
    let bench = Bench::new(vec![]);
    let folder = bench.home.path().join("folder.mp4");
    fs::create_dir(&folder).unwrap();
    let cases = [
        (bench.home.path().join("missing.mp4"), Kind::Input, "cannot read"),
        (file(&bench, "setup.exe", b"MZ"), Kind::MediaType, "not taken"),
        (file(&bench, "empty.mp4", b""), Kind::Input, "is empty"),
        (folder, Kind::Input, "not a file"),
    ];
    for (path, kind, words) in cases {
        let error =
            bench.client.upload_files("s1", std::slice::from_ref(&path), &bench.watcher()).await.unwrap_err();
        assert_eq!((error.kind, error.call), (kind, "upload"), "{error}");
        assert!(error.message.contains(words) && !error.hint.is_empty(), "{error}");
        assert!(kind != Kind::MediaType || error.hint.contains(media::ACCEPTED));
    }
}

#[tokio::test]
async fn a_file_above_the_documented_size_is_warned_about_and_sent() {
    let answers =
        vec![state("{}"), once("POST /api/upload-video", json(200, r#"{"code":4002,"message":"too big"}"#))];
    let bench = Bench::with(answers, |config| config.profile.upload_bytes_max = 5);
    let large = file(&bench, "large.mp4", b"123456");
    let error = bench.client.upload_files("s1", &[large], &bench.watcher()).await.unwrap_err();
    assert_eq!((error.kind, error.code), (Kind::MediaSize, 4002));
    assert!(
        bench.notices().contains("`large.mp4` has 6 bytes; the documented limit is 5 bytes"),
        "{}",
        bench.notices()
    );
}

#[tokio::test]
async fn a_lost_answer_is_settled_by_the_state() {
    let cut = || once("POST /api/upload-video", raw(Vec::new()));
    let bench = Bench::new(vec![holds(&["old.mp4"]), cut(), holds(&["old.mp4", "a.mp4"])]);
    let path = file(&bench, "a.mp4", b"bytes");
    let items = bench.client.upload_files("s1", std::slice::from_ref(&path), &bench.watcher()).await.unwrap();
    assert_eq!(items[0].url, "https://c/a.mp4");
    assert_eq!(bench.server.requests("POST").len(), 1);

    let sent = once("POST /api/upload-video", json(200, uploaded(&["a.mp4"])));
    let bench = Bench::new(vec![holds(&["a.mp4"]), cut(), holds(&["a.mp4"]), sent]);
    let path = file(&bench, "a.mp4", b"bytes");
    bench.client.upload_files("s1", &[path], &bench.watcher()).await.unwrap();
    assert_eq!(bench.server.requests("POST").len(), 2);
    assert!(bench.notices().contains("nothing arrived, sending once more"), "{}", bench.notices());

    let bench = Bench::new(vec![holds(&[]), cut(), holds(&["a.mp4"])]);
    let files = ["a.mp4", "b.mp4"].map(|name| file(&bench, name, b"bytes"));
    let error = bench.client.upload_files("s1", &files, &bench.watcher()).await.unwrap_err();
    assert!(error.message.starts_with("1 of 2 files arrived"), "{error}");
}

#[tokio::test]
async fn a_short_answer_is_completed_by_the_state() {
    let bench = Bench::new(vec![
        holds(&[]),
        once("POST /api/upload-video", json(200, r#"{"code":0,"data":{}}"#)),
        holds(&["a.mp4"]),
    ]);
    let path = file(&bench, "a.mp4", b"bytes");
    assert_eq!(bench.client.upload_files("s1", &[path], &bench.watcher()).await.unwrap()[0].name, "a.mp4");
}

fn big(bench: &Bench) -> PathBuf {
    let path = bench.home.path().join("big.mp4");
    fs::File::create(&path).unwrap().set_len(64 << 20).unwrap();
    path
}

#[tokio::test]
async fn an_upload_that_stops_moving_is_left() {
    // The server reads nothing: its buffers fill, then all stands.
    let answers = vec![state("{}"), early("POST /api/upload-video", |_, peer| peer.stand())];
    let bench = Bench::with(answers, |config| config.delays = short());
    let error = bench.client.upload_files("s1", &[big(&bench)], &bench.watcher()).await.unwrap_err();
    assert_eq!((error.kind, error.retryable), (Kind::Timeout, true), "{error}");
    assert_eq!(bench.server.requests("POST").len(), 2, "once more, since nothing arrived");
}

#[tokio::test]
async fn a_refusal_while_the_body_goes_out_is_heard() {
    let too_large = json(413, r#"{"detail":"the limit is 1 MB"}"#);
    let bench = Bench::new(vec![state("{}"), early("POST /api/upload-video", too_large)]);
    let error = bench.client.upload_files("s1", &[big(&bench)], &bench.watcher()).await.unwrap_err();
    assert_eq!((error.kind, error.code), (Kind::MediaSize, 413), "{error}");
    assert_eq!(bench.server.requests("POST").len(), 1);
}

#[tokio::test]
async fn urls_are_handed_over() {
    let answers =
        vec![state("{}"), once("POST /api/upload-video/nemo_agent/me/s1", json(200, uploaded(&["a.mp4"])))];
    let bench = Bench::new(answers);
    let urls = ["https://host.example/a.mp4?x=1".to_owned()];
    assert_eq!(bench.client.upload_urls("s1", &urls, &bench.watcher()).await.unwrap().len(), 1);
    let request = bench.server.requests("POST").remove(0);
    assert_eq!(request.text(), r#"{"urls":["https://host.example/a.mp4?x=1"],"source_type":"url"}"#);
    let error = bench.client.upload_urls("s1", &["file:///etc/passwd".to_owned()], &bench.watcher()).await;
    assert_eq!(error.unwrap_err().kind, Kind::Input);
}

#[tokio::test]
async fn a_refusal_before_the_body_is_sent_saves_sending_it() {
    let gone = once("GET /api/state", raw(answer(404, "", br#"{"detail":"Session not found"}"#)));
    let bench = Bench::new(vec![gone]);
    let path = file(&bench, "a.mp4", b"bytes");
    let error = bench.client.upload_files("s1", &[path], &bench.watcher()).await.unwrap_err();
    assert_eq!(error.kind, Kind::Session);
}

const MEASURED: &str = "REEL_TEST_MEASURED";

/// Measured in a process of its own: other tests of this one would be counted too.
#[cfg(target_os = "linux")]
#[test]
fn five_hundred_megabytes_go_up_at_constant_memory() {
    if std::env::var_os(MEASURED).is_some() {
        return measure();
    }
    let name = "client::uploads::five_hundred_megabytes_go_up_at_constant_memory";
    let run = Command::new(std::env::current_exe().unwrap())
        .args(["--exact", name, "--nocapture"])
        .env(MEASURED, "1")
        .output()
        .unwrap();
    let said = String::from_utf8_lossy(&run.stdout);
    assert!(run.status.success(), "{said}\n{}", String::from_utf8_lossy(&run.stderr));
    assert!(said.contains("sent 500000000 bytes"), "{said}");
}

#[cfg(target_os = "linux")]
#[tokio::main(flavor = "current_thread")]
async fn measure() {
    let resident = |key: &str| -> u64 {
        let status = fs::read_to_string("/proc/self/status").unwrap();
        let line = status.lines().find(|line| line.starts_with(key)).unwrap();
        line.split_whitespace().nth(1).unwrap().parse().unwrap()
    };
    let answers = vec![state("{}"), each("POST /api/upload-video", json(200, uploaded(&["a.mp4"])))];
    let bench = Bench::with(answers, |config| config.profile.upload_bytes_max = u64::MAX);
    let path = bench.home.path().join("a.mp4");
    // The first upload loads what any upload needs.
    fs::write(&path, b"small").unwrap();
    bench.client.upload_files("s1", std::slice::from_ref(&path), &bench.watcher()).await.unwrap();
    let before = resident("VmRSS:");
    fs::File::create(&path).unwrap().set_len(500_000_000).unwrap();
    bench.client.upload_files("s1", &[path], &bench.watcher()).await.unwrap();
    let grown = resident("VmHWM:").saturating_sub(before);
    assert!(grown <= 32 << 10, "memory grew by {grown} kB");
    let whole = Progress::Upload { name: "a.mp4".into(), sent: 500_000_000, total: 500_000_000 };
    assert!(bench.told().contains(&whole));
    // Past the harness, which would keep it from the test that reads it.
    let mut stdout = std::io::stdout();
    writeln!(stdout, "sent 500000000 bytes, memory grew by {grown} kB").unwrap();
}
