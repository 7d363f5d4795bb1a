//! What is wrong with rows, each with its place and what to do.

use std::fmt;

use crate::table::{self, Column};

/// Problems that are kept; more of the same help nobody, they are counted.
const KEPT_MAX: usize = 50;

/// Something in the rows that would fail, or would do what nobody meant.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Problem {
    /// The row, from 1; none for what concerns them all.
    pub row: Option<u64>,
    /// The line of the file, from 1.
    pub line: Option<u64>,
    /// The column.
    pub column: Option<Column>,
    /// What happened, in lower case and without a full stop.
    pub message: String,
    /// What to do next; may be empty.
    pub hint: String,
}

/// Rows that do not fit the script: nothing was sent.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BadRows {
    /// Where the rows come from: the file, or the option that makes them.
    pub source: String,
    /// The first problems, in the order of the rows.
    pub problems: Vec<Problem>,
    /// All problems, those that are not kept, too.
    pub count: u64,
}

impl Problem {
    /// Makes a problem that concerns all rows.
    pub(super) fn new(message: impl Into<String>, hint: impl Into<String>) -> Self {
        Self { row: None, line: None, column: None, message: message.into(), hint: hint.into() }
    }

    /// Adds the column.
    pub(super) fn in_column(mut self, name: &str) -> Self {
        self.column = Some(Column::Name(name.to_owned()));
        self
    }

    /// Adds the row and its line in the file.
    pub(super) fn at(mut self, row: u64, line: Option<u64>) -> Self {
        (self.row, self.line) = (Some(row), line);
        self
    }

    /// Returns where it is; empty for all rows.
    pub fn place(&self) -> String {
        table::place(self.row, self.line, self.column.as_ref())
    }
}

impl From<table::Trouble> for Problem {
    fn from(trouble: table::Trouble) -> Self {
        let (message, hint) = (trouble.cause.to_string(), trouble.hint().to_owned());
        let table::Trouble { row, line, column, .. } = trouble;
        Self { row, line, column, message, hint }
    }
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.place() {
            place if place.is_empty() => f.write_str(&self.message),
            place => write!(f, "{place}: {}", self.message),
        }
    }
}

impl std::error::Error for Problem {}

impl BadRows {
    pub(super) fn new(source: String) -> Self {
        Self { source, problems: Vec::new(), count: 0 }
    }

    /// Whether more problems are only counted.
    pub(super) fn is_full(&self) -> bool {
        self.problems.len() == KEPT_MAX
    }

    pub(super) fn add(&mut self, problem: Problem) {
        self.count += 1;
        if !self.is_full() {
            self.problems.push(problem);
        }
    }
}

impl fmt::Display for BadRows {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let problems = if self.count == 1 { "problem" } else { "problems" };
        write!(f, "{} {problems} in the rows of {}", self.count, self.source)
    }
}

impl std::error::Error for BadRows {}
