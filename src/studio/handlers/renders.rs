//! Takes renders into the queue, says how far they are, and hands out their files.

use std::sync::Arc;

use axum::extract::{Path, Query, State};
use axum::http::HeaderMap;
use axum::response::Response;
use serde::Deserialize;

use super::json;
use crate::model::check;
use crate::model::draft::Draft;
use crate::studio::app::App;
use crate::studio::files;
use crate::studio::refusal::Refusal;
use crate::studio::render::Output;
use crate::studio::request::{Json, User, base};
use crate::studio::store::{NewRender, Render, RenderStatus, Submitted};
use crate::wire::attribution::Attribution;
use crate::wire::render::{RenderRequest, RenderView, Status};

/// An id that a client chose: `render_` and a time or a UUID.
const ID_CHARS_MAX: usize = 128;

/// Takes a render into the queue.
pub(crate) async fn submit(
    State(app): State<Arc<App>>,
    user: User,
    headers: HeaderMap,
    Json(wish): Json<RenderRequest>,
) -> Result<Response, Refusal> {
    let header = |name| headers.get(name).and_then(|value| value.to_str().ok());
    if Attribution::read(header).is_none() {
        return Err(Refusal::Attribution);
    }
    if !app.plan.exports() {
        return Err(Refusal::Plan);
    }
    check_id(&wish.id)?;
    let session = user.session(&app, &wish.session_id).await?;
    let new = NewRender {
        id: wish.id.clone(),
        user_id: user.id,
        session_id: session.id,
        draft: checked_draft(wish.draft.get())?,
        output: checked_output(&wish)?,
    };
    match app.store.submit_render(new, app.limits.renders, app.now_ms()).await? {
        Submitted::Queued => (),
        Submitted::Duplicate => return Err(Refusal::RenderTaken(wish.id)),
        Submitted::TooMany => {
            let what = format!(
                "{} renders of this user are waiting, and no more fit (--max-renders); wait until some are done",
                app.limits.renders
            );
            return Err(Refusal::Limit { what, wait_seconds: 30 });
        }
    }
    app.renders_changed.send_replace(());
    let status = RenderStatus::Pending.word();
    let body = serde_json::json!({"success": true, "data": {"id": wish.id, "status": status, "progress": 0}});
    Ok(json(body.to_string()))
}

/// Says how far a render is.
pub(crate) async fn poll(
    State(app): State<Arc<App>>,
    user: User,
    Path(id): Path<String>,
    headers: HeaderMap,
) -> Result<Response, Refusal> {
    let render = find(&app, &user, &id).await?;
    Ok(json(view(render, &base(&app, &headers)).to_json()))
}

/// Calls a render off, and says how far it came.
pub(crate) async fn cancel(
    State(app): State<Arc<App>>,
    user: User,
    Path(id): Path<String>,
    headers: HeaderMap,
) -> Result<Response, Refusal> {
    find(&app, &user, &id).await?;
    app.store.cancel_render(&id, app.now_ms()).await?;
    app.renders_changed.send_replace(());
    let render = find(&app, &user, &id).await?;
    Ok(json(view(render, &base(&app, &headers)).to_json()))
}

/// Hands out the file of a render to the user whose it is.
pub(crate) async fn download(
    State(app): State<Arc<App>>,
    user: User,
    Path(id): Path<String>,
    headers: HeaderMap,
) -> Result<Response, Refusal> {
    let render = find(&app, &user, &id).await?;
    send(&app, &render, &headers).await
}

/// The query of a link to a result.
#[derive(Debug, Deserialize)]
pub(crate) struct Link {
    /// What makes the link hard to guess.
    #[serde(default)]
    key: String,
}

/// Hands out the file of a render to whoever has its link, as a content network would.
pub(crate) async fn result(
    State(app): State<Arc<App>>,
    Path(file): Path<String>,
    Query(link): Query<Link>,
    headers: HeaderMap,
) -> Result<Response, Refusal> {
    let id = file.rsplit_once('.').map_or(file.as_str(), |(id, _)| id);
    let found = app.store.render(id).await?.filter(|render| render.key == link.key);
    send(&app, &found.ok_or(Refusal::NoFile)?, &headers).await
}

async fn find(app: &App, user: &User, id: &str) -> Result<Render, Refusal> {
    let found = app.store.render(id).await?.filter(|render| render.user_id == user.id);
    found.ok_or_else(|| Refusal::NoRender(id.chars().take(ID_CHARS_MAX).collect()))
}

async fn send(app: &App, render: &Render, headers: &HeaderMap) -> Result<Response, Refusal> {
    let file = render.file.as_ref().ok_or(Refusal::NoFile)?;
    files::serve(&app.renders.join(file), &render.key, headers).await
}

fn check_id(id: &str) -> Result<(), Refusal> {
    let plain = |b: u8| b.is_ascii_alphanumeric() || b"-_.".contains(&b);
    match id.len() <= ID_CHARS_MAX && id.bytes().all(plain) && !id.starts_with('.') {
        true => Ok(()),
        false => {
            Err(Refusal::Request(format!("a render's id has up to {ID_CHARS_MAX} letters, digits and -_.")))
        }
    }
}

fn checked_draft(text: &str) -> Result<String, Refusal> {
    let draft = Draft::parse(text).map_err(|e| Refusal::Request(e.to_string()))?;
    match check::problems(&draft).first() {
        Some(problem) => Err(Refusal::Request(format!("this draft cannot be rendered: {problem}"))),
        None => Ok(text.to_owned()),
    }
}

/// Returns the wishes for the file as text, once the renderer understands them.
fn checked_output(wish: &RenderRequest) -> Result<String, Refusal> {
    let refuse = |reason: String| Refusal::Request(reason);
    let output = &wish.output;
    Output::read(Some(&output.format), Some(&output.quality), output.resolution.as_deref())
        .map_err(|e| refuse(e.to_string()))?;
    serde_json::to_string(output).map_err(|e| refuse(e.to_string()))
}

fn view(render: Render, base: &str) -> RenderView {
    let link = |file: &String| {
        let ending = file.rsplit('.').next().unwrap_or_default();
        format!("{base}/render-result/{}.{ending}?key={}", render.id, render.key)
    };
    let status = match render.status {
        RenderStatus::Pending => Status::Pending,
        RenderStatus::Processing => Status::Processing,
        RenderStatus::Completed => Status::Completed,
        RenderStatus::Failed | RenderStatus::Canceled => Status::Failed,
    };
    let called_off = (render.status == RenderStatus::Canceled).then(|| "it was called off".to_owned());
    RenderView {
        url: render.file.as_ref().map(link),
        id: Some(render.id),
        status,
        percent: Some(render.progress),
        duration: render.seconds,
        size: render.bytes,
        error: render.error.or(called_off),
    }
}
