//! A script that is written line by line: what a line defines stays for the next ones.

use std::thread;

use rhai::{AST, Dynamic, EvalAltResult, LexError, Module, ParseErrorType, Position, Scope, Stmt};
use serde_json::Value;

use crate::host::draft::Draft;
use crate::host::export::Video;
use crate::host::session::Session;
use crate::host::state::State;
use crate::host::{self, Failure, Kind, Run};
use crate::model;
use crate::runtime::docs;
use crate::runtime::engine::ScriptEngine;
use crate::runtime::error::ScriptError;
use crate::runtime::modules::{Loaded, Sources};
use crate::runtime::{STACK_BYTES, Script, panicked};

/// The last value that was not nothing.
const LAST: &str = "it";
/// The session that plain words are said to.
const SESSION: &str = "s";

/// What lines have defined so far.
pub struct Console {
    scope: Scope<'static>,
    /// Functions of all lines.
    functions: AST,
    /// Imports of all lines: Rhai forgets them with each one.
    imports: Vec<Stmt>,
    sources: Sources,
    loaded: Loaded,
    lines: usize,
    /// Every line that compiled.
    text: String,
}

/// What a variable holds, as far as a completion wants to know.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Held {
    /// A value of a type of ours, by its name.
    Ours(&'static str),
    /// A map, whose keys [`Console::keys`] returns.
    Map,
    /// Anything else.
    Other,
}

/// The value of a line, in the form in which it is shown.
#[derive(Clone, Debug)]
pub enum Shown {
    /// There is none.
    Nothing,
    /// As `print` would show it.
    Text(String),
    /// Maps and arrays.
    Data(Value),
    /// A timeline.
    Timeline(Box<model::draft::Draft>),
    /// An exported file.
    Video(Box<Video>),
}

impl Default for Console {
    fn default() -> Self {
        Self {
            scope: Scope::new(),
            functions: AST::empty(),
            imports: Vec::new(),
            sources: Sources::default(),
            loaded: Loaded::default(),
            lines: 0,
            text: String::new(),
        }
    }
}

impl Console {
    /// Runs a line on a thread of its own. What it defined before it failed stays.
    ///
    /// Must not be called on a thread of the async runtime.
    ///
    /// # Errors
    /// As of a script; the place is `line N`.
    pub fn eval(&mut self, run: &Run, text: &str) -> Result<Shown, Box<ScriptError>> {
        self.lines += 1;
        let script = Script::from_text(&format!("line {}", self.lines), text);
        let evaluated = thread::scope(|scope| {
            let thread = thread::Builder::new().name("script".to_owned()).stack_size(STACK_BYTES);
            match thread.spawn_scoped(scope, || self.evaluate(run, &script)) {
                Ok(handle) => handle.join().unwrap_or_else(|_| Err(panicked().into())),
                Err(error) => {
                    let said = format!("the script's thread cannot start: {error}");
                    Err(ScriptError::new(Kind::Limit, said).into())
                }
            }
        });
        evaluated.map(|(value, text)| self.keep(value, text))
    }

    fn evaluate(&mut self, run: &Run, script: &Script) -> Result<(Dynamic, String), Box<ScriptError>> {
        let engine = ScriptEngine::of_line(run, self.sources.clone(), self.loaded.clone());
        let said =
            |error: Box<EvalAltResult>| Box::new(ScriptError::of_rhai(*error, &script.name, &engine.sources));
        let line = engine.compile(script).map_err(said)?;
        self.text.push_str(&script.text);
        self.text.push('\n');
        let imports = AST::new(self.imports.clone(), Module::new());
        let whole = imports.merge(&self.functions).merge(&line);
        let result = engine.rhai().eval_ast_with_scope::<Dynamic>(&mut self.scope, &whole);
        self.functions = self.functions.merge(&line.clone_functions_only());
        self.imports
            .extend(line.statements().iter().filter(|stmt| matches!(stmt, Stmt::Import(..))).cloned());
        match (result, run.ended()) {
            (Ok(value), None) => {
                let text = printed(&engine, &value);
                Ok((value, text))
            }
            // Also when the reason was swallowed on its way.
            (Ok(_), Some(reason)) => Err(ScriptError::of_failure(&reason).into()),
            (Err(error), _) => Err(said(error)),
        }
    }

    /// Keeps a value under the name of the last one, and returns how it is shown.
    fn keep(&mut self, value: Dynamic, text: String) -> Shown {
        let value = value.flatten();
        if value.is_unit() {
            return Shown::Nothing;
        }
        self.scope.set_value(LAST, value.clone());
        if let Some(draft) = value.clone().try_cast::<Draft>() {
            return Shown::Timeline(Box::new(draft.get()));
        }
        if let Some(draft) = value.clone().try_cast::<State>().and_then(|state| state.get().draft.clone()) {
            return Shown::Timeline(Box::new(draft));
        }
        if let Some(video) = value.clone().try_cast::<Video>() {
            return Shown::Video(Box::new(video));
        }
        if (value.is_array() || value.is_map())
            && let Ok(data) = host::from_script(&value)
        {
            return Shown::Data(data);
        }
        Shown::Text(text)
    }

    /// Returns the session that plain words are said to; made, and named `s`, at the first need.
    ///
    /// # Errors
    /// What making a session fails with.
    pub fn session(&mut self, run: &Run) -> Result<Session, Failure> {
        if let Some(session) = self.scope.get_value::<Session>(SESSION) {
            return Ok(session);
        }
        let session = host::session::create(run, &host::session::Options::default())?;
        self.scope.set_value(SESSION, session.clone());
        Ok(session)
    }

    /// Gives a session to the lines, as `s`.
    pub fn set_session(&mut self, session: Session) {
        self.scope.set_value(SESSION, session);
    }

    /// Gives a timeline to the lines, as `it`.
    pub fn set_draft(&mut self, draft: model::draft::Draft) {
        self.scope.set_value(LAST, Draft::new(draft));
    }

    /// Returns the names of variables and functions that lines defined.
    pub fn names(&self) -> Vec<String> {
        let variables = self.scope.iter_raw().map(|(name, ..)| name.to_owned());
        let functions = self.functions.iter_functions().map(|function| function.name.to_owned());
        let mut names: Vec<String> = variables.chain(functions).collect();
        names.sort();
        names.dedup();
        names
    }

    /// Returns what a variable holds now; none for a name that is none.
    pub fn held(&self, name: &str) -> Option<Held> {
        let value = self.scope.get(name)?.clone().flatten();
        if value.is_map() {
            return Some(Held::Map);
        }
        let engine = ScriptEngine::compiler();
        // Only the engine knows the names that were given to our types.
        let name = engine.rhai().map_type_name(value.type_name());
        let ours = docs::types().iter().find(|doc| doc.name == name);
        Some(ours.map_or(Held::Other, |doc| Held::Ours(doc.name)))
    }

    /// Returns the text of the lines so far.
    pub fn text(&self) -> &str {
        &self.text
    }

    /// Returns the keys of a map that a variable holds.
    pub fn keys(&self, name: &str) -> Vec<String> {
        let value = self.scope.get(name).map(|value| value.clone().flatten());
        let map = value.as_ref().and_then(|value| value.read_lock::<rhai::Map>());
        map.map(|map| map.keys().map(ToString::to_string).collect()).unwrap_or_default()
    }
}

/// A value as `print` shows it: our types have words of their own.
fn printed(engine: &ScriptEngine, value: &Dynamic) -> String {
    let mut scope = Scope::new();
    scope.push_dynamic(LAST, value.clone());
    let text = engine.rhai().eval_with_scope::<String>(&mut scope, "it.to_string()");
    text.unwrap_or_else(|_| value.to_string())
}

/// Returns whether a text is the beginning of a line that goes on: a bracket, a comment or a
/// text in backticks is still open.
///
/// Measured on a labelled set of beginnings and mistakes: a text goes on when the error stands
/// one past its last character. What is open inside a string has its own rules.
pub fn goes_on(text: &str) -> bool {
    let compiler = ScriptEngine::parser();
    let compiles = |text: &str| compiler.parse(text);
    let Err(error) = compiles(text) else {
        // A comment that is open swallows whatever follows.
        return text.contains("/*") && compiles(&format!("{text}\n\")")).is_ok();
    };
    let (kind, at) = (*error.0, error.1);
    if let ParseErrorType::BadInput(LexError::UnterminatedString) = kind {
        return match char_at(text, at) {
            None | Some('`' | '#') => true,
            Some('"') => text.ends_with('\\'),
            // Behind `${..}` the rest of a text in backticks counts as one of its own.
            Some(_) => char_before(text, at) == Some('}'),
        };
    }
    at.is_none() || is_past_the_end(text, at)
}

fn is_past_the_end(text: &str, at: Position) -> bool {
    let lines: Vec<&str> = text.split('\n').collect();
    let last = lines.last().map_or(0, |line| line.chars().count());
    at.line() == Some(lines.len()) && at.position().unwrap_or(0) > last
}

fn char_at(text: &str, at: Position) -> Option<char> {
    let line = text.split('\n').nth(at.line()?.checked_sub(1)?)?;
    line.chars().nth(at.position()?.checked_sub(1)?)
}

fn char_before(text: &str, at: Position) -> Option<char> {
    let line = text.split('\n').nth(at.line()?.checked_sub(1)?)?;
    line.chars().nth(at.position()?.checked_sub(2)?)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_open_goes_on() {
        for open in [
            "let a = [1,",
            "let a = [",
            "let a = [1, 2",
            "fn f(x) {",
            "fn f(",
            "fn f",
            "fn f(x, y)",
            "private fn f(x) {",
            "if a {\n  print(1);",
            "if a",
            "if a { 1 } else",
            "if a { 1 } else {",
            "while x < 3",
            "while x < 3 {",
            "loop {",
            "do {",
            "do { x += 1; } while",
            "for i in 0..3",
            "for i in",
            "for (i, n) in [1, 2]",
            "switch x {",
            "switch x { 1 =>",
            "switch x { 1 => 2,",
            "try {",
            "try { a() } catch (e) {",
            "s.chat(`two",
            "s.chat(`two\nlines",
            "s.export(\"a.mp4\", #{",
            "s.export(\"a.mp4\", #{ quality:",
            "s.export(\"a.mp4\", #{ quality: \"low\",",
            "s.export(",
            "/* a comment",
            "let a = 1; /* and",
            "let x =",
            "let x = 1 +",
            "const X =",
            "x = y *",
            "foo(1,\n  2",
            "foo(bar(1)",
            "s.",
            "s?.",
            "s.draft().tracks[",
            "s.draft().tracks[0].",
            "`${a",
            "`a ${b} c",
            "#\"raw",
            "\"goes on \\",
            "1 +",
            "a &&",
            "!",
            "(1 + 2",
            "#{ a: 1",
            "#{ a: [1, 2",
            "|x| {",
            "rows.map(|r|",
            "rows.map(|r| {\n  r.name",
            "batch(rows, |row| {",
            "import",
            "return foo(",
            "throw #{",
            "let f = |a,",
        ] {
            assert!(goes_on(open), "{open}");
        }
    }

    #[test]
    fn what_is_whole_or_wrong_does_not() {
        for done in [
            "let a = 1",
            "print(1);",
            "fn f() { 1 }",
            "// a comment",
            "let = 3",
            "s.chat(\"one",
            ")",
            "a b",
            "\"/*\"",
            "s.export(\"a.mp4\")",
            "",
            "if a { 1 } }",
        ] {
            assert!(!goes_on(done), "{done}");
        }
    }
}
