//! Words into beats: a script cut into sentences that can be read in their time.

use crate::model::edit::SHOT_MAX;
use crate::model::time::Millis;

/// Nobody reads a scene that is gone sooner.
const BEAT_MIN: Millis = Millis(1200);
/// A scene without an asked length stays at least so long.
const BEAT_EASY: Millis = Millis(2200);
/// Words of a scene are read within [`SHOT_MAX`]: about 14 words, or 28 Chinese characters.
const UNITS_MAX: usize = 28;
/// A sentence is halved only while each half keeps so much: about three words.
const UNITS_SPLIT_MIN: usize = 6;
/// Reading takes so long a unit (half a Latin word, or one Chinese character).
const UNIT_MS: u64 = 190;
/// Beside reading, the eye needs time to arrive.
const ARRIVE_MS: u64 = 900;
/// A first line of at most so many units, without a full stop, is a headline.
pub(super) const HEADLINE_UNITS_MAX: usize = 18;

/// One scene's words and how long they stay.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Beat {
    pub(super) text: String,
    pub(super) length: Millis,
    /// The headline of the script.
    pub(super) headline: bool,
}

/// A script in time.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Beats {
    pub(super) beats: Vec<Beat>,
    /// There were too few words, so that some come again.
    pub(super) repeats: bool,
}

/// Cuts a script into beats that add up to `total`, or take the time that reading takes.
/// No beat is longer than [`SHOT_MAX`]. Empty when the script has no words.
pub(super) fn beats(script: &str, total: Option<Millis>) -> Beats {
    let (headline, body) = headline(script);
    let mut pieces: Vec<String> = sentences(body).iter().flat_map(|s| readable(s)).collect();
    if let Some(headline) = headline {
        pieces.insert(0, headline.to_owned());
    }
    if pieces.is_empty() {
        return Beats { beats: Vec::new(), repeats: false };
    }
    let written = pieces.len();
    if let Some(total) = total {
        pieces = counted(pieces, total);
    }
    let weights: Vec<u64> = pieces.iter().map(|p| ARRIVE_MS + units(p) as u64 * UNIT_MS).collect();
    let lengths = match total {
        Some(total) => shares(&weights, SHOT_MAX, total),
        None => weights.iter().map(|w| Millis(*w).clamp(BEAT_EASY, SHOT_MAX)).collect(),
    };
    let repeats = pieces.len() > written && pieces[written..].iter().any(|p| pieces[..written].contains(p));
    let is_headline = |at: usize, text: &String| at == 0 && headline == Some(text.as_str());
    let beat = |(at, (text, length)): (usize, (String, Millis))| {
        let headline = is_headline(at, &text);
        Beat { text, length, headline }
    };
    Beats { beats: pieces.into_iter().zip(lengths).enumerate().map(beat).collect(), repeats }
}

/// Splits a text into sentences; each keeps its end mark.
pub(super) fn sentences(text: &str) -> Vec<String> {
    let mut found = Vec::new();
    let mut sentence = String::new();
    let mut chars = text.chars().peekable();
    while let Some(c) = chars.next() {
        if c != '\n' && c != '\r' {
            sentence.push(c);
        }
        let next = chars.peek().copied();
        let spaced = next.is_none_or(char::is_whitespace);
        let more = next.is_some_and(|n| "。！？…!?.\"”」』)）".contains(n));
        let ends = match c {
            '\n' | '\r' => true,
            '。' | '！' | '？' | '；' | '…' => !more,
            '.' | '!' | '?' | ';' => spaced && !initials(&sentence),
            '"' | '”' | '」' | ')' => {
                spaced && before_last(&sentence).is_some_and(|b| ".!?。！？".contains(b))
            }
            _ => false,
        };
        if ends {
            found.push(std::mem::take(&mut sentence));
        }
    }
    found.push(sentence);
    let bullets: &[char] = &['-', '*', '•', '·'];
    let cleaned = found.iter().map(|s| s.trim().trim_start_matches(bullets).trim());
    cleaned.filter(|s| s.chars().any(char::is_alphanumeric)).map(str::to_owned).collect()
}

/// How long a text takes to read, in units: two for a Latin word, one for a CJK character.
pub(super) fn units(text: &str) -> usize {
    let cjk = text.chars().filter(|c| is_cjk(*c)).count();
    let spaced: String = text.chars().map(|c| if is_cjk(c) { ' ' } else { c }).collect();
    cjk + 2 * spaced.split_whitespace().filter(|w| w.chars().any(char::is_alphanumeric)).count()
}

/// Divides `total` by weight, none above `most`; what a capped share leaves goes to the others.
/// The shares add up to `total` when `most` allows it.
pub(super) fn shares(weights: &[u64], most: Millis, total: Millis) -> Vec<Millis> {
    let caps = vec![most; weights.len()];
    capped_shares(weights, &caps, total)
}

/// [`shares`] with a cap for each.
pub(super) fn capped_shares(weights: &[u64], caps: &[Millis], total: Millis) -> Vec<Millis> {
    let mut given: Vec<Option<Millis>> = vec![None; weights.len()];
    loop {
        let open: Vec<usize> = (0..weights.len()).filter(|at| given[*at].is_none()).collect();
        let taken: u64 = given.iter().flatten().map(|share| share.0).sum();
        let left = total.0.saturating_sub(taken);
        let weight: u64 = open.iter().map(|at| weights[*at].max(1)).sum();
        let share = |at: usize| u128::from(left) * u128::from(weights[at].max(1)) / u128::from(weight.max(1));
        let over: Vec<usize> =
            open.iter().copied().filter(|at| share(*at) > u128::from(caps[*at].0)).collect();
        if !over.is_empty() {
            over.iter().for_each(|at| given[*at] = Some(caps[*at]));
            continue;
        }
        let mut remainder = left;
        for at in &open {
            let part = u64::try_from(share(*at)).unwrap_or(left);
            given[*at] = Some(Millis(part));
            remainder -= part;
        }
        // Whole milliseconds leave a rest of less than one for each share.
        for at in open.iter().rev() {
            let part = given[*at].unwrap_or_default();
            let extra = remainder.min((caps[*at] - part).0);
            given[*at] = Some(part + Millis(extra));
            remainder -= extra;
        }
        return given.into_iter().flatten().collect();
    }
}

fn is_cjk(c: char) -> bool {
    matches!(c as u32, 0x2E80..=0x9FFF | 0xAC00..=0xD7AF | 0xF900..=0xFAFF | 0x20000..=0x3FFFF)
}

/// A short first line above other lines.
fn headline(script: &str) -> (Option<&str>, &str) {
    let script = script.trim();
    let Some((first, rest)) = script.split_once('\n') else { return (None, script) };
    let first = first.trim().trim_start_matches('#').trim();
    let plain = !first.ends_with(['.', '!', '?', '。', '！', '？', ',', '，', ';', '；']);
    let short = (1..=HEADLINE_UNITS_MAX).contains(&units(first));
    if plain && short && units(rest) > 0 {
        (Some(first.trim_end_matches([':', '：'])), rest)
    } else {
        (None, script)
    }
}

/// `e.g.`, `3.5 .`, `J. R.`: a dot after a single letter ends no sentence.
fn initials(sentence: &str) -> bool {
    let word = sentence.trim_end_matches('.').rsplit([' ', '.']).next().unwrap_or_default();
    sentence.ends_with('.')
        && word.chars().count() == 1
        && word.chars().all(|c| c.is_ascii_alphabetic() && c != 'I')
}

fn before_last(text: &str) -> Option<char> {
    text.chars().rev().nth(1)
}

/// A sentence in pieces that can be read in one scene.
fn readable(sentence: &str) -> Vec<String> {
    let mut pieces = vec![sentence.to_owned()];
    while let Some(at) = pieces.iter().position(|piece| units(piece) > UNITS_MAX) {
        let Some((left, right)) = halves(&pieces[at]) else { break };
        pieces.splice(at..=at, [left, right]);
    }
    pieces
}

/// Splits near the middle: after a comma when one is near, else between words.
fn halves(text: &str) -> Option<(String, String)> {
    let total = units(text);
    let middle = |at: &usize| units(&text[..*at]).abs_diff(total / 2);
    let ends = |c: char| ",;:，、；：—".contains(c);
    let commas = text.char_indices().filter(|(_, c)| ends(*c)).map(|(at, c)| at + c.len_utf8());
    let spaces = text.char_indices().filter(|(_, c)| c.is_whitespace()).map(|(at, _)| at);
    let chars = text.char_indices().skip(1).filter(|(_, c)| is_cjk(*c)).map(|(at, _)| at);
    let fits = |at: &usize| {
        let (left, right) = text.split_at(*at);
        units(left) >= UNITS_SPLIT_MIN && units(right) >= UNITS_SPLIT_MIN
    };
    let comma = commas.filter(fits).min_by_key(middle).filter(|at| middle(at) <= total / 3);
    let at = comma
        .or_else(|| spaces.filter(fits).min_by_key(middle))
        .or_else(|| chars.filter(fits).min_by_key(middle))?;
    let (left, right) = text.split_at(at);
    Some((left.trim().to_owned(), right.trim().to_owned()))
}

/// As many pieces as `total` can show: neighbours are joined when there are too many, long ones
/// halved when there are too few, and when that does not do, they come again.
fn counted(mut pieces: Vec<String>, total: Millis) -> Vec<String> {
    let most = usize::try_from(total.0 / BEAT_MIN.0).unwrap_or(usize::MAX).max(1);
    let least = usize::try_from(total.0.div_ceil(SHOT_MAX.0)).unwrap_or(usize::MAX);
    while pieces.len() > most {
        let pair = |at: &usize| units(&pieces[*at]) + units(&pieces[*at + 1]);
        let Some(at) = (0..pieces.len() - 1).min_by_key(pair) else { break };
        let next = pieces.remove(at + 1);
        let gap = if pieces[at].is_ascii() { " " } else { "" };
        pieces[at] = format!("{}{gap}{next}", pieces[at]);
    }
    while pieces.len() < least {
        let longest = (0..pieces.len()).max_by_key(|at| (units(&pieces[*at]), usize::MAX - at));
        let Some((at, (left, right))) = longest.and_then(|at| Some((at, halves(&pieces[at])?))) else {
            break;
        };
        pieces.splice(at..=at, [left, right]);
    }
    let written = pieces.len();
    while pieces.len() < least {
        pieces.push(pieces[pieces.len() % written].clone());
    }
    pieces
}

#[cfg(test)]
mod tests {
    use super::*;

    fn texts(script: &str, seconds: Option<f64>) -> Vec<String> {
        beats(script, seconds.map(Millis::from_seconds)).beats.into_iter().map(|b| b.text).collect()
    }

    #[test]
    fn sentences_end_where_people_end_them() {
        assert_eq!(
            sentences("Brew costs $3.50. It works, e.g. at home! Really?\n- Yes\n\n清晨的第一杯。好喝！Go"),
            [
                "Brew costs $3.50.",
                "It works, e.g. at home!",
                "Really?",
                "Yes",
                "清晨的第一杯。",
                "好喝！",
                "Go"
            ]
        );
        assert_eq!(sentences("He said \"Stop.\" Then left."), ["He said \"Stop.\"", "Then left."]);
        assert!(sentences(" ... \n — ").is_empty());
    }

    #[test]
    fn beats_fill_the_asked_length_and_none_stands_long() {
        for seconds in [1.0, 7.5, 30.0, 60.0, 333.0] {
            for script in [
                "One",
                "Roasted at dawn. Served by noon.",
                "清晨烘焙，香气四溢。中午送达。",
                &"A b c. ".repeat(90),
            ] {
                let made = beats(script, Some(Millis::from_seconds(seconds))).beats;
                let sum: u64 = made.iter().map(|b| b.length.0).sum();
                assert_eq!(sum, Millis::from_seconds(seconds).0, "{script} in {seconds} s");
                assert!(made.iter().all(|b| b.length <= SHOT_MAX && b.length.0 > 0));
            }
        }
    }

    #[test]
    fn long_sentences_are_split_and_no_word_is_lost() {
        let script = "This coffee is roasted every single morning by people who love what they do, and it reaches \
                      your kitchen before the kettle boils for the very first time today";
        let pieces = texts(script, None);
        assert!(pieces.len() > 1 && pieces.iter().all(|p| units(p) <= UNITS_MAX));
        assert_eq!(pieces.join(" "), script);
        assert_eq!(texts(script, Some(3.0)).join(" "), script);
    }

    #[test]
    fn too_few_words_come_again_and_that_is_told() {
        let made = beats("Coffee at dawn", Some(Millis(18_000)));
        assert!(made.repeats && made.beats.len() == 3);
        assert!(!beats("Coffee at dawn", Some(Millis(5000))).repeats);
    }

    #[test]
    fn a_headline_is_a_short_line_above_others() {
        let made = beats("# Morning Brew\nRoasted at dawn.\nServed by noon.", None).beats;
        assert_eq!(
            (made[0].text.as_str(), made[0].headline, made[1].headline),
            ("Morning Brew", true, false)
        );
        assert!(!beats("Morning Brew.\nRoasted.", None).beats[0].headline);
        assert!(!beats("Morning Brew", None).beats[0].headline);
    }

    #[test]
    fn shares_respect_their_caps() {
        let caps = [Millis(1000), Millis(9000), Millis(9000)];
        assert_eq!(
            capped_shares(&[1, 1, 1], &caps, Millis(10_000)),
            [Millis(1000), Millis(4500), Millis(4500)]
        );
        assert_eq!(capped_shares(&[1, 1], &[Millis(10), Millis(10)], Millis(100)), [Millis(10), Millis(10)]);
        assert!(capped_shares(&[], &[], Millis(5)).is_empty());
    }
}
