//! The labelled table: each answer of the agent, in words that fit a script.

use reelscript::talk::gui::{Place, Translated, translate};

/// `answer <tab> what it points at <tab> text`; `\n` is a new line, `#` opens a comment.
const TABLE: &str = include_str!("../data/words/gui.tsv");

fn points(translated: &Translated) -> String {
    let Translated { suggests_export, looks, balance, .. } = translated;
    let named = [(suggests_export, "export"), (looks, "look"), (balance, "balance")];
    let said: Vec<&str> = named.into_iter().filter(|(is, _)| **is).map(|(_, name)| name).collect();
    if said.is_empty() { "-".to_owned() } else { said.join(" ") }
}

#[test]
fn answers_become_the_labelled_words() {
    let mut wrong = Vec::new();
    let mut count = 0;
    for (at, line) in TABLE.lines().enumerate().filter(|(_, line)| !line.is_empty() && !line.starts_with('#'))
    {
        let mut cells = line.split('\t');
        let (answer, wanted, text) = (cells.next(), cells.next(), cells.next());
        let answer = answer.expect("an answer").replace("\\n", "\n");
        let got = translate(&answer, &Place::Script);
        let got = (points(&got), got.text.replace('\n', "\\n"));
        let wanted = (wanted.expect("points").to_owned(), text.expect("a text").to_owned());
        count += 1;
        if got != wanted {
            wrong.push(format!("line {}: {answer}\n  wanted {wanted:?}\n  got    {got:?}", at + 1));
        }
    }
    assert!(wrong.is_empty(), "{} of {count} differ\n{}\n", wrong.len(), wrong.join("\n"));
    assert!(count >= 40, "the table shrank to {count} rows");
}
