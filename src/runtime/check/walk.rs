//! The walk through a file: which variables are in sight, what kind their values have, and
//! where that cannot be right.

use rhai::{
    AST, ASTFlags, ASTNode, Expr, FnCallExpr, ImmutableString, Position, ScriptFuncDef, Stmt, StmtBlock,
};

use crate::runtime::check::catalog::{self, Kind};
use crate::runtime::check::facts::Facts;
use crate::runtime::check::{Found, Known, Severity};

/// One walk through one file.
pub(super) struct Walk<'a> {
    pub(super) ast: &'a AST,
    pub(super) facts: &'a Facts,
    pub(super) known: &'a Known,
    pub(super) found: Vec<Found>,
    /// Variables in sight, the newest last.
    scope: Vec<(ImmutableString, Kind)>,
    /// Inside a `try`: what fails there is caught, and may be meant to fail.
    in_try: usize,
    /// Inside a named function, which sees nothing from outside.
    in_function: bool,
    /// Closures that are being walked: one inside itself would have no end.
    closures: Vec<ImmutableString>,
}

/// Which sort of link stands at the head of the rest of a chain.
#[derive(Clone, Copy)]
enum Link {
    Dot,
    Index,
}

/// Walks a file and everything that it defines.
pub(super) fn walk(ast: &AST, facts: &Facts, known: &Known) -> Vec<Found> {
    let mut walk = Walk {
        ast,
        facts,
        known,
        found: Vec::new(),
        scope: Vec::new(),
        in_try: 0,
        in_function: false,
        closures: Vec::new(),
    };
    walk.statements(ast.statements());
    walk.in_function = true;
    for function in ast.iter_fn_def().filter(|function| !is_closure(&function.name)) {
        walk.scope = function.params.iter().map(|name| (name.clone(), Kind::Any)).collect();
        walk.body(function);
    }
    walk.found
}

fn is_closure(name: &str) -> bool {
    name.starts_with("anon$")
}

impl<'a> Walk<'a> {
    /// Walks the body of a function: Rhai shows it only as a tree of its own.
    fn body(&mut self, function: &ScriptFuncDef) {
        let (name, params) = (&function.name, function.params.len());
        let mut alone = self.ast.clone_functions_only();
        alone.retain_functions(|_, _, other, count| other == name.as_str() && count == params);
        alone.walk(&mut |nodes| {
            if let [ASTNode::Stmt(statement)] = nodes {
                self.statement(statement);
            }
            true
        });
    }

    fn statements(&mut self, statements: &[Stmt]) {
        for statement in statements {
            self.statement(statement);
        }
    }

    /// Walks what has a scope of its own, with these variables in it.
    fn block(&mut self, block: &StmtBlock, variables: &[(ImmutableString, Kind)]) {
        let before = self.scope.len();
        self.scope.extend_from_slice(variables);
        self.statements(block.statements());
        self.scope.truncate(before);
    }

    fn statement(&mut self, statement: &Stmt) {
        match statement {
            Stmt::If(flow, _) | Stmt::While(flow, _) => {
                self.value(&flow.expr);
                self.block(&flow.body, &[]);
                self.block(&flow.branch, &[]);
            }
            Stmt::Do(flow, ..) => {
                self.block(&flow.body, &[]);
                self.value(&flow.expr);
            }
            Stmt::For(parts, _) => {
                let (name, counter, flow) = &**parts;
                let kind = catalog::element(self.value(&flow.expr));
                let mut variables = vec![(name.name.clone(), self.kept(&name.name, kind))];
                variables.extend(counter.iter().map(|counter| (counter.name.clone(), Kind::Plain("int"))));
                self.block(&flow.body, &variables);
            }
            Stmt::TryCatch(flow, _) => {
                self.in_try += 1;
                self.block(&flow.body, &[]);
                self.in_try -= 1;
                let caught = match &flow.expr {
                    Expr::Variable(name, ..) => vec![(name.1.clone(), Kind::Any)],
                    _ => Vec::new(),
                };
                self.block(&flow.branch, &caught);
            }
            Stmt::Switch(parts, _) => {
                self.value(&parts.0);
                for case in &parts.1.expressions {
                    self.value(&case.lhs);
                    self.value(&case.rhs);
                }
            }
            Stmt::Var(definition, ..) => {
                let kind = self.value(&definition.1);
                let name = definition.0.name.clone();
                let kind = self.kept(&name, kind);
                self.scope.push((name, kind));
            }
            Stmt::Assignment(assignment) => {
                self.value(&assignment.1.lhs);
                self.value(&assignment.1.rhs);
            }
            Stmt::FnCall(call, at) => {
                self.call(call, *at);
            }
            Stmt::Block(block) => self.block(block, &[]),
            Stmt::Expr(value) => {
                self.value(value);
            }
            Stmt::BreakLoop(Some(value), ..) | Stmt::Return(Some(value), ..) => {
                self.value(value);
            }
            Stmt::Import(import, _) => {
                self.value(&import.0);
            }
            Stmt::Export(names, _) => self.variable(&names.0.name, names.0.pos),
            Stmt::Share(names) => {
                for (name, _) in names.iter() {
                    self.variable(&name.name, name.pos);
                }
            }
            _ => (),
        }
    }

    /// The kind of a variable: none is known of one that gets another value.
    fn kept(&self, name: &str, kind: Kind) -> Kind {
        if self.facts.assigned.contains(name) { Kind::Any } else { kind }
    }

    /// Walks an expression and returns the kind of its value.
    pub(super) fn value(&mut self, value: &Expr) -> Kind {
        match value {
            Expr::BoolConstant(..) => Kind::Plain("bool"),
            Expr::IntegerConstant(..) => Kind::Plain("int"),
            Expr::FloatConstant(..) => Kind::Plain("float"),
            Expr::CharConstant(..) => Kind::Plain("char"),
            Expr::StringConstant(..) => Kind::Plain("string"),
            Expr::Unit(_) => Kind::Plain("()"),
            Expr::InterpolatedString(parts, _) => {
                self.values(parts);
                Kind::Plain("string")
            }
            Expr::Array(items, _) => {
                self.values(items);
                Kind::Plain("array")
            }
            Expr::Map(map, _) => {
                for (_, value) in &map.0 {
                    self.value(value);
                }
                Kind::Plain("map")
            }
            Expr::DynamicConstant(constant, _) => {
                let function =
                    constant.read_lock::<rhai::FnPtr>().map(|function| function.fn_name().to_owned());
                if let Some(name) = function.filter(|name| is_closure(name)) {
                    self.closure(&name, 0);
                    return Kind::Plain("Fn");
                }
                Kind::Any
            }
            Expr::Variable(variable, _, at) if variable.2.is_empty() => {
                self.variable(&variable.1, *at);
                let newest = self.scope.iter().rev().find(|(name, _)| *name == variable.1);
                newest.map_or(Kind::Any, |(_, kind)| *kind)
            }
            Expr::Variable(variable, _, at) => {
                self.qualified_variable(&variable.2, &variable.1, *at);
                Kind::Any
            }
            Expr::Stmt(block) => self.last_of(block),
            Expr::FnCall(call, at) => self.call(call, *at),
            Expr::Dot(link, flags, _) => {
                let owner = self.value(&link.lhs);
                self.chain(owner, Link::Dot, &link.rhs, *flags)
            }
            Expr::Index(link, flags, _) => {
                let owner = self.value(&link.lhs);
                self.chain(owner, Link::Index, &link.rhs, *flags)
            }
            Expr::And(parts, _) | Expr::Or(parts, _) => {
                self.values(parts);
                Kind::Plain("bool")
            }
            Expr::Coalesce(parts, _) => {
                self.values(parts);
                Kind::Any
            }
            _ => Kind::Any,
        }
    }

    fn values(&mut self, values: &[Expr]) {
        for value in values {
            self.value(value);
        }
    }

    /// A block as a value; closures that capture come so, too.
    fn last_of(&mut self, block: &StmtBlock) -> Kind {
        let before = self.scope.len();
        let (last, first) = match block.statements().split_last() {
            Some((Stmt::Expr(last), first)) => (Some(&**last), first),
            Some((Stmt::FnCall(call, at), first)) => {
                self.statements(first);
                let kind = self.call(call, *at);
                self.scope.truncate(before);
                return kind;
            }
            _ => (None, block.statements()),
        };
        self.statements(first);
        let kind = last.map_or(Kind::Any, |last| self.value(last));
        self.scope.truncate(before);
        kind
    }

    /// Walks the rest of `a.b[c].d()` behind a value of kind `owner`.
    fn chain(&mut self, owner: Kind, link: Link, rest: &Expr, flags: ASTFlags) -> Kind {
        match (link, rest) {
            (Link::Dot, Expr::Dot(next, flags, _)) => {
                let owner = self.member(owner, &next.lhs);
                self.chain(owner, Link::Dot, &next.rhs, *flags)
            }
            (Link::Dot, Expr::Index(next, flags, _)) => {
                let owner = self.member(owner, &next.lhs);
                self.chain(owner, Link::Index, &next.rhs, *flags)
            }
            (Link::Dot, member) => self.member(owner, member),
            (Link::Index, Expr::Dot(next, inner, _)) if !flags.contains(ASTFlags::BREAK) => {
                self.value(&next.lhs);
                self.chain(catalog::element(owner), Link::Dot, &next.rhs, *inner)
            }
            (Link::Index, Expr::Index(next, inner, _)) if !flags.contains(ASTFlags::BREAK) => {
                self.value(&next.lhs);
                self.chain(catalog::element(owner), Link::Index, &next.rhs, *inner)
            }
            (Link::Index, index) => {
                self.value(index);
                catalog::element(owner)
            }
        }
    }

    fn member(&mut self, owner: Kind, member: &Expr) -> Kind {
        match member {
            Expr::Property(property, at) => {
                self.property(owner, &property.2, *at);
                catalog::property(owner, &property.2)
            }
            Expr::MethodCall(call, at) => self.method(owner, call, *at),
            other => self.value(other),
        }
    }

    fn call(&mut self, call: &FnCallExpr, at: Position) -> Kind {
        if call.name == "curry"
            && let Some(Expr::DynamicConstant(function, _)) = call.args.first()
            && let Some(function) = function.read_lock::<rhai::FnPtr>()
            && is_closure(function.fn_name())
        {
            // What it captures was looked at where it is shared.
            self.closure(function.fn_name(), call.args.len() - 1);
            return Kind::Plain("Fn");
        }
        let given: Vec<Kind> = call.args.iter().map(|argument| self.value(argument)).collect();
        if call.is_operator_call() {
            return Kind::Any;
        }
        if call.is_qualified() {
            self.qualified_call(call, at);
            return Kind::Any;
        }
        self.function_call(call, &given, at)
    }

    fn method(&mut self, owner: Kind, call: &FnCallExpr, at: Position) -> Kind {
        let given: Vec<Kind> =
            std::iter::once(owner).chain(call.args.iter().map(|argument| self.value(argument))).collect();
        self.method_call(call, &given, at)
    }

    /// Walks a closure where it stands: it sees what is in sight there.
    fn closure(&mut self, name: &str, captured: usize) {
        let Some(function) = self.ast.iter_fn_def().find(|function| function.name == name) else { return };
        if self.closures.contains(&function.name) {
            return;
        }
        let outer = self.scope.clone();
        let kind = |name: &ImmutableString| {
            outer.iter().rev().find(|(known, _)| known == name).map_or(Kind::Any, |(_, kind)| *kind)
        };
        let param = |(at, name): (usize, &ImmutableString)| {
            (name.clone(), if at < captured { kind(name) } else { Kind::Any })
        };
        let inner: Vec<_> = function.params.iter().enumerate().map(param).collect();
        self.closures.push(function.name.clone());
        self.scope = inner;
        self.body(function);
        self.scope = outer;
        self.closures.pop();
    }

    fn variable(&mut self, name: &ImmutableString, at: Position) {
        let in_sight = self.scope.iter().any(|(known, _)| known == name);
        // The name of a function is a value, too.
        if !in_sight && name != "this" && !self.facts.has(name) {
            self.unknown_variable(name, at);
        }
    }

    /// Returns the variables in sight, for suggestions.
    pub(super) fn in_sight(&self) -> impl Iterator<Item = &str> {
        self.scope.iter().map(|(name, _)| name.as_str())
    }

    /// How bad it is what fails at run time here.
    pub(super) fn severity(&self) -> Severity {
        if self.in_try > 0 { Severity::Warning } else { Severity::Error }
    }

    /// Whether the walk is inside a named function.
    pub(super) fn in_function(&self) -> bool {
        self.in_function
    }
}
