//! Kills at the boundaries of steps and at random moments. A boundary is where the backend
//! sees it: a request has come and gets lost, has come, was acted upon, is half or wholly
//! answered.

use std::time::{Duration, Instant};

use super::backend::Moment;
use super::dice::Dice;
use super::stage::{Reference, Stage, Strike};
use super::{say, soak};

/// Cases of each kind in the suite.
const CASES: usize = 10;
/// How often a soak tells how far it is.
const NEWS: usize = 25;

/// What came of many cases.
#[derive(Default)]
struct Tally {
    cases: usize,
    /// Processes that were killed; a strike can come too late.
    kills: usize,
    /// Cases that a user had to decide.
    parked: usize,
}

#[test]
fn killed_at_a_boundary_of_a_step_it_goes_on() {
    let reference = Reference::take();
    let at = |nth| {
        let moments = [Moment::Come, Moment::Acted, Moment::Half, Moment::Answered];
        [Strike::Lost(nth)].into_iter().chain(moments.map(|moment| Strike::At(nth, moment)))
    };
    let mut all: Vec<_> = (1..=reference.requests).flat_map(at).collect();
    let mut cases = Vec::new();
    let mut dice = Dice::new(20);
    while !all.is_empty() && (soak().is_some() || cases.len() < CASES) {
        cases.push(vec![dice.pick(&mut all)]);
    }
    let tally = play("boundaries", &reference, cases);
    // At the very end of a run a strike can come too late.
    assert!(tally.kills * 10 >= tally.cases * 9, "{} kills in {} cases", tally.kills, tally.cases);
    assert_eq!(tally.parked, 0, "this backend shows all that a run needs to know");
}

#[test]
fn killed_at_any_moment_it_goes_on() {
    let reference = Reference::take();
    let mut dice = Dice::new(300);
    let mut moment = || {
        let whole = u64::try_from(reference.took.as_micros()).unwrap();
        Strike::After(Duration::from_micros(dice.below(whole)))
    };
    let cases = (0..soak().unwrap_or(CASES)).map(|nth| {
        // Every third is killed once more, while it goes on.
        if nth % 3 == 0 { vec![moment(), moment()] } else { vec![moment()] }
    });
    let cases = cases.collect();
    let tally = play("moments", &reference, cases);
    // When the machine is in a better mood than it was for the reference, many come too late.
    assert!(tally.kills > 0);
    assert_eq!(tally.parked, 0, "this backend shows all that a run needs to know");
}

/// Plays each case to its end and checks what it left.
fn play(kind: &str, reference: &Reference, cases: Vec<Vec<Strike>>) -> Tally {
    let began = Instant::now();
    let mut tally = Tally::default();
    let all = cases.len();
    for strikes in cases {
        let stage = Stage::new();
        let ended = stage.to_the_end(&strikes);
        reference.check(&stage);
        reference.check_lines(&stage, &stage.lines());
        tally.cases += 1;
        tally.kills += ended.kills;
        tally.parked += ended.parked;
        if soak().is_some() && (tally.cases.is_multiple_of(NEWS) || tally.cases == all) {
            let Tally { cases, kills, parked } = tally;
            let seconds = began.elapsed().as_secs();
            say(&format!(
                "{kind}: {cases} of {all} cases, {kills} kills, {parked} parked, 0 paid twice, 0 lost ({seconds} s)"
            ));
        }
    }
    tally
}
