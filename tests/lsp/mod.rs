//! `reel lsp` as editors meet it: the built binary, spoken to over its pipes.

mod client;
mod neovim;
mod speaks;
