//! Keeps `src/` in the shape that the crate doc draws: who may name whom, where heavy
//! crates live, how long a file may grow. Neither rustc nor clippy can check these.

use std::fs;
use std::path::Path;

/// Who may name whom, in reading order. A room may always name itself.
const ROOMS: &[(&str, &[&str])] = &[
    ("clock", &[]),
    ("secret", &[]),
    ("model", &[]),
    ("wire", &["model"]),
    ("talk", &["model"]),
    ("table", &[]),
    ("ffmpeg", &["model", "clock"]),
    ("journal", &["model", "clock"]),
    ("client", &["model", "wire", "clock", "secret"]),
    ("studio", &["model", "wire", "ffmpeg", "clock", "secret"]),
    ("host", &["model", "wire", "talk", "table", "ffmpeg", "client", "journal", "clock"]),
    ("runtime", &["model", "host", "journal", "clock"]),
    ("batch", &["model", "table", "host", "runtime", "journal", "clock"]),
    ("lsp", &["host", "runtime"]),
    ("report", &["model", "ffmpeg", "journal"]),
    (
        "cli",
        &[
            "model", "wire", "talk", "ffmpeg", "client", "journal", "host", "runtime", "batch", "table",
            "lsp", "report", "studio", "clock", "secret",
        ],
    ),
];

/// Heavy crates, and the path prefixes that may name them.
const HOMES: &[(&str, &[&str])] = &[
    ("rhai", &["runtime", "host"]),
    ("reqwest", &["client", "studio/fetch.rs"]),
    ("axum", &["studio"]),
    ("rusqlite", &["journal", "studio/store"]),
    ("sqlx", &["journal"]),
    ("graphile_worker", &["batch/queue.rs"]),
    ("csv", &["table"]),
    ("encoding_rs", &["table"]),
    ("clap", &["cli"]),
    ("anyhow", &["cli", "main.rs"]),
    ("rustyline", &["cli/repl"]),
    ("cosmic_text", &["studio/render"]),
    ("image", &["studio/render"]),
    ("tokio::process", &["ffmpeg"]),
    ("std::process::Command", &["ffmpeg"]),
];

const FILE_LINES_MAX: usize = 500;

#[test]
fn rooms_name_only_the_rooms_below_them() {
    let mut bad = Vec::new();
    for (path, text) in sources() {
        let room = path.split('/').next().unwrap_or_default().trim_end_matches(".rs");
        let Some((_, below)) = ROOMS.iter().find(|(name, _)| *name == room) else { continue };
        for named in rooms_named(&text) {
            if named != room && !below.contains(&named) {
                bad.push(format!("src/{path}: `{room}` must not name `{named}`"));
            }
        }
    }
    assert!(bad.is_empty(), "\n{}\n", bad.join("\n"));
}

#[test]
fn every_room_stands_in_the_table() {
    let listed: Vec<&str> = ROOMS.iter().map(|(name, _)| *name).collect();
    for (path, _) in sources() {
        let room = path.split('/').next().unwrap_or_default().trim_end_matches(".rs").to_owned();
        assert!(
            ["main", "lib"].contains(&room.as_str()) || listed.contains(&room.as_str()),
            "src/{path} is in no room"
        );
    }
}

#[test]
fn heavy_crates_have_one_home() {
    let mut bad = Vec::new();
    for (path, text) in sources() {
        let code = code(&text);
        for (name, homes) in HOMES {
            if names_path(&code, name) && !homes.iter().any(|home| path.starts_with(home)) {
                bad.push(format!("src/{path}: `{name}` belongs to {homes:?}"));
            }
        }
    }
    assert!(bad.is_empty(), "\n{}\n", bad.join("\n"));
}

#[test]
fn files_say_what_they_are_and_stay_short() {
    let mut bad = Vec::new();
    for (path, text) in sources() {
        if text.lines().count() > FILE_LINES_MAX {
            bad.push(format!("src/{path}: over {FILE_LINES_MAX} lines; split it by noun"));
        }
        if !text.starts_with("//!") {
            bad.push(format!("src/{path}: the first line must be a `//!` sentence"));
        }
    }
    assert!(bad.is_empty(), "\n{}\n", bad.join("\n"));
}

#[test]
fn the_checks_see_what_they_look_for() {
    let text = "use crate::{wire::sse, model};\nlet x = crate::host::run();\n// crate::studio\n";
    assert_eq!(rooms_named(text), ["wire", "model", "host"]);
    assert!(names_path("use rhai::Engine;", "rhai"));
    assert!(!names_path("my_rhai::Engine", "rhai"));
    assert_eq!(code("let u = \"http://x\"; // said"), "let u = \"http:x\"; ");
}

/// The first segments of every `crate::…` path, also of those in `use crate::{a, b::c}`.
fn rooms_named(text: &str) -> Vec<&'static str> {
    let code = code(text);
    let mut names = Vec::new();
    for (at, prefix) in code.match_indices("crate::") {
        let rest = &code[at + prefix.len()..];
        match rest.strip_prefix('{') {
            None => names.extend(room_at(rest)),
            Some(group) => names.extend(group_items(group).into_iter().filter_map(room_at)),
        }
    }
    names
}

/// The items of a brace group at its own depth, given the text after its opening brace.
fn group_items(group: &str) -> Vec<&str> {
    let (mut depth, mut from, mut items) = (1, 0, Vec::new());
    for (at, c) in group.char_indices() {
        match c {
            '{' => depth += 1,
            '}' => depth -= 1,
            _ => (),
        }
        if depth == 0 || (c == ',' && depth == 1) {
            items.push(group[from..at].trim());
            from = at + 1;
        }
        if depth == 0 {
            break;
        }
    }
    items
}

fn room_at(path: &str) -> Option<&'static str> {
    let end = path.find(|c: char| !c.is_alphanumeric() && c != '_').unwrap_or(path.len());
    ROOMS.iter().map(|(name, _)| *name).find(|name| *name == &path[..end])
}

/// Whether `code` has a path that starts with `name`.
fn names_path(code: &str, name: &str) -> bool {
    let path = format!("{name}::");
    code.match_indices(&path)
        .any(|(at, _)| !code[..at].ends_with(|c: char| c.is_alphanumeric() || c == '_' || c == ':'))
}

/// The text without `//` comments and without the unit tests at its end.
fn code(text: &str) -> String {
    let body = text.split("#[cfg(test)]\nmod tests").next().unwrap_or_default();
    // `://` stands in a URL inside a string and starts no comment.
    let lines = body.lines().map(|line| {
        let line = line.replace("://", ":");
        line.find("//").map_or(line.clone(), |at| line[..at].to_owned())
    });
    lines.collect::<Vec<_>>().join("\n")
}

/// Every Rust file below `src/`: its path there, and its text.
fn sources() -> Vec<(String, String)> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let mut files = Vec::new();
    let mut folders = vec![root.clone()];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
            } else if path.extension().is_some_and(|e| e == "rs") {
                let name = path.strip_prefix(&root).unwrap().to_str().unwrap().replace('\\', "/");
                files.push((name, fs::read_to_string(&path).unwrap()));
            }
        }
    }
    files.sort();
    files
}
