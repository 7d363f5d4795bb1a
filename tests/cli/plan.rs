//! `reel plan`: what a script would do and cost, without a trace of it.

use std::fs;
use std::path::PathBuf;

use crate::cli::reel::{World, files_below};

const SCRIPT: &str = r#"
    let photo = param("photo", "in/photo.jpg");
    let s = session("plan");
    s.upload(photo);
    s.chat("make a 2.5 second video of the photo with the title 'Hi'");
    s.chat("make the title gold");
    s.chat("make the title red");
    for name in ["hi.mp4", "hi.webm", "hi.gif"] {
        let v = s.export(name, #{ resolution: "360p" });
        check(`${name}: ${v.seconds} s`, (v.seconds - 2.5).abs() < 0.1);
        check(`${name}: ${v.width}x${v.height}`, v.width == 640 && v.height == 360);
    }
    write_text("notes/a.txt", read_text("brief.txt"));
    read_text("notes/a.txt");
    sleep(3600);
    print("not seen");
"#;

/// A world with a photo, whose temporary folder can be looked into.
fn world() -> World {
    let world = World::new().var_path("TMPDIR", "tmp");
    for folder in ["tmp", "in"] {
        fs::create_dir(world.path(folder)).unwrap();
    }
    let photo = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("scripts/media/cup.jpg");
    fs::copy(photo, world.path("in/photo.jpg")).unwrap();
    world.write("brief.txt", "calm");
    world.write("main.rhai", SCRIPT);
    world
}

fn left(world: &World) -> Vec<PathBuf> {
    let mut left = files_below(&world.path(""));
    left.extend(files_below(&world.home("")));
    left.sort();
    left
}

#[test]
fn every_call_is_listed_with_its_credits_and_nothing_is_left() {
    let world = world();
    let before = left(&world);
    let ended = world.reel(["plan", "main.rhai", "--out", "made", "--json"]);
    let lines = ended.lines();
    let calls: Vec<(&str, f64)> = lines
        .iter()
        .filter(|line| line["event"] == "call")
        .map(|line| (line["call"].as_str().unwrap(), line["credits"].as_f64().unwrap()))
        .filter(|(call, _)| *call != "check")
        .collect();
    let free = |call: &'static str| (call, 0.0);
    assert_eq!(
        calls,
        [
            free("param"),
            free("session"),
            free("upload"),
            ("chat", 100.0),
            ("chat", 50.0),
            ("chat", 0.0),
            free("export"),
            free("export"),
            free("export"),
            free("read_text"),
            free("write_text"),
            free("read_text"),
            free("sleep"),
        ]
    );
    let plan = lines.last().unwrap();
    assert_eq!((&plan["event"], &plan["credits"]), (&"plan".into(), &150.0.into()), "{lines:#?}");
    assert_eq!(plan["reads"], serde_json::json!(["in/photo.jpg", "brief.txt"]));
    let made = ["made/hi.mp4", "made/hi.webm", "made/hi.gif", "made/notes/a.txt"];
    assert_eq!(plan["writes"], serde_json::json!(made));
    assert_eq!(plan["branches"], serde_json::json!([]));
    ended.says(0, "");
    assert_eq!(left(&world), before);
}

#[test]
fn people_get_a_table_and_the_sum() {
    let world = world();
    world.write("two.rhai", "let s = session(\"a\"); s.chat(\"make a 2 second video about tea\");");
    let ended = world.reel(["plan", "two.rhai"]);
    let table = "step  credits  call\n   1           session(\"a\")\n   2      100  chat(\"make a 2 second video about tea\")\n\
                 in all  100 credits\n";
    assert_eq!(ended.stdout, table);
    ended.says(0, "planning: nothing is sent, nothing is paid, and no file is made\n");
}

#[test]
fn a_budget_ends_a_plan_as_it_would_end_the_run() {
    let ended = world().reel(["plan", "main.rhai", "--max-credits", "100"]);
    assert_eq!(ended.code, 5);
    assert!(ended.stdout.contains("in all  100 credits\n"), "{ended:?}");
    assert!(ended.stderr.contains("it would pass the limit of 100"), "{ended:?}");
}

#[test]
fn branches_on_answers_are_named() {
    let world = world();
    let text = "let s = session();\nlet r = s.chat(\"make a 2 second video about tea\");\n\
                if r.text.contains(\"rain\") { s.chat(\"start over\"); }\n";
    world.write("if.rhai", text);
    let ended = world.reel(["plan", "if.rhai"]);
    assert!(ended.stderr.contains("line 3 decides by what the agent answers"), "{ended:?}");
    assert!(ended.success().ends_with("in all  100 credits\n"));
}

#[test]
fn a_script_that_fails_in_the_plan_says_so_with_real_paths() {
    let world = world();
    world.write("bad.rhai", "write_text(\"a.txt\", \"x\"); write_text(\"../x.txt\", \"y\");");
    let ended = world.reel(["plan", "bad.rhai", "--out", "made"]);
    assert_eq!(ended.code, 1);
    assert!(ended.stdout.contains("\nwrites  made/a.txt\n"), "{ended:?}");
    assert!(ended.stderr.contains("`../x.txt` lies outside the output folder `made`"), "{ended:?}");
    assert!(!format!("{ended:?}").contains("reel-plan"), "{ended:?}");
    world.write("open.rhai", "session_open(\"123\");");
    let ended = world.reel(["plan", "open.rhai"]);
    assert!(ended.stderr.contains("a plan has no projects but its own"), "{ended:?}");
    world.write("no.rhai", "let = 1;");
    assert_eq!(world.reel(["plan", "no.rhai"]).code, 2);
}
