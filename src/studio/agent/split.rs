//! Splits a sentence into wishes: where a comma or an `and` joins two that are whole.

use crate::model::media::{self, Kind};
use crate::studio::agent::clause::Clause;
use crate::studio::agent::lex::{Mark, Token};
use crate::studio::agent::phrases::{Noun, Quality, Time, Verb};

/// Splits a sentence into wishes, where a comma or an `and` joins two that are whole.
pub(super) fn clauses<'a>(request: &'a str, sentence: &'a [Token]) -> Vec<Clause<'a>> {
    let parts = |at: &usize| matches!(sentence[*at].mark, Mark::Join | Mark::Comma | Mark::Without);
    let joints: Vec<usize> = (0..sentence.len()).filter(parts).collect();
    let mut found: Vec<Clause<'a>> = Vec::new();
    let mut from = 0;
    let mut inherited = None;
    for (n, at) in joints.iter().enumerate() {
        let next = joints.get(n + 1).copied().unwrap_or(sentence.len());
        let (left, right) = (&sentence[from..*at], &sentence[at + 1..next]);
        let without = sentence[*at].mark == Mark::Without;
        let apart = without
            || !of_files(left, right) && !sources(left, right) && !pair(left, right) && !worded(left, right);
        let apart = apart && !where_to(request, left, right);
        let opens = begins(right) && !each_joint(left, right) || spans(left, right);
        if (whole(left) || without && left.is_empty()) && opens && apart {
            found.push(Clause { request, tokens: left, inherited });
            inherited = without.then_some(Verb::Remove);
            from = at + 1;
        }
    }
    found.push(Clause { request, tokens: &sentence[from..], inherited });
    for clause in &mut found {
        clause.tokens = trimmed(clause.tokens);
    }
    found.retain(|clause| !clause.tokens.is_empty());
    for at in 1..found.len() {
        let before = found[at - 1].verb();
        let plain = !found[at].has_percent() && found[at].mood().is_none() && !found[at].has(&Mark::Each);
        let muted = before == Some(Verb::Mute) && plain && found[at].names(Noun::Music);
        let timed = muted || matches!(before, Some(Verb::Cut | Verb::Trim)) && found[at].is_time();
        if found[at].own_verb().is_none() && (before == Some(Verb::Remove) && plain || timed) {
            found[at].inherited = before;
        }
    }
    found
}

/// A stretch without the commas around it.
fn trimmed(mut tokens: &[Token]) -> &[Token] {
    while let [Token { mark: Mark::Comma, .. }, rest @ ..] | [rest @ .., Token { mark: Mark::Comma, .. }] =
        tokens
    {
        tokens = rest;
    }
    tokens
}

/// `make a video with the city clip`: what the video is made of.
fn of_files(left: &[Token], right: &[Token]) -> bool {
    let makes = left.iter().any(|token| matches!(token.mark, Mark::Do(Verb::Make | Verb::Generate)));
    let video = left.iter().rev().find(|token| matches!(token.mark, Mark::Noun(_)));
    let fills = |mark: &Mark| {
        matches!(mark, Mark::Fill | Mark::Stay | Mark::Set | Mark::Ordinal(_) | Mark::Number(_))
    };
    let opens = right.iter().find(|token| !fills(&token.mark));
    let file = opens.is_some_and(|token| match &token.mark {
        Mark::File(name) => media::format_of(name).is_none_or(|format| format.kind != Kind::Audio),
        Mark::Noun(Noun::Photo | Noun::Clip | Noun::Media) => true,
        _ => false,
    });
    let acts =
        right.iter().any(|token| matches!(token.mark, Mark::Do(_) | Mark::Noun(Noun::Motion | Noun::Logo)));
    makes && video.is_some_and(|token| token.mark == Mark::Noun(Noun::Video)) && file && !acts
}

/// `an end card with the text 'Bye'`: the words of what the left names.
fn worded(left: &[Token], right: &[Token]) -> bool {
    let holds = |token: &Token| {
        let text = matches!(
            token.mark,
            Mark::Noun(Noun::Title | Noun::Caption | Noun::LowerThird | Noun::CallToAction)
        );
        text || matches!(token.mark, Mark::Noun(Noun::EndCard | Noun::Voice))
    };
    let said = left.iter().any(|token| matches!(token.mark, Mark::Quote(_) | Mark::Other | Mark::Colon));
    let opens = right.iter().find(|token| !matches!(token.mark, Mark::Fill | Mark::Set | Mark::Stay));
    let words = opens.is_some_and(|token| token.mark == Mark::Noun(Noun::Text));
    let acts = right.iter().any(|token| matches!(token.mark, Mark::Do(_)));
    left.iter().any(holds)
        && !said
        && words
        && !acts
        && right.iter().any(|t| matches!(t.mark, Mark::Quote(_)))
}

/// `dissolve between the photos, half a second each`: the time is that of the joints.
fn each_joint(left: &[Token], right: &[Token]) -> bool {
    let joint =
        |token: &Token| matches!(token.mark, Mark::Quality(Quality::Blend(_)) | Mark::Noun(Noun::Joint));
    let named =
        right.iter().any(|token| matches!(token.mark, Mark::Noun(_) | Mark::Do(_) | Mark::Quality(_)));
    left.iter().any(joint) && !named && right.iter().any(|token| token.mark == Mark::Each)
}

/// A stretch of time that is a wish of its own: `cut the first 2 and the last 3 seconds`, `vertical,
/// 15 seconds`. Behind a text or a fade it says when those are.
fn spans(left: &[Token], right: &[Token]) -> bool {
    let clause = |tokens| Clause { request: "", tokens, inherited: None };
    let takes = left.iter().any(|t| matches!(t.mark, Mark::Do(Verb::Remove | Verb::Cut | Verb::Trim)));
    let timed = left.iter().any(|token| matches!(token.mark, Mark::Time(_)));
    let between =
        left.iter().any(|token| token.mark == Mark::From) && !left.iter().any(|t| t.mark == Mark::Until);
    let free = left.iter().any(|token| {
        matches!(
            token.mark,
            Mark::Quality(Quality::Shape(_) | Quality::Look(_) | Quality::NoMusic)
                | Mark::Noun(Noun::Music | Noun::Logo)
                | Mark::Do(Verb::Mute | Verb::Generate)
        )
    });
    let laid = left.iter().any(|token| {
        matches!(
            token.mark,
            Mark::Quote(_)
                | Mark::Noun(
                    Noun::FadeIn | Noun::FadeOut | Noun::FadeBoth | Noun::Title | Noun::Caption | Noun::Text
                )
        )
    });
    clause(right).is_time() && !laid && (takes && timed && !between || free && !timed)
}

/// `for the first 3 seconds, make it black and white`: where the right is to be.
fn where_to(request: &str, left: &[Token], right: &[Token]) -> bool {
    let opens = left.first().is_some_and(|token| {
        let word = request[token.from..token.to].to_lowercase();
        matches!(token.mark, Mark::When(Time::For) | Mark::From)
            || ["in", "over", "在"].contains(&word.as_str())
    });
    let treats = right.iter().any(|token| {
        let looks = matches!(
            token.mark,
            Mark::Quality(Quality::Look(_) | Quality::Faster | Quality::Slower) | Mark::Factor(_)
        );
        looks || matches!(token.mark, Mark::Do(Verb::Mute) | Mark::Noun(Noun::Plain | Noun::Speed))
    });
    opens && treats && Clause { request, tokens: left, inherited: None }.is_time()
}

/// `swap photo 1 and photo 3`: two shots of one wish.
fn pair(left: &[Token], right: &[Token]) -> bool {
    let does = |tokens: &[Token], fits: fn(&Verb) -> bool| {
        tokens.iter().any(|token| matches!(&token.mark, Mark::Do(verb) if fits(verb)))
    };
    let shots = |token: &Token| match token.mark {
        Mark::Noun(noun) => matches!(noun, Noun::Photo | Noun::Clip | Noun::Shot | Noun::Video),
        Mark::Quality(_) | Mark::Quote(_) => false,
        _ => true,
    };
    if !left.iter().chain(right).all(shots) {
        return false;
    }
    does(left, |verb| *verb == Verb::Swap) && !does(right, |verb| *verb != Verb::Swap)
        || !does(left, |_| true) && does(right, |verb| *verb == Verb::Swap)
}

/// Whether a stretch can stand alone on the left of an `and`.
fn whole(tokens: &[Token]) -> bool {
    let alone = [Verb::Undo, Verb::StartOver, Verb::Reverse, Verb::Mute, Verb::Export];
    tokens.iter().any(|token| match &token.mark {
        Mark::Do(verb) => alone.contains(verb),
        Mark::Noun(noun) => *noun != Noun::Speech,
        Mark::Quote(_) | Mark::Time(_) | Mark::Percent(_) | Mark::File(_) | Mark::Stretch(..) => true,
        Mark::Status | Mark::Factor(_) | Mark::Long(_) => true,
        Mark::Quality(quality) => {
            strong(quality) || matches!(quality, Quality::Mood(_) | Quality::Size(_) | Quality::Place(_))
        }
        Mark::Color(_) => true,
        _ => false,
    })
}

/// Whether a stretch opens a wish of its own, rather than adding to the one before.
fn begins(tokens: &[Token]) -> bool {
    tokens.iter().any(|token| match &token.mark {
        Mark::Do(_) => true,
        Mark::Noun(noun) => !matches!(noun, Noun::Color | Noun::Speech),
        Mark::Status | Mark::Each => true,
        Mark::Quality(quality) => strong(quality),
        _ => false,
    })
}

fn strong(quality: &Quality) -> bool {
    use Quality as Q;
    matches!(
        quality,
        Q::Blend(_)
            | Q::Look(_)
            | Q::Fill(_)
            | Q::Shape(_)
            | Q::Side(_)
            | Q::Louder
            | Q::Quieter
            | Q::Faster
            | Q::Slower
    ) || matches!(quality, Q::NoMusic | Q::Silent)
}

/// `photos and clips`: two sources of one video.
fn sources(left: &[Token], right: &[Token]) -> bool {
    let source = |token: &Token| {
        let noun = matches!(
            token.mark,
            Mark::Noun(Noun::Photo | Noun::Clip | Noun::Shot | Noun::Media | Noun::Script)
        );
        noun || matches!(token.mark, Mark::File(_))
    };
    let heads = |token: &&Token| match &token.mark {
        Mark::Noun(_) | Mark::Do(_) | Mark::Each | Mark::Time(_) | Mark::File(_) => true,
        Mark::Quality(quality) => strong(quality),
        _ => false,
    };
    // `照片和视频`
    let video = |token: &Token| token.mark == Mark::Noun(Noun::Video);
    let plain = !left.iter().any(|token| matches!(token.mark, Mark::Do(_) | Mark::Quote(_)));
    if plain
        && left.iter().rev().find(heads).is_some_and(source)
        && right.iter().find(heads).is_some_and(video)
    {
        return true;
    }
    left.iter().rev().find(heads).is_some_and(source) && right.iter().find(heads).is_some_and(source)
}
