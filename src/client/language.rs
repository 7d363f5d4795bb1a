//! The language of a session: what the user said, else what the first words are written in,
//! else the locale, else the skill's habit.

use crate::client::profile::{Habit, Profile};

/// Returns the language code to make a session with; none where the skill states none.
pub fn choose(
    option: Option<&str>,
    first_words: &str,
    locale: Option<&str>,
    profile: &Profile,
) -> Option<String> {
    let stated = option.map(str::trim).filter(|language| !language.is_empty());
    let found = stated.or_else(|| of_words(first_words)).or_else(|| locale.and_then(of_locale));
    let habit = match profile.habit {
        Habit::English => Some("en"),
        Habit::Unstated => None,
    };
    found.or(habit).map(str::to_owned)
}

/// The language that the script of some words gives away. Kana and Hangul decide before Han
/// characters, which Japanese and Korean use too.
fn of_words(words: &str) -> Option<&'static str> {
    let any = |ranges: &[std::ops::RangeInclusive<char>]| {
        words.chars().any(|c| ranges.iter().any(|range| range.contains(&c)))
    };
    if any(&['\u{3040}'..='\u{30ff}', '\u{ff66}'..='\u{ff9d}']) {
        Some("ja")
    } else if any(&['\u{ac00}'..='\u{d7af}', '\u{1100}'..='\u{11ff}']) {
        Some("ko")
    } else if any(&['\u{3400}'..='\u{4dbf}', '\u{4e00}'..='\u{9fff}', '\u{20000}'..='\u{3134f}']) {
        Some("zh")
    } else {
        None
    }
}

/// `de` of `de_DE.UTF-8`; the locales `C` and `POSIX` are no language.
fn of_locale(locale: &str) -> Option<&str> {
    let language = locale.split(['_', '-', '.', '@']).next().unwrap_or_default();
    let letters = language.bytes().all(|byte| byte.is_ascii_lowercase());
    (letters && (2..=3).contains(&language.len())).then_some(language)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn chosen(option: Option<&str>, words: &str, locale: Option<&str>) -> Option<String> {
        choose(option, words, locale, &Profile::named("ai-free-generator").unwrap())
    }

    #[test]
    fn the_option_wins_then_the_words_then_the_locale() {
        assert_eq!(chosen(Some("es"), "做一个视频", Some("de_DE")).as_deref(), Some("es"));
        assert_eq!(chosen(None, "make it 竖屏", Some("de_DE.UTF-8")).as_deref(), Some("zh"));
        assert_eq!(chosen(None, "動画を作る", None).as_deref(), Some("ja"));
        assert_eq!(chosen(None, "영상 만들기", None).as_deref(), Some("ko"));
        assert_eq!(chosen(Some(" "), "a video", Some("de_DE.UTF-8")).as_deref(), Some("de"));
    }

    #[test]
    fn the_habit_is_the_last_resort() {
        for locale in [None, Some("C"), Some("C.UTF-8"), Some("POSIX"), Some("")] {
            assert_eq!(chosen(None, "a video", locale).as_deref(), Some("en"));
            assert_eq!(choose(None, "a video", locale, &Profile::default()), None);
        }
    }
}
