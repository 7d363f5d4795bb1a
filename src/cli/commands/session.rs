//! `reel session`: make a project, and list those that were made here.

use std::sync::Arc;

use clap::{Args, Subcommand};
use serde_json::{Value, json};

use crate::cli::config::Config;
use crate::cli::kept::Keep;
use crate::cli::sessions::{self, Made};
use crate::cli::ui::{Ui, ago};
use crate::cli::work::{Given, work};
use crate::clock::Clock;
use crate::host::session;
use crate::runtime::Exit;

/// Arguments of `reel session`.
#[derive(Args, Debug)]
#[command(after_help = "Examples:\n  reel session new \"Morning Brew\"\n  reel session list")]
pub(in crate::cli) struct SessionArgs {
    #[command(subcommand)]
    what: What,
}

#[derive(Debug, Subcommand)]
enum What {
    /// Make a project and print its id
    New {
        /// What it is called [default: project]
        name: Option<String>,
    },
    /// List the projects that were made on this machine, oldest first
    List,
}

/// Makes a session or lists those that were made.
pub(in crate::cli) fn session(args: SessionArgs, config: &Arc<Config>, ui: &Arc<Ui>) -> anyhow::Result<Exit> {
    match args.what {
        What::New { name } => new(name, config, ui),
        What::List => list(config, ui),
    }
}

fn new(name: Option<String>, config: &Arc<Config>, ui: &Arc<Ui>) -> anyhow::Result<Exit> {
    let words = name.clone().unwrap_or_default();
    let keep = Some(Keep { title: format!("session new {words}"), source: None });
    let given = Given { words, keep, ..Given::default() };
    work(config, ui, given, |run| {
        let options = session::Options { name, ..session::Options::default() };
        let session = session::create(run, &options)?;
        let record = json!({"id": session.id(), "task_id": session.task_id(), "name": session.name()});
        ui.result(session.id(), record);
        Ok(Exit::Done)
    })
}

fn list(config: &Config, ui: &Ui) -> anyhow::Result<Exit> {
    let made = sessions::list(&config.homes.data)?;
    let now_ms = Clock::System.now_ms();
    let lines: Vec<String> = made.iter().map(|session| line(session, now_ms)).collect();
    if made.is_empty() {
        ui.notice("no session was made on this machine; `reel session new` makes one");
    }
    let records = made.iter().map(serde_json::to_value).collect::<Result<Value, _>>()?;
    ui.results(&lines, records);
    Ok(Exit::Done)
}

fn line(session: &Made, now_ms: u64) -> String {
    format!(
        "{}  {}  {}  {}",
        session.id,
        session.backend,
        ago(now_ms.saturating_sub(session.made_ms)),
        session.name
    )
}
