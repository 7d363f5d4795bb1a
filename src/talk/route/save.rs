//! How an export shall be saved, as far as the words tell.

use super::mask::QUOTES;
use super::tokens::{Kind, Token, tokens};
use super::words;

/// What was said about the file of an export.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Saving {
    /// Its name; it may lack an ending.
    pub path: Option<String>,
    /// Where it goes, when that was said by itself: `~/Desktop`.
    pub folder: Option<String>,
    /// As it was said: one of [`crate::model::media::CONTAINERS`], or one that cannot be had.
    pub format: Option<String>,
    /// Such as `1080p`.
    pub resolution: Option<String>,
}

impl Saving {
    /// Reads the words of an export; `plain` is their masked twin.
    pub(super) fn read(words: &str, plain: &str) -> Self {
        let tokens = tokens(plain);
        let names = |token: &&Token| matches!(token.kind, Kind::Quoted | Kind::File);
        let path = tokens.iter().find(names).and_then(|token| name(words, token));
        let folder = tokens.iter().find(|token| token.kind == Kind::Folder);
        let folder = folder.and_then(|token| name(words, token));
        let ending = path.as_deref().map(str::to_lowercase);
        let ending = ending.as_deref().and_then(words::container_of);
        let said = tokens.iter().find_map(|token| words::container(token.word()));
        let full_hd = tokens.windows(2).any(|pair| pair[0].word() == "full" && pair[1].word() == "hd");
        let resolution = tokens.iter().find_map(|token| words::resolution(token.word()));
        Self {
            path,
            folder: folder.map(|folder| folder.trim_end_matches('/').to_owned()),
            format: said.or(ending).map(str::to_owned),
            resolution: resolution.or(full_hd.then_some("1080p")).map(str::to_owned),
        }
    }

    /// Takes over what was said after it.
    pub(super) fn add(&mut self, said: Self) {
        let Self { path, folder, format, resolution } = said;
        self.path = self.path.take().or(path);
        self.folder = self.folder.take().or(folder);
        self.format = self.format.take().or(format);
        self.resolution = self.resolution.take().or(resolution);
    }

    /// Returns the file to make: what was said, with an ending, or `default` with the ending of
    /// the format.
    pub fn file(&self, default: &str) -> String {
        let format = self.format.as_deref().unwrap_or("mp4");
        let path = self.path.as_deref().unwrap_or_else(|| default.strip_suffix(".mp4").unwrap_or(default));
        let lower = path.to_lowercase();
        let ends = self.path.is_some() && words::container_of(&lower).is_some();
        let file = if ends { path.to_owned() } else { format!("{path}.{format}") };
        self.folder.as_ref().map_or_else(|| file.clone(), |folder| format!("{folder}/{file}"))
    }
}

/// A name as it was written, without quotes.
fn name(words: &str, token: &Token) -> Option<String> {
    let quotes = |c: char| QUOTES.iter().any(|(open, close)| c == *open || c == *close);
    let name = words.get(token.from..token.to)?;
    let name = if token.kind == Kind::Quoted { name.trim_matches(quotes) } else { name };
    Some(name.trim().to_owned()).filter(|name| !name.is_empty())
}
