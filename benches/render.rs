//! What a render takes beside a hand-written ffmpeg line, MLT, moviepy and editly, in one run
//! on three timelines: five photos with motion (a), a clip that is trimmed (b), a minute of
//! words (c). All at 1080p30 with one codec, preset and CRF. Then what a changed title takes.
//!
//! The lines and scripts of the others lie in `render/`; media are made by ffmpeg, but for the
//! pictures of the words and the small background of c, which come out of a render so that
//! both films show the same. `cargo bench --bench render -- a` measures one timeline alone;
//! `ours` after it leaves the others out but for the ffmpeg line.
//!
//! Linux only: time is read from `/proc`.

#![allow(clippy::print_stdout, clippy::expect_used, reason = "a program that prints figures")]

use std::fs;
use std::os::unix::process::CommandExt as _;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::thread;
use std::time::{Duration, Instant};

use reelscript::model::draft::Draft;
use reelscript::studio::render::{Job, Output, Quality, render};
use rustix::process::{Pid, Signal, kill_process_group};
use serde_json::{Value, json};
use tokio::runtime::Runtime;
use tokio_util::sync::CancellationToken;

/// Runs of our own renders and of the ffmpeg lines; the least counts.
const REPEATS: usize = 3;
/// Another program is ended when it has taken so many times as long as the line: how much slower
/// it is then matters little, and some take many minutes.
const PATIENCE: f64 = 5.0;
/// No line takes longer.
const LINE_MAX: Duration = Duration::from_secs(600);
/// How often a program is looked at.
const LOOK: Duration = Duration::from_millis(5);
/// The unit of times in `/proc`, the same on all systems.
const TICKS_A_SECOND: f64 = 100.0;
const CANVAS: (usize, usize) = (1920, 1080);
/// The light that is left of photos and of the clip: over brighter ones, words get a shade of
/// their own from `reel`, which no line and no script knows.
const LIGHT: f64 = 0.62;
/// A grey for words to stand on, of less light than that.
const GREY: u8 = 150;
/// What a program is asked to render in place of the bench: its draft, its file, its cache.
const OURS: &str = "--render";

const CAPTIONS: [&str; 6] = [
    "Trains leave on time",
    "Windows show the country",
    "Tea is served at four",
    "Nobody looks at a phone",
    "The sea is on the left",
    "Then everybody is home",
];

/// What one program took.
#[derive(Clone, Copy)]
struct Taken {
    wall: f64,
    cpu: f64,
}

fn main() {
    let args: Vec<String> = std::env::args().skip(1).filter(|arg| arg != "--bench").collect();
    if let [OURS, draft, to, cache] = args.iter().map(String::as_str).collect::<Vec<_>>()[..] {
        return rendered(
            &fs::read_to_string(draft).expect("the bench wrote it"),
            to.as_ref(),
            cache.as_ref(),
        );
    }
    let alone = args.iter().any(|arg| arg == "ours");
    let chosen = |name: &str| args.iter().all(|arg| arg == "ours") || args.iter().any(|arg| arg == name);
    let home = std::env::temp_dir().join(format!("reel-bench-{}", std::process::id()));
    fs::create_dir_all(&home).expect("the temporary folder can be written");
    make_media(&home);
    for name in ["a", "b", "c"].into_iter().filter(|name| chosen(name)) {
        compare(&home, name, alone);
    }
    if chosen("title") {
        change_title(&home);
    }
    fs::remove_dir_all(&home).expect("our own folder can be removed");
}

/// Renders in this process, so that a whole process is measured.
fn rendered(draft: &str, to: &Path, cache: &Path) {
    let home = to.parent().expect("a file of the bench").to_owned();
    let media = |src: &str| Some(home.join(src)).filter(|path| path.is_file());
    let job = Job {
        draft: Draft::parse(draft).expect("a draft of the bench"),
        output: Output { quality: Quality::Medium, ..Output::default() },
        media: &media,
        to: to.to_owned(),
        work: home.join("work"),
        cache: cache.to_owned(),
    };
    let runtime = Runtime::new().expect("the system starts threads");
    runtime.block_on(render(job, &|_| (), CancellationToken::new())).expect("the draft can be rendered");
}

/// Measures all that make one timeline.
fn compare(home: &Path, name: &str, alone: bool) {
    let (reel, line) = (home.join(format!("{name}-reel.mp4")), home.join(format!("{name}-line.mp4")));
    let mut least: [Option<Taken>; 2] = [None; 2];
    for _ in 0..REPEATS {
        let ours = measured(&mut ours(home, &timeline(name, "Morning Brew"), &reel, &fresh_cache(home)));
        let theirs = measured(&mut script(home, &format!("{name}.sh"), &line));
        for (least, taken) in least.iter_mut().zip([ours, theirs]) {
            let taken = taken.expect("both can be made");
            *least = Some(least.map_or(taken, |before| Taken {
                wall: before.wall.min(taken.wall),
                cpu: before.cpu.min(taken.cpu),
            }));
        }
    }
    let [Some(ours), Some(theirs)] = least else { return };
    println!("\n{name}: {}", about(name));
    println!("{:<16} {:>8} {:>8}   {:>9} {:>9}", "", "wall s", "CPU s", "wall, of", "CPU, of");
    let row = |what: &str, taken: Taken| {
        let (wall, cpu) = (taken.wall / theirs.wall, taken.cpu / theirs.cpu);
        println!("{what:<16} {:>8.2} {:>8.2}   {wall:>9.2} {cpu:>9.2}", taken.wall, taken.cpu);
    };
    row("ffmpeg line", theirs);
    row("reel", ours);
    println!("{:<16} {:.1} dB between the frames of both", "", psnr(&reel, &line));
    for (what, file) in
        [("MLT", "mlt"), ("moviepy", "py"), ("editly", "json5")].into_iter().filter(|_| !alone)
    {
        let to = home.join(format!("{name}-{file}.mp4"));
        match peer(home, name, file, &to) {
            Some(mut command) => match ended(&mut command, Duration::from_secs_f64(theirs.wall * PATIENCE)) {
                // Some fail with no other sign than that.
                End::Done(taken) if fs::metadata(&to).is_ok_and(|file| file.len() > 0) => row(what, taken),
                End::Done(_) | End::Failed => println!("{what:<16} failed"),
                End::TooLong => println!("{what:<16} was ended at {PATIENCE} of the wall time"),
            },
            None => println!("{what:<16} is not installed"),
        }
    }
}

/// What a changed title takes, of what the whole takes.
fn change_title(home: &Path) {
    let (cache, file) = (fresh_cache(home), home.join("title.mp4"));
    let whole = measured(&mut ours(home, &timeline("a", "Morning Brew"), &file, &cache));
    let again = measured(&mut ours(home, &timeline("a", "Evening Brew"), &file, &cache));
    let (whole, again) = (whole.expect("it can be made"), again.expect("it can be made"));
    println!(
        "\na title of a changed: {:.2} s of {:.2} s, CPU {:.2} s of {:.2} s",
        again.wall, whole.wall, again.cpu, whole.cpu
    );
    println!("{:.1} times faster, {:.1} times less CPU", whole.wall / again.wall, whole.cpu / again.cpu);
}

fn about(name: &str) -> &'static str {
    match name {
        "a" => "five photos in motion, four crossfades, a logo, a title, music, 30 s",
        "b" => "a clip of 30 s trimmed to 10 s, a title, music",
        _ => "60 s of a moving background, six captions, music",
    }
}

/// The draft of a timeline.
fn timeline(name: &str, title: &str) -> Value {
    let song = |d: u64| json!({"tt": 1, "sg": [{"s": 0, "d": d, "src": "song.m4a", "v": 0.35}]});
    let words = |s: u64, text: &str| json!({"s": s, "d": 3000, "m": {"text": text, "effect": "none"}});
    match name {
        "a" => {
            let photo = |i: u64| {
                let motion = ["in", "out"][i as usize % 2];
                let joint = json!({"kind": "crossfade", "d": 1000});
                json!({"s": i * 6000, "d": 6000, "src": format!("photo{i}.jpg"),
                    "m": {"kind": "image", "motion": motion, "transition": joint}})
            };
            let photos: Vec<Value> = (0..5).map(photo).collect();
            let logo =
                json!({"s": 0, "d": 30_000, "src": "logo.png", "m": {"position": "top-right", "size": 0.14}});
            draft(
                json!([{"tt": 0, "m": {"role": "main"}, "sg": photos}, {"tt": 0, "m": {"role": "logo"}, "sg": [logo]},
                song(30_000), {"tt": 7, "sg": [words(1000, title)]}]),
            )
        }
        "b" => draft(json!([{"tt": 0, "sg": [{"s": 0, "d": 10_000, "src": "clip.mp4", "ss": 8000}]},
            song(10_000), {"tt": 7, "sg": [words(1000, title)]}])),
        _ => {
            let captions = CAPTIONS.iter().zip(0..).map(|(text, i)| {
                json!({"s": i * 10_000 + 1000, "d": 8000, "m": {"text": text, "style": "caption", "effect": "none"}})
            });
            draft(json!([background(60_000), song(60_000), {"tt": 7, "sg": captions.collect::<Vec<_>>()}]))
        }
    }
}

fn draft(tracks: Value) -> Value {
    json!({"m": {"width": CANVAS.0, "height": CANVAS.1, "fps": 30, "seed": 7}, "t": tracks})
}

fn background(d: u64) -> Value {
    let scene = json!({"style": "mesh", "palette": "ocean", "seed": 3});
    json!({"tt": 0, "m": {"role": "main"}, "sg": [{"s": 0, "d": d, "m": {"kind": "scene", "scene": scene}}]})
}

fn ours(home: &Path, draft: &Value, to: &Path, cache: &Path) -> Command {
    let path = home.join("draft.json");
    fs::write(&path, draft.to_string()).expect("our own folder can be written");
    let mut command = Command::new(std::env::current_exe().expect("this program has a file"));
    command.arg(OURS).args([&path, to, cache]);
    command
}

/// A folder for a cache that holds nothing yet.
fn fresh_cache(home: &Path) -> PathBuf {
    let folder = home.join("cache");
    // The first time there is none.
    let _ = fs::remove_dir_all(&folder);
    folder
}

fn script(home: &Path, name: &str, to: &Path) -> Command {
    let mut command = Command::new("sh");
    command.arg(lines().join(name)).arg(to).current_dir(home);
    command
}

fn lines() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("benches/render")
}

/// Another program that makes a timeline as the file `to`; none when it is not there.
fn peer(home: &Path, name: &str, kind: &str, to: &Path) -> Option<Command> {
    let bench = Path::new(env!("CARGO_MANIFEST_DIR")).join("target/bench");
    let file = lines().join(format!("{name}.{kind}"));
    let mut command = match kind {
        "mlt" => {
            on_path("melt")?;
            let mut command = Command::new("sh");
            command.arg(file).arg(to);
            command
        }
        "py" => {
            let python = Some(bench.join("moviepy/bin/python")).filter(|python| python.is_file())?;
            let mut command = Command::new(python);
            command.arg(file).arg(to);
            command
        }
        _ => {
            let editly =
                Some(bench.join("editly/node_modules/.bin/editly")).filter(|editly| editly.is_file())?;
            // It draws by OpenGL, which wants a display.
            let mut command = Command::new(on_path("xvfb-run")?);
            command.arg("-a").arg(editly).arg(file).arg("--out").arg(to);
            command
        }
    };
    command.current_dir(home);
    Some(command)
}

fn on_path(name: &str) -> Option<PathBuf> {
    let path = std::env::var_os("PATH")?;
    std::env::split_paths(&path).map(|folder| folder.join(name)).find(|program| program.is_file())
}

/// How a program ended.
enum End {
    Done(Taken),
    Failed,
    TooLong,
}

/// Runs a program to its end; none when it fails.
fn measured(command: &mut Command) -> Option<Taken> {
    if let End::Done(taken) = ended(command, LINE_MAX) { Some(taken) } else { None }
}

/// Runs a program to its end, and no longer than `most`.
fn ended(command: &mut Command, most: Duration) -> End {
    let begun = Instant::now();
    // A group of its own: some start a display, and that others.
    command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null()).process_group(0);
    watched(command.spawn().expect("the program is there"), begun, most)
}

/// Looks at a program until it ends. Its own children count once they ended.
fn watched(mut child: Child, begun: Instant, most: Duration) -> End {
    let stat = PathBuf::from("/proc").join(child.id().to_string()).join("stat");
    loop {
        let stat = fs::read_to_string(&stat).expect("/proc has it until it is waited for");
        // The name of the program, in parentheses, may hold anything.
        let fields: Vec<&str> = stat.rsplit(')').next().unwrap_or_default().split_whitespace().collect();
        let wall = begun.elapsed();
        if fields[0] == "Z" {
            let ticks: f64 = fields[11..=14].iter().filter_map(|ticks| ticks.parse::<f64>().ok()).sum();
            let status = child.wait().expect("it is a child of ours");
            let taken = Taken { wall: wall.as_secs_f64(), cpu: ticks / TICKS_A_SECOND };
            return if status.success() { End::Done(taken) } else { End::Failed };
        }
        if wall > most {
            let group = Pid::from_child(&child);
            kill_process_group(group, Signal::KILL).expect("a group of our own");
            child.wait().expect("it is a child of ours");
            return End::TooLong;
        }
        thread::sleep(LOOK);
    }
}

/// How near the frames of two films are to each other, in dB over all frames.
fn psnr(one: &Path, other: &Path) -> f64 {
    let mut command = Command::new("ffmpeg");
    command.args(["-nostdin", "-hide_banner", "-i"]).arg(one).arg("-i").arg(other);
    let out =
        command.args(["-lavfi", "[0:v][1:v]psnr", "-f", "null", "-"]).output().expect("ffmpeg is there");
    let told = String::from_utf8_lossy(&out.stderr).into_owned();
    let average =
        told.rsplit_once("average:").and_then(|(_, rest)| rest.split_whitespace().next()?.parse().ok());
    average.unwrap_or_else(|| panic!("ffmpeg compares no frames: {told}"))
}

/// Photos, a logo, a clip and a song by ffmpeg; words and the small background by a render.
fn make_media(home: &Path) {
    let make = |line: &str, name: &str| {
        let mut command = Command::new("ffmpeg");
        command.args(["-nostdin", "-v", "error", "-y"]).args(line.split_whitespace()).arg(home.join(name));
        assert!(command.status().expect("ffmpeg is there").success(), "ffmpeg cannot make {name}");
    };
    for (i, scale) in [0.9, 0.3, 0.1, 0.05, 0.02].into_iter().enumerate() {
        let place = "start_x=-0.743643:start_y=-0.131825:maxiter=600";
        let line = format!(
            "-f lavfi -i mandelbrot=s=1920x1080:start_scale={scale}:{place} -frames:v 1 -q:v 2 \
             -vf gblur=2,format=rgb24,lutrgb=r=val*{LIGHT}:g=val*{LIGHT}:b=val*{LIGHT}"
        );
        make(&line, &format!("photo{i}.jpg"));
    }
    make(
        "-f lavfi -i color=0xE08020:s=400x160,format=rgba,drawgrid=w=40:h=40:c=white@0.8 -frames:v 1",
        "logo.png",
    );
    let moving = format!(
        "-f lavfi -i testsrc2=s=1920x1080:r=30:d=30 -vf gblur=1,format=yuv420p,lutyuv=y=16+(val-16)*{LIGHT}"
    );
    make(
        &format!("{moving} -c:v libx264 -preset veryfast -crf 18 -pix_fmt yuv420p -colorspace bt709 -an"),
        "clip.mp4",
    );
    make("-f lavfi -i aevalsrc=0.2*sin(440*t)+0.2*sin(660*t):d=60 -c:a aac -ac 2 -ar 48000", "song.m4a");
    make_words(home);
    let small = json!({"m": {"width": 320, "height": 180, "fps": 30, "seed": 7}, "t": [background(60_000)]});
    let file = home.join("back.mp4");
    measured(&mut ours(home, &small, &file, &fresh_cache(home))).expect("the background can be made");
}

/// Draws the words once on black and once on grey; the difference is their transparency.
fn make_words(home: &Path) {
    let mut words = vec![("title".to_owned(), "Morning Brew", "title")];
    words.extend(CAPTIONS.iter().enumerate().map(|(i, text)| (format!("caption{i}"), *text, "caption")));
    let shown = |ground: u8| {
        let photo = image::RgbImage::from_pixel(64, 36, image::Rgb([ground; 3]));
        photo.save(home.join("ground.png")).expect("our own folder can be written");
        let texts = words.iter().enumerate().map(|(i, (_, text, style))| {
            json!({"s": i * 1000, "d": 1000, "m": {"text": text, "style": style, "effect": "none"}})
        });
        let d = words.len() * 1000;
        let tracks = json!([{"tt": 0, "sg": [{"s": 0, "d": d, "src": "ground.png"}]}, {"tt": 7, "sg": texts.collect::<Vec<_>>()}]);
        let film = home.join("words.mp4");
        measured(&mut ours(home, &draft(tracks), &film, &fresh_cache(home))).expect("words can be drawn");
        // The frame in the middle of each second.
        let args =
            ["-vf", "select=eq(mod(n\\,30)\\,15)", "-vsync", "0", "-f", "rawvideo", "-pix_fmt", "rgb24", "-"];
        let out =
            Command::new("ffmpeg").args(["-nostdin", "-v", "error", "-i"]).arg(film).args(args).output();
        out.expect("ffmpeg is there").stdout
    };
    let (black, grey) = (shown(0), shown(GREY));
    let frame = CANVAS.0 * CANVAS.1 * 3;
    for (i, (name, ..)) in words.iter().enumerate() {
        let range = i * frame..(i + 1) * frame;
        cut_out(&black[range.clone()], &grey[range])
            .save(home.join(format!("{name}.png")))
            .expect("our own folder");
    }
}

/// The picture whose colours over black and over grey are these.
fn cut_out(black: &[u8], grey: &[u8]) -> image::RgbaImage {
    let pixels = black.as_chunks::<3>().0.iter().zip(grey.as_chunks::<3>().0).flat_map(|(b, g)| {
        let through = g.iter().zip(b).map(|(g, b)| i32::from(*g) - i32::from(*b)).sum::<i32>() / 3;
        // What encoding left of the ground is no ink.
        let alpha = match 255 - (through * 255 / i32::from(GREY)).clamp(0, 255) {
            faint if faint < 6 => 0,
            alpha => alpha,
        };
        let colour = |c: u8| ((i32::from(c) * 255) / alpha.max(1)).min(255) as u8;
        [colour(b[0]), colour(b[1]), colour(b[2]), alpha as u8]
    });
    let (width, height) = (CANVAS.0 as u32, CANVAS.1 as u32);
    image::RgbaImage::from_raw(width, height, pixels.collect()).expect("four bytes were made of each pixel")
}
