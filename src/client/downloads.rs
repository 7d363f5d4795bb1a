//! Fetches a rendered file: into a `.part` beside its place, continued after a break,
//! checked, then renamed.

use std::path::{Path, PathBuf};

use reqwest::header::{CONTENT_RANGE, CONTENT_TYPE, ETAG, HeaderMap, HeaderName, IF_RANGE, LOCATION, RANGE};
use reqwest::{Method, Response, StatusCode, Url};
use tokio::fs::File;
use tokio::io::{AsyncReadExt, AsyncSeekExt, AsyncWriteExt};

use crate::client::Client;
use crate::client::error::{Cause, ClientError, Kind};
use crate::client::http::Line;
use crate::client::part;
use crate::client::progress::{Progress, Size, Watcher};
use crate::client::retry::{Call, Reaction, Tally};
use crate::client::sessions::path;
use crate::secret::Secret;
use crate::wire::code::Code;
use crate::wire::render::RenderView;
use crate::wire::route;

/// No rendered video is larger; an endless body is stopped here.
const FILE_BYTES_MAX: u64 = 64 << 30;
/// A chain of redirects longer than this leads nowhere.
const REDIRECTS_MAX: usize = 5;
/// Progress is told at most once for so many bytes.
const PROGRESS_BYTES: u64 = 512 << 10;

/// A file on its way.
struct Partial {
    file: File,
    path: PathBuf,
    done: u64,
    /// The version that the bytes so far are of, when the server names one.
    etag: Option<String>,
}

/// What a try gave.
enum Got {
    Whole,
    /// A JSON answer in the file's place says where the file is.
    Elsewhere(Url),
}

impl Client {
    /// Fetches the file of a finished render and saves it at `to`; returns its size. What an
    /// earlier try left is continued. `format` is the one asked for, such as `mp4`.
    ///
    /// The address of the answer is tried first, then the one of a new answer (the first may
    /// have expired), then the backend's own route by id.
    ///
    /// # Errors
    /// `input` when `to` cannot be written; `network`, `timeout`, `backend` when the file
    /// does not come, is cut short or is no such file.
    pub async fn download(
        &self,
        render_id: &str,
        view: &RenderView,
        format: &str,
        to: &Path,
        watcher: &Watcher,
    ) -> Result<u64, ClientError> {
        let mut part = Partial::open(to, render_id).await.map_err(|error| unwritable(to, &error))?;
        let direct = view.url.as_deref().and_then(|url| self.0.http.resolve(url));
        let mut first_error = None;
        for nth in 0..3 {
            let place = match nth {
                0 => direct.clone(),
                1 => self.renewed_place(render_id, direct.as_ref()).await,
                _ => Some(self.0.http.url(&path(Call::Download, route::RENDER_FILE, render_id)?)?),
            };
            let Some(place) = place else { continue };
            let fetched = match self.fetch(place, &mut part, view.size, watcher).await {
                Ok(()) => part.verify(format).await,
                Err(error) => Err(error),
            };
            match fetched {
                Ok(()) => {
                    let done = part.done;
                    part.publish(to, render_id).await.map_err(|error| unwritable(to, &error))?;
                    return Ok(done);
                }
                Err(error) if error.kind == Kind::Input => return Err(error),
                Err(error) => {
                    watcher(Progress::Notice(error.message.clone()));
                    first_error.get_or_insert(error);
                }
            }
            if nth < 2 {
                part.restart().await.map_err(|error| unwritable(to, &error))?;
            }
        }
        Err(first_error.unwrap_or_else(|| lost("the file did not come".to_owned())))
    }

    /// The address that the backend gives now, if it is another one.
    async fn renewed_place(&self, render_id: &str, old: Option<&Url>) -> Option<Url> {
        let old = old?;
        let view = self.render_status(render_id).await.ok()?;
        self.0.http.resolve(&view.url?).filter(|url| url != old)
    }

    /// Fetches from one address until the file is whole or nothing more helps.
    async fn fetch(
        &self,
        place: Url,
        part: &mut Partial,
        stated: Option<u64>,
        watcher: &Watcher,
    ) -> Result<(), ClientError> {
        let (mut place, mut hops) = (place, 0);
        let mut tally = Tally::default();
        loop {
            // Another host gets no token, so it need not be asked for either.
            let token = if self.0.http.is_home(&place) { Some(self.bearer().await?) } else { None };
            let error = match self.fetch_once(&place, token.as_ref(), part, stated, watcher).await {
                Ok(Got::Whole) => return Ok(()),
                Ok(Got::Elsewhere(url)) if hops < REDIRECTS_MAX => {
                    (place, hops) = (url, hops + 1);
                    continue;
                }
                Ok(Got::Elsewhere(_)) => return Err(lost("the file is always elsewhere".to_owned())),
                Err(error) => error,
            };
            match (tally.reaction(Call::Download, &error, &self.0.delays), token) {
                (Reaction::Again(wait), _) => self.0.clock.sleep(wait).await,
                (Reaction::NewToken, Some(token)) => self.renew(&token, error).await?,
                _ => return Err(error),
            }
        }
    }

    async fn fetch_once(
        &self,
        place: &Url,
        token: Option<&Secret>,
        part: &mut Partial,
        stated: Option<u64>,
        watcher: &Watcher,
    ) -> Result<Got, ClientError> {
        let mut headers: Vec<(HeaderName, String)> = Vec::new();
        if part.done > 0 {
            headers.push((RANGE, format!("bytes={}-", part.done)));
            headers.extend(part.etag.clone().map(|etag| (IF_RANGE, etag)));
        }
        let mut request = self.0.http.begin(Line::Pooled, Method::GET, place.clone(), token)?;
        for (name, value) in headers {
            request = request.header(name, value);
        }
        let response = tokio::time::timeout(self.0.delays.transfer_idle, request.send());
        let response = response.await.map_err(|_| self.late(Call::Download, self.0.delays.transfer_idle))?;
        let response = response.map_err(|error| self.broken(Call::Download, &error))?;
        if response.status().is_redirection() {
            return redirected(place, response.headers());
        }
        let json = text(response.headers(), CONTENT_TYPE).starts_with("application/json");
        if json || !(response.status().is_success() || response.status() == StatusCode::RANGE_NOT_SATISFIABLE)
        {
            return self.not_the_file(place, response).await;
        }
        let Some(total) = part.begin(&response, stated).await? else { return Ok(Got::Whole) };
        self.save(response, part, total, watcher).await?;
        Ok(Got::Whole)
    }

    /// A refusal, or the address of the file in JSON.
    async fn not_the_file(&self, place: &Url, response: Response) -> Result<Got, ClientError> {
        let status = response.status();
        if self.0.http.is_home(place) {
            let answer = self.answer::<RenderView>(Call::Download, response);
            let answer = tokio::time::timeout(self.0.delays.call, answer).await;
            let view = answer.map_err(|_| self.late(Call::Download, self.0.delays.call))??;
            let url = view.url.and_then(|url| self.0.http.resolve(&url)).filter(|url| url != place);
            return url.map(Got::Elsewhere).ok_or_else(|| {
                let words = "the backend has no file for this render".to_owned();
                ClientError::new(Call::Download, Kind::Backend, Cause::Refused(Code::NotFound), words)
                    .hint("export again: renders are kept for a while only")
            });
        }
        // Another host's codes are not the backend's: its 401 says nothing about our token.
        let host = place.host_str().unwrap_or_default();
        let words = format!("{host} does not give the file (HTTP {})", status.as_u16());
        let meaning = match Code::of(i64::from(status.as_u16())) {
            code @ (Code::Transient | Code::RateLimited) => code,
            _ => Code::Other,
        };
        let mut error = ClientError::new(Call::Download, Kind::Backend, Cause::Refused(meaning), words);
        error.code = i64::from(status.as_u16());
        Err(error.hint("export again: addresses of files expire"))
    }

    async fn save(
        &self,
        mut response: Response,
        part: &mut Partial,
        total: Option<u64>,
        watcher: &Watcher,
    ) -> Result<(), ClientError> {
        let idle = self.0.delays.transfer_idle;
        let mut told = part.done;
        loop {
            let chunk = tokio::time::timeout(idle, response.chunk()).await;
            let chunk = chunk.map_err(|_| self.late(Call::Download, idle));
            let chunk = chunk.and_then(|chunk| chunk.map_err(|error| self.broken(Call::Download, &error)));
            let chunk = match chunk {
                Ok(Some(chunk)) => chunk,
                Ok(None) => break,
                Err(error) => {
                    part.flush().await?;
                    return Err(error);
                }
            };
            part.write(&chunk).await?;
            if part.done >= told + PROGRESS_BYTES && Some(part.done) != total {
                told = part.done;
                watcher(Progress::Download { done: part.done, total });
            }
        }
        part.flush().await?;
        watcher(Progress::Download { done: part.done, total });
        match total {
            Some(total) if part.done < total => {
                Err(lost(format!("the file came cut short: {} of {}", Size(part.done), Size(total))))
            }
            Some(total) if part.done > total => {
                part.restart().await.map_err(|error| unwritable(&part.path, &error))?;
                Err(lost("more came than the file holds".to_owned()))
            }
            _ => Ok(()),
        }
    }
}

impl Partial {
    async fn open(to: &Path, render_id: &str) -> std::io::Result<Self> {
        let (file, path) = part::claim(to, render_id)?;
        let mut file = File::from_std(file);
        let done = file.seek(std::io::SeekFrom::End(0)).await?;
        Ok(Self { file, path, done, etag: None })
    }

    /// Sees whether a response goes on where the part ends; returns the file's length when
    /// it is stated, or `None` when there is nothing more to come.
    async fn begin(
        &mut self,
        response: &Response,
        stated: Option<u64>,
    ) -> Result<Option<Option<u64>>, ClientError> {
        let range = range(&text(response.headers(), CONTENT_RANGE));
        let whole = match response.status() {
            StatusCode::PARTIAL_CONTENT => match range {
                Some((Some(start), total)) if start == self.done => total,
                _ => return Err(self.odd_range().await),
            },
            StatusCode::RANGE_NOT_SATISFIABLE => match range {
                Some((None, Some(total))) if total == self.done => return Ok(None),
                _ => return Err(self.odd_range().await),
            },
            _ => {
                self.restart().await.map_err(|error| unwritable(&self.path, &error))?;
                response.content_length()
            }
        };
        self.etag = Some(text(response.headers(), ETAG)).filter(|etag| etag.starts_with('"'));
        Ok(Some(whole.or(stated)))
    }

    async fn odd_range(&mut self) -> ClientError {
        match self.restart().await {
            Ok(()) => lost("the server's range does not fit what is here; starting over".to_owned()),
            Err(error) => unwritable(&self.path, &error),
        }
    }

    async fn write(&mut self, chunk: &[u8]) -> Result<(), ClientError> {
        if self.done + chunk.len() as u64 > FILE_BYTES_MAX {
            let words = format!("the file is larger than {}", Size(FILE_BYTES_MAX));
            let error = ClientError::new(Call::Download, Kind::Backend, Cause::Refused(Code::Other), words);
            return Err(error.hint("check that the address is a NemoVideo backend's"));
        }
        self.file.write_all(chunk).await.map_err(|error| unwritable(&self.path, &error))?;
        self.done += chunk.len() as u64;
        Ok(())
    }

    async fn flush(&mut self) -> Result<(), ClientError> {
        self.file.flush().await.map_err(|error| unwritable(&self.path, &error))
    }

    async fn restart(&mut self) -> std::io::Result<()> {
        self.file.set_len(0).await?;
        self.file.rewind().await?;
        (self.done, self.etag) = (0, None);
        Ok(())
    }

    /// Looks whether the file is what was asked for, by how it begins.
    async fn verify(&mut self, format: &str) -> Result<(), ClientError> {
        let mut head = Vec::new();
        self.file.rewind().await.map_err(|error| unwritable(&self.path, &error))?;
        let read = (&mut self.file).take(16).read_to_end(&mut head).await;
        read.map_err(|error| unwritable(&self.path, &error))?;
        if is_format(&head, format) {
            return Ok(());
        }
        let words =
            format!("what came is no {format} file, it begins with {:?}", String::from_utf8_lossy(&head));
        Err(ClientError::new(Call::Download, Kind::Backend, Cause::Garbled, words).hint("export again"))
    }

    async fn publish(self, to: &Path, render_id: &str) -> std::io::Result<()> {
        self.file.sync_all().await?;
        tokio::fs::rename(&self.path, to).await?;
        // The rename itself is on disk once its folder is; not every system can do this.
        if let Some(Ok(folder)) = to.parent().map(std::fs::File::open) {
            let _ = folder.sync_all();
        }
        part::sweep(to, render_id);
        Ok(())
    }
}

fn is_format(head: &[u8], format: &str) -> bool {
    let at = |from: usize, magic: &[u8]| head.get(from..from + magic.len()) == Some(magic);
    match format.to_ascii_lowercase().as_str() {
        "mp4" => at(4, b"ftyp"),
        "mov" => [&b"ftyp"[..], b"moov", b"wide", b"mdat", b"free"].iter().any(|magic| at(4, magic)),
        "webm" | "mkv" => at(0, &[0x1a, 0x45, 0xdf, 0xa3]),
        "gif" => at(0, b"GIF8"),
        // A format that we know nothing about: the backend's word counts.
        _ => !head.is_empty(),
    }
}

/// `bytes 5-9/10` as start and total; `bytes */10` has no start.
fn range(header: &str) -> Option<(Option<u64>, Option<u64>)> {
    let (span, total) = header.trim().strip_prefix("bytes ")?.split_once('/')?;
    let start = span.split_once('-').and_then(|(start, _)| start.trim().parse().ok());
    Some((start, total.trim().parse().ok()))
}

fn redirected(place: &Url, headers: &HeaderMap) -> Result<Got, ClientError> {
    let next = place.join(&text(headers, LOCATION)).ok();
    let next = next.filter(|url| matches!(url.scheme(), "http" | "https") && url != place);
    next.map(Got::Elsewhere).ok_or_else(|| {
        let words = "the file's address sends us nowhere".to_owned();
        ClientError::new(Call::Download, Kind::Backend, Cause::Refused(Code::Other), words)
            .hint("export again")
    })
}

fn text(headers: &HeaderMap, name: HeaderName) -> String {
    headers.get(name).and_then(|value| value.to_str().ok()).unwrap_or_default().to_owned()
}

fn lost(words: String) -> ClientError {
    ClientError::new(Call::Download, Kind::Network, Cause::Lost, words)
        .hint("export again: it goes on where it was")
}

fn unwritable(path: &Path, error: &std::io::Error) -> ClientError {
    let words = format!("cannot write `{}`: {error}", path.display());
    ClientError::input(
        Call::Download,
        words,
        "choose a folder that exists and can be written, with enough room",
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn formats_are_known_by_how_they_begin() {
        let mp4 = b"\x00\x00\x00\x20ftypisom\x00\x00";
        assert!(is_format(mp4, "mp4") && is_format(mp4, "MOV"));
        assert!(is_format(b"\x1a\x45\xdf\xa3....", "webm") && is_format(b"GIF89a", "gif"));
        for (head, format) in [(&b"<!DOCTYPE html>"[..], "mp4"), (b"", "mp4"), (mp4, "gif"), (b"", "odd")] {
            assert!(!is_format(head, format), "{head:?} {format}");
        }
    }

    #[test]
    fn ranges_are_read_in_both_forms() {
        assert_eq!(range("bytes 5-9/10"), Some((Some(5), Some(10))));
        assert_eq!(range("bytes */10"), Some((None, Some(10))));
        assert_eq!(range("bytes 5-9/*"), Some((Some(5), None)));
        assert_eq!(range("lines 5-9/10"), None);
    }
}
