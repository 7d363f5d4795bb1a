//! Raw frames out of a running ffmpeg, for threads and for tasks.

use tokio::runtime::Handle;
use tokio::sync::mpsc;
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;

use crate::ffmpeg::process::{Pipes, Process, Stdin, fill, widen};
use crate::ffmpeg::run::{Task, bounded, ended};
use crate::ffmpeg::{FfmpegError, Tool};

/// Frames that wait between ffmpeg and their reader. A 1080p frame is 3 MB; two keep both busy.
const WAITING_MAX: usize = 2;

/// Where the readers of one job live: stopping it ends them, waiting for it sees them gone.
#[derive(Clone)]
pub struct Scope {
    stop: CancellationToken,
    tasks: TaskTracker,
    runtime: Handle,
}

impl Scope {
    /// Makes a scope on the current runtime, with a stop of its own below `stop`.
    ///
    /// # Panics
    /// Outside of a tokio runtime.
    pub fn new(stop: &CancellationToken) -> Self {
        Self { stop: stop.child_token(), tasks: TaskTracker::new(), runtime: Handle::current() }
    }

    /// Returns the token that ends everything in this scope.
    pub fn stop(&self) -> &CancellationToken {
        &self.stop
    }

    /// Stops what still runs and waits until every process is gone.
    pub async fn end(&self) {
        self.stop.cancel();
        self.tasks.close();
        self.tasks.wait().await;
    }
}

/// An ffmpeg that writes raw frames of one size to its standard output. Dropping this ends it.
pub struct Frames {
    frames: mpsc::Receiver<Result<Vec<u8>, FfmpegError>>,
    spare: mpsc::Sender<Vec<u8>>,
}

impl Frames {
    /// Starts `task`, whose output must be `-f rawvideo` (or raw sound) on `pipe:1`, and
    /// cuts that into buffers of `frame_bytes`.
    pub fn open(task: Task, frame_bytes: usize, scope: &Scope) -> Self {
        let (tx, frames) = mpsc::channel(WAITING_MAX);
        let (spare, empty) = mpsc::channel(WAITING_MAX);
        let stop = scope.stop.clone();
        scope.tasks.spawn_on(read(task, frame_bytes, (tx, empty), stop), &scope.runtime);
        Self { frames, spare }
    }

    /// Waits for the next frame; none at the end. Call it on a thread that may block.
    ///
    /// # Errors
    /// Whatever ended ffmpeg other than the end of its input.
    pub fn take(&mut self) -> Result<Option<Vec<u8>>, FfmpegError> {
        self.frames.blocking_recv().transpose()
    }

    /// As [`Frames::take`], for a task.
    ///
    /// # Errors
    /// As [`Frames::take`].
    pub async fn next(&mut self) -> Result<Option<Vec<u8>>, FfmpegError> {
        self.frames.recv().await.transpose()
    }

    /// Gives a buffer back that [`Frames::take`] gave, to be filled again: the system clears
    /// each new one, which takes longer than its frame needs to be copied.
    pub fn give_back(&self, buffer: Vec<u8>) {
        // One too many, or one that nobody fills any more, is let go.
        let _ = self.spare.try_send(buffer);
    }
}

type Sender = mpsc::Sender<Result<Vec<u8>, FfmpegError>>;
/// Where frames go, and where their buffers come back.
type Ways = (Sender, mpsc::Receiver<Vec<u8>>);

async fn read(task: Task, frame_bytes: usize, mut ways: Ways, stop: CancellationToken) {
    let (mut process, pipes) = match Process::start(Tool::Ffmpeg, &task.full_args(), Stdin::Closed) {
        Ok(started) => started,
        Err(error) => return tell(error, &ways.0, &stop).await,
    };
    let result = bounded(&task, &stop, pump(&task, &mut process, pipes, frame_bytes, &mut ways)).await;
    process.end().await;
    if let Err(error) = result {
        tell(error, &ways.0, &stop).await;
    }
}

/// Tells the reader what went wrong. One that is gone does not want to know, and one that was stopped
/// may take no more frames: then nobody waits until there is room.
async fn tell(error: FfmpegError, to: &Sender, stop: &CancellationToken) {
    tokio::select! {
        biased;
        _ = to.send(Err(error)) => (),
        () = stop.cancelled() => (),
    }
}

async fn pump(
    task: &Task,
    process: &mut Process,
    mut pipes: Pipes,
    frame_bytes: usize,
    (tx, empty): &mut Ways,
) -> Result<(), FfmpegError> {
    widen(&pipes.stdout);
    loop {
        let empty = empty.try_recv().ok().filter(|buffer| buffer.len() == frame_bytes);
        let mut frame = empty.unwrap_or_else(|| vec![0; frame_bytes]);
        let full = tokio::select! {
            full = fill(&mut pipes.stdout, &mut frame) => full.map_err(|e| task.pipe_error(e))?,
            () = tx.closed() => return Ok(()),
        };
        if !full {
            return ended(task, process).await.map(drop);
        }
        if tx.send(Ok(frame)).await.is_err() {
            return Ok(());
        }
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;

    fn bars(source: &str) -> Task {
        let args = ["-f", "lavfi", "-i", source, "-pix_fmt", "gray", "-f", "rawvideo", "pipe:1"];
        Task::new("painting", args, Duration::from_secs(60))
    }

    #[tokio::test]
    async fn frames_come_one_by_one_and_end() {
        let scope = Scope::new(&CancellationToken::new());
        let mut frames = Frames::open(bars("color=white:s=16x16:r=10:d=0.5"), 256, &scope);
        let count = tokio::task::spawn_blocking(move || {
            let mut count = 0;
            while let Some(frame) = frames.take().unwrap() {
                assert_eq!(frame.len(), 256);
                count += 1;
            }
            count
        });
        assert_eq!(count.await.unwrap(), 5);
        scope.end().await;
    }

    #[tokio::test]
    async fn the_end_of_a_scope_ends_an_endless_reader() {
        let scope = Scope::new(&CancellationToken::new());
        let mut frames = Frames::open(bars("color=white:s=16x16"), 256, &scope);
        let (first, mut frames) = tokio::task::spawn_blocking(move || (frames.take(), frames)).await.unwrap();
        assert!(first.unwrap().is_some());
        // Nobody takes what waits: there is no room for a last word.
        while frames.frames.len() < WAITING_MAX {
            tokio::task::yield_now().await;
        }
        scope.end().await;
        let rest = tokio::task::spawn_blocking(move || {
            loop {
                match frames.take() {
                    Ok(Some(_)) => (),
                    other => break other,
                }
            }
        });
        assert!(matches!(rest.await.unwrap(), Err(FfmpegError::Stopped { .. }) | Ok(None)));
    }
}
