//! The draft: the backend's own JSON, read through tolerant views and edited one key at a time.
//!
//! Nothing public says which keys a segment has beyond its timing, so the views take the
//! first key that fits from a list of likely ones and fall back to what can be derived.
//! Whatever is not understood stays in place.

use std::borrow::Cow;

use serde_json::{Map, Value};

use crate::model::media;
use crate::model::time::Millis;

/// A timeline as the backend made it. Sent back untouched it is byte for byte what came;
/// after an edit everything but the edited key keeps its order, digits and unknown parts.
#[derive(Clone, Debug)]
pub struct Draft {
    /// The text as it came; none once the draft was edited.
    text: Option<Box<str>>,
    value: Value,
}

/// What a track carries, by its `tt`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum TrackKind {
    /// `tt` 0: pictures, with their own sound.
    Video,
    /// `tt` 1: music and other sound.
    Audio,
    /// `tt` 7: titles, captions, subtitles.
    Text,
    /// Any other `tt`, as the backend wrote it.
    Other(String),
}

impl TrackKind {
    /// Returns the word of scripts: `video`, `audio`, `text` or `other`.
    pub fn word(&self) -> &'static str {
        match self {
            Self::Video => "video",
            Self::Audio => "audio",
            Self::Text => "text",
            Self::Other(_) => "other",
        }
    }
}

/// A look at one track.
#[derive(Clone, Debug)]
pub struct Track<'a> {
    /// The backend's id of the track, when it has one.
    pub id: Option<&'a str>,
    /// What it carries.
    pub kind: TrackKind,
    /// Its segments in the order of the draft.
    pub segments: Vec<Segment<'a>>,
    /// The track's own JSON.
    pub value: &'a Value,
}

/// A look at one segment.
#[derive(Clone, Debug)]
pub struct Segment<'a> {
    /// The backend's id of the segment, when it has one.
    pub id: Option<&'a str>,
    /// When it begins on the timeline; without a stated start, where its predecessor ends.
    pub start: Millis,
    /// How long it lasts; zero when nothing says it.
    pub duration: Millis,
    /// What a person would call it: its name or title, else its file's, else `clip`.
    pub name: Cow<'a, str>,
    /// The words it shows, when it has a key for words.
    pub text: Option<&'a str>,
    /// Path or URL of its media.
    pub source: Option<&'a str>,
    /// Volume from 0 to 1, when stated.
    pub volume: Option<f64>,
    /// Where on the picture it stands, such as `top-center`, when stated.
    pub position: Option<&'a str>,
    /// The segment's own JSON.
    pub value: &'a Value,
}

impl Segment<'_> {
    /// Returns when it ends on the timeline.
    pub fn end(&self) -> Millis {
        self.start + self.duration
    }
}

/// A text that is no draft.
#[derive(Debug, thiserror::Error)]
pub enum DraftError {
    /// The text is not JSON.
    #[error("the draft is not JSON: {0}")]
    NotJson(#[from] serde_json::Error),
    /// The JSON is not an object.
    #[error("the draft is not a JSON object")]
    NotAnObject,
    /// An edit named a track that is not there; positions count from 0.
    #[error("the draft has no track {0}")]
    NoTrack(usize),
    /// An edit named a segment that is not there; positions count from 0.
    #[error("track {0} of the draft has no segment {1}")]
    NoSegment(usize, usize),
    /// The segment's JSON is not an object, so that no key of it can be set.
    #[error("segment {1} of track {0} is not a JSON object")]
    OddSegment(usize, usize),
}

// Likely keys, in the order in which they are tried; each is then tried inside `m`.
const STARTS: &[&str] = &["s", "st", "start", "start_ms", "startTime", "offset", "o", "ts", "in"];
const DURATIONS: &[&str] = &["d", "duration", "duration_ms", "dur"];
const ENDS: &[&str] = &["out", "end", "e"];
const TEXTS: &[&str] = &["text", "content", "tx"];
const SOURCES: &[&str] = &["src", "url", "u", "cdn_url", "media_url", "path"];
const VOLUMES: &[&str] = &["v", "vol", "volume"];
const POSITIONS: &[&str] = &["position", "pos"];

impl Draft {
    /// Reads a draft and keeps its bytes.
    ///
    /// # Errors
    /// [`DraftError::NotJson`] and [`DraftError::NotAnObject`].
    pub fn parse(text: &str) -> Result<Self, DraftError> {
        let value: Value = serde_json::from_str(text)?;
        if !value.is_object() {
            return Err(DraftError::NotAnObject);
        }
        Ok(Self { text: Some(text.into()), value })
    }

    /// Makes a draft of a JSON object.
    pub fn from_object(object: Map<String, Value>) -> Self {
        Self { text: None, value: Value::Object(object) }
    }

    /// Returns the draft as JSON text: the bytes that came, unless it was edited.
    pub fn to_json(&self) -> Cow<'_, str> {
        match &self.text {
            Some(text) => Cow::Borrowed(text),
            None => Cow::Owned(self.value.to_string()),
        }
    }

    /// Returns the draft's JSON.
    pub fn value(&self) -> &Value {
        &self.value
    }

    /// Returns the tracks, in the order of the draft.
    pub fn tracks(&self) -> Vec<Track<'_>> {
        list(&self.value, "t").iter().map(track).collect()
    }

    /// Returns the length: the end of the last segment, or the stated length of a draft
    /// without segments.
    pub fn duration(&self) -> Millis {
        let ends = self.tracks().into_iter().flat_map(|t| t.segments).map(|s| s.end()).max();
        ends.unwrap_or_else(|| number(self.value.get("d")).map(Millis).unwrap_or_default())
    }

    /// Returns the size of the picture that the draft's metadata states.
    pub fn size(&self) -> Option<(u32, u32)> {
        let side = |key| number(self.value.get("m")?.get(key)).and_then(|n| u32::try_from(n).ok());
        Some((side("width")?, side("height")?))
    }

    /// Sets the words of a segment, under the key that holds them now (else `m.text`).
    ///
    /// # Errors
    /// The position is not there, or its JSON is not an object.
    pub fn set_text(&mut self, track: usize, segment: usize, text: &str) -> Result<(), DraftError> {
        self.set(track, segment, TEXTS, Some("m"), Value::from(text))
    }

    /// Sets the volume of a segment, 0 to 1, under the key that holds it now (else `v`).
    ///
    /// # Errors
    /// The position is not there, or its JSON is not an object.
    pub fn set_volume(&mut self, track: usize, segment: usize, volume: f64) -> Result<(), DraftError> {
        self.set(track, segment, VOLUMES, None, Value::from(volume))
    }

    /// Sets the media of a segment, under the key that holds it now (else `src`).
    ///
    /// # Errors
    /// The position is not there, or its JSON is not an object.
    pub fn set_source(&mut self, track: usize, segment: usize, source: &str) -> Result<(), DraftError> {
        self.set(track, segment, SOURCES, None, Value::from(source))
    }

    /// Sets when a segment begins, under the key that holds it now (else `s`).
    ///
    /// # Errors
    /// The position is not there, or its JSON is not an object.
    pub fn set_start(&mut self, track: usize, segment: usize, start: Millis) -> Result<(), DraftError> {
        self.set(track, segment, STARTS, None, Value::from(start.0))
    }

    /// Sets how long a segment lasts, under the key that holds it now (else `d`).
    ///
    /// # Errors
    /// The position is not there, or its JSON is not an object.
    pub fn set_duration(&mut self, track: usize, segment: usize, length: Millis) -> Result<(), DraftError> {
        self.set(track, segment, DURATIONS, None, Value::from(length.0))
    }

    /// Takes a segment out.
    ///
    /// # Errors
    /// The position is not there.
    pub fn remove_segment(&mut self, track: usize, segment: usize) -> Result<(), DraftError> {
        let segments = self.segments_mut(track)?;
        if segment >= segments.len() {
            return Err(DraftError::NoSegment(track, segment));
        }
        segments.remove(segment);
        self.text = None;
        Ok(())
    }

    /// Takes a track out.
    ///
    /// # Errors
    /// The position is not there.
    pub fn remove_track(&mut self, track: usize) -> Result<(), DraftError> {
        let tracks = self.value.get_mut("t").and_then(Value::as_array_mut);
        let tracks = tracks.filter(|tracks| track < tracks.len()).ok_or(DraftError::NoTrack(track))?;
        tracks.remove(track);
        self.text = None;
        Ok(())
    }

    /// Replaces `from` by `to` in the words of every text segment; returns how many changed.
    pub fn replace_text(&mut self, from: &str, to: &str) -> usize {
        let mut places = Vec::new();
        for (t, track) in self.tracks().iter().enumerate() {
            for (s, segment) in track.segments.iter().enumerate() {
                match segment.text {
                    Some(text) if !from.is_empty() && text.contains(from) => {
                        places.push((t, s, text.replace(from, to)));
                    }
                    _ => (),
                }
            }
        }
        places.iter().filter(|(t, s, text)| self.set_text(*t, *s, text).is_ok()).count()
    }

    fn set(
        &mut self,
        track: usize,
        segment: usize,
        keys: &[&str],
        home: Option<&str>,
        new: Value,
    ) -> Result<(), DraftError> {
        let segments = self.segments_mut(track)?;
        let found = segments.get_mut(segment).ok_or(DraftError::NoSegment(track, segment))?;
        let object = found.as_object_mut().ok_or(DraftError::OddSegment(track, segment))?;
        let present = |map: &Map<String, Value>| keys.iter().copied().find(|key| map.contains_key(*key));
        let inner = object.get("m").and_then(Value::as_object).and_then(present);
        let (place, key) = match (present(object), inner, home) {
            (Some(key), ..) => (object, key),
            (None, Some(key), _) => (inner_object(object, "m"), key),
            (None, None, Some(home)) => (inner_object(object, home), keys[0]),
            (None, None, None) => (object, keys[0]),
        };
        place.insert(key.to_owned(), new);
        self.text = None;
        Ok(())
    }

    fn segments_mut(&mut self, track: usize) -> Result<&mut Vec<Value>, DraftError> {
        let tracks = self.value.get_mut("t").and_then(Value::as_array_mut);
        let found = tracks.and_then(|tracks| tracks.get_mut(track)).ok_or(DraftError::NoTrack(track))?;
        found.get_mut("sg").and_then(Value::as_array_mut).ok_or(DraftError::NoSegment(track, 0))
    }
}

/// Two drafts are equal when their JSON is; how the text is spaced does not count.
impl PartialEq for Draft {
    fn eq(&self, other: &Self) -> bool {
        self.value == other.value
    }
}

/// The object under `key`, put there first when something else or nothing is.
fn inner_object<'a>(object: &'a mut Map<String, Value>, key: &str) -> &'a mut Map<String, Value> {
    let slot = object.entry(key).or_insert_with(|| Value::Object(Map::new()));
    if !slot.is_object() {
        *slot = Value::Object(Map::new());
    }
    slot.as_object_mut().expect("the slot was just made an object")
}

fn track(value: &Value) -> Track<'_> {
    let mut segments: Vec<Segment<'_>> = Vec::new();
    for value in list(value, "sg") {
        let after = segments.last().map(Segment::end).unwrap_or_default();
        segments.push(segment(value, after));
    }
    Track { id: value.get("id").and_then(Value::as_str), kind: kind(value.get("tt")), segments, value }
}

fn kind(tt: Option<&Value>) -> TrackKind {
    let word = match tt {
        Some(Value::String(text)) => text.clone(),
        Some(other) => other.to_string(),
        None => "?".to_owned(),
    };
    match word.as_str() {
        "0" | "video" => TrackKind::Video,
        "1" | "audio" => TrackKind::Audio,
        "7" | "text" => TrackKind::Text,
        _ => TrackKind::Other(word),
    }
}

fn segment(value: &Value, after: Millis) -> Segment<'_> {
    let time = |keys: &[&str]| first(value, keys, |v| number(Some(v))).map(Millis);
    let start = time(STARTS).unwrap_or(after);
    let duration = time(DURATIONS).or_else(|| time(ENDS).map(|end| end - start)).unwrap_or_default();
    let text = first(value, TEXTS, Value::as_str);
    let source = first(value, SOURCES, Value::as_str);
    Segment {
        id: value.get("id").and_then(Value::as_str),
        start,
        duration,
        name: name(value, source),
        text,
        source,
        volume: first(value, VOLUMES, float).map(|v| if v > 1.0 && v <= 100.0 { v / 100.0 } else { v }),
        position: first(value, POSITIONS, Value::as_str),
        value,
    }
}

fn name<'a>(value: &'a Value, source: Option<&'a str>) -> Cow<'a, str> {
    let stated = |map: &'a Value, keys: &[&str]| keys.iter().find_map(|key| map.get(key)?.as_str());
    let inner = value.get("m").and_then(|m| stated(m, &["name", "title"]));
    let named = inner.or_else(|| stated(value, &["name", "n", "title", "filename"]));
    Cow::Borrowed(named.or(source.map(media::stem)).filter(|name| !name.is_empty()).unwrap_or("clip"))
}

/// The first of `keys` that `read` understands: on the segment itself, then inside its `m`.
fn first<'a, T>(value: &'a Value, keys: &[&str], read: impl Fn(&'a Value) -> Option<T>) -> Option<T> {
    let within = |map: &'a Value| keys.iter().find_map(|key| read(map.get(key)?));
    within(value).or_else(|| value.get("m").and_then(within))
}

/// A count of milliseconds, also when it was written `10000.0` or `"10000"`.
fn number(value: Option<&Value>) -> Option<u64> {
    let value = value?;
    value.as_u64().or_else(|| float(value).filter(|n| *n >= 0.0).map(|n| n.round() as u64))
}

fn float(value: &Value) -> Option<f64> {
    value.as_f64().or_else(|| value.as_str()?.parse().ok()).filter(|n: &f64| n.is_finite())
}

fn list<'a>(value: &'a Value, key: &str) -> &'a [Value] {
    value.get(key).and_then(Value::as_array).map(Vec::as_slice).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    const ODD: &str = r#"{ "d": 10000, "zz":18446744073709551616,"m":{"width":1920,"height":1080.0},
        "t":[ {"tt":0,"sg":[{"id":"a","s":0,"d":10000,"src":"http://h/m/city.mp4","x":1.0,"m":{"é":"\u2028"}}]},
        {"tt":"7","sg":[{"start":"500","end":3500,"m":{"text":"Hi {{name}}","pos":"top-center"}}]},
        {"tt":3,"sg":null}, {"tt":1,"sg":[{"d":4000,"volume":35},{"d":1}]}, 7 ]}"#;

    fn odd() -> Draft {
        Draft::parse(ODD).unwrap()
    }

    #[test]
    fn an_untouched_draft_is_the_same_bytes() {
        assert_eq!(odd().to_json(), ODD);
    }

    #[test]
    fn an_edit_touches_one_key_and_keeps_the_rest() {
        let mut draft = odd();
        draft.set_text(1, 0, "Hello").unwrap();
        let once: Value = serde_json::from_str(ODD).unwrap();
        let edited = draft.to_json().replace("Hello", "Hi {{name}}");
        assert_eq!(edited, once.to_string());
        assert!(edited.contains("18446744073709551616") && edited.contains("\"x\":1.0"));
    }

    #[test]
    fn views_read_the_keys_that_are_there() {
        let draft = odd();
        let tracks = draft.tracks();
        let kinds: Vec<_> = tracks.iter().map(|t| t.kind.word()).collect();
        assert_eq!(kinds, ["video", "text", "other", "audio", "other"]);
        let title = &tracks[1].segments[0];
        assert_eq!((title.start, title.duration), (Millis(500), Millis(3000)));
        assert_eq!((title.text, title.position), (Some("Hi {{name}}"), Some("top-center")));
        assert_eq!(tracks[0].segments[0].name, "city");
        assert_eq!(tracks[3].segments[0].volume, Some(0.35));
        assert_eq!(tracks[3].segments[1].start, Millis(4000));
        assert_eq!(tracks[3].segments[1].name, "clip");
        assert_eq!((draft.duration(), draft.size()), (Millis(10_000), Some((1920, 1080))));
    }

    #[test]
    fn edits_write_under_the_key_that_is_used() {
        let mut draft = odd();
        draft.set_volume(3, 0, 0.5).unwrap();
        draft.set_volume(3, 1, 0.25).unwrap();
        draft.set_start(1, 0, Millis(0)).unwrap();
        draft.set_source(0, 0, "b.mp4").unwrap();
        draft.set_duration(0, 0, Millis(9000)).unwrap();
        assert_eq!(draft.value()["t"][3]["sg"][0]["volume"], 0.5);
        assert_eq!(draft.value()["t"][3]["sg"][1]["v"], 0.25);
        assert_eq!(draft.value()["t"][1]["sg"][0]["start"], 0);
        assert_eq!(draft.tracks()[0].segments[0].source, Some("b.mp4"));
        assert_eq!(draft.duration(), Millis(9000));
    }

    #[test]
    fn words_are_replaced_in_text_alone() {
        let mut draft = odd();
        assert_eq!(draft.replace_text("{{name}}", "Ada"), 1);
        assert_eq!(draft.tracks()[1].segments[0].text, Some("Hi Ada"));
        assert_eq!(draft.replace_text("nowhere", "x"), 0);
        assert_eq!(draft.replace_text("", "x"), 0);
    }

    #[test]
    fn segments_and_tracks_can_be_removed() {
        let mut draft = odd();
        draft.remove_segment(3, 0).unwrap();
        draft.remove_track(2).unwrap();
        assert_eq!(draft.tracks().len(), 4);
        assert_eq!(draft.tracks()[2].segments.len(), 1);
    }

    #[test]
    fn what_is_not_there_cannot_be_edited() {
        let mut draft = odd();
        assert!(matches!(draft.set_text(9, 0, "x"), Err(DraftError::NoTrack(9))));
        assert!(matches!(draft.set_text(0, 4, "x"), Err(DraftError::NoSegment(0, 4))));
        assert!(matches!(draft.remove_segment(2, 0), Err(DraftError::NoSegment(2, 0))));
        assert!(matches!(draft.remove_track(5), Err(DraftError::NoTrack(5))));
        assert_eq!(draft.to_json(), ODD);
    }

    #[test]
    fn what_is_no_object_is_no_draft() {
        assert!(matches!(Draft::parse("[1]"), Err(DraftError::NotAnObject)));
        assert!(matches!(Draft::parse("{"), Err(DraftError::NotJson(_))));
    }
}
