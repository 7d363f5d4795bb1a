//! A turn as events, one by one. Who stops listening does not stop the turn: it is heard to
//! its end in the background, and the run's end waits for it.

use std::any::TypeId;
use std::sync::{Arc, Mutex, PoisonError};

use rhai::{Dynamic, EvalAltResult, Map, NativeCallContext};
use tokio::sync::mpsc;

use crate::client::{Progress, Watcher};
use crate::host::chat::{self, Options, Reply};
use crate::host::failure::Failure;
use crate::host::flow::answer;
use crate::host::registry::{Doc, Registry, TypeDoc};
use crate::host::run::Run;
use crate::host::session::Session;
use crate::host::step::Step;
use crate::host::wait;
use crate::journal::Class;

/// The name of its steps in progress events: a stream is a turn.
const CALL: &str = "chat";

/// A running turn that is listened to. Clones listen to the same turn: each event comes once.
#[derive(Clone)]
pub struct Stream {
    run: Run,
    heard: Arc<Mutex<mpsc::UnboundedReceiver<Heard>>>,
    key: u64,
}

/// What comes out of a running turn.
enum Heard {
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
    let turn = session.turn(run)?;
    let (intent, look) = chat::before(run, session).map_err(|failure| failure.of_call(CALL))?;
    let step = Step::begin(run, &chat::call(session, text), intent)?;
    // Unbounded, and bounded all the same: the client limits the text of a turn, and waiting
    // is told once a second.
    let (tell, heard) = mpsc::unbounded_channel();
    let key = run.next_key();
    let (watcher, words) = (told(run, tell.clone()), text.to_owned());
    let (session, work) = (session.clone(), run.clone());
    wait::spawn(run, async move {
        let _turn = turn;
        let client = session.client();
        let end = client.turn(session.id(), &words, &look, turn_options, &watcher).await;
        let result = step.end(end.map(|end| chat::finished(&work, CALL, &end)).map_err(Failure::from));
        match result {
            // Nobody may be listening any more; the journal has it.
            Ok(reply) => drop(tell.send(Heard::Event(Box::new(StreamEvent::done(reply))))),
            Err(failure) => {
                work.leave(key, failure.clone());
                drop(tell.send(Heard::Failed(failure)));
            }
        }
    });
    Ok(Stream { run: run.clone(), heard: Arc::new(Mutex::new(heard)), key })
}

/// A watcher that tells the listener and whoever watches the run.
fn told(run: &Run, tell: mpsc::UnboundedSender<Heard>) -> Watcher {
    let outer = run.watcher(CALL);
    Arc::new(move |progress| {
        let event = match &progress {
            Progress::Text(text) => Some(StreamEvent { text: text.clone(), ..StreamEvent::of("text") }),
            Progress::Tool(tool) => Some(StreamEvent { tool: tool.clone(), ..StreamEvent::of("tool") }),
            Progress::Waiting { seconds } => {
                Some(StreamEvent { seconds: *seconds as f64, ..StreamEvent::of("waiting") })
            }
            _ => None,
        };
        if let Some(event) = event {
            drop(tell.send(Heard::Event(Box::new(event))));
        }
        outer(progress);
    })
}

impl StreamEvent {
    fn of(kind: &'static str) -> Self {
        Self { kind, text: String::new(), tool: String::new(), seconds: 0.0, reply: None }
    }

    fn done(reply: Reply) -> Self {
        Self { text: reply.text.clone(), seconds: reply.seconds, reply: Some(reply), ..Self::of("done") }
    }
}

impl Iterator for Stream {
    type Item = Result<Dynamic, Box<EvalAltResult>>;

    fn next(&mut self) -> Option<Self::Item> {
        let mut heard = self.heard.lock().unwrap_or_else(PoisonError::into_inner);
        match wait::next(&self.run, &mut heard) {
            Ok(Some(Heard::Event(event))) => Some(Ok(Dynamic::from(*event))),
            Ok(Some(Heard::Failed(failure))) => {
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
