//! Small values that a script keeps between its runs.

use std::fs::{self, File, OpenOptions};
use std::io::{self, Read, Write};
use std::os::unix::fs::OpenOptionsExt;
use std::path::Path;

use rhai::{Dynamic, EvalAltResult, NativeCallContext};
use serde_json::{Map, Value, json};

use crate::host::failure::Failure;
use crate::host::flow::answer;
use crate::host::json;
use crate::host::registry::{Doc, Registry};
use crate::host::run::Run;
use crate::host::step::{self, Call};
use crate::journal::Class;

/// A key is a name, not a document.
const KEY_CHARS_MAX: usize = 200;
/// One value, as JSON.
const VALUE_BYTES_MAX: usize = 64 << 10;
/// Everything that the scripts of one folder keep.
const STORE_BYTES_MAX: u64 = 4 << 20;
/// A store may hold what a script thought private.
const PRIVATE: u32 = 0o600;

const GET: Doc = Doc {
    name: "store_get",
    calls: &["store_get(key)", "store_get(key, value)"],
    about: "Returns what `store_set` kept under a key, else `value`, else `()`. The scripts of one folder share a \
            store. A resumed run sees what it saw before.\n\
            Throws `input` for a key that is empty or longer than 200 letters.",
    class: Some(Class::Value),
    example: "let runs = store_get(\"runs\", 0);\nprint(runs + 1);",
};

const SET: Doc = Doc {
    name: "store_set",
    calls: &["store_set(key, value)"],
    about: "Keeps a value under a key for later runs of the scripts in this folder; `()` takes it out. Data only: \
            numbers, texts, arrays and maps, up to 64 KiB each and 4 MiB in all.\n\
            Throws `input` for what is no data or too large.",
    class: Some(Class::Local),
    example: "store_set(\"runs\", store_get(\"runs\", 0) + 1);",
};

/// Returns what was kept under a key; null when nothing was.
///
/// # Errors
/// `Input` for a key that cannot be one, or a store that cannot be read.
pub fn get(run: &Run, key: &str) -> Result<Value, Failure> {
    let call = Call { name: "store_get", class: Class::Value, args: json!({ "key": key }) };
    step::call(run, call, || {
        check_key(key)?;
        let kept = read(run.store()).map_err(|error| unusable(&error))?;
        Ok(kept.get(key).cloned().unwrap_or(Value::Null))
    })
}

/// Keeps a value under a key; null takes it out.
///
/// # Errors
/// `Input` for a key or a value that cannot be kept.
pub fn set(run: &Run, key: &str, value: Value) -> Result<(), Failure> {
    let args = json!({ "key": key, "value": value });
    step::call(run, Call { name: "store_set", class: Class::Local, args }, || {
        check_key(key)?;
        if value.to_string().len() > VALUE_BYTES_MAX {
            return Err(Failure::input(format!(
                "the value of `{key}` is longer than {} KiB",
                VALUE_BYTES_MAX >> 10
            ))
            .hint("keep large texts in files, with `write_text`"));
        }
        change(run.store(), key, value).map_err(|error| unusable(&error))
    })
}

fn check_key(key: &str) -> Result<(), Failure> {
    if key.is_empty() || key.chars().count() > KEY_CHARS_MAX {
        return Err(Failure::input(format!("a key has 1 to {KEY_CHARS_MAX} letters")));
    }
    Ok(())
}

fn unusable(error: &io::Error) -> Failure {
    Failure::input(format!("the store of this script cannot be used: {error}"))
}

fn read(path: &Path) -> io::Result<Map<String, Value>> {
    let file = match File::open(path) {
        Ok(file) => file,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(Map::new()),
        Err(error) => return Err(error),
    };
    let mut bytes = Vec::new();
    file.take(STORE_BYTES_MAX + 1).read_to_end(&mut bytes)?;
    serde_json::from_slice(&bytes).map_err(|error| io::Error::other(format!("it is damaged: {error}")))
}

/// Changes one key under a lock: several runs may share the store.
fn change(path: &Path, key: &str, value: Value) -> io::Result<()> {
    if let Some(folder) = path.parent() {
        fs::create_dir_all(folder)?;
    }
    let lock = private(&path.with_extension("lock"))?;
    lock.lock()?;
    let mut kept = read(path)?;
    if value.is_null() {
        kept.shift_remove(key);
    } else {
        kept.insert(key.to_owned(), value);
    }
    let text = Value::Object(kept).to_string();
    if text.len() as u64 > STORE_BYTES_MAX {
        return Err(io::Error::other(format!("it would hold more than {} MiB", STORE_BYTES_MAX >> 20)));
    }
    let part = path.with_extension("part");
    let mut file = private(&part)?;
    file.set_len(0)?;
    file.write_all(text.as_bytes())?;
    file.sync_all()?;
    fs::rename(&part, path)
}

fn private(path: &Path) -> io::Result<File> {
    OpenOptions::new().create(true).truncate(false).write(true).mode(PRIVATE).open(path)
}

pub(super) fn register(registry: &mut Registry) {
    type Context<'a> = NativeCallContext<'a>;
    let plain = |ctx: Context<'_>, key: &str| -> Result<Dynamic, Box<EvalAltResult>> {
        answer(&ctx, |run| Ok(json::to_script(&get(run, key)?)))
    };
    registry.function(&GET, &["key: string", "?"], plain);
    let with = |ctx: Context<'_>, key: &str, value: Dynamic| -> Result<Dynamic, Box<EvalAltResult>> {
        let found = answer(&ctx, |run| get(run, key))?;
        Ok(if found.is_null() { value } else { json::to_script(&found) })
    };
    registry.function(&GET, &["key: string", "value: ?", "?"], with);
    let keep = |ctx: Context<'_>, key: &str, value: Dynamic| -> Result<(), Box<EvalAltResult>> {
        answer(&ctx, |run| set(run, key, json::from_script(&value)?))
    };
    registry.function(&SET, &["key: string", "value: ?", "()"], keep);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_kept_is_read_and_taken_out() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("new/store.json");
        assert!(read(&path).unwrap().is_empty());
        change(&path, "a", json!([1, "晨"])).unwrap();
        change(&path, "b", json!(2)).unwrap();
        change(&path, "b", Value::Null).unwrap();
        assert_eq!(Value::Object(read(&path).unwrap()), json!({"a": [1, "晨"]}));
        let big = json!("x".repeat(STORE_BYTES_MAX as usize));
        assert!(change(&path, "c", big).is_err());
        assert_eq!(read(&path).unwrap().len(), 1, "what did not fit changed nothing");
    }
}
