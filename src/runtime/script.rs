//! A script on its way from a file to the engine.

use std::fs;
use std::io::Read;
use std::path::{Path, PathBuf};

use crate::host::{Kind, nearest_file};
use crate::runtime::error::ScriptError;
use crate::runtime::modules;

/// The longest script, in bytes. The longest of our own has 8 kB.
const SCRIPT_BYTES_MAX: u64 = 4 << 20;

/// The text of a script and where it comes from.
#[derive(Clone, Debug)]
pub struct Script {
    /// What errors call it: the path as the user wrote it.
    pub name: String,
    /// The folder in which its files and modules are looked up; none for text without a file.
    pub folder: Option<PathBuf>,
    /// The text, ready to compile; lines and columns are those of the file.
    pub text: String,
}

impl Script {
    /// Reads a script: a byte order mark and a `#!` line are neutralised.
    ///
    /// # Errors
    /// The file is missing, too long, or no UTF-8 text.
    pub fn load(path: &Path) -> Result<Self, Box<ScriptError>> {
        let name = path.display().to_string();
        let unusable = |why: String, hint: &str| {
            Box::new(ScriptError::new(Kind::Input, format!("the script `{name}` {why}")).hint(hint))
        };
        let unreadable = |error| {
            let meant = nearest_file(Path::new(""), &name).map(|meant| format!("did you mean `{meant}`?"));
            let hint = meant.as_deref().unwrap_or("check the path");
            unusable(format!("cannot be read: {error}"), hint)
        };
        let mut bytes = Vec::new();
        let file = fs::File::open(path).map_err(unreadable)?;
        file.take(SCRIPT_BYTES_MAX + 1).read_to_end(&mut bytes).map_err(unreadable)?;
        if bytes.len() as u64 > SCRIPT_BYTES_MAX {
            let why = format!("is longer than {} MiB", SCRIPT_BYTES_MAX >> 20);
            return Err(unusable(why, "is it a script?"));
        }
        let text = String::from_utf8(bytes)
            .map_err(|_| unusable("is not UTF-8 text".to_owned(), "save it as UTF-8"))?;
        let folder =
            path.parent().map(|folder| if folder == Path::new("") { Path::new(".") } else { folder });
        Ok(Self { folder: folder.map(Path::to_path_buf), ..Self::from_text(&name, &text) })
    }

    /// Makes a script of a text that stands in no file.
    pub fn from_text(name: &str, text: &str) -> Self {
        let text = text.strip_prefix('\u{feff}').unwrap_or(text);
        // Signs in place of `#!` make it a comment and keep every column; a third slash would make
        // it the manual page of what follows.
        let text = text.strip_prefix("#!").map_or_else(
            || text.to_owned(),
            |rest| rest.strip_prefix(['/', '!']).map_or(format!("//{rest}"), |rest| format!("// {rest}")),
        );
        Self { name: name.to_owned(), folder: None, text }
    }

    /// Reads a module by its real path; errors call it as a person would write it.
    ///
    /// # Errors
    /// As [`Script::load`].
    pub fn load_module(real: &Path) -> Result<Self, Box<ScriptError>> {
        Self::load(&modules::shown(real))
    }

    /// Returns the folders below which its modules lie: its own, then the working folder.
    pub(super) fn roots(&self) -> Vec<PathBuf> {
        let folders = self.folder.clone().into_iter().chain([PathBuf::from(".")]);
        folders.filter_map(|folder| fs::canonicalize(folder).ok()).collect()
    }

    /// Returns what the script says about itself: its leading `//!` lines.
    pub fn description(&self) -> String {
        let lines = self
            .text
            .lines()
            .map(str::trim)
            .skip_while(|line| line.is_empty() || (line.starts_with("//") && !line.starts_with("//!")));
        let said = lines.map_while(|line| line.strip_prefix("//!")).map(str::trim);
        said.collect::<Vec<_>>().join("\n")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_mark_and_a_shebang_keep_the_columns() {
        let script = Script::from_text(
            "x",
            "\u{feff}#!/usr/bin/env reel\r\n//! Says hello.\r\n//! Twice.\r\nprint(1);",
        );
        assert!(script.text.starts_with("// usr/bin/env reel\r\n"));
        assert_eq!(script.description(), "Says hello.\nTwice.");
        assert_eq!(Script::from_text("x", "let a = 1; //! no").description(), "");
    }

    #[test]
    fn a_script_that_cannot_be_read_says_so() {
        let folder = tempfile::tempdir().unwrap();
        let said = Script::load(&folder.path().join("none.rhai")).unwrap_err().message;
        assert!(said.contains("none.rhai") && said.contains("cannot be read"), "{said}");
        let binary = folder.path().join("binary.rhai");
        fs::write(&binary, [0xff, 0xfe, 0x00]).unwrap();
        assert!(Script::load(&binary).unwrap_err().message.ends_with("is not UTF-8 text"));
    }
}
