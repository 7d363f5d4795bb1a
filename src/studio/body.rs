//! Bodies of answers on their way out: taken as streams, put back with the length they state.

use axum::BoxError;
use axum::body::{Body, BodyDataStream, HttpBody};
use axum::http::{HeaderValue, header};
use axum::response::Response;
use bytes::Bytes;
use futures_util::Stream;

/// Returns an answer whose body goes through `change`. The length that it states stays as it
/// is, whatever becomes of the body.
pub(crate) fn through<S, E>(response: Response, change: impl FnOnce(BodyDataStream) -> S) -> Response
where
    S: Stream<Item = Result<Bytes, E>> + Send + 'static,
    E: Into<BoxError> + 'static,
{
    let (mut parts, body) = response.into_parts();
    // A stream has no length of its own; what the body knew is written down.
    if let Some(bytes) = body.size_hint().exact()
        && bytes > 0
        && !parts.headers.contains_key(header::CONTENT_LENGTH)
    {
        parts.headers.insert(header::CONTENT_LENGTH, HeaderValue::from(bytes));
    }
    Response::from_parts(parts, Body::from_stream(change(body.into_data_stream())))
}
