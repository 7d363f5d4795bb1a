//! The brand of a draft: what its words, bars and backgrounds look like when nothing else is said.

use serde_json::Value;

use crate::model::edit::Color;
use crate::studio::render::parts::WHITE;
use crate::studio::render::words::{Style, Words};

/// A font's name is shorter than this.
const FONT_CHARS_MAX: usize = 80;

/// `m.brand` of a draft.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct Brand {
    /// Of titles, bars, buttons and the progress bar.
    pub(crate) color: Option<[u8; 3]>,
    /// Behind words: a colour as `#rrggbb`.
    pub(crate) background: Option<String>,
    /// A family of the system's fonts.
    pub(crate) font: Option<String>,
}

impl Brand {
    /// Reads the draft's value; what cannot be read is not there.
    pub(crate) fn read(value: Option<&Value>) -> Self {
        let word = |key| value.and_then(|brand| brand.get(key)).and_then(Value::as_str);
        let color = |key| word(key).and_then(Color::parse).map(|color| color.rgb());
        let font = word("font").map(str::trim).filter(|f| !f.is_empty() && f.len() <= FONT_CHARS_MAX);
        let background = color("background").map(|[r, g, b]| format!("#{r:02x}{g:02x}{b:02x}"));
        Self { color: color("color"), background, font: font.map(str::to_owned) }
    }

    /// Gives words what they do not state themselves. Captions stay as they are read best.
    pub(crate) fn dress(&self, words: &mut Words) {
        words.font.clone_from(&self.font);
        if words.color.is_none() && words.style != Style::Caption {
            words.color = self.color;
            words.branded = self.color.is_some();
        }
    }

    /// The colour of a progress bar from what a draft says of it, else the brand's, else white;
    /// none when the draft has no bar.
    pub(crate) fn progress(&self, stated: Option<&Value>) -> Option<[u8; 3]> {
        let stated = stated.filter(|value| !value.is_null() && **value != Value::Bool(false))?;
        let color = stated.as_str().and_then(Color::parse).map(|color| color.rgb());
        Some(color.or(self.color).unwrap_or(WHITE))
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn brand() -> Brand {
        Brand::read(Some(&json!({"color": "#ff5500", "background": "black", "font": " Noto Serif "})))
    }

    #[test]
    fn a_brand_is_the_default_and_what_is_stated_wins() {
        let words = |meta: Value| {
            let mut words = Words::read("Hi", |key| meta.get(key)).unwrap();
            brand().dress(&mut words);
            (words.color, words.branded)
        };
        assert_eq!(words(json!({})), (Some([255, 85, 0]), true));
        assert_eq!(words(json!({"color": "white"})), (Some([255, 255, 255]), false));
        assert_eq!(words(json!({"style": "caption"})), (None, false));
        assert_eq!(brand().font.as_deref(), Some("Noto Serif"));
        assert_eq!(brand().background.as_deref(), Some("#101014"));
        assert_eq!(Brand::read(Some(&json!({"color": "loud", "font": 3}))), Brand::default());
    }

    #[test]
    fn a_progress_bar_has_its_own_colour_or_that_of_the_brand() {
        assert_eq!(brand().progress(Some(&json!("white"))), Some([255, 255, 255]));
        assert_eq!(brand().progress(Some(&json!(true))), Some([255, 85, 0]));
        assert_eq!(Brand::default().progress(Some(&json!(true))), Some(WHITE));
        assert!(
            [None, Some(&Value::Null), Some(&json!(false))].iter().all(|v| brand().progress(*v).is_none())
        );
    }
}
