//! Pure cuts whose picture is copied, because it was asked for.

use std::path::Path;
use std::process::Command;

use reelscript::studio::render::{Output, Quality};
use serde_json::json;

use super::Room;
use super::media::make;

const SOURCE: Output =
    Output { format: reelscript::studio::render::Format::Mp4, quality: Quality::Source, resolution: None };
/// Three seconds with a keyframe at each whole one.
const FILMED: &str = "-f lavfi -i testsrc=s=640x360:r=15:d=3 -f lavfi -i sine=d=3 \
                      -c:v libx264 -g 15 -keyint_min 15 -sc_threshold 0 -pix_fmt yuv420p";

/// The pictures of a file, each as its checksum.
fn pictures(path: &Path) -> Vec<String> {
    let mut ffmpeg = Command::new("ffmpeg");
    ffmpeg.args(["-v", "error", "-i"]).arg(path);
    ffmpeg.args(["-map", "0:v:0", "-f", "framemd5", "-"]);
    let told = ffmpeg.output().expect("ffmpeg is installed");
    let text = String::from_utf8(told.stdout).expect("checksums are text");
    let rows = text.lines().filter(|line| !line.starts_with('#'));
    rows.filter_map(|row| row.rsplit(',').next()).map(|sum| sum.trim().to_owned()).collect()
}

/// Renders this part of the clip, in milliseconds; returns the pictures of the clip and of the film.
async fn cut(from: u64, length: u64, title: bool) -> (Vec<String>, Vec<String>) {
    let room = Room::new();
    make(&room, "clip.mp4", FILMED);
    let mut tracks = vec![json!({"tt": 0, "sg": [{"s": 0, "d": length, "src": "clip.mp4", "ss": from}]})];
    tracks.extend(title.then(|| json!({"tt": 7, "sg": [{"s": 0, "d": length, "m": {"text": "Hi"}}]})));
    let (path, _) = room.rendered(json!(tracks), SOURCE).await.unwrap();
    (pictures(&room.path("clip.mp4")), pictures(&path))
}

#[tokio::test]
async fn a_cut_from_a_keyframe_keeps_every_picture() {
    let (clip, film) = cut(1000, 1000, false).await;
    assert_eq!((clip.len(), film.len()), (45, 15));
    assert_eq!(film, clip[15..30]);
}

#[tokio::test]
async fn any_other_cut_is_encoded_and_lasts_as_planned() {
    for (from, length, title) in [(400, 1000, false), (1000, 1200, false), (1000, 1000, true)] {
        let (clip, film) = cut(from, length, title).await;
        assert_eq!(film.len() as u64, length * 15 / 1000, "from {from}");
        assert!(film.iter().all(|picture| !clip.contains(picture)), "from {from}");
    }
}
