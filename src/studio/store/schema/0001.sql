-- Times are milliseconds since 1970-01-01 UTC. Never change this file: add the next one.

CREATE TABLE users (
    id         TEXT PRIMARY KEY,
    client_id  TEXT UNIQUE,             -- none for the user of a configured token
    created_at INTEGER NOT NULL
) STRICT;

CREATE TABLE tokens (
    token      TEXT PRIMARY KEY,
    user_id    TEXT NOT NULL REFERENCES users (id),
    address    TEXT NOT NULL,           -- who asked for it, for the limit by address
    issued_at  INTEGER NOT NULL,
    expires_at INTEGER NOT NULL
) STRICT;
CREATE INDEX tokens_by_user ON tokens (user_id, expires_at);
CREATE INDEX tokens_by_address ON tokens (address, issued_at);

CREATE TABLE sessions (
    number     INTEGER PRIMARY KEY,     -- in order of creation: what varies is seeded by it
    id         TEXT NOT NULL UNIQUE,
    task_id    TEXT NOT NULL UNIQUE,
    user_id    TEXT NOT NULL REFERENCES users (id),
    name       TEXT NOT NULL,
    language   TEXT,
    draft      TEXT,
    canvas     TEXT,                    -- [width, height]
    generated  TEXT NOT NULL DEFAULT '[]',
    created_at INTEGER NOT NULL,
    updated_at INTEGER NOT NULL
) STRICT;

CREATE TABLE history (                  -- what a session held before a turn changed it
    session_id TEXT NOT NULL REFERENCES sessions (id),
    turn       INTEGER NOT NULL,
    draft      TEXT,
    canvas     TEXT,
    generated  TEXT NOT NULL,
    PRIMARY KEY (session_id, turn)
) STRICT, WITHOUT ROWID;

CREATE TABLE media (
    session_id  TEXT NOT NULL REFERENCES sessions (id),
    hash        TEXT NOT NULL,          -- SHA-256 of the content, in hex
    name        TEXT NOT NULL,
    kind        TEXT NOT NULL,
    duration_ms INTEGER,
    width       INTEGER,
    height      INTEGER,
    bytes       INTEGER NOT NULL,
    added_at    INTEGER NOT NULL,
    UNIQUE (session_id, hash, name)
) STRICT;

CREATE TABLE turns (
    id         INTEGER PRIMARY KEY,
    session_id TEXT NOT NULL REFERENCES sessions (id),
    number     INTEGER NOT NULL,        -- from 1 in each session
    words      TEXT NOT NULL,
    status     TEXT NOT NULL,           -- running, done, failed
    owner      TEXT NOT NULL,
    started_at INTEGER NOT NULL,
    ended_at   INTEGER,
    UNIQUE (session_id, number)
) STRICT;
CREATE INDEX turns_running ON turns (session_id) WHERE status = 'running';

CREATE TABLE ledger (
    id      INTEGER PRIMARY KEY,
    user_id TEXT NOT NULL REFERENCES users (id),
    turn_id INTEGER REFERENCES turns (id),
    reason  TEXT NOT NULL,              -- grant, generation, edit
    amount  REAL NOT NULL,
    status  TEXT NOT NULL,              -- granted, frozen, settled, released
    at      INTEGER NOT NULL
) STRICT;
CREATE INDEX ledger_by_user ON ledger (user_id);
CREATE INDEX ledger_by_turn ON ledger (turn_id);

CREATE TABLE claims (
    token      TEXT PRIMARY KEY,
    session_id TEXT NOT NULL REFERENCES sessions (id),
    expires_at INTEGER NOT NULL
) STRICT;

CREATE TABLE renders (
    id          TEXT PRIMARY KEY,       -- chosen by the client
    key         TEXT NOT NULL,          -- makes the link to its file hard to guess
    user_id     TEXT NOT NULL REFERENCES users (id),
    session_id  TEXT NOT NULL REFERENCES sessions (id),
    draft       TEXT NOT NULL,
    output      TEXT NOT NULL,
    status      TEXT NOT NULL,          -- pending, processing, completed, failed, canceled
    progress    INTEGER NOT NULL DEFAULT 0,
    owner       TEXT,                   -- the studio that works on it
    attempts    INTEGER NOT NULL DEFAULT 0,
    file        TEXT,                   -- name below renders/
    seconds     REAL,
    bytes       INTEGER,
    error       TEXT,
    created_at  INTEGER NOT NULL,
    finished_at INTEGER
) STRICT;
CREATE INDEX renders_open ON renders (status, created_at) WHERE status IN ('pending', 'processing');
