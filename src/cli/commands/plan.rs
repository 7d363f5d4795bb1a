//! `reel plan`: what a script would do and cost, tried on a studio that renders nothing.

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
use crate::cli::ui::{Column, Row, Trouble, Ui};
use crate::cli::work::{Given, work};
use crate::host::Run;
use crate::journal::{Class, Status, Step};
use crate::runtime::{self, Exit, Outcome, Script};

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
}

const HELP: &str = "\
The script runs against a studio of its own in a temporary folder, whose films are blank and whose
agent charges the documented prices: 100 credits for a new video, 50 for the first change of a
session, nothing for later ones. The cloud's agent may answer otherwise than the studio's.

Examples:
  reel plan scripts/quick_edit.rhai
  reel plan scripts/photo_promo.rhai -p seconds=60 --max-credits 100";

/// A folder that is removed with everything in it.
struct Folder(PathBuf);

/// Lists the calls of a script, with what they would cost, read and write.
pub(in crate::cli) fn plan(args: &PlanArgs, config: &Arc<Config>, ui: &Arc<Ui>) -> anyhow::Result<Exit> {
    let script = Script::load(&args.script)?;
    let branches = runtime::branches(&script)?;
    let folder = Folder::make().context("a folder for the plan cannot be made")?;
    let out = folder.0.join("out");
    let given = Given {
        params: args.params.iter().cloned().collect::<BTreeMap<_, _>>(),
        // What is among the outputs can be read; it is only looked at.
        inputs: script.folder.clone().into_iter().chain([config.out.value.clone()]).collect(),
        words: script.text.clone(),
        out: Some(out.clone()),
        place: Place::Plan(folder.0.clone()),
        ..Given::default()
    };
    work(config, ui, given, |run| {
        let outcome = runtime::execute(&script, run);
        let plan = Plan { run, outcome: &outcome, branches: &branches, made: &out, out: &config.out.value };
        plan.tell(ui);
        // What a blank film lacks is no fault of the script.
        let exit = if outcome.error.is_some() { outcome.exit } else { Exit::Done };
        Ok(Ended { exit, words: kept::words(outcome.error.as_deref()) })
    })
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
        let columns = [Column::Right("step"), Column::Right("credits"), Column::Left("call")];
        let steps = self.run.log().steps();
        ui.table(&columns, &steps.iter().flat_map(|step| self.rows(step)).collect::<Vec<_>>());
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
        for check in self.outcome.checks.iter().filter(|check| !check.passed) {
            ui.notice(&format!("check failed, with blank films: {}", check.name));
        }
        if steps.iter().any(|step| step.call.name == "session_open") {
            ui.notice("a plan has no projects but its own: `session_open` finds none of the backend's");
        }
        if !self.branches.is_empty() {
            ui.notice(&self.doubt());
        }
        if let Some(error) = self.outcome.error.as_ref().filter(|_| self.outcome.exit != Exit::Stopped) {
            let mut error = (**error).clone();
            error.message = self.real(&error.message);
            error.hint = error.hint.map(|hint| self.real(&hint));
            ui.error(&Trouble::from(&error));
        }
    }

    fn doubt(&self) -> String {
        let lines: Vec<String> = self.branches.iter().map(ToString::to_string).collect();
        let (line, decides) = if lines.len() == 1 { ("line", "decides") } else { ("lines", "decide") };
        format!(
            "{line} {} {decides} by what the agent answers: in the real run it may answer otherwise, and other \
             calls may follow",
            lines.join(", ")
        )
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
