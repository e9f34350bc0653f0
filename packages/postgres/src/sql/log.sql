-- name: history
-- Which history it is and how far it has come, in one snapshot; without a position where there are no events.
SELECT now.epoch, now.identity = current_identity(), last.position, last.recorded_at
FROM (SELECT epoch, identity FROM epochs ORDER BY number DESC LIMIT 1) AS now
LEFT JOIN (
  SELECT position, recorded_at FROM events WHERE branch = $1 ORDER BY position DESC LIMIT 1
) AS last ON true

-- name: page
-- The page stands beside the head and how far it may go; without events there is one row of these.
WITH head AS MATERIALIZED (
  SELECT least(
    coalesce((SELECT position FROM events WHERE branch = $1 ORDER BY position DESC LIMIT 1), 0), $4::bigint
  ) AS position
), start AS MATERIALIZED (
  SELECT position AS head, {after} AS after FROM head
), scope AS MATERIALIZED (
  SELECT head, after, {until} AS until FROM start WHERE require_attached($1, after, head)
)
SELECT scope.head, scope.until, page.*
FROM scope
LEFT JOIN LATERAL ({page}) AS page ON true

-- name: page-events
SELECT * FROM events
WHERE branch = $1 AND position > scope.after AND position <= scope.until {condition}
ORDER BY position
LIMIT $3

-- name: filtered-events
-- Part by part: where the planner knows little of the table it sorts what it reads, and then no more than a part.
SELECT events.*
FROM generate_series(scope.after, scope.until - 1, 1000) AS part (after)
CROSS JOIN LATERAL (
  SELECT * FROM events
  WHERE branch = $1 AND position > part.after AND position <= least(part.after + 1000, scope.until) {condition}
  ORDER BY position
  OFFSET 0
) AS events
LIMIT $3

-- name: stream
SELECT scope.revision, scope.revision, page.*
FROM (SELECT last_revision_at($1, $2, $3, $6) AS revision) AS scope
LEFT JOIN LATERAL ({page}) AS page ON true

-- name: stream-events
SELECT * FROM events
WHERE branch = $1 AND tenant = $2 AND stream = $3 AND revision > $4 AND revision <= scope.revision
ORDER BY revision
LIMIT $5

-- name: at
SELECT 0, 0, page.* FROM ({page}) AS page WHERE require_events($1, $2::bigint[])

-- name: events-at
SELECT * FROM events WHERE branch = $1 AND position = ANY ($2::bigint[]) ORDER BY position

-- name: cut
-- Events in their order, without those beyond {bytes} bytes of payload; one at least.
SELECT {columns}
FROM (
  SELECT events.*, sum(bytes) OVER (ROWS UNBOUNDED PRECEDING) - bytes AS bytes_before
  FROM ({events}) AS events
  CROSS JOIN LATERAL (
    SELECT coalesce(octet_length(data), 0) + coalesce(octet_length(data_bytes), 0) AS bytes
  ) AS size
) AS events
WHERE bytes_before < {bytes}

-- name: streams
-- Some seeks for each stream, however many events it has.
WITH RECURSIVE names (stream) AS (
  (
    SELECT stream FROM events
    WHERE branch = $1 AND tenant = $2 AND stream >= $3 AND stream > $4
    ORDER BY stream LIMIT 1
  )
  UNION ALL
  SELECT (
    SELECT stream FROM events
    WHERE branch = $1 AND tenant = $2 AND stream > names.stream
    ORDER BY stream LIMIT 1
  )
  FROM names WHERE starts_with(names.stream, $3)
)
SELECT stream, revision
FROM names CROSS JOIN LATERAL (SELECT last_revision_at($1, $2, names.stream, $6) AS revision) AS last
WHERE starts_with(stream, $3) AND revision > 0
LIMIT $5

-- name: tenants
-- A seek for each tenant, however many events it has.
WITH RECURSIVE names (tenant) AS (
  (
    SELECT tenant FROM events WHERE branch = $1 AND ($2::text IS NULL OR tenant > $2) ORDER BY tenant LIMIT 1
  )
  UNION ALL
  SELECT (SELECT tenant FROM events WHERE branch = $1 AND tenant > names.tenant ORDER BY tenant LIMIT 1)
  FROM names WHERE names.tenant IS NOT NULL
)
SELECT tenant FROM names WHERE tenant IS NOT NULL
LIMIT $3

-- name: position-at
SELECT first_position_at($1, $2)

-- name: leap
-- From here on an event of one of the types may come.
greatest($2::bigint, coalesce((
  SELECT min(nearest.range) FROM unnest({types}::text[]) AS wanted (type)
  CROSS JOIN LATERAL (
    SELECT range FROM type_ranges
    WHERE branch = $1 AND type = wanted.type AND range >= $2::bigint / 1024
    ORDER BY range LIMIT 1
  ) AS nearest
) * 1024, head.position))

-- name: news
-- What is different after an append to any branch, and after a change of the views' versions.
SELECT
  (SELECT coalesce(string_agg(branch || ' ' || position, ' ' ORDER BY branch), '') FROM heads()),
  (SELECT coalesce(sum(generation), 0)::text FROM view_generations)
