//! The other forms of a report, shards, and what is said when there is nothing to report.

use std::fs;

use serde_json::Value;

use crate::cli::reel::{World, files_below};
use crate::report::batch::{Batch, End};
use crate::report::page::sample;

fn keys(count: usize) -> Vec<String> {
    (1..=count).map(|n| format!("k{n}")).collect()
}

#[test]
fn every_form_says_the_same() {
    let world = World::new();
    fs::create_dir(world.path("out")).unwrap();
    fs::copy(sample(), world.path("out/a b.mp4")).unwrap();
    let batch = Batch::new(&world.path("j.db"), &world.path(""), "promo.rhai", &keys(4));
    let secret = "=cmd() | open http://127.0.0.1:1/workspace/claim?ct=clm_Secret1 \u{1b}[31m]]>";
    batch.run_saying(0, &End::Made("out/a b.mp4"), secret);
    batch.run(1, &End::Failed);
    batch.run(2, &End::BrokenOff);
    let id = batch.id()[..8].to_owned();
    drop(batch);
    assert_eq!(world.reel(["report", &id, "--journal", "j.db", "-o", "r"]).success(), "r/index.html\n");
    let read = |name: &str| fs::read_to_string(world.path("r").join(name)).unwrap();
    let report: Value = serde_json::from_str(&read("report.json")).unwrap();
    assert_eq!(
        report["totals"]["states"].to_string(),
        r#"[["finished",1],["failed",1],["broken off",1],["waiting",1]]"#
    );
    assert_eq!(report["rows"][0]["videos"][0]["src"], "../out/a%20b.mp4");
    assert!(world.path("r").join(report["rows"][0]["videos"][0]["poster"].as_str().unwrap()).is_file());
    let csv = read("rows.csv");
    let lines: Vec<&str> = csv.lines().collect();
    assert_eq!(
        lines[0],
        "number,key,name,state,began_ms,seconds,credits,videos,video,video_seconds,result,param title"
    );
    assert_eq!(lines[1], "1,k1,video k1,finished,1795300000000,4.2,100,1,out/a b.mp4,3,,Title of k1");
    assert_eq!(lines[4], "4,k4,video k4,waiting,,,,0,,,,Title of k4");
    let junit = read("junit.xml");
    assert!(junit.contains("tests=\"4\" failures=\"1\" errors=\"1\" skipped=\"1\""), "{junit}");
    assert!(junit.contains("<failure message=\"the &lt;render&gt; failed &amp; stopped\" type=\"render\">export it &quot;again&quot;</failure>"), "{junit}");
    assert!(junit.contains("ct=(removed) \u{fffd}[31m]]&gt;"), "{junit}");
    let summary = read("summary.md");
    assert!(summary.contains("- rows: 4 (1 finished, 1 failed, 1 broken off, 1 waiting)"), "{summary}");
    assert!(
        summary.contains("| 2 | video k2 | failed | 4.2 s | 100 | the &lt;render&gt; failed &amp; stopped |"),
        "{summary}"
    );
    for file in files_below(&world.path("r")) {
        let bytes = fs::read(&file).unwrap();
        assert!(!String::from_utf8_lossy(&bytes).contains("clm_"), "a claim token is in {}", file.display());
    }
}

#[test]
fn the_newest_batch_is_reported_with_the_params_of_its_rows() {
    let world = World::new();
    let script = "let title = param(\"title\", \"\"); let times = param(\"times\", 1); param(\"tags\", [\"x\", \"y\"]); print(`${title} ${times}`); \
                  write_text(\"note.txt\", title); check(\"it is short\", title.len < 5, \"use fewer letters\");";
    world.write("a.rhai", script);
    world.write("rows.csv", "sku,title\na,Sea\nb,A mountain\n");
    let batch =
        ["batch", "a.rhai", "--rows", "rows.csv", "--key", "sku", "-p", "times=3", "--out", "out", "-q"];
    assert_eq!(world.reel(batch).code, 1);
    world.reel(["report"]).success();
    let text = fs::read_to_string(world.path("report/report.json")).unwrap();
    let report: Value = serde_json::from_str(&text).unwrap();
    assert_eq!((&report["head"]["title"], &report["head"]["backend"]), (&"a.rhai".into(), &"studio".into()));
    let rows = report["rows"].as_array().unwrap();
    let told = |row: &Value| format!("{} {} {} {}", row["key"], row["state"], row["words"], row["params"]);
    assert_eq!(
        told(&rows[0]),
        r#""a" "finished" "" [["title","Sea"],["times","3"],["tags","x, y"]]"#,
        "{report}"
    );
    assert!(told(&rows[1]).starts_with(r#""b" "failed" "a check failed: it is short""#), "{report}");
    assert_eq!(rows[1]["problem"]["hint"], "use fewer letters");
    assert!(rows[0]["files"][0].as_str().unwrap().ends_with("note.txt"), "{report}");
}

#[test]
fn shards_are_merged_by_key_and_the_finished_row_counts() {
    let world = World::new();
    fs::create_dir(world.path("out")).unwrap();
    fs::copy(sample(), world.path("out/v.mp4")).unwrap();
    for (name, made) in [("one.db", 0), ("two.db", 1)] {
        let batch = Batch::new(&world.path(name), &world.path(""), "promo.rhai", &keys(3));
        batch.run(made, &End::Made("out/v.mp4"));
        batch.run(1 - made, &End::Failed);
    }
    Batch::new(&world.path("other.db"), &world.path(""), "else.rhai", &keys(1));
    world.reel(["report", "--journal", "one.db", "--and", "two.db", "--no-posters"]).success();
    let report: Value =
        serde_json::from_str(&fs::read_to_string(world.path("report/report.json")).unwrap()).unwrap();
    let states: Vec<&Value> = report["rows"].as_array().unwrap().iter().map(|row| &row["state"]).collect();
    assert_eq!(states, ["finished", "finished", "waiting"]);
    world.reel(["report", "--journal", "one.db", "--and", "other.db"]).says(
        2,
        "error: `other.db` has no batch of `promo.rhai`\n   hint: shards are batches of the same script; name the batch by its id\n",
    );
    world.reel(["report", "--journal", "one.db", "--and", "none.db"]).says(
        2,
        "error: there is no journal `none.db`\n   hint: name the file that the other shard was given with --journal\n",
    );
    assert!(!world.path("none.db").exists());
}

#[test]
fn what_cannot_be_reported_is_said() {
    let world = World::new();
    world.reel(["report"]).says(2, "error: nothing was run yet\n   hint: `reel run SCRIPT` runs a script\n");
    world.reel(["report", "abc"]).says(2, "error: there is no run `abc`\n   hint: `reel runs` lists them\n");
    world.write("a.rhai", "print(1);");
    world.reel(["run", "a.rhai", "-q"]).success();
    fs::create_dir(world.path("mine")).unwrap();
    world.write("mine/a.txt", "mine");
    let ended = world.reel(["report", "-o", "mine"]);
    assert_eq!(
        (ended.code, fs::read_to_string(world.path("mine/a.txt")).unwrap().as_str()),
        (2, "mine"),
        "{ended:?}"
    );
    assert!(
        ended.stderr.contains("holds something else than a report\n   hint: name another folder with -o"),
        "{ended:?}"
    );
}

#[test]
fn a_log_that_rotted_hides_no_other_row_and_a_video_that_is_gone_is_said() {
    let world = World::new();
    let batch = Batch::new(&world.path("j.db"), &world.path(""), "promo.rhai", &keys(2));
    batch.run(0, &End::Made("out/gone.mp4"));
    batch.run(1, &End::Made("out/gone.mp4"));
    drop(batch);
    let ended = world.reel(["report", "--journal", "j.db"]);
    assert_eq!(ended.stderr, "2 videos are not where the journal says: the page shows no player there\n");
    assert_eq!(ended.code, 0);
}
