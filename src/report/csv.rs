//! The rows as a table for spreadsheets: nothing in a cell may be taken for a formula.

use super::rows::Row;
use super::view::RowView;

const COLUMNS: &[&str] = &[
    "number",
    "key",
    "name",
    "state",
    "began_ms",
    "seconds",
    "credits",
    "videos",
    "video",
    "video_seconds",
    "result",
];

/// Writes rows under one head: the columns of every report, then a column a param.
pub struct Table {
    params: Vec<String>,
}

impl Table {
    /// Finds the params of all rows, in the order in which they come.
    pub fn of(rows: &[Row]) -> Self {
        let mut params: Vec<String> = Vec::new();
        for (name, _) in rows.iter().flat_map(|row| &row.params) {
            if !params.contains(name) {
                params.push(name.clone());
            }
        }
        Self { params }
    }

    /// Returns the line of names.
    pub fn head(&self) -> String {
        let columns = COLUMNS.iter().map(|name| (*name).to_owned());
        line(columns.chain(self.params.iter().map(|name| format!("param {name}"))))
    }

    /// Returns the line of a row.
    pub fn row(&self, row: &RowView) -> String {
        let number = |value: Option<f64>| value.map(|value| value.to_string()).unwrap_or_default();
        let video = row.videos.first();
        let cells = [
            row.number.to_string(),
            row.key.clone(),
            row.name.clone(),
            row.state.to_owned(),
            row.began_ms.map(|ms| ms.to_string()).unwrap_or_default(),
            number(row.took_ms.map(|ms| ms as f64 / 1000.0)),
            number(row.credits),
            row.videos.len().to_string(),
            video.map(|video| video.path.clone()).unwrap_or_default(),
            number(video.map(|video| video.seconds)),
            row.words.clone(),
        ];
        let param = |name: &String| {
            let found = row.params.iter().find(|(known, _)| known == name);
            found.map(|(_, value)| value.clone()).unwrap_or_default()
        };
        line(cells.into_iter().chain(self.params.iter().map(param)))
    }
}

fn line(cells: impl Iterator<Item = String>) -> String {
    let cells: Vec<String> = cells.map(|text| cell(&text)).collect();
    format!("{}\r\n", cells.join(","))
}

/// A cell in quotes where it needs them. What a spreadsheet would compute gets an apostrophe in
/// front; numbers stay numbers.
fn cell(text: &str) -> String {
    let number = text.parse::<f64>().is_ok_and(f64::is_finite);
    let formula = text.starts_with(['=', '+', '-', '@', '\t', '\r']) && !number;
    let text = if formula { format!("'{text}") } else { text.to_owned() };
    match text.contains(['"', ',', '\n', '\r', ';']) || text.starts_with(' ') || formula {
        true => format!("\"{}\"", text.replace('"', "\"\"")),
        false => text,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_cell_is_a_formula_and_quotes_are_doubled() {
        for (text, wanted) in [
            ("plain", "plain"),
            ("-3.5", "-3.5"),
            ("+49 30", "\"'+49 30\""),
            ("=cmd|' /C calc'!A0", "\"'=cmd|' /C calc'!A0\""),
            ("@SUM(A1)", "\"'@SUM(A1)\""),
            ("-inf", "\"'-inf\""),
            ("a,b", "\"a,b\""),
            ("say \"hi\"\nagain", "\"say \"\"hi\"\"\nagain\""),
            ("晨光", "晨光"),
        ] {
            assert_eq!(cell(text), wanted);
        }
    }
}
