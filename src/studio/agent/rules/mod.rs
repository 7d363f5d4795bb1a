//! The rules: one wish becomes the edits that it asks for.
//!
//! Every rule looks at the same clause and answers its edits; a clause may ask for several
//! things at once ("a vertical black and white video"), so all rules are asked, in order.

mod cut;
pub(super) mod order;
pub(super) mod others;
mod part;
mod picture;
mod sound;
mod text;

use crate::model::edit::{Edit, Level, Looks, Mood, Point, Tune};
use crate::model::media::{self, Kind};
use crate::model::state::State;
use crate::model::time::Millis;
use crate::studio::agent::brand;
use crate::studio::agent::clause::{Clause, Subject};
use crate::studio::agent::lex::{Mark, Token};
use crate::studio::agent::phrases::{Cue, Noun, Time, Verb};
use crate::studio::agent::words;

/// Nobody goes back further in one message.
const STEPS_MAX: f64 = 10.0;
/// A fade when no length is said.
pub(super) const FADE: Millis = Millis(1000);

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
    /// What was said last and asked for nothing: `yoga for desk workers, a vertical video`.
    pub(super) said: Option<String>,
    /// Words that were brought along to be spoken.
    pub(super) spoken: Option<String>,
}

type Rule = fn(&Clause<'_>, &Scene<'_>) -> Option<Edit>;

const RULES: &[Rule] = &[
    history,
    picture::canvas,
    picture::fill,
    cut::cut,
    cut::fit,
    cut::speed,
    cut::hold,
    order::order,
    order::append,
    text::text,
    text::end_card,
    text::voice,
    sound::music,
    sound::duck,
    sound::sound,
    picture::logo,
    picture::progress,
    picture::fade,
    picture::joints,
    picture::motion,
    picture::look,
    picture::background,
    brand::brand,
];

/// Returns every edit that a clause asks for, making a new cut aside, and whether some were left
/// out because they cannot be done to the part that it names.
pub(super) fn edits(clause: &Clause<'_>, scene: &Scene<'_>) -> (Vec<Edit>, bool) {
    match others::but(clause, scene) {
        found if found.is_empty() => of_named(clause, scene),
        found => (found, false),
    }
}

/// [`edits`], of a clause that leaves no shot out.
fn of_named(clause: &Clause<'_>, scene: &Scene<'_>) -> (Vec<Edit>, bool) {
    // In `call to action Shop the drop` nothing is dropped.
    let named = words::named(clause).map(|told| told.tokens);
    let shown = words::told(clause)
        .filter(|told| told.named && !told.tokens.iter().any(is_quote))
        .map(|told| told.tokens)
        .or(named)
        .unwrap_or_default();
    let mut tokens = clause.tokens.to_vec();
    for token in tokens.iter_mut().filter(|token| shown.contains(token)) {
        token.mark = Mark::Other;
    }
    let clause = &Clause { tokens: &tokens, ..clause.clone() };
    let mut found = steps_back(clause);
    if found.is_empty() {
        found = cut::both_ends(clause).unwrap_or_default();
    }
    if found.is_empty() {
        found = order::several(clause, scene);
    }
    if found.is_empty() {
        found = order::only(clause, scene);
    }
    if found.is_empty() {
        found = order::beyond(clause, scene);
    }
    if found.is_empty() {
        found.extend(RULES.iter().filter_map(|rule| rule(clause, scene)));
    }
    let silent = found.contains(&Edit::Sound(Level::To(0.0), None)) && !found.contains(&Edit::RemoveMusic);
    // `mute everything`, `no audio whatsoever`, `一点声音都不要`: the music too.
    if silent && scene.music && clause.span().is_none() && clause.hears(Cue::Utterly) {
        found.push(Edit::RemoveMusic);
    }
    part::placed(clause, scene, found)
}

fn is_quote(token: &Token) -> bool {
    matches!(token.mark, Mark::Quote(_))
}

/// Whether a clause asks that something stays as it is: `but keep the music`.
pub(super) fn leaves_alone(clause: &Clause<'_>) -> bool {
    let told = clause.time().is_some() || clause.percent().is_some() || !clause.quotes().is_empty();
    clause.verb() == Some(Verb::Keep)
        && !told
        && clause.looks() == Looks::default()
        && clause.span().is_none()
        && !clause.has(&Mark::Other)
        && matches!(
            clause.subject(),
            Subject::Music | Subject::Text(_) | Subject::Logo | Subject::Joints | Subject::Progress
        )
}

/// Whether a clause gives nothing a quality: `leave the rest`, but not `make the rest brighter`.
pub(super) fn plain(clause: &Clause<'_>) -> bool {
    let quality = |token: &Token| {
        matches!(
            token.mark,
            Mark::Quality(_) | Mark::Color(_) | Mark::Time(_) | Mark::Factor(_) | Mark::Percent(_)
        )
    };
    !clause.tokens.iter().any(quality)
}

/// Lets a clause without a subject of its own complete the edit before it: `at 20%`, `in red`.
pub(super) fn amend(clause: &Clause<'_>, last: &mut Edit) -> bool {
    if let Some(narrowed) = part::narrowed(clause, last) {
        *last = narrowed;
        return true;
    }
    let looks = clause.looks();
    let shaped = clause.shape().is_some()
        || clause.side().is_some()
        || clause.look().is_some()
        || clause.fill().is_some();
    let bare =
        matches!(clause.subject(), Subject::Nothing | Subject::Volume | Subject::Text(None)) && !shaped;
    // `have the title pop in and stay until second 6`
    let stays = clause.verb() == Some(Verb::Keep)
        && ["stay", "stays", "remain", "hold", "leave", "keep"].iter().any(|word| clause.says(word));
    let stays = stays && matches!(last, Edit::AddText(..) | Edit::ChangeText(..));
    let verb =
        stays || matches!(clause.verb(), None | Some(Verb::Add | Verb::Make | Verb::Change | Verb::Move));
    if !bare
        || !verb
        || !clause.quotes().is_empty()
        || clause.has(&Mark::Other) && !clause.has_percent()
        || clause.shot().is_some()
    {
        return false;
    }
    // `fade in and out, two seconds each`
    let each = clause.has(&Mark::Each);
    if each && !matches!(last, Edit::Fade(..) | Edit::MusicFade(..)) {
        return false;
    }
    let dressed =
        looks.place.is_some() || looks.color.is_some() || looks.size.is_some() || looks.effect.is_some();
    // `make it 15 seconds` speaks of the video, `for 5 seconds` of the text before.
    let timed = (stays || matches!(clause.verb(), None | Some(Verb::Add))) && looks != Looks::default();
    let time = clause.time().filter(|_| timed && !dressed);
    match last {
        Edit::Music(_, volume) if clause.percent().is_some() => *volume = clause.percent(),
        Edit::Music(tune @ Tune::Made(Mood::LoFi), _)
            if clause.mood().is_some() && !clause.names(Noun::Video) =>
        {
            *tune = clause.mood().map_or(Tune::Made(Mood::LoFi), Tune::Made);
        }
        Edit::AddText(_, _, present) | Edit::ChangeText(_, _, present) if dressed || timed => {
            merge(present, looks);
        }
        Edit::Logo { place, size, .. } if looks.place.is_some() || looks.size.is_some() => {
            *place = looks.place.or(*place);
            *size = looks.size.or(*size);
        }
        Edit::Progress(color) if looks.color.is_some() => *color = looks.color,
        Edit::Fade(_, length) | Edit::MusicFade(_, length) if time.is_some() && *length == FADE => {
            *length = time.unwrap_or(FADE);
        }
        Edit::Joints(Some(_), length) if time.is_some() && length.is_none() => *length = time,
        Edit::Make(make) if timed && clause.time().is_some() && make.length.is_none() => {
            make.length = clause.time();
        }
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
    // What begins at a time stays to the end by itself.
    present.to = more.to.filter(|to| *to != Point::END || present.from.is_none()).or(present.to);
    present.length = more.length.or(present.length);
}

/// Whether the clause is about what lies over the picture or under it, not the picture itself.
fn overlay(clause: &Clause<'_>) -> bool {
    use Subject::{Duck, EndCard, Logo, Music, Progress, Sound, Text, Voice, Volume};
    matches!(clause.subject(), Text(_) | Music | Logo | Sound | Volume | EndCard | Voice | Progress | Duck)
}

fn history(clause: &Clause<'_>, _: &Scene<'_>) -> Option<Edit> {
    match clause.verb()? {
        // `put it back to 16:9` names what it goes back to.
        Verb::Undo
            if clause.shape().is_none()
                && clause.look().is_none()
                && clause.quotes().is_empty()
                && !matches!(clause.subject(), Subject::Duck | Subject::Voice)
                && ![Noun::Plain, Noun::Look].into_iter().any(|noun| clause.names(noun)) =>
        {
            Some(Edit::Undo)
        }
        Verb::StartOver => Some(Edit::StartOver),
        _ => None,
    }
}

/// `undo twice`, `go back two steps`, `撤销两步`: one step each.
fn steps_back(clause: &Clause<'_>) -> Vec<Edit> {
    let said = clause.tokens.iter().find_map(|token| match token.mark {
        Mark::Number(n) | Mark::Factor(n) if (2.0..=STEPS_MAX).contains(&n) => Some(n as usize),
        Mark::Do(Verb::Duplicate) => Some(2),
        _ => None,
    });
    // `undo that and the step before it`
    let before = clause.has(&Mark::When(Time::Before)) && clause.has(&Mark::Join);
    let said = said.or(before.then_some(2));
    let count = said.filter(|_| clause.verb() == Some(Verb::Undo)).unwrap_or_default();
    vec![Edit::Undo; count]
}

/// Whether the clause ends with a word of time: `put it last`.
fn ends_with(clause: &Clause<'_>, time: Time) -> bool {
    let silent = |mark: &Mark| matches!(mark, Mark::Fill | Mark::Stay);
    clause.tokens.iter().rev().find(|token| !silent(&token.mark)).is_some_and(|t| t.mark == Mark::When(time))
}

/// The whole name of a file that was named without its ending.
pub(super) fn full_name(state: &State, name: &str) -> String {
    let fits = |item: &&crate::model::state::MediaItem| {
        item.name.eq_ignore_ascii_case(name) || item.label().eq_ignore_ascii_case(name)
    };
    state.media.iter().rev().find(fits).map_or_else(|| name.to_owned(), |item| item.name.clone())
}

/// What a named file holds, by its upload or its ending.
pub(super) fn kind_of(state: &State, name: &str) -> Option<Kind> {
    let full = full_name(state, name);
    let item = state.media.iter().find(|item| item.name == full);
    item.and_then(|item| item.kind).or_else(|| media::format_of(&full).map(|format| format.kind))
}
