//! The embedded backend: a local server of the same protocol that really renders.

pub mod agent;
pub mod render;
