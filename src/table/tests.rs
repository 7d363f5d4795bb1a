//! Tables of every kind, good and bad, as bytes.

use std::io::Cursor;

use serde_json::{Value, json};

use super::*;

fn all(bytes: &[u8], format: Format) -> Vec<Result<Row, Trouble>> {
    match open(Cursor::new(bytes), format) {
        Ok(rows) => rows.collect(),
        Err(trouble) => vec![Err(trouble)],
    }
}

fn cells(bytes: &[u8], format: Format) -> Value {
    let rows = all(bytes, format).into_iter().map(|row| Value::Object(row.unwrap().cells));
    rows.collect::<Vec<_>>().into()
}

fn utf16(text: &str, unit: fn(u16) -> [u8; 2]) -> Vec<u8> {
    text.encode_utf16().flat_map(unit).collect()
}

#[test]
fn cells_are_read_from_every_encoding() {
    let text = "name;city\r\nZoë;Köln\r\n";
    let wanted = json!([{"name": "Zoë", "city": "Köln"}]);
    let with_mark = |mark: &[u8], text: Vec<u8>| [mark, &text].concat();
    for (bytes, encoding) in [
        (text.as_bytes().to_vec(), Encoding::Utf8),
        (with_mark(b"\xef\xbb\xbf", text.into()), Encoding::Utf8),
        (with_mark(b"\xff\xfe", utf16(text, u16::to_le_bytes)), Encoding::Utf16Le),
        (with_mark(b"\xfe\xff", utf16(text, u16::to_be_bytes)), Encoding::Utf16Be),
        (utf16(text, u16::to_le_bytes), Encoding::Utf16Le),
        (utf16(text, u16::to_be_bytes), Encoding::Utf16Be),
        (b"name;city\r\nZo\xeb;K\xf6ln\r\n".to_vec(), Encoding::Windows1252),
    ] {
        assert_eq!(cells(&bytes, Format::Csv), wanted, "{encoding:?}");
        assert_eq!(open(Cursor::new(&bytes), Format::Csv).unwrap().encoding(), encoding);
    }
    let euro = cells(b"price\n5 \x80\n", Format::Csv);
    assert_eq!(euro, json!([{"price": "5 €"}]));
    let chinese = utf16("标题,时长\n晨光,五\n", u16::to_le_bytes);
    assert_eq!(cells(&chinese, Format::Csv), json!([{"标题": "晨光", "时长": "五"}]));
}

#[test]
fn a_letter_that_is_not_ascii_may_stand_far_down() {
    let mut table = b"name\n".to_vec();
    for _ in 0..40_000 {
        table.extend(b"plain\n");
    }
    table.extend(b"Zo\xeb\n");
    let last = all(&table, Format::Csv).pop().unwrap().unwrap();
    assert_eq!((last.number, last.line, &last.cells["name"]), (40_001, Some(40_002), &json!("Zoë")));
    let mut wide = utf16(&String::from_utf8_lossy(&table[..200_003]), u16::to_le_bytes);
    wide.extend(utf16("晨光\n", u16::to_le_bytes));
    let last = all(&wide, Format::Csv).pop().unwrap().unwrap();
    assert_eq!(last.cells["name"], json!("晨光"));
}

#[test]
fn cells_are_read_with_every_delimiter_quote_and_line_end() {
    let wanted = json!([{"a": "1", "b": "x, \"y\"\nz"}, {"a": "", "b": " 2 "}]);
    for delimiter in [",", ";", "\t", "|"] {
        for end in ["\n", "\r\n", "\r"] {
            let text = " a #b \n\n1#\"x, \"\"y\"\"\nz\"\n  \n#\" 2 \"\n#\n\n";
            let text = text.replace('\n', end).replace('#', delimiter);
            assert_eq!(cells(text.as_bytes(), Format::Csv), wanted, "{text:?}");
        }
    }
    assert_eq!(cells(b"sep=|\r\na|b\r\n1,2|3\r\n", Format::Csv), json!([{"a": "1,2", "b": "3"}]));
    assert_eq!(cells(b"a,b\tc\n1\t2", Format::Tsv), json!([{"a,b": "1", "c": "2"}]));
}

#[test]
fn lines_are_those_of_the_file() {
    let table = b"\n\na,b\n\n1,\"x\n\ny\"\n\n\n2,z\r\n3,\"\r\n\"\r\n4,end";
    let places: Vec<_> = all(table, Format::Csv).into_iter().map(|row| row.unwrap()).collect();
    let places: Vec<_> = places.iter().map(|row| (row.number, row.line.unwrap())).collect();
    assert_eq!(places, [(1, 5), (2, 10), (3, 11), (4, 13)]);
    let table = b"[\n{\"a\": 1},\n\n {\n\"a\": 2}\n,{\"a\":3}]";
    let lines: Vec<_> = all(table, Format::Json).into_iter().map(|row| row.unwrap().line).collect();
    assert_eq!(lines, [Some(2), Some(4), Some(6)]);
    let table = b"{\"a\": 1}\r\n\r\n  {\"a\": 2}";
    let lines: Vec<_> = all(table, Format::Unknown).into_iter().map(|row| row.unwrap().line).collect();
    assert_eq!(lines, [Some(1), Some(3)]);
}

#[test]
fn values_of_json_keep_their_type() {
    let text =
        r#"{"t":"x","n":12345678901234567890123,"f":1.50,"b":true,"z":null,"l":[1,{"d":2}],"o":{"p":"q"}}"#;
    let value: Value = serde_json::from_str(text).unwrap();
    let array = format!(" [ {text} , {text} ] \n");
    assert_eq!(cells(array.as_bytes(), Format::Json), json!([value, value]));
    assert_eq!(cells(array.as_bytes(), Format::Unknown), json!([value, value]));
    let lines = format!("{text}\n{text}");
    assert_eq!(cells(lines.as_bytes(), Format::JsonLines), json!([value, value]));
    assert_eq!(cells(&utf16(&lines, u16::to_le_bytes), Format::JsonLines), json!([value, value]));
}

/// A table, its format, and each trouble with it: its place, and a part of its words.
type Bad = (&'static [u8], Format, &'static [(&'static str, &'static str)]);

const BAD: &[Bad] = &[
    (b"", Format::Csv, &[("", "it is empty")]),
    (b"\n \r\n", Format::Csv, &[("", "it is empty")]),
    (b"\xef\xbb\xbf", Format::Csv, &[("", "it is empty")]),
    (b"", Format::Json, &[("", "it is empty")]),
    (b"a,b\n", Format::Csv, &[("", "there are no rows in it")]),
    (b"a,b\n\n,\n", Format::Csv, &[("", "there are no rows in it")]),
    (b" [ ] ", Format::Json, &[("", "there are no rows in it")]),
    (b"a,b,a\n1,2,3\n", Format::Csv, &[("line 1, column `a`", "the same name as column 1")]),
    (b"a, a \n1,2\n", Format::Csv, &[("line 1, column `a`", "the same name as column 1")]),
    (b"a,,b\n1,2,3\n", Format::Csv, &[("line 1, column 2", "has no name")]),
    (b"\na,b,\n1,2,3\n", Format::Csv, &[("line 2, column 3", "has no name")]),
    (
        b"a,b,c\n1,2\n3,4,5\n6\n",
        Format::Csv,
        &[
            ("row 1 (line 2), column `c`", "has 2 of 3 cells"),
            ("row 3 (line 4), column `b`", "has 1 of 3 cells"),
        ],
    ),
    (b"a,b\n1,2,3\n", Format::Csv, &[("row 1 (line 2), column 3", "has 3 cells, the header 2")]),
    (b"a,b\n1,2\n\"x,3\n4,5\n", Format::Csv, &[("row 2 (line 3), column `a`", "never closed")]),
    (b"a,b\n1,\"x\ny\"\n2,\"z\n", Format::Csv, &[("row 2 (line 4), column `b`", "never closed")]),
    (b"a,b\n\"x\ny\",\"z", Format::Csv, &[("row 1 (line 3), column `b`", "never closed")]),
    (b"a,\"b\n1,2\n", Format::Csv, &[("line 1, column 2", "never closed")]),
    (b"a,b\n1,2\n3,4\0\n5,6\n", Format::Csv, &[("row 2 (line 3), column `b`", "NUL")]),
    (b"a,b\0\n1,2\n", Format::Csv, &[("line 1, column 2", "NUL")]),
    (b"PK\x03\x04\x14\0\x06\0", Format::Csv, &[("", "a spreadsheet or an archive")]),
    (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", Format::Unknown, &[("", "a spreadsheet or an archive")]),
    (b"\x89PNG\r\n\x1a\n", Format::Csv, &[("", "no text")]),
    (b"%PDF-1.7\n", Format::Csv, &[("", "no text")]),
    (b"\x01\x02\x03\x04\x05\x06\x07\x08\x0b\x0c\0\0ab", Format::Csv, &[("", "no text")]),
    (b"\xff\xfe\0\0a\0\0\0", Format::Csv, &[("", "no text")]),
    (b"a\nZo\xc3\xab\nK\xf6ln\n", Format::Csv, &[("line 3", "not UTF-8")]),
    (b"\xef\xbb\xbfa\n\xff\n", Format::Csv, &[("line 2", "not UTF-8")]),
    (b"a\nx\nZo\xc3\xab\xc3", Format::Csv, &[("line 3", "not UTF-8")]),
    (b"\xff\xfea\0\n\0x\0\n", Format::Csv, &[("row 1 (line 2)", "no whole UTF-16 text")]),
    (b"\xff\xfea\0\n\0\x00\xd8\n\0", Format::Csv, &[("row 1 (line 2)", "no whole UTF-16 text")]),
    (b"{\"a\": 1}", Format::Json, &[("line 1", "begins with an object, not with the `[`")]),
    (b"\n\"text\"", Format::Json, &[("line 2", "begins with a text")]),
    (b"[{\"a\": 1}, 5]", Format::Json, &[("row 2 (line 1)", "begins with a number")]),
    (b"[{\"a\": 1},\n[2]]", Format::Json, &[("row 2 (line 2)", "begins with an array")]),
    (b"[{\"a\": 1},\n{\"a\":", Format::Json, &[("row 2 (line 2)", "ends before the row does")]),
    (b"[{\"a\": 1}\n", Format::Json, &[("row 2 (line 2)", "ends before the row does")]),
    (b"[{\"a\": 1}\n{\"a\": 2}]", Format::Json, &[("row 2 (line 2)", "where a `,` or a `]` is wanted")]),
    (b"[{\"a\": 1},]", Format::Json, &[("row 2 (line 1)", "begins with `]`")]),
    (b"[{\"a\": 1}]\n[]", Format::Json, &[("row 2 (line 2)", "more behind the `]`")]),
    (b"[{\"a\": 1},\n{\n\"a\": oops}]", Format::Json, &[("row 2 (line 3)", "it is no JSON: expected value")]),
    (b"[{\"\": 1}]", Format::Json, &[("row 1 (line 1), column ``", "has no name")]),
    (b"[{\"a\": \"x\\u0000\"}]", Format::Json, &[("row 1 (line 1), column `a`", "NUL")]),
    (
        b"{\"a\": 1}\n[1]\n{\"a\": \n\n{\"a\": 2} x\n7\n{\"a\": 3}",
        Format::JsonLines,
        &[
            ("row 2 (line 2)", "begins with an array"),
            ("row 3 (line 3)", "ends before the row does"),
            ("row 4 (line 5)", "it is no JSON: trailing characters"),
            ("row 5 (line 6)", "begins with a number"),
        ],
    ),
];

#[test]
fn bad_tables_are_refused_with_their_place() {
    assert!(BAD.len() >= 40, "{}", BAD.len());
    for (bytes, format, wanted) in BAD {
        let text = String::from_utf8_lossy(bytes);
        let found: Vec<Trouble> = all(bytes, *format).into_iter().filter_map(Result::err).collect();
        assert_eq!(found.len(), wanted.len(), "{text:?}: {found:?}");
        for (trouble, (place, words)) in found.iter().zip(*wanted) {
            assert_eq!(trouble.place(), *place, "{text:?}: {trouble}");
            assert!(trouble.to_string().contains(words), "{text:?}: {trouble}");
            assert!(!trouble.hint().is_empty());
        }
    }
}

#[test]
fn what_is_too_large_is_refused() {
    let long = format!("a,b\n1,{}\n2,x\n", "y".repeat(CELL_BYTES_MAX + 1));
    let rows = all(long.as_bytes(), Format::Csv);
    assert_eq!(
        rows[0].as_ref().unwrap_err().to_string(),
        "row 1 (line 2), column `b`: the cell is longer than 1 MiB"
    );
    assert_eq!(rows[1].as_ref().unwrap().number, 2);

    let open_quote = format!("a\nx\n\"{}", "y\n".repeat(3 << 20));
    let trouble = all(open_quote.as_bytes(), Format::Csv).pop().unwrap().unwrap_err();
    assert_eq!((trouble.row, trouble.cause), (Some(2), Cause::LongRow));
    for format in [Format::Json, Format::JsonLines] {
        let long = format!("[{{\"a\": \"{}\"}}]", "y".repeat(5 << 20));
        let long = if format == Format::Json { &long } else { &long[1..] };
        let trouble = all(long.as_bytes(), format).pop().unwrap().unwrap_err();
        assert_eq!((trouble.row, trouble.cause), (Some(1), Cause::LongRow));
    }

    let names: Vec<String> = (0..=COLUMNS_MAX).map(|n| format!("c{n}")).collect();
    let wide = format!("{}\n", names.join(","));
    let trouble = all(wide.as_bytes(), Format::Csv).pop().unwrap().unwrap_err();
    assert_eq!(trouble.cause, Cause::TooManyColumns(COLUMNS_MAX + 1));
}

#[test]
fn what_lies_in_a_row_of_other_rows_is_read_on_its_own() {
    let rows = all(b"a,b\n1\n2,3\n", Format::Csv);
    assert!(rows[0].is_err());
    let row = rows[1].as_ref().unwrap();
    assert_eq!((row.number, row.line), (2, Some(3)));
}
