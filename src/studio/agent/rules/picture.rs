//! Rules of the picture: canvas, logo, progress bar, fades, joints, motion, looks, backgrounds.

use crate::model::edit::{Blend, Edit, Fill, Side};
use crate::model::media::Kind;
use crate::model::time::Millis;
use crate::studio::agent::clause::{Clause, Subject};
use crate::studio::agent::lex::{Mark, Token};
use crate::studio::agent::names;
use crate::studio::agent::phrases::{Cue, Noun, Quality, Verb};
use crate::studio::agent::rules::cut::named;
use crate::studio::agent::rules::{FADE, Scene, full_name, kind_of, overlay};

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
    // `blur behind so nothing gets cut off` takes no blur away.
    let blur = clause
        .tokens
        .iter()
        .position(|token| matches!(token.mark, Mark::Quality(Quality::Fill(_) | Quality::Look(_))));
    let before = &clause.tokens[..blur.unwrap_or(clause.tokens.len())];
    let last = before.iter().rev().find(|token| matches!(token.mark, Mark::Do(_)));
    let removes = last.is_some_and(|token| token.mark == Mark::Do(Verb::Remove))
        || clause.inherited == Some(Verb::Remove);
    let chinese = clause.verb() == Some(Verb::Remove) && !clause.verbatim().is_ascii();
    let off = (removes || chinese) && fill == Fill::Blur;
    let shot = clause.shot().map(|shot| named(shot, scene));
    Some(Edit::Fill(if off { Fill::Crop } else { fill }, shot))
}

pub(super) fn logo(clause: &Clause<'_>, scene: &Scene<'_>) -> Option<Edit> {
    let media = clause.files().first().map(|name| full_name(scene.state, name));
    let named = media.as_deref().is_some_and(names::is_logo);
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

pub(super) fn fade(clause: &Clause<'_>, scene: &Scene<'_>) -> Option<Edit> {
    let Subject::Fade(side) = clause.subject() else { return None };
    let of_song = clause.files().iter().any(|name| kind_of(scene.state, name) == Some(Kind::Audio));
    if clause.blend().is_some() || clause.names(Noun::Sound) || of_song {
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
    let hard = clause.names(Noun::HardCut);
    let plain = hard || clause.does(Verb::Cut);
    let told = clause.verb().is_some() || !clause.has(&Mark::Other);
    if !(hard || told || clause.blend().is_some()) {
        // `the transitions are silly` asks for none.
        return None;
    }
    let blend = clause.blend().or(faded).or((!plain).then_some(Blend::Crossfade));
    Some(Edit::Joints(blend, clause.time()))
}

pub(super) fn motion(clause: &Clause<'_>, scene: &Scene<'_>) -> Option<Edit> {
    // `zoom in on her face` asks for more than can be done.
    let aims = clause.tokens.windows(2).enumerate().any(|(at, pair)| {
        let on = clause.cues(&pair[0], Cue::Aiming);
        let article = |token: &&Token| matches!(token.mark, Mark::Stay | Mark::Set | Mark::Fill);
        let object = clause.tokens[at + 1..].iter().find(|token| !article(token));
        let after = clause.tokens[..at].iter().any(|token| token.mark == Mark::Noun(Noun::Motion));
        on && after && object.is_some_and(|object| object.mark == Mark::Other)
    });
    (clause.subject() == Subject::Motion && !aims).then(|| {
        let still =
            clause.hears(Cue::Disturbing) || clause.names(Noun::Still) || clause.verb() == Some(Verb::Remove);
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
    let noun = clause.at(&Mark::Noun(Noun::Background))?;
    let alone = clause.subject() == Subject::Background;
    let beside = matches!(clause.subject(), Subject::Music | Subject::Text(_)) && clause.quotes().is_empty();
    // `upbeat music on a black background`: the colour right before the noun.
    let near = Clause { tokens: &clause.tokens[noun.saturating_sub(3)..noun], ..clause.clone() };
    let backdrop = if alone { clause.backdrop() } else { near.backdrop().filter(|_| beside) };
    // `turn 'Happy New Year' into a video on red`
    let made = matches!(clause.verb(), Some(Verb::Make | Verb::Generate));
    backdrop.filter(|_| made || clause.quotes().is_empty()).map(Edit::Background)
}
