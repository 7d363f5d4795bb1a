//! One wish of a request, and the questions that rules ask of it.

use crate::model::edit::{
    Backdrop, Blend, Color, Fill, Level, Look, Mood, Palette, Place, Resize, Shape, Side, TextStyle,
};
use crate::model::time::Millis;
use crate::studio::agent::lex::{Mark, Token};
use crate::studio::agent::phrases::{Cue, Noun, Quality, Time, Verb};

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
    EndCard,
    Voice,
    Progress,
    Brand,
    Duck,
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

impl<'a> Clause<'a> {
    /// The words as they were written.
    pub(super) fn verbatim(&self) -> &'a str {
        match (self.tokens.first(), self.tokens.last()) {
            (Some(first), Some(last)) => self.request[first.from..last.to].trim(),
            _ => "",
        }
    }

    pub(super) fn verb(&self) -> Option<Verb> {
        match self.own_verb() {
            // `swap the music for something calm`
            // `use the harbour clip only`
            Some(Verb::Add) if self.says("use") && (self.says("only") || self.says("just")) => {
                Some(Verb::Keep)
            }
            Some(Verb::Swap) if self.shots().len() < 2 => Some(Verb::Change),
            // 那步撤了吧, but 把标题撤了
            Some(Verb::Remove)
                if ["撤了", "撤掉", "撤"].iter().any(|word| self.says(word))
                    && self.subject() == Subject::Nothing =>
            {
                Some(Verb::Undo)
            }
            // 第一张和第二张换一下
            Some(Verb::Change) if self.says("换") && self.shots().len() > 1 => Some(Verb::Swap),
            // `remove everything but the first two photos`
            Some(Verb::Remove) if self.excepts() => Some(Verb::Keep),
            own => own.or(self.inherited),
        }
    }

    /// Whether it names what is left out of what it says: `all but the first`, 除了第一张.
    fn excepts(&self) -> bool {
        // `delete everything but the last two`
        let but =
            |pair: &[Token]| self.word(&pair[0]).ends_with("everything") && self.word(&pair[1]) == "but";
        self.tokens.iter().any(|token| self.cues(token, Cue::Except)) || self.tokens.windows(2).any(but)
    }

    /// A word of it in lower case.
    pub(super) fn word(&self, token: &Token) -> String {
        self.request[token.from..token.to].to_lowercase()
    }

    /// Whether a word of it is one of a cue.
    pub(super) fn cues(&self, token: &Token, cue: Cue) -> bool {
        cue.is(&self.request[token.from..token.to])
    }

    /// Whether it holds a phrase of a cue, what is quoted aside.
    pub(super) fn hears(&self, cue: Cue) -> bool {
        let mut parts = self.tokens.split(|token| matches!(token.mark, Mark::Quote(_)));
        parts.any(|part| cue.heard(Clause { tokens: part, ..self.clone() }.verbatim()))
    }

    /// Whether a word of it is exactly this one.
    pub(super) fn says(&self, word: &str) -> bool {
        self.tokens.iter().any(|token| &self.request[token.from..token.to] == word)
    }

    /// Whether it speaks of time and of nothing else.
    pub(super) fn is_time(&self) -> bool {
        let silent = |mark: &Mark| {
            let plain = matches!(
                mark,
                Mark::Fill | Mark::Stay | Mark::Set | Mark::When(_) | Mark::From | Mark::Until | Mark::Comma
            );
            plain
                || matches!(
                    mark,
                    Mark::Time(_)
                        | Mark::Number(_)
                        | Mark::Stretch(..)
                        | Mark::AfterText(_)
                        | Mark::Noun(Noun::Video)
                )
        };
        let counts = |w: &[Token]| {
            matches!((&w[0].mark, &w[1].mark), (Mark::When(Time::First | Time::Last), Mark::Number(_)))
        };
        let timed = self
            .tokens
            .iter()
            .any(|t| matches!(t.mark, Mark::Time(_) | Mark::Stretch(..) | Mark::AfterText(_)))
            || self.tokens.windows(2).any(counts);
        timed && self.tokens.iter().all(|token| silent(&token.mark))
    }

    /// What is done: a telling verb before a plain `make` or `add`.
    pub(super) fn own_verb(&self) -> Option<Verb> {
        let verbs = || {
            self.tokens.iter().filter_map(|token| match token.mark {
                Mark::Do(verb) => Some(verb),
                _ => None,
            })
        };
        let plain = |verb: &Verb| matches!(verb, Verb::Make | Verb::Add | Verb::Change);
        // `leave the logo off`
        let away = |token: &&Token| {
            token.mark == Mark::Do(Verb::Remove)
                && ["off", "out", "out of", "away"].contains(&self.word(token).as_str())
        };
        if self.tokens.iter().any(|token| away(&token)) && verbs().any(|verb| verb == Verb::Keep) {
            return Some(Verb::Remove);
        }
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

    pub(super) fn quality<T>(&self, read: impl Fn(Quality) -> Option<T>) -> Option<T> {
        self.tokens.iter().find_map(|token| match token.mark {
            Mark::Quality(quality) => read(quality),
            _ => None,
        })
    }

    pub(super) fn shape(&self) -> Option<Shape> {
        // A reel is a video, and an upright one.
        let reel = |token: &Token| {
            let word = self.request[token.from..token.to].to_ascii_lowercase();
            token.mark == Mark::Noun(Noun::Video) && ["reel", "reels"].contains(&word.as_str())
        };
        let said = self.quality(|q| if let Quality::Shape(shape) = q { Some(shape) } else { None });
        said.or_else(|| self.tokens.iter().any(reel).then_some(Shape::Tall))
    }

    pub(super) fn side(&self) -> Option<u32> {
        self.quality(|q| if let Quality::Side(side) = q { Some(side) } else { None })
    }

    pub(super) fn mood(&self) -> Option<Mood> {
        let mood = |token: &Token| {
            if let Mark::Quality(Quality::Mood(mood)) = token.mark { Some(mood) } else { None }
        };
        // `swap the lo-fi for something dramatic`
        match self.own_verb() {
            Some(Verb::Swap | Verb::Change) => self.tokens.iter().rev().find_map(mood),
            _ => self.tokens.iter().find_map(mood),
        }
    }

    pub(super) fn look(&self) -> Option<Look> {
        self.quality(|q| if let Quality::Look(look) = q { Some(look) } else { None })
    }

    pub(super) fn fill(&self) -> Option<Fill> {
        // `show them whole with something blurry behind`
        let blur = self.at(&Mark::Quality(Quality::Look(Look::Blur)));
        // In `they don't fit, put a blur behind` another verb stands between.
        let verb =
            |blur: usize| self.tokens[..blur].iter().rev().find(|token| matches!(token.mark, Mark::Do(_)));
        let off = |blur: usize| verb(blur).is_some_and(|token| token.mark == Mark::Do(Verb::Remove));
        if blur.is_some_and(|blur| !off(blur)) && self.hears(Cue::Around) {
            return Some(Fill::Blur);
        }
        if self.fade().is_some() && self.names(Noun::FadeOut) {
            // `let the whole picture fade to black`
            return None;
        }
        self.quality(|q| if let Quality::Fill(fill) = q { Some(fill) } else { None })
    }

    pub(super) fn blend(&self) -> Option<Blend> {
        self.quality(|q| if let Quality::Blend(blend) = q { Some(blend) } else { None })
    }

    pub(super) fn place(&self) -> Option<Place> {
        let places = self.tokens.iter().filter_map(|token| match token.mark {
            Mark::Quality(Quality::Place(place)) => Some(place),
            _ => None,
        });
        let places: Vec<Place> = places.collect();
        // `up in the right corner`
        let corners = [
            (Place::TopCenter, Place::MiddleLeft, Place::TopLeft),
            (Place::TopCenter, Place::MiddleRight, Place::TopRight),
            (Place::BottomCenter, Place::MiddleLeft, Place::BottomLeft),
            (Place::BottomCenter, Place::MiddleRight, Place::BottomRight),
        ];
        let both = |(row, side, _): &&(Place, Place, Place)| places.contains(row) && places.contains(side);
        corners.iter().find(both).map(|(.., corner)| *corner).or(places.first().copied())
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

    /// What is to stand behind words: colours by their name, or one colour as it was said.
    pub(super) fn backdrop(&self) -> Option<Backdrop> {
        let named = self.quality(|q| if let Quality::Palette(palette) = q { Some(palette) } else { None });
        named.map(Backdrop::Palette).or_else(|| self.color().map(Backdrop::Color))
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
        // `music volume 30`
        let plain = self.tokens.iter().find_map(|token| match token.mark {
            Mark::Number(n) if self.names(Noun::Volume) && (1.0..=100.0).contains(&n) => Some(n / 100.0),
            _ => None,
        });
        said.or(plain)
            .or_else(|| (self.names(Noun::Volume) && self.has(&Mark::When(Time::Half))).then_some(0.5))
            // 声音调到一半
            .or_else(|| (self.names(Noun::Sound) && self.says("一半")).then_some(0.5))
    }

    pub(super) fn has_percent(&self) -> bool {
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
        let laid =
            [(Noun::EndCard, Subject::EndCard), (Noun::Duck, Subject::Duck), (Noun::Voice, Subject::Voice)];
        if let Some((_, subject)) = laid.into_iter().find(|(noun, _)| self.names(*noun)) {
            return subject;
        }
        let music = self.names(Noun::Music) || self.names(Noun::OwnMusic);
        let drops =
            || self.is(Quality::Quieter) || self.tokens.iter().any(|token| self.cues(token, Cue::Lowering));
        if self.names(Noun::Speech) && (music || drops()) {
            return Subject::Duck;
        }
        if self.names(Noun::Speech) && !self.quotes().is_empty() {
            return Subject::Voice;
        }
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
            (Noun::SubtitleFile, Subject::Text(Some(TextStyle::Caption))),
            (Noun::Progress, Subject::Progress),
            (Noun::Text, Subject::Text(None)),
            (Noun::Logo, Subject::Logo),
            (Noun::Music, Subject::Music),
            (Noun::OwnMusic, Subject::Music),
            (Noun::Joint, Subject::Joints),
            (Noun::HardCut, Subject::Joints),
            (Noun::FadeBoth, Subject::Fade(Side::Both)),
            (Noun::FadeIn, Subject::Fade(Side::In)),
            (Noun::FadeOut, Subject::Fade(Side::Out)),
            (Noun::Motion, Subject::Motion),
            (Noun::Still, Subject::Motion),
            (Noun::Background, Subject::Background),
            (Noun::Sound, Subject::Sound),
            (Noun::Speech, Subject::Sound),
            (Noun::Volume, Subject::Volume),
            (Noun::Speed, Subject::Speed),
            (Noun::SlowMotion, Subject::Speed),
            (Noun::Look, Subject::Look),
            (Noun::Plain, Subject::Look),
            (Noun::Brand, Subject::Brand),
        ];
        if let Some((_, subject)) = ordered.into_iter().find(|(noun, _)| self.names(*noun)) {
            return subject;
        }
        if self.blend().is_some() {
            return Subject::Joints;
        }
        if [Noun::Photo, Noun::Clip, Noun::Shot].into_iter().any(|noun| self.names(noun)) {
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
            // `fade the picture to black`
            (true, false, true) if self.says("fade") => Some(Side::Out),
            (true, true, false) if self.says("fade") => Some(Side::In),
            (true, ..) if apart("out") && !apart("in") => Some(Side::Out),
            (true, ..) | (_, true, true) => Some(Side::Both),
            (_, true, _) => Some(Side::In),
            (.., true) => Some(Side::Out),
            _ => None,
        }
    }
}
