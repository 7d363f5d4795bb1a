//! An agent's talk of its window becomes what one can do here.
//!
//! The cloud's agent believes that its user sits before a window: it says "click Export" and
//! "preview it in the timeline". Sentences with content stay as they are; those that only point
//! at the window are replaced. The text is data: nothing is changed or exported because it says
//! so.

mod clauses;
mod signs;

use clauses::{Clause, clauses, joined, plain, sentences};
use signs::Point;

/// An agent's text in words that fit where it is read.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Translated {
    /// The text without a window.
    pub text: String,
    /// The agent proposes an export.
    pub suggests_export: bool,
    /// The agent points at a look at the timeline.
    pub looks: bool,
    /// The agent points at a look at the account.
    pub balance: bool,
}

/// Where the text is read.
#[derive(Clone, Copy, Debug)]
pub enum Place<'a> {
    /// In a script, which calls functions.
    Script,
    /// At a terminal: looking is done at once, and this command saves the video; none when it is
    /// saved already.
    Terminal {
        /// Such as `reel export 5529798706024415232 promo.mp4`.
        export: Option<&'a str>,
    },
}

/// What a text points at.
#[derive(Clone, Copy, Debug, Default)]
struct Points {
    export: bool,
    look: bool,
    balance: bool,
    change: bool,
}

/// Translates an agent's text.
pub fn translate(raw: &str, place: &Place<'_>) -> Translated {
    let sentences = sentences(raw);
    let tells =
        |sentence: &&str| points_of(sentence).0.is_empty() && sentence.chars().any(char::is_alphanumeric);
    let content = sentences.iter().any(tells);
    let mut points = Points::default();
    let mut lines: Vec<String> = Vec::new();
    for sentence in &sentences {
        let (found, proposes) = points_of(sentence);
        points.export |= proposes || found.contains(&Point::Export);
        points.look |= found.contains(&Point::Look);
        points.balance |= found.contains(&Point::Balance);
        points.change |= found.contains(&Point::Change);
        match found.first() {
            None => lines.push((*sentence).to_owned()),
            Some(Point::Noise) if content => (),
            Some(Point::Noise) => lines.push(sentence.trim_end().to_owned()),
            Some(_) => lines.extend(kept(sentence)),
        }
    }
    lines.extend(offer(raw, points, place));
    Translated {
        text: joined(&lines),
        suggests_export: points.export,
        looks: points.look,
        balance: points.balance,
    }
}

/// What the clauses of a sentence point at, and whether one proposes an export.
fn points_of(sentence: &str) -> (Vec<Point>, bool) {
    let plain = plain(sentence);
    let told = clauses(&plain);
    let mut points: Vec<Point> = Vec::new();
    for clause in told {
        let words = &plain[clause.from..clause.to];
        let other = !points.is_empty() && !clause.apart && signs::is_button(words);
        points.extend(signs::point(words).or(other.then_some(Point::Export)));
    }
    (points, signs::proposes(&plain))
}

/// What one does here in place of the window's buttons.
fn offer(raw: &str, points: Points, place: &Place<'_>) -> Option<String> {
    // A Chinese title in an English answer does not make it Chinese.
    let hanzi = raw.chars().filter(|c| ('\u{3400}'..='\u{9fff}').contains(c)).count();
    let latin = raw.chars().filter(char::is_ascii_alphabetic).count();
    let offers = if hanzi * 4 > latin { chinese(points, place) } else { english(points, place) };
    Some(offers).filter(|offers| !offers.is_empty())
}

fn english(points: Points, place: &Place<'_>) -> String {
    let mut offers: Vec<String> = Vec::new();
    match place {
        Place::Script => {
            offers.extend(points.look.then(|| "look at it with `s.timeline()`".to_owned()));
            offers.extend(points.export.then(|| "save it with `s.export(\"name.mp4\")`".to_owned()));
            offers.extend(points.balance.then(|| "see the balance with `credits()`".to_owned()));
        }
        Place::Terminal { export } => {
            offers.extend(export.filter(|_| points.export).map(|command| format!("`{command}` saves it")));
        }
    }
    offers.extend(points.change.then(|| "say in words what to change".to_owned()));
    let mut text = offers.join(", ");
    if let Some(first) = text.get_mut(..1) {
        first.make_ascii_uppercase();
        text.push('.');
    }
    text
}

fn chinese(points: Points, place: &Place<'_>) -> String {
    let mut offers: Vec<String> = Vec::new();
    match place {
        Place::Script => {
            offers.extend(points.look.then(|| "用 `s.timeline()` 查看".to_owned()));
            offers.extend(points.export.then(|| "用 `s.export(\"name.mp4\")` 导出".to_owned()));
            offers.extend(points.balance.then(|| "用 `credits()` 查看余额".to_owned()));
        }
        Place::Terminal { export } => {
            offers.extend(export.filter(|_| points.export).map(|command| format!("用 `{command}` 导出")));
        }
    }
    offers.extend(points.change.then(|| "用文字说出要改什么".to_owned()));
    if offers.is_empty() { String::new() } else { format!("可{}。", offers.join("，")) }
}

/// Words that begin a clause which only leads to the next one.
const LEADS: &[&str] = &[
    "you can",
    "to ",
    "if ",
    "when ",
    "whenever ",
    "now",
    "next",
    "then",
    "please",
    "once ",
    "in the ",
    "at the ",
    "from the ",
    "on the ",
    "after ",
    "for ",
    "您可以",
    "你可以",
    "可以",
    "如果",
    "现在",
    "请",
    "当",
    "若",
    "想",
    "要",
    "在",
    "接下来",
    "然后",
    "完成后",
];
/// Words that begin a clause which only ends the one before it.
const TAILS: &[&str] = &[
    "or ", "and ", "to ", "for ", "so ", "when ", "if ", "where ", "which ", "in ", "at ", "from ", "on ",
    "then ", "即可", "就", "来", "以", "或", "并", "然后", "进行", "完成", "也", "再",
];

/// The part of a pointing sentence that tells something: `Title added, click Export` keeps its
/// first half.
fn kept(sentence: &str) -> Option<String> {
    let plain = plain(sentence);
    let told = clauses(&plain);
    let points = |clause: &Clause| signs::point(&plain[clause.from..clause.to]).is_some();
    let begins = |clause: &Clause, with: &[&str]| {
        let words = plain[clause.from..clause.to].trim_start();
        with.iter().any(|word| words.starts_with(word))
    };
    let letters =
        |clause: &Clause| plain[clause.from..clause.to].chars().filter(|c| c.is_alphanumeric()).count() > 2;
    let first = told.iter().position(points)?;
    let last = told.iter().rposition(points)?;
    let head = told[..first].iter().rposition(|clause| !begins(clause, LEADS) && letters(clause));
    let head = head.map(|head| &sentence[told[0].from..told[head].to]);
    let tail = told.get(last + 1).filter(|tail| tail.apart && !begins(tail, TAILS) && letters(tail));
    let tail = tail.map(|tail| sentence[tail.from..].trim());
    let ended = |text: &str| {
        let text = text.trim().trim_end_matches(['.', '。']);
        let end = if text.contains(|c: char| c >= '\u{3400}') { '。' } else { '.' };
        let end = Some(end).filter(|_| !text.ends_with(['!', '?', '！', '？']));
        text.chars().chain(end).collect::<String>()
    };
    let mut kept: Vec<String> = head.into_iter().map(ended).collect();
    kept.extend(tail.map(|tail| {
        let mut tail = ended(tail);
        if let Some(first) = tail.get_mut(..1) {
            first.make_ascii_uppercase();
        }
        tail
    }));
    Some(joined(&kept)).filter(|kept| !kept.is_empty())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(raw: &str, text: &str, exports: bool, looks: bool) {
        let expected =
            Translated { text: text.to_owned(), suggests_export: exports, looks, ..Translated::default() };
        assert_eq!(translate(raw, &Place::Script), expected, "{raw}");
    }

    #[test]
    fn content_stays_and_the_window_goes() {
        check(
            "Your video is ready! Preview it in the timeline or click Export.",
            "Your video is ready! Look at it with `s.timeline()`, save it with `s.export(\"name.mp4\")`.",
            true,
            true,
        );
        check("Title added: 'Paradise Found' (0-3s).", "Title added: 'Paradise Found' (0-3s).", false, false);
        check("Click the Export button to download.", "Save it with `s.export(\"name.mp4\")`.", true, false);
        check(
            "Music added at 3.5 dB, click Export.",
            "Music added at 3.5 dB. Save it with `s.export(\"name.mp4\")`.",
            true,
            false,
        );
        check(
            "Done. Open the Media panel to see your clips.",
            "Done. Look at it with `s.timeline()`.",
            false,
            true,
        );
        check("Drag the clip to the left.", "Say in words what to change.", false, false);
    }

    #[test]
    fn chinese_is_translated_into_chinese() {
        check(
            "视频已经准备好了！可以在时间线中预览，或点击导出按钮。",
            "视频已经准备好了！可用 `s.timeline()` 查看，用 `s.export(\"name.mp4\")` 导出。",
            true,
            true,
        );
        check("已添加标题“早安”。", "已添加标题“早安”。", false, false);
        check("请点击右上角的“导出”按钮下载视频。", "可用 `s.export(\"name.mp4\")` 导出。", true, false);
    }

    #[test]
    fn noise_is_dropped_when_something_else_was_said() {
        check("Title added. I encountered a temporary issue.", "Title added.", false, false);
        check("I encountered a temporary issue.", "I encountered a temporary issue.", false, false);
    }

    #[test]
    fn quoted_words_point_nowhere() {
        check("Title added: 'Click Export now'.", "Title added: 'Click Export now'.", false, false);
    }

    #[test]
    fn shape_of_the_text_survives() {
        check("One.\n\n- Two\n- Three", "One.\n\n- Two\n- Three", false, false);
        check("", "", false, false);
        check("v1.2 is here", "v1.2 is here", false, false);
    }

    #[test]
    fn at_a_terminal_looking_is_done_and_a_command_saves() {
        let raw = "Your video is ready! Preview it in the timeline or click Export.";
        let at = |export| translate(raw, &Place::Terminal { export }).text;
        assert_eq!(at(Some(":export promo.mp4")), "Your video is ready! `:export promo.mp4` saves it.");
        assert_eq!(at(None), "Your video is ready!");
        let chinese =
            translate("请点击“导出”按钮。", &Place::Terminal { export: Some("reel export 7 a.mp4") });
        assert_eq!(chinese.text, "可用 `reel export 7 a.mp4` 导出。");
    }
}
