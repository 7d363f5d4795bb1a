//! Questions: what the agent can do, and what is on the timeline. They come in too many words for
//! a table of phrases, so this looks at what a sentence asks and after what; what asks by itself
//! is a cue.

use crate::studio::agent::phrases::Cue;

/// What a sentence asks for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Question {
    /// What can you do?
    Help,
    /// What is there, how long is it?
    Status,
}

/// Words that a question may begin with, before its question word.
const LEADS: &[&str] = &[
    "so", "ok", "okay", "and", "hi", "hey", "hello", "there", "well", "wait", "um", "just", "quickly",
    "quick", "question", "please", "can", "could", "you", "u", "tell", "me", "show", "remind", "us", "sorry",
    "btw", "first", "now", "but",
];

/// Returns what a sentence asks, if it is a question that the agent answers.
pub(super) fn of(sentence: &str) -> Option<Question> {
    let text = sentence.trim().to_lowercase();
    if text.chars().any(|c| ('\u{3400}'..='\u{9fff}').contains(&c)) {
        return chinese(&text);
    }
    let words: Vec<&str> =
        text.split(|c: char| !(c.is_alphanumeric() || "'’".contains(c))).filter(|w| !w.is_empty()).collect();
    let lead = words.iter().take_while(|word| LEADS.contains(word)).count();
    let polite = words[lead..].iter().rev().take_while(|word| Cue::Polite.is(word)).count();
    english(&words[lead..words.len() - polite])
}

fn english(words: &[&str]) -> Option<Question> {
    let whole = words.join(" ");
    if Cue::Help.is(&whole) {
        return Some(Question::Help);
    }
    if Cue::Status.is(&whole) {
        return Some(Question::Status);
    }
    let has = |list: &[&str]| words.iter().any(|word| list.contains(word));
    let (first, second) = (*words.first()?, words.get(1).copied().unwrap_or_default());
    let asks = ["what", "what's", "whats", "which", "how", "how's", "list", "recap", "summary", "where"]
        .contains(&first);
    if !asks || words.len() > 16 {
        return None;
    }
    let pair = |one: &[&str], other: &[&str]| {
        words.windows(2).any(|pair| one.contains(&pair[0]) && other.contains(&pair[1]))
    };
    // `what sort of things can you do`, `how do I use this`
    let able = pair(&["can", "could", "do", "are", "does", "should"], &["you", "u", "i", "we", "this"])
        || pair(&["you", "u", "i", "we"], &["can", "could", "do", "able", "offer", "support", "handle"]);
    let doing = has(&[
        "do", "able", "help", "offer", "support", "use", "work", "works", "ask", "capable", "handle", "say",
        "type", "start", "tell",
    ]);
    let thing = has(&["have", "got", "long", "timeline", "many", "far", "change", "changed", "left"]);
    if able && doing && !thing || has(&["features", "commands", "abilities", "capabilities", "options"]) {
        return Some(Question::Help);
    }
    // `how long is it now`, `how many shots are there`, `what's in the video so far`
    let counts = first == "how" && ["long", "many", "far"].contains(&second);
    let holds = has(&["timeline", "far", "currently", "sequence", "track"])
        || has(&["in", "on"])
            && has(&["video", "it", "there", "cut", "movie", "clip", "here", "edit", "film", "reel"])
        || pair(&["we", "i", "you"], &["have", "got"])
        || pair(&["have", "ve"], &["we", "i", "you"])
        || has(&["length", "duration", "runtime"])
        || first != "how" && has(&["there"]);
    let wishes = has(&["make", "put", "add", "remove", "should", "want", "change", "about"]);
    (!wishes && (counts || holds)).then_some(Question::Status)
}

fn chinese(text: &str) -> Option<Question> {
    let has = |list: &[&str]| list.iter().any(|word| text.contains(word));
    let short = text.chars().count() <= 24;
    let what = has(&["什么", "啥", "哪些", "干嘛", "哪几样", "怎么用", "咋用", "怎么玩", "如何使用"]);
    // `你都能干些啥呀`, `这个怎么用`
    let able = has(&[
        "你能",
        "你会",
        "你都",
        "你可以",
        "你还能",
        "你还会",
        "支持",
        "你擅长",
        "能干",
        "会干",
        "能做",
        "会做",
        "能帮我",
        "可以做",
        "有什么功能",
        "有啥功能",
        "有哪些功能",
        "啥本事",
        "什么本事",
    ]);
    let usage = Cue::Help.is(text)
        || has(&["怎么用", "咋用", "怎么玩", "如何使用", "怎么使用", "有什么功能", "有啥功能", "有哪些功能"]);
    if short && (able && what || usage) {
        return Some(Question::Help);
    }
    // `现在片子一共多长，里头都有啥？`
    let counts = has(&[
        "多长",
        "多少秒",
        "几秒了",
        "多久了",
        "几分钟了",
        "有多久",
        "多少张",
        "几张照片了",
        "几个镜头",
    ]);
    let holds = has(&[
        "有什么",
        "有啥",
        "有哪些",
        "都有什么",
        "都有啥",
        "都有些",
        "有些啥",
        "有些什么",
        "放了什么",
        "放了啥",
        "放了哪些",
        "什么情况",
        "啥情况",
        "什么样了",
        "啥样了",
        "剪成啥样",
        "剪成什么样",
        "到哪了",
        "到哪一步",
        "当前状态",
        "查看时间线",
        "看看时间线",
        "现在的情况",
        "目前的状态",
        "进度怎么样",
    ]);
    let wishes = has(&["都行", "随便", "无所谓", "加", "删", "换成", "改成", "做个", "做一个"]);
    (short && !wishes && (counts || holds)).then_some(Question::Status)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn questions_are_told_apart() {
        for help in [
            "What sort of things can you actually do for a little bakery?",
            "so what else can u do",
            "how do I use this?",
            "which edits do you support",
            "你都能干些啥呀？",
            "这个怎么用",
            "你会做哪些事",
        ] {
            assert_eq!(of(help), Some(Question::Help), "{help}");
        }
        for status in [
            "how long is the cut right now?",
            "ok and what's on the timeline at the moment",
            "how many photos are in there",
            "what have we got so far",
            "现在总共多少秒了？",
            "现在片子一共多长，里头都有啥？",
        ] {
            assert_eq!(of(status), Some(Question::Status), "{status}");
        }
        for wish in [
            "can you add a title",
            "make it as long as you can",
            "could you do a video about tea",
            "多长都行，加个标题",
        ] {
            assert_eq!(of(wish), None, "{wish}");
        }
    }
}
