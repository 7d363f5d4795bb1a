//! Tokens for users, and links that open a session in a browser.

use std::net::SocketAddr;
use std::sync::Arc;

use axum::extract::{ConnectInfo, Query, State};
use axum::http::{HeaderMap, StatusCode};
use axum::response::Response;
use serde::Deserialize;

use super::yes;
use crate::model::summary::line_of;
use crate::studio::app::App;
use crate::studio::date::iso;
use crate::studio::page;
use crate::studio::refusal::Refusal;
use crate::studio::request::{Json, User};
use crate::studio::store::{Issued, TokenRequest};
use crate::wire::attribution::{CLIENT_ID, CLIENT_ID_CHARS_MAX};
use crate::wire::auth::{ClaimGrant, ClaimRequest, TokenGrant};

/// How long a link works: 7 days, as documented.
const CLAIM_SECONDS: u64 = 7 * 24 * 60 * 60;

/// Gives a client that has no account a token.
pub(crate) async fn anonymous_token(
    State(app): State<Arc<App>>,
    ConnectInfo(peer): ConnectInfo<SocketAddr>,
    headers: HeaderMap,
) -> Result<Response, Refusal> {
    let id = headers.get(CLIENT_ID).and_then(|id| id.to_str().ok()).map(str::trim);
    let sound = |id: &&str| !id.is_empty() && id.chars().count() <= CLIENT_ID_CHARS_MAX;
    let Some(id) = id.filter(sound) else {
        return Err(Refusal::Request(format!(
            "X-Client-Id is missing, or longer than {CLIENT_ID_CHARS_MAX}"
        )));
    };
    if app.token.is_some() {
        return Err(Refusal::Closed);
    }
    let now_ms = app.now_ms();
    let request = TokenRequest {
        client_id: id.to_owned(),
        address: peer.ip().to_string(),
        now_ms,
        limited: app.faithful,
        credits: app.credits,
    };
    match app.store.issue_token(request).await? {
        Issued::Pass(pass) => yes(&TokenGrant {
            token: pass.token.expose().to_owned(),
            expires_at: Some(iso(pass.expires_at_ms)),
            credits: Some(app.store.balance(&pass.user_id).await?.available),
            user_id: Some(app.plan.user(&pass.user_id)),
        }),
        Issued::Limited { until_ms } => Err(Refusal::Limit {
            what: format!("no more tokens for this client or address before {}", iso(until_ms)),
            wait_seconds: until_ms.saturating_sub(now_ms).div_ceil(1000),
        }),
    }
}

/// Gives the user of a session a link token for it.
pub(crate) async fn claim_token(
    State(app): State<Arc<App>>,
    user: User,
    Json(request): Json<ClaimRequest>,
) -> Result<Response, Refusal> {
    let session = user.session(&app, &request.session_id).await?;
    if session.task_id != request.task_id {
        return Err(Refusal::Session(request.session_id));
    }
    let claim_token = app.store.new_claim(&session.id, app.now_ms() + CLAIM_SECONDS * 1000).await?;
    yes(&ClaimGrant { claim_token, expires_in: Some(CLAIM_SECONDS) })
}

/// The query of a link.
#[derive(Debug, Deserialize)]
pub(crate) struct Claim {
    /// The link token.
    #[serde(default)]
    ct: String,
}

/// Shows what a link token opens: the session's name and timeline.
pub(crate) async fn claim_page(
    State(app): State<Arc<App>>,
    Query(claim): Query<Claim>,
) -> Result<Response, Refusal> {
    match app.store.claimed(&claim.ct, app.now_ms()).await? {
        Some(session) => Ok(page::html(StatusCode::OK, page::claimed(&session, &line_of(&session.state)))),
        None => Err(Refusal::NoFile),
    }
}
