//! The README says what is so.

use std::fs;
use std::path::Path;

use reelscript::studio::chaos::Chaos;

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
    let of_commands = ["api", "batch", "clean", "new", "plan", "report", "run", "studio", "worker"];
    let of_commands = of_commands.map(|command| world.reel([command, "--help"]).success()).concat();
    let of_commands = of_commands + world.reel(["batch", "settle", "--help"]).success().as_str();
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
            let known =
                help.contains(flag) || of_commands.contains(flag) || ["--path", "--features"].contains(&flag);
            assert!(known, "`{line}`: there is no flag {flag}");
        }
    }
}

#[test]
fn its_file_of_faults_can_be_used() {
    let text = readme();
    let blocks = text.split("```toml\n").skip(1).filter_map(|rest| rest.split("```").next());
    let faults: Vec<_> = blocks.filter(|block| block.contains("[[fault]]")).map(Chaos::read).collect();
    assert!(matches!(faults.as_slice(), [Ok(chaos)] if chaos.len() == 2), "{faults:?}");
}

#[test]
fn the_settings_of_an_editor_are_json_and_start_the_language_server() {
    let text = readme();
    let blocks = text.split("```json\n").skip(1).filter_map(|rest| rest.split("```").next());
    let settings = blocks.into_iter().find(|block| block.contains("glspc.server.command")).unwrap();
    let settings: serde_json::Value = serde_json::from_str(settings).unwrap();
    assert_eq!(settings["glspc.server.command"], "reel");
    let arguments = settings["glspc.server.commandArguments"].as_array().unwrap().iter();
    let arguments: Vec<&str> = arguments.map(|argument| argument.as_str().unwrap()).collect();
    let hello = r#"{"jsonrpc":"2.0","id":1,"method":"initialize","params":{"capabilities":{}}}"#;
    let said = World::new().reel_fed(&arguments, &format!("Content-Length: {}\r\n\r\n{hello}", hello.len()));
    assert!(said.stdout.contains("completionProvider"), "{said:?}");
    assert_eq!(settings["glspc.server.languageId"], serde_json::json!(["rhai"]));
}
