//! Which studio processes are alive: each holds a file lock that the system drops with it.
//!
//! A lock needs no heartbeat and no timeout: a killed studio is known dead at once, and one
//! that is merely slow is never taken for dead.

use std::fs::{self, File, OpenOptions};
use std::io;
use std::path::{Path, PathBuf};

/// The living mark of one studio. Dropping it, in whatever way, marks the studio as dead.
#[derive(Debug)]
pub(crate) struct Owner {
    id: String,
    folder: PathBuf,
    _lock: File,
}

impl Owner {
    /// Makes a new mark in `folder` and holds it.
    pub(crate) fn new(folder: &Path) -> io::Result<Self> {
        fs::create_dir_all(folder)?;
        let id = uuid::Uuid::new_v4().simple().to_string();
        let lock = OpenOptions::new().create_new(true).write(true).open(folder.join(&id))?;
        lock.try_lock()?;
        Ok(Self { id, folder: folder.to_owned(), _lock: lock })
    }

    /// Returns the name under which this studio owns turns and renders.
    pub(crate) fn id(&self) -> &str {
        &self.id
    }

    /// Returns what tells whether another owner lives.
    pub(crate) fn roll(&self) -> Roll {
        Roll { folder: self.folder.clone() }
    }
}

impl Drop for Owner {
    fn drop(&mut self) {
        // Only tidiness: a mark that stays behind is unlocked, and the next look removes it.
        let _ = fs::remove_file(self.folder.join(&self.id));
    }
}

/// The roll of owners that share one home.
#[derive(Clone, Debug)]
pub(crate) struct Roll {
    folder: PathBuf,
}

impl Roll {
    /// Returns whether the studio of this id still runs. The mark of a dead one is removed.
    pub(crate) fn lives(&self, id: &str) -> bool {
        let path = self.folder.join(id);
        let Ok(file) = File::open(&path) else { return false };
        let dead = file.try_lock().is_ok();
        if dead {
            let _ = fs::remove_file(&path);
        }
        !dead
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_owner_lives_until_it_is_dropped() {
        let folder = tempfile::tempdir().unwrap();
        let one = Owner::new(folder.path()).unwrap();
        let two = Owner::new(folder.path()).unwrap();
        let roll = two.roll();
        assert!(roll.lives(one.id()) && roll.lives(two.id()));
        let gone = one.id().to_owned();
        drop(one);
        assert!(!roll.lives(&gone) && roll.lives(two.id()));
    }

    #[test]
    fn a_mark_without_a_lock_is_dead_and_removed() {
        let folder = tempfile::tempdir().unwrap();
        let roll = Owner::new(folder.path()).unwrap().roll();
        let left = folder.path().join("killed");
        fs::write(&left, "").unwrap();
        assert!(!roll.lives("killed"));
        assert!(!left.exists());
        assert!(!roll.lives("never"));
    }
}
