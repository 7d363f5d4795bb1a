//! The balance.

use std::sync::Arc;

use axum::extract::State;
use axum::response::Response;

use super::yes;
use crate::studio::app::App;
use crate::studio::refusal::Refusal;
use crate::studio::request::User;
use crate::wire::credits::Credits;

/// Says what the user can spend.
pub(crate) async fn balance(State(app): State<Arc<App>>, user: User) -> Result<Response, Refusal> {
    let balance = app.store.balance(&user.id).await?;
    yes(&Credits { available: balance.available, frozen: balance.frozen, total: balance.total() })
}
