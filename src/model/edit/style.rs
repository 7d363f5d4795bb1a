//! The values of edits: places, sizes, colours, moods, looks; each with the word that a draft
//! holds and the word of a Chinese answer.

/// Where something stands on the picture.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[allow(missing_docs, reason = "each name says its place")]
pub enum Place {
    TopLeft,
    TopCenter,
    TopRight,
    MiddleLeft,
    Center,
    MiddleRight,
    BottomLeft,
    BottomCenter,
    BottomRight,
}

impl Place {
    /// Returns the draft's word and the Chinese one.
    pub fn words(self) -> (&'static str, &'static str) {
        match self {
            Self::TopLeft => ("top-left", "左上角"),
            Self::TopCenter => ("top-center", "顶部居中"),
            Self::TopRight => ("top-right", "右上角"),
            Self::MiddleLeft => ("middle-left", "左侧"),
            Self::Center => ("center", "居中"),
            Self::MiddleRight => ("middle-right", "右侧"),
            Self::BottomLeft => ("bottom-left", "左下角"),
            Self::BottomCenter => ("bottom-center", "底部居中"),
            Self::BottomRight => ("bottom-right", "右下角"),
        }
    }
}

/// What a text is for; it decides typography, and the place and time it takes by default.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TextStyle {
    /// The headline: three seconds at the top.
    Title,
    /// A line at the bottom.
    Caption,
    /// A name and a role, at the bottom left.
    LowerThird,
    /// What the viewer should do, in the last seconds.
    CallToAction,
    /// The words of a scene, large and centred.
    Statement,
}

impl TextStyle {
    /// Every style, in the order of their tracks.
    pub const ALL: &[Self] =
        &[Self::Statement, Self::Title, Self::Caption, Self::LowerThird, Self::CallToAction];

    /// Returns the draft's word and the Chinese one.
    pub fn words(self) -> (&'static str, &'static str) {
        match self {
            Self::Title => ("title", "标题"),
            Self::Caption => ("caption", "字幕"),
            Self::LowerThird => ("lower-third", "人名条"),
            Self::CallToAction => ("call-to-action", "行动号召"),
            Self::Statement => ("statement", "文案"),
        }
    }

    /// Reads the draft's word.
    pub fn from_word(word: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|style| style.words().0 == word)
    }
}

/// How large a text is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
#[allow(missing_docs, reason = "each name says its size")]
pub enum Size {
    Small,
    Medium,
    Large,
}

impl Size {
    /// Returns the draft's word and the Chinese one.
    pub fn words(self) -> (&'static str, &'static str) {
        match self {
            Self::Small => ("small", "小号"),
            Self::Medium => ("medium", "中号"),
            Self::Large => ("large", "大号"),
        }
    }

    /// Reads the draft's word.
    pub fn from_word(word: &str) -> Option<Self> {
        [Self::Small, Self::Medium, Self::Large].into_iter().find(|size| size.words().0 == word)
    }
}

/// A size as people ask for it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Resize {
    /// This size.
    To(Size),
    /// One step up.
    Bigger,
    /// One step down.
    Smaller,
}

/// How a text comes and goes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[allow(missing_docs, reason = "each name says its movement")]
pub enum Effect {
    Rise,
    Fade,
    Pop,
    None,
}

impl Effect {
    /// Returns the draft's word and the Chinese one.
    pub fn words(self) -> (&'static str, &'static str) {
        match self {
            Self::Rise => ("rise", "上升"),
            Self::Fade => ("fade", "淡入"),
            Self::Pop => ("pop", "弹出"),
            Self::None => ("none", "无动画"),
        }
    }
}

/// The colour of a text: a name of [`COLORS`] or `#rrggbb`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Color(String);

/// Named colours: the draft's word, the Chinese one, and what the renderer paints.
pub const COLORS: &[(&str, &str, [u8; 3])] = &[
    ("white", "白色", [255, 255, 255]),
    ("black", "黑色", [16, 16, 20]),
    ("red", "红色", [230, 57, 53]),
    ("orange", "橙色", [251, 140, 0]),
    ("yellow", "黄色", [253, 216, 53]),
    ("gold", "金色", [255, 196, 66]),
    ("green", "绿色", [67, 176, 71]),
    ("teal", "青绿色", [0, 168, 150]),
    ("cyan", "青色", [64, 208, 232]),
    ("blue", "蓝色", [48, 120, 240]),
    ("purple", "紫色", [150, 80, 220]),
    ("pink", "粉色", [255, 120, 176]),
    ("brown", "棕色", [141, 94, 68]),
    ("gray", "灰色", [158, 158, 158]),
    ("silver", "银色", [192, 196, 204]),
    ("navy", "藏青色", [24, 40, 92]),
    ("indigo", "靛蓝色", [63, 58, 160]),
    ("violet", "紫罗兰色", [138, 92, 230]),
    ("magenta", "洋红色", [216, 40, 150]),
    ("maroon", "酒红色", [124, 28, 52]),
    ("crimson", "深红色", [196, 24, 56]),
    ("coral", "珊瑚色", [255, 120, 96]),
    ("beige", "米色", [226, 208, 178]),
    ("olive", "橄榄色", [122, 128, 48]),
    ("lime", "青柠色", [172, 220, 48]),
    ("mint", "薄荷色", [140, 224, 190]),
    ("turquoise", "绿松石色", [48, 200, 190]),
    ("lavender", "薰衣草色", [186, 170, 232]),
];

impl Color {
    /// Returns what letters and bars are when nothing says otherwise.
    pub fn white() -> Self {
        Self("white".to_owned())
    }

    /// Reads a name of [`COLORS`] or `#rgb`, `#rrggbb`.
    pub fn parse(word: &str) -> Option<Self> {
        let word = word.to_ascii_lowercase();
        if COLORS.iter().any(|(name, ..)| *name == word) {
            return Some(Self(word));
        }
        let digits = word.strip_prefix('#').filter(|d| d.bytes().all(|b| b.is_ascii_hexdigit()))?;
        match digits.len() {
            3 => Some(Self(digits.chars().fold("#".to_owned(), |hex, c| format!("{hex}{c}{c}")))),
            6 => Some(Self(word)),
            _ => None,
        }
    }

    /// Returns the draft's word: a name or `#rrggbb`.
    pub fn word(&self) -> &str {
        &self.0
    }

    /// Returns the Chinese name; a hexadecimal colour stays as it is.
    pub fn chinese(&self) -> &str {
        COLORS.iter().find(|(name, ..)| *name == self.0).map_or(&self.0, |(_, chinese, _)| chinese)
    }

    /// Returns red, green and blue.
    pub fn rgb(&self) -> [u8; 3] {
        let named = COLORS.iter().find(|(name, ..)| *name == self.0).map(|(.., rgb)| *rgb);
        let pair = |at| u8::from_str_radix(self.0.get(at..at + 2).unwrap_or_default(), 16).unwrap_or(255);
        named.unwrap_or_else(|| [pair(1), pair(3), pair(5)])
    }
}

/// The mood of a music bed made on the machine.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[allow(missing_docs, reason = "each name says its mood")]
pub enum Mood {
    LoFi,
    Upbeat,
    Cinematic,
    Calm,
    Corporate,
}

impl Mood {
    /// Returns the draft's word, the name on a track, and the Chinese one.
    pub fn words(self) -> (&'static str, &'static str, &'static str) {
        match self {
            Self::LoFi => ("lo-fi", "Lo-fi", "Lo-fi"),
            Self::Upbeat => ("upbeat", "Upbeat", "欢快"),
            Self::Cinematic => ("cinematic", "Cinematic", "电影感"),
            Self::Calm => ("calm", "Calm", "舒缓"),
            Self::Corporate => ("corporate", "Corporate", "商务"),
        }
    }
}

/// The colours of the moving backgrounds behind words.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[allow(missing_docs, reason = "each name says its colours")]
pub enum Palette {
    Dawn,
    Sunset,
    Ocean,
    Forest,
    Night,
    Ember,
    Steel,
    Plum,
    Candy,
    Sand,
}

impl Palette {
    /// Every palette.
    pub const ALL: &[Self] = &[
        Self::Dawn,
        Self::Sunset,
        Self::Ocean,
        Self::Forest,
        Self::Night,
        Self::Ember,
        Self::Steel,
        Self::Plum,
        Self::Candy,
        Self::Sand,
    ];

    /// Returns the draft's word and the Chinese one.
    pub fn words(self) -> (&'static str, &'static str) {
        match self {
            Self::Dawn => ("dawn", "晨曦"),
            Self::Sunset => ("sunset", "日落"),
            Self::Ocean => ("ocean", "海洋"),
            Self::Forest => ("forest", "森林"),
            Self::Night => ("night", "夜色"),
            Self::Ember => ("ember", "暖橙"),
            Self::Steel => ("steel", "钢灰"),
            Self::Plum => ("plum", "紫红"),
            Self::Candy => ("candy", "糖果"),
            Self::Sand => ("sand", "沙色"),
        }
    }

    /// Returns the palette that goes with a mood of music.
    pub fn of_mood(mood: Mood) -> Self {
        match mood {
            Mood::LoFi => Self::Dawn,
            Mood::Upbeat => Self::Ember,
            Mood::Cinematic => Self::Night,
            Mood::Calm => Self::Ocean,
            Mood::Corporate => Self::Steel,
        }
    }
}

/// How one shot gives way to the next.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[allow(missing_docs, reason = "each name says its movement")]
pub enum Blend {
    Crossfade,
    Slide,
    Wipe,
    Zoom,
    Dip,
}

impl Blend {
    /// Returns the draft's word and the Chinese one.
    pub fn words(self) -> (&'static str, &'static str) {
        match self {
            Self::Crossfade => ("crossfade", "交叉淡化"),
            Self::Slide => ("slide", "滑动转场"),
            Self::Wipe => ("wipe", "擦除转场"),
            Self::Zoom => ("zoom", "缩放转场"),
            Self::Dip => ("dip", "闪黑转场"),
        }
    }
}

/// The treatment of a shot.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[allow(missing_docs, reason = "each name says its look")]
pub enum Look {
    BlackAndWhite,
    Warm,
    Cool,
    Vivid,
    Vignette,
    Bright,
    Dark,
    Blur,
}

impl Look {
    /// Returns the draft's word, the English one and the Chinese one.
    pub fn words(self) -> (&'static str, &'static str, &'static str) {
        match self {
            Self::BlackAndWhite => ("bw", "black and white", "黑白"),
            Self::Warm => ("warm", "warm", "暖色"),
            Self::Cool => ("cool", "cool", "冷色"),
            Self::Vivid => ("vivid", "vivid", "鲜艳"),
            Self::Vignette => ("vignette", "vignette", "暗角"),
            Self::Bright => ("bright", "brighter", "明亮"),
            Self::Dark => ("dark", "darker", "暗调"),
            Self::Blur => ("blur", "blurred", "模糊"),
        }
    }
}

/// How a picture of another shape fills the canvas.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fill {
    /// Its sides are cut.
    Crop,
    /// It stands whole before a blurred copy of itself.
    Blur,
}

impl Fill {
    /// Returns the draft's word, the English one and the Chinese one.
    pub fn words(self) -> (&'static str, &'static str, &'static str) {
        match self {
            Self::Crop => ("crop", "cropped to fill", "裁切填满"),
            Self::Blur => ("blur", "whole, on a blurred copy", "完整显示，模糊背景"),
        }
    }
}

/// What stands behind words.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Backdrop {
    /// Moving colours that go together.
    Palette(Palette),
    /// One colour.
    Color(Color),
}

impl Backdrop {
    /// Returns the draft's word and the Chinese one.
    pub fn words(&self) -> (&str, &str) {
        match self {
            Self::Palette(palette) => palette.words(),
            Self::Color(color) => (color.word(), color.chinese()),
        }
    }
}

/// The shape of the picture.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Shape {
    /// 16:9.
    Wide,
    /// 9:16.
    Tall,
    /// 1:1.
    Square,
    /// 4:5.
    Portrait45,
}

impl Shape {
    /// Returns the two sides of the ratio.
    pub fn ratio(self) -> (u32, u32) {
        match self {
            Self::Wide => (16, 9),
            Self::Tall => (9, 16),
            Self::Square => (1, 1),
            Self::Portrait45 => (4, 5),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn colours_are_names_or_hexadecimal() {
        assert_eq!(Color::parse("Gold").unwrap().rgb(), [255, 196, 66]);
        assert_eq!(Color::parse("#0f8").unwrap().word(), "#00ff88");
        assert_eq!(Color::parse("#102030").unwrap().rgb(), [16, 32, 48]);
        assert!(["#12345", "#gggggg", "colour", ""].iter().all(|word| Color::parse(word).is_none()));
    }

    #[test]
    fn the_words_of_a_draft_are_read_back() {
        for style in TextStyle::ALL {
            assert_eq!(TextStyle::from_word(style.words().0), Some(*style));
        }
        for size in [Size::Small, Size::Medium, Size::Large] {
            assert_eq!(Size::from_word(size.words().0), Some(size));
        }
    }
}
