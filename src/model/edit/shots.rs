//! One shot alone: how fast it plays, how long it stands.

use serde_json::json;

use crate::model::edit::cut::{SPEED_MAX, SPEED_MIN};
use crate::model::edit::order::found;
use crate::model::edit::timeline::{Role, Segment, Timeline};
use crate::model::edit::{Applied, EditError, LENGTH_MAX, LENGTH_MIN, ShotRef, TextStyle, Words};
use crate::model::state::State;
use crate::model::time::Millis;

/// A photo that stands shorter is a flicker.
const HOLD_MIN: Millis = Millis(200);
/// Longer, and it is no video any more.
const HOLD_MAX: Millis = Millis(60_000);

/// Plays one shot faster or slower.
pub(super) fn speed(state: &State, factor: f64, shot: &ShotRef) -> Result<Applied, EditError> {
    if !(SPEED_MIN..=SPEED_MAX).contains(&factor) {
        return Err(EditError::Range { what: "speed", value: factor, min: SPEED_MIN, max: SPEED_MAX });
    }
    let mut timeline = Timeline::open_made(state)?;
    let at = found(&timeline, shot)?;
    let was = timeline.total();
    let wanted = &timeline.main()[at];
    let (name, plays) = (wanted.word("name").to_owned(), wanted.is_kind("video"));
    let length = Millis((wanted.length().0 as f64 / factor).round() as u64);
    let before = wanted.speed();
    lengthen(&mut timeline, &[(at, length)])?;
    let after = (before * factor * 1000.0).round() / 1000.0;
    if plays {
        timeline.segments_mut(&Role::Main)[at].set_meta("speed", json!(after));
    }
    let total = timeline.total();
    let words = Words::new(
        format!("{name}: speed {before}x → {after}x; length {was} s → {total} s"),
        format!("{name}：速度 {before} 倍 → {after} 倍；时长 {was} 秒 → {total} 秒"),
    );
    Ok(Applied { state: timeline.close(state), words })
}

/// Lets one photo, or each, stand for so long.
pub(super) fn hold(state: &State, shot: Option<&ShotRef>, length: Millis) -> Result<Applied, EditError> {
    if !(HOLD_MIN..=HOLD_MAX).contains(&length) {
        let (min, max) = (HOLD_MIN.seconds(), HOLD_MAX.seconds());
        return Err(EditError::Range { what: "seconds of a photo", value: length.seconds(), min, max });
    }
    let mut timeline = Timeline::open_made(state)?;
    let stands = |shot: &Segment| !shot.is_kind("video");
    let meant: Vec<usize> = match shot {
        Some(shot) => vec![found(&timeline, shot)?],
        None => (0..timeline.main().len()).filter(|at| stands(&timeline.main()[*at])).collect(),
    };
    let first = meant.first().map(|at| timeline.main()[*at].clone());
    let Some(first) = first.filter(stands) else {
        return Err(EditError::Nowhere("only photos can be held; a clip has its own length"));
    };
    let was = timeline.total();
    let lengths: Vec<(usize, Millis)> = meant.iter().map(|at| (*at, length)).collect();
    lengthen(&mut timeline, &lengths)?;
    let (name, before, total) = (first.word("name"), first.length(), timeline.total());
    let words = match shot {
        Some(_) => Words::new(
            format!("{name} stands {before} s → {length} s; length {was} s → {total} s"),
            format!("{name} 停留 {before} 秒 → {length} 秒；时长 {was} 秒 → {total} 秒"),
        ),
        None => Words::new(
            format!("{} photos stand {length} s each; length {was} s → {total} s", meant.len()),
            format!("{} 张照片各停留 {length} 秒；时长 {was} 秒 → {total} 秒", meant.len()),
        ),
    };
    Ok(Applied { state: timeline.close(state), words })
}

/// Gives shots other lengths. Words of a shot grow with it, what comes after it moves along.
fn lengthen(timeline: &mut Timeline, lengths: &[(usize, Millis)]) -> Result<(), EditError> {
    let was = timeline.total();
    let old: Vec<Segment> = timeline.main().to_vec();
    for (at, length) in lengths {
        timeline.segments_mut(&Role::Main)[*at].set_length((*length).max(Millis(1)));
    }
    timeline.lay();
    let total = timeline.total();
    if !(LENGTH_MIN..=LENGTH_MAX).contains(&total) {
        return Err(EditError::Length(total));
    }
    let new: Vec<Segment> = timeline.main().to_vec();
    let place = |time: Millis| {
        let within = |(before, _): &(&Segment, &Segment)| before.start() <= time && time < before.end();
        let Some((before, after)) = old.iter().zip(&new).find(within) else { return total };
        let into = (time - before.start()).0 as f64 / before.length().0.max(1) as f64;
        after.start() + Millis((into * after.length().0 as f64).round() as u64)
    };
    timeline.retain_others(|role, segment| {
        let (start, end) = (place(segment.start()), place(segment.end()));
        if matches!(role, Role::Text(TextStyle::Title | TextStyle::LowerThird)) {
            segment.set_start(start);
        } else if !matches!(role, Role::Voice) {
            segment.set_start(start);
            segment.set_length(end - start);
        }
        true
    });
    timeline.settle(was);
    Ok(())
}
