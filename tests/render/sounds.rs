//! What is heard: level, place, volume, silence.

use serde_json::json;

use super::media::{loudness, make, power};
use super::{Room, scene};

#[tokio::test]
async fn every_mood_is_levelled_to_what_platforms_want() {
    let room = Room::new();
    for mood in ["lo-fi", "upbeat", "cinematic", "calm", "corporate"] {
        let music = json!({"tt": 1, "sg": [{"s": 0, "d": 8000, "src": format!("studio:music/{mood}"), "v": 0.35,
            "m": {"fade_in": 400, "fade_out": 1500}}]});
        let path = room.render(json!([scene(8000), music])).await;
        let (level, peak) = loudness(&path);
        assert!((level + 14.0).abs() <= 1.0, "{mood}: {level} LUFS");
        assert!(peak <= -1.0, "{mood}: {peak} dB");
        assert!(power(&path, 7.9, 8.0) < power(&path, 5.0, 6.0) / 4.0, "{mood} does not fade out");
    }
}

#[tokio::test]
async fn a_clip_sounds_at_its_volume_and_a_muted_one_does_not() {
    let room = Room::new();
    make(
        &room,
        "talk.mp4",
        "-f lavfi -i testsrc2=s=160x90:r=15:d=2 -f lavfi -i sine=f=300:d=2 -ac 1 -ar 22050 -pix_fmt yuv420p",
    );
    let tracks = json!([{"tt": 0, "sg": [
        {"s": 0, "d": 1000, "src": "talk.mp4", "v": 0.0},
        {"s": 1000, "d": 1000, "src": "talk.mp4", "v": 0.5},
        {"s": 2000, "d": 1000, "src": "talk.mp4"}]}]);
    let path = room.render(tracks).await;
    let [muted, half, full] = [0.0, 1.0, 2.0].map(|at| power(&path, at + 0.2, at + 0.8));
    assert!(muted < 0.003, "{muted}");
    assert!((half / full - 0.5).abs() < 0.15, "{half} {full}");
}

#[tokio::test]
async fn without_sound_the_file_is_silent_and_still_has_its_stream() {
    let room = Room::new();
    let path = room.render(json!([scene(1000)])).await;
    assert!(power(&path, 0.0, 1.0) < 1e-4);
}

#[tokio::test]
async fn a_song_is_placed_and_starts_again_when_it_is_short() {
    let room = Room::new();
    make(&room, "song.mp3", "-f lavfi -i sine=f=500:d=1");
    let song = json!({"tt": 1, "sg": [{"s": 1000, "d": 2000, "src": "song.mp3"}]});
    let path = room.render(json!([scene(4000), song])).await;
    let heard = [0.3, 1.3, 2.5, 3.5].map(|at| power(&path, at, at + 0.3) > 0.02);
    assert_eq!(heard, [false, true, true, false]);
}

#[tokio::test]
async fn many_sounds_are_mixed_in_groups() {
    let room = Room::new();
    make(&room, "beep.wav", "-f lavfi -i sine=f=500:d=0.05");
    let beeps: Vec<_> = (0..30).map(|i| json!({"s": i * 100, "d": 50, "src": "beep.wav"})).collect();
    let path = room.render(json!([scene(3000), {"tt": 1, "sg": beeps}])).await;
    for at in [0.0, 1.0, 2.0] {
        assert!(power(&path, at, at + 1.0) > 0.02, "nothing from {at}");
    }
}
