//! The inputs of a script, read from its text without running it.

use std::collections::{BTreeMap, BTreeSet};

use rhai::{AST, ASTNode, Dynamic, Expr, FnCallExpr, Map, Position, Stmt};
use serde_json::Value;

use crate::host::{self, Failure, Kind, ParamOptions};
use crate::runtime::engine::ScriptEngine;
use crate::runtime::error::{Place, ScriptError};
use crate::runtime::script::Script;

/// One input of a script.
#[derive(Clone, Debug, PartialEq)]
pub struct Param {
    /// Its name, for `-p name=value`.
    pub name: String,
    /// Its value when none is given; none when one must be given.
    pub default: Option<Value>,
    /// What its value is: `text`, `whole number`, `number`, `yes or no`, `array` or `map`.
    pub kind: &'static str,
    /// What it is for.
    pub help: Option<String>,
    /// The only values that it may have; empty is any.
    pub choices: Vec<Value>,
    /// It is handed directly, or in an array, to a call that reads files: its value is a path.
    pub names_file: bool,
    /// The line of the script that asks for it, from 1.
    pub line: usize,
}

/// Calls that take paths of files.
const READERS: &[&str] = &["upload", "read_text", "rows"];

impl Param {
    /// Returns the value that a text gives to it; without one its default.
    ///
    /// # Errors
    /// `Input` when it is required and missing, does not fit the type or is none of the choices.
    pub fn settle(&self, text: Option<&str>) -> Result<Value, Failure> {
        let value = self.default.as_ref().map_or(Dynamic::UNIT, host::to_script);
        let options = ParamOptions { help: self.help.clone(), choices: self.choices.clone() };
        host::from_script(&host::settle_param(&self.name, text, &value, &options)?)
    }
}

/// Lists the inputs of a script in the order of its text.
///
/// # Errors
/// The script does not compile, or asks for an input in a way that cannot be listed.
pub fn params(script: &Script) -> Result<Vec<Param>, Box<ScriptError>> {
    let engine = ScriptEngine::compiler();
    let ast = engine
        .compile(script)
        .map_err(|error| ScriptError::of_rhai(*error, &script.name, &engine.sources))?;
    listed(&ast, script)
}

/// Checks what was given against what the script asks for, before anything costs anything.
pub(super) fn check(params: &[Param], given: &BTreeMap<String, String>) -> Result<(), Box<ScriptError>> {
    for name in given.keys() {
        if !params.iter().any(|param| param.name == *name) {
            return Err(unknown(name, params).into());
        }
    }
    for param in params {
        if let Err(failure) = param.settle(given.get(&param.name).map(String::as_str)) {
            return Err(ScriptError::of_failure(&failure).into());
        }
    }
    Ok(())
}

fn unknown(name: &str, params: &[Param]) -> ScriptError {
    let names: Vec<&str> = params.iter().map(|param| param.name.as_str()).collect();
    let meant = host::nearest(name, names.iter().copied());
    let meant = meant.map(|meant| format!("; did you mean `{meant}`?")).unwrap_or_default();
    let error = ScriptError::new(Kind::Input, format!("the script has no param `{name}`{meant}"));
    error.hint(if names.is_empty() {
        "it has none".to_owned()
    } else {
        format!("it has: {}", names.join(", "))
    })
}

pub(super) fn listed(ast: &AST, script: &Script) -> Result<Vec<Param>, Box<ScriptError>> {
    let mut params: Vec<Param> = Vec::new();
    let mut odd = None;
    let mut at_top = Vec::new();
    for statement in ast.statements() {
        statement.walk(&mut Vec::new(), &mut |nodes| {
            if let Some((call, position)) = nodes.last().and_then(param_call) {
                at_top.push(position);
                match read(call, position) {
                    Ok(param) if params.iter().any(|known| known.name == param.name) => (),
                    Ok(param) => params.push(param),
                    Err(why) => odd = odd.take().or(Some((why, position))),
                }
            }
            true
        });
    }
    // The whole tree has the bodies of functions too.
    ast.walk(&mut |nodes| {
        match nodes.last().and_then(param_call) {
            Some((_, position)) if !at_top.contains(&position) => {
                odd = odd.take().or(Some(("`param` stands inside a function".to_owned(), position)));
            }
            _ => (),
        }
        true
    });
    let files = files(ast);
    for param in &mut params {
        param.names_file = files.contains(&param.name);
    }
    match odd {
        None => Ok(params),
        Some((why, position)) => {
            let line = position.line().unwrap_or(1);
            let mut error = ScriptError::new(Kind::Script, why).hint(
                "call it at the top level with a literal name, value and options, so that the inputs can be \
                 listed without running the script",
            );
            error.excerpt = script.text.lines().nth(line.saturating_sub(1)).map(str::to_owned);
            error.place = Some(Place { file: script.name.clone(), line, column: position.position() });
            Err(error.into())
        }
    }
}

/// Names of params whose values are handed to a call that reads files: by the variable that
/// holds one, or where they stand. Functions see no variables of the script.
fn files(ast: &AST) -> BTreeSet<String> {
    let (mut variables, mut found) = (BTreeMap::new(), BTreeSet::new());
    for statement in ast.statements() {
        statement.walk(&mut Vec::new(), &mut |nodes| {
            match nodes.last() {
                Some(ASTNode::Stmt(Stmt::Var(parts, ..))) => {
                    let name = param_name(&parts.1);
                    variables.extend(name.map(|name| (parts.0.name.to_string(), name)));
                }
                Some(
                    ASTNode::Expr(Expr::FnCall(call, _) | Expr::MethodCall(call, _))
                    | ASTNode::Stmt(Stmt::FnCall(call, _)),
                ) if READERS.contains(&call.name.as_str()) => {
                    let args = call.args.iter().flat_map(|arg| match arg {
                        Expr::Array(items, _) => items.iter().collect(),
                        arg => vec![arg],
                    });
                    found.extend(args.filter_map(|arg| match arg {
                        Expr::Variable(name, ..) => variables.get(name.1.as_str()).cloned(),
                        arg => param_name(arg),
                    }));
                }
                _ => (),
            }
            true
        });
    }
    found
}

/// The name that an expression gives to a `param`.
fn param_name(expr: &Expr) -> Option<String> {
    let node = ASTNode::Expr(expr);
    let (call, _) = param_call(&node)?;
    call.args.first()?.get_literal_value(None)?.into_string().ok()
}

fn param_call<'a>(node: &'a ASTNode<'_>) -> Option<(&'a FnCallExpr, Position)> {
    let (call, position) = match node {
        ASTNode::Expr(Expr::FnCall(call, position)) | ASTNode::Stmt(Stmt::FnCall(call, position)) => {
            (call, *position)
        }
        _ => return None,
    };
    (call.name == "param" && !call.is_qualified()).then_some((&**call, position))
}

fn read(call: &FnCallExpr, position: Position) -> Result<Param, String> {
    let literal = |at: usize, what: &str| match call.args.get(at) {
        None => Ok(None),
        Some(expr) => {
            let value = expr.get_literal_value(None);
            value.map(Some).ok_or_else(|| format!("the {what} of a `param` is not literal"))
        }
    };
    let name = literal(0, "name")?.and_then(|name| name.into_string().ok());
    let name = name.ok_or("a `param` has no name")?;
    let value = literal(1, "value")?.unwrap_or(Dynamic::UNIT);
    let options = literal(2, "options map")?.and_then(|map| map.try_cast::<Map>()).unwrap_or_default();
    let options = host::read_param_options(&options).map_err(|failure| failure.message)?;
    let default = if value.is_unit() {
        None
    } else {
        Some(host::from_script(&value).map_err(|failure| failure.message)?)
    };
    let ParamOptions { help, choices } = options;
    Ok(Param {
        name,
        default,
        kind: kind(&value),
        help,
        choices,
        names_file: false,
        line: position.line().unwrap_or(1),
    })
}

fn kind(value: &Dynamic) -> &'static str {
    if value.is_int() {
        "whole number"
    } else if value.is_float() {
        "number"
    } else if value.is_bool() {
        "yes or no"
    } else if value.is_array() {
        "array"
    } else if value.is_map() {
        "map"
    } else {
        "text"
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn files_of(text: &str) -> Vec<String> {
        let params = params(&Script::from_text("x.rhai", text)).unwrap();
        params.into_iter().filter(|param| param.names_file).map(|param| param.name).collect()
    }

    #[test]
    fn a_param_that_is_handed_to_a_reader_names_a_file() {
        for (text, files) in [
            (
                "let a = param(\"clip\"); let t = param(\"title\"); let s = session(); s.upload(a); s.chat(t);",
                vec!["clip"],
            ),
            (
                "let a = param(\"a\", \"x\"); let b = param(\"b\", \"y\"); session().upload([a, \"c.jpg\", b]);",
                vec!["a", "b"],
            ),
            ("const LIST = param(\"list\"); for row in rows(LIST) { print(row); }", vec!["list"]),
            ("let brief = param(\"brief\"); if true { print(read_text(brief)); }", vec!["brief"]),
            ("let s = session(); s.upload(param(\"photos\", []));", vec!["photos"]),
            ("let a = param(\"a\"); print(a); let s = session(); s.upload(`${a}.jpg`);", vec![]),
            ("let a = param(\"a\"); fn send(s, a) { s.upload(a) } send(session(), \"b\");", vec![]),
        ] {
            assert_eq!(files_of(text), files, "{text}");
        }
    }
}
