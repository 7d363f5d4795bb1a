//! Answers that are made up, late, cut or other than they should be, whatever they are about.

use std::io;
use std::time::Duration;

use axum::body::{Body, to_bytes};
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use bytes::Bytes;
use futures_util::{Stream, StreamExt, stream};
use serde_json::json;

use super::way::{Form, Refuse};
use crate::studio::app::App;
use crate::studio::body;
use crate::wire::envelope;

/// Bodies that are looked at as a whole: states with their drafts.
const WHOLE_BYTES_MAX: usize = 64 << 20;

const PAGE: &str = "<html><head><title>Bad Gateway</title></head><body><h1>Bad Gateway</h1></body></html>";

/// Returns an answer that breaks before it begins.
pub(super) fn nothing() -> Response {
    Body::from_stream(stream::once(async { Err::<Bytes, _>(broken()) })).into_response()
}

/// Returns a refusal.
pub(super) fn refused(refusal: &Refuse) -> Response {
    let status = match (refusal.form, refusal.code) {
        (_, code @ 400..=599) => u16::try_from(code).ok(),
        (Form::Mapped | Form::Fastapi, 1001) => Some(401),
        (Form::Mapped | Form::Fastapi, 1002) => Some(404),
        (Form::Mapped | Form::Fastapi, 4001) => Some(415),
        (Form::Mapped | Form::Fastapi, 4002) => Some(413),
        _ => None,
    };
    let status = status.and_then(|status| StatusCode::from_u16(status).ok()).unwrap_or(StatusCode::OK);
    let (mime, body) = match refusal.form {
        Form::Envelope | Form::Mapped => ("application/json", envelope::refuse(refusal.code, &refusal.words)),
        Form::Fastapi => ("application/json", json!({"detail": refusal.words}).to_string()),
        Form::Page => ("text/html; charset=utf-8", PAGE.to_owned()),
    };
    let mut response = (status, [(header::CONTENT_TYPE, mime)], body).into_response();
    if let Some(seconds) = refusal.retry_after {
        response.headers_mut().insert(header::RETRY_AFTER, HeaderValue::from(seconds));
    }
    response
}

/// Holds an answer back: all of it, or what comes after so many bytes.
pub(super) async fn late(app: &App, response: Response, time: Duration, bytes: u64) -> Response {
    let (clock, stop) = (app.clock.clone(), app.stop.clone());
    let wait = async move {
        tokio::select! {
            () = clock.sleep(time) => (),
            () = stop.cancelled() => (),
        }
    };
    if bytes == 0 {
        wait.await;
        return response;
    }
    body::through(response, |whole| {
        let start = (whole, bytes, Some(wait), Bytes::new());
        stream::unfold(start, async |(mut whole, left, mut wait, rest)| {
            if left == 0
                && let Some(wait) = wait.take()
            {
                wait.await;
                if !rest.is_empty() {
                    return Some((Ok(rest), (whole, 0, None, Bytes::new())));
                }
            }
            let chunk = match whole.next().await? {
                Ok(chunk) => chunk,
                Err(error) => return Some((Err(error), (whole, 0, None, Bytes::new()))),
            };
            if wait.is_none() {
                return Some((Ok(chunk), (whole, 0, None, Bytes::new())));
            }
            let now = usize::try_from(left).unwrap_or(usize::MAX).min(chunk.len());
            let (first, rest) = (chunk.slice(..now), chunk.slice(now..));
            Some((Ok(first), (whole, left - now as u64, wait, rest)))
        })
    })
}

/// Lets so many bytes of an answer through, and breaks.
pub(super) fn cut(response: Response, bytes: u64) -> Response {
    body::through(response, |whole| {
        // What was let through leaves before the connection breaks.
        let end = stream::once(async {
            tokio::task::yield_now().await;
            Err(broken())
        });
        up_to(whole, bytes).map(|chunk| chunk.map_err(io::Error::other)).chain(end)
    })
}

/// Lets so many bytes of an answer through as if they were all.
pub(super) fn short(mut response: Response, bytes: u64) -> Response {
    response.headers_mut().remove(header::CONTENT_LENGTH);
    let (parts, whole) = response.into_parts();
    Response::from_parts(parts, Body::from_stream(up_to(whole.into_data_stream(), bytes)))
}

/// Puts a page in the place of an answer.
pub(super) async fn garbled(response: Response) -> Response {
    // What is asked for is done to its end first.
    let _ = whole(response).await;
    (StatusCode::OK, [(header::CONTENT_TYPE, "text/html; charset=utf-8")], PAGE).into_response()
}

/// Returns an answer with all of its body.
pub(super) async fn whole(response: Response) -> (axum::http::response::Parts, Bytes) {
    let (parts, body) = response.into_parts();
    // Bodies of ours do not fail; a larger one than we ever send is left out.
    let bytes = to_bytes(body, WHOLE_BYTES_MAX).await.unwrap_or_default();
    (parts, bytes)
}

fn up_to(
    chunks: impl Stream<Item = Result<Bytes, axum::Error>>,
    bytes: u64,
) -> impl Stream<Item = Result<Bytes, axum::Error>> {
    chunks.scan(bytes, |left, chunk| {
        let next = match chunk {
            Ok(_) if *left == 0 => None,
            Ok(chunk) => {
                let now = usize::try_from(*left).unwrap_or(usize::MAX).min(chunk.len());
                *left -= now as u64;
                Some(Ok(chunk.slice(..now)))
            }
            Err(error) => Some(Err(error)),
        };
        async { next }
    })
}

fn broken() -> io::Error {
    io::Error::other("broken off on purpose")
}
