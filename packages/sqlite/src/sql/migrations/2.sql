-- From format 1 (Headwater 0.1) to format 2 (Headwater 0.2). What stands here stands in schema.sql as well, in the same
-- words: a test compares a migrated file with a new one.

-- Steps that were taken with the tables of users, by whose tables they are.
CREATE TABLE user_steps (
  owner    TEXT    NOT NULL,
  name     TEXT    NOT NULL,
  checksum TEXT    NOT NULL,
  taken_at INTEGER NOT NULL,
  PRIMARY KEY (owner, name)
) WITHOUT ROWID;

-- The state of a stream at a revision, one for each stream. Nothing depends on it: it saves folding.
CREATE TABLE snapshots (
  branch   INTEGER NOT NULL,
  tenant   TEXT    NOT NULL,
  stream   TEXT    NOT NULL,
  revision INTEGER NOT NULL,
  hash     TEXT    NOT NULL,
  epoch    TEXT    NOT NULL,
  event_id TEXT    NOT NULL,
  taken_at INTEGER NOT NULL,
  state            NOT NULL
);

CREATE UNIQUE INDEX snapshots_by_stream ON snapshots (branch, tenant, stream);

-- The snapshot of a memory image: which generations of parts it is made of, as JSON, and where it stands.
CREATE TABLE images (
  image       TEXT    NOT NULL,
  branch      INTEGER NOT NULL,
  hash        TEXT    NOT NULL,
  epoch       TEXT    NOT NULL,
  position    INTEGER NOT NULL,
  event_id    TEXT    NOT NULL,
  generations TEXT    NOT NULL,
  taken_at    INTEGER NOT NULL,
  PRIMARY KEY (image, branch)
) WITHOUT ROWID;

CREATE TABLE image_parts (
  image      TEXT    NOT NULL,
  branch     INTEGER NOT NULL,
  generation TEXT    NOT NULL,
  number     INTEGER NOT NULL,
  tenant     TEXT    NOT NULL,
  table_name TEXT    NOT NULL,
  data               NOT NULL
);

CREATE UNIQUE INDEX image_parts_by_number ON image_parts (image, branch, generation, number);

-- The versions of each view's documents. A collection without a row here is nobody's.
CREATE TABLE view_versions (
  branch       INTEGER NOT NULL,
  view         TEXT    NOT NULL,
  version      INTEGER NOT NULL,
  state        TEXT    NOT NULL,
  collection   TEXT    NOT NULL,
  processor    TEXT    NOT NULL,
  lifecycle    TEXT    NOT NULL,
  code         TEXT    NOT NULL,
  types        TEXT    NOT NULL,
  options      TEXT    NOT NULL,
  made_by      TEXT    NOT NULL,
  made_at      INTEGER NOT NULL,
  changed_at   INTEGER NOT NULL,
  reason       TEXT,
  fenced_until INTEGER,
  PRIMARY KEY (branch, view, version)
) WITHOUT ROWID;

-- Rises with every change of the versions of a branch; an append says for which one it was prepared.
CREATE TABLE view_generations (
  branch     INTEGER PRIMARY KEY,
  generation INTEGER NOT NULL
);

-- What format 1 knew of a view was its only collection. Which code made its documents is not known.
INSERT INTO view_versions
SELECT 0, substr(name, 1, length(name) - 2), 1, 'current', name, substr(name, 1, length(name) - 2),
  CASE WHEN EXISTS (SELECT 1 FROM checkpoints WHERE processor = substr(name, 1, length(name) - 2)) THEN 'async' ELSE 'inline' END,
  '', '[]', '{}', '', 0, 0, NULL, NULL
FROM collections
WHERE name LIKE '%@1';

-- Where each partition of a processor stands: a range of slots, to which keys are hashed. `ahead` holds slots that are
-- further on, as JSON, after a merge.
CREATE TABLE partitions (
  processor  TEXT    NOT NULL,
  branch     INTEGER NOT NULL,
  first      INTEGER NOT NULL,
  last       INTEGER NOT NULL,
  generation INTEGER NOT NULL,
  epoch      TEXT    NOT NULL,
  position   INTEGER NOT NULL,
  event_id   TEXT,
  ahead      TEXT,
  PRIMARY KEY (processor, branch, first)
) WITHOUT ROWID;

-- By slot, so that the parked events of a partition stand together and need not move when it is split or merged.
CREATE TABLE parked_events (
  processor    TEXT    NOT NULL,
  branch       INTEGER NOT NULL,
  slot         INTEGER NOT NULL,
  tenant       TEXT    NOT NULL,
  sequence     TEXT    NOT NULL,
  position     INTEGER NOT NULL,
  attempts     INTEGER NOT NULL,
  error        TEXT,
  parked_at    INTEGER NOT NULL,
  edits        INTEGER NOT NULL DEFAULT 0,
  edit_data,
  edit_version INTEGER,
  edit_actor   TEXT,
  edit_why     TEXT,
  edited_at    INTEGER,
  PRIMARY KEY (processor, branch, slot, tenant, sequence, position)
) WITHOUT ROWID;

CREATE INDEX parked_events_by_position ON parked_events (processor, branch, position);

-- Parked sequences that an operator wants to be tried again.
CREATE TABLE asked_sequences (
  number    INTEGER PRIMARY KEY,
  processor TEXT    NOT NULL,
  branch    INTEGER NOT NULL,
  slot      INTEGER NOT NULL,
  tenant    TEXT    NOT NULL,
  sequence  TEXT    NOT NULL
);

CREATE UNIQUE INDEX asked_sequences_by_sequence ON asked_sequences (processor, branch, slot, tenant, sequence);

-- What processing made of events, where the checkpoint doesn't tell.
CREATE TABLE results (
  branch    INTEGER NOT NULL,
  position  INTEGER NOT NULL,
  processor TEXT    NOT NULL,
  tenant    TEXT    NOT NULL,
  sequence  TEXT    NOT NULL,
  status    TEXT    NOT NULL,
  attempts  INTEGER NOT NULL,
  result,
  error     TEXT,
  owner     TEXT    NOT NULL,
  at        INTEGER NOT NULL,
  actor     TEXT,
  why       TEXT,
  job       TEXT,
  PRIMARY KEY (branch, position, processor, tenant, sequence)
) WITHOUT ROWID;

CREATE INDEX results_by_processor ON results (processor, branch, position);

-- What is said about processors: it counts on with everything that an operator does.
CREATE TABLE controls (
  processor  TEXT    NOT NULL,
  branch     INTEGER NOT NULL,
  changes    INTEGER NOT NULL,
  declared   INTEGER,
  paused_at  INTEGER,
  paused_by  TEXT,
  paused_why TEXT,
  PRIMARY KEY (processor, branch)
) WITHOUT ROWID;

-- What operators did.
CREATE TABLE acts (
  sequence  INTEGER PRIMARY KEY,
  processor TEXT    NOT NULL,
  branch    INTEGER NOT NULL,
  kind      TEXT    NOT NULL,
  actor     TEXT,
  why       TEXT,
  at        INTEGER NOT NULL,
  details   TEXT    NOT NULL
);

CREATE INDEX acts_by_processor ON acts (processor, branch, sequence);

-- Jobs that handle old events once more.
CREATE TABLE reprocessing (
  number        INTEGER PRIMARY KEY,
  id            TEXT    NOT NULL,
  branch        INTEGER NOT NULL,
  processor     TEXT    NOT NULL,
  from_position INTEGER NOT NULL,
  to_position   INTEGER NOT NULL,
  state         TEXT    NOT NULL,
  actor         TEXT,
  why           TEXT,
  asked_at      INTEGER NOT NULL,
  reached       INTEGER,
  ended_at      INTEGER
);

CREATE UNIQUE INDEX reprocessing_by_id ON reprocessing (branch, id);

INSERT INTO partitions (processor, branch, first, last, generation, epoch, position, event_id)
SELECT processor, branch, 0, 65535, 1, epoch, position, event_id FROM checkpoints;

DROP TABLE checkpoints;

-- slot_of is a function of ours: what SQL has can't hash.
INSERT INTO parked_events (processor, branch, slot, tenant, sequence, position, attempts, error, parked_at)
SELECT processor, branch, slot_of(tenant, sequence), tenant, sequence, position, attempts, error, parked_at FROM parked;

DROP TABLE parked;
