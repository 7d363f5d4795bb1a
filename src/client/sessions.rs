//! Projects: make one, and link to one for a browser.

use reqwest::Method;

use crate::client::Client;
use crate::client::error::{Cause, ClientError, Kind};
use crate::client::http::Ask;
use crate::client::retry::Call;
use crate::wire::auth::{ClaimGrant, ClaimRequest};
use crate::wire::route;
use crate::wire::session::{CreateSession, SessionInfo};

impl Client {
    /// Makes a project with its session. `name` is a label; `language` a code such as `zh`
    /// (see [`crate::client::language::choose`]).
    ///
    /// # Errors
    /// Kinds `auth`, `rate_limit`, `network`, `timeout`, `backend`, and `input` when the
    /// token's folder cannot be used.
    pub async fn create_session(
        &self,
        name: &str,
        language: Option<&str>,
    ) -> Result<SessionInfo, ClientError> {
        let body = CreateSession { task_name: name.to_owned(), language: language.map(str::to_owned) };
        let info: SessionInfo = self.ask(&self.post(Call::Session, route::SESSIONS, &body)?).await?;
        self.learn_user(info.user_id.as_deref());
        Ok(info)
    }

    /// Returns an address that opens a project in a browser. It holds a claim token, which
    /// can do nothing else, and never the API token.
    ///
    /// # Errors
    /// As [`Client::create_session`]; a backend that offers no links says `backend`.
    pub async fn claim_link(&self, task_id: &str, session_id: &str) -> Result<String, ClientError> {
        let body = ClaimRequest { task_id: task_id.to_owned(), session_id: session_id.to_owned() };
        let grant: ClaimGrant = self.ask(&self.post(Call::Link, route::CLAIM_TOKEN, &body)?).await?;
        let token = route::encoded(&grant.claim_token);
        Ok(format!("{}{}?ct={token}", self.0.web, route::CLAIM_PAGE))
    }

    /// A small `POST` of a JSON body.
    pub(super) fn post<T: serde::Serialize>(
        &self,
        call: Call,
        path: &str,
        body: &T,
    ) -> Result<Ask, ClientError> {
        let body = serde_json::to_string(body).map_err(|error| {
            ClientError::new(
                call,
                Kind::Input,
                Cause::Local,
                format!("the request cannot be written: {error}"),
            )
        })?;
        let deadline = self.0.delays.call;
        Ok(Ask { call, method: Method::POST, path: path.to_owned(), body: Some(body), deadline })
    }

    /// A small `GET`.
    pub(super) fn get(&self, call: Call, path: &str) -> Ask {
        Ask { call, method: Method::GET, path: path.to_owned(), body: None, deadline: self.0.delays.call }
    }
}

/// Puts an id into a route.
pub(super) fn path(call: Call, route: &str, id: &str) -> Result<String, ClientError> {
    let odd = || ClientError::input(call, format!("`{id}` is no id"), "use the id that the backend gave");
    route::fill(route, id).ok_or_else(odd)
}
