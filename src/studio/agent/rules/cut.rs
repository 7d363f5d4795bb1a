//! Rules of time: what stays, how long, how fast.

use crate::model::edit::{Edit, Point, ShotRef, Span};
use crate::model::media::Kind;
use crate::model::time::Millis;
use crate::studio::agent::clause::{Clause, Subject};
use crate::studio::agent::lex::Mark;
use crate::studio::agent::phrases::{Cue, Noun, Quality, Time, Verb};
use crate::studio::agent::rules::{Scene, kind_of, overlay};

/// Faster and slower without a number.
const FASTER: f64 = 1.5;
const SLOWER: f64 = 0.75;
/// What people call slow motion.
const SLOW_MOTION: f64 = 0.5;

pub(super) fn cut(clause: &Clause<'_>, scene: &Scene<'_>) -> Option<Edit> {
    let other =
        matches!(clause.subject(), Subject::Fade(_) | Subject::Joints | Subject::Motion | Subject::Look);
    if overlay(clause) || other || clause.look().is_some() || hold(clause, scene).is_some() {
        return None;
    }
    let span = clause.span();
    let edge = clause.time().filter(|_| clause.has(&Mark::From) || clause.has(&Mark::Fill));
    if let Some(edit) = begins_or_ends(clause) {
        return Some(edit);
    }
    if clause.verb().is_none() && clause.hears(Cue::Enough) && span.is_none() {
        // `up to second 7 is enough`
        return first(clause.until()?).map(Edit::Keep);
    }
    if clause.is_time() && clause.verb().is_none() {
        // `the first 8 seconds only`
        return span.map(Edit::Keep);
    }
    match (clause.verb()?, span) {
        // `skip ahead to 0:04`
        (Verb::Remove, None)
            if clause.tokens.iter().any(|token| clause.cues(token, Cue::Skipping))
                && !clause.has(&Mark::From) =>
        {
            first(clause.until()?).map(Edit::Remove)
        }
        // `chop it to 8 s`
        (Verb::Remove, None) if clause.until().is_some() && !clause.has(&Mark::From) => {
            first(clause.until()?).map(Edit::Keep)
        }
        (Verb::Keep, Some(span)) => Some(Edit::Keep(span)),
        (Verb::Keep, None) => first(clause.time()?).map(Edit::Keep),
        // `use the first 10 seconds of the clip`
        (Verb::Add, Some(span))
            if ends(span) && clause.quotes().is_empty() && clause.subject() != Subject::Video =>
        {
            Some(Edit::Keep(span))
        }
        // `I want the part between 2 and 12 seconds`
        (Verb::Make, Some(span)) if clause.quotes().is_empty() && clause.looks().place.is_none() => {
            Some(Edit::Keep(span))
        }
        (Verb::Trim, Some(span)) if to_length(clause) || !ends(span) => Some(Edit::Keep(span)),
        (Verb::Remove | Verb::Cut | Verb::Trim, Some(span)) if !to_length(clause) => Some(Edit::Remove(span)),
        (Verb::Cut, Some(span)) => Some(Edit::Keep(span)),
        // `trim 3 seconds off the end`
        (Verb::Remove | Verb::Cut | Verb::Trim, None)
            if edge.is_some() && clause.has(&Mark::When(Time::End)) =>
        {
            Some(Edit::Remove(Span { from: Point::BeforeEnd(edge?), to: Point::END }))
        }
        (Verb::Remove | Verb::Cut | Verb::Trim, None)
            if edge.is_some() && clause.has(&Mark::When(Time::Start)) =>
        {
            Some(Edit::Remove(Span { from: Point::START, to: Point::At(edge?) }))
        }
        (Verb::Trim, None) => first(clause.time()?).map(Edit::Keep),
        (Verb::Cut, None) => first(clause.until().or(clause.time())?).map(Edit::Keep),
        _ => None,
    }
}

/// `start the video at 0:04`, `end it at 12 s`, `stop at 15 s`
fn begins_or_ends(clause: &Clause<'_>) -> Option<Edit> {
    let marks: Vec<&Mark> = clause.tokens.iter().map(|token| &token.mark).collect();
    let after =
        marks.iter().find_map(|mark| if let Mark::AfterText(style) = mark { Some(*style) } else { None });
    let bare = matches!(clause.subject(), Subject::Nothing | Subject::Video) && clause.quotes().is_empty();
    if let Some(style) =
        after.filter(|_| bare && clause.verb().is_none() && clause.has(&Mark::When(Time::Start)))
    {
        // `begin right after the title`
        return Some(Edit::Remove(Span { from: Point::START, to: Point::After(style) }));
    }
    let at = marks.windows(2).position(|pair| matches!(pair, [Mark::When(Time::At), Mark::Time(_)]))?;
    let Mark::Time(time) = marks[at + 1] else { return None };
    let silent =
        |mark: &&&Mark| matches!(mark, Mark::Fill | Mark::Stay | Mark::Noun(Noun::Video | Noun::Clip));
    let alone = clause.subject() == Subject::Nothing || clause.subject() == Subject::Video;
    let told = marks[..at].iter().rev().find(|mark| !silent(mark)).unwrap_or(&&Mark::Stop);
    // 视频从第3秒开始
    let later = marks[at..].iter().any(|mark| **mark == Mark::When(Time::Start));
    if later && alone && clause.verb().is_none() && clause.quotes().is_empty() {
        return Some(Edit::Remove(first(*time)?));
    }
    match told {
        _ if !alone || !clause.quotes().is_empty() => None,
        Mark::When(Time::Start) => Some(Edit::Remove(first(*time)?)),
        Mark::When(Time::End) | Mark::Do(Verb::Remove | Verb::Cut) => first(*time).map(Edit::Keep),
        _ => None,
    }
}

/// `trim 2 seconds off both ends`
pub(super) fn both_ends(clause: &Clause<'_>) -> Option<Vec<Edit>> {
    let both = clause.hears(Cue::BothEnds);
    let takes = matches!(clause.verb()?, Verb::Remove | Verb::Cut | Verb::Trim);
    let time = clause.time().filter(|_| both && takes && !overlay(clause))?;
    let head = Span { from: Point::START, to: Point::At(time) };
    let tail = Span { from: Point::BeforeEnd(time), to: Point::END };
    Some(vec![Edit::Remove(head), Edit::Remove(tail)])
}

/// `trim it to the first 10 seconds` keeps what `trim the first 10 seconds` takes away.
fn to_length(clause: &Clause<'_>) -> bool {
    let until = clause.at(&Mark::Until);
    let time = clause.at(&Mark::When(Time::First)).or(clause.at(&Mark::When(Time::Last)));
    let time = time.or(clause.tokens.iter().position(|token| matches!(token.mark, Mark::Stretch(..))));
    // 8秒到11秒那段 begins and ends where it says.
    let ranges =
        |until: usize| until > 0 && matches!(clause.tokens[until - 1].mark, Mark::Time(_) | Mark::Number(_));
    matches!((until, time), (Some(until), Some(time)) if until < time && !ranges(until))
}

/// Whether a span is one end of the timeline.
fn ends(span: Span) -> bool {
    span.from == Point::START || span.to == Point::END
}

fn first(time: Millis) -> Option<Span> {
    (time > Millis(0)).then_some(Span { from: Point::START, to: Point::At(time) })
}

pub(super) fn fit(clause: &Clause<'_>, scene: &Scene<'_>) -> Option<Edit> {
    let long = clause.tokens.iter().find_map(|t| if let Mark::Long(by) = t.mark { Some(by) } else { None });
    if let Some(by) = long.filter(|_| scene.made && !overlay(clause) && clause.shot().is_none()) {
        let now = scene.state.duration();
        return (now > Millis(0)).then(|| Edit::Fit(Millis((now.0 as f64 * by).round() as u64)));
    }
    let time = clause.time()?;
    if begins_or_ends(clause).is_some() || clause.until().is_some() && clause.hears(Cue::Enough) {
        return None;
    }
    if !(scene.made || scene.soon)
        || !matches!(clause.subject(), Subject::Nothing | Subject::Video | Subject::Shots)
        || clause.has(&Mark::Each)
    {
        return None;
    }
    if !clause.quotes().is_empty() || clause.shot().is_some() {
        return None;
    }
    match clause.verb() {
        Some(Verb::Shorten | Verb::Stretch) => Some(Edit::Fit(time)),
        Some(Verb::Make | Verb::Generate | Verb::Change) if clause.span().is_none() => Some(Edit::Fit(time)),
        Some(Verb::Add) if clause.names(Noun::Length) => Some(Edit::Fit(time)),
        None if clause.until().is_some()
            && (clause.is(Quality::Faster) || clause.is(Quality::Slower))
            && clause.span().is_none() =>
        {
            clause.until().map(Edit::Fit)
        }
        None if clause.names(Noun::Length)
            || clause.has(&Mark::When(Time::For)) && clause.span().is_none()
            || alone(clause) =>
        {
            Some(Edit::Fit(time))
        }
        _ => None,
    }
}

/// `15 seconds please`, `the video should be 20 seconds`: a length and nothing else.
fn alone(clause: &Clause<'_>) -> bool {
    let silent = |mark: &Mark| {
        matches!(
            mark,
            Mark::Fill
                | Mark::Stay
                | Mark::Set
                | Mark::Comma
                | Mark::Noun(Noun::Video)
                | Mark::Time(_)
                | Mark::Until
        )
    };
    clause.span().is_none() && clause.tokens.iter().all(|token| silent(&token.mark))
}

pub(super) fn speed(clause: &Clause<'_>, scene: &Scene<'_>) -> Option<Edit> {
    let (faster, slower) = (clause.is(Quality::Faster), clause.is(Quality::Slower));
    let plain = clause.factor().is_some()
        && matches!(clause.subject(), Subject::Nothing | Subject::Video | Subject::Shots)
        && clause.verb() != Some(Verb::Duplicate);
    let softly = matches!(clause.subject(), Subject::Fade(_) | Subject::Joints | Subject::Motion);
    if overlay(clause) || softly || !(faster || slower || clause.subject() == Subject::Speed || plain) {
        return None;
    }
    if clause.factor().is_none() && clause.until().is_some() && clause.span().is_none() {
        // `speed it up to 10 seconds` says how long it is to be.
        return None;
    }
    let half = clause.has(&Mark::When(Time::Half)).then_some(0.5);
    let said = clause.factor().or(clause.percent()).or(half).filter(|factor| *factor > 0.0);
    let factor = match (said, faster, slower) {
        (Some(factor), _, true) if factor > 1.0 => 1.0 / factor,
        // `30% faster`
        (Some(factor), true, false) if factor < 1.0 && clause.percent().is_some() => 1.0 + factor,
        (Some(factor), _, true)
            if clause.percent().is_some() && !clause.has(&Mark::Until) && factor != 0.5 =>
        {
            1.0 - factor
        }
        (Some(factor), ..) => factor,
        (None, true, _) => FASTER,
        (None, _, true) if !clause.names(Noun::SlowMotion) => SLOWER,
        // `speed through the photos` is none.
        (None, ..) if !clause.names(Noun::SlowMotion) => return None,
        (None, ..) => SLOW_MOTION,
    };
    if factor <= 0.0 {
        return None;
    }
    let shot = clause.shot().map(|shot| named(shot, scene));
    Some(Edit::Speed((factor * 1000.0).round() / 1000.0, shot))
}

/// How long a photo, or each, stands.
pub(super) fn hold(clause: &Clause<'_>, scene: &Scene<'_>) -> Option<Edit> {
    // 多放两秒，一共6秒
    let total = clause.tokens.iter().position(|token| clause.cues(token, Cue::Total));
    let of_total = total.and_then(|at| Clause { tokens: &clause.tokens[at..], ..clause.clone() }.time());
    let time = of_total.or(clause.time())?;
    let verb = matches!(
        clause.verb(),
        None | Some(
            Verb::Keep
                | Verb::Add
                | Verb::Make
                | Verb::Change
                | Verb::Generate
                | Verb::Stretch
                | Verb::Shorten
                | Verb::Move
        )
    );
    // `a second off each end`
    let ends = clause.has(&Mark::Each) && clause.has(&Mark::When(Time::End));
    if overlay(clause)
        || ends
        || !verb
        || !clause.quotes().is_empty()
        || clause.is(Quality::Faster)
        || clause.is(Quality::Slower)
    {
        return None;
    }
    let other =
        matches!(clause.subject(), Subject::Fade(_) | Subject::Joints | Subject::Speed | Subject::Background);
    let clips = clause.names(Noun::Clip) && !clause.names(Noun::Photo);
    if other || clips || clause.blend().is_some() {
        return None;
    }
    // `photo 1 and photo 5 get 6 seconds each`
    if clause.has(&Mark::Each) && clause.shot().is_none() {
        return Some(Edit::Hold(None, time));
    }
    let shot = clause.shot()?;
    let still = match &shot {
        ShotRef::Named(name) => kind_of(scene.state, name) == Some(Kind::Image),
        ShotRef::Nth(_, kind) | ShotRef::Last(kind) => {
            *kind == Some(Kind::Image) || !clips && clause.names(Noun::Shot)
        }
    };
    // `keep the first photo from 2 to 6 s` is none, `cut the last photo to 3 s` is.
    let apart = clause.span().is_none() && clause.has(&Mark::When(Time::For));
    let wanted = still && (clause.span().is_none() || apart);
    wanted.then(|| Edit::Hold(Some(named(shot, scene)), time))
}

/// A shot by the whole name of its file.
pub(super) fn named(shot: ShotRef, scene: &Scene<'_>) -> ShotRef {
    match shot {
        ShotRef::Named(name) => ShotRef::Named(super::full_name(scene.state, &name)),
        other => other,
    }
}
