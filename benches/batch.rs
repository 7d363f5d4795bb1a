//! The efficiency of `reel batch`, measured in one run: rows a second and CPU a row, alone and
//! with a backend that only answers; and the most memory, with 100,000 rows queued and with
//! 1,000 rows that all wait for the backend at once. Beside it hurl, and k6 where it is on PATH,
//! which send as many requests to the same backend and keep nothing of them.
//!
//! Linux only: time and memory of the programs are read from `/proc`.

#![allow(clippy::print_stdout, clippy::expect_used, reason = "a program that prints figures")]

use std::fs;
use std::io::{BufRead, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, ExitStatus, Stdio};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::thread;
use std::time::{Duration, Instant};

use rustix::process::{Pid, Signal, kill_process};
use tokio::io::{AsyncBufReadExt, AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio::runtime::Runtime;
use tokio::sync::Barrier;

/// Rows of a throughput figure, and how many are made at once.
const ROWS: usize = 2_000;
const PARALLEL: usize = 4;
/// Enough for a median; each takes some seconds.
const REPEATS: usize = 3;
/// Rows that are queued, and how many of them are made before the batch is stopped.
const QUEUED: usize = 100_000;
const MADE: usize = 1_000;
/// Rows that wait for the backend at once.
const WAITING: usize = 1_000;
/// How often memory is looked at.
const LOOK: Duration = Duration::from_millis(5);
/// The unit of times in `/proc`, the same on all systems.
const TICKS_A_SECOND: f64 = 100.0;

const ALONE: &str = "let name = param(\"name\");\nprint(`row ${name}`);\nwrite_text(\"note.txt\", name);\n";
const ASKS: &str = "let s = session(param(\"name\"));\nprint(s.id);\n";
const QUIET: &str = "print(param(\"name\"));\n";

/// On a slow disk the first of many rows waits long until the last has come.
const PATIENCE: &str = "[delays]\ncall = 600\n";

const TOKEN: &str = "/api/auth/anonymous-token";
const SESSIONS: &str = "/api/tasks/me/with-session/nemo_agent";
const GRANT: &str = r#"{"code":0,"data":{"token":"nmv_usr_bench","user_id":"anon_bench","credits":100}}"#;

/// What one program took.
struct Taken {
    wall: Duration,
    cpu: Duration,
    peak_kib: u64,
    status: ExitStatus,
}

/// A program that is measured in a folder of its own each time.
struct Contender {
    name: String,
    command: Box<dyn Fn(&Path) -> Command>,
    taken: Vec<Taken>,
}

fn main() {
    let home = std::env::temp_dir().join(format!("reel-bench-{}", std::process::id()));
    let (hurl, k6) = (hurl(), on_path("k6"));
    println!(
        "{} with {} cores",
        std::env::consts::OS,
        thread::available_parallelism().map_or(1, usize::from)
    );
    println!("{}", version(&hurl));
    println!("{}", k6.as_ref().map_or("k6 is not on PATH: left out".to_owned(), |k6| version(k6)));

    throughput(
        &format!("{ROWS} rows that print and write a file"),
        &mut [reel(ALONE, ROWS, PARALLEL, None)],
        &home,
    );
    let backend = StandIn::start(1);
    let mut all = contenders(&hurl, k6.as_deref(), &backend, ROWS, PARALLEL);
    throughput(&format!("{ROWS} rows that make a session, or bare requests"), &mut all, &home);
    queued(&home);
    waiting(&hurl, k6.as_deref(), &home);
}

/// Rows a second and CPU a row, in turns so that a busy moment hits all alike.
fn throughput(title: &str, contenders: &mut [Contender], home: &Path) {
    for _ in 0..REPEATS {
        contenders.iter_mut().for_each(|contender| contender.measure(home));
    }
    println!("\n{title}, {PARALLEL} at once, {REPEATS} times");
    println!(
        "{:<28} {:>8} {:>8} {:>8} {:>11} {:>8}",
        "", "min s", "median s", "rows/s", "CPU ms/row", "peak MB"
    );
    for contender in contenders {
        let mut walls: Vec<f64> = contender.taken.iter().map(|taken| taken.wall.as_secs_f64()).collect();
        walls.sort_by(f64::total_cmp);
        let cpu = contender.taken.iter().map(|taken| taken.cpu).min().unwrap_or_default();
        let (min, median) = (walls[0], walls[REPEATS / 2]);
        println!(
            "{:<28} {min:>8.2} {median:>8.2} {:>8.0} {:>11.3} {:>8.1}",
            contender.name,
            ROWS as f64 / median,
            cpu.as_secs_f64() * 1e3 / ROWS as f64,
            contender.peak_mb(),
        );
    }
}

/// The most memory of a batch with many rows, of which the first are made; then it is stopped.
fn queued(home: &Path) {
    let batch = reel(QUIET, QUEUED, PARALLEL, None);
    let folder = fresh(home);
    let begun = Instant::now();
    let mut command = (batch.command)(&folder);
    command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::null());
    let mut child = command.spawn().expect("reel was built for this");
    let pid = Pid::from_child(&child);
    let lines = BufReader::new(child.stdout.take().expect("it is piped")).lines();
    let reader = thread::spawn(move || {
        let mut first = None;
        for (nth, _) in lines.map_while(Result::ok).enumerate() {
            first.get_or_insert_with(|| begun.elapsed());
            if nth == MADE {
                kill_process(pid, Signal::INT).expect("it still has rows to make");
            }
        }
        first.unwrap_or_default()
    });
    let taken = watch(child, begun);
    let first = reader.join().expect("it only reads");
    assert_eq!(taken.status.code(), Some(130), "it was stopped on its way");
    println!("\n{QUEUED} rows queued, {PARALLEL} at once, stopped after {MADE}");
    println!(
        "{:<28} peak {:.1} MB, first row after {:.2} s",
        batch.name,
        taken.peak_mb(),
        first.as_secs_f64()
    );
    fs::remove_dir_all(home).expect("our own folder can be removed");
}

/// The most memory with so many rows, or bare requests, that all wait for their answer.
fn waiting(hurl: &Path, k6: Option<&Path>, home: &Path) {
    println!("\n{WAITING} at once, all unanswered until the last has come");
    println!("{:<28} {:>8} {:>11} {:>8}   of hurl", "", "peak MB", "KB each", "CPU s");
    let backend = StandIn::start(WAITING);
    let mut all = contenders(hurl, k6, &backend, WAITING, WAITING);
    all.iter_mut().for_each(|contender| contender.measure(home));
    let hurls = all[1].peak_mb();
    for contender in &all {
        let (peak, cpu) = (contender.peak_mb(), contender.taken[0].cpu.as_secs_f64());
        let each = peak * 1e3 / WAITING as f64;
        println!("{:<28} {peak:>8.1} {each:>11.1} {cpu:>8.2}   {:.2}", contender.name, peak / hurls);
    }
}

/// All that ask a backend, each as often as there are rows.
fn contenders(
    hurl: &Path,
    k6: Option<&Path>,
    backend: &StandIn,
    rows: usize,
    at_once: usize,
) -> Vec<Contender> {
    let url = backend.url.clone();
    let mut all =
        vec![reel(ASKS, rows, at_once, Some(url.clone())), bare_hurl(hurl, rows, at_once, url.clone())];
    all.extend(k6.map(|k6| bare_k6(k6, rows, at_once, url)));
    all
}

fn reel(script: &'static str, rows: usize, at_once: usize, url: Option<String>) -> Contender {
    let command = move |folder: &Path| {
        let table: String = (1..=rows).map(|nth| format!("row-{nth}\n")).collect();
        write(folder, "row.rhai", script);
        write(folder, "rows.csv", &format!("name\n{table}"));
        write(folder, "config/reelscript/config.toml", PATIENCE);
        let mut command = Command::new(env!("CARGO_BIN_EXE_reel"));
        command.args(["batch", "row.rhai", "--rows", "rows.csv", "--key", "name", "--out", "out"]);
        command.args(["--parallel", &at_once.to_string()]);
        command.args(url.iter().flat_map(|url| ["--backend", url]));
        command.env("REEL_HOME", folder.join("home")).env("XDG_CONFIG_HOME", folder.join("config"));
        command.env_remove("NEMO_TOKEN").env_remove("REEL_BACKEND").current_dir(folder);
        command
    };
    contender("reel batch", command)
}

fn bare_hurl(hurl: &Path, requests: usize, at_once: usize, url: String) -> Contender {
    let hurl = hurl.to_owned();
    let command = move |folder: &Path| {
        let body = r#"{"task_name":"row"}"#;
        write(
            folder,
            "ask.hurl",
            &format!("POST {url}{SESSIONS}\ncontent-type: application/json\n{body}\nHTTP 200\n"),
        );
        let mut command = Command::new(&hurl);
        command.args(["--parallel", "--no-output", "--jobs", &at_once.to_string()]);
        command.args(["--repeat", &requests.to_string(), "ask.hurl"]).current_dir(folder);
        command
    };
    contender("hurl, bare requests", command)
}

fn bare_k6(k6: &Path, requests: usize, at_once: usize, url: String) -> Contender {
    let k6 = k6.to_owned();
    let command = move |folder: &Path| {
        let ask = format!("http.post('{url}{SESSIONS}', '{{\"task_name\":\"row\"}}')");
        write(
            folder,
            "ask.js",
            &format!("import http from 'k6/http';\nexport default function () {{ {ask}; }}\n"),
        );
        let mut command = Command::new(&k6);
        command.args(["run", "--quiet", "--no-usage-report", "--vus", &at_once.to_string()]);
        command.args(["--iterations", &requests.to_string(), "ask.js"]).current_dir(folder);
        command
    };
    contender("k6, bare requests", command)
}

fn contender(name: &str, command: impl Fn(&Path) -> Command + 'static) -> Contender {
    Contender { name: name.to_owned(), command: Box::new(command), taken: Vec::new() }
}

impl Contender {
    fn measure(&mut self, home: &Path) {
        let folder = fresh(home);
        let mut command = (self.command)(&folder);
        let said = fs::File::create(folder.join("said")).expect("our own folder can be written");
        command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(said);
        let begun = Instant::now();
        let child = command.spawn().unwrap_or_else(|error| panic!("{}: {error}", self.name));
        let taken = watch(child, begun);
        let said = fs::read_to_string(folder.join("said")).unwrap_or_default();
        assert!(taken.status.success(), "{} failed: {}\n{said}", self.name, taken.status);
        self.taken.push(taken);
        fs::remove_dir_all(home).expect("our own folder can be removed");
    }

    fn peak_mb(&self) -> f64 {
        self.taken.iter().map(Taken::peak_mb).fold(0.0, f64::max)
    }
}

impl Taken {
    fn peak_mb(&self) -> f64 {
        self.peak_kib as f64 * 1.024e-3
    }
}

/// Looks at a program until it ends.
fn watch(mut child: Child, begun: Instant) -> Taken {
    let process = PathBuf::from("/proc").join(child.id().to_string());
    let mut peak_kib = 0;
    loop {
        let stat = fs::read_to_string(process.join("stat")).expect("/proc has it until it is waited for");
        // The name of the program, in parentheses, may hold anything.
        let fields: Vec<&str> = stat.rsplit(')').next().unwrap_or_default().split_whitespace().collect();
        if fields[0] == "Z" {
            let wall = begun.elapsed();
            let ticks: f64 = fields[11..=12].iter().filter_map(|ticks| ticks.parse::<f64>().ok()).sum();
            let status = child.wait().expect("it is a child of ours");
            return Taken { wall, cpu: Duration::from_secs_f64(ticks / TICKS_A_SECOND), peak_kib, status };
        }
        // The system keeps the peak; what grows within the last look is missed.
        let status = fs::read_to_string(process.join("status")).unwrap_or_default();
        let peak = status
            .lines()
            .find_map(|line| line.strip_prefix("VmHWM:")?.split_whitespace().next()?.parse().ok());
        peak_kib = peak_kib.max(peak.unwrap_or(0));
        thread::sleep(LOOK);
    }
}

/// A backend that knows tokens and sessions, and keeps none. It answers for sessions when as
/// many as it is told have been asked for.
struct StandIn {
    url: String,
    _runtime: Runtime,
}

struct Office {
    together: Barrier,
    sessions: AtomicU64,
}

impl StandIn {
    fn start(together: usize) -> Self {
        let runtime = Runtime::new().expect("the system starts threads");
        let listener =
            runtime.block_on(TcpListener::bind("127.0.0.1:0")).expect("this machine has a free port");
        let url = format!("http://{}", listener.local_addr().expect("it is bound"));
        let office = Arc::new(Office { together: Barrier::new(together), sessions: AtomicU64::new(0) });
        runtime.spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                let office = Arc::clone(&office);
                // A client that went away is no error of ours.
                tokio::spawn(async move { drop(office.serve(stream).await) });
            }
        });
        Self { url, _runtime: runtime }
    }
}

impl Office {
    async fn serve(&self, stream: TcpStream) -> std::io::Result<()> {
        stream.set_nodelay(true)?;
        let mut stream = tokio::io::BufReader::new(stream);
        loop {
            let (mut first, mut length) = (String::new(), 0);
            stream.read_line(&mut first).await?;
            loop {
                let mut line = String::new();
                if stream.read_line(&mut line).await? == 0 {
                    return Ok(());
                }
                match line.trim_end().split_once(':') {
                    None => break,
                    Some((name, value)) if name.eq_ignore_ascii_case("content-length") => {
                        length = value.trim().parse().unwrap_or(0);
                    }
                    Some(_) => (),
                }
            }
            stream.read_exact(&mut vec![0; length]).await?;
            let answer = self.answer(&first).await;
            stream.get_mut().write_all(answer.as_bytes()).await?;
        }
    }

    async fn answer(&self, first: &str) -> String {
        let (status, body) = match first.split(' ').nth(1) {
            Some(TOKEN) => (200, GRANT.to_owned()),
            Some(SESSIONS) => {
                self.together.wait().await;
                let nth = self.sessions.fetch_add(1, Ordering::Relaxed);
                (200, format!(r#"{{"code":0,"data":{{"task_id":"task_{nth}","session_id":"{nth:019}"}}}}"#))
            }
            _ => (404, r#"{"detail":"Not Found"}"#.to_owned()),
        };
        let head = format!(
            "HTTP/1.1 {status} X\r\ncontent-type: application/json\r\ncontent-length: {}\r\n\r\n",
            body.len()
        );
        head + &body
    }
}

/// The hurl that `scripts/dev/setup bench` installs.
fn hurl() -> PathBuf {
    let ours = Path::new(env!("CARGO_MANIFEST_DIR")).join("target/bench/bin/hurl");
    let hurl = Some(ours).filter(|hurl| hurl.is_file()).or_else(|| on_path("hurl"));
    hurl.expect("hurl is there; run scripts/dev/setup bench")
}

fn on_path(name: &str) -> Option<PathBuf> {
    let path = std::env::var_os("PATH")?;
    std::env::split_paths(&path).map(|folder| folder.join(name)).find(|program| program.is_file())
}

fn version(program: &Path) -> String {
    let output = Command::new(program).arg("--version").output().expect("the program starts");
    let words = String::from_utf8_lossy(&output.stdout);
    words.split_whitespace().take(2).collect::<Vec<_>>().join(" ")
}

fn fresh(home: &Path) -> PathBuf {
    fs::create_dir_all(home).expect("the temporary folder can be written");
    home.to_owned()
}

fn write(folder: &Path, name: &str, text: &str) {
    let file = folder.join(name);
    fs::create_dir_all(file.parent().unwrap_or(folder)).expect("our own folder can be written");
    fs::write(file, text).expect("our own folder can be written");
}
