//! What goes wrong before or instead of work: what happened, where, what to do, and the code.

use std::net::{Ipv4Addr, TcpListener};

use crate::cli::reel::{Ended, World};

/// A world with one empty session.
fn project() -> (World, String) {
    let world = World::new();
    let id = world.reel(["session", "new", "-q"]).success();
    (world, id.trim().to_owned())
}

#[track_caller]
fn complains(ended: &Ended, code: i32, words: &[&str]) {
    assert_eq!(ended.code, code, "{ended:#?}");
    for word in words {
        assert!(ended.stderr.contains(word), "`{word}` is missing in {}", ended.stderr);
    }
    assert!(ended.stderr.contains("hint: "), "no hint in {}", ended.stderr);
    assert_eq!(ended.stdout, "");
}

#[test]
fn files_that_cannot_be_sent_are_refused_before_they_are() {
    let (world, id) = project();
    let upload = |name: &str| world.reel(["upload", &id, name]);
    complains(&upload("none.mp4"), 2, &["none.mp4"]);
    world.write("setup.exe", "MZ");
    complains(&upload("setup.exe"), 2, &["setup.exe", "mp4, mov, avi, webm, mkv"]);
    world.write("empty.mp4", "");
    complains(&upload("empty.mp4"), 2, &["empty.mp4", "empty"]);
}

#[test]
fn a_session_that_is_not_there_is_named() {
    let world = World::new();
    complains(&world.reel(["state", "42"]), 3, &["session"]);
}

#[test]
fn an_empty_timeline_cannot_be_exported() {
    let (world, id) = project();
    complains(&world.reel(["export", &id, "a.mp4"]), 2, &["export"]);
}

#[test]
fn an_output_folder_that_is_none_is_named() {
    let (world, id) = project();
    world.reel(["chat", &id, "make a 2 second video about rain"]).success();
    world.write("taken", "a file stands here");
    complains(&world.reel(["export", &id, "a.mp4", "--out", "taken"]), 2, &["taken"]);
}

#[test]
fn without_ffmpeg_a_render_says_how_to_get_it() {
    let (world, id) = project();
    world.reel(["chat", &id, "make a 2 second video about rain"]).success();
    let world = world.var("REEL_FFMPEG", "/nonexistent/ffmpeg");
    complains(&world.reel(["export", &id, "a.mp4", "--resolution", "360p"]), 3, &["/nonexistent/ffmpeg"]);
    let doctor = world.reel(["doctor"]);
    assert_eq!(doctor.code, 1);
    let line = "fail  ffmpeg     `/nonexistent/ffmpeg` was not found\n";
    assert!(doctor.stdout.contains(line) && doctor.stdout.contains("apt-get install ffmpeg"), "{doctor:?}");
}

#[test]
fn without_espeak_a_voice_over_says_how_to_get_it_and_nothing_else_needs_it() {
    let world = World::new().var("REEL_ESPEAK", "/nonexistent/espeak");
    let script = "let s = session();\ns.chat(\"make a 2 second video about rain with calm music\");\n\
                  let d = s.draft();\nfor t in d.tracks { if t.kind == \"audio\" {\n\
                  for g in t.segments { g.source = \"studio:voice\"; } } }\n\
                  s.export(\"a.mp4\", #{ resolution: \"360p\", draft: d });";
    world.write("speak.rhai", script);
    let ended = world.reel(["run", "speak.rhai"]);
    for words in ["voice-over cannot be spoken", "/nonexistent/espeak", "apt-get install espeak-ng"] {
        assert!(ended.code != 0 && ended.stderr.contains(words), "{ended:?}");
    }
    let doctor = world.reel(["doctor"]);
    assert_eq!(doctor.code, 0, "{doctor:?}");
    assert!(doctor.stdout.contains("voice") && doctor.stdout.contains("it is optional"), "{doctor:?}");
}

#[test]
fn a_gif_of_a_video_with_music_says_that_its_sound_is_left_out() {
    let (world, id) = project();
    world.reel(["chat", &id, "make a 1 second video about rain with calm music"]).success();
    let said = |file: &str| world.reel(["export", &id, file, "--resolution", "360p"]).stderr;
    assert!(said("a.gif").contains("a GIF has no sound"), "{}", said("a.gif"));
    assert!(!said("a.mp4").contains("no sound"));
}

#[test]
fn a_cloud_that_is_out_of_reach_is_named() {
    // A port that was free a moment ago: nobody answers there.
    let free = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).unwrap().local_addr().unwrap();
    let world = World::new().var("NEMO_API_URL", &format!("http://{free}"));
    let ended = world.reel(["credits", "--backend", "nemo"]);
    complains(&ended, 3, &["cannot reach 127.0.0.1", "check the network"]);
    assert!(
        ended.stderr.starts_with(&format!("backend: NemoVideo at http://{free} (--backend)\n")),
        "{ended:?}"
    );
}

#[test]
fn a_backend_that_is_none_is_refused() {
    let said = "error: unknown backend `cloud` (--backend)\n   \
                hint: name `studio`, `nemo`, or a URL such as http://127.0.0.1:8787\n";
    World::new().reel(["credits", "--backend", "cloud"]).says(2, said);
}

#[test]
fn a_studio_that_has_no_home_says_so() {
    let world = World::new();
    world.write("taken", "a file stands here");
    let world = world.var_path("REEL_HOME", "taken");
    complains(&world.reel(["credits"]), 3, &["$WORLD/desk/taken/studio", "REEL_HOME"]);
}

#[test]
fn doctor_finds_a_journal_that_is_none() {
    let world = World::new();
    world.write("good.rhai", "uuid();");
    world.reel(["run", "good.rhai", "--journal", "journal.db"]).success();
    let found = |file: &str| {
        let lines = world.reel(["doctor", "--json", "--journal", file]).lines();
        lines.iter().find(|line| line["subject"] == "journal").unwrap()["health"].as_str().unwrap().to_owned()
    };
    assert_eq!((found("journal.db"), found("none.db")), ("ok".to_owned(), "ok".to_owned()));
    assert!(!world.path("none.db").exists(), "looking makes nothing");
    world.write("broken.db", "this is no database, whatever its name says".repeat(100));
    assert_eq!(found("broken.db"), "fail");
}
