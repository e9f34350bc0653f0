-- name: find
SELECT {columns} FROM commands WHERE branch = $1 AND tenant = $2 AND id = $3

-- name: read
SELECT {columns} FROM commands
WHERE sequence > $1 AND branch = $2 AND tenant = coalesce($3, tenant)
ORDER BY sequence
LIMIT $4

-- name: trace
-- A command without a correlation of its own is the beginning of one that has its id.
SELECT {columns} FROM commands
WHERE sequence = ANY (ARRAY(
  SELECT sequence FROM commands WHERE branch = $1 AND tenant = $2 AND correlation_id = $3
  UNION
  SELECT sequence FROM commands WHERE branch = $1 AND tenant = $2 AND id = $3 AND correlation_id IS NULL
  UNION
  SELECT sequence FROM commands WHERE branch = $1 AND tenant = $2 AND causation_id = $4
))
ORDER BY sequence
LIMIT $5
