//! Tables and scripts that fit, and those that do not, with the place of each problem.

use std::fs;
use std::path::Path;

use tempfile::TempDir;

use super::*;
use crate::runtime::{Script, params};

const SCRIPT: &str = "let clip = param(\"clip\", (), #{ help: \"the clip\" }); let title = param(\"title\", \"Hi\");\n\
                      let n = param(\"n\", 3); let look = param(\"look\", \"warm\", #{ choices: [\"warm\", \"cold\"] });\n\
                      let s = session(); s.upload(clip); s.chat(`${title} ${n} ${look}`);";

/// A folder with two clips and a table in it.
struct Bench {
    folder: TempDir,
    rules: Rules,
    script: &'static str,
}

impl Bench {
    fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        for clip in ["a.mp4", "b.mp4"] {
            fs::write(folder.path().join(clip), "x").unwrap();
        }
        fs::create_dir(folder.path().join("folder.mp4")).unwrap();
        let inputs = vec![folder.path().to_path_buf()];
        let files = FileAccess { inputs, out: folder.path().join("out"), ..FileAccess::default() };
        Self { folder, rules: Rules { files, ..Rules::default() }, script: SCRIPT }
    }

    fn table(name: &str, text: &str) -> Self {
        let mut bench = Self::new();
        let path = bench.path(name);
        fs::write(&path, text).unwrap();
        bench.rules.sources.push(Source::File(path));
        bench
    }

    fn csv(text: &str) -> Self {
        Self::table("rows.csv", text)
    }

    fn script(mut self, script: &'static str) -> Self {
        self.script = script;
        self
    }

    fn with(mut self, change: impl FnOnce(&mut Rules)) -> Self {
        change(&mut self.rules);
        self
    }

    fn path(&self, name: &str) -> std::path::PathBuf {
        self.folder.path().join(name)
    }

    fn fit(&self) -> Result<Checked, BadRows> {
        fit(params(&Script::from_text("x.rhai", self.script)).unwrap(), self.rules.clone())
    }

    #[track_caller]
    fn jobs(&self) -> Vec<Job> {
        let checked = self.fit().unwrap_or_else(|bad| panic!("{:?}", bad.problems));
        let jobs: Vec<Job> = checked.jobs().unwrap().map(Result::unwrap).collect();
        assert_eq!(jobs.len() as u64, checked.rows);
        jobs
    }

    /// Each problem in a line, with its hint.
    #[track_caller]
    fn problems(&self) -> Vec<String> {
        let bad = self.fit().unwrap_err();
        assert_eq!(bad.problems.len() as u64, bad.count);
        let root = self.folder.path().display().to_string();
        let line = |problem: &Problem| format!("{problem} ({})", problem.hint).replace(&root, "DIR");
        bad.problems.iter().map(line).collect()
    }
}

fn matrix(name: &str, values: &[&str]) -> Source {
    Source::Matrix(vec![(name.to_owned(), values.iter().map(|value| (*value).to_owned()).collect())])
}

fn given(job: &Job) -> String {
    let params = job.params.iter().map(|(name, value)| format!("{name}={value}"));
    params.collect::<Vec<_>>().join(" ")
}

#[test]
fn cells_become_params_and_empty_ones_are_not_given() {
    let bench = Bench::csv("clip,title,n\na.mp4,One,\nb.mp4,,7\n")
        .with(|rules| drop(rules.given.insert("title".to_owned(), "All".to_owned())));
    let jobs = bench.jobs();
    assert_eq!(given(&jobs[0]), "clip=a.mp4 title=One");
    assert_eq!(given(&jobs[1]), "clip=b.mp4 n=7 title=All");
    assert_eq!((jobs[0].number, jobs[0].name.as_str(), jobs[1].name.as_str()), (1, "0001", "0002"));
    assert_eq!(jobs[0].key.len(), KEY_DIGITS);
    assert_ne!(jobs[0].print, jobs[1].print);
}

#[test]
fn values_of_json_are_texts_as_they_are_written() {
    let script = "let l = param(\"l\", []); let f = param(\"f\", 1.5); let b = param(\"b\", false); let t = param(\"t\", \"x\");";
    let rows = "{\"l\": [1, \"a\"], \"f\": 2.50, \"b\": true, \"t\": \"\"}\n{\"t\": null, \"f\": 12345678901234567890}\n{\"t\": {\"a\": 1}}";
    let jobs = Bench::table("rows.jsonl", rows).script(script).jobs();
    let all: Vec<String> = jobs.iter().map(given).collect();
    assert_eq!(all, ["b=true f=2.50 l=[1,\"a\"]", "f=12345678901234567890", "t={\"a\":1}"]);
}

#[test]
fn a_key_stays_with_its_cells_and_equal_rows_are_told_apart() {
    let table = "clip,title\na.mp4,One\nb.mp4,Two\na.mp4,One\na.mp4,One\n";
    let keys = |table: &str| Bench::csv(table).jobs().into_iter().map(|job| job.key).collect::<Vec<_>>();
    let first = keys(table);
    assert_eq!(first[2..], [format!("{}-2", first[0]), format!("{}-3", first[0])]);
    let moved = keys("title,clip\nTwo,b.mp4\nOne,a.mp4\n");
    assert_eq!(moved, [first[1].clone(), first[0].clone()]);
}

#[test]
fn names_are_made_of_cells_params_and_keys() {
    let names = |key: Option<&str>, name: Option<&str>| {
        let bench = Bench::csv("clip,title,id,city\na.mp4,One,x/1,Köln\nb.mp4,Two,y,Paris\n");
        let bench = bench.with(|rules| {
            rules.key = key.map(str::to_owned);
            rules.name = name.map(str::to_owned);
            rules.skip = ["city", "id"].map(str::to_owned).into();
        });
        bench.jobs().into_iter().map(|job| job.name).collect::<Vec<_>>()
    };
    assert_eq!(names(None, None), ["0001", "0002"]);
    assert_eq!(names(Some("id"), None), ["x-1", "y"]);
    assert_eq!(names(Some("id"), Some("{city}/{key} {title}")), ["Köln/x-1 One", "Paris/y Two"]);
    assert_eq!(names(None, Some("{look}{n}/{row}")), ["warm3/0001", "warm3/0002"]);
}

#[test]
fn a_matrix_gives_all_combinations_and_its_last_column_varies_fastest() {
    let mut bench = Bench::new();
    bench.rules.given.insert("clip".to_owned(), "a.mp4".to_owned());
    bench.rules.sources = vec![matrix("title", &["A", "B"]), matrix("n", &["1", "2"])];
    let all: Vec<String> = bench.jobs().iter().map(|job| format!("{}: {}", job.name, given(job))).collect();
    assert_eq!(
        all,
        [
            "0001: clip=a.mp4 n=1 title=A",
            "0002: clip=a.mp4 n=2 title=A",
            "0003: clip=a.mp4 n=1 title=B",
            "0004: clip=a.mp4 n=2 title=B",
        ]
    );
    let bench = Bench::csv("id,clip\nx,a.mp4\ny,b.mp4\n").with(|rules| {
        rules.sources.push(matrix("look", &["warm", "cold"]));
        rules.key = Some("id".to_owned());
        rules.limit = Some(3);
    });
    let all: Vec<String> = bench.jobs().iter().map(|job| format!("{}: {}", job.key, given(job))).collect();
    assert_eq!(
        all,
        ["x-warm: clip=a.mp4 look=warm", "x-cold: clip=a.mp4 look=cold", "y-warm: clip=b.mp4 look=warm",]
    );
}

#[test]
fn each_file_is_a_row_of_the_param_that_takes_files() {
    let each = |column: Option<&str>| Source::Each {
        column: column.map(str::to_owned),
        pattern: "*.mp4".to_owned(),
    };
    let bench = Bench::new().with(|rules| rules.sources = vec![each(None)]);
    assert_eq!(bench.jobs().iter().map(given).collect::<Vec<_>>(), ["clip=a.mp4", "clip=b.mp4"]);
    let only =
        Bench::new().script("let what = param(\"what\");").with(|rules| rules.sources = vec![each(None)]);
    assert_eq!(only.jobs().iter().map(given).collect::<Vec<_>>(), ["what=a.mp4", "what=b.mp4"]);
    let two = "let a = param(\"a\", \"\"); let b = param(\"b\", \"\");";
    let bench = Bench::new().script(two).with(|rules| rules.sources = vec![each(None)]);
    assert_eq!(
        bench.problems(),
        [
            "no param of the script is known to take a file (name it, as in `--each a='photos/*.jpg'`; the script has: a, b)"
        ]
    );
    let bench = Bench::new().script(two).with(|rules| rules.sources = vec![each(Some("b"))]);
    assert_eq!(given(&bench.jobs()[1]), "b=b.mp4");
}

#[test]
fn columns_that_are_missing_or_unknown_are_told_once() {
    let bench = Bench::csv("titel,n,extra\nOne,1,x\nTwo,2,y\n").with(|rules| {
        rules.given.insert("looks".to_owned(), "warm".to_owned());
        rules.given.insert("n".to_owned(), "many".to_owned());
    });
    let hint = "it has: clip, title, n, look";
    assert_eq!(
        bench.problems(),
        [
            format!("the script has no param `looks`; did you mean `look`? ({hint})"),
            "param `n` takes a whole number, not `many` ()".to_owned(),
            format!(
                "column `titel`: the script has no param `titel`; did you mean `title`? ({hint}; `--skip titel` leaves the column out)"
            ),
            format!(
                "column `extra`: the script has no param `extra` ({hint}; `--skip extra` leaves the column out)"
            ),
            "there is no column `clip` (the clip), which the script needs (add it, or give it to all rows with `-p clip=..`)"
                .to_owned(),
        ]
    );
    let of_json = Bench::table(
        "rows.json",
        "[{\"clip\": \"a.mp4\", \"x\": 1},\n{\"clip\": \"b.mp4\", \"x\": 2, \"y\": 3}]",
    );
    let said = of_json.problems();
    assert!(said[0].starts_with("row 1 (line 1), column `x`: the script has no param `x`"), "{said:?}");
    assert!(said[1].starts_with("row 2 (line 2), column `y`: the script has no param `y`"), "{said:?}");
    assert_eq!(said.len(), 2);
}

#[test]
fn cells_that_do_not_fit_are_told_with_their_row() {
    let bench = Bench::csv(
        "clip,n,look\na.mp4,3.5,warm\n\nb.mp4,1,hot\nnone.mp4,2,\nfolder.mp4,,\n,,cold\nhttps://x.org/a.mp4,,\n",
    );
    let mend = "mend the cell; an empty one stands for the default of the param";
    assert_eq!(
        bench.problems(),
        [
            format!("row 1 (line 2), column `n`: param `n` takes a whole number, not `3.5` ({mend})"),
            "row 2 (line 4), column `look`: param `look` cannot be `hot` (choose one of warm, cold)".to_owned(),
            "row 3 (line 5), column `clip`: there is no file `none.mp4` (looked in `DIR`)".to_owned(),
            "row 4 (line 6), column `clip`: `folder.mp4` is a folder (name a file in it)".to_owned(),
            "row 5 (line 7), column `clip`: param `clip` (the clip) is required (fill the cell, or give it to such rows with `-p clip=..`)"
                .to_owned(),
        ]
    );
}

#[test]
fn keys_and_names_that_meet_are_told_with_the_other_row() {
    let keyed = |table: &str, name: Option<&str>| {
        let bench = Bench::csv(table).with(|rules| {
            rules.key = Some("id".to_owned());
            rules.name = name.map(str::to_owned);
        });
        bench.problems()
    };
    let hint = "give each row a key of its own, or leave `--key` out";
    let table = "id,clip\nx,a.mp4\n,a.mp4\nx,a.mp4\nX,b.mp4\n";
    let choose = "choose other names with `--name`, with `{row}` or `{key}` in them";
    assert_eq!(
        keyed(table, None),
        [
            "row 2 (line 3), column `id`: the row has no key (fill the cell: each row is known by its key)"
                .to_owned(),
            format!("row 3 (line 4), column `id`: row 1 has the key `x`, too ({hint})"),
            format!("row 4 (line 5): its outputs would land in `X`, as those of row 1 ({choose})"),
        ]
    );
    let table = "id,clip,title\n1,a.mp4,x/y\n2,a.mp4,x-y\n";
    let said = keyed(table, Some("{title}"));
    assert_eq!(
        said,
        [format!("row 2 (line 3): its outputs would land in `x-y`, as those of row 1 ({choose})")]
    );
    let folders = Bench::csv("clip,title\na.mp4,x\nb.mp4,y\n").with(|rules| {
        rules.name = Some("x/{titel}".to_owned());
    });
    assert_eq!(
        folders.problems()[0],
        "there is no column `titel` for `--name`; did you mean `title`? (the columns are: clip, title)"
    );
}

#[test]
fn options_that_name_no_column_are_told() {
    let bench = Bench::csv("id,clip\n1,a.mp4\n2,b.mp4\n").with(|rules| {
        rules.key = Some("idd".to_owned());
        rules.skip = ["id", "nothing"].map(str::to_owned).into();
    });
    let listed = "the columns are: clip, id";
    assert_eq!(
        bench.problems(),
        [
            format!("there is no column `idd` for `--key`; did you mean `id`? ({listed})"),
            format!("there is no column `nothing` for `--skip` ({listed})"),
        ]
    );
    let bench = Bench::csv("clip,n\na.mp4,1\n").with(|rules| rules.sources.push(matrix("n", &["1", "2"])));
    assert!(bench.problems()[0].starts_with("the table has a column `n`, too"));
    let none = Bench::new().with(|rules| rules.name = Some("{x".to_owned()));
    let said = none.problems();
    assert!(
        said[0].contains("a brace without its partner") && said[1].starts_with("there are no rows"),
        "{said:?}"
    );
    let gone =
        Bench::new().with(|rules| rules.sources = vec![Source::File(Path::new("/nonexistent.csv").into())]);
    assert!(gone.problems()[0].starts_with("it cannot be read: "));
}

#[test]
fn many_problems_are_counted_and_the_first_are_kept() {
    let rows: String = (0..120).map(|row| format!("none{row}.mp4\n")).collect();
    let bad = Bench::csv(&format!("clip\n{rows}")).fit().unwrap_err();
    assert_eq!((bad.problems.len(), bad.count), (50, 120));
    assert_eq!(bad.problems[49].row, Some(50));
    assert!(bad.to_string().starts_with("120 problems in the rows of "));
}

#[test]
fn a_table_that_is_broken_or_changes_is_refused() {
    let said = Bench::csv("clip,title\na.mp4\nb.mp4,\"Two\n").problems();
    assert!(said[0].starts_with("row 1 (line 2), column `title`: the row has 1 of 2 cells"), "{said:?}");
    assert!(said[1].starts_with("row 2 (line 3), column `title`: a quote opens in this cell"), "{said:?}");
    let bench = Bench::csv("clip\na.mp4\n");
    let checked = bench.fit().unwrap();
    fs::write(bench.path("rows.csv"), "clip\na.mp4\nb.mp4\n").unwrap();
    let problem = checked.jobs().err().unwrap();
    assert_eq!(problem.message, "it has changed since it was checked");
}

#[test]
fn twenty_thousand_rows_fit() {
    let rows: String = (0..20_000).map(|row| format!("{row},a.mp4,Title {row}\n")).collect();
    let bench = Bench::csv(&format!("id,clip,title\n{rows}")).with(|rules| {
        rules.key = Some("id".to_owned());
        rules.name = Some("{clip}/{title}".to_owned());
    });
    let checked = bench.fit().unwrap();
    assert_eq!(checked.rows, 20_000);
    let last = checked.jobs().unwrap().last().unwrap().unwrap();
    assert_eq!((last.number, last.key.as_str(), last.name.as_str()), (20_000, "19999", "a.mp4/Title 19999"));
}
