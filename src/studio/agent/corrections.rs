//! What a request takes back while it is said: `15 seconds, no, 18`, `bottom left, sorry, right`.
//!
//! The value that is said later takes the place of the one before it, so that every rule reads the
//! request as if it had been said at once.

use std::mem::{Discriminant, discriminant};

use crate::model::time::Millis;
use crate::studio::agent::beside::ordinal;
use crate::studio::agent::lex::{Mark, Token};
use crate::studio::agent::phrases::{Cue, Noun, Quality, Verb};

/// From the word that takes back to the new value, at most.
const WORDS_BETWEEN_MAX: usize = 8;
/// From the old value to the word that takes it back, at most.
const WORDS_BEFORE_MAX: usize = 12;

/// Puts later values in the place of those that they correct.
pub(super) fn applied(text: &str, mut tokens: Vec<Token>) -> Vec<Token> {
    let mut at = 1;
    while at < tokens.len() {
        match corrected(text, &tokens, at) {
            Some((old, new, mark)) => {
                tokens[old].mark = mark;
                let from = tokens[..at].iter().rposition(|token| token.mark != Mark::Stop);
                tokens[from.map_or(at, |from| from + 1)..=new].iter_mut().for_each(|t| t.mark = Mark::Fill);
                at = new + 1;
            }
            None => at += 1,
        }
    }
    tokens
}

/// Where the old value stands, where the new one, and what it is, when a word takes back.
fn corrected(text: &str, tokens: &[Token], at: usize) -> Option<(usize, usize, Mark)> {
    let word = |token: &Token| text[token.from..token.to].to_lowercase();
    // `make that 30`
    let anew = |pair: &[Token]| pair[0].mark == Mark::Do(Verb::Make) && word(&pair[1]) == "that";
    let takes_back = |token: &Token| Cue::TakingBack.is(&word(token));
    let opens = takes_back(&tokens[at]) || tokens.get(at..at + 2).is_some_and(anew);
    let parts = |token: &Token| matches!(token.mark, Mark::Comma | Mark::Stop | Mark::Fill | Mark::Join);
    // 右下角……算了
    let paused = text[tokens[at - 1].to..tokens[at].from].contains(['…', '.', '-', '–', '—', '~']);
    if !opens || !(paused || parts(&tokens[at - 1])) {
        return None;
    }
    let shot = |token: &Token| matches!(token.mark, Mark::Noun(Noun::Photo | Noun::Clip | Noun::Shot));
    let between = |token: &Token| {
        let leads = matches!(token.mark, Mark::Stay | Mark::Set | Mark::Until | Mark::When(_));
        let verb =
            matches!(token.mark, Mark::Do(Verb::Add | Verb::Make | Verb::Change | Verb::Move | Verb::Keep));
        parts(token) && token.mark != Mark::Join || leads || verb || shot(token) || takes_back(token)
    };
    let place = |token: &Token| ordinal(&text[token.from..token.to].to_lowercase()).map(Mark::Ordinal);
    let rest = tokens[at..].iter().take(WORDS_BETWEEN_MAX);
    let skips = |token: &&Token| kind(&token.mark).is_none() && place(token).is_none() && between(token);
    let new = at + rest.take_while(skips).count();
    let token = tokens.get(new)?;
    let mark = &place(token).unwrap_or(token.mark.clone());
    let of_shot = tokens[at..new].iter().any(shot);
    let before = tokens[..at].iter().enumerate().rev().skip_while(|(_, token)| token.mark == Mark::Stop);
    let mut before = before.take(WORDS_BEFORE_MAX).take_while(|(_, token)| token.mark != Mark::Stop);
    let alone = tokens.get(new + 1).is_none_or(parts);
    if let (Mark::Number(count), true) = (mark, alone) {
        // `12 seconds, no, 14`: the unit is said once.
        let timed = before.find_map(|(old, token)| match token.mark {
            Mark::Time(_) if !of_shot => Some((old, Mark::Time(Millis::from_seconds(*count)))),
            Mark::Percent(_) if !of_shot => Some((old, Mark::Percent(count / 100.0))),
            Mark::Ordinal(_) | Mark::Number(_) => Some((old, token_like(token, *count))),
            _ => None,
        });
        return timed.map(|(old, mark)| (old, new, mark));
    }
    let wanted = kind(mark)?;
    let (old, _) = before.find(|(_, token)| kind(&token.mark) == Some(wanted))?;
    Some((old, new, mark.clone()))
}

/// A number as it was said before: a place or a count.
fn token_like(token: &Token, count: f64) -> Mark {
    if matches!(token.mark, Mark::Ordinal(_)) { Mark::Ordinal(count as usize) } else { Mark::Number(count) }
}

/// What kind of value a mark is: only one takes the place of another.
fn kind(mark: &Mark) -> Option<Kind> {
    match mark {
        Mark::Quality(quality) => Some((discriminant(mark), Some(discriminant(quality)))),
        Mark::Time(_) | Mark::Number(_) | Mark::Percent(_) | Mark::Factor(_) | Mark::Color(_) => {
            Some((discriminant(mark), None))
        }
        Mark::Ordinal(_) | Mark::Quote(_) | Mark::File(_) => Some((discriminant(mark), None)),
        _ => None,
    }
}

type Kind = (Discriminant<Mark>, Option<Discriminant<Quality>>);

#[cfg(test)]
mod tests {
    use crate::model::time::Millis;
    use crate::studio::agent::lex::{Mark, tokens};

    fn times(text: &str) -> Vec<u64> {
        let time = |mark| if let Mark::Time(Millis(time)) = mark { Some(time) } else { None };
        tokens(text, &[]).into_iter().filter_map(|token| time(token.mark)).collect()
    }

    #[test]
    fn what_is_said_later_takes_the_place_of_what_it_corrects() {
        assert_eq!(times("make it 15 seconds, no, 18"), [18_000]);
        assert_eq!(times("make it half a minute.. no wait, 40 seconds"), [40_000]);
        assert_eq!(times("压到10秒，不对，是12秒"), [12_000]);
    }

    #[test]
    fn what_takes_something_else_away_corrects_nothing() {
        assert_eq!(times("title for 5 seconds, no music, fade out over 3 seconds"), [5_000, 3_000]);
        assert_eq!(times("cut 2 seconds at the start and 3 seconds at the end"), [2_000, 3_000]);
    }
}
