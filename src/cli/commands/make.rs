//! `reel make`: from words and files to a video, without a script.

use std::path::PathBuf;
use std::sync::Arc;

use clap::Args;

use crate::cli::commands::export::{OutputArgs, Target};
use crate::cli::config::Config;
use crate::cli::kept::Keep;
use crate::cli::ui::{Ui, said};
use crate::cli::work::{Given, work};
use crate::host::{chat, export, session, upload};
use crate::runtime::Exit;

/// Arguments of `reel make`.
#[derive(Args, Debug)]
#[command(after_help = HELP)]
pub(in crate::cli) struct MakeArgs {
    /// What the video shall be, in words
    text: String,
    /// Files and URLs to make it of
    #[arg(value_name = "FILE|URL")]
    sources: Vec<String>,
    /// The file to make; a relative one lands in --out
    #[arg(short, long, value_name = "PATH", default_value = "video.mp4")]
    output: PathBuf,
    #[command(flatten)]
    rendered: OutputArgs,
}

const HELP: &str = "\
A session is made, the files are sent, the words are one turn of the agent, and the timeline is
exported. Go on with `reel chat` and `reel export`: the session's id is said on the way.

Examples:
  reel make \"a 10 second vertical video about rain in Kyoto, with calm music\" -o rain.mp4
  reel make \"a 30 second promo of these photos, upbeat music, title 'Morning Brew'\" *.jpg -o promo.mp4";

/// Makes the session, uploads, says the words once, exports.
pub(in crate::cli) fn make(args: &MakeArgs, config: &Arc<Config>, ui: &Arc<Ui>) -> anyhow::Result<Exit> {
    let target = Target::new(config, &args.output)?;
    let given = Given {
        words: args.text.clone(),
        readable: args.sources.iter().map(PathBuf::from).collect(),
        out: Some(target.folder.clone()),
        keep: Some(Keep { title: format!("make {}", args.output.display()), source: None }),
        ..Given::default()
    };
    work(config, ui, given, |run| {
        let name = target.name.rsplit_once('.').map_or(target.name.as_str(), |(stem, _)| stem);
        let options = session::Options { name: Some(name.to_owned()), ..session::Options::default() };
        let session = session::create(run, &options)?;
        ui.notice(&format!("session {}", session.id()));
        if !args.sources.is_empty() {
            upload::upload(run, &session, &args.sources)?;
        }
        let reply = chat::chat(run, &session, &args.text, &chat::Options::default())?;
        ui.notice(&reply.text);
        let video = export::export(run, &session, &target.name, &args.rendered.options())?;
        said::video(ui, &video);
        Ok(Exit::Done)
    })
}
