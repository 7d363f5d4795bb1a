//! One shot alone: how fast it plays, how long it stands.

use std::ops::Range;

use serde_json::json;

use crate::model::edit::cut::{SPEED_MAX, SPEED_MIN, shared};
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
    let timeline = Timeline::open_made(state)?;
    let meant = timeline.shots()[found(&timeline, shot)?].clone();
    let name = timeline.main()[meant.start].word("name").to_owned();
    let of = Words::new(format!("{name}: "), format!("{name}："));
    paced(timeline, factor, &meant, &of)
        .map(|(timeline, words)| Applied { state: timeline.close(state), words })
}

/// Plays some segments faster or slower; `of` is how the answer names them.
pub(super) fn paced(
    mut timeline: Timeline,
    factor: f64,
    meant: &Range<usize>,
    of: &Words,
) -> Result<(Timeline, Words), EditError> {
    if !(SPEED_MIN..=SPEED_MAX).contains(&factor) {
        return Err(EditError::Range { what: "speed", value: factor, min: SPEED_MIN, max: SPEED_MAX });
    }
    let was = timeline.total();
    let before = timeline.main()[meant.start].speed();
    let shorter = |at: usize| Millis((timeline.main()[at].length().0 as f64 / factor).round() as u64);
    let lengths: Vec<(usize, Millis)> = meant.clone().map(|at| (at, shorter(at))).collect();
    for piece in timeline.segments_mut(&Role::Main)[meant.clone()].iter_mut().filter(|p| p.is_kind("video")) {
        piece.set_meta("speed", json!(thousandths(piece.speed() * factor)));
    }
    lengthen(&mut timeline, &lengths)?;
    timeline.knit();
    let (after, total) = (thousandths(before * factor), timeline.total());
    let words = Words::new(
        format!("{}speed {before}x → {after}x; length {was} s → {total} s", of.en),
        format!("{}速度 {before} 倍 → {after} 倍；时长 {was} 秒 → {total} 秒", of.zh),
    );
    Ok((timeline, words))
}

fn thousandths(speed: f64) -> f64 {
    (speed * 1000.0).round() / 1000.0
}

/// Lets one photo, or each, stand for so long.
pub(super) fn hold(state: &State, shot: Option<&ShotRef>, length: Millis) -> Result<Applied, EditError> {
    if !(HOLD_MIN..=HOLD_MAX).contains(&length) {
        let (min, max) = (HOLD_MIN.seconds(), HOLD_MAX.seconds());
        return Err(EditError::Range { what: "seconds of a photo", value: length.seconds(), min, max });
    }
    let mut timeline = Timeline::open_made(state)?;
    let still = |shot: &Range<usize>| !timeline.main()[shot.start].is_kind("video");
    let all = timeline.shots();
    let meant: Vec<Range<usize>> = match shot {
        Some(shot) => vec![all[found(&timeline, shot)?].clone()],
        None => all.into_iter().filter(still).collect(),
    };
    let Some(first) = meant.first().filter(|first| still(first)) else {
        return Err(EditError::Nowhere("only photos can be held; a clip has its own length"));
    };
    let first = timeline.main()[first.clone()].to_vec();
    let was = timeline.total();
    let lengths: Vec<(usize, Millis)> = meant
        .iter()
        .flat_map(|shot| shot.clone().zip(shared(&timeline.main()[shot.clone()], length)))
        .collect();
    lengthen(&mut timeline, &lengths)?;
    let before = Millis(first.iter().map(|piece| piece.length().0).sum());
    let (name, total) = (first[0].word("name"), timeline.total());
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
