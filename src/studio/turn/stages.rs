//! The stages of a turn, and the project that they change.

use serde_json::{Map, Value, json};

use crate::model::edit::{self, Applied, Edit, EditError, Words};
use crate::model::state::State;
use crate::studio::agent::intent::Intent;
use crate::studio::agent::reply::Outcome;
use crate::studio::app::App;
use crate::studio::store::{Past, Session, StoreError};
use crate::wire::state::StateBody;

/// Edits that the agent makes with one call of a tool.
pub(crate) struct Stage<'a> {
    edits: &'a [Edit],
    generates: bool,
}

impl<'a> Stage<'a> {
    /// Returns the stages of what was understood: a new cut comes first and alone, then what
    /// is laid over it. Without a new cut there is one stage, without edits none.
    pub(crate) fn of(intent: &'a Intent) -> Vec<Self> {
        let (first, rest) = intent.stages();
        let stages =
            [Self { edits: first, generates: intent.generates() }, Self { edits: rest, generates: false }];
        stages.into_iter().filter(|stage| !stage.edits.is_empty()).collect()
    }

    /// Returns the name of the tool that is called.
    pub(crate) fn tool(&self) -> &'static str {
        if self.generates { "generate_video" } else { "edit_multitrack" }
    }

    /// Returns what the tool is called with.
    pub(crate) fn args(&self) -> Value {
        json!({"edits": self.edits.len()})
    }
}

/// A session's state on its way through a turn.
pub(crate) struct Project {
    pub(crate) state: State,
    /// How each edit so far ended.
    pub(crate) outcomes: Vec<Outcome>,
    pub(crate) changed: bool,
    /// Earlier states, the newest first; only looked up when the turn undoes something.
    history: Vec<State>,
    undone: usize,
    /// How many of the undone turns the store has dropped.
    dropped: usize,
}

impl Project {
    /// Takes up a session's state, with its history when these edits need it.
    pub(crate) async fn open(app: &App, session: &Session, edits: &[Edit]) -> Result<Self, StoreError> {
        let history = match edits.contains(&Edit::Undo) {
            true => app.store.history(&session.id).await?,
            false => Vec::new(),
        };
        Ok(Self {
            state: session.state.clone(),
            outcomes: Vec::new(),
            changed: false,
            history,
            undone: 0,
            dropped: 0,
        })
    }

    /// Makes the edits of a stage, each if it can be made. Returns the tool's result.
    pub(crate) fn carry_out(&mut self, stage: &Stage<'_>) -> Value {
        let (mut changes, mut problems) = (Vec::new(), Vec::new());
        for edit in stage.edits {
            let outcome = self.apply(edit).map(|applied| {
                self.changed |= self.state != applied.state;
                self.state = applied.state;
                applied.words
            });
            match &outcome {
                Ok(words) => changes.push(words.en.clone()),
                Err(error) => problems.push(error.to_string()),
            }
            self.outcomes.push(outcome);
        }
        let status = if problems.is_empty() { "success" } else { "error" };
        json!({"status": status, "changes": changes, "problems": problems})
    }

    /// Returns what the next save does to the history.
    pub(crate) fn past(&mut self) -> Past {
        match self.undone {
            0 => Past::Keep,
            undone => Past::Drop(undone - std::mem::replace(&mut self.dropped, undone)),
        }
    }

    fn apply(&mut self, edit: &Edit) -> Result<Applied, EditError> {
        if *edit != Edit::Undo {
            return edit::apply(&self.state, edit);
        }
        let past = self.history.get(self.undone).ok_or(EditError::NoHistory)?;
        self.undone += 1;
        let (media, subtitles) = (self.state.media.clone(), self.state.subtitles.clone());
        let state = State { media, subtitles, ..past.clone() };
        let words = match self.undone {
            1 => Words::new("the last change is undone", "已撤销上一次修改"),
            2 => Words::new("the change before it is undone too", "再前一次修改也已撤销"),
            n => Words::new(
                format!("change {n} from the last is undone too"),
                format!("倒数第 {n} 次修改也已撤销"),
            ),
        };
        Ok(Applied { state, words })
    }
}

/// The keys of the state that differ, with their new values.
pub(crate) fn delta(before: &State, after: &State) -> Map<String, Value> {
    let object = |state: &State| match serde_json::to_value(StateBody::of(state)) {
        Ok(Value::Object(map)) => map,
        _ => Map::new(),
    };
    let (before, after) = (object(before), object(after));
    let gone = before.keys().filter(|key| !after.contains_key(*key)).map(|key| (key.clone(), Value::Null));
    let gone: Vec<_> = gone.collect();
    let new = after.into_iter().filter(|(key, value)| before.get(key) != Some(value));
    new.chain(gone).collect()
}
