//! Rules of stretches: what is asked for a part of the timeline is done there, and never to all of it.

use crate::model::edit::{Edit, Point, ShotRef, Span, Treatment};
use crate::model::time::Millis;
use crate::studio::agent::clause::Clause;
use crate::studio::agent::lex::{Mark, Token};
use crate::studio::agent::phrases::{Cue, Time, Verb};
use crate::studio::agent::rules::Scene;
use crate::studio::agent::rules::cut::named;

/// Does what a clause asks for where it says. Edits that cannot be done to a part are left out;
/// answers whether there were any.
pub(super) fn placed(clause: &Clause<'_>, scene: &Scene<'_>, found: Vec<Edit>) -> (Vec<Edit>, bool) {
    let wanted = found.len();
    let mut found: Vec<Edit> = found.into_iter().flat_map(|edit| each(clause, scene, edit)).collect();
    let lost = found.len() < wanted;
    let treats = found.iter().any(is_treatment);
    // `make the second half faster`, `blurred for 3 seconds` ask for no other length.
    let made = treats && matches!(clause.verb(), Some(Verb::Make | Verb::Add | Verb::Change));
    let lasts = treats && clause.has(&Mark::When(Time::For));
    let shaped = found.iter().any(is_of_all) && clause.has(&Mark::When(Time::For));
    let keeps = |edit: &Edit| (made || shaped || is_odd(clause)) && matches!(edit, Edit::Keep(_));
    found.retain(|edit| !(keeps(edit) || lasts && matches!(edit, Edit::Fit(_))));
    let fast = found.iter().any(|edit| matches!(edit, Edit::Speed(..)));
    let span = clause.span().or_else(|| stretch(clause, fast));
    let whole = span == Some(Span { from: Point::START, to: Point::END });
    // `keep the first 8 seconds` of a black and white video: the stretch is that of another edit.
    let timed = |edit: &Edit| is_timed(edit) || span.is_none() && matches!(edit, Edit::Joints(..));
    // `except for the first 3 seconds`: the stretch is what is left out.
    if treats && span.is_some() && clause.hears(Cue::Except) {
        found.retain(|edit| !is_treatment(edit));
        return (found, true);
    }
    if whole || found.iter().any(timed) || span.is_none() && !is_unclear(clause) {
        return (found, lost);
    }
    let count = found.len();
    let placed: Vec<Edit> = found.into_iter().filter_map(|edit| within(edit, span)).collect();
    let lost = lost || placed.len() < count;
    (placed, lost)
}

/// `make the first two photos black and white`: an edit for each shot that is named. The last two
/// are none, where nobody knows how many there are.
fn each(clause: &Clause<'_>, scene: &Scene<'_>, edit: Edit) -> Vec<Edit> {
    let shots: Vec<ShotRef> = clause.shots().into_iter().map(|shot| named(shot, scene)).collect();
    let treats = matches!(edit, Edit::Look(_, Some(_)) | Edit::Speed(_, Some(_)) | Edit::Sound(_, Some(_)))
        || clause.has(&Mark::Each) && matches!(edit, Edit::Hold(Some(_), _))
        || matches!(edit, Edit::Fill(_, Some(_)) | Edit::Motion(_, Some(_)));
    if shots.len() < 2 || !treats {
        return vec![edit];
    }
    if shots[1..].contains(&shots[0]) {
        return Vec::new();
    }
    let of = |shot: ShotRef| match edit {
        Edit::Look(look, _) => Edit::Look(look, Some(shot)),
        Edit::Speed(factor, _) => Edit::Speed(factor, Some(shot)),
        Edit::Sound(level, _) => Edit::Sound(level, Some(shot)),
        Edit::Fill(fill, _) => Edit::Fill(fill, Some(shot)),
        Edit::Motion(on, _) => Edit::Motion(on, Some(shot)),
        Edit::Hold(_, time) => Edit::Hold(Some(shot), time),
        _ => edit.clone(),
    };
    shots.into_iter().map(of).collect()
}

/// `until 0:05`, `the first 3`: stretches where something is treated. What is sped up to 10 seconds
/// is to be so long.
fn stretch(clause: &Clause<'_>, fast: bool) -> Option<Span> {
    let counted = |pair: &[Token]| match (&pair[0].mark, &pair[1].mark) {
        (Mark::When(Time::First), Mark::Number(n)) => {
            Some(Span { from: Point::START, to: Point::At(Millis::from_seconds(*n)) })
        }
        (Mark::When(Time::Last), Mark::Number(n)) => {
            Some(Span { from: Point::BeforeEnd(Millis::from_seconds(*n)), to: Point::END })
        }
        _ => None,
    };
    let until = clause.until().filter(|_| !fast);
    until
        .map(|to| Span { from: Point::START, to: Point::At(to) })
        .or_else(|| clause.tokens.windows(2).filter(|_| clause.shot().is_none()).find_map(counted))
}

/// `make the last 5 seconds dreamy`: what nobody understands is no wish to keep them alone.
fn is_odd(clause: &Clause<'_>) -> bool {
    let made = |token: &Token| token.mark == Mark::Do(Verb::Make) && clause.cues(token, Cue::MakingSo);
    clause.has(&Mark::Other) && clause.tokens.iter().any(made)
}

fn is_treatment(edit: &Edit) -> bool {
    matches!(edit, Edit::Look(_, None) | Edit::Speed(_, None) | Edit::Sound(_, None))
}

/// An edit on a stretch; none when it cannot be had there.
pub(super) fn within(edit: Edit, span: Option<Span>) -> Option<Edit> {
    let treatment = match edit {
        Edit::Look(look, None) => Treatment::Look(look),
        Edit::Speed(factor, None) => Treatment::Speed(factor),
        Edit::Sound(level, None) => Treatment::Sound(level),
        Edit::Look(..) | Edit::Speed(..) | Edit::Sound(..) => return None,
        other => return span.is_none_or(|_| !is_of_all(&other)).then_some(other),
    };
    span.map(|span| Edit::Within(span, treatment))
}

/// Whether an edit has a time of its own, which the clause may mean.
fn is_timed(edit: &Edit) -> bool {
    let text = matches!(edit, Edit::AddText(..) | Edit::ChangeText(..) | Edit::RemoveText(_));
    let fade = matches!(edit, Edit::Fade(..) | Edit::MusicFade(..));
    text || fade || matches!(edit, Edit::Keep(_) | Edit::Remove(_) | Edit::Fit(_) | Edit::Hold(..))
}

/// Whether an edit is of the whole video or of nothing.
fn is_of_all(edit: &Edit) -> bool {
    let picture =
        matches!(edit, Edit::Canvas { .. } | Edit::Fill(..) | Edit::Motion(..) | Edit::Background(_));
    let sound = matches!(edit, Edit::Music(..) | Edit::MusicVolume(_) | Edit::RemoveMusic | Edit::Duck(_));
    let over =
        matches!(edit, Edit::Logo { .. } | Edit::RemoveLogo | Edit::Progress(_) | Edit::RemoveProgress);
    picture || sound || over || matches!(edit, Edit::Joints(..) | Edit::Voice(_))
}

/// Whether a time is said that is no stretch: `at the end`, `for 3 seconds`, `the opening`.
fn is_unclear(clause: &Clause<'_>) -> bool {
    let timed = |token: &Token| match token.mark {
        Mark::Time(_) | Mark::When(Time::Start | Time::End) => true,
        Mark::When(Time::First | Time::Last) => clause.cues(token, Cue::Edge),
        _ => false,
    };
    clause.shot().is_none() && clause.tokens.iter().any(timed)
}

/// `for the first 3 seconds`, `but only from 5 to 8`, `but not in the last 5 seconds`: where the
/// treatment before is to be.
pub(super) fn narrowed(clause: &Clause<'_>, last: &Edit) -> Option<Edit> {
    let spared = clause.verbatim().to_lowercase().starts_with("not ");
    let opens = spared || clause.has(&Mark::When(Time::For)) || clause.has(&Mark::From);
    let span = clause.span().filter(|_| opens && clause.is_time() && is_treatment(last))?;
    let rest = match (span.from, span.to) {
        (Point::START, to) => Some(Span { from: to, to: Point::END }),
        (from, Point::END) => Some(Span { from: Point::START, to: from }),
        _ => None,
    };
    within(last.clone(), if spared { rest } else { Some(span) })
}
