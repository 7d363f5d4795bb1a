//! The only place that blocks a script on a future. A stop, a deadline and a panic end the wait.

use std::future::Future;

use tokio::sync::mpsc::UnboundedReceiver;
use tokio::task::JoinHandle;

use crate::host::failure::{Failure, Kind};
use crate::host::row::Row;
use crate::host::run::Run;

/// Runs the future that `begin` makes on the async runtime and parks this thread until it is
/// done. When the run is stopped or out of time, the future is dropped at its next await and the
/// wait ends at once.
///
/// Must not be called on a thread of the async runtime.
///
/// # Errors
/// What the future fails with; `Stopped` and `Limit`; `Bug` when it panicked.
pub(super) fn block_on<T, F>(run: &Run, begin: impl FnOnce() -> F + Send + 'static) -> Result<T, Failure>
where
    T: Send + 'static,
    F: Future<Output = Result<T, Failure>> + Send + 'static,
{
    let job = begun(run, begin);
    run.runtime().block_on(job).unwrap_or_else(|error| Err(panicked(&error)))
}

/// Starts a future. It is made by the runtime, and on the heap, so that a thousand threads that wait
/// do not each hold kilobytes of it on their stacks.
#[inline(never)]
fn begun<T, F>(run: &Run, begin: impl FnOnce() -> F + Send + 'static) -> JoinHandle<Result<T, Failure>>
where
    T: Send + 'static,
    F: Future<Output = Result<T, Failure>> + Send + 'static,
{
    let future = async move { Box::pin(begin()).await };
    run.runtime().spawn(Row::current().carried(guarded(run.clone(), future)))
}

/// Parks this thread until something was heard; none when nothing more will be.
///
/// # Errors
/// `Stopped` and `Limit`.
pub(super) fn next<T>(run: &Run, heard: &mut UnboundedReceiver<T>) -> Result<Option<T>, Failure> {
    run.runtime().block_on(guarded(run.clone(), async { Ok(heard.recv().await) }))
}

/// Starts `future` in the background. The run's end waits for it; see [`background`].
pub(super) fn spawn(run: &Run, future: impl Future<Output = ()> + Send + 'static) {
    let guard = run.clone();
    let guarded = async move {
        // A stop drops the work: its step stays unfinished, which is the truth.
        let done = async move {
            future.await;
            Ok(())
        };
        let _ended = guarded(guard, done).await;
    };
    run.keep(run.runtime().spawn(Row::current().carried(guarded)));
}

/// Waits for everything that [`spawn`] started and that is not done yet.
///
/// # Errors
/// `Bug` when one of them panicked.
pub(super) fn background(run: &Run, jobs: Vec<JoinHandle<()>>) -> Result<(), Failure> {
    let join = |job: JoinHandle<()>| run.runtime().block_on(job).map_err(|error| panicked(&error));
    jobs.into_iter().map(join).fold(Ok(()), Result::and)
}

async fn guarded<T>(run: Run, future: impl Future<Output = Result<T, Failure>>) -> Result<T, Failure> {
    tokio::select! {
        biased;
        ended = run.until_ended() => Err(ended),
        result = future => result,
    }
}

fn panicked(error: &tokio::task::JoinError) -> Failure {
    Failure::new(Kind::Bug, format!("a call broke down: {error}"))
        .hint("this is a mistake in reel; please report it with the script")
}
