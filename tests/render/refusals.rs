//! What goes wrong says so, names its segment, and leaves nothing behind.

use std::fs;
use std::path::Path;

use reelscript::studio::render::{Output, RenderError};
use serde_json::json;

use super::Room;
use super::media::{make, plain};

async fn refused(room: &Room, tracks: serde_json::Value) -> RenderError {
    let error = room.rendered(tracks, Output::default()).await.unwrap_err();
    assert!(!room.path("out.mp4").exists(), "a file was left");
    let work = fs::read_dir(room.path("work"));
    assert_eq!(work.map_or(0, Iterator::count), 0, "something was left in the work folder");
    error
}

#[tokio::test]
async fn missing_and_broken_media_name_their_segment() {
    let room = Room::new();
    let with = |src: &str| json!([{"tt": 0, "sg": [{"s": 0, "d": 500, "src": src, "m": {"name": "beach"}}]}]);
    let missing = refused(&room, with("/media/abc/gone.mp4")).await;
    assert_eq!(missing.to_string(), "the media of segment `beach` is missing: /media/abc/gone.mp4");
    assert!(missing.hint().unwrap().contains("upload"));
    make(&room, "cut.mp4", "-f lavfi -i testsrc2=s=160x90:d=2 -pix_fmt yuv420p");
    fs::OpenOptions::new().write(true).open(room.path("cut.mp4")).unwrap().set_len(3000).unwrap();
    plain(&room, "cut.png", "red");
    fs::OpenOptions::new().write(true).open(room.path("cut.png")).unwrap().set_len(200).unwrap();
    fs::write(room.path("empty.mp4"), "").unwrap();
    fs::write(room.path("notes.mp4"), "these are only words, in a file with the wrong name").unwrap();
    for name in ["cut.mp4", "cut.png", "empty.mp4", "notes.mp4"] {
        let error = refused(&room, with(name)).await;
        let said = error.to_string();
        assert!(matches!(error, RenderError::BrokenMedia { .. }), "{name}: {said}");
        assert!(said.starts_with("the media of segment `beach` cannot be used: "), "{said}");
        assert!(!said.contains(room.folder.path().to_str().unwrap()), "{said}");
    }
}

#[tokio::test]
async fn an_empty_draft_is_refused() {
    let room = Room::new();
    assert!(matches!(refused(&room, json!([])).await, RenderError::Empty));
    let blank = json!([{"tt": 0, "sg": [{"s": 0, "d": 0, "m": {"kind": "scene"}}]}]);
    assert!(matches!(refused(&room, blank).await, RenderError::Empty));
}

#[tokio::test]
async fn a_stop_leaves_no_file_and_no_process() {
    let room = Room::new();
    make(&room, "long.mp4", "-f lavfi -i testsrc2=s=640x360:r=30:d=20 -preset ultrafast -pix_fmt yuv420p");
    fs::write(room.path("stop"), "").unwrap();
    let tracks = json!([{"tt": 0, "sg": [{"s": 0, "d": 20_000, "src": "long.mp4"}]}]);
    assert!(matches!(refused(&room, tracks).await, RenderError::Stopped));
    assert_eq!(running_over(room.folder.path()), Vec::<String>::new());
}

/// The command lines of all processes that name a folder.
fn running_over(folder: &Path) -> Vec<String> {
    let processes = fs::read_dir("/proc").unwrap().filter_map(Result::ok);
    let lines = processes.filter_map(|process| fs::read(process.path().join("cmdline")).ok());
    let lines = lines.map(|line| String::from_utf8_lossy(&line).replace('\0', " "));
    lines.filter(|line| line.contains(folder.to_str().unwrap())).collect()
}

#[tokio::test]
async fn a_name_that_looks_like_a_pattern_or_an_option_is_a_file() {
    let room = Room::new();
    plain(&room, "a.png", "red");
    for name in ["%03d.png", "-y.png", "http:a.png", "a'b;c[1].png"] {
        fs::copy(room.path("a.png"), room.path(name)).unwrap();
        let tracks = json!([{"tt": 0, "sg": [{"s": 0, "d": 300, "src": name}]}]);
        room.render(tracks).await;
    }
    make(&room, "b.mp4", "-f lavfi -i testsrc2=s=160x90:d=1 -pix_fmt yuv420p");
    fs::copy(room.path("b.mp4"), room.path("crop=1:1,'[x].mp4")).unwrap();
    room.render(json!([{"tt": 0, "sg": [{"s": 0, "d": 300, "src": "crop=1:1,'[x].mp4"}]}])).await;
}
