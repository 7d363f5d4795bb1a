//! Tables of rows as people save them, CSV, TSV, JSON and JSON Lines, read as a stream: bytes
//! in, rows out. What cannot be a row is refused with its place; nothing is guessed silently.

mod delimited;
mod encoding;
mod format;
mod json;
mod text;
mod trouble;

#[cfg(test)]
mod tests;

use std::io::{Read, Seek, SeekFrom};

use serde_json::{Map, Value};

use delimited::Delimited;
use json::{Elements, Lines};
use text::Text;

pub use encoding::Encoding;
pub use format::Format;
pub use trouble::{Cause, Column, Trouble, place};

/// Rows that one table may have.
pub const ROWS_MAX: u64 = 10_000_000;
/// Columns that one table may have; a spreadsheet of people has a few dozen.
pub const COLUMNS_MAX: usize = 1_000;
/// The longest cell, in bytes of UTF-8.
pub const CELL_BYTES_MAX: usize = 1 << 20;
/// The longest row, in bytes of UTF-8: it is held in memory while it is read.
const ROW_BYTES_MAX: u64 = 4 << 20;

/// One row of a table.
#[derive(Clone, Debug, PartialEq)]
pub struct Row {
    /// Its number, from 1; the header is none.
    pub number: u64,
    /// The line of the file on which it begins, from 1.
    pub line: Option<u64>,
    /// Its cells by the names of their columns, in the order of the file. Cells of CSV are texts,
    /// those of JSON keep their type.
    pub cells: Map<String, Value>,
}

/// A table that is read row by row. After a row that is refused, reading goes on with the next
/// one where that can be found.
pub struct Rows<R: Read> {
    source: Source<R>,
    encoding: Encoding,
    /// Rows so far, refused ones too.
    count: u64,
    over: bool,
}

enum Source<R: Read> {
    Delimited(Box<Delimited<R>>),
    Elements(Elements<R>),
    Lines(Lines<R>),
}

/// What a source comes to next.
enum Next {
    Row(u64, Map<String, Value>),
    /// This row is refused, the next one can be read.
    Refused(Trouble),
    /// Nothing after it can be read.
    Broken(Trouble),
    End,
}

/// Begins to read a table: finds its encoding, its format where the name does not tell, its
/// delimiter and its columns. Reads the file once to learn whether all of it is UTF-8.
///
/// # Errors
/// The file cannot be read, is empty or no text, or its header cannot be used.
pub fn open<R: Read + Seek>(mut file: R, format: Format) -> Result<Rows<R>, Trouble> {
    let found = encoding::find(&mut file)?;
    file.seek(SeekFrom::Start(found.mark_bytes)).map_err(|error| Trouble::of_io(&error))?;
    let text = Text::new(file, found.encoding);
    let source = match format.settled(&found.sample) {
        Format::Json => Source::Elements(Elements::open(text)?),
        Format::JsonLines => Source::Lines(Lines::new(text)),
        Format::Tsv => Source::Delimited(Box::new(Delimited::open(text, b'\t', false)?)),
        Format::Csv | Format::Unknown => {
            let (delimiter, stated) = format::delimiter(&found.sample);
            Source::Delimited(Box::new(Delimited::open(text, delimiter, stated)?))
        }
    };
    Ok(Rows { source, encoding: found.encoding, count: 0, over: false })
}

impl<R: Read> Rows<R> {
    /// Returns the names of the columns; none where each row names its own, as in JSON.
    pub fn columns(&self) -> Option<&[String]> {
        match &self.source {
            Source::Delimited(table) => Some(table.columns()),
            Source::Elements(_) | Source::Lines(_) => None,
        }
    }

    /// Returns how the text of the file is encoded.
    pub fn encoding(&self) -> Encoding {
        self.encoding
    }

    fn trouble(&mut self, trouble: Trouble, last: bool) -> Option<Result<Row, Trouble>> {
        self.count += 1;
        self.over = last;
        Some(Err(trouble.in_row(self.count)))
    }
}

impl<R: Read> Iterator for Rows<R> {
    type Item = Result<Row, Trouble>;

    fn next(&mut self) -> Option<Self::Item> {
        if self.over {
            return None;
        }
        let next = match &mut self.source {
            Source::Delimited(table) => table.next(),
            Source::Elements(array) => array.next(),
            Source::Lines(lines) => lines.next(),
        };
        match next {
            Next::Row(line, _) if self.count == ROWS_MAX => {
                self.trouble(Trouble::new(Cause::TooManyRows).at_line(line), true)
            }
            Next::Row(line, cells) => match unfit(&cells) {
                Some(trouble) => self.trouble(trouble.at_line(line), false),
                None => {
                    self.count += 1;
                    Some(Ok(Row { number: self.count, line: Some(line), cells }))
                }
            },
            Next::Refused(trouble) => self.trouble(trouble, self.count == ROWS_MAX),
            Next::Broken(trouble) => self.trouble(trouble, true),
            Next::End if self.count == 0 => {
                self.over = true;
                Some(Err(Trouble::new(Cause::NoRows)))
            }
            Next::End => None,
        }
    }
}

/// What no row may have, whatever the format.
fn unfit(cells: &Map<String, Value>) -> Option<Trouble> {
    if cells.len() > COLUMNS_MAX {
        return Some(Trouble::new(Cause::TooManyColumns(cells.len())));
    }
    cells.iter().find_map(|(name, value)| {
        let cause = if name.trim().is_empty() {
            Cause::NoName
        } else if value.as_str().is_some_and(|text| text.len() > CELL_BYTES_MAX) {
            Cause::LongCell
        } else if value.as_str().is_some_and(|text| text.contains('\0')) || name.contains('\0') {
            Cause::Nul
        } else {
            return None;
        };
        Some(Trouble::new(cause).in_column(Column::Name(name.clone())))
    })
}
