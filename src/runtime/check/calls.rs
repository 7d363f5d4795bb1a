//! What is wrong with a single call, property or name, in the words of errors at run time.

use std::sync::Arc;

use rhai::{Expr, FnCallExpr, Namespace, Position};

use crate::host;
use crate::runtime::check::catalog::{self, Kind, catalog};
use crate::runtime::check::facts::Facts;
use crate::runtime::check::walk::Walk;
use crate::runtime::check::{Found, Severity};
use crate::runtime::hint::{COMMON, backticked};

impl Walk<'_> {
    fn report(&mut self, at: Position, message: String, hint: Option<String>) {
        let severity = self.severity();
        self.found.push(Found { at, severity, message, hint });
    }

    /// A call `name(..)`.
    pub(super) fn function_call(&mut self, call: &FnCallExpr, given: &[Kind], at: Position) -> Kind {
        let name = call.name.as_str();
        let own: Vec<usize> = self.arities(name).collect();
        if own.contains(&given.len()) || catalog::built_in(name) || self.in_sight().any(|known| known == name)
        {
            return Kind::Any;
        }
        let ways = catalog().ways(name);
        if ways.is_empty() && own.is_empty() {
            self.unknown_function(name, at);
        } else if ways.iter().any(|way| way.takes(given)) {
            self.options(call, given.len(), at);
            return catalog().result(name, given);
        } else if own.is_empty() {
            self.misfit(name, given, at);
        } else {
            let takes = own.iter().map(usize::to_string).collect::<Vec<_>>().join(" or ");
            let plural = if takes == "1" { "argument" } else { "arguments" };
            let hint = format!("the script's own `{name}` takes {takes} {plural}");
            self.report(at, format!("`{name}` cannot be called with {} arguments", given.len()), Some(hint));
        }
        Kind::Any
    }

    /// A call `owner.name(..)`; the owner is the first of `given`.
    pub(super) fn method_call(&mut self, call: &FnCallExpr, given: &[Kind], at: Position) -> Kind {
        let name = call.name.as_str();
        let owner = given.first().copied().unwrap_or(Kind::Any);
        let in_map = !matches!(owner, Kind::Ours(_)) && self.is_key(name);
        if catalog::built_in(name) || self.has_function(name) || in_map {
            return Kind::Any;
        }
        let ways = catalog().ways(name);
        if ways.iter().any(|way| way.takes(given)) {
            self.options(call, call.args.len(), at);
            return catalog().result(name, given);
        }
        match owner {
            _ if ways.is_empty() => self.unknown_method(owner, name, at),
            Kind::Ours(owner) if !ways.iter().any(|way| way.params.first() == Some(&Kind::Ours(owner))) => {
                self.unknown_method(Kind::Ours(owner), name, at);
            }
            _ => self.misfit(name, given, at),
        }
        Kind::Any
    }

    /// A property that is read or written.
    pub(super) fn property(&mut self, owner: Kind, name: &str, at: Position) {
        let Kind::Ours(owner) = owner else { return };
        let Some(page) = catalog::type_page(owner) else { return };
        if page.properties.iter().any(|(known, _)| *known == name) {
            return;
        }
        let message = format!("a {owner} has no property `{name}`");
        let names: Vec<&str> = page.properties.iter().map(|(known, _)| *known).collect();
        let hint = if catalog().methods_of(owner).iter().any(|doc| doc.name == name) {
            format!("it is a function: write `{name}(..)`")
        } else if let Some(meant) = host::nearest(name, names.iter().copied()) {
            format!("did you mean `{meant}`?")
        } else if names.is_empty() {
            "it has none".to_owned()
        } else {
            format!("it has: {}", names.join(", "))
        };
        self.report(at, message, Some(hint));
    }

    /// A variable that is not in sight.
    pub(super) fn unknown_variable(&mut self, name: &str, at: Position) {
        let message = format!("there is no variable `{name}`");
        let hint = if self.in_function() && self.facts.constants.contains(name) {
            Some(format!(
                "a function sees no outer variables; write `global::{name}`, or pass it as an argument"
            ))
        } else if self.in_function() && self.known.top_level.contains(name) {
            Some(format!("a function sees no outer variables; pass `{name}` as an argument"))
        } else if catalog().has(name) {
            Some(format!("it is a function: write `{name}(..)`"))
        } else {
            host::nearest(name, self.in_sight()).map(|meant| format!("did you mean `{meant}`?"))
        };
        // No `catch` helps: the script does not even compile.
        self.found.push(Found { at, severity: Severity::Error, message, hint });
    }

    /// A call `alias::name(..)`.
    pub(super) fn qualified_call(&mut self, call: &FnCallExpr, at: Position) {
        let [root] = &call.namespace.path[..] else { return };
        let Some(module) = self.module(&root.name, root.pos) else { return };
        let (name, count) = (call.name.as_str(), call.args.len());
        let open: Vec<_> = module.functions.iter().filter(|function| !function.private).collect();
        if open.iter().any(|function| function.name == name && function.params == count) {
            return;
        }
        let same: Vec<String> = open
            .iter()
            .filter(|function| function.name == name)
            .map(|found| found.params.to_string())
            .collect();
        let (message, hint) = if !same.is_empty() {
            let hint = format!("it takes {}", same.join(" or "));
            (format!("`{}::{name}` cannot be called with {count} arguments", root.name), Some(hint))
        } else if module.has(name) {
            let hint = "take `private` away to call it from other files".to_owned();
            (format!("`{name}` of the module `{}` is private", root.name), Some(hint))
        } else {
            let meant = host::nearest(name, open.iter().map(|function| function.name.as_str()));
            let hint = meant.map(|meant| format!("did you mean `{}::{meant}`?", root.name));
            (format!("the module `{}` has no function `{name}`", root.name), hint)
        };
        self.report(at, message, hint);
    }

    /// A variable `alias::name`.
    pub(super) fn qualified_variable(&mut self, namespace: &Namespace, name: &str, at: Position) {
        let [root] = &namespace.path[..] else { return };
        if root.name == "global" {
            if !self.facts.constants.contains(name) {
                let meant = host::nearest(name, self.facts.constants.iter().map(String::as_str));
                let hint = meant.map_or_else(
                    || "only a `const` of the top level can be reached so".to_owned(),
                    |meant| format!("did you mean `global::{meant}`?"),
                );
                self.report(at, format!("there is no constant `{name}` at the top level"), Some(hint));
            }
            return;
        }
        let Some(module) = self.module(&root.name, root.pos) else { return };
        if !module.exported.contains(name) {
            let meant = host::nearest(name, module.exported.iter().map(String::as_str));
            let hint = meant.map(|meant| format!("did you mean `{}::{meant}`?", root.name));
            let hint = hint.unwrap_or_else(|| "a module shows what stands behind `export`".to_owned());
            self.report(at, format!("the module `{}` has no variable `{name}`", root.name), Some(hint));
        }
    }

    /// The module of an alias, when its text is known; an alias that nothing gives is reported.
    fn module(&mut self, alias: &str, at: Position) -> Option<Arc<Facts>> {
        if !self.facts.aliases.contains(alias) {
            let meant = host::nearest(alias, self.facts.aliases.iter().map(String::as_str));
            let hint = meant.map_or_else(
                || format!("import it first: `import \"{alias}\" as {alias};`"),
                |meant| format!("did you mean `{meant}`?"),
            );
            self.report(at, format!("there is no module `{alias}` in this file"), Some(hint));
            return None;
        }
        self.known.modules.get(alias).cloned()
    }

    /// Checks the keys of a literal map of options.
    fn options(&mut self, call: &FnCallExpr, count: usize, at: Position) {
        let name = call.name.as_str();
        // In `chat(s, text, #{..})` the receiver is an argument, in the manual it is none.
        let shift = usize::from(count == call.args.len() && self.takes_receiver(call, count));
        for (place, argument) in call.args.iter().enumerate() {
            let Expr::Map(map, _) = argument else { continue };
            let Some(place) = place.checked_sub(shift) else { continue };
            let Some(keys) = catalog::option_keys(name, place, count - shift) else { continue };
            for (key, _) in map.0.iter().filter(|(key, _)| !keys.contains(&key.name.as_str())) {
                let meant = host::nearest(&key.name, keys.iter().copied());
                let meant = meant.map(|name| format!("; did you mean `{name}`?")).unwrap_or_default();
                let hint = format!("known options of `{name}`: {}", keys.join(", "));
                let place = if key.pos.is_none() { at } else { key.pos };
                self.report(place, format!("unknown option `{}`{meant}", key.name), Some(hint));
            }
        }
    }

    /// Whether a method is called like a function, its receiver the first argument.
    fn takes_receiver(&self, call: &FnCallExpr, count: usize) -> bool {
        let pages = catalog::pages(&call.name);
        let method = pages
            .iter()
            .any(|doc| doc.calls.iter().any(|way| way.contains('.') && way.find('.') < way.find('(')));
        let ways = catalog().ways(&call.name);
        method
            && ways.iter().any(|way| {
                way.ours && way.params.len() == count && matches!(way.params.first(), Some(Kind::Ours(_)))
            })
            && !ways.iter().any(|way| way.ours && way.params.len() == count + 1)
    }

    fn unknown_function(&mut self, name: &str, at: Position) {
        let own = self.facts.functions.iter().map(|function| function.name.as_str());
        let ours = crate::runtime::docs::functions().iter().map(|doc| doc.name);
        let near = host::nearest(name, ours.chain(own).chain(COMMON.iter().copied()));
        let meant = near.or_else(|| host::nearest(name, catalog().names()));
        let hint = meant.map(|meant| format!("did you mean `{meant}`?"));
        let hint = hint.or_else(|| {
            let module = self.known.modules.iter().find(|(_, module)| module.has(name));
            module.map(|(alias, _)| format!("write `{alias}::{name}(..)`"))
        });
        self.report(at, format!("there is no function `{name}`"), hint);
    }

    fn unknown_method(&mut self, owner: Kind, name: &str, at: Position) {
        let Kind::Ours(owner) = owner else { return self.unknown_function(name, at) };
        let methods: Vec<&str> = catalog().methods_of(owner).iter().map(|doc| doc.name).collect();
        let page = catalog::type_page(owner);
        let is_property = page.is_some_and(|page| page.properties.iter().any(|(known, _)| *known == name));
        let hint = if is_property {
            format!("it is a property: write `.{name}` without brackets")
        } else if let Some(meant) = host::nearest(name, methods.iter().copied()) {
            format!("did you mean `{meant}`?")
        } else if methods.is_empty() {
            "it has none".to_owned()
        } else {
            format!("it has: {}", methods.join(", "))
        };
        self.report(at, format!("a {owner} has no function `{name}`"), Some(hint));
    }

    /// A function of this name exists, but not for these arguments.
    fn misfit(&mut self, name: &str, given: &[Kind], at: Position) {
        let ways: Vec<&str> = catalog::pages(name).into_iter().flat_map(|doc| doc.calls).copied().collect();
        if ways.is_empty() {
            let mut counts: Vec<usize> = catalog().ways(name).iter().map(|way| way.params.len()).collect();
            // Rhai's own conversions are many: only their number of arguments is sure.
            if !counts.contains(&given.len()) {
                counts.sort_unstable();
                counts.dedup();
                let counts = counts.iter().map(usize::to_string).collect::<Vec<_>>().join(" or ");
                let hint = format!("it takes {counts}, the value before the dot included");
                self.report(
                    at,
                    format!("`{name}` cannot be called with {} arguments", given.len()),
                    Some(hint),
                );
            }
            return;
        }
        let message = match given {
            [] => format!("`{name}` needs arguments"),
            given => {
                let words: Vec<&str> = given.iter().map(|kind| kind.word()).collect();
                format!("`{name}` cannot be called with ({})", words.join(", "))
            }
        };
        self.report(at, message, Some(format!("known ways: {}", backticked(&ways))));
    }

    fn arities<'b>(&'b self, name: &'b str) -> impl Iterator<Item = usize> + 'b {
        self.facts
            .functions
            .iter()
            .filter(move |function| function.name == name)
            .map(|function| function.params)
    }

    fn has_function(&self, name: &str) -> bool {
        self.facts.has(name) || self.known.modules.values().any(|module| module.has(name))
    }

    fn is_key(&self, name: &str) -> bool {
        self.facts.keys.contains(name) || self.known.modules.values().any(|module| module.keys.contains(name))
    }
}
