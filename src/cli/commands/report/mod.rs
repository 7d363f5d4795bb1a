//! `reel report`: what a batch or a run did, as a page to show and as data.

mod live;
mod write;

use std::path::{Path, PathBuf};
use std::sync::Arc;

use clap::Args;
use serde_json::Value;

use crate::cli::config::Config;
use crate::cli::exit::Usage;
#[cfg(feature = "cluster")]
use crate::cli::queue::QueueArgs;
use crate::cli::ui::Ui;
use crate::clock::Clock;
use crate::journal::{BatchRecord, Journal, JournalError, RunRecord, Sqlite};
use crate::report::rows::{self, Origin, Row, Shared};
use crate::report::{Head, Kind};
use crate::runtime::Exit;

/// Batches that are looked through for one with the same title.
const BATCHES_MAX: usize = 10_000;
/// Characters of an id that people see.
const SHORT_CHARS: usize = 8;

/// Arguments of `reel report`.
#[derive(Args, Debug)]
#[command(after_help = HELP)]
pub(in crate::cli) struct ReportArgs {
    /// Ids of batches or runs, or their beginnings [default: the newest]
    #[arg(value_name = "BATCH|RUN")]
    ids: Vec<String>,
    /// The folder to make; a relative one lands in --out
    #[arg(short, long, value_name = "DIR", default_value = "report")]
    output: PathBuf,
    /// Journal of another shard of the same batch; may be repeated
    #[arg(long = "and", value_name = "JOURNAL")]
    others: Vec<PathBuf>,
    /// Title of the page, in place of the script's path
    #[arg(long, value_name = "TEXT")]
    title: Option<String>,
    /// Put copies of the videos into the folder, so that it can be sent as it is
    #[arg(long)]
    copy: bool,
    /// Draw no posters: quicker, and needs no ffmpeg
    #[arg(long)]
    no_posters: bool,
    /// Show the page on this machine while the rows are made; made anew on each reload
    #[arg(long, value_name = "PORT", num_args = 0..=1, default_missing_value = "8788", conflicts_with_all = ["output", "copy"])]
    serve: Option<u16>,
    #[cfg(feature = "cluster")]
    #[command(flatten)]
    queue: QueueArgs,
}

const HELP: &str = "\
The folder gets index.html, which opens without a server and without a network, and beside it
rows.csv, report.json, junit.xml and summary.md. Videos stay where they are and are linked from
there; --copy puts them into the folder. An older report in the same folder is replaced. With
--queue (in builds for many machines) the batches of that database come first.

Examples:
  reel report
  reel report 1f9a03c2 -o report --copy
  reel report --and shard2.db --and shard3.db
  reel report --serve";

/// What a report is of.
enum Subject {
    Runs(Vec<(Shared, RunRecord)>),
    /// Shards of one batch, or several batches under one head.
    Batches(Vec<(Shared, BatchRecord)>),
}

/// Makes the report, or shows it.
pub(in crate::cli) fn report(args: &ReportArgs, config: &Config, ui: &Arc<Ui>) -> anyhow::Result<Exit> {
    let subject = Subject::find(args, &config.journal)?;
    match args.serve {
        Some(port) => live::serve(subject, args, port, ui),
        None => write::write(&subject, args, &config.out.value.join(&args.output), ui),
    }
}

impl Subject {
    fn find(args: &ReportArgs, journal: &Path) -> anyhow::Result<Self> {
        let mut journals: Vec<Shared> = Vec::new();
        #[cfg(feature = "cluster")]
        journals.extend(args.queue.journal()?.map(|journal| journal as Shared));
        journals.push(Arc::new(Sqlite::open(journal)?));
        let own = journals.len();
        for other in &args.others {
            // Opening one that is not there would make it.
            if !other.is_file() {
                let words = format!("there is no journal `{}`", other.display());
                return Err(
                    Usage::new(words, "name the file that the other shard was given with --journal").into()
                );
            }
            journals.push(Arc::new(Sqlite::open(other)?));
        }
        let mut found = match args.ids.as_slice() {
            [] => Self::newest(&journals[0])?,
            ids => Self::named(ids, &journals)?,
        };
        if let Self::Batches(batches) = &mut found {
            for (journal, path) in journals[own..].iter().zip(&args.others) {
                shard(batches, journal, path)?;
            }
        } else if !args.others.is_empty() {
            return Err(Usage::new("only batches have shards", "leave --and out, or name a batch").into());
        }
        Ok(found)
    }

    /// The newest batch, or the newest run that stands alone.
    fn newest(journal: &Shared) -> anyhow::Result<Self> {
        let (batch, run) = (journal.batches(1)?.pop(), journal.runs(1)?.pop());
        match (batch, run) {
            (Some(batch), Some(run)) if batch.created_ms < run.created_ms => {
                Ok(Self::Runs(vec![(Arc::clone(journal), run)]))
            }
            (Some(batch), _) => Ok(Self::Batches(vec![(Arc::clone(journal), batch)])),
            (None, Some(run)) => Ok(Self::Runs(vec![(Arc::clone(journal), run)])),
            (None, None) => Err(Usage::new("nothing was run yet", "`reel run SCRIPT` runs a script").into()),
        }
    }

    fn named(ids: &[String], journals: &[Shared]) -> anyhow::Result<Self> {
        let (mut batches, mut runs) = (Vec::new(), Vec::new());
        for id in ids {
            if let Some(found) = first(journals, |journal| batch_named(journal, id))? {
                batches.push(found);
            } else {
                runs.push(
                    first(journals, |journal| run_named(journal, id))?
                        .ok_or_else(|| JournalError::NoRun(id.clone()))?,
                );
            }
        }
        match (batches.is_empty(), runs.is_empty()) {
            (false, false) => {
                Err(Usage::new("batches and runs make no report together", "name one sort of them").into())
            }
            (true, _) => Ok(Self::Runs(runs)),
            (false, true) => Ok(Self::Batches(batches)),
        }
    }

    /// Reads which rows there are, and how they stand now.
    fn rows(&self) -> Result<Vec<Row>, JournalError> {
        match self {
            Self::Runs(runs) => {
                // How they stand may have changed since they were found.
                let now = runs
                    .iter()
                    .map(|(journal, run)| Ok((Arc::clone(journal), journal.find(run.id.as_str())?)));
                rows::of_runs(now.collect::<Result<_, JournalError>>()?, &origin)
            }
            Self::Batches(batches) => rows::of_batches(batches, &origin),
        }
    }

    fn head(&self, title: Option<&str>, live: bool) -> Head {
        let (kind, ids, made_of) = match self {
            Self::Runs(runs) => (
                if runs.len() == 1 { Kind::Run } else { Kind::Batch },
                runs.iter().map(|(_, run)| run.id.as_str()).collect::<Vec<_>>(),
                runs.iter()
                    .map(|(_, run)| (&run.made_of.title, &run.made_of.setup, run.created_ms))
                    .collect::<Vec<_>>(),
            ),
            Self::Batches(batches) => (
                Kind::Batch,
                batches.iter().map(|(_, batch)| batch.id.as_str()).collect(),
                batches
                    .iter()
                    .map(|(_, batch)| (&batch.made_of.title, &batch.made_of.setup, batch.created_ms))
                    .collect(),
            ),
        };
        let first = made_of.first();
        let many = made_of.len() > 1
            && made_of.iter().any(|(title, ..)| Some(title) != first.map(|(title, ..)| title));
        let told = first.map(|(title, ..)| (*title).clone()).unwrap_or_default();
        let told = if many { format!("{told} and {} more", made_of.len() - 1) } else { told };
        Head {
            kind,
            title: title.map_or(told, str::to_owned),
            ids: ids.iter().map(|id| id.chars().take(SHORT_CHARS).collect()).collect(),
            backend: first.and_then(|(_, setup, _)| origin(setup).backend),
            began_ms: made_of.iter().map(|(.., at_ms)| *at_ms).min().unwrap_or_default(),
            made_ms: Clock::System.now_ms(),
            live,
        }
    }
}

/// Adds the shard that another journal has of these batches, unless it was named.
fn shard(batches: &mut Vec<(Shared, BatchRecord)>, journal: &Shared, path: &Path) -> anyhow::Result<()> {
    if batches.iter().any(|(known, _)| Arc::ptr_eq(known, journal)) {
        return Ok(());
    }
    let titles: Vec<&String> = batches.iter().map(|(_, batch)| &batch.made_of.title).collect();
    let there = journal.batches(BATCHES_MAX)?;
    let Some(batch) = there.into_iter().find(|batch| titles.contains(&&batch.made_of.title)) else {
        let words = format!("`{}` has no batch of `{}`", path.display(), titles[0]);
        return Err(
            Usage::new(words, "shards are batches of the same script; name the batch by its id").into()
        );
    };
    batches.push((Arc::clone(journal), batch));
    Ok(())
}

/// The first journal that has something.
fn first<T>(
    journals: &[Shared],
    find: impl Fn(&dyn Journal) -> Result<Option<T>, JournalError>,
) -> Result<Option<(Shared, T)>, JournalError> {
    for journal in journals {
        if let Some(found) = find(&**journal)? {
            return Ok(Some((Arc::clone(journal), found)));
        }
    }
    Ok(None)
}

fn batch_named(journal: &dyn Journal, id: &str) -> Result<Option<BatchRecord>, JournalError> {
    match journal.find_batch(id) {
        Err(JournalError::NoBatch(_)) => Ok(None),
        found => found.map(Some),
    }
}

fn run_named(journal: &dyn Journal, id: &str) -> Result<Option<RunRecord>, JournalError> {
    match journal.find(id) {
        Err(JournalError::NoRun(_)) => Ok(None),
        found => found.map(Some),
    }
}

/// What a recorded command says of its run: its folder, its backend, its `-p name=value`.
fn origin(setup: &Value) -> Origin {
    let text = |key| setup.get(key).and_then(Value::as_str);
    let words = setup.get("arguments").and_then(Value::as_array);
    let words: Vec<&str> = words.into_iter().flatten().filter_map(Value::as_str).collect();
    let mut params = Vec::new();
    for (at, word) in words.iter().enumerate() {
        let value = match *word {
            "-p" | "--param" => words.get(at + 1).copied(),
            word => word.strip_prefix("--param=").or_else(|| word.strip_prefix("-p")),
        };
        let pair = value.and_then(|value| value.split_once('='));
        params.extend(pair.map(|(name, value)| (name.to_owned(), value.to_owned())));
    }
    Origin {
        folder: text("folder").map(PathBuf::from).unwrap_or_default(),
        backend: text("backend").map(str::to_owned),
        params,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn the_params_of_a_run_are_those_of_its_command() {
        let setup = json!({"folder": "/w", "backend": "studio",
            "arguments": ["run", "a.rhai", "-p", "title=Morning = Brew", "-pcity=Lisbon", "--param=n=3", "--param", "x=", "-q"]});
        let pair = |name: &str, value: &str| (name.to_owned(), value.to_owned());
        let params =
            vec![pair("title", "Morning = Brew"), pair("city", "Lisbon"), pair("n", "3"), pair("x", "")];
        let wanted = Origin { folder: "/w".into(), backend: Some("studio".to_owned()), params };
        assert_eq!(origin(&setup), wanted);
        assert_eq!(origin(&Value::Null), Origin::default());
    }
}
