-- (SELECT ?) as in append.sql.

-- name: find
SELECT revision, hash, epoch, event_id, taken_at, state FROM snapshots
WHERE branch = (SELECT ?) AND tenant = (SELECT ?) AND stream = (SELECT ?);

-- name: save
-- What the same code made of a later revision of the same history stays.
INSERT INTO snapshots (branch, tenant, stream, revision, hash, epoch, event_id, taken_at, state)
VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)
ON CONFLICT (branch, tenant, stream) DO UPDATE SET
  revision = excluded.revision,
  hash = excluded.hash,
  epoch = excluded.epoch,
  event_id = excluded.event_id,
  taken_at = excluded.taken_at,
  state = excluded.state
WHERE hash <> excluded.hash OR epoch <> excluded.epoch OR revision <= excluded.revision;

-- name: list
SELECT tenant, stream, revision, hash, epoch, event_id, taken_at, octet_length(state) FROM snapshots
WHERE branch = @branch AND tenant = coalesce(@tenant, tenant) AND (tenant, stream) > (@afterTenant, @afterStream)
  AND stream >= @prefix AND substr(stream, 1, length(@prefix)) = @prefix
ORDER BY tenant, stream
LIMIT @limit;

-- name: drop-stream
DELETE FROM snapshots WHERE branch = @branch AND tenant = coalesce(@tenant, tenant) AND stream = @stream;

-- name: drop-prefix
DELETE FROM snapshots
WHERE branch = @branch AND tenant = coalesce(@tenant, tenant) AND stream >= @prefix AND substr(stream, 1, length(@prefix)) = @prefix;
