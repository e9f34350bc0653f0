-- Everything is keyed by branch and tenant from the first day, so that no recorded history has to move later. Text is
-- compared by its bytes (COLLATE "C"). What is encoded is text or, where PostgreSQL could not hold it as text, bytes.

-- An event's id is `<command_id>.<ordinal>`: unique without an index of its own.
-- Null for correlation and causation says: the command's id. An empty causation says: nothing.
CREATE TABLE events (
  branch integer NOT NULL,
  position bigint NOT NULL,
  tenant text COLLATE "C"    NOT NULL,
  stream text COLLATE "C"    NOT NULL,
  revision bigint NOT NULL,
  type text COLLATE "C"    NOT NULL,
  version integer NOT NULL,
  command_id text COLLATE "C"    NOT NULL,
  ordinal integer NOT NULL,
  recorded_at bigint NOT NULL,
  occurred_at bigint NOT NULL,
  actor text COLLATE "C",
  correlation_id text COLLATE "C",
  causation_id text COLLATE "C",
  data text COLLATE "C",
  data_bytes bytea,
  PRIMARY KEY (branch, position)
);

CREATE UNIQUE INDEX events_by_stream ON events (branch, tenant, stream, revision);

-- One row for each tag of an event; the position comes before the type so that a condition starts after what was read.
CREATE TABLE tags (
  branch integer NOT NULL,
  tenant text COLLATE "C"    NOT NULL,
  tag text COLLATE "C"    NOT NULL,
  position bigint NOT NULL,
  type text COLLATE "C"    NOT NULL,
  PRIMARY KEY (branch, tenant, tag, position)
);

-- Which ranges of 1,024 positions hold events of a type: an index of types at next to no cost.
CREATE TABLE type_ranges (
  branch integer NOT NULL,
  type text COLLATE "C"    NOT NULL,
  range bigint NOT NULL,
  PRIMARY KEY (branch, type, range)
);

-- The intent trail: what was asked, what it read, what came of it.
CREATE TABLE commands (
  sequence bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  branch integer NOT NULL,
  tenant text COLLATE "C"    NOT NULL,
  id text COLLATE "C"    NOT NULL,
  type text COLLATE "C"    NOT NULL,
  payload text COLLATE "C",
  payload_bytes bytea,
  actor text COLLATE "C",
  correlation_id text COLLATE "C",
  causation_id text COLLATE "C",
  decided_at bigint NOT NULL,
  status text COLLATE "C"    NOT NULL,
  reason text COLLATE "C",
  reason_bytes bytea,
  reads text COLLATE "C"    NOT NULL,
  position bigint,
  events integer NOT NULL
);

CREATE UNIQUE INDEX commands_by_id ON commands (branch, tenant, id);
-- Most commands begin a correlation of their own: they cost these indexes nothing.
CREATE INDEX commands_by_correlation ON commands (branch, tenant, correlation_id) WHERE correlation_id IS NOT NULL;
CREATE INDEX commands_by_causation ON commands (branch, tenant, causation_id) WHERE causation_id IS NOT NULL;

-- The versions of each view's documents. A collection without a row here is nobody's.
CREATE TABLE view_versions (
  branch integer NOT NULL,
  view text COLLATE "C"    NOT NULL,
  version integer NOT NULL,
  state text COLLATE "C"    NOT NULL,
  collection text COLLATE "C"    NOT NULL,
  processor text COLLATE "C"    NOT NULL,
  lifecycle text COLLATE "C"    NOT NULL,
  code text COLLATE "C"    NOT NULL,
  types text COLLATE "C"    NOT NULL,
  options text COLLATE "C"    NOT NULL,
  made_by text COLLATE "C"    NOT NULL,
  made_at bigint NOT NULL,
  changed_at bigint NOT NULL,
  reason text COLLATE "C",
  fenced_until bigint,
  PRIMARY KEY (branch, view, version)
);

-- Rises with every change of the versions of a branch; an append says for which one it was prepared.
CREATE TABLE view_generations (
  branch integer PRIMARY KEY,
  generation bigint NOT NULL
);

-- Where each partition of a processor stands: a range of slots, to which keys are hashed. `ahead` holds slots that are
-- further on, as JSON, after a merge.
CREATE TABLE partitions (
  processor text COLLATE "C"    NOT NULL,
  branch integer NOT NULL,
  first integer NOT NULL,
  last integer NOT NULL,
  generation bigint NOT NULL,
  epoch text COLLATE "C"    NOT NULL,
  position bigint NOT NULL,
  event_id text COLLATE "C",
  ahead text COLLATE "C",
  PRIMARY KEY (processor, branch, first)
);

-- By slot, so that the parked events of a partition stand together and need not move when it is split or merged.
CREATE TABLE parked_events (
  processor text COLLATE "C"    NOT NULL,
  branch integer NOT NULL,
  slot integer NOT NULL,
  tenant text COLLATE "C"    NOT NULL,
  sequence text COLLATE "C"    NOT NULL,
  position bigint NOT NULL,
  attempts integer NOT NULL,
  error text COLLATE "C",
  parked_at bigint NOT NULL,
  edits integer NOT NULL DEFAULT 0,
  edit_data text COLLATE "C",
  edit_data_bytes bytea,
  edit_version integer,
  edit_actor text COLLATE "C",
  edit_why text COLLATE "C",
  edited_at bigint,
  PRIMARY KEY (processor, branch, slot, tenant, sequence, position)
);

CREATE INDEX parked_events_by_position ON parked_events (processor, branch, position);

-- Parked sequences that an operator wants to be tried again.
CREATE TABLE asked_sequences (
  number bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  processor text COLLATE "C"    NOT NULL,
  branch integer NOT NULL,
  slot integer NOT NULL,
  tenant text COLLATE "C"    NOT NULL,
  sequence text COLLATE "C"    NOT NULL
);

CREATE UNIQUE INDEX asked_sequences_by_sequence ON asked_sequences (processor, branch, slot, tenant, sequence);

-- What processing made of events, where the checkpoint doesn't tell.
CREATE TABLE results (
  branch integer NOT NULL,
  position bigint NOT NULL,
  processor text COLLATE "C"    NOT NULL,
  tenant text COLLATE "C"    NOT NULL,
  sequence text COLLATE "C"    NOT NULL,
  status text COLLATE "C"    NOT NULL,
  attempts integer NOT NULL,
  result text COLLATE "C",
  result_bytes bytea,
  error text COLLATE "C",
  owner text COLLATE "C"    NOT NULL,
  at bigint NOT NULL,
  actor text COLLATE "C",
  why text COLLATE "C",
  job text COLLATE "C",
  PRIMARY KEY (branch, position, processor, tenant, sequence)
);

CREATE INDEX results_by_processor ON results (processor, branch, position);

-- What is said about processors: it counts on with everything that an operator does.
CREATE TABLE controls (
  processor text COLLATE "C"    NOT NULL,
  branch integer NOT NULL,
  changes bigint NOT NULL,
  declared integer,
  paused_at bigint,
  paused_by text COLLATE "C",
  paused_why text COLLATE "C",
  PRIMARY KEY (processor, branch)
);

-- What operators did.
CREATE TABLE acts (
  sequence bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  processor text COLLATE "C"    NOT NULL,
  branch integer NOT NULL,
  kind text COLLATE "C"    NOT NULL,
  actor text COLLATE "C",
  why text COLLATE "C",
  at bigint NOT NULL,
  details text COLLATE "C"    NOT NULL
);

CREATE INDEX acts_by_processor ON acts (processor, branch, sequence);

-- Jobs that handle old events once more.
CREATE TABLE reprocessing (
  number bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  id text COLLATE "C"    NOT NULL,
  branch integer NOT NULL,
  processor text COLLATE "C"    NOT NULL,
  from_position bigint NOT NULL,
  to_position bigint NOT NULL,
  state text COLLATE "C"    NOT NULL,
  actor text COLLATE "C",
  why text COLLATE "C",
  asked_at bigint NOT NULL,
  reached bigint,
  ended_at bigint
);

CREATE UNIQUE INDEX reprocessing_by_id ON reprocessing (branch, id);

-- `presence`: the advisory lock that a connection of the holder's has, as long as it is alive.
CREATE TABLE leases (
  name text COLLATE "C" PRIMARY KEY,
  owner text COLLATE "C"    NOT NULL,
  token bigint NOT NULL,
  expires_at bigint NOT NULL,
  presence bigint
);

-- A token is given once: it is higher than that of every holder before, of whatever lease.
CREATE SEQUENCE lease_tokens;

-- Errors of our own: `HW000`, with the stable code as the hint.

CREATE FUNCTION milliseconds_now() RETURNS bigint LANGUAGE sql VOLATILE
RETURN (extract(epoch FROM clock_timestamp()) * 1000)::bigint;

-- Whether the connection that has a lock for as long as it lives has ended. Null: of whoever it is nothing can be told.
CREATE FUNCTION is_gone(presence bigint) RETURNS boolean LANGUAGE sql VOLATILE
RETURN presence IS NOT NULL AND pg_try_advisory_xact_lock_shared(presence);

-- Keeps the lease from being taken by another until the transaction has ended.
CREATE FUNCTION require_lease(its_name text, its_owner text, its_token bigint) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
  PERFORM 1 FROM leases
  WHERE name = its_name AND owner = its_owner AND token = its_token AND expires_at > milliseconds_now()
  FOR SHARE;
  IF NOT FOUND THEN
    RAISE EXCEPTION USING ERRCODE = 'HW000', HINT = 'processor.fenced',
      MESSAGE = format('%s does not hold the lease %s any more', its_owner, its_name);
  END IF;
END $$;

-- Gives the position that the partition has then. Null: for `its_first`, the processor is not divided; for `its_epoch`, it
-- stays where it is.
CREATE FUNCTION commit_progress(
  its_processor text, its_branch integer, its_lease text, its_owner text, its_token bigint,
  its_first integer, its_last integer, its_generation bigint,
  its_epoch text, its_position bigint, its_event_id text
) RETURNS bigint LANGUAGE plpgsql AS $$
DECLARE
  reached bigint;
BEGIN
  PERFORM require_lease(its_lease, its_owner, its_token);
  IF NOT is_of_history(its_branch, its_epoch, its_position) THEN
    -- Who looks again finds the history as it is now.
    RAISE EXCEPTION USING ERRCODE = 'HW000', HINT = 'processor.fenced',
      MESSAGE = format('The history that %s goes along has ended before position %s', its_owner, its_position);
  END IF;
  IF its_epoch IS NULL THEN
    SELECT position INTO reached FROM partitions
    WHERE processor = its_processor AND branch = its_branch AND first = coalesce(its_first, 0)
      AND last = coalesce(its_last, 65535) AND generation = coalesce(its_generation, generation)
    FOR UPDATE;
    IF NOT FOUND AND its_first IS NULL
      AND NOT EXISTS (SELECT 1 FROM partitions WHERE processor = its_processor AND branch = its_branch) THEN
      reached := 0;
    END IF;
  ELSIF its_first IS NULL THEN
    INSERT INTO partitions (processor, branch, first, last, generation, epoch, position, event_id)
    VALUES (its_processor, its_branch, 0, 65535, 1, its_epoch, its_position, its_event_id)
    ON CONFLICT (processor, branch, first) DO UPDATE SET
      epoch = excluded.epoch, position = excluded.position, event_id = excluded.event_id
    WHERE partitions.last = 65535
    RETURNING position INTO reached;
  ELSE
    UPDATE partitions SET epoch = its_epoch, position = its_position, event_id = its_event_id
    WHERE processor = its_processor AND branch = its_branch AND first = its_first AND last = its_last
      AND generation = its_generation
    RETURNING position INTO reached;
  END IF;
  IF reached IS NULL THEN
    RAISE EXCEPTION USING ERRCODE = 'HW000', HINT = 'processor.fenced',
      MESSAGE = format('%s does not hold the lease %s any more', its_owner, its_lease);
  END IF;
  RETURN reached;
END $$;

-- Takes parked events away; one with a number of edits must be there with so many.
CREATE FUNCTION unpark_events(
  its_processor text, its_branch integer, slots integer[], tenants text[], sequences text[], positions bigint[],
  edits_read integer[]
) RETURNS void LANGUAGE plpgsql AS $$
DECLARE
  changed record;
BEGIN
  SELECT given.sequence, given.position INTO changed
  FROM unnest(slots, tenants, sequences, positions, edits_read) AS given (slot, tenant, sequence, position, edits)
  WHERE given.edits IS NOT NULL AND NOT EXISTS (
    SELECT 1 FROM parked_events AS parked
    WHERE parked.processor = its_processor AND parked.branch = its_branch AND parked.slot = given.slot
      AND parked.tenant = given.tenant AND parked.sequence = given.sequence AND parked.position = given.position
      AND parked.edits = given.edits
    FOR UPDATE)
  LIMIT 1;
  IF FOUND THEN
    RAISE EXCEPTION USING ERRCODE = 'HW000', HINT = 'processor.conflict', MESSAGE =
      format('The parked event %s of %s was changed since it was read', changed.position, changed.sequence);
  END IF;
  DELETE FROM parked_events AS parked
  USING unnest(slots, tenants, sequences, positions) AS given (slot, tenant, sequence, position)
  WHERE parked.processor = its_processor AND parked.branch = its_branch AND parked.slot = given.slot
    AND parked.tenant = given.tenant AND parked.sequence = given.sequence AND parked.position = given.position;
END $$;

-- Steps that were taken with the tables of users, by whose tables they are.
CREATE TABLE user_steps (
  owner text COLLATE "C"    NOT NULL,
  name text COLLATE "C"    NOT NULL,
  checksum text COLLATE "C"    NOT NULL,
  taken_at bigint NOT NULL,
  PRIMARY KEY (owner, name)
);

-- The state of a stream at a revision, one for each stream. Nothing depends on it: it saves folding.
CREATE TABLE snapshots (
  branch integer NOT NULL,
  tenant text COLLATE "C"    NOT NULL,
  stream text COLLATE "C"    NOT NULL,
  revision bigint NOT NULL,
  hash text COLLATE "C"    NOT NULL,
  epoch text COLLATE "C"    NOT NULL,
  event_id text COLLATE "C"    NOT NULL,
  taken_at bigint NOT NULL,
  state text COLLATE "C",
  state_bytes bytea
);

CREATE UNIQUE INDEX snapshots_by_stream ON snapshots (branch, tenant, stream);

-- The snapshot of a memory image: which generations of parts it is made of, as JSON, and where it stands.
CREATE TABLE images (
  image text COLLATE "C"    NOT NULL,
  branch integer NOT NULL,
  hash text COLLATE "C"    NOT NULL,
  epoch text COLLATE "C"    NOT NULL,
  position bigint NOT NULL,
  event_id text COLLATE "C"    NOT NULL,
  generations text COLLATE "C"    NOT NULL,
  taken_at bigint NOT NULL,
  PRIMARY KEY (image, branch)
);

CREATE TABLE image_parts (
  image text COLLATE "C"    NOT NULL,
  branch integer NOT NULL,
  generation text COLLATE "C"    NOT NULL,
  number bigint NOT NULL,
  tenant text COLLATE "C"    NOT NULL,
  table_name text COLLATE "C"    NOT NULL,
  data text COLLATE "C",
  data_bytes bytea
);

CREATE UNIQUE INDEX image_parts_by_number ON image_parts (image, branch, generation, number);

-- The epochs of the history, the last one being that of now. `identity` tells whose history it is: another cluster, timeline
-- or table means that a dump was restored or a replica took over, and begins another epoch.
CREATE TABLE epochs (
  number integer PRIMARY KEY,
  epoch text COLLATE "C" NOT NULL,
  identity text COLLATE "C" NOT NULL,
  began_at bigint NOT NULL
);

-- How far each branch had come when an epoch began: up to there it has the history of the epochs before.
CREATE TABLE epoch_bases (
  number integer NOT NULL,
  branch integer NOT NULL,
  position bigint NOT NULL,
  PRIMARY KEY (number, branch)
);
