//! The stream of a turn, told otherwise than it should be. The turn itself is done as always.

use std::collections::VecDeque;
use std::time::Duration;

use axum::http::header;
use axum::response::Response;
use bytes::Bytes;
use futures_util::{Stream, StreamExt, stream};
use serde_json::{Value, json};

use super::way::Events;
use crate::clock::Clock;
use crate::studio::app::App;
use crate::studio::body;
use crate::wire::event;
use crate::wire::sse;

/// Heartbeats come about that often.
const BEAT: Duration = Duration::from_secs(15);
/// The forms of heartbeats that were seen or that parsers are told of.
const BEATS: [&str; 6] = [
    "data:\n\n",
    ": heartbeat\n\n",
    "data: heartbeat\n\n",
    "event: heartbeat\ndata: {}\n\n",
    "data: {\"type\":\"heartbeat\"}\n\n",
    "data: {\"event\":\"heartbeat\"}\n\n",
];
/// What older servers send when the message of an error holds quotes.
const MALFORMED: &str = "data: {\"error\": \"unexpected \"quote\" at line 1\"}\n\n";

/// Returns the answer of a turn with its events changed. A refusal passes.
pub(super) fn changed(app: &App, response: Response, change: &Events) -> Response {
    let mime = response.headers().get(header::CONTENT_TYPE).and_then(|mime| mime.to_str().ok());
    if !mime.is_some_and(|mime| mime.starts_with("text/event-stream")) {
        return response;
    }
    let before = match change {
        Events::Heartbeats { time } => beats(app.clock.clone(), *time).boxed(),
        _ => stream::empty().boxed(),
    };
    let change = change.clone();
    body::through(response, |turn| before.chain(retold(turn, change)))
}

/// The events of a turn with a change: the studio writes one event a chunk.
fn retold<E: Send + 'static>(
    turn: impl Stream<Item = Result<Bytes, E>> + Send + Unpin + 'static,
    change: Events,
) -> impl Stream<Item = Result<Bytes, E>> + Send {
    let split = change == Events::Split;
    let start = (turn, change, VecDeque::new(), 0_usize, false);
    stream::unfold(start, move |(mut turn, change, mut ready, mut count, mut over)| async move {
        loop {
            if let Some(next) = ready.pop_front() {
                if split {
                    // Each byte leaves by itself.
                    tokio::task::yield_now().await;
                }
                return Some((Ok(next), (turn, change, ready, count, over)));
            }
            if over {
                return None;
            }
            let told = match turn.next().await {
                Some(Ok(event)) => {
                    count += 1;
                    one(&change, &event, count)
                }
                Some(Err(error)) => return Some((Err(error), (turn, change, ready, count, true))),
                None => {
                    over = true;
                    last(&change)
                }
            };
            ready.extend(told);
        }
    })
}

/// What is told in place of one event, the `count`th.
fn one(change: &Events, event: &Bytes, count: usize) -> Vec<Bytes> {
    let as_is = || vec![event.clone()];
    match change {
        Events::Silent | Events::Error { .. } if words_of(event).is_some() => Vec::new(),
        Events::Duplicate => vec![event.clone(), event.clone()],
        Events::Malformed if count == 1 => vec![event.clone(), Bytes::from_static(MALFORMED.as_bytes())],
        Events::Split => (0..event.len()).map(|at| event.slice(at..=at)).collect(),
        Events::Typed => typed(event),
        Events::Partial => {
            let mut told: Vec<Bytes> = words_of(event).map(|words| pieces(&words)).unwrap_or_default();
            told.push(event.clone());
            told
        }
        _ => as_is(),
    }
}

/// What is told after the last event.
fn last(change: &Events) -> Vec<Bytes> {
    match change {
        Events::Error { code: 0, words } => vec![frame(&event::error_frame(words))],
        Events::Error { code, words } => vec![frame(&json!({"code": code, "message": words}).to_string())],
        Events::Say { words } => {
            let said = json!({
                "id": "ev-more", "author": "nemo_agent",
                "content": {"role": "model", "parts": [{"text": words}]}, "actions": {},
            });
            vec![frame(&said.to_string())]
        }
        _ => Vec::new(),
    }
}

fn frame(data: &str) -> Bytes {
    Bytes::from(sse::encode(data))
}

/// The JSON of an event; none for heartbeats.
fn data_of(event: &Bytes) -> Option<Value> {
    let text = std::str::from_utf8(event).ok()?;
    serde_json::from_str(text.strip_prefix("data: ")?.trim_end()).ok()
}

fn parts_of(data: &Value) -> impl Iterator<Item = &Value> {
    data["content"]["parts"].as_array().into_iter().flatten()
}

/// The words of an event; none when it has none.
fn words_of(event: &Bytes) -> Option<String> {
    let data = data_of(event)?;
    let words: String = parts_of(&data).filter_map(|part| part["text"].as_str()).collect();
    Some(words).filter(|words| !words.is_empty())
}

/// An event in the typed form: one for each of its parts.
fn typed(event: &Bytes) -> Vec<Bytes> {
    let Some(data) = data_of(event) else { return vec![frame("{\"type\":\"heartbeat\"}")] };
    let told = parts_of(&data).filter_map(|part| {
        let (call, result) = (&part["functionCall"], &part["functionResponse"]);
        Some(match (part["text"].as_str(), call.is_object(), result.is_object()) {
            (Some(words), ..) => json!({"type": "text", "content": words}),
            (_, true, _) => json!({"type": "tool_call", "name": call["name"], "args": call["args"]}),
            (_, _, true) => {
                json!({"type": "tool_result", "name": result["name"], "result": result["response"]})
            }
            _ => return None,
        })
    });
    told.map(|data| frame(&data.to_string())).collect()
}

/// The words of an event as pieces that come before the whole.
fn pieces(words: &str) -> Vec<Bytes> {
    let piece = |words: &str| {
        let said = json!({
            "id": "ev-part", "author": "nemo_agent", "partial": true,
            "content": {"role": "model", "parts": [{"text": words}]}, "actions": {},
        });
        frame(&said.to_string())
    };
    words.split_inclusive(' ').map(piece).collect()
}

/// Nothing but heartbeats for so long, one form after the other.
fn beats<E>(clock: Clock, time: Duration) -> impl Stream<Item = Result<Bytes, E>> {
    stream::unfold((clock, time, 0), |(clock, left, nth)| async move {
        if left.is_zero() {
            return None;
        }
        let step = left.min(BEAT);
        clock.sleep(step).await;
        let beat = Bytes::from_static(BEATS[nth % BEATS.len()].as_bytes());
        Some((Ok(beat), (clock, left - step, nth + 1)))
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::convert::Infallible;

    const CALL: &str = r#"{"id":"1","content":{"role":"model","parts":[{"functionCall":{"id":"c","name":"edit","args":{"n":1}}}]}}"#;
    const WORDS: &str = r#"{"id":"2","content":{"role":"model","parts":[{"text":"all done"}]}}"#;

    async fn told(change: Events) -> Vec<String> {
        let turn = ["", CALL, WORDS].map(|data| Ok::<_, Infallible>(frame(data)));
        let told: Vec<_> = retold(stream::iter(turn), change).collect().await;
        told.into_iter().map(|chunk| String::from_utf8(chunk.unwrap().to_vec()).unwrap()).collect()
    }

    #[tokio::test]
    async fn each_change_tells_the_turn_its_own_way() {
        let (beat, call, words) = (sse::encode(""), sse::encode(CALL), sse::encode(WORDS));
        assert_eq!(told(Events::Silent).await, [beat.clone(), call.clone()]);
        assert_eq!(told(Events::Duplicate).await.len(), 6);
        assert_eq!(told(Events::Malformed).await[1], MALFORMED);
        assert_eq!(told(Events::Split).await.concat(), [beat.clone(), call.clone(), words.clone()].concat());
        assert!(told(Events::Split).await.iter().all(|chunk| chunk.len() == 1));
        let error = told(Events::Error { code: 2001, words: "no".to_owned() }).await;
        assert_eq!(error[1..], [call.clone(), sse::encode(r#"{"code":2001,"message":"no"}"#)]);
        let partial = told(Events::Partial).await;
        assert!(partial.len() == 5 && partial[2].contains("\"partial\":true") && partial[4] == words);
        let typed = told(Events::Typed).await;
        assert_eq!(typed[0], sse::encode("{\"type\":\"heartbeat\"}"));
        assert_eq!(typed[1], sse::encode(r#"{"type":"tool_call","name":"edit","args":{"n":1}}"#));
        assert_eq!(typed[2], sse::encode(r#"{"type":"text","content":"all done"}"#));
        assert!(told(Events::Say { words: "Click [Export]".to_owned() }).await[3].contains("Click [Export]"));
    }

    #[tokio::test]
    async fn heartbeats_come_in_every_form_for_as_long_as_asked() {
        let clock = Clock::fixed(0);
        let beats: Vec<Result<Bytes, Infallible>> =
            beats(clock.clone(), Duration::from_secs(100)).collect().await;
        assert_eq!((beats.len(), clock.now_ms()), (7, 100_000));
    }
}
