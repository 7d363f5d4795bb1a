//! The journalled call: the only writer of step events.
//!
//! Every effect of a script goes through here, so that it is written before it happens. What
//! a call returns is data that can be read back: that is what makes its record a result. A
//! finished step returns its record, whatever it was; one that was left unfinished is handed
//! back to its noun together with what it meant to do.

use std::time::Duration;

use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::Value;
use sha2::{Digest, Sha256};

use crate::host::event::Event as Told;
use crate::host::failure::{Failure, Kind};
use crate::host::row::Row;
use crate::host::run::Run;
use crate::journal::{self, Class, Event, JournalError, Status, StepId};

/// Characters of one argument that a told call keeps.
const ARGUMENT_CHARS_MAX: usize = 80;

/// A call that a script is about to make.
pub(super) struct Call {
    /// The function, such as `chat`.
    pub(super) name: &'static str,
    /// What may be done about it when it stays unfinished.
    pub(super) class: Class,
    /// Everything that the outcome depends on, as data.
    pub(super) args: Value,
}

/// How far a call had come when the script reached it.
pub(super) enum Reached<T> {
    /// It was never made.
    New(Fresh),
    /// It had begun, and its end is not known.
    Unfinished(Unfinished),
    /// It ended: this is its record.
    Settled(Result<T, Failure>),
}

/// A step of which nothing is written yet.
pub(super) struct Fresh {
    run: Run,
    id: StepId,
    name: &'static str,
    call: journal::Call,
    /// [`crate::clock::Clock::monotonic`] when the script came to it.
    reached: Duration,
}

/// A step that has begun and whose end has yet to be written. Dropped without an end, it stays
/// unfinished in the journal, which is the truth about a call that was stopped.
pub(super) struct Step {
    run: Run,
    id: StepId,
    name: &'static str,
    /// When its latest event was written, in milliseconds since 1970.
    written_ms: u64,
    /// [`crate::clock::Clock::monotonic`] when this life came to it.
    reached: Duration,
}

/// A step that an earlier life left without an end.
pub(super) struct Unfinished {
    pub(super) step: Step,
    /// What it meant to do; null when it failed before it knew.
    pub(super) intent: Value,
    /// It failed without an effect, and gets another try.
    pub(super) reopened: bool,
}

/// Makes a call that may be made again whenever its end is not known.
///
/// # Errors
/// What the effect fails with; why the journal ended the run.
pub(super) fn call<T: Serialize + DeserializeOwned>(
    run: &Run,
    call: Call,
    effect: impl FnOnce() -> Result<T, Failure>,
) -> Result<T, Failure> {
    let of_value = call.class == Class::Value;
    match reach(run, &call)? {
        Reached::Settled(result) => result,
        Reached::Unfinished(found) => found.step.end(effect()),
        // Nothing outside changes: its beginning need not be on disk before.
        Reached::New(fresh) if of_value => {
            fresh.tell();
            fresh.settle(effect())
        }
        Reached::New(fresh) => fresh.begin(Value::Null)?.end(effect()),
    }
}

/// Asks the journal where the next call stands.
///
/// # Errors
/// Why the run has ended; `Diverged` as a failure that ends the run.
pub(super) fn reach<T: DeserializeOwned>(run: &Run, call: &Call) -> Result<Reached<T>, Failure> {
    if let Some(ended) = run.ended() {
        return Err(ended.of_call(call.name));
    }
    let recorded = journal::Call {
        name: call.name.to_owned(),
        told: told(call),
        args_hash: hash(&call.args),
        class: call.class,
    };
    let past = run.log().next(Row::current().path(), &recorded).map_err(|error| unwritten(run, &error))?;
    let (id, name, reached) = (past.id, call.name, run.clock().monotonic());
    match past.status {
        Status::New => Ok(Reached::New(Fresh { run: run.clone(), id, name, call: recorded, reached })),
        Status::Running { intent, reopened } => {
            if run.log().is_tape() {
                let error = JournalError::TapeEnds { step: id.to_string(), now: recorded.told };
                return Err(unwritten(run, &error));
            }
            run.emit(Told::StepBegan { id: id.clone(), name, class: call.class });
            let step = Step { run: run.clone(), id, name, written_ms: past.latest_ms, reached };
            Ok(Reached::Unfinished(Unfinished { step, intent, reopened }))
        }
        Status::Finished { outcome, .. } => Ok(Reached::Settled(Ok(read(run, &id, outcome)?))),
        Status::Failed { failure, .. } => Ok(Reached::Settled(Err(read(run, &id, failure)?))),
    }
}

impl Fresh {
    /// Writes that the call begins, with what is needed to settle it later. Nothing of it may
    /// take effect before this returns.
    ///
    /// # Errors
    /// Why the journal ended the run.
    pub(super) fn begin(self, intent: Value) -> Result<Step, Failure> {
        let Self { run, id, name, call, reached } = self;
        let began = Told::StepBegan { id: id.clone(), name, class: call.class };
        run.log().begin(&id, call, intent).map_err(|error| unwritten(&run, &error))?;
        run.emit(began);
        let written_ms = run.clock().now_ms();
        Ok(Step { run, id, name, written_ms, reached })
    }

    /// Hands on what was found before the call begins. What went wrong there is written, too:
    /// a script can catch it, and must see the same when it is run again.
    ///
    /// # Errors
    /// The given failure; why the journal ended the run.
    pub(super) fn prepared<P>(self, found: Result<P, Failure>) -> Result<(Self, P), Failure> {
        match found {
            Ok(found) => Ok((self, found)),
            Err(failure) => Err(match self.settle::<()>(Err(failure)) {
                Ok(()) => Failure::new(Kind::Bug, "a refused call went on"),
                Err(failure) => failure,
            }),
        }
    }

    fn tell(&self) {
        let (id, class) = (self.id.clone(), self.call.class);
        self.run.emit(Told::StepBegan { id, name: self.name, class });
    }

    /// Writes the whole step in one commit.
    fn settle<T: Serialize>(self, result: Result<T, Failure>) -> Result<T, Failure> {
        let Self { run, id, name, call, reached } = self;
        let result = result.map_err(|failure| failure.of_call(name));
        if let Some(end) = end_of(&result, None)? {
            run.log().settled(&id, call, end).map_err(|error| unwritten(&run, &error))?;
        }
        done(&run, id, name, reached, &result);
        result
    }
}

impl Step {
    /// Returns the time since the journal heard of the call; none when the clock has gone
    /// back since.
    pub(super) fn age(&self) -> Duration {
        Duration::from_millis(self.run.clock().now_ms().saturating_sub(self.written_ms))
    }

    /// Writes what was learned while the call runs, before it is acted upon.
    ///
    /// # Errors
    /// Why the journal ended the run.
    pub(super) fn extend(&self, intent: Value) -> Result<(), Failure> {
        let written = self.run.log().record(&self.id, Event::Extended { intent });
        written.map_err(|error| unwritten(&self.run, &error))
    }

    /// Writes how the call ended and hands the result on.
    ///
    /// # Errors
    /// The call's own failure, named after the call; why the journal ended the run.
    pub(super) fn end<T: Serialize>(self, result: Result<T, Failure>) -> Result<T, Failure> {
        self.end_priced(result, |_| None)
    }

    /// Does as [`Step::end`], for a call that takes credits.
    ///
    /// # Errors
    /// As [`Step::end`].
    pub(super) fn end_priced<T: Serialize>(
        self,
        result: Result<T, Failure>,
        price: impl FnOnce(&T) -> Option<f64>,
    ) -> Result<T, Failure> {
        let result = result.map_err(|failure| failure.of_call(self.name));
        let credits = result.as_ref().ok().and_then(price);
        if let Some(event) = end_of(&result, credits)? {
            let written = self.run.log().record(&self.id, event);
            written.map_err(|error| unwritten(&self.run, &error))?;
        }
        done(&self.run, self.id, self.name, self.reached, &result);
        result
    }
}

/// Tells that a call came to its end.
fn done<T>(run: &Run, id: StepId, name: &'static str, reached: Duration, result: &Result<T, Failure>) {
    let seconds = run.clock().monotonic().saturating_sub(reached).as_secs_f64();
    run.emit(Told::StepDone { id, name, seconds, failure: result.as_ref().err().cloned() });
}

/// The event of a result; none for one that leaves open how far the call got: stopped, in
/// doubt, out of time.
fn end_of<T: Serialize>(result: &Result<T, Failure>, credits: Option<f64>) -> Result<Option<Event>, Failure> {
    Ok(match result {
        Ok(value) => Some(Event::Finished { outcome: data(value)?, credits }),
        Err(failure) if failure.kind.catchable() => Some(Event::Failed { failure: data(failure)? }),
        Err(_) => None,
    })
}

/// A hash of the arguments that is equal for equal arguments, in every process.
fn hash(args: &Value) -> String {
    digest(&args.to_string())
}

/// Half of a SHA-256, in hexadecimal digits.
pub(super) fn digest(text: &str) -> String {
    hex(&Sha256::digest(text.as_bytes())[..16])
}

/// Bytes as hexadecimal digits.
pub(super) fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

/// The call as a person reads it: its arguments without their names, each cut short.
fn told(call: &Call) -> String {
    let arguments = call.args.as_object().into_iter().flatten();
    let arguments = arguments.filter(|(key, value)| *key != "session" && !value.is_null());
    let cut = |value: &Value| {
        let text = value.to_string();
        match text.char_indices().nth(ARGUMENT_CHARS_MAX) {
            Some((end, _)) => format!("{}..", &text[..end]),
            None => text,
        }
    };
    let arguments: Vec<String> = arguments.map(|(_, value)| cut(value)).collect();
    format!("{}({})", call.name, arguments.join(", "))
}

fn data(value: &impl Serialize) -> Result<Value, Failure> {
    serde_json::to_value(value).map_err(|error| Failure::new(Kind::Bug, format!("no record: {error}")))
}

fn read<T: DeserializeOwned>(run: &Run, id: &StepId, record: Value) -> Result<T, Failure> {
    serde_json::from_value(record).map_err(|error| {
        let words = format!("the record of step {id} cannot be read: {error}");
        unwritten(run, &JournalError::Damaged(words))
    })
}

/// What is not written cannot be gone on with: the whole run ends.
pub(super) fn unwritten(run: &Run, error: &JournalError) -> Failure {
    run.end(error.into())
}
