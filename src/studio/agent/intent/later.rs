//! What a later wish of a message does to the edits of the ones before it.

use crate::model::edit::{Edit, Effect, Level, Side, Tune};
use crate::studio::agent::clause::Clause;
use crate::studio::agent::lex::Mark;
use crate::studio::agent::phrases::Noun;
use crate::studio::agent::rules::FADE;

/// Whether two edits are of one thing that can be told in two wishes.
pub(super) fn alike(one: &Edit, other: &Edit) -> bool {
    matches!(
        (one, other),
        (Edit::Logo { .. }, Edit::Logo { .. }) | (Edit::Canvas { .. }, Edit::Canvas { .. })
    )
}

/// Whether a later wish takes the place of an earlier one of the same message.
pub(super) fn replaced(before: &Edit, edit: &Edit) -> bool {
    match (before, edit) {
        (Edit::Music(..) | Edit::RemoveMusic, Edit::Music(..))
        | (Edit::Joints(..), Edit::Joints(..))
        | (Edit::Progress(_), Edit::Progress(_))
        | (Edit::Duck(_), Edit::Duck(_))
        | (Edit::Background(_), Edit::Background(_))
        | (Edit::MusicVolume(_), Edit::MusicVolume(_)) => true,
        (Edit::Sound(Level::Louder | Level::Quieter, one), Edit::Sound(_, other)) => one == other,
        (Edit::Fill(_, one), Edit::Fill(_, other)) | (Edit::Motion(_, one), Edit::Motion(_, other)) => {
            one == other
        }
        (Edit::Look(one, a), Edit::Look(other, b)) => one == other && a == b,
        (Edit::Speed(_, one), Edit::Speed(_, other)) => one == other,
        _ => false,
    }
}

/// `music: fade in 1 s, fade out 3 s`, `fade the picture in and the music out`: what one wish says of
/// fading goes on in the next.
pub(super) fn fades_too(clause: &Clause<'_>, before: &Edit, edits: &mut Vec<Edit>, playing: bool) {
    let Some(last) = edits.last_mut() else { return };
    match (before, &*last) {
        // `fade in from black and out to black, two seconds`
        (Edit::Fade(one, FADE), Edit::Fade(other, length)) if one != other && trails_time(clause) => {
            let (one, length) = (*one, *length);
            let at = edits.len().saturating_sub(2);
            edits[at] = Edit::Fade(one, length);
        }
        (Edit::MusicFade(..), Edit::Fade(side, length)) if !clause.names(Noun::Video) => {
            *last = Edit::MusicFade(*side, *length);
        }
        (Edit::Fade(side, length), Edit::Music(Tune::Made(_), None))
            if playing && clause.verb().is_none() && clause.mood().is_none() =>
        {
            let says = |word: &str| clause.verbatim().split(' ').any(|said| said.eq_ignore_ascii_case(word));
            let side = match (says("in"), says("out")) {
                (true, false) => Side::In,
                (false, true) => Side::Out,
                _ => *side,
            };
            *last = Edit::MusicFade(side, clause.time().unwrap_or(*length));
        }
        // `let the title stay for six seconds and fade in`: the text does.
        (Edit::AddText(..) | Edit::ChangeText(..), Edit::Fade(Side::In, _))
            if clause.time().is_none()
                && !clause.names(Noun::Video)
                && !clause.verbatim().contains("black") =>
        {
            edits.pop();
            if let Some(Edit::AddText(_, _, looks) | Edit::ChangeText(_, _, looks)) = edits.last_mut() {
                looks.effect = Some(Effect::Fade);
            }
        }
        _ => (),
    }
}

/// `fade in and fade out, two seconds each`: two ends that fade alike are both.
pub(super) fn both_fade(edits: &mut Vec<Edit>) {
    let sides =
        |one: Side, other: Side| matches!((one, other), (Side::In, Side::Out) | (Side::Out, Side::In));
    for at in (1..edits.len()).rev() {
        let both = match (&edits[at - 1], &edits[at]) {
            (Edit::Fade(a, x), Edit::Fade(b, y)) if x == y && sides(*a, *b) => Edit::Fade(Side::Both, *x),
            (Edit::MusicFade(a, x), Edit::MusicFade(b, y)) if x == y && sides(*a, *b) => {
                Edit::MusicFade(Side::Both, *x)
            }
            _ => continue,
        };
        edits[at - 1] = both;
        edits.remove(at);
    }
}

/// Whether a clause ends with a comma and a time.
fn trails_time(clause: &Clause<'_>) -> bool {
    let time = clause.tokens.iter().position(|token| matches!(token.mark, Mark::Time(_)));
    time.is_some_and(|at| at > 0 && clause.tokens[at - 1].mark == Mark::Comma)
}
