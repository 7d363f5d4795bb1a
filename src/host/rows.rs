//! Tables of a script: `rows(path)`.

use std::fs::File;
use std::path::Path;

use rhai::{Array, Dynamic, EvalAltResult, NativeCallContext};
use serde_json::{Map, Value, json};

use crate::host::failure::Failure;
use crate::host::flow::answer;
use crate::host::registry::{Doc, Registry};
use crate::host::run::Run;
use crate::host::step::{self, Call};
use crate::host::{json, paths};
use crate::journal::Class;
use crate::table::{self, Format};

/// Rows that a script may hold: each is a map in its memory, and a part of its record.
const ROWS_MAX: usize = 100_000;
/// Cells of all rows: the entries that the maps of one value may have.
const CELLS_MAX: usize = 1_000_000;
/// Bytes of all cells: the longest text that a value may hold in all.
const TABLE_BYTES_MAX: usize = 16 << 20;

const ROWS: Doc = Doc {
    name: "rows",
    calls: &["rows(path)"],
    about: "Returns the rows of a table as an array of maps: CSV, TSV, JSON (an array of objects) or JSON Lines. \
            The first line of CSV names the columns, with any of `,` `;` `|` and tab between them, and its cells \
            are texts; values of JSON keep their type. Finds the encoding itself (UTF-8, UTF-16, Windows-1252). \
            Takes 100,000 rows, 1,000,000 cells and 16 MiB of text at most.\n\
            Throws `input` with row and column when it is no such table, `sandbox` outside the allowed folders.",
    class: Some(Class::Value),
    example: "write_text(\"people.csv\", \"name,city\\nAda,London\\nAlan,Wilmslow\");\n\
              for row in rows(\"people.csv\") { print(`${row.name} in ${row.city}`); }",
};

/// Returns the rows of a table.
///
/// # Errors
/// `Input` when it is no table or has too many rows, `Sandbox` outside the allowed folders.
pub fn rows(run: &Run, path: &str) -> Result<Vec<Map<String, Value>>, Failure> {
    let call = Call { name: "rows", class: Class::Value, args: json!({ "path": path }) };
    step::call(run, call, || {
        let found = paths::input(run, path)?;
        read(path, &found)
    })
}

fn read(path: &str, found: &Path) -> Result<Vec<Map<String, Value>>, Failure> {
    let refused = |trouble: table::Trouble| {
        let place = Some(trouble.place()).filter(|place| !place.is_empty());
        let place = place.map(|place| format!(", {place}")).unwrap_or_default();
        Failure::input(format!("`{path}`{place}: {}", trouble.cause)).hint(trouble.hint())
    };
    let too_much = |what: String| {
        Failure::input(format!("`{path}` has more than {what}")).hint("`reel batch` takes more")
    };
    let file = File::open(found).map_err(|error| {
        Failure::input(format!("`{path}` cannot be read: {error}")).hint("check the path")
    })?;
    let (mut rows, mut cells, mut bytes) = (Vec::new(), 0, 0);
    for row in table::open(file, Format::of_path(found)).map_err(refused)? {
        let row = row.map_err(refused)?;
        cells += row.cells.len();
        bytes += row.cells.iter().map(|(name, value)| name.len() + size(value)).sum::<usize>();
        if bytes > TABLE_BYTES_MAX {
            return Err(too_much(format!("{} MiB of cells", TABLE_BYTES_MAX >> 20)));
        }
        if cells > CELLS_MAX {
            return Err(too_much(format!("{CELLS_MAX} cells")));
        }
        if rows.len() == ROWS_MAX {
            return Err(too_much(format!("{ROWS_MAX} rows")));
        }
        rows.push(row.cells);
    }
    Ok(rows)
}

fn size(value: &Value) -> usize {
    value.as_str().map_or_else(|| value.to_string().len(), str::len)
}

pub(super) fn register(registry: &mut Registry) {
    let read = |ctx: NativeCallContext<'_>, path: &str| -> Result<Array, Box<EvalAltResult>> {
        answer(&ctx, |run| {
            let map = |cells: Map<String, Value>| -> Dynamic { json::to_script(&Value::Object(cells)) };
            Ok(rows(run, path)?.into_iter().map(map).collect())
        })
    };
    registry.function(&ROWS, &["path: string", "array"], read);
}
