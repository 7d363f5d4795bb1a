//! What a call can fail with: kind, code, words, and what to do next.

use std::time::Duration;

use crate::client::retry::Call;
use crate::wire::code::Code;

/// What sort of failure it is: the word of scripts.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Kind {
    /// The token is missing, wrong or too weak.
    Auth,
    /// The session is not there any more.
    Session,
    /// No credits left.
    Credits,
    /// The plan does not allow it.
    Plan,
    /// A file of a kind that is not taken.
    MediaType,
    /// A file that is too large.
    MediaSize,
    /// Asked too often.
    RateLimit,
    /// The backend was not reached, or the connection broke.
    Network,
    /// It took longer than the limit.
    Timeout,
    /// A render failed.
    Render,
    /// The backend failed or said something unreadable.
    Backend,
    /// The caller's own input; nothing was sent.
    Input,
}

impl Kind {
    /// Returns the word of scripts, such as `rate_limit`.
    pub fn word(self) -> &'static str {
        match self {
            Self::Auth => "auth",
            Self::Session => "session",
            Self::Credits => "credits",
            Self::Plan => "plan",
            Self::MediaType => "media_type",
            Self::MediaSize => "media_size",
            Self::RateLimit => "rate_limit",
            Self::Network => "network",
            Self::Timeout => "timeout",
            Self::Render => "render",
            Self::Backend => "backend",
            Self::Input => "input",
        }
    }

    /// Returns the kind of a refusal.
    pub(crate) fn of(code: Code) -> Self {
        match code {
            Code::BadToken | Code::Scope => Self::Auth,
            Code::NoSession => Self::Session,
            Code::NoCredits => Self::Credits,
            Code::Plan => Self::Plan,
            Code::MediaType => Self::MediaType,
            Code::MediaSize => Self::MediaSize,
            Code::RateLimited => Self::RateLimit,
            Code::Ok | Code::BadRequest | Code::NotFound | Code::Transient | Code::Other => Self::Backend,
        }
    }
}

/// How far a failed call came: what decides whether it may be made again.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Cause {
    /// Nothing was sent.
    Local,
    /// No connection: nothing was sent.
    NotSent,
    /// The backend said no, for this reason.
    Refused(Code),
    /// Sent, and no whole answer came: it may have been done.
    Lost,
    /// Answered with something unreadable: it may have been done.
    Garbled,
}

/// A failed call.
#[derive(Clone, Debug, thiserror::Error)]
#[error("{message}")]
pub struct ClientError {
    /// What sort of failure it is.
    pub kind: Kind,
    /// The backend's code, else the HTTP status, else 0.
    pub code: i64,
    /// What happened, safe to print, in lower case.
    pub message: String,
    /// What to do next; empty when there is nothing to say.
    pub hint: String,
    /// The call, in a script's words, such as `upload`.
    pub call: &'static str,
    /// Whether the same call can succeed later without any change.
    pub retryable: bool,
    /// A paid turn may have been executed: it must not be sent again unseen.
    pub in_doubt: bool,
    pub(crate) cause: Cause,
    /// How long the backend asks to wait.
    pub(crate) wait: Option<Duration>,
}

impl ClientError {
    /// The caller's own input is wrong; nothing was sent.
    pub(crate) fn input(call: Call, message: impl Into<String>, hint: impl Into<String>) -> Self {
        Self::new(call, Kind::Input, Cause::Local, message).hint(hint)
    }

    pub(crate) fn new(call: Call, kind: Kind, cause: Cause, message: impl Into<String>) -> Self {
        let retryable = match cause {
            Cause::NotSent | Cause::Refused(Code::RateLimited) => true,
            Cause::Lost | Cause::Garbled | Cause::Refused(Code::Transient) => call != Call::Turn,
            Cause::Local | Cause::Refused(_) => false,
        };
        Self {
            kind,
            code: 0,
            message: message.into(),
            hint: String::new(),
            call: call.word(),
            retryable,
            in_doubt: false,
            cause,
            wait: None,
        }
    }

    pub(crate) fn hint(mut self, hint: impl Into<String>) -> Self {
        self.hint = hint.into();
        self
    }
}
