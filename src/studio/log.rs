//! The log of requests: a line of JSON for each, written when its answer has ended.
//!
//! It holds when, what, how it ended and for which session, and never a token, a query, a
//! body, a file's name or a word of anybody. Requests do not wait for it: lines that cannot
//! be written in time are counted and left out.

use std::fs::{File, OpenOptions};
use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::pin::Pin;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::mpsc::{Receiver, SyncSender, sync_channel};
use std::sync::{Arc, OnceLock};
use std::task::{Context, Poll};
use std::time::Duration;

use axum::body::{BodyDataStream, HttpBody};
use axum::extract::{Request, State};
use axum::http::header;
use axum::middleware::Next;
use axum::response::Response;
use bytes::Bytes;
use futures_util::Stream;
use serde::Serialize;
use tokio::sync::oneshot;

use super::app::App;
use super::chaos::Struck;
use super::date::iso_ms;
use super::{body, routes};

/// Lines that wait for the disk.
const WAITING_MAX: usize = 4_096;
/// A file that is larger is put aside as `.1`, in place of the one that was there.
const FILE_BYTES_MAX: u64 = 64 << 20;
/// Paths and their parts are ids; longer ones are no ours.
const PATH_CHARS_MAX: usize = 160;
const PART_CHARS_MAX: usize = 64;
/// How the secrets of the protocol begin.
const SECRETS: [&str; 2] = ["nmv_", "clm_"];
/// How long the end of a studio waits for its last lines.
const FLUSH_WAIT: Duration = Duration::from_secs(1);

/// Where the lines of a studio's requests go. Clones write to the same place.
#[derive(Clone, Debug)]
pub struct Log {
    out: SyncSender<Note>,
    lost: Arc<AtomicU64>,
}

#[derive(Debug)]
enum Note {
    Line(String),
    /// Everything before this is written.
    Flush(oneshot::Sender<()>),
}

impl Log {
    /// Returns a log that appends to a file, which others cannot read. One that has grown
    /// to 64 MB is put aside under its name with `.1`; an older one of that name goes.
    ///
    /// # Errors
    /// The file cannot be made or written.
    pub fn file(path: &Path) -> io::Result<Self> {
        let file =
            Rotated { file: open(path)?, bytes: std::fs::metadata(path)?.len(), path: path.to_owned() };
        Ok(Self::to(Box::new(file)))
    }

    /// Returns a log that writes to `out`, and ends with its last clone.
    pub fn to(out: Box<dyn Write + Send>) -> Self {
        let (sender, lines) = sync_channel(WAITING_MAX);
        let lost = Arc::new(AtomicU64::new(0));
        let missed = Arc::clone(&lost);
        // Disks and terminals block, and nothing else may wait for them.
        std::thread::spawn(move || write_all(out, &lines, &missed));
        Self { out: sender, lost }
    }

    fn line(&self, line: String) {
        if self.out.try_send(Note::Line(line)).is_err() {
            self.lost.fetch_add(1, Ordering::Relaxed);
        }
    }

    /// Waits until what was logged so far is written, but not for long.
    pub(crate) async fn flush(&self) {
        let (done, is_done) = oneshot::channel();
        if self.out.try_send(Note::Flush(done)).is_ok() {
            let _ = tokio::time::timeout(FLUSH_WAIT, is_done).await;
        }
    }
}

fn write_all(mut out: Box<dyn Write + Send>, lines: &Receiver<Note>, lost: &AtomicU64) {
    while let Ok(note) = lines.recv() {
        let line = match note {
            Note::Line(line) => line,
            Note::Flush(done) => {
                let _ = done.send(());
                continue;
            }
        };
        let missed = lost.swap(0, Ordering::Relaxed);
        let text = if missed > 0 { format!("{{\"lost\":{missed}}}\n{line}\n") } else { format!("{line}\n") };
        if out.write_all(text.as_bytes()).and_then(|()| out.flush()).is_err() {
            // A full disk may have room again later.
            lost.fetch_add(missed + 1, Ordering::Relaxed);
        }
    }
}

fn open(path: &Path) -> io::Result<File> {
    let mut options = OpenOptions::new();
    options.create(true).append(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options.open(path)
}

/// A file that is put aside when it is too large.
struct Rotated {
    file: File,
    bytes: u64,
    path: PathBuf,
}

impl Write for Rotated {
    fn write(&mut self, text: &[u8]) -> io::Result<usize> {
        if self.bytes >= FILE_BYTES_MAX {
            let mut aside = self.path.clone().into_os_string();
            aside.push(".1");
            std::fs::rename(&self.path, aside)?;
            (self.file, self.bytes) = (open(&self.path)?, 0);
        }
        let written = self.file.write(text)?;
        self.bytes += written as u64;
        Ok(written)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.file.flush()
    }
}

/// Where a request leaves the id of the session that it is about.
#[derive(Clone, Debug, Default)]
pub(crate) struct About(Arc<OnceLock<String>>);

impl About {
    /// Writes a session down that is known to exist.
    pub(crate) fn session(&self, id: &str) {
        let _ = self.0.set(id.to_owned());
    }
}

/// One line.
#[derive(Debug, Serialize)]
struct Line {
    time: String,
    method: String,
    path: String,
    /// None when the client left before there was one.
    #[serde(skip_serializing_if = "Option::is_none")]
    status: Option<u16>,
    /// Of the answer's body.
    bytes: u64,
    ms: u64,
    #[serde(skip_serializing_if = "Option::is_none")]
    session: Option<String>,
    /// The line of the fault, in the file of faults, that struck.
    #[serde(skip_serializing_if = "Option::is_none")]
    fault: Option<usize>,
    /// The answer did not come to its end.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    cut: bool,
}

/// A request under way. Its line is written when it is dropped, however that comes.
struct Entry {
    app: Arc<App>,
    log: Log,
    about: About,
    started: Duration,
    line: Line,
}

impl Drop for Entry {
    fn drop(&mut self) {
        let passed = self.app.clock.monotonic().saturating_sub(self.started);
        self.line.ms = u64::try_from(passed.as_millis()).unwrap_or(u64::MAX);
        self.line.session = self.about.0.get().cloned();
        if let Ok(line) = serde_json::to_string(&self.line) {
            self.log.line(line);
        }
    }
}

/// Writes a line about a request once its answer has ended.
pub(crate) async fn layer(State(app): State<Arc<App>>, mut request: Request, next: Next) -> Response {
    let Some(log) = app.log.clone() else { return next.run(request).await };
    let about = About::default();
    request.extensions_mut().insert(about.clone());
    let line = Line {
        time: iso_ms(app.now_ms()),
        method: request.method().as_str().chars().take(16).collect(),
        path: path_of(&request, app.token.as_ref().map(|token| token.expose())),
        status: None,
        bytes: 0,
        ms: 0,
        session: None,
        fault: None,
        cut: true,
    };
    let mut entry = Entry { log, about, started: app.clock.monotonic(), line, app };
    let response = next.run(request).await;
    entry.line.status = Some(response.status().as_u16());
    entry.line.fault = response.extensions().get::<Struck>().map(|struck| struck.0);
    if response.body().size_hint().exact() == Some(0) {
        entry.line.cut = false;
        return response;
    }
    let stated =
        response.headers().get(header::CONTENT_LENGTH).and_then(|bytes| bytes.to_str().ok()?.parse().ok());
    let stated = stated.or(response.body().size_hint().exact());
    body::through(response, |chunks| Counted { chunks, stated, entry })
}

/// A body that counts what leaves.
struct Counted {
    chunks: BodyDataStream,
    /// How long it says that it is: it is not asked for its end once so much has left.
    stated: Option<u64>,
    entry: Entry,
}

impl Stream for Counted {
    type Item = Result<Bytes, axum::Error>;

    fn poll_next(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        let next = Pin::new(&mut self.chunks).poll_next(context);
        match &next {
            Poll::Ready(Some(Ok(chunk))) => {
                self.entry.line.bytes += chunk.len() as u64;
                self.entry.line.cut = self.stated != Some(self.entry.line.bytes);
            }
            Poll::Ready(None) => self.entry.line.cut = false,
            _ => (),
        }
        next
    }
}

/// The path of a request without anything that opens something.
fn path_of(request: &Request, token: Option<&str>) -> String {
    match routes::route_of(request.uri().path()) {
        // Whoever knows the address of a medium has the file, and its name is the user's.
        Some(routes::MEDIA) => routes::MEDIA.to_owned(),
        _ => shown(request.uri().path(), token),
    }
}

fn shown(path: &str, token: Option<&str>) -> String {
    let part = |part: &str| -> String {
        let secret = SECRETS.iter().any(|secret| part.contains(secret))
            || token.is_some_and(|token| !token.is_empty() && part.contains(token));
        match secret {
            true => "(secret)".to_owned(),
            false => part.chars().take(PART_CHARS_MAX).collect(),
        }
    };
    let parts: Vec<String> = path.split('/').map(part).collect();
    parts.join("/").chars().take(PATH_CHARS_MAX).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_path_shows_no_secret_and_has_an_end() {
        assert_eq!(shown("/api/render/proxy/lambda/render_1", None), "/api/render/proxy/lambda/render_1");
        assert_eq!(shown("/x/nmv_usr_abc/y", None), "/x/(secret)/y");
        assert_eq!(shown("/x/open-sesame", Some("open-sesame")), "/x/(secret)");
        assert!(shown(&format!("/{}", "a/".repeat(500)), None).len() <= PATH_CHARS_MAX);
        assert_eq!(shown(&format!("/{}", "a".repeat(500)), None).len(), PART_CHARS_MAX + 1);
    }

    #[test]
    fn a_line_is_one_line_whatever_stands_in_it() {
        let line = Line {
            time: iso_ms(0),
            method: "GET".to_owned(),
            path: "/a\"\n\u{1b}[31m".to_owned(),
            status: Some(200),
            bytes: 1,
            ms: 2,
            session: None,
            fault: None,
            cut: false,
        };
        let text = serde_json::to_string(&line).unwrap();
        assert!(text.chars().all(|c| !c.is_control()), "{text}");
        assert!(text.ends_with("\"status\":200,\"bytes\":1,\"ms\":2}"), "{text}");
    }

    #[tokio::test]
    async fn a_file_grows_to_its_limit_and_is_then_put_aside() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("requests.jsonl");
        let mut file = Rotated { file: open(&path).unwrap(), bytes: FILE_BYTES_MAX, path: path.clone() };
        file.write_all(b"{}\n").unwrap();
        assert_eq!(std::fs::read(&path).unwrap(), b"{}\n");
        assert!(folder.path().join("requests.jsonl.1").is_file());
        let log = Log::file(&path).unwrap();
        log.line("{\"n\":1}".to_owned());
        log.flush().await;
        assert_eq!(std::fs::read(&path).unwrap(), b"{}\n{\"n\":1}\n");
    }
}
