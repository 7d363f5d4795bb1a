//! What is PostgreSQL's alone: leases that end by their time, words for what goes wrong.

use std::time::{Duration, Instant};

use serde_json::Value;
use sqlx::{Connection, Executor, PgConnection};

use super::{LEASE, Postgres};
use crate::journal::{Ending, Entry, Journal, JournalError, NewRun, RunId, RunState};

#[path = "../../../tests/cluster/postgres.rs"]
mod postgres;

pub(in crate::journal) use postgres::Server;

/// A lease that ends while a test waits for it.
const SHORT: Duration = Duration::from_millis(300);

fn run(journal: &Postgres) -> RunId {
    journal.create(&NewRun { title: "a.rhai".to_owned(), source: None, setup: Value::Null }, 1).unwrap()
}

fn line(words: &str) -> [Entry; 1] {
    [Entry::Input(words.to_owned())]
}

/// Changes the database behind the back of the journal.
fn harm(server: &Server, sql: &'static str) {
    let url = server.url();
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    runtime.block_on(async {
        let mut raw = PgConnection::connect(&url).await.unwrap();
        raw.execute(sqlx::raw_sql(sql)).await.unwrap();
        raw.close().await.unwrap();
    });
}

fn eventually(what: &str, mut holds: impl FnMut() -> bool) {
    let until = Instant::now() + Duration::from_secs(20);
    while !holds() {
        assert!(Instant::now() < until, "never: {what}");
        std::thread::sleep(Duration::from_millis(20));
    }
}

#[test]
fn a_lease_is_kept_up_while_its_process_lives_and_others_wait() {
    let server = Server::start();
    let [mine, yours] = [(); 2].map(|()| Postgres::open(&server.url(), SHORT).unwrap());
    let run = run(&mine);
    let lease = mine.lease(&run).unwrap();
    let until = Instant::now() + 5 * SHORT;
    while Instant::now() < until {
        assert!(
            matches!(yours.lease(&run), Err(JournalError::Held { pid, .. }) if pid == std::process::id())
        );
        std::thread::sleep(SHORT / 10);
    }
    drop(lease);
    assert_eq!(yours.holder(&run).unwrap(), None);
    yours.lease(&run).unwrap();
}

#[test]
fn who_lost_a_lease_by_time_writes_nothing_more_and_casts_a_shadow_while_it_lives() {
    let server = Server::start();
    let [mine, yours] = [(); 2].map(|()| Postgres::open(&server.url(), LEASE).unwrap());
    let run = run(&mine);
    let lost = mine.lease(&run).unwrap();
    mine.append(&lost, 0, 1, &line("first")).unwrap();
    harm(&server, "UPDATE reel.runs SET leased_until = clock_timestamp() - interval '1 second'");
    let taken = yours.lease(&run).unwrap();
    assert!(yours.shadowed(&run).unwrap(), "the other one may yet act");
    let late = mine.append(&lost, 1, 2, &line("late"));
    assert!(matches!(late, Err(JournalError::Fenced(_))), "{late:?}");
    let ending = Ending { state: RunState::Finished, words: String::new(), exit_code: 0 };
    assert!(matches!(mine.end(&lost, 3, &ending, 1.0), Err(JournalError::Fenced(_))));
    yours.append(&taken, 1, 2, &line("second")).unwrap();
    drop(lost);
    assert!(!yours.shadowed(&run).unwrap(), "it has said that it does nothing more");
    yours.append(&taken, 2, 2, &line("third")).unwrap();
    assert_eq!(yours.entries(&run).unwrap().len(), 3);
}

#[test]
fn the_shadow_of_a_process_ends_with_it() {
    let server = Server::start();
    let yours = Postgres::open(&server.url(), LEASE).unwrap();
    let mine = Postgres::open(&server.url(), LEASE).unwrap();
    let run = run(&mine);
    std::mem::forget(mine.lease(&run).unwrap());
    harm(&server, "UPDATE reel.runs SET leased_until = clock_timestamp()");
    let _taken = yours.lease(&run).unwrap();
    assert!(yours.shadowed(&run).unwrap());
    // Its connections end as they do when a process is killed.
    harm(
        &server,
        "SELECT pg_terminate_backend(pid) FROM pg_locks, reel.shadows
         WHERE locktype = 'advisory' AND ((classid::bigint << 32) | objid::bigint) = leased_key",
    );
    drop(mine);
    eventually("the shadow is gone", || !yours.shadowed(&run).unwrap());
}

#[test]
fn a_server_that_breaks_connections_off_is_asked_again() {
    let server = Server::start();
    let journal = Postgres::open(&server.url(), LEASE).unwrap();
    let run = run(&journal);
    let lease = journal.lease(&run).unwrap();
    for n in 0..5 {
        journal.append(&lease, n, 1, &line("more")).unwrap();
        harm(
            &server,
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity
             WHERE application_name = 'reel' AND pid <> pg_backend_pid()",
        );
    }
    assert_eq!(journal.entries(&run).unwrap().len(), 5);
}

#[test]
fn entries_that_rotted_or_are_lost_are_noticed() {
    let server = Server::start();
    let journal = Postgres::open(&server.url(), LEASE).unwrap();
    let run = run(&journal);
    journal.append(&journal.lease(&run).unwrap(), 0, 1, &[line("hi"), line("ho")].concat()).unwrap();
    harm(&server, "UPDATE reel.entries SET entry = replace(entry, 'hi', 'hu') WHERE n = 0");
    assert!(matches!(journal.entries(&run), Err(JournalError::Damaged(_))));
    harm(&server, "DELETE FROM reel.entries WHERE n = 1");
    let said = journal.lease(&run).err().map(|error| error.to_string()).unwrap_or_default();
    assert!(said.ends_with("has lost its end: 1 of 2 entries are there"), "{said}");
}

#[test]
fn what_is_wrong_with_a_database_is_said_without_its_password() {
    let server = Server::start();
    harm(&server, "CREATE ROLE eve LOGIN PASSWORD 'right'");
    let missing = server.url().strip_suffix("postgres").unwrap().to_owned() + "missing";
    let said = |url: &str| {
        let error = Postgres::open(url, LEASE).err().unwrap_or_else(|| panic!("{url} opened"));
        let said = format!("{error}; {}", error.hint());
        assert!(!said.contains("s3cret") && !said.contains("postgres://eve"), "{said}");
        said
    };
    for (url, words) in [
        ("mysql://eve:s3cret@localhost/a".to_owned(), "cannot be read"),
        ("postgres://eve:s3cret@localhost:99999/a".to_owned(), "cannot be read"),
        ("postgres://eve:s3cret@127.0.0.1:1/a".to_owned(), "cannot be reached: Connection refused"),
        (server.url_for("eve:s3cret"), "check the user and the password"),
        (missing, "createdb"),
        (server.url_for("eve:right"), "needs the right to make a schema"),
    ] {
        assert!(said(&url).contains(words), "{url}: {}", said(&url));
    }
    drop(Postgres::open(&server.url(), LEASE).unwrap());
    harm(&server, "UPDATE reel.version SET steps = 99");
    assert!(matches!(Postgres::open(&server.url(), LEASE), Err(JournalError::Newer { found: 99, .. })));
}
