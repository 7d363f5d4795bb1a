//! Rhai's own examples, from the sources of the crate that this program is built with: what
//! they print and whether they fail is the same here as under plain Rhai.

use std::path::PathBuf;
use std::sync::{Arc, Mutex};

use reelscript::clock::Clock;
use reelscript::journal::RunLog;
use reelscript::runtime::{Exit, docs};

use super::Stage;

/// The sources of the crate, which Cargo has unpacked to build it.
fn sources() -> PathBuf {
    let lock = include_str!("../../Cargo.lock");
    let version = lock.split("name = \"rhai\"\nversion = \"").nth(1).unwrap().split('"').next().unwrap();
    let home = std::env::var_os("CARGO_HOME").map(PathBuf::from);
    let home = home.unwrap_or_else(|| PathBuf::from(std::env::var_os("HOME").unwrap()).join(".cargo"));
    let mut registries =
        std::fs::read_dir(home.join("registry/src")).unwrap().map(|entry| entry.unwrap().path());
    let unpacked = registries.find_map(|registry| {
        let source = registry.join(format!("rhai-{version}/src"));
        source.is_dir().then_some(source)
    });
    unpacked.expect("cargo has unpacked the sources of rhai")
}

/// Every example of the language's manual, with where it stands.
fn examples() -> Vec<(String, String)> {
    let (mut found, mut folders) = (Vec::new(), vec![sources()]);
    while let Some(folder) = folders.pop() {
        for path in std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()) {
            if path.is_dir() {
                folders.push(path);
            } else if path.extension().is_some_and(|ending| ending == "rs") {
                let text = std::fs::read_to_string(&path).unwrap();
                found.extend(blocks(&text, &path.file_name().unwrap().to_string_lossy()));
            }
        }
    }
    found.sort();
    found
}

fn blocks(text: &str, file: &str) -> Vec<(String, String)> {
    let (mut found, mut open): (Vec<_>, Option<(String, String)>) = Default::default();
    for (at, line) in text.lines().enumerate() {
        let line = line.trim_start();
        let Some(line) = line.strip_prefix("/// ").or_else(|| line.strip_prefix("///")) else { continue };
        open = match (open.take(), line) {
            (None, "```rhai") => Some((format!("{file}:{}", at + 1), String::new())),
            (Some(block), "```") => {
                found.push(block);
                None
            }
            (Some((place, text)), line) => Some((place, format!("{text}{line}\n"))),
            (None, _) => None,
        };
    }
    found
}

/// What a script prints under plain Rhai; none when it fails.
fn plain(text: &str) -> Option<Vec<String>> {
    let printed: Arc<Mutex<Vec<String>>> = Arc::default();
    let mut engine = rhai::Engine::new();
    let heard = Arc::clone(&printed);
    engine.on_print(move |line| heard.lock().unwrap().push(line.to_owned())).on_debug(|_, _, _| ());
    engine.run(text).ok()?;
    let printed = printed.lock().unwrap().clone();
    Some(printed)
}

/// Whether it says the same whenever it runs, without a function of ours.
fn is_fair(text: &str) -> bool {
    let ours = |name: &str| text.contains(&format!("{name}("));
    let changes = ["timestamp", "rand", "sleep"].iter().any(|word| text.contains(word));
    let own = docs::functions().iter().filter(|doc| !["print", "debug"].contains(&doc.name));
    !changes && !own.into_iter().any(|doc| doc.calls[0].starts_with(doc.name) && ours(doc.name))
}

#[test]
fn the_examples_of_rhai_do_what_they_do_under_plain_rhai() {
    let (mut same, mut differ) = (0, Vec::new());
    let stage = Stage::new();
    for (place, text) in examples().into_iter().filter(|(_, text)| is_fair(text)) {
        stage.told.lock().unwrap().clear();
        let script = reelscript::runtime::Script::from_text("main.rhai", &text);
        let log = Arc::new(RunLog::in_memory(Clock::System));
        let outcome = stage.execute_with(&script, log);
        let ours = (outcome.exit == Exit::Done).then(|| stage.printed());
        let wanted = plain(&text);
        if ours == wanted {
            same += 1;
        } else {
            let error = outcome.error.map(|error| error.to_string()).unwrap_or_default();
            differ.push(format!("{place}\n{text}wanted {wanted:?}\ngot    {ours:?} {error}"));
        }
    }
    assert!(differ.is_empty(), "{} of {} differ\n{}", differ.len(), same + differ.len(), differ.join("\n\n"));
    assert!(same > 150, "only {same} examples were found");
}
