-- name: read
-- The generation and all versions in one snapshot; one row without a version where there are none.
SELECT
  (SELECT generation FROM view_generations WHERE branch = given.branch) AS generation,
  view, version, state, collection, processor, lifecycle, code, types, options,
  made_by, made_at, changed_at, reason, fenced_until
FROM (SELECT ? AS branch) AS given
LEFT JOIN view_versions ON view_versions.branch = given.branch
ORDER BY view, version;

-- name: generation
SELECT generation FROM view_generations WHERE branch = (SELECT ?);

-- name: generations
SELECT coalesce(sum(generation), 0) FROM view_generations;

-- name: advance
INSERT INTO view_generations (branch, generation) VALUES (?, 1)
ON CONFLICT (branch) DO UPDATE SET generation = generation + 1;

-- name: put
INSERT OR REPLACE INTO view_versions (
  branch, view, version, state, collection, processor, lifecycle, code, types, options,
  made_by, made_at, changed_at, reason, fenced_until
) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?);

-- name: remove
DELETE FROM view_versions WHERE branch = ? AND view = ? AND version = ?;
