//! What `reel check` finds, and what it must not.

use std::path::{Path, PathBuf};

use reelscript::runtime::{Problem, Script, check};

/// Problems of a text, as `line:column message | hint`.
fn problems(text: &str) -> Vec<String> {
    check(&Script::from_text("main.rhai", text), &Script::load_module).iter().map(line).collect()
}

fn line(problem: &Problem) -> String {
    let hint = problem.hint.as_deref().unwrap_or("-");
    let column = problem.place.column.unwrap_or_default();
    format!("{}:{column} {} | {hint}", problem.place.line, problem.message)
}

fn scripts_below(folder: &str) -> Vec<PathBuf> {
    let (mut found, mut folders) = (Vec::new(), vec![Path::new(folder).to_path_buf()]);
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
            } else if path.extension().is_some_and(|ending| ending == "rhai") {
                found.push(path);
            }
        }
    }
    assert!(!found.is_empty());
    found
}

#[test]
fn every_script_that_works_is_clean() {
    for folder in ["scripts", "tests/data/scripts/ok", "tests/data/workflows"] {
        for path in scripts_below(folder) {
            let script = Script::load(&path).unwrap();
            let found: Vec<String> = check(&script, &Script::load_module).iter().map(line).collect();
            assert!(found.is_empty(), "{}: {found:#?}", path.display());
        }
    }
    for doc in reelscript::runtime::docs::functions() {
        assert_eq!(problems(doc.example), Vec::<String>::new(), "{}", doc.example);
    }
}

#[test]
fn what_the_language_can_do_is_no_mistake() {
    for text in [
        "let m = #{ greet: |who| `hi ${who}` }; print(m.greet(\"Ada\"));",
        "let m = #{}; m.twice = |x| x * 2; print(m.twice(2));",
        "fn double() { this * 2 } let x = 4; print(x.double());",
        "let f = |a, b| a + b; print(f.call(1, 2)); print(call(f, 1, 2));",
        "fn f(x) { x } let g = Fn(\"f\"); g.call(1); let h = f; print(h.call(2));",
        "let n = 1; let add = |x| { n += x; n }; add.call(2);",
        "let rows = [#{ a: 1 }]; for (row, i) in rows { print(row.a + i); print(row.whatever); }",
        "let x = (); if x == () { x = session(); } x.chat(\"a\");",
        "const SIZE = 2; fn f() { global::SIZE } f();",
        "let s = session(); let all = [1, 2].map(|n| s.chat(`${n}`).text); print(all);",
        "let d = session().draft(); d.tracks[0].segments[1].text = \"x\"; d.tracks[0].segments.remove(0);",
        "switch 2 { 1 => print(1), 2 if now() > 1.0 => print(2), 3..9 => print(3), _ => () }",
        "try { throw 1; } catch (e) { print(e.message); print(e.mine); }",
        "let v = 5; { let v = \"a\"; print(v.len); } v.to_float();",
        "let text = \"a-b\"; text.replace(\"-\", \"+\"); text.split(\"+\"); for c in text { print(c); }",
        "sleep(1); sleep(0.5); for e in session().stream(\"x\") { print(e.kind); break; }",
        "note(#{ anything: 1 }); let p = param(\"p\", #{ a: 1 }, #{ help: \"h\" }); print(p.a);",
        "chat(session(), \"x\", #{ timeout: 5 });",
        "let i = 0; while i < 3 { i += 1; } do { i -= 1; } until i == 0; loop { break; }",
        "let rows = parse_json(\"[]\"); print(rows.len); print(rows[0].name.first);",
    ] {
        assert_eq!(problems(text), Vec::<String>::new(), "{text}");
    }
}

#[test]
fn mistakes_are_named_with_their_place_and_what_to_do() {
    for (text, wanted) in [
        ("slep(1)", "1:1 there is no function `slep` | did you mean `sleep`?"),
        ("let s = session();\ns.chta(\"x\");", "2:3 a Session has no function `chta` | did you mean `chat`?"),
        ("let x = parse_json(\"1\"); x.chta(1);", "1:28 there is no function `chta` | did you mean `chat`?"),
        (
            "let s = session(); s.chat(5);",
            "1:22 `chat` cannot be called with (Session, int) | known ways: `s.chat(text)`, `s.chat(text, #{timeout, follow_gui})`",
        ),
        (
            "let s = session(); s.chat();",
            "1:22 `chat` cannot be called with (Session) | known ways: `s.chat(text)`, `s.chat(text, #{timeout, follow_gui})`",
        ),
        (
            "fn f(s) { s.chat(5) }",
            "1:13 `chat` cannot be called with (?, int) | known ways: `s.chat(text)`, `s.chat(text, #{timeout, follow_gui})`",
        ),
        ("sleep(\"x\")", "1:1 `sleep` cannot be called with (string) | known ways: `sleep(seconds)`"),
        ("now(1)", "1:1 `now` cannot be called with (int) | known ways: `now()`"),
        (
            "let s = session();\ns.export(\"a.mp4\", #{ qualty: \"high\" });",
            "2:22 unknown option `qualty`; did you mean `quality`? | known options of `export`: format, quality, resolution, draft",
        ),
        (
            "session(#{ nme: \"x\" });",
            "1:12 unknown option `nme`; did you mean `name`? | known options of `session`: name, language, skill",
        ),
        (
            "let now = session().state(); print(now.secnds);",
            "1:40 a State has no property `secnds` | did you mean `seconds`?",
        ),
        (
            "print(session().timeline);",
            "1:17 a Session has no property `timeline` | it is a function: write `timeline(..)`",
        ),
        (
            "for t in session().draft().tracks { print(t.kid); }",
            "1:45 a Track has no property `kid` | did you mean `kind`?",
        ),
        ("let title = 1; print(titel);", "1:22 there is no variable `titel` | did you mean `title`?"),
        (
            "let s = 1;\nfn f() {\n  s + 1\n}",
            "3:3 there is no variable `s` | a function sees no outer variables; pass `s` as an argument",
        ),
        ("let f = |x| x + nowhere; f.call(1);", "1:17 there is no variable `nowhere` | -"),
        (
            "fn f(a) { a } f(1, 2);",
            "1:15 `f` cannot be called with 2 arguments | the script's own `f` takes 1 argument",
        ),
        (
            "brand::logo();",
            "1:1 there is no module `brand` in this file | import it first: `import \"brand\" as brand;`",
        ),
        ("import \"nowhere\" as n;", "1:8 there is no module `nowhere` | "),
        ("let x = ;", "1:9 "),
        ("#{ default: 1 }", "1:4 `default` is a reserved word | "),
        ("fn f() { param(\"x\", 1) }", "1:10 `param` stands inside a function | "),
        (
            "print(global::SIZ); const SIZE = 1;",
            "1:15 there is no constant `SIZ` at the top level | did you mean `global::SIZE`?",
        ),
    ] {
        let found = problems(text);
        assert!(found.len() == 1 && found[0].starts_with(wanted), "{text}\n{found:#?}\nnot {wanted}");
    }
}

#[test]
fn every_mistake_of_a_file_is_told_in_order_and_only_once() {
    let found = problems("slep(1);\nlet s = session();\nlet f = |t| s.chta(t);\nprint(titel); print(titel);");
    let places: Vec<&str> = found.iter().filter_map(|line| line.split(' ').next()).collect();
    assert_eq!(places, ["1:1", "3:15", "4:7", "4:21"], "{found:#?}");
}

#[test]
fn what_would_be_caught_is_a_warning() {
    let text = "let s = session(); try { s.chta(1); titel; } catch (e) { print(e); slep(1); }";
    let found = check(&Script::from_text("main.rhai", text), &Script::load_module);
    let told: Vec<_> =
        found.iter().map(|problem| (problem.severity.word(), problem.message.as_str())).collect();
    assert_eq!(
        told,
        [
            ("warning", "a Session has no function `chta`"),
            ("error", "there is no variable `titel`"),
            ("error", "there is no function `slep`"),
        ]
    );
}

#[test]
fn modules_are_checked_and_what_they_lack_is_named() {
    let folder = tempfile::tempdir().unwrap();
    let write = |name: &str, text: &str| std::fs::write(folder.path().join(name), text).unwrap();
    write(
        "brand.rhai",
        "export const NAME = \"Ada\";\nfn logo(size) { size }\nprivate fn hidden() { slep(1) }\n",
    );
    write("one.rhai", "import \"two\" as two;");
    write("two.rhai", "import \"one\" as one;");
    write(
        "main.rhai",
        "import \"brand\" as brand;\nprint(brand::NAME + brand::NAM);\nbrand::logo(1);\nbrand::logo();\nbrand::lgo(1);\nbrand::hidden();\nimport \"one\" as one;\n",
    );
    let script = Script::load(&folder.path().join("main.rhai")).unwrap();
    let found = check(&script, &Script::load_module);
    let told: Vec<String> = found.iter().map(line).collect();
    for wanted in [
        "3:23 there is no function `slep`",
        "2:28 the module `brand` has no variable `NAM` | did you mean `brand::NAME`?",
        "4:8 `brand::logo` cannot be called with 0 arguments | it takes 1",
        "5:8 the module `brand` has no function `lgo` | did you mean `brand::logo`?",
        "6:8 `hidden` of the module `brand` is private",
        "1:8 modules import each other in a circle: ",
    ] {
        assert!(told.iter().any(|line| line.starts_with(wanted)), "no `{wanted}` in {told:#?}");
    }
    assert_eq!(told.len(), 6, "{told:#?}");
    assert!(found.iter().any(|problem| problem.place.file.ends_with("brand.rhai")));
}

#[test]
fn a_problem_reads_like_that_of_a_compiler() {
    let found = check(&Script::from_text("main.rhai", "print(1);\n\tslep(1);\n"), &Script::load_module);
    assert_eq!(
        found[0].to_string(),
        "error: there is no function `slep`\n  --> main.rhai:2:2\n   2 |  slep(1);\n     |  ^^^^\n   hint: did you mean `sleep`?"
    );
    assert_eq!(found[0].end_column, Some(6));
}
