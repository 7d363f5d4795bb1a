//! How long a turn takes and whether it ends in silence: as documented for the cloud, and
//! the same for the same seed, session and turn.

use std::time::Duration;

use sha2::{Digest, Sha256};
use tokio_util::sync::CancellationToken;

use super::stream::Stream;
use crate::clock::Clock;
use crate::studio::app::App;
use crate::studio::store::{Session, Turn};
use crate::wire::credits::Charge;

/// Heartbeats come about that often.
const BEAT: Duration = Duration::from_secs(15);

/// Three changes in ten end without words.
const SILENT_IN_TEN: u64 = 3;

/// The pace of one turn.
pub(crate) struct Pace {
    /// Whether the turn, if it changes something, ends without words.
    pub(crate) silent: bool,
    /// The waiting time of the whole turn; none when it takes as long as the work does.
    whole: Duration,
    clock: Clock,
    stop: CancellationToken,
}

/// The studio stops while a turn waits.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Stopped;

impl Pace {
    /// Draws the pace of a turn.
    pub(crate) fn of(app: &App, session: &Session, turn: &Turn, charge: Option<Charge>) -> Self {
        let draw = draw(app.seed, session.number, turn.number);
        // Seconds as documented: answers, edits, generations.
        let (from, to) = match charge {
            None => (5, 15),
            Some(Charge::Edit) => (10, 30),
            Some(Charge::Generation) => (100, 300),
        };
        let whole = Duration::from_secs(from + draw / 10 % (to - from + 1));
        Self {
            silent: draw % 10 < SILENT_IN_TEN,
            whole: if app.faithful { whole } else { Duration::ZERO },
            clock: app.clock.clone(),
            stop: app.stop.clone(),
        }
    }

    /// Waits as long as an answer without work takes.
    pub(crate) async fn answer(&self, stream: &mut Stream) -> Result<(), Stopped> {
        self.wait(self.whole, stream).await
    }

    /// Waits as long as one stage takes: most of the time goes into the first.
    pub(crate) async fn stage(&self, stream: &mut Stream, at: usize, of: usize) -> Result<(), Stopped> {
        let share = match (at, of) {
            (_, 1) => self.whole,
            (0, _) => self.whole * 7 / 10,
            (_, of) => self.whole * 3 / 10 / u32::try_from(of - 1).unwrap_or(1),
        };
        self.wait(share, stream).await
    }

    async fn wait(&self, time: Duration, stream: &mut Stream) -> Result<(), Stopped> {
        let mut left = time;
        while left > Duration::ZERO {
            let step = left.min(BEAT);
            tokio::select! {
                () = self.clock.sleep(step) => (),
                () = self.stop.cancelled() => return Err(Stopped),
            }
            left -= step;
            stream.heartbeat();
        }
        Ok(())
    }
}

/// A number that looks random and is the same for the same arguments.
fn draw(seed: u64, session: u64, turn: u64) -> u64 {
    let digest = Sha256::digest(format!("{seed} {session} {turn}"));
    digest.iter().take(7).fold(0, |number, byte| number << 8 | u64::from(*byte))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn about_three_in_ten_turns_are_silent() {
        let silent = (0..1_000).filter(|turn| draw(7, 1, *turn) % 10 < SILENT_IN_TEN).count();
        assert!((250..350).contains(&silent), "{silent}");
        assert_eq!(draw(7, 1, 2), draw(7, 1, 2));
        assert_ne!(draw(7, 1, 2), draw(7, 2, 1));
    }
}
