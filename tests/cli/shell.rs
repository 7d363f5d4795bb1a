//! What belongs to a shell: completion, manual pages, the settings and where they come from.

use std::process::Command;

use crate::cli::reel::World;

#[test]
fn bash_completes_with_what_is_printed_for_it() {
    let world = World::new();
    world.write("reel.bash", world.reel(["completions", "bash"]).success());
    let program = world.command([""; 0]).get_program().to_owned();
    let folder = std::path::Path::new(&program).parent().unwrap();
    let ask = |words: &str, at: usize| {
        let script = format!(
            "source reel.bash; COMP_WORDS=({words}); COMP_CWORD={at}; _reel; printf '%s\\n' \"${{COMPREPLY[@]}}\""
        );
        let path = format!("{}:{}", folder.display(), std::env::var("PATH").unwrap());
        let mut bash = Command::new("bash");
        bash.args(["-c", &script]).current_dir(world.path("")).env("PATH", path);
        String::from_utf8(bash.env("HOME", world.home("")).output().unwrap().stdout).unwrap()
    };
    assert_eq!(ask("reel ru", 1), "run\nruns\n");
    assert_eq!(ask("reel run --max", 2), "--max-credits\n");
    assert_eq!(ask("reel --backend ''", 2), "studio\nnemo\n");
    assert_eq!(ask("reel run ''", 2).trim(), "", "files are the shell's own business");
}

#[test]
fn zsh_and_fish_ask_the_program_too() {
    let world = World::new();
    let zsh = world.reel(["completions", "zsh"]).success();
    assert!(zsh.starts_with("#compdef reel\n") && zsh.contains("reel complete -- "), "{zsh}");
    let fish = world.reel(["completions", "fish"]).success();
    assert!(fish.contains("complete -c reel") && fish.contains("reel complete -- "), "{fish}");
    assert_eq!(world.reel(["complete", "--", "reel", "doc"]).success().split('\t').next(), Some("doctor"));
    assert_eq!(world.reel(["completions", "csh"]).code, 2);
}

#[test]
fn manual_pages_are_written_for_every_command() {
    let world = World::new();
    let said = world.reel(["man", "man1"]).success();
    let pages = std::fs::read_dir(world.path("man1")).unwrap().count();
    assert_eq!(said, format!("{pages} pages in man1\n"));
    let page = std::fs::read_to_string(world.path("man1/reel-run.1")).unwrap();
    assert!(
        page.starts_with(".TH REEL-RUN 1") && page.contains("reel run scripts/quick_edit.rhai"),
        "{page}"
    );
    assert!(world.reel(["man"]).success().starts_with(".TH REEL 1"));
}

#[test]
fn every_setting_is_shown_with_who_set_it() {
    let world = World::new().var("REEL_LANGUAGE", "ja").var("NEMO_TOKEN", "nmv_usr_secret");
    std::fs::create_dir_all(world.home(".config/reelscript")).unwrap();
    std::fs::write(world.home(".config/reelscript/config.toml"), "out = \"films\"\n[delays]\ncall = 5\n")
        .unwrap();
    let lines = world.reel(["config", "--json", "--max-credits", "150", "--allow-env", "CITY"]).lines();
    let of = |name: &str| {
        let line = lines.iter().find(|line| line["setting"] == name).expect(name);
        (line["value"].as_str().unwrap(), line["from"].as_str().unwrap())
    };
    assert_eq!(of("backend"), ("nemo", "NEMO_TOKEN"));
    assert_eq!(of("language"), ("ja", "REEL_LANGUAGE"));
    assert_eq!(of("token"), ("set", "NEMO_TOKEN"));
    assert_eq!(of("credits at most"), ("150", "--max-credits"));
    assert_eq!(of("variables"), ("CITY", "--allow-env"));
    assert_eq!(of("out").0, "films");
    assert!(
        of("out").1.ends_with("config.toml") && of("delays.call").1.ends_with("config.toml"),
        "{lines:?}"
    );
    assert_eq!((of("delays.call").0, of("delays.turn")), ("5 s", ("900 s", "default")));
    let people = world.reel(["config"]).success();
    assert!(people.starts_with("setting") && people.contains("REEL_LANGUAGE"), "{people}");
}
