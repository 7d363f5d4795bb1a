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
/// How much faster a renderer lets a voice talk, so that it ends with the video.
const HURRY_MAX: f64 = 1.25;
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
    let told = match before {
        Some(before) => Words::new(
            format!("voice-over '{before}' → '{words}' (0-{length}s)"),
            format!("旁白“{before}” → “{words}”（0-{length} 秒）"),
        ),
        None => Words::new(
            format!("voice-over added: '{words}' (0-{length}s)"),
            format!("已添加旁白：“{words}”（0-{length} 秒）"),
        ),
    };
    let late = late(estimate, total);
    let told = Words::new(
        format!("{}; it is a robotic voice (espeak-ng){}", told.en, late.en),
        format!("{}；这是机器合成的声音（espeak-ng）{}", told.zh, late.zh),
    );
    Ok(Applied { state: timeline.close(state), words: told })
}

/// What becomes of words that take longer than the video.
fn late(said: Millis, total: Millis) -> Words {
    let (end, whole) = (total.clock(), Millis(said.0.div_ceil(1000) * 1000));
    if said <= total {
        Words::default()
    } else if said.0 as f64 <= total.0 as f64 * HURRY_MAX {
        Words::new(
            format!("; it talks a bit faster, to end with the video at {end}"),
            format!("；语速会稍快，以便在 {end} 随视频结束"),
        )
    } else {
        Words::new(
            format!(
                ". Its words take about {whole} s, longer than the video, and are cut at {end}; say 'make it {whole} \
                 seconds' or give it fewer words to hear them all"
            ),
            format!(
                "。读完约需 {whole} 秒，比视频长，会在 {end} 被截断；说“改成{whole}秒”或减少文字，就能听到全部内容"
            ),
        )
    }
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
