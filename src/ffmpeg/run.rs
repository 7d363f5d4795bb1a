//! One ffmpeg from start to end: with progress, with frames fed in, or with its output read.

use std::ffi::OsString;
use std::time::Duration;

use tokio::io::{AsyncBufReadExt, AsyncReadExt, AsyncWriteExt, BufReader};
use tokio::process::{ChildStdin, ChildStdout};
use tokio::sync::mpsc;
use tokio_util::sync::CancellationToken;

use crate::ffmpeg::process::{Process, Stdin, widen};
use crate::ffmpeg::{FfmpegError, Tool};

/// What ffmpeg is asked to do.
#[derive(Clone, Debug)]
pub struct Task {
    /// In words, for errors: "encoding the video".
    pub doing: String,
    /// Everything after the common arguments; inputs come from [`crate::ffmpeg::input::open`].
    pub args: Vec<OsString>,
    /// When it is ended for taking too long.
    pub deadline: Duration,
}

/// How far an ffmpeg is in what it writes.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Position {
    /// Frames written.
    pub frames: u64,
    /// Seconds written.
    pub seconds: f64,
}

/// Arguments of every run: no questions, no banner, only what went wrong on stderr.
const COMMON: &[&str] = &["-nostdin", "-hide_banner", "-nostats", "-loglevel", "error", "-y"];

impl Task {
    /// Makes a task of words and arguments.
    pub fn new<A: Into<OsString>>(
        doing: impl Into<String>,
        args: impl IntoIterator<Item = A>,
        deadline: Duration,
    ) -> Self {
        Self { doing: doing.into(), args: args.into_iter().map(Into::into).collect(), deadline }
    }

    pub(super) fn full_args(&self) -> Vec<OsString> {
        COMMON.iter().map(OsString::from).chain(self.args.iter().cloned()).collect()
    }

    pub(super) fn pipe_error(&self, source: std::io::Error) -> FfmpegError {
        FfmpegError::Pipe { doing: self.doing.clone(), source }
    }

    pub(super) fn stopped(&self) -> FfmpegError {
        FfmpegError::Stopped { doing: self.doing.clone() }
    }
}

/// Runs ffmpeg to its end and returns the tail of its stderr (empty when all was well,
/// unless the arguments raise `-loglevel`).
///
/// # Errors
/// Every [`FfmpegError`] of starting, failing, taking too long and being stopped.
pub async fn run(
    task: &Task,
    on_progress: &mut (dyn FnMut(Position) + Send),
    stop: &CancellationToken,
) -> Result<String, FfmpegError> {
    drive(task, None, on_progress, stop).await
}

/// Frames on their way into an ffmpeg.
pub struct Feed {
    /// What is written.
    pub frames: mpsc::Receiver<Vec<u8>>,
    /// Where buffers go that were written, as far as there is room.
    pub written: mpsc::Sender<Vec<u8>>,
}

/// Runs ffmpeg and writes every buffer of `frames` to its standard input (`-i pipe:0`),
/// until the channel closes. Whoever fills the channel must report its own failure: ffmpeg
/// takes an early end for the end of the picture.
///
/// # Errors
/// As [`run`].
pub async fn feed(
    task: &Task,
    frames: Feed,
    on_progress: &mut (dyn FnMut(Position) + Send),
    stop: &CancellationToken,
) -> Result<String, FfmpegError> {
    drive(task, Some(frames), on_progress, stop).await
}

/// Runs a tool and returns what it wrote to its standard output (`pipe:1`).
///
/// # Errors
/// As [`run`], and [`FfmpegError::TooMuch`] beyond `bytes_max`.
pub async fn capture(
    tool: Tool,
    task: &Task,
    bytes_max: usize,
    stop: &CancellationToken,
) -> Result<Vec<u8>, FfmpegError> {
    let args = if tool == Tool::Ffmpeg { task.full_args() } else { task.args.clone() };
    let (mut process, pipes) = Process::start(tool, &args, Stdin::Closed)?;
    let work = async {
        let mut bytes = Vec::new();
        let mut stdout = pipes.stdout.take(bytes_max as u64 + 1);
        stdout.read_to_end(&mut bytes).await.map_err(|e| task.pipe_error(e))?;
        if bytes.len() > bytes_max {
            return Err(FfmpegError::TooMuch { doing: task.doing.clone(), bytes_max });
        }
        ended(task, &mut process).await?;
        Ok(bytes)
    };
    let result = bounded(task, stop, work).await;
    process.end().await;
    result
}

/// Runs a tool that reads `text` from its standard input; what it writes to its standard
/// output is dropped.
///
/// # Errors
/// As [`run`].
pub async fn say(tool: Tool, task: &Task, text: &[u8], stop: &CancellationToken) -> Result<(), FfmpegError> {
    let (mut process, mut pipes) = Process::start(tool, &task.args, Stdin::Piped)?;
    let work = async {
        let stdin = pipes.stdin.take();
        let writing = async {
            if let Some(mut stdin) = stdin {
                // A broken pipe means that the tool is gone; its exit status says why.
                let _ = stdin.write_all(text).await;
            }
        };
        let mut sink = tokio::io::sink();
        let ((), _) = tokio::join!(writing, tokio::io::copy(&mut pipes.stdout, &mut sink));
        ended(task, &mut process).await.map(drop)
    };
    let result = bounded(task, stop, work).await;
    process.end().await;
    result
}

async fn drive(
    task: &Task,
    frames: Option<Feed>,
    on_progress: &mut (dyn FnMut(Position) + Send),
    stop: &CancellationToken,
) -> Result<String, FfmpegError> {
    let mut args: Vec<OsString> = task.full_args();
    // Before the rest, so that it is a global option wherever the task's outputs stand.
    args.splice(0..0, ["-progress", "pipe:1"].map(OsString::from));
    let stdin = if frames.is_some() { Stdin::Piped } else { Stdin::Closed };
    let (mut process, pipes) = Process::start(Tool::Ffmpeg, &args, stdin)?;
    let work = async {
        let writing = write_all(pipes.stdin, frames);
        let reading = read_progress(pipes.stdout, on_progress);
        let ((), ()) = tokio::join!(writing, reading);
        ended(task, &mut process).await
    };
    let result = bounded(task, stop, work).await;
    process.end().await;
    result
}

/// Waits for `work`, for the stop and for the deadline, whichever is first.
pub(super) async fn bounded<T>(
    task: &Task,
    stop: &CancellationToken,
    work: impl Future<Output = Result<T, FfmpegError>>,
) -> Result<T, FfmpegError> {
    tokio::select! {
        biased;
        () = stop.cancelled() => Err(task.stopped()),
        done = tokio::time::timeout(task.deadline, work) => done.unwrap_or_else(|_| {
            Err(FfmpegError::TooLong { doing: task.doing.clone(), seconds: task.deadline.as_secs() })
        }),
    }
}

/// Waits for the end and reads its verdict.
pub(super) async fn ended(task: &Task, process: &mut Process) -> Result<String, FfmpegError> {
    let (status, stderr) = process.wait().await.map_err(|e| task.pipe_error(e))?;
    if status.success() {
        return Ok(stderr);
    }
    let stderr = if stderr.is_empty() { "it gave no reason".to_owned() } else { stderr };
    Err(FfmpegError::Failed { doing: task.doing.clone(), status: status.to_string(), stderr })
}

async fn write_all(stdin: Option<ChildStdin>, feed: Option<Feed>) {
    let (Some(mut stdin), Some(mut feed)) = (stdin, feed) else { return };
    widen(&stdin);
    while let Some(frame) = feed.frames.recv().await {
        // A broken pipe means that ffmpeg is gone; its exit status says why.
        if stdin.write_all(&frame).await.is_err() {
            break;
        }
        // One too many is let go.
        let _ = feed.written.try_send(frame);
    }
}

async fn read_progress(stdout: ChildStdout, on_progress: &mut (dyn FnMut(Position) + Send)) {
    let mut lines = BufReader::new(stdout).lines();
    let mut position = Position::default();
    while let Ok(Some(line)) = lines.next_line().await {
        if read_line(&mut position, &line) {
            on_progress(position);
        }
    }
}

/// Takes one `key=value` line of `-progress`; true when a report is complete.
fn read_line(position: &mut Position, line: &str) -> bool {
    let Some((key, value)) = line.split_once('=') else { return false };
    let value = value.trim();
    match key.trim() {
        "frame" => position.frames = value.parse().unwrap_or(position.frames),
        // ffmpeg writes N/A before the first packet.
        "out_time_us" => {
            position.seconds = value.parse::<f64>().map_or(position.seconds, |us| (us / 1e6).max(0.0));
        }
        "progress" => return true,
        _ => (),
    }
    false
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shell(seconds: u64) -> Task {
        // ffmpeg's own endless source: nothing but the deadline or the stop ends it.
        let args = ["-re", "-f", "lavfi", "-i", "anullsrc", "-f", "null", "-"];
        Task::new("listening to silence", args, Duration::from_secs(seconds))
    }

    #[test]
    fn a_report_is_complete_at_its_progress_line() {
        let mut position = Position::default();
        let lines = ["frame=12", "out_time_us=N/A", "out_time_us=400000", "speed=1x", "progress=continue"];
        let complete: Vec<bool> = lines.iter().map(|line| read_line(&mut position, line)).collect();
        assert_eq!(complete, [false, false, false, false, true]);
        assert_eq!(position, Position { frames: 12, seconds: 0.4 });
    }

    #[tokio::test]
    async fn a_failure_says_what_was_done_and_why_it_failed() {
        let task =
            Task::new("reading nothing", ["-i", "file:/nowhere.mp4", "-f", "null", "-"], Duration::MAX);
        let error = run(&task, &mut |_| (), &CancellationToken::new()).await.unwrap_err().to_string();
        assert!(error.starts_with("reading nothing failed (exit status: "), "{error}");
        assert!(error.contains("No such file"), "{error}");
    }

    #[tokio::test]
    async fn the_deadline_and_the_stop_end_an_endless_run() {
        let error = run(&shell(0), &mut |_| (), &CancellationToken::new()).await.unwrap_err();
        assert!(matches!(error, FfmpegError::TooLong { seconds: 0, .. }), "{error}");
        let stop = CancellationToken::new();
        let at_first_report = stop.clone();
        let error = run(&shell(600), &mut |_| at_first_report.cancel(), &stop).await.unwrap_err();
        assert!(matches!(error, FfmpegError::Stopped { .. }), "{error}");
    }

    #[tokio::test]
    async fn frames_go_in_and_bytes_come_out() {
        let (tx, frames) = mpsc::channel(1);
        let (written, mut back) = mpsc::channel(2);
        let folder = tempfile::tempdir().unwrap();
        let out = folder.path().join("out.raw");
        let size = ["-f", "rawvideo", "-pix_fmt", "gray", "-s", "16x16", "-i", "pipe:0", "-f", "rawvideo"];
        let mut args: Vec<OsString> = size.iter().map(OsString::from).collect();
        args.push(out.clone().into());
        let task = Task::new("copying frames", args, Duration::from_secs(60));
        let filling = tokio::spawn(async move {
            for shade in 0..3u8 {
                tx.send(vec![shade; 256]).await.unwrap();
            }
        });
        feed(&task, Feed { frames, written }, &mut |_| (), &CancellationToken::new()).await.unwrap();
        filling.await.unwrap();
        let bytes = std::fs::read(&out).unwrap();
        assert_eq!((bytes.len(), bytes[0], bytes[256], bytes[767]), (768, 0, 1, 2));
        let buffers = [back.recv().await, back.recv().await, back.recv().await];
        assert_eq!(buffers, [Some(vec![0; 256]), Some(vec![1; 256]), None]);
    }

    #[tokio::test]
    async fn an_answer_beyond_its_limit_is_refused() {
        let args = ["-f", "lavfi", "-i", "color=s=64x64:d=1", "-f", "rawvideo", "pipe:1"];
        let task = Task::new("painting", args, Duration::from_secs(60));
        let error = capture(Tool::Ffmpeg, &task, 1000, &CancellationToken::new()).await.unwrap_err();
        assert!(matches!(error, FfmpegError::TooMuch { bytes_max: 1000, .. }), "{error}");
    }
}
