-- name: next
SELECT min(range) FROM type_ranges WHERE branch = (SELECT ?) AND type = (SELECT ?) AND range >= (SELECT ?);

-- name: insert
INSERT INTO type_ranges (branch, type, range) VALUES (?, ?, ?) ON CONFLICT DO NOTHING;

-- name: first-event
-- The first event of a type and tenant between two positions (exclusive, inclusive), range by range.
WITH given (branch, type, tenant, after, until) AS (SELECT ?, ?, ?, CAST(? AS INTEGER), CAST(? AS INTEGER))
SELECT events.position
FROM given
CROSS JOIN type_ranges ON type_ranges.branch = given.branch AND type_ranges.type = given.type
  AND type_ranges.range >= given.after / 1024 AND type_ranges.range <= (given.until - 1) / 1024
CROSS JOIN events ON events.branch = given.branch
  AND events.position > max(given.after, type_ranges.range * 1024)
  AND events.position <= min(given.until, (type_ranges.range + 1) * 1024)
WHERE events.type = given.type AND events.tenant = given.tenant
ORDER BY type_ranges.range, events.position
LIMIT 1;

-- name: first-event-of-any-tenant
WITH given (branch, type, after) AS (SELECT ?, ?, CAST(? AS INTEGER))
SELECT events.position
FROM given
CROSS JOIN type_ranges ON type_ranges.branch = given.branch AND type_ranges.type = given.type
  AND type_ranges.range >= given.after / 1024
CROSS JOIN events ON events.branch = given.branch
  AND events.position > max(given.after, type_ranges.range * 1024)
  AND events.position <= (type_ranges.range + 1) * 1024
WHERE events.type = given.type
ORDER BY type_ranges.range, events.position
LIMIT 1;
