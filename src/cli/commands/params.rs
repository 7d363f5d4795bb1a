//! `reel params`: the inputs of a script, read without running it.

use std::path::PathBuf;

use clap::Args;
use serde_json::{Value, json};

use crate::cli::ui::Ui;
use crate::runtime::{self, Exit, Param, Script};

/// A default longer than this is cut in the table; `--json` has all of it.
const DEFAULT_CHARS_MAX: usize = 40;

/// Arguments of `reel params`.
#[derive(Args, Debug)]
#[command(after_help = "Example:\n  reel params scripts/quick_edit.rhai")]
pub(in crate::cli) struct ParamsArgs {
    /// The script, a .rhai file
    script: PathBuf,
}

/// Lists the params of a script.
pub(in crate::cli) fn params(args: &ParamsArgs, ui: &Ui) -> anyhow::Result<Exit> {
    let script = Script::load(&args.script)?;
    let params = runtime::params(&script)?;
    if params.is_empty() {
        ui.notice("the script has no params");
    }
    ui.results(&lines(&params), params.iter().map(record).collect());
    Ok(Exit::Done)
}

/// Returns a table: name, type, default, then help and choices.
pub(in crate::cli) fn lines(params: &[Param]) -> Vec<String> {
    let rows: Vec<[String; 3]> = params
        .iter()
        .map(|param| {
            let default = param.default.as_ref().map_or("required".to_owned(), Value::to_string);
            [param.name.clone(), param.kind.to_owned(), cut(&default)]
        })
        .collect();
    let width = |at: usize| rows.iter().map(|row| row[at].chars().count()).max().unwrap_or_default();
    let widths = [width(0), width(1), width(2)];
    let line = |(row, param): (&[String; 3], &Param)| {
        let cells = row.iter().zip(widths).map(|(cell, width)| format!("{cell:<width$}  "));
        let mut text: String = cells.collect();
        text.push_str(param.help.as_deref().unwrap_or_default());
        if !param.choices.is_empty() {
            let choices: Vec<String> = param.choices.iter().map(plain).collect();
            text.push_str(&format!(" ({})", choices.join(", ")));
        }
        text.trim_end().to_owned()
    };
    rows.iter().zip(params).map(line).collect()
}

/// Returns a param for machines.
pub(in crate::cli) fn record(param: &Param) -> Value {
    json!({
        "name": param.name,
        "type": param.kind,
        "required": param.default.is_none(),
        "default": param.default,
        "help": param.help,
        "choices": param.choices,
        "line": param.line,
    })
}

fn plain(value: &Value) -> String {
    value.as_str().map_or_else(|| value.to_string(), str::to_owned)
}

fn cut(text: &str) -> String {
    if text.chars().count() <= DEFAULT_CHARS_MAX {
        return text.to_owned();
    }
    text.chars().take(DEFAULT_CHARS_MAX - 1).chain(['…']).collect()
}
