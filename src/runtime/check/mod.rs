//! What can be known to be wrong with a script before it runs: from texts to problems, without
//! a backend and without running anything.

mod calls;
mod facts;
mod walk;

pub(super) mod catalog;

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use rhai::{Position, Stmt};

use crate::host::Kind;
use crate::runtime::engine::ScriptEngine;
use crate::runtime::error::{self, Place, ScriptError};
use crate::runtime::modules;
use crate::runtime::params::params;
use crate::runtime::script::Script;
use facts::Facts;

/// Files that one check reads; a script that imports more is no script of a person.
const FILES_MAX: usize = 256;

/// How bad a problem is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Severity {
    /// The script cannot run, or fails when it comes there.
    Error,
    /// It runs, but probably not as it was meant.
    Warning,
}

impl Severity {
    /// Returns it as errors are headed.
    pub fn word(self) -> &'static str {
        match self {
            Self::Error => "error",
            Self::Warning => "warning",
        }
    }
}

/// One thing that is wrong, and where.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Problem {
    /// Where it begins.
    pub place: Place,
    /// The column behind its last character, from 1; none when only the beginning is known.
    pub end_column: Option<usize>,
    /// How bad it is.
    pub severity: Severity,
    /// What is wrong.
    pub message: String,
    /// What to do about it.
    pub hint: Option<String>,
    /// The line of the place, as written.
    pub excerpt: Option<String>,
}

/// The whole problem as plain text, several lines; the last line has no line break.
impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}\n  --> {}", self.severity.word(), self.message, self.place)?;
        if let Some(line) = &self.excerpt {
            error::excerpt(f, &self.place, line)?;
        }
        self.hint.iter().try_for_each(|hint| write!(f, "\n   hint: {hint}"))
    }
}

/// How the text of a module is read: from its file, or from an editor that has it open.
pub type Read<'a> = &'a dyn Fn(&Path) -> Result<Script, Box<ScriptError>>;

/// Returns what is wrong with a script and with everything that it imports, in the order of the
/// texts. `read` is asked for each module once.
pub fn check(script: &Script, read: Read<'_>) -> Vec<Problem> {
    let mut checked = Checked {
        engine: ScriptEngine::parser(),
        read,
        roots: script.roots(),
        done: BTreeMap::new(),
        problems: Vec::new(),
    };
    let path = PathBuf::from(&script.name);
    let own = std::fs::canonicalize(&path).unwrap_or(path);
    checked.file(&own, script, &mut vec![own.clone()]);
    if checked.problems.is_empty()
        && let Err(error) = params(script)
    {
        checked.problems.extend(problem_of(*error, script));
    }
    checked.problems
}

/// What the walk of one file is told about the others.
#[derive(Default)]
struct Known {
    /// Modules by the name that the file gives them.
    modules: BTreeMap<String, Arc<Facts>>,
    /// Variables of the file's top level.
    top_level: BTreeSet<String>,
}

/// One thing that a walk found.
struct Found {
    at: Position,
    severity: Severity,
    message: String,
    hint: Option<String>,
}

/// A check on its way through the files.
struct Checked<'a> {
    engine: ScriptEngine,
    read: Read<'a>,
    roots: Vec<PathBuf>,
    done: BTreeMap<PathBuf, Arc<Facts>>,
    problems: Vec<Problem>,
}

impl Checked<'_> {
    /// Checks one file after the modules that it imports; none when it does not compile.
    fn file(&mut self, real: &Path, script: &Script, chain: &mut Vec<PathBuf>) -> Option<Arc<Facts>> {
        let ast = match self.engine.look(script) {
            Ok(ast) => ast,
            Err(error) => {
                let said = ScriptError::of_rhai(*error, &script.name, &self.engine.sources);
                self.problems.extend(problem_of(said, script));
                return None;
            }
        };
        let facts = Arc::new(facts::of(&ast));
        self.done.insert(real.to_path_buf(), facts.clone());
        let mut known = Known::default();
        for statement in ast.statements() {
            if let Stmt::Var(definition, ..) = statement {
                known.top_level.insert(definition.0.name.to_string());
            }
        }
        for import in &facts.imports {
            match self.module(script, &import.path, chain) {
                Ok(Some(module)) => {
                    known.modules.insert(import.alias.clone(), module);
                }
                Ok(None) => (),
                Err((message, hint)) => {
                    let found = Found { at: import.at, severity: Severity::Error, message, hint };
                    self.problems.push(problem(script, found));
                }
            }
        }
        let mut found = walk::walk(&ast, &facts, &known);
        found.sort_by_key(|found| (found.at.line(), found.at.position()));
        found.dedup_by(|one, other| one.at == other.at && one.message == other.message);
        self.problems.extend(found.into_iter().map(|found| problem(script, found)));
        Some(facts)
    }

    /// Finds, reads and checks a module; none when it has problems that are told already.
    fn module(
        &mut self,
        importer: &Script,
        path: &str,
        chain: &mut Vec<PathBuf>,
    ) -> Result<Option<Arc<Facts>>, (String, Option<String>)> {
        let said = |failure: crate::host::Failure| {
            (failure.message, Some(failure.hint).filter(|hint| !hint.is_empty()))
        };
        let real = modules::find(&self.roots, Some(&importer.name), path).map_err(said)?;
        if let Some(at) = chain.iter().position(|file| *file == real) {
            return Err(said(modules::circle(chain[at..].iter().chain([&real]))));
        }
        if let Some(facts) = self.done.get(&real) {
            return Ok(Some(facts.clone()));
        }
        if self.done.len() >= FILES_MAX {
            return Err((format!("more than {FILES_MAX} modules are imported"), None));
        }
        let script = (self.read)(&real).map_err(|error| (error.message, error.hint))?;
        chain.push(real.clone());
        let facts = self.file(&real, &script, chain);
        chain.pop();
        Ok(facts)
    }
}

fn problem(script: &Script, found: Found) -> Problem {
    let line = found.at.line().unwrap_or(1);
    let column = found.at.position().unwrap_or(1);
    let place = Place { file: script.name.clone(), line, column: Some(column) };
    let excerpt = script.text.lines().nth(line.saturating_sub(1)).map(str::to_owned);
    let end_column = excerpt.as_deref().and_then(|line| end_of_word(line, column));
    Problem { place, end_column, severity: found.severity, message: found.message, hint: found.hint, excerpt }
}

/// The problem that an error of compilation is; none of an error without a place.
fn problem_of(error: ScriptError, script: &Script) -> Option<Problem> {
    debug_assert!(error.kind != Kind::Stopped);
    let place = error.place.unwrap_or_else(|| Place { file: script.name.clone(), line: 1, column: Some(1) });
    let end_column =
        error.excerpt.as_deref().zip(place.column).and_then(|(line, column)| end_of_word(line, column));
    Some(Problem {
        place,
        end_column,
        severity: Severity::Error,
        message: error.message,
        hint: error.hint,
        excerpt: error.excerpt,
    })
}

/// The column behind the word or the quoted text that begins at `column`.
fn end_of_word(line: &str, column: usize) -> Option<usize> {
    let mut rest = line.chars().skip(column.checked_sub(1)?);
    let first = rest.next()?;
    let word = |c: &char| c.is_alphanumeric() || *c == '_';
    let more = match first {
        '"' => rest.position(|c| c == '"')? + 1,
        c if word(&c) => rest.take_while(word).count(),
        _ => 0,
    };
    Some(column + 1 + more)
}
