//! The names that a text defines: functions, variables, parameters, modules.

use crate::runtime::outline::Spot;
use crate::runtime::outline::scan::{Piece, Sort};

/// What a name stands for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NameSort {
    /// `fn name(..)`.
    Function,
    /// `let name`, a loop's or a catch's variable, a parameter.
    Variable,
    /// `const name`.
    Constant,
    /// `import ".." as name`.
    Module,
}

/// A name where it is defined.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Name {
    /// The name.
    pub name: String,
    /// What it stands for.
    pub sort: NameSort,
    /// Where it is defined.
    pub spot: Spot,
    /// A function as it is declared: `fn shot(row, size)`; empty for the others.
    pub declared: String,
    /// The `///` lines above it.
    pub about: String,
}

/// Returns every name, in the order of the text.
pub(super) fn names(pieces: &[Piece]) -> Vec<Name> {
    let mut found = Vec::new();
    let code: Vec<(usize, &Piece)> =
        pieces.iter().enumerate().filter(|(_, piece)| piece.sort != Sort::Comment).collect();
    for (at, (place, piece)) in code.iter().enumerate() {
        let next = |ahead: usize| code.get(at + ahead).map(|(_, piece)| *piece);
        let Some(name) = next(1) else { break };
        match piece.text.as_str() {
            "let" if name.sort == Sort::Word => found.push(named(name, NameSort::Variable)),
            "const" if name.sort == Sort::Word => found.push(named(name, NameSort::Constant)),
            "as" if name.sort == Sort::Word => found.push(named(name, NameSort::Module)),
            "for" if name.sort == Sort::Word => found.push(named(name, NameSort::Variable)),
            "for" | "catch" if name.is("(") => found.extend(listed(&code[at + 2..], ")")),
            "fn" if name.sort == Sort::Word => {
                let params: Vec<Name> = next(2)
                    .filter(|open| open.is("("))
                    .map(|_| listed(&code[at + 3..], ")"))
                    .unwrap_or_default();
                let list: Vec<&str> = params.iter().map(|param| param.name.as_str()).collect();
                let declared = format!("fn {}({})", name.text, list.join(", "));
                let about = comment_above(pieces, *place);
                found.push(Name { declared, about, ..named(name, NameSort::Function) });
                found.extend(params);
            }
            // `|a, b|` where an expression begins.
            "|" if at == 0 || next_begins(code[at - 1].1) => found.extend(listed(&code[at + 1..], "|")),
            _ => (),
        }
    }
    found
}

fn next_begins(before: &Piece) -> bool {
    ["(", ",", "=", ":", "[", "return"].iter().any(|sign| before.is(sign))
}

fn named(piece: &Piece, sort: NameSort) -> Name {
    let spot = Spot { line: piece.line, column: piece.column };
    Name { name: piece.text.clone(), sort, spot, declared: String::new(), about: String::new() }
}

/// The words of a list up to the sign that ends it.
fn listed(code: &[(usize, &Piece)], end: &str) -> Vec<Name> {
    let list = code.iter().map(|(_, piece)| *piece).take_while(|piece| !piece.is(end));
    let list = list.take_while(|piece| piece.sort == Sort::Word || piece.is(","));
    list.filter(|piece| piece.sort == Sort::Word).map(|piece| named(piece, NameSort::Variable)).collect()
}

/// The `///` lines right above a piece, `private` between them or not.
fn comment_above(pieces: &[Piece], place: usize) -> String {
    let above = pieces[..place].iter().rev().skip_while(|piece| piece.is("private"));
    let mut lines: Vec<&str> = above
        .map_while(|piece| piece.text.strip_prefix("///").filter(|_| piece.sort == Sort::Comment))
        .map(str::trim)
        .collect();
    lines.reverse();
    lines.join("\n")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::runtime::outline::scan::scan;

    #[test]
    fn definitions_of_every_sort_are_found() {
        let text = "import \"lib\" as lib;\n/// Makes a shot.\n/// Slowly.\nprivate fn shot(row, size) { }\nlet a = 1; const B = 2;\n\
                    for (x, i) in [] {} for y in [] {} try {} catch (e) {}\nrows.map(|r, n| r || n);";
        let found = names(&scan(text));
        let told: Vec<&str> = found.iter().map(|name| name.name.as_str()).collect();
        assert_eq!(told, ["lib", "shot", "row", "size", "a", "B", "x", "i", "y", "e", "r", "n"]);
        assert_eq!(
            (found[1].declared.as_str(), found[1].about.as_str()),
            ("fn shot(row, size)", "Makes a shot.\nSlowly.")
        );
        assert_eq!(found[1].spot, Spot { line: 4, column: 12 });
    }
}
