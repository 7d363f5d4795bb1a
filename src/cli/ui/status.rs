//! The one line on a terminal that is rewritten while something goes on, below all that lasts.

use std::collections::BTreeMap;
use std::io::{self, Write};
use std::time::Duration;

use crate::cli::ui::progress::Told;
use crate::clock::Clock;

/// Uploads report every chunk; the eye needs no more than this.
const REDRAW_EVERY: Duration = Duration::from_millis(80);
/// When the terminal does not say how wide it is.
const COLUMNS_DEFAULT: usize = 80;
/// To the first column, and clear to the end of the line.
const CLEAR: &str = "\r\u{1b}[2K";

/// What stands on the line, and what a log was told instead.
#[derive(Debug, Default)]
pub(super) struct Status {
    line: String,
    /// [`Clock::monotonic`] at the last drawing.
    drawn: Duration,
    /// By the label of the row that told it.
    told: BTreeMap<String, Told>,
}

impl Status {
    /// Returns what a log was told by a row.
    pub(super) fn told(&mut self, row: &str) -> &mut Told {
        self.told.entry(row.to_owned()).or_default()
    }

    /// Rewrites the line, unless it was rewritten only just now.
    pub(super) fn show(&mut self, line: &str) {
        let now = Clock::System.monotonic();
        if !self.line.is_empty() && now.saturating_sub(self.drawn) < REDRAW_EVERY {
            return;
        }
        self.drawn = now;
        self.line = fitted(line, columns());
        self.write(&format!("{CLEAR}{}", self.line));
    }

    /// Takes the line away for good.
    pub(super) fn end(&mut self) {
        self.lift();
        self.line.clear();
    }

    /// Takes the line away while something else is written.
    pub(super) fn lift(&self) {
        if !self.line.is_empty() {
            self.write(CLEAR);
        }
    }

    /// Puts it back.
    pub(super) fn lower(&self) {
        if !self.line.is_empty() {
            self.write(&self.line);
        }
    }

    fn write(&self, text: &str) {
        let mut stderr = io::stderr().lock();
        // A terminal that is gone needs no line.
        let _ = stderr.write_all(text.as_bytes()).and_then(|()| stderr.flush());
    }
}

/// The width of the terminal.
pub(super) fn columns() -> usize {
    let size = terminal_size::terminal_size_of(io::stderr());
    size.map_or(COLUMNS_DEFAULT, |(width, _)| usize::from(width.0))
}

/// As much of the line as fits without wrapping, which could not be rewritten.
fn fitted(line: &str, columns: usize) -> String {
    let mut room = columns.saturating_sub(1);
    // What is not ASCII may be two columns wide; counting it so errs on the safe side.
    let fits = |c: &char| {
        let width = if c.is_ascii() { 1 } else { 2 };
        let fits = width <= room;
        room = room.saturating_sub(width);
        fits
    };
    line.chars().take_while(fits).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_never_wraps() {
        assert_eq!(fitted("uploading city.mp4", 10), "uploading");
        assert_eq!(fitted("上传视频", 6), "上传");
        assert_eq!(fitted("short", 80), "short");
        assert_eq!(fitted("none", 0), "");
    }
}
