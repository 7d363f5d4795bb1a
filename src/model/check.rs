//! Can a draft be rendered? What would go wrong, in words, before anything is sent.

use crate::model::draft::{Draft, Segment, TrackKind};
use crate::model::media::{self, Kind};
use crate::model::time::Millis;

/// A reason why a render of a draft would fail or disappoint.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
pub enum Problem {
    /// There is nothing to render: no track has a segment.
    #[error("the timeline is empty: no track has a segment")]
    Empty,
    /// A segment has no length.
    #[error("segment {segment} of track {track} (`{name}`) has no length")]
    NoLength {
        /// Position of the track, from 1.
        track: usize,
        /// Position of the segment, from 1.
        segment: usize,
        /// Its name.
        name: String,
    },
    /// Two pictures of one track stand at the same time.
    #[error("`{first}` and `{second}` of track {track} overlap from {from}s")]
    Overlap {
        /// Position of the track, from 1.
        track: usize,
        /// Name of the earlier segment.
        first: String,
        /// Name of the later one.
        second: String,
        /// Where the overlap begins.
        from: Millis,
    },
    /// A volume that is no volume.
    #[error("`{name}` of track {track} has volume {volume}; it goes from 0 to 1")]
    Volume {
        /// Position of the track, from 1.
        track: usize,
        /// Name of the segment.
        name: String,
        /// The volume that was found.
        volume: String,
    },
}

/// Returns whether a draft can be exported at all: some track has a segment. This is the
/// backend's own documented rule; [`problems`] looks closer.
pub fn exportable(draft: &Draft) -> bool {
    draft.tracks().iter().any(|track| !track.segments.is_empty())
}

/// Returns whether something of a draft may be heard: music, a voice, or a clip that is not muted.
pub fn sounds(draft: &Draft) -> bool {
    let heard = |track: &TrackKind, segment: &Segment<'_>| {
        let kind = segment.source.and_then(media::format_of).map(|format| format.kind);
        let may = match track {
            TrackKind::Audio => true,
            TrackKind::Video => kind == Some(Kind::Video),
            TrackKind::Text | TrackKind::Other(_) => false,
        };
        may && segment.volume != Some(0.0)
    };
    draft.tracks().iter().any(|track| track.segments.iter().any(|segment| heard(&track.kind, segment)))
}

/// Returns everything that is wrong with a draft; empty when all is well.
pub fn problems(draft: &Draft) -> Vec<Problem> {
    if !exportable(draft) {
        return vec![Problem::Empty];
    }
    let mut found = Vec::new();
    for (t, track) in draft.tracks().iter().enumerate() {
        for (s, segment) in track.segments.iter().enumerate() {
            let name = || segment.name.clone().into_owned();
            if segment.duration == Millis(0) {
                found.push(Problem::NoLength { track: t + 1, segment: s + 1, name: name() });
            }
            match segment.volume {
                Some(volume) if !(0.0..=1.0).contains(&volume) => {
                    found.push(Problem::Volume { track: t + 1, name: name(), volume: volume.to_string() });
                }
                _ => (),
            }
        }
        if track.kind == TrackKind::Video {
            found.extend(overlaps(t, &track.segments));
        }
    }
    found
}

fn overlaps(track: usize, segments: &[Segment<'_>]) -> Vec<Problem> {
    let mut ordered: Vec<_> = segments.iter().collect();
    ordered.sort_by_key(|segment| segment.start);
    let pairs = ordered.windows(2).filter(|pair| pair[1].start < pair[0].end());
    let problem = |pair: &[&Segment<'_>]| Problem::Overlap {
        track: track + 1,
        first: pair[0].name.clone().into_owned(),
        second: pair[1].name.clone().into_owned(),
        from: pair[1].start,
    };
    pairs.map(problem).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(draft: &str) -> Vec<String> {
        problems(&Draft::parse(draft).unwrap()).iter().map(ToString::to_string).collect()
    }

    #[test]
    fn a_draft_without_segments_is_empty() {
        for draft in ["{}", r#"{"t":[]}"#, r#"{"t":[{"tt":0,"sg":null},{"tt":1,"sg":[]}]}"#] {
            assert_eq!(found(draft), ["the timeline is empty: no track has a segment"]);
        }
    }

    #[test]
    fn each_problem_names_its_place() {
        let draft = r#"{"t":[{"tt":0,"sg":[{"s":0,"d":900,"n":"a"},{"s":600,"d":0,"n":"b"}]},
            {"tt":1,"sg":[{"d":5,"v":-1,"n":"m"}]}]}"#;
        assert_eq!(
            found(draft),
            [
                "segment 2 of track 1 (`b`) has no length",
                "`a` and `b` of track 1 overlap from 0.6s",
                "`m` of track 2 has volume -1; it goes from 0 to 1",
            ]
        );
    }

    #[test]
    fn music_and_clips_that_are_not_muted_may_be_heard() {
        let may = |track: &str| sounds(&Draft::parse(&format!(r#"{{"t":[{track}]}}"#)).unwrap());
        assert!(may(r#"{"tt":1,"sg":[{"d":5,"src":"studio:music/calm"}]}"#));
        assert!(may(r#"{"tt":0,"sg":[{"d":5,"src":"/media/x/a.mp4"}]}"#));
        assert!(!may(r#"{"tt":0,"sg":[{"d":5,"src":"/media/x/a.mp4","v":0},{"d":5,"src":"b.jpg"}]}"#));
        assert!(!may(r#"{"tt":7,"sg":[{"d":5,"text":"Hi"}]}"#));
    }

    #[test]
    fn captions_may_overlap_and_a_plain_draft_has_no_problem() {
        let draft = r#"{"t":[{"tt":0,"sg":[{"s":0,"d":5},{"s":5,"d":5}]},{"tt":7,"sg":[{"s":0,"d":5},{"s":1,"d":5}]}]}"#;
        assert!(found(draft).is_empty());
    }
}
