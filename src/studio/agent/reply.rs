//! The agent's answer: what was done, what was not understood, and talk of a window that is
//! not there, as the cloud's agent has it.

use std::collections::BTreeSet;

use crate::model::edit::{EditError, Words};
use crate::studio::agent::Language;
use crate::studio::agent::intent::Intent;

/// What the agent can do, for those who ask or were not understood.
const ABILITIES: (&str, &str) = (
    "I can make a video of N seconds from your words, photos or clips; keep, trim, remove, speed up, move, swap or hold parts; add titles, \
     captions, a logo, an end card, a progress bar, a voice-over, background music by mood, crossfades, fades and looks; fill or reshape \
     the picture; change or remove what was added; undo; and say what is on the timeline.",
    "我可以用文字、照片或视频片段制作指定时长的视频，保留、裁剪、删除、变速、移动或交换片段，添加标题、字幕、标志、片尾卡、进度条、旁白、配乐、转场、淡入淡出和画面风格，也可以修改或去掉已添加的内容、撤销，以及说明时间线上有什么。",
);

/// How an edit ended: what it did, or why it could not.
pub type Outcome = Result<Words, EditError>;

/// Returns the answer to the first stage of a generation: the cut is there, the rest follows.
pub fn first_stage(intent: &Intent, outcomes: &[Outcome]) -> String {
    let done = told(intent.language, outcomes);
    match intent.language {
        Language::English => format!("{done} Your first cut is on the timeline; I am adding the rest now."),
        Language::Chinese => format!("{done}初剪已经放到时间线上，正在添加其余内容。"),
    }
}

/// Returns the answer to a finished turn.
pub fn finished(intent: &Intent, outcomes: &[Outcome]) -> String {
    let (en, zh) = ABILITIES;
    let mut parts: Vec<String> = Vec::new();
    let done = told(intent.language, outcomes);
    let nothing = outcomes.is_empty();
    if !done.is_empty() {
        parts.push(done);
    }
    if let Some(status) = &intent.status {
        parts.push(match intent.language {
            Language::English => format!("{}.", capital(&status.en)),
            Language::Chinese => format!("{}。", status.zh),
        });
    }
    if intent.guessed_words {
        parts.push(match intent.language {
            Language::English => "You gave no words for the text, so I used what I could find in your project; put your own in quotes to change it.".to_owned(),
            Language::Chinese => "您没有给出文字内容，我用了项目里已有的名称；把想要的文字放在引号里即可修改。".to_owned(),
        });
    }
    if intent.added_music && outcomes.iter().all(Result::is_ok) {
        parts.push(match intent.language {
            Language::English => "You said nothing about music, so I chose some; say 'remove the music' to go without, or name another mood.".to_owned(),
            Language::Chinese => "您没有提到配乐，所以由我选了一段；说“去掉音乐”即可去掉，也可以说出想要的风格。".to_owned(),
        });
    }
    if !intent.not_understood.is_empty() {
        let named = intent.not_understood.iter().map(|words| quoted(intent.language, words));
        parts.push(match intent.language {
            Language::English => {
                format!("I did not understand: {}. {en}", named.collect::<Vec<_>>().join(", "))
            }
            Language::Chinese => format!("我没有听懂：{}。{zh}", named.collect::<Vec<_>>().join("、")),
        });
    } else if intent.wants_help || nothing && !intent.wants_export && intent.status.is_none() {
        parts.push(if intent.language == Language::Chinese { zh.to_owned() } else { en.to_owned() });
    }
    if intent.wants_export || outcomes.iter().any(Result::is_ok) {
        parts.push(gui(intent).to_owned());
    }
    parts.join(if intent.language == Language::Chinese { "" } else { " " })
}

/// The talk of a window, which the caller of a program has to be spared.
fn gui(intent: &Intent) -> &'static str {
    match (intent.language, intent.wants_export, intent.generates()) {
        (Language::English, true, _) => "Click the Export button in the top right corner to download it.",
        (Language::English, false, true) => {
            "Your video is ready! Preview it in the timeline or click Export."
        }
        (Language::English, false, false) => "You can preview it in the timeline panel.",
        (Language::Chinese, true, _) => "请点击右上角的“导出”按钮下载视频。",
        (Language::Chinese, false, true) => "视频已经准备好了！可以在时间线中预览，或点击导出按钮。",
        (Language::Chinese, false, false) => "您可以在时间线面板中预览效果。",
    }
}

/// What the edits did, a sentence each; what could not be done is told with its reason.
fn told(language: Language, outcomes: &[Outcome]) -> String {
    let sentence = |outcome: &Outcome| match (language, outcome) {
        (Language::English, Ok(words)) => format!("{}.", capital(&words.en)),
        (Language::English, Err(error)) => format!("Not done: {}.", error.words().en),
        (Language::Chinese, Ok(words)) => format!("{}。", words.zh),
        (Language::Chinese, Err(error)) => format!("未能完成：{}。", error.words().zh),
    };
    let gap = if language == Language::Chinese { "" } else { " " };
    let mut sentences: Vec<String> = outcomes.iter().map(sentence).collect();
    // Three edits that lack the same thing lack it once.
    let mut said = BTreeSet::new();
    sentences.retain(|sentence| said.insert(sentence.clone()));
    sentences.join(gap)
}

fn quoted(language: Language, words: &str) -> String {
    match language {
        Language::English => format!("'{words}'"),
        Language::Chinese => format!("“{words}”"),
    }
}

fn capital(text: &str) -> String {
    let mut chars = text.chars();
    chars.next().map(|first| first.to_uppercase().chain(chars).collect()).unwrap_or_default()
}
