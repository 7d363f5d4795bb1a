//! A turn in the journal: what is written before it is sent, and how one is settled of which
//! nobody heard the end. It costs credits, so it is never sent again in doubt.

use std::sync::Arc;
use std::time::Duration;

use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use tokio::sync::OwnedSemaphorePermit;

use crate::client::{Credits, Look, Progress, Settled, TurnEnd, TurnOptions, Watcher};
use crate::host::chat::{CALL, Heard, Reply};
use crate::host::event::Event;
use crate::host::failure::{Failure, Kind};
use crate::host::means::Held;
use crate::host::run::{Left, Run};
use crate::host::session::Session;
use crate::host::setup::Verdict;
use crate::host::state::Record;
use crate::host::step::{Call, Fresh, Step, Unfinished, unwritten};
use crate::host::wait;
use crate::journal::{Class, SCRIPT_ROW, Status};
use crate::model::draft::Draft;
use crate::model::{check, summary};
use crate::talk::gui;
use crate::wire::credits::Charge;

/// What the journal keeps of a turn that the user gave up, in place of the project before.
const GIVEN_UP: &str = "given up";

/// How long a turn waits for a process that sleeps before anything was seen of it.
const SHADOW_MAX: Duration = Duration::from_secs(600);
/// How often it is looked at meanwhile.
const SHADOW_POLL: Duration = Duration::from_secs(2);

/// What the journal keeps of the project before a turn: all that tells afterwards whether the
/// turn took effect, and what it changed.
#[derive(Serialize, Deserialize)]
struct Before {
    state: Record,
    credits: Option<Credits>,
}

/// What is to be done about a turn.
pub(super) enum Job {
    /// Send it: this is the project before.
    Send(Look),
    /// Nothing: the user says that what the project holds now is its result.
    Adopt(Look),
    /// An earlier life began it, from this project, so long ago: find out what became of it.
    Settle(Look, Duration),
    /// Send it: it is certain that it was not carried out.
    Again,
    /// Nothing: the user gives it up.
    GiveUp,
}

/// A turn whose beginning is on disk.
pub(super) struct Turn {
    run: Run,
    session: Session,
    words: String,
    step: Step,
    job: Job,
    paying: Paying,
}

/// How a turn is paid.
struct Paying {
    /// Turns of others go on under the same account: a change of the balance says nothing.
    shared: bool,
    /// Its price, set aside.
    held: Option<Held>,
    /// Its place among the turns that may go on at once.
    _place: Option<OwnedSemaphorePermit>,
}

impl Paying {
    fn of(run: &Run) -> Self {
        // Rows of a script go on at the same time.
        let shared = run.means().is_shared() || run.row() != SCRIPT_ROW;
        Self { shared, held: None, _place: None }
    }

    /// A look whose credits are left out where they would prove nothing.
    fn looked(&self, look: Look) -> Look {
        Look { credits: look.credits.filter(|_| !self.shared), ..look }
    }
}

/// The call of a turn.
pub(super) fn call(session: &Session, words: &str) -> Call {
    Call { name: CALL, class: Class::Paid, args: json!({ "session": session.id(), "text": words }) }
}

impl Turn {
    /// Writes that a new turn begins, after a look at the project.
    ///
    /// # Errors
    /// What looking fails with; `Limit` for a turn that cannot be afforded; `InDoubt` when
    /// the project is not as the journal left it.
    pub(super) fn begin(run: &Run, session: &Session, words: &str, fresh: Fresh) -> Result<Self, Failure> {
        let mut paying = Paying::of(run);
        let (looked, means) = (session.clone(), Arc::clone(run.means()));
        // Its place comes first: a turn that only waits for one must not be in doubt.
        let look = wait::block_on(run, move || async move {
            let place = means.turn().await;
            Ok((looked.client().look(looked.id()).await?, place))
        });
        let (fresh, (look, place)) = fresh.prepared(look)?;
        let look = paying.looked(look);
        paying._place = place;
        let (fresh, job) = fresh.prepared(unless_changed(run, session, look))?;
        let known = match &job {
            Job::Send(look) => {
                paying.held = Some(run.afford(price(run, session, look))?);
                intent(look)?
            }
            Job::Adopt(look) => intent(look)?,
            Job::Settle(..) | Job::Again | Job::GiveUp => Value::Null,
        };
        let step = fresh.begin(known)?;
        Ok(Self { run: run.clone(), session: session.clone(), words: words.to_owned(), step, job, paying })
    }

    /// Takes up a turn that an earlier life began.
    ///
    /// # Errors
    /// Its record cannot be read.
    pub(super) fn take_up(
        run: &Run,
        session: &Session,
        words: &str,
        found: Unfinished,
    ) -> Result<Self, Failure> {
        let Unfinished { step, intent, reopened } = found;
        let unread = |error: &dyn std::fmt::Display| {
            run.end(Failure::new(Kind::Journal, format!("the record of a turn cannot be read: {error}")))
        };
        let (given_up, paying) = (intent == json!(GIVEN_UP), Paying::of(run));
        let job = match run.verdict() {
            Some(Verdict::Repeat) => Job::Again,
            Some(Verdict::Fail) => Job::GiveUp,
            // What the user gave up is sent again on the user's word only.
            None if given_up => Job::GiveUp,
            // It failed, and is known to have had no effect.
            None if reopened => Job::Again,
            verdict => {
                let found = serde_json::from_value(intent);
                let Before { state, credits } = found.map_err(|error| unread(&error))?;
                let state = state.state().map_err(|error| unread(&error))?;
                let before = paying.looked(Look { state, credits });
                let adopt = verdict == Some(Verdict::Adopt);
                if adopt { Job::Adopt(before) } else { Job::Settle(before, step.age()) }
            }
        };
        Ok(Self { run: run.clone(), session: session.clone(), words: words.to_owned(), step, job, paying })
    }

    /// Brings the turn to its end and writes that.
    ///
    /// # Errors
    /// What the turn fails with; `InDoubt` when nobody knows.
    pub(super) async fn finish(
        self,
        options: TurnOptions,
        watcher: &Watcher,
        heard: impl FnOnce() -> Vec<Heard> + Send,
    ) -> Result<Reply, Failure> {
        let (run, session) = (self.run.clone(), self.session.clone());
        let mut paying = self.paying;
        let sending = Sending { run: &run, session: &session, words: &self.words, options, watcher };
        let result = sending.done(&self.step, self.job, &mut paying).await;
        let credits =
            |end: &TurnEnd| end.credits.or_else(|| paying.shared.then(|| charged(&run, &session, end)));
        let result = result.map(|end| Reply { heard: heard(), credits: credits(&end), ..reply(&run, &end) });
        if result.as_ref().is_err_and(|failure| failure.kind == Kind::InDoubt) {
            paying.held.take().into_iter().for_each(Held::doubt);
        }
        let reply = self.step.end_priced(result, |reply| reply.credits)?;
        let held = paying.held.unwrap_or_else(|| run.means().unpriced());
        ended(&run, &session, &reply, Some(held));
        Ok(reply)
    }
}

/// What a turn is charged for by the documented prices, where the balance does not tell: one
/// that changed nothing is free.
fn charged(run: &Run, session: &Session, end: &TurnEnd) -> f64 {
    let charge = if end.on_video { Charge::Edit } else { Charge::Generation };
    if end.changes.is_empty() { 0.0 } else { charge.price(run.first_edit(session.id())) }
}

/// Counts what a turn took, and how it left the project; also when its record is replayed.
pub(super) fn ended(run: &Run, session: &Session, reply: &Reply, held: Option<Held>) {
    let credits = reply.credits.unwrap_or(0.0).max(0.0);
    run.add_spent(credits, held);
    if reply.on_video && Charge::of(credits) == Some(Charge::Edit) {
        run.set_edited(session.id());
    }
    run.set_left(session.id(), Left::Print(reply.left.clone()));
}

/// Returns the timeline as it was before the last turn of this run.
///
/// # Errors
/// `Input` when there was no turn.
pub fn before_last_turn(run: &Run) -> Result<Draft, Failure> {
    let steps = run.log().reached(SCRIPT_ROW);
    let intents = steps.into_iter().rev().filter(|step| step.call.name == CALL);
    let intent = intents.into_iter().find_map(|step| match step.status {
        Status::Finished { intent, .. } => Some(intent),
        _ => None,
    });
    let none = || Failure::input("there was no turn that could be undone");
    let before: Before = intent.and_then(|intent| serde_json::from_value(intent).ok()).ok_or_else(none)?;
    Ok(before.state.state()?.draft.unwrap_or_else(|| Draft::from_object(serde_json::Map::new())))
}

/// What goes to the agent, and on whose behalf.
struct Sending<'a> {
    run: &'a Run,
    session: &'a Session,
    words: &'a str,
    options: TurnOptions,
    watcher: &'a Watcher,
}

impl Sending<'_> {
    async fn done(&self, step: &Step, job: Job, paying: &mut Paying) -> Result<TurnEnd, Failure> {
        let (client, id, watcher) = (self.session.client(), self.session.id(), self.watcher);
        let (before, age) = match job {
            Job::Send(look) => return self.send(&look).await,
            Job::Adopt(look) => return Ok(client.adopt_turn(id, &look, watcher).await?),
            Job::GiveUp => {
                step.extend(json!(GIVEN_UP))?;
                let words = "the turn is given up: nobody knows whether it took effect";
                return Err(
                    Failure::new(Kind::Backend, words).hint("`reel resume RUN --repeat` sends it again")
                );
            }
            Job::Again => return self.again(step, paying).await,
            Job::Settle(before, age) => (before, age),
        };
        watcher(Progress::Notice(
            "a turn was under way when the run broke off; looking at the project".to_owned(),
        ));
        match self.settled(&before, age).await? {
            Settled::Done(end) => {
                watcher(Progress::Notice("the turn took effect; it is not sent again".to_owned()));
                Ok(*end)
            }
            Settled::NotStarted => {
                watcher(Progress::Notice("the turn was never carried out; sending it now".to_owned()));
                self.again(step, paying).await
            }
            Settled::Unknown(seen) => {
                let words =
                    format!("a turn was under way when the run broke off, and nobody knows its end: {seen}");
                Err(Failure::new(Kind::InDoubt, words))
            }
        }
    }

    /// Finds out what became of a turn that an earlier life began. While a process lives that
    /// lost this run only by time, it may wake up and send what it wrote down: then nobody else
    /// must.
    async fn settled(&self, before: &Look, age: Duration) -> Result<Settled, Failure> {
        let (run, client, id) = (self.run, self.session.client(), self.session.id());
        let until = run.clock().monotonic() + SHADOW_MAX;
        loop {
            // Asked before the look: what it sends later is seen, what it sent before as well.
            let shadowed = run.log().is_shadowed().map_err(|error| unwritten(run, &error))?;
            let settled = client.settle_turn(id, before, age, self.watcher).await?;
            if !shadowed || !matches!(settled, Settled::NotStarted) {
                return Ok(settled);
            }
            if run.clock().monotonic() >= until {
                let seen = "the process that began it sleeps and may yet send it".to_owned();
                return Ok(Settled::Unknown(seen));
            }
            run.clock().sleep(SHADOW_POLL).await;
        }
    }

    /// Sends a turn of which it is certain that it was not carried out.
    async fn again(&self, step: &Step, paying: &mut Paying) -> Result<TurnEnd, Failure> {
        paying._place = self.run.means().turn().await;
        let look = paying.looked(self.session.client().look(self.session.id()).await?);
        paying.held = Some(self.run.afford(price(self.run, self.session, &look))?);
        step.extend(intent(&look)?)?;
        self.send(&look).await
    }

    async fn send(&self, look: &Look) -> Result<TurnEnd, Failure> {
        let (client, id) = (self.session.client(), self.session.id());
        Ok(client.turn(id, self.words, look, self.options, self.watcher).await?)
    }
}

/// What to do about a new turn of a run that goes on. When the project is not as the journal
/// left it, the journal may have lost its end, and this very turn may have been paid for.
fn unless_changed(run: &Run, session: &Session, look: Look) -> Result<Job, Failure> {
    let as_left = match run.left(session.id()) {
        _ if !run.log().is_resumed() => true,
        Left::Unknown => true,
        Left::Empty => !look.state.draft.as_ref().is_some_and(check::exportable),
        Left::Print(print) => print == look.state.timeline_print(),
    };
    if as_left {
        return Ok(Job::Send(look));
    }
    match run.verdict() {
        Some(Verdict::Repeat) => Ok(Job::Send(look)),
        Some(Verdict::Adopt) => Ok(Job::Adopt(look)),
        Some(Verdict::Fail) => Ok(Job::GiveUp),
        None => {
            let words = "the project is not as the last recorded turn left it: somebody changed it, or the \
                         journal has lost its end";
            Err(run.end(Failure::new(Kind::InDoubt, words)))
        }
    }
}

fn intent(look: &Look) -> Result<Value, Failure> {
    let before = Before { state: Record::of(&look.state), credits: look.credits };
    serde_json::to_value(before).map_err(|error| Failure::new(Kind::Bug, format!("no record: {error}")))
}

/// The documented price of a turn that finds the project so.
fn price(run: &Run, session: &Session, look: &Look) -> f64 {
    let made = look.state.draft.as_ref().is_some_and(check::exportable);
    let charge = if made { Charge::Edit } else { Charge::Generation };
    charge.price(run.first_edit(session.id()))
}

/// Puts the end of a turn into the words of a script.
fn reply(run: &Run, end: &TurnEnd) -> Reply {
    for complaint in &end.complaints {
        run.emit(Event::Progress { call: CALL, progress: Progress::Notice(complaint.clone()) });
    }
    let said = gui::translate(&end.raw_text, &gui::Place::Script);
    let text = if end.silent || said.text.trim().is_empty() { summed_up(end) } else { said.text };
    Reply {
        text,
        silent: end.silent,
        changes: end.changes.clone(),
        tools: end.tools.clone(),
        seconds: end.seconds,
        credits: end.credits,
        on_video: end.on_video,
        raw_text: end.raw_text.clone(),
        suggests_export: said.suggests_export,
        looks: said.looks,
        balance: said.balance,
        left: end.after.timeline_print(),
        heard: Vec::new(),
        video: None,
    }
}

/// What a turn did, for an agent that says nothing.
fn summed_up(end: &TurnEnd) -> String {
    if end.changes.is_empty() {
        return "the turn is over; the timeline has not changed".to_owned();
    }
    format!("{}\n{}", end.changes.join("\n"), summary::line_of(&end.after))
}
