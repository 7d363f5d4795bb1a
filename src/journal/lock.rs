//! A file whose lock says that a process goes on with a run. The system frees the lock when
//! the process ends, however it ends.
//!
//! In the file stand the process and the number of entries that are in the journal. It is
//! written after each commit, so the journal never has fewer, unless it has lost its end.

use std::fs::{self, File, OpenOptions, TryLockError};
use std::io::{self, Read, Write};
use std::os::unix::fs::FileExt;
use std::path::{Path, PathBuf};
use std::thread;

use super::RunId;

/// Both numbers have a place of their own in the file, as wide as the largest of them.
const DIGITS: usize = 20;
/// What a finished row adds to the file of its batch. Holds no number that [`read`] would take
/// for a count of entries.
const FINISHED: &[u8] = b".";

/// The locks of a journal: a folder beside its file.
#[derive(Debug)]
pub(super) struct Locks {
    folder: PathBuf,
}

impl Locks {
    /// Names the folder; it is made with the first lock.
    pub(super) fn beside(journal: &Path) -> Self {
        let mut folder = journal.as_os_str().to_owned();
        folder.push(".locks");
        Self { folder: folder.into() }
    }

    /// Takes the lock of a run and leaves this process's id in it; none when somebody has it.
    /// Returns also the number of entries that the last holder wrote.
    ///
    /// # Errors
    /// The file cannot be made or locked.
    pub(super) fn take(&self, run: &RunId) -> io::Result<Option<(File, u64)>> {
        fs::create_dir_all(&self.folder)?;
        let mut file =
            OpenOptions::new().create(true).truncate(false).read(true).write(true).open(self.path(run))?;
        if !lock(&file)? {
            return Ok(None);
        }
        let (_, entries) = read(&mut file)?;
        place(&file, 0, std::process::id().into())?;
        Ok(Some((file, entries)))
    }

    /// Returns the process that has the lock of a run; 0 for one that has not said its id yet.
    ///
    /// # Errors
    /// The file cannot be looked at.
    pub(super) fn holder(&self, run: &RunId) -> io::Result<Option<u32>> {
        let mut file = match File::open(self.path(run)) {
            Ok(file) => file,
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
            Err(error) => return Err(error),
        };
        match file.try_lock_shared() {
            Ok(()) => Ok(None),
            Err(TryLockError::Error(error)) => Err(error),
            Err(TryLockError::WouldBlock) => {
                let (process, _) = read(&mut file)?;
                Ok(Some(u32::try_from(process).unwrap_or(0)))
            }
        }
    }

    /// Returns the ids of runs that wrote entries.
    ///
    /// # Errors
    /// The folder cannot be read; a missing one is empty.
    pub(super) fn counted(&self) -> io::Result<Vec<String>> {
        let listing = match fs::read_dir(&self.folder) {
            Ok(listing) => listing,
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(Vec::new()),
            Err(error) => return Err(error),
        };
        let mut counted = Vec::new();
        for entry in listing {
            let entry = entry?;
            let (_, entries) = read(&mut File::open(entry.path())?)?;
            if entries > 0 {
                counted.extend(entry.file_name().into_string());
            }
        }
        Ok(counted)
    }

    /// Counts a finished row of a batch, and removes the file of its run: a hundred thousand
    /// rows leave one file, whose length is their number.
    ///
    /// # Errors
    /// The file cannot be written.
    pub(super) fn fold(&self, batch: &str, run: &RunId) -> io::Result<()> {
        self.of_batch(batch)?.write_all(FINISHED)?;
        self.remove(run);
        Ok(())
    }

    /// Returns how many finished rows of a batch were counted.
    ///
    /// # Errors
    /// The file cannot be looked at.
    pub(super) fn folded(&self, batch: &str) -> io::Result<u64> {
        match fs::metadata(self.folder.join(batch)) {
            Ok(found) => Ok(found.len()),
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(0),
            Err(error) => Err(error),
        }
    }

    /// Says that this process goes on with a batch, as others may, until the file is dropped.
    ///
    /// # Errors
    /// The file cannot be made or locked.
    pub(super) fn attend(&self, batch: &str) -> io::Result<File> {
        let file = self.of_batch(batch)?;
        file.lock_shared()?;
        Ok(file)
    }

    /// Returns the file of a batch that nobody goes on with, locked; none while somebody does.
    ///
    /// # Errors
    /// The file cannot be made or locked.
    pub(super) fn unattended(&self, batch: &str) -> io::Result<Option<File>> {
        let file = self.of_batch(batch)?;
        match file.try_lock() {
            Ok(()) => Ok(Some(file)),
            Err(TryLockError::WouldBlock) => Ok(None),
            Err(TryLockError::Error(error)) => Err(error),
        }
    }

    fn of_batch(&self, batch: &str) -> io::Result<File> {
        fs::create_dir_all(&self.folder)?;
        OpenOptions::new().create(true).append(true).open(self.folder.join(batch))
    }

    /// Removes the file of a run that is no more.
    pub(super) fn remove(&self, run: &RunId) {
        // A file that stays is small and in nobody's way.
        let _ = fs::remove_file(self.path(run));
    }

    fn path(&self, run: &RunId) -> PathBuf {
        self.folder.join(run.as_str())
    }
}

/// Locks a file, unless somebody has it. Whoever only looks, in [`Locks::holder`], shares it for
/// a moment, and is waited for.
fn lock(file: &File) -> io::Result<bool> {
    loop {
        match file.try_lock() {
            Ok(()) => return Ok(true),
            Err(TryLockError::WouldBlock) => (),
            Err(TryLockError::Error(error)) => return Err(error),
        }
        match file.try_lock_shared() {
            Ok(()) => file.unlock()?,
            Err(TryLockError::WouldBlock) => return Ok(false),
            Err(TryLockError::Error(error)) => return Err(error),
        }
        thread::yield_now();
    }
}

/// Notes how many entries are in the journal. Need not reach the disk: what a power cut takes
/// back is a smaller number.
pub(super) fn count(file: &File, entries: u64) -> io::Result<()> {
    place(file, DIGITS as u64 + 1, entries)
}

fn place(file: &File, at: u64, number: u64) -> io::Result<()> {
    file.write_all_at(format!("{number:>DIGITS$}\n").as_bytes(), at)
}

/// The process and the number of entries; 0 for what is not there.
fn read(file: &mut File) -> io::Result<(u64, u64)> {
    let mut said = String::new();
    file.take(2 * (DIGITS as u64 + 1)).read_to_string(&mut said)?;
    let mut numbers = said.lines().map(|line| line.trim().parse().unwrap_or(0));
    Ok((numbers.next().unwrap_or(0), numbers.next().unwrap_or(0)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn whoever_looks_at_a_lock_keeps_nobody_out() {
        let folder = tempfile::tempdir().unwrap();
        let (locks, run) = (Locks::beside(&folder.path().join("journal.db")), RunId::new());
        drop(locks.take(&run).unwrap());
        thread::scope(|scope| {
            let looking = scope.spawn(|| {
                for _ in 0..5_000 {
                    locks.holder(&run).unwrap();
                }
            });
            while !looking.is_finished() {
                assert!(locks.take(&run).unwrap().is_some(), "nobody has it");
            }
        });
        let held = locks.take(&run).unwrap();
        assert!(held.is_some() && locks.take(&run).unwrap().is_none());
        assert_eq!(locks.holder(&run).unwrap(), Some(std::process::id()));
    }
}
