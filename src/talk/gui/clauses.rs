//! A text as sentences and clauses, and again as a text.

/// Ends of sentences.
const ENDS: &[char] = &['.', '!', '?', '。', '！', '？', '\n'];

/// Where a clause ends; the words among them are no part of either.
const BREAKS: &[&str] = &[
    ", ",
    "; ",
    " - ",
    " — ",
    " – ",
    ": ",
    "，",
    "；",
    "：",
    "、",
    " and then ",
    " and ",
    " or ",
    " then ",
    "或者",
    "或",
    "然后",
    "并且",
];

/// Verbs and signs before a quoted name of a part of the window.
const BEFORE_NAME: &[&str] = &[
    "click",
    "click on",
    "click the",
    "click on the",
    "press",
    "press the",
    "hit",
    "tap",
    "tap the",
    "select",
    "choose",
    "open",
    "open the",
    "the",
    "点击",
    "单击",
    "轻点",
    "按",
    "点",
    "选择",
    "打开",
    "的",
    "使用",
];
const AFTER_NAME: &[&str] =
    &["button", "icon", "panel", "tab", "menu", "option", "按钮", "图标", "面板", "菜单", "选项", "标签"];

/// A clause of a sentence.
#[derive(Clone, Copy, Debug)]
pub(super) struct Clause {
    pub(super) from: usize,
    pub(super) to: usize,
    /// It follows a sign, not a word such as `and`.
    pub(super) apart: bool,
}

/// The clauses of a plain sentence.
pub(super) fn clauses(plain: &str) -> Vec<Clause> {
    let mut found = Vec::new();
    let (mut from, mut at, mut apart) = (0, 0, true);
    while at < plain.len() {
        let rest = &plain[at..];
        match BREAKS.iter().filter(|sign| rest.starts_with(**sign)).max_by_key(|sign| sign.len()) {
            Some(sign) => {
                found.push(Clause { from, to: at, apart });
                at += sign.len();
                (from, apart) = (at, !sign.trim().chars().any(char::is_alphanumeric));
            }
            None => at += rest.chars().next().map_or(1, char::len_utf8),
        }
    }
    found.push(Clause { from, to: plain.len(), apart });
    found
}

/// A sentence in lower case, byte for byte as long, without its quoted content: a title may
/// speak of buttons. A quoted name of a button (`click "Export"`) stays.
pub(super) fn plain(sentence: &str) -> String {
    const PAIRS: &[(char, char)] =
        &[('\'', '\''), ('"', '"'), ('“', '”'), ('‘', '’'), ('「', '」'), ('《', '》'), ('`', '`')];
    let lower = sentence.to_ascii_lowercase();
    let mut plain = String::with_capacity(lower.len());
    let mut at = 0;
    while let Some(c) = lower[at..].chars().next() {
        let from = at + c.len_utf8();
        let word = c == '\'' && plain.chars().next_back().is_some_and(char::is_alphanumeric);
        let pair = PAIRS.iter().find(|(open, _)| *open == c && !word);
        let length =
            pair.and_then(|(_, close)| lower[from..].find(*close).map(|length| (length, close.len_utf8())));
        let Some((length, close)) = length else {
            plain.push(c);
            at = from;
            continue;
        };
        let (inside, after) = (&lower[from..from + length], &lower[from + length + close..]);
        let before = plain.trim_end();
        let named = BEFORE_NAME.iter().any(|word| ends_with(before, word))
            || AFTER_NAME.iter().any(|word| after.trim_start().starts_with(word));
        plain.push_str(&" ".repeat(c.len_utf8()));
        plain.push_str(&if named { inside.to_owned() } else { " ".repeat(length) });
        plain.push_str(&" ".repeat(close));
        at = from + length + close;
    }
    plain
}

fn ends_with(text: &str, word: &str) -> bool {
    text.strip_suffix(word)
        .is_some_and(|head| !word.is_ascii() || !head.ends_with(|c: char| c.is_ascii_alphanumeric()))
}

/// The sentences of a text, each with its end mark; a dot inside a number or a name ends none.
pub(super) fn sentences(text: &str) -> Vec<&str> {
    let mut found = Vec::new();
    let mut from = 0;
    let mut chars = text.char_indices().peekable();
    while let Some((at, c)) = chars.next() {
        let next = chars.peek().map(|(_, c)| *c);
        let wide = "。！？\n".contains(c);
        if ENDS.contains(&c) && (wide || next.is_none_or(char::is_whitespace)) {
            let end = at + c.len_utf8();
            found.push(&text[from..end]);
            from = end;
        }
    }
    found.push(&text[from..]);
    found.retain(|sentence| !sentence.is_empty());
    found
}

/// Sentences again as one text, with the line breaks and spaces that they came with.
pub(super) fn joined(lines: &[String]) -> String {
    let mut text = String::new();
    for line in lines {
        let starts = line.chars().next().is_some_and(char::is_whitespace);
        let chinese = text.ends_with(['。', '！', '？']);
        if !text.is_empty() && !starts && !chinese && !text.ends_with(char::is_whitespace) {
            text.push(' ');
        }
        text.push_str(line);
    }
    text.trim().to_owned()
}
