//! `reel lsp`: the language server for editors, on stdin and stdout.

use std::io::{self, BufReader};

use anyhow::Context;
use clap::Args;

use crate::lsp::{self, End};
use crate::runtime::Exit;

/// Arguments of `reel lsp`.
#[derive(Args, Debug)]
#[command(after_help = HELP)]
pub(in crate::cli) struct LspArgs {
    /// Speak over stdin and stdout, which is the only way
    #[arg(long, hide = true)]
    stdio: bool,
}

const HELP: &str = "\
Editors start it by themselves: tell yours to run `reel lsp` for files that end in .rhai.

Example (Neovim):
  vim.lsp.start({ name = \"reel\", cmd = { \"reel\", \"lsp\" } })";

/// Serves one editor until it says goodbye.
pub(in crate::cli) fn lsp(args: &LspArgs) -> anyhow::Result<Exit> {
    let LspArgs { stdio: _ } = args;
    let mut input = BufReader::new(io::stdin().lock());
    let ended = lsp::serve(&mut input, &mut io::stdout().lock()).context("the editor cannot be spoken to")?;
    Ok(if ended == End::Asked { Exit::Done } else { Exit::Failed })
}
