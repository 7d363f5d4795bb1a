//! Words can be read wherever they stand: clear of players' controls, in contrast to the picture.

use serde_json::{Value, json};

use super::media::{HIGH, Shown, WIDE, plain};
use super::{Room, scene};

/// Words of one segment that stay for two seconds.
fn words(text: &str, meta: Value) -> Value {
    let mut segment = json!({"s": 0, "d": 2000, "m": {"text": text, "effect": "none"}});
    for (key, value) in meta.as_object().unwrap() {
        segment["m"][key] = value.clone();
    }
    json!({"tt": 7, "sg": [segment]})
}

#[tokio::test]
async fn words_keep_clear_of_what_vertical_players_lay_over_a_video() {
    let room = Room::new();
    let canvas = || json!({"width": 270, "height": 480});
    let size = (90, 160);
    let bare = Shown::sized(&room.drawn(canvas(), json!([scene(600)])).await, 0.3, size);
    let long = "Everything that you always wanted to know about how coffee travels";
    let styles = [
        json!({"style": "title", "position": "top-center", "size": "large"}),
        json!({"style": "title", "position": "bottom-right", "size": "large"}),
        json!({"style": "statement", "position": "center", "size": "large"}),
        json!({"style": "caption", "position": "bottom-center"}),
        json!({"style": "lower-third", "position": "bottom-left"}),
        json!({"style": "call-to-action", "position": "bottom-center", "size": "large"}),
    ];
    for style in styles {
        let path = room.drawn(canvas(), json!([scene(600), words(long, style.clone())])).await;
        let shown = Shown::sized(&path, 0.3, size);
        let changed = |x: usize, y: usize| {
            let (a, b) = (bare.pixel(x, y), shown.pixel(x, y));
            (0..3).any(|c| (a[c] - b[c]).abs() > 48)
        };
        let places: Vec<(usize, usize)> =
            (0..160).flat_map(|y| (0..90).map(move |x| (x, y))).filter(|(x, y)| changed(*x, *y)).collect();
        assert!(places.len() > 100, "{style}: {}", places.len());
        // Eight hundredths at the top, a fifth at the bottom, twelve hundredths at the right.
        let covered = |(x, y): &&(usize, usize)| *y < 13 || *y > 128 || *x > 79 || *x < 4;
        assert_eq!(places.iter().find(covered), None, "{style}");
    }
}

#[tokio::test]
async fn white_words_on_a_white_picture_get_a_shade_and_leave_the_rest_as_it_is() {
    let room = Room::new();
    plain(&room, "wall.png", "0xF6F2EA");
    let wall = json!({"tt": 0, "sg": [{"s": 0, "d": 2000, "src": "wall.png"}]});
    let meta = json!({"position": "top-center", "color": "white", "size": "large"});
    let path = room.render(json!([wall, words("Morning Brew", meta)])).await;
    let shown = Shown::at(&path, 1.0);
    let is_letter = |x: usize, y: usize| shown.light(x, y) > 0.85;
    // The darkest place near each letter: what its edge is seen against.
    let letters = (12..26).flat_map(|y| (40..120).map(move |x| (x, y))).filter(|(x, y)| is_letter(*x, *y));
    let near = letters.map(|(x, y)| {
        let around = (y - 3..=y + 3).flat_map(|y| (x - 3..=x + 3).map(move |x| (x, y)));
        around.map(|(x, y)| shown.light(x, y)).fold(1.0, f64::min)
    });
    let near: Vec<f64> = near.collect();
    let mean = near.iter().sum::<f64>() / near.len() as f64;
    assert!(near.len() > 60 && 1.05 / (mean + 0.05) >= 3.0, "{} letters against {mean}", near.len());
    assert!(shown.light(WIDE / 2, HIGH - 6) > 0.8, "the shade runs over the whole picture");
}

#[tokio::test]
async fn words_without_a_colour_are_dark_where_everything_is_bright() {
    let room = Room::new();
    plain(&room, "wall.png", "0xF6F2EA");
    let wall = json!({"tt": 0, "sg": [{"s": 0, "d": 2000, "src": "wall.png"}]});
    let path = room.render(json!([wall, words("Plain", json!({"position": "center", "size": 3}))])).await;
    let shown = Shown::at(&path, 0.5);
    let darkest = (30..130).map(|x| shown.light(x, HIGH / 2)).fold(1.0, f64::min);
    assert!(darkest < 0.1 && shown.light(4, HIGH / 2) > 0.8, "{darkest}");
}

#[tokio::test]
async fn a_dark_picture_gets_no_shade() {
    let room = Room::new();
    plain(&room, "night.png", "0x203040");
    let night = json!({"tt": 0, "sg": [{"s": 0, "d": 2000, "src": "night.png"}]});
    let path =
        room.render(json!([night, words("Plain", json!({"position": "top", "color": "white"}))])).await;
    let shown = Shown::at(&path, 0.5);
    assert!((shown.light(4, 12) - shown.light(4, HIGH - 6)).abs() < 0.01);
}
