//! The log of one run, in the hands of the process that goes on with it.

mod tail;
#[cfg(test)]
mod tests;

use std::collections::{BTreeMap, VecDeque};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use serde_json::Value;

use super::{
    Call, ENTRIES_MAX, Ending, Entry, Event, Journal, JournalError, Lease, Line, LineKind, Memory, NewRun,
    RunId, RunState, Status, StepId, Written,
};
use crate::clock::Clock;

/// Lines and files wait for the next commit, but no more of them than this.
const WAITING_MAX: usize = 1_000;

/// What a run does that comes to recorded steps and lines.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Replay {
    /// It goes on: recorded lines were shown before, and stay unsaid.
    Resume,
    /// It goes on where a failed call ended it: that call gets another try.
    Retry,
    /// It shows all that was recorded once more, and makes no call of its own.
    Tape,
}

/// One step as the log has it.
#[derive(Clone, Debug, PartialEq)]
pub struct Step {
    /// Which one.
    pub id: StepId,
    /// What was called.
    pub call: Call,
    /// Where it stands.
    pub status: Status,
    /// When it began, in milliseconds since 1970.
    pub began_ms: u64,
    /// When its last event was written.
    pub latest_ms: u64,
    /// Credits that it took, when that is known.
    pub credits: Option<f64>,
}

/// What a run did.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Story {
    /// Its steps, in the order in which they began.
    pub steps: Vec<Step>,
    /// The lines of its script, in order.
    pub lines: Vec<Line>,
    /// The files that it made, in order.
    pub files: Vec<String>,
}

/// Where the next call of a row stands.
#[derive(Clone, Debug, PartialEq)]
pub struct Past {
    /// The step that it is.
    pub id: StepId,
    /// Where that step stands; new when it was never reached.
    pub status: Status,
    /// When its latest event was written, in milliseconds since 1970; 0 for a new one.
    pub latest_ms: u64,
}

/// The log of one run. Shared by the threads of the run.
pub struct RunLog {
    journal: Arc<dyn Journal>,
    lease: Lease,
    clock: Clock,
    replay: Replay,
    /// Steps were there when it was opened.
    resumed: bool,
    /// It is the log of a row, which is kept however the row ended.
    of_row: bool,
    kept: Mutex<Kept>,
}

/// When a commit must have reached the disk.
#[derive(Clone, Copy)]
enum OnDisk {
    Now,
    /// Nothing outside changed, and the beginning of whatever does comes behind it.
    WithNext,
}

#[derive(Default)]
struct Kept {
    /// Entries that are in the journal.
    written: u64,
    /// Boxed: a leaf of the map has room for eleven, and a row of a batch takes two or three.
    steps: BTreeMap<StepId, Box<Step>>,
    /// Steps in the order in which they began.
    order: Vec<StepId>,
    /// The next number of each row.
    next: BTreeMap<String, u64>,
    /// Lines of earlier lives that this one has not come to, by row.
    unsaid: BTreeMap<String, VecDeque<Line>>,
    lines: Vec<Line>,
    files: Vec<String>,
    inputs: Vec<String>,
    /// This life was typed into.
    typed: bool,
    /// What rides on the next commit.
    waiting: Vec<Entry>,
}

impl RunLog {
    /// Opens the log of a run: reads what was written, by the same rules as what will be.
    ///
    /// # Errors
    /// The journal is damaged, or a recorded event is not legal.
    pub fn open(
        journal: Arc<dyn Journal>,
        lease: Lease,
        clock: Clock,
        replay: Replay,
    ) -> Result<Self, JournalError> {
        let mut kept = Kept::default();
        for written in journal.entries(lease.run())? {
            kept.written += 1;
            kept.read(written)?;
        }
        if replay == Replay::Retry {
            kept.reopen(clock.now_ms())?;
        }
        let resumed = !kept.steps.is_empty();
        Ok(Self { journal, lease, clock, replay, resumed, of_row: false, kept: Mutex::new(kept) })
    }

    /// Makes it the log of a batch's row, which is kept also when the row did nothing.
    #[must_use]
    pub fn of_row(self) -> Self {
        Self { of_row: true, ..self }
    }

    /// Makes the log of a run that nobody will go on with.
    pub fn in_memory(clock: Clock) -> Self {
        let made_of = NewRun { title: String::new(), source: None, setup: Value::Null };
        let journal = Memory::default();
        let lease = journal.create(&made_of, 0).and_then(|run| journal.lease(&run));
        let lease = lease.expect("a new journal in memory holds nothing that could be in the way");
        let (replay, kept) = (Replay::Resume, Mutex::default());
        Self { journal: Arc::new(journal), lease, clock, replay, resumed: false, of_row: false, kept }
    }

    /// Returns the run that it is the log of.
    pub fn run(&self) -> &RunId {
        self.lease.run()
    }

    /// Returns whether steps of an earlier life were there when it was opened.
    pub fn is_resumed(&self) -> bool {
        self.resumed
    }

    /// Returns whether a process that lost this run only by time may still do what it wrote
    /// that it would do.
    ///
    /// # Errors
    /// The journal could not be read.
    pub fn is_shadowed(&self) -> Result<bool, JournalError> {
        self.journal.shadowed(self.lease.run())
    }

    /// Returns whether the run only plays what was recorded.
    pub fn is_tape(&self) -> bool {
        self.replay == Replay::Tape
    }

    /// Returns where the next call of `row` stands.
    ///
    /// # Errors
    /// `Diverged` when another call is recorded there, `TapeEnds` when there is none on a tape.
    pub fn next(&self, row: &str, call: &Call) -> Result<Past, JournalError> {
        let mut kept = self.kept();
        let next = kept.next.entry(row.to_owned()).or_insert(0);
        let id = StepId { row: row.to_owned(), seq: *next };
        *next += 1;
        match kept.step(&id) {
            None if self.is_tape() => {
                Err(JournalError::TapeEnds { step: id.to_string(), now: call.told.clone() })
            }
            None => Ok(Past { id, status: Status::New, latest_ms: 0 }),
            Some(step) if step.call.name == call.name && step.call.args_hash == call.args_hash => {
                Ok(Past { id, status: step.status.clone(), latest_ms: step.latest_ms })
            }
            Some(step) => Err(JournalError::Diverged {
                step: id.to_string(),
                was: step.call.told.clone(),
                now: call.told.clone(),
            }),
        }
    }

    /// Returns whether anything of a row, or of rows inside it, was written.
    pub fn knows_row(&self, row: &str) -> bool {
        let kept = self.kept();
        let of = |known: &str| {
            known.strip_prefix(row).is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
        };
        // Those that begin with the same letters stand together, behind the row itself.
        let first = StepId { row: row.to_owned(), seq: 0 };
        let near = |known: &str| known.starts_with(row);
        let mut steps =
            kept.steps.range(first..).map(|(id, _)| id.row.as_str()).take_while(|known| near(known));
        let mut lines = kept
            .unsaid
            .range(row.to_owned()..)
            .map(|(known, _)| known.as_str())
            .take_while(|known| near(known));
        steps.any(of) || lines.any(of)
    }

    /// Writes that a step begins, before any effect of it.
    ///
    /// # Errors
    /// The journal could not write; the effect must not happen.
    pub fn begin(&self, id: &StepId, call: Call, intent: Value) -> Result<(), JournalError> {
        self.write(id, vec![Event::Begun { call, intent }], OnDisk::Now)
    }

    /// Writes a whole step in one commit: one without an effect outside, or one that was
    /// refused before it had any.
    ///
    /// # Errors
    /// The journal could not write.
    pub fn settled(&self, id: &StepId, call: Call, end: Event) -> Result<(), JournalError> {
        self.write(id, vec![Event::Begun { call, intent: Value::Null }, end], OnDisk::WithNext)
    }

    /// Writes a later event of a step.
    ///
    /// # Errors
    /// The event is not legal there, or the journal could not write.
    pub fn record(&self, id: &StepId, event: Event) -> Result<(), JournalError> {
        self.write(id, vec![event], OnDisk::Now)
    }

    /// Keeps a line that the script wrote; it is written with the next event. Returns whether
    /// to show it: one of an earlier life was shown there.
    ///
    /// # Errors
    /// The journal could not write.
    pub fn line(&self, row: &str, kind: LineKind, value: Value) -> Result<bool, JournalError> {
        let mut kept = self.kept();
        let line = Line { row: row.to_owned(), kind, value };
        let recorded = kept.unsaid.get_mut(row).and_then(VecDeque::pop_front);
        if let Some(recorded) = recorded {
            return Ok(self.is_tape() || recorded != line);
        }
        kept.lines.push(line.clone());
        self.wait(&mut kept, Entry::Line(line))?;
        Ok(true)
    }

    /// Keeps the path of a file that was made; it is written with the next event.
    ///
    /// # Errors
    /// The journal could not write.
    pub fn file(&self, path: &str) -> Result<(), JournalError> {
        let mut kept = self.kept();
        if kept.files.iter().any(|known| known == path) {
            return Ok(());
        }
        kept.files.push(path.to_owned());
        self.wait(&mut kept, Entry::File(path.to_owned()))
    }

    /// Writes what still waits, and returns the whole log.
    ///
    /// # Errors
    /// The journal could not write.
    pub fn written(&self) -> Result<Vec<Written>, JournalError> {
        self.commit(&mut self.kept(), Vec::new(), OnDisk::Now)?;
        self.journal.entries(self.lease.run())
    }

    /// Keeps what a person typed; it is written with the next event.
    ///
    /// # Errors
    /// The journal could not write.
    pub fn input(&self, text: &str) -> Result<(), JournalError> {
        let mut kept = self.kept();
        kept.typed = true;
        self.wait(&mut kept, Entry::Input(text.to_owned()))
    }

    /// Returns what a person typed in earlier lives.
    pub fn inputs(&self) -> Vec<String> {
        self.kept().inputs.clone()
    }

    /// Returns whether a person typed anything, in any life.
    pub fn has_inputs(&self) -> bool {
        let kept = self.kept();
        kept.typed || !kept.inputs.is_empty()
    }

    /// Returns the steps that this life has come to, in order.
    pub fn reached(&self, row: &str) -> Vec<Step> {
        let kept = self.kept();
        let next = kept.next.get(row).copied().unwrap_or(0);
        kept.in_order().into_iter().filter(|step| step.id.row == row && step.id.seq < next).collect()
    }

    /// Writes what still waits, and how the run ended. One that ended before it did anything
    /// leaves nothing behind.
    ///
    /// # Errors
    /// The journal could not write.
    pub fn end(&self, ending: &Ending) -> Result<(), JournalError> {
        let mut kept = self.kept();
        if kept.steps.is_empty() && ending.state != RunState::Finished && !self.of_row {
            return self.journal.discard(&self.lease);
        }
        self.commit(&mut kept, Vec::new(), OnDisk::WithNext)?;
        self.journal.end(&self.lease, self.clock.now_ms(), ending, kept.credits())
    }

    /// Returns every step, in the order in which they began.
    pub fn steps(&self) -> Vec<Step> {
        self.kept().in_order()
    }

    /// Returns the credits that finished turns took in all lives, as far as that is known.
    pub fn credits(&self) -> f64 {
        self.kept().credits()
    }

    /// Returns every line of the script, in the order in which it was written.
    pub fn lines(&self) -> Vec<Line> {
        self.kept().lines.clone()
    }

    /// Returns the files that were made, in order.
    pub fn files(&self) -> Vec<String> {
        self.kept().files.clone()
    }

    fn kept(&self) -> MutexGuard<'_, Kept> {
        // What a panic leaves half done was not committed; the journal refuses the next number.
        self.kept.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn write(&self, id: &StepId, events: Vec<Event>, on_disk: OnDisk) -> Result<(), JournalError> {
        let mut kept = self.kept();
        let step = kept.come_to(id, &events, self.clock.now_ms())?;
        let entries = events.into_iter().map(|event| Entry::Step { id: id.clone(), event }).collect();
        self.commit(&mut kept, entries, on_disk)?;
        if let Some(step) = step {
            kept.put(step);
        }
        Ok(())
    }

    fn wait(&self, kept: &mut Kept, entry: Entry) -> Result<(), JournalError> {
        kept.waiting.push(entry);
        if kept.waiting.len() < WAITING_MAX {
            Ok(())
        } else {
            self.commit(kept, Vec::new(), OnDisk::WithNext)
        }
    }

    fn commit(&self, kept: &mut Kept, entries: Vec<Entry>, on_disk: OnDisk) -> Result<(), JournalError> {
        let mut all = std::mem::take(&mut kept.waiting);
        all.extend(entries);
        if all.is_empty() {
            return Ok(());
        }
        if kept.written as usize + all.len() > ENTRIES_MAX {
            return Err(JournalError::Full);
        }
        let (from, now_ms) = (kept.written, self.clock.now_ms());
        match on_disk {
            OnDisk::Now => self.journal.append(&self.lease, from, now_ms, &all)?,
            OnDisk::WithNext => self.journal.append_ahead(&self.lease, from, now_ms, &all)?,
        }
        kept.written += all.len() as u64;
        Ok(())
    }
}

impl Kept {
    /// Returns what a step is after these events, which may be none. Not inlined: what it needs
    /// of the stack is not kept while the events are written.
    #[inline(never)]
    fn come_to(&self, id: &StepId, events: &[Event], at_ms: u64) -> Result<Option<Box<Step>>, JournalError> {
        let known = self.steps.get(id).cloned();
        events.iter().try_fold(known, |step, event| after(step, id, event, at_ms).map(Some))
    }

    fn read(&mut self, written: Written) -> Result<(), JournalError> {
        match written.entry {
            Entry::Step { id, event } => {
                let step = after(self.steps.get(&id).cloned(), &id, &event, written.at_ms)?;
                self.put(step);
            }
            Entry::Line(line) => {
                self.unsaid.entry(line.row.clone()).or_default().push_back(line.clone());
                self.lines.push(line);
            }
            Entry::File(path) => self.files.push(path),
            Entry::Input(text) => self.inputs.push(text),
        }
        Ok(())
    }

    fn step(&self, id: &StepId) -> Option<&Step> {
        self.steps.get(id).map(AsRef::as_ref)
    }

    fn put(&mut self, step: Box<Step>) {
        let id = step.id.clone();
        if self.steps.insert(id.clone(), step).is_none() {
            self.order.push(id);
        }
    }

    /// Opens the steps again with which the run ended, those of them that failed. It is written
    /// with the next event.
    fn reopen(&mut self, now_ms: u64) -> Result<(), JournalError> {
        for id in tail::tail(&self.order) {
            let found = self.steps.get(&id).cloned();
            if let Some(step) = found.filter(|step| matches!(step.status, Status::Failed { .. })) {
                self.put(after(Some(step), &id, &Event::Reopened, now_ms)?);
                self.waiting.push(Entry::Step { id, event: Event::Reopened });
            }
        }
        Ok(())
    }

    /// Credits that finished turns took, as far as that is known.
    fn credits(&self) -> f64 {
        // The sum of nothing would be -0.
        self.steps.values().filter_map(|step| step.credits).fold(0.0, |sum, credits| sum + credits)
    }

    fn in_order(&self) -> Vec<Step> {
        self.order.iter().filter_map(|id| self.step(id)).cloned().collect()
    }
}

/// Returns a step after one more event; live calls and recorded ones both come through here.
fn after(step: Option<Box<Step>>, id: &StepId, event: &Event, at_ms: u64) -> Result<Box<Step>, JournalError> {
    let status = step.as_ref().map_or(&Status::New, |step| &step.status).after(event)?;
    let mut step = match (step, event) {
        (Some(step), _) => step,
        (None, Event::Begun { call, .. }) => {
            let (id, call) = (id.clone(), call.clone());
            let (status, credits) = (Status::New, None);
            Box::new(Step { id, call, status, began_ms: at_ms, latest_ms: at_ms, credits })
        }
        (None, _) => return Err(JournalError::Damaged(format!("step {id} ends without a beginning"))),
    };
    if let Event::Finished { credits, .. } = event {
        step.credits = *credits;
    }
    step.status = status;
    step.latest_ms = at_ms;
    Ok(step)
}

impl Story {
    /// Reads a log that nobody goes on with now.
    ///
    /// # Errors
    /// A recorded event is not legal.
    pub fn of(entries: Vec<Written>) -> Result<Self, JournalError> {
        let mut kept = Kept::default();
        for written in entries {
            kept.read(written)?;
        }
        Ok(Self { steps: kept.in_order(), lines: kept.lines, files: kept.files })
    }
}
