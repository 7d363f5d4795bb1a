//! Batches made by hand: rows whose runs were written straight into a journal.

use std::collections::BTreeMap;
use std::path::Path;

use reelscript::journal::{
    BatchId, BatchRow, Call, Class, Ending, Entry, Event, Journal, Line, LineKind, NewBatch, RunState,
    Sqlite, StepId,
};
use serde_json::{Value, json};

/// When everything begins, in milliseconds since 1970.
const BEGAN_MS: u64 = 1_795_300_000_000;

/// A batch that grows in a journal.
pub(super) struct Batch {
    journal: Sqlite,
    id: BatchId,
    rows: Vec<BatchRow>,
}

/// How a row came out.
pub(super) enum End<'a> {
    /// It exported this file.
    Made(&'a str),
    /// An export failed.
    Failed,
    /// It has begun, and its process is gone.
    BrokenOff,
}

impl Batch {
    /// A batch of these keys; each row has its key as a title.
    pub(super) fn new(file: &Path, folder: &Path, title: &str, keys: &[String]) -> Self {
        let journal = Sqlite::open(file).unwrap();
        let setup = json!({ "folder": folder, "backend": "studio", "arguments": ["batch"] });
        let (title, mark, source) = (title.to_owned(), "m".to_owned(), "print(1);".to_owned());
        let id = journal.create_batch(&NewBatch { title, mark, source, setup }, BEGAN_MS).unwrap();
        let row = |(n, key): (usize, &String)| BatchRow {
            number: n as u64 + 1,
            key: key.clone(),
            print: "p".to_owned(),
            name: format!("video {key}"),
            params: BTreeMap::from([("title".to_owned(), format!("Title of {key}"))]),
        };
        let rows: Vec<BatchRow> = keys.iter().enumerate().map(row).collect();
        journal.set_rows(&id, &mut rows.iter().cloned().map(Ok)).unwrap();
        Self { journal, id, rows }
    }

    /// Its id.
    pub(super) fn id(&self) -> &str {
        self.id.as_str()
    }

    /// Writes the run of a row.
    pub(super) fn run(&self, row: usize, end: &End<'_>) {
        self.run_saying(row, end, "all well");
    }

    /// Writes the run of a row that prints a line.
    pub(super) fn run_saying(&self, row: usize, end: &End<'_>, line: &str) {
        let at_ms = BEGAN_MS + 1000 * row as u64;
        let run = self.journal.row_run(&self.id, &self.rows[row], at_ms).unwrap();
        let lease = self.journal.lease(&run).unwrap();
        let mut entries = turn(line);
        let ending = match end {
            End::Made(path) => {
                entries.extend(step(2, "export", &told(path), intent(), exported(path)));
                entries.push(Entry::File((*path).to_owned()));
                Some((RunState::Finished, ""))
            }
            End::Failed => {
                let failure = json!({"kind": "render", "code": 0, "message": "the <render> failed & stopped",
                    "hint": "export it \"again\"", "call": "export", "retryable": true});
                entries.extend(step(2, "export", &told("x.mp4"), intent(), Event::Failed { failure }));
                Some((RunState::Failed, "the <render> failed & stopped"))
            }
            End::BrokenOff => None,
        };
        self.journal.append(&lease, 0, at_ms + 300, &entries).unwrap();
        if let Some((state, words)) = ending {
            let ending = Ending { state, words: words.to_owned(), exit_code: 0 };
            self.journal.end(&lease, at_ms + 4200, &ending, 100.0).unwrap();
        }
    }
}

/// A turn with its answer, a line, and a check.
fn turn(line: &str) -> Vec<Entry> {
    let said = json!({"text": "Done: a calm sea.</script><b>", "silent": false, "changes": ["video added: sea (0-3s)"],
        "tools": [], "seconds": 2.0, "credits": 100.0, "raw_text": "", "suggests_export": false});
    let said = Event::Finished { outcome: said, credits: Some(100.0) };
    let checked = json!({"name": "is calm", "passed": true, "hint": "ask for calm"});
    let checked = Event::Finished { outcome: checked, credits: None };
    let mut entries = step(0, "chat", "chat(\"make a 3 second video about the sea\")", Value::Null, said);
    let line = Line { row: String::new(), kind: LineKind::Print, value: line.into() };
    entries.push(Entry::Line(line));
    entries.extend(step(1, "check", "check(\"is calm\")", Value::Null, checked));
    entries
}

fn step(seq: u64, name: &str, told: &str, intent: Value, end: Event) -> Vec<Entry> {
    let id = StepId { row: String::new(), seq };
    let (name, told, args_hash) = (name.to_owned(), told.to_owned(), "h".to_owned());
    let call = Call { name, told, args_hash, class: Class::Keyed };
    vec![Entry::Step { id: id.clone(), event: Event::Begun { call, intent } }, Entry::Step { id, event: end }]
}

fn told(path: &str) -> String {
    format!("export({path:?})")
}

fn intent() -> Value {
    json!({"render_id": "render_1", "timeline": {"seconds": 3.0, "tracks": [
        {"kind": "video", "segments": [{"start": 0.0, "seconds": 3.0, "label": "sea.mp4"}]},
        {"kind": "text", "segments": [{"start": 0.5, "seconds": 2.0, "label": "晨光 </svg>"}]}]}})
}

fn exported(path: &str) -> Event {
    let outcome = json!({"path": path, "seconds": 3.0, "width": 640, "height": 360, "bytes": 12345, "render_id": "render_1",
        "url": "http://127.0.0.1:1/r?sig=abc", "link": "http://127.0.0.1:1/workspace/claim?ct=clm_Secret1"});
    Event::Finished { outcome, credits: None }
}
