-- name: list
SELECT processor, changes, declared, paused_at, paused_by, paused_why FROM controls WHERE branch = $1

-- name: change
INSERT INTO controls (processor, branch, changes, declared) VALUES ($1, $2, 1, $3)
ON CONFLICT (processor, branch) DO UPDATE SET
  changes = controls.changes + 1, declared = coalesce(excluded.declared, controls.declared)

-- name: pause
INSERT INTO controls (processor, branch, changes, paused_at, paused_by, paused_why) VALUES ($1, $2, 1, $3, $4, $5)
ON CONFLICT (processor, branch) DO UPDATE SET
  changes = controls.changes + 1, paused_at = $3, paused_by = $4, paused_why = $5

-- name: note
INSERT INTO acts (processor, branch, kind, actor, why, at, details) VALUES ($1, $2, $3, $4, $5, $6, $7)

-- name: acts
SELECT sequence, processor, kind, actor, why, at, details FROM acts
WHERE processor = $1 AND branch = $2 AND sequence < $3
ORDER BY sequence DESC
LIMIT $4

-- name: ask-reprocessing
INSERT INTO reprocessing (id, branch, processor, from_position, to_position, state, actor, why, asked_at)
VALUES ($1, $2, $3, $4, $5, 'asked', $6, $7, $8)
ON CONFLICT DO NOTHING

-- name: reprocessing
SELECT id, branch, processor, from_position, to_position, state, actor, why, asked_at, reached, ended_at FROM reprocessing
WHERE branch = $1 AND ($2::text IS NULL OR processor = $2) AND ($3::text IS NULL OR id = $3)
  AND ($4::text IS NULL OR state = $4)
ORDER BY number
LIMIT $5

-- name: end-reprocessing
UPDATE reprocessing SET state = $1, reached = $2, ended_at = $3 WHERE branch = $4 AND id = $5 AND state = 'asked'
RETURNING processor

-- name: forget
DELETE FROM controls WHERE processor = $1 AND branch = $2

-- name: forget-acts
DELETE FROM acts WHERE processor = $1 AND branch = $2

-- name: forget-reprocessing
DELETE FROM reprocessing WHERE processor = $1 AND branch = $2
