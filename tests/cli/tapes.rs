//! Tapes: recorded with a backend, played without one.

use std::fs;

use crate::cli::reel::{World, files_below};

/// Everything that a replay must bring back.
const SCRIPT: &str = r#"
    let s = session("tape");
    for e in s.stream(`make a 2 second video about ${param("about", "tea")}`) {
        if e.kind == "tool" { print(`tool ${e.tool}`); }
        if e.kind == "done" { print(e.text); }
    }
    let r = s.chat("add the title 'Hi'");
    print(r.text);
    print(s.timeline());
    print(uuid());
    print(random());
    print(`${s.id} on ${s.backend}`);
    let v = s.export("tea.mp4", #{ resolution: "360p" });
    print(v);
    print(v.path);
    print(credits());
"#;

#[test]
fn a_tape_plays_to_the_byte_without_a_studio() {
    let here = World::new();
    here.write("tea.rhai", SCRIPT);
    let recorded =
        here.reel(["run", "tea.rhai", "-q", "--record", "tea.jsonl", "-p", "about=rain"]).success();
    assert!(recorded.lines().count() > 8, "{recorded}");
    let there = World::new();
    for file in ["tea.rhai", "tea.jsonl"] {
        fs::copy(here.path(file), there.path(file)).unwrap();
    }
    let played = there.reel(["run", "tea.rhai", "-q", "--replay", "tea.jsonl"]);
    assert_eq!((played.stdout.as_str(), played.stderr.as_str(), played.code), (recorded.as_str(), "", 0));
    assert_eq!(files_below(&there.home("")), Vec::<std::path::PathBuf>::new(), "no studio, no journal");
    let mut left = files_below(&there.path(""));
    left.sort();
    assert_eq!(left, [there.path("tea.jsonl"), there.path("tea.rhai")], "no file is made");

    let other = "error: param `about` was `rain` when `tea.jsonl` was recorded, not `tea`\n   \
                 hint: leave `-p` away: a tape has its params\n";
    there.reel(["run", "tea.rhai", "--replay", "tea.jsonl", "-p", "about=tea"]).says(2, other);
}

#[test]
fn a_tape_of_a_parallel_batch_plays_to_the_byte() {
    let world = World::new();
    let text = r#"
        let b = batch([1, 2, 3, 4, 5, 6, 7, 8], #{ parallel: 4 }, |n| {
            print(`begins ${uuid()}`);
            let inner = batch([1, 2], #{ parallel: 2 }, |m| { print(random()); n * m });
            print("two\nlines " + inner.ok);
            if n % 3 == 0 { throw `no ${n}`; }
            write_text(`${n}.txt`, uuid());
            random()
        });
        print(b.ok); print(b.failed); print(b);
    "#;
    world.write("rows.rhai", text);
    let recorded = world.reel(["run", "rows.rhai", "-q", "--record", "rows.jsonl"]).success();
    let count = |start: &str| recorded.lines().filter(|line| line.starts_with(start)).count();
    assert_eq!((count("row 3: "), count("row 3.2: "), count("row 8.1: ")), (3, 1, 1), "{recorded}");
    assert!(recorded.contains("row 5: two\nrow 5: lines [5, 10]\n"), "{recorded}");
    for _ in 0..5 {
        let played = world.reel(["run", "rows.rhai", "-q", "--replay", "rows.jsonl"]).success();
        assert_eq!(played, recorded);
    }
}

/// A world with a tape of three calls.
fn taped() -> World {
    let world = World::new();
    world.write("a.rhai", "print(uuid().len); print(random() < 1.0); write_text(\"a.txt\", \"hi\");");
    world.reel(["run", "a.rhai", "-q", "--record", "a.jsonl"]).success();
    world
}

#[test]
fn what_is_not_on_the_tape_ends_it() {
    let world = taped();
    world.write("more.rhai", "uuid(); random(); write_text(\"a.txt\", \"hi\"); print(1); now();");
    let ended = world.reel(["run", "more.rhai", "--replay", "a.jsonl"]);
    assert_eq!((ended.code, ended.stdout.as_str()), (2, "1\n"));
    assert!(ended.stderr.contains("the script is not the one that was recorded"), "{ended:?}");
    assert!(ended.stderr.contains("the tape ends before step 4: now()"), "{ended:?}");
    world.write("other.rhai", "uuid(); now();");
    let ended = world.reel(["run", "other.rhai", "-q", "--replay", "a.jsonl"]);
    assert_eq!(ended.code, 2);
    let said = "the script changed at step 2: it was random(), now it is now()";
    assert!(ended.stderr.contains(said), "{ended:?}");
}

#[test]
fn a_run_that_failed_is_taped_too() {
    let world = World::new();
    world.write("bad.rhai", "print(\"one\"); read_text(\"none.txt\");");
    let recorded = world.reel(["run", "bad.rhai", "-q", "--record", "bad.jsonl"]);
    assert_eq!(recorded.code, 1);
    let played = world.reel(["run", "bad.rhai", "-q", "--replay", "bad.jsonl"]);
    assert_eq!((played.code, played.stdout, played.stderr), (1, recorded.stdout, recorded.stderr));
    world.write("mute.rhai", "print(\"said\"); throw \"no\";");
    assert_eq!(world.reel(["run", "mute.rhai", "-q", "--record", "mute.jsonl"]).code, 1);
    assert_eq!(world.reel(["run", "mute.rhai", "-q", "--replay", "mute.jsonl"]).stdout, "said\n");
}

#[test]
fn what_is_no_tape_is_refused_before_anything_happens() {
    let world = taped();
    let text = fs::read_to_string(world.path("a.jsonl")).unwrap();
    world.write("torn.jsonl", &text[..text.len() - 9]);
    let ended = world.reel(["run", "a.rhai", "--replay", "torn.jsonl"]);
    assert_eq!((ended.code, ended.stdout.as_str()), (2, ""));
    let lines = text.lines().count();
    assert!(ended.stderr.contains(&format!("`torn.jsonl` is no tape, line {lines}: ")), "{ended:?}");
    // Entries that do not follow each other as those of a run do.
    let without: Vec<&str> = text.lines().filter(|line| !line.contains("\"begun\"")).collect();
    world.write("odd.jsonl", without.join("\n"));
    assert_ne!(world.reel(["run", "a.rhai", "--replay", "odd.jsonl"]).code, 0);
    let ended = world.reel(["run", "a.rhai", "--record", "b.jsonl", "--replay", "a.jsonl"]);
    assert!(ended.code == 2 && ended.stderr.contains("cannot be used with"), "{ended:?}");
    let ended = world.reel(["run", "a.rhai", "--record", "none/b.jsonl"]);
    assert!(ended.code == 2 && ended.stdout.is_empty(), "{ended:?}");
}

#[test]
fn the_tape_of_a_run_that_went_on_has_both_of_its_lives() {
    let world = World::new();
    let text =
        "print(uuid()); print(\"one\"); if files(\"go\").is_empty() { read_text(\"go\"); } print(\"two\");";
    world.write("a.rhai", text);
    let first = world.reel(["run", "a.rhai", "-q", "--record", "a.jsonl"]);
    assert_eq!(first.code, 1);
    world.write("go", "yes");
    let second = world.reel(["resume", "-q", &newest(&world)]).success();
    assert_eq!(second, "two\n");
    let played = world.reel(["run", "a.rhai", "-q", "--replay", "a.jsonl"]).success();
    assert_eq!(played, format!("{}{second}", first.stdout));
}

/// The id of the newest run.
fn newest(world: &World) -> String {
    world.reel(["runs", "--json"]).lines()[0]["run"].as_str().unwrap().to_owned()
}
