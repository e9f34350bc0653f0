-- name: read
-- The generation and all versions in one snapshot; one row without a version where there are none.
SELECT
  (SELECT generation FROM view_generations WHERE branch = given.branch) AS generation,
  view, version, state, collection, processor, lifecycle, code, types, options,
  made_by, made_at, changed_at, reason, fenced_until
FROM (SELECT $1::integer AS branch) AS given
LEFT JOIN view_versions ON view_versions.branch = given.branch
ORDER BY view, version;

-- name: lock
-- An append looks at the generation: none comes between what is read here and what is written.
SELECT lock_log();

-- name: generation
SELECT generation FROM view_generations WHERE branch = $1;

-- name: advance
INSERT INTO view_generations (branch, generation) VALUES ($1, 1)
ON CONFLICT (branch) DO UPDATE SET generation = view_generations.generation + 1
RETURNING generation;

-- name: held
SELECT 1 FROM leases
WHERE name = $1 AND owner = $2 AND token = $3 AND expires_at > milliseconds_now()
FOR SHARE;

-- name: first-event
-- Of any of the types, whatever its tenant, range by range.
SELECT min(nearest.position)
FROM unnest($2::text[]) AS wanted (type)
CROSS JOIN LATERAL (
  SELECT inside.position FROM type_ranges
  CROSS JOIN LATERAL (
    SELECT position FROM events
    WHERE branch = $1 AND type = wanted.type
      AND position > greatest($3::bigint, type_ranges.range * 1024) AND position <= (type_ranges.range + 1) * 1024
    ORDER BY position LIMIT 1
  ) AS inside
  WHERE type_ranges.branch = $1 AND type_ranges.type = wanted.type AND range >= $3::bigint / 1024
  ORDER BY range LIMIT 1
) AS nearest;

-- name: put
INSERT INTO view_versions (
  branch, view, version, state, collection, processor, lifecycle, code, types, options,
  made_by, made_at, changed_at, reason, fenced_until
) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15)
ON CONFLICT (branch, view, version) DO UPDATE SET
  state = excluded.state,
  collection = excluded.collection,
  processor = excluded.processor,
  lifecycle = excluded.lifecycle,
  code = excluded.code,
  types = excluded.types,
  options = excluded.options,
  made_by = excluded.made_by,
  made_at = excluded.made_at,
  changed_at = excluded.changed_at,
  reason = excluded.reason,
  fenced_until = excluded.fenced_until;

-- name: remove
DELETE FROM view_versions WHERE branch = $1 AND view = $2 AND version = $3;
