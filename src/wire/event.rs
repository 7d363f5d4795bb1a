//! The agent's events: ADK's JSON (both spellings) and the typed form, read into signals;
//! and ADK-shaped events to write.

use serde::ser::SerializeMap;
use serde::{Serialize, Serializer};
use serde_json::{Map, Value};

use crate::wire::envelope;
use crate::wire::fields::Fields;
use crate::wire::sse::Item;
use crate::wire::text::printable;

/// A tool's name longer than this is cut.
const NAME_CHARS_MAX: usize = 100;
/// Words of an error longer than this are cut: older servers put whole traces there.
const FAULT_CHARS_MAX: usize = 400;
/// Finish reasons that are no complaint.
const GOOD_ENDS: &[&str] = &["STOP", "FINISH_REASON_UNSPECIFIED", ""];

/// What an event means to one who waits for a turn to end.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Signal {
    /// The backend lives; nothing happened.
    Heartbeat,
    /// Words of the agent.
    Text {
        /// Who speaks; sub-agents have names of their own.
        author: String,
        /// The words, as they came.
        text: String,
        /// A piece of a text that comes again in whole.
        partial: bool,
    },
    /// A tool was called.
    Call(String),
    /// A tool gave its result.
    Result(String),
    /// The turn changed these keys of the state.
    State(Vec<String>),
    /// Something went wrong.
    Fault(Fault),
    /// The agent works, with nothing to show: thoughts, empty candidates, usage.
    Quiet,
}

/// An error inside a stream.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fault {
    /// A documented code, else 0.
    pub code: i64,
    /// What it says, safe to print.
    pub message: String,
    /// How much it weighs.
    pub weight: Weight,
}

/// How much an error inside a stream weighs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Weight {
    /// An envelope with a code: the backend's own no.
    Refusal,
    /// The turn broke: an exception, or an error in place of an answer.
    Broken,
    /// A complaint beside an answer that stands.
    Beside,
}

/// Reads one item of a stream. One event can mean several things, in this order: error,
/// words, calls, results, state.
pub fn signals(item: &Item) -> Vec<Signal> {
    let (name, data) = match item {
        Item::Comment(_) => return vec![Signal::Heartbeat],
        Item::Oversized => return vec![Signal::Quiet],
        Item::Event { name, data } => (name.as_deref().unwrap_or_default(), data.trim()),
    };
    if data.is_empty() || is_beat(name) || is_beat(data) {
        return vec![Signal::Heartbeat];
    }
    let Some(fields) = Fields::parse(data) else { return vec![garbled(data)] };
    let mut found = match fields.text(&["type", "event"]) {
        Some(kind) if is_beat(&kind) => return vec![Signal::Heartbeat],
        Some(kind) => typed(&kind, &fields),
        None => Vec::new(),
    };
    if found.is_empty() {
        found = adk(&fields);
    }
    if found.is_empty() { vec![Signal::Quiet] } else { found }
}

fn is_beat(word: &str) -> bool {
    ["heartbeat", "ping", "keepalive", "keep-alive"].iter().any(|beat| word.eq_ignore_ascii_case(beat))
}

fn typed(kind: &str, fields: &Fields) -> Vec<Signal> {
    let name = || short(&fields.text(&["name", "tool"]).unwrap_or_default(), NAME_CHARS_MAX);
    match kind {
        "text" | "message" => {
            let text = fields.text(&["content", "text"]).unwrap_or_default();
            let partial = fields.get(&["partial"]).unwrap_or(false);
            if text.is_empty() {
                Vec::new()
            } else {
                vec![Signal::Text { author: String::new(), text, partial }]
            }
        }
        "tool_call" | "tool_start" => vec![Signal::Call(name())],
        "tool_result" | "tool_end" => vec![Signal::Result(name())],
        "error" => vec![Signal::Fault(stated(fields, Weight::Broken))],
        _ => Vec::new(),
    }
}

fn adk(fields: &Fields) -> Vec<Signal> {
    let partial = fields.get(&["partial"]).unwrap_or(false);
    let author = fields.text(&["author"]).unwrap_or_default();
    let content = fields.object(&["content"]).unwrap_or_default();
    let mut text = String::new();
    let mut tools = Vec::new();
    for part in content.list(&["parts"]) {
        let Some(part) = Fields::parse(part.get()) else { continue };
        if part.get(&["thought"]) != Some(true) {
            text.push_str(&part.text(&["text"]).unwrap_or_default());
        }
        // The arguments of a partial call can be cut: the whole call follows.
        let named = |call: Fields| short(&call.text(&["name"]).unwrap_or_default(), NAME_CHARS_MAX);
        if let Some(call) = part.object(&["functionCall", "function_call"]).filter(|_| !partial) {
            tools.push(Signal::Call(named(call)));
        }
        if let Some(result) = part.object(&["functionResponse", "function_response"]) {
            tools.push(Signal::Result(named(result)));
        }
    }
    let mut found: Vec<_> = fault(fields, text.is_empty()).map(Signal::Fault).into_iter().collect();
    if !text.is_empty() {
        found.push(Signal::Text { author, text, partial });
    }
    found.extend(tools);
    let actions = fields.object(&["actions"]).unwrap_or_default();
    let changed =
        actions.object(&["stateDelta", "state_delta"]).map(|delta| delta.names()).unwrap_or_default();
    if !changed.is_empty() {
        found.push(Signal::State(changed));
    }
    found
}

/// The error that an ADK event or an error frame states, in any of its forms.
fn fault(fields: &Fields, textless: bool) -> Option<Fault> {
    if envelope::stated_refusal(fields).is_some() {
        return Some(stated(fields, Weight::Refusal));
    }
    if fields.raw(&["error"]).is_some() || (fields.has("detail") && !fields.has("content")) {
        return Some(stated(fields, Weight::Broken));
    }
    let weight = if textless { Weight::Broken } else { Weight::Beside };
    let code = fields.text(&["errorCode", "error_code"]).filter(|code| code != "0");
    let end = fields.text(&["finishReason", "finish_reason"]);
    let end = end.filter(|end| !GOOD_ENDS.contains(&end.to_ascii_uppercase().as_str()));
    let word = code.or(end)?;
    let message = fields.text(&["errorMessage", "error_message"]).filter(|message| *message != word);
    let words = message.map_or(word.clone(), |message| format!("{word}: {message}"));
    let code = word.parse().ok().filter(|code: &i64| *code >= 1_000).unwrap_or(0);
    Some(Fault { code, message: short(&words, FAULT_CHARS_MAX), weight })
}

/// A fault with the code and the words that an object states.
fn stated(fields: &Fields, weight: Weight) -> Fault {
    match envelope::stated_refusal(fields) {
        Some(refusal) => Fault { code: refusal.code, message: refusal.message, weight },
        None => Fault { code: 0, message: short(&envelope::said(fields), FAULT_CHARS_MAX), weight },
    }
}

/// A frame that is no JSON object. Old servers build the error frame by hand, so that a
/// quote or a line end in the message breaks it.
fn garbled(data: &str) -> Signal {
    let Some(at) = data.find("\"error\"") else { return Signal::Quiet };
    let words =
        data[at + "\"error\"".len()..].trim_matches(|c: char| c.is_whitespace() || ":\"{},".contains(c));
    let message = if words.is_empty() { "the agent broke off with an unreadable error" } else { words };
    Signal::Fault(Fault { code: 0, message: short(message, FAULT_CHARS_MAX), weight: Weight::Broken })
}

/// One line of a text.
fn short(text: &str, chars_max: usize) -> String {
    let safe = printable(text);
    let words: Vec<_> = safe.split_whitespace().collect();
    words.join(" ").chars().take(chars_max).collect()
}

/// An ADK event to write: `id`, `author`, `content` and so on, in camelCase, without nulls.
#[derive(Clone, Debug, Default, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Event {
    /// Its id; ADK does not promise that it is unique.
    pub id: String,
    /// The id of the turn.
    pub invocation_id: String,
    /// `user`, or the agent's name.
    pub author: String,
    /// Seconds since 1970.
    pub timestamp: f64,
    /// What was said or done.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub content: Option<Content>,
    /// A piece of a text that comes again in whole.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub partial: Option<bool>,
    /// The word of an error, such as `MALFORMED_FUNCTION_CALL`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub error_code: Option<String>,
    /// The words of an error.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub error_message: Option<String>,
    /// Why the model stopped, such as `STOP`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub finish_reason: Option<String>,
    /// What the event changed.
    pub actions: Actions,
}

/// The content of an event.
#[derive(Clone, Debug, Serialize)]
pub struct Content {
    /// `model`, or `user` for the results of tools.
    pub role: String,
    /// Its parts, in order.
    pub parts: Vec<Part>,
}

/// One part of a content.
#[derive(Clone, Debug)]
pub enum Part {
    /// Words for the user.
    Text(String),
    /// Words of the agent to itself.
    Thought(String),
    /// A call of a tool.
    Call {
        /// Joins it to its result.
        id: String,
        /// The tool.
        name: String,
        /// Its arguments, an object.
        args: Value,
    },
    /// The result of a tool.
    Response {
        /// Joins it to its call.
        id: String,
        /// The tool.
        name: String,
        /// What it gave, an object.
        response: Value,
    },
}

/// What an event changed.
#[derive(Clone, Debug, Default, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Actions {
    /// Keys of the state with their new values.
    pub state_delta: Map<String, Value>,
    /// Files with their new versions.
    pub artifact_delta: Map<String, Value>,
}

impl Event {
    /// Returns the event as JSON: the `data` of one server-sent event.
    pub fn to_json(&self) -> String {
        serde_json::to_string(self).expect("an event holds nothing but strings, numbers and JSON")
    }
}

/// Returns the frame of an exception: `{"error":".."}`.
pub fn error_frame(message: &str) -> String {
    serde_json::json!({ "error": message }).to_string()
}

impl Serialize for Part {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(None)?;
        match self {
            Self::Text(text) => map.serialize_entry("text", text)?,
            Self::Thought(text) => {
                map.serialize_entry("text", text)?;
                map.serialize_entry("thought", &true)?;
            }
            Self::Call { id, name, args } => {
                map.serialize_entry(
                    "functionCall",
                    &serde_json::json!({"id": id, "name": name, "args": args}),
                )?;
            }
            Self::Response { id, name, response } => {
                let body = serde_json::json!({"id": id, "name": name, "response": response});
                map.serialize_entry("functionResponse", &body)?;
            }
        }
        map.end()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(data: &str) -> Vec<Signal> {
        signals(&Item::Event { name: None, data: data.to_owned() })
    }

    fn text(text: &str, partial: bool) -> Signal {
        Signal::Text { author: "nemo_agent".into(), text: text.into(), partial }
    }

    fn fault(data: &str) -> Fault {
        let found = read(data).into_iter().find_map(|signal| match signal {
            Signal::Fault(fault) => Some(fault),
            _ => None,
        });
        found.unwrap_or_else(|| panic!("{data} holds no fault"))
    }

    #[test]
    fn every_form_of_heartbeat_is_a_sign_of_life() {
        for data in ["", " ", "heartbeat", "PING", r#"{"type":"heartbeat"}"#, r#"{"event":"heartbeat"}"#] {
            assert_eq!(read(data), [Signal::Heartbeat], "{data:?}");
        }
        assert_eq!(signals(&Item::Comment("ping".into())), [Signal::Heartbeat]);
        let named = Item::Event { name: Some("heartbeat".into()), data: "{\"t\":1}".into() };
        assert_eq!(signals(&named), [Signal::Heartbeat]);
    }

    #[test]
    fn one_event_can_mean_several_things_in_either_spelling() {
        let camel = r#"{"author":"nemo_agent","content":{"parts":[{"text":"hm","thought":true},{"text":"I will "},
            {"text":"edit"},{"functionCall":{"id":"1","name":"edit_multitrack","args":{"a":1}}},{"inlineData":{"data":"_-"}}]},
            "actions":{"stateDelta":{"draft":{},"canvas_config":{}}}}"#;
        let snake = camel.replace("functionCall", "function_call").replace("stateDelta", "state_delta");
        let meant = [
            text("I will edit", false),
            Signal::Call("edit_multitrack".into()),
            Signal::State(vec!["canvas_config".into(), "draft".into()]),
        ];
        assert_eq!(read(camel), meant);
        assert_eq!(read(&snake), meant);
    }

    #[test]
    fn partial_calls_and_empty_candidates_say_nothing() {
        let call = r#"{"partial":true,"content":{"parts":[{"functionCall":{"name":"x","args":null}}]}}"#;
        assert_eq!(read(call), [Signal::Quiet]);
        assert_eq!(
            read(r#"{"id":"e","content":{"role":"model","parts":[]},"finishReason":"STOP"}"#),
            [Signal::Quiet]
        );
        assert_eq!(read("not json at all"), [Signal::Quiet]);
    }

    #[test]
    fn typed_events_mean_the_same() {
        let said = Signal::Text { author: String::new(), text: "hi".into(), partial: false };
        assert_eq!(read(r#"{"type":"text","content":"hi"}"#), [said]);
        assert_eq!(read(r#"{"type":"tool_call","name":"edit","args":{}}"#), [Signal::Call("edit".into())]);
        assert_eq!(
            read(r#"{"type":"tool_result","name":"edit","result":{}}"#),
            [Signal::Result("edit".into())]
        );
        assert_eq!(fault(r#"{"type":"error","message":"lost"}"#).message, "lost");
    }

    #[test]
    fn faults_are_found_in_each_of_their_forms() {
        let frame = fault(r#"{"error":"it \"broke\"","error_details":{"type":"ValueError"}}"#);
        assert_eq!((frame.message.as_str(), frame.weight), ("it \"broke\"", Weight::Broken));
        let coded = r#"{"author":"a","errorCode":"UNKNOWN","errorMessage":"cannot"}"#;
        assert_eq!((fault(coded).message.as_str(), fault(coded).weight), ("UNKNOWN: cannot", Weight::Broken));
        let beside = r#"{"author":"a","content":{"parts":[{"text":"so far"}]},"error_code":"MAX_TOKENS"}"#;
        assert_eq!((fault(beside).weight, read(beside).len()), (Weight::Beside, 2));
        let finish = fault(r#"{"author":"a","finishReason":"MALFORMED_FUNCTION_CALL"}"#);
        assert_eq!((finish.message.as_str(), finish.weight), ("MALFORMED_FUNCTION_CALL", Weight::Broken));
        let credits = fault(r#"{"code":2001,"message":"out of credits"}"#);
        assert_eq!((credits.code, credits.weight), (2001, Weight::Refusal));
    }

    #[test]
    fn a_broken_error_frame_still_tells_its_words() {
        let broken = fault("{\"error\": \"the tool \"edit\" failed\"}");
        assert_eq!((broken.message.as_str(), broken.weight), ("the tool \"edit\" failed", Weight::Broken));
        assert!(fault("{\"error\": \"\n\"}x{").message.contains('x'));
    }

    #[test]
    fn an_event_is_written_as_adk_writes_it() {
        let mut event = Event { id: "e1".into(), author: "nemo_agent".into(), ..Event::default() };
        let args = serde_json::json!({"track": 1});
        let call = Part::Call { id: "c".into(), name: "edit".into(), args };
        event.content = Some(Content {
            role: "model".into(),
            parts: vec![Part::Thought("hm".into()), Part::Text("ok".into()), call],
        });
        event.actions.state_delta.insert("draft".into(), Value::Null);
        let text_of_it = concat!(
            r#"{"id":"e1","invocationId":"","author":"nemo_agent","timestamp":0.0,"content":{"role":"model","parts":["#,
            r#"{"text":"hm","thought":true},{"text":"ok"},{"functionCall":{"id":"c","name":"edit","args":{"track":1}}}]},"#,
            r#""actions":{"stateDelta":{"draft":null},"artifactDelta":{}}}"#
        );
        assert_eq!(event.to_json(), text_of_it);
        let meant = [text("ok", false), Signal::Call("edit".into()), Signal::State(vec!["draft".into()])];
        assert_eq!(read(&event.to_json()), meant);
        assert_eq!(fault(&error_frame("no")).message, "no");
    }
}
