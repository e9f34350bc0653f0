-- name: find
SELECT sequence, tenant, id, type, payload, actor, correlation_id, causation_id, decided_at, status, reason, reads, position,
  events
FROM commands
WHERE branch = (SELECT ?) AND tenant = (SELECT ?) AND id = (SELECT ?);

-- name: read
-- In the order of the log. The plus signs keep it from gathering all of main by another index, and sorting it, for each page.
SELECT sequence, tenant, id, type, payload, actor, correlation_id, causation_id, decided_at, status, reason, reads, position,
  events
FROM commands
WHERE sequence > ? AND +branch = ? AND +tenant = coalesce(?, tenant)
ORDER BY sequence
LIMIT ?;

-- name: read-branch
-- A branch has few, among many of main.
SELECT sequence, tenant, id, type, payload, actor, correlation_id, causation_id, decided_at, status, reason, reads, position,
  events
FROM commands
WHERE sequence > ? AND branch = ? AND tenant = coalesce(?, tenant)
ORDER BY sequence
LIMIT ?;

-- name: trace
-- A command without a correlation of its own is the beginning of one that has its id.
SELECT sequence, tenant, id, type, payload, actor, correlation_id, causation_id, decided_at, status, reason, reads, position,
  events
FROM commands
WHERE sequence IN (
  SELECT sequence FROM commands
  WHERE branch = :branch AND tenant = :tenant AND correlation_id = :correlation_id
  UNION
  SELECT sequence FROM commands
  WHERE branch = :branch AND tenant = :tenant AND id = :correlation_id AND correlation_id IS NULL
  UNION
  SELECT sequence FROM commands
  WHERE branch = :branch AND tenant = :tenant AND causation_id = :causation_id
)
ORDER BY sequence
LIMIT :limit;
