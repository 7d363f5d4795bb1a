//! The README says what is so.

use std::fs;
use std::path::Path;

use crate::cli::reel::World;

fn readme() -> String {
    fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("README.md")).unwrap()
}

/// `REEL_UPDATE_README=1 cargo test readme` writes the table anew.
#[test]
fn the_table_of_functions_is_that_of_the_program() {
    let table = World::new().reel(["api", "--table"]).success();
    let text = readme();
    let (before, rest) = text.split_once("<!-- functions: begin -->\n").unwrap();
    let (found, after) = rest.split_once("<!-- functions: end -->").unwrap();
    let wanted = format!("\n{table}\n");
    if found != wanted && std::env::var_os("REEL_UPDATE_README").is_some() {
        let text = format!("{before}<!-- functions: begin -->\n{wanted}<!-- functions: end -->{after}");
        fs::write(Path::new(env!("CARGO_MANIFEST_DIR")).join("README.md"), text).unwrap();
        return;
    }
    assert!(found == wanted, "README.md is behind: REEL_UPDATE_README=1 cargo test readme");
}

#[test]
fn every_command_and_flag_that_it_names_is_there() {
    let world = World::new();
    let help = world.reel(["--help"]).success();
    let of_commands = ["api", "clean", "new", "plan", "run", "studio"];
    let of_commands = of_commands.map(|command| world.reel([command, "--help"]).success()).concat();
    let text = readme();
    for line in text.split('`').skip(1).step_by(2) {
        let mut words = line.split_whitespace();
        if words.next() == Some("reel")
            && let Some(command) = words.next().filter(|word| !word.starts_with('-'))
        {
            assert!(help.contains(&format!("\n  {command} ")), "`{line}`: there is no command {command}");
        }
        for flag in line.split_whitespace().filter(|word| word.starts_with("--")) {
            let flag = flag.split('=').next().unwrap();
            let known = help.contains(flag) || of_commands.contains(flag) || flag == "--path";
            assert!(known, "`{line}`: there is no flag {flag}");
        }
    }
}
