//! What one file defines, gathered before its walk: functions, exports, imports, the names that
//! are assigned again and the keys that its maps have.

use std::collections::BTreeSet;

use rhai::{AST, ASTFlags, ASTNode, Expr, FnAccess, Position, Stmt};

/// A function that a file defines.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Defined {
    pub(super) name: String,
    pub(super) params: usize,
    pub(super) private: bool,
}

/// An `import` with a literal path.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Imported {
    pub(super) path: String,
    pub(super) alias: String,
    pub(super) at: Position,
}

/// What one file defines.
#[derive(Clone, Debug, Default)]
pub(super) struct Facts {
    pub(super) functions: Vec<Defined>,
    /// Variables that importers see.
    pub(super) exported: BTreeSet<String>,
    /// Constants of the top level, which functions see as `global::NAME`.
    pub(super) constants: BTreeSet<String>,
    pub(super) imports: Vec<Imported>,
    /// Every name that an `import` gives, also one whose path is computed.
    pub(super) aliases: BTreeSet<String>,
    /// Variables that get another value later: their kind is not known.
    pub(super) assigned: BTreeSet<String>,
    /// Keys of maps, which can hold functions that are called like methods.
    pub(super) keys: BTreeSet<String>,
}

/// Gathers what a file defines.
pub(super) fn of(ast: &AST) -> Facts {
    let mut facts = Facts::default();
    for function in ast.iter_fn_def() {
        facts.functions.push(Defined {
            name: function.name.to_string(),
            params: function.params.len(),
            private: function.access == FnAccess::Private,
        });
    }
    for statement in ast.statements() {
        match statement {
            Stmt::Var(definition, flags, _) => {
                if flags.contains(ASTFlags::EXPORTED) {
                    facts.exported.insert(definition.0.name.to_string());
                }
                if flags.contains(ASTFlags::CONSTANT) {
                    facts.constants.insert(definition.0.name.to_string());
                }
            }
            Stmt::Export(names, _) => {
                let name = if names.1.name.is_empty() { &names.0.name } else { &names.1.name };
                facts.exported.insert(name.to_string());
            }
            _ => (),
        }
    }
    ast.walk(&mut |nodes| {
        match nodes.last() {
            Some(ASTNode::Stmt(statement)) => facts.statement(statement),
            Some(ASTNode::Expr(Expr::Map(map, _))) => {
                facts.keys.extend(map.0.iter().map(|(key, _)| key.name.to_string()));
            }
            _ => (),
        }
        true
    });
    facts
}

impl Facts {
    fn statement(&mut self, statement: &Stmt) {
        match statement {
            Stmt::Import(import, at) => {
                let (path, alias) = &**import;
                if !alias.name.is_empty() {
                    self.aliases.insert(alias.name.to_string());
                }
                if let Expr::StringConstant(path, path_at) = path {
                    let (path, alias) = (path.to_string(), alias.name.to_string());
                    let at = if path_at.is_none() { *at } else { *path_at };
                    self.imports.push(Imported { path, alias, at });
                }
            }
            Stmt::Assignment(assignment) => match &assignment.1.lhs {
                Expr::Variable(variable, ..) => {
                    self.assigned.insert(variable.1.to_string());
                }
                chain => {
                    if let Some(name) = last_property(chain) {
                        self.keys.insert(name.to_owned());
                    }
                }
            },
            _ => (),
        }
    }

    /// Whether the file has a function of this name.
    pub(super) fn has(&self, name: &str) -> bool {
        self.functions.iter().any(|function| function.name == name)
    }
}

/// The property that an assignment writes: the end of `a.b[0].c`.
fn last_property(chain: &Expr) -> Option<&str> {
    match chain {
        Expr::Property(property, _) => Some(&property.2),
        Expr::Dot(link, ..) | Expr::Index(link, ..) => last_property(&link.rhs),
        _ => None,
    }
}
