//! The files and URLs that words name.

use super::mask::QUOTES;
use crate::model::media;

/// Words that a path with spaces may have: a longer one needs quotes.
const SPACES_MAX: usize = 6;

/// What may stand before a name without a space: `上传城市.mp4`, `上传图片a.png`.
const VERB: &str = "上传";
const NOUNS: &[&str] = &["这个", "这些", "文件", "图片", "照片", "视频", "音乐", "音频", "素材"];

/// A file or URL, and where it stands with its quotes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Source {
    pub(super) name: String,
    pub(super) from: usize,
    pub(super) to: usize,
}

/// The files and URLs in a text, quotes and punctuation taken off.
pub(super) fn sources(text: &str) -> Vec<Source> {
    let mut found = Vec::new();
    let mut at = 0;
    let mut after_name = false;
    while let Some(c) = text[at..].chars().next() {
        if let Some((inside, end)) = quote(text, at) {
            if named(inside) {
                found.push(Source { name: inside.to_owned(), from: at, to: end });
            }
            (at, after_name) = (end, true);
            continue;
        }
        // `“a.mp4”和b.png`: the word between two names belongs to neither.
        let joins = c == '和' && after_name;
        after_name = false;
        if joins || c.is_whitespace() || EDGES.contains(&c) {
            at += c.len_utf8();
            continue;
        }
        let end = path_end(text, at).unwrap_or_else(|| word_end(text, at));
        at += verb_length(&text[at..end]);
        let word = text[at..end].trim_end_matches(EDGES).trim_end_matches(['.', '?', '!']);
        if named(word) {
            found.push(Source { name: word.replace("\\ ", " "), from: at, to: at + word.len() });
            after_name = true;
        }
        at = end;
    }
    found
}

/// The text with the sources blanked, byte for byte as long.
pub(super) fn without(plain: &str, sources: &[Source]) -> String {
    let mut rest = plain.to_owned();
    for source in sources {
        rest.replace_range(source.from..source.to, &" ".repeat(source.to - source.from));
    }
    rest
}

/// Signs that stand around a name and are no part of it.
const EDGES: &[char] = &[
    '"', '\'', '“', '”', '‘', '’', '「', '」', '(', ')', '<', '>', ',', '，', '。', ';', '`', '、', '；',
    '：', ':',
];

/// The length of what stands before a name in its word.
fn verb_length(word: &str) -> usize {
    let mut at = word.rfind(VERB).map_or(0, |verb| verb + VERB.len());
    let latin = |at: usize| word[at..].starts_with(|c: char| c.is_ascii_alphanumeric() || c == '/');
    let mut nouns = at;
    while let Some(noun) = NOUNS.iter().find(|noun| word[nouns..].starts_with(**noun)) {
        nouns += noun.len();
        if latin(nouns) {
            at = nouns;
        }
    }
    at
}

fn quote(text: &str, at: usize) -> Option<(&str, usize)> {
    let open = text[at..].chars().next()?;
    let (_, close) = QUOTES.iter().find(|(sign, _)| *sign == open)?;
    let from = at + open.len_utf8();
    let length = text[from..].find(*close)?;
    Some((&text[from..from + length], from + length + close.len_utf8()))
}

/// Where the word at `at` ends: at a space that is not escaped, or a comma outside of a URL.
fn word_end(text: &str, at: usize) -> usize {
    let url = is_url(&text[at..]);
    let mut before = ' ';
    for (offset, c) in text[at..].char_indices() {
        let space = c.is_whitespace() && before != '\\';
        let comma = c == ',' && !url;
        let joins = c == '和' && !url && named(&text[at..at + offset]);
        if space || comma || joins || "，。、；“「《\"".contains(c) && offset > 0 {
            return at + offset;
        }
        before = c;
    }
    text.len()
}

/// Where a path with spaces ends that begins at `at`: `/home/me/My Videos/clip 1.mov`.
fn path_end(text: &str, at: usize) -> Option<usize> {
    if !["/", "~/", "./", "../"].iter().any(|start| text[at..].starts_with(start)) {
        return None;
    }
    let mut end = word_end(text, at);
    for _ in 0..SPACES_MAX {
        if named(&text[at..end]) {
            return Some(end);
        }
        let gap = text[end..].strip_prefix(' ').filter(|rest| !rest.starts_with(['/', '~', '.']))?;
        if is_url(gap) {
            return None;
        }
        end = word_end(text, end + 1);
    }
    None
}

fn is_url(text: &str) -> bool {
    text.starts_with("http://") || text.starts_with("https://")
}

fn named(word: &str) -> bool {
    let file = word.rsplit('/').next().unwrap_or(word);
    is_url(word) || media::format_of(file).is_some() && !file.starts_with('.')
}
