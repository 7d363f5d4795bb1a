//! Words that mean something only beside others: `turn … down`, `photo one`, `the fifth one`.

use crate::model::time::Millis;
use crate::studio::agent::lex::{Mark, Token};
use crate::studio::agent::phrases::{Cue, Noun, Quality, Time, Verb};

/// What a word means by the words around it.
pub(super) fn mark(text: &str, tokens: &[Token], at: usize) -> Option<Mark> {
    particle(text, tokens, at).or_else(|| word_beside(text, tokens, at))
}

/// `turn the music down`, `take the filter off`: a verb in two parts.
fn particle(text: &str, tokens: &[Token], at: usize) -> Option<Mark> {
    let word = |token: &Token| text[token.from..token.to].to_lowercase();
    let parts = |mark: &Mark| matches!(mark, Mark::Stop | Mark::Comma | Mark::Join);
    let before: Vec<&Token> = tokens[..at].iter().rev().take_while(|t| !parts(&t.mark)).take(8).collect();
    let opened = |cue: Cue| before.iter().any(|token| cue.is(&word(token)));
    let heard = before.iter().any(|token| {
        matches!(
            token.mark,
            Mark::Noun(
                Noun::Music | Noun::OwnMusic | Noun::Sound | Noun::Volume | Noun::Speech | Noun::Voice
            )
        )
    });
    let verbs =
        before.iter().any(|token| matches!(token.mark, Mark::Do(_) | Mark::Time(_) | Mark::Percent(_)));
    let after_sound = at > 0
        && matches!(
            tokens[at - 1].mark,
            Mark::Noun(Noun::Music | Noun::OwnMusic | Noun::Sound | Noun::Volume)
        );
    match word(&tokens[at]).as_str() {
        // `music up a bit`
        "up" if after_sound => Some(Mark::Quality(Quality::Louder)),
        "down" if after_sound => Some(Mark::Quality(Quality::Quieter)),
        // `for four seconds, no more`
        "no more" | "no longer" if ends(tokens, at) && at > 0 && tokens[at - 1].mark == Mark::Comma => {
            Some(Mark::Fill)
        }
        // `it turned out too dark`
        "out" if at > 0 && Cue::ComingOut.is(&word(&tokens[at - 1])) && told(text, tokens, at + 1) => {
            Some(Mark::Fill)
        }
        "off" | "away" | "out" | "out of" if opened(Cue::Off) => Some(Mark::Do(Verb::Remove)),
        "down" if heard && opened(Cue::Down) => Some(Mark::Quality(Quality::Quieter)),
        "up" if heard && opened(Cue::Up) => Some(Mark::Quality(Quality::Louder)),
        "together" if opened(Cue::Together) => Some(Mark::Do(Verb::Generate)),
        "in" if heard && opened(Cue::Easing) => Some(Mark::Noun(Noun::FadeIn)),
        "out" if heard && opened(Cue::Easing) => Some(Mark::Noun(Noun::FadeOut)),
        // `music off`
        "off"
            if ends(tokens, at)
                && before.iter().any(|token| matches!(token.mark, Mark::Noun(_)))
                && !verbs =>
        {
            Some(Mark::Do(Verb::Remove))
        }
        // `the photo is gone too quickly`
        "gone" if matches!(tokens.get(at + 1).map(|t| &t.mark), Some(Mark::Quality(Quality::Slower))) => {
            Some(Mark::Fill)
        }
        "take" | "takes" if tokens[at].mark == Mark::Other => Some(Mark::Fill),
        _ => None,
    }
}

/// Whether a quality, or how much of one, stands there.
fn told(text: &str, tokens: &[Token], at: usize) -> bool {
    tokens
        .get(at)
        .is_some_and(|next| matches!(next.mark, Mark::Quality(_)) || Cue::Very.is(&text[next.from..next.to]))
}

/// Words that mean something only beside others: `photo one`, `the fifth one`, `keep them still`.
fn word_beside(text: &str, tokens: &[Token], at: usize) -> Option<Mark> {
    let word = |token: &Token| text[token.from..token.to].to_lowercase();
    let before = at.checked_sub(1).and_then(|at| tokens.get(at));
    let next = tokens.get(at + 1).map(|next| &next.mark);
    let shot = |mark: &Mark| matches!(mark, Mark::Noun(Noun::Photo | Noun::Clip | Noun::Shot));
    let closes = next.is_none_or(|next| matches!(next, Mark::Fill | Mark::Comma | Mark::Stop | Mark::Join));
    if let Mark::Number(count) = tokens[at].mark {
        return seconds(text, tokens, at, count);
    }
    match word(&tokens[at]).as_str() {
        "one" if before.is_some_and(|before| shot(&before.mark)) => Some(Mark::Number(1.0)),
        // `the first two seconds and the last one`
        "one"
            if matches!(before, Some(Token { mark: Mark::When(Time::First | Time::Last), .. }))
                && only_time(&tokens[..at]) =>
        {
            Some(Mark::Time(Millis(1000)))
        }
        "one" | "ones" | "个" => {
            let counts =
                |mark: &Mark| matches!(mark, Mark::Ordinal(_) | Mark::When(Time::Last | Time::First));
            before.is_some_and(|before| counts(&before.mark)).then_some(Mark::Noun(Noun::Shot))
        }
        // `should come second`
        _ if closes && comes(text, tokens, at) && ordinal(&word(&tokens[at])).is_some() => {
            ordinal(&word(&tokens[at])).map(Mark::Ordinal)
        }
        // `throw out the second`, `before the second`
        word if closes
            && before.is_some_and(|before| before.mark == Mark::Stay)
            && tokens[..at - 1].last().is_some_and(|token| places(&token.mark))
            && ordinal(word).is_some() =>
        {
            ordinal(word).map(Mark::Ordinal)
        }
        // `put the last sentence first`
        "sentence" | "sentences" | "句" | "句话" => {
            let counts =
                |mark: &Mark| matches!(mark, Mark::Ordinal(_) | Mark::When(Time::Last | Time::First));
            before.is_some_and(|before| counts(&before.mark)).then_some(Mark::Noun(Noun::Shot))
        }
        // `it hides her face so move it down`
        "so" if at > 0 && acts(&tokens[at + 1..]) => Some(Mark::Join),
        // `back two steps`
        "back" if steps(text, tokens, at) => Some(Mark::Do(Verb::Undo)),
        // `4 seconds a photo`
        "a" | "an" | "per" if before.is_some_and(|before| matches!(before.mark, Mark::Time(_))) => {
            next.is_some_and(shot).then_some(Mark::Each)
        }
        // `delete the blurry one, number 4`
        "number"
            if matches!(next, Some(Mark::Number(_))) && !before.is_some_and(|before| shot(&before.mark)) =>
        {
            Some(Mark::Noun(Noun::Shot))
        }
        _ if describes(text, tokens, at) => Some(Mark::Fill),
        // 成都 is a city.
        "成" if before.is_none_or(|before| matches!(before.mark, Mark::Topic | Mark::Set | Mark::Fill)) => {
            Some(Mark::Other)
        }
        // `ocean gradient`
        "gradient" | "渐变" | "渐变色" => {
            let colors = |mark: &Mark| matches!(mark, Mark::Quality(Quality::Palette(_)) | Mark::Color(_));
            before.is_some_and(|before| colors(&before.mark)).then_some(Mark::Noun(Noun::Background))
        }
        // `keep them still`
        "still" if before.is_some() && next.is_none_or(|next| !shot(next)) && closes => {
            let told = before.is_some_and(|before| Cue::Holding.is(&word(before)));
            told.then_some(Mark::Noun(Noun::Still))
        }
        // 别那么大
        "别" | "不要" if tokens.get(at + 1).is_some_and(|next| Cue::SoMuch.is(&word(next))) => {
            Some(Mark::Fill)
        }
        // `warm it up`, `speed the whole thing up`
        "up" if before.is_some_and(|before| Cue::Appearing.is(&word(before))) => Some(Mark::Fill),
        "up" | "down" if toned(&tokens[..at]) => Some(Mark::Fill),
        _ => None,
    }
}

/// `a second off the front and two off the back`: the number counts seconds.
fn seconds(text: &str, tokens: &[Token], at: usize, count: f64) -> Option<Mark> {
    let word = |token: &Token| text[token.from..token.to].to_lowercase();
    let off = tokens.get(at + 1).is_some_and(|next| ["from", "off"].contains(&word(next).as_str()));
    let cuts = |token: &Token| matches!(token.mark, Mark::Do(Verb::Trim | Verb::Cut | Verb::Remove));
    let timed = tokens[..at].iter().any(|token| matches!(token.mark, Mark::Time(_)));
    (off && timed && tokens[..at].iter().any(cuts)).then(|| Mark::Time(Millis::from_seconds(count)))
}

/// `delete the blurry one` takes no blur away.
fn describes(text: &str, tokens: &[Token], at: usize) -> bool {
    let look = matches!(tokens[at].mark, Mark::Quality(Quality::Look(_)));
    let removes = tokens[..at].iter().any(|token| token.mark == Mark::Do(Verb::Remove));
    let shot = |token: &Token| {
        let noun = matches!(token.mark, Mark::Noun(Noun::Photo | Noun::Clip | Noun::Shot));
        noun || ["one", "ones"].contains(&&text[token.from..token.to])
    };
    look && removes && tokens.get(at + 1).is_some_and(shot)
}

/// Whether a shot may follow by its place alone.
fn places(mark: &Mark) -> bool {
    matches!(mark, Mark::Do(Verb::Remove | Verb::Duplicate) | Mark::When(Time::Before | Time::After))
}

/// Whether something is to be done next.
fn acts(rest: &[Token]) -> bool {
    let next = rest.iter().find(|token| token.mark != Mark::Fill);
    next.is_some_and(|next| matches!(next.mark, Mark::Do(_)))
}

/// Whether a time is spoken of, and no shot.
fn only_time(before: &[Token]) -> bool {
    let shots = |token: &Token| matches!(token.mark, Mark::Noun(Noun::Photo | Noun::Clip | Noun::Shot));
    before.iter().any(|token| matches!(token.mark, Mark::Time(_))) && !before.iter().any(shots)
}

/// `two steps` behind a word.
fn steps(text: &str, tokens: &[Token], at: usize) -> bool {
    let counted = tokens.get(at + 1).is_some_and(|next| matches!(next.mark, Mark::Number(_)));
    let steps = |token: &Token| Cue::Step.is(&text[token.from..token.to]);
    counted && tokens.get(at + 2).is_some_and(steps)
}

/// Whether what goes before a particle is a quality: `warm it`, `speed the whole thing`.
fn toned(before: &[Token]) -> bool {
    let parts = |token: &&Token| matches!(token.mark, Mark::Comma | Mark::Stop | Mark::Join);
    let tones = |token: &Token| {
        use Quality as Q;
        let quality = matches!(token.mark, Mark::Quality(Q::Look(_) | Q::Faster | Q::Slower | Q::Mood(_)));
        quality || token.mark == Mark::Other
    };
    before.iter().rev().take(5).take_while(|token| !parts(token)).any(tones)
}

/// The place that a word names where no noun follows it.
pub(super) fn ordinal(word: &str) -> Option<usize> {
    let places = [["second", "2nd"], ["third", "3rd"], ["fourth", "4th"], ["fifth", "5th"]];
    places.iter().position(|words| words.contains(&word)).map(|at| at + 2)
}

/// Whether a word of place may follow: `should come second`, `put it third`.
fn comes(text: &str, tokens: &[Token], at: usize) -> bool {
    let word = |token: &Token| text[token.from..token.to].to_lowercase();
    let before = &tokens[at.saturating_sub(3)..at];
    before.iter().any(|token| {
        Cue::Coming.is(&word(token)) || matches!(token.mark, Mark::Do(Verb::Move) | Mark::File(_))
    })
}

/// Whether a wish ends with a token.
fn ends(tokens: &[Token], at: usize) -> bool {
    tokens
        .get(at + 1)
        .is_none_or(|next| matches!(next.mark, Mark::Stop | Mark::Comma | Mark::Join | Mark::Fill))
}
