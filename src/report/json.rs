//! The report as one JSON document, written row by row.

use super::Head;
use super::totals::Totals;
use super::view::RowView;

/// The form of the document; a change that readers would trip over gets the next number.
const VERSION: u32 = 1;

/// Returns what stands before the rows.
pub fn begin(head: &Head) -> String {
    format!("{{\"reel_report\":{VERSION},\"head\":{},\"rows\":[", text(head))
}

/// Returns one row; `first` when no other stands before it.
pub fn row(row: &RowView, first: bool) -> String {
    format!("{}\n{}", if first { "" } else { "," }, text(row))
}

/// Returns what stands behind the rows.
pub fn end(totals: &Totals) -> String {
    format!("\n],\"totals\":{}}}\n", text(totals))
}

/// Data of ours as JSON.
pub(super) fn text(data: &impl serde::Serialize) -> String {
    serde_json::to_string(data).expect("keys are text and numbers are finite")
}
