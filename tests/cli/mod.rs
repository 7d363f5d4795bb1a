//! The command line as its users meet it: the built binary, its words and its exit codes.

#[allow(dead_code, reason = "the tests that use it land next")]
mod reel;
mod studio;
mod words;
