//! The order of the shots: moved, swapped, doubled, taken out.

use crate::model::edit::cut::retain;
use crate::model::edit::timeline::{Role, Segment, Timeline};
use crate::model::edit::{Applied, EditError, LENGTH_MAX, ShotRef, TextStyle, Words};
use crate::model::media::Kind;
use crate::model::state::State;
use crate::model::time::Millis;

pub(super) fn reverse(state: &State) -> Result<Applied, EditError> {
    let timeline = Timeline::open_made(state)?;
    let order: Vec<usize> = (0..timeline.shots().len()).rev().collect();
    let words = Words::new("shots now play in reverse order", "镜头顺序已反转");
    Ok(Applied { state: ordered(timeline, &order).close(state), words })
}

pub(super) fn move_to(state: &State, shot: &ShotRef, to: usize) -> Result<Applied, EditError> {
    let timeline = Timeline::open_made(state)?;
    let at = found(&timeline, shot)?;
    let mut order: Vec<usize> = (0..timeline.shots().len()).collect();
    let to = to.clamp(1, order.len());
    order.remove(at);
    order.insert(to - 1, at);
    let name = name(&timeline, at);
    let words = Words::new(
        format!("{name} moved: place {} → {to}", at + 1),
        format!("{name} 已移动：第 {} 位 → 第 {to} 位", at + 1),
    );
    Ok(Applied { state: ordered(timeline, &order).close(state), words })
}

pub(super) fn swap(state: &State, one: &ShotRef, other: &ShotRef) -> Result<Applied, EditError> {
    let timeline = Timeline::open_made(state)?;
    let (a, b) = (found(&timeline, one)?, found(&timeline, other)?);
    let mut order: Vec<usize> = (0..timeline.shots().len()).collect();
    order.swap(a, b);
    let (first, second) = (name(&timeline, a), name(&timeline, b));
    let words = Words::new(
        format!("{first} and {second} changed places: {} ↔ {}", a + 1, b + 1),
        format!("{first} 与 {second} 已互换位置：第 {} 位 ↔ 第 {} 位", a + 1, b + 1),
    );
    Ok(Applied { state: ordered(timeline, &order).close(state), words })
}

pub(super) fn duplicate(state: &State, shot: &ShotRef) -> Result<Applied, EditError> {
    let mut timeline = Timeline::open_made(state)?;
    let at = found(&timeline, shot)?;
    let was = timeline.total();
    let shot = timeline.shots()[at].clone();
    let pieces = timeline.main()[shot.clone()].to_vec();
    let (after, length) = (ends(&pieces).1, ends(&pieces).1 - ends(&pieces).0);
    if (was + length) > LENGTH_MAX {
        return Err(EditError::Length(was + length));
    }
    let name = name(&timeline, at);
    let ids = (timeline.last_id() + 1..).map(|n| format!("sg_{n}"));
    let copies = pieces.into_iter().zip(ids).map(|(piece, id)| piece.with_id(id));
    timeline.segments_mut(&Role::Main).splice(shot.end..shot.end, copies.collect::<Vec<_>>());
    timeline.retain_others(|role, segment| {
        if matches!(role, Role::Text(_)) && segment.start() >= after {
            segment.set_start(segment.start() + length);
        }
        true
    });
    timeline.lay();
    timeline.settle(was);
    let total = timeline.total();
    let words = Words::new(
        format!("{name} plays twice; length {was} s → {total} s"),
        format!("{name} 已重复一次；时长 {was} 秒 → {total} 秒"),
    );
    Ok(Applied { state: timeline.close(state), words })
}

pub(super) fn delete(state: &State, shot: &ShotRef) -> Result<Applied, EditError> {
    let mut timeline = Timeline::open_made(state)?;
    let at = found(&timeline, shot)?;
    if timeline.shots().len() == 1 {
        return Err(EditError::Nowhere("it is the only shot; say `start over` to clear the timeline"));
    }
    let was = timeline.total();
    let name = name(&timeline, at);
    let (start, end) = ends(&timeline.main()[timeline.shots()[at].clone()]);
    retain(&mut timeline, &[(Millis(0), start), (end, was)]);
    let total = timeline.total();
    let words = Words::new(
        format!("{name} removed; length {was} s → {total} s"),
        format!("{name} 已删除；时长 {was} 秒 → {total} 秒"),
    );
    Ok(Applied { state: timeline.close(state), words })
}

/// The shots in another order; the words of a scene go where their scene goes.
fn ordered(mut timeline: Timeline, order: &[usize]) -> Timeline {
    let old = timeline.main().to_vec();
    let shots = timeline.shots();
    let blend = old.iter().find_map(Segment::transition);
    let mut segments: Vec<Segment> = Vec::new();
    for (place, at) in order.iter().enumerate() {
        let mut pieces = old[shots[*at].clone()].to_vec();
        if let Some((kind, length)) = blend.as_ref().filter(|_| place > 0 && pieces[0].transition().is_none())
        {
            pieces[0].set_transition(kind, *length);
        }
        segments.extend(pieces);
    }
    *timeline.segments_mut(&Role::Main) = segments;
    timeline.lay();
    let starts = timeline.shots().into_iter().map(|shot| timeline.main()[shot.start].start());
    let moved: Vec<((Millis, Millis), Millis)> =
        order.iter().map(|at| ends(&old[shots[*at].clone()])).zip(starts).collect();
    for style in [TextStyle::Statement, TextStyle::Caption] {
        let texts = timeline.segments_mut(&Role::Text(style));
        for text in texts.iter_mut() {
            let inside =
                |((from, to), _): &&((Millis, Millis), Millis)| *from <= text.start() && text.end() <= *to;
            if let Some(((from, _), start)) = moved.iter().find(inside) {
                text.set_start(*start + (text.start() - *from));
            }
        }
        texts.sort_by_key(Segment::start);
    }
    timeline
}

/// Where the pieces of a shot begin and end.
fn ends(pieces: &[Segment]) -> (Millis, Millis) {
    let start = pieces.first().map(Segment::start).unwrap_or_default();
    (start, pieces.last().map(Segment::end).unwrap_or_default())
}

fn name(timeline: &Timeline, at: usize) -> String {
    timeline.main()[timeline.shots()[at].start].word("name").to_owned()
}

/// The position of a shot among the shots.
pub(super) fn found(timeline: &Timeline, wanted: &ShotRef) -> Result<usize, EditError> {
    let of = |kind: &Option<Kind>, shot: &Segment| kind.is_none_or(|kind| shot.is_kind(kind.word()));
    let all = timeline.shots();
    let shots = || all.iter().map(|shot| &timeline.main()[shot.start]).enumerate();
    let (at, name) = match wanted {
        ShotRef::Nth(n, kind) => {
            let nth = n.checked_sub(1).and_then(|n| shots().filter(|(_, s)| of(kind, s)).nth(n));
            (nth.map(|(at, _)| at), format!("number {n}"))
        }
        ShotRef::Last(kind) => {
            (shots().rfind(|(_, s)| of(kind, s)).map(|(at, _)| at), "the last one".to_owned())
        }
        ShotRef::Named(name) => {
            let stem = crate::model::media::stem(name);
            let named = |shot: &Segment| shot.word("name").eq_ignore_ascii_case(stem);
            (shots().find(|(_, shot)| named(shot)).map(|(at, _)| at), name.clone())
        }
    };
    at.ok_or(EditError::NoShot { wanted: name, count: all.len() })
}
