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

/// What a script called, as far as a replay compares it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Call {
    /// The function, such as `chat`.
    pub name: String,
    /// The call as a person reads it, cut short: `chat("add a title")`.
    pub told: String,
    /// Hash of the arguments: equal for equal arguments, in every process.
    pub args_hash: String,
    /// What may be done about it when it stays unfinished.
    pub class: Class,
}

/// One entry of a step's history. Tagged from outside: inside a tagged object the digits of
/// large numbers would not survive.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Event {
    /// The call is about to take effect; written before the effect.
    Begun {
        /// What was called.
        call: Call,
        /// What is needed to settle it later: a render id, the state before a turn.
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
        /// Credits that it took, when that is known.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        credits: Option<f64>,
    },
    /// The call was refused or failed, and its effect is known: a script could catch this.
    Failed {
        /// The failure as data.
        failure: Value,
    },
    /// The failure ended the run, and the run goes on: the call gets another try.
    Reopened,
}

impl Event {
    /// Returns the name that errors and stories use.
    pub fn word(&self) -> &'static str {
        match self {
            Self::Begun { .. } => "begun",
            Self::Extended { .. } => "extended",
            Self::Finished { .. } => "finished",
            Self::Failed { .. } => "failed",
            Self::Reopened => "reopened",
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
        /// It failed before, without an effect, and gets another try.
        reopened: bool,
    },
    /// Returned this.
    Finished {
        /// What it returned, as data.
        outcome: Value,
        /// What it meant to do.
        intent: Value,
    },
    /// Failed with this.
    Failed {
        /// The failure as data.
        failure: Value,
        /// What it meant to do.
        intent: Value,
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
            (Self::New, Event::Begun { intent, .. }) => {
                Ok(Self::Running { intent: intent.clone(), reopened: false })
            }
            (Self::Running { .. }, Event::Extended { intent }) => {
                Ok(Self::Running { intent: intent.clone(), reopened: false })
            }
            (Self::Running { intent, .. }, Event::Finished { outcome, .. }) => {
                Ok(Self::Finished { outcome: outcome.clone(), intent: intent.clone() })
            }
            (Self::Running { intent, .. }, Event::Failed { failure }) => {
                Ok(Self::Failed { failure: failure.clone(), intent: intent.clone() })
            }
            (Self::Failed { intent, .. }, Event::Reopened) => {
                Ok(Self::Running { intent: intent.clone(), reopened: true })
            }
            (Self::New | Self::Finished { .. } | Self::Failed { .. }, _)
            | (Self::Running { .. }, Event::Begun { .. } | Event::Reopened) => {
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
        let (name, told, args_hash) = ("chat".into(), "chat(\"hi\")".into(), "ab".into());
        let call = Call { name, told, args_hash, class: Class::Paid };
        Event::Begun { call, intent: json!({"credits": 100}) }
    }

    fn walk(events: &[Event]) -> Result<Status, IllegalEvent> {
        events.iter().try_fold(Status::New, |status, event| status.after(event))
    }

    #[test]
    fn a_step_is_begun_and_then_settled_once() {
        let finished = Event::Finished { outcome: json!(1), credits: None };
        let failed = Event::Failed { failure: json!({"kind": "plan"}) };
        let extended = Event::Extended { intent: json!("r2") };
        assert_eq!(
            walk(&[begun(), extended.clone()]).unwrap(),
            Status::Running { intent: json!("r2"), reopened: false }
        );
        assert_eq!(walk(&[begun(), finished.clone()]).unwrap().word(), "finished");
        assert_eq!(walk(&[begun(), failed.clone()]).unwrap().word(), "failed");
        for illegal in [
            vec![finished.clone()],
            vec![extended],
            vec![begun(), begun()],
            vec![begun(), finished, failed.clone()],
            vec![begun(), failed.clone(), failed.clone()],
            vec![begun(), Event::Reopened],
        ] {
            assert!(walk(&illegal).is_err(), "{illegal:?}");
        }
        let again = walk(&[begun(), failed, Event::Reopened]).unwrap();
        assert_eq!(again, Status::Running { intent: json!({"credits": 100}), reopened: true });
        let said = walk(&[begun(), begun()]).unwrap_err().to_string();
        assert_eq!(said, "the journal has `begun` for a step that is unfinished");
    }

    #[test]
    fn an_event_survives_its_own_json() {
        let huge: Value = serde_json::from_str("123456789012345678901234567890").unwrap();
        let finished = Event::Finished { outcome: json!({"id": huge}), credits: Some(0.5) };
        for event in [begun(), finished] {
            let text = serde_json::to_string(&event).unwrap();
            assert_eq!(serde_json::from_str::<Event>(&text).unwrap(), event, "{text}");
        }
    }
}
