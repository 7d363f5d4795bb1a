//! What the studio does for each of its addresses, a file for each noun of the protocol.

pub(crate) mod auth;
pub(crate) mod chat;
pub(crate) mod credits;
pub(crate) mod media;
pub(crate) mod renders;
pub(crate) mod sessions;
pub(crate) mod uploads;

use axum::http::header;
use axum::response::{IntoResponse, Response};
use serde::Serialize;

use super::refusal::Refusal;
use crate::wire::envelope;

/// A yes: the data in its envelope.
fn yes<T: Serialize>(data: &T) -> Result<Response, Refusal> {
    let body =
        envelope::ok(data).map_err(|e| Refusal::Request(format!("the answer cannot be written: {e}")))?;
    Ok(json(body))
}

/// A body that is JSON already.
fn json(body: String) -> Response {
    ([(header::CONTENT_TYPE, "application/json")], body).into_response()
}
