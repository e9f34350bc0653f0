-- Format 3. What changes here changes in migrations/ too. Everything is keyed by branch and tenant from the first day, so that no recorded history has to move later.

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

CREATE TABLE leases (
  name       TEXT PRIMARY KEY,
  owner      TEXT    NOT NULL,
  token      INTEGER NOT NULL,
  expires_at INTEGER NOT NULL
) WITHOUT ROWID;

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

-- One row. The last version that a document was given, of all documents, and the last id of a branch: none is given twice.
CREATE TABLE log (
  epoch        TEXT    NOT NULL,
  format       INTEGER NOT NULL,
  last_version INTEGER NOT NULL,
  last_branch  INTEGER NOT NULL DEFAULT 0
);
