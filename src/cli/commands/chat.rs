//! `reel chat` and `reel say`: one message to a session.

use std::sync::Arc;

use clap::Args;

use crate::cli::config::Config;
use crate::cli::kept::Keep;
use crate::cli::repl;
use crate::cli::ui::{Ui, said};
use crate::cli::work::{Given, work};
use crate::host::session::Session;
use crate::host::{chat, export, say, session};
use crate::runtime::Exit;

/// Arguments of `reel chat` and of `reel say`.
#[derive(Args, Debug)]
pub(in crate::cli) struct ChatArgs {
    /// The session's id, from `reel session new` or `list`
    session: String,
    /// What to say; without it a conversation begins that needs no code
    text: Option<String>,
    /// Seconds that the turn's connection may take [default: 900]
    #[arg(long, value_name = "SECONDS")]
    timeout: Option<f64>,
    /// Export at once when the agent proposes it
    #[arg(long)]
    follow_gui: bool,
}

/// Says it to the agent and prints what it answers, or what changed when it says nothing.
pub(in crate::cli) fn chat(args: &ChatArgs, config: &Arc<Config>, ui: &Arc<Ui>) -> anyhow::Result<Exit> {
    let Some(text) = &args.text else { return repl::words(config, ui, &args.session, args.follow_gui) };
    work(config, ui, given("chat", text), |run| {
        let session = session::open(run, &args.session)?;
        let reply = chat::chat(run, &session, text, &args.options())?;
        let export = export_command(&session);
        said::reply(ui, &reply, &export);
        say::look(run, &session, &reply, &mut |seen| said::said(ui, seen, &export))?;
        Ok(Exit::Done)
    })
}

/// Does what the words ask for: export, credits, status and upload here, the rest as a turn.
pub(in crate::cli) fn say(args: &ChatArgs, config: &Arc<Config>, ui: &Arc<Ui>) -> anyhow::Result<Exit> {
    let Some(text) = &args.text else { return repl::words(config, ui, &args.session, args.follow_gui) };
    work(config, ui, given("say", text), |run| {
        let session = session::open(run, &args.session)?;
        let export = export_command(&session);
        say::talk(run, &session, text, &args.options(), &mut |said| said::said(ui, said, &export))?;
        Ok(Exit::Done)
    })
}

/// The command that saves what the session holds.
fn export_command(session: &Session) -> String {
    format!("reel export {} {}", session.id(), export::default_path(session))
}

fn given(command: &str, text: &str) -> Given {
    let keep = Some(Keep { title: format!("{command} {text}"), source: None });
    Given { words: text.to_owned(), keep, ..Given::default() }
}

impl ChatArgs {
    fn options(&self) -> chat::Options {
        chat::Options { timeout: self.timeout, follow_gui: self.follow_gui }
    }
}
