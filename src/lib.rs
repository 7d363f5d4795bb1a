//! Make videos by script: Rhai workflows over the NemoVideo cloud or a local studio.
//!
//! # The map
//!
//! A script speaks five nouns: session, upload, chat, state, export. One call walks
//! down these rooms and its answer walks back up:
//!
//! | room | owns |
//! |---|---|
//! | [`clock`], [`secret`] | leaves: the only reader of the time; a token that prints as `(redacted)` |
//! | [`model`] | what a video is: draft, state, edits, the summary line. Pure |
//! | [`wire`] | what crosses HTTP: bodies, envelopes, server-sent events. Pure |
//! | [`talk`] | words: what a user's sentence asks for, what an agent's GUI talk means. Pure |
//! | [`table`] | rows as people save them, CSV to JSON Lines, read as a stream. Pure |
//! | [`ffmpeg`] | the only room that spawns a process |
//! | [`journal`] | the durable log of every call of a run, written before its effect; a run that broke off goes on from it |
//! | [`client`] | the only speaker of HTTP as a client |
//! | [`host`] | what a script may do: one file a noun, each call through `host::step` |
//! | [`runtime`] | Rhai and nothing else: engine, script, values, errors with their excerpt |
//! | [`batch`] | one script over the rows of a table: rows made to fit, then made, each once |
//! | [`lsp`] | the language server: an editor's questions about scripts |
//! | [`report`] | pure views of journal rows: a page to show, JUnit, JSON, CSV, Markdown |
//! | [`studio`] | the embedded backend: routes, store, agent, renderer |
//! | [`cli`] | arguments, configuration, and every word and colour on a terminal |
//!
//! # Invariants
//!
//! - `model`, `wire` and `talk` do no I/O and read no clock; `table` reads what it is handed.
//! - Only `host::step` writes step events; only `clock` reads the time; only `host::wait`
//!   blocks on a future; script code never runs on a tokio worker thread.
//! - `client` and `studio` never name each other: they meet over a socket. The studio does
//!   not know that it is embedded.
//! - A paid call is sent again only after a definite refusal before it was executed, or when
//!   project and credits show that it never was.
//! - What the journal cannot take does not happen: the run ends instead.
//! - A draft sent back untouched is the same bytes that came.
//! - A report reads nothing but journals, and what it shows of them is data, never markup.
//! - Nothing but `cli` prints; `lsp` writes to the pipe that it is given.
//!
//! `tests/tidy.rs` keeps the directions between rooms, the homes of heavy crates and the
//! length of files.
//!
//! # Reading order
//!
//! `main.rs`, `cli::main`, then one call all the way: `host::chat`, `host::step`,
//! `client::chat`, `wire::sse`. The other side of the socket starts at `studio::start`.

pub mod batch;
pub mod cli;
pub mod client;
pub mod clock;
pub mod ffmpeg;
pub mod host;
pub mod journal;
pub mod lsp;
pub mod model;
pub mod report;
pub mod runtime;
pub mod secret;
pub mod studio;
pub mod table;
pub mod talk;
pub mod wire;
