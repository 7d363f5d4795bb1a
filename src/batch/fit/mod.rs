//! Rows and a script, made to fit: all that is wrong with any row is found before the first
//! call, in one pass that keeps hashes and no rows; a second pass gives the jobs.

mod check;
mod name;
mod problem;
mod seen;
mod source;

#[cfg(test)]
mod tests;

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;

use crate::host::FileAccess;
use crate::runtime::Param;
use check::Checker;
use name::Template;
use seen::{Seen, hex};
use source::{RawRow, Sources};

/// One row on its way to a run.
pub use crate::journal::BatchRow as Job;
pub use problem::{BadRows, Problem};
pub use source::Source;

/// Digits of a key that is a hash of the cells.
const KEY_DIGITS: usize = 12;

/// What the user said about the rows.
#[derive(Clone, Debug, Default)]
pub struct Rules {
    /// Where they come from.
    pub sources: Vec<Source>,
    /// Values that every row has, unless a cell says otherwise: `-p`.
    pub given: BTreeMap<String, String>,
    /// The column by which a row is known, whatever its place.
    pub key: Option<String>,
    /// The template of the names of outputs.
    pub name: Option<String>,
    /// Columns that are none of the script's business.
    pub skip: BTreeSet<String>,
    /// Only so many rows, from the first.
    pub limit: Option<u64>,
    /// Where the script will look its files up.
    pub files: FileAccess,
}

/// Rows that fit the script.
#[derive(Debug)]
pub struct Checked {
    /// How many there are.
    pub rows: u64,
    /// What the user should know, though nothing is wrong.
    pub notes: Vec<String>,
    fit: Fit,
}

/// A script and rows, with all that does not change from row to row.
#[derive(Debug)]
struct Fit {
    params: Vec<Param>,
    rules: Rules,
    sources: Sources,
    template: Template,
}

/// Checks every row against the params of a script.
///
/// # Errors
/// All that is wrong, each with its row and column: nothing was sent.
pub fn fit(params: Vec<Param>, rules: Rules) -> Result<Checked, BadRows> {
    let mut bad = BadRows::new(Sources::name(&rules.sources));
    let template = match &rules.name {
        None => Ok(Template::usual(rules.key.is_some())),
        Some(text) => Template::read(text),
    };
    let sources = Sources::settle(&rules.sources, &params, &rules.files.inputs, rules.limit);
    match (template, sources) {
        (Ok(template), Ok(sources)) => {
            let fit = Fit { params, rules, sources, template };
            let mut checker = Checker::new(&fit, bad);
            checker.all();
            let (rows, notes) = checker.end()?;
            Ok(Checked { rows, notes, fit })
        }
        (template, sources) => {
            template.err().into_iter().chain(sources.err()).for_each(|problem| bad.add(problem));
            Err(bad)
        }
    }
}

impl Checked {
    /// Reads the rows once more and gives them as jobs, in order.
    ///
    /// # Errors
    /// The table cannot be read any more, or has changed; so does a row that is refused.
    pub fn jobs(&self) -> Result<impl Iterator<Item = Result<Job, Problem>> + '_, Problem> {
        let mut repeats = Seen::default();
        let rows = self.fit.sources.rows()?;
        Ok(rows.map(move |row| Ok(self.fit.job(&row?, &mut repeats))))
    }
}

impl Fit {
    /// Returns what a row gives to the script and to its own name: its cells as texts, without
    /// the empty ones and those that are skipped.
    fn texts<'a>(&self, row: &'a RawRow) -> BTreeMap<&'a str, String> {
        let cells = row.cells.iter().filter(|(name, _)| !self.rules.skip.contains(*name));
        let texts = cells.filter_map(|(name, value)| Some((name.as_str(), text(value)?)));
        texts.collect()
    }

    /// Makes the job of a row; `repeats` counts rows that are equal.
    fn job(&self, row: &RawRow, repeats: &mut Seen) -> Job {
        let texts = self.texts(row);
        let key = match &self.rules.key {
            Some(column) => self.key(row, column),
            None => {
                let print = hex(&serde_json::to_string(&texts).unwrap_or_default());
                let print = print[..KEY_DIGITS].to_owned();
                match repeats.count(&print) {
                    1 => print,
                    count => format!("{print}-{count}"),
                }
            }
        };
        let mut params = self.rules.given.clone();
        for param in &self.params {
            params.extend(texts.get(param.name.as_str()).map(|text| (param.name.clone(), text.clone())));
        }
        let print = hex(&serde_json::to_string(&params).unwrap_or_default());
        let name = self.template.fill(row.number, &key, |column| {
            let cell = row.cells.get(column).and_then(text);
            let given = || self.rules.given.get(column).cloned();
            let usual =
                || self.params.iter().find(|param| param.name == column)?.default.as_ref().and_then(text);
            cell.or_else(given).or_else(usual).unwrap_or_default()
        });
        Job { number: row.number, key, print, name, params }
    }

    /// The key of a row in a column, with the values of the matrix, which make several rows of
    /// one; empty without a value.
    fn key(&self, row: &RawRow, column: &str) -> String {
        let Some(cell) = row.cells.get(column).and_then(text) else { return String::new() };
        let mut parts = vec![cell.trim().to_owned()];
        parts.extend(self.sources.others(column, &row.combination));
        parts.join("-")
    }
}

/// A cell as the text of a param: JSON that is no text as it is written. An empty cell and null
/// give nothing.
fn text(value: &Value) -> Option<String> {
    match value {
        Value::Null => None,
        Value::String(text) => Some(text.clone()).filter(|text| !text.is_empty()),
        value => Some(value.to_string()),
    }
}
