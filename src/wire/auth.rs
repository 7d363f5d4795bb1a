//! The token call and the claim call: who the client is, and a link for a browser.

use serde::{Deserialize, Serialize};

use crate::wire::fields::{Fields, Missing};

/// The answer to the token call, whose request has a header and no body.
#[derive(Clone, Serialize, Deserialize)]
#[serde(try_from = "Fields")]
pub struct TokenGrant {
    /// The bearer token: a secret.
    pub token: String,
    /// The user that the token stands for, `anon_..`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub user_id: Option<String>,
    /// When it ends, ISO 8601 in UTC.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub expires_at: Option<String>,
    /// The free credits that come with it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub credits: Option<f64>,
}

impl TryFrom<Fields> for TokenGrant {
    type Error = Missing;
    fn try_from(fields: Fields) -> Result<Self, Missing> {
        let token = fields.text(&["token", "access_token"]).filter(|token| !token.is_empty());
        Ok(Self {
            token: token.ok_or(Missing("token"))?,
            user_id: fields.text(&["user_id", "userId"]),
            expires_at: fields.text(&["expires_at", "expiresAt"]),
            credits: fields.number(&["credits"]),
        })
    }
}

/// Asks for a link token.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "Fields")]
pub struct ClaimRequest {
    /// The project.
    pub task_id: String,
    /// Its session.
    pub session_id: String,
}

impl TryFrom<Fields> for ClaimRequest {
    type Error = Missing;
    fn try_from(fields: Fields) -> Result<Self, Missing> {
        Ok(Self {
            task_id: fields.text(&["task_id", "taskId"]).ok_or(Missing("task_id"))?,
            session_id: fields.text(&["session_id", "sessionId"]).ok_or(Missing("session_id"))?,
        })
    }
}

/// A token that opens a project in a browser and can do nothing else.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "Fields")]
pub struct ClaimGrant {
    /// The token, `clm_..`.
    pub claim_token: String,
    /// Seconds until it ends.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub expires_in: Option<u64>,
}

impl TryFrom<Fields> for ClaimGrant {
    type Error = Missing;
    fn try_from(fields: Fields) -> Result<Self, Missing> {
        Ok(Self {
            claim_token: fields.text(&["claim_token", "claimToken"]).ok_or(Missing("claim_token"))?,
            expires_in: fields.count(&["expires_in", "expiresIn"]),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_grant_is_read_short_and_full() {
        let short: TokenGrant = serde_json::from_str(r#"{"token":"nmv_usr_a","credits":100}"#).unwrap();
        assert_eq!((short.token.as_str(), short.credits, short.user_id), ("nmv_usr_a", Some(100.0), None));
        let full = r#"{"token":"nmv_usr_a","user_id":"anon_1","expires_at":"2026-03-18T00:00:00Z","new":{}}"#;
        let full: TokenGrant = serde_json::from_str(full).unwrap();
        assert_eq!(full.expires_at.as_deref(), Some("2026-03-18T00:00:00Z"));
        assert!(serde_json::from_str::<TokenGrant>(r#"{"token":""}"#).is_err());
    }

    #[test]
    fn a_claim_has_the_documented_keys() {
        let ask = ClaimRequest { task_id: "t".into(), session_id: "5".into() };
        assert_eq!(serde_json::to_string(&ask).unwrap(), r#"{"task_id":"t","session_id":"5"}"#);
        let grant: ClaimGrant =
            serde_json::from_str(r#"{"claim_token":"clm_x","expires_in":604800}"#).unwrap();
        assert_eq!(grant.expires_in, Some(604_800));
    }
}
