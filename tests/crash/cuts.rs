//! The newest part of the journal cut off, as a disk that lies may lose it: what is left
//! either leads to the same end or is refused with words; what was paid is not paid again.

use std::fs;

use super::backend::Moment;
use super::dice::Dice;
use super::stage::{Reference, Stage, Strike};
use super::{say, soak};

/// Cuts in the suite, and in a soak.
const CUTS: usize = 10;
const SOAK_CUTS: usize = 200;

#[test]
fn a_journal_that_lost_its_end_leads_to_the_same_story_or_to_a_refusal() {
    let reference = Reference::take();
    let stage = Stage::new();
    assert_eq!(stage.run(Strike::Turn(4, Moment::Acted)).code, None);
    let frozen = stage.freeze();
    let wal = fs::read(stage.world.path("journal.db-wal")).unwrap();
    let turns: u32 = frozen.books.turns.values().sum();
    let mut dice = Dice::new(200);
    let (mut same, mut refused) = (0, 0);
    let cuts = if soak().is_some() { SOAK_CUTS } else { CUTS };
    let cuts = (1..cuts).map(|_| dice.below(wal.len() as u64) as usize).chain([wal.len()]);
    for cut in cuts {
        stage.thaw(&frozen);
        fs::write(stage.world.path("journal.db-wal"), &wal[..cut]).unwrap();
        stage.tell(&format!("cut at {cut} of {}", wal.len()));
        let ended = stage.resume(Strike::Never);
        if ended.code == Some(0) {
            reference.check(&stage);
            same += 1;
        } else {
            let says = |words| ended.stderr.contains(words);
            let told = if ended.code == Some(4) { says("parked; ") } else { says("hint: ") };
            assert!(matches!(ended.code, Some(2..=5)) && told, "{}", stage.story());
            let now: u32 = stage.backend.books().turns.values().sum();
            assert_eq!(now, turns, "a refusal sends nothing\n{}", stage.story());
            refused += 1;
        }
    }
    if soak().is_some() {
        say(&format!("cuts: {same} came to the same end, {refused} were refused, 0 paid twice"));
    }
    assert!(same > 0 && refused > 0, "{same} came to the same end, {refused} were refused");
}
