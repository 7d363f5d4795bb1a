//! Integration tests, one binary: a module an area.

#![allow(clippy::unwrap_used, clippy::expect_used, reason = "a panic is how a test fails")]

mod cli;
mod client;
#[cfg(feature = "cluster")]
mod cluster;
mod crash;
mod lsp;
mod render;
mod report;
mod script;
mod studio;
mod tidy;
mod words;
mod workflows;
