-- name: list
SELECT processor, changes, declared, paused_at, paused_by, paused_why FROM controls WHERE branch = ?;

-- name: change
INSERT INTO controls (processor, branch, changes) VALUES (?, ?, 1)
ON CONFLICT (processor, branch) DO UPDATE SET changes = changes + 1;

-- name: declare
UPDATE controls SET declared = ? WHERE processor = ? AND branch = ?;

-- name: pause
UPDATE controls SET paused_at = ?, paused_by = ?, paused_why = ? WHERE processor = ? AND branch = ?;

-- name: note
INSERT INTO acts (processor, branch, kind, actor, why, at, details) VALUES (?, ?, ?, ?, ?, ?, ?);

-- name: acts
SELECT sequence, processor, kind, actor, why, at, details FROM acts
WHERE processor = ? AND branch = ? AND sequence < ?
ORDER BY sequence DESC
LIMIT ?;

-- name: ask-reprocessing
INSERT OR IGNORE INTO reprocessing (id, branch, processor, from_position, to_position, state, actor, why, asked_at)
VALUES (?, ?, ?, ?, ?, 'asked', ?, ?, ?);

-- name: reprocessing
SELECT id, branch, processor, from_position, to_position, state, actor, why, asked_at, reached, ended_at FROM reprocessing
WHERE branch = ? AND processor = coalesce(?, processor) AND id = coalesce(?, id) AND state = coalesce(?, state)
ORDER BY number
LIMIT ?;

-- name: end-reprocessing
UPDATE reprocessing SET state = ?, reached = ?, ended_at = ? WHERE branch = ? AND id = ? AND state = 'asked'
RETURNING processor;

-- name: forget
DELETE FROM controls WHERE processor = ? AND branch = ?;

-- name: forget-acts
DELETE FROM acts WHERE processor = ? AND branch = ?;

-- name: forget-reprocessing
DELETE FROM reprocessing WHERE processor = ? AND branch = ?;
