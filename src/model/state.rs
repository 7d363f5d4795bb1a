//! A snapshot of a project: its draft, its media and its canvas.

use serde_json::Value;
use sha2::{Digest, Sha256};

use crate::model::draft::Draft;
use crate::model::media::{self, Kind};
use crate::model::subtitles::Cue;
use crate::model::time::Millis;

/// What the backend holds of one session at one moment.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct State {
    /// The timeline; none before anything was made.
    pub draft: Option<Draft>,
    /// Uploaded and generated media, in the backend's order.
    pub media: Vec<MediaItem>,
    /// Media that the agent generated, as the backend describes them.
    pub generated: Vec<Value>,
    /// The size of the picture, when it is settled.
    pub canvas: Option<Canvas>,
    /// Uploaded subtitle files, in the order in which they came.
    pub subtitles: Vec<SubtitleFile>,
}

/// The words of an uploaded subtitle file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SubtitleFile {
    /// The file's name.
    pub name: String,
    /// What it shows, and when.
    pub cues: Vec<Cue>,
}

/// The size of the picture in pixels.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Canvas {
    /// Pixels across.
    pub width: u32,
    /// Pixels down.
    pub height: u32,
}

/// One uploaded file or URL.
#[derive(Clone, Debug, PartialEq)]
pub struct MediaItem {
    /// The file's name.
    pub name: String,
    /// What it holds, by the backend's word, else by its ending.
    pub kind: Option<Kind>,
    /// Where the backend keeps it.
    pub url: String,
    /// Length; none for stills and where the backend does not say.
    pub duration: Option<Millis>,
    /// Pixels across, when known.
    pub width: Option<u32>,
    /// Pixels down, when known.
    pub height: Option<u32>,
    /// Size in bytes, when known.
    pub bytes: Option<u64>,
    /// Whether it can be heard, when known.
    pub sound: Option<bool>,
    /// The backend's content hash, when it gives one.
    pub hash: Option<String>,
}

impl MediaItem {
    /// Returns what a person would call it: the name without its ending.
    pub fn label(&self) -> &str {
        media::stem(&self.name)
    }
}

impl State {
    /// Returns the length of the timeline; zero without one.
    pub fn duration(&self) -> Millis {
        self.draft.as_ref().map(Draft::duration).unwrap_or_default()
    }

    /// Returns the canvas, else the size that the draft states.
    pub fn canvas(&self) -> Option<Canvas> {
        let stated = || self.draft.as_ref()?.size().map(|(width, height)| Canvas { width, height });
        self.canvas.or_else(stated)
    }

    /// Returns a hash of the timeline alone, as [`State::fingerprint`] is one of everything.
    pub fn timeline_print(&self) -> String {
        Self { draft: self.draft.clone(), ..Self::default() }.fingerprint()
    }

    /// Returns a hash that is equal for equal content, whatever the order of keys, and that
    /// times of looking do not change: for telling whether a turn took effect.
    pub fn fingerprint(&self) -> String {
        let mut text = String::new();
        if let Some(draft) = &self.draft {
            canonical(draft.value(), &mut text);
        }
        text.push_str(&format!("|{:?}|", self.canvas));
        for item in &self.media {
            text.push_str(&format!("{:?} {:?};", item.name, item.hash));
        }
        for item in &self.generated {
            canonical(item, &mut text);
        }
        let digest = Sha256::digest(text.as_bytes());
        digest.iter().map(|byte| format!("{byte:02x}")).collect()
    }
}

/// Keys whose values only say when something was touched.
const VOLATILE: &[&str] = &["timestamp", "updated_at", "update_time", "last_update_time"];

fn canonical(value: &Value, out: &mut String) {
    match value {
        Value::Object(map) => {
            let mut keys: Vec<_> = map.keys().filter(|key| !VOLATILE.contains(&key.as_str())).collect();
            keys.sort();
            out.push('{');
            for key in keys {
                out.push_str(&format!("{key:?}:"));
                canonical(&map[key], out);
                out.push(',');
            }
            out.push('}');
        }
        Value::Array(items) => {
            out.push('[');
            for item in items {
                canonical(item, out);
                out.push(',');
            }
            out.push(']');
        }
        other => out.push_str(&other.to_string()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn state(draft: &str) -> State {
        State { draft: Some(Draft::parse(draft).unwrap()), ..State::default() }
    }

    #[test]
    fn a_fingerprint_sees_content_and_nothing_else() {
        let one = state(r#"{"a":1,"t":[{"x":2,"timestamp":5}]}"#).fingerprint();
        assert_eq!(one, state(r#"{"t":[{"timestamp":9,"x":2}], "a":1}"#).fingerprint());
        assert_ne!(one, state(r#"{"a":1,"t":[{"x":3}]}"#).fingerprint());
        assert_ne!(one, State::default().fingerprint());
    }

    #[test]
    fn the_canvas_falls_back_to_the_draft() {
        let mut state = state(r#"{"m":{"width":1080,"height":1920}}"#);
        assert_eq!(state.canvas(), Some(Canvas { width: 1080, height: 1920 }));
        state.canvas = Some(Canvas { width: 1, height: 2 });
        assert_eq!(state.canvas(), Some(Canvas { width: 1, height: 2 }));
    }
}
