-- One row a run: what it is made of, who goes on with it, how it ended.
CREATE TABLE runs (
    id          TEXT PRIMARY KEY NOT NULL,
    created_ms  INTEGER NOT NULL,
    title       TEXT NOT NULL,
    source      TEXT,
    setup       TEXT NOT NULL,
    epoch       INTEGER NOT NULL DEFAULT 0,
    ended_ms    INTEGER,
    state       TEXT NOT NULL DEFAULT 'running',
    words       TEXT NOT NULL DEFAULT '',
    exit_code   INTEGER
) STRICT;

CREATE INDEX runs_by_age ON runs (created_ms);

-- The log of a run: entries are only added, numbered from 0 without a gap.
CREATE TABLE entries (
    run         TEXT NOT NULL REFERENCES runs (id) ON DELETE CASCADE,
    n           INTEGER NOT NULL,
    at_ms       INTEGER NOT NULL,
    epoch       INTEGER NOT NULL,
    entry       TEXT NOT NULL,
    -- The start of the SHA-256 of the number and the entry: a page that rotted is noticed.
    seal        BLOB NOT NULL,
    PRIMARY KEY (run, n)
) STRICT, WITHOUT ROWID;
