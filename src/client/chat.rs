//! One paid turn of the agent, to its end. It is sent once: again only after a refusal
//! before anything was executed. When its end was not heard, the state is looked at.

use std::time::Duration;

use futures_util::TryStreamExt;
use reqwest::header::{ACCEPT, CONTENT_TYPE, HeaderMap};
use reqwest::{Method, Response};
use serde_json::value::RawValue;

use crate::client::Client;
use crate::client::error::{Cause, ClientError, Kind};
use crate::client::http::Line;
use crate::client::progress::{Progress, Watcher};
use crate::client::retry::{Call, Reaction, Tally};
use crate::client::sessions::path;
use crate::client::state::Look;
use crate::client::stream::{End, Heard, Listener};
use crate::model::check;
use crate::model::state::State;
use crate::model::summary;
use crate::secret::Secret;
use crate::wire::chat::RunRequest;
use crate::wire::code::Code;
use crate::wire::credits::Credits;
use crate::wire::envelope::Refusal;
use crate::wire::event::{Fault, Weight};
use crate::wire::route;
use crate::wire::text::printable;
use crate::wire::transcript::Transcript;

/// How a turn shall be waited for.
#[derive(Clone, Copy, Debug, Default)]
pub struct TurnOptions {
    /// The most time that the turn's own connection may take; [`super::Delays::turn`] when
    /// none. After it the state is looked at, which takes its own time.
    pub timeout: Option<Duration>,
}

/// A finished turn.
#[derive(Clone, Debug)]
pub struct TurnEnd {
    /// What the agent said, as it said it, safe to print; empty when it said nothing.
    pub raw_text: String,
    /// The tools that it called, in order.
    pub tools: Vec<String>,
    /// What changed in the state, a sentence each.
    pub changes: Vec<String>,
    /// The agent said nothing.
    pub silent: bool,
    /// It found a timeline that it could change.
    pub on_video: bool,
    /// What the session holds now.
    pub after: State,
    /// The credits that the turn cost, when both balances could be read.
    pub credits: Option<f64>,
    /// How long it took.
    pub seconds: f64,
    /// What the backend complained about, although the turn took effect.
    pub complaints: Vec<String>,
    /// The end was not heard, and found by looking at the state.
    pub recovered: bool,
}

impl Client {
    /// Sends the user's words and waits for the turn's end. `before` was taken just before:
    /// it is what the state is compared with.
    ///
    /// # Errors
    /// With `in_doubt` set the turn may have been executed and paid: kinds `network` and
    /// `timeout`. Else it was not executed: `credits`, `session`, `auth`, `rate_limit`,
    /// `network`, `input`; or it ended with an error and changed nothing: `backend`.
    pub async fn turn(
        &self,
        session_id: &str,
        text: &str,
        before: &Look,
        options: TurnOptions,
        watcher: &Watcher,
    ) -> Result<TurnEnd, ClientError> {
        path(Call::Turn, route::STATE, session_id)?;
        if text.trim().is_empty() {
            return Err(ClientError::input(Call::Turn, "there are no words to send", "say what to do"));
        }
        let turn = Turn { client: self, session_id, before, started: self.0.clock.monotonic(), watcher };
        let body = RunRequest { session_id: session_id.to_owned(), text: text.to_owned(), streaming: false };
        let heard = turn.send(&body.to_json(), options.timeout.unwrap_or(self.0.delays.turn)).await?;
        match heard.end {
            // A stream that closed without an event says nothing about the turn.
            End::Closed if heard.transcript.has_substance() => turn.finish(heard.transcript).await,
            _ => turn.recover(heard).await,
        }
    }
}

/// A turn that is under way.
pub(super) struct Turn<'a> {
    pub(super) client: &'a Client,
    pub(super) session_id: &'a str,
    pub(super) before: &'a Look,
    pub(super) started: Duration,
    pub(super) watcher: &'a Watcher,
}

impl Turn<'_> {
    /// Sends the turn until it was accepted, and listens to its end.
    async fn send(&self, body: &str, total: Duration) -> Result<Heard, ClientError> {
        let inner = &self.client.0;
        let mut tally = Tally::default();
        loop {
            let token = self.client.bearer().await?;
            let error = match self.send_once(body, &token, total).await {
                Ok(heard) => return Ok(heard),
                Err(error) => error,
            };
            match tally.reaction(Call::Turn, &error, &inner.delays) {
                Reaction::Again(wait) => {
                    let why = format!("{error}; trying again in {} s", wait.as_secs());
                    (self.watcher)(Progress::Notice(why));
                    inner.clock.sleep(wait).await;
                }
                Reaction::NewToken => self.client.renew(&token, error).await?,
                Reaction::Look => return Ok(Heard::nothing(End::Cut(error.message))),
                Reaction::Fail | Reaction::NewClientId => return Err(error),
            }
        }
    }

    /// Sends the turn. An error means that it was not executed, or may have been (its cause
    /// says which); everything else is for the listener.
    async fn send_once(&self, body: &str, token: &Secret, total: Duration) -> Result<Heard, ClientError> {
        let http = &self.client.0.http;
        let request = http.begin(Line::Fresh, Method::POST, http.url(route::RUN_SSE)?, Some(token))?;
        let request = request
            .header(ACCEPT, "text/event-stream")
            .header(CONTENT_TYPE, "application/json")
            .body(body.to_owned());
        let mut listener = Listener::new(&self.client.0.delays, total, self.watcher);
        let response = match listener.patiently(request.send()).await {
            Ok(response) => response.map_err(|error| self.client.broken(Call::Turn, &error))?,
            Err(end) => return Ok(Heard::nothing(end)),
        };
        if !response.status().is_success() || !is_stream(response.headers()) {
            return self.refusal(response, listener).await;
        }
        let bytes = response.bytes_stream().map_err(|error| self.client.broken(Call::Turn, &error));
        let heard = listener.listen(bytes).await;
        match heard.transcript.faults() {
            [fault] if heard.end == End::Closed && heard.transcript.is_bare_refusal() => {
                Err(self.refused(fault))
            }
            _ => Ok(heard),
        }
    }

    /// An answer that is no stream: an envelope, or a gateway's page.
    async fn refusal(&self, response: Response, mut listener: Listener<'_>) -> Result<Heard, ClientError> {
        let answer = self.client.answer::<Box<RawValue>>(Call::Turn, response);
        match listener.patiently(answer).await {
            // A yes without a stream: whether anything was done, the state says.
            Ok(Ok(_)) => Ok(Heard::nothing(End::Closed)),
            Ok(Err(error)) => Err(error),
            Err(end) => Ok(Heard::nothing(end)),
        }
    }

    fn refused(&self, fault: &Fault) -> ClientError {
        let refusal = Refusal { code: fault.code, status: 200, message: fault.message.clone() };
        self.client.refused(Call::Turn, &refusal, &HeaderMap::new())
    }

    /// A turn whose end was heard: compares the state.
    async fn finish(&self, transcript: Transcript) -> Result<TurnEnd, ClientError> {
        let mut look = match self.client.look(self.session_id).await {
            Ok(look) => look,
            // The turn is over; only what it did is not known yet.
            Err(error) if error.retryable => {
                return self.recover(Heard { transcript, end: End::Cut(error.message) }).await;
            }
            Err(error) => return Err(ClientError { in_doubt: true, ..error }),
        };
        // The turn says that it changed the timeline, the state does not show it: it can be
        // a moment behind.
        if !self.changed(&look) && transcript.touched("draft") {
            self.client.0.clock.sleep(self.client.0.delays.poll_first).await;
            look = self.client.look(self.session_id).await.unwrap_or(look);
        }
        match transcript.broken_by() {
            Some(fault) if !self.changed(&look) => Err(self.failed(fault)),
            _ => Ok(self.end(&transcript, look, false)),
        }
    }

    fn failed(&self, fault: &Fault) -> ClientError {
        if fault.weight == Weight::Refusal || Code::of(fault.code) == Code::NoCredits {
            return self.refused(fault);
        }
        let words = format!("the agent broke off: {}; the project has not changed", fault.message);
        let mut error = ClientError::new(Call::Turn, Kind::Backend, Cause::Garbled, words);
        error.code = fault.code;
        error.hint("say it again, perhaps in other words")
    }

    /// A turn whose end was not heard: looks at the state, again and again, and never sends
    /// anything a second time.
    async fn recover(&self, heard: Heard) -> Result<TurnEnd, ClientError> {
        let inner = &self.client.0;
        let of = u32::try_from(inner.delays.ladder.len()).unwrap_or(u32::MAX);
        (self.watcher)(Progress::Notice(format!("{}; looking at the project", words(&heard.end))));
        let mut last = None;
        for (attempt, wait) in (1..).zip(&inner.delays.ladder) {
            (self.watcher)(Progress::Looking { attempt, of });
            inner.clock.sleep(*wait).await;
            match self.client.look(self.session_id).await {
                Ok(look) if self.is_over(&look, last.as_ref()) => {
                    return Ok(self.end(&heard.transcript, look, true));
                }
                Ok(look) => last = Some(look),
                Err(error) if error.retryable => (),
                Err(error) => return Err(ClientError { in_doubt: true, ..error }),
            }
        }
        match last {
            Some(look) if self.changed(&look) => Ok(self.end(&heard.transcript, look, true)),
            last => Err(self.unknown(&heard.end, last.as_ref())),
        }
    }

    /// The project has changed and changes no more: nothing is held for it or, where the
    /// credits cannot tell, it is as at the last look.
    pub(super) fn is_over(&self, look: &Look, last: Option<&Look>) -> bool {
        let settled = match self.before.credits {
            Some(_) => !self.is_busy(look),
            None => last.is_some_and(|last| last.fingerprint() == look.fingerprint()),
        };
        settled && self.changed(look)
    }

    pub(super) fn changed(&self, look: &Look) -> bool {
        look.fingerprint() != self.before.fingerprint()
    }

    /// Credits are held that were not held before: the turn still runs.
    pub(super) fn is_busy(&self, look: &Look) -> bool {
        matches!((self.before.credits, look.credits), (Some(before), Some(now)) if now.frozen > before.frozen)
    }

    /// The error of a turn of which nothing is to be seen.
    fn unknown(&self, end: &End, look: Option<&Look>) -> ClientError {
        let (kind, cause) = match end {
            End::Closed | End::Cut(_) => (Kind::Network, Cause::Lost),
            End::Dead | End::Stuck | End::TimeUp => (Kind::Timeout, Cause::Lost),
        };
        let seen = look.map_or("and the project could not be looked at", |look| self.seen(look));
        let mut error = ClientError::new(Call::Turn, kind, cause, format!("{}; {seen}", words(end)));
        error.in_doubt = true;
        error.retryable = false;
        error.hint("look at the project again later; send the words again only if it still has not changed")
    }

    /// What is to be seen of a turn that did not change the project.
    pub(super) fn seen(&self, look: &Look) -> &'static str {
        if self.is_busy(look) {
            "the project has not changed, and credits are held: it may still run"
        } else if self.spent(look).is_some_and(|credits| credits > 0.0) {
            "the project has not changed, but credits were taken"
        } else {
            "the project has not changed"
        }
    }

    /// Neither the project nor the credits are other than before. Credits that could not be
    /// read prove nothing.
    pub(super) fn left_no_trace(&self, look: &Look) -> bool {
        let same = matches!((self.before.credits, look.credits), (Some(before), Some(now)) if before == now);
        same && !self.changed(look)
    }

    fn spent(&self, look: &Look) -> Option<f64> {
        let total = |credits: Option<Credits>| credits.map(|credits| credits.total);
        Some(total(self.before.credits)? - total(look.credits)?)
    }

    pub(super) fn end(&self, transcript: &Transcript, look: Look, recovered: bool) -> TurnEnd {
        let text = transcript.text();
        let changes = summary::diff(&self.before.state, &look.state);
        let complaints: Vec<_> = transcript.faults().iter().map(|fault| fault.message.clone()).collect();
        for complaint in &complaints {
            (self.watcher)(Progress::Notice(format!("the agent says: {complaint}")));
        }
        TurnEnd {
            silent: text.is_empty(),
            raw_text: text,
            tools: transcript.tools().to_vec(),
            changes: changes.iter().map(|change| printable(change)).collect(),
            on_video: self.before.state.draft.as_ref().is_some_and(check::exportable),
            credits: self.spent(&look),
            after: look.state,
            seconds: (self.client.0.clock.monotonic() - self.started).as_secs_f64(),
            complaints,
            recovered,
        }
    }
}

/// An answer without a stated type is taken for a stream: that is what was asked for.
fn is_stream(headers: &HeaderMap) -> bool {
    let stated = headers.get(CONTENT_TYPE).and_then(|value| value.to_str().ok()).unwrap_or_default();
    stated.is_empty() || stated.to_ascii_lowercase().starts_with("text/event-stream")
}

fn words(end: &End) -> String {
    match end {
        End::Closed => "the stream closed without a word".to_owned(),
        End::Cut(why) => why.clone(),
        End::Dead => "the connection is dead: not a byte came".to_owned(),
        End::Stuck => "nothing but heartbeats came: the agent seems stuck".to_owned(),
        End::TimeUp => "the turn took longer than its limit".to_owned(),
    }
}
