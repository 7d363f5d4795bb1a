//! Pieces of a shot: where a part of a shot looks, sounds or plays otherwise, the shot is several
//! segments, each but the first marked as going on where the one before it ends.
//!
//! To whatever counts, moves, joins or times shots they are one: they move together, and no
//! transition stands between them. A piece whose neighbour has gone is a shot of its own.

use std::ops::Range;

use serde_json::json;

use crate::model::edit::timeline::{Role, Segment, Timeline};
use crate::model::time::Millis;

/// A piece shorter than this is a flicker: a shot is not split so near to its ends.
const PIECE_MIN: Millis = Millis(100);
/// The key that marks a piece.
const GOES_ON: &str = "goes_on";
/// Where two pieces of one shot may differ without anything to see or hear.
const PLACES: [&str; 4] = ["id", "s", "d", "ss"];

impl Timeline {
    /// Returns where the segments of each shot stand on the main track.
    pub(super) fn shots(&self) -> Vec<Range<usize>> {
        let mut shots: Vec<Range<usize>> = Vec::new();
        for (at, segment) in self.main().iter().enumerate() {
            match shots.last_mut().filter(|_| segment.goes_on()) {
                Some(shot) => shot.end = at + 1,
                None => shots.push(at..at + 1),
            }
        }
        shots
    }

    /// Lays the segments of the main track end to end, and tidies the transitions of the shots:
    /// none on the first, none longer than half of a shot that it joins.
    pub(super) fn lay(&mut self) {
        let segments = self.segments_mut(&Role::Main);
        let mut at = Millis(0);
        for next in 0..segments.len() {
            let (before, rest) = segments.split_at_mut(next);
            rest[0].set_start(at);
            rest[0].follow(before.last());
            at = rest[0].end();
        }
        let mut before: Option<Millis> = None;
        for shot in self.shots() {
            let pieces = &mut self.segments_mut(&Role::Main)[shot];
            let length = Millis(pieces.iter().map(|piece| piece.length().0).sum());
            let room = before.map(|before| Millis(before.min(length).0 / 2));
            before = Some(length);
            match (pieces[0].transition(), room) {
                (Some((kind, length)), Some(room)) if room > Millis(0) => {
                    pieces[0].set_transition(&kind, length.min(room));
                }
                (Some(_), _) => pieces[0].unset_meta("transition"),
                (None, _) => (),
            }
        }
    }

    /// Splits what stands at two moments, as near to them as it can be split, and returns where.
    pub(super) fn carve(&mut self, from: Millis, to: Millis) -> (Millis, Millis) {
        let mut start = self.seam(from);
        self.split(start);
        let mut end = self.seam(to);
        if end <= start {
            // What is meant lies inside of one transition or fade: all of that is it.
            start = self.closed(from).map_or(start, |(first, _)| first);
            end = self.closed(to).map_or(end, |(_, last)| last);
        }
        self.split(end);
        (start, end)
    }

    /// Puts pieces together again that differ in nothing but their place.
    pub(super) fn knit(&mut self) {
        let segments = std::mem::take(self.segments_mut(&Role::Main));
        let mut whole: Vec<Segment> = Vec::new();
        for piece in segments {
            match whole.last_mut().filter(|before| piece.goes_on() && piece.is_as(before)) {
                Some(before) => {
                    before.set_length(before.length() + piece.length());
                    if let Some(fade) = piece.meta("fade_out") {
                        before.set_meta("fade_out", fade.clone());
                    }
                }
                None => whole.push(piece),
            }
        }
        *self.segments_mut(&Role::Main) = whole;
    }

    /// Splits the segment at a moment in two pieces; at its ends nothing is to be done.
    fn split(&mut self, at: Millis) {
        let inside = |segment: &Segment| segment.start() < at && at < segment.end();
        let Some(place) = self.main().iter().position(inside) else { return };
        let id = format!("sg_{}", self.last_id() + 1);
        let segments = self.segments_mut(&Role::Main);
        let head = &mut segments[place];
        let mut tail = head.clone().with_id(id);
        tail.set_start(at);
        tail.set_length(head.end() - at);
        tail.set_meta(GOES_ON, json!(true));
        tail.unset_meta("transition");
        tail.unset_meta("fade_in");
        head.unset_meta("fade_out");
        head.set_length(at - head.start());
        tail.follow(Some(head));
        segments.insert(place + 1, tail);
    }

    /// The moment nearest to `at` where a segment may be split, or ends.
    fn seam(&self, at: Millis) -> Millis {
        match self.closed(at) {
            Some((from, to)) if at - from <= to - at => from,
            Some((_, to)) => to,
            None => at,
        }
    }

    /// The stretch around `at` that is one: a transition, a fade, an end card, the very end.
    fn closed(&self, at: Millis) -> Option<(Millis, Millis)> {
        let segment = self.main().iter().find(|segment| segment.start() < at && at < segment.end())?;
        let (start, end) = (segment.start(), segment.end());
        if segment.is_end_card() {
            return Some((start, end));
        }
        let blend = segment.transition().map(|(_, length)| length).unwrap_or_default();
        let head = start + blend.max(segment.time("fade_in")).max(PIECE_MIN);
        let tail = end - segment.time("fade_out").max(PIECE_MIN);
        match (at < head, at > tail) {
            _ if head > tail => Some((start, end)),
            (true, _) => Some((start, head)),
            (_, true) => Some((tail, end)),
            _ => None,
        }
    }
}

impl Segment {
    /// Whether it goes on where the segment before it ends.
    pub(super) fn goes_on(&self) -> bool {
        self.meta(GOES_ON) == Some(&json!(true))
    }

    /// Makes it a shot of its own.
    pub(super) fn stands_alone(&mut self) {
        self.unset_meta(GOES_ON);
    }

    /// A piece goes on in the material of the segment before it; of another shot it is none.
    fn follow(&mut self, before: Option<&Self>) {
        if !self.goes_on() {
            return;
        }
        let same = |other: &&Self| {
            other.source() == self.source()
                && other.word("kind") == self.word("kind")
                && other.word("name") == self.word("name")
        };
        let Some(before) = before.filter(same) else { return self.stands_alone() };
        self.unset_meta("transition");
        if self.is_kind("video") {
            let played = (before.length().0 as f64 * before.speed()).round() as u64;
            self.set("ss", json!((before.offset() + Millis(played)).0));
        }
    }

    /// Whether it differs from `other`, which it goes on from, in nothing but its place.
    fn is_as(&self, other: &Self) -> bool {
        let (mut one, mut two) = (self.clone(), other.clone());
        one.unset_meta(GOES_ON);
        two.unset_meta(GOES_ON);
        // These belong to the ends of a shot, not to its pieces.
        two.unset_meta("transition");
        two.unset_meta("fade_in");
        one.unset_meta("fade_out");
        two.unset_meta("fade_out");
        PLACES.iter().for_each(|key| {
            one.unset(key);
            two.unset(key);
        });
        one == two
    }
}
