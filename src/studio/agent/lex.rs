//! A request as marks: known phrases, quoted words, numbers, times; everything else is `Other`.

use std::cmp::Reverse;
use std::collections::HashMap;
use std::sync::LazyLock;

use crate::model::edit::{COLORS, Color, Point, TextStyle};
use crate::model::media;
use crate::model::time::Millis;
use crate::studio::agent::corrections;
use crate::studio::agent::names::Called;
use crate::studio::agent::number;
use crate::studio::agent::phrases::{self, GAP, Noun, Quality, Time, Verb, bounded};
use crate::studio::agent::refs;
use crate::studio::agent::typos;

/// What a stretch of the text means.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Mark {
    Do(Verb),
    Noun(Noun),
    When(Time),
    Quality(Quality),
    Color(Color),
    /// Words between quotes.
    Quote(String),
    /// A time with its unit, or as a clock writes it.
    Time(Millis),
    /// A number without a unit.
    Number(f64),
    /// A share, 0.35 for 35 %.
    Percent(f64),
    /// A factor: 2x, 1.5 times.
    Factor(f64),
    /// So many times as long as it is.
    Long(f64),
    /// Second, 3rd, 第二.
    Ordinal(usize),
    /// The name of an uploaded file.
    File(String),
    From,
    Until,
    Into,
    /// What follows is what the video is about.
    Topic,
    /// Joins two wishes, or two qualities of one.
    Join,
    /// Points at what is there: it, this, the.
    Stay,
    /// Points at something new: a, an, one.
    Set,
    /// A stretch of the whole: the first half.
    Stretch(Point, Point),
    /// When a text has gone: after the title.
    AfterText(TextStyle),
    /// One of many, each of them.
    Each,
    /// What follows is not wanted.
    Without,
    Fill,
    Comma,
    Colon,
    /// The end of a sentence or line.
    Stop,
    /// Nothing that the table knows.
    Other,
}

/// A mark and the bytes of the text that it stands for.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Token {
    pub(super) mark: Mark,
    pub(super) from: usize,
    pub(super) to: usize,
}

/// Opening and closing quotes. The straight single one is an apostrophe inside a word.
const QUOTES: &[(char, char)] = &[
    ('"', '"'),
    ('\'', '\''),
    ('“', '”'),
    ('‘', '’'),
    ('「', '」'),
    ('『', '』'),
    ('《', '》'),
    ('«', '»'),
    ('`', '`'),
];

/// Reads a text as marks, in its order. `files` are the names of uploads.
pub(super) fn tokens(text: &str, files: &[Called]) -> Vec<Token> {
    tokens_with(text, files, &[])
}

/// [`tokens`], where the words `shown` on the timeline count as quoted ones.
pub(super) fn tokens_with(text: &str, files: &[Called], shown: &[&str]) -> Vec<Token> {
    let mut found: Vec<Token> = Vec::new();
    let mut at = 0;
    while let Some(c) = text[at..].chars().next() {
        let rest = &text[at..];
        let (mark, length) = if let Some((words, length)) = quote(text, at).or_else(|| said(text, at, shown))
        {
            (Some(Mark::Quote(words)), length)
        } else if let Some((words, length)) = address(text, at).filter(|_| file_name(text, at).is_none()) {
            (Some(Mark::Quote(words)), length)
        } else if let Some(length) = genitive(text, at) {
            (None, length)
        } else if let Some((name, length)) = file(text, at, files).or_else(|| file_name(text, at)) {
            (Some(Mark::File(name)), length)
        } else if let Some(length) =
            ["-->", "->", "=>", "→"].iter().find(|arrow| rest.starts_with(**arrow)).map(|a| a.len())
        {
            (Some(Mark::Until), length)
        } else if let Some(mark) = punctuation(&text[..at], rest) {
            (Some(mark), c.len_utf8())
        } else if c.is_whitespace()
            || (c.is_ascii_punctuation() && !"#&".contains(c))
            || !(c.is_alphanumeric() || c.is_ascii())
        {
            (None, c.len_utf8())
        } else if let Some((mark, length)) = number::read(text, at) {
            (Some(mark), length)
        } else if let Some((mark, length)) = phrase(text, at) {
            (Some(mark), length)
        } else {
            let length = word_length(rest);
            (Some(typos::meant(&rest[..length]).unwrap_or(Mark::Other)), length)
        };
        if let Some(mark) = mark {
            push(&mut found, Token { mark, from: at, to: at + length }, text);
        }
        at += length;
    }
    refs::settled(text, corrections::applied(text, found))
}

/// Adds a token; neighbouring unknown words are one stretch.
fn push(found: &mut Vec<Token>, token: Token, text: &str) {
    match found.last_mut() {
        Some(last) if last.mark == Mark::Other && token.mark == Mark::Other => {
            let between = &text[last.to..token.from];
            if between.chars().all(|c| c.is_whitespace() || "-'".contains(c)) {
                last.to = token.to;
                return;
            }
            found.push(token);
        }
        _ => found.push(token),
    }
}

/// The words of a quotation that opens at `at`, and its length with the quotes.
fn quote(text: &str, at: usize) -> Option<(String, usize)> {
    let open = text[at..].chars().next()?;
    let (_, close) = QUOTES.iter().find(|(o, _)| *o == open)?;
    let before = text[..at].chars().next_back();
    if "'‘".contains(open) && before.is_some_and(char::is_alphanumeric) {
        return None;
    }
    let inside = &text[at + open.len_utf8()..];
    let ends = |(from, c): (usize, char)| {
        let next = inside[from + c.len_utf8()..].chars().next();
        // In 'Don't stop' the quotation ends where no word goes on.
        let apostrophe = "'’".contains(c) && next.is_some_and(|n| n.is_ascii_alphanumeric());
        (c == *close && !apostrophe).then_some(from)
    };
    let end = inside.char_indices().find_map(ends)?;
    let words = inside[..end].trim();
    (!words.is_empty()).then(|| (words.to_owned(), open.len_utf8() + end + close.len_utf8()))
}

/// Words that the timeline shows, as they are written there, unless they open the request.
fn said(text: &str, at: usize, shown: &[&str]) -> Option<(String, usize)> {
    let fits = |words: &&&str| {
        at > 0
            && words.chars().count() > 2
            && text[at..].starts_with(**words)
            && bounded(text, at, at + words.len())
    };
    shown.iter().filter(fits).max_by_key(|words| words.len()).map(|words| ((*words).to_owned(), words.len()))
}

/// `music's`: the letter after the apostrophe is no word.
fn genitive(text: &str, at: usize) -> Option<usize> {
    let rest = &text[at..];
    let mark = ["'s", "’s"].into_iter().find(|mark| rest.starts_with(mark))?;
    let inside = text[..at].ends_with(char::is_alphanumeric);
    let ends = !rest[mark.len()..].starts_with(|c: char| c.is_ascii_alphanumeric());
    (inside && ends).then_some(mark.len())
}

/// The name of an uploaded file, with or without its ending, or what people call it.
fn file(text: &str, at: usize, files: &[Called]) -> Option<(String, usize)> {
    let called = files.iter().filter(|called| {
        let end = at + called.said.len();
        let matches = text.get(at..end).is_some_and(|part| part.eq_ignore_ascii_case(&called.said));
        let pictured = || beside_picture(&text[..at], &text[end..]) || beside_name(&text[end..], files);
        matches && bounded(text, at, end) && (!called.loose || pictured())
    });
    called.max_by_key(|called| called.said.len()).map(|called| (called.file.clone(), called.said.len()))
}

/// 杯子和咖啡豆那两张: whether another name that stands beside a picture follows.
fn beside_name(after: &str, files: &[Called]) -> bool {
    let next =
        ["和", "跟", "与", "、", " and the ", " and "].iter().find_map(|joint| after.strip_prefix(joint));
    let Some(next) = next else { return false };
    let name = files.iter().find(|called| next.get(..called.said.len()) == Some(called.said.as_str()));
    name.is_some_and(|name| beside_picture("", &next[name.said.len()..]))
}

/// Whether a word for a picture follows, or what is done to it is told before: 杯子那张, `the harbor clip`.
fn beside_picture(before: &str, after: &str) -> bool {
    const PICTURES: &[&str] = &[
        "photo",
        "image",
        "picture",
        "pic",
        "shot",
        "clip",
        "video",
        "footage",
        "one",
        "slide",
        "scene",
        "那",
        "这",
        "照",
        "图",
        "片",
        "镜头",
        "视频",
        "画面",
        "的照",
        "的图",
        "的片",
        "的视频",
        "的镜头",
        "放",
        "排",
        "移",
        "挪",
    ];
    let after = after.trim_start().to_ascii_lowercase();
    PICTURES.iter().any(|word| after.starts_with(word)) || before.ends_with(['把', '将', '让'])
}

/// A name that ends like a file of media or subtitles, uploaded or not.
fn file_name(text: &str, at: usize) -> Option<(String, usize)> {
    let before = text[..at].chars().next_back();
    if before.is_some_and(|c| c.is_ascii_alphanumeric() || "./_-".contains(c)) {
        return None;
    }
    let rest = &text[at..];
    let end = rest.find(|c: char| !c.is_ascii_alphanumeric() && !"._-".contains(c)).unwrap_or(rest.len());
    let name = rest[..end].trim_end_matches(['.', '-']);
    let (stem, _) = name.rsplit_once('.')?;
    let known = !stem.is_empty() && media::format_of(name).is_some();
    known.then(|| (name.to_owned(), name.len()))
}

fn punctuation(before: &str, rest: &str) -> Option<Mark> {
    let mut chars = rest.chars();
    let c = chars.next()?;
    let next = chars.next();
    match c {
        '\n' | '。' | '！' | '？' | '；' | ';' => Some(Mark::Stop),
        '!' | '?' if goes_on(&rest[1..]) => None,
        '.' | '!' | '?' if next.is_none_or(char::is_whitespace) && !(c == '.' && abbreviates(before)) => {
            Some(Mark::Stop)
        }
        ',' | '，' | '、' => Some(Mark::Comma),
        ':' | '：' => Some(Mark::Colon),
        _ => None,
    }
}

/// `caption Still hungry? from halfway on`: the mark is the text's.
fn goes_on(rest: &str) -> bool {
    let mut words = rest.trim_start().split(' ');
    let next = words.next().unwrap_or_default();
    ["from", "at", "in", "on", "for", "with", "over"].contains(&next) && words.next().is_some()
}

/// `Dr.`, `Mrs.`: a dot behind a title ends no sentence.
fn abbreviates(before: &str) -> bool {
    let word = before.rsplit(|c: char| !c.is_ascii_alphabetic()).next().unwrap_or_default();
    ["Dr", "Mr", "Mrs", "Ms", "Prof", "St", "vs"].contains(&word)
}

/// The address of a web page: `acme.com`.
fn address(text: &str, at: usize) -> Option<(String, usize)> {
    let before = text[..at].chars().next_back();
    if before.is_some_and(|c| c.is_ascii_alphanumeric() || "./_-@".contains(c)) {
        return None;
    }
    let rest = &text[at..];
    let end = rest.find(|c: char| !c.is_ascii_alphanumeric() && !"._-/".contains(c)).unwrap_or(rest.len());
    let name = rest[..end].trim_end_matches(['.', '-', '/']);
    let (host, ending) = name.split('/').next()?.rsplit_once('.')?;
    let letters = |part: &str| part.len() >= 2 && part.bytes().all(|b| b.is_ascii_alphabetic());
    let word = host.len() >= 2 && host.bytes().any(|b| b.is_ascii_alphabetic());
    (letters(ending) && ending.len() <= 4 && word).then(|| (name.to_owned(), name.len()))
}

/// The longest phrase of the table that begins at `at`; of two equal ones the earlier.
fn phrase(text: &str, at: usize) -> Option<(Mark, usize)> {
    let first = text[at..].chars().next()?.to_ascii_lowercase();
    let matched = |phrase: &str| {
        let part = text.get(at..at + phrase.len());
        part.is_some_and(|part| part.eq_ignore_ascii_case(phrase)) && bounded(text, at, at + phrase.len())
    };
    let phrases = INDEX.get(&first)?;
    phrases.iter().find(|(word, _)| matched(word)).map(|(word, mark)| (mark.clone(), word.len()))
}

/// Colours and the phrase table by their first letter, long phrases before short ones.
static INDEX: LazyLock<HashMap<char, Vec<(String, Mark)>>> = LazyLock::new(|| {
    let mut index: HashMap<char, Vec<(String, Mark)>> = HashMap::new();
    let mut put = |word: &str, mark: &Mark| {
        let first = word.chars().next().unwrap_or_default();
        index.entry(first).or_default().push((word.to_owned(), mark.clone()));
    };
    for (name, chinese, _) in COLORS {
        let Some(color) = Color::parse(name).map(Mark::Color) else { continue };
        let short = chinese.trim_end_matches('色');
        put(name, &color);
        put(chinese, &color);
        match short.chars().count() {
            1 => {
                ["的", "字", "底"].iter().for_each(|noun| put(&format!("{short}{noun}"), &color));
                ["纯", "大"].iter().for_each(|deep| put(&format!("{deep}{short}"), &color));
            }
            _ => put(short, &color),
        }
    }
    for (mark, words) in phrases::all() {
        words.split(GAP).for_each(|word| put(word, mark));
    }
    index.values_mut().for_each(|phrases| phrases.sort_by_key(|(word, _)| Reverse(word.len())));
    index
});

/// The length of one unknown word: Latin letters with their apostrophes and hyphens, or one character.
fn word_length(rest: &str) -> usize {
    let mut chars = rest.char_indices();
    let Some((_, first)) = chars.next() else { return 0 };
    if !is_latin(first) {
        return first.len_utf8();
    }
    let end = chars.find(|(_, c)| !is_latin(*c) && !"'’-".contains(*c));
    end.map_or(rest.len(), |(at, _)| at)
}

fn is_latin(c: char) -> bool {
    c.is_alphanumeric() && (c as u32) < 0x2E80
}
