//! Splits a sentence into wishes: where a comma or an `and` joins two that are whole.

use crate::model::edit::Place;
use crate::model::media::{self, Kind};
use crate::studio::agent::asks;
use crate::studio::agent::clause::Clause;
use crate::studio::agent::intent::hear;
use crate::studio::agent::lex::{Mark, Token};
use crate::studio::agent::phrases::{Cue, Noun, Quality, Time, Verb};

/// Splits a sentence into wishes, where a comma or an `and` joins two that are whole.
pub(super) fn clauses<'a>(request: &'a str, sentence: &'a [Token]) -> Vec<Clause<'a>> {
    let parts =
        |at: &usize| matches!(sentence[*at].mark, Mark::Join | Mark::Comma | Mark::Without | Mark::Colon);
    let joints: Vec<usize> = (0..sentence.len()).filter(parts).collect();
    let mut found: Vec<Clause<'a>> = Vec::new();
    let mut from = 0;
    let mut inherited = None;
    for (n, at) in joints.iter().enumerate() {
        let next = joints.get(n + 1).copied().unwrap_or(sentence.len());
        let joint = Joint {
            request,
            mark: &sentence[*at].mark,
            left: &sentence[from..*at],
            right: &sentence[at + 1..next],
        };
        if joint.parts() {
            found.push(Clause { request, tokens: joint.left, inherited });
            inherited = (sentence[*at].mark == Mark::Without).then_some(Verb::Remove);
            from = at + 1;
        }
    }
    found.push(Clause { request, tokens: &sentence[from..], inherited });
    for clause in &mut found {
        clause.tokens = trimmed(clause.tokens);
    }
    found.retain(|clause| !clause.tokens.is_empty());
    inherit_back(&mut found);
    inherit(&mut found);
    found
}

/// A comma or an `and`, and what stands around it.
struct Joint<'a> {
    request: &'a str,
    mark: &'a Mark,
    left: &'a [Token],
    right: &'a [Token],
}

impl Joint<'_> {
    /// Whether it parts two wishes.
    fn parts(&self) -> bool {
        let (left, right) = (self.left, self.right);
        // `way too dark in here, brighten it`
        let talks = matches!(self.mark, Mark::Comma | Mark::Colon)
            && !left.iter().any(known)
            && whole(self.request, right);
        if talks || *self.mark == Mark::Colon {
            return talks
                || *self.mark == Mark::Colon
                    && shaped(left)
                    && (begins(self.request, right) || right.iter().any(|token| token.mark == Mark::Topic));
        }
        let without = *self.mark == Mark::Without;
        let lets = self.lets() || self.vague() || self.moody() || self.is_odd(right);
        let apart = without
            || lets
            || !of_files(left, right)
                && !sources(left, right)
                && !pair(left, right)
                && !shots(left, right)
                && !spares(self.request, left, right)
                && !worded(self.request, left, right)
                && !timed_text(left, right);
        let apart = apart && !where_to(self.request, left, right);
        let opens = lets
            || begins(self.request, right) && !each_joint(self.request, left, right)
            || spans(left, right);
        let ends = whole(self.request, left) || self.is_odd(left) || without && left.is_empty();
        ends && opens && apart
    }

    fn word(&self, token: &Token) -> String {
        self.request[token.from..token.to].to_lowercase()
    }

    /// `…, and let it fade in`
    fn lets(&self) -> bool {
        self.right.first().is_some_and(|first| Cue::Letting.is(&self.word(first)))
    }

    /// `not that, something dramatic instead`
    fn vague(&self) -> bool {
        let first = self.right.iter().find(|token| token.mark != Mark::Stay);
        let quality = |token: &Token| matches!(token.mark, Mark::Quality(_));
        first.is_some_and(|first| Cue::Something.is(&self.word(first))) && self.right.iter().any(quality)
    }

    /// `soft crossfades, lo-fi`
    fn moody(&self) -> bool {
        let mood = |token: &Token| matches!(token.mark, Mark::Quality(Quality::Mood(_)));
        let plain = |token: &Token| mood(token) || matches!(token.mark, Mark::Fill | Mark::Set | Mark::Stay);
        let heard = |token: &Token| {
            matches!(token.mark, Mark::Noun(Noun::Music | Noun::OwnMusic | Noun::Video | Noun::Script))
        };
        self.right.iter().any(mood)
            && self.right.iter().all(plain)
            && !self.left.is_empty()
            && !self.left.iter().any(heard)
    }

    /// `translate it into Spanish and make it vertical`
    fn is_odd(&self, side: &[Token]) -> bool {
        match side {
            [first, .., last] => {
                *self.mark == Mark::Join && hear::impossible(&self.request[first.from..last.to])
            }
            _ => false,
        }
    }
}

/// `For Instagram Reels:` says no more than the shape.
fn shaped(tokens: &[Token]) -> bool {
    let shape = |token: &Token| matches!(token.mark, Mark::Quality(Quality::Shape(_) | Quality::Side(_)));
    let silent =
        |token: &Token| matches!(token.mark, Mark::Fill | Mark::Stay | Mark::Set | Mark::When(Time::For));
    tokens.iter().any(shape) && tokens.iter().all(|token| shape(token) || silent(token))
}

/// Gives a wish without a verb the one before: `remove the music and the title`.
fn inherit(found: &mut [Clause<'_>]) {
    for at in 1..found.len() {
        let before = found[at - 1].verb();
        let plain = !is_fresh(&found[at])
            && !found[at].has_percent()
            && found[at].mood().is_none()
            && !found[at].has(&Mark::Each);
        let muted = before == Some(Verb::Mute) && plain && found[at].names(Noun::Music);
        let timed = muted || matches!(before, Some(Verb::Cut | Verb::Trim)) && found[at].is_time();
        if found[at].own_verb().is_none() && (before == Some(Verb::Remove) && plain || timed) {
            found[at].inherited = before;
        }
    }
}

/// `no music, and a fade to black`: the article asks for something.
fn is_fresh(clause: &Clause<'_>) -> bool {
    let fade =
        |token: &Token| matches!(token.mark, Mark::Noun(Noun::FadeIn | Noun::FadeOut | Noun::FadeBoth));
    let fades = clause.tokens.iter().any(fade) && !clause.has(&Mark::Stay);
    let lets = |first: &Token| first.mark == Mark::Set || clause.cues(first, Cue::Letting);
    let told = |first: &Token| clause.cues(first, Cue::Subject);
    fades || clause.tokens.first().is_some_and(|first| lets(first) || told(first))
}

/// `前两秒和最后两秒都不要`: what is done is said once, at the end.
fn inherit_back(found: &mut [Clause<'_>]) {
    for at in (1..found.len()).rev() {
        let verb = found[at].verb().filter(|verb| matches!(verb, Verb::Remove | Verb::Cut | Verb::Keep));
        let verb = verb.filter(|_| !found[at].names(Noun::Rest));
        let last = found[at].tokens.iter().rev().find(|token| token.mark != Mark::Fill);
        let closes = last.is_some_and(|token| matches!(token.mark, Mark::Do(_)));
        // 音乐和原声都不要
        let thing = |token: &Token| matches!(token.mark, Mark::Noun(_) | Mark::Fill | Mark::Stay);
        let all = found[at].says("都") && found[at - 1].tokens.iter().all(thing);
        let before = &mut found[at - 1];
        if closes
            && before.own_verb().is_none()
            && before.inherited.is_none()
            && (all || before.is_time() && !begins_after(before))
        {
            before.inherited = verb;
        }
    }
}

/// 标题消失后开始 says what goes by itself.
fn begins_after(clause: &Clause<'_>) -> bool {
    let after = clause.tokens.iter().any(|token| matches!(token.mark, Mark::AfterText(_)));
    after && clause.has(&Mark::When(Time::Start))
}

/// A stretch without the commas around it.
fn trimmed(mut tokens: &[Token]) -> &[Token] {
    while let [Token { mark: Mark::Comma, .. }, rest @ ..] | [rest @ .., Token { mark: Mark::Comma, .. }] =
        tokens
    {
        tokens = rest;
    }
    tokens
}

/// `make a video with the city clip`: what the video is made of.
fn of_files(left: &[Token], right: &[Token]) -> bool {
    let makes = left.iter().any(|token| matches!(token.mark, Mark::Do(Verb::Make | Verb::Generate)));
    let video = left.iter().rev().find(|token| matches!(token.mark, Mark::Noun(_)));
    let fills = |mark: &Mark| {
        matches!(mark, Mark::Fill | Mark::Stay | Mark::Set | Mark::Ordinal(_) | Mark::Number(_))
    };
    let opens = right.iter().find(|token| !fills(&token.mark));
    let file = opens.is_some_and(|token| match &token.mark {
        Mark::File(name) => media::format_of(name).is_none_or(|format| format.kind != Kind::Audio),
        Mark::Noun(Noun::Photo | Noun::Clip | Noun::Media) => true,
        _ => false,
    });
    let acts = right.iter().any(|token| {
        let laid = matches!(token.mark, Mark::Noun(Noun::Motion | Noun::Logo | Noun::Sound | Noun::Music));
        laid || matches!(token.mark, Mark::Do(_) | Mark::Quality(_))
    });
    makes && video.is_some_and(|token| token.mark == Mark::Noun(Noun::Video)) && file && !acts
}

/// `from second 15 on, put up a caption`: the time is that of the text.
fn timed_text(left: &[Token], right: &[Token]) -> bool {
    let clause = Clause { request: "", tokens: left, inherited: None };
    let text = |token: &Token| {
        let noun = matches!(
            token.mark,
            Mark::Noun(Noun::Title | Noun::Caption | Noun::LowerThird | Noun::CallToAction | Noun::Text)
        );
        noun || matches!(token.mark, Mark::Quote(_))
    };
    let adds = right.iter().any(|token| token.mark == Mark::Do(Verb::Add));
    clause.is_time()
        && !left.iter().any(|token| matches!(token.mark, Mark::Do(_)))
        && adds
        && right.iter().any(text)
}

/// `an end card with the text 'Bye'`: the words of what the left names.
fn worded(request: &str, left: &[Token], right: &[Token]) -> bool {
    let holds = |token: &Token| {
        let text = matches!(
            token.mark,
            Mark::Noun(Noun::Title | Noun::Caption | Noun::LowerThird | Noun::CallToAction)
        );
        text || matches!(token.mark, Mark::Noun(Noun::EndCard | Noun::Voice))
    };
    let said = left.iter().any(|token| matches!(token.mark, Mark::Quote(_) | Mark::Other | Mark::Colon));
    let opens = right.iter().find(|token| !matches!(token.mark, Mark::Fill | Mark::Set | Mark::Stay));
    let words = opens.is_some_and(|token| token.mark == Mark::Noun(Noun::Text));
    let acts = right.iter().any(|token| matches!(token.mark, Mark::Do(_)));
    // 片尾来张卡片，写“…”
    let writes = match right {
        [verb, rest @ ..] => {
            Cue::Saying.is(&request[verb.from..verb.to])
                && rest.first().is_none_or(|next| matches!(next.mark, Mark::Quote(_)))
        }
        [] => false,
    };
    if writes && left.iter().any(holds) && !left.iter().any(|token| matches!(token.mark, Mark::Quote(_))) {
        return true;
    }
    left.iter().any(holds)
        && !said
        && words
        && !acts
        && right.iter().any(|t| matches!(t.mark, Mark::Quote(_)))
}

/// `dissolve between the photos, half a second each`: the time is that of the joints.
fn each_joint(request: &str, left: &[Token], right: &[Token]) -> bool {
    let joint = |token: &Token| {
        matches!(token.mark, Mark::Quality(Quality::Blend(_)) | Mark::Noun(Noun::Joint | Noun::HardCut))
    };
    let named =
        right.iter().any(|token| matches!(token.mark, Mark::Noun(_) | Mark::Do(_) | Mark::Quality(_)));
    // 每张4秒 is said of the photos.
    let photo = |token: &Token| ["每张", "每一张", "每幅"].contains(&&request[token.from..token.to]);
    let each = |token: &Token| token.mark == Mark::Each && !photo(token);
    left.iter().any(joint) && !named && right.iter().any(each)
}

/// A stretch of time that is a wish of its own: `cut the first 2 and the last 3 seconds`, `vertical,
/// 15 seconds`. Behind a text or a fade it says when those are.
fn spans(left: &[Token], right: &[Token]) -> bool {
    let clause = |tokens| Clause { request: "", tokens, inherited: None };
    let takes = left.iter().any(|t| matches!(t.mark, Mark::Do(Verb::Remove | Verb::Cut | Verb::Trim)));
    let timed = left.iter().any(|token| matches!(token.mark, Mark::Time(_)));
    let between =
        left.iter().any(|token| token.mark == Mark::From) && !left.iter().any(|t| t.mark == Mark::Until);
    let free = left.iter().any(|token| {
        matches!(
            token.mark,
            Mark::Quality(Quality::Shape(_) | Quality::Side(_) | Quality::Look(_) | Quality::NoMusic)
                | Mark::Noun(Noun::Music | Noun::Logo)
                | Mark::Do(Verb::Mute | Verb::Generate)
        )
    });
    let laid = left.iter().any(|token| {
        matches!(
            token.mark,
            Mark::Quote(_)
                | Mark::Noun(
                    Noun::FadeIn | Noun::FadeOut | Noun::FadeBoth | Noun::Title | Noun::Caption | Noun::Text
                )
        )
    });
    clause(right).is_time() && !laid && (takes && timed && !between || free && !timed)
}

/// `for the first 3 seconds, make it black and white`: where the right is to be.
fn where_to(request: &str, left: &[Token], right: &[Token]) -> bool {
    let opens = left.first().is_some_and(|token| {
        let word = request[token.from..token.to].to_lowercase();
        matches!(token.mark, Mark::When(Time::For) | Mark::From)
            || ["in", "over", "在"].contains(&word.as_str())
    });
    let treats = right.iter().any(|token| {
        let looks = matches!(
            token.mark,
            Mark::Quality(Quality::Look(_) | Quality::Faster | Quality::Slower) | Mark::Factor(_)
        );
        looks
            || matches!(
                token.mark,
                Mark::Do(Verb::Mute) | Mark::Noun(Noun::Plain | Noun::Speed | Noun::SlowMotion)
            )
    });
    opens && treats && Clause { request, tokens: left, inherited: None }.is_time()
}

/// `swap photo 1 and photo 3`: two shots of one wish.
fn pair(left: &[Token], right: &[Token]) -> bool {
    let does = |tokens: &[Token], fits: fn(&Verb) -> bool| {
        tokens.iter().any(|token| matches!(&token.mark, Mark::Do(verb) if fits(verb)))
    };
    let shots = |token: &Token| match token.mark {
        Mark::Noun(noun) => matches!(noun, Noun::Photo | Noun::Clip | Noun::Shot | Noun::Video),
        Mark::Quality(_) | Mark::Quote(_) => false,
        _ => true,
    };
    if !left.iter().chain(right).all(shots) {
        return false;
    }
    does(left, |verb| *verb == Verb::Swap) && !does(right, |verb| *verb != Verb::Swap)
        || !does(left, |_| true) && does(right, |verb| *verb == Verb::Swap)
}

/// `the first and the fifth photo`, `photos 2 and 4`: two shots that one noun names.
fn shots(left: &[Token], right: &[Token]) -> bool {
    let silent = |token: &&Token| !matches!(token.mark, Mark::Stay | Mark::Fill);
    let noun = |token: &Token| matches!(token.mark, Mark::Noun(Noun::Photo | Noun::Clip | Noun::Shot));
    let left: Vec<&Token> = left.iter().filter(silent).collect();
    let right: Vec<&Token> = right.iter().filter(silent).take(2).collect();
    let place = |token: &Token| {
        matches!(token.mark, Mark::Ordinal(_) | Mark::When(Time::First | Time::Last) | Mark::Number(_))
    };
    match (left.as_slice(), right.as_slice()) {
        ([.., before, last], [number, ..]) if noun(before) && matches!(last.mark, Mark::Number(_)) => {
            matches!(number.mark, Mark::Number(_))
        }
        ([.., last], [first, of]) => place(last) && place(first) && noun(of) && !noun(last),
        _ => false,
    }
}

/// 除了头一张,别的照片每张两秒: what is left out is told first.
fn spares(request: &str, left: &[Token], right: &[Token]) -> bool {
    let value = |token: &Token| matches!(token.mark, Mark::Do(_) | Mark::Time(_) | Mark::Quality(_));
    let rest = right.iter().any(|token| matches!(token.mark, Mark::Noun(Noun::Rest) | Mark::Each));
    let clause = Clause { request, tokens: left, inherited: None };
    rest && !left.iter().any(value) && clause.hears(Cue::Except)
}

/// Whether the phrase table knows what a token means.
fn known(token: &Token) -> bool {
    !matches!(
        token.mark,
        Mark::Other | Mark::Fill | Mark::Stay | Mark::Set | Mark::Join | Mark::Comma | Mark::When(_)
    )
}

/// Whether a stretch can stand alone on the left of an `and`.
fn whole(request: &str, tokens: &[Token]) -> bool {
    let alone = [Verb::Undo, Verb::StartOver, Verb::Reverse, Verb::Mute, Verb::Export];
    // `add a rainbow`
    let acts = tokens.iter().position(|token| matches!(token.mark, Mark::Do(_)));
    let named = acts.is_some_and(|at| tokens[at..].iter().any(|token| token.mark == Mark::Other));
    // `throw it out`
    let takes = tokens.iter().any(|t| matches!(t.mark, Mark::Do(Verb::Remove | Verb::Duplicate)));
    let it = |token: &Token| Cue::Pronoun.is(&request[token.from..token.to]);
    let takes = takes && tokens.iter().any(it);
    // `something about sourdough`
    let told = tokens.iter().position(|t| t.mark == Mark::Topic);
    let told = told.is_some_and(|at| at > 0 && tokens[at..].iter().any(|t| t.mark == Mark::Other));
    told || named
        || takes
        || asks(request, tokens)
        || tokens.iter().any(|token| match &token.mark {
            Mark::Do(verb) => alone.contains(verb),
            Mark::Noun(noun) => *noun != Noun::Speech,
            Mark::Quote(_) | Mark::Time(_) | Mark::Percent(_) | Mark::File(_) => true,
            Mark::Stretch(..) | Mark::AfterText(_) => true,
            Mark::Factor(_) | Mark::Long(_) => true,
            Mark::Quality(quality) => {
                strong(quality) || matches!(quality, Quality::Mood(_) | Quality::Size(_) | Quality::Place(_))
            }
            Mark::Color(_) => true,
            _ => false,
        })
}

/// Whether a stretch opens a wish of its own, rather than adding to the one before.
fn begins(request: &str, tokens: &[Token]) -> bool {
    // `have a voice say 'Hello'`, `let it go down whenever somebody talks`
    let speech = tokens.iter().any(|token| token.mark == Mark::Noun(Noun::Speech));
    let told = |token: &Token| {
        let lower =
            matches!(token.mark, Mark::Quality(Quality::Quieter | Quality::Place(Place::BottomCenter)));
        lower || matches!(token.mark, Mark::Quote(_) | Mark::Do(_))
    };
    if speech && tokens.iter().any(told) || asks(request, tokens) {
        return true;
    }
    tokens.iter().any(|token| match &token.mark {
        Mark::Do(_) => true,
        Mark::Noun(noun) => !matches!(noun, Noun::Color | Noun::Speech),
        Mark::Each => true,
        Mark::Quality(quality) => strong(quality),
        _ => false,
    })
}

/// Whether a stretch is a question: `and tell me what's in it`.
fn asks(request: &str, tokens: &[Token]) -> bool {
    asks::of(Clause { request, tokens, inherited: None }.verbatim()).is_some()
}

fn strong(quality: &Quality) -> bool {
    use Quality as Q;
    matches!(
        quality,
        Q::Blend(_)
            | Q::Look(_)
            | Q::Fill(_)
            | Q::Shape(_)
            | Q::Side(_)
            | Q::Louder
            | Q::Quieter
            | Q::Faster
            | Q::Slower
    ) || matches!(quality, Q::NoMusic | Q::Silent)
}

/// `photos and clips`: two sources of one video.
fn sources(left: &[Token], right: &[Token]) -> bool {
    let source = |token: &Token| {
        let noun = matches!(
            token.mark,
            Mark::Noun(Noun::Photo | Noun::Clip | Noun::Shot | Noun::Media | Noun::Script)
        );
        noun || matches!(token.mark, Mark::File(_))
    };
    let heads = |token: &&Token| match &token.mark {
        Mark::Noun(_) | Mark::Do(_) | Mark::Each | Mark::Time(_) | Mark::File(_) => true,
        Mark::Quality(quality) => strong(quality),
        _ => false,
    };
    // `照片和视频`
    let video = |token: &Token| token.mark == Mark::Noun(Noun::Video);
    let plain = !left.iter().any(|token| matches!(token.mark, Mark::Do(_) | Mark::Quote(_)));
    if plain
        && left.iter().rev().find(heads).is_some_and(source)
        && right.iter().find(heads).is_some_and(video)
    {
        return true;
    }
    // `slow-mo on the harbour, the city stays as it is`
    let apart = |token: &Token| matches!(token.mark, Mark::Do(Verb::Remove | Verb::Keep | Verb::Mute));
    let both =
        left.iter().rev().find(heads).is_some_and(source) && right.iter().find(heads).is_some_and(source);
    both && !right.iter().any(apart)
}
