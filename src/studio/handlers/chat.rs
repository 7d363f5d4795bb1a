//! One turn of the agent, answered with server-sent events.

use std::convert::Infallible;
use std::sync::Arc;

use axum::body::Body;
use axum::extract::State;
use axum::http::header;
use axum::response::{IntoResponse, Response};
use futures_util::stream;

use crate::studio::app::App;
use crate::studio::refusal::Refusal;
use crate::studio::request::{Json, User};
use crate::studio::turn;
use crate::wire::chat::RunRequest;

/// A request to the agent is a message, or a text to make a video of.
const TEXT_BYTES_MAX: usize = 256 << 10;

/// Runs a turn and streams what happens in it.
pub(crate) async fn run_sse(
    State(app): State<Arc<App>>,
    user: User,
    Json(request): Json<RunRequest>,
) -> Result<Response, Refusal> {
    if request.text.trim().is_empty() {
        return Err(Refusal::Request("the message has no words".to_owned()));
    }
    if request.text.len() > TEXT_BYTES_MAX {
        return Err(Refusal::Request(format!("the message is longer than {TEXT_BYTES_MAX} bytes")));
    }
    let events = turn::start(app, user, request).await?;
    let bytes = stream::unfold(events, async |mut events| {
        let next = events.recv().await?;
        Some((Ok::<_, Infallible>(next), events))
    });
    let headers =
        [(header::CONTENT_TYPE, "text/event-stream; charset=utf-8"), (header::CACHE_CONTROL, "no-store")];
    Ok((headers, Body::from_stream(bytes)).into_response())
}
