//! The `reel` binary.

use std::process::ExitCode;

fn main() -> ExitCode {
    reelscript::cli::main(std::env::args_os())
}
