//! What turns are paid from: the credits that a run, or all rows of a batch, may take, and how
//! many of their turns go on at once.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use tokio::sync::{OwnedSemaphorePermit, Semaphore};

/// What turns are paid from. One for a run that stands alone, one for all rows of a batch.
#[derive(Debug)]
pub struct Means {
    credits_max: f64,
    credits: Mutex<Purse>,
    turns: Arc<Semaphore>,
    /// Turns of others may go on at the same time under the same account.
    shared: bool,
}

#[derive(Debug, Default)]
struct Purse {
    /// What finished turns took.
    spent: f64,
    /// The prices of turns that go on.
    held: f64,
    /// A turn could not be paid.
    refused: bool,
}

/// The price of a turn that goes on, set aside until it has come to its end.
#[derive(Debug)]
pub(super) struct Held {
    means: Arc<Means>,
    price: f64,
}

impl Means {
    /// For a run that stands alone, and took so much in earlier lives.
    pub(super) fn alone(credits_max: Option<f64>, spent: f64) -> Self {
        Self { shared: false, ..Self::new(credits_max, spent, Semaphore::MAX_PERMITS) }
    }

    /// For rows: starts with what was spent before; without a limit all is affordable.
    pub fn new(credits_max: Option<f64>, spent: f64, turns_at_once: usize) -> Self {
        let credits = Mutex::new(Purse { spent, ..Purse::default() });
        let turns = turns_at_once.clamp(1, Semaphore::MAX_PERMITS);
        let credits_max = credits_max.unwrap_or(f64::INFINITY);
        Self { credits_max, credits, turns: Arc::new(Semaphore::new(turns)), shared: turns > 1 }
    }

    /// Says that other processes pay from the same account.
    #[must_use]
    pub fn shared(self) -> Self {
        Self { shared: true, ..self }
    }

    /// Returns what was spent so far.
    pub fn spent(&self) -> f64 {
        self.purse().spent
    }

    /// Returns whether a turn could not be paid.
    pub fn is_refused(&self) -> bool {
        self.purse().refused
    }

    /// Says that a row goes on which took so much before. `counted` is how much of that is
    /// known already: of one that was killed it is less.
    pub fn goes_on(&self, counted: f64, took: f64) {
        self.purse().spent += took - counted;
    }

    /// Returns whether a change of the balance says nothing about one turn.
    pub(super) fn is_shared(&self) -> bool {
        self.shared
    }

    /// Sets the price of a turn aside.
    ///
    /// # Errors
    /// Why it cannot be paid, in words.
    pub(super) fn hold(self: &Arc<Self>, price: f64) -> Result<Held, String> {
        let mut purse = self.purse();
        let (spent, max) = (purse.spent + purse.held, self.credits_max);
        if spent + price <= max {
            purse.held += price;
            return Ok(Held { means: Arc::clone(self), price });
        }
        purse.refused = true;
        Err(if spent > max {
            format!("{spent} credits are spent: that has passed the limit of {max}")
        } else {
            format!(
                "the next turn costs {price} credits: with the {spent} that are spent it would pass the limit of {max}"
            )
        })
    }

    /// For a turn whose price nobody set aside: an earlier life sent it.
    pub(super) fn unpriced(self: &Arc<Self>) -> Held {
        Held { means: Arc::clone(self), price: 0.0 }
    }

    /// Waits until another turn may go on.
    pub(super) async fn turn(&self) -> Option<OwnedSemaphorePermit> {
        // Never closed.
        Arc::clone(&self.turns).acquire_owned().await.ok()
    }

    fn purse(&self) -> MutexGuard<'_, Purse> {
        // Every change is whole: a panic elsewhere leaves nothing half counted.
        self.credits.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Held {
    /// Counts what the turn took in place of its price.
    pub(super) fn spend(mut self, credits: f64) {
        let mut purse = self.means.purse();
        purse.held -= self.price;
        purse.spent += credits;
        drop(purse);
        self.price = 0.0;
    }

    /// Counts the price of a turn in doubt: it may have been paid.
    pub(super) fn doubt(self) {
        let price = self.price;
        self.spend(price);
    }
}

impl Drop for Held {
    fn drop(&mut self) {
        self.means.purse().held -= self.price;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn prices_of_turns_that_go_on_count() {
        let means = Arc::new(Means::new(Some(200.0), 50.0, 4));
        let turn = means.hold(100.0).unwrap();
        assert!(means.hold(100.0).is_err_and(|why| why.contains("with the 150 that are spent")));
        turn.spend(0.0);
        let turn = means.hold(150.0).expect("the other one cost nothing");
        drop(turn);
        means.hold(150.0).expect("it never came to its end").doubt();
        assert!(means.is_refused());
        assert_eq!(means.spent(), 200.0);
    }

    #[test]
    fn what_a_row_took_before_is_counted_once_and_all_the_time() {
        let means = Arc::new(Means::new(Some(300.0), 200.0, 4));
        // 100 of its 150 are known: it was killed, and its end never written.
        means.goes_on(100.0, 150.0);
        assert!(means.hold(100.0).is_err(), "what it took is not there to be spent by others");
        means.unpriced().spend(25.0);
        assert_eq!(means.spent(), 275.0, "its recorded turns are known, the one that it settled is not");
    }

    #[test]
    fn turns_at_once_share_the_balance() {
        assert!(!Means::alone(None, 0.0).is_shared() && !Means::new(None, 0.0, 1).is_shared());
        assert!(Means::new(None, 0.0, 2).is_shared() && Means::new(None, 0.0, 1).shared().is_shared());
    }
}
