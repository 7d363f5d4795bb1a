//! Renders: the request, and the answer that says how far one is, in its three shapes.

use serde::{Deserialize, Serialize};
use serde_json::value::RawValue;
use serde_json::{Map, Value};

use crate::wire::fields::{Fields, Missing};
use crate::wire::text::printable;

/// Asks for a render. The only body in camelCase.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(try_from = "Fields", rename_all = "camelCase")]
pub struct RenderRequest {
    /// The client's own id of this attempt; never used twice.
    pub id: String,
    /// The session.
    pub session_id: String,
    /// The draft, byte for byte.
    pub draft: Box<RawValue>,
    /// How the file shall be.
    pub output: Output,
}

impl TryFrom<Fields> for RenderRequest {
    type Error = Missing;
    fn try_from(fields: Fields) -> Result<Self, Missing> {
        Ok(Self {
            id: fields.text(&["id"]).filter(|id| !id.is_empty()).ok_or(Missing("id"))?,
            session_id: fields.text(&["sessionId", "session_id"]).ok_or(Missing("sessionId"))?,
            draft: fields.raw(&["draft"]).ok_or(Missing("draft"))?.to_owned(),
            output: fields.get(&["output"]).unwrap_or_default(),
        })
    }
}

/// How a rendered file shall be. Unknown wishes pass through.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Output {
    /// `mp4`, `mov`, `webm`, `mkv` or `gif`.
    pub format: String,
    /// `high`, `medium` or `low`.
    pub quality: String,
    /// Such as `1080p`; the backend's own choice when none.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub resolution: Option<String>,
    /// Everything else.
    #[serde(flatten)]
    pub extra: Map<String, Value>,
}

impl Default for Output {
    fn default() -> Self {
        Self { format: "mp4".to_owned(), quality: "high".to_owned(), resolution: None, extra: Map::new() }
    }
}

impl<'de> Deserialize<'de> for Output {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let mut all = Map::deserialize(deserializer)?;
        let mut text = |key: &str| match all.shift_remove(key)? {
            Value::String(text) => Some(text),
            Value::Number(number) => Some(number.to_string()),
            _ => None,
        };
        let usual = Self::default();
        let format = text("format").unwrap_or(usual.format);
        let quality = text("quality").unwrap_or(usual.quality);
        let resolution = text("resolution");
        Ok(Self { format, quality, resolution, extra: all })
    }
}

/// Where a render stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Status {
    /// Accepted; waits for a machine.
    Pending,
    /// At work.
    Processing,
    /// Done.
    Completed,
    /// Given up.
    Failed,
}

impl Status {
    /// Returns the documented word.
    pub fn word(self) -> &'static str {
        match self {
            Self::Pending => "pending",
            Self::Processing => "processing",
            Self::Completed => "completed",
            Self::Failed => "failed",
        }
    }

    /// Reads a word in any of the spellings that were seen; an unknown one is at work.
    pub fn of(word: &str) -> Self {
        match word.trim().to_ascii_lowercase().as_str() {
            "pending" | "queued" | "waiting" | "accepted" => Self::Pending,
            "completed" | "complete" | "success" | "succeeded" | "done" | "finished" => Self::Completed,
            "failed" | "failure" | "error" | "canceled" | "cancelled" | "timeout" | "timed_out" => {
                Self::Failed
            }
            _ => Self::Processing,
        }
    }
}

/// How far a render is: the answer to a poll, and to a submission.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(from = "Fields")]
pub struct RenderView {
    /// Its id, when the answer says it.
    pub id: Option<String>,
    /// Where it stands.
    pub status: Status,
    /// From 0 to 100.
    pub percent: Option<u8>,
    /// Where the file is.
    pub url: Option<String>,
    /// Seconds of the file.
    pub duration: Option<f64>,
    /// Bytes of the file.
    pub size: Option<u64>,
    /// Why it failed, safe to print.
    pub error: Option<String>,
}

impl RenderView {
    /// Returns the flat body, which is the documented one.
    pub fn to_json(&self) -> String {
        let mut body = Map::new();
        body.insert("taskId".into(), self.id.clone().into());
        body.insert("status".into(), self.status.word().into());
        body.insert("progress".into(), self.percent.unwrap_or(0).into());
        if let Some(url) = &self.url {
            let output = serde_json::json!({"url": url, "duration": self.duration, "size": self.size});
            body.insert("output".into(), output);
        }
        if let Some(error) = &self.error {
            body.insert("error".into(), error.clone().into());
        }
        Value::Object(body).to_string()
    }
}

/// Reads the payload of an answer: flat, or what `data` held.
impl From<Fields> for RenderView {
    fn from(fields: Fields) -> Self {
        let output = fields.object(&["output", "result"]).unwrap_or_default();
        let here = ["url", "outputUrl", "output_url", "downloadUrl", "download_url"];
        let url = output.text(&here).or_else(|| fields.text(&here)).filter(|url| !url.is_empty());
        let word = fields.text(&["status", "state"]);
        let status = match (&word, &url) {
            (Some(word), _) => Status::of(word),
            (None, Some(_)) => Status::Completed,
            (None, None) => Status::Pending,
        };
        Self {
            id: fields.text(&["taskId", "task_id", "id", "render_id", "renderId"]),
            status,
            percent: fields.number(&["progress", "percent"]).map(|number| percent(number, status)),
            url,
            duration: output.number(&["duration"]).or_else(|| fields.number(&["duration"])),
            size: output.count(&["size"]).or_else(|| fields.count(&["size"])),
            error: reason(&fields).map(|text| printable(&text)).filter(|text| !text.trim().is_empty()),
        }
    }
}

fn reason(fields: &Fields) -> Option<String> {
    let names = ["error", "errorMessage", "error_message", "message", "reason"];
    fields.text(&names).or_else(|| fields.object(&["error"])?.text(&["message", "msg", "detail"]))
}

/// A progress of 0 to 100; a fraction up to 1 counts as one, but a whole 1 at work is 1 %.
fn percent(number: f64, status: Status) -> u8 {
    let whole = number.fract() == 0.0 && status != Status::Completed;
    let percent = if number <= 1.0 && !whole { number * 100.0 } else { number };
    percent.clamp(0.0, 100.0).round() as u8
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::wire::envelope;

    fn view(body: &str) -> RenderView {
        envelope::decode(200, body.as_bytes()).unwrap()
    }

    #[test]
    fn three_shapes_say_the_same() {
        let flat = r#"{"taskId":"r1","status":"completed","progress":100,"output":{"url":"https://c/o.mp4","duration":30.5,"size":15728640}}"#;
        let wrapped = r#"{"success":true,"data":{"id":"r1","status":"completed","progress":100,"outputUrl":"https://c/o.mp4","duration":30.5,"size":15728640,"createdAt":1773423613616}}"#;
        let coded = r#"{"code":0,"data":{"render_id":"r1","status":"SUCCESS","progress":1.0,"output":{"url":"https://c/o.mp4","duration":"30.5","size":15728640}}}"#;
        let same = view(flat);
        assert_eq!(same.percent, Some(100));
        assert_eq!((same.size, same.duration), (Some(15_728_640), Some(30.5)));
        assert_eq!((view(wrapped), view(coded)), (same.clone(), same.clone()));
        assert_eq!(view(&same.to_json()), same);
    }

    #[test]
    fn words_of_every_backend_are_known() {
        let words = ["queued", "rendering", "running", "new", "done", "canceled", "timed_out", "ERROR"];
        use Status::*;
        let meant = [Pending, Processing, Processing, Processing, Completed, Failed, Failed, Failed];
        assert_eq!(words.map(Status::of), meant);
    }

    #[test]
    fn progress_is_a_percentage_however_it_is_written() {
        let at =
            |progress: &str| view(&format!(r#"{{"status":"processing","progress":{progress}}}"#)).percent;
        assert_eq!(
            [at("0.42"), at("42"), at("1"), at("\"7\""), at("250")].map(Option::unwrap),
            [42, 42, 1, 7, 100]
        );
        assert_eq!(at("null"), None);
    }

    #[test]
    fn failures_say_why_in_either_form() {
        let why = |body: &str| view(body).error.unwrap();
        assert_eq!(why(r#"{"status":"failed","error":"no \u001b[1mfont"}"#), "no font");
        assert_eq!(why(r#"{"status":"failed","error":{"message":"lost"}}"#), "lost");
        assert_eq!(view(r#"{"success":true}"#).status, Status::Pending);
    }

    #[test]
    fn a_request_carries_the_draft_byte_for_byte_and_unknown_wishes() {
        let body = r#"{"id":"render_1","sessionId":"5","draft":{ "d" : 1.0 },"output":{"format":"mp4","quality":"high","resolution":"720p","crf":23}}"#;
        let read: RenderRequest = serde_json::from_str(body).unwrap();
        assert_eq!(read.draft.get(), r#"{ "d" : 1.0 }"#);
        assert_eq!(serde_json::to_string(&read).unwrap(), body);
        let bare: RenderRequest = serde_json::from_str(r#"{"id":"r","sessionId":5,"draft":{}}"#).unwrap();
        assert_eq!((bare.output, bare.session_id), (Output::default(), "5".to_owned()));
    }
}
