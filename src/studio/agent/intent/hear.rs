//! What of a request is a wish and what is talk: an unknown word is named when it is what a wish
//! is about, and passed over when it only stands beside one.

use crate::model::edit::{Edit, TextRef};
use crate::studio::agent::clause::Clause;
use crate::studio::agent::lex::{Mark, Token};
use crate::studio::agent::phrases::{GAP, Noun, Quality, Time, Verb, one_of};

/// What people ask of editors and this one cannot do: the whole wish is named.
const CANNOT: &str = "3d|ai-generated|animate me|blink|censor|chroma|clone|confetti|countdown|dancing|deepfake|\
    denoise|dub|emoji|emojis|faces|fireworks|flip|flipped|gif|glitch|green screen|hologram|\
    lip-sync|mirror|mirrored|parallax|picture in picture|picture-in-picture|pixelate|rainbow|robot|\
    rotate|rotated|sepia|sharpen|side by side|snowflakes|sparkles|split screen|split-screen|\
    stabilise|stabilize|sticker|stickers|tilt|transcribe|translate|translated|translation|\
    upside down|倒计时|分屏|去抖|同声传译|对口型|抠像|抠出|抠图|换脸|旋转|机器人|水平翻转|烟花|\
    特效|画中画|磨皮|稳定|绿幕|美颜|翻译|翻转|表情包|贴纸|跳舞|跳起舞|锐化|镜像|防抖|降噪|颗粒";

/// Other places that a video could be sent to: the agent knows none of them.
const SHARES: &str = "email it|every day at|every monday|every week|mail it|post a video|post it|post the video|post videos|post this|publish a video|publish it|publish the video|publish this|schedule it|share it|tweet it|upload it to|\
    upload this to|发布到|发到我的|上传到|分享到|同步到";

/// Details that cannot be had: named beside what was done.
const DETAILS: &str = "bold|comic sans|cursive|drums|guitar|handwritten|italic|jazz-like|outlined|piano|saxophone|\
    underlined|violin|吉他|手写体|斜体|钢琴";

/// English words that end what a verb is done to: `add a hat` in `add a hat on the man`.
const AWAY: &str = "across|after|against|around|as|at|because|before|behind|beside|by|during|for|from|if|in|\
    instead|into|near|next|off|on|onto|over|since|so|than|that|through|to|under|until|when|where|\
    which|while|who|with";

/// Words that open a statement rather than a wish.
const TELLS: &str = "as|because|but|everybody|everyone|he|i|i'm|i've|it|it's|its|my|nobody|our|people|she|since|so|\
    some|that|that's|the|there|there's|they|they're|this|those|we|we're|we've|what|who|whoever|\
    you're|your";

/// Words that make a wish of a statement: `the cup should dance`.
const WISHES: &str = "can u|can we|can you|could u|could we|could you|i'd like|i'd love|let's|lets|must|need|please|\
    pls|should|wanna|want|would like|would you";

/// Whether words name what cannot be done.
pub(crate) fn impossible(words: &str) -> bool {
    CANNOT.split(GAP).any(|phrase| spoken(words, phrase))
}

/// Whether words hold a phrase, as whole words where it is a Latin one.
fn spoken(words: &str, phrase: &str) -> bool {
    let words = words.to_lowercase();
    match phrase.is_ascii() {
        true => format!(" {words} ").contains(&format!(" {phrase} ")),
        false => words.contains(phrase),
    }
}

/// Whether a clause asks to send the video somewhere.
pub(super) fn shares(clause: &Clause<'_>) -> bool {
    SHARES.split(GAP).any(|phrase| spoken(clause.verbatim(), phrase)) && clause.quotes().is_empty()
}

/// The words of a clause that cannot be obeyed, whatever else it says.
pub(super) fn cannot(clause: &Clause<'_>) -> bool {
    let listed = |token: &Token| CANNOT.split(GAP).any(|phrase| holds(clause, token, phrase));
    shares(clause) || clause.quotes().is_empty() && unknown(clause).any(listed)
}

/// Unknown words beside an edit that deserve to be named.
pub(super) fn details<'a>(clause: &'a Clause<'_>) -> impl Iterator<Item = &'a str> {
    let listed =
        |token: &&Token| DETAILS.split(GAP).chain(CANNOT.split(GAP)).any(|word| holds(clause, token, word));
    unknown(clause).filter(listed).map(|token| &clause.request[token.from..token.to])
}

fn unknown<'a>(clause: &'a Clause<'_>) -> impl Iterator<Item = &'a Token> {
    clause.tokens.iter().filter(|token| token.mark == Mark::Other)
}

/// Whether unknown words hold this one, as a whole word where it is a Latin one.
fn holds(clause: &Clause<'_>, token: &Token, phrase: &str) -> bool {
    spoken(&clause.request[token.from..token.to], phrase)
}

/// Whether what a wish is done to is not known, so that edits made of its other words are none
/// that were asked for: `remove the man from the clip` takes no clip away.
pub(super) fn misses(clause: &Clause<'_>, edits: &[Edit]) -> bool {
    let Some(verb) = clause.own_verb() else { return opens_unknown(clause) && edits.iter().all(points) };
    let fits = match verb {
        Verb::Add | Verb::Generate => {
            edits.iter().all(|edit| !matches!(edit, Edit::AddText(..) | Edit::Voice(_)))
        }
        Verb::Remove => {
            edits.iter().all(|edit| !matches!(edit, Edit::Remove(_) | Edit::Keep(_) | Edit::Speed(..)))
        }
        Verb::Make | Verb::Change | Verb::Move => edits.iter().all(points),
        _ => false,
    };
    let at = clause.tokens.iter().position(|token| token.mark == Mark::Do(verb));
    // 第三张删了吧，太糊: what it is done to stands before.
    let chinese = |at: usize| !clause.request[clause.tokens[at].from..clause.tokens[at].to].is_ascii();
    let named = |token: &Token| matches!(token.mark, Mark::Noun(_) | Mark::File(_) | Mark::Ordinal(_));
    if at.is_some_and(|at| chinese(at) && clause.tokens[..at].iter().any(named)) {
        return false;
    }
    fits && at.is_some_and(|at| object_unknown(clause, at + 1) || before_unknown(clause, at))
}

/// An edit of what was touched last, or of what a clause only mentions.
fn points(edit: &Edit) -> bool {
    matches!(edit, Edit::ChangeText(TextRef::Latest, ..) | Edit::Logo { .. } | Edit::AddText(..))
}

/// Whether the words from a place on name something unknown: `a dancing bear`, but not `a snappy title`.
fn object_unknown(clause: &Clause<'_>, from: usize) -> bool {
    let mut met = false;
    let mut rest = clause.tokens[from..].iter().peekable();
    while let Some(token) = rest.next() {
        match &token.mark {
            Mark::Other => met = true,
            Mark::Fill if one_of(AWAY, &clause.word(token)) => return met,
            Mark::Noun(_) | Mark::File(_) | Mark::Quote(_) | Mark::Do(_) => return false,
            Mark::Quality(Quality::Place(_)) => return met,
            Mark::Quality(_) => return false,
            Mark::Comma | Mark::Join if !met => return false,
            Mark::Join | Mark::Comma => {
                return !rest
                    .peek()
                    .is_some_and(|next| matches!(next.mark, Mark::Quality(_) | Mark::Noun(_)));
            }
            Mark::Set | Mark::Stay if met => return true,
            Mark::When(Time::First | Time::Last) if !met => (),
            Mark::When(_) | Mark::Time(_) | Mark::From | Mark::Until | Mark::Percent(_) => return met,
            _ => (),
        }
    }
    met
}

/// `把天空换成蓝色`: what is changed stands before the verb.
fn before_unknown(clause: &Clause<'_>, verb: usize) -> bool {
    let takes = |token: &Token| ["把", "将", "给", "让"].contains(&clause.word(token).as_str());
    let Some(from) = clause.tokens[..verb].iter().position(takes) else { return false };
    let object = &clause.tokens[from + 1..verb];
    let known =
        |token: &Token| matches!(token.mark, Mark::Noun(_) | Mark::File(_) | Mark::Quote(_) | Mark::Time(_));
    object.iter().any(|token| token.mark == Mark::Other) && !object.iter().any(known)
}

/// `stabilize the footage`: an unknown word where a verb stands, with what it is done to.
fn opens_unknown(clause: &Clause<'_>) -> bool {
    let silent = |token: &&Token| matches!(token.mark, Mark::Fill | Mark::Join | Mark::Comma);
    let Some(at) = clause.tokens.iter().position(|token| !silent(&token)) else { return false };
    let first = &clause.tokens[at];
    let next = clause.tokens.get(at + 1).map(|token| &token.mark);
    let one = !clause.request[first.from..first.to].contains(' ');
    first.mark == Mark::Other
        && one
        && matches!(next, Some(Mark::Stay | Mark::Set | Mark::Fill | Mark::Noun(_)))
}

/// `I hate it`, 不喜欢这个: what is disliked may be changed rather than taken away.
pub(super) fn dislikes(clause: &Clause<'_>) -> bool {
    let words = [
        "don't like",
        "not happy",
        "do not like",
        "not a fan",
        "hate",
        "don't love",
        "not keen",
        "can't stand",
        "不喜欢",
        "讨厌",
        "不好看",
        "难看",
    ];
    let text = clause.verbatim().to_lowercase();
    words.iter().any(|word| text.contains(word))
}

/// `don't cover the photos`, 别戛然而止: what should not be is not known, so nothing is taken away.
pub(super) fn forbids(clause: &Clause<'_>) -> bool {
    clause.tokens.windows(2).any(|pair| {
        let negative = one_of("do not|don't|dont|never|不要|别", &clause.word(&pair[0]));
        negative && pair[0].mark == Mark::Do(Verb::Remove) && pair[1].mark == Mark::Other
    })
}

/// Whether a clause complains rather than asks: `it goes by too quickly`.
pub(super) fn complains(clause: &Clause<'_>) -> bool {
    let words =
        ["too", "hard", "can't", "barely", "nobody", "is", "it's", "looks", "goes", "feels", "sounds"];
    let placed = |quality: Quality| (!matches!(quality, Quality::Place(_) | Quality::Shape(_))).then_some(());
    let text = clause.verbatim().to_lowercase();
    let says =
        |word: &&str| text.split(|c: char| !(c.is_alphanumeric() || c == '\'')).any(|said| said == *word);
    let chinese =
        ["别那么", "别这么", "不要那么", "太", "有点", "有些", "偏", "看不清", "听不清", "好吵", "不好看"];
    let told = words.iter().any(says) || chinese.iter().any(|word| text.contains(word));
    let acts = clause.tokens.iter().any(|token| matches!(token.mark, Mark::Do(_)));
    if dislikes(clause) {
        return true;
    }
    told && !acts && clause.quality(placed).is_some()
}

/// Finite verbs: with one of them behind its subject a clause tells rather than asks.
const FINITE: &str = "are|aren't|blinded|blocks|came|can't|covers|did|didn't|doesn't|don't|feels|filmed|got|had|has|hates|he's|hurts|i'm|i've|\
    is|isn't|it's|keeps|kills|looks|loves|made|makes|recorded|ruins|runs|said|says|seems|sounds|speak|speaks|that's|\
    there's|they're|think|thinks|took|was|wasn't|we're|we've|were|won't|works";

/// Whether an English clause is a statement: `my aunt runs a coffee bar`, but not `the title in red`.
pub(super) fn tells(clause: &Clause<'_>) -> bool {
    let text = clause.verbatim().to_lowercase();
    let mut words =
        text.split(|c: char| !(c.is_alphanumeric() || "'’".contains(c))).filter(|word| !word.is_empty());
    let opening = words.next().unwrap_or_default();
    let wishes = WISHES.split(GAP).any(|wish| spoken(&text, wish));
    let finite = one_of(FINITE, opening) || words.take(5).any(|word| one_of(FINITE, word));
    one_of(TELLS, opening) && !wishes && finite
}

/// Whether a clause gives a value that people only name when they want it.
fn gives_value(clause: &Clause<'_>) -> bool {
    clause.tokens.iter().any(|token| {
        let value = matches!(
            token.mark,
            Mark::Quote(_) | Mark::Color(_) | Mark::File(_) | Mark::Percent(_) | Mark::Time(_)
        );
        let shape =
            matches!(token.mark, Mark::Quality(Quality::Place(_) | Quality::Shape(_) | Quality::Side(_)));
        value
            || shape
            || matches!(
                token.mark,
                Mark::Factor(_) | Mark::Long(_) | Mark::Noun(Noun::Brand | Noun::SubtitleFile)
            )
    })
}

/// Whether what a clause seems to ask for is only part of a story that it tells.
pub(super) fn storied(clause: &Clause<'_>) -> bool {
    tells(clause) && !complains(clause) && !gives_value(clause)
}

/// Whether a clause that no rule reads asks for something all the same, rather than telling.
pub(super) fn commands(clause: &Clause<'_>) -> bool {
    if cannot(clause) {
        return true;
    }
    let Some(first) = clause.tokens.first() else { return false };
    let words: Vec<String> = clause.tokens.iter().map(|token| clause.word(token)).collect();
    if !clause.request[first.from..].starts_with(|c: char| c.is_ascii()) {
        return commands_in_chinese(clause, &words);
    }
    let text = clause.verbatim().to_lowercase();
    let opening = text.split(|c: char| !(c.is_alphanumeric() || "'’".contains(c))).next().unwrap_or_default();
    let wishes = WISHES.split(GAP).any(|wish| format!(" {text} ").contains(&format!(" {wish} ")));
    if one_of(TELLS, opening) && !wishes {
        return false;
    }
    let silent = |mark: &Mark| matches!(mark, Mark::Fill | Mark::Join | Mark::Comma | Mark::Set | Mark::Stay);
    let opens = clause.tokens.iter().find(|token| !silent(&token.mark)).map(|token| &token.mark);
    let should = clause
        .tokens
        .iter()
        .any(|t| t.mark == Mark::Do(Verb::Change) && one_of("must|ought to|should", &clause.word(t)));
    let acts =
        matches!(opens, Some(Mark::Do(verb)) if *verb != Verb::Keep && !(should && *verb == Verb::Change));
    // `don't overdo it` asks for nothing by itself.
    let negated = matches!(opens, Some(Mark::Do(Verb::Remove))) && !names_thing(clause);
    let plain = ["no", "not", "don't", "do", "dont", "nothing", "never"].contains(&opening);
    acts && has_object(clause) && !(negated && plain) || opens_unknown(clause)
}

/// `加一只狗`, `给人物磨皮`; `太花哨了` tells.
fn commands_in_chinese(clause: &Clause<'_>, words: &[String]) -> bool {
    let text = clause.verbatim();
    let tells = ["太", "有点", "不好", "觉得", "感觉", "很", "不是", "好像", "不错", "挺", "怪"];
    if tells.iter().any(|word| text.contains(word)) {
        return false;
    }
    let asks = ["把", "将", "给", "让", "帮", "帮我", "请", "能不能"]
        .iter()
        .any(|word| words.iter().any(|w| w == word));
    // 标题换个地儿 says nothing yet.
    if clause.own_verb() == Some(Verb::Swap) && !clause.has(&Mark::Other) {
        return false;
    }
    let acts = clause.own_verb().is_some_and(|verb| verb != Verb::Keep);
    // 别死板板的
    if text.starts_with(['别', '不']) && !names_thing(clause) {
        return false;
    }
    (acts || asks) && has_object(clause)
}

/// Whether a thing of editing is named.
fn names_thing(clause: &Clause<'_>) -> bool {
    clause.tokens.iter().any(|token| matches!(token.mark, Mark::Noun(_) | Mark::File(_) | Mark::Quote(_)))
}

/// Whether anything is named that something could be done to.
fn has_object(clause: &Clause<'_>) -> bool {
    clause.tokens.iter().any(|token| {
        let names = matches!(token.mark, Mark::Other | Mark::File(_) | Mark::Quote(_));
        names || matches!(token.mark, Mark::Noun(noun) if noun != Noun::Video)
    })
}
