//! Whether a wish asks for a new video, rather than changing the one that is there or will be.

use crate::model::media::Kind;
use crate::studio::agent::brief::{has_topic, without_topic};
use crate::studio::agent::clause::{Clause, Subject};
use crate::studio::agent::lex::{Mark, Token};
use crate::studio::agent::phrases::{Cue, Noun, Quality, Time, Verb};
use crate::studio::agent::rules::{Scene, kind_of};

/// Whether a clause asks for a new video.
pub(super) fn makes(clause: &Clause<'_>, scene: &Scene<'_>) -> bool {
    // `topic: volcanoes`
    if let [Token { mark: Mark::Topic, .. }, Token { mark: Mark::Colon, .. }, _, ..] = clause.tokens {
        return !scene.made;
    }
    let untold = without_topic(clause);
    let told = has_topic(clause);
    let clause = &Clause { tokens: &untold, ..clause.clone() };
    let opens = clause.tokens.iter().find(|token| token.mark != Mark::Fill);
    if opens.is_some_and(|token| clause.cues(token, Cue::Tell)) && !scene.made && !scene.soon {
        return true;
    }
    // `a YouTube short that says "…"`
    let says = !clause.quotes().is_empty() && !scene.soon;
    if let Some(piece) = piece(clause).filter(|_| says || told) {
        // `I'd love a clip about our salon`, `another video about tea`
        let wishes =
            !matches!(clause.verb(), Some(Verb::Remove | Verb::Keep | Verb::Cut | Verb::Trim | Verb::Undo));
        if wishes && (!scene.made || piece == Piece::New) {
            return true;
        }
    }
    Work::of(clause, scene).is_some_and(|work| work.is_wanted(clause, scene))
}

/// What a clause speaks of that a video could be, or could be made of.
struct Work {
    /// The first thing that is named.
    first: Noun,
    /// It is called a video, or what a platform calls one.
    video: bool,
}

impl Work {
    fn of(clause: &Clause<'_>, scene: &Scene<'_>) -> Option<Self> {
        let noun =
            clause.tokens.iter().find_map(|t| if let Mark::Noun(noun) = t.mark { Some(noun) } else { None });
        let makes = matches!(clause.verb(), Some(Verb::Generate | Verb::Make));
        // `a 15-second tiktok` is a video.
        let about = clause.has(&Mark::Set) || clause.has(&Mark::Topic);
        let platform = makes && about && clause.shape().is_some();
        // `make this a YouTube short` is said of the video that is there.
        let platform = platform && (!scene.made || clause.has(&Mark::Topic) && !clause.has(&Mark::Stay));
        let files = clause.files().iter().any(|name| kind_of(scene.state, name) != Some(Kind::Audio));
        let them =
            clause.verb() == Some(Verb::Generate) && !scene.made && scene.soon && clause.has(&Mark::Stay);
        let media = (files || them).then_some(Noun::Media);
        let first = noun.or(platform.then_some(Noun::Video)).or(media)?;
        Some(Self { first, video: clause.names(Noun::Video) || platform })
    }

    /// Whether it is what videos are made of.
    fn is_source(&self) -> bool {
        matches!(self.first, Noun::Photo | Noun::Clip | Noun::Shot | Noun::Media | Noun::Script | Noun::Text)
    }

    fn is_wanted(&self, clause: &Clause<'_>, scene: &Scene<'_>) -> bool {
        let picture = self.first == Noun::Video || self.is_source();
        let shaped = clause.shape().is_some() || clause.side().is_some() || clause.look().is_some();
        let again =
            scene.made && clause.has(&Mark::Stay) && self.first == Noun::Video && !clause.has(&Mark::Set);
        match clause.verb() {
            _ if opens(clause) && !scene.made => true,
            _ if !picture || self.first == Noun::Text && !self.video => false,
            // `I want only the last 6 seconds of the video`
            Some(Verb::Make | Verb::Change) if clause.span().is_some() && !clause.has(&Mark::Set) => false,
            // `turn it into a 4K landscape video`, said of uploads
            Some(Verb::Make | Verb::Change) if !scene.made && scene.soon && of_it(clause) && shaped => false,
            // `make it look like an old movie`
            Some(Verb::Make | Verb::Change) if scene.made && of_present(clause) => false,
            // `cut everything into a 30 second video`
            Some(Verb::Cut | Verb::Trim) => !scene.made && self.video && clause.has(&Mark::Into),
            Some(Verb::Generate) => !again,
            Some(Verb::Make | Verb::Change) if self.video => {
                let fresh = clause.has(&Mark::Set) || clause.has(&Mark::Into);
                let told = scene.made || clause.time().is_some() || self.is_source();
                (fresh || !scene.made && told) && !again
            }
            // 咖啡豆那张变黑白 treats the photo.
            Some(Verb::Make) => {
                !scene.made && self.is_source() && (!treats(clause) || clause.has(&Mark::Into))
            }
            Some(Verb::Add) => {
                let given = clause.time().is_some() || !clause.quotes().is_empty() || clause.has(&Mark::Set);
                let made = self.is_source() && (self.video || self.first == Noun::Script);
                !scene.made && (made || self.first == Noun::Video && given)
            }
            // `just the cup and the beans in one video`
            Some(Verb::Keep) => {
                !scene.made && self.video && !clause.files().is_empty() && clause.span().is_none()
            }
            None => !scene.made && self.video && self.first == Noun::Video && describes(clause),
            _ => false,
        }
    }
}

/// `a 30-second video about coffee`; `the video is too quiet` and `it's for my travel vlog` ask for none.
fn describes(clause: &Clause<'_>) -> bool {
    let told = clause.has(&Mark::Topic) || !clause.has(&Mark::Stay);
    let named = matches!(clause.subject(), Subject::Video | Subject::Shots) && !treats(clause);
    let at = clause.at(&Mark::Noun(Noun::Video)).unwrap_or_default();
    let meant = clause.tokens[..at].iter().any(|token| token.mark == Mark::When(Time::For));
    told && named && !meant
}

/// `make a reel out of just the two photos`
fn opens(clause: &Clause<'_>) -> bool {
    let made = |pair: &[Token]| {
        matches!(pair[0].mark, Mark::Do(Verb::Make | Verb::Generate)) && pair[1].mark == Mark::Set
    };
    let Some(at) = clause.tokens.windows(2).position(made) else { return false };
    let named = |token: &&Token| matches!(token.mark, Mark::Noun(_) | Mark::Do(_));
    clause.tokens[at + 1..].iter().find(named).is_some_and(|token| token.mark == Mark::Noun(Noun::Video))
}

/// Whether a clause changes pictures rather than making something of them.
fn treats(clause: &Clause<'_>) -> bool {
    let changed = |quality: Quality| {
        use Quality as Q;
        matches!(
            quality,
            Q::Look(_) | Q::Size(_) | Q::Louder | Q::Quieter | Q::Faster | Q::Slower | Q::Fill(_)
        )
        .then_some(())
    };
    clause.quality(changed).is_some() || clause.names(Noun::Motion) || clause.names(Noun::Still)
}

/// A work that a request wants.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Piece {
    /// `a clip about …`, `something about …`
    Some,
    /// `another video`, `a new one`: in place of the one that is there.
    New,
}

/// Whether a clause speaks of a work that is to be made: `a short clip`, `a YouTube short`.
fn piece(clause: &Clause<'_>) -> Option<Piece> {
    let video = |token: &Token| {
        let noun = matches!(token.mark, Mark::Noun(Noun::Video | Noun::Clip | Noun::Shot | Noun::Script));
        let shape = matches!(token.mark, Mark::Quality(Quality::Shape(_)));
        noun || shape || clause.cues(token, Cue::Piece)
    };
    // `half a minute about tea`
    let lasts = clause.tokens.windows(2).any(|pair| {
        let told = matches!(pair, [Token { mark: Mark::Time(_), .. }, Token { mark: Mark::Topic, .. }]);
        told && clause.word(&pair[1]) != "of"
    });
    let laid = !matches!(
        clause.subject(),
        Subject::Video | Subject::Shots | Subject::Nothing | Subject::Background | Subject::Music
    );
    if lasts || laid {
        return (!laid).then_some(Piece::Some);
    }
    let named = clause.tokens.iter().position(|token| token.mark == Mark::Noun(Noun::Video));
    let at = named.or_else(|| clause.tokens.iter().position(video))?;
    let before = &clause.tokens[..at];
    if before.iter().chain(&clause.tokens[at..=at]).any(|token| clause.cues(token, Cue::Fresh)) {
        return Some(Piece::New);
    }
    let vague = clause.word(&clause.tokens[at]) == "something";
    let article = vague
        || before.iter().any(|token| token.mark == Mark::Set)
        || clause.tokens[at].mark == Mark::Noun(Noun::Video);
    let points = before.iter().any(|token| token.mark == Mark::Stay) && !clause.has(&Mark::Set);
    (article && !points).then_some(Piece::Some)
}

/// Whether what is made so is there already: `make it …`.
fn of_present(clause: &Clause<'_>) -> bool {
    let verb =
        clause.tokens.iter().position(|token| matches!(token.mark, Mark::Do(Verb::Make | Verb::Change)));
    let next = verb.and_then(|at| clause.tokens.get(at + 1));
    next.is_some_and(|next| next.mark == Mark::Stay)
}

/// Whether a pronoun says what something is made of.
fn of_it(clause: &Clause<'_>) -> bool {
    let made = |token: &Token| matches!(token.mark, Mark::Do(Verb::Make | Verb::Change));
    clause.tokens.windows(3).any(|three| {
        made(&three[0]) && clause.cues(&three[1], Cue::Pronoun) && !matches!(three[2].mark, Mark::Noun(_))
    })
}
