//! How much a studio takes: a script that has gone wild, or a stranger, fills no disk.

/// The limits of a studio.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limits {
    /// Sessions of one user.
    pub sessions: u64,
    /// Renders of one user that wait or are at work.
    pub renders: u64,
    /// Bytes of all media together.
    pub media_bytes: u64,
    /// Whether uploads by URL may come from private networks: from this machine, from behind
    /// its router, from the cloud that it runs in. Without it they come from the public
    /// internet, and from the studio's own files.
    pub private_urls: bool,
}

impl Limits {
    /// Returns limits that nobody meets who works by hand or by batch.
    pub const fn usual() -> Self {
        Self { sessions: 100_000, renders: 1_000, media_bytes: 200 << 30, private_urls: false }
    }
}
