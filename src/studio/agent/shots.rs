//! Which shots a wish means: by number, as the last, by file.

use crate::model::edit::ShotRef;
use crate::model::media::{self, Kind};
use crate::studio::agent::clause::Clause;
use crate::studio::agent::lex::{Mark, Token};
use crate::studio::agent::phrases::{Noun, Time, Verb};

impl Clause<'_> {
    /// The first shot that is meant.
    pub(super) fn shot(&self) -> Option<ShotRef> {
        self.shots().into_iter().next()
    }

    /// Every shot that is meant, in the order in which they are named.
    pub(super) fn shots(&self) -> Vec<ShotRef> {
        let kind = self.kind();
        let nouns = kind.is_some() || self.names(Noun::Shot) || self.takes_place();
        let mut found = Vec::new();
        for (at, token) in self.tokens.iter().enumerate() {
            let shot = match &token.mark {
                Mark::File(name) if !is_sound(name) => Some(ShotRef::Named(name.clone())),
                Mark::Ordinal(n) if nouns && !self.is_place(at) => Some(ShotRef::Nth(*n, kind)),
                Mark::Number(n) if nouns && *n >= 1.0 && self.numbers_shot(at) => {
                    Some(ShotRef::Nth(*n as usize, kind))
                }
                Mark::When(Time::Last) if nouns && self.leads_shot(at) => Some(ShotRef::Last(kind)),
                // 开头那张照片, 结尾那段
                Mark::When(Time::Start) if nouns && self.points_at_shot(at) => Some(ShotRef::Nth(1, kind)),
                Mark::When(Time::End) if nouns && self.points_at_shot(at) => Some(ShotRef::Last(kind)),
                Mark::When(Time::First) if nouns && self.leads_shot(at) => Some(ShotRef::Nth(1, kind)),
                _ => None,
            };
            match self.run(at).filter(|_| nouns) {
                Some(count) if token.mark == Mark::When(Time::First) => {
                    found.extend((1..=count).map(|n| ShotRef::Nth(n, kind)));
                }
                Some(count) => found.extend((0..count).map(|_| ShotRef::Last(kind))),
                None => found.extend(shot.filter(|shot| !found.contains(shot))),
            }
        }
        found
    }

    /// `throw out the second`: a place alone, where nothing else is named.
    fn takes_place(&self) -> bool {
        let named = |token: &Token| matches!(token.mark, Mark::Noun(_) | Mark::Time(_) | Mark::Quote(_));
        matches!(self.own_verb(), Some(Verb::Remove | Verb::Duplicate)) && !self.tokens.iter().any(named)
    }

    /// `the first two photos`: how many, from the word that counts them.
    fn run(&self, at: usize) -> Option<usize> {
        let [first, number, noun, ..] = self.tokens.get(at..)? else { return None };
        let shots = matches!(noun.mark, Mark::Noun(Noun::Photo | Noun::Clip | Noun::Shot));
        match (&first.mark, &number.mark) {
            (Mark::When(Time::First | Time::Last), Mark::Number(n)) if shots && (2.0..=20.0).contains(n) => {
                Some(*n as usize)
            }
            _ => None,
        }
    }

    /// Photos or clips, when the wish says which.
    fn kind(&self) -> Option<Kind> {
        let ordered = self.tokens.windows(2).any(|pair| {
            matches!(pair[0].mark, Mark::Ordinal(_) | Mark::When(Time::Last))
                && pair[1].mark == Mark::Noun(Noun::Video)
        });
        match (self.names(Noun::Photo), self.names(Noun::Clip) || ordered) {
            (true, false) => Some(Kind::Image),
            (false, true) => Some(Kind::Video),
            _ => None,
        }
    }

    /// `photo 2`, `clips 1 and 3`: a number behind its noun, or behind another such number.
    fn numbers_shot(&self, at: usize) -> bool {
        let mut before = self.tokens[..at].iter().rev();
        let joins = |mark: &Mark| {
            matches!(mark, Mark::Join | Mark::Comma | Mark::Fill | Mark::Number(_) | Mark::Stay)
        };
        let noun = before.find(|token| !joins(&token.mark)).map(|token| &token.mark);
        let shot =
            |mark: Option<&Mark>| matches!(mark, Some(Mark::Noun(Noun::Photo | Noun::Clip | Noun::Shot)));
        // 第3、5张
        let listed = matches!(noun, Some(Mark::Ordinal(_))) && shot(self.tokens.get(at + 1).map(|t| &t.mark));
        listed || shot(noun)
    }

    /// `the last photo`, `最后一张照片`, but not `the last 5 seconds of the clip`.
    fn leads_shot(&self, at: usize) -> bool {
        let silent =
            |mark: &Mark| matches!(mark, Mark::Fill | Mark::Set | Mark::Stay | Mark::Join | Mark::Ordinal(_));
        let next = self.tokens[at + 1..].iter().find(|token| !silent(&token.mark)).map(|token| &token.mark);
        let ordinals =
            self.tokens[at + 1..].iter().take(3).any(|token| matches!(token.mark, Mark::When(Time::Last)));
        matches!(next, Some(Mark::Noun(Noun::Photo | Noun::Clip | Noun::Shot | Noun::Video)))
            || self.tokens[at].mark == Mark::When(Time::First) && ordinals
    }

    /// 开头那张照片: a place, a pointing word and the noun.
    fn points_at_shot(&self, at: usize) -> bool {
        let points =
            self.tokens.get(at + 1).is_some_and(|next| self.word(next).starts_with(['那', '这', '的']));
        points && self.leads_shot(at)
    }

    /// `to the third place`: a position rather than a shot.
    fn is_place(&self, at: usize) -> bool {
        let word = |token: &Token| self.request[token.from..token.to].to_lowercase();
        let next = self.tokens.get(at + 1).map(word).unwrap_or_default();
        ["place", "position", "spot", "位"].contains(&next.as_str())
    }

    /// `second photo`, `photo 2`; five photos are no fifth one.
    pub(super) fn ordinal(&self) -> Option<usize> {
        let ordinal =
            self.tokens.iter().find_map(|t| if let Mark::Ordinal(n) = t.mark { Some(n) } else { None });
        let after = self.tokens.windows(2).find_map(|pair| match (&pair[0].mark, &pair[1].mark) {
            (Mark::Noun(Noun::Photo | Noun::Clip | Noun::Shot), Mark::Number(n)) if *n >= 1.0 => {
                Some(*n as usize)
            }
            _ => None,
        });
        ordinal.or(after)
    }

    /// Whole numbers and ordinals, in their order.
    pub(super) fn numbers(&self) -> Vec<usize> {
        let number = |token: &Token| match token.mark {
            Mark::Ordinal(n) => Some(n),
            Mark::Number(n) if n >= 1.0 && n.fract() == 0.0 => Some(n as usize),
            _ => None,
        };
        self.tokens.iter().filter_map(number).collect()
    }
}

fn is_sound(name: &str) -> bool {
    media::format_of(name).is_some_and(|format| matches!(format.kind, Kind::Audio | Kind::Subtitles))
}
