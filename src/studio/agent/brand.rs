//! The brand in a wish: `use the brand color #ff5500 and the brand font Noto Serif`.

use std::ops::Range;

use crate::model::edit::{Brand, Color, Edit};
use crate::studio::agent::clause::Clause;
use crate::studio::agent::lex::{Mark, Token};
use crate::studio::agent::phrases::Noun;
use crate::studio::agent::rules::Scene;

/// What a clause says of the brand: each value follows its noun, or stands before it.
pub(super) fn brand(clause: &Clause<'_>, _: &Scene<'_>) -> Option<Edit> {
    let is_brand = |at: &usize| clause.tokens[*at].mark == Mark::Noun(Noun::Brand);
    let places: Vec<usize> = (0..clause.tokens.len()).filter(is_brand).collect();
    let mut brand = Brand::default();
    for (i, at) in places.iter().enumerate() {
        let noun = clause.word(&clause.tokens[*at]);
        let named = |words: &[&str]| words.iter().any(|word| noun.contains(word));
        let values = at + 1..places.get(i + 1).copied().unwrap_or(clause.tokens.len());
        // `teal as the brand colour`
        let before = if i == 0 { 0 } else { places[i - 1] + 1 }..*at;
        if named(&["font", "typeface", "字体"]) {
            brand.font = font(clause, values);
        } else if named(&["background", "背景", "底色"]) {
            brand.background = color(clause, values).or_else(|| color(clause, before));
        } else {
            brand.color = brand.color.or_else(|| color(clause, values)).or_else(|| color(clause, before));
        }
    }
    brand.font = brand.font.or_else(|| loose_font(clause));
    (brand != Brand::default()).then_some(Edit::Brand(brand))
}

/// `font Lora everywhere`, `use Oswald as the font`: a name beside the noun, where no text is meant.
fn loose_font(clause: &Clause<'_>) -> Option<String> {
    let texts = [Noun::Title, Noun::Caption, Noun::LowerThird, Noun::CallToAction];
    if texts.into_iter().any(|noun| clause.names(noun)) {
        return None;
    }
    let is_font =
        |token: &Token| ["font", "fonts", "typeface", "字体"].contains(&clause.word(token).as_str());
    let at = clause.tokens.iter().position(is_font)?;
    let name = |token: &Token| {
        let capital = clause.request[token.from..].starts_with(|c: char| c.is_ascii_uppercase());
        capital && token.from > clause.tokens[0].from
            || token.mark == Mark::Other && !clause.word(token).is_ascii()
    };
    let links = |token: &&Token| {
        matches!(token.mark, Mark::Fill | Mark::Until | Mark::Stay | Mark::Colon | Mark::Do(_) | Mark::Set)
    };
    let silent = |token: &&Token| links(token) && !name(token);
    let after = &clause.tokens[at + 1..];
    let after = &after[after.iter().take_while(silent).count()..];
    let run = after.iter().take_while(|token| name(token)).count();
    let before = &clause.tokens[..at];
    let before = &before[..before.len() - before.iter().rev().take_while(silent).count()];
    let tail = before.iter().rev().take_while(|token| name(token)).count();
    let words = if run > 0 { &after[..run] } else { &before[before.len() - tail..] };
    let text = &clause.request[words.first()?.from..words.last()?.to];
    // What the table does not know may run on: `Lora everywhere`.
    let capitals = text
        .split(' ')
        .take_while(|word| !word.is_ascii() || word.starts_with(|c: char| c.is_ascii_uppercase()));
    Some(capitals.collect::<Vec<_>>().join(" "))
}

fn color(clause: &Clause<'_>, values: Range<usize>) -> Option<Color> {
    clause.tokens[values].iter().find_map(|token| match &token.mark {
        Mark::Color(color) => Some(color.clone()),
        _ => None,
    })
}

/// The name of a font: quoted, or as it is written up to a comma or an `and`.
fn font(clause: &Clause<'_>, values: Range<usize>) -> Option<String> {
    let tokens = &clause.tokens[values];
    let skip = |mark: &Mark| {
        matches!(mark, Mark::Fill | Mark::Until | Mark::Stay | Mark::Colon | Mark::Do(_) | Mark::Set)
    };
    let name = &tokens[tokens.iter().position(|token| !skip(&token.mark))?..];
    if let Some(Mark::Quote(words)) = name.first().map(|token| &token.mark) {
        return Some(words.clone());
    }
    let ends = |mark: &Mark| matches!(mark, Mark::Comma | Mark::Join | Mark::Stop);
    let count = name.iter().position(|token| ends(&token.mark)).unwrap_or(name.len());
    let (first, last) = (name[..count].first()?, name[..count].last()?);
    Some(clause.request[first.from..last.to].trim().to_owned())
}
