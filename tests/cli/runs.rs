//! What was run: listed, told, cancelled and forgotten.

use std::io::{BufRead, BufReader, Read};
use std::process::{Child, Stdio};

use serde_json::Value;

use crate::cli::reel::{Ended, World};

const STORY: &str = "print(\"one\\x1b[31m\"); let x = uuid(); write_text(\"a.txt\", \"hi\"); note([7]); \
                     try { read_text(\"none.txt\") } catch { print(\"two\\nlines\"); }";

#[test]
fn runs_are_listed_newest_first() {
    let world = World::new();
    world.reel(["runs"]).says(0, "nothing was run yet; `reel run SCRIPT` runs a script\n");
    world.write("story.rhai", STORY);
    world.write("bad.rhai", "uuid(); throw \"no\";");
    world.reel(["run", "story.rhai", "-q"]).success();
    assert_eq!(world.reel(["run", "bad.rhai", "-q"]).code, 1);
    let listed = world.reel(["runs"]).success();
    let lines: Vec<Vec<&str>> = listed.lines().map(|line| line.split_whitespace().collect()).collect();
    assert_eq!(lines[0], ["run", "when", "state", "steps", "credits", "files", "what"]);
    assert_eq!(lines[1][1..], ["just", "now", "failed", "1", "0", "0", "bad.rhai"]);
    assert_eq!(lines[2][1..], ["just", "now", "finished", "3", "0", "1", "story.rhai"]);
    let records = world.reel(["runs", "--json"]).lines();
    assert_eq!(records.len(), 2);
    assert_eq!((&records[0]["event"], &records[0]["words"]), (&"run".into(), &"no".into()));
    assert!(records[1]["run"].as_str().unwrap().starts_with(lines[2][0]));
}

#[test]
fn the_newest_twenty_are_shown_unless_all_are_asked_for() {
    let world = World::new();
    world.write("a.rhai", "");
    for _ in 0..21 {
        world.reel(["run", "a.rhai", "-q"]).success();
    }
    assert_eq!(world.reel(["runs", "--json"]).lines().len(), 20);
    assert_eq!(world.reel(["runs", "--all"]).success().lines().count(), 22);
}

#[test]
fn the_story_of_a_run_has_its_steps_lines_and_files_in_order() {
    let world = World::new();
    world.write("story.rhai", STORY);
    world.reel(["run", "story.rhai", "-q", "--out", "out"]).success();
    let told = world.reel(["show"]).success();
    let tail = |line: &str| line.split("  ").last().unwrap_or_default().trim().to_owned();
    let story: Vec<String> = told.lines().skip_while(|line| !line.starts_with("step")).map(tail).collect();
    assert_eq!(
        story,
        [
            "call",
            "one\\u{1b}[31m",
            "uuid()",
            "write_text(\"a.txt\", \"hi\")",
            "made out/a.txt",
            "note: [7]",
            "read_text(\"none.txt\")",
            "error: there is no file `none.txt`",
            "two",
            "lines",
            "3 steps, 0 credits, 1 file"
        ],
        "{told}"
    );
    assert!(told.contains("\nwhat    story.rhai\n") && told.contains("\nstate   finished\n"), "{told}");
    assert!(told.contains("\nbackend studio\n") && !told.contains("Local"), "{told}");
    assert!(world.reel(["show", "-v"]).success().contains("  Local  finished  write_text"));
    let uuid = told.lines().find(|line| line.ends_with("uuid()")).unwrap();
    assert_eq!(uuid.split_whitespace().nth(3), Some("-"), "{told}");
    let records = world.reel(["show", "--json"]).lines();
    let events: Vec<&str> = records.iter().filter_map(|record| record["event"].as_str()).collect();
    assert_eq!(events, ["run", "line", "step", "step", "file", "line", "step", "line"]);
    assert_eq!(records[6]["failure"]["kind"], "input");
    assert_eq!((&records[7]["kind"], &records[7]["value"]), (&"print".into(), &"two\nlines".into()));
}

#[test]
fn a_run_that_is_not_there_is_said_so() {
    let world = World::new();
    let none = "error: there is no run `abc`\n   hint: `reel runs` lists them\n";
    world.reel(["show", "abc"]).says(2, none);
    world.reel(["cancel", "abc"]).says(2, none);
    world.reel(["show"]).says(2, "error: nothing was run yet\n   hint: `reel run SCRIPT` runs a script\n");
}

#[test]
fn a_run_is_stopped_where_it_goes_on_and_then_given_up() {
    let world = World::new();
    let mut run = looping(&world);
    assert_eq!(newest(&world)["state"], "running");
    let id = newest(&world)["run"].as_str().unwrap()[..8].to_owned();
    let said = format!("process {} was told to stop; once more gives run {id} up for good\n", run.id());
    world.reel(["cancel", &id]).says(0, &said);
    assert_eq!(run.wait().unwrap().code(), Some(130));
    assert_eq!(newest(&world)["state"], "stopped");
    world
        .reel(["cancel", &id])
        .says(0, &format!("run {id} is given up; `reel show {id}` tells what it did\n"));
    assert_eq!(newest(&world)["state"], "cancelled");
    let refused = format!("error: run {id} was cancelled\n   hint: run its script anew\n");
    world.reel(["resume", &id]).says(2, &refused);
    world.reel(["cancel", &id]).says(0, &format!("run {id} was cancelled before\n"));
}

#[test]
fn only_runs_that_have_come_to_their_end_are_forgotten_unless_asked() {
    let world = World::new();
    world.write("a.rhai", "");
    world.reel(["run", "a.rhai", "-q"]).success();
    let mut killed = looping(&world);
    killed.kill().unwrap();
    killed.wait().unwrap();
    assert_eq!(newest(&world)["state"], "broken off");
    let mut held = looping(&world);
    let clean = |more: &[&str]| -> Ended {
        let output = world.command([&["clean", "--older-than", "0h"], more].concat()).output().unwrap();
        let text = |bytes: Vec<u8>| String::from_utf8(bytes).unwrap();
        Ended {
            code: output.status.code().unwrap(),
            stdout: text(output.stdout),
            stderr: text(output.stderr),
        }
    };
    assert_eq!(clean(&["--dry-run"]).success(), "would forget 1 run\n");
    assert_eq!(clean(&[]).success(), "forgot 1 run\n");
    assert_eq!(clean(&[]).success(), "forgot 0 runs\n");
    assert_eq!(world.reel(["clean", "--older-than", "1h", "--unfinished"]).success(), "forgot 0 runs\n");
    assert_eq!(clean(&["--unfinished", "--json"]).lines()[0]["value"]["forgotten"], 1);
    assert_eq!(newest(&world)["state"], "running");
    held.kill().unwrap();
    held.wait().unwrap();
}

#[test]
fn an_age_without_a_unit_is_refused() {
    let ended = World::new().reel(["clean", "--older-than", "30"]);
    assert_eq!(ended.code, 2);
    assert!(ended.stderr.contains("such as 12h, 30d or 8w"), "{ended:?}");
}

/// A run that goes on until it is stopped.
fn looping(world: &World) -> Child {
    world.write("forever.rhai", "uuid(); print(\"looping\"); loop {}");
    let mut command = world.command(["run", "forever.rhai", "-q"]);
    let mut run = command.stdout(Stdio::piped()).stderr(Stdio::null()).spawn().unwrap();
    let mut line = String::new();
    BufReader::new(run.stdout.as_mut().unwrap().by_ref()).read_line(&mut line).unwrap();
    assert_eq!(line, "looping\n");
    run
}

/// The newest run, as `reel runs` has it.
fn newest(world: &World) -> Value {
    world.reel(["runs", "--json"]).lines().remove(0)
}
