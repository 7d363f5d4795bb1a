//! Who we are: the user's own token; else the anonymous one that this backend gave before,
//! while it lives; else a new one for our client id.

use std::sync::Mutex;
use std::time::Duration;

use reqwest::Method;

use crate::client::advice::Who;
use crate::client::error::ClientError;
use crate::client::http::Ask;
use crate::client::retry::{Call, Reaction, Tally};
use crate::client::token_file::{Draft, Folder, Kept, is_client_id, parse_time};
use crate::client::{Client, Config, Inner};
use crate::secret::Secret;
use crate::wire::attribution::CLIENT_ID;
use crate::wire::auth::TokenGrant;
use crate::wire::route;

/// How long an anonymous token lives when the backend does not say.
const TOKEN_LIFE: Duration = Duration::from_secs(7 * 24 * 3_600);
/// A token this close to its end is not used any more.
const TOKEN_MARGIN: Duration = Duration::from_secs(60);

/// The user, as far as known.
pub(super) struct Identity {
    own: Option<Secret>,
    stated_id: Option<String>,
    folder: Folder,
    base: String,
    /// Held while a token is asked for, so that many calls at once ask for one.
    held: tokio::sync::Mutex<Option<Kept>>,
    user_id: Mutex<Option<String>>,
}

/// A copy of what advice needs to know.
pub(super) struct KnownUser {
    user_id: Option<String>,
    own_token: bool,
}

impl KnownUser {
    pub(super) fn as_who<'a>(&'a self, inner: &'a Inner) -> Who<'a> {
        Who {
            web: &inner.web,
            user_id: self.user_id.as_deref(),
            own_token: self.own_token,
            upload_bytes_max: inner.profile.upload_bytes_max,
        }
    }
}

impl Identity {
    pub(super) fn new(config: &Config, base: &str) -> Result<Self, ClientError> {
        if let Some(id) = config.client_id.as_deref().filter(|id| !is_client_id(id)) {
            let hint = "use up to 64 visible ASCII characters, such as a UUID";
            return Err(ClientError::input(Call::Token, format!("`{id}` is no client id"), hint));
        }
        Ok(Self {
            own: config.token.clone(),
            stated_id: config.client_id.clone(),
            folder: Folder(config.config_dir.clone()),
            base: base.to_owned(),
            held: tokio::sync::Mutex::new(None),
            user_id: Mutex::new(None),
        })
    }
}

impl Client {
    /// Returns the token to send, asking for one when there is none.
    pub(super) async fn bearer(&self) -> Result<Secret, ClientError> {
        let identity = &self.0.identity;
        if let Some(own) = &identity.own {
            return Ok(own.clone());
        }
        let mut held = identity.held.lock().await;
        let fresh = match held.take().filter(|kept| self.lives(kept)) {
            Some(kept) => kept,
            None => self.find_token(None).await?,
        };
        let secret = Secret::new(&fresh.token);
        self.learn_user(fresh.user_id.as_deref());
        *held = Some(fresh);
        Ok(secret)
    }

    /// Replaces an anonymous token that was refused. The user's own is never replaced: then
    /// the refusal is the error.
    pub(super) async fn renew(&self, refused: &Secret, error: ClientError) -> Result<(), ClientError> {
        let identity = &self.0.identity;
        if identity.own.is_some() {
            return Err(error);
        }
        let mut held = identity.held.lock().await;
        // Another call may have replaced it while this one waited for the lock.
        if held.as_ref().is_none_or(|kept| kept.token == refused.expose()) {
            *held = Some(self.find_token(Some(refused.expose())).await?);
        }
        Ok(())
    }

    /// Remembers the user that an answer names.
    pub(super) fn learn_user(&self, user_id: Option<&str>) {
        if let Some(user_id) = user_id.filter(|id| !id.is_empty() && *id != "me") {
            let mut known = self.0.identity.user_id.lock().unwrap_or_else(|poison| poison.into_inner());
            *known = Some(user_id.to_owned());
        }
    }

    pub(super) fn who(&self) -> KnownUser {
        let identity = &self.0.identity;
        let user_id = identity.user_id.lock().unwrap_or_else(|poison| poison.into_inner()).clone();
        KnownUser { user_id, own_token: identity.own.is_some() }
    }

    fn lives(&self, kept: &Kept) -> bool {
        kept.expires_ms > self.0.clock.now_ms() + TOKEN_MARGIN.as_millis() as u64
    }

    /// The stored token, unless it is the refused one; else a new one, stored.
    async fn find_token(&self, refused: Option<&str>) -> Result<Kept, ClientError> {
        let identity = &self.0.identity;
        let stored = || identity.folder.token(&identity.base).map_err(|error| self.unusable("read", &error));
        let usable = |kept: &Kept| self.lives(kept) && Some(kept.token.as_str()) != refused;
        if let Some(kept) = stored()?.filter(usable) {
            return Ok(kept);
        }
        let mut id = self.client_id()?;
        let place = identity.folder.open_tokens().map_err(|error| self.unusable("write", &error))?;
        let mut tally = Tally::default();
        let ask = Ask {
            call: Call::Token,
            method: Method::POST,
            path: route::ANONYMOUS_TOKEN.to_owned(),
            body: None,
            deadline: self.0.delays.call,
        };
        loop {
            let error = match self.ask_once::<TokenGrant>(&ask, None, &[(CLIENT_ID, &id)]).await {
                Ok(grant) => return self.keep(grant, place),
                Err(error) => error,
            };
            match tally.reaction(Call::Token, &error, &self.0.delays) {
                Reaction::Again(wait) => self.0.clock.sleep(wait).await,
                // An id that the user gave is not ours to replace.
                Reaction::NewClientId if identity.stated_id.is_none() => id = self.new_client_id()?,
                _ => return Err(error),
            }
            // Another process may have been given the token that we were refused.
            if let Some(kept) = stored()?.filter(usable) {
                return Ok(kept);
            }
        }
    }

    fn keep(&self, grant: TokenGrant, place: Draft) -> Result<Kept, ClientError> {
        let identity = &self.0.identity;
        let now_ms = self.0.clock.now_ms();
        let stated = grant.expires_at.as_deref().and_then(parse_time);
        let expires_ms = stated.unwrap_or(now_ms + TOKEN_LIFE.as_millis() as u64);
        let kept = Kept { token: grant.token, user_id: grant.user_id, expires_ms };
        let stored = identity.folder.set_token(place, &identity.base, &kept, now_ms);
        stored.map_err(|error| self.unusable("write", &error))?;
        Ok(kept)
    }

    fn client_id(&self) -> Result<String, ClientError> {
        let identity = &self.0.identity;
        if let Some(id) = &identity.stated_id {
            return Ok(id.clone());
        }
        match identity.folder.client_id().map_err(|error| self.unusable("read", &error))? {
            Some(id) => Ok(id),
            None => self.new_client_id(),
        }
    }

    fn new_client_id(&self) -> Result<String, ClientError> {
        let id = uuid::Uuid::new_v4().to_string();
        self.0.identity.folder.set_client_id(&id).map_err(|error| self.unusable("write", &error))?;
        Ok(id)
    }

    fn unusable(&self, what: &str, error: &std::io::Error) -> ClientError {
        let folder = self.0.identity.folder.0.display();
        let hint = "make the folder readable and writable, or set NEMO_TOKEN to a token of your own";
        ClientError::input(Call::Token, format!("cannot {what} the token in {folder}: {error}"), hint)
    }
}
