//! The folder of a report. It is written beside its place and put there when it is whole; an
//! older report goes only then, and a folder that is none of ours is left alone.

use std::fs::{self, File};
use std::io::{self, BufWriter, Write};
use std::path::{Path, PathBuf};

use serde_json::Value;
use uuid::Uuid;

use super::csv::Table;
use super::markdown::Summary;
use super::rows::Row;
use super::totals::Totals;
use super::view::RowView;
use super::{Head, html, json, junit, media};

/// Why a report is not written.
#[derive(Debug, thiserror::Error)]
pub enum FolderError {
    /// Something that is no report is there.
    #[error("`{}` holds something else than a report", .0.display())]
    Taken(PathBuf),
    /// The disk says no.
    #[error("the report cannot be written: `{}`: {source}", path.display())]
    Disk {
        /// The file or folder in question.
        path: PathBuf,
        /// What the system says.
        source: io::Error,
    },
}

impl FolderError {
    /// Returns what to do next.
    pub fn hint(&self) -> &'static str {
        match self {
            Self::Taken(_) => "name another folder with -o",
            Self::Disk { .. } => "name a folder that you can write to with -o, and see that there is room",
        }
    }
}

/// A report on its way to its folder. Dropped before its end, it leaves nothing behind.
pub struct Folder {
    /// Where it will be.
    to: PathBuf,
    /// Where it is made.
    part: PathBuf,
    head: Head,
    totals: Totals,
    files: Files,
    summary: Summary,
    listed: Vec<Value>,
    /// Details of a small report, which stand in its page.
    inline: Option<String>,
    parts: usize,
}

/// Files that are written row by row.
struct Files {
    table: Table,
    csv: BufWriter<File>,
    json: BufWriter<File>,
    junit: BufWriter<File>,
}

impl Folder {
    /// Begins a report of these rows in the folder `to`.
    ///
    /// # Errors
    /// Something else is there; the disk says no.
    pub fn begin(to: &Path, head: Head, rows: &[Row]) -> Result<Self, FolderError> {
        if !is_free(to) && !is_report(to) {
            return Err(FolderError::Taken(to.to_owned()));
        }
        let name = to.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
        let part = to.with_file_name(format!(".{name}.{}", Uuid::new_v4().simple()));
        let on = |path: &Path, done: io::Result<()>| done.map_err(|source| disk(path, source));
        on(&part, fs::create_dir_all(part.join(media::FOLDER)))?;
        let made = Files::begin(&part, &head, rows);
        if made.is_err() {
            drop(fs::remove_dir_all(&part));
        }
        let (totals, few) = (Totals::of(rows), rows.len() <= html::PART_ROWS);
        if !few {
            on(&part, fs::create_dir(part.join("data")))?;
        }
        Ok(Self {
            to: to.to_owned(),
            part,
            head,
            totals,
            files: made?,
            summary: Summary::default(),
            listed: Vec::with_capacity(rows.len()),
            inline: few.then(|| "[]".to_owned()),
            parts: 0,
        })
    }

    /// Returns where a file of the report is made: `media/x.jpg`.
    pub fn path(&self, name: &str) -> PathBuf {
        self.part.join(name)
    }

    /// Takes a file over from the report that was there before; returns whether it had it.
    pub fn inherit(&self, name: &str) -> bool {
        let old = self.to.join(name);
        old.is_file() && fs::copy(old, self.path(name)).is_ok()
    }

    /// Adds the next rows: [`html::PART_ROWS`] of them, or the last ones.
    ///
    /// # Errors
    /// The disk says no.
    pub fn add(&mut self, rows: &[RowView]) -> Result<(), FolderError> {
        for row in rows {
            let first = self.listed.is_empty();
            let written = self.files.row(row, first, &self.head.title);
            written.map_err(|source| disk(&self.part, source))?;
            self.totals.add(row);
            self.summary.add(row);
            self.listed.push(html::listed(row));
        }
        let details = html::details(rows);
        if let Some(inline) = &mut self.inline {
            *inline = details;
            return Ok(());
        }
        let (name, text) = html::part(self.parts, &details);
        self.parts += 1;
        self.write(&name, &text)
    }

    /// Writes what is left and puts the folder in its place.
    ///
    /// # Errors
    /// The disk says no.
    pub fn finish(mut self) -> Result<Totals, FolderError> {
        let page = html::page(&self.head, &self.listed, self.inline.as_deref());
        self.write("index.html", &page)?;
        self.write("summary.md", &self.summary.page(&self.head, &self.totals))?;
        let ended = self.files.end(&self.totals);
        ended.map_err(|source| disk(&self.part, source))?;
        self.put()?;
        Ok(std::mem::take(&mut self.totals))
    }

    /// The old report stands aside until the new one is in its place.
    fn put(&self) -> Result<(), FolderError> {
        let aside = self.part.with_extension("old");
        let there = self.to.exists();
        let failed = |source| disk(&self.to, source);
        if there {
            fs::rename(&self.to, &aside).map_err(failed)?;
        }
        if let Err(source) = fs::rename(&self.part, &self.to) {
            if there {
                drop(fs::rename(&aside, &self.to));
            }
            return Err(failed(source));
        }
        if there {
            fs::remove_dir_all(&aside).map_err(|source| disk(&aside, source))?;
        }
        Ok(())
    }

    fn write(&self, name: &str, text: &str) -> Result<(), FolderError> {
        let path = self.path(name);
        fs::write(&path, text).map_err(|source| disk(&path, source))
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        // After `finish` it is not there any more.
        drop(fs::remove_dir_all(&self.part));
    }
}

impl Files {
    fn begin(part: &Path, head: &Head, rows: &[Row]) -> Result<Self, FolderError> {
        let create = |name: &str| {
            let path = part.join(name);
            File::create(&path).map(BufWriter::new).map_err(|source| disk(&path, source))
        };
        let table = Table::of(rows);
        let (mut csv, mut json, mut junit) =
            (create("rows.csv")?, create("report.json")?, create("junit.xml")?);
        let begun = csv.write_all(table.head().as_bytes());
        let begun = begun.and_then(|()| json.write_all(json::begin(head).as_bytes()));
        let begun = begun.and_then(|()| junit.write_all(junit::begin(head, &Totals::of(rows)).as_bytes()));
        begun.map_err(|source| disk(part, source))?;
        Ok(Self { table, csv, json, junit })
    }

    fn row(&mut self, row: &RowView, first: bool, title: &str) -> io::Result<()> {
        self.csv.write_all(self.table.row(row).as_bytes())?;
        self.json.write_all(json::row(row, first).as_bytes())?;
        self.junit.write_all(junit::row(row, title).as_bytes())
    }

    fn end(&mut self, totals: &Totals) -> io::Result<()> {
        self.json.write_all(json::end(totals).as_bytes())?;
        self.junit.write_all(junit::end().as_bytes())?;
        self.csv.flush()?;
        self.json.flush()?;
        self.junit.flush()
    }
}

fn is_free(path: &Path) -> bool {
    match fs::read_dir(path) {
        Ok(mut entries) => entries.next().is_none(),
        Err(error) => error.kind() == io::ErrorKind::NotFound,
    }
}

fn is_report(path: &Path) -> bool {
    ["index.html", "report.json", "junit.xml"].iter().all(|name| path.join(name).is_file())
}

fn disk(path: &Path, source: io::Error) -> FolderError {
    FolderError::Disk { path: path.to_owned(), source }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::Kind;

    fn head(title: &str) -> Head {
        let (title, ids) = (title.to_owned(), Vec::new());
        Head { kind: Kind::Batch, title, ids, backend: None, began_ms: 0, made_ms: 0, live: false }
    }

    #[test]
    fn a_report_takes_the_place_of_a_report_and_of_nothing_else() {
        let folder = tempfile::tempdir().unwrap();
        let to = folder.path().join("report");
        for title in ["one", "two"] {
            Folder::begin(&to, head(title), &[]).unwrap().finish().unwrap();
            assert!(fs::read_to_string(to.join("index.html")).unwrap().contains(title));
        }
        drop(Folder::begin(&to, head("three"), &[]).unwrap());
        assert!(fs::read_to_string(to.join("index.html")).unwrap().contains("two"));
        let names: Vec<_> = fs::read_dir(folder.path()).unwrap().map(|e| e.unwrap().file_name()).collect();
        assert_eq!(names, ["report"], "nothing half done stays");
        let other = folder.path().join("other");
        fs::create_dir(&other).unwrap();
        fs::write(other.join("a.txt"), "mine").unwrap();
        assert!(matches!(Folder::begin(&other, head("x"), &[]), Err(FolderError::Taken(_))));
        let json: Value = serde_json::from_str(&fs::read_to_string(to.join("report.json")).unwrap()).unwrap();
        assert_eq!(json["totals"]["rows"], 0);
    }
}
