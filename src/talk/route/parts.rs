//! A sentence taken apart where its wishes meet.

/// How a part follows the one before it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Joint {
    /// It is the first, or begins a sentence.
    Start,
    /// After a comma.
    Comma,
    /// After `and`: it may go on with the same wish.
    And,
    /// After `then`: it is done later.
    Then,
}

/// One stretch of the text.
#[derive(Clone, Copy, Debug)]
pub(super) struct Part {
    pub(super) from: usize,
    pub(super) to: usize,
    pub(super) joint: Joint,
}

const JOINTS: &[(&str, Joint)] = &[
    (" and then ", Joint::Then),
    (" then ", Joint::Then),
    (" and ", Joint::And),
    ("; ", Joint::Start),
    (", ", Joint::Comma),
    (". ", Joint::Start),
    ("! ", Joint::Start),
    ("? ", Joint::Start),
    ("\n", Joint::Start),
    ("。", Joint::Start),
    ("！", Joint::Start),
    ("？", Joint::Start),
    ("；", Joint::Start),
    ("，", Joint::Comma),
    ("、", Joint::Comma),
    ("并且", Joint::And),
    ("并", Joint::And),
    ("然后", Joint::Then),
    ("之后", Joint::Then),
    ("接着", Joint::Then),
    ("最后", Joint::Then),
    ("再", Joint::Then),
];

/// Signs that join only a command: `加完字幕就导出`.
const BEFORE_COMMAND: &[&str] = &["就", "后"];
const COMMANDS: &[&str] = &["导出", "下载", "渲染", "发给我", "把视频发", "把成片发"];

/// Words in which the signs of a joint mean something else.
const WHOLE: &[&str] = &["合并", "一并", "并排", "并列", "再见", "再来", "再次", "最后一"];

/// What a part may open with that only says when.
const THEN: &[&str] = &["and then ", "then ", "after that "];

/// The stretches of a masked text, in order; some may be empty.
pub(super) fn parts(masked: &str) -> Vec<Part> {
    let mut found = Vec::new();
    let (mut from, mut at, mut joint) = (0, 0, Joint::Start);
    while at < masked.len() {
        let rest = &masked[at..];
        let whole = WHOLE.iter().find(|word| rest.starts_with(**word));
        let next =
            JOINTS.iter().filter(|(sign, _)| rest.starts_with(sign)).max_by_key(|(sign, _)| sign.len());
        let joins = |sign: &&&str| {
            rest.strip_prefix(**sign).is_some_and(|after| COMMANDS.iter().any(|word| after.starts_with(word)))
        };
        let next =
            next.copied().or_else(|| BEFORE_COMMAND.iter().find(joins).map(|sign| (*sign, Joint::And)));
        match (whole, next) {
            (Some(word), _) => at += word.len(),
            (None, Some((sign, after))) => {
                found.push(Part { from, to: at, joint });
                at += sign.len();
                from = at;
                // `，然后` is a `then`: an empty stretch hands on what it follows with.
                joint = after;
            }
            (None, None) => at += rest.chars().next().map_or(1, char::len_utf8),
        }
    }
    found.push(Part { from, to: masked.len(), joint });
    found.into_iter().map(|part| opened(masked, part)).collect()
}

/// A part without the word that says when.
fn opened(masked: &str, mut part: Part) -> Part {
    let words = &masked[part.from..part.to];
    let bare = words.trim_start();
    if let Some(word) = THEN.iter().find(|word| bare.starts_with(**word)) {
        part.from += words.len() - bare.len() + word.len();
        part.joint = Joint::Then;
    }
    part
}
