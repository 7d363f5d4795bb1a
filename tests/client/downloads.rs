//! A rendered file on its way down: broken, continued, checked, and never half there.

use std::fs;
use std::path::PathBuf;

use reelscript::client::{ClientError, Kind, RenderView, Status};

use super::server::{Expect, Peer, Request, Server, answer, each, json, once, raw};
use super::{Bench, short};

fn video(bytes: usize) -> Vec<u8> {
    let mut file = b"\x00\x00\x00\x18ftypmp42\x00\x00\x00\x00".to_vec();
    file.extend((0..bytes - file.len()).map(|n| (n % 251) as u8));
    file
}

fn view(url: Option<&str>) -> RenderView {
    RenderView {
        id: None,
        status: Status::Completed,
        percent: Some(100),
        url: url.map(str::to_owned),
        duration: None,
        size: None,
        error: None,
    }
}

fn target(bench: &Bench) -> PathBuf {
    bench.home.path().join("out.mp4")
}

async fn download(bench: &Bench, url: &str) -> Result<u64, ClientError> {
    bench.client.download("r1", &view(Some(url)), "mp4", &target(bench), &bench.watcher()).await
}

/// Answers a request for a range of `file`, with an entity tag.
fn rest_of(file: &[u8], request: &Request, peer: &mut Peer) {
    let range = request.header("range").expect("a part was there");
    let from: usize = range.strip_prefix("bytes=").unwrap().strip_suffix('-').unwrap().parse().unwrap();
    let headers =
        format!("etag: \"v1\"\r\ncontent-range: bytes {from}-{}/{}\r\n", file.len() - 1, file.len());
    peer.send(answer(206, &headers, &file[from..]));
}

#[tokio::test]
async fn a_download_that_breaks_is_continued_where_it_was() {
    let file = video(3_000_000);
    let (first, second) = (file.clone(), file.clone());
    let breaks = once("GET /f.mp4", move |_, peer| {
        let whole = answer(200, "etag: \"v1\"\r\n", &first);
        peer.send(&whole[..whole.len() - 1_000_000]);
    });
    let goes_on = once("GET /f.mp4", move |request, peer| rest_of(&second, request, peer));
    let bench = Bench::new(vec![breaks, goes_on]);
    assert_eq!(download(&bench, "/f.mp4").await.unwrap(), 3_000_000);
    assert!(fs::read(target(&bench)).unwrap() == file);
    let second = bench.server.requests("GET").remove(1);
    assert_eq!((second.header("range"), second.header("if-range")), (Some("bytes=2000000-"), Some("\"v1\"")));
    assert_eq!(fs::read_dir(bench.home.path()).unwrap().count(), 1, "no part is left");
}

#[tokio::test]
async fn a_killed_download_is_continued_by_the_next_process() {
    let file = video(400_000);
    let (first, second) = (file.clone(), file.clone());
    let stands = once("GET /f.mp4", move |_, peer: &mut Peer| {
        peer.send(&answer(200, "", &first)[..100_000]);
        peer.hang();
    });
    let goes_on = once("GET /f.mp4", move |request, peer| rest_of(&second, request, peer));
    let bench = Bench::new(vec![stands, goes_on]);
    let (client, to, watcher) = (bench.client.clone(), target(&bench), bench.watcher());
    let killed =
        tokio::spawn(async move { client.download("r1", &view(Some("/f.mp4")), "mp4", &to, &watcher).await });
    let part = bench.home.path().join(".out.mp4.r1.part");
    while fs::metadata(&part).map_or(0, |meta| meta.len()) < 90_000 {
        tokio::task::yield_now().await;
    }
    killed.abort();
    assert!(killed.await.is_err() && !target(&bench).exists());
    assert_eq!(download(&bench, "/f.mp4").await.unwrap(), 400_000);
    assert!(fs::read(target(&bench)).unwrap() == file);
}

#[tokio::test]
async fn a_server_without_ranges_gives_the_whole_again() {
    let file = video(200_000);
    let whole = answer(200, "", &file);
    let short = whole[..150_000].to_vec();
    let bench = Bench::new(vec![once("GET /f.mp4", raw(short)), once("GET /f.mp4", raw(whole))]);
    assert_eq!(download(&bench, "/f.mp4").await.unwrap(), 200_000);
    assert!(fs::read(target(&bench)).unwrap() == file);
}

#[tokio::test]
async fn a_part_that_is_whole_already_is_taken() {
    let file = video(50_000);
    let bench =
        Bench::new(vec![once("GET /f.mp4", raw(answer(416, "content-range: bytes */50000\r\n", b"")))]);
    fs::write(bench.home.path().join(".out.mp4.r1.part"), &file).unwrap();
    assert_eq!(download(&bench, "/f.mp4").await.unwrap(), 50_000);
}

#[tokio::test]
async fn a_range_that_does_not_fit_starts_over() {
    let file = video(50_000);
    let odd = answer(206, "content-range: bytes 7-49999/50000\r\n", &file[7..]);
    let bench =
        Bench::new(vec![once("GET /f.mp4", raw(odd)), once("GET /f.mp4", raw(answer(200, "", &file)))]);
    fs::write(bench.home.path().join(".out.mp4.r1.part"), &file[..30_000]).unwrap();
    assert_eq!(download(&bench, "/f.mp4").await.unwrap(), 50_000);
    assert!(bench.server.requests("GET")[1].header("range").is_none());
    assert!(fs::read(target(&bench)).unwrap() == file);
}

#[tokio::test]
async fn another_host_gets_no_token_and_no_attribution() {
    let file = video(1_000);
    let far = Server::start(vec![
        once("GET /moved", raw(answer(302, "location: /signed.mp4?sig=1\r\n", b""))),
        once("GET /signed.mp4?sig=1", raw(answer(200, "", &file))),
    ]);
    let moved = format!("location: {}/moved\r\n", far.url());
    let bench = Bench::new(vec![once("GET /here", raw(answer(307, &moved, b"")))]);
    assert_eq!(download(&bench, "/here").await.unwrap(), 1_000);
    let headers = ["authorization", "x-skill-source", "x-skill-version", "x-skill-platform", "x-client-id"];
    for request in far.requests("GET") {
        assert!(headers.iter().all(|name| request.header(name).is_none()), "{}", request.head);
    }
    assert_eq!(bench.server.requests("GET")[0].header("authorization"), Some("Bearer nmv_usr_mine"));
}

/// What is tried after the first address: a new answer, then the route by id.
fn by_id(file: &[u8]) -> [Expect; 2] {
    [
        once("GET /api/render/proxy/lambda/r1", json(200, r#"{"status":"completed"}"#)),
        once("GET /api/render/proxy/r1/download", raw(answer(200, "content-type: video/mp4\r\n", file))),
    ]
}

#[tokio::test]
async fn an_expired_address_is_asked_for_again() {
    let file = video(1_000);
    let far = Server::start(vec![
        once("GET /old.mp4", raw(answer(403, "", b"<Error>expired</Error>"))),
        once("GET /new.mp4", raw(answer(200, "", &file))),
    ]);
    let fresh = format!(r#"{{"status":"completed","outputUrl":"{}/new.mp4"}}"#, far.url());
    let bench = Bench::new(vec![once("GET /api/render/proxy/lambda/r1", json(200, fresh))]);
    assert_eq!(download(&bench, &format!("{}/old.mp4", far.url())).await.unwrap(), 1_000);
}

#[tokio::test]
async fn what_is_no_video_is_not_kept() {
    let page = answer(200, "content-type: text/html\r\n", b"<!DOCTYPE html><p>sign in</p>");
    let mut answers = vec![once("GET /f.mp4", raw(page.clone()))];
    answers.extend(by_id(&video(1_000)));
    assert_eq!(download(&Bench::new(answers), "/f.mp4").await.unwrap(), 1_000);
    let mut answers = vec![once("GET /f.mp4", raw(page))];
    answers.extend(by_id(b"<!DOCTYPE html>"));
    let bench = Bench::new(answers);
    let error = download(&bench, "/f.mp4").await.unwrap_err();
    assert!(error.kind == Kind::Backend && error.message.contains("no mp4 file"), "{error}");
    assert!(!target(&bench).exists());
}

#[tokio::test]
async fn a_download_that_never_ends_well_is_given_up_and_leaves_no_file() {
    let whole = answer(200, "", &video(10_000));
    let cut = whole[..whole.len() - 10].to_vec();
    let file = each("GET /f.mp4", raw(cut.clone()));
    let known = each("GET /api/render/proxy/lambda/r1", json(200, r#"{"status":"completed"}"#));
    let bench = Bench::new(vec![file, known, each("GET /api/render/proxy/r1/download", raw(cut))]);
    let error = download(&bench, "/f.mp4").await.unwrap_err();
    assert_eq!((error.kind, error.retryable), (Kind::Network, true), "{error}");
    assert!(!target(&bench).exists());
    assert_eq!(bench.server.requests("GET /f.mp4").len(), 5);
}

#[tokio::test]
async fn a_standing_download_is_left_and_continued() {
    let file = video(100_000);
    let (first, second) = (file.clone(), file.clone());
    let stands = once("GET /f.mp4", move |_, peer: &mut Peer| {
        peer.send(&answer(200, "", &first)[..60_000]);
        peer.hang();
    });
    let goes_on = once("GET /f.mp4", move |request, peer| rest_of(&second, request, peer));
    let bench = Bench::with(vec![stands, goes_on], |config| config.delays = short());
    assert_eq!(download(&bench, "/f.mp4").await.unwrap(), 100_000);
}

#[tokio::test]
async fn a_place_that_cannot_be_written_is_the_callers_matter() {
    let bench = Bench::new(vec![]);
    let to = bench.home.path().join("missing/out.mp4");
    let done = bench.client.download("r1", &view(Some("/f.mp4")), "mp4", &to, &bench.watcher()).await;
    let error = done.unwrap_err();
    assert_eq!(error.kind, Kind::Input);
    assert!(error.message.contains("cannot write") && !error.hint.is_empty());
}
