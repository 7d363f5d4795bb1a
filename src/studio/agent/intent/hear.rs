//! What of a request is a wish and what is talk: an unknown word is named when it is what a wish
//! is about, and passed over when it only stands beside one.

use crate::model::edit::{Edit, TextRef};
use crate::studio::agent::clause::Clause;
use crate::studio::agent::lex::{Mark, Token};
use crate::studio::agent::phrases::{Cue, Noun, Quality, Time, Verb};

/// Whether words name what cannot be done.
pub(crate) fn impossible(words: &str) -> bool {
    Cue::Cannot.heard(words)
}

/// Whether a clause asks to send the video somewhere.
pub(super) fn shares(clause: &Clause<'_>) -> bool {
    clause.quotes().is_empty() && clause.hears(Cue::Sharing)
}

/// The words of a clause that cannot be obeyed, whatever else it says.
pub(super) fn cannot(clause: &Clause<'_>) -> bool {
    shares(clause)
        || clause.quotes().is_empty() && unknown(clause).any(|token| Cue::Cannot.heard(&clause.word(token)))
}

/// Unknown words beside an edit that deserve to be named.
pub(super) fn details<'a>(clause: &'a Clause<'_>) -> impl Iterator<Item = &'a str> {
    let words = unknown(clause).map(|token| &clause.request[token.from..token.to]);
    words.filter(|words| Cue::Detail.heard(words) || Cue::Cannot.heard(words))
}

fn unknown<'a>(clause: &'a Clause<'_>) -> impl Iterator<Item = &'a Token> {
    clause.tokens.iter().filter(|token| token.mark == Mark::Other)
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
            Mark::Fill if clause.cues(token, Cue::Ending) => return met,
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
    let takes = |token: &Token| clause.cues(token, Cue::Handing);
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
    // `heads are cut off everywhere` tells.
    let tells = clause.tokens.get(at + 1).is_some_and(|next| clause.cues(next, Cue::Finite));
    first.mark == Mark::Other
        && one
        && !tells
        && matches!(next, Some(Mark::Stay | Mark::Set | Mark::Fill | Mark::Noun(_)))
}

/// `I hate it`, 不喜欢这个: what is disliked may be changed rather than taken away.
pub(super) fn dislikes(clause: &Clause<'_>) -> bool {
    clause.hears(Cue::Dislike)
}

/// `don't cover the photos`, 别戛然而止: what should not be is not known, so nothing is taken away.
pub(super) fn forbids(clause: &Clause<'_>) -> bool {
    clause.tokens.windows(2).any(|pair| {
        let negative = clause.cues(&pair[0], Cue::Forbidding);
        negative && pair[0].mark == Mark::Do(Verb::Remove) && pair[1].mark == Mark::Other
    })
}

/// Whether a clause complains rather than asks: `it goes by too quickly`.
pub(super) fn complains(clause: &Clause<'_>) -> bool {
    let placed = |quality: Quality| (!matches!(quality, Quality::Place(_) | Quality::Shape(_))).then_some(());
    let acts = clause.tokens.iter().any(|token| matches!(token.mark, Mark::Do(_)));
    if dislikes(clause) {
        return true;
    }
    !acts && clause.hears(Cue::Complaint) && clause.quality(placed).is_some()
}

/// Whether an English clause is a statement: `my aunt runs a coffee bar`, but not `the title in red`.
pub(super) fn tells(clause: &Clause<'_>) -> bool {
    let text = clause.verbatim().to_lowercase();
    let mut words =
        text.split(|c: char| !(c.is_alphanumeric() || "'’".contains(c))).filter(|word| !word.is_empty());
    let opening = words.next().unwrap_or_default();
    let finite = Cue::Finite.is(opening) || words.take(5).any(|word| Cue::Finite.is(word));
    Cue::Stating.is(opening) && finite && !clause.hears(Cue::Wishing)
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
    if !clause.request[first.from..].starts_with(|c: char| c.is_ascii()) {
        return commands_in_chinese(clause);
    }
    let text = clause.verbatim().to_lowercase();
    let opening = text.split(|c: char| !(c.is_alphanumeric() || "'’".contains(c))).next().unwrap_or_default();
    if Cue::Stating.is(opening) && !clause.hears(Cue::Wishing) {
        return false;
    }
    let silent = |mark: &Mark| matches!(mark, Mark::Fill | Mark::Join | Mark::Comma | Mark::Set | Mark::Stay);
    let opens = clause.tokens.iter().find(|token| !silent(&token.mark)).map(|token| &token.mark);
    let should =
        clause.tokens.iter().any(|t| t.mark == Mark::Do(Verb::Change) && clause.cues(t, Cue::Should));
    let acts =
        matches!(opens, Some(Mark::Do(verb)) if *verb != Verb::Keep && !(should && *verb == Verb::Change));
    // `don't overdo it` asks for nothing by itself.
    let negated = matches!(opens, Some(Mark::Do(Verb::Remove))) && !names_thing(clause);
    let plain = ["no", "not", "don't", "do", "dont", "nothing", "never"].contains(&opening);
    acts && has_object(clause) && !(negated && plain) || opens_unknown(clause)
}

/// `加一只狗`, `给人物磨皮`; `太花哨了` tells.
fn commands_in_chinese(clause: &Clause<'_>) -> bool {
    if clause.hears(Cue::Judging) {
        return false;
    }
    let asks = clause.tokens.iter().any(|token| clause.cues(token, Cue::Handing));
    // 标题换个地儿 says nothing yet.
    if clause.own_verb() == Some(Verb::Swap) && !clause.has(&Mark::Other) {
        return false;
    }
    let acts = clause.own_verb().is_some_and(|verb| verb != Verb::Keep);
    // 别死板板的
    if clause.verbatim().starts_with(['别', '不']) && !names_thing(clause) {
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
