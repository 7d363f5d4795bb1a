//! The brand: a colour, a background and a font for everything that states none of its own.

use serde_json::{Map, Value, json};

use crate::model::edit::timeline::{Role, Timeline};
use crate::model::edit::{Applied, Color, EditError, TextStyle, Words};
use crate::model::state::State;

/// A name of a font is shorter than this.
const FONT_CHARS_MAX: usize = 80;

/// What a brand sets; what is none stays as it is.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Brand {
    /// Of titles, bars, buttons and the progress bar.
    pub color: Option<Color>,
    /// Behind words.
    pub background: Option<Color>,
    /// A font family of the machine that renders.
    pub font: Option<String>,
}

/// Sets the brand of a project. Titles, words and a progress bar that are white because nothing
/// else was said take its colour.
pub(super) fn brand(state: &State, brand: &Brand) -> Result<Applied, EditError> {
    let mut timeline = Timeline::open_made(state)?;
    let mut now = timeline.brand();
    let mut told = Vec::new();
    if let Some(color) = &brand.color {
        let words = (color.word(), color.chinese());
        told.push(set(&mut now, "color", color.word(), ("color", "颜色"), words));
        uncolor(&mut timeline);
    }
    if let Some(color) = &brand.background {
        let words = (color.word(), color.chinese());
        told.push(set(&mut now, "background", color.word(), ("background", "背景"), words));
    }
    if let Some(font) = &brand.font {
        let font: String = font.chars().filter(|c| !c.is_control()).take(FONT_CHARS_MAX).collect();
        told.push(set(&mut now, "font", &font, ("font", "字体"), (&font, &font)));
    }
    timeline.set_meta("brand", Value::Object(now));
    let join = |of: fn(&Words) -> &str, gap: &str| told.iter().map(of).collect::<Vec<_>>().join(gap);
    let words =
        Words::new(format!("brand: {}", join(|w| &w.en, ", ")), format!("品牌：{}", join(|w| &w.zh, "，")));
    Ok(Applied { state: timeline.close(state), words })
}

/// Sets one key and tells of it: `color white → #ff5500`.
fn set(
    brand: &mut Map<String, Value>,
    key: &str,
    value: &str,
    (label, label_zh): (&str, &str),
    (word, word_zh): (&str, &str),
) -> Words {
    let was = brand.insert(key.to_owned(), json!(value));
    let was = was.as_ref().and_then(Value::as_str).map(|was| format!("{was} → ")).unwrap_or_default();
    Words::new(format!("{label} {was}{word}"), format!("{label_zh} {was}{word_zh}"))
}

fn uncolor(timeline: &mut Timeline) {
    for style in [TextStyle::Title, TextStyle::Statement] {
        for text in timeline.segments_mut(&Role::Text(style)) {
            if text.word("color") == "white" && text.meta("own_color").is_none() {
                text.unset_meta("color");
            }
        }
    }
}

/// A background that was asked for takes the place of the brand's.
pub(super) fn forget_background(timeline: &mut Timeline) {
    let mut brand = timeline.brand();
    if brand.shift_remove("background").is_some() {
        timeline.set_meta("brand", Value::Object(brand));
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::edit::{Backdrop, Edit, Looks, Make, Palette, Source, apply};

    fn done(state: &State, edit: &Edit) -> Applied {
        apply(state, edit).unwrap()
    }

    fn made() -> State {
        let make = Make { source: Source::Words("One. Two.".to_owned()), length: None, palette: None };
        done(&State::default(), &Edit::Make(make)).state
    }

    fn orange() -> Edit {
        let color = Color::parse("#ff5500");
        Edit::Brand(Brand { color, background: Color::parse("black"), font: Some("Noto Serif".to_owned()) })
    }

    #[test]
    fn a_brand_is_told_kept_by_a_new_cut_and_taken_by_texts() {
        let applied = done(&made(), &orange());
        assert_eq!(applied.words.en, "brand: color #ff5500, background black, font Noto Serif");
        let again = Brand { color: Color::parse("teal"), ..Brand::default() };
        let changed = done(&applied.state, &Edit::Brand(again)).words.en;
        assert_eq!(changed, "brand: color #ff5500 → teal");
        let title = Edit::AddText(TextStyle::Title, "Hi".to_owned(), Looks::default());
        let make = Make { source: Source::Words("Three.".to_owned()), length: None, palette: None };
        let after = done(&done(&applied.state, &Edit::Make(make)).state, &title).state;
        let draft = after.draft.unwrap();
        assert_eq!(draft.value()["m"]["brand"]["font"], "Noto Serif");
        let texts = draft.tracks().into_iter().flat_map(|track| track.segments).filter(|s| s.text.is_some());
        assert!(texts.into_iter().all(|text| text.value["m"].get("color").is_none()));
    }

    #[test]
    fn a_background_that_was_asked_for_stays() {
        let branded = done(&made(), &orange()).state;
        let state = done(&branded, &Edit::Background(Backdrop::Palette(Palette::Ocean))).state;
        let draft = state.draft.unwrap();
        let brand = draft.value()["m"]["brand"].as_object().unwrap();
        assert!(brand.contains_key("color") && !brand.contains_key("background"));
    }

    #[test]
    fn a_brand_needs_a_video() {
        assert_eq!(apply(&State::default(), &orange()), Err(EditError::Nothing));
    }
}
