//! What every journal must do, whatever keeps it.

use std::sync::Arc;

use serde_json::{Value, json};

use super::{
    BatchRow, Call, Class, Ending, Entry, Event, Guard, Journal, JournalError, Lease, Line, LineKind, Memory,
    NewBatch, NewRun, RunState, Sqlite, StepId, Tally, Written,
};

fn new_run(title: &str) -> NewRun {
    let setup: Value = serde_json::from_str(r#"{"seed": 123456789012345678901234567890}"#).unwrap();
    NewRun { title: title.to_owned(), source: Some("print(1);".to_owned()), setup }
}

fn entries() -> Vec<Entry> {
    let id = StepId { row: String::new(), seq: 0 };
    let (name, told, args_hash) = ("chat".to_owned(), "chat(\"hi\")".to_owned(), "ab".to_owned());
    let call = Call { name, told, args_hash, class: Class::Paid };
    let begun = Event::Begun { call, intent: json!({"credits": 0.5}) };
    let line = Line { row: String::new(), kind: LineKind::Print, value: "早安 ☕".into() };
    vec![
        Entry::Step { id: id.clone(), event: begun },
        Entry::Line(line),
        Entry::Step { id, event: Event::Finished { outcome: json!([1, "x"]), credits: Some(50.0) } },
        Entry::File("out/a.mp4".to_owned()),
    ]
}

fn on_each(check: impl Fn(&dyn Journal)) {
    check(&Memory::default());
    let folder = tempfile::tempdir().unwrap();
    check(&Sqlite::open(&folder.path().join("new/journal.db")).unwrap());
    #[cfg(feature = "cluster")]
    {
        let server = super::postgres::tests::Server::start();
        check(&super::Postgres::open(&server.url(), super::LEASE).unwrap());
    }
}

#[test]
fn what_is_appended_is_read_back_in_order() {
    on_each(|journal| {
        let id = journal.create(&new_run("a.rhai"), 1_000).unwrap();
        let lease = journal.lease(&id).unwrap();
        let all = entries();
        journal.append_ahead(&lease, 0, 1_001, &all[..1]).unwrap();
        journal.append(&lease, 1, 1_002, &all[1..]).unwrap();
        let read = journal.entries(&id).unwrap();
        let at = |at_ms, entry: &Entry| Written { at_ms, entry: entry.clone() };
        assert_eq!(read, [at(1_001, &all[0]), at(1_002, &all[1]), at(1_002, &all[2]), at(1_002, &all[3])]);
        assert_eq!(journal.find(id.as_str()).unwrap().made_of, new_run("a.rhai"));
    });
}

#[test]
fn a_run_has_one_holder_and_the_last_epoch_writes() {
    on_each(|journal| {
        let id = journal.create(&new_run("a.rhai"), 1_000).unwrap();
        assert_eq!(journal.holder(&id).unwrap(), None);
        let first = journal.lease(&id).unwrap();
        assert_eq!(journal.holder(&id).unwrap(), Some(std::process::id()));
        assert!(
            matches!(journal.lease(&id), Err(JournalError::Held { pid, .. }) if pid == std::process::id())
        );
        assert!(matches!(journal.forget(&id), Err(JournalError::Held { .. })));
        let stale =
            Lease { run: id.clone(), epoch: first.epoch, guard: Guard::Memory { _alive: Arc::default() } };
        drop(first);
        let second = journal.lease(&id).unwrap();
        for late in [journal.append(&stale, 0, 1, &entries()), journal.append_ahead(&stale, 0, 1, &entries())]
        {
            assert!(matches!(late, Err(JournalError::Fenced(_))), "{late:?}");
        }
        journal.append(&second, 0, 2, &entries()).unwrap();
        assert!(journal.append(&second, 3, 3, &entries()).is_err(), "a number twice");
        assert_eq!(journal.entries(&id).unwrap().len(), entries().len());
    });
}

#[test]
fn an_ending_is_told_until_the_run_goes_on() {
    on_each(|journal| {
        let id = journal.create(&new_run("a.rhai"), 1_000).unwrap();
        let ending =
            Ending { state: RunState::Parked, words: "the turn is in doubt".to_owned(), exit_code: 4 };
        let lease = journal.lease(&id).unwrap();
        journal.end(&lease, 2_000, &ending, 150.0).unwrap();
        journal.edit(&lease, "print(2);").unwrap();
        drop(lease);
        let record = journal.find(id.short()).unwrap();
        assert_eq!((record.ended, record.credits), (Some((2_000, ending)), 150.0));
        assert_eq!(record.made_of.source.as_deref(), Some("print(2);"));
        let _lease = journal.lease(&id).unwrap();
        let record = journal.find(id.short()).unwrap();
        assert_eq!((record.ended, record.epoch), (None, 2));
    });
}

#[test]
fn runs_are_listed_newest_first_found_by_their_beginning_and_forgotten() {
    on_each(|journal| {
        let ids: Vec<_> =
            (0..3).map(|n| journal.create(&new_run(&format!("{n}")), 1_000 + n).unwrap()).collect();
        let titles: Vec<_> = journal.runs(2).unwrap().into_iter().map(|run| run.made_of.title).collect();
        assert_eq!(titles, ["2", "1"]);
        assert!(matches!(journal.find(""), Err(JournalError::NoRun(_))));
        assert!(matches!(journal.find("*"), Err(JournalError::NoRun(_))));
        journal.forget(&ids[0]).unwrap();
        journal.discard(&journal.lease(&ids[1]).unwrap()).unwrap();
        assert!(matches!(journal.find(ids[0].as_str()), Err(JournalError::NoRun(_))));
        assert_eq!(journal.runs(9).unwrap().len(), 1);
    });
}

fn new_batch() -> NewBatch {
    let (title, mark) = ("promo.rhai".to_owned(), "ab12".to_owned());
    NewBatch { title, mark, source: "print(1);".to_owned(), setup: json!({"rows": "rows.csv"}) }
}

fn row(number: u64, key: &str, print: &str) -> BatchRow {
    let params = [("title".to_owned(), format!("Grüße, {key}"))].into();
    BatchRow { number, key: key.to_owned(), print: print.to_owned(), name: key.to_owned(), params }
}

fn ended(state: RunState) -> Ending {
    Ending { state, words: "so".to_owned(), exit_code: 0 }
}

#[test]
fn a_batch_is_found_by_its_mark_and_its_id_and_may_be_edited() {
    on_each(|journal| {
        assert_eq!(journal.latest_batch("ab12").unwrap(), None);
        let first = journal.create_batch(&new_batch(), 1_000).unwrap();
        let second = journal.create_batch(&new_batch(), 1_001).unwrap();
        assert_eq!(journal.latest_batch("ab12").unwrap().unwrap().id, second);
        let changed = NewBatch { source: "print(2);".to_owned(), ..new_batch() };
        journal.edit_batch(&first, &changed).unwrap();
        let found = journal.find_batch(&first.as_str()[..12]).unwrap();
        assert_eq!((found.id, found.made_of, found.created_ms), (first, changed, 1_000));
        let newest: Vec<_> = journal.batches(1).unwrap().into_iter().map(|batch| batch.id).collect();
        assert_eq!(newest, [second]);
        assert!(matches!(journal.find_batch("zz"), Err(JournalError::NoBatch(_))));
    });
}

#[test]
fn a_row_has_one_run_whatever_its_place_and_another_one_when_its_params_change() {
    on_each(|journal| {
        let batch = journal.create_batch(&new_batch(), 1_000).unwrap();
        let set = |rows: &[BatchRow]| {
            journal.set_rows(&batch, &mut rows.iter().cloned().map(Ok)).unwrap();
        };
        set(&[row(1, "ada", "p"), row(2, "bob", "q"), row(3, "eve", "r")]);
        let run = journal.row_run(&batch, &row(2, "bob", "q"), 1_001).unwrap();
        assert_eq!(journal.row_run(&batch, &row(2, "bob", "q"), 1_002).unwrap(), run);
        let of = journal.find(run.as_str()).unwrap().row.unwrap();
        assert_eq!((of.batch, of.key.as_str()), (batch.clone(), "bob"));
        assert_eq!(journal.runs(9).unwrap(), [], "runs of rows stand with their batch");
        // In pages, in order.
        let page = journal.rows(&batch, 1, 1).unwrap();
        assert_eq!(
            (page[0].row.clone(), page[0].run.clone().map(|run| run.id)),
            (row(2, "bob", "q"), Some(run.clone()))
        );
        assert_eq!(journal.rows(&batch, 3, 9).unwrap(), []);
        // It moves and is still the same row; it changes and is another.
        set(&[row(1, "bob", "q"), row(2, "ada", "new")]);
        let rows = journal.rows(&batch, 0, 9).unwrap();
        let runs: Vec<_> = rows.into_iter().map(|row| row.run.map(|run| run.id)).collect();
        assert_eq!(runs, [Some(run.clone()), None]);
        set(&[row(1, "bob", "new")]);
        assert_eq!(journal.rows(&batch, 0, 9).unwrap()[0].run, None);
        assert_ne!(journal.row_run(&batch, &row(1, "bob", "new"), 1_003).unwrap(), run);
    });
}

#[test]
fn rows_are_replaced_all_or_none() {
    on_each(|journal| {
        let batch = journal.create_batch(&new_batch(), 1_000).unwrap();
        let mut rows = [row(1, "ada", "p")].into_iter().map(Ok);
        assert_eq!(journal.set_rows(&batch, &mut rows).unwrap(), 1);
        let broken = || Err(JournalError::Rows("line 3 is gone".to_owned()));
        let mut rows = [Ok(row(1, "bob", "q")), broken(), Ok(row(3, "eve", "r"))].into_iter();
        assert!(matches!(journal.set_rows(&batch, &mut rows), Err(JournalError::Rows(_))));
        assert_eq!(journal.rows(&batch, 0, 9).unwrap()[0].row, row(1, "ada", "p"));
    });
}

#[test]
fn rows_are_counted_by_how_they_ended() {
    on_each(|journal| {
        let batch = journal.create_batch(&new_batch(), 1_000).unwrap();
        let rows: Vec<_> = (1..=6).map(|n| row(n, &n.to_string(), "p")).collect();
        journal.set_rows(&batch, &mut rows.iter().cloned().map(Ok)).unwrap();
        let states = [RunState::Finished, RunState::Failed, RunState::Parked, RunState::Stopped];
        for (row, state) in rows.iter().zip(states) {
            let run = journal.row_run(&batch, row, 1_001).unwrap();
            let lease = journal.lease(&run).unwrap();
            journal.append(&lease, 0, 1_002, &entries()).unwrap();
            journal.end(&lease, 1_003, &ended(state), 50.0).unwrap();
        }
        let done = journal.row_run(&batch, &rows[0], 1_004).unwrap();
        assert!(matches!(journal.lease(&done), Err(JournalError::Done(_))), "a finished row stays so");
        let running = journal.lease(&journal.row_run(&batch, &rows[4], 1_004).unwrap()).unwrap();
        let tally = Tally {
            rows: 6,
            finished: 1,
            failed: 1,
            parked: 1,
            open: 2,
            credits: 200.0,
            latest_ms: Some(1_003),
        };
        assert_eq!(journal.tally(&batch).unwrap(), tally);
        assert_eq!(tally.waiting(), 1);
        assert!(matches!(journal.forget_batch(&batch), Err(JournalError::Held { .. })));
        drop(running);
        journal.forget_batch(&batch).unwrap();
        assert!(matches!(journal.find_batch(batch.as_str()), Err(JournalError::NoBatch(_))));
        assert_eq!(journal.rows(&batch, 0, 9).map(|rows| rows.len()).unwrap_or(0), 0);
    });
}

#[test]
fn a_finished_row_leaves_no_lock_and_is_missed_when_the_journal_loses_it() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("journal.db");
    let journal = Sqlite::open(&path).unwrap();
    let batch = journal.create_batch(&new_batch(), 1_000).unwrap();
    let rows: Vec<_> = (1..=3).map(|n| row(n, &n.to_string(), "p")).collect();
    journal.set_rows(&batch, &mut rows.iter().cloned().map(Ok)).unwrap();
    for row in &rows {
        let lease = journal.lease(&journal.row_run(&batch, row, 1_001).unwrap()).unwrap();
        journal.append(&lease, 0, 1_002, &entries()).unwrap();
        journal.end(&lease, 1_003, &ended(RunState::Finished), 50.0).unwrap();
    }
    let locks = std::fs::read_dir(folder.path().join("journal.db.locks")).unwrap().count();
    assert_eq!(locks, 1, "one file for all rows");
    assert_eq!(journal.missing().unwrap(), []);
    assert_eq!(journal.tally(&batch).unwrap().finished, 3);
    let raw = rusqlite::Connection::open(&path).unwrap();
    raw.execute("DELETE FROM runs WHERE row_key = '3'", []).unwrap();
    let said = journal.tally(&batch).unwrap_err().to_string();
    assert!(said.ends_with("has lost its end: 2 of 3 finished rows are there"), "{said}");
}

#[test]
fn a_file_of_a_newer_program_and_one_that_is_no_journal_are_refused() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("journal.db");
    drop(Sqlite::open(&path).unwrap());
    let raw = rusqlite::Connection::open(&path).unwrap();
    raw.pragma_update(None, "user_version", 99).unwrap();
    drop(raw);
    assert!(matches!(Sqlite::open(&path), Err(JournalError::Newer { found: 99, .. })));
    let other = folder.path().join("notes.txt");
    std::fs::write(&other, "milk, bread, tea and a great many other words".repeat(100)).unwrap();
    assert!(matches!(Sqlite::open(&other), Err(JournalError::Damaged(_))));
}

#[test]
fn an_entry_that_rotted_or_went_missing_is_noticed() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("journal.db");
    let journal = Sqlite::open(&path).unwrap();
    let id = journal.create(&new_run("a.rhai"), 1).unwrap();
    journal.append(&journal.lease(&id).unwrap(), 0, 1, &entries()).unwrap();
    let raw = rusqlite::Connection::open(&path).unwrap();
    for harm in [
        "UPDATE entries SET entry = replace(entry, 'hi', 'ho') WHERE n = 0",
        "DELETE FROM entries WHERE n = 1",
    ] {
        raw.execute_batch("SAVEPOINT harm").unwrap();
        raw.execute_batch(harm).unwrap();
        raw.execute_batch("RELEASE harm").unwrap();
        let read = journal.entries(&id);
        assert!(matches!(read, Err(JournalError::Damaged(_))), "{harm}: {read:?}");
    }
}

#[test]
fn the_journal_is_its_users_alone() {
    use std::os::unix::fs::PermissionsExt;
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("journal.db");
    let journal = Sqlite::open(&path).unwrap();
    journal.create(&new_run("a.rhai"), 1).unwrap();
    for file in ["journal.db", "journal.db-wal", "journal.lock"] {
        let mode = std::fs::metadata(folder.path().join(file)).unwrap().permissions().mode();
        assert_eq!(mode & 0o077, 0, "{file}");
    }
}

#[test]
fn a_journal_that_lost_its_end_is_refused() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("journal.db");
    let journal = Sqlite::open(&path).unwrap();
    let ids = [(); 2].map(|()| journal.create(&new_run("a.rhai"), 1).unwrap());
    for id in &ids {
        journal.append(&journal.lease(id).unwrap(), 0, 1, &entries()).unwrap();
    }
    assert_eq!(journal.missing().unwrap(), []);
    let raw = rusqlite::Connection::open(&path).unwrap();
    raw.execute("DELETE FROM runs WHERE id = ?", [ids[1].as_str()]).unwrap();
    // Cut before each entry, from the last one to the first.
    for left in (0..entries().len()).rev() {
        raw.execute("DELETE FROM entries WHERE run = ? AND n >= ?", (ids[0].as_str(), left as i64)).unwrap();
        let said = journal.lease(&ids[0]).err().map(|error| error.to_string()).unwrap_or_default();
        assert!(said.ends_with(&format!("has lost its end: {left} of 4 entries are there")), "{said}");
    }
    assert_eq!(journal.missing().unwrap(), ids[1..]);
}
