//! What a script may do, one file a noun: plain functions on a [`Run`], and their form in Rhai.

#![allow(dead_code, reason = "the nouns that use the rest arrive with the client")]

mod event;
mod failure;
mod flow;
mod json;
mod options;
mod param;
mod paths;
mod registry;
mod run;
mod step;
mod suggest;
mod wait;

pub mod files;
pub mod values;

pub use event::{Event, Sink};
pub use failure::{Failure, Kind};
pub use flow::CAUGHT;
pub use json::{from_script, to_script};
pub use param::{Options as ParamOptions, read_options as read_param_options, settle as settle_param};
pub use registry::{Doc, Registry, TypeDoc};
pub use run::{Check, FileAccess, Run, Setup};
pub use suggest::nearest;

/// Returns every function and type of scripts, in the order of the manual.
pub fn registry() -> Registry {
    let mut registry = Registry::default();
    param::register(&mut registry);
    files::register(&mut registry);
    values::register(&mut registry);
    flow::register(&mut registry);
    registry
}
