//! A batch whose runner is killed without warning, again and again: each row is made once, and
//! nothing is paid twice.
//!
//! The suite kills a runner of 60 rows a few times, against the backend that keeps books, and
//! one of a few rows against a studio that renders nothing: a soak kills that one fifty times,
//! over a thousand rows.

use std::fs;
use std::io::{BufRead, BufReader};
use std::path::PathBuf;
use std::process::{Child, Stdio};
use std::time::Duration;

use reelscript::journal::{BatchRecord, Journal, RowRecord, RunState, Sqlite, Status, Story};
use serde_json::Value;

use super::backend::price;
use super::dice::Dice;
use super::stage::{Stage, Strike};
use super::{say, soak};
use crate::cli::reel::files_below;

/// Rows of the batch in the suite, and how often its runner is killed.
const ROWS: u32 = 60;
const KILLS: usize = 4;
/// Rows on the studio in the suite.
const STUDIO_ROWS: u32 = 12;
/// The same of a soak.
const SOAK_ROWS: u32 = 1_000;
const SOAK_KILLS: usize = 50;
/// When a runner is killed, after its start.
const STRIKES_MS: std::ops::Range<u64> = 200..900;
const SOAK_STRIKES_MS: std::ops::Range<u64> = 200..4_000;
/// A thousand rows in one go take longer than one command of the other cases may.
const UNDISTURBED: Duration = Duration::from_secs(1_200);
/// A batch that is not done after so many commands never will be.
const COMMANDS_MAX: usize = 200;

/// A batch on a stage.
struct Batch {
    stage: Stage,
    rows: u32,
    url: String,
}

impl Batch {
    fn new(stage: Stage, rows: u32, url: String) -> Self {
        fs::copy("tests/data/crash/row.rhai", stage.world.path("row.rhai")).unwrap();
        let names: String = (1..=rows).map(|nth| format!("film-{nth}\n")).collect();
        stage.world.write("rows.csv", format!("name\n{names}"));
        Self { stage, rows, url }
    }

    /// Runs the command, with a few kills, until every row is done; returns how often it was
    /// killed, and how many turns a person had to decide about.
    fn to_the_end(&self, dice: &mut Dice, kills: usize, strikes: &std::ops::Range<u64>) -> (usize, usize) {
        let (mut killed, mut decided) = (0, 0);
        for _ in 0..COMMANDS_MAX {
            let strike = if killed < kills {
                let after = strikes.start + dice.below(strikes.end - strikes.start);
                Strike::After(Duration::from_millis(after))
            } else {
                Strike::After(UNDISTURBED)
            };
            let ended = self.stage.reel(&self.command(), strike);
            match ended.code {
                None => killed += 1,
                Some(0) => return (killed, decided),
                Some(4) => decided += self.decide(),
                Some(_) => panic!("it failed\n{}", self.stage.story()),
            }
        }
        panic!("it never ends\n{}", self.stage.story())
    }

    fn command(&self) -> Vec<&str> {
        let rows = ["batch", "row.rhai", "--rows", "rows.csv", "--key", "name", "--name", "{key}.mp4"];
        [&rows[..], &["--parallel", "8", "--out", "out", "--backend", &self.url]].concat()
    }

    /// Does what a person does about turns in doubt: looks whether the project has a timeline.
    fn decide(&self) -> usize {
        let journal = Sqlite::open(&self.stage.journal()).unwrap();
        let parked: Vec<RowRecord> =
            self.all_rows().into_iter().filter(|row| is(row, RunState::Parked)).collect();
        for row in &parked {
            let run = row.run.clone().unwrap().id;
            let steps = Story::of(journal.entries(&run).unwrap()).unwrap().steps;
            let session = steps.iter().find(|step| step.call.name == "session").unwrap();
            let Status::Finished { outcome, .. } = &session.status else { panic!("{session:?}") };
            let id = outcome["id"].as_str().unwrap();
            let look = self.stage.reel(&["state", id, "--backend", &self.url], Strike::Never);
            let verdict = if look.stdout.starts_with("Timeline (empty)") { "--repeat" } else { "--adopt" };
            let ended = self.stage.reel(&["resume", run.as_str(), verdict], Strike::Never);
            assert_eq!(ended.code, Some(0), "{}", self.stage.story());
        }
        parked.len()
    }

    fn all_rows(&self) -> Vec<RowRecord> {
        let journal = Sqlite::open(&self.stage.journal()).unwrap();
        let batch: BatchRecord = journal.batches(1).unwrap().remove(0);
        journal.rows(&batch.id, 0, usize::MAX >> 1).unwrap()
    }

    /// Every row is done, and each has its one file.
    fn check(&self) {
        let rows = self.all_rows();
        assert_eq!(rows.len(), self.rows as usize);
        assert!(rows.iter().all(|row| is(row, RunState::Finished)), "{}", self.stage.story());
        let out = self.stage.world.path("out");
        let mut names: Vec<_> =
            files_below(&out).iter().map(|path| path.strip_prefix(&out).unwrap().to_owned()).collect();
        let mut wanted: Vec<_> =
            (1..=self.rows).map(|nth| PathBuf::from(format!("film-{nth}.mp4"))).collect();
        names.sort_unstable();
        wanted.sort_unstable();
        assert_eq!(names, wanted, "each row has its file, and nothing half made is left");
    }
}

fn is(row: &RowRecord, state: RunState) -> bool {
    row.run.as_ref().and_then(|run| run.ended.as_ref()).is_some_and(|(_, ending)| ending.state == state)
}

#[test]
fn a_batch_that_is_killed_makes_each_row_once() {
    let stage = Stage::new();
    stage.backend.change(|books| books.available = price(ROWS) * 2);
    let url = stage.backend.url();
    let batch = Batch::new(stage, ROWS, url);
    let (killed, decided) = batch.to_the_end(&mut Dice::new(60), KILLS, &STRIKES_MS);
    assert!(killed > 0, "no kill hit it\n{}", batch.stage.story());
    assert!(decided <= killed * 8, "only what was under way can be in doubt");
    batch.check();
    let books = batch.stage.backend.books();
    assert!(books.turns.len() == ROWS as usize && books.turns.values().all(|count| *count == 1));
    assert_eq!((books.available, books.frozen), (price(ROWS), 0), "each row was paid once");
    assert_eq!(books.submitted.len(), ROWS as usize);
    assert!(books.clashes.is_empty(), "{:?}", books.clashes);
}

#[test]
fn a_batch_on_a_studio_that_renders_nothing_outlives_its_kills() {
    let (rows, kills) = if soak().is_some() { (SOAK_ROWS, SOAK_KILLS) } else { (STUDIO_ROWS, 1) };
    let stage = Stage::new();
    fs::copy("scripts/media/city.mp4", stage.world.path("city.mp4")).unwrap();
    let studio = Studio::start(&stage);
    let batch = Batch::new(stage, rows, studio.url.clone());
    let before = batch.balance();
    let (killed, decided) = batch.to_the_end(&mut Dice::new(1_000), kills, &SOAK_STRIKES_MS);
    batch.check();
    let spent = before - batch.balance();
    assert_eq!(spent, f64::from(rows) * 100.0, "each row was paid once");
    if soak().is_some() {
        say(&format!("batch: {rows} rows, {killed} kills, {decided} decided by hand, 0 paid twice, 0 lost"));
    }
}

impl Batch {
    fn balance(&self) -> f64 {
        let told = self.stage.reel(&["credits", "--json", "--backend", &self.url], Strike::Never);
        let last: Value = serde_json::from_str(told.stdout.lines().last().unwrap()).unwrap();
        last["value"]["available"].as_f64().unwrap()
    }
}

/// A studio in a process of its own, whose films are not rendered.
struct Studio {
    child: Child,
    url: String,
}

impl Studio {
    fn start(stage: &Stage) -> Self {
        let mut command = stage.command(&["studio", "--no-render", "--port", "0", "-q"]);
        let mut child = command.stdout(Stdio::piped()).stderr(Stdio::null()).spawn().unwrap();
        let mut url = String::new();
        BufReader::new(child.stdout.take().unwrap()).read_line(&mut url).unwrap();
        Self { child, url: url.trim().to_owned() }
    }
}

impl Drop for Studio {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
