//! One child process: started in its own group, its stderr kept to a tail, killed when dropped.

use std::ffi::OsString;
use std::os::fd::AsFd;
use std::process::{ExitStatus, Stdio};
use std::sync::{Mutex, MutexGuard, PoisonError};

use rustix::process::{Pid, Signal, kill_process_group};
use tokio::io::{AsyncRead, AsyncReadExt};
use tokio::process::{Child, ChildStderr, ChildStdin, ChildStdout, Command};
use tokio::task::JoinHandle;

use crate::ffmpeg::{FfmpegError, Tool};

/// How much of stderr is kept: its end, where ffmpeg says why it gave up.
const STDERR_BYTES_MAX: usize = 4096;
/// What a pipe for frames holds. Through the usual 64 kB, a 1080p frame of 3 MB takes both sides
/// 48 turns. Linux gives a user 64 MB of pipes.
#[cfg(target_os = "linux")]
const PIPE_BYTES: usize = 512 << 10;

/// The process groups that run now, for a program that must go at once.
static RUNNING: Mutex<Vec<Pid>> = Mutex::new(Vec::new());

/// A running ffmpeg or ffprobe. Dropping it kills its whole process group, because a
/// wrapper named by `REEL_FFMPEG` may have children of its own.
pub(super) struct Process {
    child: Child,
    /// None once the child was reaped: its number may then belong to somebody else.
    group: Option<Pid>,
    stderr: JoinHandle<String>,
}

/// The pipes of a new child.
pub(super) struct Pipes {
    /// Present when it was asked for.
    pub(super) stdin: Option<ChildStdin>,
    pub(super) stdout: ChildStdout,
}

/// Whether the child gets a pipe as its standard input.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Stdin {
    Piped,
    Closed,
}

impl Process {
    pub(super) fn start(tool: Tool, args: &[OsString], stdin: Stdin) -> Result<(Self, Pipes), FfmpegError> {
        let program = tool.program();
        let spawned = Command::new(&program)
            .args(args)
            .stdin(if stdin == Stdin::Piped { Stdio::piped() } else { Stdio::null() })
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .process_group(0)
            .kill_on_drop(true)
            .spawn();
        let mut child = match spawned {
            Ok(child) => child,
            Err(e) if e.kind() == std::io::ErrorKind::NotFound => {
                return Err(FfmpegError::NotFound { tool, program });
            }
            Err(source) => return Err(FfmpegError::Start { program, source }),
        };
        let pipes =
            Pipes { stdin: child.stdin.take(), stdout: child.stdout.take().expect("stdout is piped") };
        let stderr = child.stderr.take().expect("stderr is piped");
        let group = child.id().and_then(|id| Pid::from_raw(i32::try_from(id).ok()?));
        running().extend(group);
        Ok((Self { child, group, stderr: tokio::spawn(tail(stderr)) }, pipes))
    }

    /// Waits for its end; returns how it ended and the tail of its stderr.
    pub(super) async fn wait(&mut self) -> std::io::Result<(ExitStatus, String)> {
        let status = self.child.wait().await?;
        // Whatever a wrapper left behind would hold stderr open.
        self.kill_group();
        let stderr = (&mut self.stderr).await.unwrap_or_default();
        Ok((status, stderr))
    }

    /// Kills it and waits until it is gone.
    pub(super) async fn end(mut self) {
        self.kill_group();
        // It was just killed: the only error left is that it is gone already.
        let _ = self.child.kill().await;
    }

    fn kill_group(&mut self) {
        if let Some(group) = self.group.take() {
            running().retain(|running| *running != group);
            // The group may be gone, which is what is wanted.
            let _ = kill_process_group(group, Signal::KILL);
        }
    }
}

impl Drop for Process {
    fn drop(&mut self) {
        self.kill_group();
        self.stderr.abort();
    }
}

/// Kills every ffmpeg and ffprobe that this program has started. For its very end: whoever
/// waits for one of them gets an error.
pub fn kill_all() {
    for group in std::mem::take(&mut *running()) {
        let _ = kill_process_group(group, Signal::KILL);
    }
}

fn running() -> MutexGuard<'static, Vec<Pid>> {
    RUNNING.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Reads to the end and keeps the last bytes as one line of printable text.
async fn tail(mut stderr: ChildStderr) -> String {
    let mut kept = Vec::new();
    let mut chunk = [0; 1024];
    while let Ok(n @ 1..) = stderr.read(&mut chunk).await {
        kept.extend_from_slice(&chunk[..n]);
        let over = kept.len().saturating_sub(STDERR_BYTES_MAX);
        kept.drain(..over);
    }
    printable(&String::from_utf8_lossy(&kept))
}

/// Lines joined by `; `, without control characters: a file's metadata may hold escape codes.
fn printable(text: &str) -> String {
    let lines = text.lines().map(|line| line.chars().filter(|c| !c.is_control()).collect::<String>());
    lines.map(|line| line.trim().to_owned()).filter(|line| !line.is_empty()).collect::<Vec<_>>().join("; ")
}

/// Makes a pipe fit for frames, where the system can do that; it carries them in any case.
pub(super) fn widen(pipe: impl AsFd) {
    #[cfg(target_os = "linux")]
    let _ = rustix::pipe::fcntl_setpipe_size(pipe, PIPE_BYTES);
    #[cfg(not(target_os = "linux"))]
    drop(pipe);
}

/// Reads exactly one buffer; `false` at a clean or torn end.
pub(super) async fn fill(from: &mut (impl AsyncRead + Unpin), buffer: &mut [u8]) -> std::io::Result<bool> {
    match from.read_exact(buffer).await {
        Ok(_) => Ok(true),
        Err(e) if e.kind() == std::io::ErrorKind::UnexpectedEof => Ok(false),
        Err(e) => Err(e),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn escape_codes_do_not_leave_stderr() {
        assert_eq!(printable("a\u{1b}[31mb\r\n\n  c\u{7}\n"), "a[31mb; c");
    }
}
