//! One closure for every row of a table, on several threads.

mod each;
mod result;

use std::collections::BTreeMap;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, OnceLock, PoisonError};
use std::thread;

use rhai::{Array, Dynamic, EvalAltResult, FnPtr, Map, NativeCallContext};
use serde::Deserialize;

use crate::client::Progress;
use crate::host::event::Event;
use crate::host::failure::{Failure, Kind};
use crate::host::flow::{answer, caught};
use crate::host::options;
use crate::host::registry::{Doc, Registry};
use crate::host::row::{Desk, Row};
use crate::host::run::Run;
use each::Each;

pub use result::BatchResult;

/// The stack of a thread that runs a script or a row. Rhai recurses in Rust: 64 nested calls
/// take up to 2 MiB in release builds and four times that in debug builds. Pages that are not
/// used cost nothing.
pub const STACK_BYTES: usize = if cfg!(debug_assertions) { 32 << 20 } else { 4 << 20 };

/// The most rows at a time: the backend answers each of them.
const PARALLEL_MAX: usize = 64;
/// Rows at a time when nobody says how many, on a machine with as many cores.
const PARALLEL_DEFAULT: usize = 4;

const BATCH: Doc = Doc {
    name: "batch",
    calls: &["batch(rows, |row| ..)", "batch(rows, #{parallel, on_error}, |row| ..)"],
    about: "Runs a closure for each row of an array, several at a time, and returns what they gave as a \
            `BatchResult`, in the order of the rows. The closure, or a function as `Fn(\"name\")`, takes the row; \
            one with two parameters gets its index, too. `parallel` is how many rows run at a time, up to 64; by \
            default as many as there are cores, and at most 4. With `on_error: \"collect\"`, the default, other \
            rows go on when one throws; with \"stop\" no new row begins, and the first error is thrown when the \
            running ones have ended. What rows print comes row by row. A resumed run does not repeat the calls of \
            rows that are done.\n\
            A closure sees the variables around it as they were; it cannot change them.\n\
            Throws `input` for options and closures that do not fit.",
    class: None,
    example: "let made = batch([2, 3, 5], #{ parallel: 2 }, |n| {\n    print(`working on ${n}`);\n    n * n\n});\n\
              print(made.ok);\nprint(made);",
};

#[derive(Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
struct Options {
    parallel: Option<usize>,
    on_error: Option<OnError>,
}

/// What happens to other rows when one throws.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
enum OnError {
    /// They go on.
    Collect,
    /// Those that run come to their end; no other begins.
    Stop,
}

/// A batch at work.
struct Batch<'a> {
    context: &'a NativeCallContext<'a>,
    run: Run,
    rows: Array,
    each: Each,
    parallel: usize,
    on_error: OnError,
    /// Which batch of its row it is, from 0.
    number: u64,
    desk: Arc<Desk>,
    /// How rows ended, by their index.
    ends: Mutex<BTreeMap<usize, RowEnd>>,
    /// A row has thrown.
    failed: AtomicBool,
    /// What ends the whole batch, whatever becomes of other rows.
    broken: OnceLock<Box<EvalAltResult>>,
}

type RowEnd = Result<Dynamic, Box<EvalAltResult>>;

impl Options {
    fn read(map: &Map) -> Result<(usize, OnError), Failure> {
        let Self { parallel, on_error } = options::read("batch", map, &["parallel", "on_error"])?;
        let cores = thread::available_parallelism().map_or(1, usize::from);
        let parallel = parallel.unwrap_or(cores.min(PARALLEL_DEFAULT));
        if !(1..=PARALLEL_MAX).contains(&parallel) {
            return Err(Failure::input(format!("{parallel} rows at a time are not possible"))
                .hint(format!("`parallel` goes from 1 to {PARALLEL_MAX}")));
        }
        Ok((parallel, on_error.unwrap_or(OnError::Collect)))
    }
}

fn batch(
    context: &NativeCallContext<'_>,
    rows: Array,
    options: &Map,
    each: FnPtr,
) -> Result<BatchResult, Box<EvalAltResult>> {
    let batch = answer(context, |run| {
        run.ended().map_or(Ok(()), Err)?;
        let (parallel, on_error) = Options::read(options)?;
        Ok(Batch {
            context,
            run: run.clone(),
            rows,
            each: Each::new(context, each)?,
            parallel,
            on_error,
            number: run.next_batch(Row::current().path()),
            desk: Desk::open(run),
            ends: Mutex::default(),
            failed: AtomicBool::new(false),
            broken: OnceLock::new(),
        })
    })?;
    batch.work();
    batch.result()
}

impl Batch<'_> {
    fn work(&self) {
        let all = 0..self.rows.len();
        match self.on_error {
            OnError::Collect => self.pass(&all.collect::<Vec<_>>(), false),
            OnError::Stop => {
                // Which rows begin before one fails is chance. A run that goes on, or a tape, does
                // what was done then, and only begins a new row when all of that went well.
                let known = |index: &usize| self.run.log().knows_row(self.row(*index).path());
                let (known, new): (Vec<_>, Vec<_>) = all.partition(known);
                self.pass(&known, false);
                self.pass(&new, true);
            }
        }
        self.desk.close();
    }

    /// Works on rows until none is left; with `stops`, until one has thrown.
    fn pass(&self, indexes: &[usize], stops: bool) {
        let crew = self.run.hire(self.parallel.min(indexes.len()));
        let next = AtomicUsize::new(0);
        let over = || {
            let failed = stops && self.failed.load(Ordering::SeqCst);
            failed || self.broken.get().is_some() || self.run.ended().is_some()
        };
        let take = || if over() { None } else { indexes.get(next.fetch_add(1, Ordering::SeqCst)) };
        let work = || {
            while let Some(index) = take() {
                self.do_row(*index);
            }
        };
        thread::scope(|scope| {
            for started in 0..crew.count().min(indexes.len()) {
                let thread = thread::Builder::new().name("row".to_owned()).stack_size(STACK_BYTES);
                if let Err(error) = thread.spawn_scoped(scope, work) {
                    // Those that could be started do the work of the others.
                    if started == 0 {
                        let words = format!("the thread of a row cannot start: {error}");
                        self.break_off(self.run.end(Failure::new(Kind::Limit, words)).into());
                    }
                    break;
                }
            }
        });
    }

    fn row(&self, index: usize) -> Row {
        Row::of_batch(self.number, index, &self.desk)
    }

    /// Calls the closure on this thread. A panic in it is the end of the row alone.
    fn do_row(&self, index: usize) {
        let row = self.row(index);
        let call = || {
            let value = self.rows.get(index).cloned().unwrap_or_default();
            self.each.call(self.context, value, index)
        };
        let end = row.enter(|| catch_unwind(AssertUnwindSafe(call)));
        self.keep(&row, index, end.unwrap_or_else(|_| Err(broke_down().into())));
        self.desk.end(index);
    }

    fn keep(&self, row: &Row, index: usize, mut end: RowEnd) {
        if let Err(error) = &mut end {
            let changes_capture = self.each.explain(error);
            if changes_capture || self.ends_all(error) {
                // It is the reason; the row itself counts for nothing any more.
                return end.map_or_else(|error| self.break_off(error), drop);
            }
            self.failed.store(true, Ordering::SeqCst);
            let message = caught(error).get("message").map(Dynamic::to_string).unwrap_or_default();
            let progress = Progress::Notice(format!("failed: {message}"));
            self.run.emit_in(row.path(), Event::Progress { call: "batch", progress });
        }
        self.ends.lock().unwrap_or_else(PoisonError::into_inner).insert(index, end);
    }

    /// Whether an error is more than that of its row: `exit`, and what no script can catch
    /// but our own mistakes.
    fn ends_all(&self, error: &EvalAltResult) -> bool {
        let error = error.unwrap_inner();
        if let EvalAltResult::ErrorTerminated(token, _) = error
            && token.clone().try_cast::<Failure>().is_some_and(|failure| failure.kind == Kind::Bug)
        {
            return self.run.ended().is_some();
        }
        error.is_pseudo_error() || !error.is_catchable()
    }

    fn break_off(&self, error: Box<EvalAltResult>) {
        // The first reason counts.
        drop(self.broken.set(error));
    }

    fn result(self) -> Result<BatchResult, Box<EvalAltResult>> {
        if let Some(error) = self.broken.into_inner() {
            return Err(error);
        }
        if let Some(reason) = self.run.ended() {
            return Err(reason.into());
        }
        let mut result = BatchResult::default();
        for (index, end) in self.ends.into_inner().unwrap_or_else(PoisonError::into_inner) {
            match end {
                Ok(value) => result.add(value),
                Err(error) if self.on_error == OnError::Stop => return Err(error),
                Err(error) => {
                    let row = self.rows.get(index).cloned().unwrap_or_default();
                    result.add_failed(index, row, caught(&error));
                }
            }
        }
        Ok(result)
    }
}

fn broke_down() -> Failure {
    Failure::new(Kind::Bug, "the row broke down")
        .hint("this is a mistake in reel; please report it with the script")
        .of_call("batch")
}

pub(super) fn register(registry: &mut Registry) {
    type Answer = Result<BatchResult, Box<EvalAltResult>>;
    type Context<'a> = NativeCallContext<'a>;
    result::register(registry);
    let plain =
        |ctx: Context<'_>, rows: Array, each: FnPtr| -> Answer { batch(&ctx, rows, &Map::new(), each) };
    registry.function(&BATCH, &["rows: array", "each: Fn", "BatchResult"], plain);
    let full = |ctx: Context<'_>, rows: Array, options: Map, each: FnPtr| -> Answer {
        batch(&ctx, rows, &options, each)
    };
    registry.function(&BATCH, &["rows: array", "options: map", "each: Fn", "BatchResult"], full);
}
