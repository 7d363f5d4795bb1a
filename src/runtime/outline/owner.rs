//! What kind of value a chain of names, calls and brackets leads to, read from its pieces.

use crate::runtime::check::catalog::{self, Kind, catalog};
use crate::runtime::outline::scan::{Piece, Sort};

/// Variables that are followed back to where they are made: `let a = b; let b = c; ..`.
const VARIABLES_MAX: usize = 8;

enum Link<'a> {
    Name(&'a str),
    Call(&'a str),
    Index,
}

/// Returns the kind of the value whose text ends with these pieces.
pub(super) fn kind(code: &[Piece]) -> Kind {
    ending(code, VARIABLES_MAX)
}

fn ending(code: &[Piece], deeper: usize) -> Kind {
    let Some((links, from)) = chain(code) else { return Kind::Any };
    let mut kind = Kind::Any;
    for (at, link) in links.iter().rev().enumerate() {
        kind = match link {
            Link::Name(name) if at == 0 => variable(&code[..from], name, deeper),
            Link::Name(name) => catalog::property(kind, name),
            Link::Call(name) => called(name, (at > 0).then_some(kind)),
            Link::Index => catalog::element(kind),
        };
    }
    kind
}

/// The links of the chain at the end of the pieces, last first, and where it begins.
fn chain(code: &[Piece]) -> Option<(Vec<Link<'_>>, usize)> {
    let (mut links, mut at) = (Vec::new(), code.len().checked_sub(1)?);
    loop {
        let piece = &code[at];
        if piece.is("]") {
            links.push(Link::Index);
            at = opening(code, at)?.checked_sub(1)?;
            continue;
        }
        if piece.is(")") {
            at = opening(code, at)?.checked_sub(1)?;
            links.push(Link::Call(&code.get(at).filter(|name| name.sort == Sort::Word)?.text));
        } else if piece.sort == Sort::Word {
            links.push(Link::Name(&piece.text));
        } else {
            return None;
        }
        match at.checked_sub(1).map(|before| &code[before]) {
            Some(dot) if dot.is(".") => at = at.checked_sub(2)?,
            Some(colons) if colons.is("::") => return None,
            _ => return Some((links, at)),
        }
    }
}

/// The bracket that opens what closes at `close`.
fn opening(code: &[Piece], close: usize) -> Option<usize> {
    let mut depth = 0_usize;
    for at in (0..=close).rev() {
        if [")", "]", "}"].iter().any(|sign| code[at].is(sign)) {
            depth += 1;
        } else if ["(", "[", "{"].iter().any(|sign| code[at].is(sign)) {
            depth -= 1;
            if depth == 0 {
                return Some(at);
            }
        }
    }
    None
}

/// The kind of a variable: that of its newest definition before this place.
fn variable(before: &[Piece], name: &str, deeper: usize) -> Kind {
    if deeper == 0 {
        return Kind::Any;
    }
    let newest = before.windows(3).rposition(|at| match at {
        [word, variable, sign] => {
            variable.is(name)
                && (((word.is("let") || word.is("const")) && sign.is("="))
                    || (word.is("for") && sign.is("in")))
        }
        _ => false,
    });
    let Some(at) = newest else { return Kind::Any };
    let rest = &before[at + 3..];
    let Some(length) = expression(rest) else { return Kind::Any };
    // The expression may name variables that are defined before it.
    let kind = ending(&before[..at + 3 + length], deeper - 1);
    if before[at].is("for") { catalog::element(kind) } else { kind }
}

/// How many pieces the chain at the beginning has; none when it is no chain alone.
fn expression(code: &[Piece]) -> Option<usize> {
    let (mut depth, mut length) = (0_usize, 0);
    for piece in code {
        let opens = ["(", "["].iter().any(|sign| piece.is(sign)) || piece.is("{") && depth > 0;
        let closes = [")", "]"].iter().any(|sign| piece.is(sign)) || piece.is("}") && depth > 0;
        if opens {
            depth += 1;
        } else if closes {
            depth = depth.checked_sub(1)?;
        } else if depth == 0 && (piece.is(";") || piece.is("{")) {
            return Some(length).filter(|length| *length > 0);
        } else if depth == 0 && !(piece.sort == Sort::Word || piece.is(".")) {
            return None;
        }
        length += 1;
    }
    None
}

/// What a call returns when all its ways agree.
fn called(name: &str, owner: Option<Kind>) -> Kind {
    let ways = catalog().ways(name).iter().filter(|way| match owner {
        Some(owner @ Kind::Ours(_)) => way.params.first() == Some(&owner),
        _ => way.ours,
    });
    let mut results = ways.map(|way| way.returns);
    let first = results.next().unwrap_or(Kind::Any);
    if results.all(|other| other == first) { first } else { Kind::Any }
}
