//! The options that name rows, for every command that takes them, and what is wrong with rows.

use std::collections::BTreeMap;
use std::path::PathBuf;

use clap::Args;

use crate::batch::fit::{self, Checked, Rules, Source};
use crate::cli::config::{Config, absolute_path};
use crate::cli::ui::{Trouble, Ui};
use crate::host::FileAccess;
use crate::runtime::{self, Script};

/// Where rows come from, and what they are called.
#[derive(Args, Clone, Debug, Default)]
#[command(next_help_heading = "Rows")]
pub(super) struct RowsArgs {
    /// Table of rows (CSV, TSV, JSON, JSON Lines): its columns fill the params of their names
    #[arg(long, value_name = "FILE", conflicts_with = "each")]
    rows: Option<PathBuf>,
    /// Values of one param, each combined with all else; may be repeated
    #[arg(long, value_name = "NAME=A,B", value_parser = name_and_values)]
    matrix: Vec<(String, Vec<String>)>,
    /// A row for each file that matches; fills the param NAME, or the one that takes a file
    #[arg(long, value_name = "[NAME=]GLOB")]
    each: Option<String>,
    /// Column by which a row is known, whatever its place in the table
    #[arg(long, value_name = "COLUMN")]
    key: Option<String>,
    /// Folder of a row's outputs, below --out, such as `{city}/{row}`: columns, {row}, {key}
    /// [default: {key} with --key, else {row}]
    #[arg(long, value_name = "TEMPLATE")]
    name: Option<String>,
    /// Column that is none of the script's business; may be repeated
    #[arg(long, value_name = "COLUMN")]
    skip: Vec<String>,
    /// Take only so many rows, from the first
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u64).range(1..))]
    limit: Option<u64>,
}

impl RowsArgs {
    /// Returns whether anything was said about rows.
    pub(super) fn any(&self) -> bool {
        let sources = self.rows.is_some() || self.each.is_some() || !self.matrix.is_empty();
        let names = self.key.is_some() || self.name.is_some() || !self.skip.is_empty();
        sources || names || self.limit.is_some()
    }

    /// Says where the rows come from: the same for the same table, whatever is in it.
    pub(super) fn mark(&self) -> String {
        let table = self.rows.as_deref().map(absolute_path);
        format!("{table:?} {:?} {:?}", self.matrix, self.each)
    }

    /// Returns where the rows come from, and the rules for them.
    pub(super) fn rules(&self, given: BTreeMap<String, String>, files: FileAccess) -> Rules {
        let table = self.rows.clone().map(Source::File);
        let each = self.each.as_deref().map(each);
        let matrix = Some(self.matrix.clone()).filter(|matrix| !matrix.is_empty()).map(Source::Matrix);
        Rules {
            sources: table.into_iter().chain(each).chain(matrix).collect(),
            given,
            key: self.key.clone(),
            name: self.name.clone(),
            skip: self.skip.iter().cloned().collect(),
            limit: self.limit,
            files,
        }
    }

    /// Checks every row against the script, before anything is sent. Tells all that is wrong;
    /// none when there is something.
    ///
    /// # Errors
    /// The script does not compile.
    pub(super) fn checked(
        &self,
        script: &Script,
        given: BTreeMap<String, String>,
        config: &Config,
        ui: &Ui,
    ) -> anyhow::Result<Option<Checked>> {
        let files = FileAccess {
            inputs: script.folder.clone().into_iter().chain([PathBuf::from(".")]).collect(),
            out: config.out.value.clone(),
            home: config.homes.home.clone(),
            ..FileAccess::default()
        };
        let bad = match fit::fit(runtime::params(script)?, self.rules(given, files)) {
            Ok(checked) => {
                checked.notes.iter().for_each(|note| ui.notice(note));
                return Ok(Some(checked));
            }
            Err(bad) => bad,
        };
        bad.problems.iter().for_each(|problem| ui.error(&Trouble::in_rows(&bad.source, problem)));
        let shown = bad.problems.len() as u64;
        let count = match bad.count {
            1 => "1 problem".to_owned(),
            count if count > shown => format!("{count} problems, of which the first {shown} are shown"),
            count => format!("{count} problems"),
        };
        ui.notice(&format!("{count}; nothing was sent"));
        Ok(None)
    }
}

/// A glob, behind the name of a param or without one.
fn each(text: &str) -> Source {
    let is_name = |name: &str| !name.is_empty() && name.chars().all(|c| c.is_alphanumeric() || c == '_');
    match text.split_once('=').filter(|(name, _)| is_name(name)) {
        Some((name, pattern)) => Source::Each { column: Some(name.to_owned()), pattern: pattern.to_owned() },
        None => Source::Each { column: None, pattern: text.to_owned() },
    }
}

fn name_and_values(text: &str) -> Result<(String, Vec<String>), String> {
    match text.split_once('=') {
        Some((name, values)) if !name.is_empty() => {
            Ok((name.to_owned(), values.split(',').map(|value| value.trim().to_owned()).collect()))
        }
        _ => Err("write it as name=first,second".to_owned()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_glob_may_have_the_name_of_a_param_before_it() {
        let of = |column: Option<&str>, pattern: &str| Source::Each {
            column: column.map(str::to_owned),
            pattern: pattern.to_owned(),
        };
        assert_eq!(each("photos/*.jpg"), of(None, "photos/*.jpg"));
        assert_eq!(each("clip=photos/*.jpg"), of(Some("clip"), "photos/*.jpg"));
        assert_eq!(each("a/b=c/*.jpg"), of(None, "a/b=c/*.jpg"));
    }

    #[test]
    fn values_of_a_matrix_stand_between_commas() {
        let values = |name: &str, values: &[&str]| {
            Ok((name.to_owned(), values.iter().map(|value| (*value).to_owned()).collect()))
        };
        assert_eq!(name_and_values("lang=en, de"), values("lang", &["en", "de"]));
        assert_eq!(name_and_values("x=a=b,"), values("x", &["a=b", ""]));
        assert!(name_and_values("lang").is_err() && name_and_values("=a").is_err());
    }
}
