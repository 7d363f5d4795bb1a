//! A timeline in little: what stands where, without the backend's own keys. Small enough to be
//! kept with every export, and all that a picture of it needs.

use serde::{Deserialize, Serialize};

use crate::model::draft::{self, Draft};

/// Tracks that are kept; more are counted. A person's timeline has a handful.
const TRACKS_MAX: usize = 24;
/// Segments of one track that are kept; more are counted. Captions may be a hundred.
const SEGMENTS_MAX: usize = 200;
/// Characters of a text or a name that are kept.
const LABEL_CHARS_MAX: usize = 100;

/// A timeline in little.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Timeline {
    /// Its length.
    pub seconds: f64,
    /// Pixels across and down, when the draft states them.
    #[serde(default)]
    pub size: Option<(u32, u32)>,
    /// Its tracks, in the order of the draft.
    pub tracks: Vec<Track>,
    /// Tracks that were left out.
    #[serde(default)]
    pub more: usize,
}

/// One track of it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Track {
    /// `video`, `audio`, `text` or `other`.
    pub kind: String,
    /// What stands on it.
    pub segments: Vec<Segment>,
    /// Segments that were left out.
    #[serde(default)]
    pub more: usize,
}

/// One stretch of a track.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Segment {
    /// Where it begins, in seconds.
    pub start: f64,
    /// Its length.
    pub seconds: f64,
    /// Its words, or the name of its media.
    pub label: String,
    /// How loud it is, from 0, where 1 is as recorded; none when nothing is said.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub volume: Option<f64>,
}

impl Timeline {
    /// Makes the little form of a draft.
    pub fn of(draft: &Draft) -> Self {
        let tracks = draft.tracks();
        Self {
            seconds: draft.duration().seconds(),
            size: draft.size(),
            tracks: tracks.iter().take(TRACKS_MAX).map(Track::of).collect(),
            more: tracks.len().saturating_sub(TRACKS_MAX),
        }
    }
}

impl Track {
    fn of(track: &draft::Track<'_>) -> Self {
        Self {
            kind: track.kind.word().to_owned(),
            segments: track.segments.iter().take(SEGMENTS_MAX).map(Segment::of).collect(),
            more: track.segments.len().saturating_sub(SEGMENTS_MAX),
        }
    }
}

impl Segment {
    fn of(segment: &draft::Segment<'_>) -> Self {
        let label = segment.text.unwrap_or(&segment.name);
        Self {
            start: segment.start.seconds(),
            seconds: segment.duration.seconds(),
            label: label.chars().take(LABEL_CHARS_MAX).collect(),
            volume: segment.volume,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_draft_in_little_has_its_tracks_times_and_words() {
        let draft = r#"{"m":{"width":1080,"height":1920},"t":[
            {"tt":0,"sg":[{"s":0,"d":4000,"m":{"name":"city"}},{"s":4000,"d":6000,"m":{"name":"beans"}}]},
            {"tt":1,"sg":[{"s":0,"d":10000,"v":0.35,"m":{"name":"Lo-fi"}}]},
            {"tt":7,"sg":[{"s":500,"d":3000,"m":{"text":"晨光"}}]}]}"#;
        let timeline = Timeline::of(&Draft::parse(draft).unwrap());
        assert_eq!((timeline.seconds, timeline.size), (10.0, Some((1080, 1920))));
        let told: Vec<String> = timeline.tracks.iter().map(told).collect();
        assert_eq!(told, ["video: city 0+4, beans 4+6", "audio: Lo-fi 0+10", "text: 晨光 0.5+3"]);
        assert_eq!(timeline.tracks[1].segments[0].volume, Some(0.35));
        let json = serde_json::to_string(&timeline).unwrap();
        assert_eq!(serde_json::from_str::<Timeline>(&json).unwrap(), timeline);
    }

    #[test]
    fn what_is_too_much_is_counted() {
        let segments: Vec<String> = (0..250).map(|n| format!(r#"{{"s":{n},"d":1,"text":"t"}}"#)).collect();
        let draft = format!(r#"{{"t":[{{"tt":7,"sg":[{}]}}]}}"#, segments.join(","));
        let track = Timeline::of(&Draft::parse(&draft).unwrap()).tracks.remove(0);
        assert_eq!((track.segments.len(), track.more), (SEGMENTS_MAX, 50));
    }

    fn told(track: &Track) -> String {
        let segments = track.segments.iter();
        let told: Vec<String> = segments
            .map(|segment| format!("{} {}+{}", segment.label, segment.start, segment.seconds))
            .collect();
        format!("{}: {}", track.kind, told.join(", "))
    }
}
