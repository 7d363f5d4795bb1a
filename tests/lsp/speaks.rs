//! Each question of an editor, and each way to say something wrong.

use serde_json::{Value, json};

use super::client::Client;

fn labels(items: &Value) -> Vec<&str> {
    items.as_array().unwrap().iter().filter_map(|item| item["label"].as_str()).collect()
}

#[test]
fn mistakes_are_shown_on_open_and_on_change() {
    let mut client = Client::new();
    let found = client.open("main.rhai", "let t = \"😀你\"; slep(1);\n");
    assert_eq!(found[0]["message"], "there is no function `slep`\ndid you mean `sleep`?");
    // The emoji is two units of UTF-16.
    let wanted = json!({"start": {"line": 0, "character": 15}, "end": {"line": 0, "character": 19}});
    assert_eq!(found[0]["range"], wanted);
    assert_eq!((&found[0]["severity"], &found[0]["source"]), (&1.into(), &"reel".into()));
    assert!(client.change("main.rhai", "sleep(1);\n").is_empty());
    assert_eq!(client.change("main.rhai", "let x = ;").len(), 1);
    assert_eq!(client.leave(), 0);
}

#[test]
fn a_module_is_read_from_the_editor_before_the_disk() {
    let mut client = Client::new();
    client.world.write("brand.rhai", "fn logo() { 1 }\n");
    let main = "import \"brand\" as brand;\nbrand::logo(2);\n";
    let found = client.open("main.rhai", main);
    assert!(found[0]["message"].as_str().unwrap().starts_with("`brand::logo` cannot be called"), "{found:?}");
    assert!(client.open("brand.rhai", "/// Draws it.\nfn logo(size) { size }\n").is_empty());
    // What imports it is looked at again.
    assert_eq!(client.next()["params"]["diagnostics"], json!([]));
    let place = json!({
        "textDocument": {"uri": client.uri("main.rhai")},
        "position": {"line": 1, "character": 9},
    });
    let found = client.ask("textDocument/definition", &place)["result"].clone();
    assert!(found["uri"].as_str().unwrap().ends_with("/desk/brand.rhai"), "{found}");
    assert_eq!(found["range"]["start"], json!({"line": 1, "character": 3}));
    let hover = client.ask("textDocument/hover", &place)["result"].clone();
    assert_eq!(hover["contents"]["value"], "```rhai\nfn logo(size)\n```\n\nDraws it.");
}

#[test]
fn completion_knows_what_stands_before_the_place() {
    let mut client = Client::new();
    let ask = "textDocument/completion";
    let found = client.at(ask, "let s = session(\"a\");\ns.^");
    assert!(labels(&found).contains(&"chat") && labels(&found).contains(&"task_id"), "{found}");
    assert!(!labels(&found).contains(&"raw_text") && !labels(&found).contains(&"sleep"), "{found}");
    let unknown = client.at(ask, "fn f(x) { x.^");
    assert!(labels(&unknown).contains(&"chat") && labels(&unknown).contains(&"raw_text"));
    let keys = client.at(ask, "session().export(\"a.mp4\", #{ quality: \"low\", ^");
    assert_eq!(labels(&keys), ["format", "quality", "resolution", "draft"]);
    let plain = client.at(ask, "let title = 1;\nfn render(row) {}\n^");
    for label in ["title", "render", "session", "while", "parse_json"] {
        assert!(labels(&plain).contains(&label), "no {label}");
    }
    assert_eq!(client.at(ask, "print(\"s.^\")"), json!([]));
    client.world.write("brand.rhai", "fn logo() { 1 }\nexport const NAME = 1;");
    let module = client.at(ask, "import \"brand\" as brand;\nbrand::^");
    assert_eq!(labels(&module), ["logo", "NAME"]);
}

#[test]
fn hover_and_signature_show_the_manual() {
    let mut client = Client::new();
    let hover = client.at("textDocument/hover", "let s = session(); let 你 = \"😀\"; s.ch^at(\"x\");");
    let text = hover["contents"]["value"].as_str().unwrap();
    assert!(
        text.contains("s.chat(text, #{timeout, follow_gui})") && text.contains("Says something"),
        "{text}"
    );
    assert_eq!(hover["range"]["start"]["character"], 35);
    let property = client.at("textDocument/hover", "credits().avail^able");
    assert!(
        property["contents"]["value"].as_str().unwrap().starts_with("`Credits.available`: "),
        "{property}"
    );
    let option = client.at("textDocument/hover", "session(#{ langu^age: \"en\" })");
    assert!(option["contents"]["value"].as_str().unwrap().starts_with("option `language` of"), "{option}");
    assert_eq!(client.at("textDocument/hover", "let x = 1; ^ "), Value::Null);

    let signature = client.at("textDocument/signatureHelp", "session().chat(\"a, (b\", ^");
    assert_eq!(signature["signatures"][1]["label"], "s.chat(text, #{timeout, follow_gui})");
    assert_eq!((&signature["activeSignature"], &signature["activeParameter"]), (&1.into(), &1.into()));
    let own = client.at("textDocument/signatureHelp", "/// Draws.\nfn shot(row, size) {}\nshot(^");
    assert_eq!(own["signatures"][0]["label"], "fn shot(row, size)");
    assert_eq!(client.at("textDocument/signatureHelp", "let x = 1;^"), Value::Null);
}

#[test]
fn definitions_are_found_in_the_file() {
    let mut client = Client::new();
    let ask = "textDocument/definition";
    let found = client.at(ask, "let title = 1;\nlet title = 2;\nprint(ti^tle);");
    assert_eq!(found["range"]["start"], json!({"line": 1, "character": 4}));
    let found = client.at(ask, "re^nder(1);\nfn render(row) { row }");
    assert_eq!(
        found["range"],
        json!({"start": {"line": 1, "character": 3}, "end": {"line": 1, "character": 9}})
    );
    assert_eq!(client.at(ask, "no^where"), Value::Null);
}

#[test]
fn whatever_is_said_wrong_is_answered_and_nothing_breaks() {
    let mut client = Client::silent();
    let early = client.ask("textDocument/hover", &json!({}));
    assert_eq!(early["error"]["code"], -32002);
    let _ = client.ask("initialize", &json!({}));
    for (bytes, code) in [
        (&b"Content-Length: 5\r\n\r\n{\"a\":"[..], -32700),
        (b"Hello: there\r\n\r\n", -32700),
        (b"Content-Length: -3\r\n\r\n", -32700),
        (b"Content-Length: 7\r\n\r\n{\"a\":1}", -32600),
        (b"Content-Length: 2\r\n\r\n[]", -32600),
    ] {
        client.raw(bytes);
        assert_eq!(client.next()["error"]["code"], code, "{}", String::from_utf8_lossy(bytes));
    }
    client.raw(b"Content-Length: 20000000\r\n\r\n");
    client.raw(&vec![b' '; 20_000_000]);
    assert!(client.next()["error"]["message"].as_str().unwrap().contains("16 MiB"));
    assert_eq!(client.ask("no/such", &json!({}))["error"]["code"], -32601);
    assert_eq!(client.ask("textDocument/hover", &json!({}))["error"]["code"], -32602);
    let closed = json!({"textDocument": {"uri": "file:///none"}, "position": {"line": 0, "character": 0}});
    assert_eq!(client.ask("textDocument/hover", &closed)["error"]["code"], -32602);
    client.tell("textDocument/didChange", &json!({"textDocument": 5, "contentChanges": "x"}));
    client.tell("textDocument/didOpen", &json!(null));
    for text in
        ["", "}}}}", "`${", "s.", "#{", "fn", "|", "let", "import \"", "\u{0}", "((((((((((", "a.b[", "f(,,,"]
    {
        for method in ["completion", "hover", "signatureHelp", "definition"] {
            client.at(&format!("textDocument/{method}"), &format!("{text}^"));
        }
    }
    let deep = "(".repeat(100_000);
    assert_eq!(client.open("deep.rhai", &deep).len(), 1);
    assert_eq!(client.vanish(), 1);
}
