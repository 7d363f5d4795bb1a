//! The embedded backend: a local server of the cloud's protocol that really cuts and renders.
//!
//! It is no AI model: it composes the user's media and words with music and backgrounds
//! made on the machine. It does not know that it is embedded; clients meet it over a socket
//! like any other backend.
//!
//! | file | owns |
//! |---|---|
//! | `routes`, `handlers/` | addresses, and what is done for each |
//! | `request`, `refusal` | who asks and with what; how the studio says no |
//! | `turn/` | one turn of the agent, from the words to the last event |
//! | [`agent`] | words to edits, and back to words |
//! | `intake`, `door`, `fetch`, `shelf` | a file on its way in, from a body or a URL, past the door, to its place by content |
//! | `renders`, [`render`] | the queue of renders; one render |
//! | `store/`, `owner` | what is remembered; which studios that share it are alive |
//! | `files`, `body` | files on their way out, whole or in part; other bodies |
//! | [`chaos`], `log` | requests that fail on purpose; a line for each request |
//! | `page/` | what its keeper sees in a browser |
//! | `plan`, `limits`, `date` | what a user's plan holds; how much is taken; moments in words |

pub mod agent;
pub mod chaos;
pub mod gallery;
pub mod render;

mod app;
mod body;
mod date;
mod door;
mod fetch;
mod files;
mod handlers;
mod intake;
mod limits;
mod log;
mod owner;
mod page;
mod plan;
mod refusal;
mod renders;
mod request;
mod routes;
mod shelf;
mod store;
mod turn;

pub use limits::Limits;
pub use log::Log;
pub use plan::Plan;

use std::io;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use tokio::net::TcpListener;
use tokio::sync::watch;
use tokio::task::JoinHandle;
use tokio_util::sync::{CancellationToken, DropGuard};
use tokio_util::task::TaskTracker;

use crate::clock::Clock;
use crate::secret::Secret;
use app::App;
use chaos::Chaos;
use owner::Owner;
use shelf::Shelf;
use store::Store;

/// The balance of a new user when nobody asks for another: a studio on one's own machine
/// charges only so that scripts meet the same rules as in the cloud.
pub const CREDITS_DEFAULT: f64 = 10_000_000.0;

/// What the renders of a studio are.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Films {
    /// The timelines, composed frame by frame.
    #[default]
    Composed,
    /// Blank films of the right length and size, without sound: for a plan of what a script
    /// does. Nothing is composed, so that they cost next to no time.
    Blank,
    /// One and the same second of black, whatever the timeline: for load, where the films are
    /// not looked at.
    Tiny,
}

/// What a studio needs to know. There are no defaults below the command line.
#[derive(Clone, Debug)]
pub struct Config {
    /// Folder of its data: `studio.db`, `media/`, `renders/`. Made when missing; several
    /// studios may share it.
    pub home: PathBuf,
    /// Where to listen; port 0 takes a free one. Other addresses than loopback need a token.
    pub listen: SocketAddr,
    /// Credits of a user who is seen for the first time; see [`CREDITS_DEFAULT`].
    pub credits: f64,
    /// Seed of everything that varies: which edits end without words, looks, music.
    pub seed: u64,
    /// Waits as long as the cloud is documented to, and limits tokens as it does (one a
    /// client and ten an address in seven days).
    pub faithful_delays: bool,
    /// What its renders are.
    pub films: Films,
    /// Requests that fail on purpose.
    pub chaos: Chaos,
    /// Where a line goes for each request, if anywhere.
    pub log: Option<Log>,
    /// The plan of its users.
    pub plan: Plan,
    /// How much it takes, and from where.
    pub limits: Limits,
    /// The one token that is taken. None on loopback: clients then get anonymous tokens.
    pub token: Option<Secret>,
    /// The time.
    pub clock: Clock,
}

/// How long the end of a studio waits for turns and renders to come to theirs, and then
/// for requests.
const STOP_WAIT: Duration = Duration::from_secs(5);

/// How long the start waits for another process that makes or changes the database.
const OPEN_WAIT: Duration = Duration::from_secs(30);

/// A studio that serves. Dropping it ends it abruptly, as a kill would; [`Studio::stop`]
/// ends it in order.
#[derive(Debug)]
pub struct Studio {
    url: String,
    server: JoinHandle<()>,
    tasks: TaskTracker,
    stop: DropGuard,
    log: Option<Log>,
}

impl Studio {
    /// Returns its address, such as `http://127.0.0.1:8787`.
    pub fn url(&self) -> &str {
        &self.url
    }

    /// Ends it: no new requests, running turns are given up, running renders go back into
    /// the queue for the next studio on this home. Returns after 10 seconds at the latest.
    pub async fn stop(self) {
        drop(self.stop);
        self.tasks.close();
        // What is still in work then goes on as after a kill: the next studio finds it.
        let _ = tokio::time::timeout(STOP_WAIT, self.tasks.wait()).await;
        let abort = self.server.abort_handle();
        if tokio::time::timeout(STOP_WAIT, self.server).await.is_err() {
            abort.abort();
        }
        if let Some(log) = &self.log {
            log.flush().await;
        }
    }
}

/// Why a studio could not start.
#[derive(Debug, thiserror::Error)]
pub enum StudioError {
    /// The address is taken, by another studio or another program.
    #[error("`{listen}` is taken by another program")]
    Taken {
        /// The address that was asked for.
        listen: SocketAddr,
    },
    /// The system refuses the address.
    #[error("cannot listen on `{listen}`: {source}")]
    Listen {
        /// The address that was asked for.
        listen: SocketAddr,
        /// The system's words.
        source: io::Error,
    },
    /// The address can be reached from other machines, and no token protects it.
    #[error("`{listen}` can be reached by other machines, and the studio has no token")]
    Open {
        /// The address that was asked for.
        listen: SocketAddr,
    },
    /// The folder cannot be used.
    #[error("cannot use the studio's folder `{}`: {source}", path.display())]
    Home {
        /// The file or folder in question.
        path: PathBuf,
        /// The system's words.
        source: io::Error,
    },
    /// The database cannot be used.
    #[error("cannot use the studio's database `{}`: {reason}", path.display())]
    Store {
        /// The database's file.
        path: PathBuf,
        /// What SQLite says.
        reason: String,
    },
}

impl StudioError {
    /// Returns what to do next.
    pub fn hint(&self) -> &'static str {
        match self {
            Self::Taken { .. } => "choose another port with --port, or 0 for any free one",
            Self::Listen { .. } => "listen on 127.0.0.1, or on an address of this machine",
            Self::Open { .. } => "set a token, or listen on 127.0.0.1",
            Self::Home { .. } => "set REEL_HOME to a folder that you can write to",
            Self::Store { .. } => {
                "see whether another program holds the file, or set REEL_HOME to another folder"
            }
        }
    }
}

/// Starts a studio and returns once it takes requests.
///
/// # Errors
/// The address is taken or open to others without a token, or the folder or its database
/// cannot be used. Each has a [`StudioError::hint`].
pub async fn start(config: Config) -> Result<Studio, StudioError> {
    if !config.listen.ip().is_loopback() && config.token.is_none() {
        return Err(StudioError::Open { listen: config.listen });
    }
    let (listener, address) = listen(config.listen).await?;
    let app = Arc::new(open(config, address).await?);
    // What a dead studio left: a store that cannot be read yet is met by the first request.
    let _ = app.store.end_dead_turns(app.owner.roll(), app.now_ms()).await;
    renders::start(&app);
    let (url, stop, tasks) = (app.url.clone(), app.stop.clone(), app.tasks.clone());
    let log = app.log.clone();
    let service = routes::router(app).into_make_service_with_connect_info::<SocketAddr>();
    let stopped = stop.clone().cancelled_owned();
    let server = tokio::spawn(async move {
        // It ends with an error only if the listener dies, and then there is nobody to tell.
        let _ = axum::serve(listener, service).with_graceful_shutdown(stopped).await;
    });
    Ok(Studio { url, server, tasks, stop: stop.drop_guard(), log })
}

async fn listen(wanted: SocketAddr) -> Result<(TcpListener, SocketAddr), StudioError> {
    let failed = |source: io::Error| match source.kind() {
        io::ErrorKind::AddrInUse => StudioError::Taken { listen: wanted },
        _ => StudioError::Listen { listen: wanted, source },
    };
    let listener = TcpListener::bind(wanted).await.map_err(failed)?;
    let address = listener.local_addr().map_err(failed)?;
    Ok((listener, address))
}

async fn open(config: Config, address: SocketAddr) -> Result<App, StudioError> {
    let home = |source: io::Error| StudioError::Home { path: config.home.clone(), source };
    private_folder(&config.home).map_err(home)?;
    let owner = Owner::new(&config.home.join("owners")).map_err(home)?;
    let works = config.home.join("work");
    let work = works.join(owner.id());
    let shelf = Shelf::open(config.home.join("media"), work.clone()).map_err(home)?;
    let renders = config.home.join("renders");
    std::fs::create_dir_all(&renders).map_err(home)?;
    clear_dead(&works, &owner).map_err(home)?;
    let store = open_store(&config.home.join("studio.db")).await?;
    Ok(App {
        store,
        shelf,
        owner,
        clock: config.clock,
        url: url_of(address),
        everywhere: address.ip().is_unspecified(),
        seed: config.seed,
        credits: config.credits,
        faithful: config.faithful_delays,
        films: config.films,
        chaos: config.chaos,
        log: config.log,
        plan: config.plan,
        limits: config.limits,
        token: config.token,
        renders,
        work,
        renders_changed: watch::Sender::new(()),
        tasks: TaskTracker::new(),
        stop: CancellationToken::new(),
    })
}

/// The address for clients on this machine.
fn url_of(address: SocketAddr) -> String {
    let ip = match address.ip() {
        IpAddr::V4(ip) if ip.is_unspecified() => IpAddr::V4(Ipv4Addr::LOCALHOST),
        IpAddr::V6(ip) if ip.is_unspecified() => IpAddr::V6(Ipv6Addr::LOCALHOST),
        other => other,
    };
    format!("http://{}", SocketAddr::new(ip, address.port()))
}

async fn open_store(path: &Path) -> Result<Store, StudioError> {
    let failed = |reason: String| StudioError::Store { path: path.to_owned(), reason };
    let place = path.to_owned();
    let opening = tokio::task::spawn_blocking(move || Store::open(&place));
    match tokio::time::timeout(OPEN_WAIT, opening).await {
        Ok(Ok(opened)) => opened.map_err(|e| failed(e.to_string())),
        Ok(Err(_)) => Err(failed("opening it was broken off".to_owned())),
        Err(_) => Err(failed("another process holds it".to_owned())),
    }
}

/// Makes the home; what users upload is nobody else's to read.
fn private_folder(path: &Path) -> io::Result<()> {
    let mut folder = std::fs::DirBuilder::new();
    folder.recursive(true);
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut folder, 0o700);
    folder.create(path)
}

/// Removes what studios that died left half done.
fn clear_dead(works: &Path, owner: &Owner) -> io::Result<()> {
    for entry in std::fs::read_dir(works)? {
        let entry = entry?;
        let name = entry.file_name();
        let living = name.to_str().is_some_and(|id| owner.id() == id || owner.roll().lives(id));
        if !living {
            // Another studio may be clearing the same folder.
            let _ = std::fs::remove_dir_all(entry.path());
        }
    }
    Ok(())
}
