//! Which rows a report is of. A batch that was made in shards lies in several journals; of a
//! row that is in more than one of them, the one that got furthest counts.

use std::collections::HashMap;
use std::path::PathBuf;
use std::sync::Arc;

use serde_json::Value;

use crate::journal::{
    BatchRecord, Journal, JournalError, RowRecord, RunRecord, RunState, Standing, each_row,
};

/// A journal that is shared.
pub type Shared = Arc<dyn Journal>;

/// One row, before its log is read.
#[derive(Clone)]
pub struct Row {
    /// The journal that it is in.
    pub journal: Shared,
    /// Its place in the table, from 1.
    pub number: u64,
    /// What it is known by.
    pub key: String,
    /// What it is called.
    pub name: String,
    /// Its params, by name.
    pub params: Vec<(String, String)>,
    /// Its run; none when it was never begun.
    pub run: Option<RunRecord>,
    /// How it stands.
    pub state: State,
    /// Where relative paths of its run are.
    pub origin: Origin,
}

/// How a row stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum State {
    /// It was never begun.
    Waiting,
    /// Its run stands so.
    Begun(Standing),
}

/// What the maker of a run or batch says of it.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Origin {
    /// The working folder.
    pub folder: PathBuf,
    /// What people call the backend.
    pub backend: Option<String>,
    /// The params that it was given, by name.
    pub params: Vec<(String, String)>,
}

/// Reads the setup of a run or batch, which is data of whoever made it.
pub type ReadSetup<'a> = &'a dyn Fn(&Value) -> Origin;

impl State {
    /// Returns the word of tables and pages.
    pub fn word(self) -> &'static str {
        match self {
            Self::Waiting => "waiting",
            Self::Begun(standing) => standing.word(),
        }
    }

    /// Every word, in the order of pages.
    pub const WORDS: [&str; 8] =
        ["finished", "failed", "parked", "running", "stopped", "broken off", "cancelled", "waiting"];

    /// How far a row got: of the same row in two journals the higher one counts.
    fn rank(self) -> u8 {
        match self {
            Self::Waiting => 0,
            Self::Begun(Standing::Ended(RunState::Cancelled)) => 1,
            Self::Begun(Standing::BrokenOff) => 2,
            Self::Begun(Standing::Ended(RunState::Stopped)) => 3,
            Self::Begun(Standing::Ended(RunState::Failed)) => 4,
            Self::Begun(Standing::Ended(RunState::Parked)) => 5,
            Self::Begun(Standing::Running(_)) => 6,
            Self::Begun(Standing::Ended(RunState::Finished)) => 7,
        }
    }
}

/// Returns runs that stand alone as rows, in the given order.
///
/// # Errors
/// The journal could not be read.
pub fn of_runs(runs: Vec<(Shared, RunRecord)>, read: ReadSetup<'_>) -> Result<Vec<Row>, JournalError> {
    let mut rows = Vec::new();
    for (number, (journal, run)) in (1..).zip(runs) {
        let (state, origin) = (State::Begun(Standing::of(&*journal, &run)?), read(&run.made_of.setup));
        let (key, name) = (run.id.short().to_owned(), run.made_of.title.clone());
        let params = origin.params.clone();
        rows.push(Row { journal, number, key, name, params, run: Some(run), state, origin });
    }
    Ok(rows)
}

/// Returns the rows of batches, those with the same key merged, in the order of the table.
///
/// # Errors
/// The journal could not be read.
pub fn of_batches(batches: &[(Shared, BatchRecord)], read: ReadSetup<'_>) -> Result<Vec<Row>, JournalError> {
    let mut rows = Vec::new();
    for (journal, batch) in batches {
        let origin = read(&batch.made_of.setup);
        each_row(&**journal, &batch.id, |RowRecord { row, run }| {
            let (state, run) = standing(journal, run)?;
            rows.push(Row {
                journal: Arc::clone(journal),
                number: row.number,
                key: row.key,
                name: row.name,
                params: row.params.into_iter().collect(),
                run,
                state,
                origin: origin.clone(),
            });
            Ok(())
        })?;
    }
    Ok(merged(rows))
}

/// A run that was forgotten since its row was read is none.
fn standing(journal: &Shared, run: Option<RunRecord>) -> Result<(State, Option<RunRecord>), JournalError> {
    let Some(mut run) = run else { return Ok((State::Waiting, None)) };
    match Standing::of(&**journal, &run) {
        Ok(standing) => {
            // Ten thousand copies of one script would be all that memory holds.
            run.made_of.source = None;
            Ok((State::Begun(standing), Some(run)))
        }
        Err(JournalError::NoRun(_)) => Ok((State::Waiting, None)),
        Err(error) => Err(error),
    }
}

/// One row of each key: the one that got furthest, and of equals the later one.
fn merged(rows: Vec<Row>) -> Vec<Row> {
    let began = |row: &Row| row.run.as_ref().map_or(0, |run| run.created_ms);
    let mut kept: Vec<Row> = Vec::with_capacity(rows.len());
    let mut places: HashMap<String, usize> = HashMap::with_capacity(rows.len());
    for row in rows {
        match places.get(&row.key) {
            None => {
                places.insert(row.key.clone(), kept.len());
                kept.push(row);
            }
            Some(&place) => {
                let other = &mut kept[place];
                if (row.state.rank(), began(&row)) > (other.state.rank(), began(other)) {
                    *other = row;
                }
            }
        }
    }
    kept.sort_by_key(|row| row.number);
    kept
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::journal::{BatchRow, Ending, Memory, NewBatch};
    use std::collections::BTreeMap;

    /// A journal with a batch of these rows, each with its end; none for one not begun.
    fn shard(rows: &[(&str, Option<RunState>)], at_ms: u64) -> (Shared, BatchRecord) {
        let journal: Shared = Arc::new(Memory::default());
        let made_of = NewBatch {
            title: "promo.rhai".to_owned(),
            mark: "m".to_owned(),
            source: String::new(),
            setup: Value::Null,
        };
        let id = journal.create_batch(&made_of, at_ms).unwrap();
        let row = |n: usize, key: &str| BatchRow {
            number: n as u64 + 1,
            key: key.to_owned(),
            print: "p".to_owned(),
            name: key.to_owned(),
            params: BTreeMap::from([("title".to_owned(), key.to_owned())]),
        };
        let all: Vec<BatchRow> = rows.iter().enumerate().map(|(n, (key, _))| row(n, key)).collect();
        journal.set_rows(&id, &mut all.iter().cloned().map(Ok)).unwrap();
        for (row, (_, end)) in all.iter().zip(rows) {
            let Some(state) = end else { continue };
            let run = journal.row_run(&id, row, at_ms).unwrap();
            let lease = journal.lease(&run).unwrap();
            let ending = Ending { state: *state, words: String::new(), exit_code: 0 };
            journal.end(&lease, at_ms + 5, &ending, 1.0).unwrap();
        }
        let record = journal.find_batch(id.as_str()).unwrap();
        (journal, record)
    }

    #[test]
    fn of_a_row_in_two_shards_the_finished_one_counts() {
        use RunState::{Failed, Finished, Stopped};
        let one = shard(&[("a", Some(Finished)), ("b", None), ("c", Some(Failed))], 10);
        let two = shard(&[("a", Some(Failed)), ("b", Some(Finished)), ("c", Some(Stopped)), ("d", None)], 20);
        let told = |batches: &[(Shared, BatchRecord)]| {
            let rows = of_batches(batches, &|_| Origin::default()).unwrap();
            let told = rows.iter().map(|row| format!("{} {} {}", row.number, row.key, row.state.word()));
            told.collect::<Vec<_>>()
        };
        let wanted = ["1 a finished", "2 b finished", "3 c failed", "4 d waiting"];
        assert_eq!(told(&[one.clone(), two.clone()]), wanted);
        assert_eq!(told(&[two, one]), wanted);
    }

    #[test]
    fn of_two_that_got_as_far_the_later_one_counts() {
        let (one, two) =
            (shard(&[("a", Some(RunState::Failed))], 10), shard(&[("a", Some(RunState::Failed))], 20));
        let rows = of_batches(&[two, one], &|_| Origin::default()).unwrap();
        assert_eq!(rows.iter().map(|row| row.run.as_ref().unwrap().created_ms).collect::<Vec<_>>(), [20]);
        assert!(State::WORDS.contains(&rows[0].state.word()));
    }

    #[test]
    fn a_table_longer_than_a_page_is_read_whole() {
        let keys: Vec<String> = (0..1_207).map(|n| n.to_string()).collect();
        let rows: Vec<(&str, Option<RunState>)> = keys.iter().map(|key| (key.as_str(), None)).collect();
        let rows = of_batches(&[shard(&rows, 1)], &|_| Origin::default()).unwrap();
        assert_eq!(rows.len(), keys.len());
        assert_eq!(rows.last().unwrap().params, [("title".to_owned(), keys.last().unwrap().clone())]);
    }
}
