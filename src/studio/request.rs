//! What every handler reads first: who asks, and the JSON that came along.

use std::sync::Arc;
use std::time::Duration;

use axum::body::to_bytes;
use axum::extract::{FromRequest, FromRequestParts, Request};
use axum::http::HeaderMap;
use axum::http::header::{AUTHORIZATION, HOST};
use axum::http::request::Parts;
use serde::de::DeserializeOwned;

use super::app::App;
use super::refusal::Refusal;
use super::store::Session;
use crate::secret::Secret;

/// A body of JSON is a few lines or a draft; drafts of some hundred kB were seen.
const BODY_BYTES_MAX: usize = 16 << 20;

/// A body of JSON that is not there after this is not coming.
const BODY_WAIT: Duration = Duration::from_secs(30);

/// The user whose token came with the request.
#[derive(Clone, Debug)]
pub(crate) struct User {
    pub(crate) id: String,
}

impl User {
    /// Returns the user's session of that id.
    pub(crate) async fn session(&self, app: &App, id: &str) -> Result<Session, Refusal> {
        let found = app.store.session(&self.id, id).await?;
        found.ok_or_else(|| Refusal::Session(id.chars().take(64).collect()))
    }
}

impl FromRequestParts<Arc<App>> for User {
    type Rejection = Refusal;

    async fn from_request_parts(parts: &mut Parts, app: &Arc<App>) -> Result<Self, Refusal> {
        let token = bearer(&parts.headers).ok_or(Refusal::Token)?;
        let id = match &app.token {
            Some(own) if *own == token => Some(app.store.keeper(app.credits, app.now_ms()).await?),
            Some(_) => None,
            None => app.store.user_of_token(token, app.now_ms()).await?,
        };
        id.map(|id| Self { id }).ok_or(Refusal::Token)
    }
}

fn bearer(headers: &HeaderMap) -> Option<Secret> {
    let (scheme, token) = headers.get(AUTHORIZATION)?.to_str().ok()?.split_once(' ')?;
    scheme.eq_ignore_ascii_case("bearer").then(|| Secret::new(token.trim()))
}

/// A body of JSON, whatever the request calls it.
#[derive(Clone, Debug)]
pub(crate) struct Json<T>(pub(crate) T);

impl<T: DeserializeOwned> FromRequest<Arc<App>> for Json<T> {
    type Rejection = Refusal;

    async fn from_request(request: Request, _: &Arc<App>) -> Result<Self, Refusal> {
        let reading = to_bytes(request.into_body(), BODY_BYTES_MAX);
        let body = match tokio::time::timeout(BODY_WAIT, reading).await {
            Ok(Ok(body)) => body,
            // axum tells a body that is too long from one that broke off only in words.
            Ok(Err(_)) => return Err(Refusal::Body(BODY_BYTES_MAX)),
            Err(_) => return Err(Refusal::Request("the body did not come".to_owned())),
        };
        serde_json::from_slice(&body)
            .map(Self)
            .map_err(|e| Refusal::Request(format!("the body cannot be read: {e}")))
    }
}

/// Returns the address by which the client reached the studio, for links in answers: a
/// studio that listens on all addresses has none of its own.
pub(crate) fn base(app: &App, headers: &HeaderMap) -> String {
    let plain = |host: &&str| host.bytes().all(|b| b.is_ascii_alphanumeric() || b".-:[]".contains(&b));
    let host = headers.get(HOST).and_then(|host| host.to_str().ok()).filter(plain);
    match host.filter(|_| app.everywhere) {
        Some(host) => format!("http://{host}"),
        None => app.url.clone(),
    }
}
