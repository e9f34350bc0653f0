-- (SELECT ?) as in append.sql.

-- name: intend
INSERT INTO external_calls (branch, tenant, caller_id, caller_kind, caller_name, caller_series, external, hash, number, request, status, attempts, intended_at)
VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, 'intended', 0, ?)
ON CONFLICT DO NOTHING;

-- name: settle
-- What is answered stays answered.
UPDATE external_calls SET status = ?, answer = ?, error = ?, attempts = attempts + ?, settled_at = ?
WHERE sequence = ? AND status <> 'answered';

-- name: find
SELECT sequence, branch, tenant, caller_id, caller_kind, caller_name, caller_series, external, hash, number, request, status, answer, error, attempts, intended_at, settled_at
FROM external_calls
WHERE branch = (SELECT ?) AND tenant = (SELECT ?) AND caller_id = (SELECT ?) AND caller_kind = ? AND caller_name = ? AND caller_series = ?
  AND external = ? AND hash = ? AND number = ?;

-- name: latest
SELECT sequence, branch, tenant, caller_id, caller_kind, caller_name, caller_series, external, hash, number, request, status, answer, error, attempts, intended_at, settled_at
FROM external_calls INDEXED BY external_calls_by_request
WHERE branch = (SELECT ?) AND tenant = (SELECT ?) AND external = (SELECT ?) AND hash = (SELECT ?) AND settled_at <= ? AND status = 'answered'
ORDER BY settled_at DESC, sequence DESC
LIMIT 1;

-- name: last
SELECT max(sequence) FROM external_calls;

-- name: list
-- What is asked for takes the place of true.
SELECT sequence, branch, tenant, caller_id, caller_kind, caller_name, caller_series, external, hash, number,
  CASE WHEN length(request) <= ? THEN request END AS request, length(request) AS request_size, status,
  CASE WHEN length(answer) <= ? THEN answer END AS answer, length(answer) AS answer_size, error, attempts, intended_at, settled_at
FROM external_calls
WHERE true
ORDER BY sequence DESC
LIMIT ?;

-- name: read
SELECT sequence, branch, tenant, caller_id, caller_kind, caller_name, caller_series, external, hash, number, request, status, answer, error, attempts, intended_at, settled_at
FROM external_calls
WHERE branch = (SELECT ?) AND sequence > ?
ORDER BY sequence
LIMIT ?;

-- name: keep
INSERT INTO external_calls (branch, tenant, caller_id, caller_kind, caller_name, caller_series, external, hash, number, request, status, answer, error, attempts, intended_at, settled_at)
VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
ON CONFLICT DO NOTHING;

-- name: prune
-- Of the oldest ones, those that are old enough.
DELETE FROM external_calls WHERE sequence IN (
  SELECT sequence FROM (
    SELECT sequence, intended_at FROM external_calls INDEXED BY external_calls_by_external
    WHERE branch = (SELECT ?) AND external = (SELECT ?)
    ORDER BY sequence
    LIMIT ?
  ) WHERE intended_at < ?
);

-- name: prune-branch
DELETE FROM external_calls WHERE sequence IN (
  SELECT sequence FROM (
    SELECT sequence, intended_at FROM external_calls INDEXED BY external_calls_by_external
    WHERE branch = (SELECT ?)
    LIMIT ?
  ) WHERE intended_at < ?
);
