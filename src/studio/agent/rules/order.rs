//! Rules of order: moved, swapped, doubled, taken out, put at the end.

use crate::model::edit::{Edit, Pick, ShotRef};
use crate::model::media::Kind;
use crate::model::state::MediaItem;
use crate::studio::agent::clause::{Clause, Subject};
use crate::studio::agent::lex::{Mark, Token};
use crate::studio::agent::names::is_logo;
use crate::studio::agent::phrases::{Cue, Noun, Quality, Time, Verb};
use crate::studio::agent::rules::cut::{hold, named};
use crate::studio::agent::rules::picture::logo;
use crate::studio::agent::rules::{Scene, ends_with, full_name, kind_of, overlay, plain};

pub(super) fn order(clause: &Clause<'_>, scene: &Scene<'_>) -> Option<Edit> {
    if overlay(clause) || !(scene.made || scene.soon) || hold(clause, scene).is_some() {
        return None;
    }
    // `barista.png last please`
    let trails = (ends_with(clause, Time::First) || ends_with(clause, Time::Last)) && clause.time().is_none();
    let place_said = trails || [Time::Start, Time::End].into_iter().any(|time| clause.has(&Mark::When(time)));
    if let Some(edit) = becomes(clause, scene) {
        return Some(edit);
    }
    let relative = clause.shots().len() == 2
        && [Time::After, Time::Before].into_iter().any(|time| clause.has(&Mark::When(time)));
    let relative = relative && clause.time().is_none();
    let verb = clause.verb().or((place_said || relative).then_some(Verb::Move))?;
    if verb == Verb::Reverse {
        return Some(Edit::Reverse);
    }
    if let Some(both) = both(clause) {
        return Some(both);
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
        Verb::Move | Verb::Add | Verb::Make | Verb::Change => {
            let first = ends_with(clause, Time::First) || ends_with(clause, Time::Start);
            let comes = verb == Verb::Change
                && clause.numbers().len() > usize::from(matches!(shot, ShotRef::Nth(..)));
            let first = first || comes;
            let to = place(clause, &shot)
                .or((first || clause.has(&Mark::When(Time::Start))).then_some(1))
                .or((ends_with(clause, Time::Last) || clause.has(&Mark::When(Time::End)))
                    .then_some(usize::MAX));
            let told = clause.verb() == Some(Verb::Move);
            let present = !matches!(shot, ShotRef::Named(_))
                || told
                || shown(scene, &shot)
                || scene.state.draft.is_none();
            if treated
                || !present
                || matches!(verb, Verb::Make | Verb::Change) && !first && to != Some(usize::MAX)
            {
                return None;
            }
            Some(Edit::Move(shot, to?))
        }
        _ => None,
    }
}

/// `swap the two clips around`, 两段换一下
fn both(clause: &Clause<'_>) -> Option<Edit> {
    let swaps = clause.own_verb() == Some(Verb::Swap) && clause.shots().is_empty();
    let two = clause.says("both") || clause.tokens.iter().any(|token| token.mark == Mark::Number(2.0));
    let kind = match (clause.names(Noun::Photo), clause.names(Noun::Clip)) {
        (true, false) => Some(Kind::Image),
        (false, true) => Some(Kind::Video),
        _ => None,
    };
    let named = kind.is_some() || clause.names(Noun::Shot) || clause.names(Noun::Video);
    (swaps && two && named).then_some(Edit::Swap(ShotRef::Nth(1, kind), ShotRef::Nth(2, kind)))
}

/// `let beans.jpg be the last shot`, `use the cup as the first one`
fn becomes(clause: &Clause<'_>, scene: &Scene<'_>) -> Option<Edit> {
    let at = clause.tokens.iter().position(|token| clause.cues(token, Cue::Becoming))?;
    let rest = clause.tokens[at + 1..]
        .iter()
        .find(|token| !matches!(token.mark, Mark::Stay | Mark::Set | Mark::Fill));
    let to = match rest?.mark {
        Mark::When(Time::First | Time::Start) => 1,
        Mark::When(Time::Last | Time::End) => usize::MAX,
        Mark::Ordinal(n) => n,
        _ => return None,
    };
    let before = Clause { tokens: &clause.tokens[..at], ..clause.clone() };
    let shot = before.shot()?;
    let plain = clause.time().is_none() && clause.look().is_none() && clause.verb() != Some(Verb::Remove);
    plain.then(|| Edit::Move(named(shot, scene), to))
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

/// `keep only the first three photos`: the others are taken out, from the back.
pub(super) fn only(clause: &Clause<'_>, scene: &Scene<'_>) -> Vec<Edit> {
    let keeps = clause.verb() == Some(Verb::Keep) && clause.time().is_none() && clause.span().is_none();
    let looks = clause.look().is_some() || overlay(clause) || clause.has_percent();
    if !keeps
        || looks
        || !clause.hears(Cue::Only)
        || !matches!(clause.subject(), Subject::Shots | Subject::Nothing)
        || clause.hears(Cue::AsItIs)
    {
        return Vec::new();
    }
    let kept: Vec<usize> =
        clause.shots().into_iter().filter_map(|shot| position(scene, &named(shot, scene))).collect();
    let last = clause.shots().iter().filter(|shot| matches!(shot, ShotRef::Last(_))).count();
    let kinds = kinds(scene);
    let stays = |at: usize| kept.contains(&at) || at + last > kinds.len();
    if kept.is_empty() || kinds.len() < 2 {
        return Vec::new();
    }
    (1..=kinds.len()).rev().filter(|at| !stays(*at)).map(|at| Edit::Delete(nth(&kinds, at))).collect()
}

/// `everything after the second photo can go`, `start where the third one comes in`: those beyond a
/// shot are taken out.
pub(super) fn beyond(clause: &Clause<'_>, scene: &Scene<'_>) -> Vec<Edit> {
    let shots = clause.shots();
    let [shot] = shots.as_slice() else { return Vec::new() };
    let has = |time: Time| clause.has(&Mark::When(time));
    let all = clause.tokens.iter().any(|token| clause.cues(token, Cue::All));
    let takes = all && clause.verb() == Some(Verb::Remove);
    let tells = clause.verb().is_none() && plain(clause) && !overlay(clause);
    let starts = tells && has(Time::Start) && (clause.has(&Mark::From) || clause.says("where"));
    let ends = tells && has(Time::End) && has(Time::After);
    let (after, before) = (takes && has(Time::After) || ends, takes && has(Time::Before) || starts);
    if clause.time().is_some() || after == before {
        return Vec::new();
    }
    let Some(at) = position(scene, &named(shot.clone(), scene)) else { return Vec::new() };
    let kinds = kinds(scene);
    let gone = |other: &usize| if after { *other > at } else { *other < at };
    (1..=kinds.len()).rev().filter(gone).map(|at| Edit::Delete(nth(&kinds, at))).collect()
}

/// `finish after photo three, the two that follow can go`: what is told to go has gone.
pub(in crate::studio::agent) fn gone(clause: &Clause<'_>, scene: &Scene<'_>, edits: &[Edit]) -> bool {
    let deleted = |edit: &Edit| match edit {
        Edit::Delete(shot) => position(scene, shot),
        _ => None,
    };
    let out: Vec<usize> = edits.iter().rev().map_while(deleted).collect();
    let thing = |token: &Token| match token.mark {
        Mark::Noun(noun) => !matches!(noun, Noun::Photo | Noun::Clip | Noun::Shot),
        Mark::File(_) | Mark::Quote(_) | Mark::Time(_) | Mark::Stretch(..) => true,
        _ => false,
    };
    let plain = clause.verb() == Some(Verb::Remove) && !clause.tokens.iter().any(thing);
    let shots = clause.shots();
    let named = shots.iter().all(|shot| position(scene, shot).is_some_and(|at| out.contains(&at)));
    let counted = clause.numbers() == [out.len()];
    plain && !out.is_empty() && if shots.is_empty() { counted } else { named }
}

/// The shot at a place, counted among those of its kind.
pub(super) fn nth(kinds: &[Option<Kind>], at: usize) -> ShotRef {
    let kind = kinds[at - 1];
    let n = kinds[..at].iter().filter(|other| **other == kind).count();
    if kind.is_some() { ShotRef::Nth(n, kind) } else { ShotRef::Nth(at, None) }
}

/// What the shots on the timeline are: photos, clips, or neither where words stand on colours.
pub(super) fn kinds(scene: &Scene<'_>) -> Vec<Option<Kind>> {
    let Some(draft) = scene.state.draft.as_ref() else {
        return uploads(scene).map(|item| item.kind).collect();
    };
    let tracks = draft.tracks();
    let Some(main) = tracks.iter().find(|track| track.kind.word() == "video") else { return Vec::new() };
    let kind = |s: &crate::model::draft::Segment<'_>| {
        let word = s.value.get("m").and_then(|m| m.get("kind")).and_then(|kind| kind.as_str());
        [Kind::Image, Kind::Video].into_iter().find(|kind| Some(kind.word()) == word)
    };
    main.segments.iter().map(kind).collect()
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

/// The uploads that a cut of all would show, in order; logos are laid over it.
fn uploads<'a>(scene: &Scene<'a>) -> impl Iterator<Item = &'a MediaItem> {
    let shown =
        |item: &&MediaItem| matches!(item.kind, Some(Kind::Image | Kind::Video)) && !is_logo(item.label());
    scene.state.media.iter().filter(shown)
}

/// The place of a shot on the timeline, from 1; among the uploads when there is none yet.
pub(super) fn position(scene: &Scene<'_>, shot: &ShotRef) -> Option<usize> {
    let Some(draft) = scene.state.draft.as_ref() else {
        let mut items = uploads(scene).enumerate();
        let of = |kind: &Option<Kind>, item: &MediaItem| kind.is_none() || item.kind == *kind;
        let at = match shot {
            ShotRef::Nth(n, kind) => items.filter(|(_, item)| of(kind, item)).nth(n.checked_sub(1)?)?.0,
            ShotRef::Last(kind) => items.filter(|(_, item)| of(kind, item)).last()?.0,
            ShotRef::Named(name) => items.find(|(_, item)| item.name == *name)?.0,
        };
        return Some(at + 1);
    };
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
    // 杯子和街景那两张: so many are named.
    numbers.get(own).copied().filter(|count| clause.files().len() < 2 || *count != clause.files().len())
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
    let visual = |name: &&str| !matches!(kind_of(scene.state, name), Some(Kind::Audio | Kind::Subtitles));
    let files: Vec<String> =
        clause.files().iter().filter(|name| visual(name)).map(|name| full_name(scene.state, name)).collect();
    if !files.is_empty() {
        return Some(Edit::Append(Pick::Named(files)));
    }
    if clause.names(Noun::Media) || clause.names(Noun::Rest) {
        return Some(Edit::Append(Pick::All));
    }
    let kind = if clause.names(Noun::Photo) { Kind::Image } else { Kind::Video };
    (clause.subject() == Subject::Shots && !clause.names(Noun::Shot) && !clause.has(&Mark::Other))
        .then_some(Edit::Append(Pick::Of(kind)))
}
