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
    server: Server,
    rows: usize,
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
        Self { world, backend, raw: (runtime, connection), workers: Vec::new(), server, rows }
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

    /// Whether a worker makes a row, before it comes to its end because none is left.
    fn makes(&mut self, nth: usize) -> bool {
        let (pid, mut makes) = (self.workers[nth].id(), false);
        self.wait("a worker makes a row or has none left", |fleet| {
            makes = fleet.number(HELD, pid) > 0;
            makes || fleet.has_ended(nth)
        });
        makes
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

    /// Kills a worker, and starts another one.
    fn kill(&mut self, nth: usize) {
        self.workers[nth].kill().unwrap();
        self.workers.swap_remove(nth).wait().unwrap();
        self.start_worker();
    }

    /// Lets a worker sleep until others took one of its rows, and kills another one meanwhile.
    /// Returns whether it had any: nobody else ends or takes them while it sleeps.
    fn sleep(&mut self, nth: usize, other: usize) -> bool {
        let (pid, sleeper) = (self.workers[nth].id(), Pid::from_child(&self.workers[nth]));
        kill_process(sleeper, Signal::STOP).unwrap();
        self.kill(other);
        self.wait("its leases are over", |fleet| fleet.number(HELD, pid) == 0);
        let had = self.number(ITS, pid);
        // They stand before all that nobody has begun: whoever is free takes them.
        self.wait("its rows are taken", |fleet| had == 0 || fleet.number(ITS, pid) < had);
        kill_process(sleeper, Signal::CONT).unwrap();
        had > 0
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

    /// Each row was paid once and has its one film; nothing else was left.
    fn check(&self) {
        let books = self.backend.books();
        let paid: Vec<u32> = books.turns.values().copied().collect();
        assert_eq!(paid, vec![1; self.rows * TURNS], "{}", self.story());
        assert_eq!(books.clashes, [""; 0]);
        let out = self.world.path("out");
        let mut files = files_below(&out);
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
        let so_many = nth * rows * TURNS / (strikes + 2);
        fleet.goes_on(so_many);
        let worker = usize::try_from(dice.below(WORKERS as u64)).unwrap();
        if !fleet.makes(worker) {
            break;
        }
        kills += 1;
        taken += usize::from(fleet.sleep(worker, (worker + 1) % WORKERS));
        if soak().is_some() && kills % 10 == 0 {
            let turns = fleet.turns();
            say(&format!("cluster: {turns} turns, {kills} kills, rows of {taken} sleepers taken"));
        }
    }
    fleet.come_home();
    let doubts = fleet.decide();
    fleet.start_worker();
    fleet.come_home();
    assert!(doubts <= kills * 4, "only what was under way can be in doubt: {doubts}");
    let status = fleet.world.reel(["batch", "status"]).success();
    assert!(status.contains(&format!("{rows} of {rows} rows finished;")), "{status}\n{}", fleet.story());
    fleet.check();
    assert!(kills >= 2 && taken > 0, "{kills} kills, {taken} sleepers\n{}", fleet.story());
}
