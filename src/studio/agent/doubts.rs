//! What a request says it should not be: `wipes instead of crossfades`, `it looks so cold`, `no, bigger`.

use crate::model::edit::{Look, Resize, Size};
use crate::studio::agent::lex::{Mark, Token};
use crate::studio::agent::phrases::{Cue, Quality};

/// `instead of crossfades`, `not Hello`, 而不是红色: how many tokens tell what it should not be.
pub(super) fn rejected(text: &str, tokens: &[Token], at: usize) -> Option<usize> {
    let word =
        |at: usize| tokens.get(at).map(|token| text[token.from..token.to].to_lowercase()).unwrap_or_default();
    let value = |token: &Token| {
        let told = matches!(
            token.mark,
            Mark::Quality(_) | Mark::Color(_) | Mark::Quote(_) | Mark::Time(_) | Mark::Percent(_)
        );
        told || matches!(token.mark, Mark::Noun(_) | Mark::Other | Mark::Number(_))
    };
    let lead = match (word(at).as_str(), word(at + 1).as_str()) {
        ("instead", "of") => 2,
        ("rather", "than") => 2,
        ("而不是" | "而非", _) => 1,
        ("not", _) => {
            let plain = |token: &Token| {
                let told = matches!(token.mark, Mark::Color(_) | Mark::Quote(_) | Mark::Time(_));
                told || matches!(token.mark, Mark::Quality(Quality::Place(_) | Quality::Blend(_)))
            };
            let skipped = tokens[at + 1..]
                .iter()
                .take_while(|token| matches!(token.mark, Mark::Stay | Mark::Fill))
                .count();
            let ends = tokens
                .get(at + skipped + 2)
                .is_none_or(|next| matches!(next.mark, Mark::Comma | Mark::Stop | Mark::Join | Mark::Fill));
            (at > 0 && ends && tokens.get(at + 1 + skipped).is_some_and(plain)).then_some(1)?
        }
        _ => return None,
    };
    let article = |token: &Token| matches!(token.mark, Mark::Stay | Mark::Set | Mark::Fill);
    let rest = tokens[at + lead..].iter().take_while(|token| article(token) || value(token)).count();
    Some(lead + rest)
}

/// `because it's for a nursery`, 不然听不清: a reason asks for nothing.
pub(super) fn reason(text: &str, tokens: &[Token]) -> Option<usize> {
    let word =
        |at: usize| tokens.get(at).map(|token| text[token.from..token.to].to_lowercase()).unwrap_or_default();
    let leads = match word(0).as_str() {
        word if Cue::Because.is(word) => true,
        "so" => word(1) == "that",
        "since" => word(1) == "the" || Cue::Subject.is(&word(1)),
        _ => false,
    };
    let parts = |token: &Token| matches!(token.mark, Mark::Comma | Mark::Stop);
    leads.then(|| tokens.iter().take_while(|token| !parts(token)).count())
}

/// `it looks so cold`: what is said of the picture is what it should be no more.
pub(super) fn complaint(text: &str, tokens: &[Token], at: usize) -> Option<Mark> {
    let word = |token: &Token| text[token.from..token.to].to_lowercase();
    if !Cue::Degree.is(&word(&tokens[at])) {
        return None;
    }
    // 别那么大, `not so loud`
    let soften = |token: &Token| Cue::SoMuch.is(&word(token));
    let softened = tokens[..at].iter().rev().take(2).any(soften);
    let count = tokens[..at].iter().rev().take_while(|token| Cue::Very.is(&word(token))).count();
    let before = tokens[..at - count].last().map(word).unwrap_or_default();
    // `it came out blurry`
    let came = at - count > 1 && before == "out" && Cue::ComingOut.is(&word(&tokens[at - count - 2]));
    let too = tokens[at - count..at].iter().any(|token| word(token) == "too");
    let extreme = ["huge", "tiny"].contains(&word(&tokens[at]).as_str()) && Cue::Being.is(&before);
    let told = came || extreme || count > 0 && (too || Cue::Being.is(&before)) || Cue::Seeming.is(&before);
    let opposite = match tokens[at].mark {
        Mark::Quality(Quality::Look(Look::Dark)) => Quality::Look(Look::Bright),
        Mark::Quality(Quality::Look(Look::Bright)) => Quality::Look(Look::Dark),
        Mark::Quality(Quality::Look(Look::Warm)) => Quality::Look(Look::Cool),
        Mark::Quality(Quality::Look(Look::Cool)) => Quality::Look(Look::Warm),
        Mark::Quality(Quality::Louder) => Quality::Quieter,
        Mark::Quality(Quality::Slower) => Quality::Faster,
        Mark::Quality(Quality::Size(Resize::To(Size::Small))) => Quality::Size(Resize::Bigger),
        Mark::Quality(Quality::Size(Resize::To(Size::Large))) => Quality::Size(Resize::Smaller),
        // `it came out blurry` asks for no more of it.
        Mark::Quality(Quality::Look(_)) => return told.then_some(Mark::Fill),
        _ => return None,
    };
    (told || softened).then_some(Mark::Quality(opposite))
}

/// `no, bigger`: the word takes back what was said and takes nothing away.
pub(super) fn corrects(text: &str, tokens: &[Token], at: usize) -> bool {
    let token = &tokens[at];
    let word = text[token.from..token.to].to_lowercase();
    let start = tokens[..at].iter().rev().take_while(|token| token.mark == Mark::Fill).count();
    let opens = at == start || matches!(tokens[at - start - 1].mark, Mark::Stop | Mark::Comma);
    let waits = |next: &&Token| {
        ["wait", "sorry", "actually"].contains(&text[next.from..next.to].to_lowercase().as_str())
    };
    if opens && word == "no" && tokens.get(at + 1).is_some_and(|next| waits(&next)) {
        return true;
    }
    let parted = tokens.get(at + 1).is_none_or(|next| matches!(next.mark, Mark::Comma | Mark::Stop));
    ["no", "不", "不要", "cool"].contains(&word.as_str()) && opens && parted && at + 1 < tokens.len()
}
