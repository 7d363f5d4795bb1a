//! Compares the start of `reel` with that of python3 and node, in one run: minimum and
//! median of many spawns each, interleaved so that a busy moment hits all alike.

#![allow(clippy::print_stdout, clippy::expect_used, reason = "a program that prints figures")]

use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

/// Enough for a steady median; the whole run stays under a minute.
const REPEATS: usize = 60;

struct Contender {
    name: &'static str,
    program: PathBuf,
    args: Vec<String>,
    times: Vec<Duration>,
}

fn main() {
    let home = std::env::temp_dir().join(format!("reel-bench-{}", std::process::id()));
    std::fs::create_dir_all(&home).expect("the temporary folder can be written");
    let script = home.join("one_line.rhai");
    std::fs::write(&script, "print(\"hello\");\n").expect("the temporary folder can be written");
    let script = script.to_string_lossy().into_owned();

    let reel = PathBuf::from(env!("CARGO_BIN_EXE_reel"));
    let python = real_program("python3", &["-c", "import sys; print(sys.executable)"]);
    let node = real_program("node", &["-p", "process.execPath"]);
    let mut contenders = [
        contender("reel --version", &reel, &["--version"]),
        contender("reel run one_line.rhai", &reel, &["run", &script]),
        contender("python3 -c pass", &python, &["-c", "pass"]),
        contender("node -e 0", &node, &["-e", "0"]),
    ];
    for round in 0..=REPEATS {
        for contender in &mut contenders {
            let time = spawn(contender, &home);
            // The first round only warms the page cache.
            if round > 0 {
                contender.times.push(time);
            }
        }
    }
    report(&mut contenders);
    std::fs::remove_dir_all(&home).expect("our own folder can be removed");
}

fn contender(name: &'static str, program: &Path, args: &[&str]) -> Contender {
    let args = args.iter().map(|&arg| arg.to_owned()).collect();
    Contender { name, program: program.to_owned(), args, times: Vec::new() }
}

/// The program behind a version manager's shim: a shim's own start would flatter us.
fn real_program(name: &str, ask: &[&str]) -> PathBuf {
    let output = Command::new(name).args(ask).output();
    let output = output.unwrap_or_else(|error| panic!("{name}: {error}; run scripts/dev/setup bench"));
    PathBuf::from(String::from_utf8_lossy(&output.stdout).trim())
}

fn spawn(contender: &Contender, home: &Path) -> Duration {
    let mut command = Command::new(&contender.program);
    command.args(&contender.args).stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
    command.env("REEL_HOME", home).env_remove("NEMO_TOKEN");
    let start = Instant::now();
    let status = command.status().unwrap_or_else(|error| panic!("{}: {error}", contender.name));
    let time = start.elapsed();
    assert!(status.success(), "{} failed: {status}", contender.name);
    time
}

fn report(contenders: &mut [Contender]) {
    for contender in contenders.iter_mut() {
        contender.times.sort_unstable();
    }
    println!("{:<24} {:>9} {:>9}   of python3", "", "min ms", "median ms");
    let python = median(&contenders[2]);
    for contender in contenders.iter() {
        let (min, median) = (millis(contender.times[0]), median(contender));
        println!("{:<24} {min:>9.2} {median:>9.2}   {:.3}", contender.name, median / python);
    }
}

fn median(contender: &Contender) -> f64 {
    millis(contender.times[contender.times.len() / 2])
}

fn millis(time: Duration) -> f64 {
    time.as_secs_f64() * 1_000.0
}
