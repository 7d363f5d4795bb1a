//! The rows as JUnit XML, which build servers read: a row is a test case.

use super::Head;
use super::totals::Totals;
use super::view::RowView;

/// Characters of printed lines that one test case carries.
const OUT_CHARS_MAX: usize = 10_000;

/// Returns what stands before the rows; `totals` has their states already.
pub fn begin(head: &Head, totals: &Totals) -> String {
    let broken = totals.count("parked") + totals.count("broken off");
    let done = totals.count("finished") + totals.count("failed") + broken;
    format!(
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<testsuites>\n<testsuite name=\"{}\" tests=\"{}\" \
         failures=\"{}\" errors=\"{broken}\" skipped=\"{}\">\n",
        escaped(&head.title),
        totals.rows,
        totals.count("failed"),
        totals.rows.saturating_sub(done),
    )
}

/// Returns one row.
pub fn row(row: &RowView, title: &str) -> String {
    let seconds = row.took_ms.unwrap_or_default() as f64 / 1000.0;
    let problem = row.problem.as_ref();
    let message = problem.map(|problem| problem.message.clone()).unwrap_or_else(|| row.state.to_owned());
    let kind = problem.map(|problem| problem.kind.as_str()).filter(|kind| !kind.is_empty());
    let hint = problem.map(|problem| problem.hint.as_str()).unwrap_or_default();
    let end = |tag: &str| {
        let kind = escaped(kind.unwrap_or(row.state));
        format!("<{tag} message=\"{}\" type=\"{kind}\">{}</{tag}>", escaped(&message), escaped(hint))
    };
    let verdict = match row.state {
        "finished" => String::new(),
        "failed" => end("failure"),
        "parked" | "broken off" => end("error"),
        _ => format!("<skipped message=\"{}\"/>", escaped(&message)),
    };
    let lines: Vec<&str> = row.story.iter().filter_map(|moment| moment.line.as_deref()).collect();
    let out: String = lines.join("\n").chars().take(OUT_CHARS_MAX).collect();
    let out = if out.is_empty() { out } else { format!("<system-out>{}</system-out>", escaped(&out)) };
    format!(
        "<testcase name=\"{}\" classname=\"{}\" time=\"{seconds:.3}\">{verdict}{out}</testcase>\n",
        escaped(&row.name),
        escaped(title),
    )
}

/// Returns what stands behind the rows.
pub fn end() -> &'static str {
    "</testsuite>\n</testsuites>\n"
}

/// Text for elements and attributes. Characters that XML cannot hold become a sign for that.
fn escaped(text: &str) -> String {
    let mut safe = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '&' => safe.push_str("&amp;"),
            '<' => safe.push_str("&lt;"),
            '>' => safe.push_str("&gt;"),
            '"' => safe.push_str("&quot;"),
            '\'' => safe.push_str("&apos;"),
            '\n' => safe.push_str("&#10;"),
            '\t' => safe.push(' '),
            '\0'..='\u{1f}' | '\u{7f}'..='\u{9f}' | '\u{fffe}' | '\u{ffff}' => safe.push('\u{fffd}'),
            c => safe.push(c),
        }
    }
    safe
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_cannot_leave_its_place_and_has_no_control_characters() {
        let safe = escaped("a<b & \"c\"'>\u{1b}[31m\0\n]]>\u{fffe}");
        assert_eq!(safe, "a&lt;b &amp; &quot;c&quot;&apos;&gt;\u{fffd}[31m\u{fffd}&#10;]]&gt;\u{fffd}");
    }
}
