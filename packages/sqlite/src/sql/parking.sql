-- name: park
INSERT INTO parked_events (processor, branch, slot, tenant, sequence, position, attempts, error, parked_at, edits, edit_data, edit_version, edit_actor, edit_why, edited_at)
VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
ON CONFLICT (processor, branch, slot, tenant, sequence, position)
DO UPDATE SET attempts = excluded.attempts, error = excluded.error, parked_at = excluded.parked_at WHERE excluded.attempts > 0;

-- name: unpark
DELETE FROM parked_events WHERE processor = ? AND branch = ? AND slot = ? AND tenant = ? AND sequence = ? AND position = ?;

-- name: unpark-as-read
DELETE FROM parked_events
WHERE processor = ? AND branch = ? AND slot = ? AND tenant = ? AND sequence = ? AND position = ? AND edits = ?;

-- name: unpark-after
DELETE FROM parked_events WHERE processor = ? AND branch = ? AND position > ?;

-- name: edit
UPDATE parked_events
SET edits = edits + 1, edit_data = ?, edit_version = ?, edit_actor = ?, edit_why = ?, edited_at = ?
WHERE processor = ? AND branch = ? AND slot = ? AND tenant = ? AND sequence = ? AND position = ? AND edits = ?;

-- name: list
SELECT processor, branch, tenant, sequence, position, attempts, error, parked_at, edits, edit_data, edit_version, edit_actor, edit_why, edited_at
FROM parked_events
WHERE processor = ? AND branch = ? AND tenant = coalesce(?, tenant) AND sequence = coalesce(?, sequence) AND position > ?
ORDER BY position, tenant, sequence
LIMIT ?;

-- name: list-sequence
SELECT processor, branch, tenant, sequence, position, attempts, error, parked_at, edits, edit_data, edit_version, edit_actor, edit_why, edited_at
FROM parked_events
WHERE processor = ? AND branch = ? AND slot = ? AND tenant = ? AND sequence = ? AND position > ?
ORDER BY position
LIMIT ?;

-- name: first-of-range
SELECT slot, tenant, sequence, position, attempts, error, parked_at FROM parked_events
WHERE processor = ? AND branch = ? AND slot >= ? AND slot <= ?
ORDER BY slot, tenant, sequence, position
LIMIT 1;

-- name: next-of-range
SELECT slot, tenant, sequence, position, attempts, error, parked_at FROM parked_events
WHERE processor = ? AND branch = ? AND (slot, tenant, sequence) > (?, ?, ?) AND slot <= ?
ORDER BY slot, tenant, sequence, position
LIMIT 1;

-- name: count
SELECT count(*) FROM (SELECT 1 FROM parked_events WHERE processor = ? AND branch = ? LIMIT ?);

-- name: count-sequence
SELECT count(*) FROM (SELECT 1 FROM parked_events WHERE processor = ? AND branch = ? AND slot = ? AND tenant = ? AND sequence = ? LIMIT ?);

-- name: to-drop
SELECT position, attempts, error FROM parked_events
WHERE processor = ? AND branch = ? AND slot = ? AND tenant = ? AND sequence = ? AND position >= ? AND position <= ?
ORDER BY position
LIMIT ?;

-- name: is-parked
SELECT 1 FROM parked_events WHERE processor = ? AND branch = ? AND slot = ? AND tenant = ? AND sequence = ? LIMIT 1;

-- name: ask
INSERT OR IGNORE INTO asked_sequences (processor, branch, slot, tenant, sequence) VALUES (?, ?, ?, ?, ?);

-- name: answer
DELETE FROM asked_sequences WHERE processor = ? AND branch = ? AND slot = ? AND tenant = ? AND sequence = ?;

-- name: is-asked
SELECT 1 FROM asked_sequences WHERE processor = ? AND branch = ? AND slot = ? AND tenant = ? AND sequence = ?;

-- name: asked
SELECT tenant, sequence FROM asked_sequences
WHERE processor = ? AND branch = ? AND slot >= ? AND slot <= ?
ORDER BY number
LIMIT ?;

-- name: forget-parked
DELETE FROM parked_events WHERE processor = ? AND branch = ?;

-- name: forget-asked
DELETE FROM asked_sequences WHERE processor = ? AND branch = ?;
