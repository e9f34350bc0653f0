-- (SELECT ?) as in append.sql.

-- name: find
SELECT id, tenant, name, parent, base, base_recorded_at, base_sequence, clock, actor, created_at FROM branches
WHERE tenant = (SELECT ?) AND name = (SELECT ?) AND dropped_at IS NULL;

-- name: get
SELECT id, tenant, name, parent, base, base_recorded_at, base_sequence, clock, actor, created_at FROM branches
WHERE id = (SELECT ?) AND dropped_at IS NULL;

-- name: list
SELECT id, tenant, name, parent, base, base_recorded_at, base_sequence, clock, actor, created_at FROM branches
WHERE (tenant, name) > (?, ?) AND tenant = coalesce(?, tenant) AND dropped_at IS NULL
ORDER BY tenant, name
LIMIT ?;

-- name: end
-- Where a branch stands whose tail has no event.
SELECT base, base_recorded_at FROM branches WHERE id = (SELECT ?) AND dropped_at IS NULL;

-- name: next-id
UPDATE log SET last_branch = last_branch + 1 RETURNING last_branch;

-- name: last-command
SELECT max(sequence) FROM commands;

-- name: insert
INSERT INTO branches (id, tenant, name, parent, base, base_recorded_at, base_sequence, clock, actor, created_at)
VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
ON CONFLICT (tenant, name) WHERE dropped_at IS NULL DO NOTHING;

-- name: set-clock
UPDATE branches SET clock = ? WHERE id = ? AND dropped_at IS NULL;

-- name: child
SELECT 1 FROM branches WHERE parent = (SELECT ?) AND dropped_at IS NULL LIMIT 1;

-- name: hide
UPDATE branches SET dropped_at = ? WHERE id = ? AND dropped_at IS NULL;

-- name: dropped
SELECT id FROM branches WHERE dropped_at IS NOT NULL ORDER BY id LIMIT 1;

-- name: forget
DELETE FROM branches WHERE id = ?;

-- name: shrink-events
DELETE FROM events WHERE branch = ? AND position IN (SELECT position FROM events WHERE branch = ? LIMIT 500);

-- name: shrink-tags
DELETE FROM tags WHERE (branch, tenant, tag, position) IN (SELECT branch, tenant, tag, position FROM tags WHERE branch = ? LIMIT 500);

-- name: shrink-type-ranges
DELETE FROM type_ranges WHERE (branch, type, range) IN (SELECT branch, type, range FROM type_ranges WHERE branch = ? LIMIT 500);

-- name: shrink-commands
-- All but the last one of the log, whose sequence would be given again: branches tell by sequences what is in their past.
DELETE FROM commands WHERE sequence IN (
  SELECT sequence FROM commands WHERE branch = ? AND sequence < (SELECT max(sequence) FROM commands) LIMIT 500
);

-- name: let-go-of-sequences
DELETE FROM commands WHERE branch = -1 AND sequence < (SELECT max(sequence) FROM commands);

-- name: hold-sequence
-- What is left of the last command of the log keeps nothing but its sequence, until there are later ones.
UPDATE commands SET branch = -1, tenant = '', id = '', type = '', payload = '', actor = NULL, correlation_id = NULL,
  causation_id = NULL, decided_at = 0, status = 'rejected', reason = NULL, reads = '{}', position = NULL, events = 0
WHERE branch = ?;

-- name: shrink-snapshots
DELETE FROM snapshots WHERE rowid IN (SELECT rowid FROM snapshots WHERE branch = ? LIMIT 500);

-- name: shrink-external-calls
DELETE FROM external_calls WHERE sequence IN (SELECT sequence FROM external_calls WHERE branch = ? LIMIT 500);
