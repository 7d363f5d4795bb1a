//! The shelf of media: files by the hash of their content, and the paths that name them.
//!
//! Nothing that a client sends becomes part of a file's path but a hash that was computed
//! here and an ending from the table of formats.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use sha2::{Digest, Sha256};
use tokio::fs::File;
use tokio::io::AsyncWriteExt;
use tokio::sync::OnceCell;

use crate::model::media::{self, Format};

/// Letters of a name that are kept: file systems and players take 255 bytes.
const NAME_CHARS_MAX: usize = 60;

/// Where media lie.
#[derive(Clone, Debug)]
pub(crate) struct Shelf {
    media: PathBuf,
    work: PathBuf,
    /// Bytes on the shelf, counted when the first file arrives. What other processes add
    /// since then is not in it.
    bytes: Arc<OnceCell<AtomicU64>>,
}

impl Shelf {
    /// Opens the shelf in `media`; files arrive in `work`, on the same file system.
    pub(crate) fn open(media: PathBuf, work: PathBuf) -> io::Result<Self> {
        fs::create_dir_all(&media)?;
        fs::create_dir_all(&work)?;
        Ok(Self { media, work, bytes: Arc::default() })
    }

    /// Begins to take in a file of that format.
    pub(crate) async fn take_in(&self, format: Format) -> io::Result<Incoming> {
        let name = format!("{}.{}", uuid::Uuid::new_v4().simple(), format.extension);
        let path = self.work.join(name);
        let file = File::create_new(&path).await?;
        Ok(Incoming { file, path, hash: Sha256::new(), bytes: 0, format })
    }

    /// Gives a file that arrived its place by content. Returns the hash.
    pub(crate) async fn keep(&self, mut incoming: Incoming) -> io::Result<String> {
        incoming.file.flush().await?;
        incoming.file.sync_all().await?;
        let digest = std::mem::take(&mut incoming.hash).finalize();
        let hash: String = digest.iter().map(|byte| format!("{byte:02x}")).collect();
        let place = self.place(&hash, incoming.format);
        let new = !tokio::fs::try_exists(&place).await?;
        tokio::fs::rename(&incoming.path, place).await?;
        if let Some(bytes) = self.bytes.get().filter(|_| new) {
            bytes.fetch_add(incoming.bytes, Ordering::Relaxed);
        }
        Ok(hash)
    }

    /// Returns how many bytes lie on the shelf.
    pub(crate) async fn bytes(&self) -> io::Result<u64> {
        let count = async || {
            let media = self.media.clone();
            let counting = tokio::task::spawn_blocking(move || bytes_in(&media)).await;
            Ok::<_, io::Error>(AtomicU64::new(counting.map_err(io::Error::other)??))
        };
        Ok(self.bytes.get_or_try_init(count).await?.load(Ordering::Relaxed))
    }

    /// Returns the file behind the path or URL of a medium, whatever its host and port.
    pub(crate) fn find(&self, source: &str) -> Option<PathBuf> {
        let (_, rest) = source.split_once("/media/")?;
        let (hash, name) = rest.split_once('/')?;
        self.file(hash, name)
    }

    /// Returns the file of a hash; its ending is that of `name`.
    pub(crate) fn file(&self, hash: &str, name: &str) -> Option<PathBuf> {
        let name = name.split(['?', '#']).next().unwrap_or_default();
        let sound = hash.len() == 64 && hash.bytes().all(|b| matches!(b, b'0'..=b'9' | b'a'..=b'f'));
        let path = self.place(hash, media::format_of(name).filter(|_| sound)?);
        path.is_file().then_some(path)
    }

    fn place(&self, hash: &str, format: Format) -> PathBuf {
        self.media.join(format!("{hash}.{}", format.extension))
    }
}

fn bytes_in(folder: &Path) -> io::Result<u64> {
    let mut bytes = 0;
    for entry in fs::read_dir(folder)? {
        // A file that goes away meanwhile takes no room.
        bytes += entry?.metadata().map_or(0, |data| data.len());
    }
    Ok(bytes)
}

/// A file on its way in. Dropped before it is kept, it leaves nothing behind.
#[derive(Debug)]
pub(crate) struct Incoming {
    file: File,
    path: PathBuf,
    hash: Sha256,
    bytes: u64,
    format: Format,
}

impl Incoming {
    /// Adds the next piece.
    pub(crate) async fn write(&mut self, chunk: &[u8]) -> io::Result<()> {
        self.hash.update(chunk);
        self.bytes += chunk.len() as u64;
        self.file.write_all(chunk).await
    }

    /// Returns how many bytes came.
    pub(crate) fn bytes(&self) -> u64 {
        self.bytes
    }

    /// Returns the file as it is so far, with every byte that was written in it.
    pub(crate) async fn look(&mut self) -> io::Result<&Path> {
        self.file.flush().await?;
        Ok(&self.path)
    }
}

impl Drop for Incoming {
    fn drop(&mut self) {
        // Gone already when it was kept.
        let _ = fs::remove_file(&self.path);
    }
}

/// Returns the path under which the studio serves a medium, and by which drafts name it.
pub(crate) fn path_of(hash: &str, name: &str) -> String {
    let mut path = format!("/media/{hash}/");
    for byte in name.bytes() {
        match byte {
            b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'-' | b'.' | b'_' | b'~' => path.push(byte.into()),
            other => path.push_str(&format!("%{other:02X}")),
        }
    }
    path
}

/// Returns a file's name without folders, control letters and length; its ending survives.
pub(crate) fn clean_name(name: &str) -> String {
    let file = name.rsplit(['/', '\\']).next().unwrap_or_default();
    let clean: Vec<char> = file.chars().filter(|c| !c.is_control()).collect();
    let from = match clean.len() > NAME_CHARS_MAX {
        false => return clean.into_iter().collect(),
        true => clean.iter().rposition(|c| *c == '.').filter(|at| clean.len() - at < 8),
    };
    let ending: String = from.map(|at| clean[at..].iter().collect()).unwrap_or_default();
    clean[..NAME_CHARS_MAX].iter().collect::<String>() + ending.as_str()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shelf() -> (tempfile::TempDir, Shelf) {
        let home = tempfile::tempdir().unwrap();
        let shelf = Shelf::open(home.path().join("media"), home.path().join("work")).unwrap();
        (home, shelf)
    }

    #[tokio::test]
    async fn a_kept_file_is_found_by_its_url_on_any_host() {
        let (home, shelf) = shelf();
        let mut incoming = shelf.take_in(media::format_of("a.mp4").unwrap()).await.unwrap();
        incoming.write(b"he").await.unwrap();
        incoming.write(b"llo").await.unwrap();
        assert_eq!(fs::read(incoming.look().await.unwrap()).unwrap(), b"hello");
        let hash = shelf.keep(incoming).await.unwrap();
        assert_eq!(hash, "2cf24dba5fb0a30e26e83b2ac5b9e29e1b161e5c1fa7425e73043362938b9824");
        let url = format!("http://127.0.0.1:9{}?x=.exe", path_of(&hash, "my clip.mp4"));
        assert_eq!(fs::read(shelf.find(&url).unwrap()).unwrap(), b"hello");
        assert_eq!(fs::read_dir(home.path().join("work")).unwrap().count(), 0);
    }

    #[tokio::test]
    async fn the_bytes_on_the_shelf_are_counted_once_for_each_content() {
        let (_home, shelf) = shelf();
        for (text, total) in [("hello", 5), ("hello", 5), ("you", 8)] {
            let mut incoming = shelf.take_in(media::format_of("a.mp4").unwrap()).await.unwrap();
            incoming.write(text.as_bytes()).await.unwrap();
            shelf.keep(incoming).await.unwrap();
            assert_eq!(shelf.bytes().await.unwrap(), total);
        }
    }

    #[tokio::test]
    async fn a_dropped_upload_leaves_nothing() {
        let (home, shelf) = shelf();
        let mut incoming = shelf.take_in(media::format_of("a.png").unwrap()).await.unwrap();
        incoming.write(b"half").await.unwrap();
        drop(incoming);
        assert_eq!(fs::read_dir(home.path().join("work")).unwrap().count(), 0);
    }

    #[test]
    fn no_name_leads_off_the_shelf() {
        let (home, shelf) = shelf();
        fs::write(home.path().join("studio.mp4"), "secret").unwrap();
        let zeros = "0".repeat(64);
        for source in [
            "/media/../studio.mp4",
            "/media/%2e%2e/studio.mp4",
            "/media/../../studio.mp4/x.mp4",
            "/etc/passwd",
            &format!("/media/{zeros}/../../../studio.mp4"),
            &format!("/media/{zeros}/a.db"),
        ] {
            assert_eq!(shelf.find(source), None, "{source}");
        }
    }

    #[test]
    fn names_are_cleaned_and_their_endings_kept() {
        assert_eq!(clean_name("C:\\a\\..\\clip.mp4"), "clip.mp4");
        assert_eq!(clean_name("../../etc/\u{1b}[31mx.png"), "[31mx.png");
        assert_eq!(clean_name(&format!("{}.mp4", "片".repeat(300))), format!("{}.mp4", "片".repeat(60)));
        assert_eq!(path_of("h", "a b/片.png"), "/media/h/a%20b%2F%E7%89%87.png");
    }
}
