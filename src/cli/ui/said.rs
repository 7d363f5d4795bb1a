//! The results of one-shot commands: in words for people, whole for machines.

use serde_json::{Value, json};

use crate::cli::ui::Ui;
use crate::client::{Credits, Size};
use crate::host::chat::Reply;
use crate::host::export::Video;
use crate::host::say::Said;
use crate::host::state::State;
use crate::host::upload::Media;
use crate::model::{check, summary};
use crate::runtime::Problem;
use crate::talk::gui::{self, Place};

/// Prints what came of one action of `reel say`; `export` is the command that saves the video.
pub(in crate::cli) fn said(ui: &Ui, said: &Said, export: &str) {
    match said {
        Said::Reply(it) => reply(ui, it, export),
        Said::Timeline(it) => timeline(ui, it),
        Said::Video(it) => video(ui, it),
        Said::Credits(it) => credits(ui, it),
        Said::State(it) => state(ui, it),
        Said::Media(it) => media(ui, it),
    }
}

/// Prints a finished turn, in words that fit a terminal; `export` is the command that saves the
/// video.
pub(in crate::cli) fn reply(ui: &Ui, reply: &Reply, export: &str) {
    let text = worded(reply, export);
    let mut record = data(reply);
    record["text"] = text.as_str().into();
    // Without words there is only what it pointed at, which is shown next.
    let lines: Vec<String> = Some(ui.prose(&text)).filter(|text| !text.is_empty()).into_iter().collect();
    ui.results(&lines, record);
    if let Some(cost) = reply.credits.filter(|cost| *cost > 0.0) {
        ui.notice(&format!("{cost} credits"));
    }
    if let Some(made) = &reply.video {
        video(ui, made);
    }
}

fn worded(reply: &Reply, export: &str) -> String {
    let export = Some(export).filter(|_| reply.video.is_none());
    let said = gui::translate(&reply.raw_text, &Place::Terminal { export }).text;
    // A silent turn, or one that only spoke of its window, is told by what changed.
    let looked = reply.looks || reply.balance;
    if said.is_empty() && !looked { reply.text.clone() } else { said }
}

/// Prints the timeline in one line.
fn timeline(ui: &Ui, state: &State) {
    let line = summary::line_of(state.get());
    ui.result(&ui.prose(&line), json!({ "timeline": line }));
}

/// Prints an exported file.
pub(in crate::cli) fn video(ui: &Ui, video: &Video) {
    let size = video.width.zip(video.height).map(|(width, height)| format!(", {width}x{height}"));
    let size = size.unwrap_or_default();
    let text = format!("{}: {:.1} s{size}, {}", video.path, video.seconds, Size(video.bytes));
    ui.result(&text, data(video));
}

/// Prints the balance.
pub(in crate::cli) fn credits(ui: &Ui, credits: &Credits) {
    let Credits { available, frozen, total } = credits;
    let text = format!("{available} credits available, {frozen} frozen, {total} in all");
    ui.result(&text, json!({"available": available, "frozen": frozen, "total": total}));
}

/// Prints a snapshot of a project.
pub(in crate::cli) fn state(ui: &Ui, state: &State) {
    let found = state.get();
    let mut lines = vec![summary::line_of(found)];
    lines.extend(found.media.iter().map(|item| format!("  {}", line(&Media::of(item)))));
    let canvas = found.canvas();
    let record = json!({
        "timeline": lines[0],
        "seconds": found.duration().seconds(),
        "canvas": canvas.map(|canvas| json!({"width": canvas.width, "height": canvas.height})),
        "exportable": found.draft.as_ref().is_some_and(check::exportable),
        "media": found.media.iter().map(|item| data(&Media::of(item))).collect::<Vec<_>>(),
        "draft": found.draft.as_ref().map(|draft| draft.value()),
    });
    ui.results(&lines, record);
}

/// Prints uploaded media.
pub(in crate::cli) fn media(ui: &Ui, media: &[Media]) {
    let lines: Vec<String> = media.iter().map(line).collect();
    ui.results(&lines, media.iter().map(data).collect());
}

/// Prints something that is wrong with a script.
pub(in crate::cli) fn problem(ui: &Ui, problem: &Problem) {
    let Problem { place, end_column, severity, message, hint, .. } = problem;
    let record = json!({
        "event": "problem",
        "file": place.file,
        "line": place.line,
        "column": place.column,
        "end_column": end_column,
        "severity": severity.word(),
        "message": message,
        "hint": hint,
    });
    ui.problem(&problem.to_string(), &record);
}

fn line(media: &Media) -> String {
    let kind = media.kind.as_deref().unwrap_or("file");
    let size = media.width.zip(media.height).map(|(width, height)| format!(", {width}x{height}"));
    let length = media.seconds.map(|seconds| format!(", {seconds:.1} s"));
    format!("{} ({kind}{}{})", media.name, size.unwrap_or_default(), length.unwrap_or_default())
}

/// A result of ours as JSON; all of them are plain data.
fn data(value: &impl serde::Serialize) -> Value {
    serde_json::to_value(value).unwrap_or_default()
}
