//! The words of a draft as subtitles: SubRip and WebVTT.

use std::fmt::Write;

use crate::model::draft::{Draft, TrackKind};
use crate::model::time::Millis;

/// More cues are read from no file.
const CUES_MAX: usize = 5000;
/// Lines of one cue; more do not fit a picture.
const LINES_MAX: usize = 8;
/// A day: no time of a subtitle is later.
const SECONDS_MAX: f64 = 86_400.0;

/// How subtitles are written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Format {
    /// SubRip: what nearly every player reads.
    Srt,
    /// WebVTT: what browsers read.
    Vtt,
}

impl Format {
    /// Returns the format that the ending of a file name states, in any case.
    pub fn of(name: &str) -> Option<Self> {
        match name.rsplit_once('.')?.1.to_ascii_lowercase().as_str() {
            "srt" => Some(Self::Srt),
            "vtt" => Some(Self::Vtt),
            _ => None,
        }
    }
}

/// Words that are shown for a while.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Cue {
    /// When they appear.
    pub start: Millis,
    /// When they are gone.
    pub end: Millis,
    /// One line after the other; none is blank and none has a control character.
    pub lines: Vec<String>,
}

/// Returns the words of all text tracks by the time at which they appear. Cues may overlap.
/// What says nothing or is never shown is left out.
pub fn cues(draft: &Draft) -> Vec<Cue> {
    let tracks = draft.tracks();
    let texts = tracks.iter().filter(|track| track.kind == TrackKind::Text);
    let segments = texts.flat_map(|track| &track.segments);
    let cue = |segment: &crate::model::draft::Segment<'_>| {
        let (start, end) = (segment.start, segment.end());
        let lines = lines(segment.text?);
        (!lines.is_empty() && end > start).then_some(Cue { start, end, lines })
    };
    let mut cues: Vec<Cue> = segments.filter_map(cue).collect();
    cues.sort_by_key(|cue| cue.start);
    cues
}

/// Returns the text of a subtitle file.
pub fn write(cues: &[Cue], format: Format) -> String {
    let mut text = String::new();
    if format == Format::Vtt {
        text.push_str("WEBVTT\n\n");
    }
    for (number, cue) in (1..).zip(cues) {
        let point = if format == Format::Vtt { '.' } else { ',' };
        let (start, end) = (stamp(cue.start, point), stamp(cue.end, point));
        let lines: Vec<String> = cue.lines.iter().map(|line| harmless(line, format)).collect();
        // Writing to a string cannot fail.
        let _written = write!(text, "{number}\n{start} --> {end}\n{}\n\n", lines.join("\n"));
    }
    text.truncate(text.trim_end().len());
    text.push('\n');
    text
}

/// Reads a SubRip or WebVTT text, tolerantly: blocks of lines with times above words. What is no
/// cue is passed over; tags and the numbers of cues are left out.
pub fn read(text: &str) -> Vec<Cue> {
    let mut cues: Vec<Cue> = Vec::new();
    let mut open: Option<Cue> = None;
    let mut close = |open: &mut Option<Cue>| {
        cues.extend(open.take().filter(|cue| !cue.lines.is_empty() && cue.end > cue.start));
    };
    for line in text.trim_start_matches('\u{feff}').lines().map(str::trim) {
        if let Some((start, end)) = times(line) {
            // A number that stood above these times belongs to none of the words before.
            close(&mut open);
            open = Some(Cue { start, end, lines: Vec::new() });
        } else if line.is_empty() {
            close(&mut open);
        } else if let Some(cue) = &mut open {
            cue.lines.extend(lines(&untagged(line)));
        }
        if cues_full(&open) {
            close(&mut open);
        }
    }
    close(&mut open);
    cues.truncate(CUES_MAX);
    cues.sort_by_key(|cue| cue.start);
    cues
}

/// A cue of more lines than fit a picture is no cue.
fn cues_full(open: &Option<Cue>) -> bool {
    open.as_ref().is_some_and(|cue| cue.lines.len() >= LINES_MAX)
}

/// `00:00:01,000 --> 00:00:04.5 position:10%`
fn times(line: &str) -> Option<(Millis, Millis)> {
    let (from, to) = line.split_once("-->")?;
    Some((moment(from.trim())?, moment(to.split_whitespace().next()?)?))
}

/// `01:02:03,004` or `02:03.004`
fn moment(text: &str) -> Option<Millis> {
    let text = text.replace(',', ".");
    let parts: Vec<&str> = text.split(':').collect();
    (2..=3).contains(&parts.len()).then_some(())?;
    let seconds = parts.iter().try_fold(0.0, |sum, part| Some(sum * 60.0 + part.parse::<f64>().ok()?))?;
    (0.0..SECONDS_MAX).contains(&seconds).then(|| Millis::from_seconds(seconds))
}

/// A line without the tags and escapes of its format.
fn untagged(line: &str) -> String {
    let mut words = String::new();
    let mut rest = line;
    while let Some((before, tag)) = rest.split_once('<') {
        words.push_str(before);
        match tag.split_once('>') {
            Some((_, after)) => rest = after,
            None => {
                words.push('<');
                rest = tag;
            }
        }
    }
    words.push_str(rest);
    words.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&")
}

/// The lines of a text. A blank one would end its cue.
fn lines(text: &str) -> Vec<String> {
    let breaks = ['\n', '\r', '\u{b}', '\u{c}', '\u{85}', '\u{2028}', '\u{2029}'];
    let plain = |line: &str| {
        let spaced = line.replace('\t', " ");
        spaced.chars().filter(|c| !c.is_control()).collect::<String>().trim_end().to_owned()
    };
    text.split(breaks).map(plain).filter(|line| !line.trim().is_empty()).collect()
}

/// A line that cannot be taken for anything but words. SubRip knows no escapes: there an arrow
/// takes the place of the one that stands between times.
fn harmless(line: &str, format: Format) -> String {
    match format {
        Format::Srt => line.replace("-->", "→"),
        Format::Vtt => line.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;"),
    }
}

/// `01:02:03,004`; hours take as many digits as they need.
fn stamp(at: Millis, point: char) -> String {
    let (seconds, ms) = (at.0 / 1000, at.0 % 1000);
    format!("{:02}:{:02}:{:02}{point}{ms:03}", seconds / 3600, seconds / 60 % 60, seconds % 60)
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn draft(segments: serde_json::Value) -> Draft {
        let object =
            json!({"t": [{"tt": 0, "sg": [{"d": 9, "m": {"text": "no title"}}]}, {"tt": 7, "sg": segments}]});
        Draft::from_object(object.as_object().unwrap().clone())
    }

    #[test]
    fn words_come_in_the_order_in_which_they_appear() {
        let draft = draft(json!([
            {"s": 3000, "d": 2500, "m": {"text": "second\r\n\r\n  line"}},
            {"s": 0, "d": 4000, "m": {"text": "first"}},
            {"s": 360_000_000, "d": 1, "m": {"text": "晚安 ☕"}},
            {"s": 1, "d": 5, "m": {"text": " \n\t "}},
            {"s": 1, "d": 0, "m": {"text": "never shown"}},
        ]));
        let srt = "1\n00:00:00,000 --> 00:00:04,000\nfirst\n\n2\n00:00:03,000 --> 00:00:05,500\nsecond\n  line\n\n\
                   3\n100:00:00,000 --> 100:00:00,001\n晚安 ☕\n";
        assert_eq!(write(&cues(&draft), Format::Srt), srt);
        let vtt = format!("WEBVTT\n\n{}", srt.replace(",0", ".0").replace(",5", ".5"));
        assert_eq!(write(&cues(&draft), Format::Vtt), vtt);
    }

    #[test]
    fn no_text_ends_its_cue_or_begins_another() {
        let evil =
            "a\n\n2\n00:00:01,000 --> 00:00:02,000\u{2028}--->\u{0}\u{1b}[31mx <b> & y\u{85}\u{85}end\t1 ";
        let draft = draft(json!([{"s": 0, "d": 1000, "m": {"text": evil}}]));
        let srt = write(&cues(&draft), Format::Srt);
        let said =
            "1\n00:00:00,000 --> 00:00:01,000\na\n2\n00:00:01,000 → 00:00:02,000\n-→[31mx <b> & y\nend 1\n";
        assert_eq!(srt, said);
        let vtt = write(&cues(&draft), Format::Vtt);
        assert_eq!(vtt.matches("-->").count(), 1, "{vtt}");
        assert!(vtt.contains("--&gt;") && vtt.contains("x &lt;b&gt; &amp; y"), "{vtt}");
    }

    #[test]
    fn what_was_written_is_read_back() {
        let draft = draft(json!([
            {"s": 0, "d": 4000, "m": {"text": "a < b & c\nsecond line"}}, {"s": 4500, "d": 500, "m": {"text": "晚安"}},
        ]));
        for format in [Format::Srt, Format::Vtt] {
            assert_eq!(read(&write(&cues(&draft), format)), cues(&draft), "{format:?}");
        }
        let odd = "\u{feff}WEBVTT\r\n\r\nNOTE x\r\n\r\n1\r\n00:01.500 --> 00:03.000 line:0\r\n<i>Hi</i> <b>you\r\n\r\n\
                   2\n00:09,0 --> 00:04,0\nnever\n\n3\n-1 --> x\nno\n";
        let cue = Cue { start: Millis(1500), end: Millis(3000), lines: vec!["Hi you".to_owned()] };
        assert_eq!(read(odd), [cue]);
        assert!(read("no subtitles").is_empty());
    }

    #[test]
    fn the_ending_states_the_format() {
        assert_eq!(Format::of("a/b.SRT"), Some(Format::Srt));
        assert_eq!(Format::of("b.srt.vtt"), Some(Format::Vtt));
        assert_eq!((Format::of("srt"), Format::of("a.txt")), (None, None));
        assert_eq!(write(&[], Format::Vtt), "WEBVTT\n");
        assert_eq!(write(&[], Format::Srt), "\n");
    }
}
