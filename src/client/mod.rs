//! The only speaker of HTTP as a client of a backend.
//!
//! A [`Client`] is one user at one backend: it finds its token, puts the attribution headers
//! on every call to that backend and on none to another host, and does what is documented
//! for each refusal ([`retry`]). Waits that we choose go through the [`Clock`]; deadlines on
//! a peer run on the runtime's timer, because a clock that jumps would cut live connections.
//! Every call may be dropped at any await: that is how it is stopped.

mod advice;
mod auth;
mod chat;
mod credits;
mod delays;
mod downloads;
mod error;
mod http;
mod part;
mod progress;
mod reach;
mod renders;
mod sessions;
mod settle;
mod state;
mod stream;
mod token_file;
mod uploads;

pub mod language;
pub mod profile;
pub mod retry;

use std::path::PathBuf;
use std::sync::Arc;

use crate::clock::Clock;
use crate::secret::Secret;

pub use self::chat::{TurnEnd, TurnOptions};
pub use self::delays::Delays;
pub use self::error::{ClientError, Kind};
pub use self::profile::Profile;
pub use self::progress::{Progress, Size, Watcher, unwatched};
pub use self::renders::{Exported, Order};
pub use self::settle::Settled;
pub use self::state::{Look, Snapshot};
pub use crate::wire::credits::Credits;
pub use crate::wire::render::{Output, RenderView, Status};
pub use crate::wire::session::SessionInfo;

/// The cloud's address.
pub const CLOUD: &str = "https://mega-api-prod.nemovideo.ai";
/// The cloud's web pages, for links that a person opens.
pub const CLOUD_WEB: &str = "https://nemovideo.com";

/// Who speaks to which backend, and how patiently.
#[derive(Clone, Debug)]
pub struct Config {
    /// The backend's address, http or https, such as [`CLOUD`].
    pub base: String,
    /// The address of its web pages, such as [`CLOUD_WEB`].
    pub web: String,
    /// The folder of `client_id`, which the official tools share, and of our token file;
    /// usually `~/.config/nemovideo`. Made on first need.
    pub config_dir: PathBuf,
    /// A token that the user gave, usually `NEMO_TOKEN`. Never replaced, never stored. None:
    /// an anonymous token is found or asked for.
    pub token: Option<Secret>,
    /// A client id that the user gave, usually `NEMO_CLIENT_ID`. Never stored.
    pub client_id: Option<String>,
    /// The skill on whose behalf the calls are made.
    pub profile: Profile,
    /// Where the skill is installed: see [`profile::platform`].
    pub platform: String,
    /// The time.
    pub clock: Clock,
    /// Waits and deadlines.
    pub delays: Delays,
}

/// A user at a backend. Clones are the same user and share token and connections.
#[derive(Clone)]
pub struct Client(Arc<Inner>);

struct Inner {
    http: http::Http,
    identity: auth::Identity,
    web: String,
    profile: Profile,
    clock: Clock,
    delays: Delays,
}

impl Client {
    /// Returns a client. Nothing is sent and no file is touched before the first call.
    ///
    /// # Errors
    /// Kind `input`: `base` is no http(s) address, or skill name, version, platform or client
    /// id cannot stand in a header.
    pub fn new(config: Config) -> Result<Self, ClientError> {
        let http = http::Http::new(&config)?;
        let identity = auth::Identity::new(&config, http.base())?;
        Ok(Self(Arc::new(Inner {
            http,
            identity,
            web: config.web.trim_end_matches('/').to_owned(),
            profile: config.profile,
            clock: config.clock,
            delays: config.delays,
        })))
    }

    /// Returns the backend's address, without a slash at its end.
    pub fn base(&self) -> &str {
        self.0.http.base()
    }

    /// Returns the skill on whose behalf the calls are made.
    pub fn profile(&self) -> &Profile {
        &self.0.profile
    }
}
