-- From format 3 to format 4 (Headwater 0.2). What stands here stands in schema.sql as well, in the same words: a test
-- compares a migrated file with a new one.

-- The sealed segments of main, and where their events are.
CREATE TABLE segments (
  number    INTEGER PRIMARY KEY,
  first     INTEGER NOT NULL,
  last      INTEGER NOT NULL,
  hash      TEXT    NOT NULL,
  sealed_at INTEGER NOT NULL,
  state     TEXT    NOT NULL DEFAULT 'attached',
  file      TEXT
);
