//! The commands around writing a script: check, params, new, and definitions for editors.

use std::path::Path;

use crate::cli::reel::World;

const KINDS: [&str; 9] = [
    "quick",
    "photos",
    "words",
    "batch",
    "skill:ai-free-generator",
    "skill:free-generator-to",
    "skill:generator-online-free",
    "skill:video-generator-free-api",
    "skill:video-maker-free-online-ai",
];

#[test]
fn a_clean_script_shows_its_params() {
    let world = World::new();
    world.write(
        "a.rhai",
        "let t = param(\"title\", \"Hi\", #{ help: \"the words\" });\nlet n = param(\"seconds\", 5, #{ choices: [5, 10] });\nlet c = param(\"clip\");\nprint(`${t}${n}${c}`);",
    );
    let table = "title    text          \"Hi\"      the words\n\
                 seconds  whole number  5          (5, 10)\n\
                 clip     text          required\n";
    assert_eq!(world.reel(["params", "a.rhai"]).success(), table);
    let indented: String = table.lines().map(|line| format!("  {line}\n")).collect();
    assert_eq!(world.reel(["check", "a.rhai"]).success(), format!("a.rhai: ok\n{indented}"));
    let lines = world.reel(["params", "a.rhai", "--json"]).lines();
    let param = &lines[0]["value"][1];
    assert_eq!((&param["type"], &param["default"]), (&"whole number".into(), &5.into()));
    assert_eq!(param["choices"], serde_json::json!([5, 10]));
    assert_eq!(lines[0]["value"][2]["required"], true);
}

#[test]
fn a_script_with_mistakes_ends_with_2_and_names_them_all() {
    let world = World::new();
    world.write("bad.rhai", "slep(1);\nlet s = session();\ns.export(\"a.mp4\", #{ qualty: 1 });\n");
    world.write("good.rhai", "print(1);");
    let ended = world.reel(["check", "bad.rhai", "good.rhai"]);
    assert_eq!(ended.stdout, "good.rhai: ok\n");
    ended.says(
        2,
        "error: there is no function `slep`\n  --> bad.rhai:1:1\n   1 | slep(1);\n     | ^^^^\n   hint: did you mean `sleep`?\n\
         error: unknown option `qualty`; did you mean `quality`?\n  --> bad.rhai:3:22\n   3 | s.export(\"a.mp4\", #{ qualty: 1 });\n     |                      ^^^^^^\n   \
         hint: known options of `export`: format, quality, resolution, draft\n2 errors\n",
    );
    let lines = world.reel(["check", "bad.rhai", "--json"]).lines();
    let first = &lines[0];
    assert_eq!((&first["event"], &first["file"]), (&"problem".into(), &"bad.rhai".into()));
    assert_eq!((&first["line"], &first["column"], &first["end_column"]), (&1.into(), &1.into(), &5.into()));
    assert_eq!((&first["severity"], &first["hint"]), (&"error".into(), &"did you mean `sleep`?".into()));
    assert_eq!(world.reel(["check", "none.rhai"]).code, 2);
}

#[test]
fn new_scripts_of_every_kind_are_clean_and_never_overwrite() {
    let world = World::new();
    for (at, kind) in KINDS.iter().enumerate() {
        let name = format!("try-{at}");
        let line = world.reel(["new", &name, "--from", kind]).success();
        assert_eq!(line, format!("reel run {name}.rhai --out out\n"));
        let said = world.reel(["check", &format!("{name}.rhai")]).success();
        assert!(said.contains("resolution  text"), "{kind}: {said}");
        let text = std::fs::read_to_string(world.path(&format!("{name}.rhai"))).unwrap();
        assert!(!text.contains("{{name}}") && !text.contains("{{file}}"), "{text}");
    }
    let taken = "error: `try-0.rhai` exists already\n   hint: choose another name\n";
    world.reel(["new", "try-0.rhai"]).says(2, taken);
    let unknown =
        "error: there is no skill `ai-free-generatr`\n   hint: did you mean `skill:ai-free-generator`?\n";
    world.reel(["new", "x", "--from", "skill:ai-free-generatr"]).says(2, unknown);
    assert_eq!(world.reel(["new", "a`b"]).code, 2);
    assert_eq!(world.reel(["new", "x", "--from", "film"]).code, 2);
}

#[test]
fn the_quick_script_makes_a_video() {
    let world = World::new();
    let _ = world.reel(["new", "first"]).success();
    let args = ["run", "first.rhai", "-q", "--out", "out", "-p", "resolution=360p", "-p", "seconds=2"];
    let said = world.reel(args).success();
    assert!(said.contains("Good morning"), "{said}");
    assert!(world.path("out/first.mp4").is_file());
}

#[test]
fn the_batch_script_greets_everyone() {
    let world = World::new();
    let _ = world.reel(["new", "many", "--from", "batch"]).success();
    let names = "names=[\"Ada\",\"Grace\"]";
    let args =
        ["run", "many.rhai", "-q", "--out", "out", "-p", "resolution=360p", "-p", "seconds=2", "-p", names];
    let said = world.reel(args).success();
    assert!(world.path("out/many-2.mp4").is_file(), "{said}");
}

#[test]
fn definitions_are_written_for_editors() {
    let world = World::new();
    assert_eq!(world.reel(["api", "--definitions", "defs"]).success(), "defs/reel.d.rhai\n");
    let text = std::fs::read_to_string(Path::new(&world.path("defs/reel.d.rhai"))).unwrap();
    assert!(text.starts_with("module static;\n"), "{text}");
    for wanted in [
        "\nfn chat(session: Session, text: string, options: map) -> Reply;\n",
        "\n// fn export(session: Session, path: string) -> Video;\n",
        "\n/// Waits for some seconds, whole or not.",
        "\n// Type `Credits`: The balance\n//   .available: ",
        "\nfn note(value: ?);\n",
    ] {
        assert!(text.contains(wanted), "no {wanted} in {text}");
    }
    for (name, ways) in [("remove", 2), ("sleep", 2), ("exit", 2), ("session", 3)] {
        assert_eq!(text.matches(&format!("\nfn {name}(")).count(), ways, "{name} in {text}");
    }
    assert!(!text.contains("(export: "), "a keyword is no name of a parameter: {text}");
}
