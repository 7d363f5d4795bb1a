//! What a render takes from those before it, and what it makes again.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;
use std::process::Command;

use reelscript::studio::render::{Format, Output, Quality};
use serde_json::{Value, json};
use sha2::{Digest, Sha256};

use super::media::Shown;
use super::{Room, scene};

/// Five seconds, three chunks; the title is seen in the second one.
fn titled(title: &str) -> Value {
    let title = json!({"tt": 7, "sg": [{"s": 2200, "d": 1500, "m": {"text": title, "effect": "none"}}]});
    json!([scene(5000), title])
}

/// The pieces in the cache and their bytes.
fn pieces(room: &Room) -> BTreeMap<String, Vec<u8>> {
    let entries = fs::read_dir(room.path("cache")).unwrap().map(|entry| entry.unwrap().path());
    entries.map(|path| (path.display().to_string(), fs::read(&path).unwrap())).collect()
}

/// The times of all packets of the picture, in order of display, in units of its container.
fn times(path: &Path) -> Vec<i64> {
    let out = Command::new("ffprobe")
        .args(["-v", "error", "-select_streams", "v", "-show_entries", "packet=pts", "-of", "csv=p=0"])
        .arg(path)
        .output()
        .unwrap();
    let text = String::from_utf8(out.stdout).unwrap();
    let number = |line: &str| line.trim_end_matches(',').parse().unwrap();
    let mut times: Vec<i64> = text.lines().map(number).collect();
    times.sort_unstable();
    times
}

#[tokio::test]
async fn a_changed_title_makes_only_the_chunk_that_shows_it() {
    let room = Room::new();
    room.render(titled("Morning")).await;
    let before = pieces(&room);
    assert_eq!(before.len(), 4, "three chunks and a sound");
    let path = room.render(titled("Evening")).await;
    let after = pieces(&room);
    assert_eq!(after.len(), 5);
    assert!(before.iter().all(|(name, bytes)| after.get(name) == Some(bytes)));
    let percents = room.percents.lock().unwrap().clone();
    assert_eq!(percents.iter().filter(|percent| **percent == 100).count(), 2);
    // The joined file is what a render that remembers nothing makes, at each of its seams.
    let fresh = Room::new();
    let whole = fresh.render(titled("Evening")).await;
    for at in [1.95, 2.02, 2.9, 3.95, 4.02] {
        let distance = Shown::at(&path, at).distance(&Shown::at(&whole, at));
        assert!(distance < 0.7, "{at}: {distance}");
    }
    let uniform = times(&path);
    assert_eq!((uniform.len(), uniform[0]), (75, 0));
    assert!(uniform.windows(2).all(|pair| pair[1] - pair[0] == uniform[1]), "{uniform:?}");
    // The same draft again makes nothing, in another container neither.
    let output = Output { format: Format::Mkv, quality: Quality::Medium, resolution: None };
    room.rendered(titled("Evening"), output).await.unwrap();
    assert_eq!(pieces(&room), after);
}

#[tokio::test]
async fn what_is_damaged_in_the_cache_is_made_again() {
    let room = Room::new();
    room.render(titled("Morning")).await;
    let before = pieces(&room);
    for (number, (name, bytes)) in before.iter().enumerate() {
        let damaged = match number {
            0 => bytes[..bytes.len() / 2].to_vec(),
            1 => Vec::new(),
            // Whole by its checksum, with as many lumas as frames, and no video at all.
            _ => {
                let line = bytes.split(|byte| *byte == b'\n').next().unwrap();
                let facts = std::str::from_utf8(line).unwrap().split_once(' ').unwrap().1;
                let lumas: Vec<u8> = (0..facts.len() / 2)
                    .map(|i| u8::from_str_radix(&facts[2 * i..2 * i + 2], 16).unwrap())
                    .collect();
                let sum = Sha256::new().chain_update(&lumas).chain_update("noise").finalize();
                let sum: String = sum.iter().map(|byte| format!("{byte:02x}")).collect();
                format!("{sum} {facts}\nnoise").into_bytes()
            }
        };
        fs::write(name, damaged).unwrap();
    }
    room.render(titled("Morning")).await;
    let after = pieces(&room);
    assert!(before.keys().eq(after.keys()));
    assert!(after.values().all(|bytes| bytes.len() > 200), "a damaged piece stayed");
}

#[tokio::test]
async fn a_sudden_change_just_before_a_chunk_ends_loses_no_frame() {
    let room = Room::new();
    let shot = |start, length, palette| {
        let scene = json!({"style": "mesh", "palette": palette, "seed": 7});
        json!({"s": start, "d": length, "m": {"kind": "scene", "scene": scene}})
    };
    // Two frames of another colour at the end of two seconds, and of two more.
    let first = [shot(0, 1867, "night"), shot(1867, 133, "sand")];
    let shots = [&first[..], &[shot(2000, 1867, "ocean"), shot(3867, 133, "sand")]].concat();
    let path = room.render(json!([{"tt": 0, "m": {"role": "main"}, "sg": shots}])).await;
    assert_eq!(times(&path).len(), 60);
    assert_eq!(pieces(&room).len(), 3, "two chunks and a sound");
}
