//! Export: from a timeline to a file of ours.

use std::path::{Path, PathBuf};

use rhai::{Dynamic, EvalAltResult, Map, NativeCallContext};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use uuid::Uuid;

use crate::client::{Exported, Order, Output, Watcher};
use crate::ffmpeg::probe;
use crate::host::draft::Draft;
use crate::host::failure::{Failure, Kind};
use crate::host::flow::answer;
use crate::host::registry::{Doc, Registry, TypeDoc};
use crate::host::run::Run;
use crate::host::session::Session;
use crate::host::step::{self, Call, Reached, Step, Unfinished};
use crate::host::{options, paths, wait};
use crate::journal::Class;
use crate::model;
use crate::model::time::Millis;
use crate::model::timeline::Timeline;
use crate::model::{check, media};

/// One exported file.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Video {
    /// Where it is.
    pub path: String,
    /// Its length.
    pub seconds: f64,
    /// Pixels across; none when the file could not be looked into.
    pub width: Option<u32>,
    /// Pixels down; none when the file could not be looked into.
    pub height: Option<u32>,
    /// Its size.
    pub bytes: u64,
    /// The id under which it was rendered.
    pub render_id: String,
    /// Where it came from; none when it was fetched by its id.
    pub url: Option<String>,
    /// Opens the project in a browser; none where the backend offers no links.
    pub link: Option<String>,
}

/// How a file shall be rendered.
#[derive(Clone, Default)]
pub struct Options {
    /// `mp4`, `mov`, `webm`, `mkv` or `gif`; by default what the path ends in, else `mp4`.
    pub format: Option<String>,
    /// `high`, `medium`, `low` or `source`; `high` by default.
    pub quality: Option<String>,
    /// Such as `1080p` or `360p`; the backend's choice by default.
    pub resolution: Option<String>,
    /// The timeline to render; the project's own by default.
    pub draft: Option<Draft>,
}

#[derive(Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
struct Plain {
    format: Option<String>,
    quality: Option<String>,
    resolution: Option<String>,
}

const VIDEO: TypeDoc = TypeDoc {
    name: "Video",
    about: "One exported file",
    properties: &[
        ("path", "where it is"),
        ("seconds", "the length"),
        ("width", "pixels across, or `()` without ffprobe"),
        ("height", "pixels down, or `()` without ffprobe"),
        ("bytes", "the size"),
        ("render_id", "the id under which it was rendered"),
        ("url", "where it came from, or `()`"),
        ("link", "opens the project in a browser, or `()`"),
    ],
};

const NOW: Doc = Doc {
    name: "export",
    calls: &["s.export(path)", "s.export(path, #{format, quality, resolution, draft})"],
    about: "Renders the timeline and saves the file below the output folder; free of credits. The file appears \
            whole or not at all; a leading `~/` is your home folder. `format` is \"mp4\", \"mov\", \"webm\", \
            \"mkv\" or \"gif\" (without sound; by default what the path ends in), `quality` \"high\", \"medium\", \
            \"low\" or, on the studio, \"source\" (a pure cut that begins with a keyframe is copied as \
            it was filmed, all else is high), `resolution` such as \"1080p\"; `draft` is a timeline of yours in place of the project's.\n\
            Throws `input` when there is nothing to export and for another ending, `plan`, `render`, `timeout` (it still renders), \
            `network`, `sandbox` for a path outside the output folder.",
    class: Some(Class::Keyed),
    example: "let s = session();\ns.chat(\"make a 3 second video about the sea\");\n\
              let v = s.export(\"sea.mp4\", #{ resolution: \"360p\" });\nprint(`${v.path}: ${v.seconds} s`);",
};

impl Options {
    pub(super) fn read(call: &str, map: &Map) -> Result<Self, Failure> {
        let mut map = map.clone();
        let draft = take_draft(call, &mut map)?;
        let known = ["format", "quality", "resolution", "draft"];
        let Plain { format, quality, resolution } = options::read(call, &map, &known)?;
        Ok(Self { format, quality, resolution, draft })
    }

    fn output(&self, path: &str) -> Output {
        let ending = ending(path).filter(|ending| media::CONTAINERS.contains(&ending.as_str()));
        let mut output = Output::default();
        if let Some(format) = self.format.clone().or(ending) {
            output.format = format;
        }
        if let Some(quality) = &self.quality {
            output.quality.clone_from(quality);
        }
        output.resolution.clone_from(&self.resolution);
        output
    }
}

fn ending(path: &str) -> Option<String> {
    Path::new(path).extension().and_then(|ending| ending.to_str()).map(str::to_lowercase)
}

/// Refuses an ending that no export has: the file would be of another format than its name says.
fn known_ending(path: &str) -> Result<(), Failure> {
    match ending(path).filter(|ending| !media::CONTAINERS.contains(&ending.as_str())) {
        Some(ending) => Err(Failure::input(format!("there is no export as `{ending}`"))
            .hint(format!("name a file that ends in {}", media::CONTAINERS.join(", ")))),
        None => Ok(()),
    }
}

/// Takes the option `draft` out of a map: a draft is a handle, which the conversion to data
/// would refuse.
pub(super) fn take_draft(call: &str, map: &mut Map) -> Result<Option<Draft>, Failure> {
    let no_draft = || Failure::input("option `draft` takes a draft, such as `s.draft()`").of_call(call);
    let found = map.remove("draft").filter(|draft| !draft.is_unit());
    found.map(|draft| draft.try_cast::<Draft>().ok_or_else(no_draft)).transpose()
}

/// An export whose beginning is on disk.
pub(super) struct Job {
    run: Run,
    session: Session,
    draft: model::draft::Draft,
    output: Output,
    to: PathBuf,
    /// The id to render under, and whether it may have been submitted before.
    id: (String, bool),
    step: Step,
}

/// What stands before an export: its record, or the work.
pub(super) enum Begun {
    /// It was made before; this is its record.
    Settled(Result<Video, Failure>),
    /// It is to be made, or to be gone on with.
    Job(Box<Job>),
}

/// What the journal keeps of an export that has begun.
#[derive(Serialize, Deserialize)]
struct Intent {
    render_id: String,
    /// What is rendered, for whoever reads the record later; older records are without it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    timeline: Option<Timeline>,
}

impl Intent {
    fn record(render_id: &str, draft: &model::draft::Draft) -> Value {
        json!(Self { render_id: render_id.to_owned(), timeline: Some(Timeline::of(draft)) })
    }
}

/// Renders and saves a file.
///
/// # Errors
/// As the manual page says.
pub fn export(run: &Run, session: &Session, path: &str, options: &Options) -> Result<Video, Failure> {
    match begin(run, session, path, options, "export")? {
        Begun::Settled(result) => recorded(session, result),
        Begun::Job(job) => {
            let watcher = run.watcher("export");
            wait::block_on(run, move || async move { job.finish(&watcher).await })
        }
    }
}

/// A file that was made before is still the last one of its session.
pub(super) fn recorded(session: &Session, result: Result<Video, Failure>) -> Result<Video, Failure> {
    if let Ok(video) = &result {
        session.set_last_export(PathBuf::from(&video.path));
    }
    result
}

/// The file of an export that nobody named: the session's name, as far as it can be a file's.
pub fn default_path(session: &Session) -> String {
    let plain = |c: char| if c.is_alphanumeric() || c == '-' || c == '_' { c } else { '-' };
    let name: String = session.name().chars().take(60).map(plain).collect();
    format!("{}.mp4", if name.is_empty() { "video" } else { &name })
}

pub(super) fn begin(
    run: &Run,
    session: &Session,
    path: &str,
    options: &Options,
    name: &'static str,
) -> Result<Begun, Failure> {
    let output = options.output(path);
    let changed = options.draft.as_ref().map(|draft| draft.get().to_json().into_owned());
    let args = json!({ "session": session.id(), "path": path, "output": output, "draft": changed });
    let reached = step::reach(run, &Call { name, class: Class::Keyed, args })?;
    let prepare = || {
        known_ending(path)?;
        let to = paths::output(run, path)?;
        let draft = match &options.draft {
            Some(draft) => checked(draft.get())?,
            None => current(run, session)?,
        };
        Ok((to, draft))
    };
    let (step, (to, draft), id) = match reached {
        Reached::Settled(result) => return Ok(Begun::Settled(result)),
        Reached::New(fresh) => {
            let (fresh, prepared) = fresh.prepared(prepare())?;
            let render_id = new_id();
            let step = fresh.begin(Intent::record(&render_id, &prepared.1))?;
            (step, prepared, (render_id, false))
        }
        Reached::Unfinished(Unfinished { step, intent, .. }) => {
            let prepared = match prepare() {
                Ok(prepared) => prepared,
                Err(failure) => return Ok(Begun::Settled(step.end(Err(failure)))),
            };
            // One that failed before it had an id gets its first one now.
            let id = match serde_json::from_value(intent) {
                Ok(Intent { render_id, .. }) => (render_id, true),
                Err(_) => (new_id(), false),
            };
            if !id.1 {
                step.extend(Intent::record(&id.0, &prepared.1))?;
            }
            (step, prepared, id)
        }
    };
    let (run, session) = (run.clone(), session.clone());
    Ok(Begun::Job(Box::new(Job { run, session, draft, output, to, id, step })))
}

/// A draft that a script made must be right: the backend would only say that its render failed.
fn checked(draft: model::draft::Draft) -> Result<model::draft::Draft, Failure> {
    let problems = check::problems(&draft);
    if problems.is_empty() {
        return Ok(draft);
    }
    let told: Vec<String> = problems.iter().map(ToString::to_string).collect();
    Err(Failure::input(format!("the draft cannot be rendered: {}", told.join("; "))))
}

/// Returns the timeline of the project, which must have something in it.
pub(super) fn current(run: &Run, session: &Session) -> Result<model::draft::Draft, Failure> {
    let session = session.clone();
    let state = wait::block_on(run, move || async move {
        session.client().snapshot(session.id()).await.map(|snapshot| snapshot.state).map_err(Failure::from)
    })?;
    filled(state.draft)
}

/// Refuses a timeline that has nothing in it.
pub(super) fn filled(draft: Option<model::draft::Draft>) -> Result<model::draft::Draft, Failure> {
    let nothing = || {
        Failure::input("there is nothing to export: the timeline is empty")
            .hint("upload something or ask the agent for something first")
    };
    draft.filter(check::exportable).ok_or_else(nothing)
}

impl Job {
    /// Renders, downloads and looks into the file; writes how it ended.
    pub(super) async fn finish(self, watcher: &Watcher) -> Result<Video, Failure> {
        let Self { run, session, draft, output, to, id: (id, submitted), step } = self;
        let mut first = Some(id.clone()).filter(|_| !submitted);
        // Each id is written before it is sent, so that a crash can go on with it.
        let mut next_id = || {
            first.take().or_else(|| {
                let render_id = new_id();
                step.extend(Intent::record(&render_id, &draft)).ok().map(|()| render_id)
            })
        };
        let client = session.client();
        let known = submitted.then_some(id.as_str());
        let order = Order { session_id: session.id(), draft: &draft, output: &output, known };
        let exported = client.export(&order, &mut next_id, &to, watcher).await;
        if let Some(ended) = run.ended() {
            // Also when the journal could not take the second id.
            return Err(ended.of_call("export"));
        }
        let result = match exported {
            Ok(file) => {
                let link = client.claim_link(session.task_id(), session.id()).await.ok();
                looked_into(&to).await.map(|info| video(&to, file, info, link))
            }
            Err(error) => Err(error.into()),
        };
        if result.is_ok() {
            session.set_last_export(to.clone());
            run.made(to)?;
        }
        step.end(result)
    }
}

fn video(to: &Path, file: Exported, info: Option<probe::MediaInfo>, link: Option<String>) -> Video {
    let size = info.as_ref().and_then(probe::MediaInfo::size);
    let seconds = info.map(|info| info.seconds).filter(|seconds| *seconds > 0.0);
    Video {
        path: to.display().to_string(),
        seconds: seconds.unwrap_or(file.seconds),
        width: size.map(|(width, _)| width),
        height: size.map(|(_, height)| height),
        bytes: file.bytes,
        render_id: file.render_id,
        url: file.url,
        link,
    }
}

/// What a downloaded file holds; none where there is no ffprobe to ask.
async fn looked_into(path: &Path) -> Result<Option<probe::MediaInfo>, Failure> {
    use crate::ffmpeg::FfmpegError;
    match probe::probe(path).await {
        Ok(info) => Ok(Some(info)),
        Err(FfmpegError::NotFound { .. } | FfmpegError::Start { .. }) => Ok(None),
        Err(error) => Err(Failure::new(Kind::Render, format!("the exported file is damaged: {error}"))
            .hint("export it again")),
    }
}

fn new_id() -> String {
    format!("render_{}", Uuid::new_v4().simple())
}

pub(super) fn register(registry: &mut Registry) {
    register_video(registry);
    type Answer<T> = Result<T, Box<EvalAltResult>>;
    type Context<'a> = NativeCallContext<'a>;
    let plain = |ctx: Context<'_>, session: &mut Session, path: &str| -> Answer<Video> {
        answer(&ctx, |run| export(run, session, path, &Options::default()))
    };
    registry.function(&NOW, &["session: Session", "path: string", "Video"], plain);
    let full = |ctx: Context<'_>, session: &mut Session, path: &str, map: Map| -> Answer<Video> {
        answer(&ctx, |run| export(run, session, path, &Options::read("export", &map)?))
    };
    registry.function(&NOW, &["session: Session", "path: string", "options: map", "Video"], full);
}

fn register_video(registry: &mut Registry) {
    registry.value::<Video>(&VIDEO, |video| {
        let size = video.width.zip(video.height).map(|(w, h)| format!(", {w}x{h}")).unwrap_or_default();
        format!("{} ({} s{size}, {} bytes)", video.path, Millis::from_seconds(video.seconds), video.bytes)
    });
    let side = |pixels: Option<u32>| pixels.map_or(Dynamic::UNIT, |pixels| i64::from(pixels).into());
    let text = |text: &Option<String>| text.clone().map_or(Dynamic::UNIT, Dynamic::from);
    registry.getter("path", |video: &Video| video.path.clone().into());
    registry.getter("seconds", |video: &Video| video.seconds.into());
    registry.getter("width", move |video: &Video| side(video.width));
    registry.getter("height", move |video: &Video| side(video.height));
    registry.getter("bytes", |video: &Video| i64::try_from(video.bytes).unwrap_or(i64::MAX).into());
    registry.getter("render_id", |video: &Video| video.render_id.clone().into());
    registry.getter("url", move |video: &Video| text(&video.url));
    registry.getter("link", move |video: &Video| text(&video.link));
}
