//! `reel studio`: the embedded backend as a server for other programs.

use std::net::{IpAddr, Ipv4Addr, SocketAddr};
use std::path::PathBuf;
use std::sync::Arc;

use clap::Args;
use serde_json::json;
use tokio::runtime::Runtime;

use crate::cli::backend::SEED;
use crate::cli::config::Config;
use crate::cli::exit::Exit;
use crate::cli::stop::Stop;
use crate::cli::ui::Ui;
use crate::clock::Clock;
use crate::studio::{self, Films};

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
}

const HELP: &str = "\
The studio is no AI model: it cuts, titles, mixes and renders the media and words it is given,
with music and backgrounds made on this machine. It invents no footage.

Examples:
  reel studio --port 8787
  reel run promo.rhai --backend http://127.0.0.1:8787

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
        films: if args.no_render { Films::Tiny } else { Films::Composed },
        token: config.studio_token.clone(),
        clock: Clock::System,
    };
    let runtime = Runtime::new()?;
    let stop = Stop::listen(&runtime, ui, None)?;
    runtime.block_on(async {
        let studio = studio::start(settings).await?;
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
