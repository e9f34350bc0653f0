-- From format 2 to format 3 (Headwater 0.2). What stands here stands in schema.sql as well, in the same words: a test
-- compares a migrated file with a new one.

-- What was asked of the outside, and what it answered. A sequence is never given twice: the command log names it.
CREATE TABLE external_calls (
  sequence      INTEGER PRIMARY KEY AUTOINCREMENT,
  branch        INTEGER NOT NULL,
  tenant        TEXT    NOT NULL,
  caller_id     TEXT    NOT NULL,
  caller_kind   TEXT    NOT NULL,
  caller_name   TEXT    NOT NULL,
  caller_series TEXT    NOT NULL,
  external      TEXT    NOT NULL,
  hash          TEXT    NOT NULL,
  number        INTEGER NOT NULL,
  request               NOT NULL,
  status        TEXT    NOT NULL,
  answer,
  error         TEXT,
  attempts      INTEGER NOT NULL,
  intended_at   INTEGER NOT NULL,
  settled_at    INTEGER
);

CREATE UNIQUE INDEX external_calls_by_key
  ON external_calls (branch, tenant, caller_id, caller_kind, caller_name, caller_series, external, hash, number);
CREATE INDEX external_calls_by_external ON external_calls (branch, external, sequence);
-- The last answer to a request at a time.
CREATE INDEX external_calls_by_request ON external_calls (branch, tenant, external, hash, settled_at) WHERE status = 'answered';

-- Branches: what the log would be like. The tail of one goes on after `base` of its parent (0: main); what was decided up
-- to `base_sequence` belongs to its past. A row that has `dropped_at` is nobody's: what it left is being deleted.
CREATE TABLE branches (
  id               INTEGER PRIMARY KEY,
  tenant           TEXT    NOT NULL,
  name             TEXT    NOT NULL,
  parent           INTEGER NOT NULL,
  base             INTEGER NOT NULL,
  base_recorded_at INTEGER,
  base_sequence    INTEGER NOT NULL,
  clock            INTEGER NOT NULL,
  actor            TEXT,
  created_at       INTEGER NOT NULL,
  dropped_at       INTEGER
);

CREATE UNIQUE INDEX branches_by_name ON branches (tenant, name) WHERE dropped_at IS NULL;
CREATE INDEX branches_by_parent ON branches (parent) WHERE dropped_at IS NULL;
CREATE INDEX branches_dropped ON branches (id) WHERE dropped_at IS NOT NULL;

ALTER TABLE log ADD COLUMN last_branch INTEGER NOT NULL DEFAULT 0;
