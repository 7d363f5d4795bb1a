//! The built binary in a world of its own: empty environment, own folders, exact output.

use std::ffi::OsStr;
use std::fs;
use std::io::Write;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Output, Stdio};

use tempfile::TempDir;

/// A home with nothing in it, and a working folder beside it.
pub(crate) struct World {
    folder: TempDir,
    vars: Vec<(String, String)>,
}

/// How a command ended.
#[must_use = "look at the code, or call .success()"]
#[derive(Debug)]
pub(crate) struct Ended {
    pub(crate) code: i32,
    pub(crate) stdout: String,
    pub(crate) stderr: String,
}

impl World {
    pub(crate) fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        for name in ["home", "desk"] {
            fs::create_dir(folder.path().join(name)).unwrap();
        }
        Self { folder, vars: Vec::new() }
    }

    /// The same world with one more variable in it.
    pub(crate) fn var(mut self, name: &str, value: &str) -> Self {
        self.vars.push((name.to_owned(), value.to_owned()));
        self
    }

    /// The same, with a path in the working folder as its value.
    pub(crate) fn var_path(self, name: &str, file: &str) -> Self {
        let path = self.path(file).to_str().unwrap().to_owned();
        self.var(name, &path)
    }

    /// A path in the working folder.
    pub(crate) fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join("desk").join(name)
    }

    /// A path in the home folder.
    pub(crate) fn home(&self, name: &str) -> PathBuf {
        self.folder.path().join("home").join(name)
    }

    /// Writes a file into the working folder.
    pub(crate) fn write(&self, name: &str, content: impl AsRef<[u8]>) {
        fs::write(self.path(name), content).unwrap();
    }

    /// Writes a shell script that can be run.
    pub(crate) fn program(&self, name: &str, body: &str) {
        self.write(name, format!("#!/bin/sh\n{body}"));
        fs::set_permissions(self.path(name), fs::Permissions::from_mode(0o755)).unwrap();
    }

    /// A command that is ready to start in the working folder.
    pub(crate) fn command(&self, args: impl IntoIterator<Item = impl AsRef<OsStr>>) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_reel"));
        command.args(args).current_dir(self.path("")).stdin(Stdio::null());
        command.env_clear().env("HOME", self.folder.path().join("home"));
        for name in ["PATH", "REEL_FFMPEG", "REEL_FFPROBE"] {
            if let Some(value) = std::env::var_os(name) {
                command.env(name, value);
            }
        }
        command.envs(self.vars.iter().map(|(name, value)| (name, value)));
        command
    }

    /// Runs a command to its end. No token may ever show, whatever the command.
    #[track_caller]
    pub(crate) fn reel<const N: usize>(&self, args: [&str; N]) -> Ended {
        self.ended(self.command(args).output().unwrap())
    }

    /// Runs a command that reads `input` from a pipe.
    #[track_caller]
    pub(crate) fn reel_fed(&self, args: &[&str], input: &str) -> Ended {
        let mut command = self.command(args);
        command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
        let mut child = command.spawn().unwrap();
        child.stdin.take().unwrap().write_all(input.as_bytes()).unwrap();
        self.ended(child.wait_with_output().unwrap())
    }

    #[track_caller]
    fn ended(&self, output: Output) -> Ended {
        let text = |bytes: Vec<u8>| self.plain(String::from_utf8(bytes).unwrap());
        let ended = Ended {
            code: output.status.code().expect("it was not killed"),
            stdout: text(output.stdout),
            stderr: text(output.stderr),
        };
        let everything = format!("{}{}", ended.stdout, ended.stderr);
        assert!(!everything.contains("nmv_usr_"), "a token shows in {ended:?}");
        ended
    }

    /// Text with this world's folder replaced by `$WORLD`.
    fn plain(&self, text: String) -> String {
        let real = fs::canonicalize(self.folder.path()).unwrap();
        text.replace(real.to_str().unwrap(), "$WORLD").replace(self.folder.path().to_str().unwrap(), "$WORLD")
    }
}

impl Ended {
    /// Fails unless all went well; returns what was printed.
    #[track_caller]
    pub(crate) fn success(self) -> String {
        assert_eq!(self.code, 0, "{self:#?}");
        self.stdout
    }

    /// Fails unless it ended with this code and said this on stderr.
    #[track_caller]
    pub(crate) fn says(self, code: i32, stderr: &str) {
        assert_eq!((self.code, self.stderr.as_str()), (code, stderr), "{self:#?}");
    }

    /// The JSON objects that were written, one a line.
    #[track_caller]
    pub(crate) fn lines(&self) -> Vec<serde_json::Value> {
        self.stdout.lines().map(|line| serde_json::from_str(line).expect(line)).collect()
    }
}

/// Every file below a folder.
pub(crate) fn files_below(folder: &Path) -> Vec<PathBuf> {
    let (mut files, mut folders) = (Vec::new(), vec![folder.to_owned()]);
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() { folders.push(path) } else { files.push(path) }
        }
    }
    files
}

/// Sends what Ctrl-C sends.
pub(crate) fn interrupt(child: &Child) {
    // The shell's own `kill`: a bare system has no other.
    let kill = format!("kill -INT {}", child.id());
    let killed = Command::new("sh").args(["-c", &kill]).status().unwrap();
    assert!(killed.success());
}
