//! Uploads: files streamed from disk, several in one request, or URLs handed over. Checked
//! before anything is sent; sent again only when the state shows that nothing arrived.

use std::future::Future;
use std::path::{Path, PathBuf};
use std::pin::pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use futures_util::StreamExt;
use reqwest::Method;
use reqwest::header::CONTENT_TYPE;
use reqwest::multipart::{Form, Part};
use tokio::io::AsyncReadExt;
use tokio_util::io::ReaderStream;

use crate::client::Client;
use crate::client::error::{Cause, ClientError, Kind};
use crate::client::http::Line;
use crate::client::progress::{Progress, Size, Watcher};
use crate::client::retry::{Call, Reaction, Tally};
use crate::client::sessions::path;
use crate::model::media::{self, Format};
use crate::model::state::{MediaItem, State};
use crate::secret::Secret;
use crate::wire::route;
use crate::wire::upload::{FILES_FIELD, FileInfo, Uploaded, UrlUpload};

/// Bytes of one read from disk: all that a file takes of memory.
const CHUNK_BYTES: usize = 64 << 10;
/// Progress is told at most once for so many bytes.
const PROGRESS_BYTES: u64 = 512 << 10;
/// More files than this in one request are a mistake.
const FILES_MAX: usize = 100;
/// Sites whose pages are no media files.
const PAGES: &[&str] = &["youtube.com", "youtu.be", "spotify.com"];

/// A file that passed its checks.
struct Source {
    path: PathBuf,
    name: String,
    bytes: u64,
    format: Format,
}

/// What one request carries.
enum Load<'a> {
    Files(&'a [Source]),
    Urls(&'a [String]),
}

impl Client {
    /// Sends files into a session in one request and returns what the backend made of them,
    /// in order. Memory does not grow with the files.
    ///
    /// # Errors
    /// Before anything is sent: `input` for a file that is missing, empty or no file,
    /// `media_type` for an ending that is not taken. After: `media_type`, `media_size`,
    /// `session`, `auth`, `rate_limit`, `network`, `timeout`, `backend`.
    pub async fn upload_files(
        &self,
        session_id: &str,
        files: &[PathBuf],
        watcher: &Watcher,
    ) -> Result<Vec<MediaItem>, ClientError> {
        let many = || {
            ClientError::input(Call::Upload, format!("{} files at once", files.len()), "send fewer at a time")
        };
        if files.is_empty() || files.len() > FILES_MAX {
            return Err(many());
        }
        let sources: Vec<_> = files.iter().map(|file| source(file)).collect::<Result<_, _>>()?;
        let limit = self.0.profile.upload_bytes_max;
        for large in sources.iter().filter(|source| source.bytes > limit) {
            let (name, size, most) = (&large.name, Size(large.bytes), Size(limit));
            let words =
                format!("`{name}` has {size}; the documented limit is {most}, and the backend decides");
            watcher(Progress::Notice(words));
        }
        self.upload(session_id, &Load::Files(&sources), watcher).await
    }

    /// Hands URLs of media files over to a session, to be fetched by the backend, and
    /// returns what it made of them, in order.
    ///
    /// # Errors
    /// As [`Client::upload_files`]; `input` for an address that is not http(s).
    pub async fn upload_urls(
        &self,
        session_id: &str,
        urls: &[String],
        watcher: &Watcher,
    ) -> Result<Vec<MediaItem>, ClientError> {
        if urls.is_empty() || urls.len() > FILES_MAX {
            let words = format!("{} addresses at once", urls.len());
            return Err(ClientError::input(Call::Upload, words, "send fewer at a time"));
        }
        urls.iter().try_for_each(|url| check_url(url))?;
        self.upload(session_id, &Load::Urls(urls), watcher).await
    }

    async fn upload(
        &self,
        session_id: &str,
        load: &Load<'_>,
        watcher: &Watcher,
    ) -> Result<Vec<MediaItem>, ClientError> {
        let path = path(Call::Upload, route::UPLOAD, session_id)?;
        // Cheap beside the files: it settles token and session before they are sent, and it
        // is what the state is compared with when the answer is lost.
        let before = self.snapshot(session_id).await?.state;
        let mut tally = Tally::default();
        loop {
            let token = self.bearer().await?;
            let error = match self.upload_once(&path, load, &token, watcher).await {
                Ok(files) if files.len() == load.len() => {
                    return Ok(files.iter().map(FileInfo::to_item).collect());
                }
                Ok(files) => return self.arrived_by_state(session_id, &before, load, files.len()).await,
                Err(error) => error,
            };
            match tally.reaction(Call::Upload, &error, &self.0.delays) {
                Reaction::Again(wait) => self.0.clock.sleep(wait).await,
                Reaction::NewToken => self.renew(&token, error).await?,
                Reaction::Look => {
                    let arrived = new_media(&before, &self.snapshot(session_id).await?.state);
                    if arrived.len() >= load.len() {
                        return Ok(arrived);
                    }
                    if !arrived.is_empty() {
                        let words =
                            format!("{} of {} files arrived, then: {error}", arrived.len(), load.len());
                        return Err(ClientError { message: words, ..error });
                    }
                    watcher(Progress::Notice(format!("{error}; nothing arrived, sending once more")));
                }
                Reaction::Fail | Reaction::NewClientId => return Err(error),
            }
        }
    }

    /// The answer did not list what was sent: the state may.
    async fn arrived_by_state(
        &self,
        session_id: &str,
        before: &State,
        load: &Load<'_>,
        listed: usize,
    ) -> Result<Vec<MediaItem>, ClientError> {
        let arrived = new_media(before, &self.snapshot(session_id).await?.state);
        if arrived.len() == load.len() {
            return Ok(arrived);
        }
        let words = format!("{} files were sent, the backend lists {listed}", load.len());
        let error = ClientError::new(Call::Upload, Kind::Backend, Cause::Garbled, words);
        Err(error.hint("look at the session's media, then send what is missing"))
    }

    async fn upload_once(
        &self,
        path: &str,
        load: &Load<'_>,
        token: &Secret,
        watcher: &Watcher,
    ) -> Result<Vec<FileInfo>, ClientError> {
        let request = self.0.http.begin(Line::Pooled, Method::POST, self.0.http.url(path)?, Some(token))?;
        let sent = Arc::new(AtomicU64::new(0));
        let (request, total) = match load {
            Load::Files(sources) => {
                let form = form(sources, &sent, watcher).await?;
                (request.multipart(form), sources.iter().map(|source| source.bytes).sum())
            }
            Load::Urls(urls) => {
                let body = serde_json::to_string(&UrlUpload::of(urls)).map_err(|error| {
                    ClientError::input(Call::Upload, format!("the request cannot be written: {error}"), "")
                })?;
                (request.header(CONTENT_TYPE, "application/json").body(body), 0)
            }
        };
        let exchange = async {
            let response = request.send().await.map_err(|error| self.broken(Call::Upload, &error))?;
            self.answer::<Uploaded>(Call::Upload, response).await
        };
        let answer = self.while_moving(exchange, &sent, total).await?;
        Ok(answer.files)
    }

    /// Waits for `exchange` as long as bytes move, and for the answer after the last one.
    async fn while_moving<T>(
        &self,
        exchange: impl Future<Output = Result<T, ClientError>>,
        sent: &AtomicU64,
        total: u64,
    ) -> Result<T, ClientError> {
        let delays = &self.0.delays;
        let mut exchange = pin!(exchange);
        loop {
            let before = sent.load(Ordering::Relaxed);
            let limit: Duration = if before >= total { delays.upload_answer } else { delays.transfer_idle };
            match tokio::time::timeout(limit, &mut exchange).await {
                Ok(done) => return done,
                Err(_) if sent.load(Ordering::Relaxed) > before => (),
                Err(_) => return Err(self.late(Call::Upload, limit)),
            }
        }
    }
}

impl Load<'_> {
    fn len(&self) -> usize {
        match self {
            Self::Files(sources) => sources.len(),
            Self::Urls(urls) => urls.len(),
        }
    }
}

/// Checks a file: there, a file, not empty, of a format that is taken.
fn source(path: &Path) -> Result<Source, ClientError> {
    let shown = path.display();
    let input = |words: String, hint: &str| Err(ClientError::input(Call::Upload, words, hint));
    let meta = match std::fs::metadata(path) {
        Ok(meta) => meta,
        Err(error) => return input(format!("cannot read `{shown}`: {error}"), "check the path"),
    };
    if !meta.is_file() {
        return input(format!("`{shown}` is not a file"), "name the files themselves");
    }
    let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
    let Some(format) = media::format_of(&name) else {
        let words = format!("`{shown}` is of a type that is not taken");
        let error = ClientError::new(Call::Upload, Kind::MediaType, Cause::Local, words);
        return Err(error.hint(format!("accepted formats: {}", media::ACCEPTED)));
    };
    if meta.len() == 0 {
        return input(format!("`{shown}` is empty"), "check how the file was made");
    }
    Ok(Source { path: path.to_owned(), name, bytes: meta.len(), format })
}

fn check_url(url: &str) -> Result<(), ClientError> {
    let parsed = url.parse::<reqwest::Url>().ok().filter(|url| matches!(url.scheme(), "http" | "https"));
    let Some(host) = parsed.as_ref().and_then(reqwest::Url::host_str) else {
        let words = format!("`{url}` is no http or https address");
        return Err(ClientError::input(Call::Upload, words, "give the full address of a media file"));
    };
    if PAGES.iter().any(|page| host == *page || host.ends_with(&format!(".{page}"))) {
        let words = format!("`{host}` gives pages, not media files");
        let error = ClientError::new(Call::Upload, Kind::MediaType, Cause::Local, words);
        return Err(
            error.hint("give a direct address of a file, or ask the agent for music in a similar style")
        );
    }
    Ok(())
}

/// The body: one part a file, streamed, with its length and type.
async fn form(sources: &[Source], sent: &Arc<AtomicU64>, watcher: &Watcher) -> Result<Form, ClientError> {
    let mut form = Form::new();
    for source in sources {
        let file = tokio::fs::File::open(&source.path).await.map_err(|error| {
            let words = format!("cannot read `{}`: {error}", source.path.display());
            ClientError::input(Call::Upload, words, "check the path and its permissions")
        })?;
        let (watcher, sent) = (Arc::clone(watcher), Arc::clone(sent));
        let (name, total) = (source.name.clone(), source.bytes);
        let (mut done, mut told) = (0_u64, 0_u64);
        // A file that grows meanwhile is sent as it was measured.
        let chunks =
            ReaderStream::with_capacity(file.take(source.bytes), CHUNK_BYTES).inspect(move |chunk| {
                let bytes = chunk.as_ref().map_or(0, |chunk| chunk.len() as u64);
                sent.fetch_add(bytes, Ordering::Relaxed);
                done += bytes;
                if done >= told + PROGRESS_BYTES || done == total {
                    told = done;
                    watcher(Progress::Upload { name: name.clone(), sent: done, total });
                }
            });
        let body = reqwest::Body::wrap_stream(chunks);
        let part = Part::stream_with_length(body, source.bytes).file_name(source.name.clone());
        let part = part.mime_str(source.format.mime).map_err(|error| {
            ClientError::input(Call::Upload, format!("`{}`: {error}", source.format.mime), "")
        })?;
        form = form.part(FILES_FIELD, part);
    }
    Ok(form)
}

/// The media that `after` holds and `before` did not, in order; a name that came twice
/// counts twice.
fn new_media(before: &State, after: &State) -> Vec<MediaItem> {
    let key = |item: &MediaItem| (item.name.clone(), item.url.clone());
    let mut known: Vec<_> = before.media.iter().map(key).collect();
    let fresh = |item: &&MediaItem| match known.iter().position(|known| *known == key(item)) {
        Some(at) => {
            known.swap_remove(at);
            false
        }
        None => true,
    };
    after.media.iter().filter(fresh).cloned().collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn state(names: &[&str]) -> State {
        let item = |name: &&str| FileInfo { filename: (*name).to_owned(), ..FileInfo::default() }.to_item();
        State { media: names.iter().map(item).collect(), ..State::default() }
    }

    #[test]
    fn what_is_new_is_counted_name_by_name() {
        let names = |before: &[&str], after: &[&str]| -> Vec<String> {
            new_media(&state(before), &state(after)).into_iter().map(|item| item.name).collect()
        };
        assert_eq!(names(&["a", "b"], &["a", "b", "c", "a"]), ["c", "a"]);
        assert!(names(&["a"], &["a"]).is_empty());
    }

    #[test]
    fn addresses_of_pages_and_odd_schemes_are_refused_before_anything_is_sent() {
        assert!(check_url("https://cdn.example/a.mp4?x=1").is_ok());
        for bad in ["ftp://h/a.mp4", "a.mp4", "file:///etc/passwd", "https://"] {
            assert_eq!(check_url(bad).unwrap_err().kind, Kind::Input, "{bad}");
        }
        for page in
            ["https://www.youtube.com/watch?v=1", "https://youtu.be/1", "https://open.spotify.com/track/1"]
        {
            assert_eq!(check_url(page).unwrap_err().kind, Kind::MediaType, "{page}");
        }
        assert!(check_url("https://notyoutube.com/a.mp4").is_ok());
    }
}
