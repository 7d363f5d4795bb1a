//! The timeline in a script's hands: handles on one shared draft, so that
//! `d.tracks[0].segments[1].text = "x"` reaches the draft and not a copy.

use std::any::TypeId;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use rhai::{Array, Dynamic, EvalAltResult, FuncRegistration, NativeCallContext};

use crate::host::failure::Failure;
use crate::host::flow::answer;
use crate::host::registry::{Doc, Registry, TypeDoc};
use crate::model;
use crate::model::draft::DraftError;
use crate::model::summary;
use crate::model::time::Millis;

/// A timeline. Clones are the same timeline; [`Draft::copy`] makes another.
#[derive(Clone)]
pub struct Draft(Arc<Mutex<model::draft::Draft>>);

/// The tracks of a draft.
#[derive(Clone)]
pub struct Tracks(Draft);

/// One track, by its place.
#[derive(Clone)]
pub struct Track {
    draft: Draft,
    at: usize,
}

/// The segments of a track.
#[derive(Clone)]
pub struct Segments(Track);

/// One segment, by its place.
#[derive(Clone)]
pub struct Segment {
    track: Track,
    at: usize,
}

const DRAFT: TypeDoc = TypeDoc {
    name: "Draft",
    about: "The timeline, safe to change and to export; `let c = d` is the same draft, `d.copy()` another",
    properties: &[
        ("tracks", "the tracks: index, `len`, `remove(i)` and `for` work"),
        ("texts", "the words of every text segment, as an array"),
        ("seconds", "the length"),
    ],
};

const TRACKS: TypeDoc =
    TypeDoc { name: "Tracks", about: "The tracks of a draft", properties: &[("len", "how many")] };

const TRACK: TypeDoc = TypeDoc {
    name: "Track",
    about: "One track of a draft",
    properties: &[
        ("kind", "\"video\", \"audio\", \"text\" or \"other\""),
        ("name", "what it is called, else what its first segment is called"),
        ("segments", "the segments: index, `len`, `remove(i)` and `for` work"),
    ],
};

const SEGMENTS: TypeDoc =
    TypeDoc { name: "Segments", about: "The segments of a track", properties: &[("len", "how many")] };

const SEGMENT: TypeDoc = TypeDoc {
    name: "Segment",
    about: "One segment of a track; every property but `name` can be set",
    properties: &[
        ("name", "what it is called"),
        ("start", "when it begins, in seconds"),
        ("seconds", "how long it lasts"),
        ("text", "the words that it shows, or `()`"),
        ("volume", "from 0 to 1, or `()`"),
        ("source", "path or URL of its media, or `()`"),
    ],
};

const REPLACE: Doc = Doc {
    name: "replace",
    calls: &["d.replace(from, to)"],
    about: "Replaces a text by another one in every text segment of a draft, and returns how many segments changed.",
    class: None,
    example: "let s = session();\ns.chat(\"make a 4 second video about tea with the title 'Hello {{name}}'\");\n\
              let d = s.draft();\nprint(d.replace(\"{{name}}\", \"Ada\"));\nprint(d.texts);",
};

const COPY: Doc = Doc {
    name: "copy",
    calls: &["d.copy()"],
    about: "Returns another draft that is equal now.",
    class: None,
    example: "let d = session().draft();\nlet other = d.copy();\nprint(other.tracks.len);",
};

const TO_JSON: Doc = Doc {
    name: "to_json",
    calls: &["d.to_json()"],
    about: "Returns the draft as the backend's own JSON: the same bytes that came, unless it was changed.",
    class: None,
    example: "print(session().draft().to_json());",
};

const REMOVE: Doc = Doc {
    name: "remove",
    calls: &["d.tracks.remove(i)", "d.tracks[0].segments.remove(i)"],
    about: "Takes a track or a segment out of its draft; places count from 0, and from the end when negative.\n\
            Throws `input` when there is none at this place.",
    class: None,
    example: "let d = session().draft();\nif d.tracks.len > 0 { d.tracks.remove(-1); }",
};

impl Draft {
    /// Wraps a draft.
    pub fn new(draft: model::draft::Draft) -> Self {
        Self(Arc::new(Mutex::new(draft)))
    }

    /// Returns the draft as it is now.
    pub fn get(&self) -> model::draft::Draft {
        self.lock().clone()
    }

    /// Returns another draft that is equal now.
    #[must_use]
    pub fn copy(&self) -> Self {
        Self::new(self.get())
    }

    pub(super) fn tracks(&self) -> Tracks {
        Tracks(self.clone())
    }

    fn lock(&self) -> MutexGuard<'_, model::draft::Draft> {
        // An edit sets one key: a panic elsewhere leaves no half edit.
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn texts(&self) -> Array {
        let draft = self.lock();
        let texts =
            draft.tracks().into_iter().flat_map(|track| track.segments).filter_map(|segment| segment.text);
        texts.map(Into::into).collect()
    }
}

impl Tracks {
    fn len(&self) -> usize {
        self.0.lock().tracks().len()
    }

    fn at(&self, index: i64) -> Result<Track, Failure> {
        let at = place(index, self.len()).ok_or_else(|| failed(&DraftError::NoTrack(nominal(index))))?;
        Ok(Track { draft: self.0.clone(), at })
    }

    fn remove(&self, index: i64) -> Result<(), Failure> {
        let at = self.at(index)?.at;
        self.0.lock().remove_track(at).map_err(|error| failed(&error))
    }

    fn all(&self) -> Vec<Track> {
        (0..self.len()).map(|at| Track { draft: self.0.clone(), at }).collect()
    }
}

impl Track {
    /// Reads something of the track; nothing when it is not there any more.
    fn read<T>(&self, read: impl FnOnce(&model::draft::Track<'_>) -> T) -> Option<T> {
        self.draft.lock().tracks().get(self.at).map(read)
    }

    fn name(&self) -> Option<String> {
        let named = |track: &model::draft::Track<'_>| {
            let stated = track.value.get("m").and_then(|m| m.get("name")).and_then(|name| name.as_str());
            let first = || track.segments.first().map(|segment| segment.name.to_string());
            stated.map(str::to_owned).or_else(first)
        };
        self.read(named).flatten()
    }
}

impl Segments {
    fn len(&self) -> usize {
        self.0.read(|track| track.segments.len()).unwrap_or(0)
    }

    fn at(&self, index: i64) -> Result<Segment, Failure> {
        let none = || failed(&DraftError::NoSegment(self.0.at, nominal(index)));
        let at = place(index, self.len()).ok_or_else(none)?;
        Ok(Segment { track: self.0.clone(), at })
    }

    fn remove(&self, index: i64) -> Result<(), Failure> {
        let at = self.at(index)?.at;
        self.0.draft.lock().remove_segment(self.0.at, at).map_err(|error| failed(&error))
    }

    fn all(&self) -> Vec<Segment> {
        (0..self.len()).map(|at| Segment { track: self.0.clone(), at }).collect()
    }
}

impl Segment {
    fn read<T>(&self, read: impl FnOnce(&model::draft::Segment<'_>) -> T) -> Option<T> {
        self.track.read(|track| track.segments.get(self.at).map(read)).flatten()
    }

    fn set(&self, property: &str, value: &Dynamic) -> Result<(), Failure> {
        let unfit = |wanted: &str| {
            Failure::input(format!("`{property}` of a segment takes {wanted}, not a {}", value.type_name()))
        };
        let number = || value.as_float().or_else(|_| value.as_int().map(|int| int as f64));
        let time = || {
            let seconds = number().map_err(|_| unfit("seconds"))?;
            if seconds.is_finite() && seconds >= 0.0 {
                return Ok(Millis::from_seconds(seconds));
            }
            Err(Failure::input(format!("`{property}` of a segment cannot be {seconds}")))
        };
        let text = || value.clone().into_string().map_err(|_| unfit("text"));
        let (track, at) = (self.track.at, self.at);
        let edited = match property {
            "text" => self.track.draft.lock().set_text(track, at, &text()?),
            "source" => self.track.draft.lock().set_source(track, at, &text()?),
            "start" => self.track.draft.lock().set_start(track, at, time()?),
            "seconds" => self.track.draft.lock().set_duration(track, at, time()?),
            _ => {
                let volume = number().map_err(|_| unfit("a number from 0 to 1"))?;
                if !(0.0..=1.0).contains(&volume) {
                    return Err(Failure::input(format!("a volume goes from 0 to 1, not {volume}")));
                }
                self.track.draft.lock().set_volume(track, at, volume)
            }
        };
        edited.map_err(|error| failed(&error))
    }

    fn told(&self) -> String {
        let told = |segment: &model::draft::Segment<'_>| {
            let name = segment.text.map_or_else(|| segment.name.to_string(), |text| format!("\"{text}\""));
            format!("{name} ({}-{}s)", segment.start, segment.end())
        };
        self.read(told).unwrap_or_else(|| "a segment that was removed".to_owned())
    }
}

/// The place that an index means; from the end when negative.
fn place(index: i64, len: usize) -> Option<usize> {
    let at = if index < 0 { index.checked_add(i64::try_from(len).ok()?)? } else { index };
    usize::try_from(at).ok().filter(|at| *at < len)
}

/// The index in the words of an error.
fn nominal(index: i64) -> usize {
    usize::try_from(index.unsigned_abs()).unwrap_or(usize::MAX)
}

fn failed(error: &DraftError) -> Failure {
    Failure::input(error.to_string()).hint("places count from 0; `len` says how many there are")
}

pub(super) fn register(registry: &mut Registry) {
    register_draft(registry);
    register_tracks(registry);
    register_segments(registry);
}

fn register_draft(registry: &mut Registry) {
    registry.value::<Draft>(&DRAFT, |draft| summary::line(&draft.lock()));
    registry.getter("tracks", |draft: &Draft| Dynamic::from(draft.tracks()));
    registry.getter("texts", |draft: &Draft| draft.texts().into());
    registry.getter("seconds", |draft: &Draft| draft.lock().duration().seconds().into());
    registry.edit(
        &REPLACE,
        &["draft: Draft", "from: string", "to: string", "int"],
        |draft: &mut Draft, from: &str, to: &str| draft.lock().replace_text(from, to) as i64,
    );
    registry.function(&COPY, &["draft: Draft", "Draft"], |draft: &mut Draft| draft.copy());
    registry.function(&TO_JSON, &["draft: Draft", "string"], |draft: &mut Draft| {
        draft.lock().to_json().into_owned()
    });
}

fn register_tracks(registry: &mut Registry) {
    registry.value::<Tracks>(&TRACKS, |tracks| summary::line(&tracks.0.lock()));
    registry.value::<Track>(&TRACK, |track| {
        let kind = track.read(|track| track.kind.word()).unwrap_or("removed");
        format!("{kind} track: {}", track.name().unwrap_or_else(|| "empty".to_owned()))
    });
    registry.getter("len", |tracks: &Tracks| (tracks.len() as i64).into());
    registry
        .getter("kind", |track: &Track| track.read(|track| track.kind.word()).unwrap_or("removed").into());
    registry.getter("name", |track: &Track| track.name().map_or(Dynamic::UNIT, Dynamic::from));
    registry.getter("segments", |track: &Track| Dynamic::from(Segments(track.clone())));
    registry.edit(
        &REMOVE,
        &["tracks: Tracks", "i: int", "()"],
        |ctx: NativeCallContext<'_>, tracks: &mut Tracks, i: i64| answer(&ctx, |_| tracks.remove(i)),
    );
    let module = registry.module();
    let index = |tracks: &mut Tracks, i: i64| -> Result<Track, Box<EvalAltResult>> { Ok(tracks.at(i)?) };
    FuncRegistration::new_index_getter().set_into_module(module, index);
    FuncRegistration::new("len")
        .in_global_namespace()
        .set_into_module(module, |tracks: &mut Tracks| tracks.len() as i64);
    module.set_iter(TypeId::of::<Tracks>(), |tracks| {
        let all = tracks.try_cast::<Tracks>().map(|tracks| tracks.all()).unwrap_or_default();
        Box::new(all.into_iter().map(Dynamic::from))
    });
}

fn register_segments(registry: &mut Registry) {
    registry.value::<Segments>(&SEGMENTS, |segments| {
        segments.all().iter().map(Segment::told).collect::<Vec<_>>().join(", ")
    });
    registry.value::<Segment>(&SEGMENT, Segment::told);
    registry.getter("len", |segments: &Segments| (segments.len() as i64).into());
    let seconds = |time: Option<Millis>| time.map_or(Dynamic::UNIT, |time| time.seconds().into());
    registry
        .getter("name", |s: &Segment| s.read(|s| s.name.to_string()).map_or(Dynamic::UNIT, Dynamic::from));
    registry.getter("start", move |s: &Segment| seconds(s.read(|s| s.start)));
    registry.getter("seconds", move |s: &Segment| seconds(s.read(|s| s.duration)));
    let text = |text: Option<String>| text.map_or(Dynamic::UNIT, Dynamic::from);
    registry.getter("text", move |s: &Segment| text(s.read(|s| s.text.map(str::to_owned)).flatten()));
    registry.getter("source", move |s: &Segment| text(s.read(|s| s.source.map(str::to_owned)).flatten()));
    registry
        .getter("volume", |s: &Segment| s.read(|s| s.volume).flatten().map_or(Dynamic::UNIT, Dynamic::from));
    registry.edit(
        &REMOVE,
        &["segments: Segments", "i: int", "()"],
        |ctx: NativeCallContext<'_>, segments: &mut Segments, i: i64| answer(&ctx, |_| segments.remove(i)),
    );
    let module = registry.module();
    for property in ["text", "source", "start", "seconds", "volume"] {
        let set = move |segment: &mut Segment, value: Dynamic| -> Result<(), Box<EvalAltResult>> {
            Ok(segment.set(property, &value)?)
        };
        FuncRegistration::new_setter(property).set_into_module(module, set);
    }
    let index =
        |segments: &mut Segments, i: i64| -> Result<Segment, Box<EvalAltResult>> { Ok(segments.at(i)?) };
    FuncRegistration::new_index_getter().set_into_module(module, index);
    FuncRegistration::new("len")
        .in_global_namespace()
        .set_into_module(module, |segments: &mut Segments| segments.len() as i64);
    module.set_iter(TypeId::of::<Segments>(), |segments| {
        let all = segments.try_cast::<Segments>().map(|segments| segments.all()).unwrap_or_default();
        Box::new(all.into_iter().map(Dynamic::from))
    });
}
