//! A part of the timeline alone: all of it, one shot, or a stretch that shots are split around.

use std::ops::Range;

use crate::model::edit::order::found;
use crate::model::edit::timeline::Timeline;
use crate::model::edit::{Applied, EditError, Point, ShotRef, Span, Treatment, Words, picture, shots, sound};
use crate::model::state::State;

/// The segments that an edit is for, and how its answer names them.
pub(super) struct Meant {
    pub(super) places: Range<usize>,
    /// `beans: ` or `0:05-0:08: `; empty for all of them.
    pub(super) of: Words,
}

/// Treats all shots, or one of them.
pub(super) fn of(
    state: &State,
    shot: Option<&ShotRef>,
    treat: impl FnOnce(&mut Timeline, &Meant) -> Result<Words, EditError>,
) -> Result<Applied, EditError> {
    let mut timeline = Timeline::open_made(state)?;
    let meant = of_shot(&timeline, shot)?;
    let words = treat(&mut timeline, &meant)?;
    Ok(Applied { state: timeline.close(state), words })
}

/// Treats a stretch of the timeline and nothing else.
pub(super) fn within(state: &State, span: Span, treatment: &Treatment) -> Result<Applied, EditError> {
    let mut timeline = Timeline::open_made(state)?;
    let meant = stretch(&mut timeline, span, treatment)?;
    let words = match treatment {
        Treatment::Look(look) => picture::look(&mut timeline, *look, &meant),
        Treatment::Sound(level) => sound::own_sound(&mut timeline, *level, &meant)?,
        Treatment::Speed(factor) => {
            let (paced, words) = shots::paced(timeline, *factor, &meant.places, &meant.of)?;
            timeline = paced;
            words
        }
    };
    Ok(Applied { state: timeline.close(state), words })
}

fn of_shot(timeline: &Timeline, shot: Option<&ShotRef>) -> Result<Meant, EditError> {
    let Some(shot) = shot else {
        return Ok(Meant { places: 0..timeline.main().len(), of: Words::default() });
    };
    let places = timeline.shots()[found(timeline, shot)?].clone();
    let name = timeline.main()[places.start].word("name");
    Ok(Meant { of: Words::new(format!("{name}: "), format!("{name}：")), places })
}

/// Splits the shots at both ends of a stretch.
fn stretch(timeline: &mut Timeline, span: Span, treatment: &Treatment) -> Result<Meant, EditError> {
    let total = timeline.total();
    let (from, mut to) = (timeline.moment(span.from)?, timeline.moment(span.to)?);
    if matches!(treatment, Treatment::Speed(_)) {
        // An end card is read at its own pace.
        to = to.min(timeline.logo_end());
    }
    if let (Point::At(at), true) = (span.from, from == total) {
        return Err(EditError::Late { at, total });
    }
    if to <= from {
        return Err(EditError::Span { from, to, total, verb: "changed" });
    }
    let (start, end) = timeline.carve(from, to);
    let inside = |at: &usize| timeline.main()[*at].start() >= start && timeline.main()[*at].end() <= end;
    let places: Vec<usize> = (0..timeline.main().len()).filter(inside).collect();
    let (Some(first), Some(last)) = (places.first(), places.last()) else {
        return Err(EditError::Span { from, to, total, verb: "changed" });
    };
    let at = format!("{}-{}", start.clock(), end.clock());
    Ok(Meant { places: *first..last + 1, of: Words::new(format!("{at}: "), format!("{at}：")) })
}
