//! Cells with a delimiter between them: a header, then a record a row.

use std::io::{Chain, Read};

use csv::{ErrorKind, Reader, ReaderBuilder, StringRecord};
use serde_json::{Map, Value};

use super::text::Text;
use super::trouble::{Cause, Column, Trouble};
use super::{COLUMNS_MAX, Next};

/// Stands behind the last line. A quote that is never closed swallows it, which is how that
/// shows: the parser itself ends such a cell where the file ends.
const END: &str = "\u{1}end of the table\u{1}";
const LAST_LINE: &[u8] = b"\n\x01end of the table\x01\n";

/// A table whose header has been read.
pub(super) struct Delimited<R: Read> {
    reader: Reader<Chain<Text<R>, &'static [u8]>>,
    columns: Vec<String>,
    record: StringRecord,
}

/// What was read into the record.
enum Record {
    Cells { line: u64 },
    Unclosed(Trouble),
    End,
}

impl<R: Read> Delimited<R> {
    /// Reads the header. `stated` says that a line before it names the delimiter.
    pub(super) fn open(text: Text<R>, delimiter: u8, stated: bool) -> Result<Self, Trouble> {
        let mut builder = ReaderBuilder::new();
        builder.has_headers(false).flexible(true).delimiter(delimiter);
        let reader = builder.from_reader(text.chain(LAST_LINE));
        let mut table = Self { reader, columns: Vec::new(), record: StringRecord::new() };
        if stated {
            table.read()?;
        }
        match table.read()? {
            Record::Cells { line } => table.columns = header(&table.record, line)?,
            Record::Unclosed(trouble) => return Err(trouble),
            Record::End => return Err(Trouble::new(Cause::Empty)),
        }
        Ok(table)
    }

    pub(super) fn columns(&self) -> &[String] {
        &self.columns
    }

    /// Comes to the next row.
    pub(super) fn next(&mut self) -> Next {
        let line = match self.read() {
            Ok(Record::Cells { line }) => line,
            Ok(Record::End) => return Next::End,
            Ok(Record::Unclosed(trouble)) | Err(trouble) => return Next::Broken(trouble),
        };
        let (found, wanted) = (self.record.len(), self.columns.len());
        if found < wanted {
            let trouble = Trouble::new(Cause::TooFewCells { found, wanted }).at_line(line);
            return Next::Refused(trouble.in_column(Column::Name(self.columns[found].clone())));
        }
        if found > wanted {
            let trouble = Trouble::new(Cause::TooManyCells { found, wanted }).at_line(line);
            return Next::Refused(trouble.in_column(Column::Number(wanted + 1)));
        }
        let cells = self.columns.iter().zip(&self.record);
        let cells = cells.map(|(name, cell)| (name.clone(), Value::from(cell)));
        Next::Row(line, cells.collect::<Map<_, _>>())
    }

    /// Reads a record that is not blank.
    fn read(&mut self) -> Result<Record, Trouble> {
        loop {
            self.reader.get_mut().get_mut().0.begin_row();
            let more = self.reader.read_record(&mut self.record);
            // All ends of lines are `\n` by now, and the line after the record is known.
            let after = self.reader.position().line();
            let more = more.map_err(|error| broken(error).at_line(after))?;
            let lines: u64 = self.record.iter().map(newlines).sum();
            let Some(last) = self.record.iter().next_back().filter(|_| more) else {
                return Ok(Record::End);
            };
            if self.record.len() == 1 && last == END {
                return Ok(Record::End);
            }
            if last.contains(END) {
                let line = after.saturating_sub(newlines(last));
                let number = self.record.len();
                let name = self.columns.get(number - 1).cloned();
                let column = name.map_or(Column::Number(number), Column::Name);
                let trouble = Trouble::new(Cause::UnclosedQuote).at_line(line).in_column(column);
                return Ok(Record::Unclosed(trouble));
            }
            if self.record.iter().any(|cell| !cell.trim().is_empty()) {
                return Ok(Record::Cells { line: after.saturating_sub(lines + 1).max(1) });
            }
        }
    }
}

fn newlines(cell: &str) -> u64 {
    cell.bytes().filter(|byte| *byte == b'\n').count() as u64
}

fn broken(error: csv::Error) -> Trouble {
    match error.into_kind() {
        ErrorKind::Io(error) => Trouble::of_io(&error),
        ErrorKind::Utf8 { .. } => Trouble::new(Cause::NotUtf8),
        other => Trouble::new(Cause::Unreadable(format!("{other:?}"))),
    }
}

/// The names of the columns.
fn header(record: &StringRecord, line: u64) -> Result<Vec<String>, Trouble> {
    if record.len() > COLUMNS_MAX {
        return Err(Trouble::new(Cause::TooManyColumns(record.len())).at_line(line));
    }
    let mut names: Vec<String> = Vec::new();
    for cell in record {
        let (name, number) = (cell.trim(), names.len() + 1);
        let at = |cause: Cause, column| Err(Trouble::new(cause).at_line(line).in_column(column));
        if name.is_empty() {
            return at(Cause::NoName, Column::Number(number));
        }
        if name.contains('\0') {
            return at(Cause::Nul, Column::Number(number));
        }
        if let Some(first) = names.iter().position(|known| known == name) {
            return at(Cause::SameName(first + 1), Column::Name(name.to_owned()));
        }
        names.push(name.to_owned());
    }
    Ok(names)
}
