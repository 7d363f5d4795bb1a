//! The report in a page of Markdown, for a pull request or a chat.

use super::totals::Totals;
use super::view::RowView;
use super::{Head, Kind};

/// Rows in the table; a longer one is no summary.
const ROWS_MAX: usize = 50;

/// Collects the rows of the summary: those that did not come to their end go first.
#[derive(Default)]
pub struct Summary {
    unfinished: Vec<String>,
    finished: Vec<String>,
}

impl Summary {
    /// Takes up one row.
    pub fn add(&mut self, row: &RowView) {
        let list = if row.state == "finished" { &mut self.finished } else { &mut self.unfinished };
        if list.len() < ROWS_MAX {
            let credits = row.credits.map(|credits| credits.to_string()).unwrap_or_default();
            let took = row.took_ms.map(|ms| format!("{:.1} s", ms as f64 / 1000.0)).unwrap_or_default();
            let video = row.videos.first().map(|video| video.path.as_str()).unwrap_or_default();
            let result = if row.words.is_empty() { video } else { &row.words };
            list.push(format!(
                "| {} | {} | {} | {took} | {credits} | {} |\n",
                row.number,
                cell(&row.name),
                row.state,
                cell(result)
            ));
        }
    }

    /// Returns the whole page.
    pub fn page(&self, head: &Head, totals: &Totals) -> String {
        let what = if head.kind == Kind::Run { "run" } else { "batch" };
        let states: Vec<String> =
            totals.states.iter().map(|(word, count)| format!("{count} {word}")).collect();
        let mut page = format!("# {}\n\n", cell(&head.title));
        page.push_str(&format!("- {what}: {}\n", head.ids.join(", ")));
        page.push_str(&format!("- rows: {} ({})\n", totals.rows, states.join(", ")));
        page.push_str(&format!("- videos: {}, {:.1} s in all\n", totals.videos, totals.video_seconds));
        page.push_str(&format!("- credits: {}\n", totals.credits));
        page.push_str(&format!("- work: {:.1} s\n\n", totals.took_ms as f64 / 1000.0));
        page.push_str("| no. | name | state | took | credits | result |\n|---:|---|---|---:|---:|---|\n");
        let shown: Vec<&String> = self.unfinished.iter().chain(&self.finished).take(ROWS_MAX).collect();
        shown.iter().for_each(|line| page.push_str(line));
        if totals.rows > shown.len() {
            page.push_str(&format!("\nand {} more rows in rows.csv\n", totals.rows - shown.len()));
        }
        page
    }
}

/// Text in a cell: one line, and nothing of it is Markdown.
fn cell(text: &str) -> String {
    let mut safe = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '\\' | '|' | '`' | '*' | '_' | '[' | ']' | '#' | '~' | '!' => {
                safe.push('\\');
                safe.push(c);
            }
            '<' => safe.push_str("&lt;"),
            '>' => safe.push_str("&gt;"),
            '&' => safe.push_str("&amp;"),
            c if c.is_control() => safe.push(' '),
            c => safe.push(c),
        }
    }
    safe
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cell_stays_a_cell() {
        assert_eq!(cell("a|b\nc"), "a\\|b c");
        assert_eq!(cell("<img src=x> `x` [y](z)"), "&lt;img src=x&gt; \\`x\\` \\[y\\](z)");
    }
}
