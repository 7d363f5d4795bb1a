//! The file that a download lands in before it is whole: one for each process that fetches the
//! same render to the same place, told apart by their locks. A part that a dead process left is
//! gone on with by the next one.

use std::fs::{self, File, OpenOptions, TryLockError};
use std::io;
use std::os::unix::fs::MetadataExt;
use std::path::{Path, PathBuf};

/// The most characters of a render id in a file's name.
const ID_CHARS_MAX: usize = 80;
/// Processes that fetch the same file to the same place: one that goes on with a row of
/// another machine, and those that were taken for dead.
const PARTS_MAX: usize = 8;

/// Opens the first part that nobody else has, and locks it until it is closed.
///
/// # Errors
/// It cannot be made beside `to`.
pub(super) fn claim(to: &Path, render_id: &str) -> io::Result<(File, PathBuf)> {
    for path in paths(to, render_id) {
        if let Some(file) = locked(&path)? {
            return Ok((file, path));
        }
    }
    Err(io::Error::other(format!("{PARTS_MAX} other processes fetch it")))
}

/// Removes the parts that nobody has, once the file is whole.
pub(super) fn sweep(to: &Path, render_id: &str) {
    for path in paths(to, render_id).filter(|path| path.exists()) {
        // What cannot be removed is small, hidden, and taken up by the next export.
        if let Ok(Some(_held)) = locked(&path) {
            let _ = fs::remove_file(&path);
        }
    }
}

fn paths(to: &Path, render_id: &str) -> impl Iterator<Item = PathBuf> {
    let name = to.file_name().unwrap_or_default().to_string_lossy();
    let safe = |c: char| if c.is_ascii_alphanumeric() || "-_".contains(c) { c } else { '_' };
    let id: String = render_id.chars().take(ID_CHARS_MAX).map(safe).collect();
    (1..=PARTS_MAX).map(move |nth| {
        let mark = if nth == 1 { String::new() } else { format!(".{nth}") };
        to.with_file_name(format!(".{name}.{id}{mark}.part"))
    })
}

/// Opens and locks a part; none when somebody else has it.
fn locked(path: &Path) -> io::Result<Option<File>> {
    loop {
        let file = OpenOptions::new().read(true).write(true).create(true).truncate(false).open(path)?;
        match file.try_lock() {
            Err(TryLockError::WouldBlock) => return Ok(None),
            // A file system without locks: then it is as if nobody else had it.
            Err(TryLockError::Error(_)) => return Ok(Some(file)),
            Ok(()) => (),
        }
        // Whoever had it until now may have given it its name for good: then it is a whole file.
        let there = fs::metadata(path).map(|there| (there.dev(), there.ino()));
        let here = file.metadata().map(|here| (here.dev(), here.ino()))?;
        if there.is_ok_and(|there| there == here) {
            return Ok(Some(file));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_process_has_a_part_of_its_own_and_the_next_one_takes_up_what_is_left() {
        let folder = tempfile::tempdir().unwrap();
        let to = folder.path().join("film.mp4");
        let (first, path) = claim(&to, "r/1").unwrap();
        assert_eq!(path, folder.path().join(".film.mp4.r_1.part"));
        let (second, other) = claim(&to, "r/1").unwrap();
        assert_eq!(other, folder.path().join(".film.mp4.r_1.2.part"));
        drop(second);
        assert_eq!(claim(&to, "r/1").unwrap().1, other);
        // The first one is published: its name is free, and the part of the other one goes.
        fs::rename(&path, &to).unwrap();
        drop(first);
        sweep(&to, "r/1");
        assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 1);
        assert_eq!(claim(&to, "r/1").unwrap().1, path);
    }
}
