//! The phrase table: what the words of a request mean, in English and Chinese.
//!
//! A new word for a thing that the agent can do is a line here and nothing else. The longest
//! phrase that fits wins; Latin phrases match whole words, Chinese ones anywhere. Words that mean
//! nothing by themselves but tell how to read the others are in [`cues`].

mod cues;
mod deeds;
mod fillers;
mod qualities;
mod things;
mod times;

use crate::model::edit::{Blend, Effect, Fill as F, Look, Mood, Palette, Place, Resize, Shape};
use crate::studio::agent::lex::Mark;
pub(super) use cues::Cue;

/// What is done.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Verb {
    /// Makes a video, whatever it is made of.
    Generate,
    /// Makes something, or makes something so.
    Make,
    Add,
    Change,
    Remove,
    Keep,
    Trim,
    Cut,
    Shorten,
    Stretch,
    Move,
    Swap,
    Duplicate,
    Mute,
    Unmute,
    Undo,
    StartOver,
    Reverse,
    Export,
}

/// What it is done to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Noun {
    Video,
    Photo,
    Clip,
    /// A photo or a clip.
    Shot,
    Media,
    Script,
    Title,
    Caption,
    LowerThird,
    CallToAction,
    Text,
    EndCard,
    Progress,
    /// A colour or the font of the brand.
    Brand,
    Music,
    /// The user's own sound file.
    OwnMusic,
    /// Music that makes room for speech.
    Duck,
    /// What people say in the clips.
    Speech,
    /// Words that are spoken over the picture.
    Voice,
    SubtitleFile,
    /// What a span leaves over.
    Rest,
    /// The colours as they were filmed.
    Plain,
    /// Photos that do not move.
    Still,
    Sound,
    Volume,
    Logo,
    Joint,
    /// Shots that follow each other without a transition.
    HardCut,
    FadeIn,
    FadeOut,
    FadeBoth,
    Motion,
    Look,
    Background,
    Speed,
    SlowMotion,
    Color,
    /// The length of the whole video.
    Length,
}

/// How times and places relate.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Time {
    First,
    Last,
    /// At the start.
    Start,
    /// At the end.
    End,
    Half,
    Whole,
    At,
    For,
    After,
    Before,
}

/// A quality that a word gives to something.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Quality {
    Place(Place),
    Size(Resize),
    Effect(Effect),
    Mood(Mood),
    Blend(Blend),
    Look(Look),
    Shape(Shape),
    /// Pixels of the shorter side.
    Side(u32),
    Fill(F),
    Palette(Palette),
    Louder,
    Quieter,
    Faster,
    Slower,
    /// Without music.
    NoMusic,
    /// Without any sound.
    Silent,
}

/// What stands between two phrases of one meaning in a table.
pub(super) const GAP: char = '|';

/// Whether a Latin word does not run on beyond the stretch; Chinese has no such borders.
pub(super) fn bounded(text: &str, from: usize, to: usize) -> bool {
    let latin = |c: Option<char>| c.is_some_and(|c| c.is_ascii_alphanumeric());
    let (first, last) = (text[from..].chars().next(), text[..to].chars().next_back());
    let before = latin(first) && latin(text[..from].chars().next_back());
    let after = latin(last) && latin(text[to..].chars().next());
    !before && !after
}

/// Every meaning and its phrases; of equal phrases the first counts.
pub(super) fn all() -> impl Iterator<Item = &'static (Mark, &'static str)> {
    [deeds::DEEDS, things::THINGS, times::TIMES, qualities::QUALITIES, fillers::FILLERS].into_iter().flatten()
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use super::*;

    #[test]
    fn no_phrase_has_two_meanings() {
        let mut known: BTreeMap<&str, &Mark> = BTreeMap::new();
        for (mark, words) in all() {
            for phrase in words.split(GAP) {
                assert_eq!(known.insert(phrase, mark), None, "{phrase} means {mark:?} too");
            }
        }
    }
}
