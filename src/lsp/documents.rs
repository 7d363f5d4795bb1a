//! The scripts that an editor has open, by their addresses.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use serde_json::{Value, json};

use crate::lsp::place;
use crate::runtime::outline::Spot;
use crate::runtime::{self, Problem, Script, ScriptError, Severity};

/// Scripts that may be open at once.
const OPEN_MAX: usize = 1000;

/// One open script.
pub(super) struct Document {
    /// Its path when it lies in a file.
    pub(super) path: Option<PathBuf>,
    /// Its text as the editor has it.
    pub(super) text: String,
    /// The editor's number of this text.
    version: Value,
}

/// Every open script.
#[derive(Default)]
pub(super) struct Documents(BTreeMap<String, Document>);

impl Documents {
    /// Takes the newest text of a script.
    pub(super) fn set(&mut self, uri: &str, text: String, version: Value) {
        if self.0.len() < OPEN_MAX || self.0.contains_key(uri) {
            self.0.insert(uri.to_owned(), Document { path: path_of(uri), text, version });
        }
    }

    /// Forgets a script.
    pub(super) fn close(&mut self, uri: &str) {
        self.0.remove(uri);
    }

    /// Returns an open script.
    pub(super) fn get(&self, uri: &str) -> Option<&Document> {
        self.0.get(uri)
    }

    /// Returns the addresses of all open scripts.
    pub(super) fn open(&self) -> Vec<String> {
        self.0.keys().cloned().collect()
    }

    /// Returns a module's text: the editor's where it is open, else that of the file.
    pub(super) fn module(&self, real: &Path) -> Result<Script, Box<ScriptError>> {
        let same = |document: &&Document| {
            document
                .path
                .as_ref()
                .is_some_and(|path| std::fs::canonicalize(path).is_ok_and(|path| path == real))
        };
        match self.0.values().find(same) {
            Some(document) => Ok(script(document, real)),
            None => Script::load(real),
        }
    }

    /// Returns the diagnostics of a script as the editor wants them.
    pub(super) fn diagnostics(&self, uri: &str) -> Option<Value> {
        let document = self.get(uri)?;
        let path = document.path.clone().unwrap_or_else(|| PathBuf::from("untitled.rhai"));
        let script = script(document, &path);
        let problems = runtime::check(&script, &|real| self.module(real));
        // What is wrong in a module is told when that module is open.
        let own = problems.iter().filter(|problem| problem.place.file == script.name);
        let list: Vec<Value> = own.map(|problem| diagnostic(&script.text, problem)).collect();
        Some(json!({"uri": uri, "version": document.version, "diagnostics": list}))
    }
}

fn script(document: &Document, path: &Path) -> Script {
    let name = path.display().to_string();
    Script { folder: path.parent().map(Path::to_path_buf), ..Script::from_text(&name, &document.text) }
}

fn diagnostic(text: &str, problem: &Problem) -> Value {
    let from = Spot { line: problem.place.line, column: problem.place.column.unwrap_or(1) };
    let hint = problem.hint.as_ref().map(|hint| format!("\n{hint}")).unwrap_or_default();
    json!({
        "range": place::range(text, from, problem.end_column.unwrap_or(from.column + 1)),
        "severity": match problem.severity { Severity::Error => 1, Severity::Warning => 2 },
        "source": "reel",
        "message": format!("{}{hint}", problem.message),
    })
}

/// The path of a `file:` address, its `%20` and the like decoded.
pub(super) fn path_of(uri: &str) -> Option<PathBuf> {
    let encoded = uri.strip_prefix("file://")?;
    let mut bytes = Vec::new();
    let mut rest = encoded.bytes();
    while let Some(byte) = rest.next() {
        if byte != b'%' {
            bytes.push(byte);
            continue;
        }
        let digit = |byte: Option<u8>| char::from(byte?).to_digit(16);
        let (high, low) = (digit(rest.next())?, digit(rest.next())?);
        bytes.push(u8::try_from(high * 16 + low).ok()?);
    }
    String::from_utf8(bytes).ok().map(PathBuf::from)
}

/// The `file:` address of a path.
pub(super) fn uri_of(path: &Path) -> String {
    let mut uri = "file://".to_owned();
    for byte in path.display().to_string().bytes() {
        match byte {
            b'/' | b'-' | b'_' | b'.' | b'~' => uri.push(char::from(byte)),
            byte if byte.is_ascii_alphanumeric() => uri.push(char::from(byte)),
            byte => uri.push_str(&format!("%{byte:02X}")),
        }
    }
    uri
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_become_paths_and_back() {
        let path = Path::new("/tmp/my scripts/晨.rhai");
        assert_eq!(path_of(&uri_of(path)).as_deref(), Some(path));
        assert_eq!(path_of("file:///a%20b.rhai"), Some(PathBuf::from("/a b.rhai")));
        assert_eq!(path_of("untitled:Untitled-1"), None);
        assert_eq!(path_of("file:///a%2"), None);
    }
}
