-- Parameters that bound a search stand as (SELECT ?): SQLite, built with STAT4, plans a statement anew for every other
-- value of a bare one, which takes four times as long as the search itself.

-- name: head
SELECT position, recorded_at FROM events WHERE branch = (SELECT ?) ORDER BY position DESC LIMIT 1;

-- name: insert-command
INSERT INTO commands (branch, tenant, id, type, payload, actor, correlation_id, causation_id, decided_at, status, reason,
  reads, position, events)
VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
ON CONFLICT (branch, tenant, id) DO NOTHING;

-- name: insert-event
INSERT INTO events (branch, position, tenant, stream, revision, type, version, command_id, ordinal, recorded_at, occurred_at,
  actor, correlation_id, causation_id, data)
VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
ON CONFLICT (branch, tenant, stream, revision) DO NOTHING;

-- name: insert-tag
INSERT INTO tags (branch, tenant, tag, position, type) VALUES (?, ?, ?, ?, ?) ON CONFLICT DO NOTHING;

-- name: last-revision
SELECT revision FROM events WHERE branch = (SELECT ?) AND tenant = (SELECT ?) AND stream = (SELECT ?) ORDER BY revision DESC LIMIT 1;

-- name: undo-command
DELETE FROM commands WHERE sequence = ?;

-- name: undo-events
DELETE FROM events WHERE branch = ? AND position > ?;

-- name: undo-tag
DELETE FROM tags WHERE branch = ? AND tenant = ? AND tag = ? AND position > ?;
