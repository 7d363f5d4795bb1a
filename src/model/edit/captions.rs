//! Captions: sentences spread over the picture, or the cues of a subtitle file.

use serde_json::json;

use crate::model::edit::script;
use crate::model::edit::text::{defaults, shortened};
use crate::model::edit::timeline::{Role, Segment, Timeline};
use crate::model::edit::{Applied, EditError, TextStyle, Words};
use crate::model::state::{State, SubtitleFile};
use crate::model::time::Millis;

/// More cues than this are no subtitles of a video that can be made here.
const CUES_MAX: usize = 2000;

/// Spreads sentences over the whole picture, each for as long as it takes to read.
pub(super) fn of_words(state: &State, words: &str) -> Result<Applied, EditError> {
    let mut timeline = Timeline::open_made(state)?;
    let sentences = script::sentences(words);
    if sentences.is_empty() {
        return Err(EditError::NoWords);
    }
    let total = timeline.total();
    let weights: Vec<u64> = sentences.iter().map(|s| 3 + script::units(s) as u64).collect();
    let role = Role::Text(TextStyle::Caption);
    timeline.segments_mut(&role).clear();
    let mut start = Millis(0);
    for (sentence, share) in sentences.iter().zip(script::shares(&weights, total, total)) {
        timeline.push(&role, caption(sentence, start, share.max(Millis(1))));
        start = start + share;
    }
    let count = sentences.len();
    let many = if count == 1 { "caption" } else { "captions" };
    let words = Words::new(
        format!("{count} {many} added (bottom-center, 0-{total}s)"),
        format!("已添加 {count} 条字幕（底部居中，0-{total} 秒）"),
    );
    Ok(Applied { state: timeline.close(state), words })
}

/// Shows the cues of an uploaded subtitle file at their times.
pub(super) fn of_file(state: &State, wanted: Option<&str>) -> Result<Applied, EditError> {
    let mut timeline = Timeline::open_made(state)?;
    let meant = |file: &&SubtitleFile| wanted.is_none_or(|name| file.name.eq_ignore_ascii_case(name));
    let found = state.subtitles.iter().rev().find(meant);
    let missing = || EditError::NoMedia(wanted.unwrap_or("subtitle file").to_owned());
    let file = found.ok_or_else(missing)?;
    let total = timeline.total();
    let role = Role::Text(TextStyle::Caption);
    timeline.segments_mut(&role).clear();
    let shown = file.cues.iter().filter(|cue| cue.start < total).take(CUES_MAX);
    let mut count = 0;
    for cue in shown {
        let length = cue.end.min(total) - cue.start;
        timeline.push(&role, caption(&cue.lines.join("\n"), cue.start, length.max(Millis(1))));
        count += 1;
    }
    if count == 0 {
        return Err(EditError::NoWords);
    }
    let name = &file.name;
    let mut words = Words::new(
        format!("{count} captions of {name} (bottom-center, 0-{total}s)"),
        format!("已添加 {name} 的 {count} 条字幕（底部居中，0-{total} 秒）"),
    );
    let late = file.cues.len() - count;
    if late > 0 {
        words.en.push_str(&format!("; {late} more begin when the video is over"));
        words.zh.push_str(&format!("；另有 {late} 条在视频结束之后"));
    }
    Ok(Applied { state: timeline.close(state), words })
}

/// One line at the bottom.
fn caption(words: &str, start: Millis, length: Millis) -> Segment {
    let defaults = defaults(TextStyle::Caption);
    let mut text = Segment::new(start, length);
    text.set_meta("text", json!(shortened(words)));
    text.set_meta("style", json!("caption"));
    text.set_meta("position", json!(defaults.position));
    text.set_meta("color", json!("white"));
    text.set_meta("size", json!(defaults.size));
    text.set_meta("effect", json!(defaults.effect));
    text
}
