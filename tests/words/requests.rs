//! The labelled table: each request, on each project that it names, asks for exactly these edits.

use reelscript::model::check;
use reelscript::model::edit::{Edit, EditError, apply};
use reelscript::model::state::State;
use reelscript::studio::agent::Language;
use reelscript::studio::agent::intent::{Context, Intent, read};

use super::notation;
use super::projects::project;

/// `project <tab> request <tab> edits`; `\n` in a request is a new line, `#` opens a comment.
const TABLE: &str = include_str!("../data/words/requests.tsv");

struct Row {
    line: usize,
    project: &'static str,
    request: String,
    edits: &'static str,
    /// Why the edits cannot be made, as the error begins.
    refused: Option<&'static str>,
}

fn rows() -> Vec<Row> {
    let told =
        TABLE.lines().enumerate().filter(|(_, line)| !line.trim().is_empty() && !line.starts_with('#'));
    told.map(|(at, line)| {
        let mut cells = line.split('\t');
        let (project, request, edits) = (cells.next(), cells.next(), cells.next());
        let refused = cells.next();
        Row {
            line: at + 1,
            project: project.expect("a project"),
            request: request.expect("a request").replace("\\n", "\n"),
            edits: edits.expect("edits"),
            refused,
        }
    })
    .collect()
}

fn reading(request: &str, state: &State) -> Intent {
    read(request, &Context { state, language: Language::English })
}

/// Applies every edit; undo needs a history and is left out.
fn applied(state: &State, intent: &Intent) -> Result<State, EditError> {
    let edits = intent.edits.iter().filter(|edit| **edit != Edit::Undo);
    edits.into_iter().try_fold(state.clone(), |state, edit| Ok(apply(&state, edit)?.state))
}

#[test]
fn requests_ask_for_the_labelled_edits() {
    let rows = rows();
    let mut wrong = Vec::new();
    for row in &rows {
        let read = notation::of(&reading(&row.request, &project(row.project)));
        if read != row.edits {
            wrong
                .push(format!("line {}: {}\n  wanted {}\n  got    {read}", row.line, row.request, row.edits));
        }
    }
    assert!(wrong.is_empty(), "{} of {} differ\n{}\n", wrong.len(), rows.len(), wrong.join("\n"));
    let chinese = rows.iter().filter(|row| Language::of(&row.request) == Some(Language::Chinese)).count();
    assert!(
        rows.len() >= 2600 && chinese >= 800,
        "the table shrank to {} rows, {chinese} Chinese",
        rows.len()
    );
}

#[test]
fn every_request_leaves_a_draft_that_can_be_rendered() {
    let mut wrong = Vec::new();
    for row in rows() {
        let state = project(row.project);
        match applied(&state, &reading(&row.request, &state)) {
            Ok(_) if row.refused.is_some() => {
                wrong.push(format!("line {}: {}: was not refused", row.line, row.request))
            }
            Ok(State { draft: Some(draft), .. }) => {
                let problems = check::problems(&draft);
                wrong.extend(problems.iter().map(|p| format!("line {}: {}: {p}", row.line, row.request)));
            }
            Ok(_) => (),
            Err(error) if row.refused.is_some_and(|why| error.to_string().starts_with(why)) => (),
            Err(error) => wrong.push(format!("line {}: {}: {error}", row.line, row.request)),
        }
    }
    assert!(wrong.is_empty(), "\n{}\n", wrong.join("\n"));
}

#[test]
fn equal_requests_give_equal_drafts() {
    for row in rows() {
        let make = || {
            let state = project(row.project);
            let intent = reading(&row.request, &state);
            let drafts = applied(&state, &intent).map(|state| state.draft.map(|d| d.to_json().into_owned()));
            (intent, drafts)
        };
        assert_eq!(make(), make(), "{}", row.request);
    }
}

#[test]
fn any_beginning_of_a_request_is_read() {
    for row in rows() {
        let state = project(row.project);
        // One beginning in eight of each request, other ones in the next.
        for (end, _) in row.request.char_indices().skip(row.line % 8).step_by(8) {
            let intent = reading(&row.request[..end], &state);
            let sense = intent.edits.len() + intent.not_understood.len();
            assert!(sense <= row.request.len(), "{}", &row.request[..end]);
        }
    }
}
