//! One case: a world, a backend that counts, a script, and a `reel` that is killed and
//! resumed until the script has come to its end.

use std::collections::BTreeMap;
use std::fs;
use std::io::Read;
use std::path::PathBuf;
use std::process::{Child, Command, Stdio};
use std::sync::mpsc::{self, RecvTimeoutError, Sender, SyncSender};
use std::sync::{Arc, Mutex, OnceLock};
use std::thread;
use std::time::{Duration, Instant};

use reelscript::journal::{Journal, LineKind, RunRecord, Sqlite, Status, Step, Story};

use crate::cli::reel::{World, files_below};
use crate::crash::backend::{Backend, Fate, Gate, Moment, Visit, price};
use crate::crash::books::Books;
use crate::crash::dice::Dice;

/// A process that takes longer than this hangs.
const LIMIT: Duration = Duration::from_secs(60);
/// A case that is not done after so many processes never will be.
const ATTEMPTS_MAX: usize = 12;
/// The files that the script exports.
pub(crate) const FILES: [&str; 2] = ["final.mp4", "rough.mp4"];
/// The waits of the client, short: what waits for them waits for nothing else.
const DELAYS: &str = "[delays]\nladder = [0.05, 0.1, 0.2, 0.4]\nbackoff = [0.05, 0.1]\nrate_limit = 0.1\n\
                      poll_first = 0.02\npoll_max = 0.05\n";

/// When a process is killed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Strike {
    /// Never.
    Never,
    /// At a moment of the nth request that the backend sees of it.
    At(u32, Moment),
    /// As its nth request comes, which then gets lost.
    Lost(u32),
    /// At a moment of its nth turn.
    Turn(u32, Moment),
    /// After a time.
    After(Duration),
}

/// How one process ended.
#[derive(Debug)]
pub(crate) struct Ended {
    /// None when it was killed.
    pub(crate) code: Option<i32>,
    pub(crate) stdout: String,
    pub(crate) stderr: String,
    pub(crate) took: Duration,
}

/// What it took to come to an end.
#[derive(Debug, Default)]
pub(crate) struct Journey {
    /// Processes that were killed.
    pub(crate) kills: usize,
    /// How often a user had to decide about a turn.
    pub(crate) parked: usize,
}

/// A world with a script in it, and the backend that the script speaks to.
pub(crate) struct Stage {
    pub(crate) world: World,
    pub(crate) backend: Backend,
    /// What happened so far, for a case that goes wrong.
    story: Mutex<String>,
}

/// What an undisturbed run leaves.
pub(crate) struct Reference {
    files: Vec<(String, Vec<u8>)>,
    /// What it printed, without what is of one run only.
    lines: Vec<String>,
    pub(crate) requests: u32,
    pub(crate) took: Duration,
}

impl Stage {
    pub(crate) fn new() -> Self {
        let world = World::new();
        let config = world.home(".config/reelscript");
        fs::create_dir_all(&config).unwrap();
        fs::write(config.join("config.toml"), DELAYS).unwrap();
        fs::copy("tests/data/crash/five_turns.rhai", world.path("five_turns.rhai")).unwrap();
        for (name, seed) in [("city.mp4", 3), ("logo.png", 4)] {
            let mut dice = Dice::new(seed);
            world.write(name, (0..40_000).map(|_| dice.below(256) as u8).collect::<Vec<u8>>());
        }
        Self { world, backend: Backend::start(video()), story: Mutex::default() }
    }

    /// `reel run` of the script.
    pub(crate) fn run(&self, strike: Strike) -> Ended {
        let url = self.backend.url();
        self.reel(&["run", "five_turns.rhai", "--backend", &url, "--out", "out"], strike)
    }

    /// `reel resume` of the newest run that is unfinished.
    pub(crate) fn resume(&self, strike: Strike) -> Ended {
        self.reel(&["resume", "--last"], strike)
    }

    /// Runs the script, each process with its strike, and resumes it until it has come to its
    /// end.
    pub(crate) fn to_the_end(&self, strikes: &[Strike]) -> Journey {
        let mut strikes = strikes.iter().copied().chain(std::iter::repeat(Strike::Never));
        let mut next = move || strikes.next().unwrap();
        let mut journey = Journey::default();
        let mut ended = self.run(next());
        for _ in 0..ATTEMPTS_MAX {
            ended = match ended.code {
                Some(0) => return journey,
                None => {
                    journey.kills += 1;
                    self.resume(next())
                }
                // It was killed before the journal knew of it, or after it had ended.
                Some(2) if ended.stderr.contains("nothing to resume") => match self.newest() {
                    Some(run) if run.ended.as_ref().is_some_and(|(_, end)| end.exit_code == 0) => {
                        return journey;
                    }
                    None => self.run(next()),
                    Some(run) => panic!("{run:?} is not resumed\n{}", self.story()),
                },
                Some(4) => {
                    journey.parked += 1;
                    self.decide(next())
                }
                Some(_) => panic!("it failed\n{}", self.story()),
            };
        }
        panic!("it never ends\n{}", self.story())
    }

    /// Does what a user does about a parked turn: looks whether it took effect.
    fn decide(&self, strike: Strike) -> Ended {
        let run = self.newest().expect("a parked run is in the journal");
        let finished =
            |step: &&Step| step.call.name == "chat" && matches!(step.status, Status::Finished { .. });
        let known = self.kept(&run).steps.iter().filter(finished).count();
        let executed: u32 = self.backend.books().turns.values().sum();
        let verdict = if executed as usize > known { "--adopt" } else { "--repeat" };
        self.reel(&["resume", run.id.as_str(), verdict], strike)
    }

    /// The newest run that the journal knows.
    pub(crate) fn newest(&self) -> Option<RunRecord> {
        Sqlite::open(&self.journal()).unwrap().runs(1).unwrap().pop()
    }

    /// What the journal has of a run.
    fn kept(&self, run: &RunRecord) -> Story {
        Story::of(Sqlite::open(&self.journal()).unwrap().entries(&run.id).unwrap()).unwrap()
    }

    /// The lines that the newest run printed, as the journal has them.
    pub(crate) fn lines(&self) -> Vec<String> {
        let story = self.kept(&self.newest().expect("the run is in the journal"));
        let printed = story.lines.iter().filter(|line| line.kind == LineKind::Print);
        printed.map(|line| line.value.as_str().unwrap().to_owned()).collect()
    }

    /// Runs a command on the journal of this stage until it ends or is killed.
    pub(crate) fn reel(&self, args: &[&str], strike: Strike) -> Ended {
        self.start(self.command(args), strike)
    }

    /// A command on the journal of this stage.
    pub(crate) fn command(&self, args: &[&str]) -> Command {
        let mut command = self.world.command(args);
        command.arg("--journal").arg(self.journal());
        command
    }

    pub(crate) fn journal(&self) -> PathBuf {
        self.world.path("journal.db")
    }

    /// Starts a command and waits until it has ended or was killed.
    pub(crate) fn start(&self, command: Command, strike: Strike) -> Ended {
        let (nobody, _) = mpsc::sync_channel(0);
        self.start_with(command, strike, nobody)
    }

    /// As [`Self::start`]; each request waits until `came` is heard, or has no listener.
    pub(crate) fn start_with(&self, mut command: Command, strike: Strike, came: SyncSender<Visit>) -> Ended {
        let began = Instant::now();
        let place: Arc<Mutex<Option<Child>>> = Arc::default();
        self.backend.watch(gate(&place, strike, came));
        let (mut out, mut err) = {
            let mut place = place.lock().unwrap();
            let mut child = command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
            let pipes = (child.stdout.take().unwrap(), child.stderr.take().unwrap());
            *place = Some(child);
            pipes
        };
        let timer = Timer::start(&place, strike);
        let errors = thread::spawn(move || text(&mut err));
        let stdout = text(&mut out);
        let stderr = errors.join().unwrap();
        let status = place.lock().unwrap().as_mut().unwrap().wait().unwrap();
        let hung = timer.end();
        let ended = Ended { code: status.code(), stdout, stderr, took: began.elapsed() };
        self.tell(&format!("{:?} with {strike:?}: {ended:#?}", command.get_args().collect::<Vec<_>>()));
        assert!(!hung, "it hangs\n{}", self.story());
        assert!(!format!("{}{}", ended.stdout, ended.stderr).contains("nmv_usr_"), "{}", self.story());
        ended
    }

    pub(crate) fn tell(&self, words: &str) {
        let mut story = self.story.lock().unwrap();
        story.push_str(words);
        story.push('\n');
    }

    /// Everything that is known about this case.
    pub(crate) fn story(&self) -> String {
        format!("{}\n{:#?}", self.story.lock().unwrap(), self.backend.books_now())
    }

    /// Every file below the output folder, by its name there.
    fn files(&self) -> Vec<(String, Vec<u8>)> {
        let folder = self.world.path("out");
        let paths = if folder.exists() { files_below(&folder) } else { Vec::new() };
        let name = |path: &PathBuf| path.strip_prefix(&folder).unwrap().to_str().unwrap().to_owned();
        let mut files: Vec<_> = paths.iter().map(|path| (name(path), fs::read(path).unwrap())).collect();
        files.sort();
        files
    }
}

/// All that a case is made of, at a moment when nothing moves.
pub(crate) struct Frozen {
    files: Vec<(PathBuf, Vec<u8>)>,
    pub(crate) books: Books,
}

impl Stage {
    /// Copies the working folder and the books of the backend.
    pub(crate) fn freeze(&self) -> Frozen {
        let paths = files_below(&self.world.path(""));
        let files = paths.into_iter().map(|path| (path.clone(), fs::read(path).unwrap())).collect();
        Frozen { files, books: self.backend.books() }
    }

    /// Puts all of it back to how it was.
    pub(crate) fn thaw(&self, frozen: &Frozen) {
        files_below(&self.world.path("")).iter().for_each(|path| fs::remove_file(path).unwrap());
        frozen.files.iter().for_each(|(path, content)| fs::write(path, content).unwrap());
        self.backend.restore(frozen.books.clone());
    }
}

impl Reference {
    /// Runs the script undisturbed.
    pub(crate) fn take() -> Self {
        let stage = Stage::new();
        let ended = stage.run(Strike::Never);
        assert_eq!(ended.code, Some(0), "{}", stage.story());
        let reference = Self {
            files: stage.files(),
            lines: ended.stdout.lines().map(plain).collect(),
            requests: stage.backend.count(),
            took: ended.took,
        };
        let names: Vec<_> = reference.files.iter().map(|(name, _)| name.as_str()).collect();
        assert_eq!(names, FILES);
        assert_ne!(reference.files[0].1, reference.files[1].1);
        reference.check(&stage);
        reference
    }

    /// Nothing was paid twice, nothing was lost, and the files are the same.
    pub(crate) fn check(&self, stage: &Stage) {
        assert_eq!(self.faults(stage), [""; 0], "{}", stage.story());
    }

    /// What is not as it should be at the end.
    pub(crate) fn faults(&self, stage: &Stage) -> Vec<&'static str> {
        let books = stage.backend.books();
        let once = |counts: &BTreeMap<String, u32>, how_many: usize| {
            counts.len() == how_many && counts.values().all(|count| *count == 1)
        };
        let sound = [
            (once(&books.turns, 5), "each of five turns was executed once"),
            ((books.spent(), books.frozen) == (price(5), 0), "five turns were paid"),
            (once(&books.stored, 2), "each of two uploads was stored once"),
            (books.submitted.len() == 2, "two renders were made"),
            (books.clashes.is_empty(), "an id stands for one draft"),
            (stage.files() == self.files, "the files are those of an undisturbed run"),
        ];
        sound.iter().filter(|(sound, _)| !sound).map(|(_, fault)| *fault).collect()
    }

    /// The lines of a run are those of the undisturbed one, each once and in their order.
    pub(crate) fn check_lines(&self, stage: &Stage, lines: &[String]) {
        let takes: Vec<_> = lines.iter().filter_map(|line| line.split("take ").nth(1)?.get(..36)).collect();
        assert!(takes.windows(2).all(|pair| pair[0] == pair[1]), "takes differ\n{}", stage.story());
        let lines: Vec<_> = lines.iter().map(|line| plain(line)).collect();
        assert_eq!(lines, self.lines, "{}", stage.story());
    }
}

/// A line without the id and the time of its run.
fn plain(line: &str) -> String {
    let Some((before, after)) = line.split_once("take ") else { return line.to_owned() };
    let rest = after.get(36..).unwrap_or_default();
    let rest = if rest.starts_with(" at ") { " at .." } else { rest };
    format!("{before}take ..{rest}")
}

/// Kills the child at its moment.
fn gate(place: &Arc<Mutex<Option<Child>>>, strike: Strike, came: SyncSender<Visit>) -> Gate {
    let place = Arc::clone(place);
    Arc::new(move |visit, moment| {
        if moment == Moment::Come {
            // Mostly nobody listens.
            let _ = came.send(visit);
        }
        let (strikes, fate) = match strike {
            Strike::At(nth, when) => (visit.nth == nth && moment == when, Fate::Act),
            Strike::Turn(turn, when) => (visit.turn == turn && moment == when, Fate::Act),
            Strike::Lost(nth) => (visit.nth == nth && moment == Moment::Come, Fate::Lose),
            Strike::Never | Strike::After(_) => (false, Fate::Act),
        };
        if strikes {
            kill(&place);
            return fate;
        }
        Fate::Act
    })
}

fn kill(place: &Mutex<Option<Child>>) {
    place.lock().unwrap().as_mut().unwrap().kill().unwrap();
}

/// Kills a child after its time, or when it hangs.
struct Timer {
    ended: Sender<()>,
    thread: thread::JoinHandle<bool>,
}

impl Timer {
    fn start(place: &Arc<Mutex<Option<Child>>>, strike: Strike) -> Self {
        let place = Arc::clone(place);
        let time = if let Strike::After(time) = strike { time } else { LIMIT };
        let (ended, end) = mpsc::channel();
        let thread = thread::spawn(move || {
            let late = end.recv_timeout(time) == Err(RecvTimeoutError::Timeout);
            if late {
                kill(&place);
            }
            late && time == LIMIT
        });
        Self { ended, thread }
    }

    /// Returns whether the child had to be killed because it hung.
    fn end(self) -> bool {
        drop(self.ended);
        self.thread.join().unwrap()
    }
}

fn text(from: &mut impl Read) -> String {
    let mut bytes = Vec::new();
    from.read_to_end(&mut bytes).unwrap();
    String::from_utf8_lossy(&bytes).into_owned()
}

/// A small video that is real, made once.
pub(crate) fn video() -> &'static [u8] {
    static VIDEO: OnceLock<Vec<u8>> = OnceLock::new();
    VIDEO.get_or_init(|| {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("v.mp4");
        let ffmpeg = std::env::var_os("REEL_FFMPEG").unwrap_or_else(|| "ffmpeg".into());
        let mut command = Command::new(ffmpeg);
        command.args(["-v", "error", "-f", "lavfi", "-i", "testsrc=size=64x36:rate=10:duration=2", "-c:v"]);
        let made = command.args(["libx264", "-pix_fmt", "yuv420p"]).arg(&path).status().unwrap();
        assert!(made.success());
        fs::read(path).unwrap()
    })
}
