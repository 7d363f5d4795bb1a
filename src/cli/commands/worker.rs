//! `reel worker`: makes rows of batches that a queue hands out.

use std::collections::BTreeMap;
use std::num::NonZeroUsize;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::mpsc::{self, Receiver, Sender};
use std::thread::{self, Scope};
use std::time::Duration;

use anyhow::Context;
use clap::Args;

use crate::batch::queue::{Answer, Order, Terms, Ticket};
use crate::batch::row::{BACKOFF, Shared, Told};
use crate::cli::Global;
use crate::cli::commands::batch::at_once;
use crate::cli::config::{Config, Env, Origin};
use crate::cli::exit::{Exit, Usage, explain};
use crate::cli::kept::Recipe;
use crate::cli::limits;
use crate::cli::queue::{Cluster, QueueArgs};
use crate::cli::stop::Stop;
use crate::cli::ui::{BatchView, Ui};
use crate::cli::work::{Given, work};
use crate::host::{Means, Run};
use crate::journal::{BatchId, BatchRecord, Journal, JournalError, RowRecord, RunState};
use crate::runtime::{self, Program, Script};

/// Arguments of `reel worker`.
#[derive(Args, Debug)]
#[command(after_help = HELP)]
pub(in crate::cli) struct WorkerArgs {
    #[command(flatten)]
    queue: QueueArgs,
    /// Rows that are made at once [default: the cores of this machine]
    #[arg(long, value_name = "N", value_parser = at_once)]
    parallel: Option<usize>,
    /// End when no row is left, also none that other workers make
    #[arg(long)]
    once: bool,
}

const HELP: &str = "\
Makes the rows of every batch in the database, with the script and the settings that the batch was
made with; the token comes from this machine's environment, and --out, --backend count here when
they are given. Media and --out lie in a folder that all machines share, or media are URLs. A row
whose worker dies is gone on with by another one: nothing is paid twice. Ctrl-C ends the rows in
order and gives them back.

Examples:
  REEL_QUEUE=postgres://reel@db/reel reel worker --parallel 4
  reel worker --queue postgres://reel@db/reel --once";

/// A command line that makes rows of batches, each with the settings of its batch.
pub(in crate::cli) struct Worker<'a> {
    pub(in crate::cli) flags: &'a Global,
    pub(in crate::cli) env: Env<'a>,
    pub(in crate::cli) ui: &'a Arc<Ui>,
}

/// A batch whose rows this worker makes.
struct Bench {
    record: BatchRecord,
    config: Arc<Config>,
    script: Script,
    program: Program,
    /// The folder that the batch was started in.
    folder: PathBuf,
}

impl Worker<'_> {
    /// Makes rows until Ctrl-C, or until none is left.
    pub(in crate::cli) fn work(&self, args: &WorkerArgs) -> anyhow::Result<Exit> {
        let none = || Usage::new("no database is named", "name it with `--queue URL` or REEL_QUEUE");
        let cluster = args.queue.open()?.ok_or_else(none)?;
        let async_runtime =
            tokio::runtime::Builder::new_multi_thread().worker_threads(1).enable_all().build();
        let async_runtime = async_runtime.context("the async runtime cannot start")?;
        let stop = Stop::listen(&async_runtime, self.ui, None).context("signals cannot be handled")?;
        let cores = thread::available_parallelism().map_or(1, NonZeroUsize::get);
        let parallel = args.parallel.unwrap_or(cores);
        limits::files_for(parallel)?;
        let terms = Terms { parallel, lease: cluster.lease, once: args.once, stop: stop.token.clone() };
        self.ui.notice(&format!(
            "taking rows from {}, {} at once; Ctrl-C ends in order",
            cluster.journal.place(),
            terms.parallel
        ));
        let (sender, orders) = mpsc::channel();
        let ended = thread::scope(|scope| {
            let (queue, told) = (&cluster.queue, stop.token.clone());
            let taking = scope.spawn(move || {
                let ended = queue.work(terms, Arc::new(move |order| drop(sender.send(order))));
                // Rows that go on have nobody to tell any more.
                told.cancel();
                ended
            });
            self.hand_out(scope, (&cluster, &stop), orders);
            taking.join()
        });
        ended.map_err(|_| anyhow::anyhow!("the queue has panicked"))??;
        Ok(if stop.token.is_cancelled() && !args.once { Exit::Stopped } else { Exit::Done })
    }

    /// Gives each order to the bench of its batch, which is set up with the first one.
    fn hand_out<'scope>(
        &self,
        scope: &'scope Scope<'scope, '_>,
        (cluster, stop): (&'scope Cluster, &'scope Stop),
        orders: Receiver<Order>,
    ) {
        let mut benches: BTreeMap<String, Sender<Order>> = BTreeMap::new();
        for order in orders {
            let batch = order.ticket.batch.clone();
            let sent = match benches.get(&batch) {
                Some(bench) => bench.send(order).map_err(|back| back.0),
                None => Err(order),
            };
            // There is none yet, or it is gone.
            let Err(order) = sent else { continue };
            match self.bench(cluster, &batch) {
                Ok(bench) => {
                    let (sender, orders) = mpsc::channel();
                    // It waits for its bench.
                    let _ = sender.send(order);
                    benches.insert(batch, sender);
                    let ui = Arc::clone(self.ui);
                    scope.spawn(move || bench.make(cluster, stop, &ui, orders));
                }
                // The order is dropped, and so goes back to the queue.
                Err(error) => self.ui.error(&explain(&error).0),
            }
        }
    }

    /// Reads what a batch was made with.
    fn bench(&self, cluster: &Cluster, batch: &str) -> anyhow::Result<Bench> {
        let record = cluster.journal.find_batch(batch)?;
        let other = || {
            let words = format!("batch {} was made by another version of reel", record.id);
            Usage::new(words, "use that version for its workers, too")
        };
        let recipe: Recipe = serde_json::from_value(record.made_of.setup.clone()).map_err(|_| other())?;
        let mut config = Config::load(&recipe.elsewhere(self.flags), self.env)?;
        config.backend.from = Origin::Run;
        let path = recipe.folder.join(&record.made_of.title);
        let script = Script {
            folder: path.parent().map(Path::to_path_buf),
            ..Script::from_text(&record.made_of.title, &record.made_of.source)
        };
        let program = Program::of(&script)?;
        Ok(Bench { record, config: Arc::new(config), script, program, folder: recipe.folder })
    }
}

impl Bench {
    /// Makes the rows that are ordered, each on a thread of its own, until no more can come.
    fn make(&self, cluster: &Cluster, stop: &Stop, ui: &Arc<Ui>, orders: Receiver<Order>) {
        let given = Given {
            inputs: self.script.folder.iter().chain([&self.folder]).cloned().collect(),
            words: self.script.text.clone(),
            stop: Some(stop.clone()),
            ..Given::default()
        };
        let rows = cluster.journal.tally(&self.record.id).map_or(0, |tally| tally.rows - tally.finished);
        let view = Arc::new(BatchView::of_worker(ui, rows));
        let worked = work(&self.config, ui, given, |run| {
            thread::scope(|scope| {
                for order in orders {
                    let (bench, view) = (self, &view);
                    let row = thread::Builder::new().name("row".to_owned()).stack_size(runtime::STACK_BYTES);
                    // Where the system gives no thread the order is dropped, and goes back.
                    let _ = row.spawn_scoped(scope, move || bench.answer(cluster, run, view, order));
                }
            });
            view.end();
            Ok(Exit::Done)
        });
        if let Err(error) = worked {
            ui.error(&explain(&error).0);
        }
    }

    fn answer(&self, cluster: &Cluster, run: &Run, view: &Arc<BatchView>, order: Order) {
        let Order { ticket, answer } = order;
        let answered = match self.row(cluster, run, view, &ticket) {
            Ok(answered) => answered,
            Err(JournalError::Fenced(_)) => Answer::Lost,
            Err(error) => {
                view.trouble(&error);
                return;
            }
        };
        // Nobody hears it when the queue has been left: then the row is taken up once more, and
        // its journal tells that it is done.
        let _ = answer.send(answered);
    }

    fn row(
        &self,
        cluster: &Cluster,
        run: &Run,
        view: &Arc<BatchView>,
        ticket: &Ticket,
    ) -> Result<Answer, JournalError> {
        let (journal, batch) = (&cluster.journal, &self.record.id);
        // A row that has changed or moved since has a job of its own.
        let Some(record) = found(&**journal, batch, ticket)? else { return Ok(Answer::Over) };
        if is_over(&record) || journal.is_cancelled(batch)? {
            return Ok(Answer::Over);
        }
        let max = self.config.credits_max;
        let spent = if max.is_some() { journal.tally(batch)?.credits } else { 0.0 };
        if max.is_some_and(|max| spent >= max) {
            return Ok(Answer::Over);
        }
        let told = Arc::clone(view);
        // The word is about the turn that was in doubt then: whoever began the row since has used it.
        let epoch = record.run.as_ref().map(|run| run.epoch);
        let word = ticket.verdict.filter(|(_, then)| epoch == Some(*then));
        let shared = Shared {
            batch,
            program: &self.program,
            journal: Arc::clone(journal) as Arc<dyn Journal>,
            run,
            means: Arc::new(Means::new(max, spent, usize::MAX).shared()),
            verdict: word.map(|(verdict, _)| verdict),
            // The queue waits, so that somebody else can try.
            backoff: &[],
            tell: Arc::new(move |row, what| told.told(row, what)),
        };
        let row = record.row.clone();
        let made = shared.make(Box::new(record)).inspect_err(|_| view.told(&row, Told::Elsewhere))?;
        Ok(match made {
            None if found(&**journal, batch, ticket)?.is_none_or(|record| is_over(&record)) => Answer::Over,
            None => Answer::Again(cluster.lease / 2, ticket.tries),
            Some(end) if end.outcome.exit == Exit::Stopped => Answer::Again(Duration::ZERO, ticket.tries),
            Some(end) => match BACKOFF.get(ticket.tries).filter(|_| end.free) {
                Some(wait) => Answer::Again(*wait, ticket.tries + 1),
                None => Answer::Over,
            },
        })
    }
}

/// The row of a ticket as it is now; none when it has changed, moved or is gone.
fn found(journal: &dyn Journal, batch: &BatchId, ticket: &Ticket) -> Result<Option<RowRecord>, JournalError> {
    let record = journal.rows(batch, ticket.number.saturating_sub(1), 1)?.pop();
    Ok(record.filter(|record| record.row.key == ticket.key && record.row.print == ticket.print))
}

fn is_over(record: &RowRecord) -> bool {
    matches!(record.ended(), Some(RunState::Finished | RunState::Cancelled))
}
