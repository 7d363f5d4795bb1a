//! The file itself: size, length, streams and colours of each format; clips as they were shot.

use reelscript::studio::render::{Format, Output, Quality};
use serde_json::json;

use super::media::{Shown, make, plain, probed, stream};
use super::{Room, scene};

#[tokio::test]
async fn an_mp4_is_what_the_web_plays() {
    let room = Room::new();
    let (path, rendered) = room.rendered(json!([scene(2000)]), Output::default()).await.unwrap();
    assert_eq!((rendered.width, rendered.height), (640, 360));
    assert_eq!(rendered.bytes, std::fs::metadata(&path).unwrap().len());
    let info = probed(&path);
    let (video, audio) = (stream(&info, "video").unwrap(), stream(&info, "audio").unwrap());
    let said = |key: &str| video[key].as_str().unwrap_or_default().to_owned();
    assert_eq!(
        (said("codec_name"), said("profile"), said("pix_fmt")),
        ("h264".into(), "High".into(), "yuv420p".into())
    );
    assert_eq!(["color_space", "color_primaries", "color_transfer"].map(said), ["bt709"; 3]);
    assert_eq!(
        (said("color_range"), said("nb_read_packets"), said("r_frame_rate")),
        ("tv".into(), "30".into(), "15/1".into())
    );
    assert_eq!((audio["codec_name"].as_str(), audio["channels"].as_u64()), (Some("aac"), Some(2)));
    assert_eq!(audio["sample_rate"], "48000");
    let bytes = std::fs::read(&path).unwrap();
    let place = |name: &[u8]| bytes.windows(4).position(|w| w == name).unwrap();
    assert!(place(b"moov") < place(b"mdat"), "it does not start fast");
    let percents = room.percents.lock().unwrap().clone();
    assert!(
        percents.is_sorted() && percents.first() == Some(&0) && percents.last() == Some(&100),
        "{percents:?}"
    );
    assert_eq!(std::fs::read_dir(room.path("work")).unwrap().count(), 0);
}

#[tokio::test]
async fn every_format_holds_its_length_and_its_sound() {
    let room = Room::new();
    let formats = [(Format::Mov, "h264", "aac"), (Format::Mkv, "h264", "aac"), (Format::Webm, "vp9", "opus")];
    for (format, picture, sound) in formats {
        let output = Output { format, quality: Quality::Low, resolution: None };
        let (path, rendered) = room.rendered(json!([scene(1000)]), output).await.unwrap();
        let info = probed(&path);
        assert_eq!(stream(&info, "video").unwrap()["codec_name"], picture);
        assert_eq!(stream(&info, "audio").unwrap()["codec_name"], sound);
        assert!((rendered.seconds - 1.0).abs() <= 0.1, "{format:?}: {}", rendered.seconds);
    }
}

#[tokio::test]
async fn a_gif_has_no_sound_and_moves() {
    let room = Room::new();
    let output = Output { format: Format::Gif, quality: Quality::Medium, resolution: None };
    let music = json!({"tt": 1, "sg": [{"s": 0, "d": 2000, "src": "studio:music/calm"}]});
    let (path, rendered) = room.rendered(json!([scene(2000), music]), output).await.unwrap();
    let info = probed(&path);
    assert!(stream(&info, "audio").is_none());
    assert_eq!(stream(&info, "video").unwrap()["codec_name"], "gif");
    assert!((rendered.seconds - 2.0).abs() <= 0.1);
    assert!(Shown::at(&path, 0.0).distance(&Shown::at(&path, 1.8)) > 1.0);
}

#[tokio::test]
async fn a_resolution_keeps_the_shape() {
    let room = Room::new();
    let output = Output::read(None, None, Some("480p")).unwrap();
    let (_, rendered) = room.rendered(json!([scene(400)]), output).await.unwrap();
    assert_eq!((rendered.width, rendered.height), (854, 480));
}

#[tokio::test]
async fn colours_of_photos_and_clips_come_out_as_they_were() {
    let room = Room::new();
    plain(&room, "photo.png", "0x2060C0");
    // HD by its size, tagged as nothing: BT.709 by habit.
    make(
        &room,
        "hd.mp4",
        "-f lavfi -i color=0x2060C0:s=1280x720:r=15:d=1 -vf scale=out_color_matrix=bt709 -pix_fmt yuv420p",
    );
    // SD, tagged as BT.601.
    make(
        &room,
        "sd.mp4",
        "-f lavfi -i color=0x2060C0:s=320x180:r=15:d=1 -vf scale=out_color_matrix=bt601 -pix_fmt yuv420p -colorspace smpte170m",
    );
    let sources = ["photo.png", "hd.mp4", "sd.mp4"];
    let segments: Vec<_> =
        sources.iter().enumerate().map(|(i, src)| json!({"s": i * 1000, "d": 1000, "src": src})).collect();
    let path = room.render(json!([{"tt": 0, "sg": segments}])).await;
    for (i, source) in sources.iter().enumerate() {
        let shown = Shown::at(&path, i as f64 + 0.5).pixel(80, 45);
        let near = shown.iter().zip([0x20, 0x60, 0xC0]).all(|(found, asked)| (found - asked).abs() <= 6);
        assert!(near, "{source}: {shown:?}");
    }
}

#[tokio::test]
async fn a_clip_is_cut_sped_up_and_held_at_its_end() {
    let room = Room::new();
    // A second each of red, green and blue.
    make(
        &room,
        "rgb.mp4",
        "-f lavfi -i color=red:s=320x180:r=30:d=1 -f lavfi -i color=lime:s=320x180:r=30:d=1 \
         -f lavfi -i color=blue:s=320x180:r=30:d=1 -filter_complex concat=n=3 -pix_fmt yuv420p",
    );
    let tracks = json!([{"tt": 0, "sg": [
        {"s": 0, "d": 1000, "src": "rgb.mp4", "ss": 1500},
        {"s": 1000, "d": 1500, "src": "rgb.mp4", "m": {"speed": 2.0}},
        {"s": 2500, "d": 1000, "src": "rgb.mp4", "ss": 2800}]}]);
    let path = room.render(tracks).await;
    let strongest = |at: f64| {
        let pixel = Shown::at(&path, at).pixel(80, 45);
        (0..3).max_by_key(|c| pixel[*c]).unwrap()
    };
    let found = [0.2, 0.8, 1.2, 1.7, 2.3, 3.4].map(strongest);
    assert_eq!(found, [1, 2, 0, 1, 2, 2]);
}

#[tokio::test]
async fn a_clip_of_uneven_frames_keeps_its_time() {
    let room = Room::new();
    // Half of a second at 30 frames a second, then one frame in five.
    make(
        &room,
        "uneven.mp4",
        "-f lavfi -i color=red:s=320x180:r=30:d=1 -f lavfi -i color=blue:s=320x180:r=30:d=1 \
         -filter_complex concat=n=2,select='lt(n\\,15)+not(mod(n\\,5))' -vsync vfr -pix_fmt yuv420p",
    );
    let path = room.render(json!([{"tt": 0, "sg": [{"s": 0, "d": 2000, "src": "uneven.mp4"}]}])).await;
    let (before, after) = (Shown::at(&path, 0.8).pixel(80, 45), Shown::at(&path, 1.3).pixel(80, 45));
    assert!(before[0] > 150 && after[2] > 150, "{before:?} {after:?}");
}

#[tokio::test]
async fn a_phone_video_stands_upright() {
    let room = Room::new();
    // Shot sideways: its left half is red, its right half is blue; shown, red is on top.
    make(
        &room,
        "shot.mp4",
        "-f lavfi -i color=red:s=160x180:r=15:d=1 -f lavfi -i color=blue:s=160x180:r=15:d=1 \
         -filter_complex hstack -pix_fmt yuv420p",
    );
    let shot = room.path("shot.mp4").display().to_string();
    make(&room, "phone.mp4", &format!("-i {shot} -c copy -metadata:s:v:0 rotate=270"));
    let path = room.render(json!([{"tt": 0, "sg": [{"s": 0, "d": 800, "src": "phone.mp4"}]}])).await;
    let shown = Shown::at(&path, 0.4);
    let (top, bottom) = (shown.pixel(80, 10), shown.pixel(80, 80));
    assert!((top[0] > 150) != (bottom[0] > 150), "{top:?} {bottom:?}");
    assert_eq!(shown.pixel(10, 10)[0] > 150, shown.pixel(150, 10)[0] > 150);
}

#[tokio::test]
async fn a_moving_gif_moves_and_starts_again() {
    let room = Room::new();
    make(
        &room,
        "blink.gif",
        "-f lavfi -i color=red:s=64x36:r=10:d=0.5 -f lavfi -i color=blue:s=64x36:r=10:d=0.5 -filter_complex concat=n=2",
    );
    let path = room.render(json!([{"tt": 0, "sg": [{"s": 0, "d": 2000, "src": "blink.gif"}]}])).await;
    let reds = [0.2, 0.7, 1.2, 1.7].map(|at| Shown::at(&path, at).pixel(80, 45)[0] > 150);
    assert_eq!(reds, [true, false, true, false]);
}
