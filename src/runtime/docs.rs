//! The manual of the scripting surface as data, and as Markdown for the README.

use crate::host::{Doc, TypeDoc};
use crate::runtime::check::catalog::catalog;
use crate::runtime::engine::language;

/// Returns the manual page of every function, in the order of the manual.
pub fn functions() -> &'static [&'static Doc] {
    &language().functions
}

/// Returns the manual page of every type, in the order of the manual.
pub fn types() -> &'static [&'static TypeDoc] {
    &language().types
}

/// Returns the properties and methods of a type, in the order of the manual.
pub fn members(type_name: &str) -> Vec<&'static str> {
    let doc = types().iter().find(|doc| doc.name == type_name);
    let properties = doc.into_iter().flat_map(|doc| doc.properties).map(|(name, _)| *name);
    let receiver = format!(": {type_name}");
    let methods = language().methods.iter().filter(|(of, _)| of.ends_with(&receiver)).map(|(_, name)| *name);
    let mut members: Vec<&'static str> = properties.collect();
    for method in methods {
        if !members.contains(&method) {
            members.push(method);
        }
    }
    members
}

/// Returns the pages as two Markdown tables: functions, then types.
pub fn markdown() -> String {
    let mut text = String::from("| call | does | unfinished at a crash |\n|---|---|---|\n");
    for doc in functions() {
        let calls: Vec<String> = doc.calls.iter().map(|call| format!("`{}`", cell(call))).collect();
        let class = doc.class.map_or("", |class| class.word());
        text.push_str(&format!("| {} | {} | {class} |\n", calls.join("<br>"), cell(&summary(doc.about))));
    }
    text.push_str("\n| type | what it is | properties |\n|---|---|---|\n");
    for doc in types() {
        let names: Vec<String> = doc.properties.iter().map(|(name, _)| format!("`{name}`")).collect();
        text.push_str(&format!("| `{}` | {} | {} |\n", doc.name, cell(doc.about), names.join(", ")));
    }
    text
}

/// Returns the pages as a definitions file, which editors read beside scripts: functions with
/// their pages as doc comments, types as comments.
pub fn definitions() -> String {
    let mut text = String::from(
        "module static;\n\n// What scripts of `reel` may call. Written by `reel api --definitions`.\n",
    );
    for doc in types() {
        text.push_str(&format!("\n// Type `{}`: {}\n", doc.name, doc.about.replace('\n', "\n// ")));
        for (name, about) in doc.properties {
            text.push_str(&format!("//   .{name}: {about}\n"));
        }
    }
    let mut known: Vec<&str> = Vec::new();
    for doc in functions() {
        let mut page = doc.about.to_owned();
        if let Some(class) = doc.class {
            page.push_str(&format!("\nUnfinished at a crash: {}.", class.word()));
        }
        page.push_str(&format!("\n\n```rhai\n{}\n```", doc.example));
        let comment: Vec<String> =
            page.lines().map(|line| format!("/// {line}").trim_end().to_owned()).collect();
        let ways = catalog().ways(doc.name).iter().filter(|way| way.ours);
        // `export` is a keyword of Rhai: after a dot it is a name, in a definition it cannot stand.
        let lead = if doc.name == "export" { "// " } else { "" };
        for signature in
            ways.map(|way| signature(doc.name, &way.written)).filter(|_| !known.contains(&doc.name))
        {
            text.push_str(&format!("\n{}\n{lead}{signature};\n", comment.join("\n")));
        }
        known.push(doc.name);
    }
    text
}

/// A function as Rhai writes definitions: `fn chat(session: Session, text: string) -> Reply`.
fn signature(name: &str, written: &[String]) -> String {
    let (result, params) = written.split_last().map_or(("()", &[][..]), |(last, rest)| (last.as_str(), rest));
    let arrow = if result == "()" { String::new() } else { format!(" -> {result}") };
    format!("fn {name}({}){arrow}", params.join(", "))
}

/// Returns the first sentence of a page.
pub fn summary(about: &str) -> String {
    let line = about.lines().next().unwrap_or_default();
    line.split_once(". ").map_or_else(|| line.trim_end_matches('.').to_owned(), |(first, _)| first.to_owned())
}

fn cell(text: &str) -> String {
    text.replace('|', "\\|").replace('\n', " ")
}
