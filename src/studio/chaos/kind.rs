//! The kinds of requests that can fail on purpose, by their addresses.

use crate::studio::routes;
use crate::wire::route;

/// What a request is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    Token,
    Claim,
    Session,
    State,
    Turn,
    Upload,
    Credits,
    Render,
    Poll,
    Cancel,
    Download,
    Media,
}

/// The word that stands for every kind.
pub(super) const ANY: &str = "any";

impl Kind {
    /// All of them, in the order of a project's life.
    pub(super) const ALL: [Self; 12] = [
        Self::Token,
        Self::Claim,
        Self::Session,
        Self::State,
        Self::Turn,
        Self::Upload,
        Self::Credits,
        Self::Render,
        Self::Poll,
        Self::Cancel,
        Self::Download,
        Self::Media,
    ];

    /// Returns the word of a file of faults.
    pub(super) fn word(self) -> &'static str {
        match self {
            Self::Token => "token",
            Self::Claim => "claim",
            Self::Session => "session",
            Self::State => "state",
            Self::Turn => "turn",
            Self::Upload => "upload",
            Self::Credits => "credits",
            Self::Render => "render",
            Self::Poll => "poll",
            Self::Cancel => "cancel",
            Self::Download => "download",
            Self::Media => "media",
        }
    }

    /// Returns the kind of a route; none for the pages, which are no part of the protocol.
    pub(super) fn of(address: &str) -> Option<Self> {
        Some(match address {
            route::ANONYMOUS_TOKEN => Self::Token,
            route::CLAIM_TOKEN => Self::Claim,
            route::SESSIONS => Self::Session,
            route::STATE => Self::State,
            route::RUN_SSE => Self::Turn,
            route::UPLOAD => Self::Upload,
            route::CREDITS => Self::Credits,
            route::RENDERS => Self::Render,
            route::RENDER => Self::Poll,
            routes::CANCEL => Self::Cancel,
            route::RENDER_FILE | routes::RESULT => Self::Download,
            routes::MEDIA => Self::Media,
            _ => return None,
        })
    }
}
