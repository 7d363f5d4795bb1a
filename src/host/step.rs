//! The journalled call: the only writer of step events.
//!
//! Every effect of a script goes through here, so that it is written before it happens. What
//! a call returns is data that can be read back: that is what makes its record a result.

use std::time::Duration;

use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::Value;
use sha2::{Digest, Sha256};

use crate::host::event::Event as Told;
use crate::host::failure::{Failure, Kind};
use crate::host::run::Run;
use crate::journal::{Class, Event, JournalError, StepId};

/// A call that a script is about to make.
pub(super) struct Call {
    /// The function, such as `chat`.
    pub(super) name: &'static str,
    /// What may be done about it when it stays unfinished.
    pub(super) class: Class,
    /// Everything that the outcome depends on, as data.
    pub(super) args: Value,
}

/// A step that has begun and whose end has yet to be written. Dropped without an end, it stays
/// unfinished in the journal, which is the truth about a call that was stopped.
pub(super) struct Step {
    run: Run,
    id: StepId,
    name: &'static str,
    /// [`crate::clock::Clock::monotonic`] at its beginning.
    began: Duration,
}

/// Makes a call: writes that it begins, does it, writes how it ended.
///
/// # Errors
/// What the effect fails with; `Bug` when the journal cannot write.
pub(super) fn call<T: Serialize + DeserializeOwned>(
    run: &Run,
    call: Call,
    effect: impl FnOnce(&Step) -> Result<T, Failure>,
) -> Result<T, Failure> {
    intended(run, call, || Ok((Value::Null, ())), |step, ()| effect(step))
}

/// Makes a call whose intent is needed to settle it later. `prepare` only looks; what it
/// returns first is written with the beginning, before the first byte of the effect.
///
/// # Errors
/// What either part fails with; `Bug` when the journal cannot write.
pub(super) fn intended<P, T: Serialize + DeserializeOwned>(
    run: &Run,
    call: Call,
    prepare: impl FnOnce() -> Result<(Value, P), Failure>,
    effect: impl FnOnce(&Step, P) -> Result<T, Failure>,
) -> Result<T, Failure> {
    let name = call.name;
    let (intent, prepared) = prepare().map_err(|failure| failure.of_call(name))?;
    let step = Step::begin(run, &call, intent)?;
    let result = effect(&step, prepared);
    step.end(result)
}

impl Step {
    /// Writes that a call begins. For calls that end elsewhere, such as a stream; the others
    /// use [`call`] and [`intended`].
    ///
    /// # Errors
    /// Why the run has ended; `Bug` when the journal cannot write.
    pub(super) fn begin(run: &Run, call: &Call, intent: Value) -> Result<Self, Failure> {
        if let Some(ended) = run.ended() {
            return Err(ended.of_call(call.name));
        }
        let began = run.clock().monotonic();
        let begun = run.journal().begin(run.row(), call.name, hash(&call.args), call.class, intent);
        let id = begun.map_err(|error| unwritten(run, &error))?;
        run.emit(Told::StepBegan { id: id.clone(), name: call.name, class: call.class });
        Ok(Self { run: run.clone(), id, name: call.name, began })
    }

    /// Writes what was learned while the call runs, before it is acted upon.
    ///
    /// # Errors
    /// `Bug` when the journal cannot write.
    pub(super) fn extend(&self, intent: Value) -> Result<(), Failure> {
        let written = self.run.journal().record(&self.id, Event::Extended { intent });
        written.map_err(|error| unwritten(&self.run, &error))
    }

    /// Writes how the call ended and hands the result on.
    ///
    /// # Errors
    /// The call's own failure, named after the call; `Bug` when the journal cannot write.
    pub(super) fn end<T: Serialize>(self, result: Result<T, Failure>) -> Result<T, Failure> {
        let result = result.map_err(|failure| failure.of_call(self.name));
        let event = match &result {
            Ok(value) => Some(Event::Finished { outcome: data(value)? }),
            Err(failure) if failure.kind.catchable() => Some(Event::Failed { failure: data(failure)? }),
            // Stopped, in doubt, out of time: nobody knows how far it got.
            Err(_) => None,
        };
        if let Some(event) = event {
            let written = self.run.journal().record(&self.id, event);
            written.map_err(|error| unwritten(&self.run, &error))?;
        }
        let seconds = self.run.clock().monotonic().saturating_sub(self.began).as_secs_f64();
        let failure = result.as_ref().err().cloned();
        self.run.emit(Told::StepDone { id: self.id, name: self.name, seconds, failure });
        result
    }
}

/// A hash of the arguments that is equal for equal arguments, in every process.
fn hash(args: &Value) -> String {
    let digest = Sha256::digest(args.to_string().as_bytes());
    digest.iter().take(16).map(|byte| format!("{byte:02x}")).collect()
}

fn data(value: &impl Serialize) -> Result<Value, Failure> {
    serde_json::to_value(value).map_err(|error| Failure::new(Kind::Bug, format!("no record: {error}")))
}

/// What is not written cannot be resumed: the whole run ends.
fn unwritten(run: &Run, error: &JournalError) -> Failure {
    let kind = match error {
        JournalError::Full => Kind::Limit,
        JournalError::Illegal(_) => Kind::Bug,
    };
    run.end(Failure::new(kind, error.to_string()))
}
