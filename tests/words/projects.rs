//! Projects that requests are tried on.

use reelscript::model::edit::{Edit, Looks, Make, Mood, Pick, Source, TextStyle, Tune, apply};
use reelscript::model::media;
use reelscript::model::state::{MediaItem, State};
use reelscript::model::time::Millis;

/// Returns the project of a word in a table.
pub(super) fn project(word: &str) -> State {
    let photos = ["cup.jpg", "beans.jpg", "IMG_2041.jpg", "barista.png", "street.webp"];
    match word {
        "empty" => State::default(),
        "photos" => with(&photos),
        "logo" => with(&[&photos[..], &["acme-logo.png"]].concat()),
        "clip" => with(&["city.mp4"]),
        "clips" => with(&["city.mp4", "harbour.mov"]),
        "mix" => with(&["city.mp4", "cup.jpg", "beans.jpg", "acme-logo.png", "theme.mp3"]),
        "made" => made(&["city.mp4"]),
        "slides" => made(&photos),
        "words" => spoken(),
        other => panic!("no project is called {other}"),
    }
}

/// A project with these uploads and no timeline; clips last 20 s.
pub(super) fn with(names: &[&str]) -> State {
    State { media: names.iter().map(|name| item(name)).collect(), ..State::default() }
}

/// A cut of uploads with a title and music.
fn made(names: &[&str]) -> State {
    let make = Make { source: Source::Media(Pick::All), length: Some(Millis(20_000)), palette: None };
    dressed(after(&with(names), &Edit::Make(make)))
}

/// A video of words with a title and music.
fn spoken() -> State {
    let words = "Roasted at dawn.\nServed by noon.\nGone by night.".to_owned();
    let make = Make { source: Source::Words(words), length: Some(Millis(12_000)), palette: None };
    dressed(after(&State::default(), &Edit::Make(make)))
}

fn dressed(state: State) -> State {
    let titled = after(&state, &Edit::AddText(TextStyle::Title, "Hello".to_owned(), Looks::default()));
    after(&titled, &Edit::Music(Tune::Made(Mood::LoFi), None))
}

pub(super) fn after(state: &State, edit: &Edit) -> State {
    apply(state, edit).unwrap_or_else(|error| panic!("{edit:?}: {error}")).state
}

fn item(name: &str) -> MediaItem {
    let format = media::format_of(name).expect("a known ending");
    let still = format.kind == media::Kind::Image;
    MediaItem {
        name: name.to_owned(),
        kind: Some(format.kind),
        url: format!("http://127.0.0.1:9/media/abc/{name}"),
        duration: (!still).then_some(Millis(20_000)),
        width: (format.kind != media::Kind::Audio).then_some(1920),
        height: (format.kind != media::Kind::Audio).then_some(1080),
        bytes: Some(1000),
        sound: Some(
            format.kind == media::Kind::Audio || format.kind == media::Kind::Video && name != "harbour.mov",
        ),
        hash: Some("abc".to_owned()),
    }
}
