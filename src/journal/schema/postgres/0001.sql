-- Runs, their logs, and batches, as in SQLite; and who goes on with a run, by the clock of
-- this database alone. Lives in a schema of its own, `reel`.
CREATE TABLE reel.runs (
    id           TEXT COLLATE "C" PRIMARY KEY,
    made         BIGINT GENERATED ALWAYS AS IDENTITY,
    created_ms   BIGINT NOT NULL,
    title        TEXT NOT NULL,
    source       TEXT,
    setup        TEXT NOT NULL,
    epoch        BIGINT NOT NULL DEFAULT 0,
    -- The number of its entries: an append names the one that it saw.
    entries      BIGINT NOT NULL DEFAULT 0,
    ended_ms     BIGINT,
    state        TEXT NOT NULL DEFAULT 'running',
    words        TEXT NOT NULL DEFAULT '',
    exit_code    SMALLINT,
    batch        TEXT COLLATE "C",
    row_key      TEXT COLLATE "C",
    row_print    TEXT COLLATE "C",
    credits      DOUBLE PRECISION NOT NULL DEFAULT 0,
    -- The lease: nobody's when it is null or over.
    leased_until TIMESTAMPTZ,
    leased_host  TEXT,
    leased_pid   BIGINT,
    -- The advisory lock that the process holds as long as it lives.
    leased_key   BIGINT,
    -- Another number for each lease.
    leased_as    BIGINT
);

CREATE INDEX runs_by_age ON reel.runs (created_ms, made) WHERE batch IS NULL;
CREATE UNIQUE INDEX runs_of_rows ON reel.runs (batch, row_key, row_print) WHERE batch IS NOT NULL;

-- The log of a run: entries are only added, numbered from 0 without a gap.
CREATE TABLE reel.entries (
    run          TEXT COLLATE "C" NOT NULL REFERENCES reel.runs (id) ON DELETE CASCADE,
    n            BIGINT NOT NULL,
    at_ms        BIGINT NOT NULL,
    epoch        BIGINT NOT NULL,
    entry        TEXT NOT NULL,
    -- The start of the SHA-256 of the number and the entry: a page that rotted is noticed.
    seal         BYTEA NOT NULL,
    PRIMARY KEY (run, n)
);

-- Holders that lost their lease by its time and were not seen to end: until then they may
-- still do what they had written that they would do.
CREATE TABLE reel.shadows (
    run          TEXT COLLATE "C" NOT NULL REFERENCES reel.runs (id) ON DELETE CASCADE,
    epoch        BIGINT NOT NULL,
    leased_key   BIGINT NOT NULL,
    PRIMARY KEY (run, epoch)
);

-- A script over the rows of a table.
CREATE TABLE reel.batches (
    id           TEXT COLLATE "C" PRIMARY KEY,
    made         BIGINT GENERATED ALWAYS AS IDENTITY,
    created_ms   BIGINT NOT NULL,
    title        TEXT NOT NULL,
    mark         TEXT COLLATE "C" NOT NULL,
    source       TEXT NOT NULL,
    setup        TEXT NOT NULL
);

CREATE INDEX batches_by_mark ON reel.batches (mark, created_ms);

-- The rows as the table had them last, numbered from 1.
CREATE TABLE reel.rows (
    batch        TEXT COLLATE "C" NOT NULL REFERENCES reel.batches (id) ON DELETE CASCADE,
    number       BIGINT NOT NULL,
    key          TEXT COLLATE "C" NOT NULL,
    print        TEXT COLLATE "C" NOT NULL,
    name         TEXT NOT NULL,
    params       TEXT NOT NULL,
    PRIMARY KEY (batch, number)
);
