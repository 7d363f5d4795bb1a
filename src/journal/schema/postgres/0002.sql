-- When a person gave a batch up: workers begin no row of it.
ALTER TABLE reel.batches ADD COLUMN cancelled_ms BIGINT;
