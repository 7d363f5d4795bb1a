//! What several marks mean together: `after the title`, `no, bigger`, `第一张和第三张`.

use crate::model::edit::TextStyle;
use crate::studio::agent::lex::{Mark, Token};
use crate::studio::agent::phrases::{Noun, Quality, Time, Verb};

/// Words that a text's going is told with, between its noun and the moment.
const GONE: &[&str] = &[
    "is gone",
    "has gone",
    "goes",
    "gone",
    "disappears",
    "ends",
    "is over",
    "finishes",
    "fades out",
    "leaves",
    "出现",
    "消失",
    "结束",
    "完",
    "播完",
    "显示完",
    "消失了",
    "结束了",
];

/// Joins marks that mean one thing together.
pub(super) fn settled(text: &str, tokens: Vec<Token>) -> Vec<Token> {
    let mut found: Vec<Token> = Vec::new();
    let mut at = 0;
    while at < tokens.len() {
        let after = after_text(text, &tokens[at..]).or_else(|| text_after(text, &tokens[at..]));
        if let Some((mark, count)) = after {
            found.push(Token { mark, from: tokens[at].from, to: tokens[at + count - 1].to });
            at += count;
            continue;
        }
        let mut token = tokens[at].clone();
        let next = tokens.get(at + 1).map(|next| &next.mark);
        if token.mark == Mark::Do(Verb::StartOver) && matches!(next, Some(Mark::When(_) | Mark::From)) {
            // `delete everything after 10 seconds` starts nothing over.
            token.mark = Mark::Do(Verb::Remove);
        }
        let after_noun = at > 0 && matches!(tokens[at - 1].mark, Mark::Noun(_));
        let lasts = text[token.from..token.to].eq_ignore_ascii_case("last");
        if after_noun && lasts && matches!(next, Some(Mark::Time(_) | Mark::When(Time::For))) {
            // `make the picture last 7 seconds`
            token.mark = Mark::When(Time::For);
        }
        let told = |token: &Token| {
            let fills = matches!(token.mark, Mark::Fill | Mark::Stay);
            (!fills).then_some(matches!(token.mark, Mark::Noun(_) | Mark::When(Time::After | Time::Before)))
        };
        let named = tokens[..at].iter().rev().find_map(told).unwrap_or_default()
            && !text[token.from..token.to].is_ascii();
        if token.mark == Mark::Do(Verb::StartOver) && named {
            // 文字全部删除
            token.mark = Mark::Do(Verb::Remove);
        }
        if &text[token.from..token.to] == "片尾" && matches!(next, Some(Mark::Colon | Mark::Quote(_))) {
            token.mark = Mark::Noun(Noun::EndCard);
        }
        if let Some(mark) = particle(text, &tokens, at) {
            token.mark = mark;
        }
        if corrects(text, &tokens, at) {
            token.mark = Mark::Fill;
        }
        found.push(token);
        at += 1;
    }
    found
}

/// `turn the music down`, `take the filter off`: a verb in two parts.
fn particle(text: &str, tokens: &[Token], at: usize) -> Option<Mark> {
    let word = |token: &Token| text[token.from..token.to].to_lowercase();
    let parts = |mark: &Mark| matches!(mark, Mark::Stop | Mark::Comma | Mark::Join);
    let before: Vec<&Token> = tokens[..at].iter().rev().take_while(|t| !parts(&t.mark)).take(8).collect();
    let opened = |verbs: &[&str]| before.iter().any(|token| verbs.contains(&word(token).as_str()));
    let heard = before.iter().any(|token| {
        matches!(
            token.mark,
            Mark::Noun(
                Noun::Music | Noun::OwnMusic | Noun::Sound | Noun::Volume | Noun::Speech | Noun::Voice
            )
        )
    });
    let verbs =
        before.iter().any(|token| matches!(token.mark, Mark::Do(_) | Mark::Time(_) | Mark::Percent(_)));
    match word(&tokens[at]).as_str() {
        "off" | "away" | "out" | "out of"
            if opened(&["take", "turn", "switch", "get", "turned", "taken"]) =>
        {
            Some(Mark::Do(Verb::Remove))
        }
        "down" if heard && opened(&["turn", "bring", "dial", "tone", "take", "turned"]) => {
            Some(Mark::Quality(Quality::Quieter))
        }
        "up" if heard && opened(&["turn", "bring", "dial", "crank", "pump", "bump", "turned"]) => {
            Some(Mark::Quality(Quality::Louder))
        }
        "together" if opened(&["put", "join", "stick", "stitch", "glue", "bring"]) => {
            Some(Mark::Do(Verb::Generate))
        }
        "in" if heard && opened(&["ease", "bring"]) => Some(Mark::Noun(Noun::FadeIn)),
        "out" if heard && opened(&["ease"]) => Some(Mark::Noun(Noun::FadeOut)),
        // `music off`
        "off"
            if ends(tokens, at)
                && before.iter().any(|token| matches!(token.mark, Mark::Noun(_)))
                && !verbs =>
        {
            Some(Mark::Do(Verb::Remove))
        }
        "take" | "takes" if tokens[at].mark == Mark::Other => Some(Mark::Fill),
        _ => None,
    }
}

/// Whether a wish ends with a token.
fn ends(tokens: &[Token], at: usize) -> bool {
    tokens
        .get(at + 1)
        .is_none_or(|next| matches!(next.mark, Mark::Stop | Mark::Comma | Mark::Join | Mark::Fill))
}

/// `no, bigger`: the word takes back what was said and takes nothing away.
fn corrects(text: &str, tokens: &[Token], at: usize) -> bool {
    let token = &tokens[at];
    let word = text[token.from..token.to].to_lowercase();
    let opens = at == 0 || matches!(tokens[at - 1].mark, Mark::Stop | Mark::Comma);
    let waits = |next: &&Token| {
        ["wait", "sorry", "actually"].contains(&text[next.from..next.to].to_lowercase().as_str())
    };
    if opens && word == "no" && tokens.get(at + 1).is_some_and(|next| waits(&next)) {
        return true;
    }
    let parted = tokens.get(at + 1).is_none_or(|next| matches!(next.mark, Mark::Comma | Mark::Stop));
    ["no", "不", "不要", "cool"].contains(&word.as_str()) && opens && parted && at + 1 < tokens.len()
}

/// `after the title`, `once the caption is gone`
fn after_text(text: &str, tokens: &[Token]) -> Option<(Mark, usize)> {
    let opens = match tokens.first()?.mark {
        Mark::When(Time::After) => true,
        // `when the title is gone`
        _ => text[tokens[0].from..tokens[0].to].eq_ignore_ascii_case("when"),
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
    let after = ["之后", "以后", "过后", "后", "后面", "之后再"].contains(&word);
    after.then_some((Mark::AfterText(style), 2 + gone))
}

/// How many of the tokens tell that something goes.
fn going(text: &str, tokens: &[Token]) -> usize {
    let said = |count: usize| {
        let (Some(first), Some(last)) = (tokens.first(), tokens.get(count - 1)) else { return false };
        GONE.contains(&text[first.from..last.to].to_lowercase().as_str())
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
