//! A PostgreSQL server of a test's own, in a temporary folder, on a socket that nobody else
//! knows. It ends with its value, also in a panic, and with the process of the test.

use std::fs::{self, File};
use std::os::unix::fs::chown;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::thread;
use std::time::{Duration, Instant};

use rustix::process::{Pid, Signal, geteuid, kill_process};

/// A server that is not ready by then never will be.
const READY: Duration = Duration::from_secs(60);

/// Speed for tests: what a power cut would lose is not what they test.
const SETTINGS: [&str; 6] = [
    "listen_addresses=",
    "fsync=off",
    "full_page_writes=off",
    "max_wal_size=256MB",
    "shared_buffers=32MB",
    "max_connections=90",
];

/// Who may come in, and how: `postgres` is let in, everyone else has a password.
const ACCESS: &str = "local all postgres trust\nlocal all all scram-sha-256\n";

pub(crate) struct Server {
    process: Child,
    folder: tempfile::TempDir,
}

impl Server {
    /// Starts a server with an empty database.
    pub(crate) fn start() -> Self {
        let folder = tempfile::Builder::new().prefix("reel-pg-").tempdir().unwrap();
        let owner = owner();
        if let Some((user, group)) = owner {
            chown(folder.path(), Some(user), Some(group)).unwrap();
        }
        let data = folder.path().join("data");
        // `cp -a` keeps the owner and the modes, which PostgreSQL insists on.
        done(Command::new("cp").arg("-a").arg(template()).arg(&data));
        let mut server = as_owner(&tool("postgres"));
        server.arg("-D").arg(&data).arg("-k").arg(folder.path());
        for setting in SETTINGS {
            server.args(["-c", setting]);
        }
        let log = File::create(folder.path().join("log")).unwrap();
        server.stdin(Stdio::null()).stdout(log.try_clone().unwrap()).stderr(log);
        let process = server.spawn().unwrap_or_else(|error| panic!("postgres does not start: {error}"));
        let started = Self { process, folder };
        started.wait_until_ready();
        started
    }

    /// Returns the address of its database.
    pub(crate) fn url(&self) -> String {
        self.url_for("postgres")
    }

    /// Returns the address for another user; `USER:PASSWORD` is one, too.
    pub(crate) fn url_for(&self, user: &str) -> String {
        let socket = self.folder.path().display().to_string().replace('/', "%2F");
        format!("postgres://{user}@{socket}/postgres")
    }

    fn wait_until_ready(&self) {
        let said = self.folder.path().join("data/postmaster.pid");
        let until = Instant::now() + READY;
        while !fs::read_to_string(&said).is_ok_and(|text| text.lines().any(|line| line.trim() == "ready")) {
            let log = || fs::read_to_string(self.folder.path().join("log")).unwrap_or_default();
            assert!(Instant::now() < until, "PostgreSQL is not ready:\n{}", log());
            thread::sleep(Duration::from_millis(20));
        }
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        // At once: its data go, too.
        let _ = kill_process(Pid::from_child(&self.process), Signal::QUIT);
        let _ = self.process.wait();
    }
}

/// A fresh data folder, made once for all tests.
fn template() -> PathBuf {
    let version = Command::new(tool("postgres")).arg("--version").output().unwrap();
    let version: String =
        String::from_utf8_lossy(&version.stdout).split_whitespace().nth(2).unwrap().to_owned();
    let shelf = Path::new(env!("CARGO_MANIFEST_DIR")).join("target/postgres");
    fs::create_dir_all(&shelf).unwrap();
    let lock = File::create(shelf.join("lock")).unwrap();
    lock.lock().unwrap();
    let template = shelf.join(version);
    if !template.exists() {
        // Its owner may not be let into this folder: it is made elsewhere.
        let folder = tempfile::tempdir().unwrap();
        if let Some((user, group)) = owner() {
            chown(folder.path(), Some(user), Some(group)).unwrap();
        }
        let data = folder.path().join("data");
        let mut make = as_owner(&tool("initdb"));
        make.args([
            "-U",
            "postgres",
            "-E",
            "UTF8",
            "--locale=C",
            "--no-sync",
            "--wal-segsize=1",
            "-A",
            "trust",
        ]);
        done(make.arg("-D").arg(&data).stdout(Stdio::null()));
        fs::write(data.join("pg_hba.conf"), ACCESS).unwrap();
        let half = template.with_extension("half");
        let _ = fs::remove_dir_all(&half);
        done(Command::new("cp").arg("-a").arg(&data).arg(&half));
        fs::rename(&half, &template).unwrap();
    }
    template
}

/// Finds a program of PostgreSQL; Debian keeps them out of PATH.
fn tool(name: &str) -> PathBuf {
    let mut folders: Vec<PathBuf> =
        std::env::split_paths(&std::env::var_os("PATH").unwrap_or_default()).collect();
    let debian = fs::read_dir("/usr/lib/postgresql").into_iter().flatten().flatten();
    folders.extend(debian.map(|version| version.path().join("bin")));
    let found = folders.into_iter().map(|folder| folder.join(name)).find(|path| path.is_file());
    found.unwrap_or_else(|| panic!("`{name}` of PostgreSQL is missing: run scripts/dev/setup test"))
}

/// PostgreSQL refuses to run as root: then it runs as the user that its package made.
fn owner() -> Option<(u32, u32)> {
    if !geteuid().is_root() {
        return None;
    }
    let users = fs::read_to_string("/etc/passwd").unwrap();
    let user = users.lines().find(|line| line.starts_with("postgres:"));
    let user = user.expect("there is no user `postgres`: run scripts/dev/setup test");
    let number = |at| user.split(':').nth(at).and_then(|field| field.parse().ok()).unwrap();
    Some((number(2), number(3)))
}

/// A command that runs as the owner of the data, and ends with the thread that starts it.
fn as_owner(program: &Path) -> Command {
    if !Path::new("/usr/bin/setpriv").exists() {
        return Command::new(program);
    }
    let mut command = Command::new("/usr/bin/setpriv");
    if let Some((user, group)) = owner() {
        command.args([format!("--reuid={user}"), format!("--regid={group}"), "--clear-groups".to_owned()]);
    }
    command.args(["--pdeathsig", "KILL"]).arg(program).current_dir("/");
    command
}

fn done(command: &mut Command) {
    let status = command.status().unwrap_or_else(|error| panic!("{command:?}: {error}"));
    assert!(status.success(), "{command:?}: {status}");
}
