//! Where a run that failed goes on: at the steps behind which nothing was done any more.

use std::collections::BTreeMap;

use super::StepId;

/// What a row did last.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Last<'a> {
    /// A call of its own.
    Call,
    /// Rows of its batch with this number; they run side by side.
    Batch(&'a str),
}

/// Returns the steps with which a run ended, given all of them in the order in which they
/// began: the last one of the script, or that of each row of the batch that was at work then.
pub(super) fn tail(order: &[StepId]) -> Vec<StepId> {
    let mut lasts: BTreeMap<&str, Last<'_>> = BTreeMap::new();
    let mut tail = Vec::new();
    for id in order.iter().rev() {
        let around = batches_around(&id.row);
        let goes_on =
            |(row, batch): &(&str, &str)| lasts.get(row).is_none_or(|last| *last == Last::Batch(batch));
        if !lasts.contains_key(id.row.as_str()) && around.iter().all(goes_on) {
            tail.push(id.clone());
        }
        lasts.entry(&id.row).or_insert(Last::Call);
        for (row, batch) in around {
            lasts.entry(row).or_insert(Last::Batch(batch));
        }
    }
    tail
}

/// The batches around a row: each with the row in which it runs. `("", "0")` and `("0/3", "1")`
/// for `0/3/1/2`.
fn batches_around(row: &str) -> Vec<(&str, &str)> {
    let mut around = Vec::new();
    let mut from = 0;
    let mut parts = row.split('/');
    while let (Some(batch), Some(index)) = (parts.next(), parts.next()) {
        around.push((row[..from].trim_end_matches('/'), batch));
        from += batch.len() + index.len() + 2;
    }
    around
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Steps as they are told: `0/1#2` is the second step of row `0/1`.
    #[track_caller]
    fn ends(order: &str, expected: &str) {
        let step = |told: &str| {
            let (row, number) = told.split_once('#').unwrap_or(("", told));
            StepId { row: row.to_owned(), seq: number.parse::<u64>().unwrap() - 1 }
        };
        let order: Vec<StepId> = order.split_whitespace().map(step).collect();
        let told: Vec<String> = tail(&order).iter().map(ToString::to_string).collect();
        assert_eq!(told.join(" "), expected);
    }

    #[test]
    fn a_script_ends_with_its_last_step() {
        ends("", "");
        ends("1 2 3", "3");
        ends("1 0/0#1 0/1#1 2", "2");
    }

    #[test]
    fn a_batch_ends_with_the_last_step_of_each_row() {
        ends("1 0/0#1 0/1#1 0/0#2 0/11#1", "0/11#1 0/0#2 0/1#1");
        ends("0/0#1 1/0#1 1/1#1", "1/1#1 1/0#1");
        ends("0/0#1 1 1/0#1", "1/0#1");
    }

    #[test]
    fn a_row_goes_on_behind_its_own_batches() {
        ends("0/0#1 0/0/0/0#1 0/0/0/1#1 0/1#1", "0/1#1 0/0/0/1#1 0/0/0/0#1");
        ends("0/0/0/0#1 0/0#1 0/1#1", "0/1#1 0/0#1");
        ends("0/0/0/0#1 0/0/1/0#1", "0/0/1/0#1");
    }

    #[test]
    fn the_batches_around_a_row_stand_in_its_path() {
        assert!(batches_around("").is_empty());
        assert_eq!(batches_around("0/3/1/2"), [("", "0"), ("0/3", "1")]);
        assert_eq!(batches_around("10/33/1/2/0/5"), [("", "10"), ("10/33", "1"), ("10/33/1/2", "0")]);
    }
}
