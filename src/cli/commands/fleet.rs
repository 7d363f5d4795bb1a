//! `reel batch --queue`: rows that workers on any machine make; how they stand; to give them up.

use std::time::Duration;

use clap::{Args, Subcommand};
use serde_json::json;

use crate::batch::local::Sum;
use crate::cli::commands::batch::Plan;
use crate::cli::commands::resume::VerdictArgs;
use crate::cli::config::Backend;
use crate::cli::exit::Usage;
use crate::cli::queue::{Cluster, QueueArgs};
use crate::cli::stop::Stop;
use crate::cli::ui::{BatchView, Ui};
use crate::clock::Clock;
use crate::journal::{BatchId, BatchRecord, Journal, RowRecord, RunState, Tally, each_row};
use crate::runtime::Exit;

/// How often the database is asked how far the rows are.
const LOOK: Duration = Duration::from_millis(500);
const SHOWN: usize = 20;

/// What can be asked about a batch that workers make.
#[derive(Debug, Subcommand)]
pub(in crate::cli) enum FleetCommand {
    /// Tell how far a batch of a cluster is
    Status(OfBatch),
    /// Give a batch of a cluster up: no row begins any more, rows that go on write nothing more
    Cancel(OfBatch),
    /// Say what became of a turn in doubt: its row is queued once more
    Settle(Settle),
}

/// A row with a turn in doubt, and the user's word about it.
#[derive(Args, Debug)]
pub(in crate::cli) struct Settle {
    /// The run of the row, or its beginning; `reel batch status` lists those in doubt
    run: String,
    #[command(flatten)]
    verdict: VerdictArgs,
    #[command(flatten)]
    queue: QueueArgs,
}

/// Which batch.
#[derive(Args, Debug)]
pub(in crate::cli) struct OfBatch {
    /// The batch's id or its beginning [default: the newest]
    batch: Option<String>,
    #[command(flatten)]
    queue: QueueArgs,
}

/// Answers a question about a batch of a cluster.
pub(super) fn command(command: &FleetCommand, ui: &Ui) -> anyhow::Result<Exit> {
    let of = match command {
        FleetCommand::Status(of) | FleetCommand::Cancel(of) => of,
        FleetCommand::Settle(settle) => return settle.queue_again(ui),
    };
    let cluster = open(&of.queue)?;
    let record = match &of.batch {
        Some(typed) => cluster.journal.find_batch(typed)?,
        None => {
            let newest = cluster.journal.batches(1)?.pop();
            let hint = "`reel batch SCRIPT --rows FILE --queue URL` makes one";
            newest.ok_or_else(|| Usage::new("the database has no batch yet", hint))?
        }
    };
    match command {
        FleetCommand::Cancel(_) => cancel(&cluster, &record, ui),
        _ => status(&cluster, &record, ui),
    }
}

fn open(queue: &QueueArgs) -> anyhow::Result<Cluster> {
    let none = || Usage::new("no database is named", "name it with `--queue URL` or REEL_QUEUE");
    Ok(queue.open()?.ok_or_else(none)?)
}

impl Settle {
    fn queue_again(&self, ui: &Ui) -> anyhow::Result<Exit> {
        let cluster = open(&self.queue)?;
        let run = cluster.journal.find(&self.run)?;
        let parked = run.ended.as_ref().is_some_and(|(_, ending)| ending.state == RunState::Parked);
        let Some(of) = run.row.filter(|_| parked) else {
            let words = format!("run {} is no row with a turn in doubt", run.id);
            return Err(Usage::new(words, "`reel batch status` lists those").into());
        };
        let undecided =
            || Usage::new("what became of the turn is not said", "say --adopt, --repeat or --fail");
        let verdict = self.verdict.verdict().ok_or_else(undecided)?;
        let gone = || Usage::new(format!("row `{}` is no more in its batch", of.key), "");
        let row = parked_rows(&cluster, &of.batch)?.into_iter().find(|row| row.row.key == of.key);
        cluster.queue.settle(&of.batch, &row.ok_or_else(gone)?.row, (verdict, run.epoch))?;
        ui.result(&format!("row `{}` waits for a worker", of.key), json!({"row": of.key}));
        Ok(Exit::Done)
    }
}

/// The rows of a batch with a turn in doubt.
fn parked_rows(cluster: &Cluster, batch: &BatchId) -> anyhow::Result<Vec<RowRecord>> {
    let mut parked = Vec::new();
    each_row(&*cluster.journal, batch, |record| {
        parked.extend(Some(record).filter(|record| record.ended() == Some(RunState::Parked)));
        Ok(())
    })?;
    Ok(parked)
}

fn status(cluster: &Cluster, record: &BatchRecord, ui: &Ui) -> anyhow::Result<Exit> {
    let (id, tally) = (&record.id, cluster.journal.tally(&record.id)?);
    let (running, cancelled) = (cluster.journal.running(id)?, cluster.journal.is_cancelled(id)?);
    let waiting = (tally.waiting() + tally.open).saturating_sub(running);
    let parts = [
        (tally.failed, "failed"),
        (tally.parked, "in doubt"),
        (running, "running"),
        (waiting, if cancelled { "given up" } else { "waiting" }),
    ];
    let parts = parts.iter().filter(|(rows, _)| *rows > 0);
    let parts: String = parts.map(|(rows, word)| format!(", {rows} {word}")).collect();
    let Tally { rows, finished, credits, .. } = tally;
    let words = format!("batch {id}: {finished} of {rows} rows finished{parts}; {credits} credits");
    let value = json!({
        "batch": id.as_str(),
        "title": record.made_of.title,
        "rows": rows,
        "finished": finished,
        "failed": tally.failed,
        "in_doubt": tally.parked,
        "running": running,
        "waiting": waiting,
        "cancelled": cancelled,
        "credits": credits,
    });
    ui.result(&words, value);
    if tally.parked > 0 {
        for record in parked_rows(cluster, id)?.iter().take(SHOWN) {
            let run = record.run.as_ref().map(|run| run.id.to_string()).unwrap_or_default();
            ui.notice(&format!("in doubt: row `{}`, run {run}", record.row.key));
        }
        ui.notice("`reel batch settle RUN` with `--adopt`, `--repeat` or `--fail` decides");
    }
    Ok(Exit::Done)
}

fn cancel(cluster: &Cluster, record: &BatchRecord, ui: &Ui) -> anyhow::Result<Exit> {
    let id = &record.id;
    let running = cluster.journal.cancel_batch(id, Clock::System.now_ms())?;
    let words = match running {
        0 => String::new(),
        rows => format!("; {rows} rows went on and stop at their next step"),
    };
    ui.result(&format!("batch {id} is given up{words}"), json!({"batch": id.as_str(), "running": running}));
    Ok(Exit::Done)
}

/// Queues the rows of a plan, and follows them to their end unless `detach` says not to.
pub(super) fn spread(plan: &Plan<'_>, cluster: &Cluster, detach: bool) -> anyhow::Result<Exit> {
    if plan.config.backend.value == Backend::Studio {
        let hint = "start one with `reel studio` where all workers reach it, and name it with --backend URL";
        return Err(Usage::new("each worker would have a studio of its own", hint).into());
    }
    let before = cluster.journal.tally(&plan.batch)?;
    cluster.journal.uncancel_batch(&plan.batch)?;
    let rows = cluster.queue.fill(&plan.batch, &plan.args.rules(plan.config), plan.args.lanes())?;
    plan.announce(&before, rows);
    if rows == 0 {
        return Ok(plan.nothing_left(&before));
    }
    if detach {
        let words =
            format!("{rows} rows wait for `reel worker`; `reel batch status {}` tells of them", plan.batch);
        plan.ui.result(&words, json!({"batch": plan.batch.as_str(), "queued": rows}));
        return Ok(Exit::Done);
    }
    plan.ui.notice("`reel worker --queue URL` makes them, on as many machines as you like");
    let view = BatchView::new(plan.ui, rows);
    let followed = follow(plan, cluster, &before, &view);
    view.end();
    if !followed? {
        plan.ui.notice(&format!(
            "the workers go on; `reel batch status {0}` tells of them, `reel batch cancel {0}` gives them up",
            plan.batch
        ));
        return Ok(Exit::Stopped);
    }
    let after = cluster.journal.tally(&plan.batch)?;
    let cancelled = cluster.journal.is_cancelled(&plan.batch)?;
    let left = after.waiting() + after.open > 0;
    let refused = plan.config.credits_max.is_some() && left && !cancelled;
    plan.told(&since(&before, &after), cancelled, refused)
}

/// Shows how far the rows are, until none is left; false when the user looks no longer.
fn follow(plan: &Plan<'_>, cluster: &Cluster, before: &Tally, view: &BatchView) -> anyhow::Result<bool> {
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(1).enable_all().build()?;
    let stop = Stop::listen(&runtime, plan.ui, None)?;
    loop {
        let busy = cluster.queue.is_busy(Some(&plan.batch))?;
        let now = cluster.journal.tally(&plan.batch)?;
        view.counted(&since(before, &now));
        if !busy {
            return Ok(true);
        }
        let stopped = runtime.block_on(async {
            tokio::select! {
                () = stop.token.cancelled() => true,
                () = tokio::time::sleep(LOOK) => false,
            }
        });
        if stopped {
            return Ok(false);
        }
    }
}

/// What came of the rows since then.
fn since(before: &Tally, now: &Tally) -> Sum {
    Sum {
        finished: now.finished.saturating_sub(before.finished),
        failed: now.failed,
        parked: now.parked,
        stopped: 0,
        credits: now.credits - before.credits,
    }
}
