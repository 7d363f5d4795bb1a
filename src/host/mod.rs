//! What a script may do, one file a noun: plain functions on a [`Run`], and their form in Rhai.
//!
//! The plain functions block their thread until the backend has answered: they must not be
//! called on a thread of the async runtime.

mod event;
mod failure;
mod flow;
mod json;
mod means;
mod options;
mod param;
mod paths;
mod registry;
mod row;
mod run;
mod setup;
mod step;
mod suggest;
mod turn;
mod wait;

pub mod background;
pub mod batch;
pub mod chat;
pub mod credits;
pub mod draft;
pub mod export;
pub mod files;
pub mod interchange;
pub mod preview;
pub mod rows;
pub mod say;
pub mod session;
pub mod state;
pub mod store;
pub mod stream;
pub mod upload;
pub mod values;

pub use batch::STACK_BYTES;
pub use event::{Event, Sink};
pub use failure::{Failure, Kind};
pub use flow::CAUGHT;
pub use json::{from_script, to_script};
pub use means::Means;
pub use param::{Options as ParamOptions, read_options as read_param_options, settle as settle_param};
pub use paths::{find as find_file, missing as missing_file};
pub use registry::{Doc, Registry, Surface, TypeDoc};
pub use run::{Check, Run};
pub use setup::{FileAccess, FindBackend, Setup, Verdict};
pub use suggest::{nearest, nearest_file};
pub use turn::before_last_turn;
pub use upload::is_url;

/// Returns every function and type of scripts, in the order of the manual.
pub fn registry() -> Registry {
    let mut registry = Registry::default();
    let nouns = [
        param::register,
        session::register,
        upload::register,
        chat::register,
        stream::register,
        say::register,
        state::register,
        draft::register,
        export::register,
        background::register,
        preview::register,
        interchange::register,
        credits::register,
        files::register,
        rows::register,
        store::register,
        batch::register,
        values::register,
        flow::register,
    ];
    for register in nouns {
        register(&mut registry);
    }
    registry
}
