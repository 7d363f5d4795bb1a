//! Turns whose bytes a real ADK server sent.

use std::path::Path;

use reelscript::client::{ClientError, Kind, Progress, TurnEnd};
use reelscript::wire::event::{self, Signal};
use reelscript::wire::sse::Decoder;
use reelscript::wire::transcript::Transcript;

use super::server::{once, raw};
use super::{Bench, TITLE, credits, state};

fn recorded(name: &str) -> Vec<u8> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/data/adk").join(format!("{name}.http"));
    std::fs::read(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

/// The body of a recorded answer, out of its chunks.
fn body(name: &str) -> Vec<u8> {
    let bytes = recorded(name);
    let head = bytes.windows(4).position(|window| window == b"\r\n\r\n").unwrap() + 4;
    let (mut rest, mut body) = (&bytes[head..], Vec::new());
    loop {
        let end = rest.windows(2).position(|window| window == b"\r\n").unwrap();
        let size = usize::from_str_radix(std::str::from_utf8(&rest[..end]).unwrap(), 16).unwrap();
        if size == 0 {
            return body;
        }
        body.extend_from_slice(&rest[end + 2..end + 2 + size]);
        rest = &rest[end + size + 4..];
    }
}

/// A recorded turn, over a socket, on a project that has changed when it ends.
async fn turn(name: &str) -> (Result<TurnEnd, ClientError>, Vec<Progress>) {
    let bench = Bench::new(vec![once("POST /run_sse", raw(recorded(name))), state(TITLE), credits(50)]);
    (bench.turn().await, bench.told())
}

async fn text(name: &str) -> String {
    turn(name).await.0.unwrap().raw_text
}

#[tokio::test]
async fn a_text_is_heard_once_however_it_came() {
    let (end, told) = turn("streaming").await;
    let end = end.unwrap();
    assert_eq!(end.raw_text, "Your video is ready, with lo-fi music.\nPreview it in the timeline.");
    assert_eq!(told, [Progress::Text(end.raw_text.clone())]);
    assert_eq!((end.silent, end.recovered, end.credits), (false, false, Some(50.0)));
    assert_eq!(end.changes, ["title added: 'Hi' (0-3s)"]);
    assert!(!text("plain").await.is_empty());
    assert!(!text("streaming-without-final").await.is_empty());
}

#[tokio::test]
async fn the_whole_text_corrects_its_pieces_and_equal_texts_both_count() {
    let signals = |name: &str| -> Vec<Signal> {
        let mut decoder = Decoder::new();
        let mut items = decoder.feed(&body(name));
        items.extend(decoder.finish());
        items.iter().flat_map(event::signals).collect()
    };
    let texts = |name: &str, wanted: bool| -> Vec<String> {
        let found = signals(name).into_iter().filter_map(|signal| match signal {
            Signal::Text { text, partial, .. } if partial == wanted => Some(text),
            _ => None,
        });
        found.collect()
    };
    let corrected = text("streaming-corrected").await;
    assert_eq!(vec![corrected.clone()], texts("streaming-corrected", false));
    assert_ne!(corrected, texts("streaming-corrected", true).concat());
    let twice = texts("same-text-twice", false);
    assert!(twice.len() == 2 && twice[0] == twice[1]);
    assert_eq!(text("same-text-twice").await, twice.join("\n\n"));
    assert_eq!(text("streaming-without-final").await, texts("streaming-without-final", true).concat().trim());
}

#[tokio::test]
async fn tools_are_named_and_thoughts_are_not_told() {
    for name in ["tool", "tool-silent", "streaming-tool", "mixed-parts", "artifact", "huge-line"] {
        let end = turn(name).await.0.unwrap();
        assert!(!end.tools.is_empty(), "{name}");
        assert_eq!(end.silent, name == "tool-silent", "{name}: {:?}", end.raw_text);
    }
    let mixed = String::from_utf8(body("mixed-parts")).unwrap();
    assert!(mixed.contains("\"thought\":true"));
    let thought = mixed.split("\"text\":\"").nth(1).unwrap().split('"').next().unwrap().to_owned();
    assert!(!text("mixed-parts").await.contains(&thought), "{thought}");
}

#[tokio::test]
async fn separators_stay_and_escapes_are_gone() {
    let sent = String::from_utf8(body("separators-and-escapes")).unwrap();
    assert!(sent.contains('\u{2028}') && sent.contains("\\u001b"));
    let heard = text("separators-and-escapes").await;
    assert!(heard.contains('\u{2028}') && heard.contains('\u{2029}'));
    assert!(!heard.chars().any(|c| c.is_control() && c != '\n' && c != '\t'), "{heard:?}");
    assert!(text("chinese").await.contains("导出"));
}

#[tokio::test]
async fn each_form_of_error_fails_a_turn_that_changed_nothing() {
    for name in ["error-code", "finish-reason", "empty-parts", "error-mid-stream"] {
        let answers = vec![once("POST /run_sse", raw(recorded(name))), state("{}"), credits(100)];
        let error = Bench::new(answers).turn().await.unwrap_err();
        assert_eq!((error.kind, error.in_doubt), (Kind::Backend, false), "{name}: {error}");
        assert!(
            error.message.starts_with("the agent broke off: ") && error.message.len() > 50,
            "{name}: {error}"
        );
    }
}

#[tokio::test]
async fn an_error_beside_an_answer_is_a_complaint() {
    let end = turn("error-code-with-text").await.0.unwrap();
    assert!(!end.silent && end.complaints.len() == 1, "{end:?}");
    let after_change = turn("error-mid-stream").await.0.unwrap();
    assert!(after_change.complaints.len() == 1 && !after_change.changes.is_empty());
}

#[tokio::test]
async fn refusals_before_the_turn_are_errors_without_doubt() {
    for (name, kind, code) in [
        ("unknown-session", Kind::Session, 1002),
        ("malformed-body", Kind::Backend, 422),
        ("missing-fields", Kind::Backend, 422),
        ("unknown-key-in-message", Kind::Backend, 422),
    ] {
        let bench = Bench::new(vec![once("POST /run_sse", raw(recorded(name)))]);
        let error = bench.turn().await.unwrap_err();
        assert_eq!((error.kind, error.code, error.in_doubt), (kind, code, false), "{name}: {error}");
    }
}

#[test]
fn a_stream_split_at_any_byte_says_the_same() {
    for name in ["streaming-tool", "separators-and-escapes", "chinese", "error-mid-stream", "mixed-parts"] {
        let body = body(name);
        let heard = |parts: &[&[u8]]| {
            let mut decoder = Decoder::new();
            let mut items: Vec<_> = parts.iter().flat_map(|part| decoder.feed(part)).collect();
            items.extend(decoder.finish());
            let mut transcript = Transcript::new();
            items.iter().flat_map(event::signals).for_each(|signal| drop(transcript.take(signal)));
            transcript.settle();
            (transcript.text(), transcript.tools().to_vec(), transcript.faults().to_vec())
        };
        let whole = heard(&[&body]);
        for at in 0..body.len() {
            assert_eq!(heard(&[&body[..at], &body[at..]]), whole, "{name} at {at}");
        }
    }
}

#[tokio::test]
async fn a_stream_that_trickles_over_a_socket_says_the_same() {
    for (name, step) in
        [("chinese", 1), ("separators-and-escapes", 1), ("streaming-tool", 3), ("huge-line", 7_919)]
    {
        let bytes = recorded(name);
        let trickled = once("POST /run_sse", move |_, peer| peer.trickle(&bytes, step));
        let bench = Bench::new(vec![trickled, state(TITLE), credits(50)]);
        assert_eq!(bench.turn().await.unwrap().raw_text, text(name).await, "{name}");
    }
}
