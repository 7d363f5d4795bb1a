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
use super::log::About;
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
    /// Where the request's session is written down.
    pub(crate) about: About,
}

impl User {
    /// Returns the user's session of that id.
    pub(crate) async fn session(&self, app: &App, id: &str) -> Result<Session, Refusal> {
        let found = app.store.session(&self.id, id).await?;
        let found = found.ok_or_else(|| Refusal::Session(id.chars().take(64).collect()))?;
        self.about.session(&found.id);
        Ok(found)
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
        let about = parts.extensions.get::<About>().cloned().unwrap_or_default();
        id.map(|id| Self { id, about }).ok_or(Refusal::Token)
    }
}

fn bearer(headers: &HeaderMap) -> Option<Secret> {
    let (scheme, token) = headers.get(AUTHORIZATION)?.to_str().ok()?.split_once(' ')?;
    scheme.eq_ignore_ascii_case("bearer").then(|| Secret::new(token.trim()))
}

/// Returns the token of a request as programs send it, or as browsers do: as a password.
pub(crate) fn password(headers: &HeaderMap) -> Option<Secret> {
    if let Some(token) = bearer(headers) {
        return Some(token);
    }
    let (scheme, pair) = headers.get(AUTHORIZATION)?.to_str().ok()?.split_once(' ')?;
    let pair = String::from_utf8(base64(pair.trim())?).ok()?;
    let (_, password) = pair.split_once(':').filter(|_| scheme.eq_ignore_ascii_case("basic"))?;
    Some(Secret::new(password))
}

/// Reads base64 as browsers write it.
fn base64(text: &str) -> Option<Vec<u8>> {
    const LETTERS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let mut bytes = Vec::new();
    let (mut bits, mut count) = (0_u32, 0);
    for letter in text.trim_end_matches('=').bytes() {
        let value = LETTERS.iter().position(|known| *known == letter)?;
        bits = bits << 6 | u32::try_from(value).ok()?;
        count += 6;
        if count >= 8 {
            count -= 8;
            bytes.push((bits >> count & 0xff) as u8);
        }
    }
    Some(bytes)
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

#[cfg(test)]
mod tests {
    use super::*;
    use axum::http::HeaderValue;

    #[test]
    fn a_token_comes_as_a_bearer_or_as_a_password() {
        let said = |value: &'static str| {
            let headers = HeaderMap::from_iter([(AUTHORIZATION, HeaderValue::from_static(value))]);
            password(&headers).map(|secret| secret.expose().to_owned())
        };
        assert_eq!(said("Bearer open sesame").unwrap(), "open sesame");
        assert_eq!(said("Basic bWU6b3BlbiBzZXNhbWU=").unwrap(), "open sesame");
        assert_eq!(said("basic OmE6Yg==").unwrap(), "a:b");
        for odd in ["Basic bWU=", "Basic ?", "Digest bWU6eA==", "Basic"] {
            assert_eq!(said(odd), None, "{odd}");
        }
    }
}
