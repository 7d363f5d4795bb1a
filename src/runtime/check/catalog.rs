//! What a script may call without defining it: the signatures of our functions and of Rhai's
//! own, and the few facts about types that tell what a chain of calls and properties leads to.

use std::any::TypeId;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::OnceLock;

use rhai::{Array, Dynamic, FnPtr, FuncInfo, FuncMetadata, ImmutableString, Map};

use crate::host::{Doc, TypeDoc};
use crate::runtime::engine::{ScriptEngine, language};

/// What is known of a value before anything runs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::runtime) enum Kind {
    /// Nothing is known.
    Any,
    /// One of Rhai's own, by the word that scripts use: `int`, `string`, `map`.
    Plain(&'static str),
    /// One of our types, by its name.
    Ours(&'static str),
    /// A type of Rhai's library that scripts rarely name.
    Other,
}

impl Kind {
    /// Returns what errors call it.
    pub(in crate::runtime) fn word(self) -> &'static str {
        match self {
            Self::Any | Self::Other => "?",
            Self::Plain(word) | Self::Ours(word) => word,
        }
    }

    /// Whether a value of this kind may stand where `wanted` is asked for.
    fn fits(self, wanted: Self) -> bool {
        self == Self::Any || wanted == Self::Any || self == wanted
    }

    /// The type that a manual page calls `word`.
    fn named(word: &str) -> Self {
        let plain = ["int", "float", "bool", "string", "char", "array", "map", "()", "Fn"];
        if let Some(known) = plain.into_iter().find(|known| *known == word) {
            return Self::Plain(known);
        }
        let ours = language().types.iter().find(|doc| doc.name == word);
        ours.map_or(Self::Any, |doc| Self::Ours(doc.name))
    }

    fn of_type(id: TypeId) -> Self {
        let plain = [
            (TypeId::of::<i64>(), "int"),
            (TypeId::of::<f64>(), "float"),
            (TypeId::of::<bool>(), "bool"),
            (TypeId::of::<ImmutableString>(), "string"),
            (TypeId::of::<char>(), "char"),
            (TypeId::of::<Array>(), "array"),
            (TypeId::of::<Map>(), "map"),
            (TypeId::of::<()>(), "()"),
            (TypeId::of::<FnPtr>(), "Fn"),
        ];
        if id == TypeId::of::<Dynamic>() {
            return Self::Any;
        }
        plain.iter().find(|(known, _)| *known == id).map_or(Self::Other, |(_, word)| Self::Plain(word))
    }
}

/// One way to call a function.
#[derive(Clone, Debug)]
pub(in crate::runtime) struct Signature {
    /// What it takes; a method's receiver is the first.
    pub(in crate::runtime) params: Vec<Kind>,
    /// Its parameters and its result as they are registered; empty for what is not ours.
    pub(in crate::runtime) written: Vec<String>,
    /// What it returns.
    pub(in crate::runtime) returns: Kind,
    /// It is ours, so that its kinds are exact.
    pub(in crate::runtime) ours: bool,
}

impl Signature {
    /// Whether these arguments can be meant for it.
    pub(in crate::runtime) fn takes(&self, given: &[Kind]) -> bool {
        self.params.len() == given.len()
            && given.iter().zip(&self.params).enumerate().all(|(at, (given, wanted))| {
                // Rhai's library is trusted with all but what it cannot know: a receiver of ours.
                if self.ours || at == 0 && matches!(given, Kind::Ours(_)) {
                    given.fits(*wanted)
                } else {
                    true
                }
            })
    }
}

/// Every function that exists before a script defines its own, by name.
pub(in crate::runtime) struct Catalog(BTreeMap<String, Vec<Signature>>);

/// Names that Rhai handles itself, with any number of arguments.
const BUILT_IN: &[&str] =
    &["Fn", "call", "curry", "debug", "eval", "is_def_fn", "is_def_var", "is_shared", "print", "type_of"];

/// What the properties of our types hold, where it is a type of ours again.
const HOLDS: &[(&str, &str, &str)] = &[
    ("State", "draft", "Draft"),
    ("State", "tracks", "Tracks"),
    ("Draft", "tracks", "Tracks"),
    ("Track", "segments", "Segments"),
];

/// What indexing and `for` find in a value of our types.
const ELEMENTS: &[(&str, &str)] = &[("Tracks", "Track"), ("Segments", "Segment"), ("Stream", "StreamEvent")];

/// Returns the catalog, made once in a process.
pub(in crate::runtime) fn catalog() -> &'static Catalog {
    static CATALOG: OnceLock<Catalog> = OnceLock::new();
    CATALOG.get_or_init(|| {
        let engine = ScriptEngine::compiler();
        let look = |info: FuncInfo<'_>| Some(info.metadata.clone());
        let mut functions: BTreeMap<String, Vec<Signature>> = BTreeMap::new();
        let mut own = BTreeSet::new();
        for metadata in engine.rhai().collect_fn_metadata(None, look, false) {
            own.insert(metadata.hash);
            if let Some(signature) = written(&metadata) {
                functions.entry(metadata.name.to_string()).or_default().push(signature);
            }
        }
        for metadata in engine.rhai().collect_fn_metadata(None, look, true) {
            // What ours take the place of in Rhai's library has the same hash.
            if !own.contains(&metadata.hash) {
                let params = metadata.param_types.iter().copied().map(Kind::of_type).collect();
                let signature = Signature { params, written: Vec::new(), returns: Kind::Any, ours: false };
                functions.entry(metadata.name.to_string()).or_default().push(signature);
            }
        }
        // Rhai keeps functions in no order of its own.
        for ways in functions.values_mut() {
            ways.sort_by(|one, other| {
                (one.params.len(), &one.written).cmp(&(other.params.len(), &other.written))
            });
        }
        Catalog(functions)
    })
}

/// The signature that a registration of ours states: `name: type` for each parameter, then the
/// result.
fn written(metadata: &FuncMetadata) -> Option<Signature> {
    let params = &metadata.params_info;
    if params.len() != metadata.num_params || metadata.return_type.is_empty() {
        return None;
    }
    let kind = |param: &str| param.split_once(": ").map_or(Kind::Any, |(_, word)| Kind::named(word));
    let written = params.iter().chain([&metadata.return_type]).map(ToString::to_string).collect();
    let returns = Kind::named(&metadata.return_type);
    Some(Signature { params: params.iter().map(|param| kind(param)).collect(), written, returns, ours: true })
}

impl Catalog {
    /// Returns the ways to call a function; none when there is no such function.
    pub(in crate::runtime) fn ways(&self, name: &str) -> &[Signature] {
        self.0.get(name).map_or(&[], Vec::as_slice)
    }

    /// Whether there is a function of this name.
    pub(in crate::runtime) fn has(&self, name: &str) -> bool {
        built_in(name) || self.0.contains_key(name)
    }

    /// Returns the kind of what a call returns.
    pub(in crate::runtime) fn result(&self, name: &str, given: &[Kind]) -> Kind {
        let mut fitting = self.ways(name).iter().filter(|way| way.takes(given)).map(|way| way.returns);
        let first = fitting.next().unwrap_or(Kind::Any);
        if fitting.all(|other| other == first) { first } else { Kind::Any }
    }

    /// Returns every name that can be written, for suggestions and completion.
    pub(in crate::runtime) fn names(&self) -> impl Iterator<Item = &str> {
        let plain = |name: &&str| name.starts_with(|c: char| c.is_ascii_alphabetic()) && !name.contains('$');
        self.0.keys().map(String::as_str).chain(BUILT_IN.iter().copied()).filter(plain)
    }

    /// Returns the names that can follow a dot behind a value of this type of ours.
    pub(in crate::runtime) fn methods_of(&self, owner: &'static str) -> Vec<&'static Doc> {
        let ours = |doc: &&'static Doc| {
            let ways = self.ways(doc.name).iter();
            let on_owner =
                ways.filter(|way| way.ours).any(|way| way.params.first() == Some(&Kind::Ours(owner)));
            on_owner && doc.calls.iter().any(|call| call.contains('.'))
        };
        language().functions.iter().copied().filter(ours).collect()
    }
}

/// Whether Rhai handles the name itself, with any number of arguments.
pub(in crate::runtime) fn built_in(name: &str) -> bool {
    BUILT_IN.contains(&name)
}

/// Returns the manual pages of a function of ours.
pub(in crate::runtime) fn pages(name: &str) -> Vec<&'static Doc> {
    language().functions.iter().copied().filter(|doc| doc.name == name).collect()
}

/// Returns the manual page of a type of ours.
pub(in crate::runtime) fn type_page(name: &str) -> Option<&'static TypeDoc> {
    language().types.iter().copied().find(|doc| doc.name == name)
}

/// Returns the kind of a property's value.
pub(in crate::runtime) fn property(owner: Kind, name: &str) -> Kind {
    let Kind::Ours(owner) = owner else { return Kind::Any };
    let held = HOLDS.iter().find(|(of, property, _)| *of == owner && *property == name);
    held.map_or(Kind::Any, |(_, _, held)| Kind::Ours(held))
}

/// Returns the kind of what indexing and `for` find in a value.
pub(in crate::runtime) fn element(owner: Kind) -> Kind {
    let Kind::Ours(owner) = owner else { return Kind::Any };
    ELEMENTS.iter().find(|(of, _)| *of == owner).map_or(Kind::Any, |(_, held)| Kind::Ours(held))
}

/// The keys of the options that a call of ours takes at place `at` of `count` arguments (its
/// receiver not counted); none when it takes no options there.
pub(in crate::runtime) fn option_keys(name: &str, at: usize, count: usize) -> Option<Vec<&'static str>> {
    let calls = pages(name).into_iter().flat_map(|doc| doc.calls);
    calls.filter_map(|call| written_arguments(call)).find_map(|arguments| {
        let keys = arguments.get(at)?.strip_prefix("#{")?.strip_suffix('}')?;
        (arguments.len() == count).then(|| keys.split(", ").collect())
    })
}

/// The arguments in a call as the manual writes it: `s.chat(text, #{timeout, follow_gui})`.
pub(in crate::runtime) fn written_arguments(call: &str) -> Option<Vec<&str>> {
    let (_, inside) = call.split_once('(')?;
    let inside = inside.strip_suffix(')')?;
    let (mut depth, mut from, mut arguments) = (0, 0, Vec::new());
    for (at, c) in inside.char_indices() {
        match c {
            '{' | '[' | '(' => depth += 1,
            '}' | ']' | ')' => depth -= 1,
            ',' if depth == 0 => {
                arguments.push(inside[from..at].trim());
                from = at + 1;
            }
            _ => (),
        }
    }
    let last = inside[from..].trim();
    if !last.is_empty() {
        arguments.push(last);
    }
    Some(arguments)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_the_manual_writes_is_read() {
        assert_eq!(
            written_arguments("s.chat(text, #{timeout, follow_gui})"),
            Some(vec!["text", "#{timeout, follow_gui}"])
        );
        assert_eq!(written_arguments("now()"), Some(vec![]));
        assert_eq!(option_keys("session", 0, 1), Some(vec!["name", "language", "skill"]));
        assert_eq!(option_keys("param", 2, 3), Some(vec!["help", "choices"]));
        assert_eq!(option_keys("param", 1, 2), None);
        assert_eq!(option_keys("note", 0, 1), None);
    }

    #[test]
    fn calls_lead_from_type_to_type() {
        let catalog = catalog();
        let session = catalog.result("session", &[Kind::Plain("string")]);
        assert_eq!(session, Kind::Ours("Session"));
        assert_eq!(catalog.result("draft", &[session]), Kind::Ours("Draft"));
        assert_eq!(element(property(Kind::Ours("Draft"), "tracks")), Kind::Ours("Track"));
        assert_eq!(catalog.result("say", &[session, Kind::Any]), Kind::Any);
        assert!(catalog.methods_of("Session").iter().any(|doc| doc.name == "chat"));
        assert!(catalog.has("to_upper") && !catalog.has("to_uper"));
    }

    #[test]
    fn the_facts_about_types_are_of_the_manual() {
        for (owner, name, held) in HOLDS {
            let page = type_page(owner).unwrap();
            assert!(page.properties.iter().any(|(property, _)| property == name), "{owner}.{name}");
            assert!(type_page(held).is_some());
        }
        for (owner, held) in ELEMENTS {
            assert!(type_page(owner).is_some() && type_page(held).is_some());
        }
    }
}
