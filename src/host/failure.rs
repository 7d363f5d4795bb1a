//! What went wrong with a call, in the form that a script catches.

use std::fmt;

use rhai::{Dynamic, EvalAltResult, Map, Position};
use serde::{Deserialize, Serialize};

use crate::client::{self, ClientError};
use crate::journal::JournalError;

/// What sort of trouble it is: the `kind` of a caught error.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Kind {
    /// The token is missing, refused or expired.
    Auth,
    /// The session is not there.
    Session,
    /// Not enough credits.
    Credits,
    /// The plan does not allow it.
    Plan,
    /// A file of a type that the backend does not take.
    MediaType,
    /// A file that is too large.
    MediaSize,
    /// Too many requests.
    RateLimit,
    /// The backend could not be reached, or the connection broke.
    Network,
    /// It took too long.
    Timeout,
    /// A render failed.
    Render,
    /// The backend refused or answered nonsense.
    Backend,
    /// An argument, an option or a file that cannot be used.
    Input,
    /// A file or variable that the script may not touch.
    Sandbox,
    /// The script's own error.
    Script,
    /// The user stopped the run. Not catchable.
    Stopped,
    /// A paid call may or may not have happened. Not catchable.
    InDoubt,
    /// A limit of the run was reached. Not catchable.
    Limit,
    /// The journal cannot be written, is damaged, or another process has the run. Not catchable.
    Journal,
    /// The script makes other calls than those that are recorded. Not catchable.
    Diverged,
    /// Our mistake. Not catchable.
    Bug,
}

impl Kind {
    /// Returns the word of scripts, such as `media_type`.
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
            Self::Sandbox => "sandbox",
            Self::Script => "script",
            Self::Stopped => "stopped",
            Self::InDoubt => "in_doubt",
            Self::Limit => "limit",
            Self::Journal => "journal",
            Self::Diverged => "diverged",
            Self::Bug => "bug",
        }
    }

    /// Reads the word of scripts.
    pub fn from_word(word: &str) -> Option<Self> {
        serde_json::from_value(word.into()).ok()
    }

    /// Returns whether a script may catch it. The others end the run.
    pub fn catchable(self) -> bool {
        !matches!(
            self,
            Self::Stopped | Self::InDoubt | Self::Limit | Self::Journal | Self::Diverged | Self::Bug
        )
    }
}

/// A call that did not work: what happened, and what to do about it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Failure {
    /// What sort of trouble it is.
    pub kind: Kind,
    /// The backend's code, or 0.
    pub code: i64,
    /// What happened, in lower case and without a full stop.
    pub message: String,
    /// What to do next; may be empty.
    pub hint: String,
    /// The function that failed, such as `chat`; empty outside a call.
    pub call: String,
    /// Whether the same call may work later.
    pub retryable: bool,
}

impl Failure {
    /// Makes a failure without a code and without a hint.
    pub fn new(kind: Kind, message: impl Into<String>) -> Self {
        Self {
            kind,
            code: 0,
            message: message.into(),
            hint: String::new(),
            call: String::new(),
            retryable: false,
        }
    }

    /// Makes the failure of an argument, an option or a file that cannot be used.
    pub fn input(message: impl Into<String>) -> Self {
        Self::new(Kind::Input, message)
    }

    /// Adds what to do next.
    #[must_use]
    pub fn hint(mut self, hint: impl Into<String>) -> Self {
        self.hint = hint.into();
        self
    }

    /// Adds the function that failed, unless it is already known.
    #[must_use]
    pub fn of_call(mut self, call: &str) -> Self {
        if self.call.is_empty() {
            self.call = call.to_owned();
        }
        self
    }

    /// Reads the map that a script catches, throws or rethrows; what is missing in it is empty.
    pub fn from_map(map: &Map) -> Self {
        let text = |key: &str| map.get(key).map(Dynamic::to_string).unwrap_or_default();
        Self {
            kind: Kind::from_word(&text("kind")).filter(|kind| kind.catchable()).unwrap_or(Kind::Script),
            code: map.get("code").and_then(|code| code.as_int().ok()).unwrap_or(0),
            message: text("message"),
            hint: text("hint"),
            call: text("call"),
            retryable: map.get("retryable").and_then(|flag| flag.as_bool().ok()).unwrap_or(false),
        }
    }

    /// Returns the map that a script catches.
    pub fn to_map(&self) -> Map {
        let text = |text: &str| Dynamic::from(text.to_owned());
        Map::from_iter([
            ("kind".into(), text(self.kind.word())),
            ("code".into(), self.code.into()),
            ("message".into(), text(&self.message)),
            ("hint".into(), text(&self.hint)),
            ("call".into(), text(&self.call)),
            ("retryable".into(), self.retryable.into()),
        ])
    }
}

/// A turn whose outcome nobody knows is in doubt, whatever broke.
impl From<ClientError> for Failure {
    fn from(error: ClientError) -> Self {
        let kind = match error.kind {
            _ if error.in_doubt => Kind::InDoubt,
            client::Kind::Auth => Kind::Auth,
            client::Kind::Session => Kind::Session,
            client::Kind::Credits => Kind::Credits,
            client::Kind::Plan => Kind::Plan,
            client::Kind::MediaType => Kind::MediaType,
            client::Kind::MediaSize => Kind::MediaSize,
            client::Kind::RateLimit => Kind::RateLimit,
            client::Kind::Network => Kind::Network,
            client::Kind::Timeout => Kind::Timeout,
            client::Kind::Render => Kind::Render,
            client::Kind::Backend => Kind::Backend,
            client::Kind::Input => Kind::Input,
        };
        Self {
            kind,
            code: error.code,
            message: error.message,
            hint: error.hint,
            // The function of the script, which the step knows: a token may be asked for in any call.
            call: String::new(),
            retryable: error.retryable,
        }
    }
}

impl From<&JournalError> for Failure {
    fn from(error: &JournalError) -> Self {
        let kind = match error {
            JournalError::Illegal(_) => Kind::Bug,
            JournalError::Full => Kind::Limit,
            JournalError::Diverged { .. } | JournalError::TapeEnds { .. } => Kind::Diverged,
            _ => Kind::Journal,
        };
        Self::new(kind, error.to_string()).hint(error.hint())
    }
}

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message)
    }
}

impl std::error::Error for Failure {}

/// Catchable failures become the map that `catch (e)` sees. The others become a termination,
/// which Rhai lets no script catch; [`crate::runtime`] finds the failure in its token again.
impl From<Failure> for Box<EvalAltResult> {
    fn from(failure: Failure) -> Self {
        let error = if failure.kind.catchable() {
            EvalAltResult::ErrorRuntime(failure.to_map().into(), Position::NONE)
        } else {
            EvalAltResult::ErrorTerminated(Dynamic::from(failure), Position::NONE)
        };
        error.into()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_failure_survives_its_map() {
        let failure = Failure {
            kind: Kind::Plan,
            code: 402,
            message: "export is not in the plan".to_owned(),
            hint: "register".to_owned(),
            call: "export".to_owned(),
            retryable: false,
        };
        assert_eq!(Failure::from_map(&failure.to_map()), failure);
    }

    #[test]
    fn a_script_cannot_throw_what_it_cannot_catch() {
        let mut map = Failure::input("x").to_map();
        map.insert("kind".into(), "stopped".into());
        assert_eq!(Failure::from_map(&map).kind, Kind::Script);
    }

    #[test]
    fn every_kind_reads_its_own_word() {
        for kind in [Kind::Auth, Kind::MediaType, Kind::RateLimit, Kind::InDoubt, Kind::Bug] {
            assert_eq!(Kind::from_word(kind.word()), Some(kind));
        }
        assert_eq!(Kind::from_word("nonsense"), None);
    }
}
