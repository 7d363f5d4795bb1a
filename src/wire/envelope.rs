//! The envelope around every JSON answer, `{"code":0,"data":{..}}`, and how else an answer
//! says yes or no: by `code` first, then by HTTP status, with the words of `detail` too.

use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::value::RawValue;

use crate::wire::code::Code;
use crate::wire::fields::{Fields, text_of};
use crate::wire::text::printable;

/// A message longer than this is cut: it is a page or a trace, not a sentence.
const MESSAGE_CHARS_MAX: usize = 400;
const MESSAGES: &[&str] = &["message", "msg", "detail", "error", "reason"];

/// A no from the backend.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{message} (code {code})")]
pub struct Refusal {
    /// The backend's code, else the HTTP status; 0 when it said no without a number.
    pub code: i64,
    /// The HTTP status.
    pub status: u16,
    /// Its words, safe to print; a standard phrase when it gave none.
    pub message: String,
}

impl Refusal {
    /// Returns what the number means.
    pub fn meaning(&self) -> Code {
        if self.code == 0 { Code::Other } else { Code::of(self.code) }
    }
}

/// Why an answer gave no data.
#[derive(Debug, thiserror::Error)]
pub enum AnswerError {
    /// The backend said no.
    #[error(transparent)]
    Refused(#[from] Refusal),
    /// The status said yes, the body is not what was asked for.
    #[error("the answer is not readable: {0}")]
    Garbled(String),
}

/// Returns the payload of an answer as JSON text: `data`, or the whole body where there is
/// no envelope.
///
/// # Errors
/// [`AnswerError::Refused`] by `code`, `success` or status; [`AnswerError::Garbled`] when a
/// 2xx body is not a JSON object.
pub fn payload(status: u16, body: &[u8]) -> Result<Box<RawValue>, AnswerError> {
    let text = std::str::from_utf8(body).unwrap_or_default();
    let fields = Fields::parse(text);
    if !(200..300).contains(&status) {
        let fields = fields.unwrap_or_default();
        return Err(refusal(status, &fields, i64::from(status)).into());
    }
    let Some(fields) = fields else {
        return Err(AnswerError::Garbled(format!("HTTP {status} with a body that is no JSON object")));
    };
    match (stated_code(&fields), fields.get::<bool>(&["success"])) {
        (Some(code), _) if Code::of(code) != Code::Ok => return Err(refusal(status, &fields, code).into()),
        (None, Some(false)) => return Err(refusal(status, &fields, 0).into()),
        (None, None) => return whole(text),
        _ => (),
    }
    match fields.raw(&["data"]) {
        Some(data) => Ok(data.to_owned()),
        None => whole(text),
    }
}

/// Returns the payload of an answer as a `T`.
///
/// # Errors
/// As [`payload`]; also [`AnswerError::Garbled`] when the payload is no `T`.
pub fn decode<T: DeserializeOwned>(status: u16, body: &[u8]) -> Result<T, AnswerError> {
    let raw = payload(status, body)?;
    serde_json::from_str(raw.get()).map_err(|error| AnswerError::Garbled(error.to_string()))
}

/// Returns the refusal that an object states with a `code` other than success, if it does.
pub(crate) fn stated_refusal(fields: &Fields) -> Option<Refusal> {
    let code = stated_code(fields).filter(|code| Code::of(*code) != Code::Ok)?;
    Some(refusal(200, fields, code))
}

/// Returns the words of an object that states an error; a standard phrase when it has none.
pub(crate) fn said(fields: &Fields) -> String {
    message(fields).unwrap_or_else(|| phrase(200))
}

/// Returns the body of a yes: `{"code":0,"data":..}`.
///
/// # Errors
/// `data` does not serialise.
pub fn ok<T: Serialize>(data: &T) -> Result<String, serde_json::Error> {
    #[derive(Serialize)]
    struct Yes<'a, T> {
        code: i64,
        data: &'a T,
    }
    serde_json::to_string(&Yes { code: 0, data })
}

/// Returns the body of a no: `{"code":..,"message":..}`.
pub fn refuse(code: i64, message: &str) -> String {
    serde_json::json!({ "code": code, "message": message }).to_string()
}

fn whole(text: &str) -> Result<Box<RawValue>, AnswerError> {
    RawValue::from_string(text.trim().to_owned()).map_err(|error| AnswerError::Garbled(error.to_string()))
}

/// The `code` of the object itself, or of the object that FastAPI's `detail` or an `error`
/// holds.
fn stated_code(fields: &Fields) -> Option<i64> {
    let inner = || fields.object(&["detail", "error"])?.integer(&["code"]);
    fields.integer(&["code"]).or_else(inner)
}

fn refusal(status: u16, fields: &Fields, fallback: i64) -> Refusal {
    let message = message(fields).unwrap_or_else(|| phrase(status));
    let mut code = stated_code(fields).unwrap_or(fallback);
    // ADK checks the session before it runs anything and answers a bare 404.
    if code == 404 && message.to_ascii_lowercase().contains("session") {
        code = Code::NoSession.number();
    }
    Refusal { code, status, message }
}

fn message(fields: &Fields) -> Option<String> {
    let said = MESSAGES.iter().find_map(|name| words(fields.raw(&[name])?.get()))?;
    let safe = printable(&said);
    let safe = safe.trim();
    let cut = safe.char_indices().nth(MESSAGE_CHARS_MAX).map_or(safe.len(), |(at, _)| at);
    (!safe.is_empty()).then(|| safe[..cut].to_owned())
}

/// The words of a message field: a text, an object that has one, or FastAPI's list of
/// `{"loc":[..],"msg":".."}`.
fn words(json: &str) -> Option<String> {
    if let Some(text) = text_of(json) {
        return Some(text);
    }
    if let Some(object) = Fields::parse(json) {
        let text = object.text(MESSAGES)?;
        let place: Vec<_> = object.list(&["loc"]).iter().filter_map(|part| text_of(part.get())).collect();
        return Some(if place.is_empty() { text } else { format!("{}: {text}", place.join(".")) });
    }
    let items: Vec<Box<RawValue>> = serde_json::from_str(json).ok()?;
    let all: Vec<_> = items.iter().filter_map(|item| words_of_item(item.get())).collect();
    (!all.is_empty()).then(|| all.join("; "))
}

/// One item of a list of messages; lists inside are not followed, so that depth is bounded.
fn words_of_item(json: &str) -> Option<String> {
    (!json.starts_with('[')).then(|| words(json)).flatten()
}

fn phrase(status: u16) -> String {
    let text = match status {
        200..=299 => "the backend refused without a reason",
        401 => "the backend does not accept the token",
        404 => "the backend has nothing at this address",
        429 => "the backend is asked too often",
        502..=504 => "the backend is not reachable behind its gateway",
        500..=599 => "the backend had an error of its own",
        _ => "the backend refused",
    };
    format!("{text} (HTTP {status})")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn refused(status: u16, body: &str) -> (i64, String) {
        match payload(status, body.as_bytes()) {
            Err(AnswerError::Refused(refusal)) => (refusal.code, refusal.message),
            other => panic!("{body} gave {other:?}"),
        }
    }

    #[test]
    fn data_keeps_its_bytes() {
        let body = br#" {"code":0,"data":{ "n":1.0, "big":18446744073709551616 },"message":"ok"}"#;
        assert_eq!(payload(200, body).unwrap().get(), r#"{ "n":1.0, "big":18446744073709551616 }"#);
    }

    #[test]
    fn success_and_bare_bodies_are_answers_too() {
        assert_eq!(payload(200, br#"{"success":true,"data":[1]}"#).unwrap().get(), "[1]");
        assert_eq!(
            payload(200, br#"{"success":true,"id":"r"}"#).unwrap().get(),
            r#"{"success":true,"id":"r"}"#
        );
        assert_eq!(payload(201, br#"{"status":"pending"}"#).unwrap().get(), r#"{"status":"pending"}"#);
        assert_eq!(payload(200, br#"{"code":"0","data":{"a":1}}"#).unwrap().get(), r#"{"a":1}"#);
    }

    #[test]
    fn the_code_decides_before_the_status() {
        assert_eq!(refused(200, r#"{"code":1001,"message":"expired"}"#), (1001, "expired".to_owned()));
        assert_eq!(refused(500, r#"{"code":2001,"msg":"none left"}"#), (2001, "none left".to_owned()));
        assert_eq!(refused(402, r#"{"code":402,"message":"plan"}"#).0, 402);
        assert_eq!(
            refused(200, r#"{"success":false,"error":"duplicate id"}"#),
            (0, "duplicate id".to_owned())
        );
        assert_eq!(refused(200, r#"{"error":{"code":4001,"message":"type"}}"#), (4001, "type".to_owned()));
    }

    #[test]
    fn fastapi_details_are_read_in_every_form() {
        assert_eq!(refused(404, r#"{"detail":"Session not found: 5"}"#).0, 1002);
        assert_eq!(refused(404, r#"{"detail":"Not Found"}"#).0, 404);
        assert_eq!(
            refused(401, r#"{"detail":{"code":1001,"message":"expired"}}"#),
            (1001, "expired".to_owned())
        );
        let list = r#"{"detail":[{"type":"missing","loc":["body","app_name"],"msg":"Field required"}]}"#;
        assert_eq!(refused(422, list), (422, "body.app_name: Field required".to_owned()));
    }

    #[test]
    fn pages_and_silence_get_a_phrase() {
        assert!(refused(502, "<html>bad gateway</html>").1.contains("HTTP 502"));
        assert_eq!(refused(429, "").0, 429);
        assert!(matches!(payload(200, b"<html>"), Err(AnswerError::Garbled(_))));
    }

    #[test]
    fn words_are_safe_and_short() {
        let body = format!(r#"{{"code":1002,"message":"\u001b[31m{}"}}"#, "é".repeat(1_000));
        let (_, message) = refused(200, &body);
        assert_eq!(message, "é".repeat(MESSAGE_CHARS_MAX));
    }

    #[test]
    fn both_bodies_are_what_the_reader_takes() {
        assert_eq!(ok(&[1, 2]).unwrap(), r#"{"code":0,"data":[1,2]}"#);
        assert_eq!(refuse(4002, "too \"big\""), r#"{"code":4002,"message":"too \"big\""}"#);
    }
}
