//! The pass that finds what is wrong with rows: columns once, cells row by row.

use std::collections::BTreeSet;

use serde_json::Value;

use super::problem::{BadRows, Problem};
use super::seen::{Clash, Names, Seen};
use super::source::{RawRow, RawRows};
use super::{Fit, Job};
use crate::host;
use crate::runtime::Param;
use crate::table::Encoding;

/// Column names that are remembered; rows of JSON may each have their own.
const COLUMNS_KEPT_MAX: usize = 10_000;
/// The longest key, in characters.
const KEY_CHARS_MAX: usize = 200;

/// The state of the pass.
pub(super) struct Checker<'a> {
    fit: &'a Fit,
    bad: BadRows,
    notes: Vec<String>,
    rows: u64,
    /// Columns that have been judged.
    columns: BTreeSet<String>,
    /// Columns that are known to be missing in every row: said once.
    missing: BTreeSet<String>,
    /// Params whose default has been looked at.
    defaults: BTreeSet<String>,
    keys: Seen,
    names: Names,
}

impl<'a> Checker<'a> {
    pub(super) fn new(fit: &'a Fit, bad: BadRows) -> Self {
        let (columns, missing, defaults) = Default::default();
        let (keys, names) = Default::default();
        Self { fit, bad, notes: Vec::new(), rows: 0, columns, missing, defaults, keys, names }
    }

    /// Looks at everything.
    pub(super) fn all(&mut self) {
        self.constants();
        let mut rows = match self.fit.sources.rows() {
            Ok(rows) => rows,
            Err(problem) => return self.bad.add(problem),
        };
        if rows.encoding() == Some(Encoding::Windows1252) {
            let words = format!("{} is not UTF-8: it is read as Windows-1252", self.bad.source);
            self.notes.push(words);
        }
        let known = self.header(&rows);
        let mut repeats = Seen::default();
        for row in &mut rows {
            match row {
                Ok(row) => self.row(&row, &mut repeats),
                Err(problem) => self.bad.add(problem),
            }
        }
        if !known && self.bad.count == 0 {
            self.whole(&BTreeSet::new());
        }
    }

    /// Ends the pass: how many rows there are, and what should be said about them.
    pub(super) fn end(self) -> Result<(u64, Vec<String>), BadRows> {
        if self.bad.count == 0 { Ok((self.rows, self.notes)) } else { Err(self.bad) }
    }

    /// What `-p` gives to every row.
    fn constants(&mut self) {
        for (name, value) in &self.fit.rules.given {
            let Some(param) = self.fit.params.iter().find(|param| param.name == *name) else {
                let message = format!("the script has no param `{name}`{}", self.meant(name));
                self.bad.add(Problem::new(message, self.listed()));
                continue;
            };
            let problem = match param.settle(Some(value)) {
                Ok(value) => self.lost(param, &value),
                Err(failure) => Some(Problem::new(failure.message, failure.hint)),
            };
            problem.into_iter().for_each(|problem| self.bad.add(problem));
        }
    }

    /// Judges the columns where all are known; returns whether they are.
    fn header(&mut self, rows: &RawRows<'_>) -> bool {
        let Some(columns) = rows.columns() else {
            rows.added().for_each(|column| self.column(column, None));
            return false;
        };
        let all: BTreeSet<&str> = columns.iter().copied().collect();
        if all.len() < columns.len() {
            let twice = rows.added().find(|name| columns.iter().filter(|column| column == &name).count() > 1);
            let words = format!("the table has a column `{}`, too", twice.unwrap_or_default());
            self.bad.add(Problem::new(words, "take it out of `--matrix`, or out of the table"));
        }
        columns.iter().for_each(|column| self.column(column, None));
        for param in &self.fit.params {
            let named = all.contains(param.name.as_str()) && !self.fit.rules.skip.contains(&param.name);
            if param.default.is_none() && !named && !self.fit.rules.given.contains_key(&param.name) {
                let about = param.help.as_deref().map(|help| format!(" ({help})")).unwrap_or_default();
                let message = format!("there is no column `{}`{about}, which the script needs", param.name);
                let hint = format!("add it, or give it to all rows with `-p {}=..`", param.name);
                self.bad.add(Problem::new(message, hint));
                self.missing.insert(param.name.clone());
            }
        }
        self.whole(&all);
        true
    }

    /// Names of columns in the options that no row has.
    fn whole(&mut self, known: &BTreeSet<&str>) {
        let seen = |name: &str| known.contains(name) || self.columns.contains(name);
        let all: BTreeSet<&str> =
            known.iter().copied().chain(self.columns.iter().map(String::as_str)).collect();
        let listed = all.iter().copied().collect::<Vec<_>>().join(", ");
        let mut found = Vec::new();
        let mut look = |name: &str, option: &str, also: bool| {
            if seen(name) || also {
                return;
            }
            let meant = host::nearest(name, all.iter().copied());
            let meant = meant.map(|meant| format!("; did you mean `{meant}`?")).unwrap_or_default();
            let message = format!("there is no column `{name}` for {option}{meant}");
            found.push((name.to_owned(), Problem::new(message, format!("the columns are: {listed}"))));
        };
        let rules = &self.fit.rules;
        rules.key.iter().for_each(|key| look(key, "`--key`", false));
        rules.skip.iter().for_each(|name| look(name, "`--skip`", false));
        for name in self.fit.template.columns() {
            look(name, "`--name`", self.fit.params.iter().any(|param| param.name == name));
        }
        for (name, problem) in found {
            self.missing.insert(name);
            self.bad.add(problem);
        }
    }

    /// Judges a column, once: by its row when only rows name them.
    fn column(&mut self, name: &str, row: Option<&RawRow>) {
        if self.columns.contains(name) || self.columns.len() == COLUMNS_KEPT_MAX {
            return;
        }
        self.columns.insert(name.to_owned());
        let rules = &self.fit.rules;
        let used = rules.skip.contains(name)
            || rules.key.as_deref() == Some(name)
            || self.fit.template.columns().any(|column| column == name)
            || self.fit.params.iter().any(|param| param.name == name);
        if !used {
            let message = format!("the script has no param `{name}`{}", self.meant(name));
            let hint = format!("{}; `--skip {name}` leaves the column out", self.listed());
            let problem = Problem::new(message, hint).in_column(name);
            self.bad.add(row.map_or(problem.clone(), |row| problem.at(row.number, row.line)));
        }
    }

    fn row(&mut self, row: &RawRow, repeats: &mut Seen) {
        self.rows += 1;
        row.cells.keys().for_each(|name| self.column(name, Some(row)));
        let texts = self.fit.texts(row);
        for param in &self.fit.params {
            let problem = match texts.get(param.name.as_str()) {
                Some(text) => match param.settle(Some(text)) {
                    Ok(value) => self.lost(param, &value),
                    Err(failure) if failure.hint.is_empty() => {
                        let hint = "mend the cell; an empty one stands for the default of the param";
                        Some(Problem::new(failure.message, hint))
                    }
                    Err(failure) => Some(Problem::new(failure.message, failure.hint)),
                },
                None => self.not_given(param),
            };
            if let Some(problem) = problem {
                self.bad.add(problem.in_column(&param.name).at(row.number, row.line));
            }
        }
        let job = self.fit.job(row, repeats);
        // Where the key is wrong, a name that is made of it says nothing new.
        if let Some(problem) = self.key(&job).or_else(|| self.name(&job)) {
            self.bad.add(problem.at(row.number, row.line));
        }
    }

    /// What is wrong with a param to which a row gives nothing.
    fn not_given(&mut self, param: &Param) -> Option<Problem> {
        if self.fit.rules.given.contains_key(&param.name) || self.missing.contains(&param.name) {
            return None;
        }
        let about = param.help.as_deref().map(|help| format!(" ({help})")).unwrap_or_default();
        let Some(default) = &param.default else {
            let hint = format!("fill the cell, or give it to such rows with `-p {}=..`", param.name);
            return Some(Problem::new(format!("param `{}`{about} is required", param.name), hint));
        };
        // The same for all rows: said for the first of them.
        let first = self.defaults.insert(param.name.clone());
        first.then(|| self.lost(param, default)).flatten()
    }

    /// A file that a param names and that is not there.
    fn lost(&self, param: &Param, value: &Value) -> Option<Problem> {
        let named: Vec<&Value> = match value {
            _ if !param.names_file => return None,
            Value::Array(items) => items.iter().collect(),
            value => vec![value],
        };
        let paths = named.into_iter().filter_map(Value::as_str);
        let mut paths = paths.filter(|path| !path.is_empty() && !host::is_url(path));
        paths.find_map(|path| match host::find_file(&self.fit.rules.files, path) {
            Some(found) if found.is_file() => None,
            Some(_) => Some(Problem::new(format!("`{path}` is a folder"), "name a file in it")),
            // What may be meant is looked for in folders: not for problems that nobody sees.
            None if self.bad.is_full() => Some(Problem::new("a file is missing", "")),
            None => {
                let failure = host::missing_file(&self.fit.rules.files, path);
                Some(Problem::new(failure.message, failure.hint))
            }
        })
    }

    fn key(&mut self, job: &Job) -> Option<Problem> {
        let column = self.fit.rules.key.as_deref().filter(|column| !self.missing.contains(*column))?;
        let problem = if job.key.is_empty() {
            Problem::new("the row has no key", "fill the cell: each row is known by its key")
        } else if job.key.chars().count() > KEY_CHARS_MAX {
            let words = format!("the key is longer than {KEY_CHARS_MAX} characters");
            Problem::new(words, "choose a column with short values")
        } else {
            let first = self.keys.add(&job.key, job.number)?;
            let words = format!("row {first} has the key `{}`, too", job.key);
            Problem::new(words, "give each row a key of its own, or leave `--key` out")
        };
        Some(problem.in_column(column))
    }

    fn name(&mut self, job: &Job) -> Option<Problem> {
        let rules = &self.fit.rules;
        let mut made_of = rules.key.as_deref().into_iter().chain(self.fit.template.columns());
        if made_of.any(|column| self.missing.contains(column)) {
            return None;
        }
        let name = &job.name;
        let words = match self.names.add(name, job.number)? {
            Clash::Same(row) => format!("its outputs would land in `{name}`, as those of row {row}"),
            Clash::Folder(row) => {
                format!("its outputs would land in `{name}`, above or below those of row {row}")
            }
        };
        Some(Problem::new(words, "choose other names with `--name`, with `{row}` or `{key}` in them"))
    }

    fn meant(&self, name: &str) -> String {
        let names = self.fit.params.iter().map(|param| param.name.as_str());
        host::nearest(name, names).map(|meant| format!("; did you mean `{meant}`?")).unwrap_or_default()
    }

    fn listed(&self) -> String {
        let names: Vec<&str> = self.fit.params.iter().map(|param| param.name.as_str()).collect();
        if names.is_empty() { "it has none".to_owned() } else { format!("it has: {}", names.join(", ")) }
    }
}
