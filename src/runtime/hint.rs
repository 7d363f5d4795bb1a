//! What Rhai's own errors mean, in words of scripts, with what was probably meant.

use std::collections::BTreeSet;

use rhai::{EvalAltResult, ParseErrorType, Position};

use crate::host::{self, Doc, Kind};
use crate::runtime::engine::language;
use crate::runtime::error::ScriptError;

/// Says what a built-in error means; `text` is the file in which it happened.
pub(super) fn of_builtin(error: &EvalAltResult, position: Position, text: &str) -> ScriptError {
    match error {
        EvalAltResult::ErrorParsing(parse, _) => of_parsing(parse, position, text),
        EvalAltResult::ErrorFunctionNotFound(signature, _) => unknown_function(signature, text),
        EvalAltResult::ErrorVariableNotFound(name, _) => unknown_variable(name, position, text),
        EvalAltResult::ErrorDotExpr(said, _) => unknown_property(said),
        EvalAltResult::ErrorDataRace(..) => script("a value is used while a call on it is still running")
            .hint(
                "a closure cannot use the value whose method it was given to; use the iterator form, \
                 such as `for e in s.stream(..)`",
            ),
        EvalAltResult::ErrorTooManyOperations(_)
        | EvalAltResult::ErrorTooManyVariables(_)
        | EvalAltResult::ErrorTooManyModules(_)
        | EvalAltResult::ErrorDataTooLarge(..) => ScriptError::new(Kind::Limit, words(error)),
        EvalAltResult::ErrorStackOverflow(_) => ScriptError::new(Kind::Limit, "calls nest too deeply")
            .hint("does a function call itself without an end?"),
        EvalAltResult::ErrorSystem(..) | EvalAltResult::ErrorCustomSyntax(..) => {
            ScriptError::new(Kind::Bug, words(error))
        }
        other => script(words(other)),
    }
}

fn of_parsing(parse: &ParseErrorType, position: Position, text: &str) -> ScriptError {
    if let ParseErrorType::VariableUndefined(name) = parse {
        return unknown_variable(name, position, text);
    }
    let error = script(lower(&parse.to_string()));
    let line = position.line().and_then(|line| text.lines().nth(line.saturating_sub(1))).unwrap_or_default();
    if let Some((_, call)) = line.split_once("export") {
        let call = call.trim_start();
        if call.starts_with('(') && !line.contains(".export") {
            return error.hint("`export` is a keyword: write it as a method, `s.export(..)`");
        }
    }
    match parse {
        ParseErrorType::Reserved(word) => script(format!("`{word}` is a reserved word"))
            .hint(format!("choose another name, or write `map[\"{word}\"]` for a key")),
        ParseErrorType::ExprTooDeep => {
            error.hint("write long texts with `${..}` inside backticks in place of many `+`")
        }
        ParseErrorType::UnexpectedEOF => error.hint("a bracket or a quote is not closed"),
        _ => error,
    }
}

/// `signature` is Rhai's, such as `upload (Session, map)`.
fn unknown_function(signature: &str, text: &str) -> ScriptError {
    let (name, types) = signature.split_once(" (").unwrap_or((signature, ")"));
    let given = script_types(types.trim_end_matches(')'));
    let known: Vec<&Doc> = language().functions.iter().copied().filter(|doc| doc.name == name).collect();
    if !known.is_empty() {
        let ways: Vec<&str> = known.iter().flat_map(|doc| doc.calls).copied().collect();
        let message = match given.as_str() {
            "" => format!("`{name}` needs arguments"),
            given => format!("`{name}` cannot be called with ({given})"),
        };
        return script(message).hint(format!("known ways: {}", backticked(&ways)));
    }
    let ours = language().functions.iter().map(|doc| doc.name);
    let defined = names_after(text, &["fn"]);
    let meant =
        host::nearest(name, ours.chain(defined.iter().map(String::as_str)).chain(COMMON.iter().copied()));
    match meant {
        Some(meant) => {
            script(format!("there is no function `{name}`")).hint(format!("did you mean `{meant}`?"))
        }
        None if given.is_empty() => script(format!("there is no function `{name}`")),
        None => script(format!("there is no function `{name}` for ({given})")),
    }
}

/// Rhai's names of argument types in the words of scripts.
fn script_types(given: &str) -> String {
    let word = |name: &str| match name.trim() {
        "i64" => "int".to_owned(),
        "f64" => "float".to_owned(),
        name if name.contains("ImmutableString") => "string".to_owned(),
        name => name.to_owned(),
    };
    given.split(", ").map(word).collect::<Vec<_>>().join(", ")
}

/// Names of the language's own library that people mistype most.
pub(super) const COMMON: &[&str] = &[
    "len",
    "push",
    "pop",
    "keys",
    "values",
    "contains",
    "replace",
    "split",
    "trim",
    "to_string",
    "to_int",
    "to_float",
    "sub_string",
    "index_of",
    "starts_with",
    "ends_with",
    "to_upper",
    "to_lower",
    "filter",
    "map",
    "reduce",
    "sort",
    "remove",
    "insert",
    "type_of",
    "is_empty",
    "round",
    "floor",
    "ceiling",
    "abs",
    "min",
    "max",
    "parse_json",
    "to_json",
];

fn unknown_variable(name: &str, position: Position, text: &str) -> ScriptError {
    let error = script(format!("there is no variable `{name}`"));
    let constants = names_after(text, &["const"]);
    let variables = names_after(text, &["let", "const", "for", "as", "catch ("]);
    if variables.contains(name) && inside_function(text, position) {
        let hint = if constants.contains(name) {
            format!("a function sees no outer variables; write `global::{name}`, or pass it as an argument")
        } else {
            format!("a function sees no outer variables; pass `{name}` as an argument")
        };
        return error.hint(hint);
    }
    match host::nearest(name, variables.iter().map(String::as_str)) {
        Some(meant) => error.hint(format!("did you mean `{meant}`?")),
        None => error,
    }
}

/// `said` is Rhai's, such as `Unknown property 'txt' - a getter is not registered for type 'Reply'`.
fn unknown_property(said: &str) -> ScriptError {
    let quoted: Vec<&str> = said.split('\'').skip(1).step_by(2).collect();
    let [property, owner] = quoted[..] else { return script(lower(said)) };
    let Some(doc) = language().types.iter().find(|doc| doc.name == owner) else {
        return script(format!("a {owner} has no property `{property}`"));
    };
    let names: Vec<&str> = doc.properties.iter().map(|(name, _)| *name).collect();
    let known = names.contains(&property);
    let message = if known && said.contains("setter") {
        format!("`{property}` of a {owner} cannot be set")
    } else {
        format!("a {owner} has no property `{property}`")
    };
    match host::nearest(property, names.iter().copied()) {
        Some(meant) => script(message).hint(format!("did you mean `{meant}`?")),
        None => script(message).hint(format!("it has: {}", names.join(", "))),
    }
}

/// Every name that follows one of the words in a text.
fn names_after(text: &str, words: &[&str]) -> BTreeSet<String> {
    let mut names = BTreeSet::new();
    for word in words {
        for (at, _) in text.match_indices(word) {
            let before = text[..at].chars().next_back();
            if before.is_some_and(|c| c.is_alphanumeric() || c == '_') {
                continue;
            }
            let rest = &text[at + word.len()..];
            let rest = if word.ends_with('(') { rest } else { rest.strip_prefix(' ').unwrap_or_default() };
            let name: String =
                rest.trim_start().chars().take_while(|c| c.is_alphanumeric() || *c == '_').collect();
            if !name.is_empty() {
                names.insert(name);
            }
        }
    }
    names
}

/// Whether a position lies in a named function: a `fn` stands before it at the start of a
/// line, and no line that begins with `}` between them ends it.
fn inside_function(text: &str, position: Position) -> bool {
    let Some(line) = position.line() else { return false };
    let before: Vec<&str> = text.lines().take(line).collect();
    let opened = before.iter().rposition(|line| {
        let line = line.trim_start();
        line.starts_with("fn ") || line.starts_with("private fn ")
    });
    let closed = before.iter().take(line.saturating_sub(1)).rposition(|line| line.starts_with('}'));
    opened.is_some_and(|opened| closed.is_none_or(|closed| closed < opened))
}

/// Rhai's own words without their position, in our case.
fn words(error: &EvalAltResult) -> String {
    lower(&error.to_string())
}

fn lower(said: &str) -> String {
    let mut chars = said.chars();
    let first = chars.next().map(|c| c.to_lowercase().to_string()).unwrap_or_default();
    first + chars.as_str()
}

fn script(message: impl Into<String>) -> ScriptError {
    ScriptError::new(Kind::Script, message)
}

/// Returns calls as a list in a sentence.
pub(super) fn backticked(calls: &[&str]) -> String {
    calls.iter().map(|call| format!("`{call}`")).collect::<Vec<_>>().join(", ")
}
