//! What comes out: each container, size and rate that can be asked for.

use reelscript::studio::render::Output;
use serde_json::{Value, json};

use super::media::{probed, stream};
use super::{Room, scene};

/// Renders `ms` of a scene with music; returns the size, the rate, the frames, the codecs
/// and the length as ffprobe sees them.
async fn made(format: &str, resolution: Option<&str>, fps: u32, ms: u64) -> Value {
    let room = Room::new();
    let output = Output::read(Some(format), Some("low"), resolution).unwrap();
    let canvas = json!({"width": 320, "height": 180, "fps": fps, "seed": 7});
    let music = json!({"tt": 1, "sg": [{"s": 0, "d": ms, "src": "studio:music/calm"}]});
    let (path, rendered) = room.rendered_on(canvas, json!([scene(ms), music]), output).await.unwrap();
    let info = probed(&path);
    let (video, audio) = (stream(&info, "video").unwrap(), stream(&info, "audio"));
    let seconds = ms as f64 / 1000.0;
    assert!((rendered.seconds - seconds).abs() <= 0.1, "{format} lasts {}", rendered.seconds);
    let frames = video["nb_read_packets"].as_str().unwrap().parse::<u64>().unwrap();
    json!([
        video["width"],
        video["height"],
        video["r_frame_rate"],
        frames,
        video["codec_name"],
        audio.map_or(Value::Null, |audio| audio["codec_name"].clone())
    ])
}

#[tokio::test]
async fn every_container_keeps_the_rate_that_was_asked_for() {
    assert_eq!(made("mp4", None, 24, 500).await, json!([320, 180, "24/1", 12, "h264", "aac"]));
    assert_eq!(made("mov", None, 25, 480).await, json!([320, 180, "25/1", 12, "h264", "aac"]));
    assert_eq!(made("webm", None, 30, 500).await, json!([320, 180, "30/1", 15, "vp9", "opus"]));
    assert_eq!(made("mkv", None, 60, 500).await, json!([320, 180, "60/1", 30, "h264", "aac"]));
}

#[tokio::test]
async fn a_gif_keeps_its_pictures_and_leaves_the_sound_out() {
    let made = made("gif", None, 30, 1000).await;
    assert_eq!(
        (&made[0], &made[1], &made[4], &made[5]),
        (&json!(320), &json!(180), &json!("gif"), &Value::Null)
    );
}

#[tokio::test]
async fn a_size_is_that_of_its_name() {
    assert_eq!(made("mp4", Some("720p"), 25, 200).await, json!([1280, 720, "25/1", 5, "h264", "aac"]));
    assert_eq!(made("mp4", Some("1080p"), 30, 200).await, json!([1920, 1080, "30/1", 6, "h264", "aac"]));
    assert_eq!(made("mp4", Some("4k"), 10, 200).await, json!([3840, 2160, "10/1", 2, "h264", "aac"]));
}
