//! What is asked for all shots but some: `the first photo 5 seconds, all the others 3`.

use crate::model::edit::{Edit, ShotRef};
use crate::model::media::Kind;
use crate::model::time::Millis;
use crate::studio::agent::clause::Clause;
use crate::studio::agent::lex::{Mark, Token};
use crate::studio::agent::phrases::{Cue, Noun, Verb};
use crate::studio::agent::rules::order::{kinds, nth, position};
use crate::studio::agent::rules::{Scene, of_named};

/// `every photo but the last one 2 s each`: what is asked for the shots that are not named.
pub(super) fn but(clause: &Clause<'_>, scene: &Scene<'_>) -> Vec<Edit> {
    let all = clause.has(&Mark::Each) || clause.names(Noun::Rest) || clause.hears(Cue::All);
    let takes = matches!(clause.verb(), Some(Verb::Remove | Verb::Keep | Verb::Generate));
    if !all || takes || !clause.hears(Cue::Except) || clause.span().is_some() {
        return Vec::new();
    }
    of_all_but(clause, scene, &clause.shots())
}

/// `…, all the others 3 seconds`: what is asked for the shots that the edits before leave out.
pub(in crate::studio::agent) fn rest(clause: &Clause<'_>, scene: &Scene<'_>, before: &[Edit]) -> Vec<Edit> {
    let done: Vec<ShotRef> = before.iter().filter_map(treated).cloned().collect();
    let takes = matches!(clause.verb(), Some(Verb::Remove | Verb::Duplicate | Verb::Generate));
    let value = |token: &Token| !matches!(token.mark, Mark::Do(_)) && is_value(&token.mark);
    let said = clause.tokens.iter().any(|token| value(token) || matches!(token.mark, Mark::Number(_)));
    if done.is_empty() || takes || !said || !clause.names(Noun::Rest) || clause.shot().is_some() {
        return Vec::new();
    }
    // `5 seconds, and all the others 3`: the unit is said once.
    let holds = matches!(before.last(), Some(Edit::Hold(..))) && clause.time().is_none();
    let timed = |token: &Token| match token.mark {
        Mark::Number(count) if holds => Mark::Time(Millis::from_seconds(count)),
        ref mark => mark.clone(),
    };
    let tokens: Vec<Token> = clause.tokens.iter().map(|t| Token { mark: timed(t), ..t.clone() }).collect();
    of_all_but(&Clause { tokens: &tokens, ..clause.clone() }, scene, &done)
}

/// The one shot that an edit treats.
fn treated(edit: &Edit) -> Option<&ShotRef> {
    match edit {
        Edit::Hold(shot, _)
        | Edit::Look(_, shot)
        | Edit::Speed(_, shot)
        | Edit::Sound(_, shot)
        | Edit::Fill(_, shot)
        | Edit::Motion(_, shot) => shot.as_ref(),
        _ => None,
    }
}

/// What a clause asks for, of each shot but some.
fn of_all_but(clause: &Clause<'_>, scene: &Scene<'_>, spared: &[ShotRef]) -> Vec<Edit> {
    let spared: Vec<usize> = spared.iter().filter_map(|shot| position(scene, shot)).collect();
    let kinds = kinds(scene);
    let values = || clause.tokens.iter().filter(|token| is_value(&token.mark)).cloned();
    let Some(place) = clause.tokens.first().filter(|_| !spared.is_empty()) else { return Vec::new() };
    let of = |at: usize| {
        let ShotRef::Nth(count, kind) = nth(&kinds, at) else { return Vec::new() };
        let noun = match kind {
            Some(Kind::Image) => Noun::Photo,
            Some(Kind::Video) => Noun::Clip,
            _ => Noun::Shot,
        };
        let at = place.from;
        let shot = [Mark::Ordinal(count), Mark::Noun(noun)].map(|mark| Token { mark, from: at, to: at });
        let tokens: Vec<Token> = shot.into_iter().chain(values()).collect();
        of_named(&Clause { tokens: &tokens, ..clause.clone() }, scene).0
    };
    (1..=kinds.len()).filter(|at| !spared.contains(at)).flat_map(of).collect()
}

/// What a clause says of shots, their names aside.
fn is_value(mark: &Mark) -> bool {
    let thing = matches!(mark, Mark::Noun(Noun::Speed | Noun::SlowMotion | Noun::Motion | Noun::Sound));
    let said = matches!(mark, Mark::Time(_) | Mark::Quality(_) | Mark::Factor(_) | Mark::Percent(_));
    thing || said || matches!(mark, Mark::Do(_))
}
