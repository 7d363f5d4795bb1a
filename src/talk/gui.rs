//! An agent's talk of its window becomes what a script can do here.
//!
//! The cloud's agent believes that its user sits before a window: it says "click Export" and
//! "preview it in the timeline". Sentences with content stay as they are; those that only point
//! at the window are replaced. The text is data: nothing is done because it says so.

/// An agent's text in words that fit a script.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Translated {
    /// The text without a window.
    pub text: String,
    /// The agent proposes an export.
    pub suggests_export: bool,
    /// The agent points at a look at the timeline.
    pub looks: bool,
}

/// What a sentence points at.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Point {
    Export,
    Look,
    /// A click, a drag, a panel: nothing that a script needs.
    Window,
    /// `I encountered a temporary issue`: noise when something else was said.
    Noise,
}

/// Signs of each kind, in the order in which they count.
const SIGNS: &[(Point, &[&str])] = &[
    (
        Point::Noise,
        &[
            "encountered a temporary issue",
            "experienced a temporary issue",
            "temporary issue",
            "遇到了临时问题",
            "临时出现问题",
        ],
    ),
    (
        Point::Export,
        &[
            "click export",
            "click the export",
            "click on export",
            "press export",
            "hit export",
            "tap export",
            "export button",
            "use export",
            "点击导出",
            "导出按钮",
            "点击“导出”",
            "点击「导出」",
            "按导出",
            "点击 export",
            "“导出”按钮",
        ],
    ),
    (
        Point::Look,
        &[
            "preview it in",
            "preview in",
            "preview your",
            "preview the",
            "in the timeline panel",
            "in the preview",
            "check the timeline",
            "see it in the timeline",
            "open the timeline",
            "view it in the timeline",
            "view in the timeline",
            "timeline panel",
            "预览",
            "在时间线中",
            "时间线面板",
            "查看时间线",
            "打开时间线",
        ],
    ),
    (
        Point::Window,
        &[
            "click",
            "drag",
            "drop it",
            "open the",
            "panel",
            "sidebar",
            "toolbar",
            "dashboard",
            "button",
            "right-click",
            "go to settings",
            "点击",
            "打开",
            "拖拽",
            "拖动",
            "拖到",
            "面板",
            "按钮",
            "侧边栏",
        ],
    ),
];

/// Ends of sentences.
const ENDS: &[char] = &['.', '!', '?', '。', '！', '？', '\n'];

/// Translates an agent's text.
pub fn translate(raw: &str) -> Translated {
    let sentences = sentences(raw);
    let content = sentences.iter().any(|s| point(s).is_none() && s.chars().any(char::is_alphanumeric));
    let mut translated = Translated::default();
    let mut lines: Vec<String> = Vec::new();
    let mut pointed = false;
    for sentence in &sentences {
        let lower = sentence.to_lowercase();
        let exports = signs(&lower, Point::Export);
        let looks = signs(&lower, Point::Look);
        translated.suggests_export |= exports;
        translated.looks |= looks;
        match point(sentence) {
            None => lines.push((*sentence).to_owned()),
            Some(Point::Noise) if content => (),
            Some(Point::Noise) => lines.push(sentence.trim_end().to_owned()),
            Some(Point::Window) => {
                lines.extend(kept(sentence));
            }
            Some(_) => {
                lines.extend(kept(sentence));
                pointed = true;
            }
        }
    }
    if pointed {
        lines.push(offer(raw, &translated));
    }
    translated.text = joined(&lines);
    translated
}

/// What a script does in place of the window's buttons.
fn offer(raw: &str, translated: &Translated) -> String {
    // A Chinese title in an English answer does not make it Chinese.
    let hanzi = raw.chars().filter(|c| ('\u{3400}'..='\u{9fff}').contains(c)).count();
    let latin = raw.chars().filter(char::is_ascii_alphabetic).count();
    let chinese = hanzi * 4 > latin;
    let text = match (chinese, translated.looks, translated.suggests_export) {
        (false, true, true) => "Look at it with `s.timeline()`, save it with `s.export(\"name.mp4\")`.",
        (false, true, false) => "Look at it with `s.timeline()`.",
        (false, false, _) => "Save it with `s.export(\"name.mp4\")`.",
        (true, true, true) => "可用 `s.timeline()` 查看，用 `s.export(\"name.mp4\")` 导出。",
        (true, true, false) => "可用 `s.timeline()` 查看。",
        (true, false, _) => "可用 `s.export(\"name.mp4\")` 导出。",
    };
    text.to_owned()
}

/// What a sentence points at; content that only mentions such words in quotes points nowhere.
fn point(sentence: &str) -> Option<Point> {
    let lower = unquoted(&sentence.to_lowercase());
    SIGNS.iter().map(|(point, _)| *point).find(|point| signs(&lower, *point))
}

fn signs(lower: &str, wanted: Point) -> bool {
    let lower = unquoted(lower);
    SIGNS
        .iter()
        .filter(|(point, _)| *point == wanted)
        .any(|(_, signs)| signs.iter().any(|sign| lower.contains(sign)))
}

/// The part of a pointing sentence that tells something: `Title added, click Export` keeps its
/// first half.
fn kept(sentence: &str) -> Option<String> {
    let breaks: &[&str] = &[", ", "; ", " - ", " — ", "，", "；"];
    let at = breaks.iter().filter_map(|b| sentence.find(b)).min()?;
    let (head, rest) = sentence.split_at(at);
    let tells = point(head).is_none() && head.chars().filter(|c| c.is_alphanumeric()).count() > 2;
    let opener = [
        "you can",
        "to ",
        "if ",
        "when ",
        "now",
        "next",
        "then",
        "please",
        "您可以",
        "可以",
        "如果",
        "现在",
        "请",
    ];
    let lower = head.trim().to_lowercase();
    let leads = opener.iter().any(|word| lower.starts_with(word));
    (tells && !leads && point(rest).is_some())
        .then(|| format!("{}{}", head.trim(), if head.is_ascii() { "." } else { "。" }))
}

/// The text with quoted words blanked: a title may speak of buttons. Quoted names of buttons
/// (`click "Export"`) count, as they follow the verb.
fn unquoted(text: &str) -> String {
    let mut plain = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(open) = rest.find('\'') {
        let word = rest[..open].chars().next_back().is_some_and(char::is_alphanumeric);
        let close = rest[open + 1..].find('\'').filter(|_| !word);
        let Some(close) = close else {
            plain.push_str(&rest[..=open]);
            rest = &rest[open + 1..];
            continue;
        };
        plain.push_str(&rest[..open]);
        rest = &rest[open + 1 + close + 1..];
    }
    plain.push_str(rest);
    plain
}

/// The sentences of a text, each with its end mark; a dot inside a number or a name ends none.
fn sentences(text: &str) -> Vec<&str> {
    let mut found = Vec::new();
    let mut from = 0;
    let mut chars = text.char_indices().peekable();
    while let Some((at, c)) = chars.next() {
        let next = chars.peek().map(|(_, c)| *c);
        let wide = "。！？\n".contains(c);
        if ENDS.contains(&c) && (wide || next.is_none_or(char::is_whitespace)) {
            let end = at + c.len_utf8();
            found.push(&text[from..end]);
            from = end;
        }
    }
    found.push(&text[from..]);
    found.retain(|sentence| !sentence.is_empty());
    found
}

/// Sentences again as one text, with the line breaks and spaces that they came with.
fn joined(lines: &[String]) -> String {
    let mut text = String::new();
    for line in lines {
        let starts = line.chars().next().is_some_and(char::is_whitespace);
        let chinese = text.ends_with(['。', '！', '？']);
        if !text.is_empty() && !starts && !chinese && !text.ends_with(char::is_whitespace) {
            text.push(' ');
        }
        text.push_str(line);
    }
    text.trim().to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(raw: &str, text: &str, exports: bool, looks: bool) {
        let expected = Translated { text: text.to_owned(), suggests_export: exports, looks };
        assert_eq!(translate(raw), expected, "{raw}");
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
        check("Done. Open the Media panel to see your clips.", "Done.", false, false);
        check("Drag the clip to the left.", "", false, false);
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
}
