//! Numbers of a request: times, shares, factors, ordinals; in digits, words and Chinese.

use crate::model::edit::Color;
use crate::model::time::Millis;
use crate::studio::agent::lex::Mark;

/// Number words that people use for times and places.
const WORDS: &[(&str, f64)] = &[
    ("one", 1.0),
    ("two", 2.0),
    ("three", 3.0),
    ("four", 4.0),
    ("five", 5.0),
    ("six", 6.0),
    ("seven", 7.0),
    ("eight", 8.0),
    ("nine", 9.0),
    ("ten", 10.0),
    ("eleven", 11.0),
    ("twelve", 12.0),
    ("fifteen", 15.0),
    ("twenty", 20.0),
    ("thirty", 30.0),
    ("forty", 40.0),
    ("forty-five", 45.0),
    ("fifty", 50.0),
    ("sixty", 60.0),
    ("ninety", 90.0),
    ("half a", 0.5),
    ("half", 0.5),
    ("a", 1.0),
    ("twice", 2.0),
    ("double", 2.0),
    ("triple", 3.0),
    ("a couple of", 2.0),
    ("a couple", 2.0),
    ("a few", 3.0),
    ("several", 3.0),
    ("one and a half", 1.5),
    ("two and a half", 2.5),
    ("three and a half", 3.5),
    ("four and a half", 4.5),
    ("twenty-five", 25.0),
    ("thirty-five", 35.0),
    ("seventy", 70.0),
    ("eighty", 80.0),
];

const ORDINALS: &[(&str, usize)] = &[
    ("first", 1),
    ("second", 2),
    ("third", 3),
    ("fourth", 4),
    ("fifth", 5),
    ("sixth", 6),
    ("seventh", 7),
    ("eighth", 8),
    ("ninth", 9),
    ("tenth", 10),
    ("1st", 1),
    ("2nd", 2),
    ("3rd", 3),
    ("4th", 4),
    ("5th", 5),
];

/// Units of time and their length in seconds.
const UNITS: &[(&str, f64)] = &[
    ("milliseconds", 0.001),
    ("ms", 0.001),
    ("seconds", 1.0),
    ("second", 1.0),
    ("secs", 1.0),
    ("sec", 1.0),
    ("s", 1.0),
    ("minutes", 60.0),
    ("minute", 60.0),
    ("mins", 60.0),
    ("min", 60.0),
    ("m", 60.0),
    ("秒钟", 1.0),
    ("秒", 1.0),
    ("分钟", 60.0),
    ("分", 60.0),
];

/// What may follow an ordinal that counts things and no time.
const COUNTED: &[&str] = &[
    "photo", "image", "picture", "pic", "clip", "shot", "scene", "slide", "still", "video", "one", "title",
    "caption", "text", "segment", "footage", "place", "spot", "position", "line", "sentence",
];

/// Reads the number, time, share, factor, ordinal or colour code that begins at `at`; answers
/// its length too.
pub(super) fn read(text: &str, at: usize) -> Option<(Mark, usize)> {
    let rest = &text[at..];
    let inside_word = text[..at].chars().next_back().is_some_and(|c| c.is_ascii_alphanumeric());
    if inside_word && rest.starts_with(|c: char| c.is_ascii_alphanumeric()) {
        return None;
    }
    color(rest)
        .or_else(|| ratio(rest))
        .or_else(|| counted(rest))
        .or_else(|| multiplied(rest))
        .or_else(|| clock(rest))
        .or_else(|| ordinal(rest))
        .or_else(|| quantity(rest))
}

/// `#ffcc00`
fn color(rest: &str) -> Option<(Mark, usize)> {
    let digits = rest.strip_prefix('#')?.bytes().take_while(u8::is_ascii_hexdigit).count();
    Some((Mark::Color(Color::parse(&rest[..=digits])?), digits + 1))
}

/// Shapes such as `9:16` are phrases; a clock would read them as times.
fn ratio(rest: &str) -> Option<(Mark, usize)> {
    use crate::model::edit::Shape;
    use crate::studio::agent::phrases::Quality;
    let shapes = [
        ("16:9", Shape::Wide),
        ("9:16", Shape::Tall),
        ("1:1", Shape::Square),
        ("4:5", Shape::Portrait45),
        ("16比9", Shape::Wide),
        ("9比16", Shape::Tall),
        ("1比1", Shape::Square),
        ("4比5", Shape::Portrait45),
        ("16 by 9", Shape::Wide),
        ("9 by 16", Shape::Tall),
        ("1 by 1", Shape::Square),
        ("4 by 5", Shape::Portrait45),
        ("16/9", Shape::Wide),
        ("9/16", Shape::Tall),
    ];
    let (word, shape) = shapes.into_iter().find(|(word, _)| rest.starts_with(word))?;
    let goes_on = rest[word.len()..].starts_with(|c: char| c.is_ascii_digit());
    (!goes_on).then_some((Mark::Quality(Quality::Shape(shape)), word.len()))
}

/// `x2`, `×1.5`
fn multiplied(rest: &str) -> Option<(Mark, usize)> {
    let sign = rest.chars().next().filter(|c| "xX×".contains(*c))?.len_utf8();
    let (value, length) = digits(&rest[sign..])?;
    let ends = !rest[sign + length..].starts_with(|c: char| c.is_ascii_alphanumeric());
    (ends && value > 0.0).then_some((Mark::Factor(value), sign + length))
}

/// `second 5`, `seconds 3 to 8`: the unit before its number.
fn counted(rest: &str) -> Option<(Mark, usize)> {
    let word = ["seconds ", "second ", "sec "]
        .into_iter()
        .find(|word| rest.get(..word.len()).is_some_and(|part| part.eq_ignore_ascii_case(word)))?;
    let after = &rest[word.len()..];
    let (value, length) = digits(after)?;
    let ends = !after[length..].starts_with(|c: char| c.is_ascii_alphanumeric() || c == ':' || c == '%');
    ends.then(|| (Mark::Time(Millis::from_seconds(value)), word.len() + length))
}

/// `0:05`, `1:02:03`, `0:05.5`
fn clock(rest: &str) -> Option<(Mark, usize)> {
    let end = rest.find(|c: char| !c.is_ascii_digit() && c != ':' && c != '.').unwrap_or(rest.len());
    let written = rest[..end].trim_end_matches(['.', ':']);
    let parts: Vec<&str> = written.split(':').collect();
    if !(2..=3).contains(&parts.len())
        || parts[1..].iter().any(|p| p.split('.').next().map(str::len) != Some(2))
    {
        return None;
    }
    let seconds = parts.iter().try_fold(0.0, |sum, part| Some(sum * 60.0 + part.parse::<f64>().ok()?))?;
    Some((Mark::Time(Millis::from_seconds(seconds)), written.len()))
}

/// `second photo`, `3rd clip`, `第二张`; `10 seconds` and `first 5 s` are none.
fn ordinal(rest: &str) -> Option<(Mark, usize)> {
    if let Some(chinese) = rest.strip_prefix('第') {
        let (value, length) = digits(chinese).or_else(|| chinese_number(chinese))?;
        let after = &chinese[length..];
        let time = after.starts_with('秒') || after.starts_with('分');
        return (!time && value >= 1.0).then_some((Mark::Ordinal(value as usize), '第'.len_utf8() + length));
    }
    let lower = rest.get(..rest.len().min(24)).unwrap_or(rest).to_ascii_lowercase();
    for (word, value) in ORDINALS {
        let Some(after) = lower.strip_prefix(word) else { continue };
        let counts = COUNTED.iter().any(|noun| after.trim_start().starts_with(noun));
        if after.starts_with(' ') && (counts || listed(after)) {
            return Some((Mark::Ordinal(*value), word.len()));
        }
    }
    // `from the tenth second on`
    for (word, value) in ORDINALS.iter().filter(|(_, value)| *value > 1) {
        let Some(after) = lower.strip_prefix(word) else { continue };
        if let Some(rest) = after.strip_prefix(" second")
            && !rest.starts_with(|c: char| c.is_ascii_alphanumeric())
            && *word != "second"
        {
            return Some((Mark::Time(Millis::from_seconds(*value as f64)), word.len() + " second".len()));
        }
    }
    let (value, length) = digits(rest)?;
    if rest[length..].get(..2).is_some_and(|s| ["th", "st", "nd", "rd"].contains(&s))
        && rest[length + 2..].starts_with(" second")
        && !rest[length + 2 + " second".len()..].starts_with(|c: char| c.is_ascii_alphanumeric())
    {
        return Some((Mark::Time(Millis::from_seconds(value)), length + 2 + " second".len()));
    }
    let suffix = ["th", "st", "nd", "rd"].iter().any(|s| rest[length..].starts_with(s));
    (suffix && value >= 1.0).then_some((Mark::Ordinal(value as usize), length + 2))
}

/// `first and third photo`, `first with the last one`: one ordinal of several.
fn listed(after: &str) -> bool {
    let next =
        ["and", "with", "&"].iter().find_map(|word| after.trim_start().strip_prefix(word)?.strip_prefix(' '));
    let Some(next) = next.map(|next| next.trim_start().trim_start_matches("the ")) else { return false };
    next.starts_with("last") || ORDINALS.iter().any(|(word, _)| next.starts_with(word))
}

/// A number and what its unit makes of it.
fn quantity(rest: &str) -> Option<(Mark, usize)> {
    if let Some(chinese) = rest.strip_prefix("百分之") {
        let (value, length) = digits(chinese).or_else(|| chinese_number(chinese))?;
        return Some((Mark::Percent(value / 100.0), "百分之".len() + length));
    }
    let written = digits(rest);
    let word = || named(rest);
    let (value, length) = written.or_else(|| chinese_number(rest)).or_else(word)?;
    // `six and a half seconds`
    const HALF: &str = " and a half";
    let halved = rest[length..].starts_with(HALF)
        && !rest[length + HALF.len()..].starts_with(|c: char| c.is_alphanumeric());
    let (value, length) = if halved { (value + 0.5, length + HALF.len()) } else { (value, length) };
    let after = &rest[length..];
    let gap = after.len() - after.trim_start_matches([' ', '-']).len();
    let unit = &after[gap..];
    let percent = ["%", "％", "percent", "per cent"].iter().find(|word| unit.starts_with(**word));
    if let Some(word) = percent {
        return Some((Mark::Percent(value / 100.0), length + gap + word.len()));
    }
    let factor = ["x", "×", "times", "倍速", "倍", "fold"]
        .iter()
        .find(|word| unit.starts_with(**word) && ends(unit, word));
    if let Some(word) = factor {
        return Some((Mark::Factor(value), length + gap + word.len()));
    }
    // In `a second title` the unit is an ordinal.
    let article = rest[..length].eq_ignore_ascii_case("a");
    let noun = unit.strip_prefix("second").map(str::trim_start).unwrap_or_default();
    let counts = article && COUNTED.iter().any(|counted| noun.starts_with(counted));
    if let Some((seconds, used)) = unit_length(unit).filter(|_| !counts) {
        let mut total = value * seconds;
        let mut end = length + gap + used;
        // 1分30秒, 1 minute 30 seconds
        if seconds == 60.0 {
            let more = rest[end..].trim_start();
            let skipped = rest[end..].len() - more.len();
            if let Some((Mark::Time(extra), used)) =
                quantity(more).filter(|_| digits(more).or_else(|| chinese_number(more)).is_some())
            {
                total += extra.seconds();
                end += skipped + used;
            }
        }
        // 两秒半, 一分半, a minute and a half
        let half = ["半钟", "半", " and a half"].iter().find(|word| rest[end..].starts_with(**word));
        if let Some(word) = half {
            total += seconds / 2.0;
            end += word.len();
        }
        return Some((Mark::Time(Millis::from_seconds(total)), end));
    }
    // 前两张照片
    let counted = ["张", "段", "个", "幅", "条", "步", "次"].iter().any(|unit| after.starts_with(unit));
    if counted && value >= 2.0 && written.is_none() {
        return Some((Mark::Number(value), length));
    }
    // 三成
    let tenths =
        after.strip_prefix('成').filter(|rest| !rest.starts_with(['功', '为', '了', '一', '人', '都']));
    if tenths.is_some() && (1.0..=9.0).contains(&value) && value.fract() == 0.0 {
        return Some((Mark::Percent(value / 10.0), length + "成".len()));
    }
    let glued = after.chars().next().is_some_and(|c| c.is_ascii_alphanumeric());
    let chinese = rest.chars().next().is_some_and(|c| !c.is_ascii());
    // A lone `a` is an article, a lone 一 belongs to its word, and 1080p is a phrase.
    let number = written.is_some() && !glued || named_number(rest) && !chinese;
    number.then_some((Mark::Number(value), length))
}

/// `10`, `1.5`
fn digits(rest: &str) -> Option<(f64, usize)> {
    let end = rest.find(|c: char| !c.is_ascii_digit() && c != '.').unwrap_or(rest.len());
    let written = rest[..end].trim_end_matches('.');
    // More digits than a number of seconds or percent ever has are no number.
    (!written.is_empty() && written.len() <= 9).then_some(())?;
    Some((written.parse().ok()?, written.len()))
}

/// `ten`, `forty-five`, `a` before a unit.
fn named(rest: &str) -> Option<(f64, usize)> {
    let fits = |(word, _): &&(&str, f64)| {
        rest.get(..word.len()).is_some_and(|part| part.eq_ignore_ascii_case(word)) && ends(rest, word)
    };
    WORDS.iter().filter(fits).max_by_key(|(word, _)| word.len()).map(|(word, value)| (*value, word.len()))
}

/// Whether a number word stands there that counts also without a unit.
fn named_number(rest: &str) -> bool {
    let word = rest.split(|c: char| !c.is_ascii_alphabetic()).next().unwrap_or_default().to_ascii_lowercase();
    !["a", "half", "one", "double", "triple", "twice", "several"].contains(&word.as_str())
        && WORDS.iter().any(|(name, _)| *name == word)
}

/// `十秒`, `三十五`, `两`, `半` before 分钟
fn chinese_number(rest: &str) -> Option<(f64, usize)> {
    const DIGITS: &str = "零一二三四五六七八九";
    let (mut value, mut last, mut length) = (0.0, None, 0);
    for c in rest.chars().take(5) {
        let digit = DIGITS.chars().position(|d| d == c).or_else(|| (c == '两').then_some(2));
        match (c, digit) {
            ('十', _) => value += last.take().unwrap_or(1.0) * 10.0,
            ('百', _) => value += last.take().unwrap_or(1.0) * 100.0,
            ('半', _) if length == 0 => return Some((0.5, c.len_utf8())),
            (_, Some(digit)) => last = Some(digit as f64),
            _ => break,
        }
        length += c.len_utf8();
    }
    (length > 0).then_some((value + last.unwrap_or_default(), length))
}

/// Seconds of the unit that begins the text, and its length.
fn unit_length(unit: &str) -> Option<(f64, usize)> {
    let fits = |(word, _): &&(&str, f64)| {
        unit.get(..word.len()).is_some_and(|part| part.eq_ignore_ascii_case(word)) && ends(unit, word)
    };
    let unit = UNITS.iter().filter(fits).max_by_key(|(word, _)| word.len());
    unit.map(|(word, seconds)| (*seconds, word.len()))
}

/// Whether a Latin word ends where `word` does.
fn ends(text: &str, word: &str) -> bool {
    let latin = word.is_ascii();
    !(latin && text[word.len()..].starts_with(|c: char| c.is_ascii_alphanumeric()))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn marks(text: &str) -> Vec<Mark> {
        let numbers = crate::studio::agent::lex::tokens(text, &[]);
        numbers.into_iter().map(|t| t.mark).filter(|m| !matches!(m, Mark::Fill | Mark::Other)).collect()
    }

    #[test]
    fn times_are_read_in_every_form() {
        let forms = [
            "10s",
            "10 s",
            "10 seconds",
            "10-second",
            "ten seconds",
            "0:10",
            "10秒",
            "十秒",
            "10 SEC",
            "10000ms",
        ];
        for form in forms {
            assert_eq!(marks(form), [Mark::Time(Millis(10_000))], "{form}");
        }
        let minutes = ["90 seconds", "1:30", "1.5 minutes", "1 minute 30 seconds", "1分30秒", "一分三十秒"];
        for form in minutes {
            assert_eq!(marks(form)[0], Mark::Time(Millis(90_000)), "{form}");
        }
        assert_eq!(marks("a minute"), [Mark::Time(Millis(60_000))]);
        assert_eq!(marks("半分钟"), [Mark::Time(Millis(30_000))]);
    }

    #[test]
    fn shares_factors_and_ordinals() {
        for form in ["35%", "35 percent", "百分之三十五", "百分之35", "35％"] {
            assert_eq!(marks(form), [Mark::Percent(0.35)], "{form}");
        }
        for form in ["2x", "2 times", "2倍", "两倍"] {
            assert_eq!(marks(form), [Mark::Factor(2.0)], "{form}");
        }
        assert_eq!(marks("第二")[0], Mark::Ordinal(2));
        assert_eq!(marks("3rd clip")[0], Mark::Ordinal(3));
    }

    #[test]
    fn shapes_and_sizes_are_no_numbers() {
        use crate::model::edit::Shape;
        use crate::studio::agent::phrases::Quality;
        assert_eq!(marks("9:16"), [Mark::Quality(Quality::Shape(Shape::Tall))]);
        assert_eq!(marks("1080p"), [Mark::Quality(Quality::Side(1080))]);
        assert_eq!(marks("#ffcc00"), [Mark::Color(Color::parse("#ffcc00").unwrap())]);
    }
}
