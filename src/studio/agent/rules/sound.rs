//! Rules of sound: music, and the clips' own.

use crate::model::edit::{Edit, Level, Mood, Tune};
use crate::model::media::Kind;
use crate::model::time::Millis;
use crate::studio::agent::clause::{Clause, Subject};
use crate::studio::agent::lex::{Mark, Token};
use crate::studio::agent::phrases::{Cue, Noun, Quality, Verb};
use crate::studio::agent::rules::cut::named;
use crate::studio::agent::rules::{FADE, Scene, full_name, kind_of, leaves_alone};

pub(super) fn music(clause: &Clause<'_>, scene: &Scene<'_>) -> Option<Edit> {
    let sound = clause.files().into_iter().find(|name| kind_of(scene.state, name) == Some(Kind::Audio));
    let own = clause.names(Noun::OwnMusic);
    let faded = clause.names(Noun::Sound) && clause.fade().is_some();
    let named = clause.names(Noun::Music) || own || sound.is_some() || faded;
    let subject = clause.subject();
    let mood =
        clause.mood().filter(|_| matches!(subject, Subject::Nothing | Subject::Music | Subject::Volume));
    let moody = mood.is_some() && moody(clause);
    if clause.is(Quality::NoMusic) || clause.is_silent() && scene.music {
        return Some(Edit::RemoveMusic);
    }
    let other = matches!(
        subject,
        Subject::Text(_)
            | Subject::Logo
            | Subject::Duck
            | Subject::Voice
            | Subject::EndCard
            | Subject::Progress
    );
    if other || !(named || moody) || leaves_alone(clause) {
        return None;
    }
    let level = clause.level().filter(|_| scene.music && mood.is_none() && sound.is_none());
    if clause.verb() == Some(Verb::Remove) && clause.fade().is_none() && clause.percent().is_none() {
        return Some(Edit::RemoveMusic);
    }
    if let Some(side) = clause.fade() {
        let length = clause.time().unwrap_or(FADE);
        return Some(Edit::MusicFade(
            side,
            if clause.verb() == Some(Verb::Remove) { Millis(0) } else { length },
        ));
    }
    if clause.does(Verb::Mute) {
        return Some(Edit::MusicVolume(Level::To(0.0)));
    }
    if let Some(level) = level {
        return Some(Edit::MusicVolume(level));
    }
    let uploads = scene.state.media.iter().any(|item| item.kind == Some(Kind::Audio));
    let tune = match (sound, mood) {
        (Some(name), _) => Tune::Upload(Some(full_name(scene.state, name))),
        (None, _) if own => Tune::Upload(None),
        (None, Some(mood)) => Tune::Made(mood),
        (None, None) if uploads => Tune::Upload(None),
        (None, None) if clause.verb() == Some(Verb::Change) => Tune::Made(another(scene)),
        // `I'm happy with everything except the music` tells of what plays already.
        (None, None) if scene.music && clause.verb().is_none() && clause.hears(Cue::Finite) => return None,
        // `the music stops so abruptly` asks for none.
        (None, None) if clause.verb().is_none() && clause.has(&Mark::Other) => return None,
        (None, None) => Tune::Made(Mood::LoFi),
    };
    Some(Edit::Music(tune, clause.percent()))
}

/// Whether a mood that is named beside no music is that of some: `something relaxing`, `…, lo-fi under it`.
fn moody(clause: &Clause<'_>) -> bool {
    let plain = clause.look().is_none() && clause.blend().is_none() && clause.fill().is_none();
    let verb = matches!(clause.verb(), None | Some(Verb::Add | Verb::Change | Verb::Remove));
    let vague = |token: &Token| clause.cues(token, Cue::Something);
    let silent = |token: &Token| matches!(token.mark, Mark::Fill | Mark::Stay | Mark::Colon | Mark::Comma);
    let trails = clause.tokens.windows(2).enumerate().any(|(at, pair)| {
        let mood = matches!(pair[1].mark, Mark::Quality(Quality::Mood(_)));
        pair[0].mark == Mark::Comma && mood && clause.tokens[at + 2..].iter().all(silent)
    });
    plain && verb || trails || clause.tokens.iter().any(vague)
}

/// Another mood than the one that plays: `change the music`.
fn another(scene: &Scene<'_>) -> Mood {
    let playing = |mood: Mood| {
        let word = mood.words().0;
        let draft = scene.state.draft.as_ref();
        let mood_of = |segment: &crate::model::draft::Segment<'_>| {
            segment.value.get("m").and_then(|m| m.get("mood")).and_then(|mood| mood.as_str()) == Some(word)
        };
        draft.is_some_and(|draft| draft.tracks().iter().any(|track| track.segments.iter().any(mood_of)))
    };
    if playing(Mood::LoFi) { Mood::Upbeat } else { Mood::LoFi }
}

pub(super) fn duck(clause: &Clause<'_>, _: &Scene<'_>) -> Option<Edit> {
    // In `the music drops when somebody talks` the verb takes nothing away.
    let negated = clause
        .tokens
        .iter()
        .any(|token| token.mark == Mark::Do(Verb::Remove) && !clause.cues(token, Cue::Lowering));
    // `don't let the music drown out the talking`
    let off = negated && !clause.hears(Cue::Drowning) || clause.verb() == Some(Verb::Keep);
    (clause.subject() == Subject::Duck).then_some(Edit::Duck(!off))
}

pub(super) fn sound(clause: &Clause<'_>, scene: &Scene<'_>) -> Option<Edit> {
    let subject = clause.subject();
    if matches!(subject, Subject::Duck | Subject::Voice) {
        return None;
    }
    let shot = clause.shot().map(|shot| named(shot, scene));
    // Where music is all that sounds, silence takes only that away.
    let clips = scene.state.media.iter().any(|item| item.kind == Some(Kind::Video));
    let silent = clause.is_silent() && (clips || !scene.music);
    let mutes =
        clause.does(Verb::Mute) && !clause.names(Noun::Music) && !clause.names(Noun::OwnMusic) || silent;
    if mutes || subject == Subject::Sound && clause.verb() == Some(Verb::Remove) {
        return Some(Edit::Sound(Level::To(0.0), shot));
    }
    let back = subject == Subject::Sound && clause.verb() == Some(Verb::Move) && !clause.has_percent();
    if clause.does(Verb::Unmute) || back {
        return Some(Edit::Sound(Level::To(1.0), shot));
    }
    if subject == Subject::Sound && clause.fade().is_some() {
        return None;
    }
    let level = clause.level();
    let level = level.filter(|level| {
        matches!(level, Level::To(_))
            || clause.size().is_none()
            || subject == Subject::Volume
            || subject == Subject::Sound
    });
    let of_clips = clause.names(Noun::Clip) || clause.names(Noun::Video);
    let of_shot = shot.is_some() && level.is_some();
    match subject {
        Subject::Sound if clause.verb() == Some(Verb::Keep) && level.is_none() => {
            Some(Edit::Sound(Level::To(1.0), shot))
        }
        Subject::Sound => level.map(|level| Edit::Sound(level, shot)),
        Subject::Volume if clause.mood().is_some() => None,
        Subject::Volume if scene.music && !of_shot && !of_clips => level.map(Edit::MusicVolume),
        Subject::Volume => level.map(|level| Edit::Sound(level, shot)),
        Subject::Nothing | Subject::Shots | Subject::Video
            if (clause.is(Quality::Louder) || clause.is(Quality::Quieter))
                && !clause.names(Noun::Color)
                && (clause.files().is_empty() || shot.is_some()) =>
        {
            level.map(|level| match shot {
                None if scene.music && subject == Subject::Nothing => Edit::MusicVolume(level),
                shot => Edit::Sound(level, shot),
            })
        }
        // `at 20%` after music is all that a share can mean.
        Subject::Nothing if scene.music && clause.percent().is_some() && plain(clause) => {
            level.map(Edit::MusicVolume)
        }
        _ => None,
    }
}

/// Whether a share stands alone: `make it 20%`.
fn plain(clause: &Clause<'_>) -> bool {
    let silent = |mark: &Mark| {
        matches!(
            mark,
            Mark::Fill | Mark::Stay | Mark::Until | Mark::Percent(_) | Mark::Do(Verb::Make | Verb::Change)
        )
    };
    clause.tokens.iter().all(|token| silent(&token.mark))
}
