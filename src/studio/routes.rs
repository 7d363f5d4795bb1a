//! Which address leads to which handler, and what every request passes first.

use std::sync::Arc;

use axum::Router;

use super::app::App;
use super::refusal::Refusal;

/// Builds the whole service.
pub(crate) fn router(app: Arc<App>) -> Router {
    Router::new().fallback(async || Refusal::NoRoute).with_state(app)
}
