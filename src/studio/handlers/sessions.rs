//! Opens sessions and says what they hold.

use std::sync::Arc;

use axum::extract::{Path, State};
use axum::http::HeaderMap;
use axum::response::Response;

use super::yes;
use crate::studio::app::App;
use crate::studio::refusal::Refusal;
use crate::studio::request::{Json, User, base};
use crate::studio::store::NewSession;
use crate::wire::session::{CreateSession, SessionInfo};
use crate::wire::state::{SessionState, StateBody};

/// A session's name is shown in lines and titles.
const NAME_CHARS_MAX: usize = 200;
/// A language code such as `zh-Hant-TW`.
const LANGUAGE_CHARS_MAX: usize = 35;

/// Sessions do not go away by themselves: asking again soon is in vain.
const FULL_SECONDS: u64 = 60;

/// Opens a session.
pub(crate) async fn create(
    State(app): State<Arc<App>>,
    user: User,
    Json(wish): Json<CreateSession>,
) -> Result<Response, Refusal> {
    let name: String = wish.task_name.chars().filter(|c| !c.is_control()).take(NAME_CHARS_MAX).collect();
    let language = wish.language.filter(|code| code.chars().count() <= LANGUAGE_CHARS_MAX);
    let new = NewSession { user_id: user.id, name, language };
    let opened = app.store.create_session(new, app.limits.sessions, app.now_ms()).await?;
    let session = opened.ok_or_else(|| Refusal::Limit {
        what: format!("a user of this studio has up to {} sessions (--max-sessions)", app.limits.sessions),
        wait_seconds: FULL_SECONDS,
    })?;
    user.about.session(&session.id);
    yes(&SessionInfo {
        session_id: session.id,
        task_id: session.task_id,
        user_id: Some(app.plan.user(&session.user_id)),
    })
}

/// Says what a session holds now.
pub(crate) async fn latest(
    State(app): State<Arc<App>>,
    user: User,
    Path(id): Path<String>,
    headers: HeaderMap,
) -> Result<Response, Refusal> {
    let session = user.session(&app, &id).await?;
    let mut state = StateBody::of(&session.state);
    let base = base(&app, &headers);
    for file in &mut state.video_infos {
        file.cdn_url.insert_str(0, &base);
    }
    yes(&SessionState {
        session_id: session.id,
        task_id: session.task_id,
        task_name: session.name,
        user_id: Some(app.plan.user(&session.user_id)),
        state,
    })
}
