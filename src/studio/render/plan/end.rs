//! The end card: a scene with a logo above its words, where no other logo stands.

use std::ops::Range;

use serde_json::Value;

use crate::model::draft::Segment;
use crate::model::time::Millis;
use crate::studio::render::error::RenderError;
use crate::studio::render::logo::Spot;
use crate::studio::render::plan::read::{LOGO_FADE_MS, Reader, meta};
use crate::studio::render::plan::{Content, Layer, Overlay, Shot, Source};
use crate::studio::render::words::Side;

/// The style of a scene that is an end card.
const STYLE: &str = "end-card";

/// The source of the logo that an end card names.
pub(super) fn logo_source<'a>(segment: &Segment<'a>) -> Option<&'a str> {
    meta(segment, "scene")?.get("logo").and_then(Value::as_str)
}

/// The logo of an end card; none when the segment is no end card or has none.
pub(super) fn logo(reader: &Reader<'_>, segment: &Segment<'_>) -> Result<Option<Layer>, RenderError> {
    let style = meta(segment, "scene").and_then(|scene| scene.get("style")).and_then(Value::as_str);
    let Some(src) = logo_source(segment).filter(|_| style == Some(STYLE)) else { return Ok(None) };
    let missing = || RenderError::MissingMedia { segment: segment.name.to_string(), src: src.to_owned() };
    let found = reader.found.get(src).ok_or_else(missing)?;
    let Content::Still(..) = found.content else {
        let reason = "a logo is a still picture".to_owned();
        return Err(RenderError::BrokenMedia { segment: segment.name.to_string(), reason });
    };
    let (width, height) = reader.canvas;
    let size = if height > width { 0.46 } else { 0.26 * (height as f64 / width as f64 * 1.4).max(1.0) };
    let what = Overlay::Logo {
        path: found.path.clone(),
        position: Spot::EndCard,
        size,
        fade: reader.frames(Millis(LOGO_FADE_MS)),
    };
    Ok(Some(Layer { name: segment.name.to_string(), span: reader.span(segment), what }))
}

/// Ends the logos in corners where an end card begins, and moves its words below its own logo.
pub(super) fn arrange(shots: &[Shot], layers: &mut Vec<Layer>) {
    let is_card = |shot: &&Shot| matches!(&shot.source, Source::Scene { style, .. } if style == STYLE);
    let cards: Vec<Range<u64>> = shots.iter().filter(is_card).map(|shot| shot.span.clone()).collect();
    let own_logo = |layer: &Layer| matches!(layer.what, Overlay::Logo { position: Spot::EndCard, .. });
    let with_logo: Vec<u64> = layers.iter().filter(|l| own_logo(l)).map(|l| l.span.start).collect();
    for card in &cards {
        for layer in layers.iter_mut() {
            match &mut layer.what {
                Overlay::Logo { position: Spot::Corner(_), .. } if layer.span.end > card.start => {
                    layer.span.end = card.start.max(layer.span.start);
                }
                Overlay::Words(words) if card.contains(&layer.span.start) => {
                    let middle = words.position.down == Side::Middle;
                    words.below_logo = middle && with_logo.contains(&card.start);
                }
                _ => (),
            }
        }
    }
    layers.retain(|layer| !layer.span.is_empty());
}
