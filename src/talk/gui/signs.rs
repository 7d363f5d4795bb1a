//! What a clause of an agent's answer points at.

/// What a clause points at.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Point {
    /// The button that exports.
    Export,
    /// The timeline, the player, a panel.
    Look,
    /// The account and its credits.
    Balance,
    /// A click or a drag that would change something.
    Change,
    /// `I encountered a temporary issue`: noise when something else was said.
    Noise,
}

const NOISE: &[&str] =
    &["temporary issue", "temporary problem", "遇到了临时问题", "临时出现问题", "暂时性问题"];

/// Words before the verb of an instruction.
const LEAD: &[&str] = &[
    "you", "you'll", "can", "could", "may", "might", "need", "to", "should", "please", "now", "then", "just",
    "simply", "also", "next", "feel", "free", "or", "and", "either", "finally", "first", "go", "ahead", "by",
    "always", "directly", "still",
];
const LEAD_ZH: &[&str] = &[
    "请", "您", "你", "可以", "可", "也", "或者", "或", "然后", "再", "直接", "只需", "现在", "先", "接着",
    "还", "随时", "就",
];

/// Verbs that only a window knows, before one of [`OBJECTS`].
const CLICKS: &[&str] = &["click", "clicking", "tap", "drag", "dragging", "right-click", "double-click"];
const OBJECTS: &[&str] = &[
    "", "the", "on", "a", "it", "its", "your", "any", "and", "here", "export", "download", "to", "this",
    "that", "save", "preview", "play", "undo", "apply", "clips", "them", "each", "either", "in", "at",
];
/// Verbs that mean the window beside one of [`WINDOW`] or [`WINDOW_ONLY`].
const ACTS: &[&str] = &[
    "press", "hit", "select", "choose", "switch", "scroll", "use", "using", "hover", "navigate", "head",
    "drop", "find", "export", "download", "open", "go", "access", "adjust", "move", "trim", "resize",
];
/// Words that may mean a part of the window.
const WINDOW: &[&str] = &["corner", "handle", "library", "export"];
/// Verbs of a look beside one of [`SCREEN`].
const LOOKS: &[&str] = &[
    "open", "view", "check", "see", "watch", "play", "look", "review", "go", "switch", "find", "take", "head",
];
const SCREEN: &[&str] =
    &["timeline", "preview", "player", "panel", "tab", "library", "window", "canvas", "editor", "sidebar"];
const ACCOUNT: &[&str] = &["account", "billing", "credits", "balance", "subscription", "dashboard"];
const ACCOUNT_VERBS: &[&str] = &["check", "see", "view", "go", "open", "visit", "log", "review", "head"];

/// Parts of the window that are named without an instruction.
const EXPORT_PARTS: &[&str] = &[
    "export button",
    "export icon",
    "export menu",
    "export option",
    "export panel",
    "export dialog",
    "导出按钮",
    "导出图标",
    "导出选项",
    "导出菜单",
    "导出面板",
];
const SCREEN_PARTS: &[&str] = &[
    "timeline panel",
    "preview panel",
    "preview window",
    "in the preview",
    "时间线中预览",
    "时间线面板",
    "预览面板",
    "预览窗口",
    "时间轴面板",
];

const CLICKS_ZH: &[&str] =
    &["点击", "单击", "双击", "轻点", "右键", "按下", "拖动", "拖拽", "拖放", "拖到", "将鼠标"];
const ACTS_ZH: &[&str] =
    &["选择", "使用", "通过", "找到", "打开", "进入", "切换到", "前往", "导出", "下载", "用", "按"];
const WINDOW_ZH: &[&str] =
    &["按钮", "图标", "菜单", "右上角", "左上角", "右下角", "左下角", "侧边栏", "工具栏", "选项卡"];
const LOOKS_ZH: &[&str] = &["打开", "查看", "预览", "播放", "进入", "切换到", "检查", "观看", "前往", "看看"];
const SCREEN_ZH: &[&str] = &["时间线", "时间轴", "预览", "播放器", "面板", "媒体库", "轨道", "窗口", "画布"];
const ACCOUNT_ZH: &[&str] = &["账户", "账号", "积分", "余额", "账单", "控制台", "订阅"];

/// A clause that tells what was done speaks of the film: `added a download button`.
const DONE: &[&str] =
    &["added", "created", "made", "placed", "removed", "changed", "animated", "inserted", "drew"];
const DONE_ZH: &[&str] =
    &["已", "添加了", "加上了", "加入了", "制作了", "放置了", "删除了", "更新了", "做了", "加了", "改成了"];

/// An export is proposed without a window; the words stay.
const PROPOSALS: &[&str] = &[
    "ready to export",
    "ready for export",
    "ready to download",
    "ready to be exported",
    "like to export",
    "like me to export",
    "want to export",
    "want me to export",
    "shall i export",
    "should i export",
    "you can export",
    "you can now export",
    "you can also export",
    "导出吗",
    "可以导出",
    "是否导出",
    "是否要导出",
    "可导出",
    "要导出",
];
const REFUSALS: &[&str] = &[
    "not ",
    "n't",
    "cannot",
    "unable",
    "before you",
    "不能",
    "无法",
    "不可",
    "还没",
    "不需要",
    "暂时",
    "之前",
];

/// What a clause in lower case points at.
pub(super) fn point(clause: &str) -> Option<Point> {
    if NOISE.iter().any(|sign| clause.contains(sign)) {
        return Some(Point::Noise);
    }
    if clause.contains(|c| c >= '\u{3400}') { chinese(clause) } else { english(clause) }
}

/// Whether a clause proposes an export in plain words.
pub(super) fn proposes(clause: &str) -> bool {
    PROPOSALS.iter().any(|sign| clause.contains(sign)) && !REFUSALS.iter().any(|sign| clause.contains(sign))
}

fn english(clause: &str) -> Option<Point> {
    let all: Vec<&str> = clause
        .split(|c: char| c.is_whitespace() || ",.;:!?()\"“”`".contains(c))
        .filter(|w| !w.is_empty())
        .collect();
    let done = any(&all, DONE);
    if !done && EXPORT_PARTS.iter().any(|part| clause.contains(part)) {
        return Some(Point::Export);
    }
    let start = all.iter().position(|word| !LEAD.contains(word)).unwrap_or(all.len());
    // `go` leads in, and is a verb: `go to the dashboard`.
    let words = if start > 0 && all[start - 1] == "to" && all[..start].contains(&"go") {
        let go = all.iter().position(|word| *word == "go").unwrap_or(start);
        &all[go..]
    } else {
        &all[start..]
    };
    let (verb, object) = (words.first()?, words.get(1).copied().unwrap_or(""));
    let clicks = CLICKS.contains(verb) && OBJECTS.contains(&object);
    let window = any(words, WINDOW_ONLY) || any(words, WINDOW);
    if (clicks || ACTS.contains(verb) && window) && any(&words[1..], &["export", "download"])
        || ["export", "download"].contains(verb) && any(words, WINDOW_ONLY)
    {
        return Some(Point::Export);
    }
    if ACCOUNT_VERBS.contains(verb) && any(words, ACCOUNT) {
        return Some(Point::Balance);
    }
    let plays = clicks && ["preview", "play"].contains(&object);
    let previews =
        plays || *verb == "preview" && ["", "it", "the", "your", "this", "in", "how"].contains(&object);
    if previews || LOOKS.contains(verb) && any(&words[1..], SCREEN) {
        return Some(Point::Look);
    }
    if clicks || ACTS.contains(verb) && any(words, WINDOW_ONLY) {
        return Some(Point::Change);
    }
    (!done && SCREEN_PARTS.iter().any(|part| clause.contains(part))).then_some(Point::Look)
}

/// Parts of a window that are nothing else.
const WINDOW_ONLY: &[&str] = &[
    "button",
    "icon",
    "panel",
    "tab",
    "menu",
    "toolbar",
    "sidebar",
    "dropdown",
    "slider",
    "dialog",
    "inspector",
    "settings",
    "handles",
];

fn chinese(clause: &str) -> Option<Point> {
    let clause: String = clause.chars().filter(|c| !c.is_whitespace() && !"“”\"「」".contains(*c)).collect();
    if DONE_ZH.iter().any(|done| clause.contains(done)) {
        return None;
    }
    let words = instruction(&clause);
    // `满意后点击导出`, `将素材拖到时间线`
    let late = CLICKS_ZH
        .iter()
        .filter_map(|verb| clause.find(verb))
        .min()
        .filter(|at| clause[..*at].ends_with('后') || words.starts_with(['将', '把']));
    let words = late.map_or(words, |at| &clause[at..]);
    let opens = |verbs: &[&str]| verbs.iter().any(|verb| words.starts_with(verb));
    let named = |nouns: &[&str]| nouns.iter().any(|noun| clause.contains(noun));
    let exports = named(&["导出", "下载", "export"]);
    let clicks = opens(CLICKS_ZH) || words.starts_with("点") && exports;
    if exports && (clicks || opens(ACTS_ZH) && named(WINDOW_ZH)) || named(EXPORT_PARTS) {
        return Some(Point::Export);
    }
    if (opens(LOOKS_ZH) || clicks) && named(ACCOUNT_ZH) {
        return Some(Point::Balance);
    }
    if words.starts_with("预览") || opens(LOOKS_ZH) && named(SCREEN_ZH) || named(SCREEN_PARTS) {
        return Some(Point::Look);
    }
    (clicks || opens(ACTS_ZH) && named(WINDOW_ZH)).then_some(Point::Change)
}

/// Whether a clause after one with a click means another button: `click Preview or Export`.
pub(super) fn is_button(clause: &str) -> bool {
    ["export", "download", "导出", "下载"].iter().any(|name| clause.trim_start().starts_with(name))
}

/// A Chinese clause from its verb on: `您可以在时间线中预览` from `预览`.
fn instruction(clause: &str) -> &str {
    let mut rest = clause;
    loop {
        if let Some(lead) =
            LEAD_ZH.iter().filter(|lead| rest.starts_with(**lead)).max_by_key(|lead| lead.len())
        {
            rest = &rest[lead.len()..];
            continue;
        }
        let place = rest.strip_prefix('在').and_then(|place| {
            let end = place.find(['中', '里', '上', '内', '处', '角'])?;
            // `右上角`: the place ends with its last sign.
            let tail = &place[end..];
            let length: usize =
                tail.chars().take_while(|c| "中里上内处角的".contains(*c)).map(char::len_utf8).sum();
            Some(&tail[length..])
        });
        match place {
            Some(after) => rest = after,
            None => return rest,
        }
    }
}

fn any(words: &[&str], list: &[&str]) -> bool {
    words.iter().any(|word| list.contains(word))
}
