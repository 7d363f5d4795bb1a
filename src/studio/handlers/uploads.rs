//! Takes media into a session: files in the body, or URLs to fetch.

use std::sync::Arc;
use std::time::Duration;

use axum::extract::multipart::{Field, Multipart, MultipartError};
use axum::extract::{FromRequest, Path, Request, State};
use axum::http::{HeaderMap, header};
use axum::response::Response;

use super::yes;
use crate::studio::app::App;
use crate::studio::fetch::{self, Reach};
use crate::studio::intake::{self, FILE_BYTES_MAX};
use crate::studio::refusal::Refusal;
use crate::studio::request::{Json, User, base};
use crate::studio::shelf::Incoming;
use crate::studio::shelf::path_of;
use crate::studio::store::NewMedia;
use crate::wire::upload::{FILES_FIELD, FileInfo, Uploaded, UrlUpload};

/// Files in one request; scripts upload folders of photos.
const FILES_MAX: usize = 200;
/// Without a byte for that long, an upload is dead.
const IDLE_WAIT: Duration = Duration::from_secs(60);
/// How long the rest of a refused upload is read for: a client that still sends would not
/// see the answer.
const DRAIN_WAIT: Duration = Duration::from_secs(60);

/// Takes files or URLs into a session. When one is refused none is taken.
pub(crate) async fn upload(
    State(app): State<Arc<App>>,
    user: User,
    Path(id): Path<String>,
    headers: HeaderMap,
    request: Request,
) -> Result<Response, Refusal> {
    let session = user.session(&app, &id).await?;
    let mime = headers.get(header::CONTENT_TYPE).and_then(|mime| mime.to_str().ok()).unwrap_or_default();
    let files = match mime.to_ascii_lowercase().starts_with("multipart/form-data") {
        true => from_body(&app, request).await?,
        false => {
            let Json(wish) = Json::<UrlUpload>::from_request(request, &app).await?;
            from_urls(&app, &wish.urls).await?
        }
    };
    app.store.add_media(&session.id, files.clone(), app.now_ms()).await?;
    let base = base(&app, &headers);
    let files = files.iter().map(|file| told(file, &base)).collect();
    yes(&Uploaded { files, session_state_applied: true })
}

async fn from_urls(app: &App, urls: &[String]) -> Result<Vec<NewMedia>, Refusal> {
    if urls.len() > FILES_MAX {
        return Err(too_many());
    }
    let mut files = Vec::new();
    for url in urls {
        let reach = Reach { own: &app.url, private: app.limits.private_urls };
        let (name, incoming) = fetch::fetch(url, reach, &app.shelf).await?;
        files.push(intake::accept(app, name, incoming).await?);
    }
    Ok(files)
}

async fn from_body(app: &Arc<App>, request: Request) -> Result<Vec<NewMedia>, Refusal> {
    let parts = Multipart::from_request(request, app).await;
    let mut parts = parts.map_err(|e| Refusal::Request(e.to_string()))?;
    let taken = take_all(app, &mut parts).await;
    if taken.is_err() {
        let drain = async { while let Ok(Some(_)) = parts.next_field().await {} };
        // Whether it came to its end or not: the refusal is the answer.
        let _ = tokio::time::timeout(DRAIN_WAIT, drain).await;
    }
    taken
}

async fn take_all(app: &App, parts: &mut Multipart) -> Result<Vec<NewMedia>, Refusal> {
    let mut files = Vec::new();
    while let Some(field) = in_time(parts.next_field()).await? {
        if field.name() != Some(FILES_FIELD) {
            continue;
        }
        if files.len() == FILES_MAX {
            return Err(too_many());
        }
        let (name, incoming) = take(app, field).await?;
        files.push(intake::accept(app, name, incoming).await?);
    }
    match files.is_empty() {
        true => Err(Refusal::Request(format!("the body has no file in a field `{FILES_FIELD}`"))),
        false => Ok(files),
    }
}

async fn take(app: &App, mut field: Field<'_>) -> Result<(String, Incoming), Refusal> {
    let (name, format) = intake::named(field.file_name().unwrap_or_default())?;
    let mut incoming = app.shelf.take_in(format).await?;
    while let Some(chunk) = in_time(field.chunk()).await? {
        if incoming.bytes() + chunk.len() as u64 > FILE_BYTES_MAX {
            return Err(intake::too_large(&name));
        }
        incoming.write(&chunk).await?;
    }
    Ok((name, incoming))
}

async fn in_time<T>(next: impl Future<Output = Result<T, MultipartError>>) -> Result<T, Refusal> {
    match tokio::time::timeout(IDLE_WAIT, next).await {
        Ok(Ok(next)) => Ok(next),
        Ok(Err(error)) => Err(Refusal::Request(format!("the upload broke off: {}", error.body_text()))),
        Err(_) => Err(Refusal::Request("the upload stands still".to_owned())),
    }
}

fn too_many() -> Refusal {
    Refusal::Request(format!("one request takes up to {FILES_MAX} files"))
}

fn told(file: &NewMedia, base: &str) -> FileInfo {
    FileInfo {
        filename: file.name.clone(),
        file_type: Some(file.kind.word().to_owned()),
        cdn_url: format!("{base}{}", path_of(&file.hash, &file.name)),
        duration: file.duration.map(|length| length.seconds()),
        width: file.width,
        height: file.height,
        fps: None,
        hash: Some(file.hash.clone()),
        size: Some(file.bytes),
    }
}
