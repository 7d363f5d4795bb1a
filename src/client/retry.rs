//! What to do about a failed call: a pure table of call, error and attempt.

use std::time::Duration;

use crate::client::delays::Delays;
use crate::client::error::{Cause, ClientError};
use crate::wire::code::Code;

/// A refused poll with 404 is believed after this many: a new render may not be known at
/// once everywhere.
const POLLS_UNKNOWN_MAX: u32 = 5;
/// A download is begun or continued this often.
const DOWNLOADS_MAX: u32 = 4;

/// The calls, told apart by what a repeat of them would do.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Call {
    /// Reads the configuration; sends nothing.
    Setup,
    /// Asks for an anonymous token: one a week.
    Token,
    /// Makes a project: a repeat leaves an orphan.
    Session,
    /// Reads the state.
    State,
    /// Reads the credits.
    Credits,
    /// Asks for a link token.
    Link,
    /// Sends files: a repeat may hold them twice.
    Upload,
    /// One turn of the agent: paid, so that a repeat charges twice.
    Turn,
    /// Starts a render under an id.
    Submit,
    /// Asks how far a render is.
    Poll,
    /// Fetches a file.
    Download,
}

impl Call {
    /// Returns the call in a script's words.
    pub fn word(self) -> &'static str {
        match self {
            Self::Setup => "setup",
            Self::Token => "token",
            Self::Session => "session",
            Self::State => "state",
            Self::Credits => "credits",
            Self::Link => "link",
            Self::Upload => "upload",
            Self::Turn => "chat",
            Self::Submit | Self::Poll | Self::Download => "export",
        }
    }
}

/// What to do about a failed call.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Reaction {
    /// Nothing helps: hand the error on.
    Fail,
    /// The same again after this wait.
    Again(Duration),
    /// Get a new token, then the same again.
    NewToken,
    /// Make a new client id, then the same again.
    NewClientId,
    /// It may have been done: look before anything is sent again.
    Look,
}

/// Returns what to do about `error`, the `attempt`th of its cause in one call (from 0).
pub fn reaction(call: Call, error: &ClientError, attempt: u32, delays: &Delays) -> Reaction {
    let backoff = delays.backoff.get(attempt as usize).copied();
    let slowly = delays.backoff.last().copied().unwrap_or_default();
    let first = attempt == 0;
    match (error.cause, call) {
        (Cause::Local, _) => Reaction::Fail,

        // A refusal before execution: a repeat is safe whatever the call.
        (Cause::Refused(Code::BadToken), Call::Token) => Reaction::Fail,
        (Cause::Refused(Code::BadToken), _) if first => Reaction::NewToken,
        (Cause::Refused(Code::BadRequest), Call::Token) if first => Reaction::NewClientId,
        (Cause::Refused(Code::RateLimited), Call::Poll) => Reaction::Again(rate_wait(error, delays)),
        (Cause::Refused(Code::RateLimited), _) if first => Reaction::Again(rate_wait(error, delays)),
        (Cause::NotSent, Call::Poll) => Reaction::Again(slowly),
        (Cause::NotSent, _) => backoff.map_or(Reaction::Fail, Reaction::Again),

        // Known to no one yet, perhaps.
        (Cause::Refused(Code::NotFound), Call::Poll) if attempt < POLLS_UNKNOWN_MAX => {
            Reaction::Again(slowly)
        }

        // It may have been done.
        (Cause::Lost | Cause::Garbled | Cause::Refused(Code::Transient), call) => match call {
            Call::Turn => Reaction::Look,
            Call::Upload | Call::Submit if first => Reaction::Look,
            Call::Poll => Reaction::Again(slowly),
            Call::State | Call::Credits | Call::Link | Call::Token => {
                backoff.map_or(Reaction::Fail, Reaction::Again)
            }
            // An orphan costs nothing; two would be careless.
            Call::Session if first => backoff.map_or(Reaction::Fail, Reaction::Again),
            Call::Download if attempt < DOWNLOADS_MAX => Reaction::Again(backoff.unwrap_or(slowly)),
            Call::Setup | Call::Upload | Call::Submit | Call::Session | Call::Download => Reaction::Fail,
        },
        (Cause::Refused(_), _) => Reaction::Fail,
    }
}

fn rate_wait(error: &ClientError, delays: &Delays) -> Duration {
    error.wait.unwrap_or(delays.rate_limit).min(delays.rate_limit_max)
}

/// Counts the failures of one call by their cause, so that a new token and a lost connection
/// do not use up each other's tries.
#[derive(Debug, Default)]
pub(crate) struct Tally(Vec<Cause>);

impl Tally {
    /// Returns what to do about the next failure.
    pub(crate) fn reaction(&mut self, call: Call, error: &ClientError, delays: &Delays) -> Reaction {
        let attempt = self.0.iter().filter(|cause| **cause == error.cause).count();
        self.0.push(error.cause);
        reaction(call, error, u32::try_from(attempt).unwrap_or(u32::MAX), delays)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::client::error::Kind;

    const CALLS: [Call; 10] = [
        Call::Token,
        Call::Session,
        Call::State,
        Call::Credits,
        Call::Link,
        Call::Upload,
        Call::Turn,
        Call::Submit,
        Call::Poll,
        Call::Download,
    ];

    fn told(call: Call, cause: Cause, attempt: u32) -> Reaction {
        let error = ClientError::new(call, Kind::Backend, cause, "x");
        reaction(call, &error, attempt, &Delays::default())
    }

    fn code(number: i64) -> Cause {
        Cause::Refused(Code::of(number))
    }

    fn again(seconds: u64) -> Reaction {
        Reaction::Again(Duration::from_secs(seconds))
    }

    #[test]
    fn each_documented_code_has_its_documented_reaction() {
        for call in CALLS {
            let token = if call == Call::Token { Reaction::Fail } else { Reaction::NewToken };
            for number in [1001, 1010, 1011, 401] {
                assert_eq!(told(call, code(number), 0), token, "{call:?} {number}");
                assert_eq!(told(call, code(number), 1), Reaction::Fail, "{call:?} {number}");
            }
            for number in [1002, 2001, 4001, 4002, 402, 403, 413, 415, 422] {
                assert_eq!(told(call, code(number), 0), Reaction::Fail, "{call:?} {number}");
            }
            assert_eq!(told(call, code(429), 0), again(30), "{call:?}");
            let second = if call == Call::Poll { again(30) } else { Reaction::Fail };
            assert_eq!(told(call, code(429), 1), second, "{call:?}");
        }
        assert_eq!(told(Call::Token, code(400), 0), Reaction::NewClientId);
        assert_eq!(told(Call::Token, code(400), 1), Reaction::Fail);
        assert_eq!(told(Call::Session, code(400), 0), Reaction::Fail);
    }

    #[test]
    fn what_was_never_sent_may_be_sent_again() {
        for call in CALLS.into_iter().filter(|call| *call != Call::Poll) {
            let waits = [0, 1, 2].map(|attempt| told(call, Cause::NotSent, attempt));
            assert_eq!(waits, [again(1), again(3), Reaction::Fail], "{call:?}");
        }
    }

    #[test]
    fn a_turn_that_may_have_run_is_looked_for_never_repeated() {
        for cause in [Cause::Lost, Cause::Garbled, code(500), code(502), code(503), code(504), code(408)] {
            for attempt in 0..3 {
                assert_eq!(told(Call::Turn, cause, attempt), Reaction::Look, "{cause:?}");
            }
        }
    }

    #[test]
    fn other_calls_that_may_have_run_are_repeated_with_care() {
        for cause in [Cause::Lost, Cause::Garbled, code(503)] {
            for call in [Call::State, Call::Credits, Call::Link, Call::Token] {
                let waits = [0, 1, 2].map(|attempt| told(call, cause, attempt));
                assert_eq!(waits, [again(1), again(3), Reaction::Fail], "{call:?}");
            }
            for call in [Call::Upload, Call::Submit] {
                assert_eq!([0, 1].map(|n| told(call, cause, n)), [Reaction::Look, Reaction::Fail]);
            }
            assert_eq!([0, 1].map(|n| told(Call::Session, cause, n)), [again(1), Reaction::Fail]);
            assert_eq!([0, 9].map(|n| told(Call::Poll, cause, n)), [again(3), again(3)]);
            assert_eq!([0, 4].map(|n| told(Call::Download, cause, n)), [again(1), Reaction::Fail]);
        }
    }

    #[test]
    fn an_unknown_render_is_believed_after_a_few_polls() {
        assert_eq!([0, 4, 5].map(|n| told(Call::Poll, code(404), n)), [again(3), again(3), Reaction::Fail]);
        assert_eq!(told(Call::State, code(404), 0), Reaction::Fail);
    }

    #[test]
    fn a_stated_wait_is_honoured_up_to_its_limit() {
        let mut error = ClientError::new(Call::State, Kind::RateLimit, code(429), "x");
        for (stated, waited) in [(7, 7), (9_999, 120)] {
            error.wait = Some(Duration::from_secs(stated));
            assert_eq!(reaction(Call::State, &error, 0, &Delays::default()), again(waited));
        }
    }

    #[test]
    fn causes_are_counted_apart() {
        let delays = Delays::default();
        let mut tally = Tally::default();
        let mut next = |cause| {
            tally.reaction(Call::State, &ClientError::new(Call::State, Kind::Backend, cause, "x"), &delays)
        };
        let story = [next(Cause::NotSent), next(code(1001)), next(Cause::NotSent), next(code(1001))];
        assert_eq!(story, [again(1), Reaction::NewToken, again(3), Reaction::Fail]);
    }
}
