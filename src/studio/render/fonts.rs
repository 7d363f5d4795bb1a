//! The fonts of the system: which there are, which a draft needs, and the package that brings them.

use std::collections::BTreeSet;

use cosmic_text::Weight;
use cosmic_text::fontdb::{Database, FaceInfo, Style};

use crate::model::draft::Draft;
use crate::model::edit::Words;
use crate::studio::render::brand::Brand;
use crate::studio::render::plan::{Layer, Overlay};
use crate::studio::render::text::{Script, han_family, spans};

/// The system's colour emoji.
pub(crate) const EMOJI: &str = "Noto Color Emoji";
pub(crate) const HAN_CHINA: &str = "Noto Sans CJK SC";
pub(crate) const HAN_JAPAN: &str = "Noto Sans CJK JP";
pub(crate) const HAN_KOREA: &str = "Noto Sans CJK KR";

/// What each family writes, in English and Chinese, and the package of Debian and Ubuntu that has it.
const FAMILIES: [(&str, &str, &str, &str); 4] = [
    ("Chinese", "中文", HAN_CHINA, "fonts-noto-cjk"),
    ("Japanese", "日文", HAN_JAPAN, "fonts-noto-cjk"),
    ("Korean", "韩文", HAN_KOREA, "fonts-noto-cjk"),
    ("emoji", "表情符号", EMOJI, "fonts-noto-color-emoji"),
];

/// A font of the system that words may need; Latin, Greek and Cyrillic letters are bundled.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SystemFont {
    /// What it is for, such as "Chinese".
    pub writes: &'static str,
    /// The family that is looked for.
    pub family: &'static str,
    /// Whether the system has it. Without it another font stands in, or boxes do.
    pub found: bool,
}

/// Looks for the fonts of the system that words may need.
pub fn system_fonts() -> Vec<SystemFont> {
    let fonts = installed();
    FAMILIES
        .map(|(writes, _, name, _)| SystemFont {
            writes,
            family: name,
            found: family(&fonts, name).is_some(),
        })
        .to_vec()
}

/// Returns what a draft's words and brand want and the system does not have, with what to
/// install. The fonts are looked up anew, so that an installation is seen at once.
pub fn warnings(draft: &Draft) -> Vec<Words> {
    let (needed, brand) = (needed(draft), Brand::read(draft.value().get("m").and_then(|m| m.get("brand"))));
    if needed.is_empty() && brand.font.is_none() {
        return Vec::new();
    }
    told(&needed, brand.font.as_deref(), &installed())
}

/// The families that the words of a draft need.
fn needed(draft: &Draft) -> BTreeSet<&'static str> {
    let tracks = draft.tracks();
    let texts = tracks.iter().flat_map(|track| &track.segments).filter_map(|segment| segment.text);
    let families = texts.flat_map(|text| {
        spans(text).into_iter().filter_map(move |(_, script)| match script {
            Script::Han => Some(han_family(text)),
            Script::Emoji => Some(EMOJI),
            Script::Latin | Script::Other => None,
        })
    });
    families.collect()
}

fn told(needed: &BTreeSet<&str>, brand: Option<&str>, fonts: &Database) -> Vec<Words> {
    let missing =
        FAMILIES.iter().filter(|(.., name, _)| needed.contains(name) && family(fonts, name).is_none());
    let mut told: Vec<Words> = missing
        .map(|(en, zh, name, package)| {
            Words::new(
                format!(
                    "The font {name} for {en} is not installed, so boxes or another font stand in; install it \
                     (Debian and Ubuntu: `apt-get install {package}`) and render again."
                ),
                format!("未安装{zh}字体 {name}，将显示方框或其他字体；请安装后重新导出（Debian 和 Ubuntu：`apt-get install {package}`）。"),
            )
        })
        .collect();
    told.extend(brand.filter(|name| family(fonts, name).is_none()).map(|name| {
        Words::new(
            format!(
                "The brand font {name} is not installed, so the bundled one stands in; `fc-list : family` lists those that are there."
            ),
            format!("未安装品牌字体 {name}，已使用内置字体；可用 `fc-list : family` 查看已安装的字体。"),
        )
    }));
    told
}

fn installed() -> Database {
    let mut fonts = Database::new();
    fonts.load_system_fonts();
    fonts
}

/// Names the fonts of words as they are installed; what is not there is not asked for.
pub(crate) fn settle(layers: &mut [Layer]) {
    let words = layers.iter_mut().filter_map(|layer| match &mut layer.what {
        Overlay::Words(words) if words.font.is_some() => Some(words),
        _ => None,
    });
    let words: Vec<_> = words.collect();
    if words.is_empty() {
        return;
    }
    let fonts = installed();
    for words in words {
        words.font = words.font.take().and_then(|wanted| family(&fonts, &wanted));
    }
}

/// Returns the name of an installed family as its font spells it; case does not matter.
pub(crate) fn family(fonts: &Database, wanted: &str) -> Option<String> {
    let wanted = wanted.to_lowercase();
    let names = fonts.faces().flat_map(|face| face.families.iter().map(|(name, _)| name));
    names.into_iter().find(|name| name.to_lowercase() == wanted).cloned()
}

/// Returns the weight of a family that is nearest to the wanted one.
pub(crate) fn weight(fonts: &Database, family: &str, wanted: Weight) -> Weight {
    let upright =
        |face: &&FaceInfo| face.style == Style::Normal && face.families.iter().any(|(f, _)| f == family);
    let weights = fonts.faces().filter(upright).map(|face| face.weight);
    weights.min_by_key(|weight| weight.0.abs_diff(wanted.0)).unwrap_or(wanted)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn draft(texts: &[&str]) -> Draft {
        let segments: Vec<_> =
            texts.iter().map(|text| json!({"s": 0, "d": 1000, "m": {"text": text}})).collect();
        Draft::parse(&json!({"t": [{"tt": 7, "sg": segments}]}).to_string()).unwrap()
    }

    #[test]
    fn words_need_the_fonts_of_their_scripts() {
        assert!(needed(&draft(&["Plain words, Привет"])).is_empty());
        let wanted = needed(&draft(&["你好 🎬", "東京タワー"]));
        assert_eq!(wanted.into_iter().collect::<Vec<_>>(), [EMOJI, HAN_JAPAN, HAN_CHINA]);
    }

    #[test]
    fn what_is_missing_is_named_with_its_package() {
        let nothing = Database::new();
        let told = told(&BTreeSet::from([HAN_CHINA, EMOJI]), Some("Lost Sans"), &nothing);
        let said: Vec<&str> = told.iter().map(|words| words.en.as_str()).collect();
        assert!(
            said[0].contains("Chinese") && said[0].contains("apt-get install fonts-noto-cjk`"),
            "{said:?}"
        );
        assert!(said[1].contains("apt-get install fonts-noto-color-emoji`"), "{said:?}");
        assert!(said[2].contains("Lost Sans") && said.len() == 3, "{said:?}");
        assert!(told[0].zh.contains("fonts-noto-cjk"));
    }

    #[test]
    fn a_family_is_found_in_any_case_with_its_nearest_weight() {
        let mut fonts = Database::new();
        fonts.load_font_data(include_bytes!("fonts/InterDisplay-SemiBold.otf").to_vec());
        assert_eq!(family(&fonts, "inter display").as_deref(), Some("Inter Display"));
        assert_eq!(family(&fonts, "Inter"), None);
        assert_eq!(weight(&fonts, "Inter Display", Weight::EXTRA_BOLD), Weight::SEMIBOLD);
    }
}
