//! The queue of renders, shared by every studio of a home.

use rusqlite::{Connection, OptionalExtension, Row, Transaction, params};

use super::{Store, StoreError, random_hex, stamp, unstamp};
use crate::studio::owner::Roll;

/// How often a render is begun again after the studio that worked on it died: a render that
/// kills its studio must not do so for ever.
const ATTEMPTS_MAX: i64 = 3;

/// How far a render is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum RenderStatus {
    Pending,
    Processing,
    Completed,
    Failed,
    Canceled,
}

impl RenderStatus {
    const ALL: [Self; 5] = [Self::Pending, Self::Processing, Self::Completed, Self::Failed, Self::Canceled];

    /// Returns the word of the wire and of the table.
    pub(crate) fn word(self) -> &'static str {
        match self {
            Self::Pending => "pending",
            Self::Processing => "processing",
            Self::Completed => "completed",
            Self::Failed => "failed",
            Self::Canceled => "canceled",
        }
    }
}

/// A render as a client asks for it.
#[derive(Clone, Debug)]
pub(crate) struct NewRender {
    pub(crate) id: String,
    pub(crate) user_id: String,
    pub(crate) session_id: String,
    pub(crate) draft: String,
    pub(crate) output: String,
}

/// What the wish for a render came to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Submitted {
    Queued,
    /// There is a render of that id, whosever it is.
    Duplicate,
    /// The user has too many open renders.
    TooMany,
}

/// A render and how far it is.
#[derive(Clone, Debug)]
pub(crate) struct Render {
    pub(crate) id: String,
    pub(crate) key: String,
    pub(crate) user_id: String,
    pub(crate) draft: String,
    pub(crate) output: String,
    pub(crate) status: RenderStatus,
    /// Percent.
    pub(crate) progress: u8,
    /// Name of the result below the folder of renders.
    pub(crate) file: Option<String>,
    pub(crate) seconds: Option<f64>,
    pub(crate) bytes: Option<u64>,
    pub(crate) error: Option<String>,
}

/// How work on a render ended.
#[derive(Clone, Debug)]
pub(crate) enum RenderEnd {
    Done {
        file: String,
        seconds: f64,
        bytes: u64,
    },
    Failed {
        error: String,
    },
    /// The studio stops: somebody else shall do it.
    GivenBack,
}

impl Store {
    /// Puts a render into the queue, unless its user has `open_max` there already.
    pub(crate) async fn submit_render(
        &self,
        new: NewRender,
        open_max: u64,
        now_ms: u64,
    ) -> Result<Submitted, StoreError> {
        self.write(move |db| {
            let open =
                "SELECT COUNT(*) FROM renders WHERE user_id = ? AND status IN ('pending', 'processing')";
            let open: i64 = db.query_row(open, [&new.user_id], |row| row.get(0))?;
            if unstamp(open) >= open_max {
                return Ok(Submitted::TooMany);
            }
            let sql = "INSERT INTO renders (id, key, user_id, session_id, draft, output, status, created_at)
                       VALUES (?, ?, ?, ?, ?, ?, 'pending', ?) ON CONFLICT (id) DO NOTHING";
            let key = &random_hex(1)[..16];
            let values =
                params![new.id, key, new.user_id, new.session_id, new.draft, new.output, stamp(now_ms)];
            Ok(match db.execute(sql, values)? {
                0 => Submitted::Duplicate,
                _ => Submitted::Queued,
            })
        })
        .await
    }

    /// Returns a render, whosever it is.
    pub(crate) async fn render(&self, id: &str) -> Result<Option<Render>, StoreError> {
        let id = id.to_owned();
        self.read(move |db| find(db, &id)).await
    }

    /// Takes the oldest waiting render for `owner`, unless `at_once` renders of living
    /// studios are in work already. Renders whose studio died wait again.
    pub(crate) async fn take_render(
        &self,
        owner: &str,
        roll: Roll,
        at_once: usize,
    ) -> Result<Option<Render>, StoreError> {
        let owner = owner.to_owned();
        // Idle studios look often, and looking does not keep writers waiting.
        let open = "SELECT EXISTS (SELECT 1 FROM renders WHERE status IN ('pending', 'processing'))";
        if !self.read(move |db| Ok(db.query_row(open, [], |row| row.get::<_, bool>(0))?)).await? {
            return Ok(None);
        }
        self.write(move |db| {
            let mut at_work = 0;
            for (id, holder) in in_work(db)? {
                match holder.is_some_and(|holder| holder == owner || roll.lives(&holder)) {
                    true => at_work += 1,
                    false => requeue_or_fail(db, &id)?,
                }
            }
            if at_work >= at_once {
                return Ok(None);
            }
            let oldest = "SELECT id FROM renders WHERE status = 'pending' ORDER BY created_at, rowid LIMIT 1";
            let Some(id) = db.query_row(oldest, [], |row| row.get::<_, String>(0)).optional()? else {
                return Ok(None);
            };
            let sql =
                "UPDATE renders SET status = 'processing', progress = 0, owner = ?, attempts = attempts + 1
                       WHERE id = ?";
            db.execute(sql, params![owner, id])?;
            find(db, &id)
        })
        .await
    }

    /// Writes down how far a render is. Returns whether it is still `owner`'s to do.
    pub(crate) async fn render_progress(
        &self,
        id: &str,
        owner: &str,
        percent: u8,
    ) -> Result<bool, StoreError> {
        let (id, owner) = (id.to_owned(), owner.to_owned());
        self.write(move |db| {
            let sql = "UPDATE renders SET progress = ? WHERE id = ? AND owner = ? AND status = 'processing'";
            Ok(db.execute(sql, params![percent, id, owner])? == 1)
        })
        .await
    }

    /// Writes down how a render ended. Returns whether it was still `owner`'s: a cancelled
    /// one stays cancelled.
    pub(crate) async fn end_render(
        &self,
        id: &str,
        owner: &str,
        end: RenderEnd,
        now_ms: u64,
    ) -> Result<bool, StoreError> {
        let (id, owner) = (id.to_owned(), owner.to_owned());
        self.write(move |db| {
            let (status, file, seconds, bytes, error) = match end {
                RenderEnd::Done { file, seconds, bytes } => {
                    ("completed", Some(file), Some(seconds), Some(stamp(bytes)), None)
                }
                RenderEnd::Failed { error } => ("failed", None, None, None, Some(error)),
                RenderEnd::GivenBack => {
                    let sql = "UPDATE renders SET status = 'pending', owner = NULL, attempts = attempts - 1
                               WHERE id = ? AND owner = ? AND status = 'processing'";
                    return Ok(db.execute(sql, params![id, owner])? == 1);
                }
            };
            let progress = if status == "completed" { 100 } else { 0 };
            let sql = "UPDATE renders SET status = ?, progress = MAX(progress, ?), file = ?, seconds = ?,
                       bytes = ?, error = ?, finished_at = ?
                       WHERE id = ? AND owner = ? AND status = 'processing'";
            let values = params![status, progress, file, seconds, bytes, error, stamp(now_ms), id, owner];
            Ok(db.execute(sql, values)? == 1)
        })
        .await
    }

    /// Calls a render off. One that has ended stays as it is.
    pub(crate) async fn cancel_render(&self, id: &str, now_ms: u64) -> Result<(), StoreError> {
        let id = id.to_owned();
        self.write(move |db| {
            let sql = "UPDATE renders SET status = 'canceled', finished_at = ?
                       WHERE id = ? AND status IN ('pending', 'processing')";
            db.execute(sql, params![stamp(now_ms), id])?;
            Ok(())
        })
        .await
    }

    /// Lets a render fail, for that reason, however far it is.
    pub(crate) async fn fail_render(&self, id: &str, reason: &str, now_ms: u64) -> Result<(), StoreError> {
        let (id, reason) = (id.to_owned(), reason.to_owned());
        self.write(move |db| {
            let sql =
                "UPDATE renders SET status = 'failed', error = ?, finished_at = ?, file = NULL WHERE id = ?";
            db.execute(sql, params![reason, stamp(now_ms), id])?;
            Ok(())
        })
        .await
    }
}

fn find(db: &Connection, id: &str) -> Result<Option<Render>, StoreError> {
    let sql = "SELECT id, key, user_id, draft, output, status, progress, file, seconds, bytes, error
               FROM renders WHERE id = ?";
    let found = db.query_row(sql, [id], |row| Ok((row_of(row)?, row.get::<_, String>(5)?))).optional()?;
    let Some((render, word)) = found else { return Ok(None) };
    Ok(Some(Render { status: status_of(word)?, ..render }))
}

pub(super) fn status_of(word: String) -> Result<RenderStatus, StoreError> {
    let status = RenderStatus::ALL.into_iter().find(|status| status.word() == word);
    status.ok_or(StoreError::Damaged { what: "status", reason: word })
}

fn row_of(row: &Row<'_>) -> rusqlite::Result<Render> {
    Ok(Render {
        id: row.get(0)?,
        key: row.get(1)?,
        user_id: row.get(2)?,
        draft: row.get(3)?,
        output: row.get(4)?,
        status: RenderStatus::Pending,
        progress: row.get(6)?,
        file: row.get(7)?,
        seconds: row.get(8)?,
        bytes: row.get::<_, Option<i64>>(9)?.map(unstamp),
        error: row.get(10)?,
    })
}

fn in_work(db: &Connection) -> Result<Vec<(String, Option<String>)>, StoreError> {
    let mut statement = db.prepare_cached("SELECT id, owner FROM renders WHERE status = 'processing'")?;
    let rows = statement.query_map([], |row| Ok((row.get(0)?, row.get(1)?)))?;
    Ok(rows.collect::<Result<_, _>>()?)
}

fn requeue_or_fail(db: &Transaction<'_>, id: &str) -> Result<(), StoreError> {
    let sql = "UPDATE renders SET owner = NULL,
               status = CASE WHEN attempts < ?2 THEN 'pending' ELSE 'failed' END,
               error = CASE WHEN attempts < ?2 THEN NULL ELSE 'the studio died ' || attempts || ' times over it' END
               WHERE id = ?1";
    db.execute(sql, params![id, ATTEMPTS_MAX])?;
    Ok(())
}
