//! Sets words in type: shapes, wraps and rasterises them in every script, with colour emoji.

use std::sync::Arc;

use cosmic_text::fontdb::{Database, Source};
use cosmic_text::{
    Attrs, Buffer, Family, FontSystem, Metrics, Shaping, SwashCache, SwashContent, Weight, Wrap,
};

use crate::studio::render::fonts::{self, EMOJI, HAN_CHINA, HAN_JAPAN, HAN_KOREA};
use crate::studio::render::sprite::Sprite;

/// The bundled Latin family; its licence lies beside the files.
const FAMILY: &str = "Inter Display";
/// Marks of Chinese and Japanese whose ink fills the left half of their box.
const HALF_EMPTY: &str = "，。、；：！？）》」』】”";
const FONTS: [&[u8]; 2] =
    [include_bytes!("fonts/InterDisplay-SemiBold.otf"), include_bytes!("fonts/InterDisplay-ExtraBold.otf")];

/// How heavy the letters are: the two weights that are bundled.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Heft {
    Semibold,
    Extrabold,
}

/// How a piece of text is set.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Setting {
    /// Pixels from line to line, as a factor of `size`.
    pub(crate) leading: f32,
    /// Pixels an em.
    pub(crate) size: f32,
    pub(crate) heft: Heft,
    /// Space between Latin letters, in ems.
    pub(crate) tracking: f32,
    /// The widest line in pixels.
    pub(crate) width_max: f32,
}

/// Text that was broken into lines.
pub(crate) struct Lines {
    buffer: Buffer,
    pub(crate) setting: Setting,
    /// The width of each line in pixels.
    pub(crate) widths: Vec<f32>,
    /// The empty half of a full-width mark at the end of each line, in pixels.
    hanging: Vec<f32>,
    /// Whether a word had to be cut because it is wider than the line.
    pub(crate) cut: bool,
}

/// The fonts of the machine and our own.
pub(crate) struct Typesetter {
    fonts: FontSystem,
    glyphs: SwashCache,
    /// The family of Latin letters.
    family: String,
}

impl Typesetter {
    /// Loads the bundled family and looks for the system's fonts.
    pub(crate) fn new() -> Self {
        let mut fonts = Database::new();
        for font in FONTS {
            fonts.load_font_source(Source::Binary(Arc::new(font)));
        }
        fonts.load_system_fonts();
        // The locale would choose between Han fonts; `spans` does that by the text itself.
        let fonts = FontSystem::new_with_locale_and_db("en".to_owned(), fonts);
        Self { fonts, glyphs: SwashCache::new(), family: FAMILY.to_owned() }
    }

    /// Sets what follows in a family of the system, if it is there; none is the bundled one.
    pub(crate) fn wear(&mut self, family: Option<&str>) {
        let family = family.and_then(|wanted| fonts::family(self.fonts.db(), wanted));
        self.family = family.unwrap_or_else(|| FAMILY.to_owned());
    }

    /// Breaks text into as few lines as its width allows, then evens out their lengths.
    pub(crate) fn lines(&mut self, text: &str, setting: Setting) -> Lines {
        let mut lines = self.broken(text, setting);
        let count = lines.widths.len();
        let widest = lines.widths.iter().copied().fold(0.0, f32::max);
        if count > text.lines().count() && !lines.cut {
            // The narrowest width that gives no more lines is the evenest.
            let (mut low, mut high) = (widest * 0.4, widest);
            for _ in 0..7 {
                let middle = (low + high) / 2.0;
                let tried = self.broken(text, Setting { width_max: middle, ..setting });
                if tried.widths.len() > count || tried.cut {
                    low = middle;
                } else {
                    (high, lines) = (middle, tried);
                }
            }
        }
        lines
    }

    fn broken(&mut self, text: &str, setting: Setting) -> Lines {
        let metrics = Metrics::new(setting.size, setting.size * setting.leading);
        let mut buffer = Buffer::new(&mut self.fonts, metrics);
        buffer.set_wrap(Wrap::WordOrGlyph);
        buffer.set_size(Some(setting.width_max), None);
        let heft = match setting.heft {
            Heft::Semibold => Weight::SEMIBOLD,
            Heft::Extrabold => Weight::EXTRA_BOLD,
        };
        let weight = fonts::weight(self.fonts.db(), &self.family, heft);
        let family = self.family.clone();
        let latin = Attrs::new().family(Family::Name(&family)).weight(weight);
        let han = if family.contains("CJK") { family.as_str() } else { han_family(text) };
        let spans = spans(text).into_iter().map(|(part, script)| {
            let attrs = match script {
                Script::Latin => latin.clone().letter_spacing(setting.tracking),
                Script::Han => latin.clone().family(Family::Name(han)).weight(Weight::BOLD),
                Script::Emoji => latin.clone().family(Family::Name(EMOJI)).weight(Weight::NORMAL),
                // cosmic-text knows a font for each, and looks only at regular weights.
                Script::Other => latin.clone().weight(Weight::NORMAL),
            };
            (part, attrs)
        });
        buffer.set_rich_text(spans, &latin, Shaping::Advanced, None);
        buffer.shape_until_scroll(&mut self.fonts, false);
        let (mut widths, mut hanging, mut cut) = (Vec::new(), Vec::new(), false);
        let mut before: Option<(usize, usize)> = None;
        for run in buffer.layout_runs() {
            let first = run.glyphs.iter().map(|g| g.start).min();
            if let (Some((line, end)), Some(first)) = (before, first)
                && line == run.line_i
                && end == first
            {
                cut |= inside_word(run.text, first);
            }
            let end = run.glyphs.iter().map(|g| g.end).max();
            let last = end.and_then(|end| run.text.get(..end)?.trim_end().chars().next_back());
            before = end.map(|end| (run.line_i, end));
            widths.push(run.line_w);
            hanging.push(if last.is_some_and(|c| HALF_EMPTY.contains(c)) { setting.size / 2.0 } else { 0.0 });
        }
        Lines { buffer, setting, widths, hanging, cut }
    }

    /// Rasterises one line into `sprite` in a colour, its left end at `x` and the top of
    /// its box at `y`; returns its ink, one byte a pixel.
    pub(crate) fn draw(
        &mut self,
        lines: &Lines,
        line: usize,
        at: (f32, f32),
        rgb: [u8; 3],
        sprite: &mut Sprite,
    ) -> Vec<u8> {
        let mut ink = vec![0; sprite.width * sprite.height];
        let Some(run) = lines.buffer.layout_runs().nth(line) else { return ink };
        let baseline = at.1 + run.line_y - run.line_top;
        // Lines that run from right to left are laid out at the right end of the room.
        let indent = run.glyphs.iter().map(|glyph| glyph.x).fold(f32::MAX, f32::min);
        for glyph in run.glyphs {
            let place = glyph.physical((at.0 - indent, baseline.round()), 1.0);
            let Some(image) = self.glyphs.get_image(&mut self.fonts, place.cache_key) else { continue };
            let (left, top) = (place.x + image.placement.left, place.y - image.placement.top);
            let width = image.placement.width as usize;
            let colour = image.content == SwashContent::Color;
            let bytes = if colour { 4 } else { 1 };
            for (i, dot) in image.data.chunks_exact(bytes).enumerate() {
                let (x, y) = (left + (i % width) as i32, top + (i / width) as i32);
                let inside = (0..sprite.width as i32).contains(&x) && (0..sprite.height as i32).contains(&y);
                if !inside {
                    continue;
                }
                let (rgb, alpha) = if colour { ([dot[0], dot[1], dot[2]], dot[3]) } else { (rgb, dot[0]) };
                let at = y as usize * sprite.width + x as usize;
                blend(&mut sprite.rgba[at * 4..at * 4 + 4], rgb, alpha);
                ink[at] = ink[at].max(alpha);
            }
        }
        ink
    }
}

impl Lines {
    /// Pixels from the top of one line to the top of the next.
    pub(crate) fn pitch(&self) -> f32 {
        self.setting.size * self.setting.leading
    }

    /// Pixels from the top of the first line to the bottom of the last.
    pub(crate) fn height(&self) -> f32 {
        self.pitch() * self.widths.len() as f32
    }

    /// What a line's last mark leaves empty at its end: centred lines look centred without it.
    pub(crate) fn hanging(&self, line: usize) -> f32 {
        self.hanging.get(line).copied().unwrap_or_default()
    }

    /// The width of the longest line.
    pub(crate) fn width(&self) -> f32 {
        self.widths.iter().copied().fold(0.0, f32::max)
    }
}

fn blend(pixel: &mut [u8], rgb: [u8; 3], alpha: u8) {
    let (a, rest) = (u32::from(alpha), 255 - u32::from(alpha));
    for (to, c) in pixel.iter_mut().zip([rgb[0], rgb[1], rgb[2], 255]) {
        *to = ((u32::from(*to) * rest + u32::from(c) * a + 127) / 255) as u8;
    }
}

/// Whether a break before byte `at` falls between two letters of a word. Scripts without
/// spaces may break anywhere.
fn inside_word(text: &str, at: usize) -> bool {
    let spaced = |c: char| c.is_alphanumeric() && c < '\u{2E80}';
    let before = text.get(..at).and_then(|t| t.chars().next_back());
    let after = text.get(at..).and_then(|t| t.chars().next());
    before.is_some_and(spaced) && after.is_some_and(spaced)
}

/// What a stretch of text is written in, as far as fonts differ.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Script {
    /// Latin, Greek, Cyrillic: the bundled family.
    Latin,
    Han,
    Emoji,
    Other,
}

/// Cuts text where another font is needed. Marks and joiners stay with what is before
/// them; a space is Latin, because that of an emoji font is as wide as an emoji.
pub(crate) fn spans(text: &str) -> Vec<(&str, Script)> {
    let (mut spans, mut from, mut current) = (Vec::new(), 0, None);
    for (at, c) in text.char_indices() {
        let script = script(c);
        if script.is_some() && script != current {
            if let Some(current) = current.filter(|_| at > from) {
                spans.push((&text[from..at], current));
                from = at;
            }
            current = script;
        }
    }
    spans.push((&text[from..], current.unwrap_or(Script::Latin)));
    spans
}

/// The script of a character; none when it belongs to its neighbour.
fn script(c: char) -> Option<Script> {
    Some(match c {
        '\u{200D}' | '\u{FE0E}' | '\u{FE0F}' | '\u{20E3}' | '\u{300}'..='\u{36F}' => {
            return None;
        }
        '\u{1F3FB}'..='\u{1F3FF}' | '\u{E0020}'..='\u{E007F}' => return None,
        '\0'..='\u{52F}' | '\u{1E00}'..='\u{1FFF}' | '\u{2000}'..='\u{22FF}' => Script::Latin,
        '\u{1F000}'..='\u{1FAFF}' | '\u{2600}'..='\u{27BF}' | '\u{2B00}'..='\u{2BFF}' => Script::Emoji,
        '\u{231A}' | '\u{231B}' | '\u{23E9}'..='\u{23FA}' => Script::Emoji,
        '\u{1100}'..='\u{11FF}' | '\u{2E80}'..='\u{A4CF}' | '\u{AC00}'..='\u{D7FF}' => Script::Han,
        '\u{F900}'..='\u{FAFF}' | '\u{FE30}'..='\u{FE4F}' | '\u{FF00}'..='\u{FFEF}' => Script::Han,
        '\u{20000}'..='\u{3FFFF}' => Script::Han,
        _ => Script::Other,
    })
}

/// Han characters look different in Japan, Korea and China: kana and hangul tell where a
/// text is from.
pub(crate) fn han_family(text: &str) -> &'static str {
    let has = |from: char, to: char| text.chars().any(|c| (from..=to).contains(&c));
    if has('\u{3040}', '\u{30FF}') {
        HAN_JAPAN
    } else if has('\u{AC00}', '\u{D7A3}') {
        HAN_KOREA
    } else {
        HAN_CHINA
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn setting(width_max: f32) -> Setting {
        Setting { leading: 1.2, size: 40.0, heft: Heft::Extrabold, tracking: -0.02, width_max }
    }

    #[test]
    fn text_is_cut_where_another_font_is_needed() {
        let cut = spans("Hi 你好, 👩🏽‍🚀 go");
        let words: Vec<_> = cut.iter().map(|(text, script)| (*text, *script)).collect();
        assert_eq!(
            words,
            [
                ("Hi ", Script::Latin),
                ("你好", Script::Han),
                (", ", Script::Latin),
                ("👩🏽‍🚀", Script::Emoji),
                (" go", Script::Latin)
            ]
        );
        assert_eq!(spans("🚀"), [("🚀", Script::Emoji)]);
    }

    #[test]
    fn kana_and_hangul_choose_the_han_font() {
        let families = ["東京", "東京タワー", "서울 東"].map(han_family);
        assert_eq!(families, ["Noto Sans CJK SC", "Noto Sans CJK JP", "Noto Sans CJK KR"]);
    }

    #[test]
    fn lines_are_even_and_words_stay_whole() {
        let mut setter = Typesetter::new();
        let lines = setter.lines("One small step for a man one giant", setting(420.0));
        let shortest = lines.widths.iter().copied().fold(f32::MAX, f32::min);
        assert!(lines.widths.len() == 2 && !lines.cut, "{:?}", lines.widths);
        assert!(shortest > lines.width() * 0.75, "{:?}", lines.widths);
        assert!(setter.lines("Incomprehensibilities", setting(200.0)).cut);
        assert!(!setter.lines("你好世界你好世界你好世界", setting(200.0)).cut);
    }

    #[test]
    fn a_line_starts_at_its_place_whichever_way_it_runs() {
        let mut setter = Typesetter::new();
        for text in ["Hello", "שלום"] {
            let lines = setter.lines(text, setting(600.0));
            let mut sprite = Sprite::clear(640, 60);
            let ink = setter.draw(&lines, 0, (10.0, 4.0), [255, 255, 255], &mut sprite);
            let columns = (0..640).filter(|x| (0..60).any(|y| ink[y * 640 + x] > 128));
            let (first, last) = columns.fold((640, 0), |(first, last), x| (first.min(x), last.max(x)));
            assert!(
                (6..20).contains(&first) && last < 12 + lines.width() as usize,
                "{text}: {first} to {last}"
            );
        }
    }

    #[test]
    fn every_script_draws_its_own_glyphs_and_emoji_have_colour() {
        let mut setter = Typesetter::new();
        let mut draw = |text: &str| {
            let lines = setter.lines(text, setting(600.0));
            let mut sprite = Sprite::clear(640, 60);
            setter.draw(&lines, 0, (4.0, 4.0), [255, 255, 255], &mut sprite);
            sprite.rgba
        };
        let tofu = draw("\u{10FFFD}");
        for text in ["你好", "こんにちは", "안녕", "Привет", "Ω", "🚀"] {
            let drawn = draw(text);
            assert!(drawn.iter().any(|b| *b > 0), "{text} draws nothing");
            assert!(drawn != tofu, "{text} draws boxes");
        }
        assert!(draw("你") != draw("好"));
        let coloured = draw("🚀")
            .as_chunks::<4>()
            .0
            .iter()
            .any(|[r, g, b, _]| r.abs_diff(*b) > 40 || g.abs_diff(*b) > 40);
        assert!(coloured);
    }
}
