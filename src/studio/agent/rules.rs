//! The rules: one wish becomes the edits that it asks for.
//!
//! Every rule looks at the same clause and answers its edit or nothing; a clause may ask for
//! several things at once ("a vertical black and white video"), so all rules are asked, in order.

use crate::model::edit::{
    Edit, Level, Looks, Mood, Palette, Pick, Place, Point, ShotRef, Side, Span, TextRef, TextStyle, Tune,
};
use crate::model::media::{self, Kind};
use crate::model::state::State;
use crate::model::time::Millis;
use crate::studio::agent::clause::{Clause, Subject};
use crate::studio::agent::lex::Mark;
use crate::studio::agent::phrases::{Noun, Quality, Time, Verb};

/// A fade when no length is said.
const FADE: Millis = Millis(1000);
/// Faster and slower without a number.
const FASTER: f64 = 1.5;
const SLOWER: f64 = 0.75;
const SLOW_MOTION: f64 = 0.5;

/// What the rules know beside the clause: the project, as the wishes before leave it.
#[derive(Clone, Debug)]
pub(super) struct Scene<'a> {
    pub(super) state: &'a State,
    /// There is a picture, or a wish before makes one.
    pub(super) made: bool,
    /// A picture will be there: made of uploads, or of the sentences before.
    pub(super) soon: bool,
    pub(super) music: bool,
    pub(super) texts: bool,
}

type Rule = fn(&Clause<'_>, &Scene<'_>) -> Option<Edit>;

const RULES: &[Rule] = &[
    history, canvas, cut, fit, speed, order, append, text, music, sound, logo, fade, joints, motion, look,
    background,
];

/// Returns every edit that a clause asks for, making a new cut aside.
pub(super) fn edits(clause: &Clause<'_>, scene: &Scene<'_>) -> Vec<Edit> {
    RULES.iter().filter_map(|rule| rule(clause, scene)).collect()
}

/// Lets a clause without a subject of its own complete the edit before it: `at 20%`, `in red`.
pub(super) fn amend(clause: &Clause<'_>, last: &mut Edit) -> bool {
    let looks = clause.looks();
    let bare = matches!(clause.subject(), Subject::Nothing | Subject::Volume | Subject::Text(None));
    let verb = matches!(clause.verb(), None | Some(Verb::Add | Verb::Make | Verb::Change | Verb::Move));
    if !bare || !verb || !clause.quotes().is_empty() || clause.has(&Mark::Other) {
        return false;
    }
    let dressed =
        looks.place.is_some() || looks.color.is_some() || looks.size.is_some() || looks.effect.is_some();
    // `make it 15 seconds` speaks of the video, `for 5 seconds` of the text before.
    let timed = matches!(clause.verb(), None | Some(Verb::Add)) && looks != Looks::default();
    match last {
        Edit::Music(_, volume) if clause.percent().is_some() => *volume = clause.percent(),
        Edit::AddText(_, _, present) | Edit::ChangeText(_, _, present) if dressed || timed => {
            merge(present, looks);
        }
        Edit::Logo { place, size, .. } if looks.place.is_some() || looks.size.is_some() => {
            *place = looks.place.or(*place);
            *size = looks.size.or(*size);
        }
        Edit::Make(make) if timed && clause.time().is_some() => make.length = clause.time(),
        _ => return false,
    }
    true
}

fn merge(present: &mut Looks, more: Looks) {
    present.place = more.place.or(present.place);
    present.color = more.color.or(present.color.take());
    present.size = more.size.or(present.size);
    present.effect = more.effect.or(present.effect);
    present.from = more.from.or(present.from);
    present.to = more.to.or(present.to);
    present.length = more.length.or(present.length);
}

/// Whether the clause is about what lies over the picture or under it, not the picture itself.
fn overlay(clause: &Clause<'_>) -> bool {
    matches!(
        clause.subject(),
        Subject::Text(_) | Subject::Music | Subject::Logo | Subject::Sound | Subject::Volume
    )
}

fn history(clause: &Clause<'_>, _: &Scene<'_>) -> Option<Edit> {
    match clause.verb()? {
        Verb::Undo => Some(Edit::Undo),
        Verb::StartOver => Some(Edit::StartOver),
        _ => None,
    }
}

fn canvas(clause: &Clause<'_>, scene: &Scene<'_>) -> Option<Edit> {
    let now = scene.state.canvas().map_or(1080, |canvas| canvas.width.min(canvas.height));
    let side = clause.side().filter(|side| *side != now);
    let shape = clause.shape();
    if overlay(clause) && !clause.names(Noun::Video) || clause.does(Verb::Export) {
        return None;
    }
    (shape.is_some() || side.is_some()).then_some(Edit::Canvas { shape, side })
}

fn cut(clause: &Clause<'_>, _: &Scene<'_>) -> Option<Edit> {
    if overlay(clause) || matches!(clause.subject(), Subject::Fade(_) | Subject::Joints) {
        return None;
    }
    let span = clause.span();
    let edge = clause.time().filter(|_| clause.has(&Mark::From) || clause.has(&Mark::Fill));
    match (clause.verb()?, span) {
        (Verb::Keep, Some(span)) => Some(Edit::Keep(span)),
        (Verb::Keep, None) => first(clause.time()?).map(Edit::Keep),
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

/// `trim it to the first 10 seconds` keeps what `trim the first 10 seconds` takes away.
fn to_length(clause: &Clause<'_>) -> bool {
    let until = clause.at(&Mark::Until);
    let time = clause.at(&Mark::When(Time::First)).or(clause.at(&Mark::When(Time::Last)));
    matches!((until, time), (Some(until), Some(time)) if until < time)
}

/// Whether a span is one end of the timeline.
fn ends(span: Span) -> bool {
    span.from == Point::START || span.to == Point::END
}

fn first(time: Millis) -> Option<Span> {
    (time > Millis(0)).then_some(Span { from: Point::START, to: Point::At(time) })
}

fn fit(clause: &Clause<'_>, scene: &Scene<'_>) -> Option<Edit> {
    let time = clause.time()?;
    if !(scene.made || scene.soon)
        || !matches!(clause.subject(), Subject::Nothing | Subject::Video | Subject::Shots)
    {
        return None;
    }
    if !clause.quotes().is_empty() || clause.shot().is_some() {
        return None;
    }
    match clause.verb() {
        Some(Verb::Shorten | Verb::Stretch) => Some(Edit::Fit(time)),
        Some(Verb::Make | Verb::Generate | Verb::Change) if clause.span().is_none() => Some(Edit::Fit(time)),
        None if clause.names(Noun::Length)
            || clause.has(&Mark::When(Time::For)) && clause.span().is_none() =>
        {
            Some(Edit::Fit(time))
        }
        _ => None,
    }
}

fn speed(clause: &Clause<'_>, _: &Scene<'_>) -> Option<Edit> {
    let (faster, slower) = (clause.is(Quality::Faster), clause.is(Quality::Slower));
    if overlay(clause) || !(faster || slower || clause.names(Noun::Speed)) {
        return None;
    }
    let half = clause.has(&Mark::When(Time::Half)).then_some(0.5);
    let said = clause.factor().or(clause.percent()).or(half).filter(|factor| *factor > 0.0);
    let factor = match (said, faster, slower) {
        (Some(factor), _, true) if factor > 1.0 => 1.0 / factor,
        (Some(factor), ..) => factor,
        (None, true, _) => FASTER,
        (None, _, true) => SLOWER,
        (None, ..) => SLOW_MOTION,
    };
    Some(Edit::Speed((factor * 1000.0).round() / 1000.0))
}

fn order(clause: &Clause<'_>, scene: &Scene<'_>) -> Option<Edit> {
    if overlay(clause) || !(scene.made || scene.soon) {
        return None;
    }
    let verb = clause.verb()?;
    if verb == Verb::Reverse {
        return Some(Edit::Reverse);
    }
    let shot = clause.shot()?;
    match verb {
        Verb::Remove if clause.span().is_none() => Some(Edit::Delete(shot)),
        Verb::Duplicate => Some(Edit::Duplicate(shot)),
        Verb::Move | Verb::Add => {
            let named = matches!(shot, ShotRef::Named(_) | ShotRef::Last(_));
            let number = clause.numbers().get(usize::from(!named)).copied();
            let start = clause.has(&Mark::When(Time::Start)).then_some(1);
            let last = clause.tokens.last().is_some_and(|token| token.mark == Mark::When(Time::Last));
            let end = (last || clause.has(&Mark::When(Time::End))).then_some(usize::MAX);
            if verb == Verb::Add && named {
                return None;
            }
            Some(Edit::Move(shot, number.or(start).or(end)?))
        }
        _ => None,
    }
}

fn append(clause: &Clause<'_>, scene: &Scene<'_>) -> Option<Edit> {
    if !scene.made || overlay(clause) || clause.verb() != Some(Verb::Add) || !clause.numbers().is_empty() {
        return None;
    }
    let visual = |name: &&str| kind_of(scene.state, name) != Some(Kind::Audio);
    let files: Vec<String> =
        clause.files().iter().filter(|name| visual(name)).map(|name| full_name(scene.state, name)).collect();
    if !files.is_empty() {
        return Some(Edit::Append(Pick::Named(files)));
    }
    let present = clause.blend().is_none() && clause.look().is_none() && clause.subject() == Subject::Shots;
    let kind = if clause.names(Noun::Photo) { Kind::Image } else { Kind::Video };
    present.then_some(Edit::Append(Pick::Of(kind)))
}

fn text(clause: &Clause<'_>, scene: &Scene<'_>) -> Option<Edit> {
    let subject = clause.subject();
    let mut quotes: Vec<String> = clause.quotes().into_iter().map(str::to_owned).collect();
    let style = match subject {
        Subject::Text(style) => style,
        Subject::Nothing | Subject::Video | Subject::Background if !quotes.is_empty() => None,
        Subject::Nothing if scene.texts && !clause.has(&Mark::Other) => {
            return restyle(clause, TextRef::Latest);
        }
        _ => return None,
    };
    let verb = clause.verb().unwrap_or(Verb::Add);
    let of_style = style.map_or(TextRef::Latest, TextRef::Style);
    let of_all = style.map_or(TextRef::All, TextRef::Style);
    if verb == Verb::Remove {
        return Some(Edit::RemoveText(quotes.pop().map_or(of_all, TextRef::Saying)));
    }
    if quotes.is_empty() {
        quotes.extend(unquoted(clause));
    }
    let looks = clause.looks();
    let changes = matches!(verb, Verb::Change | Verb::Make | Verb::Move);
    match (quotes.len(), changes) {
        (2.., true) => {
            Some(Edit::ChangeText(TextRef::Saying(quotes[0].clone()), Some(quotes[1].clone()), looks))
        }
        (1, true) if scene.texts && replaces(clause) => {
            Some(Edit::ChangeText(of_style, Some(quotes[0].clone()), looks))
        }
        (1, true) if scene.texts && looks != Looks::default() => {
            Some(Edit::ChangeText(TextRef::Saying(quotes[0].clone()), None, looks))
        }
        (0, _) => restyle(clause, of_all).filter(|_| scene.texts),
        _ => Some(Edit::AddText(style.unwrap_or(style_at(looks.place)), quotes[0].clone(), looks)),
    }
}

/// `change the title to 'B'`, `set the title 'B'`: the quotation is what it will say.
fn replaces(clause: &Clause<'_>) -> bool {
    let quote = clause.tokens.iter().position(|token| matches!(token.mark, Mark::Quote(_)));
    let quote = quote.unwrap_or(clause.tokens.len());
    let before = &clause.tokens[..quote.min(clause.tokens.len())];
    let points = before.iter().any(|token| token.mark == Mark::Until);
    points || clause.looks() == Looks::default()
}

/// A text without a style is a title, at the bottom a caption.
fn style_at(place: Option<Place>) -> TextStyle {
    match place {
        Some(Place::BottomLeft | Place::BottomCenter | Place::BottomRight) => TextStyle::Caption,
        _ => TextStyle::Title,
    }
}

/// Other looks for a text that is there.
fn restyle(clause: &Clause<'_>, which: TextRef) -> Option<Edit> {
    let looks = clause.looks();
    // A time alone speaks of the video, when nothing says that a text is meant.
    let told =
        looks.place.is_some() || looks.color.is_some() || looks.size.is_some() || looks.effect.is_some();
    let meant = clause.subject() != Subject::Nothing;
    let changed = told || meant && looks != Looks::default();
    let verb = matches!(clause.verb(), None | Some(Verb::Change | Verb::Make | Verb::Move | Verb::Add));
    (changed && verb).then_some(Edit::ChangeText(which, None, looks))
}

/// The words of a text that stands without quotes: `add the title Morning Brew at the top`.
fn unquoted(clause: &Clause<'_>) -> Option<String> {
    let is_text = |mark: &Mark| {
        matches!(
            mark,
            Mark::Noun(Noun::Title | Noun::Caption | Noun::LowerThird | Noun::CallToAction | Noun::Text)
        )
    };
    let noun = clause.tokens.iter().rposition(|token| is_text(&token.mark))?;
    let colon = clause.at(&Mark::Colon).filter(|at| *at > noun);
    let from = colon.unwrap_or(noun) + 1;
    let skip = |mark: &Mark| matches!(mark, Mark::Fill | Mark::Colon | Mark::Until | Mark::Stay);
    let from = from + clause.tokens.get(from..)?.iter().take_while(|token| skip(&token.mark)).count();
    let stops = |mark: &Mark| {
        let quality = matches!(mark, Mark::Quality(Quality::Place(_) | Quality::Size(_)) | Mark::Color(_));
        quality || matches!(mark, Mark::When(_) | Mark::Time(_) | Mark::From | Mark::Comma)
    };
    let words = clause.tokens.get(from..)?;
    let count = match colon {
        Some(_) => words.len(),
        None => words.iter().position(|token| stops(&token.mark)).unwrap_or(words.len()),
    };
    let words = &words[..count];
    words.iter().any(|token| token.mark == Mark::Other).then_some(())?;
    let (first, last) = (words.first()?, words.last()?);
    Some(clause.request[first.from..last.to].trim().to_owned())
}

fn music(clause: &Clause<'_>, scene: &Scene<'_>) -> Option<Edit> {
    let sound = clause.files().into_iter().find(|name| kind_of(scene.state, name) == Some(Kind::Audio));
    let named = clause.names(Noun::Music) || sound.is_some();
    let mood = clause.mood().filter(|_| matches!(clause.subject(), Subject::Nothing | Subject::Music));
    let moody = mood.is_some() && matches!(clause.verb(), None | Some(Verb::Add | Verb::Change));
    if clause.is(Quality::NoMusic) || clause.is_silent() && scene.music {
        return Some(Edit::RemoveMusic);
    }
    if matches!(clause.subject(), Subject::Text(_) | Subject::Logo) || !(named || moody) {
        return None;
    }
    if clause.verb() == Some(Verb::Remove) {
        return Some(Edit::RemoveMusic);
    }
    if let Some(side) = clause.fade() {
        return Some(Edit::MusicFade(side, clause.time().unwrap_or(FADE)));
    }
    if clause.does(Verb::Mute) {
        return Some(Edit::MusicVolume(Level::To(0.0)));
    }
    if scene.music
        && mood.is_none()
        && sound.is_none()
        && let Some(level) = clause.level()
    {
        return Some(Edit::MusicVolume(level));
    }
    let uploads = scene.state.media.iter().any(|item| item.kind == Some(Kind::Audio));
    let tune = match (sound, mood) {
        (Some(name), _) => Tune::Upload(Some(full_name(scene.state, name))),
        (None, Some(mood)) => Tune::Made(mood),
        (None, None) if uploads => Tune::Upload(None),
        (None, None) => Tune::Made(Mood::LoFi),
    };
    Some(Edit::Music(tune, clause.percent()))
}

fn sound(clause: &Clause<'_>, scene: &Scene<'_>) -> Option<Edit> {
    let subject = clause.subject();
    // Where music is all that sounds, silence takes only that away.
    let clips = scene.state.media.iter().any(|item| item.kind == Some(Kind::Video));
    let silent = clause.is_silent() && (clips || !scene.music);
    let mutes = clause.does(Verb::Mute) && !clause.names(Noun::Music) || silent;
    if mutes || subject == Subject::Sound && clause.verb() == Some(Verb::Remove) {
        return Some(Edit::Sound(Level::To(0.0)));
    }
    let level = clause.level();
    let level = level.filter(|level| {
        matches!(level, Level::To(_))
            || clause.size().is_none()
            || subject == Subject::Volume
            || subject == Subject::Sound
    });
    match subject {
        Subject::Sound if clause.verb() == Some(Verb::Keep) => Some(Edit::Sound(Level::To(1.0))),
        Subject::Sound => level.map(Edit::Sound),
        Subject::Volume if scene.music => level.map(Edit::MusicVolume),
        Subject::Volume => level.map(Edit::Sound),
        Subject::Nothing if clause.is(Quality::Louder) || clause.is(Quality::Quieter) => {
            level.map(if scene.music { Edit::MusicVolume } else { Edit::Sound })
        }
        _ => None,
    }
}

fn logo(clause: &Clause<'_>, scene: &Scene<'_>) -> Option<Edit> {
    if clause.subject() != Subject::Logo {
        return None;
    }
    if clause.verb() == Some(Verb::Remove) {
        return Some(Edit::RemoveLogo);
    }
    let media = clause.files().first().map(|name| full_name(scene.state, name));
    Some(Edit::Logo { media, place: clause.place(), size: clause.size() })
}

fn fade(clause: &Clause<'_>, _: &Scene<'_>) -> Option<Edit> {
    let Subject::Fade(side) = clause.subject() else { return None };
    let side = clause.fade().unwrap_or(side);
    let length = if clause.verb() == Some(Verb::Remove) { Millis(0) } else { clause.time().unwrap_or(FADE) };
    Some(Edit::Fade(side, length))
}

fn joints(clause: &Clause<'_>, _: &Scene<'_>) -> Option<Edit> {
    use crate::model::edit::Blend;
    if clause.subject() != Subject::Joints {
        return None;
    }
    if clause.verb() == Some(Verb::Remove) {
        return Some(Edit::Joints(None, None));
    }
    let faded = clause.fade().map(|_: Side| Blend::Crossfade);
    let hard = clause.tokens.iter().any(|token| {
        let word = clause.request[token.from..token.to].to_ascii_lowercase();
        token.mark == Mark::Noun(Noun::Joint) && word.contains("cuts")
    });
    let plain = hard || clause.does(Verb::Cut);
    let blend = clause.blend().or(faded).or((!plain).then_some(Blend::Crossfade));
    Some(Edit::Joints(blend, clause.time()))
}

fn motion(clause: &Clause<'_>, _: &Scene<'_>) -> Option<Edit> {
    (clause.subject() == Subject::Motion).then(|| Edit::Motion(clause.verb() != Some(Verb::Remove)))
}

fn look(clause: &Clause<'_>, _: &Scene<'_>) -> Option<Edit> {
    if overlay(clause) && !clause.names(Noun::Video) || clause.subject() == Subject::Background {
        return None;
    }
    let removes = clause.verb() == Some(Verb::Remove);
    if removes && (clause.subject() == Subject::Look || clause.look().is_some()) {
        return Some(Edit::Look(None));
    }
    clause.look().map(|look| Edit::Look(Some(look)))
}

fn background(clause: &Clause<'_>, _: &Scene<'_>) -> Option<Edit> {
    let palette: Option<Palette> = clause.palette();
    palette
        .filter(|_| clause.subject() == Subject::Background && clause.quotes().is_empty())
        .map(Edit::Background)
}

/// The whole name of a file that was named without its ending.
pub(super) fn full_name(state: &State, name: &str) -> String {
    let fits = |item: &&crate::model::state::MediaItem| {
        item.name.eq_ignore_ascii_case(name) || item.label().eq_ignore_ascii_case(name)
    };
    state.media.iter().rev().find(fits).map_or_else(|| name.to_owned(), |item| item.name.clone())
}

fn kind_of(state: &State, name: &str) -> Option<Kind> {
    let full = full_name(state, name);
    let item = state.media.iter().find(|item| item.name == full);
    item.and_then(|item| item.kind).or_else(|| media::format_of(&full).map(|format| format.kind))
}
