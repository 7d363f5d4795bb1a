//! What a session holds: the state endpoint's answer. The draft inside stays raw.

use serde::{Deserialize, Serialize};
use serde_json::Value;
use serde_json::value::RawValue;

use crate::model::draft::{Draft, DraftError};
use crate::model::state::{Canvas, State};
use crate::wire::fields::Fields;
use crate::wire::upload::FileInfo;

/// The answer of the state endpoint.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[serde(from = "Fields")]
pub struct SessionState {
    /// The session.
    pub session_id: String,
    /// The project.
    pub task_id: String,
    /// The project's label.
    pub task_name: String,
    /// The user, when the backend says.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub user_id: Option<String>,
    /// What the session holds.
    pub state: StateBody,
}

impl From<Fields> for SessionState {
    fn from(fields: Fields) -> Self {
        let state = fields.object(&["state"]).unwrap_or_default();
        let user = |fields: &Fields| fields.text(&["user_id", "userId"]);
        Self {
            session_id: fields.text(&["session_id", "sessionId"]).unwrap_or_default(),
            task_id: fields.text(&["task_id", "taskId"]).unwrap_or_default(),
            task_name: fields.text(&["task_name", "taskName"]).unwrap_or_default(),
            user_id: user(&fields).or_else(|| user(&state)),
            state: state.into(),
        }
    }
}

/// The `state` object.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[serde(from = "Fields")]
pub struct StateBody {
    /// The timeline, byte for byte; none, null or `{}` before anything was made.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub draft: Option<Box<RawValue>>,
    /// Uploaded and generated media.
    pub video_infos: Vec<FileInfo>,
    /// The size of the picture.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub canvas_config: Option<CanvasConfig>,
    /// Media that the agent generated.
    pub generated_media: Vec<Value>,
}

impl From<Fields> for StateBody {
    fn from(fields: Fields) -> Self {
        Self {
            draft: fields.raw(&["draft"]).map(ToOwned::to_owned),
            video_infos: FileInfo::list(&fields, &["video_infos", "videoInfos"]),
            canvas_config: fields.get(&["canvas_config", "canvasConfig"]),
            generated_media: fields.get(&["generated_media", "generatedMedia"]).unwrap_or_default(),
        }
    }
}

/// The size of the picture in pixels.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(from = "Fields")]
pub struct CanvasConfig {
    /// Pixels across.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub width: Option<u32>,
    /// Pixels down.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub height: Option<u32>,
    /// Such as `16:9`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub aspect_ratio: Option<String>,
}

impl From<Fields> for CanvasConfig {
    fn from(fields: Fields) -> Self {
        let side = |name| fields.count(&[name]).and_then(|side| u32::try_from(side).ok());
        let ratio = fields.text(&["aspect_ratio", "aspectRatio"]);
        Self { width: side("width"), height: side("height"), aspect_ratio: ratio }
    }
}

impl StateBody {
    /// Returns the state as the model sees it.
    ///
    /// # Errors
    /// The draft is there and is no JSON object.
    pub fn to_model(&self) -> Result<State, DraftError> {
        let draft = match &self.draft {
            None => None,
            Some(raw) => Some(Draft::parse(raw.get())?),
        };
        let empty = |draft: &Draft| draft.value().as_object().is_none_or(serde_json::Map::is_empty);
        let canvas = self.canvas_config.as_ref();
        Ok(State {
            draft: draft.filter(|draft| !empty(draft)),
            media: self.video_infos.iter().map(FileInfo::to_item).collect(),
            generated: self.generated_media.clone(),
            canvas: canvas.and_then(|c| Some(Canvas { width: c.width?, height: c.height? })),
            subtitles: Vec::new(),
        })
    }

    /// Returns the model's view as the backend says it.
    pub fn of(state: &State) -> Self {
        let raw = |draft: &Draft| RawValue::from_string(draft.to_json().into_owned()).ok();
        Self {
            draft: state.draft.as_ref().and_then(raw),
            video_infos: state.media.iter().map(FileInfo::of).collect(),
            canvas_config: state.canvas.map(|c| CanvasConfig {
                width: Some(c.width),
                height: Some(c.height),
                aspect_ratio: Some(ratio(c)),
            }),
            generated_media: state.generated.clone(),
        }
    }
}

/// `16:9` and the like, in lowest terms.
fn ratio(canvas: Canvas) -> String {
    let (mut a, mut b) = (canvas.width, canvas.height);
    while b != 0 {
        (a, b) = (b, a % b);
    }
    let by = a.max(1);
    format!("{}:{}", canvas.width / by, canvas.height / by)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_draft_keeps_its_bytes_through_the_answer() {
        let draft = r#"{ "t":[ {"tt":0,"sg":null,"big":18446744073709551616,"one":1.0} ] , "é":"\u2028" }"#;
        let body =
            format!(r#"{{"session_id":5529798706024415232,"state":{{"draft":{draft},"user_id":"anon_1"}}}}"#);
        let read: SessionState = serde_json::from_str(&body).unwrap();
        assert_eq!(
            (read.session_id.as_str(), read.user_id.as_deref()),
            ("5529798706024415232", Some("anon_1"))
        );
        let state = read.state.to_model().unwrap();
        assert_eq!(state.draft.as_ref().unwrap().to_json(), draft);
        assert_eq!(StateBody::of(&state).draft.unwrap().get(), draft);
    }

    #[test]
    fn nothing_made_yet_comes_in_three_forms() {
        for body in [r#"{"state":{}}"#, r#"{"state":{"draft":null}}"#, r#"{"state":{"draft":{}}}"#, "{}"] {
            let read: SessionState = serde_json::from_str(body).unwrap();
            assert_eq!(read.state.to_model().unwrap(), State::default(), "{body}");
        }
        let odd: SessionState = serde_json::from_str(r#"{"state":{"draft":[1]}}"#).unwrap();
        assert!(odd.state.to_model().is_err());
    }

    #[test]
    fn media_and_canvas_are_read() {
        let body = r#"{"video_infos":[{"filename":"a.mp4","cdn_url":"u","duration":2}],
            "canvas_config":{"width":"1080","height":1920,"aspect_ratio":"9:16"},"generated_media":[{"id":1}]}"#;
        let read: StateBody = serde_json::from_str(body).unwrap();
        let state = read.to_model().unwrap();
        assert_eq!(state.canvas, Some(Canvas { width: 1080, height: 1920 }));
        assert_eq!((state.media.len(), state.generated.len()), (1, 1));
        assert_eq!(StateBody::of(&state).canvas_config.unwrap().aspect_ratio.as_deref(), Some("9:16"));
    }
}
