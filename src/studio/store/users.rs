//! Users and their tokens.

use rusqlite::{Connection, OptionalExtension, Transaction, params};

use super::{Store, StoreError, random_hex, stamp, unstamp};
use crate::secret::Secret;

/// How long a token lives, and the window of the limits on new ones.
const TOKEN_LIFE_MS: u64 = 7 * 24 * 60 * 60 * 1000;

/// New tokens that one address gets in the window.
const TOKENS_PER_ADDRESS: i64 = 10;

/// The user behind a configured token: the only one who is not anonymous.
const KEEPER: &str = "user_keeper";

/// Somebody asks for an anonymous token.
#[derive(Clone, Debug)]
pub(crate) struct TokenRequest {
    pub(crate) client_id: String,
    pub(crate) address: String,
    pub(crate) now_ms: u64,
    /// Whether the cloud's limits hold. Without them a client that lost its token gets the
    /// living one again: on one's own machine that protects nobody and only locks out.
    pub(crate) limited: bool,
    /// What a new user starts with.
    pub(crate) credits: f64,
}

/// A token and whose it is.
#[derive(Clone, Debug)]
pub(crate) struct Pass {
    pub(crate) token: Secret,
    pub(crate) user_id: String,
    pub(crate) expires_at_ms: u64,
}

/// What a request for a token came to.
#[derive(Clone, Debug)]
pub(crate) enum Issued {
    Pass(Pass),
    /// Too many; the next one is to be had at that time.
    Limited {
        until_ms: u64,
    },
}

impl Store {
    /// Gives the client's user a token, made with its first one.
    pub(crate) async fn issue_token(&self, request: TokenRequest) -> Result<Issued, StoreError> {
        self.write(move |db| {
            let user_id = user_of_client(db, &request)?;
            if let Some(living) = living_token(db, &user_id, request.now_ms)? {
                return Ok(match request.limited {
                    true => Issued::Limited { until_ms: living.expires_at_ms },
                    false => Issued::Pass(living),
                });
            }
            if let (true, Some(until_ms)) = (request.limited, crowded_until(db, &request)?) {
                return Ok(Issued::Limited { until_ms });
            }
            new_token(db, user_id, &request).map(Issued::Pass)
        })
        .await
    }

    /// Returns the user of a token that has not expired.
    pub(crate) async fn user_of_token(
        &self,
        token: Secret,
        now_ms: u64,
    ) -> Result<Option<String>, StoreError> {
        self.read(move |db| {
            let sql = "SELECT user_id FROM tokens WHERE token = ? AND expires_at > ?";
            let user = db.query_row(sql, params![token.expose(), stamp(now_ms)], |row| row.get(0));
            Ok(user.optional()?)
        })
        .await
    }

    /// Returns the user of the configured token, made when it is first seen.
    pub(crate) async fn keeper(&self, credits: f64, now_ms: u64) -> Result<String, StoreError> {
        self.write(move |db| {
            let sql = "SELECT id FROM users WHERE id = ?";
            if db.query_row(sql, [KEEPER], |_| Ok(())).optional()?.is_none() {
                new_user(db, KEEPER, None, credits, now_ms)?;
            }
            Ok(KEEPER.to_owned())
        })
        .await
    }
}

fn user_of_client(db: &Transaction<'_>, request: &TokenRequest) -> Result<String, StoreError> {
    let known =
        db.query_row("SELECT id FROM users WHERE client_id = ?", [&request.client_id], |row| row.get(0));
    if let Some(id) = known.optional()? {
        return Ok(id);
    }
    let id = format!("anon_{}", &random_hex(1)[..16]);
    new_user(db, &id, Some(&request.client_id), request.credits, request.now_ms)?;
    Ok(id)
}

fn new_user(
    db: &Transaction<'_>,
    id: &str,
    client_id: Option<&str>,
    credits: f64,
    now_ms: u64,
) -> Result<(), StoreError> {
    let now = stamp(now_ms);
    db.execute(
        "INSERT INTO users (id, client_id, created_at) VALUES (?, ?, ?)",
        params![id, client_id, now],
    )?;
    let grant =
        "INSERT INTO ledger (user_id, reason, amount, status, at) VALUES (?, 'grant', ?, 'granted', ?)";
    db.execute(grant, params![id, credits, now])?;
    Ok(())
}

fn living_token(db: &Connection, user_id: &str, now_ms: u64) -> Result<Option<Pass>, StoreError> {
    let sql = "SELECT token, expires_at FROM tokens WHERE user_id = ? AND expires_at > ?
               ORDER BY expires_at DESC LIMIT 1";
    let found = db.query_row(sql, params![user_id, stamp(now_ms)], |row| {
        Ok(Pass {
            token: Secret::new(row.get::<_, String>(0)?),
            user_id: user_id.to_owned(),
            expires_at_ms: unstamp(row.get(1)?),
        })
    });
    Ok(found.optional()?)
}

/// When an address that had its share of tokens may have another.
fn crowded_until(db: &Connection, request: &TokenRequest) -> Result<Option<u64>, StoreError> {
    let sql = "SELECT COUNT(*), MIN(issued_at) FROM tokens WHERE address = ? AND issued_at > ?";
    let since = stamp(request.now_ms.saturating_sub(TOKEN_LIFE_MS));
    let (count, first): (i64, Option<i64>) =
        db.query_row(sql, params![request.address, since], |row| Ok((row.get(0)?, row.get(1)?)))?;
    Ok(first.filter(|_| count >= TOKENS_PER_ADDRESS).map(|first| unstamp(first) + TOKEN_LIFE_MS))
}

fn new_token(db: &Transaction<'_>, user_id: String, request: &TokenRequest) -> Result<Pass, StoreError> {
    let token = format!("nmv_usr_{}", random_hex(2));
    let expires_at_ms = request.now_ms + TOKEN_LIFE_MS;
    let sql = "INSERT INTO tokens (token, user_id, address, issued_at, expires_at) VALUES (?, ?, ?, ?, ?)";
    db.execute(sql, params![token, user_id, request.address, stamp(request.now_ms), stamp(expires_at_ms)])?;
    Ok(Pass { token: Secret::new(token), user_id, expires_at_ms })
}
