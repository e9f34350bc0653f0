-- Parameters that bound a search stand as (SELECT ?): SQLite, built with STAT4, plans a statement anew for every other
-- value of a bare one, which takes four times as long as the search itself.

-- name: history
-- Which history it is and how far it has come, in one snapshot; without a position where there are no events.
SELECT log.epoch, last.position, last.recorded_at
FROM log
LEFT JOIN (
  SELECT position, recorded_at FROM events WHERE branch = (SELECT ?) ORDER BY position DESC LIMIT 1
) AS last;

-- name: head
SELECT position, recorded_at FROM events WHERE branch = (SELECT ?) ORDER BY position DESC LIMIT 1;

-- name: first
SELECT position FROM events WHERE branch = (SELECT ?) ORDER BY position LIMIT 1;

-- name: recorded-at
SELECT recorded_at FROM events WHERE branch = (SELECT ?) AND position = (SELECT ?);

-- name: last-revision
SELECT revision FROM events WHERE branch = (SELECT ?) AND tenant = (SELECT ?) AND stream = (SELECT ?) ORDER BY revision DESC LIMIT 1;

-- name: last-event
SELECT revision, position FROM events WHERE branch = (SELECT ?) AND tenant = (SELECT ?) AND stream = (SELECT ?) ORDER BY revision DESC LIMIT 1;

-- name: position-of
SELECT position FROM events WHERE branch = (SELECT ?) AND tenant = (SELECT ?) AND stream = (SELECT ?) AND revision = (SELECT ?);

-- name: read-stream
SELECT {columns} FROM events
WHERE branch = (SELECT ?) AND tenant = (SELECT ?) AND stream = (SELECT ?) AND revision > (SELECT ?) AND revision <= (SELECT ?)
ORDER BY revision
LIMIT ?;

-- name: read-at
SELECT {columns} FROM events
WHERE branch = (SELECT ?) AND position IN (SELECT value FROM json_each(?))
ORDER BY position;

-- name: read
SELECT {columns} FROM events
WHERE branch = (SELECT ?) AND position > (SELECT ?) AND position <= (SELECT ?) {condition}
ORDER BY position
LIMIT ?;

-- name: payload
SELECT data FROM events WHERE branch = (SELECT ?) AND position = (SELECT ?);

-- name: next-stream
SELECT stream FROM events
WHERE branch = (SELECT ?) AND tenant = (SELECT ?) AND stream >= (SELECT ?) AND stream > (SELECT ?)
ORDER BY stream
LIMIT 1;

-- name: next-tenant
SELECT tenant FROM events WHERE branch = (SELECT ?) AND tenant > (SELECT ?) ORDER BY tenant LIMIT 1;

-- name: first-tenant
SELECT tenant FROM events WHERE branch = (SELECT ?) ORDER BY tenant LIMIT 1;

-- name: heads
-- One row for each branch that has events, found by one seek each.
WITH RECURSIVE branches (branch) AS (
  SELECT min(branch) FROM events
  UNION ALL
  SELECT (SELECT min(branch) FROM events WHERE branch > branches.branch) FROM branches WHERE branches.branch IS NOT NULL
)
SELECT branch, (SELECT max(position) FROM events WHERE events.branch = branches.branch)
FROM branches
WHERE branch IS NOT NULL;

-- name: first-of-tenant
SELECT position FROM events
WHERE branch = (SELECT ?) AND position > (SELECT ?) AND position <= (SELECT ?) AND tenant = (SELECT ?)
ORDER BY position
LIMIT 1;
