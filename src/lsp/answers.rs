//! What is answered about a place in a script: completion, hover, signature, definition.

use std::path::Path;

use serde_json::{Value, json};

use crate::host::Doc;
use crate::lsp::documents::{Document, Documents, uri_of};
use crate::lsp::place;
use crate::runtime::outline::{self, Here, Name, NameSort, Offer, OfferSort, Outline, Spot, is_method};
use crate::runtime::{docs, module_file};

// Kinds of completions, as the protocol numbers them.
const METHOD: u8 = 2;
const FUNCTION: u8 = 3;
const VARIABLE: u8 = 6;
const MODULE: u8 = 9;
const PROPERTY: u8 = 10;
const KEYWORD: u8 = 14;
const CONSTANT: u8 = 21;

/// Returns what can be written at a place.
pub(super) fn completion(documents: &Documents, document: &Document, spot: Spot) -> Value {
    let read = |path: &str| module(documents, document, path).map(|(_, text)| text);
    Outline::new(&document.text).offers(spot, &read).iter().map(item).collect()
}

/// An offer as the protocol writes it.
fn item(offer: &Offer) -> Value {
    let kind = match offer.sort {
        OfferSort::Method => METHOD,
        OfferSort::Function | OfferSort::Library => FUNCTION,
        OfferSort::Variable => VARIABLE,
        OfferSort::Module => MODULE,
        OfferSort::Property | OfferSort::Key => PROPERTY,
        OfferSort::Keyword => KEYWORD,
        OfferSort::Constant => CONSTANT,
    };
    let mut item = json!({"label": offer.name, "kind": kind});
    if !offer.detail.is_empty() {
        item["detail"] = offer.detail.as_str().into();
    }
    if let Some(doc) = offer.page {
        item["documentation"] = json!({"kind": "markdown", "value": page(&[doc])});
    } else if !offer.about.is_empty() {
        item["documentation"] = offer.about.as_str().into();
    }
    match offer.sort {
        // What scripts rarely need comes last.
        OfferSort::Library => item["sortText"] = format!("z{}", offer.name).into(),
        OfferSort::Key => item["insertText"] = format!("{}: ", offer.name).into(),
        _ => (),
    }
    item
}

/// Returns the manual page of what stands at a place, as Markdown.
pub(super) fn hover(documents: &Documents, document: &Document, spot: Spot) -> Value {
    let outline = Outline::new(&document.text);
    let here = outline.here(spot);
    let Some((from, end)) = here.span.filter(|_| !here.quoted) else { return Value::Null };
    let Some(text) = about(documents, document, &outline, &here, spot) else { return Value::Null };
    json!({
        "contents": {"kind": "markdown", "value": text},
        "range": place::range(&document.text, from, end),
    })
}

fn about(
    documents: &Documents,
    document: &Document,
    outline: &Outline,
    here: &Here,
    spot: Spot,
) -> Option<String> {
    if here.after_dot {
        let held = docs::types().iter().filter(|page| here.owner.is_none_or(|owner| owner == page.name));
        let held = held.flat_map(|page| page.properties.iter().map(move |property| (page, property)));
        let properties: Vec<String> = held
            .filter(|(_, (name, _))| *name == here.word)
            .map(|(page, (name, about))| format!("`{}.{name}`: {about}", page.name))
            .collect();
        let pages: Vec<&Doc> =
            outline::pages(&here.word, here.owner).into_iter().filter(|doc| is_method(doc)).collect();
        let text = [properties.join("\n\n"), page(&pages)].join("\n\n");
        return Some(text.trim().to_owned()).filter(|text| !text.is_empty());
    }
    if let Some(call) =
        here.call.as_ref().filter(|call| outline::option_keys(call).contains(&here.word.as_str()))
    {
        let pages = outline::pages(&call.name, None);
        return Some(format!("option `{}` of\n\n{}", here.word, page(&pages)));
    }
    let (_, name) = definition_of(documents, document, outline, here, spot).unzip();
    if let Some(name) = name.filter(|name| name.sort == NameSort::Function) {
        return Some(format!("```rhai\n{}\n```\n\n{}", name.declared, name.about).trim().to_owned());
    }
    let pages = outline::pages(&here.word, None);
    Some(page(&pages)).filter(|text| !text.is_empty())
}

/// The manual pages of a name as Markdown.
fn page(pages: &[&Doc]) -> String {
    let one = |doc: &&Doc| {
        let class = doc.class.map(|class| format!("\n\nUnfinished at a crash: {}.", class.word()));
        format!(
            "```rhai\n{}\n```\n\n{}{}\n\n```rhai\n{}\n```",
            doc.calls.join("\n"),
            doc.about.replace('\n', "\n\n"),
            class.unwrap_or_default(),
            doc.example
        )
    };
    pages.iter().map(one).collect::<Vec<_>>().join("\n\n---\n\n")
}

/// Returns the ways to write the call around a place.
pub(super) fn signature(document: &Document, spot: Spot) -> Value {
    let outline = Outline::new(&document.text);
    let here = outline.here(spot);
    let Some(call) = here.call else { return Value::Null };
    let (labels, about) = outline.ways(&call);
    if labels.is_empty() {
        return Value::Null;
    }
    let fits = |label: &String| outline::arguments(label).len() > call.argument;
    let active = labels.iter().position(fits).unwrap_or_default();
    let signatures: Vec<Value> = labels.iter().map(|label| signature_of(label, &about)).collect();
    json!({"signatures": signatures, "activeSignature": active, "activeParameter": call.argument})
}

fn signature_of(label: &str, about: &str) -> Value {
    let parameters: Vec<Value> =
        outline::arguments(label).iter().map(|name| json!({"label": name})).collect();
    json!({"label": label, "documentation": {"kind": "markdown", "value": about}, "parameters": parameters})
}

/// Returns where the name at a place is defined.
pub(super) fn definition(documents: &Documents, document: &Document, uri: &str, spot: Spot) -> Value {
    let outline = Outline::new(&document.text);
    let here = outline.here(spot);
    if here.quoted || here.after_dot {
        return Value::Null;
    }
    let Some((file, name)) = definition_of(documents, document, &outline, &here, spot) else {
        return Value::Null;
    };
    let (uri, text) = file.unwrap_or_else(|| (uri.to_owned(), document.text.clone()));
    let end = name.spot.column + name.name.chars().count();
    json!({"uri": uri, "range": place::range(&text, name.spot, end)})
}

/// The address and the text of a file other than the open one.
type OtherFile = Option<(String, String)>;

/// The definition of the word at a place: the nearest one before it, in the file or in a module.
fn definition_of(
    documents: &Documents,
    document: &Document,
    outline: &Outline,
    here: &Here,
    spot: Spot,
) -> Option<(OtherFile, Name)> {
    let find = |names: Vec<Name>, here: &str| {
        let of_name = |name: &Name| name.name == here;
        let before = names.iter().rev().find(|name| of_name(name) && name.spot <= spot).cloned();
        before.or_else(|| names.into_iter().find(of_name))
    };
    match &here.module {
        Some(alias) => {
            let (uri, text) = module(documents, document, &outline.module_path(alias)?)?;
            let names = Outline::new(&text).names();
            let name = names.into_iter().find(|name| name.name == here.word)?;
            Some((Some((uri, text)), name))
        }
        None => find(outline.names(), &here.word).map(|name| (None, name)),
    }
}

/// The address and the text of the module that an import names.
fn module(documents: &Documents, document: &Document, path: &str) -> Option<(String, String)> {
    let real = module_file(document.path.as_deref().unwrap_or(Path::new("untitled.rhai")), path)?;
    let text = documents.module(&real).ok()?.text;
    Some((uri_of(&real), text))
}
