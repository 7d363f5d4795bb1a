//! Media on their way into a session: files are streamed, URLs handed over.

use std::fs;
use std::io::Read;
use std::path::{Path, PathBuf};

use rhai::{Array, Dynamic, EvalAltResult, NativeCallContext};
use serde::{Deserialize, Serialize};
use serde_json::json;
use sha2::{Digest, Sha256};

use crate::client::Watcher;
use crate::host::failure::Failure;
use crate::host::flow::answer;
use crate::host::registry::{Doc, Registry, TypeDoc};
use crate::host::run::Run;
use crate::host::session::Session;
use crate::host::step::{self, Call, Reached, Unfinished};
use crate::host::{paths, wait};
use crate::journal::Class;
use crate::model::media::Kind;
use crate::model::state::MediaItem;
use crate::model::time::Millis;

/// Bytes of one read while a file is hashed.
const HASH_CHUNK_BYTES: usize = 1 << 20;

/// One uploaded file or URL.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Media {
    /// The file's name.
    pub name: String,
    /// `video`, `image` or `audio`; none when the backend does not say.
    pub kind: Option<String>,
    /// Length; none for stills.
    pub seconds: Option<f64>,
    /// Pixels across.
    pub width: Option<u32>,
    /// Pixels down.
    pub height: Option<u32>,
    /// Where the backend keeps it.
    pub url: String,
    /// Size in bytes.
    pub bytes: Option<u64>,
    /// The backend's content hash.
    pub hash: Option<String>,
}

const MEDIA: TypeDoc = TypeDoc {
    name: "Media",
    about: "One uploaded file or URL",
    properties: &[
        ("name", "the file's name"),
        ("kind", "\"video\", \"image\" or \"audio\""),
        ("seconds", "the length, or `()` for a still"),
        ("width", "pixels across, or `()`"),
        ("height", "pixels down, or `()`"),
        ("url", "where the backend keeps it"),
        ("bytes", "the size, or `()`"),
    ],
};

const UPLOAD: Doc = Doc {
    name: "upload",
    calls: &["s.upload(path)", "s.upload(url)", "s.upload([..])"],
    about: "Sends a file into the session, or hands over a URL that starts with `http://` or `https://`; returns \
            the `Media`, or an array of them for an array. Files are streamed, several at once. A path is looked \
            up beside the script, then in the working folder.\n\
            Throws `input` for a file that is missing or empty, `media_type` and `media_size` for one that is not \
            taken, `sandbox` for one outside the allowed folders.",
    class: Some(Class::Free),
    example: "let s = session();\nlet clip = s.upload(\"media/sample.mp4\");\nprint(`${clip.name}: ${clip.kind}`);",
};

impl Media {
    /// Makes the record of what the backend describes.
    pub fn of(item: &MediaItem) -> Self {
        Self {
            name: item.name.clone(),
            kind: item.kind.map(|kind| kind.word().to_owned()),
            seconds: item.duration.map(Millis::seconds),
            width: item.width,
            height: item.height,
            url: item.url.clone(),
            bytes: item.bytes,
            hash: item.hash.clone(),
        }
    }

    pub(super) fn item(&self) -> MediaItem {
        MediaItem {
            name: self.name.clone(),
            kind: self.kind.as_deref().and_then(Kind::from_word),
            url: self.url.clone(),
            duration: self.seconds.map(Millis::from_seconds),
            width: self.width,
            height: self.height,
            bytes: self.bytes,
            sound: None,
            hash: self.hash.clone(),
        }
    }
}

/// What the journal keeps of an upload that has begun.
#[derive(Serialize, Deserialize)]
struct Intent {
    /// A hash of each file's content, by its place among the sources; none for a URL.
    hashes: Vec<Option<String>>,
}

/// Where a source is: a file to be streamed, or an address to be handed over.
#[derive(Clone)]
enum Source {
    File(PathBuf),
    Url(String),
}

/// Sends files and URLs into a session; returns what the backend made of them, in order.
///
/// # Errors
/// As the manual page says.
pub fn upload(run: &Run, session: &Session, sources: &[String]) -> Result<Vec<Media>, Failure> {
    let args = json!({ "session": session.id(), "sources": sources });
    let call = Call { name: "upload", class: Class::Free, args };
    match step::reach(run, &call)? {
        Reached::Settled(result) => result,
        Reached::New(fresh) => {
            let (fresh, (found, hashes)) = fresh.prepared(find(run, sources))?;
            let step = fresh.begin(json!(Intent { hashes }))?;
            let arrived = vec![None; found.len()];
            step.end(send(run, session, found, arrived))
        }
        Reached::Unfinished(Unfinished { step, intent, .. }) => {
            let begun: Option<Intent> = serde_json::from_value(intent).ok();
            let result = find(run, sources).and_then(|(found, hashes)| {
                let same = begun.is_some_and(|begun| begun.hashes == hashes);
                let arrived =
                    if same { held(run, session, &found, &hashes)? } else { vec![None; found.len()] };
                send(run, session, found, arrived)
            });
            step.end(result)
        }
    }
}

/// Returns whether a source is an address, and no path of a file.
pub fn is_url(source: &str) -> bool {
    source.starts_with("http://") || source.starts_with("https://")
}

/// Finds the files of a call, with a hash of each.
fn find(run: &Run, sources: &[String]) -> Result<(Vec<Source>, Vec<Option<String>>), Failure> {
    let mut found = Vec::new();
    let mut hashes = Vec::new();
    for source in sources {
        if is_url(source) {
            found.push(Source::Url(source.clone()));
            hashes.push(None);
        } else {
            let path = paths::input(run, source)?;
            hashes.push(hash(run, &path)?);
            found.push(Source::File(path));
        }
    }
    Ok((found, hashes))
}

/// The SHA-256 of a file's content; none for what cannot be read, which the client words.
fn hash(run: &Run, path: &Path) -> Result<Option<String>, Failure> {
    let Ok(mut file) = fs::File::open(path) else { return Ok(None) };
    let mut digest = Sha256::new();
    let mut chunk = vec![0; HASH_CHUNK_BYTES];
    loop {
        if let Some(ended) = run.ended() {
            return Err(ended);
        }
        match file.read(&mut chunk) {
            Ok(0) => return Ok(Some(step::hex(&digest.finalize()))),
            Ok(read) => digest.update(&chunk[..read]),
            Err(_) => return Ok(None),
        }
    }
}

/// What of the sources the session holds already, by name and hash.
fn held(
    run: &Run,
    session: &Session,
    sources: &[Source],
    hashes: &[Option<String>],
) -> Result<Vec<Option<MediaItem>>, Failure> {
    let looked = session.clone();
    let state = wait::block_on(run, move || async move {
        looked.client().snapshot(looked.id()).await.map(|found| found.state).map_err(Failure::from)
    })?;
    // The same file may have been sent before on purpose: the newest of its name is ours.
    let mut media: Vec<Option<MediaItem>> = state.media.into_iter().rev().map(Some).collect();
    let mut take = |source: &Source, hash: &Option<String>| {
        let Source::File(path) = source else { return None };
        let name = path.file_name()?.to_str()?;
        let size = fs::metadata(path).ok()?.len();
        let fits = |item: &MediaItem| {
            let same = match (&item.hash, hash) {
                // Only a hash of the same kind can be compared.
                (Some(theirs), Some(ours)) if theirs.len() == ours.len() => theirs == ours,
                _ => item.bytes.is_none_or(|bytes| bytes == size),
            };
            item.name == name && same
        };
        media.iter_mut().find(|item| item.as_ref().is_some_and(&fits))?.take()
    };
    Ok(sources.iter().zip(hashes).map(|(source, hash)| take(source, hash)).collect())
}

/// Sends what has not arrived, and puts all into the order of the call.
fn send(
    run: &Run,
    session: &Session,
    sources: Vec<Source>,
    arrived: Vec<Option<MediaItem>>,
) -> Result<Vec<Media>, Failure> {
    let missing: Vec<Source> = sources
        .into_iter()
        .zip(&arrived)
        .filter(|(_, item)| item.is_none())
        .map(|(source, _)| source)
        .collect();
    let (session, watcher) = (session.clone(), run.watcher("upload"));
    let mut sent =
        wait::block_on(run, move || async move { all(&session, &missing, &watcher).await })?.into_iter();
    let mut items: Vec<MediaItem> = Vec::new();
    for item in arrived {
        items.extend(item.or_else(|| sent.next()));
    }
    // A backend that makes more of a request than was asked for has its reasons.
    items.extend(sent);
    Ok(items.iter().map(Media::of).collect())
}

/// Sends files in one request and URLs in another; returns the items in the order of `sources`.
async fn all(session: &Session, sources: &[Source], watcher: &Watcher) -> Result<Vec<MediaItem>, Failure> {
    let (mut files, mut urls) = (Vec::new(), Vec::new());
    for source in sources {
        match source {
            Source::File(path) => files.push(path.clone()),
            Source::Url(url) => urls.push(url.clone()),
        }
    }
    let (client, id) = (session.client(), session.id());
    let mut of_files = Vec::new();
    if !files.is_empty() {
        of_files = client.upload_files(id, &files, watcher).await?;
    }
    let mut of_urls = Vec::new();
    if !urls.is_empty() {
        of_urls = client.upload_urls(id, &urls, watcher).await?;
    }
    let (mut of_files, mut of_urls) = (of_files.into_iter(), of_urls.into_iter());
    let mut items = Vec::new();
    for source in sources {
        items.extend(match source {
            Source::File(_) => of_files.next(),
            Source::Url(_) => of_urls.next(),
        });
    }
    items.extend(of_files.chain(of_urls));
    Ok(items)
}

pub(super) fn register(registry: &mut Registry) {
    registry.value::<Media>(&MEDIA, |media| {
        let size = media.width.zip(media.height).map(|(w, h)| format!(", {w}x{h}")).unwrap_or_default();
        let length = media.seconds.map(|s| format!(", {} s", Millis::from_seconds(s))).unwrap_or_default();
        format!("{} ({}{length}{size})", media.name, media.kind.as_deref().unwrap_or("media"))
    });
    let int =
        |value: Option<u64>| value.map_or(Dynamic::UNIT, |v| i64::try_from(v).unwrap_or(i64::MAX).into());
    registry.getter("name", |media: &Media| media.name.clone().into());
    registry.getter("kind", |media: &Media| media.kind.clone().map_or(Dynamic::UNIT, Dynamic::from));
    registry.getter("seconds", |media: &Media| media.seconds.map_or(Dynamic::UNIT, Dynamic::from));
    registry.getter("width", move |media: &Media| int(media.width.map(u64::from)));
    registry.getter("height", move |media: &Media| int(media.height.map(u64::from)));
    registry.getter("url", |media: &Media| media.url.clone().into());
    registry.getter("bytes", move |media: &Media| int(media.bytes));
    let one = |ctx: NativeCallContext<'_>,
               session: &mut Session,
               source: &str|
     -> Result<Media, Box<EvalAltResult>> {
        answer(&ctx, |run| {
            let sent = upload(run, session, &[source.to_owned()])?;
            let none = || Failure::input(format!("the backend made nothing of `{source}`"));
            sent.into_iter().next().ok_or_else(none)
        })
    };
    registry.function(&UPLOAD, &["session: Session", "source: string", "Media"], one);
    let many = |ctx: NativeCallContext<'_>,
                session: &mut Session,
                list: Array|
     -> Result<Array, Box<EvalAltResult>> {
        answer(&ctx, |run| {
            let text = |source: Dynamic| {
                source.into_string().map_err(|kind| Failure::input(format!("a source is text, not a {kind}")))
            };
            let sources = list.into_iter().map(text).collect::<Result<Vec<_>, _>>()?;
            Ok(upload(run, session, &sources)?.into_iter().map(Dynamic::from).collect())
        })
    };
    registry.function(&UPLOAD, &["session: Session", "sources: array", "array"], many);
}
