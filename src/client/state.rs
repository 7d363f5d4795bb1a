//! Looks at a session: what it holds, and what it holds together with the credits.

use crate::client::Client;
use crate::client::error::{Cause, ClientError, Kind};
use crate::client::retry::Call;
use crate::client::sessions::path;
use crate::model::state::State;
use crate::wire::credits::Credits;
use crate::wire::route;
use crate::wire::state::SessionState;
use crate::wire::text::printable;

/// What a session holds, and whose it is.
#[derive(Clone, Debug)]
pub struct Snapshot {
    /// The session.
    pub session_id: String,
    /// The project; empty when the backend does not say.
    pub task_id: String,
    /// The project's label, safe to print; empty when the backend does not say.
    pub task_name: String,
    /// The user, when the backend says.
    pub user_id: Option<String>,
    /// What it holds.
    pub state: State,
}

/// What a turn is compared with: taken before it is sent.
#[derive(Clone, Debug)]
pub struct Look {
    /// What the session holds.
    pub state: State,
    /// The credits, when they could be read.
    pub credits: Option<Credits>,
}

impl Look {
    /// Returns a hash of the state, equal for equal content: see [`State::fingerprint`].
    pub fn fingerprint(&self) -> String {
        self.state.fingerprint()
    }
}

impl Client {
    /// Returns what a session holds now.
    ///
    /// # Errors
    /// Kind `session` when it is not there; `auth`, `rate_limit`, `network`, `timeout`,
    /// `backend`.
    pub async fn snapshot(&self, session_id: &str) -> Result<Snapshot, ClientError> {
        let ask = self.get(Call::State, &path(Call::State, route::STATE, session_id)?);
        let body: SessionState = self.ask(&ask).await?;
        self.learn_user(body.user_id.as_deref());
        let state = body.state.to_model().map_err(|error| {
            ClientError::new(
                Call::State,
                Kind::Backend,
                Cause::Garbled,
                format!("the state cannot be read: {error}"),
            )
        })?;
        let stated = Some(body.session_id).filter(|id| !id.is_empty());
        Ok(Snapshot {
            session_id: stated.unwrap_or_else(|| session_id.to_owned()),
            task_id: body.task_id,
            task_name: printable(&body.task_name),
            user_id: body.user_id,
            state,
        })
    }

    /// Returns what a session holds and, when they can be read, the credits.
    ///
    /// # Errors
    /// As [`Client::snapshot`].
    pub async fn look(&self, session_id: &str) -> Result<Look, ClientError> {
        let (snapshot, credits) = tokio::join!(self.snapshot(session_id), self.credits());
        Ok(Look { state: snapshot?.state, credits: credits.ok() })
    }
}
