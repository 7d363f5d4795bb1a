//! What a batch returns.

use rhai::{Array, Dynamic, Map};

use crate::host::registry::{Doc, Registry, TypeDoc};

/// What the closure gave for each row.
#[derive(Clone, Default)]
pub struct BatchResult {
    ok: Array,
    failed: Array,
    /// The first failure, in words.
    first: String,
}

const RESULT: TypeDoc = TypeDoc {
    name: "BatchResult",
    about: "What a batch gave",
    properties: &[
        ("ok", "what the closure returned for the rows that worked, in the order of the rows"),
        ("failed", "a map for each other row: `number` (from 1), `row`, and `error` as `catch` gives it"),
    ],
};

const SUMMARY: Doc = Doc {
    name: "summary",
    calls: &["b.summary()"],
    about: "Returns in one line how many rows worked, and why the first of the others did not.",
    class: None,
    example: "print(batch([1, 0], |n| 6 / n).summary());",
};

impl BatchResult {
    /// Adds what a row returned; rows come in their order.
    pub(super) fn add(&mut self, value: Dynamic) {
        self.ok.push(value);
    }

    /// Adds a row that threw; `index` counts from 0.
    pub(super) fn add_failed(&mut self, index: usize, row: Dynamic, error: Map) {
        let number = index + 1;
        if self.failed.is_empty() {
            let message = error.get("message").map(Dynamic::to_string).unwrap_or_default();
            let plain: Vec<&str> = message.split_whitespace().collect();
            self.first = format!("row {number}: {}", plain.join(" "));
        }
        let failed = Map::from_iter([
            ("number".into(), Dynamic::from(number as i64)),
            ("row".into(), row),
            ("error".into(), error.into()),
        ]);
        self.failed.push(failed.into());
    }

    /// Returns it in one line.
    pub fn summary(&self) -> String {
        let (done, failed) = (self.ok.len(), self.failed.len());
        let rows = |count: usize| format!("{count} {}", if count == 1 { "row" } else { "rows" });
        match failed {
            0 => format!("{} done", rows(done)),
            _ => format!("{done} of {} done, {failed} failed; {}", rows(done + failed), self.first),
        }
    }

    /// Returns it as data.
    pub(in crate::host) fn to_map(&self) -> Map {
        Map::from_iter([("ok".into(), self.ok.clone().into()), ("failed".into(), self.failed.clone().into())])
    }
}

pub(super) fn register(registry: &mut Registry) {
    registry.value::<BatchResult>(&RESULT, BatchResult::summary);
    registry.getter("ok", |result: &BatchResult| result.ok.clone().into());
    registry.getter("failed", |result: &BatchResult| result.failed.clone().into());
    registry
        .function(&SUMMARY, &["batch: BatchResult", "string"], |result: &mut BatchResult| result.summary());
}
