//! Other things that go wrong with a run: the disk, the journal, the network, the session,
//! the token. Each ends with a code and words that say what to do, and costs nothing twice.

use std::fs;
use std::process::Command;
use std::sync::mpsc;
use std::thread;

use super::backend::Moment;
use super::dice::Dice;
use super::stage::{Ended, Reference, Stage, Strike};

/// A stage whose script was killed as the backend had acted on its third turn.
fn killed() -> Stage {
    let stage = Stage::new();
    let ended = stage.run(Strike::Turn(3, Moment::Acted));
    assert_eq!(ended.code, None, "{}", stage.story());
    stage
}

impl Stage {
    /// Fails unless a process ended with this code and said all of these.
    #[track_caller]
    fn ends(&self, ended: &Ended, code: i32, words: &[&str]) {
        assert_eq!(ended.code, Some(code), "{}", self.story());
        for said in words {
            assert!(ended.stderr.contains(said), "nobody says `{said}`\n{}", self.story());
        }
    }

    /// Turns that were executed.
    fn turns(&self) -> u32 {
        self.backend.books().turns.values().sum()
    }
}

#[test]
fn a_turn_that_still_runs_is_waited_for_then_left_to_the_user() {
    let reference = Reference::take();
    let stage = Stage::new();
    stage.backend.hold_turns(true);
    assert_eq!(stage.run(Strike::Turn(1, Moment::Come)).code, None);
    let ended = stage.resume(Strike::Never);
    stage.ends(&ended, 4, &["it may still run", "parked; ", "`reel resume "]);
    stage.backend.hold_turns(false);
    assert_eq!(stage.turns(), 1, "it comes to its end");
    let ended = stage.resume(Strike::Never);
    stage.ends(&ended, 0, &["the turn took effect"]);
    reference.check(&stage);
}

#[test]
fn a_disk_that_is_full_ends_the_run_before_anything_is_sent_that_is_not_written() {
    let reference = Reference::take();
    let stage = Stage::new();
    let url = stage.backend.url();
    let reel = stage.command(&["run", "five_turns.rhai", "--backend", &url, "--out", "out"]);
    // A file may not grow beyond so many blocks of 512 bytes, and no signal tells of it.
    let ended = stage.start(inside("trap '' XFSZ; ulimit -f 240; exec \"$@\"", &reel), Strike::Never);
    stage.ends(&ended, 5, &["the journal cannot be written", "make room"]);
    let turns = stage.turns();
    assert!((1..5).contains(&turns), "{turns} turns\n{}", stage.story());
    assert_eq!(stage.resume(Strike::Never).code, Some(0), "{}", stage.story());
    reference.check(&stage);
}

#[test]
fn a_journal_that_cannot_be_written_ends_the_run_before_anything_is_sent() {
    let stage = killed();
    let before = stage.backend.books();
    for name in ["journal.db", "journal.db-wal", "journal.db-shm"] {
        let mut rights = fs::metadata(stage.world.path(name)).unwrap().permissions();
        rights.set_readonly(true);
        fs::set_permissions(stage.world.path(name), rights).unwrap();
    }
    let mut command = stage.command(&["resume", "--last"]);
    if fs::OpenOptions::new().write(true).open(stage.journal()).is_ok() {
        // Root may write to everything, unless it gives that right away.
        command = inside("exec setpriv --bounding-set=-dac_override \"$@\"", &command);
    }
    let ended = stage.start(command, Strike::Never);
    stage.ends(&ended, 5, &["the journal cannot be written", "journal.db", "hint: "]);
    assert_eq!(stage.backend.books().log, before.log);
}

#[test]
fn a_page_that_rotted_is_noticed() {
    let stage = killed();
    // Whoever looks puts all of the journal into its main file.
    assert!(stage.newest().is_some());
    let sound = fs::read(stage.journal()).unwrap();
    let page = usize::from(u16::from_be_bytes([sound[16], sound[17]]));
    let turns = stage.turns();
    let mut dice = Dice::new(5);
    let mut refused = 0_u32;
    for nth in 1..sound.len() / page {
        let mut rotten = sound.clone();
        let at = nth * page + dice.below(page as u64 / 2) as usize;
        rotten[at..at + page / 4].fill(0xa5);
        for name in ["journal.db-wal", "journal.db-shm"] {
            let _ = fs::remove_file(stage.world.path(name));
        }
        fs::write(stage.journal(), &rotten).unwrap();
        let ended = stage.reel(&["resume", "--last"], Strike::At(1, Moment::Come));
        // Where nothing is kept, nothing rots.
        if ended.code.is_some() {
            assert!(matches!(ended.code, Some(2 | 5)), "{}", stage.story());
            assert!(ended.stderr.contains("hint: "), "{}", stage.story());
            refused += u32::from(ended.stderr.contains("the journal is damaged"));
        }
        assert_eq!(stage.turns(), turns, "{}", stage.story());
    }
    assert!(refused > 0, "{}", stage.story());
}

#[test]
fn of_two_that_go_on_with_a_run_one_is_refused() {
    let reference = Reference::take();
    let stage = killed();
    let run = stage.newest().unwrap().id;
    let (came, comes) = mpsc::sync_channel(0);
    thread::scope(|scope| {
        let first = scope.spawn(|| {
            let command = stage.command(&["resume", "--last"]);
            stage.start_with(command, Strike::Never, came)
        });
        // The first asks, and waits for its answers until the second has ended.
        comes.recv().unwrap();
        let second = stage.command(&["resume", run.as_str()]).output().unwrap();
        let said = String::from_utf8_lossy(&second.stderr);
        assert_eq!(second.status.code(), Some(2), "{said}");
        assert!(said.contains("is gone on with by process") && said.contains("hint: "), "{said}");
        drop(comes);
        assert_eq!(first.join().unwrap().code, Some(0));
    });
    reference.check(&stage);
}

#[test]
fn a_backend_that_is_away_is_gone_on_with_when_it_is_back() {
    let reference = Reference::take();
    let mut stage = killed();
    stage.backend.close();
    let ended = stage.resume(Strike::Never);
    stage.ends(&ended, 4, &["the project could not be looked at", "parked; ", "`reel resume "]);
    stage.backend.open();
    let ended = stage.resume(Strike::Never);
    stage.ends(&ended, 0, &["the turn took effect"]);
    reference.check(&stage);
}

#[test]
fn a_session_that_is_gone_is_told_and_nothing_is_sent() {
    let stage = killed();
    stage.backend.change(|books| books.forget_projects());
    let turns = stage.turns();
    let ended = stage.resume(Strike::Never);
    stage.ends(&ended, 4, &["session", "hint: "]);
    assert_eq!(stage.turns(), turns);
}

#[test]
fn a_token_that_expired_in_between_is_renewed() {
    let reference = Reference::take();
    let stage = killed();
    stage.backend.change(|books| books.expire_token());
    assert_eq!(stage.resume(Strike::Never).code, Some(0), "{}", stage.story());
    reference.check(&stage);
}

/// A command inside a shell that does something first.
fn inside(script: &str, command: &Command) -> Command {
    let mut shell = Command::new("sh");
    shell.args(["-c", script, "sh"]).arg(command.get_program()).args(command.get_args());
    shell.current_dir(command.get_current_dir().unwrap()).env_clear();
    shell.envs(command.get_envs().filter_map(|(name, value)| Some((name, value?))));
    shell
}
