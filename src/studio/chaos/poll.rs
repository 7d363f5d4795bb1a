//! Renders that fail on purpose, and answers about renders that are other than they should be.

use axum::body::Body;
use axum::http::header;
use axum::response::Response;
use serde_json::{Value, json};

use super::answer::whole;
use super::way::Poll;
use crate::studio::app::App;
use crate::wire::envelope;
use crate::wire::render::{RenderView, Status};

/// Lets a render fail that was just taken.
pub(super) async fn failed(app: &App, response: Response, reason: &str) -> Response {
    let (parts, body) = whole(response).await;
    let taken = envelope::decode::<RenderView>(parts.status.as_u16(), &body);
    if let Some(id) = taken.ok().and_then(|view| view.id) {
        // A store that fails now fails every answer about the render as well.
        let _ = app.store.fail_render(&id, reason, app.now_ms()).await;
        app.renders_changed.send_replace(());
    }
    Response::from_parts(parts, Body::from(body))
}

/// Says of a render what is not so. Refusals pass.
pub(super) async fn changed(response: Response, change: Poll) -> Response {
    let (mut parts, body) = whole(response).await;
    let Ok(view) = envelope::decode::<RenderView>(parts.status.as_u16(), &body) else {
        return Response::from_parts(parts, Body::from(body));
    };
    parts.headers.remove(header::CONTENT_LENGTH);
    Response::from_parts(parts, Body::from(told(view, change)))
}

fn told(view: RenderView, change: Poll) -> String {
    let completed = view.status == Status::Completed;
    match change {
        Poll::Pending => {
            let nothing = RenderView {
                id: view.id,
                status: Status::Pending,
                percent: Some(0),
                url: None,
                duration: None,
                size: None,
                error: None,
            };
            nothing.to_json()
        }
        Poll::NoUrl => RenderView { url: None, ..view }.to_json(),
        Poll::WrongSize { bytes } if completed => RenderView { size: Some(bytes), ..view }.to_json(),
        Poll::WrongSize { .. } => view.to_json(),
        Poll::Wrapped => {
            let url = view.url.map_or(Value::Null, Value::from);
            let data = json!({
                "id": view.id, "status": view.status.word(), "progress": view.percent,
                "outputUrl": url, "error": view.error,
            });
            json!({"success": true, "data": data}).to_string()
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn done() -> RenderView {
        RenderView {
            id: Some("render_1".to_owned()),
            status: Status::Completed,
            percent: Some(100),
            url: Some("http://127.0.0.1/r.mp4".to_owned()),
            duration: Some(2.0),
            size: Some(10),
            error: None,
        }
    }

    #[test]
    fn each_change_can_be_read_as_an_answer() {
        let read = |change| envelope::decode::<RenderView>(200, told(done(), change).as_bytes()).unwrap();
        assert_eq!(read(Poll::Pending).status, Status::Pending);
        assert_eq!((read(Poll::NoUrl).status, read(Poll::NoUrl).url), (Status::Completed, None));
        assert_eq!(read(Poll::WrongSize { bytes: 7 }).size, Some(7));
        assert_eq!(read(Poll::Wrapped).url, done().url);
    }
}
