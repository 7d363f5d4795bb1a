//! What is answered about a place in a script: completion, hover, signature, definition.

use std::path::Path;

use serde_json::{Value, json};

use crate::host::Doc;
use crate::lsp::documents::{Document, Documents, uri_of};
use crate::lsp::place;
use crate::runtime::outline::{self, Here, KEYWORDS, Name, NameSort, Outline, Spot};
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
    let outline = Outline::new(&document.text);
    let here = outline.here(spot);
    if here.quoted {
        return json!([]);
    }
    if here.after_dot {
        return members(here.owner).into();
    }
    if let Some(alias) = &here.module {
        return of_module(documents, document, &outline, alias).into();
    }
    if let Some(call) = here.call.as_ref().filter(|call| call.at_key) {
        let keys = outline::option_keys(call);
        if !keys.is_empty() {
            let item = |key: &str| json!({"label": key, "kind": PROPERTY, "insertText": format!("{key}: ")});
            return keys.into_iter().map(item).collect();
        }
    }
    everywhere(&outline, spot).into()
}

fn members(owner: Option<&'static str>) -> Vec<Value> {
    let types = docs::types().iter().filter(|page| owner.is_none_or(|owner| page.name == owner));
    let mut items: Vec<Value> = Vec::new();
    for page in types {
        for (name, about) in page.properties {
            if !items.iter().any(|item| item["label"] == *name) {
                let detail = format!("{}: {about}", page.name);
                items.push(json!({"label": name, "kind": PROPERTY, "detail": detail}));
            }
        }
    }
    let pages = match owner {
        Some(owner) => outline::methods_of(owner),
        None => docs::functions().iter().copied().filter(|doc| is_method(doc)).collect(),
    };
    items.extend(pages.into_iter().map(|doc| of_page(doc, METHOD)));
    items
}

fn is_method(doc: &Doc) -> bool {
    doc.calls.iter().any(|call| call.split('(').next().is_some_and(|name| name.contains('.')))
}

fn of_page(doc: &Doc, kind: u8) -> Value {
    json!({
        "label": doc.name,
        "kind": kind,
        "detail": doc.calls.join("  "),
        "documentation": {"kind": "markdown", "value": page(&[doc])},
    })
}

fn of_module(documents: &Documents, document: &Document, outline: &Outline, alias: &str) -> Vec<Value> {
    let Some((_, text)) = module(documents, document, outline, alias) else { return Vec::new() };
    let names = Outline::new(&text).names();
    let shown = names.iter().filter(|name| name.sort != NameSort::Variable && name.sort != NameSort::Module);
    shown.map(of_name).collect()
}

fn of_name(name: &Name) -> Value {
    let kind = match name.sort {
        NameSort::Function => FUNCTION,
        NameSort::Variable => VARIABLE,
        NameSort::Constant => CONSTANT,
        NameSort::Module => MODULE,
    };
    json!({"label": name.name, "kind": kind, "detail": name.declared, "documentation": name.about})
}

fn everywhere(outline: &Outline, spot: Spot) -> Vec<Value> {
    let mut items: Vec<Value> = Vec::new();
    for name in outline.names() {
        let before = name.sort == NameSort::Function || name.spot < spot;
        if before && !items.iter().any(|item| item["label"] == name.name.as_str()) {
            items.push(of_name(&name));
        }
    }
    let pages = docs::functions().iter().filter(|doc| !is_method(doc));
    items.extend(pages.map(|doc| of_page(doc, FUNCTION)));
    let known: Vec<String> =
        items.iter().filter_map(|item| item["label"].as_str().map(str::to_owned)).collect();
    let own: Vec<&str> = docs::functions().iter().map(|doc| doc.name).collect();
    let others =
        outline::functions().filter(|name| !own.contains(name) && !known.iter().any(|known| known == name));
    items.extend(others.map(|name| json!({"label": name, "kind": FUNCTION, "sortText": format!("z{name}")})));
    items.extend(KEYWORDS.iter().map(|word| json!({"label": word, "kind": KEYWORD})));
    items
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
    let own =
        outline.names().into_iter().find(|name| name.sort == NameSort::Function && name.name == call.name);
    let (labels, about): (Vec<String>, String) = match own {
        Some(name) => (vec![name.declared], name.about),
        None => {
            let pages = outline::pages(&call.name, None);
            let calls = pages.iter().flat_map(|doc| doc.calls).map(|call| (*call).to_owned());
            (calls.collect(), pages.iter().map(|doc| doc.about).collect::<Vec<_>>().join("\n\n"))
        }
    };
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
            let (uri, text) = module(documents, document, outline, alias)?;
            let names = Outline::new(&text).names();
            let name = names.into_iter().find(|name| name.name == here.word)?;
            Some((Some((uri, text)), name))
        }
        None => find(outline.names(), &here.word).map(|name| (None, name)),
    }
}

/// The address and the text of an imported module.
fn module(
    documents: &Documents,
    document: &Document,
    outline: &Outline,
    alias: &str,
) -> Option<(String, String)> {
    let path = outline.module_path(alias)?;
    let real = module_file(document.path.as_deref().unwrap_or(Path::new("untitled.rhai")), &path)?;
    let text = documents.module(&real).ok()?.text;
    Some((uri_of(&real), text))
}
