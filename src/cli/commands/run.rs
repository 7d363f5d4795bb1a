//! `reel run`: one script, from its file to its outcome.

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use clap::Args;

use crate::cli::config::Config;
use crate::cli::kept::{self, Ended, Keep};
use crate::cli::place::Place;
use crate::cli::tape::{Header, Recorder, Tape};
use crate::cli::ui::{Ui, said};
use crate::cli::work::{Given, work};
use crate::runtime::{self, Exit, Script, Severity};

/// Arguments of `reel run`.
#[derive(Args, Debug)]
#[command(after_help = HELP)]
pub(in crate::cli) struct RunArgs {
    /// The script, a .rhai file
    script: PathBuf,
    /// Value of one of the script's params; may be repeated
    #[arg(short, long = "param", value_name = "NAME=VALUE", value_parser = name_and_value)]
    params: Vec<(String, String)>,
    /// Longest time that the run may take, in seconds
    #[arg(long, value_name = "SECONDS", value_parser = seconds)]
    timeout: Option<Duration>,
    /// Write all that happens to a tape, which `--replay` plays without a backend
    #[arg(long, value_name = "FILE")]
    record: Option<PathBuf>,
    /// Play a tape: the script gets what was recorded, nothing is sent and no file is made
    #[arg(long, value_name = "FILE", conflicts_with = "record")]
    replay: Option<PathBuf>,
}

const HELP: &str = "\
Inputs are looked up beside the script, then in the working folder; outputs land in --out.
What the script prints goes to stdout, all else to stderr.

Examples:
  reel run scripts/quick_edit.rhai
  reel run scripts/quick_edit.rhai -p clip=my.mp4 -p title=\"Hello\" --out out
  reel run promo.rhai --backend nemo --json
  reel run promo.rhai --record promo.jsonl
  reel run promo.rhai --replay promo.jsonl";

/// Runs the script and returns how it ended.
pub(in crate::cli) fn run(args: RunArgs, config: &Arc<Config>, ui: &Arc<Ui>) -> anyhow::Result<Exit> {
    let script = match &config.going_on {
        Some(going) => going.script(&args.script)?,
        None => Script::load(&args.script)?,
    };
    if has_mistakes(&script, ui) {
        return Ok(Exit::Usage);
    }
    let title = args.script.display().to_string();
    let mut params: BTreeMap<String, String> = args.params.iter().cloned().collect();
    let recorder = match &args.record {
        Some(to) => {
            let backend = config.backend.value.name();
            Some(Recorder::start(to, Header::new(title.clone(), &script.text, &params, backend))?)
        }
        None => None,
    };
    let mut place = Place::Backend;
    let mut keep = Some(Keep { title, source: Some(script.text.clone()) });
    if let Some(path) = &args.replay {
        let tape = Tape::load(path)?;
        params = tape.params(&args.params)?;
        if !tape.is_of(&script.text) {
            ui.notice("the script is not the one that was recorded");
        }
        (place, keep) = (Place::Tape(Arc::new(tape)), None);
    }
    let given = Given {
        params,
        inputs: script.folder.clone().into_iter().collect(),
        words: script.text.clone(),
        time_max: args.timeout,
        keep,
        place,
        recorder,
        ..Given::default()
    };
    work(config, ui, given, |run| {
        let outcome = runtime::execute(&script, run);
        ui.outcome(&outcome);
        Ok(Ended { exit: outcome.exit, words: kept::words(outcome.error.as_deref()) })
    })
}

/// Tells what is certain to fail when the script comes there: nothing was sent yet, and
/// nothing was paid.
pub(super) fn has_mistakes(script: &Script, ui: &Ui) -> bool {
    let mut problems = runtime::check(script, &Script::load_module);
    problems.retain(|problem| problem.severity == Severity::Error);
    problems.iter().for_each(|problem| said::problem(ui, problem));
    !problems.is_empty()
}

pub(super) fn name_and_value(text: &str) -> Result<(String, String), String> {
    match text.split_once('=') {
        Some((name, value)) if !name.is_empty() => Ok((name.to_owned(), value.to_owned())),
        _ => Err("write it as name=value".to_owned()),
    }
}

fn seconds(text: &str) -> Result<Duration, String> {
    let seconds: f64 = text.parse().map_err(|_| "write a number of seconds".to_owned())?;
    Duration::try_from_secs_f64(seconds).map_err(|_| "it is no length of time".to_owned())
}
