//! Ctrl-C: the first one stops in order, the second at once.

use std::io;
use std::process;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use rustix::process::{Pid, Signal as Sent, kill_process};
use tokio::runtime::Runtime;
use tokio::signal::unix::{Signal, SignalKind, signal};
use tokio_util::sync::CancellationToken;

use crate::cli::exit::Exit;
use crate::cli::ui::Ui;
use crate::ffmpeg;

/// How long the second Ctrl-C waits for children to be killed before the process goes.
const HURRY_WAIT: Duration = Duration::from_secs(2);

/// Two stages of stopping.
#[derive(Clone, Debug)]
pub(super) struct Stop {
    /// Cancelled at the first signal: end what runs, leave nothing half done.
    pub(super) token: CancellationToken,
    /// Cancelled at the second: wait for nothing any more.
    pub(super) hurry: CancellationToken,
}

/// The stop of the line that a console runs now. Clones are of the same console.
#[derive(Clone, Debug, Default)]
pub(super) struct LineStop(Arc<Mutex<CancellationToken>>);

impl LineStop {
    /// Returns the stop of a new line.
    pub(super) fn next(&self) -> CancellationToken {
        let token = CancellationToken::new();
        *self.lock() = token.clone();
        token
    }

    /// Stops the line; returns whether it had not been stopped before.
    fn stop(&self) -> bool {
        let token = self.lock();
        let first = !token.is_cancelled();
        token.cancel();
        first
    }

    fn lock(&self) -> MutexGuard<'_, CancellationToken> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Stop {
    /// Starts to listen for Ctrl-C, and for SIGTERM and SIGHUP, which count as one. In a
    /// console the first Ctrl-C stops its line only.
    ///
    /// # Errors
    /// When the system takes no signal handlers.
    pub(super) fn listen(runtime: &Runtime, ui: &Arc<Ui>, line: Option<LineStop>) -> io::Result<Self> {
        let stop = Self { token: CancellationToken::new(), hurry: CancellationToken::new() };
        let _inside = runtime.enter();
        let mut signals = Signals {
            interrupt: signal(SignalKind::interrupt())?,
            terminate: signal(SignalKind::terminate())?,
            hang_up: signal(SignalKind::hangup())?,
        };
        let (told, ui) = (stop.clone(), Arc::clone(ui));
        runtime.spawn(async move {
            loop {
                let end = signals.next().await;
                let line_only = end == SignalKind::interrupt() && line.as_ref().is_some_and(LineStop::stop);
                if !line_only {
                    break;
                }
            }
            told.token.cancel();
            if let Some(line) = &line {
                line.stop();
            }
            ui.notice("stopping; once more stops at once");
            signals.next().await;
            told.hurry.cancel();
            tokio::time::sleep(HURRY_WAIT).await;
            ffmpeg::kill_all();
            process::exit(Exit::Stopped.code().into());
        });
        Ok(stop)
    }
}

/// Sends to another process of this program what Ctrl-C sends.
///
/// # Errors
/// There is no such process, or it is somebody else's.
pub(super) fn interrupt(pid: u32) -> io::Result<()> {
    let pid = i32::try_from(pid).ok().and_then(Pid::from_raw);
    let pid = pid.ok_or_else(|| io::Error::other("it has not said its number yet; try again"))?;
    Ok(kill_process(pid, Sent::INT)?)
}

struct Signals {
    interrupt: Signal,
    terminate: Signal,
    hang_up: Signal,
}

impl Signals {
    async fn next(&mut self) -> SignalKind {
        tokio::select! {
            _ = self.interrupt.recv() => SignalKind::interrupt(),
            _ = self.terminate.recv() => SignalKind::terminate(),
            _ = self.hang_up.recv() => SignalKind::hangup(),
        }
    }
}
