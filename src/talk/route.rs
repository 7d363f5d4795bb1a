//! A user's words become actions: what the client does itself, and what is a turn.
//!
//! Exports, credits, status and uploads never go to the agent. A word counts only outside of
//! quotes, as a whole word, and where the sentence is a command: `add the title 'Export your
//! dreams'` and `make the status bar blue` are turns.

/// One thing to do.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Action {
    /// Render the timeline and save it.
    Export,
    /// Show the balance.
    Credits,
    /// Show the timeline.
    Status,
    /// Upload the files and URLs that the words name, as they were written.
    Upload(Vec<String>),
    /// Send these words to the agent.
    Turn(String),
}

/// What a keyword asks for, before the sentence is looked at.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Wish {
    Export,
    Credits,
    Status,
    Upload,
}

/// A keyword and how it may stand in a sentence.
struct Keyword {
    word: &'static str,
    wish: Wish,
    stand: Stand,
}

/// Where in a clause a keyword is a command.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Stand {
    /// As its first telling word: `export it`, `please download the video`.
    Head,
    /// As all that it says, question words aside: `status`, `what is my balance?`.
    Whole,
    /// Anywhere: nobody says it and means an edit.
    Anywhere,
}

const KEYWORDS: &[Keyword] = &[
    key("export", Wish::Export, Stand::Head),
    key("download", Wish::Export, Stand::Head),
    key("导出", Wish::Export, Stand::Head),
    key("下载", Wish::Export, Stand::Head),
    key("send me the video", Wish::Export, Stand::Anywhere),
    key("send me the file", Wish::Export, Stand::Anywhere),
    key("把视频发给我", Wish::Export, Stand::Anywhere),
    key("credits", Wish::Credits, Stand::Whole),
    key("credit balance", Wish::Credits, Stand::Whole),
    key("balance", Wish::Credits, Stand::Whole),
    key("积分", Wish::Credits, Stand::Whole),
    key("余额", Wish::Credits, Stand::Whole),
    key("status", Wish::Status, Stand::Whole),
    key("状态", Wish::Status, Stand::Whole),
    key("show tracks", Wish::Status, Stand::Anywhere),
    key("show the tracks", Wish::Status, Stand::Anywhere),
    key("show me the tracks", Wish::Status, Stand::Anywhere),
    key("show the timeline", Wish::Status, Stand::Anywhere),
    key("show me what we have", Wish::Status, Stand::Anywhere),
    key("现在什么样了", Wish::Status, Stand::Anywhere),
    key("upload", Wish::Upload, Stand::Head),
    key("上传", Wish::Upload, Stand::Head),
];

/// Words that may stand beside a [`Stand::Whole`] keyword, and before a [`Stand::Head`] one.
const ASIDE: &str = "please can could you now just then and also finally ok okay the my me i we a our what whats \
    what's is are how many much do have left show check get see tell give remaining current account \
    of to want would like let's lets project session video timeline it go ahead credit 请 帮我 帮忙 \
    然后 再 最后 一下 现在 我 的 还有 还剩 剩 多少 查 看 查看 看看 查询 是 什么 吗 呢 把 视频 显示 \
    项目 可以 剩余 账户 想 要";

/// Words after which a Latin [`Stand::Head`] keyword is a noun or an adjective of an edit.
const NOUN_AFTER: &str = "style button bar your icon effect animation sign link now!";

/// What may follow an export: what is saved, and how. `Download our app today` is a script.
const EXPORT_AFTER: &str = "this that result final file movie clip cut version mp4 mov webm mkv gif 1080p 720p 2160p 4k hd \
    in as at an high medium low quality full resolution for again everything format here with 成 为 \
    高清 吧 出来 到 本地 文件 成片 最终 版本 格式 一个 了";

/// Local words that join two wishes: an edit and then an export.
const JOINTS: &[&str] = &[
    " and then ",
    " then ",
    " and ",
    "; ",
    ", ",
    ". ",
    "然后",
    "之后",
    "并且",
    "接着",
    "最后",
    "再",
    "并",
    "，",
    "。",
    "；",
    "\n",
];

/// More actions than this in one message are taken as words for the agent.
const ACTIONS_MAX: usize = 20;

const fn key(word: &'static str, wish: Wish, stand: Stand) -> Keyword {
    Keyword { word, wish, stand }
}

/// Returns what a user's words ask for, in the order in which it is done: files are uploaded
/// before the turn that uses them, and an export, a balance or a status comes after it.
pub fn route(text: &str) -> Vec<Action> {
    let masked = without_content(masked(text));
    let mut turns: Vec<&str> = Vec::new();
    let (mut before, mut after) = (Vec::new(), Vec::new());
    for (from, to) in parts(&masked) {
        let (words, plain) = (text[from..to].trim(), &masked[from..to]);
        match wish(plain) {
            Some(Wish::Upload) => before.push(Action::Upload(sources(words))),
            Some(Wish::Export) => after.push(Action::Export),
            Some(Wish::Credits) => after.push(Action::Credits),
            Some(Wish::Status) => after.push(Action::Status),
            None if words.chars().any(char::is_alphanumeric) => turns.push(words),
            None => (),
        }
    }
    after.dedup();
    if before.is_empty() && after.is_empty() || before.len() + after.len() > ACTIONS_MAX {
        let bare = sources(text);
        // Nothing but files and URLs: they are handed over.
        let only = !bare.is_empty() && text.split_whitespace().count() == bare.len();
        return if only { vec![Action::Upload(bare)] } else { vec![Action::Turn(text.trim().to_owned())] };
    }
    if !turns.is_empty() {
        before.push(Action::Turn(turns_of(text, &turns)));
    }
    before.extend(after);
    before
}

/// The words that stay for the agent: all between the first and the last of them when nothing
/// local stood there, else one after the other.
fn turns_of(text: &str, turns: &[&str]) -> String {
    let joined = turns.join(", ");
    let (Some(first), Some(last)) = (turns.first(), turns.last()) else { return joined };
    let (from, to) = (offset(text, first), offset(text, last) + last.len());
    let between = text.get(from..to).unwrap_or(&joined);
    let plain = without_content(masked(between));
    let local = parts(&plain).iter().any(|(from, to)| wish(&plain[*from..*to]).is_some());
    if local { joined } else { between.to_owned() }
}

/// Where a slice of `text` begins in it.
fn offset(text: &str, part: &str) -> usize {
    (part.as_ptr() as usize).saturating_sub(text.as_ptr() as usize)
}

/// The text in lower case, byte for byte as long, with quoted words blanked out.
fn masked(text: &str) -> String {
    const PAIRS: &[(char, char)] =
        &[('"', '"'), ('\'', '\''), ('“', '”'), ('‘', '’'), ('「', '」'), ('《', '》'), ('`', '`')];
    let mut masked = String::with_capacity(text.len());
    let mut close: Option<char> = None;
    let mut before = ' ';
    for (at, c) in text.char_indices() {
        let rest = &text[at + c.len_utf8()..];
        let next = rest.chars().next().unwrap_or(' ');
        let apostrophe = "'’‘".contains(c)
            && before.is_ascii_alphanumeric()
            && (close.is_none() || next.is_ascii_alphanumeric());
        let opens = PAIRS.iter().find(|(open, end)| *open == c && rest.contains(*end) && !apostrophe);
        match close {
            Some(end) if end == c && !apostrophe => {
                close = None;
                masked.push(c);
            }
            Some(_) => masked.extend(std::iter::repeat_n('_', c.len_utf8())),
            None => {
                close = opens.map(|(_, end)| *end);
                masked.push(c.to_ascii_lowercase());
            }
        }
        before = c;
    }
    masked
}

/// The text with what a colon introduces blanked: `make a video of this script: Download it.`
fn without_content(mut masked: String) -> String {
    let colon = masked.match_indices([':', '：']).find(|(at, colon)| {
        let after = masked[at + colon.len()..].chars().next();
        let opens = *colon == "：" || after.is_some_and(char::is_whitespace);
        let from = parts(&masked[..*at]).last().map_or(0, |(from, _)| *from);
        opens && wish(&masked[from..*at]).is_none()
    });
    if let Some((at, colon)) = colon {
        let from = at + colon.len();
        let blank = "_".repeat(masked.len() - from);
        masked.replace_range(from.., &blank);
    }
    masked
}

/// The stretches of the text between joints.
fn parts(masked: &str) -> Vec<(usize, usize)> {
    let mut found = Vec::new();
    let (mut from, mut at) = (0, 0);
    while at < masked.len() {
        let rest = &masked[at..];
        match JOINTS.iter().filter(|joint| rest.starts_with(**joint)).max_by_key(|joint| joint.len()) {
            Some(joint) => {
                found.push((from, at));
                at += joint.len();
                from = at;
            }
            None => at += rest.chars().next().map_or(1, char::len_utf8),
        }
    }
    found.push((from, masked.len()));
    found
}

/// What one stretch asks for, when it is a command of the client.
fn wish(plain: &str) -> Option<Wish> {
    let plain = plain.trim().trim_end_matches(['?', '？', '!', '！', '.', '。', ',', '，']);
    KEYWORDS.iter().find(|keyword| commands(plain, keyword)).map(|keyword| keyword.wish)
}

fn commands(plain: &str, keyword: &Keyword) -> bool {
    let Some(at) =
        plain.match_indices(keyword.word).map(|(at, _)| at).find(|at| bounded(plain, *at, keyword.word))
    else {
        return false;
    };
    let (before, after) = (&plain[..at], &plain[at + keyword.word.len()..]);
    match keyword.stand {
        Stand::Anywhere => true,
        Stand::Head if keyword.wish == Wish::Export => aside(before, "") && aside(after, EXPORT_AFTER),
        Stand::Head => aside(before, "") && !noun(after),
        Stand::Whole => aside(before, "") && aside(after, ""),
    }
}

/// Whether only words of politeness and questions, or `more` words, stand there. Names of
/// files and quoted words count as such.
fn aside(words: &str, more: &str) -> bool {
    let known = || ASIDE.split(' ').chain(more.split(' ')).filter(|word| !word.is_empty());
    let edges: &[char] = &['"', '\'', '“', '”', '_', '`'];
    words.split(|c: char| c.is_whitespace() || "?？!！,，.。".contains(c)).all(|word| {
        let mut rest = word.trim_matches(edges);
        if !more.is_empty() && rest.contains(['/', '_']) {
            return true;
        }
        while !rest.is_empty() {
            if known().any(|known| known == rest) {
                return true;
            }
            let chinese = known().filter(|word| !word.is_ascii() && rest.starts_with(*word));
            match chinese.max_by_key(|word| word.len()) {
                Some(word) => rest = &rest[word.len()..],
                None => return false,
            }
        }
        true
    })
}

/// Whether the keyword before these words is part of a name: `upload-style transition`.
fn noun(after: &str) -> bool {
    let word = after.trim_start_matches([' ', '-']);
    after.starts_with('-') || NOUN_AFTER.split(' ').any(|noun| word.starts_with(noun))
}

/// Whether a Latin keyword stands as a whole word.
fn bounded(text: &str, at: usize, word: &str) -> bool {
    let latin = |c: Option<char>| c.is_some_and(|c| c.is_ascii_alphanumeric() || c == '_');
    let (before, after) = (text[..at].chars().next_back(), text[at + word.len()..].chars().next());
    !word.is_ascii() || !latin(before) && !latin(after)
}

/// The URLs and file names in a text, quotes and punctuation taken off.
fn sources(text: &str) -> Vec<String> {
    let edges: &[char] =
        &['"', '\'', '“', '”', '‘', '’', '「', '」', '(', ')', '<', '>', ',', '，', '。', ';', '`'];
    let words =
        text.split(|c: char| c.is_whitespace() || "，。、".contains(c)).map(|word| word.trim_matches(edges));
    let source = |word: &&str| {
        let url = word.starts_with("http://") || word.starts_with("https://");
        url || crate::model::media::format_of(word).is_some() && !word.starts_with('.')
    };
    words.filter(source).map(str::to_owned).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn turn(words: &str) -> Action {
        Action::Turn(words.to_owned())
    }

    fn upload(names: &[&str]) -> Action {
        Action::Upload(names.iter().map(|name| (*name).to_owned()).collect())
    }

    #[test]
    fn words_of_the_client_stay_with_the_client() {
        let exports = [
            "export",
            "Export 1080p MP4",
            "导出",
            "please export the video",
            "download it",
            "send me the video",
            "请帮我导出视频",
            "can you download the mp4?",
            "export to out/final_cut.mp4",
            "导出成高清视频",
        ];
        for text in exports {
            assert_eq!(route(text), [Action::Export], "{text}");
        }
        for text in [
            "credits",
            "balance",
            "积分",
            "余额",
            "how many credits do I have left?",
            "what's my balance",
            "我还有多少积分？",
            "查看余额",
        ] {
            assert_eq!(route(text), [Action::Credits], "{text}");
        }
        for text in [
            "status",
            "状态",
            "show tracks",
            "what is the status?",
            "现在什么样了",
            "show me what we have",
            "Status!",
        ] {
            assert_eq!(route(text), [Action::Status], "{text}");
        }
    }

    #[test]
    fn uploads_name_their_files() {
        assert_eq!(route("upload city.mp4 and cup.jpg"), [upload(&["city.mp4"]), turn("cup.jpg")]);
        assert_eq!(route("upload city.mp4 cup.jpg"), [upload(&["city.mp4", "cup.jpg"])]);
        assert_eq!(route("上传 https://example.com/a.mov"), [upload(&["https://example.com/a.mov"])]);
        assert_eq!(route("https://example.com/a.mov"), [upload(&["https://example.com/a.mov"])]);
        assert_eq!(route("upload"), [upload(&[])]);
        assert_eq!(route("upload: city.mp4"), [upload(&["city.mp4"])]);
    }

    #[test]
    fn edits_are_turns_whatever_words_they_hold() {
        let traps = [
            "add the title 'Export your dreams'",
            "add the title \"credits\" at the end",
            "标题改成“导出你的梦想”",
            "make the status bar blue",
            "use an upload-style transition",
            "add a download button animation",
            "add end credits",
            "balance the colors",
            "improve the color balance",
            "create a video about exporting coffee",
            "make a video about our imports and exports",
            "add a caption saying 'don't download, stream'",
            "make it 20 seconds",
            "export-grade coffee is what the title should say",
            "regenerate",
            "generate a 30-second video from this script: Try it free. Download it now.",
            "用以下文案生成视频：现在下载。导出你的梦想。",
            "Try it free. Download our app today.",
            "Our app:\nUpload your photos.\nDownload the film.",
        ];
        for text in traps {
            assert_eq!(route(text), [turn(text)], "{text}");
        }
    }

    #[test]
    fn mixed_requests_are_a_turn_and_then_the_rest() {
        assert_eq!(route("add upbeat music then export"), [turn("add upbeat music"), Action::Export]);
        assert_eq!(
            route("add the title 'Hi, then export', make it vertical and export it"),
            [turn("add the title 'Hi, then export', make it vertical"), Action::Export]
        );
        assert_eq!(route("加标题“早安”，然后导出"), [turn("加标题“早安”"), Action::Export]);
        assert_eq!(route("show tracks and credits"), [Action::Status, Action::Credits]);
        assert_eq!(
            route("upload city.mp4, keep the first 5 seconds, then download"),
            [upload(&["city.mp4"]), turn("keep the first 5 seconds"), Action::Export]
        );
    }

    #[test]
    fn any_text_is_some_action() {
        for text in ["", " ", "'", "“", "，", "导", "\u{1F600}", "it's", "'a' 'b", "export'"] {
            assert!(!route(text).is_empty(), "{text:?}");
        }
    }
}
