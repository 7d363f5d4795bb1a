//! Where a page finds videos and posters. A video stays where it is and is linked from the
//! page, is copied beside it, or is served under a name that says nothing of its place.

use std::collections::HashSet;
use std::fs;
use std::path::{Component, Path, PathBuf};
use std::time::UNIX_EPOCH;

use sha2::{Digest, Sha256};

/// The folder of a report that holds copies and posters.
pub const FOLDER: &str = "media";
/// Characters of a file's name that a copy keeps.
const NAME_CHARS_MAX: usize = 80;

/// A file of a run, found on disk.
#[derive(Clone, Debug, PartialEq)]
pub struct Found {
    /// Where it is.
    pub path: PathBuf,
    /// Changes when its content does, as far as its size and time tell.
    pub print: String,
}

/// How pages name videos.
pub enum Naming {
    /// By the way from the page's folder to the file.
    Link(PathBuf),
    /// By the name of its copy.
    Copy(Names),
    /// By its print.
    Print,
}

/// Names of copies: each is given once.
#[derive(Default)]
pub struct Names(HashSet<String>);

impl Found {
    /// Looks for a file that a run made; `folder` is where relative paths of the run begin.
    pub fn at(folder: &Path, path: &str) -> Option<Self> {
        let path = fs::canonicalize(folder.join(path)).ok()?;
        let about = fs::metadata(&path).ok().filter(fs::Metadata::is_file)?;
        let age = about.modified().ok().and_then(|time| time.duration_since(UNIX_EPOCH).ok());
        let told = format!("{}\n{}\n{}", path.display(), about.len(), age.unwrap_or_default().as_nanos());
        let digest = Sha256::digest(told.as_bytes());
        let print = digest[..8].iter().map(|byte| format!("{byte:02x}")).collect();
        Some(Self { path, print })
    }

    /// Returns the name of its poster.
    pub fn poster(&self) -> String {
        format!("{FOLDER}/{}.jpg", self.print)
    }
}

impl Naming {
    /// Returns the address of a video for the page; none when there is no way to it.
    pub fn of(&mut self, video: &Found, number: u64) -> Option<String> {
        match self {
            Self::Link(page) => link(page, &video.path),
            Self::Copy(names) => Some(format!("{FOLDER}/{}", names.next(&video.path, number))),
            Self::Print => {
                let ending = video.path.extension().and_then(|ending| ending.to_str()).unwrap_or("mp4");
                Some(format!("{FOLDER}/{}.{}", video.print, plain(ending)))
            }
        }
    }
}

impl Names {
    fn next(&mut self, path: &Path, number: u64) -> String {
        let name = path.file_name().and_then(|name| name.to_str()).unwrap_or("video.mp4");
        let (stem, ending) = name.rsplit_once('.').unwrap_or((name, "mp4"));
        let stem: String = plain(stem).chars().take(NAME_CHARS_MAX).collect();
        let ending = plain(ending);
        let mut name = format!("{number}-{stem}.{ending}");
        let mut again = 2;
        while !self.0.insert(name.clone()) {
            name = format!("{number}-{stem}-{again}.{ending}");
            again += 1;
        }
        name
    }
}

/// Letters that need no care in an address, a shell or an archive.
fn plain(text: &str) -> String {
    text.chars().map(|c| if c.is_ascii_alphanumeric() || "-_.".contains(c) { c } else { '-' }).collect()
}

/// The way from a folder to a file as an address. Both must lie below one folder: a way over
/// the root would hold on this machine only.
fn link(page: &Path, file: &Path) -> Option<String> {
    let names = |path: &Path| -> Option<Vec<String>> {
        let parts = path.components().filter(|part| !matches!(part, Component::RootDir));
        parts.map(|part| part.as_os_str().to_str().map(str::to_owned)).collect()
    };
    let (page, file) = (names(page)?, names(file)?);
    let common = page.iter().zip(&file).take_while(|(a, b)| a == b).count();
    if common == 0 {
        return None;
    }
    let up = page[common..].iter().map(|_| "..".to_owned());
    let down = file[common..].iter().map(|name| encoded(name));
    Some(up.chain(down).collect::<Vec<_>>().join("/"))
}

/// One part of an address.
fn encoded(name: &str) -> String {
    let plain = |byte: u8| byte.is_ascii_alphanumeric() || b"-_.~".contains(&byte);
    let byte = |byte: u8| if plain(byte) { char::from(byte).to_string() } else { format!("%{byte:02X}") };
    name.bytes().map(byte).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn videos_are_linked_below_a_common_folder_only() {
        let link = |page: &str, file: &str| link(Path::new(page), Path::new(file));
        assert_eq!(link("/a/report", "/a/out/x y.mp4").as_deref(), Some("../out/x%20y.mp4"));
        assert_eq!(link("/a/b/report", "/a/晨.mp4").as_deref(), Some("../../%E6%99%A8.mp4"));
        assert_eq!(link("/a", "/a/javascript:1.mp4").as_deref(), Some("javascript%3A1.mp4"));
        assert_eq!(link("/home/report", "/tmp/x.mp4"), None);
    }

    #[test]
    fn copies_have_names_of_their_own() {
        let mut names = Names::default();
        let mut next = |path: &str| names.next(Path::new(path), 3);
        assert_eq!(next("/a/promo one.mp4"), "3-promo-one.mp4");
        assert_eq!(next("/b/promo one.mp4"), "3-promo-one-2.mp4");
        assert_eq!(next("/b/..mp4"), "3-..mp4");
        assert_eq!(next("/b/晨光.webm"), "3---.webm");
    }
}
