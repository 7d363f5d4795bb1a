//! `reel check`: what is wrong with scripts, without running them.

use std::path::PathBuf;

use clap::Args;
use serde_json::json;

use crate::cli::commands::params;
use crate::cli::ui::{Trouble, Ui, said};
use crate::runtime::{self, Exit, Script, Severity};

/// Arguments of `reel check`.
#[derive(Args, Debug)]
#[command(after_help = HELP)]
pub(in crate::cli) struct CheckArgs {
    /// The scripts, .rhai files
    #[arg(required = true, value_name = "SCRIPT")]
    scripts: Vec<PathBuf>,
}

const HELP: &str = "\
Looks at the scripts and at what they import: nothing runs, nothing is sent. Lists the params of
a script that is well. What would fail inside a `try` is a warning. Ends with 0 when
all are well, with 2 when something is wrong.

Examples:
  reel check promo.rhai
  reel check scripts/*.rhai --json";

/// Checks every script and tells what is wrong, in the order of the texts.
pub(in crate::cli) fn check(args: &CheckArgs, ui: &Ui) -> anyhow::Result<Exit> {
    let mut count = 0;
    for path in &args.scripts {
        let script = match Script::load(path) {
            Ok(script) => script,
            Err(error) => {
                count += 1;
                ui.error(&Trouble::from(&*error));
                continue;
            }
        };
        let problems = runtime::check(&script, &Script::load_module);
        problems.iter().for_each(|problem| said::problem(ui, problem));
        let errors = problems.iter().filter(|problem| problem.severity == Severity::Error).count();
        count += errors;
        if errors == 0 {
            let inputs = runtime::params(&script)?;
            let mut lines = vec![format!("{}: ok", script.name)];
            lines.extend(params::lines(&inputs).into_iter().map(|line| format!("  {line}")));
            let records: Vec<_> = inputs.iter().map(params::record).collect();
            ui.results(&lines, json!({"script": script.name, "params": records}));
        }
    }
    match count {
        0 => return Ok(Exit::Done),
        1 => ui.notice("1 error"),
        count => ui.notice(&format!("{count} errors")),
    }
    Ok(Exit::Usage)
}
