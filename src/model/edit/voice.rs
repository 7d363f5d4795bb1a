//! Spoken words over the picture.

use serde_json::json;

use crate::model::edit::timeline::{Role, Segment, Timeline};
use crate::model::edit::{Applied, EditError, Words};
use crate::model::state::State;
use crate::model::time::Millis;

/// More words than this are no voice-over of a video that can be made here.
const CHARS_MAX: usize = 5000;
/// How long an English word takes to say: 2.5 a second.
const WORD_MS: usize = 400;
/// How long a Chinese character takes to say: 4 a second.
const CHARACTER_MS: usize = 250;
/// What is said takes at least so long.
const SAID_MIN: Millis = Millis(800);

/// Speaks words from the start of the video on.
pub(super) fn voice(state: &State, words: &str) -> Result<Applied, EditError> {
    let mut timeline = Timeline::open_made(state)?;
    let words: String =
        words.trim().chars().filter(|c| !c.is_control() || *c == '\n').take(CHARS_MAX).collect();
    if !words.chars().any(char::is_alphanumeric) {
        return Err(EditError::NoWords);
    }
    let (total, estimate) = (timeline.total(), said(&words));
    let length = estimate.min(total);
    let mut voice = Segment::new(Millis(0), length);
    voice.set("src", json!("studio:voice"));
    voice.set("v", json!(1.0));
    voice.set_meta("name", json!("voice-over"));
    voice.set_meta("text", json!(words));
    voice.set_meta("language", json!(if words.chars().any(is_chinese) { "zh" } else { "en" }));
    let spoken = timeline.segments_mut(&Role::Voice);
    let before = spoken.first().map(|voice| voice.word("text").to_owned());
    spoken.clear();
    timeline.push(&Role::Voice, voice);
    let mut told = match before {
        Some(before) => Words::new(
            format!("voice-over '{before}' → '{words}' (0-{length}s)"),
            format!("旁白“{before}” → “{words}”（0-{length} 秒）"),
        ),
        None => Words::new(
            format!("voice-over added: '{words}' (0-{length}s)"),
            format!("已添加旁白：“{words}”（0-{length} 秒）"),
        ),
    };
    if estimate > total {
        told.en.push_str(&format!("; it takes about {estimate} s to say, longer than the video"));
        told.zh.push_str(&format!("；读完约需 {estimate} 秒，比视频长"));
    }
    Ok(Applied { state: timeline.close(state), words: told })
}

/// Takes the spoken words away.
pub(super) fn remove(state: &State) -> Result<Applied, EditError> {
    let mut timeline = Timeline::open(state);
    let spoken = timeline.segments_mut(&Role::Voice);
    if spoken.is_empty() {
        return Err(EditError::Nowhere("there is no voice-over on the timeline"));
    }
    spoken.clear();
    Ok(Applied { state: timeline.close(state), words: Words::new("voice-over removed", "已去掉旁白") })
}

/// About how long words take to say.
fn said(words: &str) -> Millis {
    let characters = words.chars().filter(|c| is_chinese(*c)).count();
    let spaced: String = words.chars().map(|c| if is_chinese(c) { ' ' } else { c }).collect();
    let latin = spaced.split_whitespace().filter(|word| word.chars().any(char::is_alphanumeric)).count();
    Millis((characters * CHARACTER_MS + latin * WORD_MS) as u64).max(SAID_MIN)
}

fn is_chinese(c: char) -> bool {
    ('\u{3400}'..='\u{9fff}').contains(&c)
}
