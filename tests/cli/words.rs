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
    for word in ["studio", "--backend <studio|nemo|URL>", "Examples:", "NEMO_TOKEN"] {
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
