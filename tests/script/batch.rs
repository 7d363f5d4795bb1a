//! Batches on this machine: which rows are made, how often, and what they share.

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use reelscript::batch::local::{self, Rules, Sum};
use reelscript::batch::row::{Shared, Tell, Told};
use reelscript::batch::shard::Shard;
use reelscript::clock::Clock;
use reelscript::host::{Event, Means};
use reelscript::journal::{BatchId, BatchRow, Ending, Journal, NewBatch, RunState, Tally};
use reelscript::runtime::{Program, Script};

use super::Stage;

type Act = Arc<dyn Fn(&BatchRow, &Told) + Send + Sync>;

/// A batch on a stage.
struct Bench {
    stage: Stage,
    script: Script,
    batch: BatchId,
    rules: Rules,
    means: Arc<Means>,
    told: Arc<Mutex<Vec<String>>>,
    /// Acts on what is told, before it is noted.
    act: Act,
}

/// Rows whose only param is `x`, named by their number.
fn rows(values: &[&str]) -> Vec<BatchRow> {
    let row = |(number, value): (u64, &&str)| BatchRow {
        number,
        key: format!("k{number}"),
        print: (*value).to_owned(),
        name: format!("row-{number}"),
        params: BTreeMap::from([("x".to_owned(), (*value).to_owned())]),
    };
    (1..).zip(values).map(row).collect()
}

impl Bench {
    fn new(text: &str, values: &[&str]) -> Self {
        Self::with(text, rows(values))
    }

    fn with(text: &str, rows: Vec<BatchRow>) -> Self {
        let stage = Stage::new();
        let new = NewBatch {
            title: "main.rhai".to_owned(),
            mark: String::new(),
            source: text.to_owned(),
            setup: serde_json::Value::Null,
        };
        let batch = stage.journal.create_batch(&new, 0).unwrap();
        stage.journal.set_rows(&batch, &mut rows.into_iter().map(Ok)).unwrap();
        let rules = Rules { parallel: 3, only_failed: false, only: None, fail_fast: false, shard: None };
        let script = Script::from_text("main.rhai", &format!("let x = param(\"x\", \"\");\n{text}"));
        let (means, told) = (Arc::new(Means::new(None, 0.0, 3)), Arc::default());
        Self { stage, script, batch, rules, means, told, act: Arc::new(|_, _| ()) }
    }

    fn go(&self) -> Sum {
        let run = self.stage.new_run();
        let (told, act) = (Arc::clone(&self.told), Arc::clone(&self.act));
        let tell: Tell = Arc::new(move |row, what| {
            act(row, &what);
            let line = match what {
                Told::Event(Event::Print(text)) => format!("{}: {text}", row.name),
                Told::Again(wait, _) => format!("{}: again in {} s", row.name, wait.as_secs()),
                _ => return,
            };
            told.lock().unwrap().push(line);
        });
        let shared = Shared {
            batch: &self.batch,
            program: &Program::of(&self.script).unwrap(),
            journal: self.stage.journal.clone(),
            run: &run,
            means: Arc::clone(&self.means),
            verdict: None,
            backoff: &[Duration::from_secs(2), Duration::from_secs(10)],
            tell,
        };
        local::run(&shared, &self.rules).unwrap()
    }

    fn told(&self) -> Vec<String> {
        let mut told = self.told.lock().unwrap().clone();
        told.sort();
        told
    }

    fn tally(&self) -> Tally {
        self.stage.journal.tally(&self.batch).unwrap()
    }

    fn states(&self) -> Vec<Option<RunState>> {
        let rows = self.stage.journal.rows(&self.batch, 0, 99).unwrap();
        let state = |run: reelscript::journal::RunRecord| run.ended.map(|(_, ending)| ending.state);
        rows.into_iter().map(|row| row.run.and_then(state)).collect()
    }

    fn out(&self, path: &str) -> PathBuf {
        self.stage.folder().join("out").join(path)
    }
}

#[test]
fn each_row_is_made_once_into_a_folder_of_its_own() {
    let bench = Bench::new("print(x); write_text(\"a.txt\", x);", &["one", "two", "three", "four", "five"]);
    let sum = bench.go();
    assert_eq!((sum.finished, sum.failed), (5, 0));
    assert_eq!(std::fs::read_to_string(bench.out("row-2/a.txt")).unwrap(), "two");
    assert_eq!(bench.told(), ["row-1: one", "row-2: two", "row-3: three", "row-4: four", "row-5: five"]);
    // Once more: all of them are done.
    assert_eq!(bench.go(), Sum::default());
    assert_eq!(bench.told().len(), 5);
}

#[test]
fn a_row_that_fails_ends_alone_and_is_tried_again_the_next_time() {
    let mut bench = Bench::new("if x == \"bad\" { throw \"no\"; }", &["a", "bad", "c"]);
    let sum = bench.go();
    assert_eq!((sum.finished, sum.failed), (2, 1));
    assert_eq!(bench.states(), [RunState::Finished, RunState::Failed, RunState::Finished].map(Some));
    bench.rules.only_failed = true;
    let sum = bench.go();
    assert_eq!((sum.finished, sum.failed), (0, 1), "a failed row without a step is kept and tried again");
}

#[test]
fn no_other_row_begins_once_one_failed_if_so_asked() {
    let mut bench = Bench::new("if x == \"bad\" { throw \"no\"; }", &["a", "bad", "c", "d"]);
    bench.rules = Rules { parallel: 1, fail_fast: true, ..bench.rules };
    bench.go();
    let waiting = [Some(RunState::Finished), Some(RunState::Failed), None, None];
    assert_eq!(bench.states(), waiting);
}

#[test]
fn no_other_row_begins_when_the_account_refuses() {
    for (kind, failed) in [("auth", 1), ("credits", 1), ("render", 3)] {
        let mut bench =
            Bench::new(&format!("throw #{{ kind: \"{kind}\", message: \"no\" }};"), &["a", "b", "c"]);
        bench.rules.parallel = 1;
        assert_eq!(bench.go().failed, failed, "{kind}");
    }
}

#[test]
fn a_stop_ends_the_rows_that_run_and_begins_no_other() {
    let mut bench = Bench::new("sleep(600);", &["a", "b", "c", "d", "e"]);
    let (stop, begun) = (bench.stage.setup.stop.clone(), AtomicUsize::new(0));
    bench.act = Arc::new(move |_, what| {
        let asleep = matches!(what, Told::Event(Event::StepBegan { name: "sleep", .. }));
        if asleep && begun.fetch_add(1, Ordering::SeqCst) == 2 {
            stop.cancel();
        }
    });
    let sum = bench.go();
    assert_eq!(sum.stopped, 3);
    assert_eq!((bench.tally().open, bench.tally().waiting()), (3, 2));
}

#[test]
fn rows_share_one_limit_of_credits() {
    let mut bench = Bench::new(
        "let s = session(); s.chat(\"make a 2 second video about the sea\"); print(x);",
        &["a", "b", "c", "d"],
    );
    let _studio = bench.stage.studio();
    bench.means = Arc::new(Means::new(Some(250.0), 0.0, 3));
    let sum = bench.go();
    assert_eq!((sum.finished, sum.credits), (2, 200.0));
    assert!(sum.failed >= 1 && bench.means.is_refused());
    // With more to spend the rows that were refused go on, and nothing is paid twice.
    bench.means = Arc::new(Means::new(None, bench.tally().credits, 3));
    assert_eq!(bench.go().finished, 2);
    assert_eq!((bench.tally().credits, bench.means.spent()), (400.0, 400.0));
}

#[test]
fn what_fails_for_nothing_gets_two_more_tries() {
    // Nobody listens at the address of the stage.
    let mut bench = Bench::new("session();", &["a"]);
    bench.stage.setup.clock = Clock::fixed(1_000);
    bench.stage.client.clock = bench.stage.setup.clock.clone();
    let sum = bench.go();
    assert_eq!(sum.failed, 1);
    assert_eq!(bench.told(), ["row-1: again in 10 s", "row-1: again in 2 s"]);
}

#[test]
fn a_share_of_the_rows_leaves_the_others_alone() {
    let mut bench = Bench::new("print(x);", &["a", "b", "c", "d", "e", "f", "g", "h"]);
    let mut done = 0;
    for index in 1..=3 {
        bench.rules.shard = Some(Shard { index, of: 3 });
        done += bench.go().finished;
        assert_eq!(bench.tally().finished, done);
    }
    assert_eq!((done, bench.told().len()), (8, 8));
}

#[test]
fn a_name_with_the_ending_of_a_film_names_the_one_film_of_its_row() {
    let named = |name: &str| {
        let mut rows = rows(&["a"]);
        rows[0].name = name.to_owned();
        rows
    };
    // Any output shows it; a text with this ending costs nothing.
    let bench = Bench::with(
        "write_text(\"any.mp4\", x); write_text(\"notes.txt\", x); write_text(\"any.mp4\", \"again\");",
        named("spring/ada.mp4"),
    );
    assert_eq!(bench.go().finished, 1);
    assert_eq!(std::fs::read_to_string(bench.out("spring/ada.mp4")).unwrap(), "again");
    assert!(bench.out("spring/ada/notes.txt").exists());
    let bench = Bench::with("write_text(\"one.mp4\", x); write_text(\"two.mp4\", x);", named("ada.mp4"));
    assert_eq!(bench.go().failed, 1);
    let run = bench.stage.journal.rows(&bench.batch, 0, 1).unwrap()[0].run.clone().unwrap();
    let words = run.ended.unwrap().1.words;
    assert!(
        words.contains("`two.mp4` would overwrite") && words.contains("which `one.mp4` became"),
        "{words}"
    );
}

#[test]
fn a_row_that_another_process_has_is_left_to_it() {
    let bench = Bench::new("print(x);", &["a", "b"]);
    let journal = &bench.stage.journal;
    let row = journal.rows(&bench.batch, 0, 1).unwrap().remove(0).row;
    let elsewhere = journal.lease(&journal.row_run(&bench.batch, &row, 0).unwrap()).unwrap();
    assert_eq!(bench.go().finished, 1);
    assert_eq!(bench.told(), ["row-2: b"]);
    drop(elsewhere);
    assert_eq!(bench.go().finished, 1, "it broke off there");
}

#[test]
fn a_row_that_is_given_up_while_it_waits_is_not_made() {
    let mut bench = Bench::new("if x == \"b\" { throw \"no\"; }", &["a", "b"]);
    bench.rules.parallel = 1;
    assert_eq!(bench.go().failed, 1);
    let rows = bench.stage.journal.rows(&bench.batch, 0, 9).unwrap();
    let (journal, failed) = (bench.stage.journal.clone(), rows[1].run.clone().unwrap().id);
    let mut changed = rows[0].row.clone();
    changed.print = "new".to_owned();
    let rows = [changed, rows[1].row.clone()];
    bench.stage.journal.set_rows(&bench.batch, &mut rows.into_iter().map(Ok)).unwrap();
    // Both rows have been read when the first of them begins.
    bench.act = Arc::new(move |row, what| {
        if row.number == 1 && matches!(what, Told::Began(_)) {
            let (state, words) = (RunState::Cancelled, String::new());
            let lease = journal.lease(&failed).unwrap();
            journal.end(&lease, 9, &Ending { state, words, exit_code: 130 }, 0.0).unwrap();
        }
    });
    let sum = bench.go();
    assert_eq!((sum.finished, sum.failed), (1, 0));
    assert_eq!(bench.states(), [Some(RunState::Finished), Some(RunState::Cancelled)]);
}

#[test]
fn an_uncatchable_failure_of_one_row_is_its_own() {
    let bench = Bench::new("if x == \"loop\" { loop { } }", &["a", "loop", "c"]);
    let mut setup = bench.stage.setup.clone();
    setup.time_max = Some(Duration::from_millis(300));
    let bench = Bench { stage: Stage { setup, ..bench.stage }, ..bench };
    let sum = bench.go();
    assert_eq!((sum.finished, sum.failed), (2, 1));
}
