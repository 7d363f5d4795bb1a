//! A report that is served while its rows are made: each reload reads the journal anew. What
//! a browser may ask for are names that a page gave it, never places on disk.

use std::collections::HashMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use futures_util::FutureExt;
use serde_json::{Value, json};
use tokio::runtime::Runtime;
use tokio::sync::Semaphore;
use tokio_util::sync::CancellationToken;
use uuid::Uuid;

use super::{ReportArgs, Subject};
use crate::cli::exit::{Exit, Usage};
use crate::cli::stop::Stop;
use crate::cli::ui::Ui;
use crate::journal::JournalError;
use crate::report::html::{self, PART_ROWS};
use crate::report::media::{Found, Naming};
use crate::report::poster;
use crate::report::rows::Row;
use crate::report::view::RowView;
use crate::studio::StudioError;
use crate::studio::gallery::{Gallery, Page, Site};

/// Posters that are drawn side by side; the rows that are being made need the machine, too.
const DRAWINGS: usize = 2;

/// A report that is served.
struct Live {
    subject: Subject,
    title: Option<String>,
    posters: Option<PathBuf>,
    drawings: Semaphore,
    stop: CancellationToken,
    seen: Mutex<Seen>,
}

/// What pages were told so far.
#[derive(Default)]
struct Seen {
    rows: Arc<Vec<Row>>,
    /// Files by the names that pages know them by.
    media: HashMap<String, Medium>,
    /// What the list shows of rows that have come to their end.
    ended: HashMap<String, (Stamp, Value)>,
}

/// Changes when a run that ended goes on, or its row moves.
type Stamp = (u64, u64, u64);

#[derive(Clone)]
enum Medium {
    Video(Found),
    Poster(Found, f64),
}

/// A folder that goes with the command.
struct Temporary(PathBuf);

impl Drop for Temporary {
    fn drop(&mut self) {
        drop(fs::remove_dir_all(&self.0));
    }
}

/// Serves until Ctrl-C.
pub(super) fn serve(subject: Subject, args: &ReportArgs, port: u16, ui: &Arc<Ui>) -> anyhow::Result<Exit> {
    let folder = Temporary(std::env::temp_dir().join(format!("reel-report-{}", Uuid::new_v4().simple())));
    fs::create_dir_all(folder.0.join(crate::report::media::FOLDER))?;
    let runtime = Runtime::new()?;
    let stop = Stop::listen(&runtime, ui, None)?;
    let live = Arc::new(Live {
        subject,
        title: args.title.clone(),
        posters: Some(folder.0.clone()).filter(|_| !args.no_posters),
        drawings: Semaphore::new(DRAWINGS),
        stop: stop.token.clone(),
        seen: Mutex::default(),
    });
    let site: Site = Arc::new(move |path| Arc::clone(&live).page(path).boxed());
    runtime.block_on(async {
        let gallery = Gallery::open(port).await.map_err(|error| match error {
            taken @ StudioError::Taken { .. } => anyhow::Error::from(Usage::new(
                taken.to_string(),
                "`--serve PORT` takes another one, 0 any free one",
            )),
            error => error.into(),
        })?;
        ui.result(gallery.url(), json!({ "url": gallery.url() }));
        gallery.show(site, stop.token.clone()).await;
        Ok(Exit::Done)
    })
}

impl Live {
    async fn page(self: Arc<Self>, path: String) -> Option<Page> {
        if let Some(name) = path.strip_prefix("/media/") {
            return self.medium(&format!("media/{name}")).await;
        }
        let made = tokio::task::spawn_blocking(move || match path.as_str() {
            "/" | "/index.html" => {
                self.index().map(|body| Some(Page::Text { mime: "text/html; charset=utf-8", body }))
            }
            path => self.part(path),
        });
        match made.await {
            Ok(Ok(page)) => page,
            Ok(Err(error)) => Some(Page::Failed(format!("{error}\n{}", error.hint()))),
            Err(_) => Some(Page::Failed("the page broke down; this is a fault of reel".to_owned())),
        }
    }

    fn index(&self) -> Result<String, JournalError> {
        let rows = Arc::new(self.subject.rows()?);
        self.seen().rows = Arc::clone(&rows);
        let head = self.subject.head(self.title.as_deref(), true);
        if rows.len() <= PART_ROWS {
            let views = rows.iter().map(|row| self.view(row)).collect::<Result<Vec<_>, _>>()?;
            let listed: Vec<Value> = views.iter().map(html::listed).collect();
            return Ok(html::page(&head, &listed, Some(&html::details(&views))));
        }
        let listed = rows.iter().map(|row| self.listed(row)).collect::<Result<Vec<_>, _>>()?;
        Ok(html::page(&head, &listed, None))
    }

    /// The details of rows, as the newest page numbers them.
    fn part(&self, path: &str) -> Result<Option<Page>, JournalError> {
        let rows = Arc::clone(&self.seen().rows);
        let part =
            (0..rows.len().div_ceil(PART_ROWS)).find(|part| path == format!("/{}", html::part_name(*part)));
        let Some(part) = part else { return Ok(None) };
        let rows = rows.iter().skip(part * PART_ROWS).take(PART_ROWS);
        let views = rows.map(|row| self.view(row)).collect::<Result<Vec<_>, _>>()?;
        let (_, body) = html::part(part, &html::details(&views));
        Ok(Some(Page::Text { mime: "text/javascript; charset=utf-8", body }))
    }

    fn listed(&self, row: &Row) -> Result<Value, JournalError> {
        let run = row.run.as_ref();
        let stamp = run.and_then(|run| Some((run.epoch, run.ended.as_ref()?.0, row.number)));
        let id = run.map(|run| run.id.as_str()).unwrap_or_default();
        if let (Some(stamp), Some((known, listed))) = (stamp, self.seen().ended.get(id))
            && stamp == *known
        {
            return Ok(listed.clone());
        }
        let listed = html::listed(&self.view(row)?);
        if let Some(stamp) = stamp {
            self.seen().ended.insert(id.to_owned(), (stamp, listed.clone()));
        }
        Ok(listed)
    }

    /// Reads a row, and remembers the names of its files.
    fn view(&self, row: &Row) -> Result<RowView, JournalError> {
        let mut view = RowView::read(row)?;
        for video in &mut view.videos {
            let Some(found) = Found::at(&row.origin.folder, &video.path) else { continue };
            let Some(src) = Naming::Print.of(&found, row.number) else { continue };
            let mut seen = self.seen();
            if self.posters.is_some() {
                let poster = found.poster();
                seen.media.insert(poster.clone(), Medium::Poster(found.clone(), video.seconds));
                video.poster = Some(poster);
            }
            seen.media.insert(src.clone(), Medium::Video(found));
            video.src = Some(src);
        }
        Ok(view)
    }

    async fn medium(&self, name: &str) -> Option<Page> {
        let medium = self.seen().media.get(name).cloned()?;
        match medium {
            Medium::Video(found) => Some(Page::File { path: found.path, tag: found.print }),
            Medium::Poster(found, seconds) => {
                let path = self.posters.as_ref()?.join(name);
                self.drawn(&found.path, seconds, &path).await.then_some(Page::File { path, tag: found.print })
            }
        }
    }

    /// Draws a poster unless it is there; returns whether it is.
    async fn drawn(&self, video: &Path, seconds: f64, to: &Path) -> bool {
        let Ok(_turn) = self.drawings.acquire().await else { return false };
        to.exists() || poster::draw(video, seconds, to, &self.stop).await.is_ok()
    }

    fn seen(&self) -> MutexGuard<'_, Seen> {
        // Every change is one assignment: a panic elsewhere leaves nothing half done.
        self.seen.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
