//! The scripts that users copy, run by the built binary against the embedded studio as a user
//! runs them, and the videos that they leave.

mod requests;
mod scripts;
mod skills;
mod video;

use std::ffi::OsString;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use tempfile::TempDir;

/// A user with an empty home and an output folder.
struct User {
    folder: TempDir,
}

impl User {
    fn new() -> Self {
        Self { folder: tempfile::tempdir().unwrap() }
    }

    /// Runs a script of the repository to its end, which must be a good one. Returns what it printed.
    #[track_caller]
    fn runs(&self, script: &str, params: &[(&str, &str)]) -> String {
        self.does(&["run", script], params)
    }

    /// Runs a command that takes params to its end, which must be a good one. Returns what it printed.
    #[track_caller]
    fn does(&self, words: &[&str], params: &[(&str, &str)]) -> String {
        let mut command = Command::new(env!("CARGO_BIN_EXE_reel"));
        command.args(words).args(["--backend", "studio", "--out"]).arg(self.out(""));
        for (name, value) in params {
            command.args(["-p", &format!("{name}={value}")]);
        }
        let output = self.at_home(&mut command);
        let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
        let (stdout, stderr) = (text(&output.stdout), text(&output.stderr));
        assert!(
            output.status.success(),
            "{words:?} {params:?} ended with {}\n{stdout}\n{stderr}",
            output.status
        );
        stdout
    }

    /// Starts a command in the root of the repository with nothing of this machine's user in it.
    fn at_home(&self, command: &mut Command) -> Output {
        let home = self.folder.path().join("home");
        let kept = ["PATH", "REEL_FFMPEG", "REEL_FFPROBE"];
        let kept = kept.iter().filter_map(|name| Some((*name, std::env::var_os(name)?)));
        let kept: Vec<(&str, OsString)> = kept.collect();
        command.env_clear().envs(kept).env("HOME", &home).env("REEL_HOME", home.join("reel"));
        command.current_dir(env!("CARGO_MANIFEST_DIR")).output().unwrap()
    }

    /// A path in the output folder.
    fn out(&self, name: &str) -> PathBuf {
        self.folder.path().join("out").join(name)
    }
}

/// A path in the repository.
fn repository(path: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join(path)
}
