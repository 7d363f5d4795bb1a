//! What a user reads when a script does not work.

use reelscript::runtime::Exit;

use super::{Stage, error};

#[test]
fn an_uncaught_error_shows_its_line_its_way_and_what_to_do() {
    let text = "fn shot(n) {\n\tsleep(n)\n}\nfn all() { for n in [0, -1] { shot(n) } }\nall();\n";
    assert_eq!(
        error(text),
        "error[input]: cannot sleep for -1 seconds\n  --> main.rhai:2:2\n   2 |  sleep(-1)\n"
            .replace("sleep(-1)", "sleep(n)")
            + "     |  ^^^^^\n   in fn shot, called at main.rhai:4:31\n   in fn all, called at main.rhai:5:1\n   \
               hint: from 0 to 604800"
    );
}

#[test]
fn a_thrown_text_and_a_rethrown_map_point_at_their_first_place() {
    assert_eq!(
        error("let a = 1;\nthrow \"no luck\";"),
        "error[script]: no luck\n  --> main.rhai:2:1\n   2 | throw \"no luck\";\n     | ^^^^^"
    );
    let rethrown = error("try { print(1); sleep(-2) }\ncatch (e) { throw e; }");
    assert!(rethrown.contains("--> main.rhai:1:17\n   1 | try { print(1); sleep(-2) }"), "{rethrown}");
    let behind = error("try { throw 1 } catch (e) { nowhere() }");
    assert!(behind.contains("--> main.rhai:1:29\n"), "{behind}");
}

#[test]
fn mistyped_names_are_suggested() {
    for (text, message, hint) in [
        ("slep(1)", "there is no function `slep`", "did you mean `sleep`?"),
        ("fn render() {} rendr()", "there is no function `rendr`", "did you mean `render`?"),
        ("let title = 1; print(titel)", "there is no variable `titel`", "did you mean `title`?"),
        (
            "check(1)",
            "`check` cannot be called with (int)",
            "known ways: `check(name, passed)`, `check(name, passed, hint)`",
        ),
    ] {
        let said = Stage::new().run(text).error.unwrap();
        assert_eq!((said.message.as_str(), said.hint.as_deref()), (message, Some(hint)), "{text}");
    }
}

#[test]
fn an_outer_variable_in_a_function_has_its_own_hint() {
    let said = Stage::new().run("let s = 1;\nfn f() {\n  s + 1\n}\nf()").error.unwrap();
    assert_eq!(said.message, "there is no variable `s`");
    assert!(said.hint.unwrap().contains("pass `s` as an argument"));
    let said = Stage::new().run("const BRAND = 1;\nfn f() {\n  BRAND\n}\nf()").error.unwrap();
    assert!(said.hint.unwrap().contains("write `global::BRAND`"));
}

#[test]
fn what_does_not_compile_says_where_and_costs_nothing() {
    let outcome = Stage::new().run("print(1);\nlet x = ;\n");
    assert_eq!(outcome.exit, Exit::Usage);
    let said = outcome.error.unwrap().to_string();
    assert!(said.contains("--> main.rhai:2:9\n   2 | let x = ;\n     |         ^"), "{said}");
    let keyword = Stage::new().run("let s = 1; export(s, \"a.mp4\")").error.unwrap();
    assert!(keyword.hint.unwrap().contains("`s.export(..)`"));
    let reserved = Stage::new().run("#{ default: 1 }").error.unwrap();
    assert_eq!(reserved.message, "`default` is a reserved word");
    assert!(reserved.hint.unwrap().contains("`map[\"default\"]`"));
}
