//! A new project with its session: request and answer.

use serde::{Deserialize, Serialize};

use crate::wire::fields::{Fields, Missing};

/// Asks for a project.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(from = "Fields")]
pub struct CreateSession {
    /// Its label.
    pub task_name: String,
    /// The user's language code, such as `en` or `zh`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub language: Option<String>,
}

impl From<Fields> for CreateSession {
    fn from(fields: Fields) -> Self {
        let name = fields.text(&["task_name", "taskName"]).filter(|name| !name.is_empty());
        Self { task_name: name.unwrap_or_else(|| "project".to_owned()), language: fields.text(&["language"]) }
    }
}

/// A session as the backend knows it. Ids are opaque texts: 19 digits do not fit a float.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "Fields")]
pub struct SessionInfo {
    /// Names the session in every later call.
    pub session_id: String,
    /// Names the project; empty when the backend does not say.
    pub task_id: String,
    /// The user, when the backend says; `anon_..` for an anonymous one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub user_id: Option<String>,
}

impl TryFrom<Fields> for SessionInfo {
    type Error = Missing;
    fn try_from(fields: Fields) -> Result<Self, Missing> {
        let id = fields.text(&["session_id", "sessionId"]).filter(|id| !id.is_empty());
        Ok(Self {
            session_id: id.ok_or(Missing("session_id"))?,
            task_id: fields.text(&["task_id", "taskId"]).unwrap_or_default(),
            user_id: fields.text(&["user_id", "userId"]),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_survive_as_texts_even_when_they_come_as_numbers() {
        let info: SessionInfo =
            serde_json::from_str(r#"{"task_id":7,"session_id":5529798706024415232,"user_id":null}"#).unwrap();
        let same =
            SessionInfo { session_id: "5529798706024415232".into(), task_id: "7".into(), user_id: None };
        assert_eq!(info, same);
    }

    #[test]
    fn the_language_is_left_out_when_nobody_said_it() {
        let ask = CreateSession { task_name: "promo".into(), language: None };
        assert_eq!(serde_json::to_string(&ask).unwrap(), r#"{"task_name":"promo"}"#);
        let asked: CreateSession = serde_json::from_str(r#"{"language":"zh"}"#).unwrap();
        assert_eq!(asked, CreateSession { task_name: "project".into(), language: Some("zh".into()) });
    }
}
