//! The time of a turn: listens to its stream until it ends, breaks, dies or is stuck.
//!
//! Two limits besides the total one: no bytes at all mean a dead connection, nothing but
//! heartbeats a stuck agent. The connection is never closed early for anything else: closing
//! it can cancel the turn.

use std::future::Future;
use std::pin::pin;
use std::time::Duration;

use bytes::Bytes;
use futures_util::{Stream, StreamExt};
use tokio::time::Interval;

use crate::client::delays::Delays;
use crate::client::progress::{Progress, Watcher};
use crate::wire::event;
use crate::wire::sse::{Decoder, Item};
use crate::wire::transcript::{News, Transcript};

/// How listening ended.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum End {
    /// The backend closed the stream: the end of a turn.
    Closed,
    /// The connection broke, in these words.
    Cut(String),
    /// Not a byte came for too long.
    Dead,
    /// Nothing but heartbeats came for too long.
    Stuck,
    /// The turn took longer than its limit.
    TimeUp,
}

/// What was heard of a turn.
pub(super) struct Heard {
    pub(super) transcript: Transcript,
    pub(super) end: End,
}

impl Heard {
    /// Returns a turn of which nothing was heard.
    pub(super) fn nothing(end: End) -> Self {
        Self { transcript: Transcript::new(), end }
    }
}

/// Counts a turn's time in ticks, against its limits.
#[derive(Debug)]
struct Patience {
    tick: Duration,
    total: Duration,
    quiet: Duration,
    stuck: Duration,
    limits: Limits,
}

#[derive(Debug)]
struct Limits {
    total: Duration,
    quiet: Duration,
    stuck: Duration,
    still_working: Duration,
}

impl Patience {
    fn new(delays: &Delays, total: Duration) -> Self {
        let limits = Limits {
            total,
            quiet: delays.turn_idle,
            stuck: delays.turn_stuck,
            still_working: delays.still_working,
        };
        let zero = Duration::ZERO;
        Self { tick: delays.tick, total: zero, quiet: zero, stuck: zero, limits }
    }

    /// A tick passed: what to tell, or that patience is over.
    fn tick(&mut self) -> Result<Vec<Progress>, End> {
        self.total += self.tick;
        self.quiet += self.tick;
        self.stuck += self.tick;
        if self.total >= self.limits.total {
            return Err(End::TimeUp);
        }
        if self.quiet >= self.limits.quiet {
            return Err(End::Dead);
        }
        if self.stuck >= self.limits.stuck {
            return Err(End::Stuck);
        }
        let seconds = self.total.as_secs();
        let periods = |time: Duration| time.as_nanos() / self.limits.still_working.as_nanos().max(1);
        let mut news = vec![Progress::Waiting { seconds }];
        if periods(self.total) > periods(self.total - self.tick) {
            news.push(Progress::StillWorking { seconds });
        }
        Ok(news)
    }
}

/// Waits for the parts of one turn, and tells that it waits.
pub(super) struct Listener<'a> {
    patience: Patience,
    ticks: Interval,
    watcher: &'a Watcher,
}

impl<'a> Listener<'a> {
    /// Returns a listener whose turn begins now and may take `total`.
    pub(super) fn new(delays: &Delays, total: Duration, watcher: &'a Watcher) -> Self {
        let tick = delays.tick.max(Duration::from_millis(1));
        let ticks = tokio::time::interval(tick);
        Self { patience: Patience::new(delays, total), ticks, watcher }
    }

    /// Waits for `future`, unless patience ends first.
    pub(super) async fn patiently<T>(&mut self, future: impl Future<Output = T>) -> Result<T, End> {
        let mut future = pin!(future);
        loop {
            tokio::select! {
                biased;
                done = &mut future => return Ok(done),
                _ = self.ticks.tick() => self.patience.tick()?.into_iter().for_each(|news| (self.watcher)(news)),
            }
        }
    }

    /// Listens to a stream to its end.
    pub(super) async fn listen<E: std::fmt::Display>(
        mut self,
        bytes: impl Stream<Item = Result<Bytes, E>>,
    ) -> Heard {
        let mut bytes = pin!(bytes);
        let mut decoder = Decoder::new();
        let mut transcript = Transcript::new();
        let end = loop {
            match self.patiently(bytes.next()).await {
                Ok(Some(Ok(chunk))) => {
                    self.patience.quiet = Duration::ZERO;
                    self.hear(&decoder.feed(&chunk), &mut transcript);
                }
                Ok(Some(Err(error))) => break End::Cut(error.to_string()),
                Ok(None) => break End::Closed,
                Err(end) => break end,
            }
        };
        // What a cut left unfinished is half an event: only a clean end completes it.
        if end == End::Closed {
            self.hear(&decoder.finish(), &mut transcript);
        }
        let rest = transcript.settle();
        self.tell(rest);
        Heard { transcript, end }
    }

    fn hear(&mut self, items: &[Item], transcript: &mut Transcript) {
        for signal in items.iter().flat_map(event::signals) {
            if signal != event::Signal::Heartbeat {
                self.patience.stuck = Duration::ZERO;
            }
            let news = transcript.take(signal);
            self.tell(news);
        }
    }

    fn tell(&self, news: Vec<News>) {
        for news in news {
            (self.watcher)(match news {
                News::Text(text) => Progress::Text(text),
                News::Tool(name) => Progress::Tool(name),
            });
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn patience(total: u64) -> Patience {
        let delays = Delays { tick: Duration::from_secs(10), ..Delays::default() };
        Patience::new(&delays, Duration::from_secs(total))
    }

    /// Ticks until something other than waiting is told; returns it with the seconds passed.
    fn until(patience: &mut Patience, each: impl Fn(&mut Patience)) -> (u64, Result<Progress, End>) {
        loop {
            each(patience);
            match patience.tick() {
                Err(end) => return (patience.total.as_secs(), Err(end)),
                Ok(news) if news.len() > 1 => return (patience.total.as_secs(), Ok(news[1].clone())),
                Ok(_) => (),
            }
        }
    }

    #[test]
    fn a_long_turn_says_every_two_minutes_that_it_works() {
        let mut patience = patience(900);
        let lively = |p: &mut Patience| (p.quiet, p.stuck) = (Duration::ZERO, Duration::ZERO);
        for seconds in [120, 240, 360] {
            assert_eq!(until(&mut patience, lively), (seconds, Ok(Progress::StillWorking { seconds })));
        }
    }

    #[test]
    fn each_limit_has_its_own_end() {
        let ends = |patience: &mut Patience, each: fn(&mut Patience)| loop {
            if let (seconds, Err(end)) = until(patience, each) {
                return (seconds, end);
            }
        };
        assert_eq!(ends(&mut patience(900), |_| ()), (420, End::Dead));
        assert_eq!(ends(&mut patience(900), |p| p.quiet = Duration::ZERO), (600, End::Stuck));
        let lively: fn(&mut Patience) = |p| (p.quiet, p.stuck) = (Duration::ZERO, Duration::ZERO);
        assert_eq!(ends(&mut patience(900), lively), (900, End::TimeUp));
        assert_eq!(ends(&mut patience(50), |_| ()), (50, End::TimeUp));
    }
}
