//! How the studio says no: the documented codes, in the documented carriers.

use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};

use super::store::StoreError;
use crate::model::media;
use crate::wire::code::Code;
use crate::wire::envelope;

/// Why a request is not done. The four-digit codes ride on HTTP 200 inside the envelope;
/// the others are HTTP statuses too.
#[derive(Debug, thiserror::Error)]
pub(crate) enum Refusal {
    #[error("the token is missing, unknown or expired")]
    Token,
    #[error("there is no session `{0}`")]
    Session(String),
    #[error("this needs {needed} credits, {available} are available")]
    Credits { needed: f64, available: f64 },
    #[error("{0}")]
    MediaType(String),
    #[error("`{name}` is larger than {limit_mb} MB")]
    MediaSize { name: String, limit_mb: u64 },
    #[error("`{name}` does not fit: this studio holds up to {limit_mb} MB of media (--max-media)")]
    Full { name: String, limit_mb: u64 },
    #[error("{0}")]
    Request(String),
    #[error("export needs the headers X-Skill-Source, X-Skill-Version and X-Skill-Platform")]
    Attribution,
    #[error("the plan of this user holds no exports; register or upgrade the plan to unlock them")]
    Plan,
    #[error("{what}")]
    Limit { what: String, wait_seconds: u64 },
    #[error("this studio takes only the token that it was started with")]
    Closed,
    #[error("a turn of this session still runs; wait for its end")]
    Busy,
    #[error("there is a render `{0}` already; choose another id")]
    RenderTaken(String),
    #[error("there is no render `{0}`")]
    NoRender(String),
    #[error("there is no such file")]
    NoFile,
    #[error("there is nothing at this address")]
    NoRoute,
    #[error("this studio answers only to the names of its own machine")]
    Host,
    #[error("the body is larger than {0} bytes")]
    Body(usize),
    #[error("the agent broke on these words; this is a fault of the studio")]
    Agent,
    #[error("the studio lacks a tool: {0}")]
    Tool(String),
    #[error("the studio's store failed: {0}")]
    Store(#[from] StoreError),
    #[error("the studio cannot use its folder: {0}")]
    Disk(#[from] std::io::Error),
}

impl Refusal {
    /// Returns the refusal of a file whose format is not taken.
    pub(crate) fn format_of(name: &str) -> Self {
        let convert = match name.rsplit_once('.').map(|(_, ending)| ending.to_ascii_lowercase()) {
            Some(ending) if ending == "heic" || ending == "heif" => "; convert it to jpg first",
            _ => "",
        };
        Self::MediaType(format!("`{name}` is of no format that is taken ({}){convert}", media::ACCEPTED))
    }

    /// Returns the `code` of the envelope.
    pub(crate) fn code(&self) -> i64 {
        match self {
            Self::Token => Code::BadToken.number(),
            Self::Session(_) => Code::NoSession.number(),
            Self::Credits { .. } => Code::NoCredits.number(),
            Self::MediaType(_) => Code::MediaType.number(),
            Self::MediaSize { .. } | Self::Full { .. } => Code::MediaSize.number(),
            other => i64::from(other.status().as_u16()),
        }
    }

    fn status(&self) -> StatusCode {
        match self {
            Self::Token
            | Self::Session(_)
            | Self::Credits { .. }
            | Self::MediaType(_)
            | Self::MediaSize { .. }
            | Self::Full { .. } => StatusCode::OK,
            Self::Request(_) => StatusCode::BAD_REQUEST,
            Self::Attribution | Self::Plan => StatusCode::PAYMENT_REQUIRED,
            Self::Limit { .. } => StatusCode::TOO_MANY_REQUESTS,
            Self::Closed | Self::Host => StatusCode::FORBIDDEN,
            Self::Busy | Self::RenderTaken(_) => StatusCode::CONFLICT,
            Self::NoRender(_) | Self::NoFile | Self::NoRoute => StatusCode::NOT_FOUND,
            Self::Body(_) => StatusCode::PAYLOAD_TOO_LARGE,
            Self::Agent | Self::Tool(_) | Self::Store(_) | Self::Disk(_) => StatusCode::INTERNAL_SERVER_ERROR,
        }
    }
}

impl IntoResponse for Refusal {
    fn into_response(self) -> Response {
        let body = envelope::refuse(self.code(), &self.to_string());
        let mut response =
            (self.status(), [(header::CONTENT_TYPE, "application/json")], body).into_response();
        if let Self::Limit { wait_seconds, .. } = self {
            response.headers_mut().insert(header::RETRY_AFTER, HeaderValue::from(wait_seconds));
        }
        response
    }
}
