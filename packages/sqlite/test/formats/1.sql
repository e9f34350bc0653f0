-- Format 1. Everything is keyed by branch and tenant from the first day, so that no recorded history has to move later.

-- An event's id is `<command_id>.<ordinal>`: unique without an index of its own.
-- Null for correlation and causation says: the command's id. An empty causation says: nothing.
CREATE TABLE events (
  branch         INTEGER NOT NULL,
  position       INTEGER NOT NULL,
  tenant         TEXT    NOT NULL,
  stream         TEXT    NOT NULL,
  revision       INTEGER NOT NULL,
  type           TEXT    NOT NULL,
  version        INTEGER NOT NULL,
  command_id     TEXT    NOT NULL,
  ordinal        INTEGER NOT NULL,
  recorded_at    INTEGER NOT NULL,
  occurred_at    INTEGER NOT NULL,
  actor          TEXT,
  correlation_id TEXT,
  causation_id   TEXT,
  data                   NOT NULL,
  PRIMARY KEY (branch, position)
) WITHOUT ROWID;

CREATE UNIQUE INDEX events_by_stream ON events (branch, tenant, stream, revision);

-- One row for each tag of an event; the position comes before the type so that a condition starts after what was read.
CREATE TABLE tags (
  branch   INTEGER NOT NULL,
  tenant   TEXT    NOT NULL,
  tag      TEXT    NOT NULL,
  position INTEGER NOT NULL,
  type     TEXT    NOT NULL,
  PRIMARY KEY (branch, tenant, tag, position)
) WITHOUT ROWID;

-- Which ranges of 1,024 positions hold events of a type: an index of types at next to no cost.
CREATE TABLE type_ranges (
  branch INTEGER NOT NULL,
  type   TEXT    NOT NULL,
  range  INTEGER NOT NULL,
  PRIMARY KEY (branch, type, range)
) WITHOUT ROWID;

-- The intent trail: what was asked, what it read, what came of it.
CREATE TABLE commands (
  sequence       INTEGER PRIMARY KEY,
  branch         INTEGER NOT NULL,
  tenant         TEXT    NOT NULL,
  id             TEXT    NOT NULL,
  type           TEXT    NOT NULL,
  payload                NOT NULL,
  actor          TEXT,
  correlation_id TEXT,
  causation_id   TEXT,
  decided_at     INTEGER NOT NULL,
  status         TEXT    NOT NULL,
  reason,
  reads          TEXT    NOT NULL,
  position       INTEGER,
  events         INTEGER NOT NULL
);

CREATE UNIQUE INDEX commands_by_id ON commands (branch, tenant, id);
-- Most commands begin a correlation of their own: they cost these indexes nothing.
CREATE INDEX commands_by_correlation ON commands (branch, tenant, correlation_id) WHERE correlation_id IS NOT NULL;
CREATE INDEX commands_by_causation ON commands (branch, tenant, causation_id) WHERE causation_id IS NOT NULL;

-- Where the documents of each collection are; each has a table of its own.
CREATE TABLE collections (
  name       TEXT PRIMARY KEY,
  table_name TEXT NOT NULL UNIQUE
) WITHOUT ROWID;

CREATE TABLE checkpoints (
  processor TEXT    NOT NULL,
  branch    INTEGER NOT NULL,
  epoch     TEXT    NOT NULL,
  position  INTEGER NOT NULL,
  event_id  TEXT,
  PRIMARY KEY (processor, branch)
) WITHOUT ROWID;

CREATE TABLE parked (
  processor TEXT    NOT NULL,
  branch    INTEGER NOT NULL,
  tenant    TEXT    NOT NULL,
  sequence  TEXT    NOT NULL,
  position  INTEGER NOT NULL,
  attempts  INTEGER NOT NULL,
  error     TEXT,
  parked_at INTEGER NOT NULL,
  PRIMARY KEY (processor, branch, tenant, sequence, position)
) WITHOUT ROWID;

CREATE TABLE leases (
  name       TEXT PRIMARY KEY,
  owner      TEXT    NOT NULL,
  token      INTEGER NOT NULL,
  expires_at INTEGER NOT NULL
) WITHOUT ROWID;

-- One row. The last version that a document was given, of all documents: none is given twice.
CREATE TABLE log (
  epoch        TEXT    NOT NULL,
  format       INTEGER NOT NULL,
  last_version INTEGER NOT NULL
);
