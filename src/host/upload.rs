//! Media on their way into a session: files are streamed, URLs handed over.

use rhai::{Array, Dynamic, EvalAltResult, NativeCallContext};
use serde::{Deserialize, Serialize};
use serde_json::json;

use crate::host::failure::Failure;
use crate::host::flow::answer;
use crate::host::registry::{Doc, Registry, TypeDoc};
use crate::host::run::Run;
use crate::host::session::Session;
use crate::host::step::{self, Call};
use crate::host::{paths, wait};
use crate::journal::Class;
use crate::model::media::Kind;
use crate::model::state::MediaItem;
use crate::model::time::Millis;

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
            hash: self.hash.clone(),
        }
    }
}

/// Sends files and URLs into a session; returns what the backend made of them, in order.
///
/// # Errors
/// As the manual page says.
pub fn upload(run: &Run, session: &Session, sources: &[String]) -> Result<Vec<Media>, Failure> {
    let args = json!({ "session": session.id(), "sources": sources });
    let call = Call { name: "upload", class: Class::Free, args };
    let find = || {
        let is_url = |source: &&String| source.starts_with("http://") || source.starts_with("https://");
        let urls: Vec<String> = sources.iter().filter(is_url).cloned().collect();
        let named = sources.iter().filter(|source| !is_url(source));
        let files = named.map(|source| paths::input(run, source)).collect::<Result<Vec<_>, _>>()?;
        let sizes: Vec<_> =
            files.iter().map(|file| std::fs::metadata(file).map_or(0, |meta| meta.len())).collect();
        Ok((json!({ "files": files, "bytes": sizes, "urls": urls }), (files, urls)))
    };
    step::intended(run, call, find, |_, (files, urls)| {
        let (session, watcher) = (session.clone(), run.watcher("upload"));
        let order: Vec<bool> = sources.iter().map(|source| urls.contains(source)).collect();
        let items = wait::block_on(run, async move {
            let (client, id) = (session.client(), session.id());
            let mut of_files = Vec::new();
            if !files.is_empty() {
                of_files = client.upload_files(id, &files, &watcher).await?;
            }
            let mut of_urls = Vec::new();
            if !urls.is_empty() {
                of_urls = client.upload_urls(id, &urls, &watcher).await?;
            }
            Ok((of_files, of_urls))
        })?;
        Ok(in_order(&order, items))
    })
}

/// Puts what came in two requests into the order of the call.
fn in_order(is_url: &[bool], (files, urls): (Vec<MediaItem>, Vec<MediaItem>)) -> Vec<Media> {
    let (mut files, mut urls) = (files.iter(), urls.iter());
    let mut items: Vec<Media> = Vec::new();
    for is_url in is_url {
        items.extend(if *is_url { urls.next() } else { files.next() }.map(Media::of));
    }
    // A backend that makes more of a request than was asked for has its reasons.
    items.extend(files.chain(urls).map(Media::of));
    items
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
