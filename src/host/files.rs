//! Files of a script: find, read and write them inside the allowed folders.

use std::collections::BTreeSet;
use std::fs;
use std::io::{Read, Write};
use std::path::{Path, PathBuf};

use rhai::{Array, EvalAltResult, NativeCallContext};
use serde_json::json;
use uuid::Uuid;

use crate::host::failure::{Failure, Kind};
use crate::host::flow::answer;
use crate::host::paths;
use crate::host::registry::{Doc, Registry};
use crate::host::run::Run;
use crate::host::step::{self, Call};
use crate::journal::Class;

/// The longest text that is read or written, in bytes: the longest string of a script.
pub const TEXT_BYTES_MAX: u64 = 16 << 20;
/// Files that one pattern may match.
const MATCHES_MAX: usize = 10_000;
/// Folders that one pattern may look into.
const FOLDERS_MAX: usize = 10_000;

const FILES: Doc = Doc {
    name: "files",
    calls: &["files(pattern)"],
    about: "Returns the paths of the files that match a pattern, sorted: `*` stands for any letters, `?` for \
            one, `**` for any folders between. Looks beside the script first; where nothing matches there, in \
            the working folder.\nThrows `input` for a pattern that leaves these folders or matches too much.",
    class: Some(Class::Value),
    example: "for path in files(\"media/*.mp4\") { print(path); }",
};

const READ_TEXT: Doc = Doc {
    name: "read_text",
    calls: &["read_text(path)"],
    about: "Returns the text of a file, at most 16 MiB of UTF-8; a byte order mark is dropped.\n\
            Throws `input` when there is no such text, `sandbox` outside the allowed folders.",
    class: Some(Class::Value),
    example: "write_text(\"brief.txt\", \"a calm morning\");\nprint(read_text(\"brief.txt\"));",
};

const WRITE_TEXT: Doc = Doc {
    name: "write_text",
    calls: &["write_text(path, text)"],
    about: "Writes a text file below the output folder, whole or not at all, and returns its path.\n\
            Throws `sandbox` outside the output folder.",
    class: Some(Class::Local),
    example: "write_text(\"notes/today.txt\", \"done\");",
};

/// Returns the files that match a pattern, sorted.
///
/// # Errors
/// `Input` for a pattern that is absolute, leaves its folder or matches too much.
pub fn files(run: &Run, pattern: &str) -> Result<Vec<String>, Failure> {
    let call = Call { name: "files", class: Class::Value, args: json!({ "pattern": pattern }) };
    step::call(run, call, || {
        let parts: Vec<&str> = pattern.split('/').filter(|part| !part.is_empty() && *part != ".").collect();
        if pattern.starts_with('/') || parts.contains(&"..") || parts.is_empty() {
            return Err(Failure::input(format!("the pattern `{pattern}` leaves its folder"))
                .hint("patterns are relative, such as `clips/*.mp4`"));
        }
        if run.files().untrusted {
            return Err(Failure::new(Kind::Sandbox, "an untrusted script may not look for files")
                .hint("name them with `-p`, or run it without `--untrusted`"));
        }
        for folder in &run.files().inputs {
            let found = search(folder, &parts, pattern)?;
            if !found.is_empty() {
                return Ok(found);
            }
        }
        Ok(Vec::new())
    })
}

/// Returns the files that match a pattern of the command line, sorted: those of the first folder
/// in which there are any. It may be absolute or begin with `..`, which a script's may not.
///
/// # Errors
/// `Input` for a pattern that matches too much.
pub fn matching(folders: &[PathBuf], pattern: &str) -> Result<Vec<String>, Failure> {
    let parts: Vec<&str> = pattern.split('/').filter(|part| !part.is_empty() && *part != ".").collect();
    // What stands before the first wildcard is a folder like any other.
    let last = parts.len().saturating_sub(1);
    let fixed = parts.iter().take(last).take_while(|part| !part.contains(['*', '?'])).count();
    let head = if pattern.starts_with('/') { PathBuf::from("/") } else { PathBuf::new() };
    let head = parts[..fixed].iter().fold(head, |head, part| head.join(part));
    for folder in folders {
        let found = search(&folder.join(&head), &parts[fixed..], pattern)?;
        if !found.is_empty() {
            return Ok(found.iter().map(|path| head.join(path).display().to_string()).collect());
        }
    }
    Ok(Vec::new())
}

/// Returns the text of a file.
///
/// # Errors
/// `Input` when it is missing, too long or no text; `Sandbox` outside the allowed folders.
pub fn read_text(run: &Run, path: &str) -> Result<String, Failure> {
    let call = Call { name: "read_text", class: Class::Value, args: json!({ "path": path }) };
    step::call(run, call, || {
        let found = paths::input(run, path)?;
        let unreadable = |error| Failure::input(format!("`{path}` cannot be read: {error}"));
        let mut bytes = Vec::new();
        let file = fs::File::open(found).map_err(unreadable)?;
        file.take(TEXT_BYTES_MAX + 1).read_to_end(&mut bytes).map_err(unreadable)?;
        if bytes.len() as u64 > TEXT_BYTES_MAX {
            return Err(Failure::input(format!("`{path}` is longer than {} MiB", TEXT_BYTES_MAX >> 20)));
        }
        let text = String::from_utf8(bytes)
            .map_err(|_| Failure::input(format!("`{path}` is not UTF-8 text")).hint("convert it to UTF-8"))?;
        Ok(text.strip_prefix('\u{feff}').map(str::to_owned).unwrap_or(text))
    })
}

/// Writes a text file, whole or not at all; returns its path.
///
/// # Errors
/// `Sandbox` outside the output folder, `Input` when it cannot be written.
pub fn write_text(run: &Run, path: &str, text: &str) -> Result<String, Failure> {
    let args = json!({ "path": path, "text": text });
    let call = Call { name: "write_text", class: Class::Local, args };
    step::call(run, call, || {
        let target = paths::output(run, path)?;
        save(run, target, text)
    })
}

/// Writes a text where the script may, whole or not at all, and keeps that it was made. Returns
/// its path.
pub(super) fn save(run: &Run, target: PathBuf, text: &str) -> Result<String, Failure> {
    write_whole(&target, text)
        .map_err(|error| Failure::input(format!("`{}` cannot be written: {error}", target.display())))?;
    let path = target.display().to_string();
    run.made(target)?;
    Ok(path)
}

/// Writes beside the target and renames: nobody sees half a file.
fn write_whole(target: &Path, text: &str) -> std::io::Result<()> {
    let part = target.with_file_name(format!(".{}.part", Uuid::new_v4()));
    let written = fs::File::create_new(&part).and_then(|mut file| {
        file.write_all(text.as_bytes())?;
        file.sync_all()
    });
    let renamed = written.and_then(|()| fs::rename(&part, target));
    if renamed.is_err() {
        // What cannot be removed either is named so that nobody takes it for a result.
        let _left = fs::remove_file(&part);
    }
    renamed
}

fn search(root: &Path, parts: &[&str], pattern: &str) -> Result<Vec<String>, Failure> {
    let too_much = || Failure::input(format!("the pattern `{pattern}` matches too much")).hint("narrow it");
    let mut found = BTreeSet::new();
    let mut open = vec![(PathBuf::new(), parts)];
    let mut looked = 0;
    while let Some((folder, parts)) = open.pop() {
        let Some((part, rest)) = parts.split_first() else { continue };
        looked += 1;
        if looked > FOLDERS_MAX || found.len() > MATCHES_MAX {
            return Err(too_much());
        }
        if *part == "**" {
            open.push((folder.clone(), rest));
        }
        for (name, is_dir) in entries(&root.join(&folder)) {
            let path = folder.join(&name);
            if *part == "**" {
                if is_dir {
                    open.push((path, parts));
                }
            } else if matches(part, &name) {
                match (is_dir, rest.is_empty()) {
                    (true, false) => open.push((path, rest)),
                    (false, true) => drop(found.insert(path.display().to_string())),
                    _ => (),
                }
            }
        }
    }
    Ok(found.into_iter().collect())
}

/// Names in a folder, with whether each is a folder; nothing when it cannot be read. Links and
/// hidden entries are left out.
fn entries(folder: &Path) -> Vec<(String, bool)> {
    let Ok(listing) = fs::read_dir(folder) else { return Vec::new() };
    let entry = |entry: fs::DirEntry| {
        let kind = entry.file_type().ok().filter(|kind| !kind.is_symlink())?;
        let name = entry.file_name().into_string().ok().filter(|name| !name.starts_with('.'))?;
        Some((name, kind.is_dir()))
    };
    listing.flatten().filter_map(entry).collect()
}

/// Whether a name fits one part of a pattern.
fn matches(pattern: &str, name: &str) -> bool {
    let (pattern, name): (Vec<char>, Vec<char>) = (pattern.chars().collect(), name.chars().collect());
    // After a mismatch, the last star takes one letter more and matching goes on behind it.
    let (mut p, mut n, mut star) = (0, 0, None);
    while n < name.len() {
        match pattern.get(p) {
            Some('*') => {
                star = Some((p, n));
                p += 1;
            }
            Some(c) if *c == '?' || *c == name[n] => {
                p += 1;
                n += 1;
            }
            _ => {
                let Some((at, taken)) = star else { return false };
                star = Some((at, taken + 1));
                p = at + 1;
                n = taken + 1;
            }
        }
    }
    pattern[p..].iter().all(|c| *c == '*')
}

pub(super) fn register(registry: &mut Registry) {
    type Context<'a> = NativeCallContext<'a>;
    let find = |ctx: Context<'_>, pattern: &str| -> Result<Array, Box<EvalAltResult>> {
        answer(&ctx, |run| Ok(files(run, pattern)?.into_iter().map(Into::into).collect()))
    };
    registry.function(&FILES, &["pattern: string", "array"], find);
    let read = |ctx: Context<'_>, path: &str| -> Result<String, Box<EvalAltResult>> {
        answer(&ctx, |run| read_text(run, path))
    };
    registry.function(&READ_TEXT, &["path: string", "string"], read);
    let write = |ctx: Context<'_>, path: &str, text: &str| -> Result<String, Box<EvalAltResult>> {
        answer(&ctx, |run| write_text(run, path, text))
    };
    registry.function(&WRITE_TEXT, &["path: string", "text: string", "string"], write);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_pattern_fits_names() {
        for (pattern, name, fits) in [
            ("*.mp4", "city.mp4", true),
            ("*.mp4", "city.mp4.part", false),
            ("c?t*", "cut-1.mov", true),
            ("*a*b*", "xaybz", true),
            ("*a*b*", "xbya", false),
            ("plain", "plain", true),
            ("", "x", false),
            ("*", "", true),
        ] {
            assert_eq!(matches(pattern, name), fits, "{pattern} {name}");
        }
    }

    #[test]
    fn folders_are_searched_to_any_depth() {
        let root = tempfile::tempdir().unwrap();
        for path in ["b.mp4", "in/a.mp4", "in/deep/c.mp4", "in/deep/c.txt", ".hidden/d.mp4"] {
            let path = root.path().join(path);
            fs::create_dir_all(path.parent().unwrap()).unwrap();
            fs::write(path, "x").unwrap();
        }
        let found = |pattern: &str| {
            let parts: Vec<&str> = pattern.split('/').collect();
            search(root.path(), &parts, pattern).unwrap()
        };
        assert_eq!(found("**/*.mp4"), ["b.mp4", "in/a.mp4", "in/deep/c.mp4"]);
        assert_eq!(found("in/*.mp4"), ["in/a.mp4"]);
        assert_eq!(found("*/deep/?.txt"), ["in/deep/c.txt"]);
        assert!(found("in").is_empty());
    }

    #[test]
    fn a_pattern_of_the_command_line_may_begin_anywhere() {
        let root = tempfile::tempdir().unwrap();
        for path in ["a/x/1.jpg", "a/x/2.jpg", "b/3.jpg"] {
            let path = root.path().join(path);
            fs::create_dir_all(path.parent().unwrap()).unwrap();
            fs::write(path, "x").unwrap();
        }
        let folders = [root.path().join("b"), root.path().join("a")];
        let found = |pattern: &str| matching(&folders, pattern).unwrap();
        assert_eq!(found("*.jpg"), ["3.jpg"]);
        assert_eq!(found("./x/*.jpg"), ["x/1.jpg", "x/2.jpg"]);
        assert_eq!(found("x/1.jpg"), ["x/1.jpg"]);
        assert_eq!(found("../b/?.jpg"), ["../b/3.jpg"]);
        let whole = root.path().join("a/*/2.jpg").display().to_string();
        assert_eq!(found(&whole), [root.path().join("a/x/2.jpg").display().to_string()]);
        assert!(found("").is_empty());
    }

    #[test]
    fn a_failed_write_leaves_nothing() {
        let folder = tempfile::tempdir().unwrap();
        let taken = folder.path().join("taken");
        fs::create_dir(&taken).unwrap();
        assert!(write_whole(&taken, "text").is_err());
        assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 1);
    }
}
