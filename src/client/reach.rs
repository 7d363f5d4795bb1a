//! Is anybody there: a check-up that costs nothing and needs no token.

use reqwest::Method;

use crate::client::Client;
use crate::client::error::ClientError;
use crate::client::http::Line;
use crate::client::retry::Call;

impl Client {
    /// Succeeds when the backend answers HTTP at all, with whatever status. No token is asked
    /// for, and none is sent.
    ///
    /// # Errors
    /// Kinds `network`, `timeout`.
    pub async fn reach(&self) -> Result<(), ClientError> {
        let http = &self.0.http;
        let request = http.begin(Line::Pooled, Method::GET, http.url("/")?, None)?;
        let deadline = self.0.delays.call;
        match tokio::time::timeout(deadline, request.send()).await {
            Ok(answer) => answer.map(|_| ()).map_err(|error| self.broken(Call::Setup, &error)),
            Err(_) => Err(self.late(Call::Setup, deadline)),
        }
    }
}
