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

const ROWS: &str = r#"
    let photo = param("photo", (), #{ help: "the photo" });
    let title = param("title", "Hi");
    let s = session(title);
    s.upload(photo);
    s.chat(`make a 2 second video of the photo with the title '${title}'`);
    s.export("hi.mp4", #{ resolution: "360p" });
"#;

#[test]
fn rows_are_planned_in_order_with_their_sum() {
    let world = world();
    world.write("rows.rhai", ROWS);
    world.write(
        "rows.csv",
        "title;photo;id\r\nOne;in/photo.jpg;a\r\n;in/photo.jpg;b/2\r\n".replace('O', "\u{d6}"),
    );
    let before = left(&world);
    let args = ["plan", "rows.rhai", "--rows", "rows.csv", "--key", "id", "--out", "made"];
    let ended = world.reel(args);
    let said = ended.stdout.clone();
    let row = |heading: &str, title: &str| {
        format!(
            "{heading}\nstep  credits  call\n   1           param(\"photo\")\n   2           param(\"title\", \"Hi\")\n   \
             3           session(\"{title}\")\n   4           upload([\"in/photo.jpg\"])\n   \
             5      100  chat(\"make a 2 second video of the photo with the title '{title}'\")\n   \
             6           export(\"hi.mp4\", {{\"format\":\"mp4\",\"quality\":\"high\",\"resolution\":\"360p\"}})\n"
        )
    };
    let wanted = [row("row 1: made/a", "\u{d6}ne"), row("row 2, key b/2: made/b-2", "Hi")].concat();
    assert!(said.starts_with(&wanted), "{said}\n{wanted}");
    let sum = "reads   in/photo.jpg\nwrites  made/a/hi.mp4\nwrites  made/b-2/hi.mp4\nin all  200 credits for 2 rows\n";
    assert!(said.ends_with(sum), "{said}");
    ended.says(0, "planning: nothing is sent, nothing is paid, and no file is made\n");
    assert_eq!(left(&world), before);
}

#[test]
fn with_json_there_is_a_record_a_row() {
    let world = world();
    world.write("rows.rhai", ROWS);
    world.write("rows.jsonl", "{\"photo\": \"in/photo.jpg\"}\n{\"photo\": \"in/photo.jpg\", \"title\": 7}\n");
    let args =
        ["plan", "rows.rhai", "--rows", "rows.jsonl", "--matrix", "title=A,B", "--limit", "1", "--json"];
    let refused = world.reel(args);
    assert_eq!(refused.code, 0, "{refused:?}");
    let args = [
        "plan",
        "rows.rhai",
        "--rows",
        "rows.jsonl",
        "--name",
        "{title}-{row}",
        "--max-credits",
        "150",
        "--json",
    ];
    let ended = world.reel(args);
    assert_eq!(ended.code, 5);
    let lines = ended.lines();
    let of = |event: &str| lines.iter().filter(|line| line["event"] == event).cloned().collect::<Vec<_>>();
    let rows = of("row");
    assert_eq!(rows.len(), 2);
    assert_eq!(rows[0]["name"], "Hi-0001");
    assert_eq!(rows[0]["credits"], 100.0);
    assert_eq!(rows[0]["writes"], serde_json::json!(["Hi-0001/hi.mp4"]));
    assert_eq!(rows[1]["params"], serde_json::json!({"photo": "in/photo.jpg", "title": "7"}));
    assert!(rows[1]["error"].as_str().unwrap().contains("it would pass the limit of 50"), "{rows:?}");
    let calls: Vec<&str> =
        rows[1]["calls"].as_array().unwrap().iter().map(|call| call["call"].as_str().unwrap()).collect();
    assert_eq!(calls, ["param", "param", "session", "upload"]);
    let plan = &of("plan")[0];
    assert_eq!((plan["rows"].as_u64(), plan["failed"].as_u64()), (Some(2), Some(1)));
}

#[test]
fn many_rows_are_a_line_each() {
    let world = world();
    world.write(
        "rows.rhai",
        "let n = param(\"n\", 0); session(`s${n}`).chat(\"make a 2 second video about tea\");",
    );
    let numbers: Vec<String> = (0..21).map(|n| n.to_string()).collect();
    let ended = world.reel(["plan", "rows.rhai", "--matrix", &format!("n={}", numbers.join(","))]);
    let lines: Vec<&str> = ended.stdout.lines().collect();
    assert_eq!(lines.len(), 23, "{ended:?}");
    assert!(lines[0].starts_with("   row  credits  key               name"), "{}", lines[0]);
    assert!(lines[21].starts_with("    21      100  ") && lines[21].ends_with("  0021"), "{}", lines[21]);
    assert_eq!(lines[22], "in all  2100 credits for 21 rows");
}

#[test]
fn bad_rows_are_told_before_anything_is_tried() {
    let world = world();
    world.write("rows.rhai", ROWS);
    world.write("bad.csv", "photo,titel\nin/photo.jpg,One\nnone.jpg,Two\n\"in/photo.jpg,Three\n");
    let ended = world.reel(["plan", "rows.rhai", "--rows", "bad.csv"]);
    let said = "error: bad.csv, column `titel`: the script has no param `titel`; did you mean `title`?\n   \
                hint: it has: photo, title; `--skip titel` leaves the column out\n\
                error: bad.csv, row 2 (line 3), column `photo`: there is no file `none.jpg`\n   \
                hint: looked in `.`\n\
                error: bad.csv, row 3 (line 4), column `photo`: a quote opens in this cell, and is never closed\n   \
                hint: close it; a quote inside a quoted cell is written twice\n\
                3 problems; nothing was sent\n";
    assert_eq!(ended.stdout, "");
    ended.says(2, said);
    let lines = world.reel(["plan", "rows.rhai", "--rows", "bad.csv", "--json"]).lines();
    assert_eq!((lines[1]["row"].as_u64(), lines[1]["line"].as_u64()), (Some(2), Some(3)));
    assert_eq!((&lines[1]["column"], &lines[1]["event"]), (&"photo".into(), &"error".into()));
    world.write("sheet.xlsx", "PK\u{3}\u{4}");
    let ended = world.reel(["plan", "rows.rhai", "--rows", "sheet.xlsx"]);
    assert!(ended.stderr.contains("hint: save the sheet as CSV (UTF-8) and name that file"), "{ended:?}");
    let ended = world.reel(["plan", "rows.rhai", "--each", "in/*.png"]);
    assert_eq!(ended.code, 2);
    assert!(ended.stderr.contains("no file matches `in/*.png`"), "{ended:?}");
    let ended = world.reel(["plan", "rows.rhai", "--key", "id"]);
    assert_eq!(ended.code, 2);
    assert!(ended.stderr.contains("there are no rows\n   hint: give `--rows FILE`"), "{ended:?}");
}
