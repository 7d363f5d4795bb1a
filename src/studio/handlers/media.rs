//! Hands out uploaded files. Their address holds the hash of their content: who knows it
//! has the file already.

use std::sync::Arc;

use axum::extract::{Path, State};
use axum::http::HeaderMap;
use axum::response::Response;

use crate::studio::app::App;
use crate::studio::files;
use crate::studio::refusal::Refusal;

/// Hands out one file.
pub(crate) async fn file(
    State(app): State<Arc<App>>,
    Path((hash, name)): Path<(String, String)>,
    headers: HeaderMap,
) -> Result<Response, Refusal> {
    let path = app.shelf.file(&hash, &name).ok_or(Refusal::NoFile)?;
    files::serve(&path, &hash, &headers).await
}
