//! `reel plan`: what a script would do and cost, tried on a studio that renders nothing.

mod rows;

use std::collections::BTreeMap;
use std::fs::DirBuilder;
use std::os::unix::fs::DirBuilderExt;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use anyhow::Context;
use clap::Args;
use serde_json::{Value, json};
use uuid::Uuid;

use crate::cli::commands::run::name_and_value;
use crate::cli::config::Config;
use crate::cli::kept::{self, Ended};
use crate::cli::place::Place;
use crate::cli::rows::RowsArgs;
use crate::cli::ui::{Column, Row, Trouble, Ui};
use crate::cli::work::{Given, work};
use crate::host::Run;
use crate::journal::{Class, Status, Step};
use crate::runtime::{self, Exit, Outcome, Script, ScriptError};

/// The folder of a plan is its user's alone.
const PRIVATE: u32 = 0o700;

/// Arguments of `reel plan`.
#[derive(Args, Debug)]
#[command(after_help = HELP)]
pub(in crate::cli) struct PlanArgs {
    /// The script, a .rhai file
    script: PathBuf,
    /// Value of one of the script's params; may be repeated
    #[arg(short, long = "param", value_name = "NAME=VALUE", value_parser = name_and_value)]
    params: Vec<(String, String)>,
    #[command(flatten)]
    rows: RowsArgs,
}

const HELP: &str = "\
The script runs against a studio of its own in a temporary folder, whose films are blank and whose
agent charges the documented prices: 100 credits for a new video, 50 for the first change of a
session, nothing for later ones. The cloud's agent may answer otherwise than the studio's.

Examples:
  reel plan scripts/quick_edit.rhai
  reel plan scripts/photo_promo.rhai -p seconds=60 --max-credits 100
  reel plan scripts/quick_edit.rhai --rows rows.csv --name '{title}' --limit 3
  reel plan scripts/quick_edit.rhai --each 'clips/*.mp4' --matrix title=One,Two";

/// A folder that is removed with everything in it.
struct Folder(PathBuf);

/// Lists the calls of a script, with what they would cost, read and write.
pub(in crate::cli) fn plan(args: &PlanArgs, config: &Arc<Config>, ui: &Arc<Ui>) -> anyhow::Result<Exit> {
    let script = Script::load(&args.script)?;
    let branches = runtime::branches(&script)?;
    let params: BTreeMap<String, String> = args.params.iter().cloned().collect();
    if args.rows.any() {
        let Some(rows) = args.rows.checked(&script, params, config, ui)? else { return Ok(Exit::Usage) };
        return rows::plan(&script, &branches, &rows, config, ui);
    }
    tried(&script, params, config, ui, |run, out| {
        let outcome = runtime::execute(&script, run);
        let plan = Plan { run, outcome: &outcome, branches: &branches, made: out, out: &config.out.value };
        plan.tell(ui);
        // What a blank film lacks is no fault of the script.
        let exit = if outcome.error.is_some() { outcome.exit } else { Exit::Done };
        Ok(Ended { exit, words: kept::words(outcome.error.as_deref()) })
    })
}

/// Runs `act` on a run of a plan, with the folder that its outputs land in.
fn tried(
    script: &Script,
    params: BTreeMap<String, String>,
    config: &Arc<Config>,
    ui: &Arc<Ui>,
    act: impl FnOnce(&Run, &Path) -> anyhow::Result<Ended>,
) -> anyhow::Result<Exit> {
    let folder = Folder::make().context("a folder for the plan cannot be made")?;
    let out = folder.0.join("out");
    let given = Given {
        params,
        // What is among the outputs can be read; it is only looked at.
        inputs: script.folder.clone().into_iter().chain([config.out.value.clone()]).collect(),
        words: script.text.clone(),
        out: Some(out.clone()),
        place: Place::Plan(folder.0.clone()),
        ..Given::default()
    };
    work(config, ui, given, |run| act(run, &out))
}

/// A script that was tried.
struct Plan<'a> {
    run: &'a Run,
    outcome: &'a Outcome,
    /// Lines that branch on an answer.
    branches: &'a [usize],
    /// Where its outputs landed.
    made: &'a Path,
    /// Where they would land.
    out: &'a Path,
}

impl Plan<'_> {
    fn tell(&self, ui: &Ui) {
        self.tell_calls(ui);
        let steps = self.run.log().steps();
        for step in &steps {
            ui.record("call", &self.record(step));
        }
        let (reads, writes) = (self.reads(), self.writes());
        let credits = self.outcome.spent;
        ui.facts(&reads.iter().map(|path| ("reads", path.clone())).collect::<Vec<_>>());
        ui.facts(&writes.iter().map(|path| ("writes", path.clone())).collect::<Vec<_>>());
        ui.facts(&[("in all", format!("{credits} credits"))]);
        ui.record(
            "plan",
            &json!({"credits": credits, "reads": reads, "writes": writes, "branches": self.branches}),
        );
        self.tell_checks(ui);
        if steps.iter().any(|step| step.call.name == "session_open") {
            ui.notice("a plan has no projects but its own: `session_open` finds none of the backend's");
        }
        if !self.branches.is_empty() {
            ui.notice(&doubt(self.branches));
        }
        if let Some(error) = self.error() {
            ui.error(&Trouble::from(&error));
        }
    }

    /// Prints the calls in a table.
    fn tell_calls(&self, ui: &Ui) {
        let columns = [Column::Right("step"), Column::Right("credits"), Column::Left("call")];
        let steps = self.run.log().steps();
        ui.table(&columns, &steps.iter().flat_map(|step| self.rows(step)).collect::<Vec<_>>());
    }

    fn tell_checks(&self, ui: &Ui) {
        for check in self.outcome.checks.iter().filter(|check| !check.passed) {
            ui.notice(&format!("check failed, with blank films: {}", check.name));
        }
    }

    /// What ended the script before its end, with real paths; none when it was stopped.
    fn error(&self) -> Option<ScriptError> {
        let mut error = self.outcome.error.as_deref().filter(|_| self.outcome.exit != Exit::Stopped)?.clone();
        error.message = self.real(&error.message);
        error.hint = error.hint.map(|hint| self.real(&hint));
        Some(error)
    }

    fn rows(&self, step: &Step) -> Vec<Row> {
        let credits = match step.call.class {
            Class::Paid => credits(step).to_string(),
            _ => String::new(),
        };
        let cells = vec![step.id.to_string(), credits, self.real(&step.call.told)];
        let failed = self.failure(step).map(|message| Row::Aside(format!("error: {message}")));
        std::iter::once(Row::Cells(cells)).chain(failed).collect()
    }

    fn record(&self, step: &Step) -> Value {
        json!({
            "step": step.id.seq + 1,
            "call": step.call.name,
            "told": self.real(&step.call.told),
            "class": step.call.class.word(),
            "credits": credits(step),
            "error": self.failure(step),
        })
    }

    fn failure(&self, step: &Step) -> Option<String> {
        let Status::Failed { failure, .. } = &step.status else { return None };
        failure.get("message").and_then(Value::as_str).map(|message| self.real(message))
    }

    fn reads(&self) -> Vec<String> {
        let read = self.run.files_read();
        // What the script made itself is no input.
        let foreign = read.iter().filter(|path| !path.starts_with(self.made));
        foreign.map(|path| plain(path).display().to_string()).collect()
    }

    fn writes(&self) -> Vec<String> {
        let real = |path: &String| match Path::new(path).strip_prefix(self.made) {
            Ok(tail) => plain(&self.out.join(tail)).display().to_string(),
            Err(_) => path.clone(),
        };
        self.outcome.files.iter().map(real).collect()
    }

    /// A text with the path of the real output folder in it.
    fn real(&self, text: &str) -> String {
        text.replace(&self.made.display().to_string(), &self.out.display().to_string())
    }
}

/// Says where the real run may go another way.
fn doubt(lines: &[usize]) -> String {
    let lines: Vec<String> = lines.iter().map(ToString::to_string).collect();
    let (line, decides) = if lines.len() == 1 { ("line", "decides") } else { ("lines", "decide") };
    format!(
        "{line} {} {decides} by what the agent answers: in the real run it may answer otherwise, and other \
         calls may follow",
        lines.join(", ")
    )
}

fn credits(step: &Step) -> f64 {
    step.credits.unwrap_or_default().max(0.0)
}

/// `./a.mp4` is called `a.mp4`.
fn plain(path: &Path) -> &Path {
    path.strip_prefix(".").unwrap_or(path)
}

impl Folder {
    fn make() -> std::io::Result<Self> {
        let path = std::env::temp_dir().join(format!("reel-plan-{}", Uuid::new_v4()));
        DirBuilder::new().mode(PRIVATE).create(&path)?;
        Ok(Self(path))
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        // What cannot be removed is in a folder that the system empties.
        let _ = std::fs::remove_dir_all(&self.0);
    }
}
