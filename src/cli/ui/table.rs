//! Rows in columns under a head: the last column gets what is left of the terminal.

use std::io;

use serde_json::Value;

use crate::cli::ui::{Colour, Form, Ui, event_line, harmless, harmless_line, paint};

/// What stands between two columns.
const GAP: &str = "  ";
/// What is said among the rows stands this far in.
const INDENT: &str = "    ";
/// A last column narrower than this says nothing: then lines wrap.
const LAST_MIN: usize = 8;

/// A column and the side on which its cells stand.
#[derive(Clone, Copy, Debug)]
pub(in crate::cli) enum Column {
    /// Words.
    Left(&'static str),
    /// Numbers.
    Right(&'static str),
}

/// One line of a table, or what stands between two of them.
#[derive(Clone, Debug)]
pub(in crate::cli) enum Row {
    /// A cell for each column.
    Cells(Vec<String>),
    /// Lines that stand in no column.
    Aside(String),
}

impl Ui {
    /// Prints a table for people. Columns without names have no head.
    pub(in crate::cli) fn table(&self, columns: &[Column], rows: &[Row]) {
        if self.form == Form::Json {
            return;
        }
        let width = terminal_size::terminal_size_of(io::stdout()).map(|(width, _)| usize::from(width.0));
        for line in layout(columns, rows, width) {
            match line {
                Line::Row(text) => self.out(&text),
                Line::Head(text) | Line::Aside(text) => self.out(&paint(self.colour_out, Colour::Dim, &text)),
            }
        }
    }

    /// Prints facts for people, a line each: what it is, and how it is.
    pub(in crate::cli) fn facts(&self, facts: &[(&str, String)]) {
        if self.form == Form::Json {
            return;
        }
        for (name, fact) in facts {
            let name = paint(self.colour_out, Colour::Dim, &format!("{name:<8}"));
            self.out(&format!("{name}{}", harmless(fact)));
        }
    }

    /// Writes one record of a list for machines.
    pub(in crate::cli) fn record(&self, event: &str, record: &Value) {
        if self.form == Form::Json {
            self.json(&event_line(event, record));
        }
    }
}

#[derive(Debug, PartialEq)]
enum Line {
    Head(String),
    Row(String),
    Aside(String),
}

/// Lines of a table that is as wide as it must be, or as `width` columns of a terminal allow.
fn layout(columns: &[Column], rows: &[Row], width: Option<usize>) -> Vec<Line> {
    let head: Vec<String> = columns.iter().map(|column| column.name().to_owned()).collect();
    let cells = |row: &Row| match row {
        Row::Cells(cells) => Some(cells.iter().map(|cell| harmless_line(cell)).collect::<Vec<_>>()),
        Row::Aside(_) => None,
    };
    let safe: Vec<Option<Vec<String>>> = rows.iter().map(cells).collect();
    let longest = |at: usize| {
        let all = safe.iter().flatten().chain([&head]);
        all.filter_map(|cells| cells.get(at)).map(|cell| wide(cell)).max().unwrap_or(0)
    };
    let widths: Vec<usize> = (0..columns.len()).map(longest).collect();
    let line = |cells: &[String]| joined(columns, &widths, cells, width);
    let mut lines = Vec::new();
    if head.iter().any(|name| !name.is_empty()) {
        lines.push(Line::Head(line(&head)));
    }
    for (row, cells) in rows.iter().zip(&safe) {
        match (row, cells) {
            (Row::Cells(_), Some(cells)) => lines.push(Line::Row(line(cells))),
            (Row::Aside(text), _) => {
                let text = harmless(text);
                lines.extend(text.lines().map(|text| Line::Aside(format!("{INDENT}{text}"))));
            }
            (Row::Cells(_), None) => (),
        }
    }
    lines
}

fn joined(columns: &[Column], widths: &[usize], cells: &[String], width: Option<usize>) -> String {
    let mut text = String::new();
    let last = columns.len().saturating_sub(1);
    for (at, (column, cell)) in columns.iter().zip(cells).enumerate() {
        let room = " ".repeat(widths[at].saturating_sub(wide(cell)));
        match column {
            Column::Left(_) if at == last => {
                let left = width.map(|width| width.saturating_sub(wide(&text)));
                text += &cut(cell, left.filter(|left| *left >= LAST_MIN).unwrap_or(usize::MAX));
            }
            Column::Left(_) => text.extend([cell, room.as_str(), GAP]),
            Column::Right(_) => text.extend([room.as_str(), cell, if at == last { "" } else { GAP }]),
        }
    }
    text.truncate(text.trim_end().len());
    text
}

/// As much of a text as fits, with a mark where something is missing.
fn cut(text: &str, room: usize) -> String {
    if wide(text) <= room {
        return text.to_owned();
    }
    let mut left = room.saturating_sub(2);
    let fits = |c: &char| {
        let fits = columns_of(*c) <= left;
        left = left.saturating_sub(columns_of(*c));
        fits
    };
    let kept: String = text.chars().take_while(fits).collect();
    format!("{kept}..")
}

pub(super) fn wide(text: &str) -> usize {
    text.chars().map(columns_of).sum()
}

/// What is not ASCII may be two columns wide; counting it so errs on the safe side.
fn columns_of(c: char) -> usize {
    if c.is_ascii() { 1 } else { 2 }
}

impl Column {
    fn name(self) -> &'static str {
        match self {
            Self::Left(name) | Self::Right(name) => name,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn told(rows: &[Row], width: Option<usize>) -> Vec<String> {
        let columns = [Column::Left("id"), Column::Right("credits"), Column::Left("title")];
        let text = |line| match line {
            Line::Head(text) | Line::Row(text) | Line::Aside(text) => text,
        };
        layout(&columns, rows, width).into_iter().map(text).collect()
    }

    fn row(cells: [&str; 3]) -> Row {
        Row::Cells(cells.map(str::to_owned).to_vec())
    }

    #[test]
    fn columns_stand_below_each_other_and_the_last_is_cut() {
        let rows = [row(["ab12", "50", "scripts/quick_edit.rhai"]), row(["c", "1000", "x"])];
        let whole = ["id    credits  title", "ab12       50  scripts/quick_edit.rhai", "c        1000  x"];
        assert_eq!(told(&rows, None), whole);
        assert_eq!(told(&rows, Some(24))[1], "ab12       50  scripts..");
        assert_eq!(told(&rows, Some(10)), whole, "no room for anything");
        assert_eq!(told(&[row(["a", "1", "晨光晨光晨光"])], Some(25))[1], "a         1  晨光晨光晨光");
        assert_eq!(told(&[row(["a", "1", "晨光晨光晨光"])], Some(22))[1], "a         1  晨光晨..");
    }

    #[test]
    fn a_row_is_one_line_and_what_is_said_between_keeps_its_lines() {
        let rows = [row(["a", "1", "two\nlines \u{1b}[2J"]), Row::Aside("one\ntwo\u{7}".to_owned())];
        assert_eq!(
            told(&rows, None),
            ["id  credits  title", "a         1  two lines \\u{1b}[2J", "    one", "    two\\u{7}"]
        );
    }
}
