//! Help, version, and what is said about arguments that make no sense.

use crate::cli::reel::World;

#[test]
fn the_version_is_one_line() {
    let version = World::new().reel(["--version"]).success();
    assert_eq!(version, format!("reel {}\n", env!("CARGO_PKG_VERSION")));
}

#[test]
fn help_names_every_command_and_shows_examples() {
    let help = World::new().reel(["--help"]).success();
    for word in [
        "make",
        "run",
        "session",
        "doctor",
        "studio",
        "--backend <studio|nemo|URL>",
        "Examples:",
        "NEMO_TOKEN",
    ] {
        assert!(help.contains(word), "{word} in {help}");
    }
    assert!(!help.contains('\u{1b}'), "{help}");
}

#[test]
fn an_unknown_option_is_answered_with_the_nearest_one() {
    let ended = World::new().reel(["--bakend", "studio", "studio"]);
    assert_eq!(ended.code, 2);
    assert!(ended.stderr.contains("'--bakend'") && ended.stderr.contains("'--backend'"), "{ended:?}");
}

#[test]
fn a_config_file_with_an_unknown_key_is_refused() {
    let world = World::new();
    let folder = world.home(".config/reelscript");
    std::fs::create_dir_all(&folder).unwrap();
    std::fs::write(folder.join("config.toml"), "bakend = \"nemo\"\n").unwrap();
    let ended = world.reel(["api"]);
    assert_eq!(ended.code, 2);
    assert!(ended.stderr.contains("$WORLD/home/.config/reelscript/config.toml"), "{ended:?}");
    assert!(ended.stderr.contains("unknown field `bakend`, expected one of `backend`"), "{ended:?}");
}

#[test]
fn an_unknown_function_has_no_page_but_a_neighbour() {
    let said =
        "error: there is no function `slep`\n   hint: did you mean `sleep`? `reel api` prints them all\n";
    World::new().reel(["api", "slep"]).says(2, said);
    let page = World::new().reel(["api", "sleep()"]).success();
    assert!(page.starts_with("sleep(seconds)\n    Waits"), "{page}");
}
