//! The words of a text that stands without quotes: `add the title Morning Brew at the top`.
//!
//! They begin behind the noun and what leads on from it (`that says`, `写着`), and end where
//! nothing but looks, times and politeness follows.

use crate::studio::agent::clause::Clause;
use crate::studio::agent::lex::{Mark, Token};
use crate::studio::agent::phrases::{Cue, Noun, Quality, Time, Verb};

/// The words of a text that stands without quotes, if the clause gives any.
pub(super) fn unquoted(clause: &Clause<'_>) -> Option<String> {
    told(clause).map(|told| told.words)
}

/// The words of a text, and where they stand.
pub(super) struct Told {
    /// As they were written.
    pub(super) words: String,
    /// The tokens that they take up.
    pub(super) tokens: Vec<Token>,
    /// They are written like a name, or something says that words follow.
    pub(super) named: bool,
}

/// The words of a text that stands without quotes, and the tokens that they take up.
pub(super) fn told(clause: &Clause<'_>) -> Option<Told> {
    let noun = noun(clause)?;
    // `translate the title to French`: what is to be done is not known.
    let opens = clause.tokens.iter().find(|t| !matches!(t.mark, Mark::Fill | Mark::Join | Mark::Comma));
    let unknown = clause.verb().is_none() && noun > 0 && opens.is_some_and(|t| t.mark == Mark::Other);
    if unknown {
        return None;
    }
    let next = clause.tokens.get(noun + 1).map(|next| &next.mark);
    let colon = clause.at(&Mark::Colon).filter(|at| *at > noun);
    if colon.is_none() && matches!(next, Some(Mark::Join | Mark::Noun(Noun::Color))) {
        return None;
    }
    let (from, said) = match colon {
        Some(colon) => (colon + 1, true),
        None => led(clause, noun + 1)?,
    };
    // A name strip has a name and a role: `Ana Ruiz, Baker`.
    let strip = clause.tokens[noun].mark == Mark::Noun(Noun::LowerThird);
    let ends = match colon {
        Some(_) => Ends::Colon,
        None if said || strip => Ends::Look,
        None => Ends::Comma,
    };
    let first = clause.tokens.get(from)?;
    // `the title blocks her face` tells of it.
    let pointed = clause.tokens[..noun].iter().any(|token| token.mark == Mark::Stay);
    let lower = clause.request[first.from..].starts_with(|c: char| c.is_ascii_lowercase());
    if pointed && lower && !said && colon.is_none() && clause.verb().is_none() {
        return None;
    }
    let tells = [
        "看", "不", "太", "没", "很", "挺", "显得", "感觉", "觉得", "怎么", "别", "有点", "挡", "遮", "盖住",
        "压着", "糊",
    ];
    let told = !said && tells.iter().any(|word| clause.request[first.from..].starts_with(word));
    if first.mark == Mark::Comma || told {
        return None;
    }
    let words = shown(clause, clause.tokens.get(from..)?, ends)?;
    let (first, last) = (words.first()?, words.last()?);
    let rest = &clause.request[last.to..];
    let marks = rest.len() - rest.trim_start_matches(['?', '!', '？', '！']).len();
    // `caption Still hungry? from halfway on`
    let inside = marks > 0 && words.len() < clause.tokens.len() - from;
    let text = clause.request[first.from..last.to + if inside { marks } else { 0 }].trim();
    // Words that the table knows are a text when they are written like a name.
    let opens = clause.request[..first.from].trim_end().ends_with(['.', '!', '?', '\n']);
    let named = said || text.starts_with(|c: char| c.is_ascii_uppercase()) && first.from > 0 && !opens;
    if opens && !said || matches!(first.mark, Mark::Do(Verb::Move | Verb::Remove)) && !named {
        return None;
    }
    let told = named || words.iter().any(|token| token.mark == Mark::Other);
    let dressed = words.iter().all(|token| is_look(token) || matches!(token.mark, Mark::Fill | Mark::Comma))
        && words.iter().any(is_look);
    (told && (!dressed || named && colon.is_none())).then(|| Told {
        words: text.to_owned(),
        tokens: words.to_vec(),
        named,
    })
}

/// `put Closing Soon at the top`: words written like a name, without a noun.
pub(super) fn named(clause: &Clause<'_>) -> Option<Told> {
    let verb = clause.tokens.iter().position(|token| clause.cues(token, Cue::Writing))?;
    let rest = clause.tokens.get(verb + 1..)?;
    let nouns = clause
        .tokens
        .iter()
        .any(|token| matches!(token.mark, Mark::Noun(_) | Mark::File(_) | Mark::Quote(_)));
    let words = shown(clause, rest, Ends::Comma).filter(|words| !nouns && words.len() < rest.len())?;
    let (first, last) = (words.first()?, words.last()?);
    let text = &clause.request[first.from..last.to];
    let name = text.split_whitespace().next()?.starts_with(|c: char| c.is_ascii_uppercase());
    let chinese = first.mark == Mark::Other
        && !text.is_ascii()
        && clause.word(&clause.tokens[verb]).starts_with(['写', '打']);
    (name || chinese).then(|| Told { words: text.to_owned(), tokens: words.to_vec(), named: true })
}

/// `a SALE title`, `a Grand Opening headline`: words that are written like a name before the noun.
pub(super) fn before_noun(clause: &Clause<'_>) -> Option<String> {
    let text = |mark: &Mark| {
        matches!(
            mark,
            Mark::Noun(Noun::Title | Noun::Caption | Noun::Text | Noun::CallToAction | Noun::LowerThird)
        )
    };
    let noun = clause.tokens.iter().position(|token| text(&token.mark))?;
    let capital = |token: &&Token| clause.request[token.from..].starts_with(|c: char| c.is_ascii_uppercase());
    let run = clause.tokens[..noun].iter().rev().take_while(capital).count();
    let words = &clause.tokens[noun - run..noun];
    // `show Enrol today as a call to action`
    let as_noun = clause.tokens[..noun].iter().rposition(|token| clause.word(token) == "as");
    let shows = clause.tokens.iter().position(|token| matches!(token.mark, Mark::Do(Verb::Add | Verb::Make)));
    if let (Some(link), Some(verb)) = (as_noun, shows)
        && verb + 1 < link
        && noun - link <= 3
    {
        let words = &clause.tokens[verb + 1..link];
        let (first, last) = (words.first()?, words.last()?);
        let text = &clause.request[first.from..last.to];
        let name = text.starts_with(|c: char| c.is_ascii_uppercase());
        return (name && words.iter().any(|token| token.mark == Mark::Other)).then(|| text.to_owned());
    }
    let unknown = words.iter().any(|token| token.mark == Mark::Other);
    let (first, last) = (words.first()?, words.last()?);
    let adds = matches!(clause.verb(), Some(Verb::Add | Verb::Make));
    (adds && unknown && first.from > clause.tokens[0].from)
        .then(|| clause.request[first.from..last.to].to_owned())
}

/// Where the words of a text end.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Ends {
    /// Where its looks begin; nothing behind a colon is politeness.
    Colon,
    /// Where its looks begin, or politeness.
    Look,
    /// Where a comma stands, too.
    Comma,
}

/// Place of the noun whose words are looked for: one with a style before plain `text`.
fn noun(clause: &Clause<'_>) -> Option<usize> {
    let styled = |token: &Token| {
        let text = matches!(
            token.mark,
            Mark::Noun(Noun::Title | Noun::Caption | Noun::LowerThird | Noun::CallToAction)
        );
        text || matches!(token.mark, Mark::Noun(Noun::EndCard | Noun::Voice))
    };
    let plain = |token: &Token| token.mark == Mark::Noun(Noun::Text);
    clause.tokens.iter().rposition(styled).or_else(|| clause.tokens.iter().rposition(plain))
}

/// Where the words begin behind what leads to them, and whether that says that words follow.
fn led(clause: &Clause<'_>, from: usize) -> Option<(usize, bool)> {
    // `text in the centre saying See you there`
    let says_at = |at: &usize| clause.cues(&clause.tokens[*at], Cue::Saying);
    let looks = |token: &Token| is_look(token) || matches!(token.mark, Mark::Fill | Mark::Stay | Mark::Set);
    let saying = (from..clause.tokens.len()).find(says_at);
    if let Some(at) = saying.filter(|at| *at > from && clause.tokens[from..*at].iter().all(looks)) {
        return Some((at + 1, true));
    }
    let next = clause.tokens.get(from).map(|token| clause.word(token)).unwrap_or_default();
    if Cue::Telling.is(&next) && !says(clause, from + 1) {
        return None;
    }
    let mut said = false;
    let leads = |token: &Token| {
        let written = clause.request[token.from..].starts_with(|c: char| c.is_ascii_uppercase());
        let verb = matches!(token.mark, Mark::Do(Verb::Add | Verb::Change | Verb::Make));
        let silent = matches!(
            token.mark,
            Mark::Fill | Mark::Until | Mark::Stay | Mark::Noun(Noun::Text) | Mark::Topic
        );
        // `a name strap for Tom Ruiz`
        let names = token.mark == Mark::When(Time::For)
            && clause.request[token.to..].trim_start().starts_with(|c: char| c.is_ascii_uppercase());
        !written && (verb || silent || names)
    };
    let mut at = from;
    while let Some(token) = clause.tokens.get(at).filter(|token| leads(token)) {
        said |= clause.cues(token, Cue::Saying);
        at += 1;
        if said && !clause.tokens.get(at).is_some_and(|next| clause.cues(next, Cue::Saying)) {
            break;
        }
    }
    Some((at, said))
}

/// Whether a word that says that words follow stands there.
fn says(clause: &Clause<'_>, at: usize) -> bool {
    clause.tokens.get(at).is_some_and(|token| clause.cues(token, Cue::Saying))
}

/// The words to be shown at the head of some tokens, without what is said of their looks.
fn shown<'a>(clause: &Clause<'_>, tokens: &'a [Token], ends: Ends) -> Option<&'a [Token]> {
    let mut end = tokens.len();
    let written = |token: &Token| clause.request[token.from..].starts_with(|c: char| c.is_ascii_uppercase());
    if ends == Ends::Comma {
        // `title Summer Sale, something bold`: a name goes on in capitals.
        let parts = |at: &usize| tokens[*at].mark == Mark::Comma && !tokens.get(at + 1).is_some_and(&written);
        end = (1..end).find(parts).unwrap_or(end);
    }
    // `the title should say Night Ride, not Hello`
    let denies = |at: &usize| {
        tokens[*at].mark == Mark::Comma
            && tokens.get(at + 1).is_some_and(|next| ["not", "不是"].contains(&clause.word(next).as_str()))
    };
    end = (1..end).find(denies).unwrap_or(end);
    let polite = |token: &Token| ends != Ends::Colon && clause.cues(token, Cue::Polite);
    let trails = |token: &Token| polite(token) || token.mark == Mark::Comma;
    loop {
        while end > 0 && trails(&tokens[end - 1]) {
            end -= 1;
        }
        let head = &tokens[..end];
        let Some(from) = (0..end).find(|at| dresses(clause, head, *at)) else { break };
        end = from;
    }
    (end > 0).then(|| &tokens[..end])
}

/// Whether nothing but looks and times follows from a place on, and they begin there.
fn dresses(clause: &Clause<'_>, tokens: &[Token], from: usize) -> bool {
    let written = |token: &Token| clause.request[token.from..].starts_with(|c: char| c.is_ascii_uppercase());
    let joins = |token: &Token| {
        let word = matches!(
            token.mark,
            Mark::Fill | Mark::Set | Mark::Stay | Mark::Comma | Mark::Join | Mark::Until
        );
        let verb =
            matches!(token.mark, Mark::Do(Verb::Add | Verb::Make | Verb::Change | Verb::Move | Verb::Keep));
        word || verb
            || matches!(
                token.mark,
                Mark::From | Mark::Number(_) | Mark::Noun(Noun::Color | Noun::Video | Noun::Text)
            )
    };
    let value = |token: &Token| is_look(token) || is_time(token);
    let rest = &tokens[from..];
    if !rest.iter().all(|token| (value(token) || joins(token)) && !written(token)) {
        return false;
    }
    let article = |token: &&Token| matches!(token.mark, Mark::Set | Mark::Stay) || clause.word(token) == "的";
    let leads = |token: &Token| token.mark != Mark::Fill || clause.cues(token, Cue::Leading);
    let opens = |tokens: &[Token]| {
        let skipped = tokens
            .iter()
            .take_while(|token| article(token) || token.mark == Mark::Fill && leads(token))
            .count();
        tokens.get(skipped).is_some_and(|token| value(token) || token.mark == Mark::From)
    };
    let counts = matches!(rest[0].mark, Mark::Number(_));
    !counts && opens(rest)
        || !counts && joins(&rest[0]) && leads(&rest[0]) && opens(&rest[1..])
        || rest[0].mark == Mark::Comma
}

fn is_look(token: &Token) -> bool {
    let quality =
        matches!(token.mark, Mark::Quality(Quality::Place(_) | Quality::Size(_) | Quality::Effect(_)));
    quality
        || matches!(token.mark, Mark::Color(_) | Mark::Noun(Noun::FadeIn | Noun::FadeOut | Noun::FadeBoth))
}

fn is_time(token: &Token) -> bool {
    matches!(token.mark, Mark::When(_) | Mark::Time(_) | Mark::AfterText(_) | Mark::Stretch(..))
}
