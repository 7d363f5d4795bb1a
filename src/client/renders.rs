//! Export: a render is submitted under an id that was written down before, polled under the
//! same id whatever a poll says, and its file is fetched.

use std::path::{Path, PathBuf};
use std::time::Duration;

use serde_json::value::RawValue;

use crate::client::Client;
use crate::client::error::{Cause, ClientError, Kind};
use crate::client::http::Ask;
use crate::client::progress::{Progress, Watcher};
use crate::client::retry::{Call, Reaction, Tally};
use crate::client::sessions::path;
use crate::model::check;
use crate::model::draft::Draft;
use crate::wire::code::Code;
use crate::wire::render::{Output, RenderRequest, RenderView, Status};
use crate::wire::route;

/// An exported file.
#[derive(Clone, Debug, PartialEq)]
pub struct Exported {
    /// Where it is.
    pub path: PathBuf,
    /// Its size.
    pub bytes: u64,
    /// Where it came from; none when the backend gave no address and the file was fetched by
    /// the render's id.
    pub url: Option<String>,
    /// The id under which it was rendered.
    pub render_id: String,
    /// Its length: what the backend says, else that of the draft.
    pub seconds: f64,
}

/// What shall be rendered.
#[derive(Clone, Copy, Debug)]
pub struct Order<'a> {
    /// The session whose media the draft names.
    pub session_id: &'a str,
    /// The timeline.
    pub draft: &'a Draft,
    /// In which form.
    pub output: &'a Output,
    /// The id under which an earlier life may have submitted it; the backend is asked first.
    pub known: Option<&'a str>,
}

impl Client {
    /// Renders a draft and saves the file at `to`, whose folder must exist. `next_id` is
    /// asked for an id before each submission of a new one: what it returns should be on disk
    /// by then, so that a crash can go on with it; none ends the export. A render that fails
    /// is tried once more, under a new id.
    ///
    /// # Errors
    /// `input` for a draft that cannot be exported; `plan`, `auth`, `session`, `render`,
    /// `timeout` (it still renders), `network`, `backend`.
    pub async fn export(
        &self,
        order: &Order<'_>,
        next_id: &mut (dyn FnMut() -> Option<String> + Send),
        to: &Path,
        watcher: &Watcher,
    ) -> Result<Exported, ClientError> {
        if order.output.format == "gif" && check::sounds(order.draft) {
            watcher(Progress::Notice(
                "a GIF has no sound: what is heard in the video is left out".to_owned(),
            ));
        }
        let mut rendered = match order.known {
            Some(id) => self.render_again(order, id, watcher).await,
            None => self.render(order, &next_id().ok_or_else(no_id)?, watcher).await,
        };
        if let Err(error) = &rendered
            && deserves_new_id(error)
        {
            watcher(Progress::Notice(format!("{error}; trying once more under a new id")));
            rendered = self.render(order, &next_id().ok_or_else(no_id)?, watcher).await;
        }
        let (id, view) = rendered?;
        let bytes = self.download(&id, &view, &order.output.format, to, watcher).await?;
        let seconds = view.duration.unwrap_or_else(|| order.draft.duration().seconds());
        Ok(Exported { path: to.to_owned(), bytes, url: view.url, render_id: id, seconds })
    }

    /// Submits a draft under an id and waits for its render. Returns the id under which the
    /// backend knows it, which is almost always the same.
    async fn render(
        &self,
        order: &Order<'_>,
        id: &str,
        watcher: &Watcher,
    ) -> Result<(String, RenderView), ClientError> {
        let id = self.submit_render(order.session_id, order.draft, order.output, id).await?;
        let view = self.wait_render(&id, watcher).await?;
        Ok((id, view))
    }

    /// Waits for a render that may have been submitted before; submits it under the same id
    /// when the backend never heard of it.
    async fn render_again(
        &self,
        order: &Order<'_>,
        id: &str,
        watcher: &Watcher,
    ) -> Result<(String, RenderView), ClientError> {
        match self.render_status(id).await {
            Err(error) if error.cause == Cause::Refused(Code::NotFound) => {
                self.render(order, id, watcher).await
            }
            Err(error) if !error.retryable => Err(error),
            // Polls tolerate faults.
            _ => Ok((id.to_owned(), self.wait_render(id, watcher).await?)),
        }
    }

    /// Starts a render under an id that was never used, and does not wait. When the answer is
    /// lost, the same id is looked for before it is sent again. Returns the id to poll.
    ///
    /// # Errors
    /// As [`Client::export`].
    pub async fn submit_render(
        &self,
        session_id: &str,
        draft: &Draft,
        output: &Output,
        id: &str,
    ) -> Result<String, ClientError> {
        if !check::exportable(draft) {
            let words = "there is nothing to export: the timeline is empty";
            return Err(ClientError::input(Call::Submit, words, "generate or upload something first"));
        }
        let draft = RawValue::from_string(draft.to_json().into_owned()).map_err(|error| {
            ClientError::input(Call::Submit, format!("the draft is not JSON: {error}"), "")
        })?;
        let (id, session_id) = (id.to_owned(), session_id.to_owned());
        let request = RenderRequest { id, session_id, draft, output: output.clone() };
        let mut ask = self.post(Call::Submit, route::RENDERS, &request)?;
        ask.deadline = self.0.delays.submit;
        let known = match self.ask::<RenderView>(&ask).await {
            Ok(view) => view.id,
            Err(error) => self.submitted_after_all(&ask, &request.id, error).await?,
        };
        Ok(known.filter(|known| path(Call::Poll, route::RENDER, known).is_ok()).unwrap_or(request.id))
    }

    /// The answer to a submission is lost: the backend either knows the id, or it does not
    /// and the same id can be sent again.
    async fn submitted_after_all(
        &self,
        ask: &Ask,
        id: &str,
        error: ClientError,
    ) -> Result<Option<String>, ClientError> {
        if Tally::default().reaction(Call::Submit, &error, &self.0.delays) != Reaction::Look {
            return Err(error);
        }
        match self.render_status(id).await {
            Ok(_) => Ok(None),
            Err(unknown) if unknown.cause == Cause::Refused(Code::NotFound) => {
                Ok(self.ask::<RenderView>(ask).await?.id)
            }
            // Export costs nothing and polling tolerates faults: wait under this id.
            Err(unseen) if unseen.retryable => Ok(None),
            Err(unseen) => Err(unseen),
        }
    }

    /// Returns how far a render is.
    ///
    /// # Errors
    /// `backend` with code 404 when the backend does not know it; as [`Client::export`].
    pub async fn render_status(&self, id: &str) -> Result<RenderView, ClientError> {
        self.ask(&self.get(Call::State, &path(Call::Poll, route::RENDER, id)?)).await
    }

    /// Polls a render until it is done. Faults of a poll do not end it.
    ///
    /// # Errors
    /// `render` when it failed; `timeout` when it is not done within
    /// [`super::Delays::render`]: it goes on, and this call can be made again.
    pub async fn wait_render(&self, id: &str, watcher: &Watcher) -> Result<RenderView, ClientError> {
        let (clock, delays) = (&self.0.clock, &self.0.delays);
        let ask = self.get(Call::Poll, &path(Call::Poll, route::RENDER, id)?);
        let started = clock.monotonic();
        let mut tally = Tally::default();
        let mut wait = delays.poll_first;
        loop {
            clock.sleep(wait).await;
            wait = delays.poll_after(wait);
            let token = self.bearer().await?;
            match self.ask_once::<RenderView>(&ask, Some(&token), &[]).await {
                Ok(view) if view.status == Status::Completed => {
                    watcher(Progress::Render { percent: Some(100) });
                    return Ok(view);
                }
                Ok(view) if view.status == Status::Failed => return Err(failed(view)),
                Ok(view) => watcher(Progress::Render { percent: view.percent }),
                Err(error) => match tally.reaction(Call::Poll, &error, delays) {
                    Reaction::Again(longer) => wait = wait.max(longer),
                    Reaction::NewToken => self.renew(&token, error).await?,
                    Reaction::Fail | Reaction::NewClientId | Reaction::Look => return Err(error),
                },
            }
            if clock.monotonic() - started >= delays.render {
                return Err(still_rendering(id, delays.render));
            }
        }
    }
}

/// A render that failed, or an id that was taken, is worth a second try; a refusal of the
/// user, the session or the plan is not.
fn deserves_new_id(error: &ClientError) -> bool {
    let refused = matches!(error.cause, Cause::Refused(Code::Other | Code::BadRequest | Code::Transient));
    error.kind == Kind::Render || (error.kind == Kind::Backend && refused)
}

fn no_id() -> ClientError {
    ClientError::input(Call::Submit, "there is no id to render under", "")
}

fn failed(view: RenderView) -> ClientError {
    let why = view.error.unwrap_or_else(|| "the backend does not say why".to_owned());
    ClientError::new(
        Call::Poll,
        Kind::Render,
        Cause::Refused(Code::Other),
        format!("the render failed: {why}"),
    )
    .hint("look at the timeline for media that are gone, then export again")
}

fn still_rendering(id: &str, budget: Duration) -> ClientError {
    let words = format!("`{id}` still renders after {} s", budget.as_secs());
    ClientError::new(Call::Poll, Kind::Timeout, Cause::Lost, words)
        .hint("it goes on by itself: export again later, or resume the run")
}
