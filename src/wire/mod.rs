//! What crosses HTTP: types and text codecs, both directions of a message in one file.
//!
//! A body is read as a bag of fields: unknown ones pass, one of a wrong type counts as
//! absent, camelCase and snake_case are the same. What a reader cannot do without is an
//! error that names it.

pub mod attribution;
pub mod auth;
pub mod chat;
pub mod code;
pub mod credits;
pub mod envelope;
pub mod event;
pub mod fields;
pub mod render;
pub mod route;
pub mod session;
pub mod sse;
pub mod state;
pub mod text;
pub mod transcript;
pub mod upload;
