//! How often a run makes the disk wait: commits are counted in SQLite's own log.

use std::fs;
use std::path::Path;
use std::sync::Arc;

use reelscript::clock::Clock;
use reelscript::journal::{Journal, NewRun, Replay, RunLog, Sqlite};
use reelscript::runtime::Exit;

use super::Stage;

/// Commits in a write-ahead log: frames that say how large the database is after them.
fn commits(wal: &Path) -> usize {
    let bytes = fs::read(wal).unwrap();
    let number = |from: &[u8]| u32::from_be_bytes(from[..4].try_into().unwrap());
    let (head, frames) = bytes.split_at(32);
    let frame = 24 + number(&head[8..]) as usize;
    // What an earlier round left behind bears other salts.
    let of_this_round = |frame: &&[u8]| frame[8..16] == head[16..24];
    frames.chunks_exact(frame).take_while(of_this_round).filter(|frame| number(&frame[4..]) > 0).count()
}

#[test]
fn a_step_is_two_commits_and_a_value_or_a_refusal_is_one() {
    let mut stage = Stage::new();
    let _studio = stage.studio();
    let journal = Arc::new(Sqlite::open(&stage.folder().join("journal.db")).unwrap());
    let made_of = NewRun { title: "main.rhai".to_owned(), source: None, setup: serde_json::Value::Null };
    let lease = journal.lease(&journal.create(&made_of, 0).unwrap()).unwrap();
    stage.setup.log = Arc::new(RunLog::open(journal, lease, Clock::System, Replay::Resume).unwrap());
    let wal = stage.folder().join("journal.db-wal");
    let before = commits(&wal);
    let outcome = stage.run(
        "let s = session();
         uuid();
         print(1);
         s.chat(\"make a 2 second video about the sea\");
         note(2);
         s.state();
         write_text(\"a.txt\", \"x\");
         s.export(\"a.mp4\", #{ resolution: \"360p\" });
         try { s.export(\"../a.mp4\") } catch {}",
    );
    assert_eq!(outcome.exit, Exit::Done, "{:?}", outcome.error);
    let wanted = [
        ("session", 2),
        ("uuid", 1),
        ("chat", 2),
        ("state", 2),
        ("write_text", 2),
        ("export", 2),
        ("export", 1),
    ];
    let called: Vec<String> = stage.setup.log.steps().into_iter().map(|step| step.call.name).collect();
    assert_eq!(called, wanted.map(|(name, _)| name));
    // Lines and files ride on what is committed anyway.
    assert_eq!(commits(&wal) - before, wanted.iter().map(|(_, commits)| commits).sum::<usize>());
}
