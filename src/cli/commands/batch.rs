//! `reel batch`: a script over the rows of a table.

use std::collections::BTreeMap;
use std::fs::File;
use std::num::NonZeroUsize;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::thread;

use clap::Args;
use serde_json::json;
use sha2::{Digest, Sha256};

use crate::batch::fit::{Checked, Problem};
use crate::batch::local::{self, PARALLEL_MAX, Rules, Sum};
use crate::batch::moved;
use crate::batch::row::{BACKOFF, Shared};
use crate::batch::shard::Shard;
#[cfg(feature = "cluster")]
use crate::cli::commands::fleet::{self, FleetCommand};
use crate::cli::commands::run::{has_mistakes, name_and_value};
use crate::cli::config::{Backend, Config, absolute_path};
use crate::cli::exit::Usage;
use crate::cli::kept::{Ended, Recipe};
use crate::cli::limits;
#[cfg(feature = "cluster")]
use crate::cli::queue::QueueArgs;
use crate::cli::rows::RowsArgs;
use crate::cli::ui::{BatchView, Column, Row, Ui};
use crate::cli::work::{Given, work};
use crate::clock::Clock;
use crate::host::Means;
use crate::journal::{BatchId, Journal, JournalError, NewBatch, Sqlite, Tally, each_row};
use crate::runtime::{Exit, Program, Script};

/// Rows of a dry run that are shown.
const SHOWN: usize = 20;
/// Rows that the cloud works on at once when nobody says how many.
const CLOUD_PARALLEL: usize = 4;
/// Turns that one token of the cloud takes at once when nobody says how many: users of it
/// report that sessions at the same time are capped.
const CLOUD_TURNS: usize = 2;

/// Arguments of `reel batch`.
#[derive(Args, Debug)]
#[command(after_help = help(), args_conflicts_with_subcommands = true, subcommand_negates_reqs = true)]
pub(in crate::cli) struct BatchArgs {
    /// The script, a .rhai file
    #[arg(required = true)]
    script: Option<PathBuf>,
    #[cfg(feature = "cluster")]
    #[command(subcommand)]
    command: Option<FleetCommand>,
    #[command(flatten)]
    rows: RowsArgs,
    /// Value of a param for all rows; may be repeated
    #[arg(short, long = "param", value_name = "NAME=VALUE", value_parser = name_and_value)]
    params: Vec<(String, String)>,
    /// Rows that are made at once [default: the cores of this machine, 4 on the cloud]
    #[arg(long, value_name = "N", value_parser = at_once)]
    parallel: Option<usize>,
    /// Turns that go on at once under one token; with --queue, rows on all machines together
    /// [default: as many as rows, 2 on the cloud]
    #[arg(long, value_name = "K", value_parser = at_once)]
    per_token: Option<usize>,
    /// Make only rows that failed before or have a turn in doubt
    #[arg(long)]
    only_failed: bool,
    /// Begin no other row once one has failed
    #[arg(long)]
    fail_fast: bool,
    /// Make only this machine's share: 2/4 is the second of four
    #[arg(long, value_name = "I/N")]
    shard: Option<Shard>,
    /// The script was changed: what is done stays, the other rows go on with it as it is now
    #[arg(long, conflicts_with = "anew")]
    edited: bool,
    /// Make every row once more
    #[arg(long)]
    anew: bool,
    /// Check the rows and list them; nothing is sent
    #[arg(long)]
    dry_run: bool,
    #[cfg(feature = "cluster")]
    #[command(flatten)]
    queue: QueueArgs,
    /// Only queue the rows; `reel batch status` tells how far they are
    #[cfg(feature = "cluster")]
    #[arg(long, help_heading = "Many machines")]
    detach: bool,
}

const HELP: &str = "\
Columns fill the params of the script by name. All rows are checked before the first one begins,
each is made exactly once, and each has a folder of its own below --out. The same command goes on
where the last one ended, and makes rows that are new or have changed. -q shows only results.

Examples:
  reel batch promo.rhai --rows rows.csv --key sku --out out
  reel batch promo.rhai --rows rows.csv --name '{city}/{sku}' --parallel 8 --max-credits 2000
  reel batch social_set.rhai --matrix style=calm,bold --matrix format=vertical,square
  reel batch scripts/quick_edit.rhai --each clip='clips/*.mp4' --dry-run
  reel batch promo.rhai --rows rows.csv --only-failed";

const HELP_CLUSTER: &str = "
  reel batch promo.rhai --rows rows.csv --out /shared/out --queue postgres://reel@db/reel

With --queue the rows wait in a database for `reel worker`, on any machine. Each worker looks at
--max-credits before a row begins, so that rows made at the same time may pass it together.";

fn help() -> String {
    format!("{HELP}{}", if cfg!(feature = "cluster") { HELP_CLUSTER } else { "" })
}

/// Makes every row that is not done.
pub(in crate::cli) fn batch(args: &BatchArgs, config: &Arc<Config>, ui: &Arc<Ui>) -> anyhow::Result<Exit> {
    #[cfg(feature = "cluster")]
    if let Some(command) = &args.command {
        return fleet::command(command, ui);
    }
    let script = Script::load(args.script())?;
    if has_mistakes(&script, ui) {
        return Ok(Exit::Usage);
    }
    let constants: BTreeMap<String, String> = args.params.iter().cloned().collect();
    let Some(checked) = args.rows.checked(&script, constants, config, ui)? else { return Ok(Exit::Usage) };
    if args.dry_run {
        return dry_run(&checked, ui);
    }
    #[cfg(feature = "cluster")]
    if let Some(cluster) = args.queue.open()? {
        let journal: Arc<dyn Journal> = Arc::clone(&cluster.journal) as _;
        let plan = args.plan(journal, None, &script, &checked, (config, ui))?;
        return fleet::spread(&Plan { fleet: true, ..plan }, &cluster, args.detach);
    }
    let journal = Arc::new(Sqlite::open(&config.journal)?);
    args.plan(Arc::clone(&journal) as _, Some(&journal), &script, &checked, (config, ui))?.go()
}

/// A batch whose rows are in the journal.
pub(super) struct Plan<'a> {
    pub(super) args: &'a BatchArgs,
    pub(super) config: &'a Arc<Config>,
    pub(super) ui: &'a Arc<Ui>,
    script: &'a Script,
    journal: Arc<dyn Journal>,
    pub(super) batch: BatchId,
    /// Keeps the batch from being forgotten, also between two rows.
    _attended: Option<File>,
    /// Workers make its rows.
    fleet: bool,
}

impl Plan<'_> {
    fn go(&self) -> anyhow::Result<Exit> {
        let tally = self.journal.tally(&self.batch)?;
        let mut rules = self.args.rules(self.config);
        let rows = wanted(&*self.journal, &self.batch, &rules)?;
        let turns = self.args.turns(self.config, rules.parallel);
        // No thread without a row.
        rules.parallel = usize::try_from(rows).map_or(rules.parallel, |rows| rules.parallel.min(rows));
        self.announce(&tally, rows);
        if rows == 0 {
            return self.nothing_to_make(&tally, &rules);
        }
        limits::files_for(rules.parallel)?;
        let program = Program::of(self.script)?;
        let means = Arc::new(Means::new(self.config.credits_max, tally.credits, turns));
        let view = Arc::new(BatchView::new(self.ui, rows));
        let given = Given {
            inputs: self.script.folder.clone().into_iter().collect(),
            words: self.script.text.clone(),
            ..Given::default()
        };
        work(self.config, self.ui, given, |run| {
            let told = Arc::clone(&view);
            let shared = Shared {
                batch: &self.batch,
                program: &program,
                journal: Arc::clone(&self.journal),
                run,
                means: Arc::clone(&means),
                verdict: self.config.batch.as_ref().and_then(|going| going.verdict),
                backoff: &BACKOFF,
                tell: Arc::new(move |row, what| told.told(row, what)),
            };
            let sum = local::run(&shared, &rules);
            view.end();
            let sum = sum?;
            let stopped = run.ended().is_some();
            Ok(Ended::from(self.told(&sum, stopped, means.is_refused())?))
        })
    }

    /// How a command ends that finds no row to make.
    pub(super) fn nothing_left(&self, tally: &Tally) -> Exit {
        if tally.failed + tally.parked > 0 { Exit::Failed } else { Exit::Done }
    }

    /// As [`Plan::nothing_left`]; but a row that was asked for by its run must be there.
    fn nothing_to_make(&self, tally: &Tally, rules: &Rules) -> anyhow::Result<Exit> {
        let Some(key) = &rules.only else { return Ok(self.nothing_left(tally)) };
        let words = format!("row `{key}` of batch {} is not there to be made", self.batch);
        Err(Usage::new(words, "it is no more in the table, or it is done").into())
    }

    pub(super) fn announce(&self, tally: &Tally, rows: u64) {
        let Tally { rows: all, finished, credits, .. } = *tally;
        let done = match finished {
            0 => String::new(),
            done => format!(", {done} done before for {credits} credits"),
        };
        self.ui.notice(&format!("batch {}: {all} rows{done}, {rows} to make", self.batch));
        self.ui.record(
            "batch",
            &json!({"batch": self.batch.as_str(), "rows": all, "done": finished, "to_make": rows}),
        );
    }

    /// Says what came of it; returns how the command ends.
    pub(super) fn told(&self, sum: &Sum, stopped: bool, refused: bool) -> anyhow::Result<Exit> {
        let tally = self.journal.tally(&self.batch)?;
        let (batch, left) = (&self.batch, tally.waiting() + tally.open);
        let parts = [(tally.failed, "failed"), (tally.parked, "in doubt"), (left, "not made")];
        let others = parts.iter().filter(|(rows, _)| *rows > 0);
        let others: String = others.map(|(rows, word)| format!(", {rows} {word}")).collect();
        let words = format!(
            "{} of {} rows finished{others}; {} credits, {} in all",
            tally.finished, tally.rows, sum.credits, tally.credits
        );
        self.ui.result(&words, self.record(&tally, sum));
        let exit = match sum {
            _ if stopped => Exit::Stopped,
            sum if sum.parked > 0 => Exit::InDoubt,
            _ if refused => Exit::Limit,
            sum if sum.failed > 0 => Exit::Failed,
            _ => Exit::Done,
        };
        match exit {
            _ if self.fleet => self.ui.notice(&format!(
                "`reel batch status {batch}` tells of them; the same command makes what is left"
            )),
            Exit::Done => self.ui.notice(&format!("`reel report {batch}` shows them")),
            Exit::InDoubt => self.ui.notice(&format!(
                "`reel report {batch}` shows which rows are in doubt; `reel resume ROW-RUN` looks again, and \
                 with `--adopt` takes the turn for done, with `--repeat` sends it again, with `--fail` gives it up"
            )),
            Exit::Limit => self.ui.notice(&format!(
                "the limit of credits is reached; `reel resume {batch} --max-credits N` goes on with a higher one"
            )),
            Exit::Stopped => self.ui.stopped_batch(batch),
            _ => self.ui.notice(&format!(
                "`reel report {batch}` shows what went wrong; `reel resume {batch}` tries these rows again"
            )),
        }
        Ok(exit)
    }

    fn record(&self, tally: &Tally, sum: &Sum) -> serde_json::Value {
        json!({
            "batch": self.batch.as_str(),
            "rows": tally.rows,
            "finished": tally.finished,
            "failed": tally.failed,
            "in_doubt": tally.parked,
            "not_made": tally.waiting() + tally.open,
            "credits": sum.credits,
            "credits_in_all": tally.credits,
        })
    }
}

impl BatchArgs {
    fn script(&self) -> &Path {
        self.script.as_deref().unwrap_or(Path::new(""))
    }

    /// Returns the lanes in which workers make rows: as many as turns may go on under one token.
    #[cfg(feature = "cluster")]
    pub(super) fn lanes(&self) -> Option<usize> {
        self.per_token
    }

    /// Writes the batch and its rows. Others of this machine are kept out until it has found its
    /// batch: first commands at the same time, for a shard each perhaps, have one.
    fn plan<'a>(
        &'a self,
        journal: Arc<dyn Journal>,
        local: Option<&Sqlite>,
        script: &'a Script,
        checked: &Checked,
        (config, ui): (&'a Arc<Config>, &'a Arc<Ui>),
    ) -> anyhow::Result<Plan<'a>> {
        let alone = local.map(Sqlite::alone).transpose()?;
        let batch = self.found_or_made(&*journal, script, config)?;
        let attended = local.map(|local| local.attend(&batch)).transpose()?;
        drop(alone);
        let jobs = checked.jobs().map_err(|problem| changed(&problem))?;
        journal.set_rows(&batch, &mut jobs.map(|job| job.map_err(|problem| changed(&problem))))?;
        if let Some(overwrites) = moved::overwrites(&*journal, &batch)? {
            let hint = "rows have moved in the table since they were made; name the others in another way, \
                        such as `--name '{key}'`, or make every row once more with `--anew`";
            return Err(Usage::new(overwrites.to_string(), hint).into());
        }
        Ok(Plan { args: self, config, ui, script, journal, batch, _attended: attended, fleet: false })
    }

    /// Finds the batch that the same command made before, or makes it.
    fn found_or_made(
        &self,
        journal: &dyn Journal,
        script: &Script,
        config: &Config,
    ) -> anyhow::Result<BatchId> {
        let going = config.batch.as_ref();
        let new = NewBatch {
            title: self.script().display().to_string(),
            mark: self.mark(config),
            source: script.text.clone(),
            setup: serde_json::to_value(Recipe::of(config))?,
        };
        let known = match going {
            Some(going) => Some(journal.find_batch(going.id.as_str())?),
            None => journal.latest_batch(&new.mark)?.filter(|_| !self.anew),
        };
        let Some(known) = known else { return Ok(journal.create_batch(&new, Clock::System.now_ms())?) };
        // Who goes on with it says so anew: the flag of an old command does not count.
        let edited = going.map_or(self.edited, |going| going.edited);
        if edited || known.made_of.source == new.source {
            // `reel resume` goes on with the last command, not with the first one.
            if known.made_of != new {
                journal.edit_batch(&known.id, &new)?;
            }
            return Ok(known.id);
        }
        let words = format!("`{}` has changed since batch {} began", new.title, known.id);
        let hint = "`--edited` keeps what is done and goes on with it as it is now, `--anew` makes every row \
                    once more";
        Err(Usage::new(words, hint).into())
    }

    /// The same for the same script, rows, output folder, backend and skill.
    fn mark(&self, config: &Config) -> String {
        let parts = [
            absolute_path(self.script()).display().to_string(),
            self.rows.mark(),
            absolute_path(&config.out.value).display().to_string(),
            config.backend.value.name().to_owned(),
            config.profile.name.clone(),
        ];
        let digest = parts.iter().fold(Sha256::new(), |digest, part| {
            digest.chain_update((part.len() as u64).to_be_bytes()).chain_update(part)
        });
        digest.finalize().iter().map(|byte| format!("{byte:02x}")).collect()
    }

    pub(super) fn rules(&self, config: &Config) -> Rules {
        let cores = thread::available_parallelism().map_or(1, NonZeroUsize::get);
        let usual = if config.backend.value == Backend::Nemo { CLOUD_PARALLEL } else { cores };
        Rules {
            parallel: self.parallel.unwrap_or(usual),
            only_failed: self.only_failed,
            only: config.batch.as_ref().and_then(|going| going.key.clone()),
            fail_fast: self.fail_fast,
            shard: self.shard,
        }
    }

    fn turns(&self, config: &Config, parallel: usize) -> usize {
        let usual = if config.backend.value == Backend::Nemo { CLOUD_TURNS } else { parallel };
        self.per_token.unwrap_or(usual)
    }
}

/// Counts the rows that are to be made.
fn wanted(journal: &dyn Journal, batch: &BatchId, rules: &Rules) -> Result<u64, JournalError> {
    let mut count = 0;
    each_row(journal, batch, |record| {
        count += u64::from(rules.want(&record));
        Ok(())
    })?;
    Ok(count)
}

/// The rows were right a moment ago.
fn changed(problem: &Problem) -> JournalError {
    JournalError::Rows(problem.to_string())
}

/// Lists the rows; all of them are right.
fn dry_run(checked: &Checked, ui: &Ui) -> anyhow::Result<Exit> {
    let columns = [Column::Right("row"), Column::Left("key"), Column::Left("name"), Column::Left("params")];
    let mut rows = Vec::new();
    for row in checked.jobs().map_err(|problem| changed(&problem))? {
        let row = row.map_err(|problem| changed(&problem))?;
        ui.record("row", &json!(row));
        if rows.len() < SHOWN {
            let params: Vec<String> =
                row.params.iter().map(|(name, value)| format!("{name}={value}")).collect();
            rows.push(Row::Cells(vec![row.number.to_string(), row.key, row.name, params.join(" ")]));
        }
    }
    ui.table(&columns, &rows);
    let more = checked.rows.saturating_sub(rows.len() as u64);
    let more = if more > 0 { format!(" ({more} more than are shown)") } else { String::new() };
    ui.result(
        &format!("{} rows are right{more}; nothing was sent", checked.rows),
        json!({"rows": checked.rows}),
    );
    Ok(Exit::Done)
}

pub(super) fn at_once(text: &str) -> Result<usize, String> {
    let number = text.parse().ok().filter(|number| (1..=PARALLEL_MAX).contains(number));
    number.ok_or_else(|| format!("write a number from 1 to {PARALLEL_MAX}"))
}
