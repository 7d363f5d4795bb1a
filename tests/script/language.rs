//! What the language gives beyond Rhai: inputs, files, checks, modules, `catch`.

use reelscript::host::Event;
use reelscript::journal::LineKind;
use reelscript::runtime::{Exit, Script, params};
use serde_json::json;

use super::{Stage, error, value};

#[test]
fn a_finished_script_returns_its_last_value_as_data() {
    assert_eq!(value("#{ a: [1, 2.5, \"x\", true, ()] }"), json!({"a": [1, 2.5, "x", true, null]}));
    assert_eq!(value("|x| x"), json!(null));
    let outcome = Stage::new().run("exit(3); print(1)");
    assert_eq!((outcome.exit, outcome.exit_code), (Exit::Failed, Some(3)));
    assert_eq!(Stage::new().run("exit();").exit, Exit::Done);
    assert_eq!(Stage::new().run("3").exit, Exit::Done);
}

#[test]
fn params_come_from_outside_in_the_type_of_their_default() {
    let text = "[param(\"n\", 1), param(\"title\"), param(\"loud\", false), param(\"mode\", \"a\", #{choices: [\"a\", \"b\"]})]";
    let stage = Stage::new().param("n", "7").param("title", "Hi").param("loud", "yes").param("mode", "b");
    assert_eq!(stage.run(text).value, json!([7, "Hi", true, "b"]));
    let told = |stage: Stage| {
        let outcome = stage.run(text);
        assert_eq!(outcome.exit, Exit::Usage);
        outcome.error.unwrap().to_string()
    };
    assert_eq!(
        told(Stage::new()),
        "error[input]: param `title` is required\n   hint: give it with `-p title=..`"
    );
    assert_eq!(
        told(Stage::new().param("title", "x").param("mod", "b")),
        "error[input]: the script has no param `mod`; did you mean `mode`?\n   hint: it has: n, title, loud, mode"
    );
    assert!(told(Stage::new().param("title", "x").param("mode", "c")).contains("param `mode` cannot be `c`"));
}

#[test]
fn params_are_listed_without_running() {
    let text = "let a = param(\"clip\", \"a.mp4\", #{ help: \"the clip\" });\nprint(`${param(\"n\", -2)}`);\nif true { param(\"must\") }\nparam(\"must\");";
    let listed = params(&Script::from_text("x.rhai", text)).unwrap();
    let told: Vec<_> = listed
        .iter()
        .map(|p| (p.name.as_str(), p.default.clone(), p.kind, p.help.as_deref(), p.line))
        .collect();
    assert_eq!(
        told,
        [
            ("clip", Some(json!("a.mp4")), "text", Some("the clip"), 1),
            ("n", Some(json!(-2)), "whole number", None, 2),
            ("must", None, "text", None, 3),
        ]
    );
    let inside = "`${ let k = 0; try { throw 1 } catch (e) { k = e.kind; } k } ${1}`";
    assert_eq!(value(inside), json!("script 1"));
    let nested = "try { try { throw \"in\" } catch (e) { throw e } } catch (e) { let f = || e.message; return f.call(); }";
    assert_eq!(value(nested), json!("in"));
}

#[test]
fn export_is_a_method_after_a_dot_and_a_keyword_elsewhere() {
    assert!(error("let m = 1; m.export(2)").contains("`export` cannot be called with (int, int)"));
    assert_eq!(value("export const X = 5; X"), json!(5));
    let stage = Stage::new();
    assert_eq!(stage.run("let m = #{}; m.").exit, Exit::Usage);
    assert_eq!(stage.run("export const X = 5; X").value, json!(5));
}

#[test]
fn checks_are_recorded_and_decide_the_exit() {
    let stage = Stage::new();
    let outcome = stage.run("check(\"one\", 1 == 1); check(\"two\", 1 == 2, \"count again\")");
    assert_eq!((outcome.exit, outcome.value), (Exit::Failed, json!(false)));
    let told: Vec<_> = outcome.checks.iter().map(|c| (c.name.as_str(), c.passed, c.hint.as_str())).collect();
    assert_eq!(told, [("one", true, ""), ("two", false, "count again")]);
}

#[test]
fn lines_and_notes_are_told_and_kept() {
    let stage = Stage::new();
    stage.run("print(#{ a: 1 }); note([1, \"x\"]);\n  debug(\"d\");");
    assert_eq!(stage.printed(), ["#{\"a\": 1}"]);
    let told = stage.told.lock().unwrap();
    assert!(told.iter().any(|event| matches!(event, Event::Note(value) if *value == json!([1, "x"]))));
    assert!(
        told.iter().any(
            |event| matches!(event, Event::Debug { text, at } if text == "\"d\"" && at == "main.rhai:2:3")
        )
    );
    let kept: Vec<_> = stage.setup.log.lines().iter().map(|line| line.kind).collect();
    assert_eq!(kept, [LineKind::Print, LineKind::Note, LineKind::Debug]);
}

#[test]
fn every_call_is_in_the_journal() {
    let stage = Stage::new();
    stage.run("let r = random(); uuid(); now(); try { env(\"X\") } catch {} write_text(\"a.txt\", \"x\");");
    assert_eq!(
        stage.story(),
        [
            "1 random (Value): finished",
            "2 uuid (Value): finished",
            "3 now (Value): finished",
            "4 env (Value): failed",
            "5 write_text (Local): finished",
        ]
    );
}

#[test]
fn files_are_read_beside_the_script_and_written_below_out() {
    let stage =
        Stage::new().file("clips/b.mp4", "x").file("clips/a.mp4", "x").file("clips/c.txt", "\u{feff}héllo");
    let outcome = stage.run(
        "let p = write_text(\"sub/n.txt\", read_text(\"clips/c.txt\")); [files(\"clips/*.mp4\"), read_text(\"sub/n.txt\")]",
    );
    assert_eq!(outcome.value, json!([["clips/a.mp4", "clips/b.mp4"], "héllo"]));
    let made = stage.folder().join("out/sub/n.txt");
    assert_eq!(std::fs::read_to_string(&made).unwrap(), "héllo");
    assert_eq!(outcome.files, [made.display().to_string()]);
    assert_eq!(std::fs::read_dir(made.parent().unwrap()).unwrap().count(), 1);
}

#[test]
fn files_outside_are_refused_also_behind_links() {
    let secret = tempfile::tempdir().unwrap();
    std::fs::write(secret.path().join("key"), "secret").unwrap();
    let stage = Stage::new();
    std::os::unix::fs::symlink(secret.path(), stage.folder().join("door")).unwrap();
    std::fs::create_dir(stage.folder().join("out")).unwrap();
    std::os::unix::fs::symlink(secret.path(), stage.folder().join("out/door")).unwrap();
    let outside = secret.path().join("key").display().to_string();
    for call in [
        format!("read_text(\"{outside}\")"),
        "read_text(\"door/key\")".to_owned(),
        format!("write_text(\"{outside}\", \"x\")"),
        "write_text(\"../x.txt\", \"x\")".to_owned(),
        "write_text(\"door/x.txt\", \"x\")".to_owned(),
        "write_text(\"door/key\", \"x\")".to_owned(),
    ] {
        let caught = stage.run(&format!("try {{ {call} }} catch (e) {{ return e.kind; }}"));
        assert_eq!(caught.value, json!("sandbox"), "{call}");
    }
    assert_eq!(std::fs::read_to_string(secret.path().join("key")).unwrap(), "secret");
    let named = Stage::new().param("path", &outside).run("read_text(param(\"path\"))");
    assert_eq!(named.value, json!("secret"), "what the user names may be read");
    assert_eq!(std::fs::read_dir(secret.path()).unwrap().count(), 1);
    let missing =
        stage.run("try { read_text(\"none.txt\") } catch (e) { return [e.kind, e.message, e.call]; }");
    assert_eq!(missing.value, json!(["input", "there is no file `none.txt`", "read_text"]));
}

#[test]
fn modules_are_found_beside_the_importing_file_and_nowhere_else() {
    let stage = Stage::new()
        .file(
            "lib/brand.rhai",
            "import \"colours\" as c;\nexport const NAME = \"Reel\";\nfn red() { c::red() }",
        )
        .file("lib/colours.rhai", "fn red() { \"#f00\" }")
        .file("a.rhai", "import \"b\" as b;")
        .file("b.rhai", "import \"a\" as a;")
        .file("bad.rhai", "fn f() {\n  throw \"inside\"\n}\nfn g() { f() }");
    let outcome = stage.run("import \"lib/brand\" as brand; brand::NAME + brand::red()");
    assert_eq!(outcome.value, json!("Reel#f00"), "{:?}", outcome.error);
    let said = |text: &str| stage.run(text).error.unwrap();
    assert!(said("import \"a\" as a;").message.starts_with("modules import each other in a circle: "));
    assert_eq!(said("import \"nowhere\" as n;").message, "there is no module `nowhere`");
    let outside = tempfile::tempdir_in(stage.folder().parent().unwrap()).unwrap();
    std::fs::write(outside.path().join("x.rhai"), "export const X = 1;").unwrap();
    let name = outside.path().file_name().unwrap().to_str().unwrap();
    let escape = said(&format!("import \"../{name}/x\" as x;"));
    assert_eq!(escape.kind.word(), "sandbox");
    let inside = said("import \"bad\" as bad;\nbad::g();");
    assert!(inside.place.as_ref().unwrap().file.ends_with("bad.rhai"), "{inside}");
    assert_eq!(inside.excerpt.as_deref(), Some("  throw \"inside\""));
    assert_eq!(inside.chain.len(), 2);
}
