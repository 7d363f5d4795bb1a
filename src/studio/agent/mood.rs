//! The mood of music that nobody asked for, by what a video speaks of.

use crate::model::edit::Mood;
use crate::studio::agent::lex::{self, Mark};
use crate::studio::agent::phrases::{GAP, Quality};

/// A word that names a mood says more than a thing that goes with one.
const NAMED: usize = 2;

/// Things and the mood that goes with them; of equal ones the earlier line wins.
#[rustfmt::skip]
const TABLE: &[(Mood, &str)] = &[
    (Mood::Calm,
        "morning|sea|lake|river|forest|garden|snow|autumn|sleep|dream|breath|meditation|yoga|spa|silence|baby|moon|\
         清晨|早晨|早安|晚安|山间|大海|湖|河|森林|花园|雪|秋|梦|呼吸|冥想|瑜伽|月"),
    (Mood::Upbeat,
        "party|sale|discount|celebration|celebrate|birthday|summer|festival|holiday|gym|fitness|sport|race|kid|game|\
         playground|carnival|派对|促销|打折|优惠|生日|庆祝|夏日|夏天|节日|假期|健身|运动|比赛|孩子|游戏|狂欢|开业"),
    (Mood::LoFi,
        "coffee|cafe|café|tea|book|study|rain|city|street|vinyl|kitchen|bakery|bread|\
         咖啡|茶|读书|学习|雨|城市|街|唱片|厨房|面包"),
    (Mood::Cinematic,
        "space|universe|galaxy|star|storm|hero|legend|journey|adventure|history|desert|aurora|northern lights|mountain|volcano|\
         宇宙|星空|银河|风暴|英雄|传奇|旅程|冒险|历史|沙漠|极光|雪山|火山"),
    (Mood::Corporate,
        "company|business|team|customer|software|platform|app|data|growth|industry|finance|startup|invoice|\
         公司|企业|团队|客户|软件|平台|数据|增长|行业|金融|创业"),
];

/// Returns the mood that most words of a text go with; calm when none does.
pub(super) fn of(text: &str) -> Mood {
    let lower = text.to_lowercase();
    let words: Vec<&str> = lower.split(|c: char| !c.is_alphanumeric()).collect();
    let said = |thing: &str| match thing.is_ascii() {
        true if thing.contains(' ') => lower.contains(thing),
        true => words.iter().any(|word| *word == thing || word.strip_suffix('s') == Some(thing)),
        false => lower.contains(thing),
    };
    let named = lex::tokens(text, &[]);
    let score = |mood: Mood, things: &str| {
        let names = named.iter().filter(|token| token.mark == Mark::Quality(Quality::Mood(mood))).count();
        names * NAMED + things.split(GAP).filter(|thing| said(thing)).count()
    };
    let scores = TABLE.iter().map(|(mood, things)| (score(*mood, things), *mood));
    let best = scores.reduce(|best, next| if next.0 > best.0 { next } else { best });
    best.filter(|(score, _)| *score > 0).map_or(Mood::Calm, |(_, mood)| mood)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn music_goes_with_what_is_told() {
        let told = [
            ("A calm morning by the sea", Mood::Calm),
            ("Summer sale, this weekend only", Mood::Upbeat),
            ("Coffee for rainy cities", Mood::LoFi),
            ("The northern lights", Mood::Cinematic),
            ("Our team builds software for customers", Mood::Corporate),
            ("an epic film about coffee", Mood::Cinematic),
            ("夏日促销", Mood::Upbeat),
            ("宇宙的传奇", Mood::Cinematic),
            ("Zzyzx", Mood::Calm),
            ("", Mood::Calm),
        ];
        for (text, mood) in told {
            assert_eq!(of(text), mood, "{text}");
        }
    }
}
