//! Serves the pages of somebody else to the browsers of this machine: pages are asked for anew
//! each time, files come in the parts that players ask for. Knows nothing of what it shows.

use std::net::{Ipv4Addr, SocketAddr};
use std::path::PathBuf;
use std::sync::Arc;

use axum::Router;
use axum::http::{HeaderMap, StatusCode, Uri, header};
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use futures_util::future::BoxFuture;
use tokio::net::TcpListener;
use tokio_util::sync::CancellationToken;

use super::{StudioError, files, listen, routes, url_of};

/// What is shown under one address.
#[derive(Clone, Debug)]
pub enum Page {
    /// A text that was just made.
    Text {
        /// Its type, such as `text/html; charset=utf-8`.
        mime: &'static str,
        /// The text.
        body: String,
    },
    /// A file.
    File {
        /// Where it is.
        path: PathBuf,
        /// Changes when its content does.
        tag: String,
    },
    /// It could not be made, and this is why.
    Failed(String),
}

/// Makes the page of an address such as `/data/rows-0.js`; none when there is nothing. What
/// is no name that it gave out itself must not be looked for on disk.
pub type Site = Arc<dyn Fn(String) -> BoxFuture<'static, Option<Page>> + Send + Sync>;

/// A gallery whose address is taken, and that shows nothing yet.
pub struct Gallery {
    listener: TcpListener,
    url: String,
}

impl Gallery {
    /// Takes a port of this machine's own address; 0 takes any free one.
    ///
    /// # Errors
    /// The port is taken.
    pub async fn open(port: u16) -> Result<Self, StudioError> {
        let (listener, address) = listen(SocketAddr::from((Ipv4Addr::LOCALHOST, port))).await?;
        Ok(Self { listener, url: url_of(address) })
    }

    /// Returns the address for browsers.
    pub fn url(&self) -> &str {
        &self.url
    }

    /// Shows the site until it is stopped.
    pub async fn show(self, site: Site, stop: CancellationToken) {
        let answer = move |uri: Uri, headers: HeaderMap| {
            let site = Arc::clone(&site);
            async move { answered(&site, &uri, &headers).await }
        };
        let router = Router::new().fallback(get(answer));
        let server =
            axum::serve(self.listener, router).with_graceful_shutdown(stop.clone().cancelled_owned());
        tokio::select! {
            // It ends with an error only if the listener dies, and then there is nobody to tell.
            _ = async { server.await } => (),
            // A player that holds its connection open does not hold up the end.
            () = stop.cancelled() => (),
        }
    }
}

async fn answered(site: &Site, uri: &Uri, headers: &HeaderMap) -> Response {
    // A web page whose name was bent to this machine must not read it.
    if !routes::is_local(headers) {
        return (StatusCode::FORBIDDEN, "only for browsers on this machine").into_response();
    }
    match site(uri.path().to_owned()).await {
        Some(Page::Text { mime, body }) => {
            let facts = [
                (header::CONTENT_TYPE, mime),
                (header::CACHE_CONTROL, "no-store"),
                (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
            ];
            (facts, body).into_response()
        }
        Some(Page::File { path, tag }) => {
            let served = files::serve(&path, &tag, headers).await;
            served.unwrap_or_else(|_| StatusCode::NOT_FOUND.into_response())
        }
        Some(Page::Failed(why)) => (StatusCode::INTERNAL_SERVER_ERROR, why).into_response(),
        None => StatusCode::NOT_FOUND.into_response(),
    }
}
