-- name: checkpoint
SELECT epoch, position, event_id FROM checkpoints WHERE processor = (SELECT ?) AND branch = (SELECT ?);

-- name: save-checkpoint
INSERT INTO checkpoints (processor, branch, epoch, position, event_id) VALUES (?, ?, ?, ?, ?)
ON CONFLICT (processor, branch) DO UPDATE SET epoch = excluded.epoch, position = excluded.position, event_id = excluded.event_id;

-- name: park
INSERT INTO parked (processor, branch, tenant, sequence, position, attempts, error, parked_at) VALUES (?, ?, ?, ?, ?, ?, ?, ?)
ON CONFLICT (processor, branch, tenant, sequence, position)
DO UPDATE SET attempts = excluded.attempts, error = excluded.error, parked_at = excluded.parked_at;

-- name: unpark
DELETE FROM parked WHERE processor = ? AND branch = ? AND tenant = ? AND sequence = ? AND position = ?;

-- name: parked
SELECT processor, branch, tenant, sequence, position, attempts, error, parked_at
FROM parked
WHERE processor = coalesce(?, processor) AND branch = ? AND tenant = coalesce(?, tenant) AND sequence = coalesce(?, sequence)
ORDER BY position, processor, tenant, sequence
LIMIT ?;

-- name: reset-checkpoint
DELETE FROM checkpoints WHERE processor = ? AND branch = ?;

-- name: reset-parked
DELETE FROM parked WHERE processor = ? AND branch = ?;
