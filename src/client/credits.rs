//! The balance.

use crate::client::Client;
use crate::client::error::ClientError;
use crate::client::retry::Call;
use crate::wire::credits::Credits;
use crate::wire::route;

impl Client {
    /// Returns the credits of the user.
    ///
    /// # Errors
    /// Kinds `auth`, `rate_limit`, `network`, `timeout`, `backend`.
    pub async fn credits(&self) -> Result<Credits, ClientError> {
        self.ask(&self.get(Call::Credits, route::CREDITS)).await
    }
}
