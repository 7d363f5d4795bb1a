//! The only reader of the time: the system's, or a fixed one whose sleeps pass at once.

use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, OnceLock};
use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};

/// A source of time. Clones of a fixed clock share their hands.
#[derive(Clone, Debug)]
pub enum Clock {
    /// The machine's clocks.
    System,
    /// A clock that stands still until somebody sleeps on it; milliseconds since the epoch.
    Fixed(Arc<AtomicU64>),
}

impl Clock {
    /// Returns a clock that shows `unix_ms` and moves only through [`Clock::sleep`] and
    /// [`Clock::advance`].
    pub fn fixed(unix_ms: u64) -> Self {
        Self::Fixed(Arc::new(AtomicU64::new(unix_ms)))
    }

    /// Returns the wall-clock time in milliseconds since 1970-01-01 UTC.
    pub fn now_ms(&self) -> u64 {
        match self {
            Self::System => SystemTime::now()
                .duration_since(UNIX_EPOCH)
                .map_or(0, |d| u64::try_from(d.as_millis()).unwrap_or(u64::MAX)),
            Self::Fixed(ms) => ms.load(Ordering::SeqCst),
        }
    }

    /// Returns the time since an arbitrary start that never goes back: for measuring waits.
    pub fn monotonic(&self) -> Duration {
        static START: OnceLock<Instant> = OnceLock::new();
        match self {
            Self::System => START.get_or_init(Instant::now).elapsed(),
            Self::Fixed(ms) => Duration::from_millis(ms.load(Ordering::SeqCst)),
        }
    }

    /// Waits for `time`. On a fixed clock the hands jump forward and only the scheduler gets
    /// a turn.
    pub async fn sleep(&self, time: Duration) {
        match self {
            Self::System => tokio::time::sleep(time).await,
            Self::Fixed(_) => {
                self.advance(time);
                tokio::task::yield_now().await;
            }
        }
    }

    /// Moves a fixed clock forward; does nothing to the system's.
    pub fn advance(&self, time: Duration) {
        if let Self::Fixed(ms) = self {
            ms.fetch_add(u64::try_from(time.as_millis()).unwrap_or(u64::MAX), Ordering::SeqCst);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn a_fixed_clock_moves_by_its_sleeps_alone() {
        let clock = Clock::fixed(1_000);
        let twin = clock.clone();
        clock.sleep(Duration::from_secs(30)).await;
        assert_eq!(twin.now_ms(), 31_000);
        assert_eq!(twin.monotonic(), Duration::from_secs(31));
    }

    #[test]
    fn the_system_clock_is_after_2020_and_does_not_go_back() {
        let clock = Clock::System;
        assert!(clock.now_ms() > 1_577_836_800_000);
        let first = clock.monotonic();
        assert!(clock.monotonic() >= first);
    }
}
