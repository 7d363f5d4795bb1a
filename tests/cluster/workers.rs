//! Workers that die, and workers that sleep so long that others take their rows.

use std::fs;
use std::process::{Child, Command, Stdio};
use std::thread;
use std::time::{Duration, Instant};

use reelscript::journal::{Journal, LEASE, Postgres, RunState, Step, Story};
use rustix::process::{Pid, Signal, kill_process};
use sqlx::{Connection, PgConnection, Row};
use tokio::runtime::{Builder, Runtime};

use crate::cli::reel::{World, files_below};
use crate::crash::backend::Backend;
use crate::crash::{dice::Dice, say, soak, stage};

use super::Server;

/// Machines, and rows that each makes at once.
const WORKERS: usize = 3;
const PARALLEL: &str = "4";
/// Short, so that a test sees many leases end.
const LEASE_SECONDS: &str = "3";
/// Paid turns of a row.
const TURNS: usize = 3;
/// Rows that the process makes, as far as its leases are alive.
const HELD: &str =
    "SELECT count(*) FROM reel.runs WHERE leased_pid = $1 AND leased_until > clock_timestamp()";
/// Rows that the process began and nobody has ended or taken.
const ITS: &str = "SELECT count(*) FROM reel.runs WHERE leased_pid = $1 AND ended_ms IS NULL";
/// No wait of a test is longer.
const LIMIT: Duration = Duration::from_secs(120);
/// The waits of the client, short; turns on their way are looked for longer than one can be.
const DELAYS: &str = "[delays]\nladder = [0.1, 0.2, 0.4, 0.8]\nbackoff = [0.05, 0.1]\nrate_limit = 0.1\n\
                      poll_first = 0.02\npoll_max = 0.05\n";

/// A cluster in one machine.
struct Fleet {
    world: World,
    backend: Backend,
    /// Behind the back of everyone.
    raw: (Runtime, PgConnection),
    workers: Vec<Child>,
    asleep: Option<Sleeper>,
    server: Server,
    rows: usize,
}

/// A worker that sleeps.
struct Sleeper {
    pid: u32,
    /// Rows that it had when its leases were over.
    had: Option<i64>,
}

impl Fleet {
    fn new(rows: usize) -> Self {
        let server = Server::start();
        let world = World::new().var("REEL_QUEUE", &server.url()).var("REEL_LEASE", LEASE_SECONDS);
        let config = world.home(".config/reelscript");
        fs::create_dir_all(&config).unwrap();
        fs::write(config.join("config.toml"), DELAYS).unwrap();
        fs::copy("tests/data/cluster/row.rhai", world.path("row.rhai")).unwrap();
        let table: String = (1..=rows).map(|row| format!("row {row:04}\n")).collect();
        world.write("rows.csv", format!("title\n{table}"));
        let backend = Backend::start(stage::video());
        backend.change(|books| books.available = u32::MAX / 2);
        let runtime = Builder::new_current_thread().enable_all().build().unwrap();
        let connection = runtime.block_on(PgConnection::connect(&server.url())).unwrap();
        Self { world, backend, raw: (runtime, connection), workers: Vec::new(), asleep: None, server, rows }
    }

    fn queue(&self) -> String {
        let url = self.backend.url();
        let words =
            ["batch", "row.rhai", "--rows", "rows.csv", "--key", "title", "--out", "out", "--backend"];
        self.world.reel_fed(&[&words[..], &[&url, "--detach"]].concat(), "").success()
    }

    fn start_worker(&mut self) {
        let mut command: Command = self.world.command(["worker", "--once", "--parallel", PARALLEL]);
        let log = fs::OpenOptions::new().create(true).append(true).open(self.world.home("log")).unwrap();
        command.stdout(Stdio::null()).stderr(log);
        self.workers.push(command.spawn().unwrap());
    }

    /// Asks the database for a number.
    fn number(&mut self, sql: &'static str, pid: u32) -> i64 {
        let (runtime, connection) = &mut self.raw;
        let query = sqlx::query(sql).bind(i64::from(pid)).fetch_one(connection);
        runtime.block_on(query).unwrap().try_get(0).unwrap()
    }

    /// Turns that the backend has executed, each counted once.
    fn turns(&self) -> usize {
        self.backend.books_now().turns.len()
    }

    fn wait(&mut self, what: &str, mut holds: impl FnMut(&mut Self) -> bool) {
        let until = Instant::now() + LIMIT;
        while !holds(self) {
            assert!(Instant::now() < until, "never: {what}\n{}", self.story());
            thread::sleep(Duration::from_millis(20));
        }
    }

    /// Kills a worker that is awake, and starts another one.
    fn kill(&mut self, dice: &mut Dice) {
        let asleep = self.asleep.as_ref().map(|sleeper| sleeper.pid);
        let mut awake: Vec<usize> =
            (0..WORKERS).filter(|nth| asleep != Some(self.workers[*nth].id())).collect();
        let nth = awake.swap_remove(usize::try_from(dice.below(awake.len() as u64)).unwrap());
        self.workers[nth].kill().unwrap();
        self.workers.swap_remove(nth).wait().unwrap();
        self.start_worker();
    }

    /// Lets a worker that makes a row sleep. Returns whether there was one, before all came to
    /// their end because no row is left.
    fn put_to_sleep(&mut self, nth: usize) -> bool {
        let (pid, mut makes) = (self.workers[nth].id(), false);
        self.wait("a worker makes a row or has none left", |fleet| {
            makes = fleet.number(HELD, pid) > 0;
            makes || fleet.has_ended(nth)
        });
        if makes {
            kill_process(Pid::from_child(&self.workers[nth]), Signal::STOP).unwrap();
            self.asleep = Some(Sleeper { pid, had: None });
        }
        makes
    }

    /// Wakes the sleeper once others took one of its rows: nobody else ends or takes them while it
    /// sleeps. Returns whether it woke up.
    fn wakes(&mut self) -> bool {
        let Some(Sleeper { pid, had }) = self.asleep.take() else { return false };
        let had = match had {
            None if self.number(HELD, pid) == 0 => Some(self.number(ITS, pid)),
            had => had,
        };
        // They stand before all that nobody has begun: whoever is free takes them.
        if had.is_some_and(|had| had == 0 || self.number(ITS, pid) < had) {
            let worker = self.workers.iter().find(|worker| worker.id() == pid).unwrap();
            let woken = kill_process(Pid::from_child(worker), Signal::CONT);
            woken.unwrap_or_else(|error| panic!("{error}: {}", self.story()));
            return true;
        }
        self.asleep = Some(Sleeper { pid, had });
        false
    }

    fn has_ended(&mut self, nth: usize) -> bool {
        self.workers[nth].try_wait().unwrap().is_some()
    }

    /// Waits until so many turns are executed, or no row is left: those in doubt wait for a person.
    fn goes_on(&mut self, turns: usize) {
        self.wait("rows are made", |fleet| {
            fleet.turns() >= turns || (0..WORKERS).all(|nth| fleet.has_ended(nth))
        });
    }

    /// Waits for the workers to come to their end.
    fn come_home(&mut self) {
        while let Some(mut worker) = self.workers.pop() {
            let mut code = None;
            self.wait("the workers come to their end", |_| {
                code = worker.try_wait().unwrap();
                code.is_some()
            });
            assert!(code.unwrap().success(), "{}", self.story());
        }
    }

    /// Does what a person does about turns in doubt: looks whether they took effect.
    fn decide(&mut self) -> usize {
        let journal = Postgres::open(&self.server.url(), LEASE).unwrap();
        let batch = journal.batches(1).unwrap().pop().unwrap().id;
        let books = self.backend.books();
        let mut doubts = 0;
        for row in journal.rows(&batch, 0, self.rows).unwrap() {
            let run = row.run.expect("all rows were begun");
            if run.ended.as_ref().is_none_or(|(_, ending)| ending.state != RunState::Parked) {
                continue;
            }
            doubts += 1;
            let story = Story::of(journal.entries(&run.id).unwrap()).unwrap();
            let of_turn = |step: &&Step| step.call.name == "chat" && step.status.word() == "finished";
            let known = story.steps.iter().filter(of_turn).count();
            let done = books.turns.keys().filter(|words| words.contains(&row.row.key)).count();
            let word = if done > known { "--adopt" } else { "--repeat" };
            self.world.reel_fed(&["batch", "settle", run.id.as_str(), word], "").success();
        }
        doubts
    }

    /// Everything that is known about this case.
    fn story(&self) -> String {
        let log = fs::read_to_string(self.world.home("log")).unwrap_or_default();
        let twice: Vec<_> =
            self.backend.books_now().turns.into_iter().filter(|(_, count)| *count > 1).collect();
        format!("{} turns, paid twice: {twice:?}\n{}\n{log}", self.turns(), self.server.url())
    }

    /// Each row was paid once and has its one film; nothing else was left, but by `zombies` rows.
    fn check(&self, zombies: usize) {
        let books = self.backend.books();
        let paid: Vec<u32> = books.turns.values().copied().collect();
        assert_eq!(paid, vec![1; self.rows * TURNS], "{}", self.story());
        assert_eq!(books.clashes, [""; 0]);
        let out = self.world.path("out");
        // A sleeper that woke up and was killed at once leaves what it had begun to fetch.
        let (parts, mut files): (Vec<_>, Vec<_>) =
            files_below(&out).into_iter().partition(|file| file.extension() == Some("part".as_ref()));
        assert!(parts.len() <= zombies, "{parts:?}");
        files.sort();
        let films: Vec<_> = (1..=self.rows).map(|row| out.join(format!("row {row:04}/film.mp4"))).collect();
        assert_eq!(files, films, "{}", self.story());
        for (row, film) in (1..).zip(&films) {
            let bytes = fs::read(film).unwrap();
            let title = format!("show the title row {row:04}");
            assert!(bytes.windows(title.len()).any(|part| part == title.as_bytes()), "{}", film.display());
        }
    }
}

impl Drop for Fleet {
    fn drop(&mut self) {
        for worker in &mut self.workers {
            // One that sleeps dies, too.
            let _ = worker.kill();
            let _ = worker.wait();
        }
    }
}

#[test]
fn rows_of_workers_that_die_or_sleep_are_made_once_by_others() {
    let (rows, strikes) = if soak().is_some() { (1_000, 50) } else { (60, 4) };
    let mut fleet = Fleet::new(rows);
    fleet.queue();
    (0..WORKERS).for_each(|_| fleet.start_worker());
    let (mut dice, mut kills, mut taken) = (Dice::new(5), 0, 0);
    for nth in 0..strikes {
        // Spread over the batch, with room at its end.
        fleet.goes_on(nth * rows * TURNS / (strikes + 2));
        taken += usize::from(fleet.wakes());
        let worker = usize::try_from(dice.below(WORKERS as u64)).unwrap();
        if fleet.asleep.is_none() && !fleet.put_to_sleep(worker) {
            break;
        }
        fleet.kill(&mut dice);
        kills += 1;
        if soak().is_some() && kills % 10 == 0 {
            let turns = fleet.turns();
            say(&format!("cluster: {turns} turns, {kills} kills, rows of {taken} sleepers taken"));
        }
    }
    fleet.wait("the sleeper's rows are taken", |fleet| fleet.asleep.is_none() || fleet.wakes());
    fleet.come_home();
    let doubts = fleet.decide();
    fleet.start_worker();
    fleet.come_home();
    let begun = usize::from(PARALLEL.parse::<u8>().unwrap());
    assert!(doubts <= 2 * kills * begun, "only what was under way can be in doubt: {doubts}");
    let status = fleet.world.reel(["batch", "status"]).success();
    assert!(status.contains(&format!("{rows} of {rows} rows finished;")), "{status}\n{}", fleet.story());
    fleet.check(taken * begun);
    if soak().is_some() {
        say(&format!("cluster: {kills} kills, rows of {taken} sleepers taken, {doubts} turns decided"));
        assert_eq!(kills, strikes, "the rows ended before the strikes");
    }
    assert!(kills >= 2, "{kills} kills\n{}", fleet.story());
}
