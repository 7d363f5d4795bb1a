//! `reel state`, `reel credits` and `reel link`: looks that cost nothing.

use std::sync::Arc;

use clap::Args;
use serde_json::json;

use crate::cli::config::Config;
use crate::cli::ui::{Ui, said};
use crate::cli::work::{Given, work};
use crate::host::{credits, session, state};
use crate::runtime::Exit;

/// Arguments of `reel state` and of `reel link`.
#[derive(Args, Debug)]
pub(in crate::cli) struct LookArgs {
    /// The session's id
    session: String,
}

/// Arguments of `reel credits`.
#[derive(Args, Debug)]
pub(in crate::cli) struct CreditsArgs {}

/// Prints the timeline and the media of a session.
pub(in crate::cli) fn state(args: &LookArgs, config: &Arc<Config>, ui: &Arc<Ui>) -> anyhow::Result<Exit> {
    work(config, ui, Given::default(), |run| {
        let session = session::open(run, &args.session)?;
        said::state(ui, &state::state(run, &session)?);
        Ok(Exit::Done)
    })
}

/// Prints an address that opens the project in a browser.
pub(in crate::cli) fn link(args: &LookArgs, config: &Arc<Config>, ui: &Arc<Ui>) -> anyhow::Result<Exit> {
    work(config, ui, Given::default(), |run| {
        let session = session::open(run, &args.session)?;
        let link = session::link(run, &session)?;
        ui.result(&link, json!({"link": link}));
        Ok(Exit::Done)
    })
}

/// Prints the balance.
pub(in crate::cli) fn credits(
    _args: &CreditsArgs,
    config: &Arc<Config>,
    ui: &Arc<Ui>,
) -> anyhow::Result<Exit> {
    work(config, ui, Given::default(), |run| {
        said::credits(ui, &credits::credits(run)?);
        Ok(Exit::Done)
    })
}
