//! When: the spans and moments of a wish, and how long a text stays.

use crate::model::edit::{Effect, Looks, Point, Span};
use crate::model::time::Millis;
use crate::studio::agent::clause::Clause;
use crate::studio::agent::lex::{Mark, Token};
use crate::studio::agent::phrases::{Cue, Quality, Time, Verb};

impl<'a> Clause<'a> {
    /// A span of the timeline: `first 10 seconds`, `from 2 to 6 s`, `the last half`.
    pub(super) fn span(&self) -> Option<Span> {
        let stretch = |token: &Token| match token.mark {
            Mark::Stretch(from, to) => Some(Span { from, to }),
            _ => None,
        };
        let marks = self.timed();
        let range = marks.windows(3).find_map(|w| Some((moment(w[0])?, w[1], moment(w[2])?)));
        if let Some((from, Mark::Until | Mark::Do(Verb::Trim), to)) = range {
            return Some(Span { from, to });
        }
        if let Some(span) = self.tokens.iter().find_map(stretch) {
            return Some(span);
        }
        // `everything after the first 10 seconds`
        let beyond = marks.windows(3).find_map(|w| match (w[0], w[1], w[2]) {
            (Mark::When(Time::After), Mark::When(Time::First), Mark::Time(t)) => {
                Some((Point::At(*t), Point::END))
            }
            (Mark::When(Time::Before), Mark::When(Time::Last), Mark::Time(t)) => {
                Some((Point::START, Point::BeforeEnd(*t)))
            }
            _ => None,
        });
        if let Some((from, to)) = beyond {
            return Some(Span { from, to });
        }
        if let Some((from, to)) = self.dashed() {
            return Some(Span { from, to });
        }
        let pair = |w: &[&Mark]| match (w[0], w[1]) {
            (Mark::When(Time::First | Time::Start), Mark::Time(t)) => Some((Point::START, Point::At(*t))),
            (Mark::When(Time::Last | Time::End), Mark::Time(t)) => Some((Point::BeforeEnd(*t), Point::END)),
            (Mark::When(Time::First), Mark::Number(n)) if self.is_time() => {
                Some((Point::START, Point::At(Millis::from_seconds(*n))))
            }
            (Mark::When(Time::Last), Mark::Number(n)) if self.is_time() => {
                Some((Point::BeforeEnd(Millis::from_seconds(*n)), Point::END))
            }
            (Mark::When(Time::First), Mark::When(Time::Half)) => Some((Point::START, Point::Half)),
            (Mark::When(Time::Last), Mark::When(Time::Half))
            | (Mark::When(Time::Half), Mark::When(Time::Last)) => Some((Point::Half, Point::END)),
            (Mark::Time(t), Mark::When(Time::After | Time::Last))
            | (Mark::When(Time::After), Mark::Time(t)) => Some((Point::At(*t), Point::END)),
            (Mark::Time(t), Mark::When(Time::Before | Time::First))
            | (Mark::When(Time::Before), Mark::Time(t)) => Some((Point::START, Point::At(*t))),
            (Mark::From, Mark::Time(t)) => Some((Point::At(*t), Point::END)),
            (Mark::From | Mark::When(Time::After), Mark::When(Time::Half)) => Some((Point::Half, Point::END)),
            // `cut everything up to where the title is gone`
            (Mark::Until, Mark::AfterText(style)) => Some((Point::START, Point::After(*style))),
            _ => None,
        };
        let after = |mark: &&Mark| match mark {
            Mark::AfterText(style) => Some((Point::After(*style), Point::END)),
            _ => None,
        };
        let found = marks.windows(2).find_map(pair).or_else(|| marks.iter().find_map(after));
        found.map(|(from, to)| Span { from, to })
    }

    /// `till the end`
    fn ends(&self) -> bool {
        let pair = |w: &[&Mark]| *w[0] == Mark::Until && *w[1] == Mark::When(Time::End);
        self.timed().windows(2).any(pair)
    }

    /// `up to 6 s`, `to 0:06`: an end alone.
    pub(super) fn until(&self) -> Option<Millis> {
        self.timed().windows(2).find_map(|w| match (w[0], w[1]) {
            (Mark::Until, Mark::Time(time)) => Some(*time),
            _ => None,
        })
    }

    /// The marks that speak of time, without the words between them.
    fn timed(&self) -> Vec<&'a Mark> {
        let silent =
            |mark: &Mark| matches!(mark, Mark::Fill | Mark::Stay | Mark::Set | Mark::Quote(_) | Mark::Other);
        let mut between = false;
        let mut marks: Vec<&Mark> = Vec::new();
        for token in self.tokens.iter().filter(|token| !silent(&token.mark)) {
            // `between 3 and 8 seconds`
            let marks_time = matches!(token.mark, Mark::When(Time::Start | Time::End));
            if token.mark == Mark::When(Time::At) {
                // `start at 0:04` is no first four seconds.
                if matches!(marks.last(), Some(Mark::When(Time::Start | Time::End))) {
                    marks.push(&token.mark);
                }
                continue;
            }
            let counted = matches!(marks.last(), Some(Mark::Time(_)));
            if marks_time && counted && marks.iter().any(|mark| matches!(mark, Mark::From | Mark::Until)) {
                // `从3秒开始到8秒结束`
                continue;
            }
            between |= token.mark == Mark::From;
            marks.push(if between && token.mark == Mark::Join { &Mark::Until } else { &token.mark });
        }
        marks
    }

    /// `2-6s`, `2s–6s`
    fn dashed(&self) -> Option<(Point, Point)> {
        self.tokens.windows(2).find_map(|pair| {
            // What was spoken of before may stand behind in the request.
            let gap = self.request.get(pair[0].to..pair[1].from)?.trim();
            let dash = !gap.is_empty() && gap.chars().all(|c| "-–—~～".contains(c));
            Some((moment(&pair[0].mark)?, moment(&pair[1].mark)?)).filter(|_| dash)
        })
    }

    /// How a text is to look, and when.
    pub(super) fn looks(&self) -> Looks {
        let effect = self.quality(|q| if let Quality::Effect(effect) = q { Some(effect) } else { None });
        let faded = self.fade().map(|_| Effect::Fade);
        let mut looks = Looks {
            place: self.place(),
            color: self.color(),
            size: self.size(),
            effect: effect.or(faded),
            ..Looks::default()
        };
        if self.has(&Mark::When(Time::Whole)) {
            (looks.from, looks.to) = (Some(Point::START), Some(Point::END));
            return looks;
        }
        let marks = self.timed();
        let lasting = marks.windows(2).find_map(|w| match (w[0], w[1]) {
            (Mark::When(Time::For), Mark::Time(time)) => Some(*time),
            _ => None,
        });
        let begins = self.tokens.windows(2).find_map(|w| match (&w[0].mark, &w[1].mark) {
            (Mark::When(Time::At | Time::After), Mark::Time(time)) => Some(*time),
            _ => None,
        });
        let goes = self.tokens.iter().any(|token| self.cues(token, Cue::Going));
        let span = self.span().filter(|_| begins.is_none() || !goes);
        if let Some(span) = span {
            (looks.from, looks.to) = (Some(span.from), Some(span.to));
            if span.to == Point::END && matches!(span.from, Point::At(_) | Point::Half | Point::After(_)) {
                // `after 5 s` says when a text comes, not that it stays to the end.
                looks.to = None;
            }
            let follows = matches!(span.from, Point::After(_));
            let lasting = lasting.or(self.time().filter(|_| follows));
            looks.length = lasting.filter(|time| begins != Some(*time) && looks.to.is_none());
            return looks;
        }
        looks.to = self.until().map(Point::At);
        looks.length = lasting;
        let times: Vec<Millis> = self
            .tokens
            .windows(2)
            .filter_map(|w| match (&w[0].mark, &w[1].mark) {
                (Mark::When(Time::At | Time::After), Mark::Time(time)) => Some(*time),
                _ => None,
            })
            .collect();
        if let ([from, to], true) = (times.as_slice(), goes) {
            // `come up at second 3 and disappear at second 7`
            (looks.from, looks.to) = (Some(Point::At(*from)), Some(Point::At(*to)));
        } else if let Some(time) = begins.filter(|_| goes) {
            // `make the title disappear after 5 seconds`
            looks.to = Some(Point::At(time));
        } else if let Some(time) = begins {
            looks.from = Some(Point::At(time));
        } else if self.has(&Mark::When(Time::Start)) {
            looks.from = Some(Point::START);
        } else if self.ends() {
            looks.to = Some(Point::END);
        } else if self.has(&Mark::When(Time::End)) {
            looks.from = Some(Point::END);
        }
        if looks.length.is_none() && begins.is_none() && looks.to.is_none() {
            looks.length = self.time();
        }
        looks
    }
}

/// A moment that a mark names.
fn moment(mark: &Mark) -> Option<Point> {
    match mark {
        Mark::Time(time) => Some(Point::At(*time)),
        Mark::Number(seconds) => Some(Point::At(Millis::from_seconds(*seconds))),
        Mark::When(Time::Start) => Some(Point::START),
        Mark::When(Time::End) => Some(Point::END),
        Mark::When(Time::Half) => Some(Point::Half),
        Mark::AfterText(style) => Some(Point::After(*style)),
        _ => None,
    }
}
