-- A script over the rows of a table.
CREATE TABLE batches (
    id          TEXT PRIMARY KEY NOT NULL,
    created_ms  INTEGER NOT NULL,
    title       TEXT NOT NULL,
    -- The same command gives the same mark: it finds its batch again.
    mark        TEXT NOT NULL,
    source      TEXT NOT NULL,
    setup       TEXT NOT NULL
) STRICT;

CREATE INDEX batches_by_mark ON batches (mark, created_ms);

-- The rows as the table had them last, numbered from 1.
CREATE TABLE rows (
    batch       TEXT NOT NULL REFERENCES batches (id) ON DELETE CASCADE,
    number      INTEGER NOT NULL,
    key         TEXT NOT NULL,
    -- Changes with the params: such a row is another one.
    print       TEXT NOT NULL,
    name        TEXT NOT NULL,
    params      TEXT NOT NULL,
    PRIMARY KEY (batch, number)
) STRICT, WITHOUT ROWID;

-- The run of a row; none of these for a run that stands alone.
ALTER TABLE runs ADD COLUMN batch TEXT;
ALTER TABLE runs ADD COLUMN row_key TEXT;
ALTER TABLE runs ADD COLUMN row_print TEXT;
-- What its finished turns took, known at its end.
ALTER TABLE runs ADD COLUMN credits REAL NOT NULL DEFAULT 0;

CREATE UNIQUE INDEX runs_of_rows ON runs (batch, row_key, row_print) WHERE batch IS NOT NULL;
