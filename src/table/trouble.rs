//! What is wrong with a table: what happened, in which row and column, and what to do.

use std::fmt;
use std::io;

use super::text::Stumble;
use super::{CELL_BYTES_MAX, COLUMNS_MAX, ROW_BYTES_MAX, ROWS_MAX};

/// Why a table or a row of it cannot be used.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Trouble {
    /// The row, from 1; none for the header and for the file as a whole.
    pub row: Option<u64>,
    /// The line of the file, from 1.
    pub line: Option<u64>,
    /// The column.
    pub column: Option<Column>,
    /// What happened.
    pub cause: Cause,
}

/// A column by what is known of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Column {
    /// Its name.
    Name(String),
    /// Its place from 1, where it has no name.
    Number(usize),
}

/// What is wrong.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Cause {
    /// The file cannot be read.
    #[error("it cannot be read: {0}")]
    Unreadable(String),
    /// It is a spreadsheet in a format of its own, or another archive.
    #[error("it is a spreadsheet or an archive, not a table of text")]
    Spreadsheet,
    /// It is a picture, a film or the like.
    #[error("it is no text")]
    Binary,
    /// Most of it is UTF-8, but not all.
    #[error("there is a byte that is not UTF-8")]
    NotUtf8,
    /// It starts as UTF-16, but is not.
    #[error("it is no whole UTF-16 text")]
    NotUtf16,
    /// There is nothing in it.
    #[error("it is empty")]
    Empty,
    /// There is a header or a pair of brackets, and nothing more.
    #[error("there are no rows in it")]
    NoRows,
    /// A column has no name.
    #[error("the column has no name")]
    NoName,
    /// Two columns have the same name.
    #[error("the column has the same name as column {0}")]
    SameName(usize),
    /// More columns than anybody needs.
    #[error("there are {0} columns, and {COLUMNS_MAX} at most can be read")]
    TooManyColumns(usize),
    /// A row is shorter than the header.
    #[error("the row has {found} of {wanted} cells")]
    TooFewCells {
        /// Cells of the row.
        found: usize,
        /// Cells of the header.
        wanted: usize,
    },
    /// A row is longer than the header.
    #[error("the row has {found} cells, the header {wanted}")]
    TooManyCells {
        /// Cells of the row.
        found: usize,
        /// Cells of the header.
        wanted: usize,
    },
    /// A quote opens here, and none closes it.
    #[error("a quote opens in this cell, and is never closed")]
    UnclosedQuote,
    /// A cell holds a NUL character.
    #[error("there is a NUL character in it")]
    Nul,
    /// A cell is too long.
    #[error("the cell is longer than {} MiB", CELL_BYTES_MAX >> 20)]
    LongCell,
    /// A row is too long.
    #[error("the row is longer than {} MiB", ROW_BYTES_MAX >> 20)]
    LongRow,
    /// There are too many rows.
    #[error("there are more than {ROWS_MAX} rows")]
    TooManyRows,
    /// A JSON file holds something else than an array.
    #[error("the file begins with {0}, not with the `[` of an array of objects")]
    NotArray(String),
    /// A row is something else than an object.
    #[error("the row begins with {0}, not with the `{{` of an object")]
    NotObject(String),
    /// The file ends in the middle of a row.
    #[error("the text ends before the row does")]
    Truncated,
    /// It is no JSON.
    #[error("it is no JSON: {0}")]
    Syntax(String),
    /// Something stands behind the end of the array.
    #[error("there is more behind the `]` of the array")]
    Rest,
}

impl Trouble {
    pub(super) fn new(cause: Cause) -> Self {
        Self { row: None, line: None, column: None, cause }
    }

    pub(super) fn of_io(error: &io::Error) -> Self {
        let stumble = error.get_ref().and_then(|inner| inner.downcast_ref::<Stumble>());
        Self::new(match stumble {
            Some(Stumble::LongRow) => Cause::LongRow,
            Some(Stumble::NotUtf16) => Cause::NotUtf16,
            None => Cause::Unreadable(error.to_string()),
        })
    }

    pub(super) fn at_line(mut self, line: u64) -> Self {
        self.line = Some(line);
        self
    }

    pub(super) fn in_column(mut self, column: Column) -> Self {
        self.column = Some(column);
        self
    }

    pub(super) fn in_row(mut self, row: u64) -> Self {
        self.row = Some(row);
        self
    }

    /// Returns where it is, such as ``row 3 (line 4), column `clip` ``; empty for the whole file.
    pub fn place(&self) -> String {
        place(self.row, self.line, self.column.as_ref())
    }

    /// Returns what to do next.
    pub fn hint(&self) -> &'static str {
        match self.cause {
            Cause::Unreadable(_) => "check the path and whether you may read it",
            Cause::Spreadsheet => "save the sheet as CSV (UTF-8) and name that file",
            Cause::Binary => "name a file of CSV, TSV, JSON or JSON Lines",
            Cause::NotUtf8 | Cause::NotUtf16 => "the file is damaged; save it once more as UTF-8",
            Cause::Empty => "the first line names the columns, each line after it is a row",
            Cause::NoRows => "add a line for each row",
            Cause::NoName => "name it in the first line, or take it out",
            Cause::SameName(_) => "give each column a name of its own",
            Cause::TooManyColumns(_) => "take out the columns that are not needed",
            Cause::TooFewCells { .. } => "fill the cells that are missing, empty ones too",
            Cause::TooManyCells { .. } => "a cell that holds the delimiter stands in double quotes",
            Cause::UnclosedQuote => "close it; a quote inside a quoted cell is written twice",
            Cause::Nul => "save the table once more from the program that made it",
            Cause::LongCell => "put long texts into files, and their paths into the table",
            Cause::LongRow => "a quote or a bracket that is never closed makes such rows",
            Cause::TooManyRows => "split the file",
            Cause::NotArray(_) => {
                "write `[{\"title\": \"One\"}, ..]`, or name the file .jsonl when each line is an object"
            }
            Cause::NotObject(_) => "each row is an object such as `{\"title\": \"One\"}`",
            Cause::Truncated => "the file is cut off, or a bracket is not closed",
            Cause::Syntax(_) => "mend it there; any JSON checker shows the place",
            Cause::Rest => "one array holds all rows",
        }
    }
}

/// Returns words for a place in a table; empty when nothing of it is known.
pub fn place(row: Option<u64>, line: Option<u64>, column: Option<&Column>) -> String {
    let of_row = match (row, line) {
        (Some(row), Some(line)) => Some(format!("row {row} (line {line})")),
        (Some(row), None) => Some(format!("row {row}")),
        (None, Some(line)) => Some(format!("line {line}")),
        (None, None) => None,
    };
    let of_column = column.map(|column| format!("column {column}"));
    of_row.into_iter().chain(of_column).collect::<Vec<_>>().join(", ")
}

impl fmt::Display for Column {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Name(name) => write!(f, "`{name}`"),
            Self::Number(number) => write!(f, "{number}"),
        }
    }
}

impl fmt::Display for Trouble {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.place() {
            place if place.is_empty() => write!(f, "{}", self.cause),
            place => write!(f, "{place}: {}", self.cause),
        }
    }
}

impl std::error::Error for Trouble {}
