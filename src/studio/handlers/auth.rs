//! Tokens for users, and links that open a session in a browser.

use std::net::SocketAddr;
use std::sync::Arc;

use axum::extract::{ConnectInfo, Query, State};
use axum::http::{HeaderMap, header};
use axum::response::{IntoResponse, Response};
use serde::Deserialize;

use super::yes;
use crate::model::summary::line_of;
use crate::studio::app::App;
use crate::studio::refusal::Refusal;
use crate::studio::request::{Json, User};
use crate::studio::store::{Issued, Session, TokenRequest};
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
            user_id: Some(pass.user_id),
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
        Some(session) => Ok(page(&session)),
        None => Err(Refusal::NoFile),
    }
}

fn page(session: &Session) -> Response {
    let (name, line) = (escape(&session.name), escape(&line_of(&session.state)));
    let html = format!(
        "<!doctype html><html lang=en><meta charset=utf-8><title>{name}</title>\
         <style>body{{font:16px system-ui;max-width:40em;margin:4em auto;padding:0 1em}}</style>\
         <h1>{name}</h1><p>{line}</p><p>This project lies in the studio on your own machine.</p></html>"
    );
    // Nothing on the page may load or run anything, whatever a name says.
    let policy = (header::CONTENT_SECURITY_POLICY, "default-src 'none'; style-src 'unsafe-inline'");
    ([(header::CONTENT_TYPE, "text/html; charset=utf-8"), policy], html).into_response()
}

fn escape(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;")
}

/// A time as ISO 8601 in UTC, to the second.
fn iso(ms: u64) -> String {
    let seconds = ms / 1000;
    let (year, month, day) = date(seconds / 86_400);
    let (hour, minute, second) = (seconds / 3600 % 24, seconds / 60 % 60, seconds % 60);
    format!("{year:04}-{month:02}-{day:02}T{hour:02}:{minute:02}:{second:02}Z")
}

/// The day of the Gregorian calendar that many days after 1970-01-01. Years are counted
/// from March, so that the leap day comes last.
fn date(days: u64) -> (u64, u64, u64) {
    let days = days + 719_468; // since 0000-03-01
    let (era, day) = (days / 146_097, days % 146_097); // 400 years repeat
    let year = (day - day / 1_460 + day / 36_524 - day / 146_096) / 365;
    let day = day - (365 * year + year / 4 - year / 100);
    let month = (5 * day + 2) / 153;
    let first = (153 * month + 2) / 5;
    let (month_of_year, carry) = if month < 10 { (month + 3, 0) } else { (month - 9, 1) };
    (era * 400 + year + carry, month_of_year, day - first + 1)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_are_written_in_utc() {
        assert_eq!(iso(0), "1970-01-01T00:00:00Z");
        assert_eq!(iso(951_782_400_000), "2000-02-29T00:00:00Z");
        assert_eq!(iso(1_773_423_613_616), "2026-03-13T17:40:13Z");
        assert_eq!(iso(4_102_444_799_000), "2099-12-31T23:59:59Z");
    }

    #[test]
    fn a_name_cannot_write_html() {
        assert_eq!(escape("<b a=\"&\">"), "&lt;b a=&quot;&amp;&quot;&gt;");
    }
}
