//! The labelled table: each sentence becomes exactly these actions.

use reelscript::talk::route::{Action, Saving, route};

/// `sentence <tab> actions`; `\n` in a sentence is a new line, `#` opens a comment.
const TABLE: &str = include_str!("../data/words/routes.tsv");

fn rows() -> Vec<(usize, String, &'static str)> {
    let told =
        TABLE.lines().enumerate().filter(|(_, line)| !line.trim().is_empty() && !line.starts_with('#'));
    told.map(|(at, line)| {
        let (sentence, actions) = line.split_once('\t').expect("a sentence and its actions");
        (at + 1, sentence.replace("\\n", "\n"), actions)
    })
    .collect()
}

fn action(action: &Action, sentence: &str) -> String {
    match action {
        Action::Turn(words) if words == sentence => "turn".to_owned(),
        Action::Turn(words) => format!("turn({words})"),
        Action::Credits => "credits".to_owned(),
        Action::Status => "status".to_owned(),
        Action::Upload(sources) => {
            sources.iter().fold("upload".to_owned(), |line, source| format!("{line} [{source}]"))
        }
        Action::Export(Saving { path, folder, format, resolution }) => {
            let path = path.as_ref().map(|path| format!("path={path}"));
            let folder = folder.as_ref().map(|folder| format!("folder={folder}"));
            let said =
                [path.as_ref(), folder.as_ref(), format.as_ref(), resolution.as_ref()].into_iter().flatten();
            said.fold("export".to_owned(), |line, word| format!("{line} {word}"))
        }
    }
}

fn actions(sentence: &str) -> String {
    let told: Vec<String> = route(sentence).iter().map(|it| action(it, sentence)).collect();
    told.join(" | ")
}

#[test]
fn sentences_become_the_labelled_actions() {
    let rows = rows();
    let differ = |(line, sentence, wanted): &(usize, String, &str)| {
        let got = actions(sentence);
        (got != *wanted).then(|| format!("line {line}: {sentence}\n  wanted {wanted}\n  got    {got}"))
    };
    let wrong: Vec<String> = rows.iter().filter_map(differ).collect();
    assert!(wrong.is_empty(), "{} of {} differ\n{}\n", wrong.len(), rows.len(), wrong.join("\n"));
    let chinese = |(_, sentence, _): &&(usize, String, &str)| sentence.contains(|c| c >= '\u{3400}');
    let count = rows.iter().filter(chinese).count();
    assert!(rows.len() >= 130 && count >= 50, "the table shrank to {} rows, {count} Chinese", rows.len());
}

#[test]
fn politeness_changes_nothing_about_an_export() {
    for sentence in ["export it", "send me the video", "download it as mov", "render the video"] {
        let wanted = actions(sentence);
        for polite in
            [format!("please {sentence}"), format!("{sentence}, thanks"), format!("ok, now {sentence}!")]
        {
            assert_eq!(actions(&polite), wanted, "{polite}");
        }
    }
}

#[test]
fn any_beginning_of_a_sentence_is_some_action() {
    for (_, sentence, _) in rows() {
        for (end, _) in sentence.char_indices() {
            assert!(!route(&sentence[..end]).is_empty(), "{}", &sentence[..end]);
        }
    }
}
