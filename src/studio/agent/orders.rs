//! Commands among the words that a request brings along: in `make a video: A calm morning. Add
//! upbeat music.` one sentence is shown and one is obeyed.
//!
//! What is taken for a command is not shown, so a sentence is one only when it clearly is: it
//! opens with a verb of the phrase table, names a thing of editing, does not speak to a viewer,
//! and outside of quotes holds nothing that the table does not know.

use crate::studio::agent::lex::{Mark, Token};
use crate::studio::agent::phrases::{Cue, Noun, Quality, Verb};

/// What ends a sentence or a clause.
const ENDS: &[char] = &['.', '!', '?', ';', ',', '。', '！', '？', '；', '，', '、'];

/// Words that a request brought along, parted.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Parted<'a> {
    /// What is to be shown.
    pub(super) words: String,
    /// What is to be done, a command each.
    pub(super) orders: Vec<&'a [Token]>,
}

/// Parts the tokens `tail`, which begin at byte `from` of the request, into words and commands.
pub(super) fn parted<'a>(request: &str, tail: &'a [Token], from: usize) -> Parted<'a> {
    let mut orders = Vec::new();
    let mut kept = Vec::new();
    let mut at = from;
    let sentences: Vec<&[Token]> = sentences(tail).collect();
    for (nth, sentence) in sentences.iter().copied().enumerate() {
        if let Some(label) = label(sentence) {
            kept.push(&request[at..sentence[0].from]);
            at = label;
        }
        let told = |order: &&[Token]| commands(request, order);
        let listed = |order: &&[Token]| nth > 0 && nth + 1 == sentences.len() && lists(order);
        let order = starts(sentence).map(|start| &sentence[start..]).find(|o| told(o) || listed(o));
        let (Some(order), Some(last)) = (order, sentence.last()) else { continue };
        kept.push(&request[at..order[0].from]);
        let rest = &request[last.to..];
        at = last.to + rest.len() - rest.trim_start_matches(['.', '!', '?', '。', '！', '？']).len();
        orders.push(order);
    }
    kept.push(&request[at..]);
    let told = |words: &&str| words.chars().any(char::is_alphanumeric);
    let lines: Vec<&str> = match kept.len() {
        1 => vec![request[from..].trim()],
        _ => kept.into_iter().filter(told).map(cleaned).collect(),
    };
    let words = match lines.as_slice() {
        [phrase] if !orders.is_empty() => lone(phrase).to_owned(),
        lines => lines.join("\n"),
    };
    Parted { words, orders }
}

/// One phrase before its commands: the full stop only parted it from them.
fn lone(words: &str) -> &str {
    match words.strip_suffix(['.', '。']) {
        Some(phrase) if !phrase.contains(['.', '!', '?', '。', '！', '？', '\n']) => phrase,
        _ => words,
    }
}

/// Without the comma that led to a command.
fn cleaned(words: &str) -> &str {
    words.trim().trim_end_matches([',', '，', '、']).trim_start_matches(ENDS).trim()
}

/// Sentences by their end marks; a quotation that opens the words is one of its own.
fn sentences(tail: &[Token]) -> impl Iterator<Item = &[Token]> {
    let quoted = usize::from(matches!(tail, [Token { mark: Mark::Quote(_), .. }, _, ..]));
    let (quote, rest) = tail.split_at(quoted);
    let rest = rest.split(|token| token.mark == Mark::Stop);
    std::iter::once(quote).chain(rest).filter(|sentence| !sentence.is_empty())
}

/// Where a command may begin: with the sentence, or after a comma in it.
fn starts(sentence: &[Token]) -> impl Iterator<Item = usize> {
    let after_comma = (1..sentence.len()).filter(|at| sentence[at - 1].mark == Mark::Comma);
    std::iter::once(0).chain(after_comma)
}

/// `Script:` before the words is no part of them; answers where the words begin.
fn label(sentence: &[Token]) -> Option<usize> {
    match sentence {
        [name, colon, _, ..]
            if matches!(name.mark, Mark::Noun(Noun::Script | Noun::Text)) && colon.mark == Mark::Colon =>
        {
            Some(colon.to)
        }
        _ => None,
    }
}

/// Whether a stretch clearly is a command.
fn commands(request: &str, tokens: &[Token]) -> bool {
    let word = |token: &Token| request[token.from..token.to].to_lowercase();
    // `Add music to your day` speaks to a viewer, not to an editor.
    let to_viewer = |token: &Token| match word(token).as_str() {
        "your" | "you" => true,
        "你" => request[token.to..].starts_with('的'),
        _ => false,
    };
    if tokens.iter().any(to_viewer) {
        return false;
    }
    if tells_length(tokens) {
        return true;
    }
    let mut parts = parts(tokens).into_iter();
    parts.next().is_some_and(|first| opens(request, first)) && parts.all(|part| continues(request, part))
}

/// `sunset background, upbeat music, progress bar` behind the words: things of a video, each with
/// what it is to be. One alone may be a line of the words: `Calm music.`
fn lists(tokens: &[Token]) -> bool {
    let silent = |mark: &Mark| matches!(mark, Mark::Fill | Mark::Set | Mark::Stay);
    let thing = |part: &[Token]| {
        let known = part.iter().all(|t| {
            silent(&t.mark)
                || matches!(t.mark, Mark::Noun(_) | Mark::Quality(_) | Mark::Color(_) | Mark::Percent(_))
        });
        let noun = part.iter().find_map(|t| if let Mark::Noun(noun) = t.mark { Some(noun) } else { None });
        let told = part.iter().filter(|t| !silent(&t.mark)).count() > 1;
        known
            && match noun {
                Some(Noun::Progress) => true,
                Some(
                    Noun::Music | Noun::Background | Noun::Look | Noun::Motion | Noun::Joint | Noun::HardCut,
                ) => told,
                _ => false,
            }
    };
    let parts =
        || tokens.split(|t| matches!(t.mark, Mark::Comma | Mark::Join)).filter(|part| !part.is_empty());
    parts().count() > 1 && parts().all(thing)
}

/// `, 15 seconds`, `，竖屏`: a length or a shape alone, behind a comma.
fn tells_length(tokens: &[Token]) -> bool {
    let told = |mark: &Mark| matches!(mark, Mark::Time(_) | Mark::Quality(Quality::Shape(_)));
    let silent = |mark: &Mark| {
        matches!(mark, Mark::Fill | Mark::Set | Mark::Stay | Mark::Comma | Mark::Noun(Noun::Length))
    };
    let alone = tokens.iter().all(|token| told(&token.mark) || silent(&token.mark));
    alone && tokens.iter().any(|token| told(&token.mark))
}

/// A sentence before each `and` or comma that a verb follows.
fn parts(tokens: &[Token]) -> Vec<&[Token]> {
    let joins = |at: &usize| {
        let verb = tokens[at + 1..].iter().find(|token| !leads(&token.mark));
        matches!(tokens[*at].mark, Mark::Join | Mark::Comma)
            && verb.is_some_and(|token| matches!(token.mark, Mark::Do(_)))
    };
    let mut found = Vec::new();
    let mut from = 0;
    for at in (1..tokens.len()).filter(joins) {
        found.push(&tokens[from..at]);
        from = at;
    }
    found.push(&tokens[from..]);
    found
}

/// Whether a stretch is a command by itself.
fn opens(request: &str, tokens: &[Token]) -> bool {
    let Some(at) = tokens.iter().position(|token| !leads(&token.mark)) else { return false };
    let rest = &tokens[at..];
    let order = Order { rest, request };
    match verb(request, rest) {
        _ if labels(rest) => true,
        Some(verb) if order.unknown().is_none() => order.is_edit(verb),
        Some(verb) => verb == Verb::Add && order.names_words(),
        None => false,
    }
}

/// Whether a stretch can follow a command: `and make it gold`.
fn continues(request: &str, tokens: &[Token]) -> bool {
    let order = Order { rest: tokens, request };
    order.unknown().is_none() || order.names_words()
}

/// What may stand before the verb.
fn leads(mark: &Mark) -> bool {
    matches!(
        mark,
        Mark::Fill
            | Mark::Join
            | Mark::Stay
            | Mark::Set
            | Mark::Comma
            | Mark::When(_)
            | Mark::From
            | Mark::Until
            | Mark::Time(_)
            | Mark::Quality(Quality::Place(_))
    )
}

/// `Title: Morning Brew`, `音乐：轻快`: a thing, a colon, and what it is to be.
fn labels(tokens: &[Token]) -> bool {
    let [name, colon, value, ..] = tokens else { return false };
    let known = || tokens.iter().all(|token| token.mark != Mark::Other);
    colon.mark == Mark::Colon
        && match name.mark {
            Mark::Noun(noun) if is_text(noun) => true,
            Mark::Noun(Noun::Music) => {
                known() && matches!(value.mark, Mark::Quality(Quality::Mood(_)) | Mark::File(_))
            }
            _ => false,
        }
}

/// What a stretch does: by its first word, or in Chinese by the verb after its object.
fn verb(request: &str, tokens: &[Token]) -> Option<Verb> {
    let noun = match tokens[0].mark {
        Mark::Do(verb) => return Some(verb),
        Mark::Quality(Quality::NoMusic) => return Some(Verb::Mute),
        Mark::Noun(noun) => noun,
        _ => return None,
    };
    let next = tokens[1..].iter().find(|token| token.mark != Mark::Fill).map(|token| &token.mark);
    match (noun, next) {
        (Noun::FadeIn | Noun::FadeOut | Noun::FadeBoth, _) => Some(Verb::Add),
        (_, Some(Mark::Quote(_))) if is_text(noun) => Some(Verb::Add),
        (_, Some(Mark::Do(verb))) if !request[tokens[0].from..tokens[0].to].is_ascii() => Some(*verb),
        _ => None,
    }
}

fn is_text(noun: Noun) -> bool {
    matches!(noun, Noun::Title | Noun::Caption | Noun::LowerThird | Noun::CallToAction)
}

/// A stretch that opens with a verb.
struct Order<'a> {
    rest: &'a [Token],
    request: &'a str,
}

impl Order<'_> {
    /// Whether the verb and what it is done to are an edit.
    fn is_edit(&self, verb: Verb) -> bool {
        let bare = self.names(|noun| {
            matches!(
                noun,
                Noun::Logo | Noun::Joint | Noun::HardCut | Noun::Motion | Noun::FadeIn | Noun::FadeOut
            ) || noun == Noun::FadeBoth
                || is_text(noun)
        });
        let blend = self.has(|mark| matches!(mark, Mark::Quality(Quality::Blend(_))));
        let thing = bare || self.music() || blend;
        // Words that daily talk knows too need a colour, a mood, a quotation beside them.
        let detailed = self.detailed()
            && (thing || self.names(|n| matches!(n, Noun::Text | Noun::Background | Noun::Look)));
        match verb {
            Verb::Add => thing || detailed || self.shapes(),
            Verb::Make | Verb::Generate | Verb::Change | Verb::Move => {
                detailed || self.shapes() || self.lasts()
            }
            Verb::Remove => {
                self.music()
                    || self.names(|n| matches!(n, Noun::Sound | Noun::Logo | Noun::Joint | Noun::Motion))
            }
            Verb::Keep => self.names(|noun| noun == Noun::Sound),
            Verb::Mute => true,
            Verb::Shorten | Verb::Stretch | Verb::Trim | Verb::Cut => self.lasts(),
            _ => false,
        }
    }

    /// Where the table ends to know.
    fn unknown(&self) -> Option<usize> {
        self.rest.iter().position(|token| token.mark == Mark::Other)
    }

    /// `add the title Morning Brew`: unknown words right after the noun are what a text says.
    fn names_words(&self) -> bool {
        let Some(unknown) = self.unknown() else { return false };
        let before = &self.rest[..unknown];
        let named = |token: &Token| Cue::Saying.is(&self.word(token)) || token.mark == Mark::Colon;
        let noun = before.iter().rposition(|token| !named(token));
        let text = noun.is_some_and(|at| matches!(before[at].mark, Mark::Noun(noun) if is_text(noun)));
        text && before.iter().filter(|token| matches!(token.mark, Mark::Noun(_))).count() == 1
    }

    /// Music by a word that means nothing else, or with its mood.
    fn music(&self) -> bool {
        let plain = |token: &Token| {
            let word = self.word(token);
            !word.is_ascii() || ["music", "soundtrack", "bgm"].iter().any(|name| word.contains(name))
        };
        let mood = self.has(|mark| matches!(mark, Mark::Quality(Quality::Mood(_)) | Mark::File(_)));
        self.rest.iter().any(|token| token.mark == Mark::Noun(Noun::Music) && (mood || plain(token)))
    }

    fn detailed(&self) -> bool {
        self.has(|mark| {
            let quality = matches!(
                mark,
                Mark::Quality(
                    Quality::Mood(_)
                        | Quality::Place(_)
                        | Quality::Size(_)
                        | Quality::Palette(_)
                        | Quality::Blend(_)
                        | Quality::Look(_)
                )
            );
            quality || matches!(mark, Mark::Quote(_) | Mark::Color(_) | Mark::Percent(_) | Mark::File(_))
        })
    }

    /// A shape that is asked for: `make it vertical`, `use 9:16`, `改成竖屏`. `Show stories` is none.
    fn shapes(&self) -> bool {
        let pointed = self.has(|mark| *mark == Mark::Stay);
        let said = |token: &Token| {
            let word = self.word(token);
            pointed || !word.is_ascii() || word.contains(|c: char| c.is_ascii_digit())
        };
        let shape =
            |token: &&Token| matches!(token.mark, Mark::Quality(Quality::Shape(_) | Quality::Side(_)));
        self.rest.iter().filter(shape).any(said)
    }

    /// A length of the video: `make it 20 seconds`; `make it in 5 minutes` is none.
    fn lasts(&self) -> bool {
        self.rest.windows(2).any(|pair| {
            let before = &pair[0].mark;
            let pointed = matches!(
                before,
                Mark::Stay | Mark::Until | Mark::Noun(Noun::Video | Noun::Length) | Mark::Do(_)
            );
            matches!(pair[1].mark, Mark::Time(_)) && pointed
        })
    }

    fn names(&self, fits: impl Fn(Noun) -> bool) -> bool {
        self.has(|mark| matches!(mark, Mark::Noun(noun) if fits(*noun)))
    }

    fn has(&self, fits: impl Fn(&Mark) -> bool) -> bool {
        self.rest.iter().any(|token| fits(&token.mark))
    }

    fn word(&self, token: &Token) -> String {
        self.request[token.from..token.to].to_lowercase()
    }
}
