//! Every wait and every deadline of the client, in one place.

use std::time::Duration;

/// How long the client waits for what. [`Delays::default`] holds the documented times.
#[derive(Clone, Debug)]
pub struct Delays {
    /// Deadline for a connection.
    pub connect: Duration,
    /// Deadline for the answer to a small call.
    pub call: Duration,
    /// Deadline for the answer to a render's submission, which carries a whole draft.
    pub submit: Duration,
    /// Deadline for a whole turn.
    pub turn: Duration,
    /// A turn's connection without a single byte for this long is dead. The longest step
    /// documented, making a video, takes 300 s, and a bare agent server sends no heartbeats.
    pub turn_idle: Duration,
    /// A turn of nothing but heartbeats for this long is stuck.
    pub turn_stuck: Duration,
    /// How often a running turn says that it waits.
    pub tick: Duration,
    /// How often a running turn says that it still works.
    pub still_working: Duration,
    /// A transfer without a byte for this long is dead.
    pub transfer_idle: Duration,
    /// Deadline for the answer once all bytes of an upload are sent, or its URLs: the
    /// backend looks at the files first.
    pub upload_answer: Duration,
    /// Waits before each look at the state after a turn's connection broke.
    pub ladder: Vec<Duration>,
    /// Wait after a 429 that names no time.
    pub rate_limit: Duration,
    /// Longest wait that a 429 may ask for.
    pub rate_limit_max: Duration,
    /// Waits before a second, third .. try after a network fault.
    pub backoff: Vec<Duration>,
    /// Wait before the first poll of a render; each later one is half as long again.
    pub poll_first: Duration,
    /// Longest wait between two polls.
    pub poll_max: Duration,
    /// Time after which a render that is not done is left alone.
    pub render: Duration,
}

impl Default for Delays {
    fn default() -> Self {
        let seconds = Duration::from_secs;
        Self {
            connect: seconds(15),
            call: seconds(30),
            submit: seconds(60),
            turn: seconds(900),
            turn_idle: seconds(420),
            turn_stuck: seconds(600),
            tick: seconds(1),
            still_working: seconds(120),
            transfer_idle: seconds(60),
            upload_answer: seconds(300),
            ladder: [30, 60, 60, 60, 60].map(seconds).to_vec(),
            rate_limit: seconds(30),
            rate_limit_max: seconds(120),
            backoff: [1, 3].map(seconds).to_vec(),
            poll_first: seconds(2),
            poll_max: seconds(30),
            render: seconds(600),
        }
    }
}

impl Delays {
    /// Returns the wait before the poll after one that was waited for this long.
    pub(crate) fn poll_after(&self, wait: Duration) -> Duration {
        (wait + wait / 2).min(self.poll_max)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn polls_grow_to_their_ceiling() {
        let delays = Delays::default();
        let waits = std::iter::successors(Some(delays.poll_first), |wait| Some(delays.poll_after(*wait)));
        let waits: Vec<_> = waits.take(9).map(|wait| wait.as_millis()).collect();
        assert_eq!(waits, [2_000, 3_000, 4_500, 6_750, 10_125, 15_187, 22_781, 30_000, 30_000]);
    }
}
