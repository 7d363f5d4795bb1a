//! What is heard: level, place, volume, silence.

use std::path::Path;

use serde_json::json;

use super::media::{loudness, make, power, power_of};
use super::{Room, scene};

/// What holds for every file of the suite: it is as loud as platforms want it, or silent,
/// or too short for a loudness; and its peaks leave room.
pub(super) fn levelled(path: &Path) {
    let (level, peak) = loudness(path);
    assert!(peak <= -1.0, "{}: a peak of {peak} dB", path.display());
    assert!(level < -60.0 || (level + 14.0).abs() <= 1.0, "{}: {level} LUFS", path.display());
}

#[tokio::test]
async fn every_mood_is_levelled_to_what_platforms_want() {
    let room = Room::new();
    for mood in ["lo-fi", "upbeat", "cinematic", "calm", "corporate"] {
        let music = json!({"tt": 1, "sg": [{"s": 0, "d": 8000, "src": format!("studio:music/{mood}"), "v": 0.35,
            "m": {"fade_in": 400, "fade_out": 1500}}]});
        let path = room.render(json!([scene(8000), music])).await;
        assert!(loudness(&path).0 > -15.0, "{mood}");
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

#[tokio::test]
async fn songs_quiet_and_loud_come_out_alike_and_noise_stays_quiet() {
    let room = Room::new();
    let song = "-f lavfi -i aevalsrc='(0.3+0.3*sin(9*t))*sin(2*PI*220*t+3*sin(2*PI*3*t)):d=4:s=44100' -af";
    for (name, change) in [("quiet.wav", "volume=-24dB"), ("loud.wav", "volume=30dB")] {
        make(&room, name, &format!("{song} {change}"));
        room.render(json!([scene(4000), {"tt": 1, "sg": [{"s": 0, "d": 4000, "src": name}]}])).await;
    }
    make(&room, "hiss.wav", "-f lavfi -i anoisesrc=a=0.0005:d=2:r=48000:seed=1");
    let path =
        room.render(json!([scene(2000), {"tt": 1, "sg": [{"s": 0, "d": 2000, "src": "hiss.wav"}]}])).await;
    assert!(power(&path, 0.0, 2.0) < 0.002, "noise was blown up");
    make(&room, "tick.wav", "-f lavfi -i sine=f=900:d=0.2 -af volume=6dB");
    room.render(json!([scene(300), {"tt": 1, "sg": [{"s": 0, "d": 200, "src": "tick.wav"}]}])).await;
}

/// Six seconds with a tone of 2 kHz as music and a clip that talks, at 300 Hz, in the
/// middle two: how loud the music is before, under and after the talk.
async fn music_around_talk(music: serde_json::Value, volume: f64) -> [f64; 3] {
    let room = Room::new();
    make(
        &room,
        "talk.mp4",
        "-f lavfi -i testsrc2=s=160x90:r=15:d=6 -f lavfi -i aevalsrc='0.3*sin(2*PI*300*t)*between(t,2,4)':d=6 \
         -pix_fmt yuv420p",
    );
    make(&room, "tune.wav", "-f lavfi -i sine=f=2000:d=6 -ac 2");
    let path = room
        .render(json!([
            {"tt": 0, "sg": [{"s": 0, "d": 6000, "src": "talk.mp4", "v": volume}]},
            {"tt": 1, "m": {"role": "music"}, "sg": [{"s": 0, "d": 6000, "src": "tune.wav", "v": 1.0, "m": music}]}]))
        .await;
    let heard = |from: f64| power_of(&path, from, from + 0.8, "bandpass=f=2000:width_type=h:w=300");
    [heard(0.5), heard(2.6), heard(5.1)]
}

#[tokio::test]
async fn music_goes_down_while_a_clip_talks_and_comes_back() {
    let [before, under, after] = music_around_talk(json!({}), 1.0).await;
    assert!(under < before * 0.5, "{before} {under}");
    assert!((after / before - 1.0).abs() < 0.1, "{before} {after}");
}

#[tokio::test]
async fn music_stays_where_it_is_told_to_and_over_clips_that_are_turned_down() {
    let [before, under, _] = music_around_talk(json!({"duck": false}), 1.0).await;
    assert!((under / before - 1.0).abs() < 0.1, "{before} {under}");
    let [before, under, _] = music_around_talk(json!({}), 0.0).await;
    assert!((under / before - 1.0).abs() < 0.1, "{before} {under}");
    let [before, under, _] = music_around_talk(json!({"duck": true}), 0.3).await;
    assert!(under < before * 0.5, "{before} {under}");
}

#[tokio::test]
async fn a_voice_speaks_over_music_and_ends_when_it_is_done() {
    let room = Room::new();
    let voice = |at: u64, text: &str, language: &str| json!({"s": at, "d": 800, "src": "studio:voice", "m": {"text": text, "language": language}});
    let voices = json!({"tt": 1, "m": {"role": "voice"}, "sg": [
        voice(1000, "Good morning, and welcome to our shop.", "en"), voice(1500, "早安咖啡", "zh")]});
    let music = json!({"tt": 1, "sg": [{"s": 0, "d": 7000, "src": "studio:music/calm", "v": 0.2}]});
    let path = room.render(json!([scene(7000), voices.clone(), music])).await;
    assert!(power(&path, 1.3, 2.3) > 3.0 * power(&path, 0.1, 0.6));
    // Longer than the draft took it for, and the second one waits for its end.
    let alone = room.render(json!([scene(7000), voices])).await;
    let heard: Vec<bool> =
        [0.3, 1.4, 2.6, 4.2, 6.3].iter().map(|at| power(&alone, *at, at + 0.4) > 0.01).collect();
    assert_eq!(heard, [false, true, true, true, false]);
}
