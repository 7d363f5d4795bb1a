//! What is on the timeline, in words: what, where, when.

use serde_json::Value;

use crate::model::draft::{Draft, Segment, Track, TrackKind};
use crate::model::edit::Words;
use crate::model::state::State;

/// More of one kind than these are counted, not told.
const TOLD_MAX: usize = 6;

/// Returns what a project holds, in both languages.
pub(super) fn of(state: &State) -> Words {
    let tracks = state.draft.as_ref().map(|draft| draft.tracks()).unwrap_or_default();
    if tracks.iter().all(|track| track.segments.is_empty()) {
        return empty(state);
    }
    let size = state.canvas().map(|canvas| format!("{}x{}", canvas.width, canvas.height)).unwrap_or_default();
    let total = state.duration();
    let mut en = vec![format!("the video is {total} s long, {size}")];
    let mut zh = vec![format!("视频长 {total} 秒，画布 {size}")];
    for track in tracks.iter().filter(|track| !track.segments.is_empty()) {
        let (name, name_zh) = label(track);
        let told: Vec<String> = track.segments.iter().take(TOLD_MAX).map(|s| told(&track.kind, s)).collect();
        let more = track.segments.len().saturating_sub(TOLD_MAX);
        let (rest, rest_zh) = match more {
            0 => (String::new(), String::new()),
            more => (format!(" and {more} more"), format!(" 等，另有 {more} 个")),
        };
        en.push(format!("{name}: {}{rest}", told.join(", ")));
        zh.push(format!("{name_zh}：{}{rest_zh}", told.join("、")));
    }
    if let Some(color) = state.draft.as_ref().and_then(progress) {
        en.push(format!("progress bar: {color}"));
        zh.push(format!("进度条：{color}"));
    }
    Words::new(en.join("; "), zh.join("；"))
}

/// The colour of the progress bar: its own, the brand's, or white.
fn progress(draft: &Draft) -> Option<&str> {
    let meta = draft.value().get("m")?;
    let bar = meta.get("progress")?;
    let brand = || meta.get("brand").and_then(|brand| brand.get("color")?.as_str());
    Some(bar.as_str().or_else(brand).unwrap_or("white"))
}

fn empty(state: &State) -> Words {
    let names: Vec<&str> = state.media.iter().map(|item| item.name.as_str()).take(TOLD_MAX).collect();
    match names.is_empty() {
        true => Words::new("the timeline is empty and nothing is uploaded", "时间线是空的，也没有上传素材"),
        false => Words::new(
            format!("the timeline is empty; uploaded: {}", names.join(", ")),
            format!("时间线是空的；已上传：{}", names.join("、")),
        ),
    }
}

/// What a track is called.
fn label(track: &Track<'_>) -> (&'static str, &'static str) {
    let role = track.value.get("m").and_then(|m| m.get("role")).and_then(Value::as_str).unwrap_or_default();
    match (role, &track.kind) {
        ("logo", _) => ("logo", "标志"),
        ("voice", _) => ("voice-over", "旁白"),
        (_, TrackKind::Video) => ("picture", "画面"),
        (_, TrackKind::Audio) => ("music", "配乐"),
        ("statement", _) => ("words", "文案"),
        ("caption", _) => ("captions", "字幕"),
        ("lower-third", _) => ("lower third", "人名条"),
        ("call-to-action", _) => ("call to action", "行动号召"),
        (_, TrackKind::Text) => ("title", "标题"),
        _ => ("other", "其他"),
    }
}

/// `'Hello' 0-3s`, `city 0-20s bw`, `Lo-fi 0-20s 35%`
fn told(kind: &TrackKind, segment: &Segment<'_>) -> String {
    let name = match segment.text {
        Some(text) => format!("'{}'", text.replace('\n', ", ")),
        None => segment.name.clone().into_owned(),
    };
    let loud = segment.volume.filter(|volume| *kind != TrackKind::Video || *volume < 1.0);
    let level = loud.map(|volume| format!(" {}%", (volume * 100.0).round())).unwrap_or_default();
    let place = segment.position.map(|place| format!(" {place}")).unwrap_or_default();
    let meta = |key: &str| segment.value.get("m").and_then(|m| m.get(key));
    let look = meta("look").and_then(Value::as_str).map(|look| format!(" {look}")).unwrap_or_default();
    let fast = meta("speed").and_then(Value::as_f64).filter(|speed| *speed != 1.0);
    let speed = fast.map(|speed| format!(" {speed}x")).unwrap_or_default();
    format!("{name} {}-{}s{place}{look}{speed}{level}", segment.start, segment.end())
}
