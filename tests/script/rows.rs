//! Tables in the hands of a script: `rows(path)`.

use reelscript::journal::Replay;
use serde_json::json;

use super::Stage;

#[test]
fn a_table_is_rows_of_maps_and_its_record_is_what_a_resumed_run_sees() {
    let mut stage = Stage::new().file("a.csv", "name;age\r\nAda;36\r\n").file(
        "b.jsonl",
        "{\"name\": \"Ada\", \"age\": 36, \"tags\": [1.5, true, null], \"id\": 9007199254740993}\n",
    );
    let text = "[rows(\"a.csv\"), rows(\"b.jsonl\")]";
    let of_json = json!({"name": "Ada", "age": 36, "tags": [1.5, true, null], "id": 9007199254740993_u64});
    let first = stage.run(text).value;
    assert_eq!(first, json!([[{"name": "Ada", "age": "36"}], [of_json]]));
    std::fs::remove_file(stage.folder().join("a.csv")).unwrap();
    stage.live_again(Replay::Resume);
    assert_eq!(stage.run(text).value, first);
    assert_eq!(stage.story(), ["1 rows (Value): finished", "2 rows (Value): finished"]);
}

#[test]
fn a_table_that_is_none_is_refused_with_its_place() {
    let stage = Stage::new().file("bad.csv", "a,b\n1,2\n3\n").file("sheet.xlsx", "PK\u{3}\u{4}");
    let text = "let said = []; for path in [\"bad.csv\", \"sheet.xlsx\", \"none.csv\"] { \
                try { rows(path) } catch (e) { said.push([e.kind, e.message, e.hint]); } } said";
    let said = stage.run(text).value;
    assert_eq!(
        said[0],
        json!([
            "input",
            "`bad.csv`, row 2 (line 3), column `b`: the row has 1 of 2 cells",
            "fill the cells that are missing, empty ones too"
        ])
    );
    assert_eq!(said[1][2], "save the sheet as CSV (UTF-8) and name that file");
    assert_eq!(said[2][1], "there is no file `none.csv`");
}

#[test]
fn a_script_holds_a_hundred_thousand_rows_and_no_more() {
    let table = |rows: usize| {
        let rows: String = (0..rows).map(|n| format!("{n},x,y\n")).collect();
        format!("a,b,c\n{rows}")
    };
    let stage = Stage::new().file("many.csv", &table(100_000)).file("more.csv", &table(100_001));
    let text =
        "let all = rows(\"many.csv\"); let n = 0; for row in all { n += row.a.parse_int(); } [all.len, n]";
    assert_eq!(stage.run(text).value, json!([100_000, 4_999_950_000_u64]));
    let error = stage.run("rows(\"more.csv\")").error.unwrap();
    assert_eq!(error.message, "`more.csv` has more than 100000 rows");
}
