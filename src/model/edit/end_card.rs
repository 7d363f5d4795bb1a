//! The end card: a last shot of its own, with the logo and words over it.
//!
//! It stays the last shot: edits of time and order work on the rest of the timeline, and the card is
//! lifted off before them and put back after.

use serde_json::{Value, json};

use crate::model::edit::text::shortened;
use crate::model::edit::timeline::{Role, Segment, Timeline};
use crate::model::edit::{Applied, Edit, EditError, LENGTH_MAX, TextStyle, Words, make};
use crate::model::media::Kind;
use crate::model::state::State;
use crate::model::time::Millis;

/// How long the card stands.
const CARD: Millis = Millis(3000);
/// Its colours when the video has none of its own.
const PALETTE: &str = "night";

/// A timeline without its end card, and the card.
pub(super) struct Lifted {
    bare: State,
    card: Segment,
    texts: Vec<Segment>,
    /// The edit as the bare timeline takes it.
    edit: Edit,
}

/// Lifts the end card off when the edit is one of time or order.
pub(super) fn lifted(state: &State, edit: &Edit) -> Option<Lifted> {
    let mut timeline = Timeline::open(state);
    let card = timeline.main().last().filter(|shot| shot.is_end_card())?.clone();
    let edit = match edit {
        Edit::Fit(length) if *length > card.length() + card.length() => Edit::Fit(*length - card.length()),
        Edit::Append(_) | Edit::Speed(..) | Edit::Hold(..) | Edit::Reverse | Edit::Move(..) => edit.clone(),
        Edit::Swap(..) | Edit::Duplicate(_) | Edit::EndCard(_) => edit.clone(),
        _ => return None,
    };
    let texts = off(&mut timeline);
    let bare = if timeline.main().is_empty() { return None } else { timeline.close(state) };
    Some(Lifted { bare, card, texts, edit })
}

impl Lifted {
    /// Makes the edit on the bare timeline and puts the card back, unless the edit made another.
    pub(super) fn around(
        self,
        change: impl FnOnce(&State, &Edit) -> Result<Applied, EditError>,
    ) -> Result<Applied, EditError> {
        let Applied { state, words } = change(&self.bare, &self.edit)?;
        let mut timeline = Timeline::open(&state);
        if timeline.main().last().is_some_and(Segment::is_end_card) {
            return Ok(Applied { state, words });
        }
        let start = self.card.start();
        let was = timeline.total();
        let mut card = self.card;
        card.set_start(was);
        timeline.put_back(&Role::Main, card);
        for mut text in self.texts {
            text.set_start(was + (text.start() - start));
            timeline.put_back(&Role::Text(TextStyle::Statement), text);
        }
        timeline.lay();
        timeline.settle(was);
        Ok(Applied { state: timeline.close(&state), words })
    }
}

/// Ends the video with a card.
pub(super) fn end_card(state: &State, words: &str) -> Result<Applied, EditError> {
    let mut timeline = Timeline::open_made(state)?;
    let words = shortened(words);
    if words.is_empty() {
        return Err(EditError::NoWords);
    }
    let was = timeline.total();
    if was + CARD > LENGTH_MAX {
        return Err(EditError::Length(was + CARD));
    }
    let palette = timeline.main().iter().find_map(|shot| shot.meta("scene")?.get("palette")?.as_str());
    let palette = palette.unwrap_or(PALETTE).to_owned();
    let mut scene = json!({ "style": "end-card", "palette": palette, "seed": timeline.seed() });
    let logo = state.media.iter().rev().find(|item| item.kind == Some(Kind::Image) && make::is_logo(item));
    if let Some(logo) = logo {
        scene["logo"] = json!(logo.url);
    }
    let mut card = Segment::new(was, CARD);
    card.set_meta("name", json!("end card"));
    card.set_meta("kind", json!("scene"));
    card.set_meta("scene", scene);
    if let Some((kind, length)) = timeline.main().iter().find_map(Segment::transition) {
        card.set_transition(&kind, length);
    }
    timeline.push(&Role::Main, card);
    let mut text = line(&words, was);
    if timeline.brand_color().is_some() {
        text.unset_meta("color");
    }
    timeline.push(&Role::Text(TextStyle::Statement), text);
    timeline.lay();
    timeline.settle(was);
    let total = timeline.total();
    let (with, with_zh) = logo.map_or((String::new(), String::new()), |logo| {
        (format!(" with {}", logo.label()), format!("，带有 {}", logo.label()))
    });
    let told = Words::new(
        format!("end card added: '{words}'{with} ({was}-{total}s)"),
        format!("已添加片尾卡：“{words}”{with_zh}（{was}-{total} 秒）"),
    );
    Ok(Applied { state: timeline.close(state), words: told })
}

/// Takes the end card away.
pub(super) fn remove(state: &State) -> Result<Applied, EditError> {
    let mut timeline = Timeline::open_made(state)?;
    let was = timeline.total();
    let card = timeline.main().last().filter(|shot| shot.is_end_card());
    if card.is_none() || timeline.main().len() == 1 {
        return Err(EditError::Nowhere("there is no end card on the timeline"));
    }
    off(&mut timeline);
    let total = timeline.total();
    let words = Words::new(
        format!("end card removed; length {was} s → {total} s"),
        format!("已去掉片尾卡；时长 {was} 秒 → {total} 秒"),
    );
    Ok(Applied { state: timeline.close(state), words })
}

/// Takes the last shot and the words over it off; answers the words.
fn off(timeline: &mut Timeline) -> Vec<Segment> {
    let was = timeline.total();
    let Some(card) = timeline.segments_mut(&Role::Main).pop() else { return Vec::new() };
    let over = |text: &Segment| text.start() >= card.start() && text.word("position") == "center";
    let texts = timeline.segments_mut(&Role::Text(TextStyle::Statement));
    let (gone, kept) = std::mem::take(texts).into_iter().partition(over);
    *texts = kept;
    // A logo that ended where the card began runs to the end of what is left.
    timeline.settle(was);
    gone
}

/// The words of the card.
fn line(words: &str, start: Millis) -> Segment {
    let mut text = Segment::new(start, CARD);
    let facts: [(&str, Value); 6] = [
        ("text", json!(words)),
        ("style", json!("statement")),
        ("position", json!("center")),
        ("color", json!("white")),
        ("size", json!("large")),
        ("effect", json!("rise")),
    ];
    for (key, value) in facts {
        text.set_meta(key, value);
    }
    text
}
