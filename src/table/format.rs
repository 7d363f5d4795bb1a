//! Which format a table has, and what stands between its cells.

use std::path::Path;

/// The delimiters that are looked for; of equals, the first.
const DELIMITERS: [u8; 4] = [b',', b';', b'\t', b'|'];
/// Records from which the delimiter is read.
const RECORDS_MAX: usize = 20;

/// The format of a table.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Format {
    /// Cells with a delimiter between them, which is found by looking.
    Csv,
    /// Cells with tabs between them.
    Tsv,
    /// One array of objects.
    Json,
    /// An object a line.
    JsonLines,
    /// The name does not tell: the content does.
    Unknown,
}

impl Format {
    /// Returns the format that the extension of a file's name stands for.
    pub fn of_extension(extension: &str) -> Self {
        match extension.to_ascii_lowercase().as_str() {
            "csv" => Self::Csv,
            "tsv" | "tab" => Self::Tsv,
            "json" => Self::Json,
            "jsonl" | "ndjson" => Self::JsonLines,
            _ => Self::Unknown,
        }
    }

    /// Returns the format that the name of a file stands for.
    pub fn of_path(path: &Path) -> Self {
        let extension = path.extension().and_then(|extension| extension.to_str());
        extension.map_or(Self::Unknown, Self::of_extension)
    }

    /// The format itself, or what the beginning of the text looks like.
    pub(super) fn settled(self, sample: &str) -> Self {
        match (self, sample.trim_start().chars().next()) {
            (Self::Unknown, Some('[')) => Self::Json,
            (Self::Unknown, Some('{')) => Self::JsonLines,
            (Self::Unknown, _) => Self::Csv,
            (known, _) => known,
        }
    }
}

/// Finds the delimiter of a text by its beginning, and whether a first line `sep=;` states it,
/// as some spreadsheets write.
pub(super) fn delimiter(sample: &str) -> (u8, bool) {
    let first = sample.lines().next().unwrap_or_default().trim_end();
    if let Some([stated]) = first.strip_prefix("sep=").map(str::as_bytes)
        && DELIMITERS.contains(stated)
    {
        return (*stated, true);
    }
    let best = DELIMITERS.into_iter().rev().max_by_key(|delimiter| fit(sample, *delimiter));
    (best.unwrap_or(b','), false)
}

/// How well a delimiter fits: first the share of records that are as wide as the first, in
/// percent, then how wide it is. One that never occurs in the first record does not fit.
fn fit(sample: &str, delimiter: u8) -> (usize, usize) {
    let mut reader = csv::ReaderBuilder::new();
    let reader = reader.has_headers(false).flexible(true).delimiter(delimiter);
    let mut reader = reader.from_reader(sample.as_bytes());
    let mut widths: Vec<usize> =
        reader.records().take(RECORDS_MAX + 1).map_while(Result::ok).map(|record| record.len()).collect();
    // The last record of a sample may be cut off.
    if widths.len() > 2 {
        widths.pop();
    }
    let Some((first, rest)) = widths.split_first() else { return (0, 0) };
    if *first < 2 {
        return (0, 0);
    }
    let same = rest.iter().filter(|width| *width == first).count();
    (1 + (same * 100).checked_div(rest.len()).unwrap_or(100), *first)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_delimiter_is_what_the_records_agree_on() {
        for (sample, found) in [
            ("a,b\n1,2\n", b','),
            ("a;b\n1,5;2,5\n", b';'),
            ("a\tb\n1, 2\t3\n", b'\t'),
            ("a|b|c\n1|2|3\n", b'|'),
            ("\"a;x\",b\n\"1;2\",3\n", b','),
            ("Name, first;Age\nAda;36\nAlan;41\n", b';'),
            ("a,b,c\n1,2\n3,4,5\n", b','),
            ("title\none\n", b','),
            ("a;b", b';'),
            ("text;n\n\"one, two\nthree, four\";2\n\"x, y\";3\n", b';'),
        ] {
            assert_eq!(delimiter(sample), (found, false), "{sample:?}");
        }
        assert_eq!(delimiter("sep=;\r\na;b\r\n"), (b';', true));
    }

    #[test]
    fn a_name_tells_the_format_and_a_text_where_it_does_not() {
        assert_eq!(Format::of_extension("CSV"), Format::Csv);
        assert_eq!(Format::of_extension("ndjson"), Format::JsonLines);
        for (sample, format) in
            [(" \n[{}]", Format::Json), ("{\"a\": 1}\n", Format::JsonLines), ("a,b\n", Format::Csv)]
        {
            assert_eq!(Format::of_extension("txt").settled(sample), format);
        }
        assert_eq!(Format::Csv.settled("[x],y"), Format::Csv);
    }
}
