//! One turn of the agent: reads the words, makes the edits stage by stage, tells of it.
//!
//! A turn belongs to the studio, not to the request that began it: when the client goes
//! away it runs on, and its state is saved. A session has one turn at a time; a second one
//! is refused with 409 before it costs anything, because queueing behind a turn that was
//! cut off would hide that turn's result from the client.

mod pace;
mod stages;
mod stream;

use std::panic::AssertUnwindSafe;
use std::sync::Arc;

use bytes::Bytes;
use futures_util::FutureExt;
use tokio::sync::{mpsc, oneshot};

use super::agent::intent::{self, Context, Intent};
use super::agent::{Language, reply};
use super::app::App;
use super::intake;
use super::refusal::Refusal;
use super::render::warnings;
use super::request::User;
use super::store::{Begun, Session, StoreError, Turn, TurnEnd};
use crate::model::edit::Words;
use crate::model::state::State;
use crate::wire::chat::RunRequest;
use crate::wire::credits::{Charge, FirstEdit};
use pace::{Pace, Stopped};
use stages::{Project, Stage};
use stream::Stream;

/// Starts a turn and returns the bytes of its events as they come.
pub(crate) async fn start(
    app: Arc<App>,
    user: User,
    request: RunRequest,
) -> Result<mpsc::Receiver<Bytes>, Refusal> {
    let (answer, answered) = oneshot::channel();
    // A request whose client leaves is dropped wherever it waits; a turn must not be.
    app.tasks.clone().spawn(async move {
        match begin(&app, &user, &request).await {
            Err(refusal) => drop(answer.send(Err(refusal))),
            Ok(begun) => {
                let (stream, bytes) = Stream::new(begun.turn.id, app.clock.clone());
                let _ = answer.send(Ok(bytes));
                finish(&app, begun, stream).await;
            }
        }
    });
    answered.await.unwrap_or(Err(Refusal::Store(StoreError::Stopped)))
}

/// Why a turn ended before its time.
#[derive(Debug, thiserror::Error)]
enum Fault {
    #[error("the studio stops; what the turn did so far is saved")]
    Stopped,
    #[error("the studio's store failed: {0}")]
    Store(#[from] StoreError),
}

impl From<Stopped> for Fault {
    fn from(_: Stopped) -> Self {
        Self::Stopped
    }
}

/// A turn that was taken up and paid for.
struct Work {
    session: Session,
    turn: Turn,
    intent: Intent,
    charge: Option<Charge>,
}

async fn begin(app: &App, user: &User, request: &RunRequest) -> Result<Work, Refusal> {
    user.session(app, &request.session_id).await?;
    let (store, owner) = (&app.store, &app.owner);
    let begun = store.begin_turn(&request.session_id, &request.text, owner.id(), owner.roll(), app.now_ms());
    let Begun::Turn(turn) = begun.await? else { return Err(Refusal::Busy) };
    let prepared = AssertUnwindSafe(prepare(app, user, request, &turn)).catch_unwind().await;
    let prepared = prepared.unwrap_or(Err(Refusal::Agent));
    if prepared.is_err() {
        store.end_turn(&turn, TurnEnd::Failed, app.now_ms()).await?;
    }
    prepared
}

async fn prepare(app: &App, user: &User, request: &RunRequest, turn: &Turn) -> Result<Work, Refusal> {
    // Read only now: nothing else changes the session any more.
    let mut session = user.session(app, &request.session_id).await?;
    session.state.subtitles = intake::subtitles_of(&app.shelf, &session.state.media).await;
    let language = session.language.as_deref().map(Language::from_code).unwrap_or_default();
    let context = Context { state: &session.state, language };
    let intent = intent::read(&request.text, &context);
    let charge = charge_for(&intent);
    if let Some(charge) = charge
        && !app.store.charge_turn(turn, &user.id, charge, app.now_ms()).await?
    {
        let available = app.store.balance(&user.id).await?.available;
        return Err(Refusal::Credits { needed: charge.price(FirstEdit::Due), available });
    }
    Ok(Work { session, turn: turn.clone(), intent, charge })
}

fn charge_for(intent: &Intent) -> Option<Charge> {
    match (intent.generates(), intent.edits.is_empty()) {
        (true, _) => Some(Charge::Generation),
        (false, false) => Some(Charge::Edit),
        (false, true) => None,
    }
}

/// Carries a turn to its end, whatever happens on the way.
async fn finish(app: &App, work: Work, mut stream: Stream) {
    let turn = work.turn.clone();
    let done = AssertUnwindSafe(run(app, work, &mut stream)).catch_unwind().await;
    let (how, fault) = match done {
        Ok(Ok(how)) => (how, None),
        Ok(Err(fault)) => (TurnEnd::Failed, Some(fault.to_string())),
        Err(_) => (TurnEnd::Failed, Some("the agent broke; this is a fault of the studio".to_owned())),
    };
    // Should the store fail here, the turn ends with its studio, and its hold with it.
    let _ = app.store.end_turn(&turn, how, app.now_ms()).await;
    if let Some(fault) = fault {
        stream.fault(&fault);
    }
}

/// What the renderer will miss because of this turn: fonts that the machine does not have.
async fn notes(before: State, after: State) -> Vec<Words> {
    let missing = |state: &State| state.draft.as_ref().map(warnings).unwrap_or_default();
    // Fonts are looked up on disk.
    let looked = tokio::task::spawn_blocking(move || {
        if before.draft == after.draft {
            return Vec::new();
        }
        let known = missing(&before);
        missing(&after).into_iter().filter(|note| !known.contains(note)).collect()
    });
    // A warning that could not be found is none.
    looked.await.unwrap_or_default()
}

async fn run(app: &App, work: Work, stream: &mut Stream) -> Result<TurnEnd, Fault> {
    let Work { session, turn, intent, charge } = work;
    let pace = Pace::of(app, &session, &turn, charge);
    let first = session.state.draft.is_none();
    let earlier = session.state.clone();
    let mut project = Project::open(app, &session, &intent.edits).await?;
    stream.heartbeat();
    let stages = Stage::of(&intent);
    if stages.is_empty() {
        pace.answer(stream).await?;
    }
    let silent = |project: &Project| {
        let clear = intent.not_understood.is_empty() && project.outcomes.iter().all(Result::is_ok);
        pace.silent && project.changed && clear && !first
    };
    let mut told = 0;
    for (at, stage) in stages.iter().enumerate() {
        stream.call(stage.tool(), stage.args());
        pace.stage(stream, at, stages.len()).await?;
        let before = project.state.clone();
        let response = project.carry_out(stage);
        if project.state != before {
            let past = project.past();
            app.store.save(&turn, &project.state, past, app.now_ms()).await?;
        }
        stream.result(stage.tool(), response, stages::delta(&before, &project.state));
        if at + 1 < stages.len() && !silent(&project) {
            stream.text(reply::first_stage(&intent, &project.outcomes));
            told = project.outcomes.len();
        }
    }
    if !silent(&project) {
        stream.text(reply::finished(&intent, &project.outcomes[told..]));
    }
    for note in notes(earlier, project.state.clone()).await {
        stream.text(match intent.language {
            Language::English => format!(" {}", note.en),
            Language::Chinese => note.zh,
        });
    }
    Ok(if project.changed { TurnEnd::Changed } else { TurnEnd::Unchanged })
}
