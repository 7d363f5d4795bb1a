//! `reel clean`: forgets runs that nobody needs any more.

use std::time::Duration;

use clap::Args;
use serde_json::json;

use crate::cli::config::Config;
use crate::cli::ui::Ui;
use crate::clock::Clock;
use crate::journal::{BatchRecord, Journal, JournalError, RunRecord, RunState, Sqlite, Standing};
use crate::runtime::Exit;

/// Arguments of `reel clean`.
#[derive(Args, Debug)]
#[command(after_help = HELP)]
pub(in crate::cli) struct CleanArgs {
    /// Forget runs whose end is longer ago: hours, days or weeks, such as 12h, 30d or 8w
    #[arg(long, value_name = "AGE", value_parser = age)]
    older_than: Duration,
    /// Also runs that could go on: stopped, parked or broken off
    #[arg(long)]
    unfinished: bool,
    /// Only say how many they are
    #[arg(long)]
    dry_run: bool,
}

const HELP: &str = "\
Forgets the logs of runs and batches that finished, failed or were cancelled. Videos and projects stay, and
a run that a process goes on with is never touched.

Examples:
  reel clean --older-than 30d --dry-run
  reel clean --older-than 8w --unfinished";

/// Forgets old runs and says how many.
pub(in crate::cli) fn clean(args: &CleanArgs, config: &Config, ui: &Ui) -> anyhow::Result<Exit> {
    let journal = Sqlite::open(&config.journal)?;
    let age_ms = u64::try_from(args.older_than.as_millis()).unwrap_or(u64::MAX);
    let before_ms = Clock::System.now_ms().saturating_sub(age_ms);
    let mut forgotten = 0;
    for record in journal.runs(usize::MAX)? {
        match forget(&journal, &record, before_ms, args) {
            Ok(gone) => forgotten += usize::from(gone),
            // Somebody else was quicker: to forget it, or to go on with it.
            Err(JournalError::NoRun(_) | JournalError::Held { .. }) => (),
            Err(error) => return Err(error.into()),
        }
    }
    let mut batches = 0;
    for record in journal.batches(usize::MAX)? {
        match forget_batch(&journal, &record, before_ms, args) {
            Ok(gone) => batches += usize::from(gone),
            Err(JournalError::NoBatch(_) | JournalError::Held { .. }) => (),
            // What was lost may have been paid for: its user decides, and the others can go.
            Err(JournalError::Damaged(words)) => ui.notice(&format!("left alone: {words}")),
            Err(error) => return Err(error.into()),
        }
    }
    let counted =
        |count: usize, one: &str, many: &str| format!("{count} {}", if count == 1 { one } else { many });
    let done = if args.dry_run { "would forget" } else { "forgot" };
    let with =
        if batches > 0 { format!(" and {}", counted(batches, "batch", "batches")) } else { String::new() };
    ui.result(
        &format!("{done} {}{with}", counted(forgotten, "run", "runs")),
        json!({"forgotten": forgotten, "batches": batches, "dry_run": args.dry_run}),
    );
    Ok(Exit::Done)
}

/// Forgets a batch with all its rows, or would; returns whether it is one to be forgotten.
fn forget_batch(
    journal: &Sqlite,
    record: &BatchRecord,
    before_ms: u64,
    args: &CleanArgs,
) -> Result<bool, JournalError> {
    let tally = journal.tally(&record.id)?;
    let fits = args.unfinished || tally.waiting() + tally.open + tally.parked == 0;
    if !fits || tally.latest_ms.unwrap_or(record.created_ms) >= before_ms {
        return Ok(false);
    }
    if !args.dry_run {
        journal.forget_batch(&record.id)?;
    }
    Ok(true)
}

/// Forgets a run, or would; returns whether it is one to be forgotten.
fn forget(
    journal: &Sqlite,
    record: &RunRecord,
    before_ms: u64,
    args: &CleanArgs,
) -> Result<bool, JournalError> {
    let ended_ms = record.ended.as_ref().map_or(record.created_ms, |(at_ms, _)| *at_ms);
    let fits = match Standing::of(journal, record)? {
        Standing::Running(_) => false,
        Standing::Ended(RunState::Finished | RunState::Failed | RunState::Cancelled) => true,
        Standing::Ended(RunState::Stopped | RunState::Parked) | Standing::BrokenOff => args.unfinished,
    };
    if !fits || ended_ms >= before_ms {
        return Ok(false);
    }
    if !args.dry_run {
        journal.forget(&record.id)?;
    }
    Ok(true)
}

fn age(text: &str) -> Result<Duration, String> {
    let wrong = || "write hours, days or weeks, such as 12h, 30d or 8w".to_owned();
    let unit = text.chars().last().ok_or_else(wrong)?;
    let hours = match unit {
        'h' => 1,
        'd' => 24,
        'w' => 7 * 24,
        _ => return Err(wrong()),
    };
    let number: u32 = text[..text.len() - 1].parse().map_err(|_| wrong())?;
    Ok(Duration::from_secs(u64::from(number) * hours * 3_600))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_age_has_a_unit() {
        let hours = |text| age(text).map(|age| age.as_secs() / 3_600);
        assert_eq!([hours("12h"), hours("30d"), hours("2w")], [Ok(12), Ok(720), Ok(336)]);
        assert_eq!(hours("0d"), Ok(0));
        for bad in ["", "d", "30", "-1d", "1.5d", "30 d", "3月", "99999999999d"] {
            assert!(hours(bad).is_err(), "{bad}");
        }
    }
}
