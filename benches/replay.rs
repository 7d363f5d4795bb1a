//! How long a resumed run takes to come to where it broke off: the replay of 1,000 recorded
//! steps from a journal on disk, against the time in which they were made and written.

#![allow(clippy::print_stdout, clippy::expect_used, reason = "a program that prints figures")]

use std::path::Path;
use std::sync::Arc;
use std::time::{Duration, Instant};

use reelscript::clock::Clock;
use reelscript::host::{FindBackend, Run, Setup};
use reelscript::journal::{Journal, NewRun, Replay, RunId, RunLog, Sqlite};
use reelscript::runtime::{Exit, Script, execute};
use serde_json::Value;
use tokio::runtime::Runtime;

const STEPS: usize = 1_000;
const LIVES: usize = 20;

fn main() {
    let home = std::env::temp_dir().join(format!("reel-bench-{}", std::process::id()));
    let runtime = Runtime::new().expect("the system starts threads");
    let text = format!("for i in 0..{STEPS} {{ uuid(); }}");
    let script = Script::from_text("thousand.rhai", &text);
    let made_of = NewRun { title: script.name.clone(), source: None, setup: Value::Null };
    let run = open(&home).create(&made_of, 0).expect("the temporary folder can be written");
    let made = life(&home, &run, &runtime, &script);
    let mut lives: Vec<Duration> = (0..LIVES).map(|_| life(&home, &run, &runtime, &script)).collect();
    lives.sort_unstable();
    let millis = |time: Duration| time.as_secs_f64() * 1e3;
    let (min, median) = (millis(lives[0]), millis(lives[LIVES / 2]));
    println!("{STEPS} steps made and written {:>9.2} ms", millis(made));
    println!("{STEPS} steps replayed, min    {min:>9.2} ms");
    println!("{STEPS} steps replayed, median {median:>9.2} ms   {:.3} of making them", median / millis(made));
    std::fs::remove_dir_all(&home).expect("our own folder can be removed");
}

fn open(home: &Path) -> Arc<Sqlite> {
    Arc::new(Sqlite::open(&home.join("journal.db")).expect("the temporary folder can be written"))
}

/// One life of the run, from opening the journal to the end of the script.
fn life(home: &Path, run: &RunId, runtime: &Runtime, script: &Script) -> Duration {
    let start = Instant::now();
    let journal = open(home);
    let lease = journal.lease(run).expect("nobody else has the run");
    let log = RunLog::open(journal, lease, Clock::System, Replay::Resume).expect("the log is whole");
    let find: FindBackend = Arc::new(|| unreachable!("the script calls no backend"));
    let setup = Setup::bare(find, Arc::new(log), runtime.handle().clone());
    let outcome = execute(script, &Run::new(setup));
    assert_eq!(outcome.exit, Exit::Done);
    start.elapsed()
}
