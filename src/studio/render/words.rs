//! What a text segment asks for: words, style, place, colour, size, effect. Pure.

use serde_json::Value;

use crate::model::edit::Color;
use crate::studio::render::ground::Ground;

/// More does not fit on any picture.
const CHARS_MAX: usize = 2000;

/// The words of a text segment and how they are shown.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Words {
    pub(crate) text: String,
    pub(crate) style: Style,
    pub(crate) position: Position,
    /// None lets the style choose.
    pub(crate) color: Option<[u8; 3]>,
    /// A factor on the style's own size.
    pub(crate) size: f64,
    pub(crate) effect: Effect,
    /// The part of the picture's width that nothing else takes.
    pub(crate) room: f64,
    /// Whether the colour is the brand's: it gives way where it could not be read.
    pub(crate) branded: bool,
    /// A font family of the system in place of the bundled one.
    pub(crate) font: Option<String>,
    /// Whether they stand below the logo of an end card.
    pub(crate) below_logo: bool,
    /// What the picture under them is like; none while nobody has looked.
    pub(crate) ground: Option<Ground>,
}

/// What words are for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Style {
    /// Large and heavy, with a soft shadow.
    Title,
    /// A line or two in a soft dark box.
    Caption,
    /// A name, and below it what it is, beside a bar of colour.
    LowerThird,
    /// A button.
    CallToAction,
    /// A sentence that fills the picture: the scenes of a video of words.
    Statement,
}

/// How words come and go.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Effect {
    /// They come up from below, line after line.
    Rise,
    /// They become visible.
    Fade,
    /// They spring to their size.
    Pop,
    /// They are there.
    None,
}

/// One of nine places.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Position {
    pub(crate) across: Side,
    pub(crate) down: Side,
}

/// The start, the middle or the end of an axis.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Side {
    Start,
    Middle,
    End,
}

impl Words {
    /// Reads a segment's words; `meta` looks up a key of its metadata. Unknown words of
    /// style give the defaults.
    ///
    /// # Errors
    /// In words: the text is too long.
    pub(crate) fn read<'a>(text: &str, meta: impl Fn(&str) -> Option<&'a Value>) -> Result<Self, String> {
        let word = |key| meta(key).and_then(Value::as_str);
        let count = text.chars().count();
        if count > CHARS_MAX {
            return Err(format!(
                "a text of {count} characters is too long for a picture; the limit is {CHARS_MAX}"
            ));
        }
        let style = Style::from_word(word("style").unwrap_or_default());
        let size = match meta("size") {
            Some(Value::String(size)) => match size.as_str() {
                "small" => 0.72,
                "large" => 1.35,
                _ => 1.0,
            },
            Some(size) => size.as_f64().filter(|s| s.is_finite()).map_or(1.0, |s| s.clamp(0.3, 4.0)),
            None => 1.0,
        };
        let effect = match word("effect") {
            Some("none") => Effect::None,
            Some("fade") => Effect::Fade,
            Some("pop") => Effect::Pop,
            Some("rise") => Effect::Rise,
            _ => style.effect(),
        };
        Ok(Self {
            text: printable(text, style),
            style,
            position: word("position").and_then(Position::from_word).unwrap_or(style.position()),
            color: word("color").and_then(Color::parse).map(|color| color.rgb()),
            size,
            effect,
            room: 1.0,
            branded: false,
            font: None,
            below_logo: false,
            ground: None,
        })
    }
}

impl Style {
    fn from_word(word: &str) -> Self {
        match word {
            "caption" | "subtitle" => Self::Caption,
            "lower-third" => Self::LowerThird,
            "call-to-action" | "cta" => Self::CallToAction,
            "statement" => Self::Statement,
            _ => Self::Title,
        }
    }

    fn position(self) -> Position {
        let (across, down) = match self {
            Self::Title | Self::Statement => (Side::Middle, Side::Middle),
            Self::Caption | Self::CallToAction => (Side::Middle, Side::End),
            Self::LowerThird => (Side::Start, Side::End),
        };
        Position { across, down }
    }

    fn effect(self) -> Effect {
        match self {
            Self::Title | Self::LowerThird | Self::Statement => Effect::Rise,
            Self::Caption => Effect::Fade,
            Self::CallToAction => Effect::Pop,
        }
    }
}

impl Position {
    /// Reads `top-left` … `bottom-right`, `center`, and single words such as `top`.
    pub(crate) fn from_word(word: &str) -> Option<Self> {
        let mut place = Self { across: Side::Middle, down: Side::Middle };
        for part in word.split(['-', '_', ' ']) {
            match part {
                "top" => place.down = Side::Start,
                "bottom" => place.down = Side::End,
                "left" => place.across = Side::Start,
                "right" => place.across = Side::End,
                "middle" | "center" | "centre" => (),
                _ => return None,
            }
        }
        Some(place)
    }
}

/// Keeps what can be shown: line breaks stay, other control characters go. A comma at the
/// end of large words is left over from the sentence that they were taken out of.
fn printable(text: &str, style: Style) -> String {
    let text = text.trim().replace("\r\n", "\n").replace('\t', " ");
    let shown: String = text.chars().filter(|c| *c == '\n' || !c.is_control()).collect();
    match style {
        Style::Title | Style::Statement if shown.chars().count() > 1 => {
            shown.trim_end_matches(['，', '、', '；', ',', ';']).trim_end().to_owned()
        }
        _ => shown,
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn read(text: &str, meta: &Value) -> Words {
        Words::read(text, |key| meta.get(key)).unwrap()
    }

    #[test]
    fn what_is_not_stated_is_the_style_s_own() {
        let words = read(" Hello\r\nyou\u{7} ", &json!({}));
        let centre = Position { across: Side::Middle, down: Side::Middle };
        assert_eq!((words.text.as_str(), words.style, words.position), ("Hello\nyou", Style::Title, centre));
        assert_eq!(read("热气腾腾，", &json!({"style": "statement"})).text, "热气腾腾");
        let words = read("Jo", &json!({"style": "lower-third", "size": "large", "effect": "pop"}));
        assert_eq!(words.position, Position { across: Side::Start, down: Side::End });
        assert_eq!((words.size, words.effect, words.color), (1.35, Effect::Pop, None));
    }

    #[test]
    fn places_are_read_in_any_spelling_and_nonsense_is_none() {
        let top = Position { across: Side::Middle, down: Side::Start };
        for word in ["top", "top-center", "top_middle"] {
            assert_eq!(Position::from_word(word), Some(top), "{word}");
        }
        assert_eq!(Position::from_word("somewhere"), None);
    }

    #[test]
    fn a_colour_that_nobody_knows_is_left_to_the_style() {
        assert_eq!(read("Hi", &json!({"color": "#f80"})).color, Some([255, 136, 0]));
        assert_eq!(read("Hi", &json!({"color": "mauve-ish"})).color, None);
    }

    #[test]
    fn a_novel_is_refused() {
        assert!(Words::read(&"x".repeat(2001), |_| None).is_err());
    }
}
