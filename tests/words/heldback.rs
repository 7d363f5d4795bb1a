//! Requests that were labelled by somebody who never saw the phrase table, and that it is never tuned to.
//!
//! The test says how many are read as labelled. It names none of those that are not, so that nobody
//! tunes to them by accident; with `REEL_WORDS_LIST` set it lists them, for a look at what is missing.

use std::fmt::Write;

use reelscript::studio::agent::Language;
use reelscript::studio::agent::intent::{Context, read};

use super::projects::project;
use super::{asked, notation};

/// `project <tab> request <tab> label`; the first lines are comments.
const FIRST: &str = include_str!("../data/words/heldback.tsv");
/// As the first, by somebody else, and later.
const SECOND: &str = include_str!("../data/words/heldback-2.tsv");
/// How many of each agree at least. They only ever rise; nine of ten are wanted.
const FIRST_MIN: usize = 98;
const SECOND_MIN: usize = 112;

#[test]
fn requests_of_others_are_read_as_they_meant_them() {
    most_agree(FIRST, FIRST_MIN);
}

#[test]
fn requests_of_still_others_are_read_as_they_meant_them() {
    most_agree(SECOND, SECOND_MIN);
}

#[allow(clippy::print_stdout, reason = "the list is for whoever asks for it")]
fn most_agree(table: &str, min: usize) {
    let rows = table.lines().filter(|line| !line.trim().is_empty() && !line.starts_with('#'));
    let (mut count, mut agree, mut list) = (0, 0, String::new());
    for row in rows {
        let mut cells = row.split('\t');
        let (Some(name), Some(request), Some(label)) = (cells.next(), cells.next(), cells.next()) else {
            panic!("a row of the table lacks a cell");
        };
        let state = project(name);
        let intent =
            read(&request.replace("\\n", "\n"), &Context { state: &state, language: Language::English });
        let wanted = asked::of_label(label, name);
        count += 1;
        if wanted.agrees(&asked::of_reading(&intent, name, &wanted)) {
            agree += 1;
        } else {
            let read = notation::of(&intent);
            writeln!(list, "{name}: {request}\n  wanted {label}\n  read   {read}")
                .expect("a text takes words");
        }
    }
    if std::env::var_os("REEL_WORDS_LIST").is_some() {
        println!("{list}");
    }
    assert!(count >= 100, "the table has {count} requests");
    assert!(agree >= min, "{agree} of {count} requests are read as labelled");
}
