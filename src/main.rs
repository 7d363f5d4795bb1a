//! The `reel` binary.

fn main() {}
