//! What several marks mean together: `after the title`, 做个视频, `fade … to black`.

use crate::model::edit::TextStyle;
use crate::studio::agent::lex::{Mark, Token};
use crate::studio::agent::phrases::{Cue, Noun, Time, Verb};
use crate::studio::agent::{beside, doubts};

/// A counting word and the noun: clips of a video, or a video that is to be made.
const COUNTED_VIDEO: &[&str] = &["个视频", "条视频", "段视频"];

/// Joins marks that mean one thing together, and settles what marks mean beside others.
pub(super) fn settled(text: &str, tokens: Vec<Token>) -> Vec<Token> {
    let mut found: Vec<Token> = Vec::new();
    let mut at = 0;
    while at < tokens.len() {
        let after = after_text(text, &tokens[at..]).or_else(|| text_after(text, &tokens[at..]));
        let joined = after.or_else(|| to_black(&tokens, at));
        if let Some((mark, count)) = joined {
            found.push(Token { mark, from: tokens[at].from, to: tokens[at + count - 1].to });
            at += count;
            continue;
        }
        if let Some(count) = doubts::rejected(text, &tokens, at) {
            let silent = |token: &Token| Token { mark: Mark::Fill, ..token.clone() };
            found.extend(tokens[at..at + count].iter().map(silent));
            at += count;
            continue;
        }
        if let Some(count) = doubts::reason(text, &tokens[at..]) {
            let silent = |token: &Token| Token { mark: Mark::Fill, ..token.clone() };
            found.extend(tokens[at..at + count].iter().map(silent));
            at += count;
            continue;
        }
        let mut token = tokens[at].clone();
        let mark = narrowed(text, &tokens, at).or_else(|| beside::mark(text, &tokens, at));
        token.mark = mark.unwrap_or(token.mark);
        if COUNTED_VIDEO.contains(&&text[token.from..token.to]) && makes(&found) {
            // 做个视频: the counting word is an article.
            let article = token.from + "个".len();
            found.push(Token { mark: Mark::Set, from: token.from, to: article });
            token = Token { mark: Mark::Noun(Noun::Video), from: article, to: token.to };
        }
        token.mark = doubts::complaint(text, &tokens, at).unwrap_or(token.mark);
        if doubts::corrects(text, &tokens, at) {
            token.mark = Mark::Fill;
        }
        found.push(token);
        at += 1;
    }
    found
}

/// What a mark means by the words around it, where the phrase table tells another thing.
fn narrowed(text: &str, tokens: &[Token], at: usize) -> Option<Mark> {
    let token = &tokens[at];
    let word = &text[token.from..token.to];
    let before = at.checked_sub(1).map(|before| &tokens[before].mark);
    let next = tokens.get(at + 1).map(|next| &next.mark);
    let fades = |mark: &Mark| matches!(mark, Mark::Noun(Noun::FadeOut | Noun::FadeIn | Noun::FadeBoth));
    match token.mark {
        // `delete everything after 10 seconds` starts nothing over.
        Mark::Do(Verb::StartOver) if matches!(next, Some(Mark::When(_))) || from_time(tokens, at + 1) => {
            Some(Mark::Do(Verb::Remove))
        }
        // `delete everything except the first photo`
        Mark::Do(Verb::StartOver) if tokens.get(at + 1).is_some_and(|next| spares(text, next)) => {
            Some(Mark::Do(Verb::Remove))
        }
        // 文字全部删除
        Mark::Do(Verb::StartOver) if !word.is_ascii() && told_of(&tokens[..at]) => {
            Some(Mark::Do(Verb::Remove))
        }
        // 结尾画面淡出
        Mark::Noun(Noun::EndCard) if word.ends_with("画面") && next.is_some_and(fades) => {
            Some(Mark::When(Time::End))
        }
        _ if word == "片尾" && matches!(next, Some(Mark::Colon | Mark::Quote(_))) => {
            Some(Mark::Noun(Noun::EndCard))
        }
        // `make the picture last 7 seconds`
        _ if word.eq_ignore_ascii_case("last") => {
            let lasts = matches!(before, Some(Mark::Noun(_) | Mark::Do(Verb::Change)));
            let timed = matches!(next, Some(Mark::Time(_) | Mark::When(Time::For)));
            (lasts && timed).then_some(Mark::When(Time::For))
        }
        _ => None,
    }
}

/// Whether a word says that what follows is left out.
fn spares(text: &str, token: &Token) -> bool {
    let word = &text[token.from..token.to];
    word.eq_ignore_ascii_case("but") || Cue::Except.is(word)
}

/// `from 5 s`
fn from_time(tokens: &[Token], at: usize) -> bool {
    let from = tokens.get(at).is_some_and(|token| token.mark == Mark::From);
    let timed = tokens
        .get(at + 1)
        .is_some_and(|token| matches!(token.mark, Mark::Time(_) | Mark::Number(_) | Mark::When(_)));
    from && timed
}

/// Whether the words before name what is spoken of.
fn told_of(before: &[Token]) -> bool {
    let told = |token: &Token| {
        let fills = matches!(token.mark, Mark::Fill | Mark::Stay);
        (!fills).then_some(matches!(token.mark, Mark::Noun(_) | Mark::When(Time::After | Time::Before)))
    };
    before.iter().rev().find_map(told).unwrap_or_default()
}

/// Whether the last of some tokens makes something.
fn makes(tokens: &[Token]) -> bool {
    matches!(tokens.last(), Some(Token { mark: Mark::Do(Verb::Make | Verb::Generate), .. }))
}

/// `fade from black at the start and to black at the end`
fn to_black(tokens: &[Token], at: usize) -> Option<(Mark, usize)> {
    let fades = |token: &Token| matches!(token.mark, Mark::Noun(Noun::FadeIn | Noun::FadeBoth));
    let black = |token: &Token| matches!(&token.mark, Mark::Color(color) if color.word() == "black");
    let told = tokens[at].mark == Mark::Until && tokens.get(at + 1).is_some_and(black);
    (told && tokens[..at].iter().any(fades)).then_some((Mark::Noun(Noun::FadeOut), 2))
}

/// `after the title`, `once the caption is gone`
fn after_text(text: &str, tokens: &[Token]) -> Option<(Mark, usize)> {
    let opens = match tokens.first()?.mark {
        Mark::When(Time::After) => true,
        // `when the title is gone`
        _ => ["when", "where", "until"].contains(&text[tokens[0].from..tokens[0].to].to_lowercase().as_str()),
    };
    let skipped = tokens[1..]
        .iter()
        .take_while(|token| matches!(token.mark, Mark::Stay | Mark::Set | Mark::Fill))
        .count();
    let noun = tokens.get(1 + skipped).filter(|_| opens)?;
    let style = style(&noun.mark)?;
    let gone = going(text, &tokens[skipped + 2..]);
    let told = tokens[0].mark == Mark::When(Time::After) || gone > 0;
    told.then_some((Mark::AfterText(style), skipped + 2 + gone))
}

/// `标题之后`, `标题消失后`
fn text_after(text: &str, tokens: &[Token]) -> Option<(Mark, usize)> {
    let style = style(&tokens.first()?.mark)?;
    let gone = going(text, &tokens[1..]);
    let next = tokens.get(1 + gone)?;
    let word = &text[next.from..next.to];
    let after = ["之后", "以后", "过后", "后", "后面", "之后再"].contains(&word) || gone > 0 && word == "就";
    after.then_some((Mark::AfterText(style), 2 + gone))
}

/// How many of the tokens tell that something goes.
fn going(text: &str, tokens: &[Token]) -> usize {
    let said = |count: usize| {
        let (Some(first), Some(last)) = (tokens.first(), tokens.get(count - 1)) else { return false };
        Cue::Gone.is(&text[first.from..last.to])
    };
    (1..=tokens.len().min(3)).rev().find(|count| said(*count)).unwrap_or_default()
}

/// The style of a text that a noun names.
fn style(mark: &Mark) -> Option<TextStyle> {
    match mark {
        Mark::Noun(Noun::Title) => Some(TextStyle::Title),
        Mark::Noun(Noun::Caption) => Some(TextStyle::Caption),
        Mark::Noun(Noun::LowerThird) => Some(TextStyle::LowerThird),
        Mark::Noun(Noun::CallToAction) => Some(TextStyle::CallToAction),
        _ => None,
    }
}
