//! Which address leads to which handler, and what every request passes first.

use std::sync::Arc;

use axum::Router;
use axum::extract::{DefaultBodyLimit, Request, State};
use axum::http::{HeaderMap, header};
use axum::middleware::{Next, from_fn_with_state};
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};

use super::app::App;
use super::handlers::{auth, chat, credits, media, renders, sessions, uploads};
use super::refusal::Refusal;
use super::{chaos, log, page};
use crate::wire::route;

/// Where uploads are handed out; drafts name them by this path.
pub(super) const MEDIA: &str = "/media/{hash}/{name}";
/// Where results are handed out.
pub(super) const RESULT: &str = "/render-result/{file}";
/// Calls a render off.
pub(super) const CANCEL: &str = "/api/render/proxy/lambda/{id}/cancel";

/// Every address. Where two fit a path, the first is meant.
const ROUTES: &[&str] = &[
    page::PAGE,
    route::ANONYMOUS_TOKEN,
    route::CLAIM_TOKEN,
    route::CLAIM_PAGE,
    route::SESSIONS,
    route::STATE,
    route::RUN_SSE,
    route::UPLOAD,
    route::CREDITS,
    route::RENDERS,
    route::RENDER,
    CANCEL,
    route::RENDER_FILE,
    MEDIA,
    RESULT,
];

/// Returns the address that a path fits, with its names in place of ids; none for a path
/// that leads nowhere.
pub(super) fn route_of(path: &str) -> Option<&'static str> {
    let fits = |route: &&&str| {
        let (wanted, given): (Vec<_>, Vec<_>) = (route.split('/').collect(), path.split('/').collect());
        let same = |(wanted, given): (&&str, &&str)| {
            wanted == given || (wanted.starts_with('{') && !given.is_empty())
        };
        wanted.len() == given.len() && wanted.iter().zip(&given).all(same)
    };
    ROUTES.iter().find(fits).copied()
}

/// Builds the whole service.
pub(crate) fn router(app: Arc<App>) -> Router {
    Router::new()
        .route(page::PAGE, get(page::page))
        .route(route::ANONYMOUS_TOKEN, post(auth::anonymous_token))
        .route(route::CLAIM_TOKEN, post(auth::claim_token))
        .route(route::CLAIM_PAGE, get(auth::claim_page))
        .route(route::SESSIONS, post(sessions::create))
        .route(route::STATE, get(sessions::latest))
        .route(route::RUN_SSE, post(chat::run_sse))
        // Files are counted while they are written, and may be far larger than other bodies.
        .route(route::UPLOAD, post(uploads::upload).layer(DefaultBodyLimit::disable()))
        .route(route::CREDITS, get(credits::balance))
        .route(route::RENDERS, post(renders::submit))
        .route(route::RENDER, get(renders::poll))
        .route(CANCEL, post(renders::cancel))
        .route(route::RENDER_FILE, get(renders::download))
        .route(MEDIA, get(media::file))
        .route(RESULT, get(renders::result))
        .fallback(async || Refusal::NoRoute)
        .layer(from_fn_with_state(Arc::clone(&app), chaos::layer))
        .layer(from_fn_with_state(Arc::clone(&app), local_names_only))
        .layer(from_fn_with_state(Arc::clone(&app), log::layer))
        .with_state(app)
}

/// Refuses requests for other hosts: a web page whose name was bent to this machine must
/// not speak to its studio. A studio with a token of its own needs no such guard.
async fn local_names_only(State(app): State<Arc<App>>, request: Request, next: Next) -> Response {
    match app.token.is_some() || is_local(request.headers()) {
        true => next.run(request).await,
        false => Refusal::Host.into_response(),
    }
}

/// Whether a request names this machine as its host.
pub(super) fn is_local(headers: &HeaderMap) -> bool {
    let Some(host) = headers.get(header::HOST) else { return true };
    let host = host.to_str().unwrap_or_default();
    let name = match host.rsplit_once(':') {
        Some((name, port)) if port.bytes().all(|b| b.is_ascii_digit()) => name,
        _ => host,
    };
    let ip = name.trim_start_matches('[').trim_end_matches(']').parse::<std::net::IpAddr>();
    name.eq_ignore_ascii_case("localhost") || ip.is_ok_and(|ip| ip.is_loopback())
}

#[cfg(test)]
mod tests {
    use super::*;
    use axum::http::HeaderValue;

    #[test]
    fn a_path_has_the_route_that_answers_it() {
        for (path, route) in [
            ("/", Some(page::PAGE)),
            ("/api/render/proxy/lambda/download", Some(route::RENDER)),
            ("/api/render/proxy/r1/download", Some(route::RENDER_FILE)),
            ("/api/state/nemo_agent/me/5/latest", Some(route::STATE)),
            ("/api/state/nemo_agent/me//latest", None),
            ("/media/h/a%2Fb.mp4", Some(MEDIA)),
            ("/run_sse/", None),
        ] {
            assert_eq!(route_of(path), route, "{path}");
        }
    }

    #[test]
    fn only_names_of_this_machine_are_local() {
        let host = |name| HeaderMap::from_iter([(header::HOST, HeaderValue::from_static(name))]);
        for name in ["127.0.0.1:8787", "localhost", "LOCALHOST:1", "[::1]:8787", "127.9.9.9"] {
            assert!(is_local(&host(name)), "{name}");
        }
        for name in ["evil.example:8787", "127.0.0.1.evil.example", "192.168.1.2:80", ""] {
            assert!(!is_local(&host(name)), "{name}");
        }
        assert!(is_local(&HeaderMap::new()));
    }
}
