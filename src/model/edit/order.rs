//! The order of the shots: moved, swapped, doubled, taken out.

use crate::model::edit::cut::retain;
use crate::model::edit::timeline::{Role, Segment, Timeline};
use crate::model::edit::{Applied, EditError, LENGTH_MAX, ShotRef, TextStyle, Words};
use crate::model::media::Kind;
use crate::model::state::State;
use crate::model::time::Millis;

pub(super) fn reverse(state: &State) -> Result<Applied, EditError> {
    let timeline = Timeline::open_made(state)?;
    let order: Vec<usize> = (0..timeline.main().len()).rev().collect();
    let words = Words::new("shots now play in reverse order", "镜头顺序已反转");
    Ok(Applied { state: ordered(timeline, &order).close(state), words })
}

pub(super) fn move_to(state: &State, shot: &ShotRef, to: usize) -> Result<Applied, EditError> {
    let timeline = Timeline::open_made(state)?;
    let at = found(&timeline, shot)?;
    let mut order: Vec<usize> = (0..timeline.main().len()).collect();
    let to = to.clamp(1, order.len());
    order.remove(at);
    order.insert(to - 1, at);
    let name = timeline.main()[at].word("name").to_owned();
    let words = Words::new(
        format!("{name} moved: place {} → {to}", at + 1),
        format!("{name} 已移动：第 {} 位 → 第 {to} 位", at + 1),
    );
    Ok(Applied { state: ordered(timeline, &order).close(state), words })
}

pub(super) fn swap(state: &State, one: &ShotRef, other: &ShotRef) -> Result<Applied, EditError> {
    let timeline = Timeline::open_made(state)?;
    let (a, b) = (found(&timeline, one)?, found(&timeline, other)?);
    let mut order: Vec<usize> = (0..timeline.main().len()).collect();
    order.swap(a, b);
    let name = |at: usize| timeline.main()[at].word("name").to_owned();
    let (first, second) = (name(a), name(b));
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
    let copy = timeline.main()[at].clone();
    let (after, length) = (copy.end(), copy.length());
    if (was + length) > LENGTH_MAX {
        return Err(EditError::Length(was + length));
    }
    let id = format!("sg_{}", timeline.last_id() + 1);
    let name = copy.word("name").to_owned();
    timeline.segments_mut(&Role::Main).insert(at + 1, copy.with_id(id));
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
    if timeline.main().len() == 1 {
        return Err(EditError::Nowhere("it is the only shot; say `start over` to clear the timeline"));
    }
    let was = timeline.total();
    let gone = timeline.main()[at].clone();
    retain(&mut timeline, &[(Millis(0), gone.start()), (gone.end(), was)]);
    let (name, total) = (gone.word("name"), timeline.total());
    let words = Words::new(
        format!("{name} removed; length {was} s → {total} s"),
        format!("{name} 已删除；时长 {was} 秒 → {total} 秒"),
    );
    Ok(Applied { state: timeline.close(state), words })
}

/// The shots in another order; the words of a scene go where their scene goes.
fn ordered(mut timeline: Timeline, order: &[usize]) -> Timeline {
    let old = timeline.main().to_vec();
    let blend = old.iter().find_map(Segment::transition);
    let mut shots: Vec<Segment> = order.iter().map(|at| old[*at].clone()).collect();
    for shot in shots.iter_mut().skip(1).filter(|shot| shot.transition().is_none()) {
        if let Some((kind, length)) = &blend {
            shot.set_transition(kind, *length);
        }
    }
    *timeline.segments_mut(&Role::Main) = shots;
    timeline.lay();
    let moved: Vec<(Segment, Millis)> =
        order.iter().zip(timeline.main()).map(|(from, shot)| (old[*from].clone(), shot.start())).collect();
    for style in [TextStyle::Statement, TextStyle::Caption] {
        let texts = timeline.segments_mut(&Role::Text(style));
        for text in texts.iter_mut() {
            let home =
                moved.iter().find(|(shot, _)| shot.start() <= text.start() && text.end() <= shot.end());
            if let Some((shot, start)) = home {
                text.set_start(*start + (text.start() - shot.start()));
            }
        }
        texts.sort_by_key(Segment::start);
    }
    timeline
}

/// The position of a shot.
pub(super) fn found(timeline: &Timeline, wanted: &ShotRef) -> Result<usize, EditError> {
    let of = |kind: &Option<Kind>, shot: &Segment| kind.is_none_or(|kind| shot.is_kind(kind.word()));
    let shots = || timeline.main().iter().enumerate();
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
    at.ok_or(EditError::NoShot { wanted: name, count: timeline.main().len() })
}
