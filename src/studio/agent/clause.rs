//! One wish of a request, and the questions that rules ask of it.

use crate::model::edit::{
    Blend, Color, Effect, Level, Look, Looks, Mood, Palette, Place, Point, Resize, Shape, ShotRef, Side,
    Span, TextStyle,
};
use crate::model::media::Kind;
use crate::model::time::Millis;
use crate::studio::agent::lex::{Mark, Token};
use crate::studio::agent::phrases::{Noun, Quality, Time, Verb};

/// One wish: a stretch of the text with its marks.
#[derive(Clone, Debug)]
pub(super) struct Clause<'a> {
    /// The whole request.
    pub(super) request: &'a str,
    pub(super) tokens: &'a [Token],
    /// What is done, when the wish before says it: `remove the music and the title`.
    pub(super) inherited: Option<Verb>,
}

/// What a wish is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Subject {
    Text(Option<TextStyle>),
    Music,
    Logo,
    Joints,
    Fade(Side),
    Motion,
    Background,
    Sound,
    Volume,
    Speed,
    Look,
    Shots,
    Video,
    Nothing,
}

/// Splits a sentence into wishes, where a comma or an `and` joins two that are whole.
pub(super) fn clauses<'a>(request: &'a str, sentence: &'a [Token]) -> Vec<Clause<'a>> {
    let joints: Vec<usize> =
        (0..sentence.len()).filter(|at| matches!(sentence[*at].mark, Mark::Join | Mark::Comma)).collect();
    let mut found: Vec<Clause<'a>> = Vec::new();
    let mut from = 0;
    for (n, at) in joints.iter().enumerate() {
        let next = joints.get(n + 1).copied().unwrap_or(sentence.len());
        let (left, right) = (&sentence[from..*at], &sentence[at + 1..next]);
        if whole(left) && begins(right) && !sources(left, right) {
            found.push(Clause { request, tokens: left, inherited: None });
            from = at + 1;
        }
    }
    found.push(Clause { request, tokens: &sentence[from..], inherited: None });
    found.retain(|clause| !clause.tokens.is_empty());
    for at in 1..found.len() {
        let before = found[at - 1].verb();
        let plain = !found[at].has_percent() && found[at].mood().is_none();
        if found[at].own_verb().is_none() && before == Some(Verb::Remove) && plain {
            found[at].inherited = before;
        }
    }
    found
}

/// Whether a stretch can stand alone on the left of an `and`.
fn whole(tokens: &[Token]) -> bool {
    let alone = [Verb::Undo, Verb::StartOver, Verb::Reverse, Verb::Mute, Verb::Export];
    tokens.iter().any(|token| match &token.mark {
        Mark::Do(verb) => alone.contains(verb),
        Mark::Noun(_) | Mark::Quote(_) | Mark::Time(_) | Mark::Percent(_) | Mark::File(_) => true,
        Mark::Quality(quality) => {
            strong(quality) || matches!(quality, Quality::Mood(_) | Quality::Size(_) | Quality::Place(_))
        }
        Mark::Color(_) => true,
        _ => false,
    })
}

/// Whether a stretch opens a wish of its own, rather than adding to the one before.
fn begins(tokens: &[Token]) -> bool {
    tokens.iter().any(|token| match &token.mark {
        Mark::Do(_) => true,
        Mark::Noun(noun) => *noun != Noun::Color,
        Mark::Quality(quality) => strong(quality),
        _ => false,
    })
}

fn strong(quality: &Quality) -> bool {
    use Quality as Q;
    matches!(
        quality,
        Q::Blend(_) | Q::Look(_) | Q::Shape(_) | Q::Side(_) | Q::Louder | Q::Quieter | Q::Faster | Q::Slower
    ) || matches!(quality, Q::NoMusic | Q::Silent)
}

/// `photos and clips`: two sources of one video.
fn sources(left: &[Token], right: &[Token]) -> bool {
    let source = |token: &Token| {
        matches!(token.mark, Mark::Noun(Noun::Photo | Noun::Clip | Noun::Media | Noun::Script))
    };
    let heads = |token: &&Token| matches!(token.mark, Mark::Noun(_) | Mark::Do(_));
    left.iter().rev().find(heads).is_some_and(source) && right.iter().find(heads).is_some_and(source)
}

impl<'a> Clause<'a> {
    /// The words as they were written.
    pub(super) fn verbatim(&self) -> &'a str {
        match (self.tokens.first(), self.tokens.last()) {
            (Some(first), Some(last)) => self.request[first.from..last.to].trim(),
            _ => "",
        }
    }

    pub(super) fn verb(&self) -> Option<Verb> {
        self.own_verb().or(self.inherited)
    }

    /// What is done: a telling verb before a plain `make` or `add`.
    fn own_verb(&self) -> Option<Verb> {
        let verbs = || {
            self.tokens.iter().filter_map(|token| match token.mark {
                Mark::Do(verb) => Some(verb),
                _ => None,
            })
        };
        let plain = |verb: &Verb| matches!(verb, Verb::Make | Verb::Add | Verb::Change);
        verbs().find(|verb| !plain(verb)).or_else(|| verbs().next())
    }

    pub(super) fn does(&self, verb: Verb) -> bool {
        self.tokens.iter().any(|token| token.mark == Mark::Do(verb)) || self.inherited == Some(verb)
    }

    pub(super) fn names(&self, noun: Noun) -> bool {
        self.has(&Mark::Noun(noun))
    }

    pub(super) fn has(&self, mark: &Mark) -> bool {
        self.tokens.iter().any(|token| token.mark == *mark)
    }

    /// Place of a mark among the tokens.
    pub(super) fn at(&self, mark: &Mark) -> Option<usize> {
        self.tokens.iter().position(|token| token.mark == *mark)
    }

    fn quality<T>(&self, read: impl Fn(Quality) -> Option<T>) -> Option<T> {
        self.tokens.iter().find_map(|token| match token.mark {
            Mark::Quality(quality) => read(quality),
            _ => None,
        })
    }

    pub(super) fn shape(&self) -> Option<Shape> {
        self.quality(|q| if let Quality::Shape(shape) = q { Some(shape) } else { None })
    }

    pub(super) fn side(&self) -> Option<u32> {
        self.quality(|q| if let Quality::Side(side) = q { Some(side) } else { None })
    }

    pub(super) fn mood(&self) -> Option<Mood> {
        self.quality(|q| if let Quality::Mood(mood) = q { Some(mood) } else { None })
    }

    pub(super) fn look(&self) -> Option<Look> {
        self.quality(|q| if let Quality::Look(look) = q { Some(look) } else { None })
    }

    pub(super) fn blend(&self) -> Option<Blend> {
        self.quality(|q| if let Quality::Blend(blend) = q { Some(blend) } else { None })
    }

    pub(super) fn place(&self) -> Option<Place> {
        self.quality(|q| if let Quality::Place(place) = q { Some(place) } else { None })
    }

    pub(super) fn size(&self) -> Option<Resize> {
        self.quality(|q| if let Quality::Size(size) = q { Some(size) } else { None })
    }

    pub(super) fn is(&self, quality: Quality) -> bool {
        self.has(&Mark::Quality(quality))
    }

    /// Whether the video is to be silent; one about a silent sea is not.
    pub(super) fn is_silent(&self) -> bool {
        let Some(at) = self.at(&Mark::Quality(Quality::Silent)) else { return false };
        let of_video = self.tokens.get(at + 1).is_some_and(|next| next.mark == Mark::Noun(Noun::Video));
        of_video || self.tokens[..at].iter().all(|token| token.mark != Mark::Topic)
    }

    /// Colours behind words: by name, or the ones that go with a colour.
    pub(super) fn palette(&self) -> Option<Palette> {
        let named = self.quality(|q| if let Quality::Palette(palette) = q { Some(palette) } else { None });
        named.or_else(|| match self.color()?.word() {
            "blue" | "cyan" | "teal" => Some(Palette::Ocean),
            "green" => Some(Palette::Forest),
            "red" | "orange" | "yellow" | "gold" => Some(Palette::Ember),
            "purple" => Some(Palette::Plum),
            "pink" => Some(Palette::Candy),
            "brown" => Some(Palette::Sand),
            "black" => Some(Palette::Night),
            _ => Some(Palette::Steel),
        })
    }

    pub(super) fn color(&self) -> Option<Color> {
        self.tokens
            .iter()
            .find_map(|token| if let Mark::Color(color) = &token.mark { Some(color.clone()) } else { None })
    }

    pub(super) fn quotes(&self) -> Vec<&'a str> {
        let quote =
            |token: &'a Token| if let Mark::Quote(words) = &token.mark { Some(words.as_str()) } else { None };
        self.tokens.iter().filter_map(quote).collect()
    }

    pub(super) fn files(&self) -> Vec<&'a str> {
        let file =
            |token: &'a Token| if let Mark::File(name) = &token.mark { Some(name.as_str()) } else { None };
        self.tokens.iter().filter_map(file).collect()
    }

    pub(super) fn time(&self) -> Option<Millis> {
        self.tokens.iter().find_map(|token| if let Mark::Time(time) = token.mark { Some(time) } else { None })
    }

    pub(super) fn factor(&self) -> Option<f64> {
        self.tokens
            .iter()
            .find_map(|token| if let Mark::Factor(factor) = token.mark { Some(factor) } else { None })
    }

    /// A share as it was said; `half volume` is one too.
    pub(super) fn percent(&self) -> Option<f64> {
        let said = self
            .tokens
            .iter()
            .find_map(|token| if let Mark::Percent(p) = token.mark { Some(p) } else { None });
        said.or_else(|| (self.names(Noun::Volume) && self.has(&Mark::When(Time::Half))).then_some(0.5))
    }

    fn has_percent(&self) -> bool {
        self.percent().is_some()
    }

    /// A level of volume.
    pub(super) fn level(&self) -> Option<Level> {
        let louder = self.is(Quality::Louder) || self.is(Quality::Size(Resize::Bigger));
        let quieter = self.is(Quality::Quieter) || self.is(Quality::Size(Resize::Smaller));
        match self.percent() {
            Some(percent) => Some(Level::To(percent)),
            None if louder => Some(Level::Louder),
            None if quieter => Some(Level::Quieter),
            None => None,
        }
    }

    /// What the wish is about. What is laid over the picture speaks before the picture itself.
    pub(super) fn subject(&self) -> Subject {
        let texts = [
            (Noun::CallToAction, TextStyle::CallToAction),
            (Noun::LowerThird, TextStyle::LowerThird),
            (Noun::Title, TextStyle::Title),
            (Noun::Caption, TextStyle::Caption),
        ];
        if let Some((_, style)) = texts.into_iter().find(|(noun, _)| self.names(*noun)) {
            return Subject::Text(Some(style));
        }
        let ordered = [
            (Noun::Text, Subject::Text(None)),
            (Noun::Logo, Subject::Logo),
            (Noun::Music, Subject::Music),
            (Noun::Joint, Subject::Joints),
            (Noun::FadeBoth, Subject::Fade(Side::Both)),
            (Noun::FadeIn, Subject::Fade(Side::In)),
            (Noun::FadeOut, Subject::Fade(Side::Out)),
            (Noun::Motion, Subject::Motion),
            (Noun::Background, Subject::Background),
            (Noun::Sound, Subject::Sound),
            (Noun::Volume, Subject::Volume),
            (Noun::Speed, Subject::Speed),
            (Noun::Look, Subject::Look),
        ];
        if let Some((_, subject)) = ordered.into_iter().find(|(noun, _)| self.names(*noun)) {
            return subject;
        }
        if self.blend().is_some() {
            return Subject::Joints;
        }
        if self.names(Noun::Photo) || self.names(Noun::Clip) {
            return Subject::Shots;
        }
        let video = self.names(Noun::Video) || self.names(Noun::Length);
        if video { Subject::Video } else { Subject::Nothing }
    }

    /// Which end fades, when a fade is named.
    pub(super) fn fade(&self) -> Option<Side> {
        // `fade the music in`
        let apart = |side: &str| {
            let word =
                |token: &Token, word: &str| self.request[token.from..token.to].eq_ignore_ascii_case(word);
            self.tokens.iter().any(|t| word(t, "fade")) && self.tokens.iter().any(|t| word(t, side))
        };
        match (self.names(Noun::FadeBoth), self.names(Noun::FadeIn), self.names(Noun::FadeOut)) {
            (true, ..) if apart("in") && !apart("out") => Some(Side::In),
            (true, ..) if apart("out") && !apart("in") => Some(Side::Out),
            (true, ..) | (_, true, true) => Some(Side::Both),
            (_, true, _) => Some(Side::In),
            (.., true) => Some(Side::Out),
            _ => None,
        }
    }

    /// A span of the timeline: `first 10 seconds`, `from 2 to 6 s`, `the last half`.
    pub(super) fn span(&self) -> Option<Span> {
        let marks = self.timed();
        let range = marks.windows(3).find_map(|w| Some((moment(w[0])?, w[1], moment(w[2])?)));
        if let Some((from, Mark::Until, to)) = range {
            return Some(Span { from, to });
        }
        if let Some((from, to)) = self.dashed() {
            return Some(Span { from, to });
        }
        let pair = |w: &[&Mark]| match (w[0], w[1]) {
            (Mark::When(Time::First | Time::Start), Mark::Time(t)) => Some((Point::START, Point::At(*t))),
            (Mark::When(Time::Last | Time::End), Mark::Time(t)) => Some((Point::BeforeEnd(*t), Point::END)),
            (Mark::When(Time::First), Mark::When(Time::Half)) => Some((Point::START, Point::Half)),
            (Mark::When(Time::Last), Mark::When(Time::Half))
            | (Mark::When(Time::Half), Mark::When(Time::Last)) => Some((Point::Half, Point::END)),
            (Mark::Time(t), Mark::When(Time::After | Time::Last))
            | (Mark::When(Time::After), Mark::Time(t)) => Some((Point::At(*t), Point::END)),
            (Mark::Time(t), Mark::When(Time::Before | Time::First))
            | (Mark::When(Time::Before), Mark::Time(t)) => Some((Point::START, Point::At(*t))),
            (Mark::From, Mark::Time(t)) => Some((Point::At(*t), Point::END)),
            _ => None,
        };
        marks.windows(2).find_map(pair).map(|(from, to)| Span { from, to })
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
        let silent = |mark: &Mark| {
            matches!(
                mark,
                Mark::Fill | Mark::Stay | Mark::Set | Mark::When(Time::At) | Mark::Quote(_) | Mark::Other
            )
        };
        let mut between = false;
        let mut marks: Vec<&Mark> = Vec::new();
        for token in self.tokens.iter().filter(|token| !silent(&token.mark)) {
            // `between 3 and 8 seconds`
            between |= token.mark == Mark::From;
            marks.push(if between && token.mark == Mark::Join { &Mark::Until } else { &token.mark });
        }
        marks
    }

    /// `2-6s`, `2s–6s`
    fn dashed(&self) -> Option<(Point, Point)> {
        self.tokens.windows(2).find_map(|pair| {
            let gap = self.request[pair[0].to..pair[1].from].trim();
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
        if let Some(span) = self.span() {
            (looks.from, looks.to) = (Some(span.from), Some(span.to));
            if span.to == Point::END && matches!(span.from, Point::At(_)) {
                // `after 5 s` says when a text comes, not that it stays to the end.
                looks.to = None;
            }
            looks.length = lasting.filter(|time| begins != Some(*time) && looks.to.is_none());
            return looks;
        }
        looks.to = self.until().map(Point::At);
        looks.length = lasting;
        if let Some(time) = begins {
            looks.from = Some(Point::At(time));
        } else if self.has(&Mark::When(Time::Start)) {
            looks.from = Some(Point::START);
        } else if self.has(&Mark::When(Time::End)) {
            looks.from = Some(Point::END);
        }
        if looks.length.is_none() && begins.is_none() && looks.to.is_none() {
            looks.length = self.time();
        }
        looks
    }

    /// Which shot is meant: by its number, as the last, by its file.
    pub(super) fn shot(&self) -> Option<ShotRef> {
        if let Some(name) = self.files().first() {
            return Some(ShotRef::Named((*name).to_owned()));
        }
        let kind = match (self.names(Noun::Photo), self.names(Noun::Clip)) {
            (true, false) => Some(Kind::Image),
            _ => None,
        };
        let shot = kind.is_some() || self.names(Noun::Clip);
        let last = shot && self.has(&Mark::When(Time::Last)) && self.time().is_none();
        self.ordinal().filter(|_| shot).map(|n| ShotRef::Nth(n, kind)).or(last.then_some(ShotRef::Last(kind)))
    }

    /// `second photo`, `photo 2`; five photos are no fifth one.
    pub(super) fn ordinal(&self) -> Option<usize> {
        let ordinal =
            self.tokens.iter().find_map(|t| if let Mark::Ordinal(n) = t.mark { Some(n) } else { None });
        let after = self.tokens.windows(2).find_map(|pair| match (&pair[0].mark, &pair[1].mark) {
            (Mark::Noun(Noun::Photo | Noun::Clip), Mark::Number(n)) if *n >= 1.0 => Some(*n as usize),
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

/// A moment that a mark names.
fn moment(mark: &Mark) -> Option<Point> {
    match mark {
        Mark::Time(time) => Some(Point::At(*time)),
        Mark::Number(seconds) => Some(Point::At(Millis::from_seconds(*seconds))),
        Mark::When(Time::Start) => Some(Point::START),
        Mark::When(Time::End) => Some(Point::END),
        Mark::When(Time::Half) => Some(Point::Half),
        _ => None,
    }
}
