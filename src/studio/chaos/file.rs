//! The file of faults: TOML, a table `[[fault]]` for each. What is wrong is said with its line,
//! before anything starts.

use std::ops::Range;
use std::sync::atomic::AtomicU64;
use std::time::Duration;

use serde::Deserialize;
use toml::Spanned;

use super::kind::{ANY, Kind};
use super::way::{Events, Fault, Form, Poll, Refuse, Way, When};

/// A file of faults is written by hand.
const FILE_BYTES_MAX: usize = 1 << 20;
const FAULTS_MAX: usize = 1_000;
/// Nobody waits longer for one answer.
const SECONDS_MAX: f64 = 3_600.0;
/// Words of a refusal or of the agent.
const WORDS_CHARS_MAX: usize = 2_000;

/// The ways, each with the keys that it takes and the one kind that it is for.
const WAYS: &[(&str, &[&str], Option<Kind>)] = &[
    ("hang_up", &[], None),
    ("refuse", &["code", "retry_after", "text", "form"], None),
    ("stall", &["seconds", "bytes"], None),
    ("cut", &["bytes"], None),
    ("short", &["bytes"], None),
    ("garble", &[], None),
    ("silent", &[], Some(Kind::Turn)),
    ("duplicate", &[], Some(Kind::Turn)),
    ("malformed", &[], Some(Kind::Turn)),
    ("error", &["code", "text"], Some(Kind::Turn)),
    ("say", &["text"], Some(Kind::Turn)),
    ("split", &[], Some(Kind::Turn)),
    ("heartbeats", &["seconds"], Some(Kind::Turn)),
    ("typed", &[], Some(Kind::Turn)),
    ("partial", &[], Some(Kind::Turn)),
    ("fail", &["text"], Some(Kind::Render)),
    ("pending", &[], Some(Kind::Poll)),
    ("no_url", &[], Some(Kind::Poll)),
    ("wrapped", &[], Some(Kind::Poll)),
    ("wrong_size", &["bytes"], Some(Kind::Poll)),
];

const FORMS: &[(&str, Form)] = &[
    ("envelope", Form::Envelope),
    ("mapped", Form::Mapped),
    ("fastapi", Form::Fastapi),
    ("page", Form::Page),
];

/// The backend's own codes that can be refused with.
const CODES: &[i64] = &[1001, 1002, 2001, 4001, 4002];

/// What is wrong with a file of faults.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("line {line}: {reason}")]
pub struct ChaosError {
    /// Where, from 1.
    pub line: usize,
    /// What.
    pub reason: String,
    /// What to write instead; empty when the reason says it.
    pub hint: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Table {
    #[serde(default)]
    fault: Vec<Raw>,
}

/// One fault as it is written.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Raw {
    on: Spanned<String>,
    #[serde(rename = "do")]
    way: Spanned<String>,
    nth: Option<Spanned<u64>>,
    every: Option<Spanned<u64>>,
    first: Option<Spanned<u64>>,
    code: Option<Spanned<i64>>,
    retry_after: Option<Spanned<u64>>,
    bytes: Option<Spanned<u64>>,
    seconds: Option<Spanned<f64>>,
    text: Option<Spanned<String>>,
    form: Option<Spanned<String>>,
}

/// Reads a file of faults.
pub(super) fn read(text: &str) -> Result<Vec<Fault>, ChaosError> {
    let whole = |reason: String| ChaosError { line: 1, reason, hint: String::new() };
    if text.len() > FILE_BYTES_MAX {
        return Err(whole(format!("the file is larger than {FILE_BYTES_MAX} bytes")));
    }
    let table: Table = toml::from_str(text).map_err(|error| ChaosError {
        line: line_of(text, error.span().unwrap_or_default().start),
        reason: error.message().to_owned(),
        hint: "each fault is a table `[[fault]]` with the keys `on` and `do`".to_owned(),
    })?;
    if table.fault.len() > FAULTS_MAX {
        return Err(whole(format!("there are more than {FAULTS_MAX} faults")));
    }
    if table.fault.is_empty() {
        return Err(ChaosError {
            hint: "begin each fault with a line `[[fault]]`".to_owned(),
            ..whole("there is no fault in the file".to_owned())
        });
    }
    table.fault.iter().map(|raw| Reader { text, raw }.fault()).collect()
}

fn line_of(text: &str, at: usize) -> usize {
    1 + text.bytes().take(at).filter(|byte| *byte == b'\n').count()
}

/// One fault with the text that it stands in.
struct Reader<'a> {
    text: &'a str,
    raw: &'a Raw,
}

impl Reader<'_> {
    fn fault(&self) -> Result<Fault, ChaosError> {
        let on = self.kind()?;
        let when = self.when()?;
        let way = self.way(on)?;
        // The fault's table begins at or before its first key.
        let first_key = self.raw.on.span().start.min(self.raw.way.span().start);
        let head = self.text.get(..first_key).and_then(|before| before.rfind("[[")).unwrap_or(first_key);
        Ok(Fault { line: line_of(self.text, head), on, when, way, seen: AtomicU64::new(0) })
    }

    fn wrong(&self, span: Range<usize>, reason: String, hint: String) -> ChaosError {
        ChaosError { line: line_of(self.text, span.start), reason, hint }
    }

    fn kind(&self) -> Result<Option<Kind>, ChaosError> {
        let word = self.raw.on.get_ref().as_str();
        if word == ANY {
            return Ok(None);
        }
        Kind::ALL.into_iter().find(|kind| kind.word() == word).map(Some).ok_or_else(|| {
            let words = Kind::ALL.map(Kind::word).join(", ");
            let hint = format!("`on` is one of {words}, {ANY}");
            self.wrong(self.raw.on.span(), format!("there is no kind of request `{word}`"), hint)
        })
    }

    fn when(&self) -> Result<When, ChaosError> {
        let raw = self.raw;
        let stated = [("nth", &raw.nth), ("every", &raw.every), ("first", &raw.first)];
        let mut stated = stated.into_iter().filter_map(|(key, value)| Some((key, value.as_ref()?)));
        let Some((key, value)) = stated.next() else { return Ok(When::Always) };
        if let Some((other, value)) = stated.next() {
            let reason = format!("`{key}` and `{other}` cannot both say which requests fail");
            return Err(self.wrong(value.span(), reason, "write one of nth, every and first".to_owned()));
        }
        let count = *value.get_ref();
        if count == 0 {
            let hint = "requests are counted from 1".to_owned();
            return Err(self.wrong(value.span(), format!("`{key}` is 0"), hint));
        }
        Ok(match key {
            "nth" => When::Nth(count),
            "every" => When::Every(count),
            _ => When::First(count),
        })
    }

    fn way(&self, on: Option<Kind>) -> Result<Way, ChaosError> {
        let word = self.raw.way.get_ref().as_str();
        let Some((_, keys, only)) = WAYS.iter().find(|(name, ..)| *name == word) else {
            let hint =
                format!("`do` is one of {}", WAYS.iter().map(|way| way.0).collect::<Vec<_>>().join(", "));
            return Err(self.wrong(self.raw.way.span(), format!("there is no way to fail `{word}`"), hint));
        };
        if let Some(only) = only.filter(|only| on != Some(*only)) {
            let reason = format!("only requests of the kind `{}` can fail by `{word}`", only.word());
            let hint = format!("write on = \"{}\"", only.word());
            return Err(self.wrong(self.raw.way.span(), reason, hint));
        }
        self.no_other_key(word, keys)?;
        Ok(match word {
            "hang_up" => Way::HangUp,
            "refuse" => Way::Refuse(self.refusal()?),
            "stall" => Way::Stall { time: self.seconds()?, bytes: self.bytes().unwrap_or(0) },
            "cut" => Way::Cut { bytes: self.bytes().unwrap_or(0) },
            "short" => Way::Short { bytes: self.needed_bytes()? },
            "garble" => Way::Garble,
            "fail" => Way::Fail { reason: self.words("it fails on purpose")? },
            "pending" => Way::Poll(Poll::Pending),
            "no_url" => Way::Poll(Poll::NoUrl),
            "wrapped" => Way::Poll(Poll::Wrapped),
            "wrong_size" => Way::Poll(Poll::WrongSize { bytes: self.needed_bytes()? }),
            _ => Way::Events(self.events(word)?),
        })
    }

    fn events(&self, word: &str) -> Result<Events, ChaosError> {
        Ok(match word {
            "silent" => Events::Silent,
            "duplicate" => Events::Duplicate,
            "malformed" => Events::Malformed,
            "error" => {
                let code = self.raw.code.as_ref().map_or(0, |code| *code.get_ref());
                Events::Error { code, words: self.words("the agent fails on purpose")? }
            }
            "say" => match &self.raw.text {
                Some(_) => Events::Say { words: self.words("")? },
                None => return Err(self.missing("text")),
            },
            "split" => Events::Split,
            "heartbeats" => Events::Heartbeats { time: self.seconds()? },
            "typed" => Events::Typed,
            _ => Events::Partial,
        })
    }

    fn refusal(&self) -> Result<Refuse, ChaosError> {
        let raw = self.raw;
        let Some(code) = &raw.code else { return Err(self.missing("code")) };
        let (span, code) = (code.span(), *code.get_ref());
        let form = match &raw.form {
            None => Form::Envelope,
            Some(stated) => match FORMS.iter().find(|(word, _)| word == stated.get_ref()) {
                Some((_, form)) => *form,
                None => {
                    let words: Vec<_> = FORMS.iter().map(|(word, _)| *word).collect();
                    let reason = format!("there is no form `{}`", stated.get_ref());
                    return Err(self.wrong(
                        stated.span(),
                        reason,
                        format!("`form` is one of {}", words.join(", ")),
                    ));
                }
            },
        };
        let status = (400..=599).contains(&code);
        if !status && !CODES.contains(&code) {
            let hint = format!("a code is an HTTP status from 400 to 599, or one of {CODES:?}");
            return Err(self.wrong(span, format!("nothing is refused with `{code}`"), hint));
        }
        if !status && form == Form::Page || code == 2001 && form == Form::Fastapi {
            let hint = "leave `form` away, or write form = \"mapped\"".to_owned();
            return Err(self.wrong(span, format!("`{code}` has no such form"), hint));
        }
        let retry_after = raw.retry_after.as_ref().map(|seconds| *seconds.get_ref());
        Ok(Refuse { code, words: self.words("refused on purpose")?, form, retry_after })
    }

    /// Refuses a key that the way does not take: it would be written in vain.
    fn no_other_key(&self, word: &str, keys: &[&str]) -> Result<(), ChaosError> {
        let raw = self.raw;
        let span = |key: &str| match key {
            "code" => raw.code.as_ref().map(Spanned::span),
            "retry_after" => raw.retry_after.as_ref().map(Spanned::span),
            "bytes" => raw.bytes.as_ref().map(Spanned::span),
            "seconds" => raw.seconds.as_ref().map(Spanned::span),
            "text" => raw.text.as_ref().map(Spanned::span),
            _ => raw.form.as_ref().map(Spanned::span),
        };
        let all = ["code", "retry_after", "bytes", "seconds", "text", "form"];
        let odd = all.into_iter().filter(|key| !keys.contains(key)).find_map(|key| Some((key, span(key)?)));
        let Some((key, span)) = odd else { return Ok(()) };
        let hint = match keys {
            [] => format!("`{word}` takes no further keys"),
            keys => format!("`{word}` takes {}", keys.join(", ")),
        };
        Err(self.wrong(span, format!("`{key}` means nothing to `{word}`"), hint))
    }

    fn missing(&self, key: &str) -> ChaosError {
        let word = self.raw.way.get_ref();
        self.wrong(self.raw.way.span(), format!("`{word}` needs `{key}`"), String::new())
    }

    fn seconds(&self) -> Result<Duration, ChaosError> {
        let Some(stated) = &self.raw.seconds else { return Err(self.missing("seconds")) };
        let seconds = *stated.get_ref();
        if seconds > 0.0 && seconds <= SECONDS_MAX {
            return Ok(Duration::from_secs_f64(seconds));
        }
        let hint = format!("a wait has from 0 to {SECONDS_MAX} seconds");
        Err(self.wrong(stated.span(), format!("nobody can wait `{seconds}` seconds"), hint))
    }

    fn bytes(&self) -> Option<u64> {
        self.raw.bytes.as_ref().map(|bytes| *bytes.get_ref())
    }

    fn needed_bytes(&self) -> Result<u64, ChaosError> {
        self.bytes().ok_or_else(|| self.missing("bytes"))
    }

    fn words(&self, usual: &str) -> Result<String, ChaosError> {
        let Some(stated) = &self.raw.text else { return Ok(usual.to_owned()) };
        match stated.get_ref().chars().count() <= WORDS_CHARS_MAX {
            true => Ok(stated.get_ref().clone()),
            false => {
                let reason = format!("`text` is longer than {WORDS_CHARS_MAX} characters");
                Err(self.wrong(stated.span(), reason, String::new()))
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_fault_is_read_with_its_place() {
        let text = "# what may go wrong\n\n[[fault]]\non = \"turn\"\nnth = 2\ndo = \"cut\"\nbytes = 100\n\n\
                    [[fault]]\non = \"any\"\ndo = \"refuse\"\ncode = 429\nretry_after = 7\n";
        let faults = read(text).unwrap();
        assert_eq!((faults[0].line, faults[0].on, faults[0].when), (3, Some(Kind::Turn), When::Nth(2)));
        assert_eq!(faults[0].way, Way::Cut { bytes: 100 });
        assert_eq!((faults[1].line, faults[1].on, faults[1].when), (9, None, When::Always));
        let words = "refused on purpose".to_owned();
        assert_eq!(
            faults[1].way,
            Way::Refuse(Refuse { code: 429, words, form: Form::Envelope, retry_after: Some(7) })
        );
    }

    #[test]
    fn what_is_wrong_is_said_with_its_line() {
        let wrong = |lines: &str| read(&format!("[[fault]]\n{lines}\n")).unwrap_err();
        for (lines, line, reason) in [
            ("on = \"chat\"\ndo = \"cut\"", 2, "there is no kind of request `chat`"),
            ("on = \"turn\"\ndo = \"explode\"", 3, "there is no way to fail `explode`"),
            ("on = \"turn\"\ndo = \"refuse\"", 3, "`refuse` needs `code`"),
            ("on = \"turn\"\ndo = \"refuse\"\ncode = 200", 4, "nothing is refused with `200`"),
            ("on = \"turn\"\ndo = \"refuse\"\ncode = 1001\nform = \"page\"", 4, "`1001` has no such form"),
            ("on = \"turn\"\ndo = \"refuse\"\ncode = 429\nform = \"odd\"", 5, "there is no form `odd`"),
            ("on = \"turn\"\ndo = \"stall\"\nseconds = 1e9", 4, "nobody can wait `1000000000` seconds"),
            ("on = \"turn\"\ndo = \"stall\"\nseconds = -1.0", 4, "nobody can wait `-1` seconds"),
            (
                "on = \"turn\"\ndo = \"cut\"\nnth = 1\nfirst = 2",
                5,
                "`nth` and `first` cannot both say which requests fail",
            ),
            ("on = \"turn\"\ndo = \"cut\"\nevery = 0", 4, "`every` is 0"),
            ("on = \"turn\"\ndo = \"silent\"\nbytes = 3", 4, "`bytes` means nothing to `silent`"),
            ("on = \"state\"\ndo = \"silent\"", 3, "only requests of the kind `turn` can fail by `silent`"),
            ("on = \"download\"\ndo = \"short\"", 3, "`short` needs `bytes`"),
            ("on = \"turn\"\ndo = \"say\"", 3, "`say` needs `text`"),
        ] {
            let error = wrong(lines);
            assert_eq!((error.line, error.reason.as_str()), (line, reason), "{lines}");
        }
        let unknown = wrong("on = \"turn\"\ndo = \"cut\"\nwhen = 3");
        assert!(unknown.line == 4 && unknown.reason.contains("`when`"), "{unknown:?}");
        let no_toml = wrong("on = turn");
        assert_eq!(no_toml.line, 2);
        assert_eq!(read("").unwrap_err().reason, "there is no fault in the file");
    }

    #[test]
    fn every_way_that_is_listed_can_be_read() {
        for (word, keys, only) in WAYS {
            let on = only.unwrap_or(Kind::Turn).word();
            let mut text = format!("[[fault]]\non = \"{on}\"\ndo = \"{word}\"\n");
            for key in *keys {
                text.push_str(match *key {
                    "code" => "code = 1002\n",
                    "retry_after" => "retry_after = 1\n",
                    "bytes" => "bytes = 1\n",
                    "seconds" => "seconds = 1\n",
                    "form" => "form = \"mapped\"\n",
                    _ => "text = \"words\"\n",
                });
            }
            assert!(read(&text).is_ok(), "{word}: {:?}", read(&text).unwrap_err());
        }
    }
}
