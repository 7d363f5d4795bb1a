//! Rules of order: moved, swapped, doubled, taken out, put at the end.

use crate::model::edit::{Edit, Pick, ShotRef};
use crate::model::media::Kind;
use crate::studio::agent::clause::{Clause, Subject};
use crate::studio::agent::lex::Mark;
use crate::studio::agent::phrases::{Noun, Quality, Time, Verb};
use crate::studio::agent::rules::cut::{hold, named};
use crate::studio::agent::rules::picture::logo;
use crate::studio::agent::rules::{Scene, ends_with, full_name, kind_of, overlay};

pub(super) fn order(clause: &Clause<'_>, scene: &Scene<'_>) -> Option<Edit> {
    if overlay(clause) || !(scene.made || scene.soon) || hold(clause, scene).is_some() {
        return None;
    }
    let place_said = [Time::Start, Time::End].into_iter().any(|time| clause.has(&Mark::When(time)));
    let verb = clause.verb().or(place_said.then_some(Verb::Move))?;
    if verb == Verb::Reverse {
        return Some(Edit::Reverse);
    }
    let mut shots = clause.shots().into_iter().map(|shot| named(shot, scene));
    let (shot, other) = (shots.next()?, shots.next());
    let treated = clause.look().is_some()
        || clause.blend().is_some()
        || clause.is(Quality::Slower)
        || clause.is(Quality::Faster)
        || !matches!(clause.subject(), Subject::Shots | Subject::Nothing | Subject::Video);
    if matches!(verb, Verb::Move | Verb::Add)
        && let Some(to) = other.as_ref().and_then(|other| beside(clause, scene, &shot, other))
    {
        return Some(Edit::Move(shot, to));
    }
    match verb {
        Verb::Swap => Some(Edit::Swap(shot, other?)),
        Verb::Remove if clause.span().is_none() && !treated => Some(Edit::Delete(shot)),
        Verb::Duplicate => Some(Edit::Duplicate(shot)),
        Verb::Move | Verb::Add | Verb::Make => {
            let first = ends_with(clause, Time::First) || ends_with(clause, Time::Start);
            let to = place(clause, &shot)
                .or((first || clause.has(&Mark::When(Time::Start))).then_some(1))
                .or((ends_with(clause, Time::Last) || clause.has(&Mark::When(Time::End)))
                    .then_some(usize::MAX));
            let told = clause.verb() == Some(Verb::Move);
            let present = !matches!(shot, ShotRef::Named(_)) || told || shown(scene, &shot);
            if treated || !present || verb == Verb::Make && !first && to != Some(usize::MAX) {
                return None;
            }
            Some(Edit::Move(shot, to?))
        }
        _ => None,
    }
}

/// Several shots at once, taken out or doubled, from the back so that none of them moves another.
pub(super) fn several(clause: &Clause<'_>, scene: &Scene<'_>) -> Vec<Edit> {
    let edit = match order(clause, scene) {
        Some(Edit::Delete(_)) => Edit::Delete,
        Some(Edit::Duplicate(_)) => Edit::Duplicate,
        _ => return Vec::new(),
    };
    let mut shots: Vec<ShotRef> = clause.shots().into_iter().map(|shot| named(shot, scene)).collect();
    if shots.len() < 2 {
        return Vec::new();
    }
    let number = |shot: &ShotRef| if let ShotRef::Nth(n, _) = shot { *n } else { usize::MAX };
    shots.sort_by_key(|shot| std::cmp::Reverse(number(shot)));
    shots.into_iter().map(edit).collect()
}

/// `put the cup after the beans`: the place beside another shot, when both are on the timeline.
fn beside(clause: &Clause<'_>, scene: &Scene<'_>, shot: &ShotRef, other: &ShotRef) -> Option<usize> {
    let after = match (clause.has(&Mark::When(Time::After)), clause.has(&Mark::When(Time::Before))) {
        (true, false) => true,
        (false, true) => false,
        _ => return None,
    };
    let (from, to) = (position(scene, shot)?, position(scene, other)?);
    // The shot leaves its place before it takes the new one.
    Some(to + usize::from(after) - usize::from(from < to))
}

/// The place of a shot on the timeline, from 1.
pub(super) fn position(scene: &Scene<'_>, shot: &ShotRef) -> Option<usize> {
    let draft = scene.state.draft.as_ref()?;
    let tracks = draft.tracks();
    let main = tracks.iter().find(|track| track.kind.word() == "video")?;
    let kind_of = |s: &crate::model::draft::Segment<'_>| {
        s.value.get("m").and_then(|m| m.get("kind")).and_then(|kind| kind.as_str()).map(str::to_owned)
    };
    let of = |kind: &Option<Kind>, s: &crate::model::draft::Segment<'_>| {
        kind.is_none_or(|kind| kind_of(s).as_deref() == Some(kind.word()))
    };
    let mut shots = main.segments.iter().enumerate();
    let at = match shot {
        ShotRef::Nth(n, kind) => shots.filter(|(_, s)| of(kind, s)).nth(n.checked_sub(1)?)?.0,
        ShotRef::Last(kind) => shots.rfind(|(_, s)| of(kind, s))?.0,
        ShotRef::Named(name) => {
            shots.find(|(_, s)| s.name.eq_ignore_ascii_case(crate::model::media::stem(name)))?.0
        }
    };
    Some(at + 1)
}

/// `to position 2`, `to third place`: the number that is no shot's.
fn place(clause: &Clause<'_>, shot: &ShotRef) -> Option<usize> {
    let numbers = clause.numbers();
    let own = usize::from(matches!(shot, ShotRef::Nth(..)));
    numbers.get(own).copied()
}

/// Whether a file is on the timeline already.
fn shown(scene: &Scene<'_>, shot: &ShotRef) -> bool {
    let ShotRef::Named(name) = shot else { return true };
    let label = crate::model::media::stem(name);
    let draft = scene.state.draft.as_ref();
    draft.is_some_and(|draft| {
        draft.tracks().iter().any(|track| track.segments.iter().any(|s| s.name == label))
    })
}

pub(super) fn append(clause: &Clause<'_>, scene: &Scene<'_>) -> Option<Edit> {
    let plain = clause.blend().is_none()
        && clause.look().is_none()
        && clause.time().is_none()
        && !clause.has(&Mark::Each)
        && !matches!(
            clause.subject(),
            Subject::Fade(_) | Subject::Joints | Subject::Motion | Subject::Background
        );
    let ends = clause.verb().is_none() && clause.has(&Mark::When(Time::End)) && !clause.files().is_empty();
    if !scene.made || overlay(clause) || !(ends || clause.verb() == Some(Verb::Add)) || !plain {
        return None;
    }
    if !clause.numbers().is_empty() || order(clause, scene).is_some() || logo(clause, scene).is_some() {
        return None;
    }
    let visual = |name: &&str| {
        let subtitles = name.to_lowercase().ends_with(".srt") || name.to_lowercase().ends_with(".vtt");
        !subtitles && kind_of(scene.state, name) != Some(Kind::Audio)
    };
    let files: Vec<String> =
        clause.files().iter().filter(|name| visual(name)).map(|name| full_name(scene.state, name)).collect();
    if !files.is_empty() {
        return Some(Edit::Append(Pick::Named(files)));
    }
    if clause.names(Noun::Media) {
        return Some(Edit::Append(Pick::All));
    }
    let kind = if clause.names(Noun::Photo) { Kind::Image } else { Kind::Video };
    (clause.subject() == Subject::Shots && !clause.names(Noun::Shot) && !clause.has(&Mark::Other))
        .then_some(Edit::Append(Pick::Of(kind)))
}
