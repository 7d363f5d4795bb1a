//! Faults on purpose: what the real client makes of each, and that nothing is paid twice.

use std::path::PathBuf;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use reelscript::client::{
    Client, ClientError, Delays, Exported, Kind, Order, Output, Profile, Progress, TurnEnd, TurnOptions,
    Watcher, unwatched,
};
use reelscript::clock::Clock;
use reelscript::studio::Films;
use reelscript::studio::chaos::Chaos;
use rusqlite::Connection;
use tempfile::TempDir;

use super::client::connected;
use super::{Bench, samples};

const WORDS: &str = "Make a 2 second video that says \"Hello\" with lo-fi music";

/// A studio with faults, and a client of it with a session.
struct Trial {
    bench: Bench,
    client: Client,
    session: String,
    folder: TempDir,
    seen: Arc<Mutex<Vec<Progress>>>,
}

/// Waits are short and many: what is waited for comes, however slow the machine.
fn patient() -> Delays {
    let soon = Duration::from_millis(10);
    Delays {
        ladder: vec![soon; 500],
        backoff: vec![soon; 2],
        rate_limit: soon,
        poll_first: soon,
        poll_max: soon,
        tick: soon,
        ..Delays::default()
    }
}

impl Trial {
    async fn new(fault: &str) -> Self {
        Self::with(fault, patient(), Clock::System).await
    }

    async fn with(fault: &str, delays: Delays, clock: Clock) -> Self {
        let chaos = Chaos::read(&format!("[[fault]]\n{fault}\n")).unwrap();
        let bench = Bench::with(|config| {
            (config.chaos, config.films, config.clock) = (chaos, Films::Tiny, Clock::System);
        })
        .await;
        let folder = tempfile::tempdir().unwrap();
        let client = connected(&bench, folder.path(), Profile::default(), delays, clock);
        let session = client.create_session("promo", Some("en")).await.unwrap().session_id;
        Self { bench, client, session, folder, seen: Arc::default() }
    }

    fn watcher(&self) -> Watcher {
        let seen = Arc::clone(&self.seen);
        Arc::new(move |progress| seen.lock().unwrap().push(progress))
    }

    async fn turn(&self) -> Result<TurnEnd, ClientError> {
        let before = self.client.look(&self.session).await?;
        self.client.turn(&self.session, WORDS, &before, TurnOptions::default(), &self.watcher()).await
    }

    async fn export(&self) -> Result<Exported, ClientError> {
        let draft = self.turn().await?.after.draft.unwrap();
        let mut count = 0;
        let mut next_id = || {
            count += 1;
            Some(format!("render_{count}"))
        };
        let output = Output::default();
        let order = Order { session_id: &self.session, draft: &draft, output: &output, known: None };
        self.client.export(&order, &mut next_id, &self.file("out.mp4"), &self.watcher()).await
    }

    fn file(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    fn notices(&self) -> String {
        let seen = self.seen.lock().unwrap();
        let notices = seen.iter().filter_map(|progress| match progress {
            Progress::Notice(words) => Some(words.as_str()),
            _ => None,
        });
        notices.collect::<Vec<_>>().join("\n")
    }

    /// How many rows a table of the studio has.
    fn rows(&self, table: &str) -> i64 {
        let db = Connection::open(self.bench.home.path().join("studio.db")).unwrap();
        db.query_row(&format!("SELECT COUNT(*) FROM {table}"), [], |row| row.get(0)).unwrap()
    }

    /// What was spent, by the studio's own ledger.
    fn spent(&self) -> f64 {
        let db = Connection::open(self.bench.home.path().join("studio.db")).unwrap();
        let sql = "SELECT TOTAL(amount) FROM ledger WHERE status IN ('settled', 'frozen')";
        db.query_row(sql, [], |row| row.get(0)).unwrap()
    }
}

#[tokio::test]
async fn a_turn_that_is_told_oddly_is_understood_and_paid_once() {
    for (way, silent, complaint) in [
        ("do = \"duplicate\"", false, ""),
        ("do = \"malformed\"", false, "unexpected"),
        ("do = \"split\"", false, ""),
        ("do = \"typed\"", false, ""),
        ("do = \"partial\"", false, ""),
        ("do = \"heartbeats\"\nseconds = 0.05", false, ""),
        ("do = \"say\"\ntext = \"I encountered a temporary issue\"", false, ""),
        ("do = \"silent\"", true, ""),
        ("do = \"error\"\ntext = \"the model is gone\"", true, "the model is gone"),
        ("do = \"error\"\ncode = 2001", true, "the agent fails on purpose"),
    ] {
        let trial = Trial::new(&format!("on = \"turn\"\n{way}")).await;
        let turn = trial.turn().await.unwrap_or_else(|error| panic!("{way}: {error}"));
        assert_eq!((turn.credits, turn.silent, turn.recovered), (Some(100.0), silent, false), "{way}");
        assert!(turn.changes.iter().any(|change| change.contains("Hello")), "{way}: {:?}", turn.changes);
        assert_eq!(turn.complaints.is_empty(), complaint.is_empty(), "{way}: {:?}", turn.complaints);
        assert!(turn.complaints.join(" ").contains(complaint), "{way}: {:?}", turn.complaints);
        assert_eq!((trial.rows("turns"), trial.spent()), (1, 100.0), "{way}");
    }
}

#[tokio::test]
async fn a_turn_whose_end_is_not_heard_is_found_and_not_sent_again() {
    for way in ["do = \"cut\"", "do = \"cut\"\nbytes = 200", "do = \"garble\""] {
        let trial = Trial::new(&format!("on = \"turn\"\n{way}")).await;
        let turn = trial.turn().await.unwrap_or_else(|error| panic!("{way}: {error}"));
        assert!(turn.recovered, "{way}");
        assert_eq!((turn.credits, trial.rows("turns"), trial.spent()), (Some(100.0), 1, 100.0), "{way}");
    }
}

#[tokio::test]
async fn a_turn_that_stalls_is_left_and_found() {
    // Nothing but this limit ends the wait.
    let delays = Delays { turn_idle: Duration::from_secs(1), ..patient() };
    for bytes in [0, 5] {
        let fault = format!("on = \"turn\"\ndo = \"stall\"\nseconds = 3600\nbytes = {bytes}");
        let trial = Trial::with(&fault, delays.clone(), Clock::System).await;
        let turn = trial.turn().await.unwrap();
        assert_eq!((turn.recovered, trial.rows("turns"), trial.spent()), (true, 1, 100.0));
    }
}

#[tokio::test]
async fn a_turn_that_never_arrived_is_in_doubt_and_costs_nothing() {
    let delays = Delays { ladder: vec![Duration::ZERO; 2], ..patient() };
    let trial = Trial::with("on = \"turn\"\ndo = \"hang_up\"", delays, Clock::System).await;
    let error = trial.turn().await.unwrap_err();
    assert!(error.in_doubt && error.message.contains("has not changed"), "{error:?}");
    assert_eq!((trial.rows("turns"), trial.spent()), (0, 0.0));
}

#[tokio::test]
async fn a_turn_that_was_refused_before_it_began_is_sent_again_where_that_is_safe() {
    for way in ["code = 429\nretry_after = 7", "code = 1001", "code = 1001\nform = \"mapped\""] {
        let fault = format!("on = \"turn\"\nnth = 1\ndo = \"refuse\"\n{way}");
        let clock = Clock::fixed(1_790_000_000_000);
        let trial = Trial::with(&fault, Delays::default(), clock.clone()).await;
        let turn = trial.turn().await.unwrap_or_else(|error| panic!("{way}: {error}"));
        assert_eq!((turn.credits, trial.rows("turns"), trial.spent()), (Some(100.0), 1, 100.0), "{way}");
        let waited = clock.now_ms() >= 1_790_000_007_000;
        assert_eq!(waited, way.contains("retry_after"), "{way}");
    }
}

#[tokio::test]
async fn a_refusal_is_said_with_what_to_do_and_nothing_is_paid() {
    for (way, kind, hint) in [
        ("code = 2001", Kind::Credits, "register to go on"),
        ("code = 2001\nform = \"mapped\"", Kind::Credits, "register to go on"),
        ("code = 1002", Kind::Session, "open a new session"),
        ("code = 1002\nform = \"mapped\"", Kind::Session, "open a new session"),
        ("code = 403\nform = \"fastapi\"", Kind::Auth, "scopes"),
    ] {
        let trial = Trial::new(&format!("on = \"turn\"\ndo = \"refuse\"\n{way}")).await;
        let error = trial.turn().await.unwrap_err();
        assert_eq!((error.kind, error.in_doubt), (kind, false), "{way}: {error:?}");
        assert!(error.hint.contains(hint), "{way}: {}", error.hint);
        assert_eq!((trial.rows("turns"), trial.spent()), (0, 0.0), "{way}");
    }
}

#[tokio::test]
async fn small_calls_are_asked_again_after_faults_that_pass() {
    for (on, way) in [
        ("state", "first = 2\ndo = \"refuse\"\ncode = 500"),
        ("state", "first = 1\ndo = \"refuse\"\ncode = 502\nform = \"page\""),
        ("state", "first = 2\ndo = \"hang_up\""),
        ("state", "first = 2\ndo = \"cut\"\nbytes = 9"),
        ("credits", "every = 2\ndo = \"hang_up\""),
        ("token", "nth = 2\ndo = \"refuse\"\ncode = 429\nretry_after = 0"),
        ("token", "nth = 2\ndo = \"refuse\"\ncode = 400"),
        ("session", "nth = 1\ndo = \"refuse\"\ncode = 500"),
    ] {
        let trial = Trial::new(&format!("on = \"{on}\"\n{way}")).await;
        let turn = trial.turn().await.unwrap_or_else(|error| panic!("{on} {way}: {error:?}"));
        assert_eq!((turn.credits, trial.rows("turns"), trial.spent()), (Some(100.0), 1, 100.0), "{on} {way}");
    }
}

#[tokio::test]
async fn a_call_that_stalls_is_given_up_and_asked_again() {
    // Nothing but this limit ends the wait.
    let delays = Delays { call: Duration::from_secs(1), ..patient() };
    let trial =
        Trial::with("on = \"state\"\nnth = 1\ndo = \"stall\"\nseconds = 3600", delays, Clock::System).await;
    assert_eq!(trial.client.snapshot(&trial.session).await.unwrap().task_name, "promo");
}

#[tokio::test]
async fn an_export_gets_its_file_whatever_the_polls_and_the_download_do() {
    for (fault, renders) in [
        ("on = \"poll\"\nfirst = 3\ndo = \"refuse\"\ncode = 502\nform = \"page\"", 1),
        ("on = \"poll\"\nfirst = 2\ndo = \"refuse\"\ncode = 404\nform = \"fastapi\"", 1),
        ("on = \"poll\"\nfirst = 2\ndo = \"garble\"", 1),
        ("on = \"poll\"\nfirst = 2\ndo = \"hang_up\"", 1),
        ("on = \"poll\"\nfirst = 5\ndo = \"pending\"", 1),
        ("on = \"poll\"\ndo = \"no_url\"", 1),
        ("on = \"poll\"\ndo = \"wrapped\"", 1),
        ("on = \"poll\"\ndo = \"wrong_size\"\nbytes = 7", 1),
        ("on = \"render\"\nnth = 1\ndo = \"hang_up\"", 1),
        ("on = \"render\"\nnth = 1\ndo = \"cut\"", 1),
        ("on = \"render\"\nnth = 1\ndo = \"fail\"", 2),
        ("on = \"render\"\nnth = 1\ndo = \"refuse\"\ncode = 409", 1),
        ("on = \"download\"\nnth = 1\ndo = \"cut\"\nbytes = 500", 1),
        ("on = \"download\"\nnth = 1\ndo = \"short\"\nbytes = 500", 1),
        ("on = \"download\"\nnth = 1\ndo = \"refuse\"\ncode = 403\nform = \"page\"", 1),
        ("on = \"download\"\nnth = 1\ndo = \"garble\"", 1),
    ] {
        let trial = Trial::new(fault).await;
        let exported = trial.export().await.unwrap_or_else(|error| panic!("{fault}: {error:?}"));
        let bytes = std::fs::read(trial.file("out.mp4")).unwrap();
        assert_eq!(bytes.len() as u64, exported.bytes, "{fault}");
        assert!(bytes.len() > 500 && bytes[4..].starts_with(b"ftyp"), "{fault}");
        assert_eq!((trial.rows("renders"), trial.spent()), (renders, 100.0), "{fault}");
    }
}

#[tokio::test]
async fn a_render_that_always_fails_is_said_with_its_reason() {
    let trial = Trial::new("on = \"render\"\ndo = \"fail\"\ntext = \"no machine is free\"").await;
    let error = trial.export().await.unwrap_err();
    assert_eq!((error.kind, trial.rows("renders")), (Kind::Render, 2));
    assert!(error.message.contains("no machine is free"), "{error:?}");
    assert!(trial.notices().contains("trying once more under a new id"), "{}", trial.notices());
}

#[tokio::test]
async fn a_render_that_stays_pending_is_left_alone_and_a_blocked_one_is_not_sent_again() {
    let delays = Delays { render: Duration::from_millis(50), ..patient() };
    let trial = Trial::with("on = \"poll\"\ndo = \"pending\"", delays, Clock::System).await;
    let error = trial.export().await.unwrap_err();
    assert_eq!((error.kind, trial.rows("renders")), (Kind::Timeout, 1));
    let trial = Trial::new("on = \"render\"\ndo = \"refuse\"\ncode = 402").await;
    let error = trial.export().await.unwrap_err();
    assert_eq!((error.kind, trial.rows("renders")), (Kind::Plan, 0));
}

#[tokio::test]
async fn an_upload_whose_answer_is_lost_is_there_once() {
    for (way, outcome) in [
        ("nth = 1\ndo = \"cut\"", Ok(1)),
        ("nth = 1\ndo = \"hang_up\"", Ok(1)),
        ("do = \"refuse\"\ncode = 4001", Err(Kind::MediaType)),
        ("do = \"refuse\"\ncode = 4002\nform = \"mapped\"", Err(Kind::MediaSize)),
    ] {
        let trial = Trial::new(&format!("on = \"upload\"\n{way}")).await;
        let photo = trial.file("cup.png");
        std::fs::write(&photo, samples::picture(64, 48)).unwrap();
        let sent = trial.client.upload_files(&trial.session, &[photo], &unwatched()).await;
        assert_eq!(sent.map(|_| trial.rows("media")).map_err(|error| error.kind), outcome, "{way}");
    }
}

#[tokio::test]
async fn a_studio_without_faults_and_requests_of_other_kinds_are_left_alone() {
    let trial = Trial::new("on = \"cancel\"\ndo = \"hang_up\"").await;
    trial.export().await.unwrap();
    assert_eq!(trial.notices(), "");
}
