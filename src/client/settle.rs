//! A turn that an earlier life of a run sent, or was about to send, when it ended: looks at
//! the project until it is clear what became of it. Sends nothing.

use std::iter;
use std::time::Duration;

use crate::client::Client;
use crate::client::chat::{Turn, TurnEnd};
use crate::client::error::ClientError;
use crate::client::progress::{Progress, Watcher};
use crate::client::state::Look;
use crate::wire::transcript::Transcript;

/// What became of a turn.
#[derive(Clone, Debug)]
pub enum Settled {
    /// It took effect.
    Done(Box<TurnEnd>),
    /// It did not: neither the project nor the credits are other than before, and they have
    /// been watched for as long as a turn can be on its way.
    NotStarted,
    /// Nobody knows; the words say what is to be seen.
    Unknown(String),
}

impl Client {
    /// Looks at a session until it is clear whether a turn took effect that began `age` ago,
    /// when the session was as in `before`.
    ///
    /// # Errors
    /// With `in_doubt` set: the session cannot be looked at any more.
    pub async fn settle_turn(
        &self,
        session_id: &str,
        before: &Look,
        age: Duration,
        watcher: &Watcher,
    ) -> Result<Settled, ClientError> {
        let inner = &self.0;
        let turn = Turn { client: self, session_id, before, started: inner.clock.monotonic(), watcher };
        // What was sent so long ago has ended by now, one way or the other.
        let over = age > inner.delays.turn + inner.delays.turn_stuck;
        let of = u32::try_from(inner.delays.ladder.len()).unwrap_or(u32::MAX);
        let waits = iter::once(Duration::ZERO).chain(inner.delays.ladder.iter().copied());
        let mut last = None;
        for (attempt, wait) in (0..).zip(waits) {
            if attempt > 0 {
                watcher(Progress::Looking { attempt, of });
                inner.clock.sleep(wait).await;
            }
            match self.look(session_id).await {
                Ok(look) if turn.is_over(&look, last.as_ref()) => return Ok(done(&turn, look)),
                Ok(look) if over && turn.left_no_trace(&look) => return Ok(Settled::NotStarted),
                Ok(look) => last = Some(look),
                Err(error) if error.retryable => (),
                Err(error) => return Err(ClientError { in_doubt: true, ..error }),
            }
        }
        Ok(match last {
            None => Settled::Unknown("the project could not be looked at".to_owned()),
            Some(look) if turn.changed(&look) => done(&turn, look),
            Some(look) if turn.left_no_trace(&look) => Settled::NotStarted,
            Some(look) => Settled::Unknown(turn.seen(&look).to_owned()),
        })
    }

    /// Takes what a session holds now for the end of a turn that began with `before`.
    ///
    /// # Errors
    /// The session cannot be looked at.
    pub async fn adopt_turn(
        &self,
        session_id: &str,
        before: &Look,
        watcher: &Watcher,
    ) -> Result<TurnEnd, ClientError> {
        let started = self.0.clock.monotonic();
        let look = self.look(session_id).await?;
        let turn = Turn { client: self, session_id, before, started, watcher };
        Ok(turn.end(&Transcript::default(), look, true))
    }
}

fn done(turn: &Turn<'_>, look: Look) -> Settled {
    Settled::Done(Box::new(turn.end(&Transcript::default(), look, true)))
}
