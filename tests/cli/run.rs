//! `reel run`: what goes where, with which code, and how it stops.

use std::io::{BufRead, BufReader};
use std::process::Stdio;

use crate::cli::reel::{World, interrupt};

const BACKEND: &str = "backend: the studio inside this program (NEMO_TOKEN is not set)\n";

#[test]
fn what_a_script_prints_is_all_of_stdout() {
    let world = World::new();
    world.write("hello.rhai", "print(`hello ${param(\"name\", \"you\")}`); note(7);");
    let ended = world.reel(["run", "hello.rhai", "-p", "name=晨光 ☕"]);
    assert_eq!(ended.stdout, "hello 晨光 ☕\n");
    ended.says(0, &format!("{BACKEND}note: 7\n"));
    world.reel(["run", "hello.rhai", "-q"]).says(0, "");
}

#[test]
fn terminal_escapes_are_spelled_out() {
    let world = World::new();
    world.write("red.rhai", "print(\"\\x1b[31mred\\x07\");");
    assert_eq!(world.reel(["run", "red.rhai"]).success(), "\\u{1b}[31mred\\u{7}\n");
}

#[test]
fn with_json_every_line_is_an_object_and_nothing_is_said_elsewhere() {
    let world = World::new();
    world.write("one.rhai", "print(\"a\\nb\"); check(\"sums\", 1 + 1 == 3, \"count again\"); 42");
    let ended = world.reel(["run", "one.rhai", "--json"]);
    let lines = ended.lines();
    let events: Vec<_> = lines.iter().filter_map(|line| line["event"].as_str()).collect();
    assert_eq!(events, ["backend", "print", "step_began", "step_done", "check", "end"]);
    assert_eq!(lines[0]["backend"], "studio");
    assert_eq!(lines[1]["text"], "a\nb");
    assert_eq!(lines[4]["hint"], "count again");
    assert_eq!((&lines[5]["exit"], &lines[5]["value"]), (&1.into(), &42.into()));
    ended.says(1, "");
}

#[test]
fn an_uncaught_error_shows_its_place_and_ends_with_1() {
    let world = World::new();
    world.write("bad.rhai", "fn deep(x) {\n    throw `no ${x}`;\n}\ndeep(\"music\");\n");
    let said = format!(
        "{BACKEND}error[script]: no music\n  --> bad.rhai:2:5\n   2 |     throw `no ${{x}}`;\n     |     ^^^^^\n   \
         in fn deep, called at bad.rhai:4:1\n"
    );
    world.reel(["run", "bad.rhai"]).says(1, &said);
}

#[test]
fn a_file_of_another_system_runs_and_its_places_are_right() {
    let world = World::new();
    let text = "\u{feff}#!/usr/bin/env reel\r\nlet a = 40;\r\nprint(a + 2);\r\n";
    world.write("crlf.rhai", text);
    assert_eq!(world.reel(["run", "crlf.rhai"]).success(), "42\n");
    world.write("typo.rhai", format!("{text}  prnt(a);\r\n"));
    let ended = world.reel(["run", "typo.rhai"]);
    assert!(ended.stderr.contains("--> typo.rhai:4:3"), "{ended:?}");
}

#[test]
fn what_was_probably_meant_is_said_of_files_and_modules() {
    let world = World::new();
    std::fs::create_dir_all(world.path("lib")).unwrap();
    world.write("lib/brand.rhai", "export const NAME = 1;");
    world.write("notes.txt", "x");
    world.write("file.rhai", "print(read_text(\"nots.txt\"));");
    let ended = world.reel(["run", "file.rhai"]);
    assert!(ended.stderr.contains("there is no file `nots.txt`; did you mean `notes.txt`?"), "{ended:?}");
    let ended = world.reel(["run", "file.rhai", "--untrusted"]);
    assert!(!ended.stderr.contains("notes.txt"), "an untrusted script lists nothing: {ended:?}");
    world.write("module.rhai", "import \"lib/brnad\" as brand; print(brand::NAME);");
    let ended = world.reel(["run", "module.rhai"]);
    assert!(ended.stderr.contains("there is no module `lib/brnad`; did you mean `lib/brand`?"), "{ended:?}");
    assert_eq!(world.reel(["check", "module.rhai"]).code, 2);
    let ended = world.reel(["run", "modul.rhai"]);
    assert!(ended.stderr.contains("hint: did you mean `module.rhai`?"), "{ended:?}");
}

#[test]
fn a_script_that_cannot_start_ends_with_2() {
    let world = World::new();
    let missing = "error[input]: the script `none.rhai` cannot be read: No such file or directory (os error 2)\n   \
                   hint: check the path\n";
    world.reel(["run", "none.rhai"]).says(2, missing);
    world.write("typo.rhai", "prnt(1);");
    let unknown = "error: there is no function `prnt`\n  --> typo.rhai:1:1\n   1 | prnt(1);\n     | ^^^^\n   \
                   hint: did you mean `print`?\n";
    world.reel(["run", "typo.rhai"]).says(2, unknown);
    world.write("params.rhai", "print(param(\"title\", \"x\"));");
    let param = format!(
        "{BACKEND}error[input]: the script has no param `titel`; did you mean `title`?\n   hint: it has: title\n"
    );
    world.reel(["run", "params.rhai", "-p", "titel=y"]).says(2, &param);
    let ended = world.reel(["run", "params.rhai", "-p", "title"]);
    assert_eq!(ended.code, 2);
    assert!(ended.stderr.contains("write it as name=value"), "{ended:?}");
}

#[test]
fn ctrl_c_ends_a_loop_with_130() {
    let world = World::new();
    world.write("forever.rhai", "print(\"looping\"); loop {}");
    let mut run = world.command(["run", "forever.rhai", "-q"]);
    let mut run = run.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    let mut line = String::new();
    BufReader::new(run.stdout.take().unwrap()).read_line(&mut line).unwrap();
    assert_eq!(line, "looping\n");
    interrupt(&run);
    let ended = run.wait_with_output().unwrap();
    assert_eq!(ended.status.code(), Some(130));
    let said = "stopped; nothing was begun on the backend\n";
    assert_eq!(String::from_utf8_lossy(&ended.stderr), said);
}

#[test]
fn only_named_variables_can_be_read() {
    let world = World::new().var("CITY", "Kyoto").var("NEMO_TOKEN", "nmv_usr_secret");
    world.write("env.rhai", "print(env(\"CITY\"));");
    let ended = world.reel(["run", "env.rhai", "--backend", "studio"]);
    assert_eq!(ended.code, 1);
    assert!(ended.stderr.contains("--allow-env"), "{ended:?}");
    let told = world.reel(["run", "env.rhai", "--backend", "studio", "--allow-env", "CITY"]).success();
    assert_eq!(told, "Kyoto\n");
}
