//! Where a script's calls depend on what the agent answers. A rule of thumb on the text: names
//! are followed, values are not, so it may name a line too many.

use std::collections::BTreeSet;

use rhai::{AST, ASTNode, Expr, FnCallExpr, Stmt, StmtBlock};

use crate::runtime::docs;
use crate::runtime::engine::ScriptEngine;
use crate::runtime::error::ScriptError;
use crate::runtime::script::Script;

/// Calls whose result is the agent's doing.
const ANSWERS: &[&str] = &["chat", "say", "stream", "state", "timeline", "draft", "credits"];
/// Properties of such results, for where a name hides what it is: in a function.
const PROPERTIES: &[&str] =
    &["changes", "silent", "tools", "raw_text", "suggests_export", "exportable", "generated", "texts"];
/// Calls without a class of their own that make others, or end the script.
const DECISIVE: &[&str] = &["say", "wait", "exit"];

/// Returns the lines of `if`, `while`, `switch` and `for` that look at an answer of the agent
/// and decide which calls follow; from 1, in order.
///
/// # Errors
/// The script does not compile.
pub fn branches(script: &Script) -> Result<Vec<usize>, Box<ScriptError>> {
    let engine = ScriptEngine::compiler();
    let ast = engine
        .compile(script)
        .map_err(|error| ScriptError::of_rhai(*error, &script.name, &engine.sources))?;
    let (answers, calls) = (answers(&ast), deciding_calls(&ast));
    let mut lines = BTreeSet::new();
    ast.walk(&mut |nodes| {
        if let Some(ASTNode::Stmt(statement)) = nodes.last()
            && decides(statement, &answers, &calls)
        {
            lines.extend(statement.position().line());
        }
        true
    });
    Ok(lines.into_iter().collect())
}

fn decides(statement: &Stmt, answers: &BTreeSet<String>, calls: &BTreeSet<String>) -> bool {
    match statement {
        Stmt::If(flow, _) | Stmt::While(flow, _) | Stmt::Do(flow, ..) => {
            looks(&flow.expr, answers) && (acts(&flow.body, calls) || acts(&flow.branch, calls))
        }
        Stmt::For(parts, _) => looks(&parts.2.expr, answers) && acts(&parts.2.body, calls),
        // Its arms stand in a table of their own; one without a call is rare.
        Stmt::Switch(parts, _) => looks(&parts.0, answers),
        _ => false,
    }
}

/// Names that hold something of an answer.
fn answers(ast: &AST) -> BTreeSet<String> {
    let mut names = BTreeSet::new();
    loop {
        let known = names.len();
        let mut found = Vec::new();
        ast.walk(&mut |nodes| {
            match nodes.last() {
                Some(ASTNode::Stmt(Stmt::Var(parts, ..))) if looks(&parts.1, &names) => {
                    found.push(parts.0.name.to_string());
                }
                Some(ASTNode::Stmt(Stmt::Assignment(parts))) if looks(&parts.1.rhs, &names) => {
                    found.extend(root(&parts.1.lhs));
                }
                Some(ASTNode::Stmt(Stmt::For(parts, _))) if looks(&parts.2.expr, &names) => {
                    found.push(parts.0.name.to_string());
                }
                _ => (),
            }
            true
        });
        names.extend(found);
        // Names lead to names; each round finds at least one more.
        if names.len() == known {
            return names;
        }
    }
}

/// Names of calls that a run records, and of the script's own functions, which may make them.
fn deciding_calls(ast: &AST) -> BTreeSet<String> {
    let recorded = docs::functions().iter().filter(|doc| doc.class.is_some()).map(|doc| doc.name);
    let own = ast.iter_functions().map(|function| function.name.to_owned());
    recorded.chain(DECISIVE.iter().copied()).map(str::to_owned).chain(own).collect()
}

/// Whether an expression looks at an answer.
fn looks(expr: &Expr, answers: &BTreeSet<String>) -> bool {
    let mut found = false;
    expr.walk(&mut Vec::new(), &mut |nodes| {
        found |= match nodes.last() {
            Some(ASTNode::Expr(Expr::Variable(name, ..))) => answers.contains(name.1.as_str()),
            Some(ASTNode::Expr(Expr::Property(name, _))) => PROPERTIES.contains(&name.2.as_str()),
            Some(node) => called(node).is_some_and(|call| ANSWERS.contains(&call.name.as_str())),
            None => false,
        };
        !found
    });
    found
}

/// Whether a block makes a call, or leaves the loop or function that it stands in.
fn acts(block: &StmtBlock, calls: &BTreeSet<String>) -> bool {
    let mut found = false;
    for statement in block.statements() {
        statement.walk(&mut Vec::new(), &mut |nodes| {
            found |= match nodes.last() {
                Some(ASTNode::Stmt(Stmt::Return(..) | Stmt::BreakLoop(..))) => true,
                Some(node) => called(node).is_some_and(|call| calls.contains(call.name.as_str())),
                None => false,
            };
            !found
        });
    }
    found
}

fn called<'a>(node: &'a ASTNode<'_>) -> Option<&'a FnCallExpr> {
    match node {
        ASTNode::Expr(Expr::FnCall(call, _) | Expr::MethodCall(call, _))
        | ASTNode::Stmt(Stmt::FnCall(call, _)) => Some(call),
        _ => None,
    }
}

/// The variable that a place such as `a.b[0]` belongs to.
fn root(place: &Expr) -> Option<String> {
    match place {
        Expr::Variable(name, ..) => Some(name.1.to_string()),
        Expr::Dot(parts, ..) | Expr::Index(parts, ..) => root(&parts.lhs),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn lines(text: &str) -> Vec<usize> {
        branches(&Script::from_text("x.rhai", text)).unwrap()
    }

    #[test]
    fn a_branch_on_an_answer_that_decides_a_call_is_named() {
        let head = "let s = session();\nlet r = s.chat(\"hi\");\n";
        for (text, found) in [
            ("if r.text.contains(\"done\") { s.export(\"a.mp4\"); }", vec![3]),
            ("let t = `${r.text}!`;\nif t == \"\" { s.chat(\"again\"); }", vec![4]),
            ("if s.timeline().contains(\"BGM\") {\n} else { s.chat(\"add music\"); }", vec![3]),
            ("while s.state().seconds < 10.0 { s.chat(\"longer\"); }", vec![3]),
            ("for text in s.draft().texts { s.export(text); }", vec![3]),
            ("switch r.silent { true => s.chat(\"say it\"), _ => () }", vec![3]),
            ("fn again(s, r) {\n if r.silent { s.chat(\"x\"); }\n}\nagain(s, r);", vec![4]),
            ("for e in s.stream(\"x\") {\n if e.kind == \"tool\" { break; }\n}", vec![3, 4]),
            ("if r.silent { print(r.changes); }", vec![]),
            ("for e in s.stream(\"x\") { if e.kind == \"tool\" { print(e.tool); } }", vec![]),
            ("for job in [1, 2] { let r = s.chat(`${job}`); print(r.text); }", vec![]),
            ("let n = param(\"n\", 1);\nif n > 1 { s.export(\"a.mp4\"); }", vec![]),
        ] {
            assert_eq!(lines(&format!("{head}{text}")), found, "{text}");
        }
    }

    #[test]
    fn a_script_that_does_not_compile_says_so() {
        assert!(branches(&Script::from_text("x.rhai", "let = 1;")).is_err());
    }
}
