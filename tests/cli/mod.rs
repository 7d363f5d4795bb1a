//! The command line as its users meet it: the built binary, its words and its exit codes.

mod bad_input;
mod batch;
mod flow;
mod plan;
mod readme;
pub(crate) mod reel;
mod repl;
mod run;
mod runs;
mod sandbox;
mod shell;
mod studio;
mod tapes;
mod terminal;
mod words;
mod write;
