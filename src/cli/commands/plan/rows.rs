//! The plan of many rows: the script is tried with each, in order, on one studio.

use std::collections::BTreeSet;
use std::path::Path;
use std::sync::Arc;

use serde_json::{Value, json};

use super::{Plan, doubt, tried};
use crate::batch::fit::{Checked, Job};
use crate::cli::config::Config;
use crate::cli::exit::Usage;
use crate::cli::ui::{Column, Row, Trouble, Ui};
use crate::clock::Clock;
use crate::host::Run;
use crate::journal::RunLog;
use crate::runtime::{self, Exit, Outcome, Script};

/// With more rows than this, each is one line.
const TOLD_ROWS_MAX: u64 = 20;
/// Paths that are listed at the end; `--json` has all of them.
const PATHS_MAX: usize = 50;

/// What the rows so far came to.
#[derive(Default)]
struct Sum {
    rows: u64,
    failed: u64,
    credits: f64,
    reads: BTreeSet<String>,
    writes: BTreeSet<String>,
}

/// Tries the script with every row.
pub(super) fn plan(
    script: &Script,
    branches: &[usize],
    rows: &Checked,
    config: &Arc<Config>,
    ui: &Arc<Ui>,
) -> anyhow::Result<Exit> {
    tried(script, Default::default(), config, ui, |run, made| {
        let mut sum = Sum::default();
        let mut exit = Exit::Done;
        if rows.rows > TOLD_ROWS_MAX {
            ui.table(&[Column::Left("")], &[line("row", "credits", "key", "name")]);
        }
        for job in rows.jobs().map_err(|problem| changed(&problem.to_string()))? {
            let job = job.map_err(|problem| changed(&problem.to_string()))?;
            let made = made.join(&job.name);
            let row = beside(run, &job, &made, config.credits_max.map(|max| max - sum.credits));
            let outcome = runtime::execute(script, &row);
            let out = config.out.value.join(&job.name);
            let plan = Plan { run: &row, outcome: &outcome, branches, made: &made, out: &out };
            tell(&plan, &job, rows.rows <= TOLD_ROWS_MAX, ui);
            sum.add(&plan);
            if outcome.error.is_some() {
                exit = Exit::Failed;
            }
            // What ends one row for good would end them all.
            if matches!(outcome.exit, Exit::Stopped | Exit::Limit | Exit::Bug | Exit::Usage) {
                exit = outcome.exit;
                break;
            }
        }
        sum.tell(branches, ui);
        Ok(exit.into())
    })
}

fn changed(words: &str) -> Usage {
    Usage::new(
        format!("the rows cannot be read again: {words}"),
        "leave the table alone until the command ends",
    )
}

/// A run for one row, on the studio of all of them.
fn beside(run: &Run, job: &Job, out: &Path, credits_max: Option<f64>) -> Run {
    run.beside(None, |setup| {
        setup.params = job.params.clone();
        setup.log = Arc::new(RunLog::in_memory(Clock::System));
        setup.files.out = out.to_path_buf();
        setup.credits_max = credits_max;
    })
}

fn tell(plan: &Plan<'_>, job: &Job, whole: bool, ui: &Ui) {
    let Outcome { spent, .. } = plan.outcome;
    if whole {
        let known = if job.key == job.name { String::new() } else { format!(", key {}", job.key) };
        let heading = format!("row {}{known}: {}", job.number, plan.out.display());
        ui.table(&[Column::Left("")], &[Row::Cells(vec![heading])]);
        plan.tell_calls(ui);
        plan.tell_checks(ui);
    } else {
        let (number, spent) = (job.number.to_string(), spent.to_string());
        ui.table(&[Column::Left("")], &[line(&number, &spent, &job.key, &job.name)]);
    }
    let calls: Vec<Value> = plan.run.log().steps().iter().map(|step| plan.record(step)).collect();
    let error = plan.error();
    let record = json!({
        "row": job.number,
        "key": job.key,
        "name": job.name,
        "params": job.params,
        "credits": spent,
        "calls": calls,
        "reads": plan.reads(),
        "writes": plan.writes(),
        "error": error.as_ref().map(|error| error.message.clone()),
    });
    ui.record("row", &record);
    if let Some(mut error) = error {
        error.message = format!("row {}: {}", job.number, error.message);
        ui.error(&Trouble::from(&error));
    }
}

/// One row in one line; the lines stand below each other without knowing of each other.
fn line(number: &str, credits: &str, key: &str, name: &str) -> Row {
    Row::Cells(vec![format!("{number:>6}  {credits:>7}  {key:<16}  {name}")])
}

impl Sum {
    fn add(&mut self, plan: &Plan<'_>) {
        self.rows += 1;
        self.failed += u64::from(plan.outcome.error.is_some());
        self.credits += plan.outcome.spent;
        self.reads.extend(plan.reads());
        self.writes.extend(plan.writes());
    }

    fn tell(&self, branches: &[usize], ui: &Ui) {
        for (what, paths) in [("reads", &self.reads), ("writes", &self.writes)] {
            let mut facts: Vec<_> = paths.iter().take(PATHS_MAX).map(|path| (what, path.clone())).collect();
            if paths.len() > PATHS_MAX {
                facts.push((what, format!("and {} files more", paths.len() - PATHS_MAX)));
            }
            ui.facts(&facts);
        }
        let rows = if self.rows == 1 { "row" } else { "rows" };
        let failed =
            if self.failed == 0 { String::new() } else { format!(", of which {} failed", self.failed) };
        ui.facts(&[("in all", format!("{} credits for {} {rows}{failed}", self.credits, self.rows))]);
        let record = json!({
            "rows": self.rows,
            "failed": self.failed,
            "credits": self.credits,
            "reads": self.reads,
            "writes": self.writes,
            "branches": branches,
        });
        ui.record("plan", &record);
        if !branches.is_empty() {
            ui.notice(&doubt(branches));
        }
    }
}
