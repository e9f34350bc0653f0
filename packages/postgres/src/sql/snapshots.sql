-- name: find
SELECT revision, hash, epoch, event_id, taken_at, state, state_bytes FROM snapshots
WHERE branch = $1 AND tenant = $2 AND stream = $3;

-- name: save
-- What the same code made of a later revision of the same history stays.
INSERT INTO snapshots (branch, tenant, stream, revision, hash, epoch, event_id, taken_at, state, state_bytes)
SELECT * FROM unnest($1::integer[], $2::text[], $3::text[], $4::bigint[], $5::text[], $6::text[], $7::text[], $8::bigint[], $9::text[], $10::bytea[])
  AS given (branch, tenant, stream, revision, hash, epoch, event_id, taken_at, state, state_bytes)
ORDER BY branch, tenant, stream
ON CONFLICT (branch, tenant, stream) DO UPDATE SET
  revision = excluded.revision,
  hash = excluded.hash,
  epoch = excluded.epoch,
  event_id = excluded.event_id,
  taken_at = excluded.taken_at,
  state = excluded.state,
  state_bytes = excluded.state_bytes
WHERE snapshots.hash <> excluded.hash OR snapshots.epoch <> excluded.epoch OR snapshots.revision <= excluded.revision;

-- name: list
-- Lengths are characters of a text and bytes of bytes.
SELECT tenant, stream, revision, hash, epoch, event_id, taken_at,
  CASE WHEN state IS NULL THEN octet_length(state_bytes) WHEN state_bytes IS NULL THEN octet_length(state) ELSE octet_length(state_bytes) / 2 END
FROM snapshots
WHERE branch = $1 AND tenant = coalesce($2, tenant) AND (tenant, stream) > ($4, $5)
  AND stream >= $3 AND starts_with(stream, $3)
ORDER BY tenant, stream
LIMIT $6;

-- name: drop-stream
DELETE FROM snapshots WHERE branch = $1 AND tenant = coalesce($2, tenant) AND stream = $3;

-- name: drop-prefix
DELETE FROM snapshots WHERE branch = $1 AND tenant = coalesce($2, tenant) AND stream >= $3 AND starts_with(stream, $3);
