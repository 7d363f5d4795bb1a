//! The scripts of `tests/data/scripts`, against a studio: those in `ok` must come to their
//! end with every check passed, those in `failed` must say what stands in their `.err`.

use std::path::{Path, PathBuf};

use reelscript::runtime::{Outcome, Script};

use super::{Stage, scripts_in};

fn outcome(stage: &mut Stage, path: &Path) -> Outcome {
    stage.setup.files.inputs = vec![path.parent().unwrap().to_path_buf(), PathBuf::from(".")];
    stage.execute(&Script::load(path).unwrap())
}

#[test]
fn scripts_that_work_pass_all_their_checks() {
    let mut bad = Vec::new();
    for path in scripts_in("ok") {
        let mut stage = Stage::new();
        let _studio = stage.studio();
        let outcome = outcome(&mut stage, &path);
        let name = path.display();
        let failed = outcome.checks.iter().filter(|check| !check.passed);
        bad.extend(failed.map(|check| format!("{name}: not so: {} ({})", check.name, check.hint)));
        bad.extend(outcome.error.map(|error| format!("{name}: {error}")));
        assert!(!outcome.checks.is_empty(), "{name} checks nothing");
    }
    assert!(bad.is_empty(), "\n{}", bad.join("\n"));
}

#[test]
fn scripts_that_fail_say_what_happened_where_and_what_to_do() {
    let mut stage = Stage::new();
    let _studio = stage.studio();
    for path in scripts_in("failed") {
        let wanted = std::fs::read_to_string(path.with_extension("err")).unwrap();
        let error = outcome(&mut stage, &path).error.unwrap_or_else(|| panic!("{} works", path.display()));
        assert_eq!(format!("{error}\n"), wanted, "{}", path.display());
    }
}
