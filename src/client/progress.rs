//! What a call tells while it runs.

use std::fmt;
use std::sync::Arc;

/// One sign of progress. Words in it are safe to print.
#[derive(Clone, Debug, PartialEq)]
pub enum Progress {
    /// Bytes of a file on their way up.
    Upload {
        /// The file's name.
        name: String,
        /// Bytes sent.
        sent: u64,
        /// Bytes in all.
        total: u64,
    },
    /// A whole text of the agent.
    Text(String),
    /// The agent called a tool.
    Tool(String),
    /// The turn runs; about once a second.
    Waiting {
        /// Seconds since it was sent.
        seconds: u64,
    },
    /// The turn runs longer than usual; every two minutes.
    StillWorking {
        /// Seconds since it was sent.
        seconds: u64,
    },
    /// The connection broke: the state is looked at, after a wait.
    Looking {
        /// Which look this is, from 1.
        attempt: u32,
        /// How many there will be at most.
        of: u32,
    },
    /// A render is at work.
    Render {
        /// From 0 to 100, when the backend says.
        percent: Option<u8>,
    },
    /// Bytes of a file on their way down.
    Download {
        /// Bytes written.
        done: u64,
        /// Bytes in all, when known.
        total: Option<u64>,
    },
    /// Something worth a line: a warning, a wait, a second try.
    Notice(String),
}

/// Sees every [`Progress`] of a call, on the thread that runs it: it must be quick.
pub type Watcher = Arc<dyn Fn(Progress) + Send + Sync>;

/// Returns a watcher that looks away.
pub fn unwatched() -> Watcher {
    Arc::new(|_| ())
}

/// Bytes as people read them: `1.5 MB`.
pub struct Size(pub u64);

impl fmt::Display for Size {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.0 {
            bytes @ ..=999 => write!(f, "{bytes} bytes"),
            bytes @ ..=999_999 => write!(f, "{} kB", bytes / 1_000),
            bytes => write!(f, "{:.1} MB", bytes as f64 / 1e6),
        }
    }
}
