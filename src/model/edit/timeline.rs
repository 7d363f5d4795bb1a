//! A draft opened for editing: tracks by role, segments that keep the keys nobody knows.

use serde_json::{Map, Value, json};

use crate::model::draft::Draft;
use crate::model::edit::{Color, EditError, Point, TextStyle};
use crate::model::state::{Canvas, State};
use crate::model::time::Millis;

/// The picture when nothing says otherwise.
pub(super) const CANVAS: Canvas = Canvas { width: 1920, height: 1080 };
const FRAMES_A_SECOND: u64 = 30;
/// A text or sound shorter than this is not worth showing: what trimming leaves of it goes.
const SCRAP_MAX: Millis = Millis(200);

/// What a track is for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Role {
    Main,
    Logo,
    Music,
    /// Spoken words.
    Voice,
    Text(TextStyle),
    /// A track that edits leave alone.
    Other,
}

/// One track.
#[derive(Clone, Debug)]
struct Track {
    role: Role,
    /// The track's JSON without its segments.
    object: Map<String, Value>,
    segments: Vec<Segment>,
}

/// One segment, as its JSON.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Segment(Map<String, Value>);

/// The opened draft.
#[derive(Clone, Debug)]
pub(super) struct Timeline {
    root: Map<String, Value>,
    tracks: Vec<Track>,
}

impl Timeline {
    /// Opens the draft of a state, or an empty one.
    pub(super) fn open(state: &State) -> Self {
        let mut root = match state.draft.as_ref().map(Draft::value) {
            Some(Value::Object(root)) => root.clone(),
            _ => Map::new(),
        };
        let tracks = match root.remove("t") {
            Some(Value::Array(tracks)) => tracks,
            _ => Vec::new(),
        };
        Self { root, tracks: tracks.into_iter().filter_map(Track::read).collect() }
    }

    /// Opens a draft that has a picture.
    ///
    /// # Errors
    /// [`EditError::Nothing`] when it has none.
    pub(super) fn open_made(state: &State) -> Result<Self, EditError> {
        let timeline = Self::open(state);
        if timeline.main().is_empty() { Err(EditError::Nothing) } else { Ok(timeline) }
    }

    /// Starts anew, keeping the name and the canvas of the state.
    pub(super) fn blank(state: &State) -> Self {
        let mut root = Self::open(state).root;
        root.remove("d");
        Self { root, tracks: Vec::new() }
    }

    /// Writes the draft into a copy of `state`.
    pub(super) fn close(mut self, state: &State) -> State {
        let total = self.total();
        let canvas = state.canvas().unwrap_or(CANVAS);
        let mut meta = match self.root.remove("m") {
            Some(Value::Object(meta)) => meta,
            _ => Map::new(),
        };
        meta.entry("title").or_insert_with(|| json!("project"));
        meta.insert("width".to_owned(), json!(canvas.width));
        meta.insert("height".to_owned(), json!(canvas.height));
        meta.entry("fps").or_insert_with(|| json!(FRAMES_A_SECOND));
        meta.entry("seed").or_insert_with(|| json!(7));
        self.tracks.retain(|track| !track.segments.is_empty() || track.role == Role::Other);
        self.tracks.sort_by_key(|track| track.role.rank());
        let tracks: Vec<Value> = self.tracks.into_iter().map(Track::write).collect();
        let mut root = Map::new();
        root.insert("d".to_owned(), json!(total.0));
        root.insert("m".to_owned(), Value::Object(meta));
        root.insert("t".to_owned(), Value::Array(tracks));
        root.extend(self.root.into_iter().filter(|(key, _)| key != "d"));
        State { draft: Some(Draft::from_object(root)), canvas: Some(canvas), ..state.clone() }
    }

    /// Sets a key of the draft's metadata.
    pub(super) fn set_meta(&mut self, key: &str, value: Value) {
        let meta = self.root.entry("m").or_insert_with(|| Value::Object(Map::new()));
        if let Value::Object(meta) = meta {
            meta.insert(key.to_owned(), value);
        }
    }

    /// Takes a key of the draft's metadata away; answers whether it was there.
    pub(super) fn unset_meta(&mut self, key: &str) -> bool {
        match self.root.get_mut("m") {
            Some(Value::Object(meta)) => meta.shift_remove(key).is_some(),
            _ => false,
        }
    }

    /// Whether the draft's metadata has a key.
    pub(super) fn has_meta(&self, key: &str) -> bool {
        self.root.get("m").and_then(|m| m.get(key)).is_some()
    }

    /// Returns a word of the draft's metadata.
    pub(super) fn meta_word(&self, key: &str) -> Option<&str> {
        self.root.get("m")?.get(key)?.as_str()
    }

    /// Returns the brand of the draft; empty when it has none.
    pub(super) fn brand(&self) -> Map<String, Value> {
        let brand = self.root.get("m").and_then(|m| m.get("brand")).and_then(Value::as_object);
        brand.cloned().unwrap_or_default()
    }

    /// Returns the colour of the brand, when one is set.
    pub(super) fn brand_color(&self) -> Option<Color> {
        Color::parse(self.root.get("m")?.get("brand")?.get("color")?.as_str()?)
    }

    /// Returns the seed of made media.
    pub(super) fn seed(&self) -> u64 {
        self.root.get("m").and_then(|m| m.get("seed")).and_then(Value::as_u64).unwrap_or(7)
    }

    /// Returns the length of the picture.
    pub(super) fn total(&self) -> Millis {
        self.main().iter().map(Segment::end).max().unwrap_or_default()
    }

    /// Returns where the picture ends for a logo: where the end card begins, else at the end.
    pub(super) fn logo_end(&self) -> Millis {
        self.main().last().filter(|shot| shot.is_end_card()).map_or(self.total(), Segment::start)
    }

    /// Returns a moment of this timeline.
    ///
    /// # Errors
    /// [`EditError::NoText`] when it follows a text that is not there.
    pub(super) fn moment(&self, point: Point) -> Result<Millis, EditError> {
        let Point::After(style) = point else { return Ok(point.on(self.total())) };
        let first = self.segments(&Role::Text(style)).iter().min_by_key(|text| text.start());
        first.map(Segment::end).ok_or_else(|| EditError::NoText(style.words().0.to_owned()))
    }

    /// Returns the segments of the main track: shots, or pieces of them.
    pub(super) fn main(&self) -> &[Segment] {
        self.segments(&Role::Main)
    }

    /// Returns the segments of a role.
    pub(super) fn segments(&self, role: &Role) -> &[Segment] {
        let track = self.tracks.iter().find(|track| track.role == *role);
        track.map(|track| track.segments.as_slice()).unwrap_or_default()
    }

    /// Returns the segments of a role for changing; the track is made when there is none.
    pub(super) fn segments_mut(&mut self, role: &Role) -> &mut Vec<Segment> {
        let found = self.tracks.iter().position(|track| track.role == *role);
        let at = found.unwrap_or_else(|| {
            self.tracks.push(Track { role: role.clone(), object: Map::new(), segments: Vec::new() });
            self.tracks.len() - 1
        });
        &mut self.tracks[at].segments
    }

    /// Puts a segment on the track of a role, under a new id, in the order of time.
    pub(super) fn push(&mut self, role: &Role, segment: Segment) {
        let id = format!("sg_{}", self.last_id() + 1);
        let segments = self.segments_mut(role);
        let at = segments.iter().position(|other| other.start() > segment.start());
        segments.insert(at.unwrap_or(segments.len()), segment.with_id(id));
    }

    /// Puts a segment that was taken off at the end of a track, under its own id unless another got
    /// it meanwhile.
    pub(super) fn put_back(&mut self, role: &Role, segment: Segment) {
        let taken = self.tracks.iter().flat_map(|t| &t.segments).any(|s| s.number() == segment.number());
        let id = format!("sg_{}", self.last_id() + 1);
        let segment = if taken { segment.with_id(id) } else { segment };
        self.segments_mut(role).push(segment);
    }

    /// Every text style that has segments, in track order.
    pub(super) fn text_styles(&self) -> Vec<TextStyle> {
        let used = |style: &TextStyle| !self.segments(&Role::Text(*style)).is_empty();
        TextStyle::ALL.iter().copied().filter(used).collect()
    }

    /// The number of the newest id.
    pub(super) fn last_id(&self) -> u64 {
        let ids = self.tracks.iter().flat_map(|track| &track.segments).map(Segment::number);
        ids.max().unwrap_or_default()
    }

    /// Fits everything else to the picture after it changed from `was`: what ran to its end
    /// still does, what would outlast it is shortened, what is left of nothing goes.
    pub(super) fn settle(&mut self, was: Millis) {
        let (total, logo_end) = (self.total(), self.logo_end());
        for track in self.tracks.iter_mut().filter(|t| !matches!(t.role, Role::Main | Role::Other)) {
            let follows = matches!(track.role, Role::Logo | Role::Music);
            let last = if track.role == Role::Logo { logo_end } else { total };
            for segment in &mut track.segments {
                let to_the_end = follows && segment.end() >= was;
                let end = if to_the_end { last } else { segment.end().min(last) };
                segment.set_length(end - segment.start());
            }
            track.segments.retain(|segment| segment.length() > SCRAP_MAX);
        }
    }

    /// Runs `change` over every segment that is neither picture nor foreign; what it answers
    /// false for goes.
    pub(super) fn retain_others(&mut self, mut change: impl FnMut(&Role, &mut Segment) -> bool) {
        for track in self.tracks.iter_mut().filter(|t| !matches!(t.role, Role::Main | Role::Other)) {
            let Track { role, segments, .. } = track;
            segments.retain_mut(|segment| change(role, segment));
        }
    }
}

impl Role {
    fn words(&self) -> Option<(&'static str, &'static str, u64)> {
        match self {
            Self::Main => Some(("main", "trk_v1", 0)),
            Self::Logo => Some(("logo", "trk_l1", 0)),
            Self::Music => Some(("music", "trk_a1", 1)),
            Self::Voice => Some(("voice", "trk_a2", 1)),
            Self::Text(style) => Some((style.words().0, "", 7)),
            Self::Other => None,
        }
    }

    fn rank(&self) -> usize {
        match self {
            Self::Main => 0,
            Self::Logo => 1,
            Self::Music => 2,
            Self::Voice => 3,
            Self::Text(style) => 4 + TextStyle::ALL.iter().position(|s| s == style).unwrap_or_default(),
            Self::Other => usize::MAX,
        }
    }

    /// The role that a track states.
    fn of(track: &Map<String, Value>) -> Self {
        match track.get("m").and_then(|m| m.get("role")).and_then(Value::as_str) {
            Some("main") => Self::Main,
            Some("logo") => Self::Logo,
            Some("music") => Self::Music,
            Some("voice") => Self::Voice,
            Some(word) => TextStyle::from_word(word).map_or(Self::Other, Self::Text),
            None => Self::Other,
        }
    }
}

impl Track {
    fn read(value: Value) -> Option<Self> {
        let Value::Object(mut object) = value else { return None };
        let role = Role::of(&object);
        if role == Role::Other {
            return Some(Self { role, object, segments: Vec::new() });
        }
        let segments = match object.remove("sg") {
            Some(Value::Array(segments)) => segments,
            _ => Vec::new(),
        };
        let objects = segments.into_iter().filter_map(|segment| match segment {
            Value::Object(object) => Some(Segment(object)),
            _ => None,
        });
        Some(Self { role, object, segments: objects.collect() })
    }

    fn write(self) -> Value {
        let mut object = self.object;
        if let Some((role, id, tt)) = self.role.words() {
            let id = if id.is_empty() { format!("trk_x_{role}") } else { id.to_owned() };
            object.entry("id").or_insert_with(|| json!(id));
            object.entry("tt").or_insert_with(|| json!(tt));
            object.entry("m").or_insert_with(|| json!({ "role": role }));
            let segments = self.segments.into_iter().map(|segment| Value::Object(segment.0));
            object.insert("sg".to_owned(), Value::Array(segments.collect()));
        }
        Value::Object(object)
    }
}

impl Segment {
    /// Makes a segment of a start and a length.
    pub(super) fn new(start: Millis, length: Millis) -> Self {
        let mut object = Map::new();
        object.insert("s".to_owned(), json!(start.0));
        object.insert("d".to_owned(), json!(length.0));
        Self(object)
    }

    pub(super) fn start(&self) -> Millis {
        Millis(self.number_at("s"))
    }

    pub(super) fn length(&self) -> Millis {
        Millis(self.number_at("d"))
    }

    pub(super) fn end(&self) -> Millis {
        self.start() + self.length()
    }

    pub(super) fn set_start(&mut self, start: Millis) {
        self.set("s", json!(start.0));
    }

    pub(super) fn set_length(&mut self, length: Millis) {
        self.set("d", json!(length.0));
    }

    /// Offset into the media.
    pub(super) fn offset(&self) -> Millis {
        Millis(self.number_at("ss"))
    }

    /// Path or URL of the media; empty for scenes and texts.
    pub(super) fn source(&self) -> &str {
        self.0.get("src").and_then(Value::as_str).unwrap_or_default()
    }

    pub(super) fn volume(&self) -> Option<f64> {
        self.0.get("v").and_then(Value::as_f64)
    }

    pub(super) fn speed(&self) -> f64 {
        self.meta("speed").and_then(Value::as_f64).unwrap_or(1.0)
    }

    /// Sets a key of the segment itself.
    pub(super) fn set(&mut self, key: &str, value: Value) {
        self.0.insert(key.to_owned(), value);
    }

    /// Takes a key of the segment itself away.
    pub(super) fn unset(&mut self, key: &str) {
        self.0.shift_remove(key);
    }

    /// Reads a key of the metadata.
    pub(super) fn meta(&self, key: &str) -> Option<&Value> {
        self.0.get("m")?.get(key)
    }

    /// Reads a word of the metadata; empty when it is not there.
    pub(super) fn word(&self, key: &str) -> &str {
        self.meta(key).and_then(Value::as_str).unwrap_or_default()
    }

    /// Reads a length of the metadata; none at all is zero.
    pub(super) fn time(&self, key: &str) -> Millis {
        Millis(self.meta(key).and_then(Value::as_u64).unwrap_or_default())
    }

    pub(super) fn is_kind(&self, kind: &str) -> bool {
        self.word("kind") == kind
    }

    /// Whether it is the card at the end of the video.
    pub(super) fn is_end_card(&self) -> bool {
        self.meta("scene").and_then(|scene| scene.get("style")?.as_str()) == Some("end-card")
    }

    /// Sets a key of the metadata.
    pub(super) fn set_meta(&mut self, key: &str, value: Value) {
        let meta = self.0.entry("m").or_insert_with(|| Value::Object(Map::new()));
        if let Value::Object(meta) = meta {
            meta.insert(key.to_owned(), value);
        }
    }

    pub(super) fn unset_meta(&mut self, key: &str) {
        if let Some(Value::Object(meta)) = self.0.get_mut("m") {
            meta.shift_remove(key);
        }
    }

    /// Returns kind and length of the blend with the segment before.
    pub(super) fn transition(&self) -> Option<(String, Millis)> {
        let transition = self.meta("transition")?;
        let kind = transition.get("kind")?.as_str()?.to_owned();
        Some((kind, Millis(transition.get("d")?.as_u64()?)))
    }

    pub(super) fn set_transition(&mut self, kind: &str, length: Millis) {
        self.set_meta("transition", json!({ "kind": kind, "d": length.0 }));
    }

    /// The segment under another id, placed first among its keys.
    pub(super) fn with_id(self, id: String) -> Self {
        let mut object = Map::new();
        object.insert("id".to_owned(), json!(id));
        object.extend(self.0.into_iter().filter(|(key, _)| key != "id"));
        Self(object)
    }

    /// The number in its id; later segments have higher ones.
    pub(super) fn number(&self) -> u64 {
        let id = self.0.get("id").and_then(Value::as_str).unwrap_or_default();
        id.strip_prefix("sg_").and_then(|n| n.parse().ok()).unwrap_or_default()
    }

    fn number_at(&self, key: &str) -> u64 {
        self.0.get(key).and_then(Value::as_u64).unwrap_or_default()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const OPENED: &str = r#"{"d":9000,"m":{"title":"x","width":640,"height":360,"fps":30,"seed":3},
        "t":[{"id":"trk_v1","tt":0,"m":{"role":"main"},"new":1,"sg":[{"id":"sg_4","s":0,"d":9000,"odd":18446744073709551616,
        "m":{"kind":"video"}}]},{"tt":12,"sg":[{"d":1}]}],"later":true}"#;

    #[test]
    fn what_no_edit_knows_survives() {
        let state = State { draft: Some(Draft::parse(OPENED).unwrap()), ..State::default() };
        let closed = Timeline::open(&state).close(&state);
        let value: Value = serde_json::from_str(OPENED).unwrap();
        assert_eq!(closed.draft.unwrap().value(), &value);
    }

    #[test]
    fn new_segments_get_new_ids_and_tracks_their_order() {
        let state = State { draft: Some(Draft::parse(OPENED).unwrap()), ..State::default() };
        let mut timeline = Timeline::open(&state);
        timeline.push(&Role::Text(TextStyle::Title), Segment::new(Millis(0), Millis(3000)));
        timeline.push(&Role::Music, Segment::new(Millis(0), Millis(9000)));
        let closed = timeline.close(&state).draft.unwrap();
        let kinds: Vec<_> = closed.tracks().iter().map(|t| t.kind.word()).collect();
        assert_eq!(kinds, ["video", "audio", "text", "other"]);
        assert_eq!(closed.tracks()[2].segments[0].id, Some("sg_5"));
    }

    #[test]
    fn what_outlasts_the_picture_is_shortened() {
        let state = State { draft: Some(Draft::parse(OPENED).unwrap()), ..State::default() };
        let mut timeline = Timeline::open(&state);
        timeline.push(&Role::Music, Segment::new(Millis(0), Millis(9000)));
        timeline.push(&Role::Text(TextStyle::Title), Segment::new(Millis(3000), Millis(3000)));
        timeline.push(&Role::Text(TextStyle::Title), Segment::new(Millis(3950), Millis(3000)));
        timeline.segments_mut(&Role::Main)[0].set_length(Millis(4000));
        timeline.settle(Millis(9000));
        assert_eq!(timeline.segments(&Role::Music)[0].end(), Millis(4000));
        let titles = timeline.segments(&Role::Text(TextStyle::Title));
        assert_eq!((titles.len(), titles[0].length()), (1, Millis(1000)));
    }
}
