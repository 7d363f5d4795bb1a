//! Sessions: what was uploaded to them, what was made of it, and the links to hand them on.

use rusqlite::{Connection, OptionalExtension, Row, Transaction, params};
use serde_json::Value;

use super::{Store, StoreError, random_hex, stamp, unstamp};
use crate::model::draft::Draft;
use crate::model::media::Kind;
use crate::model::state::{Canvas, MediaItem, State};
use crate::model::time::Millis;

/// A project of a user.
#[derive(Clone, Debug)]
pub(crate) struct Session {
    /// Position in order of creation, from 1.
    pub(crate) number: u64,
    pub(crate) id: String,
    pub(crate) task_id: String,
    pub(crate) user_id: String,
    pub(crate) name: String,
    pub(crate) language: Option<String>,
    /// What it holds. URLs of media are paths, which outlive the studio's port.
    pub(crate) state: State,
}

/// A session as a client asks for it.
#[derive(Clone, Debug)]
pub(crate) struct NewSession {
    pub(crate) user_id: String,
    pub(crate) name: String,
    pub(crate) language: Option<String>,
}

/// A file that arrived.
#[derive(Clone, Debug)]
pub(crate) struct NewMedia {
    pub(crate) name: String,
    pub(crate) hash: String,
    pub(crate) kind: Kind,
    pub(crate) duration: Option<Millis>,
    pub(crate) width: Option<u32>,
    pub(crate) height: Option<u32>,
    pub(crate) bytes: u64,
    pub(crate) sound: bool,
}

impl Store {
    /// Opens a session, unless its user has `sessions_max` already. Its id is a decimal text
    /// of 19 digits.
    pub(crate) async fn create_session(
        &self,
        new: NewSession,
        sessions_max: u64,
        now_ms: u64,
    ) -> Result<Option<Session>, StoreError> {
        let NewSession { user_id, name, language } = new;
        self.write(move |db| {
            let count = "SELECT COUNT(*) FROM sessions WHERE user_id = ?";
            let count: i64 = db.query_row(count, [&user_id], |row| row.get(0))?;
            if unstamp(count) >= sessions_max {
                return Ok(None);
            }
            let (id, task_id) = (random_session_id(), format!("task_{}", &random_hex(1)[..20]));
            let sql = "INSERT INTO sessions (id, task_id, user_id, name, language, created_at, updated_at)
                       VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?6)";
            db.execute(sql, params![id, task_id, user_id, name, language, stamp(now_ms)])?;
            let number = unstamp(db.last_insert_rowid());
            Ok(Some(Session { number, id, task_id, user_id, name, language, state: State::default() }))
        })
        .await
    }

    /// Returns a session of this user; none when it is another's or nobody's.
    pub(crate) async fn session(&self, user_id: &str, id: &str) -> Result<Option<Session>, StoreError> {
        let (user_id, id) = (user_id.to_owned(), id.to_owned());
        self.read(move |db| {
            let found = db.query_row(SESSION, [&id], session_row).optional()?;
            let Some((session, held)) = found.filter(|(session, _)| session.user_id == user_id) else {
                return Ok(None);
            };
            let mut state = held.into_state()?;
            state.media = media(db, &id)?;
            Ok(Some(Session { state, ..session }))
        })
        .await
    }

    /// Adds files to a session. One that is there already, by name and content, stays once.
    pub(crate) async fn add_media(
        &self,
        session_id: &str,
        files: Vec<NewMedia>,
        now_ms: u64,
    ) -> Result<(), StoreError> {
        let session_id = session_id.to_owned();
        self.write(move |db| {
            for file in &files {
                insert_media(db, &session_id, file, now_ms)?;
            }
            touch(db, &session_id, now_ms)
        })
        .await
    }

    /// Makes a link token that opens a session in a browser and nothing else.
    pub(crate) async fn new_claim(&self, session_id: &str, expires_at_ms: u64) -> Result<String, StoreError> {
        let session_id = session_id.to_owned();
        self.write(move |db| {
            let token = format!("clm_{}", random_hex(1));
            let sql = "INSERT INTO claims (token, session_id, expires_at) VALUES (?, ?, ?)";
            db.execute(sql, params![token, session_id, stamp(expires_at_ms)])?;
            Ok(token)
        })
        .await
    }

    /// Returns the session that a living link token opens.
    pub(crate) async fn claimed(&self, token: &str, now_ms: u64) -> Result<Option<Session>, StoreError> {
        let token = token.to_owned();
        let sql = "SELECT sessions.user_id, sessions.id FROM claims JOIN sessions ON sessions.id = claims.session_id
                   WHERE claims.token = ? AND claims.expires_at > ?";
        let found: Option<(String, String)> = self
            .read(move |db| {
                let row =
                    db.query_row(sql, params![token, stamp(now_ms)], |row| Ok((row.get(0)?, row.get(1)?)));
                Ok(row.optional()?)
            })
            .await?;
        match found {
            Some((user_id, id)) => self.session(&user_id, &id).await,
            None => Ok(None),
        }
    }
}

/// Nineteen digits that do not start with a zero: more than a JSON number holds safely,
/// as in the cloud, so that clients that read it as a number are found out.
fn random_session_id() -> String {
    const FIRST: u64 = 1_000_000_000_000_000_000;
    let (random, _) = uuid::Uuid::new_v4().as_u64_pair();
    (FIRST + random % (8 * FIRST)).to_string()
}

const SESSION: &str = "SELECT number, id, task_id, user_id, name, language, draft, canvas, generated
                       FROM sessions WHERE id = ?";

fn session_row(row: &Row<'_>) -> rusqlite::Result<(Session, Held)> {
    let session = Session {
        number: unstamp(row.get(0)?),
        id: row.get(1)?,
        task_id: row.get(2)?,
        user_id: row.get(3)?,
        name: row.get(4)?,
        language: row.get(5)?,
        state: State::default(),
    };
    Ok((session, Held { draft: row.get(6)?, canvas: row.get(7)?, generated: row.get(8)? }))
}

/// The part of a state that turns change, as it lies in the tables.
#[derive(Clone, Debug)]
pub(super) struct Held {
    pub(super) draft: Option<String>,
    pub(super) canvas: Option<String>,
    pub(super) generated: String,
}

impl Held {
    pub(super) fn of(state: &State) -> Self {
        Self {
            draft: state.draft.as_ref().map(|draft| draft.to_json().into_owned()),
            canvas: state.canvas.map(|canvas| format!("[{},{}]", canvas.width, canvas.height)),
            generated: Value::Array(state.generated.clone()).to_string(),
        }
    }

    pub(super) fn into_state(self) -> Result<State, StoreError> {
        let damaged = |what, reason: String| StoreError::Damaged { what, reason };
        let draft = self.draft.map(|text| Draft::parse(&text)).transpose();
        let canvas = self.canvas.map(|text| serde_json::from_str::<(u32, u32)>(&text)).transpose();
        let generated = serde_json::from_str(&self.generated);
        Ok(State {
            draft: draft.map_err(|e| damaged("draft", e.to_string()))?,
            media: Vec::new(),
            generated: generated.map_err(|e| damaged("generated", e.to_string()))?,
            canvas: canvas
                .map_err(|e| damaged("canvas", e.to_string()))?
                .map(|(width, height)| Canvas { width, height }),
            subtitles: Vec::new(),
        })
    }
}

fn media(db: &Connection, session_id: &str) -> Result<Vec<MediaItem>, StoreError> {
    let sql = "SELECT name, kind, hash, duration_ms, width, height, bytes, sound FROM media
               WHERE session_id = ? ORDER BY rowid";
    let mut statement = db.prepare_cached(sql)?;
    let rows = statement.query_map([session_id], |row| {
        let (name, hash): (String, String) = (row.get(0)?, row.get(2)?);
        Ok(MediaItem {
            url: crate::studio::shelf::path_of(&hash, &name),
            kind: Kind::from_word(&row.get::<_, String>(1)?),
            duration: row.get::<_, Option<i64>>(3)?.map(|ms| Millis(unstamp(ms))),
            width: row.get(4)?,
            height: row.get(5)?,
            bytes: row.get::<_, Option<i64>>(6)?.map(unstamp),
            sound: row.get(7)?,
            hash: Some(hash),
            name,
        })
    })?;
    Ok(rows.collect::<Result<_, _>>()?)
}

fn insert_media(
    db: &Transaction<'_>,
    session_id: &str,
    file: &NewMedia,
    now_ms: u64,
) -> Result<(), StoreError> {
    let sql =
        "INSERT INTO media (session_id, hash, name, kind, duration_ms, width, height, bytes, sound, added_at)
               VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT (session_id, hash, name) DO NOTHING";
    db.execute(
        sql,
        params![
            session_id,
            file.hash,
            file.name,
            file.kind.word(),
            file.duration.map(|d| stamp(d.0)),
            file.width,
            file.height,
            stamp(file.bytes),
            file.sound,
            stamp(now_ms),
        ],
    )?;
    Ok(())
}

pub(super) fn touch(db: &Transaction<'_>, session_id: &str, now_ms: u64) -> Result<(), StoreError> {
    db.execute("UPDATE sessions SET updated_at = ? WHERE id = ?", params![stamp(now_ms), session_id])?;
    Ok(())
}
