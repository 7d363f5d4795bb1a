//! Media of every kind that people have: what moves, what is transparent, odd sizes, odd sound.

use serde_json::json;

use super::media::{Shown, make, power};
use super::{Room, scene};

#[tokio::test]
async fn a_moving_webp_moves_and_starts_again() {
    let room = Room::new();
    make(
        &room,
        "blink.webp",
        "-f lavfi -i color=red:s=64x36:r=10:d=0.5 -f lavfi -i color=blue:s=64x36:r=10:d=0.5 \
         -filter_complex concat=n=2 -c:v libwebp_anim -lossless 1",
    );
    let segments = json!([{"s": 0, "d": 2000, "src": "blink.webp"},
        {"s": 2000, "d": 1000, "src": "blink.webp", "m": {"speed": 2.0, "transition": {"kind": "crossfade", "d": 100}}}]);
    let path = room.render(json!([{"tt": 0, "sg": segments}])).await;
    let reds = [0.2, 0.7, 1.2, 1.7, 2.2, 2.4, 2.6].map(|at| Shown::at(&path, at).pixel(80, 45)[0] > 150);
    assert_eq!(reds, [true, false, true, false, true, false, true]);
}

#[tokio::test]
async fn a_moving_webp_is_shown_whole_before_a_blurred_copy() {
    let room = Room::new();
    // Red above, green in the middle, blue below, and the other way round.
    let bands = |one: &str, two: &str| {
        format!(
            "-f lavfi -i color={one}:s=36x8:r=10:d=0.5 -f lavfi -i color=lime:s=36x48:r=10:d=0.5 \
                 -f lavfi -i color={two}:s=36x8:r=10:d=0.5"
        )
    };
    let line = format!(
        "{} {} -filter_complex [0][1][2]vstack=3[a];[3][4][5]vstack=3[b];[a][b]concat -c:v libwebp_anim -lossless 1",
        bands("red", "blue"),
        bands("blue", "red")
    );
    make(&room, "tall.webp", &line);
    let path = room
        .render(json!([{"tt": 0, "sg": [{"s": 0, "d": 1000, "src": "tall.webp", "m": {"fit": "blur"}}]}]))
        .await;
    for (at, top) in [(0.2, 0), (0.7, 2)] {
        let shown = Shown::at(&path, at);
        let (above, below, side) = (shown.pixel(80, 3), shown.pixel(80, 86), shown.pixel(8, 45));
        assert!(above[top] > 180 && below[2 - top] > 180, "{at}: {above:?} {below:?}");
        assert!(side.iter().sum::<i32>() > 60 && side[1] < 200, "{at}: {side:?}");
    }
}

#[tokio::test]
async fn what_is_transparent_shows_a_ground_that_is_not_black() {
    let room = Room::new();
    let half =
        "-f lavfi -i color=red:s=320x180:r=10:d=1,format=rgba,geq=r=255:g=0:b=0:a='if(lt(X,160),255,0)'";
    make(&room, "still.png", &format!("{half} -frames:v 1"));
    make(&room, "still.webp", &format!("{half} -frames:v 1 -c:v libwebp -lossless 1"));
    let moving = format!(
        "{half} -vf split[a][b];[a]palettegen=reserve_transparent=1[p];[b]scroll=v=0.1[c];[c][p]paletteuse"
    );
    make(&room, "moving.gif", &moving);
    make(&room, "clip.mov", &format!("{half} -c:v qtrle"));
    make(&room, "nine.webm", &format!("{half} -c:v libvpx-vp9 -pix_fmt yuva420p"));
    make(&room, "eight.webm", &format!("{half} -c:v libvpx -pix_fmt yuva420p -auto-alt-ref 0"));
    let names = ["still.png", "still.webp", "moving.gif", "clip.mov", "nine.webm", "eight.webm"];
    let segments: Vec<_> = names
        .iter()
        .enumerate()
        .map(|(i, src)| json!({"s": i * 500, "d": 500, "src": src, "m": {"motion": "none"}}))
        .collect();
    let path = room.render(json!([{"tt": 0, "sg": segments}])).await;
    for (i, name) in names.iter().enumerate() {
        let shown = Shown::at(&path, i as f64 * 0.5 + 0.2);
        let (left, right) = (shown.pixel(30, 45), shown.pixel(130, 45));
        assert!(left[0] > 200 && left[1] < 60, "{name}: {left:?}");
        assert!(
            right.iter().zip([24, 25, 29]).all(|(c, ground)| (c - ground).abs() <= 8),
            "{name}: {right:?}"
        );
    }
}

#[tokio::test]
async fn clips_of_odd_sizes_and_oblong_pixels_fill_the_picture() {
    let room = Room::new();
    for (name, line) in [
        ("odd.mkv", "-f lavfi -i color=lime:s=321x179:r=25:d=1 -c:v ffv1 -pix_fmt yuv444p"),
        ("thin.avi", "-f lavfi -i color=lime:s=65x301:r=12:d=1 -c:v mjpeg -pix_fmt yuvj444p"),
        ("pal.mp4", "-f lavfi -i color=lime:s=720x576:r=25:d=1 -vf setsar=16/15 -pix_fmt yuv420p"),
        ("deep.mp4", "-f lavfi -i color=lime:s=320x180:r=30000/1001:d=1 -pix_fmt yuv420p10le"),
    ] {
        make(&room, name, line);
        let path = room.render(json!([{"tt": 0, "sg": [{"s": 0, "d": 400, "src": name}]}])).await;
        let shown = Shown::at(&path, 0.2);
        for (x, y) in [(2, 2), (157, 2), (80, 45), (2, 87), (157, 87)] {
            let pixel = shown.pixel(x, y);
            assert!(pixel[1] > 200 && pixel[0] < 60, "{name} at {x},{y}: {pixel:?}");
        }
    }
}

#[tokio::test]
async fn sound_of_one_and_of_six_channels_comes_out_of_both_sides() {
    let room = Room::new();
    make(&room, "mono.wav", "-f lavfi -i sine=f=400:d=1:sample_rate=22050 -ac 1");
    // Only the middle speaker of six, and only the left one behind.
    for (name, speaker) in [("middle.wav", "FC"), ("behind.m4a", "BL")] {
        make(&room, name, &format!("-f lavfi -i sine=f=400:d=1 -af pan=5.1|{speaker}=c0"));
    }
    for (name, sides) in
        [("mono.wav", [true, true]), ("middle.wav", [true, true]), ("behind.m4a", [true, false])]
    {
        let path =
            room.render(json!([scene(1000), {"tt": 1, "sg": [{"s": 0, "d": 1000, "src": name}]}])).await;
        let heard = ["FL", "FR"]
            .map(|side| super::media::power_of(&path, 0.2, 0.8, &format!("pan=mono|c0={side}")) > 0.02);
        assert_eq!(heard, sides, "{name}");
        assert!(power(&path, 0.2, 0.8) > 0.02);
    }
}
