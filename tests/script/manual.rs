//! The manual: complete, and true.

use reelscript::runtime::{Exit, docs};

use super::Stage;

#[test]
fn every_example_runs() {
    for doc in docs::functions() {
        let mut stage = Stage::new();
        let media = stage.folder().join("media");
        std::fs::create_dir(&media).unwrap();
        std::fs::copy("scripts/media/city.mp4", media.join("sample.mp4")).unwrap();
        let _studio = stage.studio();
        let outcome = stage.run(doc.example);
        let error = outcome.error.map(|error| error.to_string()).unwrap_or_default();
        assert_eq!(outcome.exit, Exit::Done, "{}: {error}", doc.calls[0]);
        assert!(doc.example.contains(doc.name), "the example of {} does not use it", doc.calls[0]);
    }
}

#[test]
fn every_page_has_a_sentence_and_every_property_exists() {
    for doc in docs::functions() {
        let summary = docs::summary(doc.about);
        assert!(summary.starts_with(|c: char| c.is_ascii_uppercase()), "{}: {summary}", doc.calls[0]);
        assert!(doc.calls.iter().all(|call| call.contains(doc.name)), "{:?}", doc.calls);
    }
    let text = docs::markdown();
    for row in [
        "| `s.chat(text)`<br>`s.chat(text, #{timeout, follow_gui})` | Says something to the agent and waits for the end of its turn | Paid |",
        "| `Credits` | The balance | `available`, `frozen`, `total` |",
    ] {
        assert!(text.contains(row), "{text}");
    }
}

#[test]
fn the_properties_in_the_manual_are_those_of_the_values() {
    let mut stage = Stage::new();
    let _studio = stage.studio();
    let values = [
        ("Session", "s"),
        ("State", "s.state()"),
        ("Draft", "d"),
        ("Tracks", "d.tracks"),
        ("Track", "d.tracks[0]"),
        ("Segments", "d.tracks[0].segments"),
        ("Segment", "d.tracks[0].segments[0]"),
        ("Reply", "r"),
        ("Credits", "credits()"),
    ];
    let mut text =
        "let s = session(); let r = s.chat(\"make a 3 second video about the sea\"); let d = s.draft();"
            .to_owned();
    for (name, value) in values {
        let doc = docs::types().iter().find(|doc| doc.name == name).unwrap();
        text += &format!("check(\"{name}\", type_of({value}) == \"{name}\");");
        for (property, _) in doc.properties {
            text += &format!("{value}.{property};");
        }
    }
    let outcome = stage.run(&text);
    assert_eq!(outcome.exit, Exit::Done, "{:?} {:?}", outcome.error, outcome.checks);
}
