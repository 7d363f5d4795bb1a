//! Rules of words: texts on the picture, the end card, the voice-over.

use crate::model::draft::TrackKind;
use crate::model::edit::{Edit, Effect, Looks, Point, TextRef, TextStyle};
use crate::model::media::{self, Kind};
use crate::model::time::Millis;
use crate::studio::agent::brief;
use crate::studio::agent::clause::{Clause, Subject};
use crate::studio::agent::lex::{Mark, Token};
use crate::studio::agent::phrases::{Cue, Noun, Quality, Time, Verb};
use crate::studio::agent::rules::cut::named;
use crate::studio::agent::rules::order::position;
use crate::studio::agent::rules::{Scene, leaves_alone};
use crate::studio::agent::words::{before_noun, named as named_words, told, unquoted};

pub(super) fn text(clause: &Clause<'_>, scene: &Scene<'_>) -> Option<Edit> {
    let subject = clause.subject();
    let mut quotes: Vec<String> = clause.quotes().into_iter().map(str::to_owned).collect();
    let subtitles = clause.files().into_iter().find(is_subtitles);
    let removes = clause.verb() == Some(Verb::Remove);
    if !removes && (subtitles.is_some() || clause.names(Noun::SubtitleFile) && quotes.is_empty()) {
        return Some(Edit::CaptionFile(subtitles.map(str::to_owned)));
    }
    let style = match subject {
        Subject::Text(style) => style,
        Subject::Nothing | Subject::Video | Subject::Background if !quotes.is_empty() => None,
        Subject::Nothing if scene.texts && removes && points(clause) => {
            return Some(Edit::RemoveText(TextRef::Latest));
        }
        // `show 'Kyoto' on the second photo`
        Subject::Shots if !quotes.is_empty() => None,
        Subject::Nothing if clause.verb() == Some(Verb::Keep) => return None,
        // `too fast to read`
        Subject::Nothing if clause.is(Quality::Faster) || clause.is(Quality::Slower) => return None,
        // `put Closing Soon at the top`
        Subject::Nothing if named_words(clause).is_some() => {
            quotes.extend(named_words(clause).map(|told| told.words));
            None
        }
        Subject::Nothing if scene.texts && !clause.has(&Mark::Other) && clause.shot().is_none() => {
            return restyle(clause, TextRef::Latest);
        }
        _ => return None,
    };
    if leaves_alone(clause) {
        return None;
    }
    let changed = arrow(clause) || scene.texts && restated(clause);
    let verb = clause.verb().unwrap_or(if changed { Verb::Change } else { Verb::Add });
    let of_style = style.map_or(TextRef::Latest, TextRef::Style);
    let of_all = match style {
        Some(style) => TextRef::Style(style),
        None if latest(clause) => TextRef::Latest,
        None => TextRef::All,
    };
    if verb == Verb::Remove && clause.hears(Cue::Animation) {
        let still = Looks { effect: Some(Effect::None), ..Looks::default() };
        return Some(Edit::ChangeText(of_all, None, still));
    }
    if let Some(time) = clause.until().filter(|_| verb == Verb::Remove && late(clause)) {
        let looks = Looks { from: Some(Point::At(time)), ..Looks::default() };
        return Some(Edit::ChangeText(of_all, None, looks));
    }
    if verb == Verb::Remove {
        return Some(Edit::RemoveText(quotes.pop().map_or(of_all, TextRef::Saying)));
    }
    let changes = matches!(verb, Verb::Change | Verb::Make | Verb::Move);
    let quotes = shown(clause, quotes, verb, scene.texts && changes);
    let mut looks = dressed(clause);
    if let Some((from, to)) = over(clause, scene).filter(|_| looks.from.is_none() && !changes) {
        (looks.from, looks.to) = (Some(Point::At(from)), Some(Point::At(to)));
    }
    match (quotes.len(), changes) {
        (2.., true) => {
            Some(Edit::ChangeText(TextRef::Saying(quotes[0].clone()), Some(quotes[1].clone()), looks))
        }
        (1, true) if scene.texts && replaces(clause) => {
            Some(Edit::ChangeText(of_style, Some(quotes[0].clone()), looks))
        }
        (1, true) if scene.texts && looks != Looks::default() && says(scene, &quotes[0]) => {
            Some(Edit::ChangeText(TextRef::Saying(quotes[0].clone()), None, looks))
        }
        (0, _) => restyle(clause, of_all).filter(|_| scene.texts),
        _ if style == Some(TextStyle::Caption) && several(&quotes) && looks == Looks::default() => {
            Some(Edit::Captions(quotes.join("\n")))
        }
        // `the title says Hello` asks for no second one.
        _ if clause.verb().is_none() && clause.hears(Cue::Finite) && shows(scene, &quotes[0]) => None,
        _ => Some(Edit::AddText(style.unwrap_or(TextStyle::Title), quotes[0].clone(), looks)),
    }
}

/// `don't show the title until 5 seconds in`
fn late(clause: &Clause<'_>) -> bool {
    let verb = clause.tokens.iter().find(|token| matches!(token.mark, Mark::Do(_)));
    verb.is_some_and(|verb| Cue::Forbidding.heard(&clause.word(verb)))
}

/// `title → 'Harbour at dawn'`
fn arrow(clause: &Clause<'_>) -> bool {
    let Some(at) = clause.at(&Mark::Until).filter(|at| *at > 0) else { return false };
    let quote = clause.tokens.get(at + 1).is_some_and(|next| matches!(next.mark, Mark::Quote(_)));
    quote && matches!(clause.tokens[at - 1].mark, Mark::Noun(_))
}

/// `have the title say Welcome`: the one that is there.
fn restated(clause: &Clause<'_>) -> bool {
    let says = |three: &[Token]| {
        let text = matches!(three[1].mark, Mark::Noun(Noun::Title | Noun::Caption | Noun::Text));
        three[0].mark == Mark::Stay && text && ["say", "read"].contains(&clause.word(&three[2]).as_str())
    };
    clause.tokens.windows(3).any(says)
}

/// The words that a text is to show: those in quotes, else those that stand for them.
fn shown(clause: &Clause<'_>, mut quotes: Vec<String>, verb: Verb, changes: bool) -> Vec<String> {
    if quotes.len() == 1 && changes {
        quotes.extend(replacement(clause));
    }
    // `add the title Hello World`, where a text says Hello already.
    let meant = clause.tokens.iter().any(|token| {
        let quoted = !clause.request[token.from..token.to].starts_with(|c: char| c.is_alphanumeric());
        matches!(token.mark, Mark::Quote(_)) && quoted
    });
    let bare = if verb == Verb::Add && !meant { std::mem::take(&mut quotes) } else { Vec::new() };
    if quotes.is_empty() || addressed(clause) {
        let words = unquoted(clause).or_else(|| before_noun(clause));
        quotes = words.map_or(quotes, |words| vec![words]);
    }
    if quotes.is_empty() { bare } else { quotes }
}

/// `reads Thanks, acme.org`: the address of a page is not all that is to be shown.
fn addressed(clause: &Clause<'_>) -> bool {
    let bare = |token: &Token| {
        let plain = clause.request[token.from..].starts_with(char::is_alphanumeric);
        matches!(&token.mark, Mark::Quote(words) if words.contains('.')) && plain
    };
    let told = told(clause).is_some_and(|told| told.tokens.iter().any(bare));
    told && clause.quotes().len() == 1
}

/// The looks that a clause gives a text; 小学老师 is the name of a job, and no size.
fn dressed(clause: &Clause<'_>) -> Looks {
    let said =
        told(clause).filter(|_| clause.quotes().is_empty()).map(|told| told.tokens).unwrap_or_default();
    let plain: Vec<Token> = clause.tokens.iter().filter(|token| !said.contains(token)).cloned().collect();
    Clause { tokens: &plain, ..clause.clone() }.looks()
}

/// Whether a text on the timeline holds these words.
fn says(scene: &Scene<'_>, words: &str) -> bool {
    let words = words.to_lowercase();
    let tracks = scene.state.draft.as_ref().map(|draft| draft.tracks()).unwrap_or_default();
    let mut texts = tracks.iter().flat_map(|track| &track.segments).filter_map(|segment| segment.text);
    texts.any(|text| text.to_lowercase().contains(&words))
}

/// Whether a text on the timeline is these words.
fn shows(scene: &Scene<'_>, words: &str) -> bool {
    let tracks = scene.state.draft.as_ref().map(|draft| draft.tracks()).unwrap_or_default();
    let mut texts = tracks.iter().flat_map(|track| &track.segments).filter_map(|segment| segment.text);
    texts.any(|text| text.eq_ignore_ascii_case(words))
}

/// When the shot stands that a text is laid over.
fn over(clause: &Clause<'_>, scene: &Scene<'_>) -> Option<(Millis, Millis)> {
    let at = position(scene, &named(clause.shot()?, scene))?;
    let tracks = scene.state.draft.as_ref()?.tracks();
    let main = tracks.iter().find(|track| track.kind == TrackKind::Video)?;
    let shot = main.segments.get(at - 1)?;
    Some((shot.start, shot.end()))
}

/// Ends the video with a card of the words that are given, else of what the project is called.
pub(super) fn end_card(clause: &Clause<'_>, scene: &Scene<'_>) -> Option<Edit> {
    if clause.subject() != Subject::EndCard {
        return None;
    }
    if clause.verb() == Some(Verb::Remove) {
        return Some(Edit::RemoveEndCard);
    }
    let quotes = clause.quotes().join("\n");
    let quotes = Some(quotes).filter(|words| !words.is_empty() && !addressed(clause));
    let words = quotes.or_else(|| unquoted(clause));
    Some(Edit::EndCard(words.or_else(|| brief::own_title(scene.state)).unwrap_or_default()))
}

/// Speaks the words that are given, else those that the project shows.
pub(super) fn voice(clause: &Clause<'_>, scene: &Scene<'_>) -> Option<Edit> {
    if clause.subject() != Subject::Voice {
        return None;
    }
    if clause.verb() == Some(Verb::Remove) {
        return Some(Edit::RemoveVoice);
    }
    let quotes = clause.quotes().join("\n");
    let words = Some(quotes).filter(|words| !words.is_empty()).or_else(|| scene.spoken.clone());
    let words = words.or_else(|| unquoted(clause));
    Some(Edit::Voice(words.or_else(|| brief::known_words(scene.state)).unwrap_or_default()))
}

fn is_subtitles(name: &&str) -> bool {
    media::format_of(name).is_some_and(|format| format.kind == Kind::Subtitles)
}

/// More than one sentence, in one quotation or in several.
fn several(quotes: &[String]) -> bool {
    let ends = |words: &str| {
        let inner = words.trim_end_matches(['.', '!', '?', '。', '！', '？']);
        inner.contains(['。', '！', '？', '\n']) || [". ", "! ", "? "].iter().any(|end| inner.contains(end))
    };
    quotes.len() > 1 || quotes.iter().any(|words| ends(words))
}

/// `remove it`, `delete that`: nothing but the verb and what points.
fn points(clause: &Clause<'_>) -> bool {
    let silent = |mark: &Mark| {
        matches!(
            mark,
            Mark::Fill | Mark::Stay | Mark::Set | Mark::Do(Verb::Remove) | Mark::Noun(Noun::Script)
        )
    };
    clause.tokens.iter().any(|token| clause.cues(token, Cue::Pronoun))
        && clause.tokens.iter().all(|token| silent(&token.mark))
}

/// `that text`, `the last text`: the one that came last rather than all.
fn latest(clause: &Clause<'_>) -> bool {
    clause.has(&Mark::When(Time::Last)) || clause.hears(Cue::ThatText)
}

/// `change 'Hello' to Good night`: what stands unquoted behind the `to`.
fn replacement(clause: &Clause<'_>) -> Option<String> {
    let quote = clause.tokens.iter().position(|token| matches!(token.mark, Mark::Quote(_)))?;
    let until = (quote + 1..clause.tokens.len()).find(|at| {
        clause.tokens[*at].mark == Mark::Until || clause.cues(&clause.tokens[*at], Cue::Replacing)
    })?;
    let rest = clause.tokens.get(until + 1..)?;
    rest.iter().any(|token| token.mark == Mark::Other).then_some(())?;
    let (first, last) = (rest.first()?, rest.last()?);
    Some(clause.request[first.from..last.to].trim().to_owned())
}

/// `change the title to 'B'`, `set the title 'B'`: the quotation is what it will say.
fn replaces(clause: &Clause<'_>) -> bool {
    let quote = clause.tokens.iter().position(|token| matches!(token.mark, Mark::Quote(_)));
    let quote = quote.unwrap_or(clause.tokens.len());
    let before = &clause.tokens[..quote.min(clause.tokens.len())];
    let unquoted = clause.quotes().is_empty() && clause.does(Verb::Change);
    let points = unquoted
        || before.iter().any(|token| token.mark == Mark::Until)
        || before.last().is_some_and(|token| token.mark == Mark::Do(Verb::Change));
    points || clause.looks() == Looks::default()
}

/// Other looks for a text that is there.
fn restyle(clause: &Clause<'_>, which: TextRef) -> Option<Edit> {
    let looks = clause.looks();
    // A time alone speaks of the video, when nothing says that a text is meant.
    let told =
        looks.place.is_some() || looks.color.is_some() || looks.size.is_some() || looks.effect.is_some();
    let meant = clause.subject() != Subject::Nothing;
    let changed = told || meant && looks != Looks::default();
    let verb = matches!(
        clause.verb(),
        None | Some(
            Verb::Change | Verb::Make | Verb::Move | Verb::Add | Verb::Keep | Verb::Stretch | Verb::Shorten
        )
    );
    (changed && verb).then_some(Edit::ChangeText(which, None, looks))
}
