//! Where rows come from: a table, all combinations of some values, the files that match a
//! pattern. Read as a stream, as often as it is asked for.

use std::fs::{self, File};
use std::path::{Path, PathBuf};
use std::time::SystemTime;

use serde_json::{Map, Value};

use super::problem::Problem;
use crate::host::files;
use crate::runtime::Param;
use crate::table::{self, Encoding, Format, ROWS_MAX, Rows};

/// Where the rows of a batch come from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Source {
    /// A table: CSV, TSV, JSON or JSON Lines.
    File(PathBuf),
    /// All combinations of some values, a column each; the last varies fastest. Beside a table,
    /// every row comes with every combination.
    Matrix(Vec<(String, Vec<String>)>),
    /// One row for each file that matches a pattern, in the order of their names.
    Each {
        /// The column that holds the path; none is the param of the script that names a file.
        column: Option<String>,
        /// The pattern, such as `photos/*.jpg`.
        pattern: String,
    },
}

/// All sources of one batch.
#[derive(Debug)]
pub(super) struct Sources {
    base: Base,
    matrix: Vec<(String, Vec<String>)>,
    limit: u64,
}

#[derive(Debug)]
enum Base {
    /// One row without cells, for the matrix to fill.
    Nothing,
    File(Stamp),
    Each {
        column: String,
        files: Vec<String>,
    },
}

/// A file as it was when it was checked.
#[derive(Debug)]
struct Stamp {
    path: PathBuf,
    bytes: u64,
    changed: Option<SystemTime>,
}

/// A row as its source has it.
#[derive(Clone, Debug)]
pub(super) struct RawRow {
    /// Its number among the rows of the batch, from 1.
    pub(super) number: u64,
    pub(super) line: Option<u64>,
    pub(super) cells: Map<String, Value>,
    /// The values that the matrix gave, in its order.
    pub(super) combination: Vec<String>,
}

/// A row before it is combined: its line, and its cells.
type BaseRow = (Option<u64>, Map<String, Value>);

/// The rows of all sources, in order.
pub(super) struct RawRows<'a> {
    sources: &'a Sources,
    table: Option<Rows<File>>,
    /// Rows of the base so far.
    based: usize,
    row: Option<BaseRow>,
    combination: u64,
    number: u64,
    over: bool,
}

impl Sources {
    /// Settles where the rows come from.
    ///
    /// # Errors
    /// A file that cannot be read, a pattern without a match, sources that do not go together.
    pub(super) fn settle(
        sources: &[Source],
        params: &[Param],
        folders: &[PathBuf],
        limit: Option<u64>,
    ) -> Result<Self, Problem> {
        let (mut base, mut matrix) = (Base::Nothing, Vec::new());
        for source in sources {
            let found = match source {
                Source::Matrix(values) => {
                    matrix.extend(values.iter().cloned());
                    continue;
                }
                Source::File(path) => Base::File(Stamp::of(path)?),
                Source::Each { column, pattern } => {
                    let column = column.clone().map_or_else(|| file_param(params), Ok)?;
                    let files = matching(pattern, folders)?;
                    Base::Each { column, files }
                }
            };
            if !matches!(base, Base::Nothing) {
                return Err(Problem::new(
                    "rows come from more than one table",
                    "give `--rows` or `--each` once",
                ));
            }
            base = found;
        }
        if matches!(base, Base::Nothing) && matrix.is_empty() {
            return Err(Problem::new(
                "there are no rows",
                "give `--rows FILE`, `--matrix NAME=A,B` or `--each GLOB`",
            ));
        }
        for (at, (name, _)) in matrix.iter().enumerate() {
            let twice = matrix[..at].iter().any(|(known, _)| known == name);
            if twice || matches!(&base, Base::Each { column, .. } if column == name) {
                let words = format!("there are two columns `{name}`");
                return Err(Problem::new(words, "give all values of a column in one `--matrix`"));
            }
        }
        let made = Self { base, matrix, limit: limit.unwrap_or(u64::MAX) };
        if made.combinations() > ROWS_MAX {
            let words = format!("the matrix has more than {ROWS_MAX} combinations");
            return Err(Problem::new(words, "give fewer values"));
        }
        Ok(made)
    }

    /// Returns what people call it.
    pub(super) fn name(sources: &[Source]) -> String {
        let named = sources.iter().find_map(|source| match source {
            Source::File(path) => Some(path.display().to_string()),
            Source::Each { pattern, .. } => Some(format!("--each {pattern}")),
            Source::Matrix(_) => None,
        });
        named.unwrap_or_else(|| "--matrix".to_owned())
    }

    /// Begins with the first row.
    ///
    /// # Errors
    /// The table cannot be read, or has changed since it was settled.
    pub(super) fn rows(&self) -> Result<RawRows<'_>, Problem> {
        let table = match &self.base {
            Base::File(stamp) => Some(table::open(stamp.open()?, Format::of_path(&stamp.path))?),
            Base::Nothing | Base::Each { .. } => None,
        };
        let (based, row, combination, number, over) = (0, None, 0, 0, false);
        Ok(RawRows { sources: self, table, based, row, combination, number, over })
    }

    /// Returns the values of a combination in other columns than `column`.
    pub(super) fn others<'a>(
        &'a self,
        column: &'a str,
        values: &'a [String],
    ) -> impl Iterator<Item = String> + 'a {
        let named = self.matrix.iter().zip(values).filter(move |((name, _), _)| name != column);
        named.map(|(_, value)| value.clone()).filter(|value| !value.is_empty())
    }

    fn combinations(&self) -> u64 {
        self.matrix.iter().fold(1_u64, |product, (_, values)| product.saturating_mul(values.len() as u64))
    }

    /// The values of one combination; the last column varies fastest.
    fn combination(&self, number: u64) -> Vec<String> {
        let mut rest = number;
        let mut values = Vec::new();
        for (_, choices) in self.matrix.iter().rev() {
            let count = (choices.len() as u64).max(1);
            values.extend(usize::try_from(rest % count).ok().and_then(|at| choices.get(at)).cloned());
            rest /= count;
        }
        values.reverse();
        values
    }
}

impl RawRows<'_> {
    /// Returns the names of all columns; none where each row of a table names its own.
    pub(super) fn columns(&self) -> Option<Vec<&str>> {
        let mut columns: Vec<&str> = match (&self.sources.base, &self.table) {
            (Base::File(_), Some(table)) => table.columns()?.iter().map(String::as_str).collect(),
            (Base::Each { column, .. }, _) => vec![column],
            (Base::Nothing | Base::File(_), _) => Vec::new(),
        };
        columns.extend(self.sources.matrix.iter().map(|(name, _)| name.as_str()));
        Some(columns)
    }

    /// Returns the names that the matrix adds to the table.
    pub(super) fn added(&self) -> impl Iterator<Item = &str> {
        self.sources.matrix.iter().map(|(name, _)| name.as_str())
    }

    /// Returns how the text of the table is encoded.
    pub(super) fn encoding(&self) -> Option<Encoding> {
        self.table.as_ref().map(Rows::encoding)
    }

    /// The next row of the table, or of the files.
    fn base(&mut self) -> Option<Result<BaseRow, Problem>> {
        let at = self.based;
        self.based += 1;
        match (&self.sources.base, &mut self.table) {
            (Base::File(_), Some(table)) => {
                let row = table.next()?;
                Some(row.map(|row| (row.line, row.cells)).map_err(Problem::from))
            }
            (Base::Each { column, files, .. }, _) => {
                let file = files.get(at)?;
                Some(Ok((None, Map::from_iter([(column.clone(), file.as_str().into())]))))
            }
            (Base::Nothing | Base::File(_), _) => (at == 0).then(|| Ok((None, Map::new()))),
        }
    }
}

impl Iterator for RawRows<'_> {
    type Item = Result<RawRow, Problem>;

    fn next(&mut self) -> Option<Self::Item> {
        if self.over || self.number == self.sources.limit {
            return None;
        }
        if self.row.is_none() {
            match self.base()? {
                Ok(row) => (self.row, self.combination) = (Some(row), 0),
                Err(problem) => {
                    // It stands for all of its combinations.
                    self.number =
                        self.number.saturating_add(self.sources.combinations()).min(self.sources.limit);
                    return Some(Err(problem));
                }
            }
        }
        let (line, cells) = self.row.clone()?;
        let combination = self.sources.combination(self.combination);
        self.combination += 1;
        if self.combination == self.sources.combinations() {
            self.row = None;
        }
        self.number += 1;
        if self.number > ROWS_MAX {
            self.over = true;
            let words = format!("there are more than {ROWS_MAX} rows");
            return Some(Err(Problem::new(words, "take fewer with `--limit`, or split the table")));
        }
        let mut row = RawRow { number: self.number, line, cells, combination };
        for ((name, _), value) in self.sources.matrix.iter().zip(&row.combination) {
            row.cells.insert(name.clone(), value.as_str().into());
        }
        Some(Ok(row))
    }
}

impl Stamp {
    fn of(path: &Path) -> Result<Self, Problem> {
        let data = fs::metadata(path).map_err(|error| unreadable(&error))?;
        if !data.is_file() {
            return Err(Problem::new(
                "it is no file that can be read twice",
                "save the table to a file first",
            ));
        }
        Ok(Self { path: path.to_path_buf(), bytes: data.len(), changed: data.modified().ok() })
    }

    fn open(&self) -> Result<File, Problem> {
        let now = Self::of(&self.path)?;
        if (now.bytes, now.changed) != (self.bytes, self.changed) {
            return Err(Problem::new("it has changed since it was checked", "run the command again"));
        }
        File::open(&self.path).map_err(|error| unreadable(&error))
    }
}

fn unreadable(error: &std::io::Error) -> Problem {
    Problem::new(format!("it cannot be read: {error}"), "check the path")
}

/// The param that takes the files of `--each` when no column is named.
fn file_param(params: &[Param]) -> Result<String, Problem> {
    let found = match params {
        [only] => Some(only),
        params => params.iter().find(|param| param.names_file),
    };
    found.map(|param| param.name.clone()).ok_or_else(|| {
        let names: Vec<&str> = params.iter().map(|param| param.name.as_str()).collect();
        let hint = if names.is_empty() {
            "the script has no params".to_owned()
        } else {
            format!(
                "name it, as in `--each {}='photos/*.jpg'`; the script has: {}",
                names[0],
                names.join(", ")
            )
        };
        Problem::new("no param of the script is known to take a file", hint)
    })
}

fn matching(pattern: &str, folders: &[PathBuf]) -> Result<Vec<String>, Problem> {
    let found =
        files::matching(folders, pattern).map_err(|failure| Problem::new(failure.message, failure.hint))?;
    if found.is_empty() {
        let folders: Vec<String> = folders.iter().map(|folder| format!("`{}`", folder.display())).collect();
        let hint = format!(
            "looked in {}; quote the pattern, so that the shell leaves it alone",
            folders.join(", then in ")
        );
        return Err(Problem::new(format!("no file matches `{pattern}`"), hint));
    }
    Ok(found)
}
