//! What is on the picture: words where and when they were asked for, motion, transitions, looks.

use serde_json::{Value, json};

use super::media::{HIGH, Shown, WIDE, busy, make, plain, samples};
use super::{Room, scene};

#[tokio::test]
async fn a_title_stands_where_and_when_it_was_asked_for() {
    let room = Room::new();
    let title = json!({"tt": 7, "sg": [{"s": 1000, "d": 1500,
        "m": {"text": "Morning Brew", "position": "top-center", "size": "large"}}]});
    let path = room.render(json!([scene(3500), title])).await;
    let top = |seconds| Shown::at(&path, seconds).whites(0..WIDE, 0..HIGH / 3);
    assert_eq!((top(0.5), top(3.2)), (0, 0));
    assert!(top(1.9) > 60, "{}", top(1.9));
    let shown = Shown::at(&path, 1.9);
    assert_eq!(shown.whites(0..WIDE, HIGH / 2..HIGH), 0);
    // Centred: as much of it left of the middle as right of it, and nothing at the edges.
    let (left, right) = (shown.whites(0..WIDE / 2, 0..HIGH), shown.whites(WIDE / 2..WIDE, 0..HIGH));
    assert!(left.abs_diff(right) < (left + right) / 4, "{left} {right}");
    assert_eq!(shown.whites(0..8, 0..HIGH) + shown.whites(WIDE - 8..WIDE, 0..HIGH), 0);
}

#[tokio::test]
async fn words_in_any_script_are_drawn_inside_the_picture() {
    let room = Room::new();
    let words =
        ["你好，世界 🎬🚀", "مرحبا بالعالم", "A sentence that is much too long for a single line of a title"];
    let texts = words.iter().enumerate().map(|(i, text)| {
        json!({"s": i * 1000, "d": 1000, "m": {"text": text, "style": "statement", "effect": "none"}})
    });
    let texts = json!({"tt": 7, "sg": texts.collect::<Vec<_>>()});
    let path = room.render(json!([scene(3000), texts])).await;
    for (i, text) in words.iter().enumerate() {
        let shown = Shown::at(&path, i as f64 + 0.5);
        let whites = shown.whites(0..WIDE, 0..HIGH);
        assert!(whites > 25, "{text}: {whites}");
        assert_eq!(shown.whites(0..6, 0..HIGH) + shown.whites(WIDE - 6..WIDE, 0..HIGH), 0, "{text}");
        assert_eq!(shown.whites(0..WIDE, 0..4) + shown.whites(0..WIDE, HIGH - 4..HIGH), 0, "{text}");
    }
}

#[tokio::test]
async fn words_of_a_user_are_no_filter_and_no_escape_code() {
    let room = Room::new();
    let text = "'; [0:v]drawtext=text=%{eif\\:1}, \u{1b}[31m \\\" $(touch /tmp/x)";
    let words =
        json!({"tt": 7, "sg": [{"s": 0, "d": 1000, "m": {"text": text, "style": "title", "name": text}}]});
    let path = room.render(json!([scene(1000), words])).await;
    assert!(Shown::at(&path, 0.6).whites(0..WIDE, 0..HIGH) > 20);
}

#[tokio::test]
async fn a_photo_fills_the_picture_and_keeps_moving() {
    let room = Room::new();
    busy(&room, "tall.jpg", "600x900");
    let photo =
        json!({"s": 0, "d": 2000, "src": "/media/h/tall.jpg", "m": {"kind": "image", "motion": "in"}});
    let path = room.render(json!([{"tt": 0, "sg": [photo]}])).await;
    let frames: Vec<Shown> = [0.1, 0.9, 1.8].iter().map(|at| Shown::at(&path, *at)).collect();
    assert!(frames[0].distance(&frames[1]) > 1.5 && frames[1].distance(&frames[2]) > 1.5);
    let edge = |x: usize| (0..HIGH).map(|y| frames[1].pixel(x, y).iter().sum::<i32>()).sum::<i32>();
    assert!(edge(0) > 2000 && edge(WIDE - 1) > 2000, "black bars");
}

#[tokio::test]
async fn transitions_lie_between_both_shots_and_take_no_time() {
    let room = Room::new();
    plain(&room, "red.png", "0xC00000");
    plain(&room, "blue.png", "0x0000C0");
    for kind in ["crossfade", "slide", "wipe", "zoom", "dip"] {
        let tracks = json!([{"tt": 0, "sg": [
            {"s": 0, "d": 1000, "src": "red.png"},
            {"s": 1000, "d": 1200, "src": "blue.png", "m": {"transition": {"kind": kind, "d": 800}}}]}]);
        let (path, rendered) = room.rendered(tracks, Default::default()).await.unwrap();
        assert!((rendered.seconds - 2.2).abs() < 0.1);
        let (before, after) = (Shown::at(&path, 0.8).pixel(80, 45), Shown::at(&path, 2.1).pixel(80, 45));
        assert!(before[0] > 150 && before[2] < 40 && after[2] > 150 && after[0] < 40, "{before:?} {after:?}");
        let during = Shown::at(&path, 1.4);
        let reds: i32 = (0..WIDE).map(|x| during.pixel(x, 45)[0]).sum::<i32>() / WIDE as i32;
        let blues: i32 = (0..WIDE).map(|x| during.pixel(x, 45)[2]).sum::<i32>() / WIDE as i32;
        if kind == "dip" {
            assert!(reds + blues < 120, "{kind}: {reds} {blues}");
        } else {
            assert!((30..165).contains(&reds) && (30..165).contains(&blues), "{kind}: {reds} {blues}");
        }
    }
}

#[tokio::test]
async fn a_logo_stays_in_its_corner_and_keeps_its_transparency() {
    let room = Room::new();
    plain(&room, "blue.png", "0x0000C0");
    // The left half is opaque green, the right half is clear.
    make(
        &room,
        "logo.png",
        "-f lavfi -i color=0x00FF00:s=200x100,format=rgba,geq=r='0':g='255':b='0':a='255*lt(X,100)' -frames:v 1",
    );
    let tracks = json!([{"tt": 0, "m": {"role": "main"}, "sg": [{"s": 0, "d": 2000, "src": "blue.png"}]},
        {"tt": 0, "m": {"role": "logo"}, "sg": [{"s": 0, "d": 2000, "src": "logo.png",
            "m": {"position": "bottom-left", "size": 0.25}}]}]);
    let path = room.render(tracks).await;
    let shown = Shown::at(&path, 1.0);
    let (logo, clear) = (shown.pixel(12, 80), shown.pixel(36, 80));
    assert!(logo[1] > 180 && logo[2] < 60, "{logo:?}");
    assert!(clear[2] > 150 && clear[1] < 40, "{clear:?}");
}

#[tokio::test]
async fn looks_and_fades_change_the_picture() {
    let room = Room::new();
    plain(&room, "orange.png", "0xE08020");
    let tracks = json!([{"tt": 0, "sg": [
        {"s": 0, "d": 1000, "src": "orange.png", "m": {"look": "bw", "fade_in": 600}},
        {"s": 1000, "d": 1000, "src": "orange.png", "m": {"look": "cool", "fade_out": 600}}]}]);
    let path = room.render(tracks).await;
    let [dark, grey, cool, gone] = [0.05, 0.9, 1.2, 1.92].map(|at| Shown::at(&path, at).pixel(80, 45));
    assert!(dark.iter().sum::<i32>() < 120 && gone.iter().sum::<i32>() < 60, "{dark:?} {gone:?}");
    assert!((grey[0] - grey[2]).abs() < 12, "{grey:?}");
    assert!(cool[0] < 0xE0 - 8 && cool[2] > 0x20, "{cool:?}");
}

#[tokio::test]
async fn a_look_of_a_part_changes_that_part_alone() {
    let room = Room::new();
    make(
        &room,
        "run.mp4",
        "-f lavfi -i testsrc2=s=320x180:r=15:d=4 -f lavfi -i aevalsrc=sin(300*t*(1+t)):d=4 -pix_fmt yuv420p",
    );
    busy(&room, "busy.png", "480x270");
    let blend = json!({"kind": "crossfade", "d": 400});
    let clip = |s: u64, d: u64, m: Value| json!({"s": s, "d": d, "ss": s, "src": "run.mp4", "m": m});
    let photo = |s: u64, d: u64, m: Value| json!({"s": s, "d": d, "src": "busy.png", "m": m});
    let whole = json!([{"tt": 0, "sg": [clip(0, 2000, json!({})),
        photo(2000, 2000, json!({"motion": "in", "transition": blend}))]}]);
    let parts = json!([{"tt": 0, "sg": [
        clip(0, 1000, json!({})), clip(1000, 1000, json!({"goes_on": true, "look": "bw"})),
        photo(2000, 1000, json!({"motion": "in", "transition": blend})),
        photo(3000, 1000, json!({"motion": "in", "goes_on": true, "look": "bw"}))]}]);
    let (before, after) = (room.path("whole.mp4"), room.path("parts.mp4"));
    std::fs::rename(room.render(whole).await, &before).unwrap();
    std::fs::rename(room.render(parts).await, &after).unwrap();
    for (at, grey) in
        [(0.3, false), (0.9, false), (1.1, true), (1.8, true), (2.6, false), (3.1, true), (3.8, true)]
    {
        let (was, is) = (Shown::at(&before, at), Shown::at(&after, at));
        let coloured = is.colour();
        assert_eq!(coloured < 4.0, grey, "{at}: {coloured}");
        assert!(grey || was.distance(&is) < 2.0, "{at}: {}", was.distance(&is));
        assert!(was.grey().distance(&is.grey()) < 9.0, "{at}: {}", was.grey().distance(&is.grey()));
    }
    assert_eq!(samples(&before), samples(&after));
}

#[tokio::test]
async fn nothing_of_a_scene_stands_still() {
    let room = Room::new();
    let path = room.render(json!([scene(4000)])).await;
    let frames: Vec<Shown> = [0.1, 2.0, 3.9].iter().map(|at| Shown::at(&path, *at)).collect();
    assert!(frames[0].distance(&frames[1]) > 1.0 && frames[1].distance(&frames[2]) > 1.0);
}
