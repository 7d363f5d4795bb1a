//! What is killed goes on: `reel` is killed without warning, at each step and at any moment,
//! and resumed, against a backend that counts. Nothing may be paid twice, nothing lost, and
//! the files must be those of an undisturbed run.
//!
//! The suite takes a few cases of each kind, always the same ones. With `REEL_SOAK=300`
//! (`scripts/dev/soak`) it is every boundary and 300 random moments.

pub(crate) mod backend;
mod batches;
mod books;
mod cuts;
pub(crate) mod dice;
mod faults;
mod kills;
pub(crate) mod stage;

use std::io::{self, Write};

use stage::{Reference, Stage, Strike};

/// How many cases of a kind are asked for; none for the cut of the suite.
pub(crate) fn soak() -> Option<usize> {
    let asked = std::env::var("REEL_SOAK").ok()?;
    Some(asked.parse().expect("REEL_SOAK is a number of cases"))
}

/// Tells of a soak while it goes on.
pub(crate) fn say(words: &str) {
    // Not `println!`, which the test harness keeps to itself.
    let _ = writeln!(io::stdout(), "soak: {words}");
}

#[test]
fn an_undisturbed_run_pays_each_turn_once() {
    Reference::take();
}

#[test]
fn a_run_from_the_beginning_is_seen_to_pay_twice() {
    let reference = Reference::take();
    let stage = Stage::new();
    for _ in 0..2 {
        assert_eq!(stage.run(Strike::Never).code, Some(0));
    }
    let faults = reference.faults(&stage);
    assert!(faults.contains(&"each of five turns was executed once"), "{faults:?}");
    assert!(faults.contains(&"five turns were paid"), "{faults:?}");
}
