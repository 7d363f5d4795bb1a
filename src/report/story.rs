//! What happened in a run, read from its steps: calls, the words of the agent, lines, checks,
//! exports with what they rendered.

use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::mask::masked;
use super::rows::State;
use super::view::{CheckView, Problem, VideoView};
use crate::journal::{Entry, Event, Line, LineKind, Standing, Status, Step, Story, Written};
use crate::model::draft::Draft;
use crate::model::timeline::Timeline;

/// Moments of a run that a report tells; more are counted. A loop may leave a million.
const MOMENTS_MAX: usize = 400;
/// Videos of one row: one of each format, or those of a `batch` inside the script.
const VIDEOS_MAX: usize = 200;
/// Characters of one line, one call or one failure.
const LINE_CHARS_MAX: usize = 1000;
/// Characters of what the agent says in one turn.
const SAYS_CHARS_MAX: usize = 4000;

/// One thing that happened.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct Moment {
    /// When, in milliseconds since the run began.
    pub at_ms: u64,
    /// The row of the script's own `batch` that it is of, such as `1/3`; empty outside of one.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub row: String,
    /// A call, and how it ended.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub step: Option<StepView>,
    /// A line that the script wrote.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub line: Option<String>,
    /// The path of a file that was made.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub file: Option<String>,
    /// What a person typed.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub input: Option<String>,
}

/// One call.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct StepView {
    /// The function.
    pub call: String,
    /// The call as a person reads it.
    pub told: String,
    /// `finished`, `failed`, `running` or `unfinished`.
    pub state: &'static str,
    /// How long it took; none when it has no end.
    pub took_ms: Option<u64>,
    /// What it took.
    pub credits: Option<f64>,
    /// What the agent said; may be empty.
    pub says: String,
    /// What it changed, a sentence each.
    pub changes: Vec<String>,
    /// Why it failed.
    pub problem: Option<Problem>,
}

/// What is read of the outcome of a turn.
#[derive(Default, Deserialize)]
#[serde(default)]
struct Reply {
    text: String,
    silent: bool,
    changes: Vec<String>,
}

/// What is read of the outcome of an export. Its links stay in the journal.
#[derive(Deserialize)]
struct Exported {
    path: String,
    seconds: f64,
    #[serde(default)]
    width: Option<u32>,
    #[serde(default)]
    height: Option<u32>,
    #[serde(default)]
    bytes: u64,
}

/// What is read of the outcome of a check.
#[derive(Deserialize)]
struct Checked {
    name: String,
    passed: bool,
    #[serde(default)]
    hint: String,
}

/// Returns what happened, in order.
pub(super) fn moments(log: &[Written], story: &Story, began_ms: u64, state: State) -> Vec<Moment> {
    let running = matches!(state, State::Begun(Standing::Running(_)));
    let mut steps = story.steps.iter();
    let mut moments = Vec::new();
    let mut more = 0;
    for written in log {
        let mut moment = Moment { at_ms: written.at_ms.saturating_sub(began_ms), ..Moment::default() };
        match &written.entry {
            // The story has its steps in the order in which they began.
            Entry::Step { id, event: Event::Begun { .. } } => {
                moment.row.clone_from(&id.row);
                match steps.next() {
                    Some(step) if !is_param(step) => moment.step = Some(step_view(step, running)),
                    _ => continue,
                }
            }
            Entry::Step { .. } => continue,
            Entry::Line(line) => {
                moment.row.clone_from(&line.row);
                moment.line = Some(said(line));
            }
            Entry::File(path) => moment.file = Some(masked(path, LINE_CHARS_MAX)),
            Entry::Input(text) => moment.input = Some(masked(text, LINE_CHARS_MAX)),
        }
        if moments.len() < MOMENTS_MAX {
            moments.push(moment);
        } else {
            more += 1;
        }
    }
    if more > 0 {
        let at_ms = moments.last().map_or(0, |moment| moment.at_ms);
        let line = Some(format!("and {more} more; `reel show` has them all"));
        moments.push(Moment { at_ms, line, ..Moment::default() });
    }
    moments
}

fn step_view(step: &Step, running: bool) -> StepView {
    let held = check(step).is_none_or(|check| check.passed);
    let state = match &step.status {
        Status::Finished { .. } if !held => "failed",
        Status::Running { .. } if running => "running",
        status => status.word(),
    };
    let ended = matches!(step.status, Status::Finished { .. } | Status::Failed { .. });
    let reply = outcome(step).filter(|_| step.call.name == "chat");
    let reply: Reply = reply.and_then(|outcome| Reply::deserialize(outcome).ok()).unwrap_or_default();
    StepView {
        call: step.call.name.clone(),
        told: masked(&step.call.told, LINE_CHARS_MAX),
        state,
        took_ms: ended.then(|| step.latest_ms.saturating_sub(step.began_ms)),
        credits: step.credits,
        says: if reply.silent { String::new() } else { masked(&reply.text, SAYS_CHARS_MAX) },
        changes: reply.changes.iter().map(|change| masked(change, LINE_CHARS_MAX)).collect(),
        problem: problem(step),
    }
}

/// Returns why a step failed.
pub(super) fn problem(step: &Step) -> Option<Problem> {
    let Status::Failed { failure, .. } = &step.status else { return None };
    let text = |key| masked(failure.get(key).and_then(Value::as_str).unwrap_or_default(), LINE_CHARS_MAX);
    Some(Problem { message: text("message"), hint: text("hint"), kind: text("kind") })
}

/// Returns the params as the script read them, those that nobody gave with their defaults, in its
/// order; then those that it was given and did not come to.
pub(super) fn params(story: &Story, given: &[(String, String)]) -> Vec<(String, String)> {
    let mut params: Vec<(String, String)> = Vec::new();
    for step in story.steps.iter().filter(|step| is_param(step)) {
        let told = step.call.told.strip_prefix("param(").unwrap_or_default();
        let name = serde_json::Deserializer::from_str(told).into_iter::<String>().next().and_then(Result::ok);
        let (Some(name), Some(value)) = (name, outcome(step)) else { continue };
        if !params.iter().any(|(known, _)| *known == name) {
            params.push((name, value.as_str().map_or_else(|| plain(value), str::to_owned)));
        }
    }
    let unread: Vec<(String, String)> =
        given.iter().filter(|(name, _)| !params.iter().any(|(known, _)| known == name)).cloned().collect();
    params.extend(unread);
    params
}

/// Data as people write it: a list of texts without its brackets.
fn plain(value: &Value) -> String {
    let texts: Option<Vec<&str>> =
        value.as_array().and_then(|items| items.iter().map(Value::as_str).collect());
    texts.map_or_else(|| value.to_string(), |texts| texts.join(", "))
}

/// A param that was read; one that was refused is told among the steps.
fn is_param(step: &Step) -> bool {
    step.call.name == "param" && outcome(step).is_some()
}

/// Returns what the script expected. Records of old have the answer only.
pub(super) fn checks(story: &Story) -> Vec<CheckView> {
    story.steps.iter().filter_map(check).collect()
}

fn check(step: &Step) -> Option<CheckView> {
    let outcome = outcome(step).filter(|_| step.call.name == "check")?;
    if let Ok(Checked { name, passed, hint }) = Checked::deserialize(outcome) {
        let (name, hint) = (masked(&name, LINE_CHARS_MAX), masked(&hint, LINE_CHARS_MAX));
        return Some(CheckView { name, passed, hint });
    }
    let told = step.call.told.strip_prefix("check(").and_then(|told| told.strip_suffix(')'));
    let told = told.unwrap_or(&step.call.told);
    let name = serde_json::from_str(told).unwrap_or_else(|_| told.to_owned());
    Some(CheckView { name: masked(&name, LINE_CHARS_MAX), passed: outcome.as_bool()?, hint: String::new() })
}

/// Returns what was exported, and, when nothing was, the last timeline that the log has. A file
/// that was made twice is told once, as it is now.
pub(super) fn videos(story: &Story) -> (Vec<VideoView>, Option<Timeline>) {
    let alone = story.steps.iter().filter(|step| step.call.name == "session").count() <= 1;
    let mut videos: Vec<VideoView> = Vec::new();
    for (at, step) in story.steps.iter().enumerate() {
        let exported = outcome(step).filter(|_| is_export(step));
        let Some(video) = exported.and_then(|outcome| Exported::deserialize(outcome).ok()) else { continue };
        let timeline = kept(step).or_else(|| around(&story.steps, at).filter(|_| alone));
        videos.retain(|known| known.path != video.path);
        if videos.len() < VIDEOS_MAX {
            videos.push(VideoView {
                path: masked(&video.path, LINE_CHARS_MAX),
                seconds: if video.seconds.is_finite() { video.seconds } else { 0.0 },
                width: video.width,
                height: video.height,
                bytes: video.bytes,
                timeline: timeline.map(clean),
                ..VideoView::default()
            });
        }
    }
    let last = || story.steps.iter().rev().find_map(|step| kept(step).or_else(|| seen(step)));
    let timeline = if videos.is_empty() { last().map(clean) } else { None };
    (videos, timeline)
}

fn is_export(step: &Step) -> bool {
    matches!(step.call.name.as_str(), "export" | "start_export")
}

/// The timeline that an export keeps of what it rendered.
fn kept(step: &Step) -> Option<Timeline> {
    let (Status::Finished { intent, .. } | Status::Failed { intent, .. } | Status::Running { intent, .. }) =
        &step.status
    else {
        return None;
    };
    Timeline::deserialize(intent.get("timeline").filter(|_| is_export(step))?).ok()
}

/// The timeline of an export of old: as the next turn found it, or as the script saw it since
/// the turn before.
fn around(steps: &[Step], export: usize) -> Option<Timeline> {
    let turn = |step: &&Step| step.call.name == "chat";
    let after = steps[export..].iter().find(turn).and_then(seen);
    let before = || steps[..export].iter().rev().take_while(|step| step.call.name != "chat").find_map(seen);
    after.or_else(before)
}

/// The timeline as a step saw it: a look at the project, or a turn before it was sent.
fn seen(step: &Step) -> Option<Timeline> {
    let record = match (&step.status, step.call.name.as_str()) {
        (
            Status::Finished { intent, .. } | Status::Failed { intent, .. } | Status::Running { intent, .. },
            "chat",
        ) => intent.get("state")?,
        (Status::Finished { outcome, .. }, "state" | "draft" | "timeline") => outcome,
        _ => return None,
    };
    let draft = Draft::parse(record.get("draft")?.as_str()?).ok()?;
    Some(Timeline::of(&draft)).filter(|timeline| !timeline.tracks.is_empty())
}

/// Names of media may be addresses.
fn clean(mut timeline: Timeline) -> Timeline {
    for segment in timeline.tracks.iter_mut().flat_map(|track| &mut track.segments) {
        segment.label = masked(&segment.label, LINE_CHARS_MAX);
    }
    timeline
}

fn outcome(step: &Step) -> Option<&Value> {
    match &step.status {
        Status::Finished { outcome, .. } => Some(outcome),
        _ => None,
    }
}

fn said(line: &Line) -> String {
    let text = line.value.as_str().map_or_else(|| line.value.to_string(), str::to_owned);
    let text = masked(&text, LINE_CHARS_MAX);
    match line.kind {
        LineKind::Print => text,
        LineKind::Debug => format!("debug: {text}"),
        LineKind::Note => format!("note: {text}"),
    }
}
