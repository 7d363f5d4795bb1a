//! `reel upload`: files and URLs into a session.

use std::path::PathBuf;
use std::sync::Arc;

use clap::Args;

use crate::cli::config::Config;
use crate::cli::kept::Keep;
use crate::cli::ui::{Ui, said};
use crate::cli::work::{Given, work};
use crate::host::{session, upload};
use crate::runtime::Exit;

/// Arguments of `reel upload`.
#[derive(Args, Debug)]
#[command(after_help = "Example:\n  reel upload 5529798706024415232 city.mp4 https://example.com/logo.png")]
pub(in crate::cli) struct UploadArgs {
    /// The session's id
    session: String,
    /// Files and URLs to send
    #[arg(required = true, value_name = "FILE|URL")]
    sources: Vec<String>,
}

/// Sends them and prints what the backend made of each.
pub(in crate::cli) fn upload(args: &UploadArgs, config: &Arc<Config>, ui: &Arc<Ui>) -> anyhow::Result<Exit> {
    let readable = args.sources.iter().map(PathBuf::from).collect();
    let keep = Some(Keep { title: format!("upload {}", args.sources.join(" ")), source: None });
    work(config, ui, Given { readable, keep, ..Given::default() }, |run| {
        let session = session::open(run, &args.session)?;
        let media = upload::upload(run, &session, &args.sources)?;
        said::media(ui, &media);
        Ok(Exit::Done)
    })
}
