//! A media file of a draft: where it lies, and which content it has.

use std::fmt;
use std::fs::File;
use std::io::{self, Read};
use std::ops::Deref;
use std::path::{Path, PathBuf};

use sha2::{Digest, Sha256};

/// Bytes that are read at once.
const PIECE: usize = 1 << 16;

/// A file that is read for a render. Its `Debug` text is its content, not its place: what
/// a plan says about itself is the same wherever its media lie.
#[derive(Clone)]
pub(crate) struct Medium {
    path: PathBuf,
    content: String,
}

impl Medium {
    /// Reads a file to its end.
    ///
    /// # Errors
    /// It cannot be read.
    pub(crate) fn read(path: PathBuf) -> io::Result<Self> {
        let mut file = File::open(&path)?;
        let mut hash = Sha256::new();
        let mut piece = vec![0; PIECE];
        loop {
            match file.read(&mut piece)? {
                0 => break,
                count => hash.update(&piece[..count]),
            }
        }
        Ok(Self { path, content: hex(&hash.finalize()) })
    }
}

/// Writes bytes as hexadecimal digits.
pub(crate) fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

impl Deref for Medium {
    type Target = Path;

    fn deref(&self) -> &Path {
        &self.path
    }
}

impl fmt::Debug for Medium {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.content)
    }
}

#[cfg(test)]
impl From<&str> for Medium {
    fn from(path: &str) -> Self {
        Self { path: path.into(), content: path.to_owned() }
    }
}

#[cfg(test)]
impl From<PathBuf> for Medium {
    fn from(path: PathBuf) -> Self {
        let content = path.display().to_string();
        Self { path, content }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_same_content_is_the_same_wherever_it_lies() {
        let folder = tempfile::tempdir().unwrap();
        let said = |name: &str, text: &str| {
            let path = folder.path().join(name);
            std::fs::write(&path, text).unwrap();
            format!("{:?}", Medium::read(path).unwrap())
        };
        let hello = "2cf24dba5fb0a30e26e83b2ac5b9e29e1b161e5c1fa7425e73043362938b9824";
        assert_eq!((said("a", "hello").as_str(), said("b", "hello").as_str()), (hello, hello));
        assert_ne!(said("c", "hello!"), hello);
    }
}
