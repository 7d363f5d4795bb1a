//! Rules of the picture: canvas, logo, progress bar, fades, joints, motion, looks, backgrounds.

use crate::model::edit::{Blend, Edit, Fill, Side};
use crate::model::time::Millis;
use crate::studio::agent::clause::{Clause, Subject};
use crate::studio::agent::lex::Mark;
use crate::studio::agent::phrases::{Noun, Verb};
use crate::studio::agent::rules::cut::named;
use crate::studio::agent::rules::{FADE, Scene, full_name, overlay};

pub(super) fn canvas(clause: &Clause<'_>, scene: &Scene<'_>) -> Option<Edit> {
    let now = scene.state.canvas().map_or(1080, |canvas| canvas.width.min(canvas.height));
    // `a 1080p MP4` is what is made anyway.
    let asked = scene.made && !clause.has(&Mark::Into) && !clause.does(Verb::Generate);
    let shape = clause.shape();
    let side = clause.side().filter(|side| *side != now || asked && shape.is_none());
    if overlay(clause) && !clause.names(Noun::Video) || clause.does(Verb::Export) {
        return None;
    }
    (shape.is_some() || side.is_some()).then_some(Edit::Canvas { shape, side })
}

pub(super) fn fill(clause: &Clause<'_>, scene: &Scene<'_>) -> Option<Edit> {
    let fill = clause.fill()?;
    let off = clause.verb() == Some(Verb::Remove) && fill == Fill::Blur;
    let shot = clause.shot().map(|shot| named(shot, scene));
    Some(Edit::Fill(if off { Fill::Crop } else { fill }, shot))
}

pub(super) fn logo(clause: &Clause<'_>, scene: &Scene<'_>) -> Option<Edit> {
    let media = clause.files().first().map(|name| full_name(scene.state, name));
    let named = media.as_ref().is_some_and(|name| {
        let name = name.to_lowercase();
        ["logo", "watermark", "标志", "徽标", "商标"].iter().any(|word| name.contains(word))
    });
    let adds = matches!(clause.verb(), None | Some(Verb::Add | Verb::Move));
    if clause.subject() != Subject::Logo && !(named && adds && clause.subject() == Subject::Nothing) {
        return None;
    }
    if clause.verb() == Some(Verb::Remove) {
        return Some(Edit::RemoveLogo);
    }
    Some(Edit::Logo { media, place: clause.place(), size: clause.size() })
}

pub(super) fn progress(clause: &Clause<'_>, _: &Scene<'_>) -> Option<Edit> {
    if clause.subject() != Subject::Progress {
        return None;
    }
    match clause.verb() {
        Some(Verb::Remove) => Some(Edit::RemoveProgress),
        _ => Some(Edit::Progress(clause.color())),
    }
}

pub(super) fn fade(clause: &Clause<'_>, _: &Scene<'_>) -> Option<Edit> {
    let Subject::Fade(side) = clause.subject() else { return None };
    if clause.blend().is_some() || clause.names(Noun::Sound) {
        return None;
    }
    let side = clause.fade().unwrap_or(side);
    let length = if clause.verb() == Some(Verb::Remove) { Millis(0) } else { clause.time().unwrap_or(FADE) };
    Some(Edit::Fade(side, length))
}

pub(super) fn joints(clause: &Clause<'_>, _: &Scene<'_>) -> Option<Edit> {
    let blends = clause.blend().is_some() && matches!(clause.subject(), Subject::Fade(_) | Subject::Shots);
    if clause.subject() != Subject::Joints && !blends {
        return None;
    }
    if clause.verb() == Some(Verb::Remove) {
        return Some(Edit::Joints(None, None));
    }
    let faded = clause.fade().map(|_: Side| Blend::Crossfade);
    let hard = clause.tokens.iter().any(|token| {
        let word = clause.request[token.from..token.to].to_lowercase();
        let plain = ["cuts", "硬切", "直接切换", "直切"].iter().any(|name| word.contains(name));
        token.mark == Mark::Noun(Noun::Joint) && plain
    });
    let plain = hard || clause.does(Verb::Cut);
    let blend = clause.blend().or(faded).or((!plain).then_some(Blend::Crossfade));
    Some(Edit::Joints(blend, clause.time()))
}

pub(super) fn motion(clause: &Clause<'_>, scene: &Scene<'_>) -> Option<Edit> {
    // `zoom in on her face` asks for more than can be done.
    let aims = clause.has(&Mark::Other) && !clause.names(Noun::Photo);
    (clause.subject() == Subject::Motion && !aims).then(|| {
        let still = clause.names(Noun::Still) || clause.verb() == Some(Verb::Remove);
        Edit::Motion(!still, clause.shot().map(|shot| named(shot, scene)))
    })
}

pub(super) fn look(clause: &Clause<'_>, scene: &Scene<'_>) -> Option<Edit> {
    if overlay(clause) && !clause.names(Noun::Video)
        || clause.subject() == Subject::Background
        || clause.fill().is_some()
    {
        return None;
    }
    let shot = clause.shot().map(|shot| named(shot, scene));
    let removes = matches!(clause.verb(), Some(Verb::Remove | Verb::Undo));
    if clause.names(Noun::Plain) || removes && (clause.subject() == Subject::Look || clause.look().is_some())
    {
        return Some(Edit::Look(None, shot));
    }
    clause.look().map(|look| Edit::Look(Some(look), shot))
}

pub(super) fn background(clause: &Clause<'_>, _: &Scene<'_>) -> Option<Edit> {
    let backdrop = clause.backdrop()?;
    (clause.subject() == Subject::Background && clause.quotes().is_empty())
        .then_some(Edit::Background(backdrop))
}
