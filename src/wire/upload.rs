//! Uploads: the multipart field, the body that hands over URLs, and what the backend says
//! of each file.

use serde::{Deserialize, Serialize};

use crate::model::media::{self, Kind};
use crate::model::state::MediaItem;
use crate::model::time::Millis;
use crate::wire::fields::{Fields, Missing};
use crate::wire::text::printable;

/// The name of the multipart field; it may come several times in one request.
pub const FILES_FIELD: &str = "files";

/// Hands over URLs.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "Fields")]
pub struct UrlUpload {
    /// The addresses, http or https.
    pub urls: Vec<String>,
    /// Always `url`.
    pub source_type: String,
}

impl UrlUpload {
    /// Returns a body for these addresses.
    pub fn of(urls: &[String]) -> Self {
        Self { urls: urls.to_vec(), source_type: "url".to_owned() }
    }
}

impl TryFrom<Fields> for UrlUpload {
    type Error = Missing;
    fn try_from(fields: Fields) -> Result<Self, Missing> {
        let urls: Vec<String> = fields.get(&["urls"]).unwrap_or_default();
        if urls.is_empty() {
            return Err(Missing("urls"));
        }
        Ok(Self::of(&urls))
    }
}

/// The answer to an upload.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(from = "Fields")]
pub struct Uploaded {
    /// The files, in the order in which they were sent.
    pub files: Vec<FileInfo>,
    /// Whether the session's state holds them already.
    pub session_state_applied: bool,
}

impl From<Fields> for Uploaded {
    fn from(fields: Fields) -> Self {
        let applied = fields.get(&["session_state_applied", "sessionStateApplied"]);
        Self { files: FileInfo::list(&fields, &["files"]), session_state_applied: applied.unwrap_or(false) }
    }
}

/// What the backend says of one file; also an item of the state's `video_infos`.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(from = "Fields")]
pub struct FileInfo {
    /// The file's name.
    pub filename: String,
    /// `video`, `image` or `audio`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub file_type: Option<String>,
    /// Where the backend keeps it.
    pub cdn_url: String,
    /// Seconds.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub duration: Option<f64>,
    /// Pixels across.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub width: Option<u32>,
    /// Pixels down.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub height: Option<u32>,
    /// Frames a second.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub fps: Option<f64>,
    /// A hash of the content.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub hash: Option<String>,
    /// Bytes.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub size: Option<u64>,
}

impl From<Fields> for FileInfo {
    fn from(fields: Fields) -> Self {
        let url = fields.text(&["cdn_url", "cdnUrl", "url", "src"]).unwrap_or_default();
        let name =
            fields.text(&["filename", "file_name", "fileName", "name"]).filter(|name| !name.is_empty());
        let side = |names: &[&str]| fields.count(names).and_then(|side| u32::try_from(side).ok());
        Self {
            filename: name.unwrap_or_else(|| last_part(&url).to_owned()),
            file_type: fields.text(&["file_type", "fileType", "type"]),
            cdn_url: url,
            duration: fields.number(&["duration", "duration_s"]),
            width: side(&["width"]),
            height: side(&["height"]),
            fps: fields.number(&["fps"]),
            hash: fields.text(&["hash", "md5", "sha256"]),
            size: fields.count(&["size", "bytes", "file_size"]),
        }
    }
}

impl FileInfo {
    /// Reads the list under one of `names`; items that are no objects are left out.
    pub(crate) fn list(fields: &Fields, names: &[&str]) -> Vec<Self> {
        fields.list(names).iter().filter_map(|item| Fields::parse(item.get())).map(Self::from).collect()
    }

    /// Returns the file as the model sees it; its name is safe to print.
    pub fn to_item(&self) -> MediaItem {
        let stated = self.file_type.as_deref().and_then(Kind::from_word);
        MediaItem {
            name: printable(&self.filename),
            kind: stated.or_else(|| media::format_of(&self.filename).map(|format| format.kind)),
            url: self.cdn_url.clone(),
            duration: self.duration.filter(|seconds| *seconds > 0.0).map(Millis::from_seconds),
            width: self.width,
            height: self.height,
            bytes: self.size,
            sound: None,
            hash: self.hash.clone(),
        }
    }

    /// Returns the model's view as the backend says it.
    pub fn of(item: &MediaItem) -> Self {
        Self {
            filename: item.name.clone(),
            file_type: item.kind.map(|kind| kind.word().to_owned()),
            cdn_url: item.url.clone(),
            duration: item.duration.map(Millis::seconds),
            width: item.width,
            height: item.height,
            fps: None,
            hash: item.hash.clone(),
            size: item.bytes,
        }
    }
}

/// The last part of a URL's path.
fn last_part(url: &str) -> &str {
    let path = url.split(['?', '#']).next().unwrap_or_default();
    path.rsplit('/').next().unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_answer_is_read_with_gaps_and_extras() {
        let body = r#"{"files":[
            {"filename":"city.mp4","file_type":"video","cdn_url":"https://c/x/city.mp4","duration":30.5,
             "width":1920,"height":1080.0,"fps":29.97,"hash":"abc","extra":{"a":[]}},
            {"cdn_url":"https://c/y/logo.png?sig=1","duration":null}, 7],"session_state_applied":true}"#;
        let answer: Uploaded = serde_json::from_str(body).unwrap();
        assert!(answer.session_state_applied);
        let items: Vec<_> = answer.files.iter().map(FileInfo::to_item).collect();
        assert_eq!((items[0].kind, items[0].duration), (Some(Kind::Video), Some(Millis(30_500))));
        assert_eq!(items[0].height, Some(1080));
        assert_eq!((items[1].name.as_str(), items[1].kind), ("logo.png", Some(Kind::Image)));
        assert_eq!(FileInfo::of(&items[0]).to_item(), items[0]);
    }

    #[test]
    fn urls_have_the_documented_body() {
        let body = serde_json::to_string(&UrlUpload::of(&["https://a/b.mp4".to_owned()])).unwrap();
        assert_eq!(body, r#"{"urls":["https://a/b.mp4"],"source_type":"url"}"#);
        assert!(serde_json::from_str::<UrlUpload>(r#"{"urls":[]}"#).is_err());
    }
}
