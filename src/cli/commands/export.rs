//! `reel export`: the timeline of a session as a file.

use std::path::PathBuf;
use std::sync::Arc;

use clap::Args;

use crate::cli::config::Config;
use crate::cli::exit::Usage;
use crate::cli::kept::Keep;
use crate::cli::ui::{Ui, said};
use crate::cli::work::{Given, work};
use crate::host::{export, session};
use crate::runtime::Exit;

/// Arguments of `reel export`.
#[derive(Args, Debug)]
#[command(after_help = "Example:\n  reel export 5529798706024415232 promo.mp4 --resolution 720p")]
pub(in crate::cli) struct ExportArgs {
    /// The session's id
    session: String,
    /// The file to make; a relative one lands in --out
    path: PathBuf,
    #[command(flatten)]
    output: OutputArgs,
}

/// How a file shall be rendered.
#[derive(Args, Debug)]
pub(in crate::cli) struct OutputArgs {
    /// mp4, mov, webm, mkv or gif [default: what the path ends in]
    #[arg(long)]
    format: Option<String>,
    /// high, medium, low or, on the studio, source: a pure cut is copied [default: high]
    #[arg(long)]
    quality: Option<String>,
    /// Such as 1080p or 360p [default: the backend's choice]
    #[arg(long)]
    resolution: Option<String>,
}

/// Renders, downloads and checks; prints the file.
pub(in crate::cli) fn export(args: &ExportArgs, config: &Arc<Config>, ui: &Arc<Ui>) -> anyhow::Result<Exit> {
    let target = Target::new(config, &args.path)?;
    let keep = Some(Keep { title: format!("export {}", args.path.display()), source: None });
    work(config, ui, Given { out: Some(target.folder), keep, ..Given::default() }, |run| {
        let session = session::open(run, &args.session)?;
        let video = export::export(run, &session, &target.name, &args.output.options())?;
        said::video(ui, &video);
        Ok(Exit::Done)
    })
}

/// A file that the command line names: whoever types a path may write there.
pub(in crate::cli) struct Target {
    pub(in crate::cli) folder: PathBuf,
    pub(in crate::cli) name: String,
}

impl Target {
    pub(in crate::cli) fn new(config: &Config, path: &std::path::Path) -> Result<Self, Usage> {
        let whole = config.out.value.join(path);
        let name = whole.file_name().and_then(|name| name.to_str());
        let no_file =
            || Usage::new(format!("`{}` names no file", path.display()), "write it like `promo.mp4`");
        let name = name.ok_or_else(no_file)?.to_owned();
        let folder = whole.parent().map(PathBuf::from).unwrap_or_default();
        Ok(Self { folder, name })
    }
}

impl OutputArgs {
    pub(in crate::cli) fn options(&self) -> export::Options {
        export::Options {
            format: self.format.clone(),
            quality: self.quality.clone(),
            resolution: self.resolution.clone(),
            draft: None,
        }
    }
}
