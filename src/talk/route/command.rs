//! Whether a stretch is a command of the client, and which.

use super::sources::{self, Source};
use super::tokens::{Kind, Token, tokens};
use super::words::{self, holds};

/// What a command asks for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Wish {
    Export,
    Credits,
    Status,
    Upload,
}

/// What a masked stretch asks for, when it is a command.
pub(super) fn wish(plain: &str) -> Option<Wish> {
    let found = sources::sources(plain);
    if uploads(plain, &found) {
        return Some(Wish::Upload);
    }
    let bare = words::HOW.iter().find_map(|how| plain.trim_start().strip_prefix(how)).unwrap_or(plain);
    let tokens = tokens(bare);
    let is = |wish: &Wish| match wish {
        Wish::Export => exports(&tokens, false),
        Wish::Credits => all(&tokens, &[words::CREDITS_WITH, words::CREDITS]) && has(&tokens, words::CREDITS),
        Wish::Status => looks(&tokens),
        Wish::Upload => false,
    };
    [Wish::Export, Wish::Credits, Wish::Status].into_iter().find(is)
}

/// Whether a stretch is no more than the name of the thing: `credits`, `export`. After an `and`
/// it may belong to what was said before.
pub(super) fn is_bare(plain: &str) -> bool {
    let names = [words::EXPORT, words::CREDITS, words::STATUS];
    tokens(plain).iter().all(|token| names.iter().any(|list| holds(list, token.word())))
}

/// Whether a stretch asks for nothing: `please`, `looks good`.
pub(super) fn is_filler(plain: &str) -> bool {
    let tokens = tokens(plain);
    all(&tokens, &[words::FILLER]) && tokens.iter().all(|token| !token.word().is_empty())
}

/// Whether a stretch holds quoted words.
pub(super) fn quotes(plain: &str) -> bool {
    tokens(plain).iter().any(|token| token.kind == Kind::Quoted)
}

/// Whether a stretch says what shall not be done.
pub(super) fn is_negated(plain: &str) -> bool {
    tokens(plain).iter().any(|token| holds(words::NOT, token.word()))
}

/// Whether a stretch only puts off what follows it.
pub(super) fn is_later(plain: &str) -> bool {
    let tokens = tokens(plain);
    all(&tokens, &[words::LATER]) && has(&tokens, words::LATER)
}

/// Whether a stretch only tells how an export is saved: `1080p`.
pub(super) fn is_form(plain: &str) -> bool {
    let tokens = tokens(plain);
    let form =
        |token: &Token| words::container(token.word()).is_some() || words::resolution(token.word()).is_some();
    tokens.iter().any(form) && exports(&tokens, true)
}

/// Whether a stretch ends in words for the picture that nobody quoted.
pub(super) fn is_saying(plain: &str) -> bool {
    let tokens = tokens(plain);
    let said = tokens.iter().rposition(|token| holds(words::SAYING, token.word()));
    said.is_some_and(|at| tokens.get(at + 1).is_some_and(|next| next.kind != Kind::Quoted))
}

/// Where the words of an upload end that say no more than the upload: what follows its last
/// source is for the agent.
pub(super) fn uploads_only(plain: &str, found: &[Source]) -> bool {
    let after = found.last().map_or("", |last| &plain[last.to..]);
    all(&tokens(after), &[words::UPLOAD_WITH, words::UPLOAD])
}

/// Whether a stretch names files and says nothing else.
pub(super) fn only_sources(plain: &str, found: &[Source]) -> bool {
    !found.is_empty() && !sources::without(plain, found).chars().any(char::is_alphanumeric)
}

fn uploads(plain: &str, found: &[Source]) -> bool {
    let rest = sources::without(plain, found);
    let mut tokens = tokens(&rest);
    let whole = tokens.len();
    tokens.retain(|token| token.kind != Kind::Quoted);
    let Some(at) = tokens.iter().position(|token| holds(words::UPLOAD, token.word())) else { return false };
    let (before, after) = (&tokens[..at], &tokens[at + 1..]);
    let named = !found.is_empty() || tokens.len() < whole;
    all(before, &[words::UPLOAD_WITH]) && (named || all(after, &[words::UPLOAD_WITH]))
}

/// Whether the words make a video a file; `told` when the words before them did.
fn exports(tokens: &[Token], told: bool) -> bool {
    let known = [words::EXPORT, words::SAVE, words::GIVE, words::FILM, words::EXPORT_WITH];
    let form = |token: &Token| {
        token.word().is_empty()
            || words::container(token.word()).is_some()
            || words::resolution(token.word()).is_some()
    };
    let fits = |token: &Token| {
        form(token) || holds(words::NEW, token.word()) || all(std::slice::from_ref(token), &known)
    };
    if !tokens.iter().all(fits) {
        return false;
    }
    let file =
        tokens.iter().any(|token| token.kind == Kind::File || words::container(token.word()).is_some());
    let folder = tokens.iter().any(|token| token.kind == Kind::Folder);
    let thing = file || folder || has(tokens, words::FILM);
    let mine = has(tokens, "me us") && has(tokens, "it this that");
    let can = has(tokens, "can could may") && has(tokens, "have");
    let wants = has(tokens, "want need like") && (file || has(tokens, "file"));
    let gives = has(tokens, words::GIVE) || can || wants;
    told || has(tokens, words::EXPORT)
        || has(tokens, words::SAVE) && thing
        || gives && (thing || mine) && !has(tokens, words::NEW)
}

fn looks(tokens: &[Token]) -> bool {
    let known = [words::STATUS, words::TRACKS, words::LOOK, words::STATUS_WITH];
    let tracks = has(tokens, words::TRACKS);
    let ours = has(tokens, "what") && has(tokens, "have got");
    let alone = tokens.iter().all(|token| holds(words::TRACKS, token.word()) || token.word() == "the");
    all(tokens, &known)
        && (has(tokens, words::STATUS) || tracks && (alone || has(tokens, words::LOOK)) || ours)
}

/// Whether each of the words stands in one of the lists, or is politeness.
fn all(tokens: &[Token], lists: &[&str]) -> bool {
    let known = |token: &Token| {
        let word = token.word();
        holds(words::COMMON, word) || lists.iter().any(|list| holds(list, word))
    };
    tokens.iter().all(known)
}

fn has(tokens: &[Token], list: &str) -> bool {
    tokens.iter().any(|token| holds(list, token.word()))
}
