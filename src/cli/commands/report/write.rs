//! A report on disk: rows are read a part at a time, their posters drawn side by side.

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::{fs, thread};

use futures_util::StreamExt;
use futures_util::stream;
use serde_json::json;
use tokio::runtime::Runtime;

use super::{ReportArgs, Subject};
use crate::cli::exit::Usage;
use crate::cli::stop::Stop;
use crate::cli::ui::Ui;
use crate::ffmpeg::FfmpegError;
use crate::report::folder::Folder;
use crate::report::html::PART_ROWS;
use crate::report::media::{Found, Names, Naming};
use crate::report::poster;
use crate::report::rows::Row;
use crate::report::view::{RowView, VideoView};
use crate::runtime::Exit;

/// What is to be done about the media of a report.
struct Work<'a> {
    folder: &'a Folder,
    naming: Naming,
    posters: bool,
    stop: &'a Stop,
    runtime: &'a Runtime,
    missed: Missed,
}

/// What the page does not have.
#[derive(Default)]
struct Missed {
    /// Videos that are not where they were made.
    gone: usize,
    /// Videos to which there is no way from the page.
    far: usize,
    /// Why the first poster could not be drawn.
    poster: Option<String>,
}

/// A poster that has to be drawn.
struct Drawing {
    row: usize,
    video: usize,
    from: PathBuf,
    seconds: f64,
    to: PathBuf,
}

/// Writes the report and tells where it is.
pub(super) fn write(subject: &Subject, args: &ReportArgs, to: &Path, ui: &Arc<Ui>) -> anyhow::Result<Exit> {
    let to = std::path::absolute(to)?;
    if to.file_name().is_none() {
        return Err(Usage::new(
            format!("`{}` is no folder that can be made", args.output.display()),
            "name one with -o",
        )
        .into());
    }
    let runtime = Runtime::new()?;
    let stop = Stop::listen(&runtime, ui, None)?;
    let rows = subject.rows()?;
    let mut folder =
        Folder::begin(&to, subject.head(args.title.as_deref(), false), &rows).map_err(refused)?;
    // Links are those of the real place, whatever symbolic links lead there.
    let parent = to.parent().map(fs::canonicalize).transpose()?.unwrap_or_default();
    let page = parent.join(to.file_name().unwrap_or_default());
    let mut naming = if args.copy { Naming::Copy(Names::default()) } else { Naming::Link(page) };
    let mut missed = Missed::default();
    for part in rows.chunks(PART_ROWS) {
        let mut work = Work {
            folder: &folder,
            naming,
            posters: !args.no_posters,
            stop: &stop,
            runtime: &runtime,
            missed,
        };
        let views = work.views(part)?;
        (naming, missed) = (work.naming, work.missed);
        if stop.token.is_cancelled() {
            return Ok(Exit::Stopped);
        }
        folder.add(&views).map_err(refused)?;
    }
    let totals = folder.finish().map_err(refused)?;
    missed.tell(ui);
    let index = args_path(args, to.join("index.html"));
    ui.result(&index, json!({ "page": index, "rows": totals.rows, "videos": totals.videos }));
    Ok(Exit::Done)
}

/// The page as the user would type it, where that is possible.
fn args_path(args: &ReportArgs, page: PathBuf) -> String {
    let here = std::env::current_dir().ok();
    let short = here.and_then(|here| page.strip_prefix(here).map(Path::to_path_buf).ok());
    let short = short.filter(|_| args.output.is_relative());
    short.unwrap_or(page).display().to_string()
}

impl Work<'_> {
    fn views(&mut self, rows: &[Row]) -> anyhow::Result<Vec<RowView>> {
        let mut views = Vec::with_capacity(rows.len());
        let mut drawings = Vec::new();
        for (at, row) in rows.iter().enumerate() {
            let mut view = RowView::read(row)?;
            for (n, video) in view.videos.iter_mut().enumerate() {
                let drawing = self.place(row, video)?;
                drawings.extend(drawing.map(|drawing| Drawing { row: at, video: n, ..drawing }));
            }
            views.push(view);
            if self.stop.token.is_cancelled() {
                return Ok(Vec::new());
            }
        }
        for drawing in self.draw(drawings) {
            views[drawing.row].videos[drawing.video].poster = None;
        }
        Ok(views)
    }

    /// Finds a video for the page, copies it where that is wished.
    fn place(&mut self, row: &Row, video: &mut VideoView) -> anyhow::Result<Option<Drawing>> {
        let Some(found) = Found::at(&row.origin.folder, &video.path) else {
            self.missed.gone += 1;
            return Ok(None);
        };
        video.src = self.naming.of(&found, row.number);
        match &video.src {
            None => self.missed.far += 1,
            Some(name) if matches!(self.naming, Naming::Copy(_)) => {
                let to = self.folder.path(name);
                fs::copy(&found.path, &to).map_err(|error| anyhow::anyhow!("`{}`: {error}", to.display()))?;
            }
            Some(_) => (),
        }
        if !self.posters {
            return Ok(None);
        }
        let name = found.poster();
        video.poster = Some(name.clone());
        if self.folder.path(&name).exists() || self.folder.inherit(&name) {
            return Ok(None);
        }
        let (from, to, seconds) = (found.path, self.folder.path(&name), video.seconds);
        Ok(Some(Drawing { row: 0, video: 0, from, seconds, to }))
    }

    /// Draws posters side by side; returns those that could not be drawn.
    fn draw(&mut self, drawings: Vec<Drawing>) -> Vec<Drawing> {
        let stop = &self.stop.token;
        let drawn = stream::iter(drawings).map(|drawing| async move {
            let result = poster::draw(&drawing.from, drawing.seconds, &drawing.to, stop).await;
            (drawing, result)
        });
        let side_by_side = thread::available_parallelism().map_or(1, usize::from);
        let drawn: Vec<(Drawing, Result<(), FfmpegError>)> =
            self.runtime.block_on(drawn.buffer_unordered(side_by_side).collect());
        let mut failed = Vec::new();
        for (drawing, result) in drawn {
            if let Err(error) = result {
                let hint = error.hint().map(|hint| format!("; {hint}")).unwrap_or_default();
                self.missed.poster.get_or_insert_with(|| format!("{error}{hint}"));
                failed.push(drawing);
            }
        }
        failed
    }
}

impl Missed {
    fn tell(&self, ui: &Ui) {
        let videos = |count: usize| if count == 1 { "1 video".to_owned() } else { format!("{count} videos") };
        if self.gone > 0 {
            ui.notice(&format!(
                "{} not where the journal says: the page shows no player there",
                are(&videos(self.gone), self.gone)
            ));
        }
        if self.far > 0 {
            ui.notice(&format!(
                "{} not below a folder that the page is in, too; `--copy` takes them along",
                are(&videos(self.far), self.far)
            ));
        }
        if let Some(why) = &self.poster {
            ui.notice(&format!("some posters are missing: {why}"));
        }
    }
}

fn are(what: &str, count: usize) -> String {
    format!("{what} {}", if count == 1 { "is" } else { "are" })
}

fn refused(error: crate::report::folder::FolderError) -> anyhow::Error {
    let hint = error.hint();
    Usage::new(error.to_string(), hint).into()
}
