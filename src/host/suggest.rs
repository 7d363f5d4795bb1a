//! Did you mean …? The nearest known name to a mistyped one.

use std::fs;
use std::path::Path;

/// Entries of a folder that are looked at for a file that was meant.
const ENTRIES_MAX: usize = 2_000;
/// Edits by which a suggestion may differ: more is guessing.
const EDITS_MAX: usize = 2;

/// Returns the known name that is nearest to `name`, when it is near enough to be meant.
pub fn nearest<'a>(name: &str, known: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    let wanted = name.to_lowercase();
    // Short names are near to everything: a third of the letters must be right at least.
    let allowed = EDITS_MAX.min(wanted.chars().count().div_ceil(3));
    let near = known.into_iter().filter(|candidate| *candidate != name).filter_map(|candidate| {
        let edits = edits(&wanted, &candidate.to_lowercase());
        (edits <= allowed).then_some((edits, candidate))
    });
    near.min_by_key(|(edits, _)| *edits).map(|(_, candidate)| candidate)
}

/// Returns the path that is nearest to `path` in `folder`, when it is near enough to be meant: its
/// last part is looked for where the others lead.
pub fn nearest_file(folder: &Path, path: &str) -> Option<String> {
    let (before, name) = path.rsplit_once('/').map_or(("", path), |(before, name)| (before, name));
    let within = folder.join(before);
    // What is nowhere else is here.
    let within = if within.as_os_str().is_empty() { Path::new(".") } else { &within };
    let listing = fs::read_dir(within).ok()?;
    let entries = listing.flatten().take(ENTRIES_MAX);
    let mut names: Vec<String> = entries.filter_map(|entry| entry.file_name().into_string().ok()).collect();
    // The system lists them in no order.
    names.sort();
    let meant = nearest(name, names.iter().map(String::as_str))?;
    Some(if before.is_empty() { meant.to_owned() } else { format!("{before}/{meant}") })
}

/// The edits (insert, delete, replace, swap neighbours) that turn one word into the other.
fn edits(from: &str, to: &str) -> usize {
    let (from, to): (Vec<char>, Vec<char>) = (from.chars().collect(), to.chars().collect());
    let mut before_last: Vec<usize> = Vec::new();
    let mut last: Vec<usize> = (0..=to.len()).collect();
    for (i, a) in from.iter().enumerate() {
        let mut row = vec![i + 1];
        for (j, b) in to.iter().enumerate() {
            let mut least = (last[j] + usize::from(a != b)).min(last[j + 1] + 1).min(row[j] + 1);
            if i > 0 && j > 0 && *a == to[j - 1] && from[i - 1] == *b {
                least = least.min(before_last[j - 1] + 1);
            }
            row.push(least);
        }
        before_last = last;
        last = row;
    }
    last[to.len()]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_slip_of_the_finger_is_understood() {
        let known = ["quality", "format", "resolution", "draft"];
        for (typed, meant) in
            [("qualty", "quality"), ("fromat", "format"), ("Draft", "draft"), ("drft", "draft")]
        {
            assert_eq!(nearest(typed, known), Some(meant), "{typed}");
        }
        for stranger in ["fps", "x", "", "quarterly"] {
            assert_eq!(nearest(stranger, known), None, "{stranger}");
        }
    }

    #[test]
    fn the_nearest_of_several_wins() {
        assert_eq!(nearest("chatt", ["chap", "chat", "char"]), Some("chat"));
    }
}
