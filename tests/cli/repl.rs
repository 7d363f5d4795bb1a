//! The REPL, fed through a pipe: what it shows, what stays, and how it goes on.

use std::os::unix::fs::PermissionsExt;

use super::reel::{Ended, World};

/// Runs the REPL with these lines.
fn typed(world: &World, arguments: &[&str], lines: &str) -> Ended {
    let mut all = vec!["repl"];
    all.extend(arguments);
    world.reel_fed(&all, lines)
}

#[test]
fn what_a_line_defines_stays() {
    let world = World::new();
    std::fs::create_dir(world.path("lib")).unwrap();
    world.write("lib/brand.rhai", "export const NAME = \"Morning Brew\";\nfn twice(x) { x * 2 }");
    let ended = typed(
        &world,
        &[],
        "let a = 20;\nfn plus(x) {\n  x + 1\n}\nplus(a)\nit * 2\nimport \"lib/brand\" as brand;\nbrand::twice(a)\nbrand::NAME\nlet b = [1,\n2]; b\n",
    );
    assert_eq!(ended.stdout.lines().collect::<Vec<_>>(), ["21", "42", "40", "Morning Brew", "[1,2]"]);
    assert_eq!(ended.code, 0, "{}", ended.stderr);
}

#[test]
fn a_mistake_is_shown_and_the_next_line_goes_on() {
    let world = World::new();
    let ended = typed(&world, &[], "let a = 1; nope(a);\na\n:nope\n:help chat\nthrow \"x\"\nprint(2)\n");
    assert!(ended.stderr.contains("there is no function `nope`"), "{}", ended.stderr);
    assert!(ended.stderr.contains("there is no command `:nope`"), "{}", ended.stderr);
    assert!(ended.stdout.starts_with("1\ns.chat(text)"), "{}", ended.stdout);
    assert!(ended.stdout.ends_with("\n2\n"), "{}", ended.stdout);
}

#[test]
fn words_are_said_to_the_agent_and_the_session_goes_on_in_the_next_life() {
    let world = World::new();
    let lines = "> make a 3 second video about the sea\nlet id = uuid(); id\n:save sea.rhai\n";
    let first = typed(&world, &[], lines);
    assert_eq!(first.code, 0, "{}", first.stderr);
    assert!(first.stderr.contains("reel repl --resume"), "{}", first.stderr);
    assert!(first.stdout.contains("`:export "), "{}", first.stdout);
    assert!(first.stdout.contains("\nTimeline ("), "{}", first.stdout);
    let id = first.stdout.lines().rev().nth(1).unwrap().to_owned();
    assert_eq!(id.len(), 36, "{}", first.stdout);
    let again =
        typed(&world, &["--resume"], "id\n> change the title to 'Salt'\ns.timeline()\n:undo\n:credits\n");
    assert_eq!(again.code, 0, "{}", again.stderr);
    assert_eq!(again.stdout.lines().next(), Some(id.as_str()), "nothing of the first life is said again");
    assert!(again.stdout.contains("Timeline (") && again.stdout.contains("Salt"), "{}", again.stdout);
    let script = std::fs::read_to_string(world.path("sea.rhai")).unwrap();
    assert!(script.contains("let s = session();") && script.contains("s.say(\"make a 3 second"), "{script}");
}

#[test]
fn the_history_is_its_users_alone() {
    let world = World::new();
    typed(&world, &[], "let a = 1;\n").success();
    let history = std::fs::metadata(world.home(".local/share/reelscript/history")).unwrap();
    assert_eq!(history.permissions().mode() & 0o077, 0);
}

#[test]
fn three_lines_make_a_video_and_what_is_saved_makes_the_same() {
    let world = World::new();
    let lines = "s = session(\"first\");\n> make a 2 second video about the sea\ns.export(\"sea.mp4\", #{ resolution: \"360p\" })\n:save sea.rhai\n";
    let lines = format!("let {lines}");
    let made = typed(&world, &["--out", "typed"], &lines);
    assert_eq!(made.code, 0, "{}", made.stderr);
    assert!(made.stdout.contains("`reel run sea.rhai` runs it"), "{}", made.stdout);
    world.reel(["run", "sea.rhai", "--out", "run", "-q"]).success();
    let (typed, run) = (frames(&world, "typed/sea.mp4"), frames(&world, "run/sea.mp4"));
    assert!(typed.lines().count() > 50, "{typed}");
    assert_eq!(typed, run);
}

/// A hash of each frame of a video.
fn frames(world: &World, file: &str) -> String {
    let ffmpeg = std::env::var_os("REEL_FFMPEG").unwrap_or_else(|| "ffmpeg".into());
    let mut command = std::process::Command::new(ffmpeg);
    command.args(["-v", "error", "-i"]).arg(world.path(file)).args(["-map", "0:v", "-f", "framemd5", "-"]);
    String::from_utf8(command.output().unwrap().stdout).unwrap()
}
