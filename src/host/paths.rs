//! Which files a script may touch: symbolic links are resolved before the question is asked.

use std::borrow::Cow;
use std::fs;
use std::path::{Component, Path, PathBuf};

use crate::host::failure::{Failure, Kind};
use crate::host::run::Run;
use crate::host::setup::FileAccess;
use crate::host::suggest::nearest_file;

/// Finds an existing file that the script may read: a relative path is looked up beside the
/// script, then in the working folder, then among the outputs.
///
/// # Errors
/// `Input` when there is no such file, `Sandbox` when it lies outside the allowed folders.
pub(super) fn input(run: &Run, path: &str) -> Result<PathBuf, Failure> {
    let access = run.files();
    let found = &find(access, path).ok_or_else(|| missing(access, path))?;
    let real = fs::canonicalize(found).map_err(|error| unreadable(path, &error))?;
    // What the user names in a `-p` is the user's own choice.
    let named = run.params().values().any(|value| value == path);
    let trusted = access.inputs.iter().chain([&access.out]).filter(|_| !access.untrusted);
    let mut allowed = trusted.chain(&access.readable).chain(&access.writable);
    if named || made(run, found) || allowed.any(|folder| within(&real, folder)) {
        run.add_read(found);
        return Ok(found.clone());
    }
    Err(Failure::new(Kind::Sandbox, format!("`{path}` lies outside the folders that this script may read"))
        .hint("allow its folder with `--allow-read DIR`, or name the file with `-p`"))
}

/// Looks a file of a script up, without the question whether it may be read.
pub fn find(access: &FileAccess, path: &str) -> Option<PathBuf> {
    let file = at_home(access, path);
    let folders = access.inputs.iter().chain([&access.out]);
    folders.map(|folder| folder.join(&file)).find(|candidate| candidate.exists())
}

/// Returns where a script may write `path`, and makes its folder. A relative path resolves
/// against the output folder.
///
/// # Errors
/// `Sandbox` when it lies outside the folders that may be written into, `Input` when it names
/// no file or its folder cannot be made.
pub(super) fn output(run: &Run, path: &str) -> Result<PathBuf, Failure> {
    let access = run.files();
    if let Some(film) = access.film.as_ref().filter(|film| film.extension() == Path::new(path).extension()) {
        return the_film(run, path, film);
    }
    let file = at_home(access, path);
    // An absolute path may lie in a folder that the user opened.
    let opened = access.writable.iter().find(|folder| file.starts_with(folder));
    let out = opened.unwrap_or(&access.out);
    let target = out.join(&file);
    let outside = || {
        Failure::new(Kind::Sandbox, format!("`{path}` lies outside the output folder `{}`", out.display()))
            .hint(
                "write below it, choose another one with `--out DIR`, or allow one with `--allow-write DIR`",
            )
    };
    let (Some(folder), Some(_)) = (target.parent(), target.file_name()) else {
        return Err(Failure::input(format!("`{path}` names no file")));
    };
    if path.ends_with('/') || target.is_dir() {
        return Err(Failure::input(format!("`{path}` is a folder; name a file in it")));
    }
    if file.components().any(|part| part == Component::ParentDir) {
        return Err(outside());
    }
    // The output folder is the user's word; what the script adds below it is checked before
    // anything is made.
    fs::create_dir_all(out).map_err(|error| unwritable(path, out, &error))?;
    let root = fs::canonicalize(out).map_err(|error| unwritable(path, out, &error))?;
    let standing = folder.ancestors().find(|ancestor| ancestor.exists()).unwrap_or(out);
    let real = fs::canonicalize(standing).map_err(|error| unwritable(path, standing, &error))?;
    if !real.starts_with(&root) {
        return Err(outside());
    }
    fs::create_dir_all(folder).map_err(|error| unwritable(path, folder, &error))?;
    if access.untrusted && target.exists() && !made(run, &target) {
        return Err(Failure::new(Kind::Sandbox, format!("`{path}` is there already"))
            .hint("an untrusted script overwrites nothing; choose an empty folder with `--out DIR`"));
    }
    match fs::canonicalize(&target) {
        Ok(real) if !real.starts_with(&root) => Err(outside()),
        // `./a.mp4` is called `a.mp4`.
        _ => Ok(target.strip_prefix(".").map_or_else(|_| target.clone(), Path::to_path_buf)),
    }
}

/// Returns the one file of a row, for the first output that asks for it.
fn the_film(run: &Run, path: &str, film: &Path) -> Result<PathBuf, Failure> {
    let first = run.claim_film(path);
    if first != path {
        let words = format!("`{path}` would overwrite `{}`, which `{first}` became", film.display());
        return Err(Failure::input(words).hint(
            "leave the ending out of `--name`: each row then has a folder, with files named by the script",
        ));
    }
    let folder = film.parent().unwrap_or(Path::new("."));
    fs::create_dir_all(folder).map_err(|error| unwritable(path, folder, &error))?;
    Ok(film.strip_prefix(".").unwrap_or(film).to_path_buf())
}

/// A path in which a leading `~/` is the home folder.
fn at_home<'a>(access: &FileAccess, path: &'a str) -> Cow<'a, Path> {
    match (path.strip_prefix("~/"), &access.home) {
        (Some(tail), Some(home)) => Cow::Owned(home.join(tail)),
        _ => Cow::Borrowed(Path::new(path)),
    }
}

/// Whether this run made a file, in any life.
fn made(run: &Run, path: &Path) -> bool {
    let path = path.strip_prefix(".").unwrap_or(path).display().to_string();
    run.files_made().contains(&path)
}

fn within(real: &Path, folder: &Path) -> bool {
    fs::canonicalize(folder).is_ok_and(|folder| real.starts_with(folder))
}

/// Says that a file is not there, where it was looked for, and what may be meant.
pub fn missing(access: &FileAccess, path: &str) -> Failure {
    let mut places: Vec<String> =
        access.inputs.iter().map(|folder| format!("`{}`", folder.display())).collect();
    // A script in the working folder.
    places.dedup();
    let hint = if Path::new(path).is_absolute() || places.is_empty() {
        "check the path".to_owned()
    } else {
        format!("looked in {}", places.join(", then in "))
    };
    let meant = meant(access, path).map(|meant| format!("; did you mean `{meant}`?")).unwrap_or_default();
    Failure::input(format!("there is no file `{path}`{meant}")).hint(hint)
}

/// A file with nearly this name. Only what the script may list anyway is looked through.
fn meant(access: &FileAccess, path: &str) -> Option<String> {
    let leaves = Path::new(path).components().any(|part| !matches!(part, Component::Normal(_)));
    let mut folders = access.inputs.iter().filter(|_| !leaves && !access.untrusted);
    folders.find_map(|folder| nearest_file(folder, path).filter(|meant| within(&real(folder, meant), folder)))
}

/// Where a file really is; nowhere when that cannot be told.
fn real(folder: &Path, name: &str) -> PathBuf {
    fs::canonicalize(folder.join(name)).unwrap_or_default()
}

fn unreadable(path: &str, error: &std::io::Error) -> Failure {
    Failure::input(format!("`{path}` cannot be read: {error}"))
}

fn unwritable(path: &str, folder: &Path, error: &std::io::Error) -> Failure {
    Failure::input(format!("`{path}` cannot be written: `{}`: {error}", folder.display()))
        .hint("choose a folder that you may write to with `--out DIR`")
}
