//! What people call an upload: by its file, the bare name of it, a word of that name, and the
//! Chinese for that word, as in 杯子那张 for `cup.jpg`.

use crate::model::state::State;
use crate::studio::agent::lex::{self, Mark};

/// Words that files are often called by, in both languages.
#[rustfmt::skip]
const WORDS: &[(&str, &str)] = &[
    ("airport", "机场"), ("apple", "苹果"), ("autumn", "秋天"), ("baby", "宝宝"), ("bakery", "面包店"), ("bar", "酒吧"),
    ("barista", "咖啡师"), ("beach", "海滩"), ("beach", "沙滩"), ("beans", "咖啡豆"), ("beans", "豆子"), ("bike", "自行车"),
    ("bird", "鸟"), ("boat", "船"), ("book", "书"), ("bread", "面包"), ("bridge", "桥"), ("cake", "蛋糕"), ("car", "汽车"),
    ("castle", "城堡"), ("cat", "猫"), ("chef", "厨师"), ("church", "教堂"), ("city", "城市"), ("coffee", "咖啡"),
    ("cup", "咖啡杯"), ("cup", "杯子"), ("desert", "沙漠"), ("dog", "狗"), ("door", "门"), ("family", "全家福"),
    ("field", "田野"), ("fish", "鱼"), ("flower", "花"), ("food", "美食"), ("forest", "森林"), ("garden", "花园"),
    ("girl", "女孩"), ("harbour", "海港"), ("harbour", "港口"), ("harbour", "码头"), ("horse", "马"), ("hotel", "酒店"),
    ("house", "房子"), ("kitchen", "厨房"), ("lake", "湖"), ("market", "市场"), ("menu", "菜单"), ("mountain", "山"),
    ("office", "办公室"), ("park", "公园"), ("party", "派对"), ("people", "人物"), ("portrait", "人像"), ("product", "产品"),
    ("river", "河"), ("sea", "大海"), ("shop", "店铺"), ("snow", "雪"), ("street", "街景"), ("street", "街道"), ("street", "街头"),
    ("sunrise", "日出"), ("sunset", "日落"), ("table", "桌子"), ("team", "团队"), ("theme", "主题曲"), ("tower", "塔"),
    ("train", "火车"), ("tree", "树"), ("wedding", "婚礼"), ("winter", "冬天"), ("woman", "女士"),
];

/// A name in a request, and the upload that it stands for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Called {
    /// As people say it.
    pub(super) said: String,
    /// The whole name of the file, or what of it the request says.
    pub(super) file: String,
    /// It only counts beside a word for pictures or order: 杯子那张.
    pub(super) loose: bool,
}

/// Whether a file is called like a logo, which is laid over a video rather than shown in it.
pub(super) fn is_logo(name: &str) -> bool {
    let name = name.to_lowercase();
    ["logo", "watermark", "标志", "徽标", "商标"].iter().any(|word| name.contains(word))
}

/// What the uploads of a project may be called.
pub(super) fn of(state: &State) -> Vec<Called> {
    let strict =
        |said: &str, file: &str| Called { said: said.to_owned(), file: file.to_owned(), loose: false };
    let mut found: Vec<Called> = Vec::new();
    for item in &state.media {
        let label = item.label();
        found.push(strict(&item.name, &item.name));
        if is_word(label) {
            found.push(strict(label, label));
        }
        for word in words(label) {
            let loose = |said: &str| Called { said: said.to_owned(), file: item.name.clone(), loose: true };
            found.extend(WORDS.iter().filter(|(known, _)| alike(known, &word)).map(|(_, zh)| loose(zh)));
            if is_word(&word) {
                found.extend(forms(&word).iter().map(|form| loose(form)));
            }
        }
    }
    // A word that two uploads share says nothing of either.
    let shared = |one: &Called| {
        found.iter().any(|other| other.said == one.said && stem(&other.file) != stem(&one.file))
    };
    let mut clear: Vec<Called> =
        found.iter().filter(|one| !one.said.is_empty() && !shared(one)).cloned().collect();
    clear.sort_by_key(|one| one.loose);
    clear
}

/// Whether a name is more than words of the phrase table: `cup`, but neither `title` nor `clip`.
fn is_word(label: &str) -> bool {
    label.chars().count() > 1 && lex::tokens(label, &[]).iter().any(|token| token.mark == Mark::Other)
}

fn stem(name: &str) -> &str {
    crate::model::media::stem(name)
}

/// The words of a name that people gave: `harbour` and `night` of `harbour-night2`.
fn words(label: &str) -> Vec<String> {
    let parts = label.split(|c: char| !c.is_alphabetic()).map(str::to_lowercase);
    parts.filter(|part| part.len() > 2 && part != "img").collect()
}

/// Whether two words are the same but for number and spelling: `bean`, `beans`; `harbor`, `harbour`.
fn alike(one: &str, other: &str) -> bool {
    let plain = |word: &str| word.trim_end_matches('s').replace("our", "or");
    plain(one) == plain(other)
}

/// Other forms of a word: the plural, the singular, the other spelling.
fn forms(word: &str) -> Vec<String> {
    let number = word.strip_suffix('s').map_or_else(|| format!("{word}s"), str::to_owned);
    let spelling = if word.contains("our") { word.replace("our", "or") } else { word.replace("or", "our") };
    vec![word.to_owned(), number, spelling]
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::state::MediaItem;

    #[test]
    fn uploads_are_called_by_their_words() {
        let item = |name: &str| MediaItem {
            name: name.to_owned(),
            kind: None,
            url: String::new(),
            duration: None,
            width: None,
            height: None,
            bytes: None,
            sound: None,
            hash: None,
        };
        let state = State {
            media: ["beans.jpg", "harbour-night.mov", "IMG_1.jpg"].map(item).to_vec(),
            ..State::default()
        };
        let called = of(&state);
        let file = |said: &str| called.iter().find(|one| one.said == said).map(|one| one.file.as_str());
        assert_eq!(file("咖啡豆"), Some("beans.jpg"));
        assert_eq!(file("bean"), Some("beans.jpg"));
        assert_eq!(file("harbor"), Some("harbour-night.mov"));
        assert_eq!((file("night"), file("img")), (None, None));
    }
}
