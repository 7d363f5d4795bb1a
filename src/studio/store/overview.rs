//! What the studio's page shows: the projects that changed last, their renders, the credits.

use rusqlite::{Connection, params};

use super::renders::{RenderStatus, status_of};
use super::{Store, StoreError, unstamp};

/// All that the page shows.
#[derive(Clone, Debug)]
pub(crate) struct Overview {
    /// Those that changed last, the newest first.
    pub(crate) projects: Vec<Project>,
    /// All there are.
    pub(crate) sessions: u64,
    pub(crate) users: u64,
    /// Credits of all users together.
    pub(crate) available: f64,
    pub(crate) frozen: f64,
}

/// A session as the page shows it.
#[derive(Clone, Debug)]
pub(crate) struct Project {
    pub(crate) id: String,
    pub(crate) name: String,
    pub(crate) changed_ms: u64,
    pub(crate) draft: Option<String>,
    pub(crate) media: u64,
    /// A turn is at work.
    pub(crate) busy: bool,
    /// The newest first.
    pub(crate) renders: Vec<RenderLine>,
    pub(crate) renders_all: u64,
}

/// A render as the page shows it.
#[derive(Clone, Debug)]
pub(crate) struct RenderLine {
    pub(crate) id: String,
    pub(crate) status: RenderStatus,
    pub(crate) progress: u8,
    /// Where its file is, once there is one.
    pub(crate) link: Option<String>,
    pub(crate) seconds: Option<f64>,
    pub(crate) bytes: Option<u64>,
    pub(crate) error: Option<String>,
}

impl Store {
    /// Returns up to so many projects with up to so many renders each.
    pub(crate) async fn overview(&self, sessions: usize, renders: usize) -> Result<Overview, StoreError> {
        self.read(move |db| overview(db, sessions, renders)).await
    }
}

fn overview(db: &Connection, sessions_max: usize, renders_max: usize) -> Result<Overview, StoreError> {
    let count = |sql: &str| db.query_row(sql, [], |row| row.get::<_, i64>(0)).map(unstamp);
    let sql = "SELECT TOTAL(amount) FILTER (WHERE status = 'granted')
                      - TOTAL(amount) FILTER (WHERE status IN ('settled', 'frozen')),
                      TOTAL(amount) FILTER (WHERE status = 'frozen') FROM ledger";
    let (available, frozen) = db.query_row(sql, [], |row| Ok((row.get(0)?, row.get(1)?)))?;
    let mut projects = projects(db, sessions_max)?;
    for project in &mut projects {
        (project.renders, project.renders_all) = renders(db, &project.id, renders_max)?;
    }
    Ok(Overview {
        projects,
        sessions: count("SELECT COUNT(*) FROM sessions")?,
        users: count("SELECT COUNT(*) FROM users")?,
        available,
        frozen,
    })
}

fn projects(db: &Connection, max: usize) -> Result<Vec<Project>, StoreError> {
    let sql = "SELECT id, name, updated_at, draft,
                      (SELECT COUNT(*) FROM media WHERE session_id = sessions.id),
                      EXISTS (SELECT 1 FROM turns WHERE session_id = sessions.id AND status = 'running')
               FROM sessions ORDER BY updated_at DESC, number DESC LIMIT ?";
    let mut statement = db.prepare(sql)?;
    let rows = statement.query_map([max as i64], |row| {
        Ok(Project {
            id: row.get(0)?,
            name: row.get(1)?,
            changed_ms: unstamp(row.get(2)?),
            draft: row.get(3)?,
            media: unstamp(row.get(4)?),
            busy: row.get(5)?,
            renders: Vec::new(),
            renders_all: 0,
        })
    })?;
    Ok(rows.collect::<Result<_, _>>()?)
}

fn renders(db: &Connection, session: &str, max: usize) -> Result<(Vec<RenderLine>, u64), StoreError> {
    let sql = "SELECT id, status, progress, file, key, seconds, bytes, error, COUNT(*) OVER ()
               FROM renders WHERE session_id = ? ORDER BY created_at DESC, rowid DESC LIMIT ?";
    let mut statement = db.prepare_cached(sql)?;
    let mut rows = statement.query(params![session, max as i64])?;
    let (mut lines, mut all) = (Vec::new(), 0);
    while let Some(row) = rows.next()? {
        let (id, file, key): (String, Option<String>, String) = (row.get(0)?, row.get(3)?, row.get(4)?);
        let ending = file.as_deref().and_then(|file| file.rsplit('.').next()).map(str::to_owned);
        lines.push(RenderLine {
            link: ending.map(|ending| format!("/render-result/{id}.{ending}?key={key}")),
            status: status_of(row.get(1)?)?,
            progress: row.get(2)?,
            seconds: row.get(5)?,
            bytes: row.get::<_, Option<i64>>(6)?.map(unstamp),
            error: row.get(7)?,
            id,
        });
        all = unstamp(row.get(8)?);
    }
    Ok((lines, all))
}
