//! `reel studio`: the embedded backend as a server for other programs.

use std::net::{IpAddr, Ipv4Addr, SocketAddr};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use clap::Args;
use clap::builder::{PossibleValuesParser, TypedValueParser};
use serde_json::json;
use tokio::runtime::Runtime;

use crate::cli::backend::SEED;
use crate::cli::config::Config;
use crate::cli::exit::{Exit, Usage};
use crate::cli::stop::Stop;
use crate::cli::ui::Ui;
use crate::clock::Clock;
use crate::studio::chaos::Chaos;
use crate::studio::{self, Films, Limits, Log, Plan};

/// Arguments of `reel studio`.
#[derive(Args, Debug)]
#[command(after_help = HELP)]
pub(in crate::cli) struct StudioArgs {
    /// Port to listen on; 0 takes any free one
    #[arg(long, default_value_t = 8787)]
    port: u16,
    /// Address to listen on; any but this machine's own needs REEL_STUDIO_TOKEN
    #[arg(long, value_name = "ADDRESS", default_value_t = IpAddr::V4(Ipv4Addr::LOCALHOST))]
    listen: IpAddr,
    /// Folder of its projects and media [default: the one that `--backend studio` uses]
    #[arg(long, value_name = "DIR")]
    home: Option<PathBuf>,
    /// Credits of a user who comes for the first time
    #[arg(long, value_name = "N", default_value_t = studio::CREDITS_DEFAULT)]
    credits: f64,
    /// Seed of everything that varies: silent edits, looks, music
    #[arg(long, value_name = "N", default_value_t = SEED)]
    seed: u64,
    /// Wait as long as the cloud is documented to, and limit tokens as it does
    #[arg(long)]
    faithful_delays: bool,
    /// For load only: every export is one and the same second of black
    #[arg(long)]
    no_render: bool,
    /// Plan of its users: `free` refuses exports with 402
    #[arg(long, value_name = "PLAN", default_value = Plan::Anonymous.word(),
          value_parser = PossibleValuesParser::new(Plan::ALL.map(Plan::word)).map(plan_of))]
    plan: Plan,
    /// Fetch uploads by URL from private networks, too; without it from the internet alone
    #[arg(long)]
    allow_private_urls: bool,
    /// Most sessions of a user; more are refused with 429
    #[arg(long, value_name = "N", default_value_t = Limits::usual().sessions)]
    max_sessions: u64,
    /// Most waiting renders of a user; more are refused with 429
    #[arg(long, value_name = "N", default_value_t = Limits::usual().renders)]
    max_renders: u64,
    /// Most media of the whole studio, in MB; more are refused with 4002
    #[arg(long, value_name = "MB", default_value_t = Limits::usual().media_bytes >> 20)]
    max_media: u64,
    /// Write a line of JSON about each request into this file; `-` is stderr
    #[arg(long, value_name = "FILE")]
    log: Option<PathBuf>,
    /// Let chosen requests fail in chosen ways, as this file says (see below)
    #[arg(long, value_name = "FILE")]
    chaos: Option<PathBuf>,
}

const HELP: &str = "\
The studio is no AI model: it cuts, titles, mixes and renders the media and words it is given,
with music and backgrounds made on this machine. It invents no footage.

Examples:
  reel studio --port 8787                    # its page: http://127.0.0.1:8787/ in a browser
  reel run promo.rhai --backend http://127.0.0.1:8787

A file of --chaos has a table for each fault. `on` says which requests: token, claim, session,
state, turn, upload, credits, render, poll, cancel, download, media, any. `nth = N`, `every = N` or
`first = N` says which of them, counted from 1; without it all of them. `do` says how:

  hang_up     the connection closes, nothing is done
  refuse      code = 429, 500, 402, 1001, 1002, 2001, ..; retry_after = 7; text = \"..\";
              form = \"envelope\", \"mapped\" (to HTTP statuses), \"fastapi\" or \"page\"
  stall       done, but the answer waits for seconds = 2.5, if you like after bytes = 100 of it
  cut         done, but the connection breaks after bytes = 100 of the answer
  short       done, but the answer ends after bytes = 100 and says that it is whole
  garble      done, but answered with a page in place of JSON
  on turn     silent, duplicate, malformed, split (into bytes), partial, typed; heartbeats (seconds = 600);
              error (code = 2001, text = \"..\"); say (text = \"..\")
  on render   fail (text = \"..\"): taken, and then it fails
  on poll     pending, no_url, wrapped, wrong_size (bytes = 1)

  [[fault]]
  on = \"turn\"
  nth = 2
  do = \"cut\"
  bytes = 200

REEL_STUDIO_TOKEN is the one token that the server takes; without it, and on this machine only,
clients get anonymous tokens. Ctrl-C ends the server; what it rendered goes on at the next start.";

/// Serves until Ctrl-C.
pub(in crate::cli) fn studio(args: &StudioArgs, config: &Config, ui: &Arc<Ui>) -> anyhow::Result<Exit> {
    let settings = studio::Config {
        home: args.home.clone().unwrap_or_else(|| config.homes.studio()),
        listen: SocketAddr::new(args.listen, args.port),
        credits: args.credits,
        seed: args.seed,
        faithful_delays: args.faithful_delays,
        chaos: chaos(args.chaos.as_deref())?,
        log: log(args.log.as_deref())?,
        plan: args.plan,
        limits: Limits {
            sessions: args.max_sessions,
            renders: args.max_renders,
            media_bytes: args.max_media.saturating_mul(1 << 20),
            private_urls: args.allow_private_urls,
        },
        films: if args.no_render { Films::Tiny } else { Films::Composed },
        token: config.studio_token.clone(),
        clock: Clock::System,
    };
    let runtime = Runtime::new()?;
    let stop = Stop::listen(&runtime, ui, None)?;
    runtime.block_on(async {
        let faults = settings.chaos.len();
        let studio = studio::start(settings).await?;
        if faults > 0 {
            let many = if faults == 1 { "fault" } else { "faults" };
            ui.notice(&format!("{faults} {many} of --chaos: chosen requests fail on purpose"));
        }
        if args.no_render {
            ui.notice("nothing is rendered: every export is the same second of black, for load only");
        }
        ui.result(studio.url(), json!({"url": studio.url()}));
        stop.token.cancelled().await;
        tokio::select! {
            () = studio.stop() => (),
            () = stop.hurry.cancelled() => (),
        }
        Ok(Exit::Done)
    })
}

/// Reads the file of faults, before anything starts.
fn chaos(file: Option<&Path>) -> anyhow::Result<Chaos> {
    let Some(file) = file else { return Ok(Chaos::none()) };
    let shown = file.display();
    let text = std::fs::read_to_string(file)
        .map_err(|error| Usage::new(format!("cannot read `{shown}`: {error}"), "name a file of faults"))?;
    let read = Chaos::read(&text);
    Ok(read.map_err(|error| Usage::new(format!("`{shown}`, {error}"), error.hint))?)
}

fn plan_of(word: String) -> Plan {
    Plan::ALL.into_iter().find(|plan| plan.word() == word).unwrap_or_default()
}

/// Opens the log of requests.
fn log(file: Option<&Path>) -> anyhow::Result<Option<Log>> {
    Ok(match file {
        None => None,
        Some(file) if file == Path::new("-") => Some(Log::to(Box::new(std::io::stderr()))),
        Some(file) => Some(Log::file(file).map_err(|error| {
            let words = format!("cannot write `{}`: {error}", file.display());
            Usage::new(words, "name a file in a folder that you can write to")
        })?),
    })
}
