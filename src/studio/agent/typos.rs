//! Words that were typed wrongly: `musci`, `tittle`. Only long words of the phrase table are
//! guessed at, and only where a word means nothing else.

use std::sync::LazyLock;

use crate::studio::agent::lex::Mark;
use crate::studio::agent::phrases::{self, GAP};

/// A shorter word is like too many others.
const SWAPPED_LETTERS_MIN: usize = 5;
/// From here on one letter may be wrong, missing or too many.
const WRONG_LETTER_MIN: usize = 6;
/// Words that nearly every request holds, and that little else is like.
const CORE: &[&str] = &["image", "music", "photo", "title", "video"];
/// Words of daily talk that are one letter away from a word of the table.
const REAL: &[&str] = &[
    "adding", "boarder", "boots", "cooler", "creation", "filler", "loader", "mover", "musical", "photon",
    "remote", "scenes", "sharing", "shower", "sliders", "soften", "sounded", "spending", "starring",
    "stills", "trailers", "tracks", "videos", "waring",
];

/// What a word was probably meant to be.
pub(super) fn meant(word: &str) -> Option<Mark> {
    let plain = word.len() >= SWAPPED_LETTERS_MIN && word.bytes().all(|b| b.is_ascii_lowercase());
    if !plain || REAL.contains(&word) {
        return None;
    }
    let near = |known: &&(&str, &Mark)| {
        let long = word.len() >= WRONG_LETTER_MIN || CORE.contains(&known.0);
        swapped(word, known.0) || long && wrong_letter(word, known.0)
    };
    WORDS.iter().find(near).map(|(_, mark)| (*mark).clone())
}

/// Single long words that do something or name a thing.
static WORDS: LazyLock<Vec<(&str, &Mark)>> = LazyLock::new(|| {
    let tells = |mark: &Mark| matches!(mark, Mark::Do(_) | Mark::Noun(_));
    let plain =
        |word: &&str| word.len() >= SWAPPED_LETTERS_MIN && word.bytes().all(|b| b.is_ascii_lowercase());
    let words = |(mark, words): &'static (Mark, &'static str)| {
        words.split(GAP).filter(plain).map(move |word| (word, mark))
    };
    phrases::all().filter(|(mark, _)| tells(mark)).flat_map(words).collect()
});

/// `musci`: two neighbouring letters changed places.
fn swapped(word: &str, known: &str) -> bool {
    let (word, known) = (word.as_bytes(), known.as_bytes());
    let differs = |at: &usize| word[*at] != known[*at];
    if word.len() != known.len() {
        return false;
    }
    let places: Vec<usize> = (0..word.len()).filter(differs).collect();
    matches!(places[..], [a, b] if b == a + 1 && word[a] == known[b] && word[b] == known[a])
}

/// `tittle`, `trnsition`: one letter is wrong, missing or too many; the first one is right.
fn wrong_letter(word: &str, known: &str) -> bool {
    let (short, long) = if word.len() <= known.len() { (word, known) } else { (known, word) };
    let (short, long) = (short.as_bytes(), long.as_bytes());
    if short[0] != long[0] || long.len() - short.len() > 1 {
        return false;
    }
    let same = short.iter().zip(long).take_while(|(a, b)| a == b).count();
    let skip = usize::from(short.len() == long.len());
    // `photo` of `photos` is the number of a word and no slip.
    let slip = !(short.len() < long.len() && same == short.len());
    slip && short.get(same + skip..) == long.get(same + 1..)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::studio::agent::phrases::{Noun, Verb};

    #[test]
    fn slips_are_understood_and_words_left_alone() {
        assert_eq!(meant("musci"), Some(Mark::Noun(Noun::Music)));
        assert_eq!(meant("tittle"), Some(Mark::Noun(Noun::Title)));
        assert_eq!(meant("trnsition"), Some(Mark::Noun(Noun::Joint)));
        assert_eq!(meant("delte"), None, "four letters of five are too few");
        assert_eq!(meant("deelte"), Some(Mark::Do(Verb::Remove)));
        assert!(
            ["remote", "shower", "bakery", "Musci", "captain"].into_iter().all(|word| meant(word).is_none())
        );
    }
}
