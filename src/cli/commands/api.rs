//! `reel api`: the manual of what scripts may call.

use std::fs;
use std::path::{Path, PathBuf};

use clap::Args;
use serde_json::{Value, json};

use crate::cli::exit::Usage;
use crate::cli::ui::Ui;
use crate::host::{self, Doc};
use crate::runtime::{Exit, docs};

/// Arguments of `reel api`.
#[derive(Args, Debug)]
#[command(
    after_help = "Examples:\n  reel api\n  reel api chat\n  reel api --table\n  reel api --definitions ."
)]
pub(in crate::cli) struct ApiArgs {
    /// Only this function
    name: Option<String>,
    /// Print Markdown tables, as in the README
    #[arg(long, conflicts_with = "name")]
    table: bool,
    /// Write the manual as reel.d.rhai, for editors that know Rhai, into this folder
    #[arg(long, value_name = "DIR", conflicts_with_all = ["name", "table"])]
    definitions: Option<PathBuf>,
}

/// Prints the manual, one page of it, or its tables.
pub(in crate::cli) fn api(args: &ApiArgs, ui: &Ui) -> anyhow::Result<Exit> {
    if args.table {
        let table = docs::markdown();
        ui.result(table.trim_end(), table.as_str().into());
        return Ok(Exit::Done);
    }
    if let Some(folder) = &args.definitions {
        return define(folder, ui);
    }
    let pages = pages(args.name.as_deref())?;
    let text: Vec<String> = pages.iter().map(|doc| page(doc)).collect();
    ui.result(&text.join("\n\n"), pages.iter().map(|doc| record(doc)).collect());
    Ok(Exit::Done)
}

/// Returns the pages of one function as text.
///
/// # Errors
/// There is no such function.
pub(in crate::cli) fn manual(name: &str) -> Result<String, Usage> {
    let pages: Vec<String> = pages(Some(name))?.iter().map(|doc| page(doc)).collect();
    Ok(pages.join("\n\n"))
}

fn define(folder: &Path, ui: &Ui) -> anyhow::Result<Exit> {
    let path = folder.join("reel.d.rhai");
    let written = fs::create_dir_all(folder).and_then(|()| fs::write(&path, docs::definitions()));
    written.map_err(|error| {
        Usage::new(format!("`{}` cannot be written: {error}", path.display()), "name another folder")
    })?;
    let path = path.display().to_string();
    ui.result(&path, path.as_str().into());
    Ok(Exit::Done)
}

fn pages(name: Option<&str>) -> Result<Vec<&'static Doc>, Usage> {
    let Some(name) = name else { return Ok(docs::functions().to_vec()) };
    let plain = name.trim_end_matches("()");
    let plain = plain.rsplit('.').next().unwrap_or(plain);
    let pages: Vec<_> = docs::functions().iter().copied().filter(|doc| doc.name == plain).collect();
    if !pages.is_empty() {
        return Ok(pages);
    }
    let meant = host::nearest(plain, docs::functions().iter().map(|doc| doc.name));
    let hint = meant.map_or_else(
        || "`reel api` prints them all".to_owned(),
        |meant| format!("did you mean `{meant}`? `reel api` prints them all"),
    );
    Err(Usage::new(format!("there is no function `{name}`"), hint))
}

fn page(doc: &Doc) -> String {
    let mut text = doc.calls.join("\n");
    for line in doc.about.lines() {
        text.push_str("\n    ");
        text.push_str(line);
    }
    if let Some(class) = doc.class {
        text.push_str(&format!("\n    Unfinished at a crash: {}.", class.word()));
    }
    for line in doc.example.lines() {
        text.push_str("\n        ");
        text.push_str(line);
    }
    text
}

fn record(doc: &Doc) -> Value {
    json!({
        "name": doc.name,
        "calls": doc.calls,
        "about": doc.about,
        "class": doc.class.map(|class| class.word()),
        "example": doc.example,
    })
}
