//! What can happen to a step, and the one match that says in which order.

use serde::{Deserialize, Serialize};
use serde_json::Value;

/// What may be done about a call that was unfinished when its run ended. A finished call
/// always returns its record, whatever its class.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Class {
    /// Only looks: repeated freely.
    Read,
    /// Recorded in one commit; nothing outside changes.
    Value,
    /// Our own files: made again.
    Local,
    /// Costs nothing; a repeat may leave an orphan on the backend.
    Free,
    /// Repeated under the same id, chosen by us and written before it was sent.
    Keyed,
    /// Costs credits: never repeated while its outcome is unknown.
    Paid,
}

impl Class {
    /// Returns the word of documentation and tables.
    pub fn word(self) -> &'static str {
        match self {
            Self::Read => "Read",
            Self::Value => "Value",
            Self::Local => "Local",
            Self::Free => "Free",
            Self::Keyed => "Keyed",
            Self::Paid => "Paid",
        }
    }
}

/// One entry of a step's history.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(tag = "event", rename_all = "snake_case")]
pub enum Event {
    /// The call is about to take effect; written before the effect.
    Begun {
        /// The function, such as `chat`.
        name: String,
        /// Hash of the arguments, by which a replay sees that a script changed.
        args_hash: String,
        /// What may be done about it when it stays unfinished.
        class: Class,
        /// What is needed to settle it later: a render id, a fingerprint of the state.
        intent: Value,
    },
    /// The intent grew while the call ran: a second render id after the first one failed.
    Extended {
        /// The whole new intent.
        intent: Value,
    },
    /// The call returned.
    Finished {
        /// What it returned, as data.
        outcome: Value,
    },
    /// The call was refused or failed, and its effect is known: a script could catch this.
    Failed {
        /// The failure as data.
        failure: Value,
    },
}

impl Event {
    /// Returns the name that errors and stories use.
    pub fn word(&self) -> &'static str {
        match self {
            Self::Begun { .. } => "begun",
            Self::Extended { .. } => "extended",
            Self::Finished { .. } => "finished",
            Self::Failed { .. } => "failed",
        }
    }
}

/// Where a step stands after its events so far.
#[derive(Clone, Debug, PartialEq)]
pub enum Status {
    /// Nothing was written yet.
    New,
    /// Begun; its outcome is not known.
    Running {
        /// What is needed to settle it.
        intent: Value,
    },
    /// Returned this.
    Finished {
        /// What it returned, as data.
        outcome: Value,
    },
    /// Failed with this.
    Failed {
        /// The failure as data.
        failure: Value,
    },
}

/// An event that cannot follow a step's history: the log is damaged, or two writers share it.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
#[error("the journal has `{event}` for a step that is {status}")]
pub struct IllegalEvent {
    event: &'static str,
    status: &'static str,
}

impl Status {
    /// Returns the status after one more event.
    ///
    /// # Errors
    /// The event is not legal here. Live calls and replays both come through this match.
    pub fn after(&self, event: &Event) -> Result<Self, IllegalEvent> {
        match (self, event) {
            (Self::New, Event::Begun { intent, .. }) => Ok(Self::Running { intent: intent.clone() }),
            (Self::Running { .. }, Event::Extended { intent }) => {
                Ok(Self::Running { intent: intent.clone() })
            }
            (Self::Running { .. }, Event::Finished { outcome }) => {
                Ok(Self::Finished { outcome: outcome.clone() })
            }
            (Self::Running { .. }, Event::Failed { failure }) => {
                Ok(Self::Failed { failure: failure.clone() })
            }
            (Self::New | Self::Finished { .. } | Self::Failed { .. }, _)
            | (Self::Running { .. }, Event::Begun { .. }) => {
                Err(IllegalEvent { event: event.word(), status: self.word() })
            }
        }
    }

    /// Returns the word that stories use.
    pub fn word(&self) -> &'static str {
        match self {
            Self::New => "new",
            Self::Running { .. } => "unfinished",
            Self::Finished { .. } => "finished",
            Self::Failed { .. } => "failed",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn begun() -> Event {
        let (name, args_hash) = ("chat".to_owned(), "ab".to_owned());
        Event::Begun { name, args_hash, class: Class::Paid, intent: json!({"credits": 100}) }
    }

    fn walk(events: &[Event]) -> Result<Status, IllegalEvent> {
        events.iter().try_fold(Status::New, |status, event| status.after(event))
    }

    #[test]
    fn a_step_is_begun_and_then_settled_once() {
        let finished = Event::Finished { outcome: json!(1) };
        let failed = Event::Failed { failure: json!({"kind": "plan"}) };
        let extended = Event::Extended { intent: json!("r2") };
        assert_eq!(walk(&[begun(), extended.clone()]).unwrap(), Status::Running { intent: json!("r2") });
        assert_eq!(walk(&[begun(), finished.clone()]).unwrap().word(), "finished");
        assert_eq!(walk(&[begun(), failed.clone()]).unwrap().word(), "failed");
        for illegal in [
            vec![finished.clone()],
            vec![extended],
            vec![begun(), begun()],
            vec![begun(), finished, failed.clone()],
            vec![begun(), failed.clone(), failed],
        ] {
            assert!(walk(&illegal).is_err(), "{illegal:?}");
        }
        let said = walk(&[begun(), begun()]).unwrap_err().to_string();
        assert_eq!(said, "the journal has `begun` for a step that is unfinished");
    }

    #[test]
    fn an_event_survives_its_own_json() {
        let text = serde_json::to_string(&begun()).unwrap();
        assert_eq!(serde_json::from_str::<Event>(&text).unwrap(), begun());
        assert!(text.starts_with(r#"{"event":"begun","name":"chat""#));
    }
}
