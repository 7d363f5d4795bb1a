//! Writes the events of one turn as the cloud's agent does.

use bytes::Bytes;
use serde_json::{Map, Value};
use tokio::sync::mpsc;

use crate::clock::Clock;
use crate::wire::event::{self, Actions, Content, Event, Part};
use crate::wire::sse;

/// Events that wait for a client that reads slowly: more than a turn has. A client that
/// falls behind further is as good as gone.
const WAITING_MAX: usize = 256;

const AGENT: &str = "nemo_agent";

/// The writing end of a turn's events.
pub(crate) struct Stream {
    out: mpsc::Sender<Bytes>,
    clock: Clock,
    turn: i64,
    events: u32,
    calls: u32,
}

impl Stream {
    /// Returns the writing end, and what reads the bytes.
    pub(crate) fn new(turn: i64, clock: Clock) -> (Self, mpsc::Receiver<Bytes>) {
        let (out, bytes) = mpsc::channel(WAITING_MAX);
        (Self { out, clock, turn, events: 0, calls: 0 }, bytes)
    }

    /// Says that the turn goes on.
    pub(crate) fn heartbeat(&mut self) {
        self.send(sse::encode(""));
    }

    /// Tells that a tool is called.
    pub(crate) fn call(&mut self, tool: &str, args: Value) {
        self.calls += 1;
        let part = Part::Call { id: self.call_id(), name: tool.to_owned(), args };
        self.event("model", part, Map::new());
    }

    /// Tells what the tool that was called last gave, and which keys of the state it changed.
    pub(crate) fn result(&mut self, tool: &str, response: Value, delta: Map<String, Value>) {
        let part = Part::Response { id: self.call_id(), name: tool.to_owned(), response };
        self.event("user", part, delta);
    }

    /// Speaks to the user.
    pub(crate) fn text(&mut self, words: String) {
        self.event("model", Part::Text(words), Map::new());
    }

    /// Tells that the turn broke.
    pub(crate) fn fault(&mut self, words: &str) {
        self.send(sse::encode(&event::error_frame(words)));
    }

    fn call_id(&self) -> String {
        format!("call-{}-{}", self.turn, self.calls)
    }

    fn event(&mut self, role: &str, part: Part, state_delta: Map<String, Value>) {
        self.events += 1;
        let event = Event {
            id: format!("ev-{}-{}", self.turn, self.events),
            invocation_id: format!("e-{}", self.turn),
            author: AGENT.to_owned(),
            timestamp: self.clock.now_ms() as f64 / 1000.0,
            content: Some(Content { role: role.to_owned(), parts: vec![part] }),
            actions: Actions { state_delta, ..Actions::default() },
            ..Event::default()
        };
        self.send(sse::encode(&event.to_json()));
    }

    fn send(&mut self, text: String) {
        // Nobody may be listening any more; the turn goes on without.
        let _ = self.out.try_send(Bytes::from(text));
    }
}
