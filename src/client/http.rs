//! One request and its answer: address, headers, deadline, size, and the documented reactions
//! around it. Redirects are not followed: the headers must not reach another host.

use std::error::Error as _;
use std::sync::OnceLock;
use std::time::Duration;

use reqwest::header::{
    AUTHORIZATION, CONTENT_TYPE, HeaderMap, HeaderName, HeaderValue, LOCATION, RETRY_AFTER,
};
use reqwest::{Method, RequestBuilder, Response, Url};
use serde::de::DeserializeOwned;

use crate::client::error::{Cause, ClientError, Kind};
use crate::client::retry::{Call, Reaction, Tally};
use crate::client::{Client, Config, advice};
use crate::secret::Secret;
use crate::wire::attribution::Attribution;
use crate::wire::envelope::{self, AnswerError, Refusal};

/// The most bytes of an answer: a state holds a draft, which is some hundred kilobytes.
const ANSWER_BYTES_MAX: usize = 64 << 20;
/// The most bytes of a refusal that are read for its words.
const REFUSAL_BYTES_MAX: usize = 64 << 10;

/// How soon a silent connection is probed: a peer that vanished is noticed long before the
/// limits of a turn.
const KEEPALIVE: Duration = Duration::from_secs(30);

/// The backend's address, and connections to it.
pub(super) struct Http {
    base: String,
    origin: Url,
    attribution: HeaderMap,
    connect: Duration,
    /// Made on first need: loading the system's root certificates takes a while.
    pooled: OnceLock<reqwest::Client>,
    fresh: OnceLock<reqwest::Client>,
}

/// Whether a request may go over a connection that was used before.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Line {
    /// Any connection.
    Pooled,
    /// A new one. A kept connection may be closed by the other side just when a request goes
    /// out, and then nobody can say whether it arrived: wrong for a paid turn.
    Fresh,
}

/// One small request.
pub(super) struct Ask {
    pub(super) call: Call,
    pub(super) method: Method,
    pub(super) path: String,
    pub(super) body: Option<String>,
    pub(super) deadline: Duration,
}

impl Http {
    pub(super) fn new(config: &Config) -> Result<Self, ClientError> {
        let bad = |what: &str| {
            ClientError::input(
                Call::Setup,
                format!("`{}` is no backend address: {what}", config.base),
                format!("give an http or https address, such as {}", super::CLOUD),
            )
        };
        let origin: Url = config.base.trim().parse().map_err(|_| bad("it cannot be read"))?;
        if !matches!(origin.scheme(), "http" | "https") || origin.host_str().is_none() {
            return Err(bad("it is neither http nor https"));
        }
        if !origin.username().is_empty() || origin.password().is_some() || origin.query().is_some() {
            return Err(bad("it must not hold a user, a password or a query"));
        }
        let skill = Attribution {
            source: config.profile.name.clone(),
            version: config.profile.version.clone(),
            platform: config.platform.clone(),
        };
        let mut attribution = HeaderMap::new();
        for (name, value) in skill.headers() {
            let value =
                HeaderValue::from_str(value).ok().filter(|value| !value.is_empty()).ok_or_else(|| {
                    let hint = "name, version and platform of a skill are short plain texts";
                    ClientError::input(
                        Call::Setup,
                        format!("`{value}` cannot stand in the header {name}"),
                        hint,
                    )
                })?;
            attribution.insert(HeaderName::from_static(name), value);
        }
        Ok(Self {
            base: origin.as_str().trim_end_matches('/').to_owned(),
            origin,
            attribution,
            connect: config.delays.connect,
            pooled: OnceLock::new(),
            fresh: OnceLock::new(),
        })
    }

    pub(super) fn base(&self) -> &str {
        &self.base
    }

    /// Returns whether an address is the backend's own: only then it gets token and headers.
    pub(super) fn is_home(&self, url: &Url) -> bool {
        url.origin() == self.origin.origin()
    }

    /// Reads an address that the backend gave, which may be a path of its own.
    pub(super) fn resolve(&self, url: &str) -> Option<Url> {
        let url = self.origin.join(url).ok()?;
        (matches!(url.scheme(), "http" | "https") && url.host_str().is_some()).then_some(url)
    }

    /// Begins a request; token and attribution go to the backend alone.
    pub(super) fn begin(
        &self,
        line: Line,
        method: Method,
        url: Url,
        token: Option<&Secret>,
    ) -> Result<RequestBuilder, ClientError> {
        let home = self.is_home(&url);
        let mut request = self.line(line)?.request(method, url);
        if home {
            request = request.headers(self.attribution.clone());
            if let Some(token) = token {
                request = request.header(AUTHORIZATION, bearer(token)?);
            }
        }
        Ok(request)
    }

    /// The address of a path of the backend.
    pub(super) fn url(&self, path: &str) -> Result<Url, ClientError> {
        let odd = || ClientError::input(Call::Setup, format!("`{path}` makes no address"), "");
        format!("{}{path}", self.base).parse().map_err(|_| odd())
    }

    fn line(&self, line: Line) -> Result<&reqwest::Client, ClientError> {
        let (place, idle) = match line {
            Line::Pooled => (&self.pooled, usize::MAX),
            Line::Fresh => (&self.fresh, 0),
        };
        if let Some(client) = place.get() {
            return Ok(client);
        }
        let mut builder = reqwest::Client::builder()
            .redirect(reqwest::redirect::Policy::none())
            .connect_timeout(self.connect)
            .pool_max_idle_per_host(idle)
            .tcp_keepalive(KEEPALIVE)
            .user_agent(concat!("reelscript/", env!("CARGO_PKG_VERSION")))
            .referer(false);
        if is_loopback(&self.origin) {
            builder = builder.no_proxy();
        }
        let client = builder.build().map_err(|error| {
            let words = format!("cannot prepare HTTPS: {}", innermost(&error));
            let hint = "install the system's root certificates (package ca-certificates)";
            ClientError::new(Call::Setup, Kind::Network, Cause::Local, words).hint(hint)
        })?;
        Ok(place.get_or_init(|| client))
    }
}

impl Client {
    /// Asks until there is an answer or nothing more to try.
    pub(super) async fn ask<T: DeserializeOwned>(&self, ask: &Ask) -> Result<T, ClientError> {
        let mut tally = Tally::default();
        loop {
            let token = self.bearer().await?;
            let error = match self.ask_once(ask, Some(&token), &[]).await {
                Ok(answer) => return Ok(answer),
                Err(error) => error,
            };
            match tally.reaction(ask.call, &error, &self.0.delays) {
                Reaction::Again(wait) => self.0.clock.sleep(wait).await,
                Reaction::NewToken => self.renew(&token, error).await?,
                Reaction::Fail | Reaction::NewClientId | Reaction::Look => return Err(error),
            }
        }
    }

    /// Asks once.
    pub(super) async fn ask_once<T: DeserializeOwned>(
        &self,
        ask: &Ask,
        token: Option<&Secret>,
        headers: &[(&'static str, &str)],
    ) -> Result<T, ClientError> {
        let url = self.0.http.url(&ask.path)?;
        let mut request = self.0.http.begin(Line::Pooled, ask.method.clone(), url, token)?;
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        if let Some(body) = &ask.body {
            request = request.header(CONTENT_TYPE, "application/json").body(body.clone());
        }
        let exchange = async {
            let response = request.send().await.map_err(|error| self.broken(ask.call, &error))?;
            self.answer(ask.call, response).await
        };
        tokio::time::timeout(ask.deadline, exchange)
            .await
            .unwrap_or_else(|_| Err(self.late(ask.call, ask.deadline)))
    }

    /// Reads an answer to its end and takes it out of its envelope.
    pub(super) async fn answer<T: DeserializeOwned>(
        &self,
        call: Call,
        response: Response,
    ) -> Result<T, ClientError> {
        let (status, headers) = (response.status(), response.headers().clone());
        let bytes_max = if status.is_success() { ANSWER_BYTES_MAX } else { REFUSAL_BYTES_MAX };
        let body = self.body(call, response, bytes_max).await?;
        match envelope::decode(status.as_u16(), &body) {
            Ok(answer) => Ok(answer),
            Err(AnswerError::Garbled(words)) => {
                let error = ClientError::new(call, Kind::Backend, Cause::Garbled, words);
                Err(error.hint("check that the address is a NemoVideo backend's"))
            }
            Err(AnswerError::Refused(refusal)) => Err(self.refused(call, &refusal, &headers)),
        }
    }

    /// The error of a refusal.
    pub(super) fn refused(&self, call: Call, refusal: &Refusal, headers: &HeaderMap) -> ClientError {
        let mut error = advice::refused(call, refusal, &self.who().as_who(&self.0));
        let after = headers.get(RETRY_AFTER).and_then(|value| value.to_str().ok()?.trim().parse().ok());
        error.wait = after.map(Duration::from_secs);
        if (300..400).contains(&refusal.status) {
            let place = headers.get(LOCATION).and_then(|value| self.0.http.resolve(value.to_str().ok()?));
            let place = place.and_then(|url| url.host_str().map(str::to_owned));
            error.message = format!("the backend sends us on to `{}`", place.as_deref().unwrap_or("nowhere"));
            error.hint = "if that is where it lives now, give that address as the backend".to_owned();
        }
        error
    }

    /// The error of a request that broke off.
    pub(super) fn broken(&self, call: Call, error: &reqwest::Error) -> ClientError {
        let host = self.0.http.origin.host_str().unwrap_or_default();
        let cause = innermost(error);
        if error.is_connect() {
            let words = format!("cannot reach {host}: {cause}");
            return ClientError::new(call, Kind::Network, Cause::NotSent, words)
                .hint("check the network and the backend's address");
        }
        if error.is_builder() {
            let hint = "check the backend's address and the token";
            return ClientError::input(call, format!("cannot ask {host}: {cause}"), hint);
        }
        ClientError::new(call, Kind::Network, Cause::Lost, format!("the connection to {host} broke: {cause}"))
            .hint("check the network, then try again")
    }

    /// The error of a request whose deadline passed.
    pub(super) fn late(&self, call: Call, deadline: Duration) -> ClientError {
        let host = self.0.http.origin.host_str().unwrap_or_default();
        let words = format!("{host} did not answer within {} s", deadline.as_secs());
        ClientError::new(call, Kind::Timeout, Cause::Lost, words).hint("try again in a moment")
    }

    /// Reads a body up to a limit; what is beyond it is an error for an answer, and left out
    /// of a refusal, whose first words are enough.
    async fn body(
        &self,
        call: Call,
        mut response: Response,
        bytes_max: usize,
    ) -> Result<Vec<u8>, ClientError> {
        let success = response.status().is_success();
        let mut body = Vec::new();
        while let Some(chunk) = response.chunk().await.map_err(|error| self.broken(call, &error))? {
            let room = bytes_max - body.len();
            if chunk.len() > room && success {
                let words = format!("the answer is larger than {bytes_max} bytes");
                let error = ClientError::new(call, Kind::Backend, Cause::Garbled, words);
                return Err(error.hint("check that the address is a NemoVideo backend's"));
            }
            body.extend_from_slice(&chunk[..chunk.len().min(room)]);
            if chunk.len() >= room {
                break;
            }
        }
        Ok(body)
    }
}

fn bearer(token: &Secret) -> Result<HeaderValue, ClientError> {
    let mut value = HeaderValue::from_str(&format!("Bearer {}", token.expose())).map_err(|_| {
        let hint = "a token is one word of letters, digits, `-` and `_`";
        ClientError::input(Call::Token, "the token holds characters that no header can carry", hint)
    })?;
    value.set_sensitive(true);
    Ok(value)
}

fn is_loopback(url: &Url) -> bool {
    let host = url.host_str().unwrap_or_default().trim_matches(['[', ']']);
    host == "localhost" || host.parse::<std::net::IpAddr>().is_ok_and(|address| address.is_loopback())
}

/// The words of the innermost cause: the outer ones repeat the address.
fn innermost(error: &reqwest::Error) -> String {
    let mut cause: &dyn std::error::Error = match error.source() {
        Some(source) => source,
        None if error.is_timeout() => return "it took too long".to_owned(),
        None => return "it broke off".to_owned(),
    };
    while let Some(deeper) = cause.source() {
        cause = deeper;
    }
    cause.to_string()
}
