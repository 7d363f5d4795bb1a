//! The brand in a wish: `use the brand color #ff5500 and the brand font Noto Serif`.

use std::ops::Range;

use crate::model::edit::{Brand, Color, Edit};
use crate::studio::agent::clause::Clause;
use crate::studio::agent::lex::Mark;
use crate::studio::agent::phrases::Noun;
use crate::studio::agent::rules::Scene;

/// What a clause says of the brand: each value follows its noun.
pub(super) fn brand(clause: &Clause<'_>, _: &Scene<'_>) -> Option<Edit> {
    let is_brand = |at: &usize| clause.tokens[*at].mark == Mark::Noun(Noun::Brand);
    let places: Vec<usize> = (0..clause.tokens.len()).filter(is_brand).collect();
    let mut brand = Brand::default();
    for (i, at) in places.iter().enumerate() {
        let token = &clause.tokens[*at];
        let noun = clause.request[token.from..token.to].to_lowercase();
        let named = |words: &[&str]| words.iter().any(|word| noun.contains(word));
        let values = at + 1..places.get(i + 1).copied().unwrap_or(clause.tokens.len());
        if named(&["font", "typeface", "字体"]) {
            brand.font = font(clause, values);
        } else if named(&["background", "背景", "底色"]) {
            brand.background = color(clause, values);
        } else {
            brand.color = color(clause, values);
        }
    }
    (brand != Brand::default()).then_some(Edit::Brand(brand))
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
