//! The page of a studio at `/`: its projects with their timelines, its renders, its credits.
//!
//! It shows what belongs to every user of the studio, so it is for its keeper alone. A studio
//! with a token asks for it, as a password or as a bearer; its user's name does not matter. A
//! studio without one serves this machine only, where other people may work too: there the
//! page shows itself to programs of the user who runs the studio, and to nobody else.
//!
//! | file | owns |
//! |---|---|
//! | `peer` | whose program is at the other end |
//! | `draw` | the page as HTML, and a timeline as a drawing |

mod draw;
mod peer;

use std::net::SocketAddr;
use std::sync::Arc;

use axum::extract::{ConnectInfo, State};
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};

use super::app::App;
use super::refusal::Refusal;
use super::request;

pub(crate) use draw::claimed;

/// Where the page is.
pub(crate) const PAGE: &str = "/";

/// Projects that are shown; the page counts the others.
const SESSIONS_MAX: usize = 50;
/// Renders of one project that are shown.
const RENDERS_MAX: usize = 5;

/// Shows the page to the studio's keeper.
pub(crate) async fn page(
    State(app): State<Arc<App>>,
    ConnectInfo(peer): ConnectInfo<SocketAddr>,
    headers: HeaderMap,
) -> Result<Response, Refusal> {
    let sight = match &app.token {
        Some(token) if request::password(&headers).as_ref() == Some(token) => Sight::All,
        Some(_) => Sight::AskToken,
        None => match peer::is_ours(peer, port_of(&app.url)).await {
            true => Sight::All,
            false => Sight::Nothing,
        },
    };
    Ok(match sight {
        Sight::All => {
            let overview = app.store.overview(SESSIONS_MAX, RENDERS_MAX).await?;
            html(StatusCode::OK, draw::page(&overview, app.plan, app.now_ms()))
        }
        Sight::AskToken => {
            let words = "Any name, and as the password the token that the studio was started with.";
            let mut response = html(StatusCode::UNAUTHORIZED, draw::closed(words));
            let ask = HeaderValue::from_static("Basic realm=\"reel studio\", charset=\"UTF-8\"");
            response.headers_mut().insert(header::WWW_AUTHENTICATE, ask);
            response
        }
        Sight::Nothing => {
            let words = "This page is for the user who runs the studio. A studio that is started with \
                         REEL_STUDIO_TOKEN shows it to whoever knows that token.";
            html(StatusCode::FORBIDDEN, draw::closed(words))
        }
    })
}

/// What one who asks may see.
enum Sight {
    All,
    AskToken,
    Nothing,
}

/// Returns an answer that a browser shows, and in which nothing can load or run, whatever
/// names and texts say.
pub(crate) fn html(status: StatusCode, page: String) -> Response {
    let policy = "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'; \
                  frame-ancestors 'none'";
    let headers = [
        (header::CONTENT_TYPE, "text/html; charset=utf-8"),
        (header::CONTENT_SECURITY_POLICY, policy),
        (header::CACHE_CONTROL, "no-store"),
        (header::REFERRER_POLICY, "no-referrer"),
        (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
    ];
    (status, headers, page).into_response()
}

fn port_of(url: &str) -> u16 {
    url.rsplit(':').next().and_then(|port| port.parse().ok()).unwrap_or_default()
}
