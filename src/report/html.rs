//! The page: one file with its styles and scripts in it. The list of rows stands in the page;
//! details of many rows stand in parts beside it, which the page loads when a row is opened.

use serde::Serialize;
use serde_json::{Value, json};

use super::Head;
use super::json::text;
use super::rows::State;
use super::view::RowView;

/// Rows whose details are one part; so many or fewer stand in the page itself.
pub const PART_ROWS: usize = 40;
/// Characters of a row's params that the page can be searched for.
const TOLD_CHARS_MAX: usize = 160;

const PAGE: &str = include_str!("assets/page.html");
const STYLES: &[&str] = &[include_str!("assets/page.css"), include_str!("assets/row.css")];
/// In the order in which they need each other.
const SCRIPTS: &[&str] = &[
    include_str!("assets/page.js"),
    include_str!("assets/timeline.js"),
    include_str!("assets/row.js"),
    include_str!("assets/list.js"),
    include_str!("assets/main.js"),
];

/// Other forms of the same report, which lie beside the page.
pub const FILES: &[&str] = &["summary.md", "rows.csv", "report.json", "junit.xml"];

/// What the page's own script reads.
#[derive(Serialize)]
struct Report<'a> {
    head: &'a Head,
    part_rows: usize,
    files: &'a [&'a str],
    rows: &'a [Value],
}

/// Returns what the list shows of a row, value by value: names would be most of the page.
pub fn listed(row: &RowView) -> Value {
    let video = row.videos.first();
    let told: String = row.params.iter().map(|(_, value)| format!("{value} ")).collect();
    let told: String = told.trim_end().chars().take(TOLD_CHARS_MAX).collect();
    let name = if row.name == row.key { "" } else { row.name.as_str() };
    json!([
        row.number,
        row.key,
        name,
        State::WORDS.iter().position(|word| *word == row.state),
        row.took_ms,
        row.credits,
        row.began_ms,
        row.words,
        told,
        video.and_then(|video| video.src.as_ref()),
        video.and_then(|video| video.poster.as_ref()),
        video.map(|video| video.seconds),
        video.and_then(|video| video.width),
        video.and_then(|video| video.height),
        row.videos.len(),
    ])
}

/// Returns the details of rows as JSON, one behind the other.
pub fn details(rows: &[RowView]) -> String {
    text(&rows)
}

/// Returns the name of the file with part number `part`, and its text.
pub fn part(part: usize, details: &str) -> (String, String) {
    (part_name(part), format!("reelPart({part}, {});\n", in_script(details)))
}

/// Returns the name of the file with part number `part`.
pub fn part_name(part: usize) -> String {
    format!("data/rows-{part}.js")
}

/// Returns the page. `details` are those of all rows, when they are few enough to stand in it.
pub fn page(head: &Head, listed: &[Value], details: Option<&str>) -> String {
    let files = if head.live { &[] } else { FILES };
    let report = Report { head, part_rows: PART_ROWS, files, rows: listed };
    let inline = |id: &str, json: &str| {
        format!("<script type=\"application/json\" id=\"{id}\">{}</script>", in_script(json))
    };
    filled(PAGE, &|name| match name {
        "title" => escaped(&head.title),
        "css" => STYLES.concat(),
        "files" => escaped(&FILES.join(", ")),
        "report" => in_script(&text(&report)),
        "details" => details.map(|details| inline("part-0", details)).unwrap_or_default(),
        "js" => format!("(() => {{\n\"use strict\";\n{}}})();", SCRIPTS.concat()),
        _ => String::new(),
    })
}

/// Fills `{{name}}` in a template, once: what is put in is not looked at again.
fn filled(template: &str, fill: &dyn Fn(&str) -> String) -> String {
    let mut page = String::with_capacity(template.len());
    let mut rest = template;
    while let Some((before, behind)) = rest.split_once("{{") {
        let Some((name, after)) = behind.split_once("}}") else { break };
        page.push_str(before);
        page.push_str(&fill(name));
        rest = after;
    }
    page.push_str(rest);
    page
}

/// Text in an element or an attribute.
fn escaped(text: &str) -> String {
    let mut safe = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '&' => safe.push_str("&amp;"),
            '<' => safe.push_str("&lt;"),
            '>' => safe.push_str("&gt;"),
            '"' => safe.push_str("&quot;"),
            '\'' => safe.push_str("&#39;"),
            c => safe.push(c),
        }
    }
    safe
}

/// JSON inside a script element: it cannot end the element, nor begin a comment in it, and no
/// character in it ends a line of JavaScript.
fn in_script(json: &str) -> String {
    let mut safe = String::with_capacity(json.len());
    for c in json.chars() {
        match c {
            '<' => safe.push_str("\\u003c"),
            '>' => safe.push_str("\\u003e"),
            '\u{2028}' => safe.push_str("\\u2028"),
            '\u{2029}' => safe.push_str("\\u2029"),
            c => safe.push(c),
        }
    }
    safe
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::Kind;

    #[test]
    fn data_cannot_leave_its_script() {
        let evil = json!("</script><!-- <script> \u{2028}\u{2029} {{css}}");
        let safe = in_script(&text(&evil));
        assert!(!safe.contains(['<', '>', '\u{2028}', '\u{2029}']), "{safe}");
        assert_eq!(serde_json::from_str::<Value>(&safe).unwrap(), evil);
    }

    #[test]
    fn a_title_is_text_and_fills_nothing_else() {
        let title = "</title><script>alert(1)</script> {{js}} \"'".to_owned();
        let (ids, backend) = (vec!["ab".to_owned()], None);
        let head = Head { kind: Kind::Batch, title, ids, backend, began_ms: 1, made_ms: 2, live: false };
        let page = page(&head, &[], Some("[]"));
        assert!(page.contains("<title>&lt;/title&gt;&lt;script&gt;alert(1)"), "{page}");
        assert_eq!(page.matches("<script>").count(), 1, "the page's own");
        assert_eq!(page.matches("\"use strict\"").count(), 1);
        assert!(page.contains("id=\"part-0\">[]</script>"));
    }

    #[test]
    fn a_template_is_filled_once() {
        let fill = |name: &str| if name == "a" { "{{b}}".to_owned() } else { "B".to_owned() };
        assert_eq!(filled("x{{a}}y{{b}}z{{", &fill), "x{{b}}yBz{{");
    }
}
