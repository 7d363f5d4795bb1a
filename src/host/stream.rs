//! A turn as events, one by one. Who stops listening does not stop the turn: it is heard to
//! its end in the background, and the run's end waits for it.

use std::any::TypeId;
use std::sync::{Arc, Mutex, PoisonError};

use rhai::{Dynamic, EvalAltResult, Map, NativeCallContext};
use tokio::sync::mpsc;

use crate::client::{Progress, Watcher};
use crate::host::chat::{CALL, Heard, Options, Reply};
use crate::host::failure::Failure;
use crate::host::flow::answer;
use crate::host::registry::{Doc, Registry, TypeDoc};
use crate::host::run::Run;
use crate::host::session::Session;
use crate::host::step::{self, Reached};
use crate::host::turn::{self, Turn};
use crate::host::wait;
use crate::journal::Class;

/// A running turn that is listened to. Clones listen to the same turn: each event comes once.
#[derive(Clone)]
pub struct Stream {
    run: Run,
    heard: Arc<Mutex<mpsc::UnboundedReceiver<Next>>>,
    key: u64,
}

/// What comes out of a running turn.
enum Next {
    Event(Box<StreamEvent>),
    Failed(Failure),
}

/// One event of a turn.
#[derive(Clone, Debug)]
pub struct StreamEvent {
    /// `text`, `tool`, `waiting` or `done`.
    pub kind: &'static str,
    /// Words of the agent; of the whole reply at the end.
    pub text: String,
    /// The name of a tool.
    pub tool: String,
    /// Seconds since the turn was sent, while waiting.
    pub seconds: f64,
    /// The finished turn, at the end.
    pub reply: Option<Reply>,
}

const STREAM: TypeDoc =
    TypeDoc { name: "Stream", about: "A running turn; `for e in stream` listens to it", properties: &[] };

const EVENT: TypeDoc = TypeDoc {
    name: "StreamEvent",
    about: "One event of a running turn",
    properties: &[
        ("kind", "\"text\", \"tool\", \"waiting\" or \"done\""),
        ("text", "words of the agent; all of them at the end"),
        ("tool", "the name of a tool, else empty"),
        ("seconds", "how long the turn has been running, while waiting"),
        ("reply", "the `Reply` at the end, else `()`"),
    ],
};

const START: Doc = Doc {
    name: "stream",
    calls: &["s.stream(text)", "s.stream(text, #{timeout})"],
    about: "Says something to the agent and returns its turn as events for a `for` loop. `break` stops listening, \
            not the turn: it is heard to its end in the background, and the run's end waits for it.\n\
            Throws as `chat` does, from the loop.",
    class: Some(Class::Paid),
    example: "let s = session();\nfor e in s.stream(\"make a 4 second video about the sea\") {\n    \
              if e.kind == \"tool\" { print(e.tool); }\n    if e.kind == \"done\" { print(e.reply.text); }\n}",
};

/// Starts a turn and returns what is heard of it.
///
/// # Errors
/// What is wrong before the turn is sent.
pub fn stream(run: &Run, session: &Session, text: &str, options: &Options) -> Result<Stream, Failure> {
    let turn_options = options.turn()?;
    let busy = session.turn(run)?;
    // Unbounded, and bounded all the same: the client limits the text of a turn, and waiting
    // is told once a second.
    let (tell, heard) = mpsc::unbounded_channel();
    let stream = Stream { run: run.clone(), heard: Arc::new(Mutex::new(heard)), key: run.next_key() };
    let turn = match step::reach::<Reply>(run, &turn::call(session, text))? {
        Reached::Settled(result) => {
            replay(run, session, result, &tell);
            return Ok(stream);
        }
        Reached::New(fresh) => Turn::begin(run, session, text, fresh)?,
        Reached::Unfinished(found) => Turn::take_up(run, session, text, found)?,
    };
    let kept = Arc::new(Mutex::new(Vec::new()));
    let watcher = told(run, tell.clone(), kept.clone());
    let (work, key) = (run.clone(), stream.key);
    wait::spawn(run, async move {
        let _busy = busy;
        let take = move || std::mem::take(&mut *kept.lock().unwrap_or_else(PoisonError::into_inner));
        match turn.finish(turn_options, &watcher, take).await {
            // Nobody may be listening any more; the journal has it.
            Ok(reply) => drop(tell.send(Next::Event(Box::new(StreamEvent::done(reply))))),
            Err(failure) => {
                work.leave(key, failure.clone());
                drop(tell.send(Next::Failed(failure)));
            }
        }
    });
    Ok(stream)
}

/// Tells once more what was heard of a recorded turn.
fn replay(
    run: &Run,
    session: &Session,
    recorded: Result<Reply, Failure>,
    tell: &mpsc::UnboundedSender<Next>,
) {
    let end = match recorded {
        Ok(reply) => {
            turn::ended(run, session, &reply, None);
            for heard in &reply.heard {
                drop(tell.send(Next::Event(Box::new(StreamEvent::of(heard)))));
            }
            Next::Event(Box::new(StreamEvent::done(reply)))
        }
        Err(failure) => Next::Failed(failure),
    };
    drop(tell.send(end));
}

/// A watcher that tells the listener and whoever watches the run, and keeps it for a replay.
fn told(run: &Run, tell: mpsc::UnboundedSender<Next>, kept: Arc<Mutex<Vec<Heard>>>) -> Watcher {
    let outer = run.watcher(CALL);
    Arc::new(move |progress| {
        let heard = match &progress {
            Progress::Text(text) => Some(Heard::Text(text.clone())),
            Progress::Tool(tool) => Some(Heard::Tool(tool.clone())),
            Progress::Waiting { seconds } => Some(Heard::Waiting(*seconds as f64)),
            _ => None,
        };
        if let Some(heard) = heard {
            drop(tell.send(Next::Event(Box::new(StreamEvent::of(&heard)))));
            kept.lock().unwrap_or_else(PoisonError::into_inner).push(heard);
        }
        outer(progress);
    })
}

impl StreamEvent {
    fn of(heard: &Heard) -> Self {
        let quiet = |kind| Self { kind, text: String::new(), tool: String::new(), seconds: 0.0, reply: None };
        match heard {
            Heard::Text(text) => Self { text: text.clone(), ..quiet("text") },
            Heard::Tool(tool) => Self { tool: tool.clone(), ..quiet("tool") },
            Heard::Waiting(seconds) => Self { seconds: *seconds, ..quiet("waiting") },
        }
    }

    fn done(reply: Reply) -> Self {
        let (text, seconds) = (reply.text.clone(), reply.seconds);
        Self { kind: "done", text, tool: String::new(), seconds, reply: Some(reply) }
    }
}

impl Iterator for Stream {
    type Item = Result<Dynamic, Box<EvalAltResult>>;

    fn next(&mut self) -> Option<Self::Item> {
        let mut heard = self.heard.lock().unwrap_or_else(PoisonError::into_inner);
        match wait::next(&self.run, &mut heard) {
            Ok(Some(Next::Event(event))) => Some(Ok(Dynamic::from(*event))),
            Ok(Some(Next::Failed(failure))) => {
                self.run.heard_of(self.key);
                Some(Err(failure.into()))
            }
            Ok(None) => None,
            Err(ended) => Some(Err(ended.into())),
        }
    }
}

pub(super) fn register(registry: &mut Registry) {
    type Answer<T> = Result<T, Box<EvalAltResult>>;
    type Context<'a> = NativeCallContext<'a>;
    registry.value::<Stream>(&STREAM, |_| "a running turn".to_owned());
    registry.value::<StreamEvent>(&EVENT, |event| match event.kind {
        "tool" => format!("tool {}", event.tool),
        "waiting" => format!("waiting {} s", event.seconds),
        _ => event.text.clone(),
    });
    registry.getter("kind", |event: &StreamEvent| event.kind.into());
    registry.getter("text", |event: &StreamEvent| event.text.clone().into());
    registry.getter("tool", |event: &StreamEvent| event.tool.clone().into());
    registry.getter("seconds", |event: &StreamEvent| event.seconds.into());
    registry.getter("reply", |event: &StreamEvent| event.reply.clone().map_or(Dynamic::UNIT, Dynamic::from));
    registry.module().set_iter_result(TypeId::of::<Stream>(), |stream| {
        Box::new(stream.try_cast::<Stream>().into_iter().flatten())
    });
    let plain = |ctx: Context<'_>, session: &mut Session, text: &str| -> Answer<Stream> {
        answer(&ctx, |run| stream(run, session, text, &Options::default()))
    };
    registry.function(&START, &["session: Session", "text: string", "Stream"], plain);
    let full = |ctx: Context<'_>, session: &mut Session, text: &str, map: Map| -> Answer<Stream> {
        answer(&ctx, |run| stream(run, session, text, &Options::read("stream", &map)?))
    };
    registry.function(&START, &["session: Session", "text: string", "options: map", "Stream"], full);
}
