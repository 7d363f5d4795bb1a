//! The request of one turn; its answer is a stream of events.

use serde::{Deserialize, Serialize};

use crate::wire::fields::{Fields, Missing};

const APP: &str = "nemo_agent";

/// Asks for one turn.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(try_from = "Fields")]
pub struct RunRequest {
    /// The session.
    pub session_id: String,
    /// The user's words, unchanged.
    pub text: String,
    /// Whether the answer may come in partial pieces. A client of ours never asks for it.
    pub streaming: bool,
}

impl RunRequest {
    /// Returns the body with its documented keys.
    pub fn to_json(&self) -> String {
        serde_json::to_string(self).expect("a request holds nothing but strings")
    }
}

impl Serialize for RunRequest {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        #[derive(Serialize)]
        struct Body<'a> {
            app_name: &'a str,
            user_id: &'a str,
            session_id: &'a str,
            new_message: Message<'a>,
            #[serde(skip_serializing_if = "std::ops::Not::not")]
            streaming: bool,
        }
        #[derive(Serialize)]
        struct Message<'a> {
            parts: [Text<'a>; 1],
        }
        #[derive(Serialize)]
        struct Text<'a> {
            text: &'a str,
        }
        let new_message = Message { parts: [Text { text: &self.text }] };
        let streaming = self.streaming;
        Body { app_name: APP, user_id: "me", session_id: &self.session_id, new_message, streaming }
            .serialize(serializer)
    }
}

impl TryFrom<Fields> for RunRequest {
    type Error = Missing;
    fn try_from(fields: Fields) -> Result<Self, Missing> {
        let message = fields.object(&["new_message", "newMessage"]).ok_or(Missing("new_message"))?;
        let parts = message.list(&["parts"]);
        let texts: Vec<_> =
            parts.iter().filter_map(|part| Fields::parse(part.get())?.text(&["text"])).collect();
        Ok(Self {
            session_id: fields.text(&["session_id", "sessionId"]).ok_or(Missing("session_id"))?,
            text: Some(texts.join("\n")).filter(|_| !texts.is_empty()).ok_or(Missing("new_message.parts"))?,
            streaming: fields.get(&["streaming"]).unwrap_or(false),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_body_is_the_documented_one() {
        let ask = RunRequest { session_id: "5".into(), text: "add a \"title\"".into(), streaming: false };
        let body = r#"{"app_name":"nemo_agent","user_id":"me","session_id":"5","new_message":{"parts":[{"text":"add a \"title\""}]}}"#;
        assert_eq!(ask.to_json(), body);
        assert_eq!(serde_json::from_str::<RunRequest>(body).unwrap(), ask);
    }

    #[test]
    fn both_spellings_are_read_and_gaps_are_named() {
        let camel = r#"{"sessionId":5,"newMessage":{"role":"user","parts":[{"text":"a"},{"inlineData":{}},{"text":"b"}]},"streaming":true}"#;
        let read: RunRequest = serde_json::from_str(camel).unwrap();
        assert_eq!((read.session_id.as_str(), read.text.as_str(), read.streaming), ("5", "a\nb", true));
        let error = serde_json::from_str::<RunRequest>(r#"{"session_id":"5","new_message":{"parts":[]}}"#);
        assert!(error.unwrap_err().to_string().contains("new_message.parts"));
    }
}
