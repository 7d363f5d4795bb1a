//! A folder of pieces that later renders use again: encoded chunks and sounds, by their keys.
//!
//! A piece is one file: a line with its checksum and with what is known of it, then its
//! bytes. It gets its name when it is whole, so that any number of renders may share the
//! folder. What is damaged or missing is only made again.

use std::fs::{self, File, OpenOptions};
use std::io::{self, BufRead, BufReader, Read, Write};
use std::path::{Path, PathBuf};

use sha2::{Digest, Sha256};

use crate::studio::render::key::Key;
use crate::studio::render::medium::hex;

/// The first line of a piece: a checksum and some hundred digits.
const LINE_BYTES_MAX: u64 = 1 << 14;
/// Bytes that are copied at once.
const PIECE: usize = 1 << 16;

/// The folder.
#[derive(Clone, Debug)]
pub(crate) struct Cache {
    folder: PathBuf,
}

impl Cache {
    /// Takes a folder, which is made once there is something to keep.
    pub(crate) fn new(folder: PathBuf) -> Self {
        Self { folder }
    }

    /// Copies a piece to `to` and returns what is known of it; none when it is not there
    /// or not whole.
    pub(crate) fn take(&self, key: &Key, to: &Path) -> Option<Vec<u8>> {
        let path = self.folder.join(&key.0);
        let piece = OpenOptions::new().read(true).write(true).open(&path).ok()?;
        match copy(&piece, to) {
            Ok(Some(facts)) => {
                // What was just written tells the time. Without it, the piece only seems older.
                let now = fs::metadata(to).and_then(|file| file.modified());
                let _ = now.and_then(|now| piece.set_modified(now));
                Some(facts)
            }
            Ok(None) | Err(_) => {
                // It may be gone already; what is half copied is written over.
                let _ = fs::remove_file(&path);
                None
            }
        }
    }

    /// Keeps the file `from` under a key, with what is known of it.
    ///
    /// # Errors
    /// The folder cannot be written to.
    pub(crate) fn keep(&self, key: &Key, from: &Path, facts: &[u8]) -> io::Result<()> {
        fs::create_dir_all(&self.folder)?;
        let part = self.folder.join(format!("{}.part", uuid::Uuid::new_v4().simple()));
        let written = write(&part, from, facts).and_then(|()| fs::rename(&part, self.folder.join(&key.0)));
        if written.is_err() {
            // It may not even have begun.
            let _ = fs::remove_file(&part);
        }
        written
    }

    /// Removes what was not used for longest, until `bytes_max` are left at most.
    pub(crate) fn prune(&self, bytes_max: u64) {
        let Ok(entries) = fs::read_dir(&self.folder) else { return };
        let known = entries.filter_map(|entry| {
            let entry = entry.ok()?;
            let file = entry.metadata().ok().filter(fs::Metadata::is_file)?;
            Some((file.modified().ok()?, file.len(), entry.path()))
        });
        let mut files: Vec<_> = known.collect();
        let mut bytes: u64 = files.iter().map(|(_, bytes, _)| bytes).sum();
        files.sort();
        for (_, length, path) in files {
            if bytes <= bytes_max {
                break;
            }
            // Another process may have removed it first: gone is gone.
            let _ = fs::remove_file(path);
            bytes -= length;
        }
    }
}

fn write(part: &Path, from: &Path, facts: &[u8]) -> io::Result<()> {
    let mut hash = Sha256::new_with_prefix(facts);
    each(&mut File::open(from)?, |piece| {
        hash.update(piece);
        Ok(())
    })?;
    let mut file = File::create_new(part)?;
    file.write_all(format!("{} {}\n", hex(&hash.finalize()), hex(facts)).as_bytes())?;
    each(&mut File::open(from)?, |piece| file.write_all(piece))
}

/// Copies the bytes behind the first line; returns the facts when the checksum is right.
fn copy(piece: &File, to: &Path) -> io::Result<Option<Vec<u8>>> {
    let mut piece = BufReader::new(piece);
    let mut line = String::new();
    piece.by_ref().take(LINE_BYTES_MAX).read_line(&mut line)?;
    let Some((sum, facts)) = line.trim_end_matches('\n').split_once(' ') else { return Ok(None) };
    let Some(facts) = unhex(facts) else { return Ok(None) };
    let mut hash = Sha256::new_with_prefix(&facts);
    let mut file = File::create(to)?;
    each(&mut piece, |bytes| {
        hash.update(bytes);
        file.write_all(bytes)
    })?;
    Ok((hex(&hash.finalize()) == sum).then_some(facts))
}

fn each(from: &mut impl Read, mut on: impl FnMut(&[u8]) -> io::Result<()>) -> io::Result<()> {
    let mut piece = vec![0; PIECE];
    loop {
        match from.read(&mut piece)? {
            0 => return Ok(()),
            count => on(&piece[..count])?,
        }
    }
}

fn unhex(text: &str) -> Option<Vec<u8>> {
    let (pairs, rest) = text.as_bytes().as_chunks::<2>();
    let byte = |pair: &[u8; 2]| u8::from_str_radix(std::str::from_utf8(pair).ok()?, 16).ok();
    pairs.iter().map(byte).collect::<Option<_>>().filter(|_| rest.is_empty())
}

#[cfg(test)]
mod tests {
    use std::time::{Duration, SystemTime};

    use super::*;

    struct Room {
        folder: tempfile::TempDir,
        cache: Cache,
    }

    impl Room {
        fn new() -> Self {
            let folder = tempfile::tempdir().unwrap();
            let cache = Cache::new(folder.path().join("cache"));
            Self { folder, cache }
        }

        fn keep(&self, name: &str, text: &str, facts: &[u8]) {
            let from = self.folder.path().join("from");
            fs::write(&from, text).unwrap();
            self.cache.keep(&Key(name.into()), &from, facts).unwrap();
        }

        fn take(&self, name: &str) -> Option<(String, Vec<u8>)> {
            let to = self.folder.path().join("to");
            let facts = self.cache.take(&Key(name.into()), &to)?;
            Some((fs::read_to_string(to).unwrap(), facts))
        }

        fn path(&self, name: &str) -> PathBuf {
            self.cache.folder.join(name)
        }
    }

    #[test]
    fn what_is_kept_comes_back_with_its_facts() {
        let room = Room::new();
        assert_eq!(room.take("a"), None);
        room.keep("a", "frames\nand more", &[16, 235]);
        room.keep("b", "", &[]);
        room.keep("a", "frames\nand more", &[16, 235]);
        assert_eq!(room.take("a"), Some(("frames\nand more".into(), vec![16, 235])));
        assert_eq!(room.take("b"), Some((String::new(), Vec::new())));
        assert_eq!(fs::read_dir(&room.cache.folder).unwrap().count(), 2);
    }

    #[test]
    fn a_damaged_piece_is_none_and_goes() {
        let room = Room::new();
        let damages: [fn(Vec<u8>) -> Vec<u8>; 4] = [
            |mut bytes| {
                *bytes.last_mut().unwrap() ^= 1;
                bytes
            },
            |bytes| bytes[..bytes.len() - 1].to_vec(),
            |bytes| bytes[..20].to_vec(),
            |bytes| [b"00 zz\n".to_vec(), bytes].concat(),
        ];
        for damage in damages {
            room.keep("a", "frames", &[1]);
            let whole = fs::read(room.path("a")).unwrap();
            fs::write(room.path("a"), damage(whole)).unwrap();
            assert_eq!(room.take("a"), None);
            assert!(!room.path("a").exists());
        }
    }

    #[test]
    fn what_was_used_last_stays() {
        let room = Room::new();
        for name in ["a", "b", "c"] {
            room.keep(name, &"x".repeat(1000), &[]);
            let old = SystemTime::UNIX_EPOCH + Duration::from_secs(u64::from(name.as_bytes()[0]));
            OpenOptions::new().write(true).open(room.path(name)).unwrap().set_modified(old).unwrap();
        }
        room.take("a").unwrap();
        room.cache.prune(2500);
        assert_eq!(["a", "b", "c"].map(|name| room.path(name).exists()), [true, false, true]);
    }
}
