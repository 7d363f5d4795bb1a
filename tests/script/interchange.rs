//! What other programs are given: subtitles, and OpenTimelineIO as its own library reads it.

use std::path::Path;
use std::process::Command;

use reelscript::model::draft::Draft;
use reelscript::model::otio;
use reelscript::runtime::Exit;
use serde_json::{Value, json};

use super::Stage;

/// Reads a file with the library of the format, writes it and reads that; tells what is in it.
const READ: &str = r#"
import json, sys
import opentimelineio as otio

timeline = otio.adapters.read_from_file(sys.argv[1])
again = otio.adapters.read_from_string(otio.adapters.write_to_string(timeline, "otio_json"), "otio_json")
assert again.is_equivalent_to(timeline), "it does not survive a round trip"

def child(it):
    media = getattr(it, "media_reference", None)
    return {
        "is": type(it).__name__,
        "name": it.name,
        "from": it.range_in_parent().start_time.to_seconds(),
        "seconds": it.duration().to_seconds(),
        "media": type(media).__name__,
        "url": getattr(media, "target_url", None),
        "text": dict(media.parameters).get("text") if hasattr(media, "parameters") else None,
    }

tracks = [{"kind": t.kind, "name": t.name, "children": [child(it) for it in t]} for t in timeline.tracks]
ours = json.loads(json.dumps(dict(timeline.metadata["reelscript"]), default=list))
print(json.dumps({"name": timeline.name, "seconds": timeline.duration().to_seconds(), "tracks": tracks, "ours": ours}))
"#;

/// What the library finds in a file.
#[track_caller]
fn read(path: &Path) -> Value {
    let python = Path::new(env!("CARGO_MANIFEST_DIR")).join("target/otio/bin/python");
    let output = Command::new(&python).args(["-c", READ]).arg(path).output();
    let output = output.expect("OpenTimelineIO is missing: run scripts/dev/setup test");
    let said = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{said}(without `opentimelineio`: run scripts/dev/setup test)");
    serde_json::from_slice(&output.stdout).unwrap()
}

/// The value of a key of every child of a track.
fn column(track: &Value, key: &str) -> Vec<Value> {
    track["children"].as_array().unwrap().iter().map(|child| child[key].clone()).collect()
}

#[test]
fn the_library_of_the_format_reads_what_the_agent_made() {
    let mut stage = Stage::new();
    let _studio = stage.studio();
    std::fs::copy("scripts/media/city.mp4", stage.folder().join("city.mp4")).unwrap();
    let text = r#"let s = session("Früh & \"spät\" 早安"); s.upload("city.mp4");
        s.chat("keep the first 4 seconds, add the title 'Guten Morgen ☕', lo-fi music at 35%");
        check("path", s.otio("cut/a.otio").ends_with("a.otio"));
        check("seconds", s.draft().seconds == 4.0);"#;
    let outcome = stage.run(text);
    assert_eq!(outcome.exit, Exit::Done, "{:?} {:?}", outcome.error, outcome.checks);
    let path = stage.folder().join("out/cut/a.otio");
    assert_eq!(outcome.files, [path.display().to_string()]);
    let found = read(&path);
    assert_eq!(found["name"], "Früh & \"spät\" 早安");
    assert_eq!(found["seconds"], json!(4.0));
    let kinds: Vec<&Value> = found["tracks"].as_array().unwrap().iter().map(|track| &track["kind"]).collect();
    assert_eq!(kinds, ["Video", "Video", "Audio"]);
    let (picture, words) = (&found["tracks"][0], &found["tracks"][1]);
    assert_eq!(
        (&column(picture, "name"), &column(picture, "seconds")),
        (&vec![json!("city")], &vec![json!(4.0)])
    );
    assert_eq!(column(picture, "media"), ["ExternalReference"]);
    assert!(column(picture, "url")[0].as_str().unwrap().ends_with("/city.mp4"));
    assert_eq!(column(words, "name"), ["Guten Morgen ☕"]);
    assert_eq!(column(words, "text"), ["Guten Morgen ☕"]);
    assert_eq!(found["tracks"][2]["children"][0]["is"], "Clip");
}

#[test]
fn the_library_of_the_format_reads_the_oddest_draft() {
    let draft = r#"{"zz":1e400,"t":[
        {"tt":7,"sg":[{"s":1000,"d":2000,"m":{"text":"\u0000\u001b[31m\"\\\n<b>&\ud83d\ude00\u2028"}},
                      {"s":0,"d":1500,"text":"over"},{"s":3000,"d":333,"m":{"text":""}}]},
        {"tt":0,"sg":[{"s":500,"d":1001,"n":18446744073709551616,"src":"a b%.mp4"},{"d":0,"OTIO_SCHEMA":"Clip.9"}]},
        {"tt":4,"sg":[{"OTIO_SCHEMA":"Evil.1","d":1e999}]}, {"tt":1,"sg":null}, 7]}"#;
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("odd.otio");
    let draft = Draft::parse(draft).unwrap();
    std::fs::write(&path, otio::timeline(&draft, "\u{0}\u{7f}\n\u{feff}")).unwrap();
    let found = read(&path);
    assert_eq!(found["name"], "\u{fffd}\u{7f}\n\u{feff}");
    let names: Vec<Vec<Value>> =
        found["tracks"].as_array().unwrap().iter().map(|track| column(track, "name")).collect();
    let odd = "\u{fffd}\u{1b}[31m\"\\\n<b>&😀\u{2028}";
    assert_eq!(
        names,
        [
            vec![json!(""), json!("a b%"), json!("clip")],
            vec![json!("over"), json!(""), json!("clip")],
            vec![json!(""), json!(odd)],
            vec![]
        ]
    );
    let (picture, words) = (&found["tracks"][0], &found["tracks"][1]);
    assert_eq!(column(picture, "from"), [0.0, 0.5, 1.501]);
    assert_eq!(column(words, "seconds"), [1.5, 1.5, 0.333]);
    assert_eq!(column(words, "media")[2], "MissingReference");
    assert_eq!(found["ours"]["unknown_tracks"].as_array().unwrap().len(), 2);
}

#[test]
fn words_become_subtitles_in_the_format_of_the_name() {
    let mut stage = Stage::new();
    let _studio = stage.studio();
    let text = r#"let s = session(); s.chat("make a 3 second video about tea with the title 'Hello {{name}}'");
        let d = s.draft(); d.replace("{{name}}", "Ada & Co");
        print(s.subtitles("a.srt")); print(s.subtitles("b.VTT", #{ draft: d }));
        d.tracks[-1].segments[0].text = "";
        let said = [];
        for f in [|| s.subtitles("c.txt"), || s.otio("c.json"), || session().otio("c.otio"),
                     || s.subtitles("../c.srt"), || s.otio("c.otio", #{ drat: d }), || s.otio("c.otio", #{ draft: 1 })] {
            try { f.call(); said.push("written") } catch (e) { said.push(`${e.kind} ${e.call}: ${e.message} / ${e.hint}`) }
        }
        said"#;
    let outcome = stage.run(text);
    assert_eq!(outcome.exit, Exit::Done, "{:?}", outcome.error);
    let read = |name: &str| std::fs::read_to_string(stage.folder().join("out").join(name)).unwrap();
    let srt = read("a.srt");
    assert!(srt.starts_with("1\n00:00:00,000 --> 00:00:0") && srt.ends_with("\nHello {{name}}\n"), "{srt}");
    let vtt = read("b.VTT");
    assert!(
        vtt.starts_with("WEBVTT\n\n1\n00:00:00.000 --> ") && vtt.ends_with("\nHello Ada &amp; Co\n"),
        "{vtt}"
    );
    let said: Vec<&str> =
        outcome.value.as_array().unwrap().iter().map(|text| text.as_str().unwrap()).collect();
    assert_eq!(
        said[0],
        "input subtitles: the ending of `c.txt` is not one that is written here / name a file that ends in `.srt` (SubRip) or `.vtt` (WebVTT)"
    );
    assert_eq!(
        said[1],
        "input otio: the ending of `c.json` is not one that is written here / name a file that ends in `.otio`"
    );
    assert!(said[2].starts_with("input otio: there is nothing to export: the timeline is empty"), "{said:?}");
    assert!(said[3].starts_with("sandbox subtitles: "), "{said:?}");
    assert!(said[4].starts_with("input otio: unknown option `drat`; did you mean `draft`?"), "{said:?}");
    assert!(said[5].starts_with("input otio: option `draft` takes a draft"), "{said:?}");
    assert_eq!(std::fs::read_dir(stage.folder().join("out")).unwrap().count(), 2, "nothing else is left");
}

#[test]
fn a_timeline_without_words_has_no_subtitles() {
    let mut stage = Stage::new();
    let _studio = stage.studio();
    std::fs::copy("scripts/media/city.mp4", stage.folder().join("city.mp4")).unwrap();
    let outcome = stage.run(
        r#"let s = session(); s.upload("city.mp4"); s.chat("keep the first 2 seconds"); s.subtitles("a.srt")"#,
    );
    let error = outcome.error.unwrap();
    assert_eq!((outcome.exit, error.call.as_str()), (Exit::Failed, "subtitles"));
    assert_eq!(error.message, "the timeline has no words that could be subtitles");
    assert!(error.hint.unwrap().contains("add subtitles"));
}
