//! What earlier rows had, remembered as hashes: a hundred thousand rows take a few megabytes.

use std::collections::HashMap;

use sha2::{Digest, Sha256};

/// Half of a SHA-256: no two texts of one table share it.
type Print = [u8; 16];

/// Texts with the row that first had each.
#[derive(Default)]
pub(super) struct Seen(HashMap<Print, u64>);

/// Names of outputs, as files and as folders of others.
#[derive(Default)]
pub(super) struct Names {
    outputs: Seen,
    folders: Seen,
}

/// How the name of a row meets that of an earlier one.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Clash {
    /// It is the same, in capital letters or small ones.
    Same(u64),
    /// One is a folder of the other.
    Folder(u64),
}

impl Seen {
    /// Remembers a text; returns the earlier row that had it.
    pub(super) fn add(&mut self, text: &str, row: u64) -> Option<u64> {
        let first = *self.0.entry(print(text)).or_insert(row);
        (first != row).then_some(first)
    }

    /// Counts how often a text came, this time included.
    pub(super) fn count(&mut self, text: &str) -> u64 {
        let count = self.0.entry(print(text)).or_insert(0);
        *count += 1;
        *count
    }

    fn row_of(&self, text: &str) -> Option<u64> {
        self.0.get(&print(text)).copied()
    }
}

impl Names {
    /// Remembers a name; returns how it meets an earlier one.
    pub(super) fn add(&mut self, name: &str, row: u64) -> Option<Clash> {
        // Some file systems know no capital letters.
        let name = name.to_lowercase();
        let above = || name.match_indices('/').map(|(at, _)| &name[..at]);
        let folder =
            self.folders.row_of(&name).or_else(|| above().find_map(|folder| self.outputs.row_of(folder)));
        for folder in above() {
            self.folders.add(folder, row);
        }
        let same = self.outputs.add(&name, row).map(Clash::Same);
        same.or(folder.map(Clash::Folder))
    }
}

/// A hash of a text, as hexadecimal digits.
pub(super) fn hex(text: &str) -> String {
    print(text).iter().map(|byte| format!("{byte:02x}")).collect()
}

fn print(text: &str) -> Print {
    let mut print = Print::default();
    print.copy_from_slice(&Sha256::digest(text.as_bytes())[..16]);
    print
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_meet_in_any_letters_and_across_folders() {
        let mut names = Names::default();
        for (row, name, clash) in [
            (1, "Paris/a", None),
            (2, "paris/b", None),
            (3, "PARIS/A", Some(Clash::Same(1))),
            (4, "paris", Some(Clash::Folder(1))),
            (5, "paris/b/c", Some(Clash::Folder(4))),
            (6, "lyon", None),
            (7, "lyon/x/y", Some(Clash::Folder(6))),
            (8, "ÉTÉ", None),
            (9, "été", Some(Clash::Same(8))),
        ] {
            assert_eq!(names.add(name, row), clash, "{name}");
        }
    }

    #[test]
    fn texts_are_counted_and_known_by_their_first_row() {
        let mut seen = Seen::default();
        assert_eq!([seen.add("a", 1), seen.add("b", 2), seen.add("a", 3)], [None, None, Some(1)]);
        let mut counted = Seen::default();
        assert_eq!([counted.count("a"), counted.count("a"), counted.count("b")], [1, 2, 1]);
        assert_eq!(hex("a").len(), 32);
    }
}
