-- name: save
INSERT OR REPLACE INTO results (branch, position, processor, tenant, sequence, status, attempts, result, error, owner, at, actor, why, job)
VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?);

-- name: list
SELECT branch, position, processor, tenant, sequence, status, attempts, result, error, owner, at, actor, why, job FROM results
WHERE branch = ? AND position > ? AND tenant = coalesce(?, tenant)
ORDER BY position, processor, tenant, sequence
LIMIT ?;

-- name: list-of-event
SELECT branch, position, processor, tenant, sequence, status, attempts, result, error, owner, at, actor, why, job FROM results
WHERE branch = ? AND position = ? AND tenant = coalesce(?, tenant) AND processor = coalesce(?, processor)
ORDER BY position, processor, tenant, sequence
LIMIT ?;

-- name: list-of-processor
SELECT branch, position, processor, tenant, sequence, status, attempts, result, error, owner, at, actor, why, job FROM results
WHERE processor = ? AND branch = ? AND position > ? AND tenant = coalesce(?, tenant)
ORDER BY position, tenant, sequence
LIMIT ?;

-- name: forget
DELETE FROM results WHERE processor = ? AND branch = ?;
