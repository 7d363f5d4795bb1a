//! A timeline as a picture of characters, in the width of the terminal.

use crate::cli::ui::foreign::harmless_line;
use crate::model::draft::{Draft, Segment, TrackKind};
use crate::model::time::Millis;

/// The column of names.
const LABEL_COLUMNS: usize = 7;
/// A picture wider than this is no easier to read.
const COLUMNS_MAX: usize = 100;
/// Below this there is no room for a picture.
const COLUMNS_MIN: usize = 24;
/// Tracks that are drawn; more are counted.
const TRACKS_MAX: usize = 24;

/// Returns the lines of the picture: a ruler, then a line a track.
pub(in crate::cli) fn lines(draft: &Draft, columns: usize) -> Vec<String> {
    let tracks = draft.tracks();
    let end = draft.duration();
    if tracks.is_empty() || end == Millis(0) {
        return vec!["Timeline (empty)".to_owned()];
    }
    let room = columns.clamp(COLUMNS_MIN, COLUMNS_MAX) - LABEL_COLUMNS - 1;
    let mut lines = vec![ruler(end, room)];
    for track in tracks.iter().take(TRACKS_MAX) {
        let mut row = Row { cells: Vec::new(), room };
        let mut segments: Vec<&Segment<'_>> = track.segments.iter().collect();
        segments.sort_by_key(|segment| segment.start.0);
        for segment in segments {
            row.place(segment, end);
        }
        lines.push(format!("{:<LABEL_COLUMNS$} {}", label(&track.kind), row.text()));
    }
    if tracks.len() > TRACKS_MAX {
        lines.push(format!("and {} more tracks", tracks.len() - TRACKS_MAX));
    }
    lines
}

/// One track's line: bars one after the other.
struct Row {
    cells: Vec<String>,
    room: usize,
}

impl Row {
    /// Draws a bar where it fits; one that would cover an earlier one begins behind it.
    fn place(&mut self, segment: &Segment<'_>, end: Millis) {
        let column = |time: Millis| {
            usize::try_from(time.0.min(end.0) * self.room as u64 / end.0.max(1)).unwrap_or(self.room)
        };
        let taken: usize = self.cells.iter().map(|cell| width(cell)).sum();
        let from = column(segment.start).max(taken);
        let to = column(segment.end()).max(from + 1).min(self.room);
        if from >= to {
            return;
        }
        self.cells.push(" ".repeat(from - taken));
        self.cells.push(bar(&told(segment), to - from));
    }

    fn text(&self) -> String {
        self.cells.concat().trim_end().to_owned()
    }
}

/// `[city ---]`, as much of it as there is room for.
fn bar(name: &str, columns: usize) -> String {
    match columns {
        0 => String::new(),
        1 => "|".to_owned(),
        2 => "[]".to_owned(),
        _ => {
            let inner = columns - 2;
            let name = fitted(name, inner);
            let fill = "-".repeat(inner - width(&name));
            format!("[{name}{fill}]")
        }
    }
}

fn told(segment: &Segment<'_>) -> String {
    let name = segment.text.map_or_else(|| segment.name.to_string(), |text| format!("\"{text}\""));
    let volume = segment.volume.map(|volume| format!(" {}%", (volume * 100.0).round())).unwrap_or_default();
    harmless_line(&format!("{name}{volume}"))
}

fn label(kind: &TrackKind) -> &'static str {
    match kind {
        TrackKind::Video => "video",
        TrackKind::Audio => "audio",
        TrackKind::Text => "text",
        _ => "other",
    }
}

/// `0:00 ........ 0:10`.
fn ruler(end: Millis, room: usize) -> String {
    let clock = |time: Millis| {
        let tenths = (time.0 + 50) / 100;
        let (minutes, seconds, tenth) = (tenths / 600, tenths / 10 % 60, tenths % 10);
        let tenth = if tenth > 0 { format!(".{tenth}") } else { String::new() };
        format!("{minutes}:{seconds:02}{tenth}")
    };
    let (from, to) = (clock(Millis(0)), clock(end));
    let dots = ".".repeat(room.saturating_sub(from.len() + to.len() + 2));
    format!("{:<LABEL_COLUMNS$} {from} {dots} {to}", "")
}

/// As many characters as fit. What is not ASCII may be two columns wide, and counts so.
fn fitted(text: &str, columns: usize) -> String {
    let mut room = columns;
    let fits = |c: &char| {
        let wide = columns_of(*c);
        let fits = wide <= room;
        room = room.saturating_sub(wide);
        fits
    };
    text.chars().take_while(fits).collect()
}

fn width(text: &str) -> usize {
    text.chars().map(columns_of).sum()
}

fn columns_of(c: char) -> usize {
    if c.is_ascii() { 1 } else { 2 }
}

#[cfg(test)]
mod tests {
    use super::*;

    const DRAFT: &str = r#"{"t":[
        {"tt":0,"sg":[{"s":0,"d":5000,"m":{"name":"city"}},{"s":5000,"d":5000,"m":{"name":"beans"}}]},
        {"tt":1,"sg":[{"s":0,"d":10000,"v":0.35,"m":{"name":"Lo-fi"}}]},
        {"tt":7,"sg":[{"s":2000,"d":3000,"m":{"text":"晨光"}}]}]}"#;

    #[test]
    fn bars_stand_where_their_time_is_and_no_line_is_too_long() {
        let draft = Draft::parse(DRAFT).unwrap();
        for columns in [0, 24, 40, 80, 400] {
            let lines = lines(&draft, columns);
            assert_eq!(lines.len(), 4, "{lines:#?}");
            let most = columns.clamp(COLUMNS_MIN, COLUMNS_MAX);
            assert!(lines.iter().all(|line| width(line) <= most), "{lines:#?}");
        }
        let lines = lines(&draft, 48);
        assert!(lines[0].contains("0:00 ") && lines[0].ends_with(" 0:10"), "{lines:#?}");
        assert!(lines[1].starts_with("video   [") && lines[1].contains("]["), "{lines:#?}");
    }

    #[test]
    fn an_empty_timeline_says_so() {
        assert_eq!(lines(&Draft::parse("{}").unwrap(), 80), ["Timeline (empty)"]);
    }
}
