//! How bright the picture is under words without a plate of their own: looked up before the
//! render, so that it is a part of the plan.

use crate::ffmpeg::frames::Scope;
use crate::studio::render::error::RenderError;
use crate::studio::render::fonts;
use crate::studio::render::frame::Frame;
use crate::studio::render::paint::Rect;
use crate::studio::render::parts::{INK, WHITE};
use crate::studio::render::plan::{Layer, Overlay, Plan};
use crate::studio::render::scrim::Shade;
use crate::studio::render::stage::Stage;
use crate::studio::render::text::Typesetter;
use crate::studio::render::typeset::Typeset;
use crate::studio::render::words::{Style, Words};

/// The shorter side of the pictures that are looked at: enough to tell light from dark.
const SIDE: usize = 120;
/// When words are looked at, as parts of the time that they stay.
const MOMENTS: [f64; 3] = [0.2, 0.5, 0.8];
/// More words than this are looked at once each, in the middle of their time.
const THOROUGH_MAX: usize = 12;

/// White letters that need more shade than this give way to black ones, where those need none.
const PALE: f64 = 0.12;

/// The luma (16 to 235) under words: a tenth of the picture there is darker than `dark`, a
/// tenth is brighter than `bright`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Ground {
    pub(crate) dark: u8,
    pub(crate) bright: u8,
}

/// Looks at the picture under every title and statement of a plan and writes down what is
/// there, and which fonts are.
///
/// # Errors
/// The media of a segment cannot be used, or the render was stopped.
pub(crate) async fn measured(mut plan: Plan, scope: &Scope) -> Result<Plan, RenderError> {
    let doing = "looking at fonts and pictures";
    let scope = scope.clone();
    let looked = tokio::task::spawn_blocking(move || {
        fonts::settle(&mut plan.layers);
        let bare = |layer: &Layer| matches!(&layer.what, Overlay::Words(words) if is_bare(words));
        if plan.layers.iter().any(bare) {
            let grounds = grounds(&small(&plan), &scope)?;
            for (layer, ground) in plan.layers.iter_mut().zip(grounds) {
                if let Overlay::Words(words) = &mut layer.what {
                    words.ground = ground;
                    choose_color(words);
                }
            }
        }
        Ok(plan)
    });
    looked.await.map_err(|e| RenderError::Broke { doing, what: e.to_string() })?
}

/// Settles the colour of words that state none: the brand's where it can be read, else
/// white, else black where the picture is bright all over.
fn choose_color(words: &mut Words) {
    let Some(ground) = words.ground else { return };
    if words.branded && !Shade::is_light(words.color.unwrap_or(WHITE), ground) {
        words.color = None;
    }
    if words.color.is_none() {
        let pale = Shade::needed(WHITE, ground).is_some_and(|shade| shade.opacity > PALE);
        let black = pale && Shade::needed(INK, ground).is_none();
        words.color = Some(if black { INK } else { WHITE });
    }
}

/// Words that stand on the picture itself.
fn is_bare(words: &Words) -> bool {
    matches!(words.style, Style::Title | Style::Statement)
}

/// The same plan on a small canvas, without sound.
fn small(plan: &Plan) -> Plan {
    let scale = (SIDE as f64 / plan.width.min(plan.height) as f64).min(1.0);
    let even = |side: usize| ((side as f64 * scale / 2.0).round() as usize * 2).max(2);
    Plan {
        width: even(plan.width),
        height: even(plan.height),
        shots: plan.shots.clone(),
        layers: plan.layers.clone(),
        sounds: Vec::new(),
        ..*plan
    }
}

/// What is under each layer of a small plan, in their order; none where nothing is asked.
fn grounds(plan: &Plan, scope: &Scope) -> Result<Vec<Option<Ground>>, RenderError> {
    let mut setter = Typesetter::new();
    let bare = plan.layers.iter().enumerate().filter_map(|(index, layer)| match &layer.what {
        Overlay::Words(words) if is_bare(words) => Some((index, layer, words)),
        _ => None,
    });
    let bare: Vec<_> = bare.collect();
    let moments = if bare.len() > THOROUGH_MAX { &MOMENTS[1..2] } else { &MOMENTS };
    let mut looks = Vec::new();
    for (index, layer, words) in bare {
        let place = Typeset::new(&mut setter, words, (plan.width, plan.height)).place();
        let length = (layer.span.end - layer.span.start) as f64;
        looks.extend(moments.iter().map(|at| (layer.span.start + (length * at) as u64, index, place)));
    }
    // In order of time: decoders run forward.
    looks.sort_by_key(|(n, index, _)| (*n, *index));
    let bottom = Plan { layers: Vec::new(), shots: plan.shots.clone(), sounds: Vec::new(), ..*plan };
    let mut stage = Stage::at_a_glance(&bottom, scope);
    let mut counts = vec![[0u32; 256]; plan.layers.len()];
    for (n, index, place) in looks {
        if scope.stop().is_cancelled() {
            return Err(RenderError::Stopped);
        }
        count(&stage.frame(n.min(plan.frames - 1))?, place, &mut counts[index]);
    }
    Ok(counts.iter().map(ground).collect())
}

/// Counts the luma samples of a part of a frame.
fn count(frame: &Frame, place: Rect, counts: &mut [u32; 256]) {
    let end = |from: f32, length: f32, most: usize| ((from + length).ceil().max(0.0) as usize).min(most);
    let (left, top) = (place.x.max(0.0) as usize, place.y.max(0.0) as usize);
    let right = end(place.x, place.width, frame.width).max(left);
    let bottom = end(place.y, place.height, frame.height).max(top);
    for row in frame.y().chunks_exact(frame.width).take(bottom).skip(top) {
        for sample in row.iter().take(right).skip(left) {
            counts[usize::from(*sample)] += 1;
        }
    }
}

fn ground(counts: &[u32; 256]) -> Option<Ground> {
    let total: u32 = counts.iter().sum();
    let tenth = total / 10;
    let mut passed = 0;
    let mut reached = |share: u32| {
        let mut luma = 0;
        for (at, count) in counts.iter().enumerate() {
            passed = if at == 0 { *count } else { passed + count };
            luma = at;
            if passed > share {
                break;
            }
        }
        luma as u8
    };
    (total > 0).then(|| Ground { dark: reached(tenth), bright: reached(total - tenth - 1) })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tenths_at_both_ends_are_left_out() {
        let mut counts = [0; 256];
        assert_eq!(ground(&counts), None);
        counts[16] = 5;
        counts[100] = 85;
        counts[235] = 10;
        assert_eq!(ground(&counts), Some(Ground { dark: 100, bright: 100 }));
        counts[235] = 40;
        assert_eq!(ground(&counts), Some(Ground { dark: 100, bright: 235 }));
    }
}
