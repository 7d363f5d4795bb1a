//! Looks at a project: its state, its draft, its timeline in words.

use std::sync::Arc;

use rhai::{Array, Dynamic, EvalAltResult, Map, NativeCallContext};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use crate::host::draft::Draft;
use crate::host::failure::{Failure, Kind};
use crate::host::flow::answer;
use crate::host::json;
use crate::host::registry::{Doc, Registry, TypeDoc};
use crate::host::run::Run;
use crate::host::session::Session;
use crate::host::step::{self, Call};
use crate::host::upload::Media;
use crate::host::wait;
use crate::journal::Class;
use crate::model;
use crate::model::state::Canvas;
use crate::model::{check, summary};

/// A snapshot of a project: it does not change.
#[derive(Clone, Debug)]
pub struct State(Arc<model::state::State>);

/// What the journal keeps of a snapshot; the draft as its own text, byte for byte.
#[derive(Serialize, Deserialize)]
pub(super) struct Record {
    draft: Option<String>,
    media: Vec<Media>,
    generated: Vec<Value>,
    canvas: Option<(u32, u32)>,
}

const STATE: TypeDoc = TypeDoc {
    name: "State",
    about: "A snapshot of the project",
    properties: &[
        ("draft", "the timeline; a draft of its own"),
        ("tracks", "the tracks of the timeline"),
        ("seconds", "the length of the timeline"),
        ("media", "what was uploaded, an array of `Media`"),
        ("generated", "what the agent made, as the backend describes it"),
        ("canvas", "`#{width, height}` in pixels, or `()`"),
        ("exportable", "whether there is anything to export"),
    ],
};

const LOOK: Doc = Doc {
    name: "state",
    calls: &["s.state()"],
    about: "Returns a snapshot of the project.\nThrows `session` when the session is gone.",
    class: Some(Class::Read),
    example: "let s = session();\nlet now = s.state();\nprint(now.exportable);\nprint(now);",
};

const DRAFT: Doc = Doc {
    name: "draft",
    calls: &["s.draft()"],
    about: "Returns the timeline as it is now, to be changed and exported; each call returns a fresh one. Empty \
            before anything was made.",
    class: Some(Class::Read),
    example: "let d = session().draft();\nprint(d.tracks.len);",
};

const TIMELINE: Doc = Doc {
    name: "timeline",
    calls: &["s.timeline()"],
    about: "Returns the timeline in one line of words.",
    class: Some(Class::Read),
    example: "print(session().timeline());",
};

impl State {
    pub(super) fn new(state: model::state::State) -> Self {
        Self(Arc::new(state))
    }

    /// Returns what the project holds.
    pub fn get(&self) -> &model::state::State {
        &self.0
    }

    /// Returns a draft of its own; empty before anything was made.
    pub fn draft(&self) -> Draft {
        let empty = || model::draft::Draft::from_object(serde_json::Map::new());
        Draft::new(self.0.draft.clone().unwrap_or_else(empty))
    }
}

impl Record {
    pub(super) fn of(state: &model::state::State) -> Self {
        Self {
            draft: state.draft.as_ref().map(|draft| draft.to_json().into_owned()),
            media: state.media.iter().map(Media::of).collect(),
            generated: state.generated.clone(),
            canvas: state.canvas.map(|canvas| (canvas.width, canvas.height)),
        }
    }

    pub(super) fn state(self) -> Result<model::state::State, Failure> {
        let draft = self.draft.map(|text| model::draft::Draft::parse(&text)).transpose();
        let draft = draft.map_err(|error| Failure::new(Kind::Backend, error.to_string()))?;
        let canvas = self.canvas.map(|(width, height)| Canvas { width, height });
        let media = self.media.iter().map(Media::item).collect();
        Ok(model::state::State { draft, media, generated: self.generated, canvas, subtitles: Vec::new() })
    }
}

/// Looks at a project.
///
/// # Errors
/// `Session` when it is gone.
pub fn state(run: &Run, session: &Session) -> Result<State, Failure> {
    look(run, session, "state")
}

/// Returns the timeline as it is now.
///
/// # Errors
/// `Session` when it is gone.
pub fn draft(run: &Run, session: &Session) -> Result<Draft, Failure> {
    Ok(look(run, session, "draft")?.draft())
}

/// Returns the timeline in one line of words.
///
/// # Errors
/// `Session` when it is gone.
pub fn timeline(run: &Run, session: &Session) -> Result<String, Failure> {
    Ok(summary::line_of(look(run, session, "timeline")?.get()))
}

fn look(run: &Run, session: &Session, name: &'static str) -> Result<State, Failure> {
    let call = Call { name, class: Class::Read, args: json!({ "session": session.id() }) };
    let record = step::call(run, call, || {
        let session = session.clone();
        let snapshot = wait::block_on(run, move || async move {
            session.client().snapshot(session.id()).await.map_err(Failure::from)
        })?;
        Ok(Record::of(&snapshot.state))
    })?;
    Ok(State::new(record.state()?))
}

pub(super) fn register(registry: &mut Registry) {
    type Answer<T> = Result<T, Box<EvalAltResult>>;
    type Context<'a> = NativeCallContext<'a>;
    registry.value::<State>(&STATE, |state| summary::line_of(state.get()));
    registry.getter("draft", |state: &State| Dynamic::from(state.draft()));
    registry.getter("tracks", |state: &State| Dynamic::from(state.draft().tracks()));
    registry.getter("seconds", |state: &State| state.get().duration().seconds().into());
    registry.getter("media", |state: &State| {
        state.get().media.iter().map(|item| Dynamic::from(Media::of(item))).collect::<Array>().into()
    });
    registry.getter("generated", |state: &State| {
        state.get().generated.iter().map(json::to_script).collect::<Array>().into()
    });
    registry.getter("canvas", |state: &State| {
        let side = |pixels: u32| Dynamic::from(i64::from(pixels));
        let map = |canvas: Canvas| {
            Map::from_iter([("width".into(), side(canvas.width)), ("height".into(), side(canvas.height))])
        };
        state.get().canvas().map_or(Dynamic::UNIT, |canvas| map(canvas).into())
    });
    registry.getter("exportable", |state: &State| {
        state.get().draft.as_ref().is_some_and(check::exportable).into()
    });
    let looked = |ctx: Context<'_>, session: &mut Session| -> Answer<State> {
        answer(&ctx, |run| state(run, session))
    };
    registry.function(&LOOK, &["session: Session", "State"], looked);
    let drafted = |ctx: Context<'_>, session: &mut Session| -> Answer<Draft> {
        answer(&ctx, |run| draft(run, session))
    };
    registry.function(&DRAFT, &["session: Session", "Draft"], drafted);
    let told = |ctx: Context<'_>, session: &mut Session| -> Answer<String> {
        answer(&ctx, |run| timeline(run, session))
    };
    registry.function(&TIMELINE, &["session: Session", "string"], told);
}
