//! What can be written at a place: one list for editors and for Tab.

use crate::host::Doc;
use crate::runtime::docs;
use crate::runtime::outline::{Around, Here, KEYWORDS, Name, NameSort, Outline, Spot};
use crate::runtime::outline::{functions, methods_of, option_keys, pages};

/// What an offered name is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum OfferSort {
    /// Behind a dot, with arguments.
    Method,
    /// Behind a dot, without.
    Property,
    /// A function of ours or of the text.
    Function,
    /// A function of Rhai's own library.
    Library,
    /// A variable or a parameter.
    Variable,
    /// A constant.
    Constant,
    /// An imported module.
    Module,
    /// A key of a map of options.
    Key,
    /// A word of the language.
    Keyword,
}

/// A name that can be written at a place.
#[derive(Clone)]
pub struct Offer {
    /// The name.
    pub name: String,
    /// What it is.
    pub sort: OfferSort,
    /// How it is called, or what it stands for, in one line; may be empty.
    pub detail: String,
    /// What its author wrote above it; may be empty.
    pub about: String,
    /// Its manual page.
    pub page: Option<&'static Doc>,
}

impl Outline {
    /// Returns what can be written at a place; nothing inside quotes and comments. `read` returns
    /// the text of the module that an import names.
    pub fn offers(&self, spot: Spot, read: &dyn Fn(&str) -> Option<String>) -> Vec<Offer> {
        let here = self.here(spot);
        match &here {
            Here { quoted: true, .. } => Vec::new(),
            Here { after_dot: true, owner, .. } => members(*owner),
            Here { module: Some(alias), .. } => self.of_module(alias, read),
            Here { call: Some(call), .. } if call.at_key && !option_keys(call).is_empty() => {
                option_keys(call).into_iter().map(|key| bare(key, OfferSort::Key)).collect()
            }
            _ => self.everywhere(spot),
        }
    }

    /// Returns the ways to write a call, and what is said about it: of the text's own function, or
    /// of the manual.
    pub fn ways(&self, call: &Around) -> (Vec<String>, String) {
        let own = |name: &Name| name.sort == NameSort::Function && name.name == call.name;
        if let Some(name) = self.names().into_iter().find(own) {
            return (vec![name.declared], name.about);
        }
        let pages = pages(&call.name, None);
        let ways = pages.iter().flat_map(|doc| doc.calls).map(|way| (*way).to_owned());
        (ways.collect(), pages.iter().map(|doc| doc.about).collect::<Vec<_>>().join("\n\n"))
    }

    fn of_module(&self, alias: &str, read: &dyn Fn(&str) -> Option<String>) -> Vec<Offer> {
        let Some(text) = self.module_path(alias).and_then(|path| read(&path)) else { return Vec::new() };
        let names = Outline::new(&text).names().into_iter();
        names
            .filter(|name| matches!(name.sort, NameSort::Function | NameSort::Constant))
            .map(of_name)
            .collect()
    }

    fn everywhere(&self, spot: Spot) -> Vec<Offer> {
        let mut offers: Vec<Offer> = Vec::new();
        for name in self.names() {
            let before = name.sort == NameSort::Function || name.spot < spot;
            if before && !offers.iter().any(|offer| offer.name == name.name) {
                offers.push(of_name(name));
            }
        }
        let own = docs::functions().iter().filter(|doc| !is_method(doc));
        offers.extend(own.map(|doc| of_page(doc, OfferSort::Function)));
        let known: Vec<String> = offers.iter().map(|offer| offer.name.clone()).collect();
        let others = functions().filter(|name| {
            !known.iter().any(|known| known == name) && !docs::functions().iter().any(|doc| doc.name == *name)
        });
        offers.extend(others.map(|name| bare(name, OfferSort::Library)));
        offers.extend(KEYWORDS.iter().map(|word| bare(word, OfferSort::Keyword)));
        offers
    }
}

/// Returns what can follow a dot behind a value of a type of ours; without one, behind any.
pub fn members(owner: Option<&'static str>) -> Vec<Offer> {
    let mut offers: Vec<Offer> = Vec::new();
    for page in docs::types().iter().filter(|page| owner.is_none_or(|owner| page.name == owner)) {
        for (name, about) in page.properties {
            if !offers.iter().any(|offer| offer.name == *name) {
                let detail = format!("{}: {about}", page.name);
                offers.push(Offer { detail, ..bare(name, OfferSort::Property) });
            }
        }
    }
    let methods = match owner {
        Some(owner) => methods_of(owner),
        None => docs::functions().iter().copied().filter(|doc| is_method(doc)).collect(),
    };
    offers.extend(methods.into_iter().map(|doc| of_page(doc, OfferSort::Method)));
    offers
}

/// Returns whether a manual page tells of something that stands behind a dot.
pub fn is_method(doc: &Doc) -> bool {
    doc.calls.iter().any(|call| call.split('(').next().is_some_and(|name| name.contains('.')))
}

fn of_page(doc: &'static Doc, sort: OfferSort) -> Offer {
    Offer { detail: doc.calls.join("  "), page: Some(doc), ..bare(doc.name, sort) }
}

fn of_name(name: Name) -> Offer {
    let sort = match name.sort {
        NameSort::Function => OfferSort::Function,
        NameSort::Variable => OfferSort::Variable,
        NameSort::Constant => OfferSort::Constant,
        NameSort::Module => OfferSort::Module,
    };
    Offer { name: name.name, sort, detail: name.declared, about: name.about, page: None }
}

fn bare(name: &str, sort: OfferSort) -> Offer {
    Offer { name: name.to_owned(), sort, detail: String::new(), about: String::new(), page: None }
}
