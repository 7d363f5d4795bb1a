//! What belongs to a sender: end card and logo, progress bar, brand colours; and photos shown whole.

use serde_json::{Value, json};

use super::media::{HIGH, Shown, WIDE, make, plain};
use super::{Room, scene};

fn canvas() -> Value {
    json!({"width": 640, "height": 360})
}

#[tokio::test]
async fn an_end_card_shows_its_logo_above_its_words_and_ends_the_one_in_the_corner() {
    let room = Room::new();
    plain(&room, "blue.png", "0x0000C0");
    plain(&room, "logo.png", "0x00FF00");
    let card = json!({"kind": "scene",
        "scene": {"style": "end-card", "palette": "night", "seed": 3, "logo": "/media/h/logo.png"}});
    let tracks = json!([
        {"tt": 0, "m": {"role": "main"}, "sg": [
            {"s": 0, "d": 1000, "src": "blue.png"}, {"s": 1000, "d": 2000, "m": card}]},
        {"tt": 0, "m": {"role": "logo"}, "sg": [{"s": 0, "d": 3000, "src": "logo.png",
            "m": {"position": "top-right", "size": 0.14}}]},
        {"tt": 7, "sg": [{"s": 1000, "d": 2000, "m": {"text": "amberfern.example", "style": "statement",
            "position": "center", "color": "white"}}]}]);
    let path = room.render(tracks).await;
    let green = |shown: &Shown, x: usize, y: usize| {
        let [r, g, b] = shown.pixel(x, y);
        g > 180 && r < 90 && b < 90
    };
    let (before, card) = (Shown::at(&path, 0.5), Shown::at(&path, 2.2));
    assert!(green(&before, WIDE - 14, 14) && !green(&card, WIDE - 14, 14));
    assert!(green(&card, WIDE / 2, 32) && !green(&before, WIDE / 2, 32));
    assert_eq!(card.whites(0..WIDE, 0..HIGH / 2 - 4), 0, "words stand on the logo");
    assert!(card.whites(0..WIDE, HIGH / 2..HIGH) > 20);
}

#[tokio::test]
async fn a_progress_bar_grows_along_the_lower_edge() {
    let room = Room::new();
    let mut meta = canvas();
    meta["progress"] = json!("#ff0000");
    let path = room.drawn(meta, json!([scene(3000)])).await;
    let length = |at: f64| {
        let shown = Shown::sized(&path, at, (160, 180));
        (0..160).filter(|x| shown.pixel(*x, 179)[0] > 150).count()
    };
    let [early, middle, late] = [0.6, 1.5, 2.8].map(length);
    assert!((20..50).contains(&early) && (70..95).contains(&middle) && late > 140, "{early} {middle} {late}");
}

#[tokio::test]
async fn a_brand_colours_what_states_no_colour_of_its_own() {
    let room = Room::new();
    let mut meta = canvas();
    meta["brand"] = json!({"color": "#ff5500", "background": "#102a43", "font": "No Such Family"});
    meta["progress"] = json!(true);
    let button = json!({"tt": 7, "sg": [{"s": 0, "d": 1000,
        "m": {"text": "Go", "style": "call-to-action", "position": "center", "size": "large", "effect": "none"}}]});
    let path = room.drawn(meta, json!([scene(1000), button])).await;
    let shown = Shown::at(&path, 0.9);
    let orange = |[r, g, b]: [i32; 3]| r > 200 && (50..130).contains(&g) && b < 60;
    assert!((60..100).any(|x| orange(shown.pixel(x, 45))), "the button has another colour");
    assert!(orange(shown.pixel(20, HIGH - 1)), "{:?}", shown.pixel(20, HIGH - 1));
    let [r, g, b] = shown.pixel(20, 20);
    assert!(b > r && b > g && r + g + b < 330, "the background is another one: {r} {g} {b}");
}

#[tokio::test]
async fn a_photo_shown_whole_has_no_black_bars_and_loses_nothing() {
    let room = Room::new();
    // Red above, green in the middle, blue below: cropped to 16:9, red and blue would go.
    make(
        &room,
        "tall.png",
        "-f lavfi -i color=0xD02020:s=300x200 -f lavfi -i color=0x20A020:s=300x600 \
         -f lavfi -i color=0x2020D0:s=300x200 -filter_complex vstack=3 -frames:v 1",
    );
    let photo = json!({"s": 0, "d": 2000, "src": "tall.png", "m": {"kind": "image", "fit": "blur"}});
    let path = room.render(json!([{"tt": 0, "sg": [photo]}])).await;
    for at in [0.1, 1.8] {
        let shown = Shown::at(&path, at);
        let (top, bottom) = (shown.pixel(80, 10), shown.pixel(80, HIGH - 11));
        assert!(top[0] > 150 && bottom[2] > 150, "at {at}: {top:?} {bottom:?}");
        for (x, y) in [(3, 3), (3, 45), (WIDE - 4, 45), (WIDE - 4, HIGH - 4)] {
            assert!(shown.pixel(x, y).iter().sum::<i32>() > 40, "black at {x}, {y}");
        }
    }
    assert!(Shown::at(&path, 0.1).distance(&Shown::at(&path, 1.8)) > 0.5, "it stands still");
}

#[tokio::test]
async fn no_frame_is_black() {
    let room = Room::new();
    plain(&room, "one.png", "0xC08040");
    plain(&room, "two.png", "0x4080C0");
    let kinds = ["crossfade", "slide", "wipe", "zoom"];
    let shots = kinds.iter().enumerate().map(|(i, kind)| {
        let src = ["one.png", "two.png"][i % 2];
        json!({"s": i * 700, "d": 700, "src": src, "m": {"transition": {"kind": kind, "d": 500}}})
    });
    let path = room.render(json!([{"tt": 0, "sg": shots.collect::<Vec<_>>()}])).await;
    for n in 0..27 {
        let at = f64::from(n) * 0.1;
        assert!(Shown::at(&path, at).mean() > 80.0, "frame at {at}");
    }
}
