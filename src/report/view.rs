//! One row in full, as the log of its run tells it. Whatever forms a report takes, this is
//! what they are made of.

use serde::Serialize;

use super::mask::masked;
use super::rows::{Row, State};
use super::story::{self, Moment};
use crate::journal::{JournalError, RunState, Standing, Story, Written};
use crate::model::timeline::Timeline;

/// Characters of a line of words that stand in tables.
const WORDS_CHARS_MAX: usize = 400;
/// Characters of the value of one param.
const PARAM_CHARS_MAX: usize = 2000;

/// One row in full.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct RowView {
    /// Its place in the table, from 1.
    pub number: u64,
    /// What it is known by.
    pub key: String,
    /// What it is called.
    pub name: String,
    /// How it stands: one of [`State::WORDS`].
    pub state: &'static str,
    /// The id of its run; empty when it was never begun.
    pub run: String,
    /// When it began, in milliseconds since 1970.
    pub began_ms: Option<u64>,
    /// From its beginning to its end, or to what was last heard of it.
    pub took_ms: Option<u64>,
    /// What it took, as far as that is known.
    pub credits: Option<f64>,
    /// Why it stands so, in one line; empty when all is well.
    pub words: String,
    /// What went wrong, and what to do about it.
    pub problem: Option<Problem>,
    /// Its params, by name.
    pub params: Vec<(String, String)>,
    /// What it exported, in order.
    pub videos: Vec<VideoView>,
    /// What its script expected.
    pub checks: Vec<CheckView>,
    /// Paths of all files that it made, in order.
    pub files: Vec<String>,
    /// The last timeline that the log has, for a row without a video.
    pub timeline: Option<Timeline>,
    /// What happened, in order.
    pub story: Vec<Moment>,
}

/// What went wrong.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Problem {
    /// What happened.
    pub message: String,
    /// What to do next; may be empty.
    pub hint: String,
    /// The word of scripts for it, such as `render`; may be empty.
    pub kind: String,
}

/// One exported file.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct VideoView {
    /// Where it was written, as its run says it.
    pub path: String,
    /// Where the page finds it; none when it does not.
    pub src: Option<String>,
    /// Where the page finds a picture of it.
    pub poster: Option<String>,
    /// Its length.
    pub seconds: f64,
    /// Pixels across.
    pub width: Option<u32>,
    /// Pixels down.
    pub height: Option<u32>,
    /// Its size.
    pub bytes: u64,
    /// What was rendered.
    pub timeline: Option<Timeline>,
}

/// One expectation of a script.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct CheckView {
    /// What was expected.
    pub name: String,
    /// Whether it held.
    pub passed: bool,
    /// What to do when it did not.
    pub hint: String,
}

impl RowView {
    /// Reads the log of a row. One that cannot be read is told as the row's problem.
    ///
    /// # Errors
    /// The journal could not be read at all.
    pub fn read(row: &Row) -> Result<Self, JournalError> {
        let Some(run) = &row.run else { return Ok(Self::of(row, Vec::new(), Story::default())) };
        let read = row.journal.entries(&run.id).and_then(|log| Ok((Story::of(log.clone())?, log)));
        match read {
            Ok((story, log)) => Ok(Self::of(row, log, story)),
            // One log that rotted must not hide the others.
            Err(error @ (JournalError::Damaged(_) | JournalError::Illegal(_))) => {
                let mut view = Self::of(row, Vec::new(), Story::default());
                let (message, hint) = (error.to_string(), error.hint().to_owned());
                view.problem = Some(Problem { message, hint, kind: "journal".to_owned() });
                Ok(view)
            }
            Err(error) => Err(error),
        }
    }

    fn of(row: &Row, log: Vec<Written>, story: Story) -> Self {
        let run = row.run.as_ref();
        let began_ms = run.map(|run| run.created_ms);
        let heard_ms = log.last().map(|written| written.at_ms);
        let ended_ms = run.and_then(|run| run.ended.as_ref()).map(|(at_ms, _)| *at_ms).or(heard_ms);
        let credits = story.steps.iter().filter_map(|step| step.credits).reduce(|sum, more| sum + more);
        let checks = story::checks(&story);
        let (videos, timeline) = story::videos(&story);
        let ending = run.and_then(|run| run.ended.as_ref()).map_or("", |(_, ending)| ending.words.as_str());
        let words = match row.state {
            State::Begun(Standing::Ended(RunState::Finished)) => String::new(),
            _ if ending.is_empty() => failed_checks(&checks),
            _ => masked(ending, WORDS_CHARS_MAX),
        };
        let clean = |(name, value): &(String, String)| (name.clone(), masked(value, PARAM_CHARS_MAX));
        Self {
            number: row.number,
            key: row.key.clone(),
            name: if row.name.is_empty() { row.key.clone() } else { row.name.clone() },
            state: row.state.word(),
            run: run.map(|run| run.id.as_str().to_owned()).unwrap_or_default(),
            began_ms,
            took_ms: began_ms.zip(ended_ms).map(|(began, ended)| ended.saturating_sub(began)),
            credits,
            problem: problem(row, &words, &story, &checks),
            words,
            params: story::params(&story, &row.params).iter().map(clean).collect(),
            videos,
            checks,
            files: story.files.iter().map(|file| masked(file, WORDS_CHARS_MAX)).collect(),
            timeline,
            story: story::moments(&log, &story, began_ms.unwrap_or_default(), row.state),
        }
    }
}

fn failed_checks(checks: &[CheckView]) -> String {
    let failed: Vec<&str> =
        checks.iter().filter(|check| !check.passed).map(|check| check.name.as_str()).collect();
    match failed.len() {
        0 => String::new(),
        1 => format!("a check failed: {}", failed[0]),
        count => format!("{count} checks failed: {}", failed.join(", ")),
    }
}

/// What went wrong with a row as a whole: its last words, with the hint of the step that they
/// are about.
fn problem(row: &Row, words: &str, story: &Story, checks: &[CheckView]) -> Option<Problem> {
    let State::Begun(standing) = row.state else { return None };
    let of_step = story
        .steps
        .iter()
        .rev()
        .find_map(story::problem)
        .filter(|problem| !problem.message.is_empty() && words.contains(&problem.message));
    let message = match standing {
        Standing::Ended(RunState::Finished) | Standing::Running(_) => return None,
        Standing::BrokenOff => "the process that made it was killed".to_owned(),
        Standing::Ended(_) if !words.is_empty() => words.to_owned(),
        Standing::Ended(RunState::Stopped) => "it was stopped".to_owned(),
        Standing::Ended(RunState::Cancelled) => "it was given up".to_owned(),
        Standing::Ended(_) => "it failed".to_owned(),
    };
    let alone = row.run.as_ref().filter(|run| run.row.is_none()).map(|run| run.id.short());
    let going_on = match alone {
        Some(id) => format!("`reel resume {id}` goes on with it; nothing that was paid is paid again"),
        None => {
            "give the same batch once more: it goes on where it was, and nothing is paid twice".to_owned()
        }
    };
    let hint = match (of_step, standing) {
        (Some(step), Standing::Ended(RunState::Failed)) if !step.hint.is_empty() => {
            return Some(Problem { message, ..step });
        }
        (_, Standing::BrokenOff | Standing::Ended(RunState::Stopped)) => going_on,
        (_, Standing::Ended(RunState::Parked)) => match alone {
            Some(id) => format!("`reel resume {id}` with --adopt, --repeat or --fail decides about the turn"),
            None => "decide about the turn: adopt it, repeat it or let it fail".to_owned(),
        },
        // Its checks failed, or it threw on its own.
        _ => checks.iter().find(|check| !check.passed).map(|check| check.hint.clone()).unwrap_or_default(),
    };
    Some(Problem { message, hint, kind: String::new() })
}
