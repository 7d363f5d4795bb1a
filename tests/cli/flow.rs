//! One-shot commands against the studio inside the program: from a session to a file.

use std::fs;
use std::io::{BufRead, BufReader};
use std::path::{Path, PathBuf};
use std::process::Stdio;
use std::thread;
use std::time::Duration;

use serde_json::Value;

use crate::cli::reel::{World, files_below, interrupt};

#[test]
fn a_project_goes_from_session_to_file() {
    let world = World::new();
    let id = world.reel(["session", "new", "Morning ☕"]).success();
    let id = id.trim();
    assert!(id.len() > 10 && id.bytes().all(|byte| byte.is_ascii_digit()), "{id}");
    assert_eq!(world.reel(["state", id]).success(), "Timeline (empty)\n");

    fs::copy(sample(), world.path("photo.jpg")).unwrap();
    let sent = world.reel(["upload", id, "photo.jpg"]).success();
    assert!(sent.starts_with("photo.jpg (image, "), "{sent}");

    let words = "make a 2 second video of the photo with the title 'Hi'";
    let reply = world.reel(["chat", id, words]).success();
    assert!(!reply.trim().is_empty());
    let state = world.reel(["say", id, "status"]);
    assert!(state.stderr.contains("understood as: state"), "{state:?}");
    assert!(state.stdout.contains("\"Hi\"") && state.stdout.contains("photo.jpg (image"), "{state:?}");

    let made = world.reel(["export", id, "hi.mp4", "--resolution", "360p", "--out", "../desk/made"]);
    assert!(made.stdout.starts_with("../desk/made/hi.mp4: 2.0 s, 640x360, "), "{made:?}");
    assert_eq!(files_below(&world.path("made")), [world.path("made/hi.mp4")]);

    let listed = world.reel(["session", "list"]).success();
    assert_eq!(listed, format!("{id}  studio  just now  Morning ☕\n"));
    let credits = world.reel(["credits", "--json"]);
    let last = credits.lines().pop().unwrap();
    assert!(last["value"]["available"].as_f64().unwrap() > 0.0, "{last}");
}

#[test]
fn plain_words_are_taken_apart_and_what_an_answer_points_at_is_shown() {
    let world = World::new();
    let id = world.reel(["session", "new", "tea"]).success();
    let id = id.trim();
    let reply = world.reel(["say", id, "make a 2 second video about tea"]).success();
    assert!(reply.contains(&format!("`reel export {id} tea.mp4` saves it")), "{reply}");
    assert!(reply.lines().last().unwrap().starts_with("Timeline ("), "{reply}");
    let mixed = world.reel(["say", id, "make the title red, then send me the file as mov in 360p"]);
    assert!(mixed.stderr.contains("understood as: export, mov, 360p"), "{mixed:?}");
    assert!(mixed.stdout.contains("tea.mov: 2.0 s, 640x360, "), "{mixed:?}");
    assert_eq!(world.reel(["say", id, " "]).code, 2);
}

#[test]
fn make_needs_no_script() {
    let world = World::new();
    let ended = world.reel(["make", "a 2 second video about rain", "-o", "rain.mp4", "--resolution", "360p"]);
    assert!(ended.stdout.starts_with("rain.mp4: 2.0 s, 640x360, "), "{ended:?}");
    assert!(ended.stderr.contains("rendering: 100%"), "{ended:?}");
    assert!(ended.stderr.contains("session "), "{ended:?}");
    let list = world.reel(["session", "list", "--json"]);
    assert_eq!(list.lines()[0]["value"][0]["name"], "rain");
}

#[test]
fn json_tells_the_whole_way() {
    let world = World::new();
    let ended =
        world.reel(["make", "a 2 second video about tea", "-o", "tea.mp4", "--resolution", "360p", "--json"]);
    let lines = ended.lines();
    let with = |event: &str| lines.iter().filter(|line| line["event"] == event).collect::<Vec<&Value>>();
    let calls: Vec<_> = with("step_done").iter().map(|line| line["call"].as_str().unwrap()).collect();
    assert_eq!(calls, ["session", "chat", "export"]);
    let kinds: Vec<_> = with("progress").iter().map(|line| line["kind"].as_str().unwrap()).collect();
    assert!(kinds.contains(&"tool") && kinds.contains(&"render") && kinds.contains(&"download"), "{kinds:?}");
    let results = with("result");
    assert_eq!(results[0]["value"]["width"], 640);
    ended.says(0, "");
}

#[test]
fn ctrl_c_in_a_render_leaves_no_file_and_no_ffmpeg() {
    let world = World::new();
    let pids = world.path("pids");
    world.program("ffmpeg.sh", &format!("echo $$ >> '{}'\nexec ffmpeg \"$@\"\n", pids.display()));
    let world = world.var_path("REEL_FFMPEG", "ffmpeg.sh");
    let id = world.reel(["session", "new", "-q"]).success();
    world.reel(["chat", id.trim(), "make a 60 second video about slow trains"]).success();

    let mut run = world.command(["export", id.trim(), "slow.mp4", "--out", "made", "--json"]);
    let mut run = run.stdout(Stdio::piped()).spawn().unwrap();
    let mut lines = BufReader::new(run.stdout.take().unwrap()).lines().map(Result::unwrap);
    let started = |line: &String| line.contains("\"kind\":\"render\"") && !line.contains("\"percent\":0");
    lines.find(started).expect("a percentage is told");
    interrupt(&run);
    let rest: Vec<String> = lines.collect();
    assert_eq!(run.wait().unwrap().code(), Some(130), "{rest:?}");
    let left = if world.path("made").exists() { files_below(&world.path("made")) } else { Vec::new() };
    assert_eq!(left, Vec::<PathBuf>::new());
    for pid in fs::read_to_string(&pids).unwrap().lines() {
        assert!(ends(pid), "ffmpeg {pid} still runs");
    }
    let told: Value = serde_json::from_str(rest.last().unwrap()).unwrap();
    assert_eq!((&told["event"], &told["session"]), (&"stopped".into(), &id.trim().into()));
}

/// Whether a process ends soon: killed, it first gives all its memory back, and is then waited for
/// by whoever starts processes here.
fn ends(pid: &str) -> bool {
    let stat = Path::new("/proc").join(pid).join("stat");
    let over = || {
        let state =
            fs::read_to_string(&stat).ok().and_then(|stat| stat.rsplit(')').next().map(str::to_owned));
        state.is_none_or(|state| state.trim_start().starts_with('Z'))
    };
    (0..2000).any(|_| {
        over() || {
            thread::sleep(Duration::from_millis(5));
            false
        }
    })
}

/// A small photo of our own.
fn sample() -> PathBuf {
    let media = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("scripts/media");
    let photo = files_below(&media).into_iter().find(|path| path.extension().is_some_and(|ext| ext == "jpg"));
    photo.expect("scripts/media has a photo")
}
