-- name: list
SELECT number, first, last, hash, sealed_at, state, file FROM segments WHERE number > $1 ORDER BY number LIMIT $2;

-- name: seal
INSERT INTO segments (number, first, last, hash, sealed_at) VALUES ($1, $2, $3, $4, $5) ON CONFLICT DO NOTHING;

-- name: needs
SELECT kind, name, position FROM (
  SELECT 'processor' AS kind, processor AS name, min(position) AS position FROM partitions
  WHERE branch = 0 AND position < $2 GROUP BY processor
  UNION ALL
  SELECT 'parked event', processor, min(position) FROM parked_events
  WHERE branch = 0 AND position BETWEEN $1 AND $2 GROUP BY processor
  UNION ALL
  SELECT 'memory image', image, position FROM images WHERE branch = 0 AND position < $2
  UNION ALL
  SELECT 'branch', name, base FROM branches WHERE parent = 0 AND dropped_at IS NULL AND base < $2
) AS needs ORDER BY position, kind, name LIMIT 100;

-- name: begin
-- Under the lock: whatever was checked for an append is recorded before it.
UPDATE segments SET state = 'detaching', file = $4 FROM (SELECT lock_log()) AS locked
WHERE number = $3 AND state = 'attached'
  AND NOT EXISTS (SELECT FROM partitions WHERE branch = 0 AND position < $2)
  AND NOT EXISTS (SELECT FROM parked_events WHERE branch = 0 AND position BETWEEN $1 AND $2)
  AND NOT EXISTS (SELECT FROM images WHERE branch = 0 AND position < $2)
  AND NOT EXISTS (SELECT FROM branches WHERE parent = 0 AND dropped_at IS NULL AND base < $2);

-- name: remove
-- By rising positions: the next event of a stream is there when the one before is removed, unless it is the last one of the
-- segment. The row of the segment is locked, so that nobody brings it back meanwhile.
WITH segment AS MATERIALIZED (
  SELECT first, last FROM segments WHERE number = $1 AND state = 'detaching' FOR SHARE
)
DELETE FROM events USING segment
WHERE branch = 0 AND position > $2 AND position <= $3 AND position >= segment.first AND position < segment.last
  AND EXISTS (
    SELECT FROM events AS later
    WHERE later.branch = 0 AND later.tenant = events.tenant AND later.stream = events.stream
      AND later.revision = events.revision + 1 AND later.position <= segment.last
  );

-- name: end
UPDATE segments SET state = 'detached' WHERE number = $1 AND state = 'detaching';

-- name: bring-back
UPDATE segments SET state = 'attaching' WHERE number = $1 AND state <> 'attached';

-- name: put
WITH segment AS MATERIALIZED (
  SELECT first, last FROM segments WHERE number = $1 AND state = 'attaching' FOR SHARE
)
INSERT INTO events (branch, position, tenant, stream, revision, type, version, command_id, ordinal, recorded_at,
  occurred_at, actor, correlation_id, causation_id, data, data_bytes)
SELECT 0, given.* FROM segment, unnest($2::bigint[], $3::text[], $4::text[], $5::bigint[], $6::text[], $7::integer[],
  $8::text[], $9::integer[], $10::bigint[], $11::bigint[], $12::text[], $13::text[], $14::text[], $15::text[],
  $16::bytea[]) AS given (position)
WHERE given.position BETWEEN segment.first AND segment.last
ON CONFLICT DO NOTHING;

-- name: attach
UPDATE segments SET state = 'attached', file = NULL
WHERE number = $1 AND state = 'attaching'
  AND (SELECT count(*) FROM events WHERE branch = 0 AND position BETWEEN first AND last) = last - first + 1;

-- name: missing-from
-- The segment that lacks events, of those that begin at a position or before.
SELECT number, first, last, file FROM segments WHERE state <> 'attached' AND first <= $1 ORDER BY number DESC LIMIT 1;
