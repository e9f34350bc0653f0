-- name: find
SELECT id, tenant, name, parent, base, base_recorded_at, base_sequence, clock, actor, created_at FROM branches
WHERE tenant = $1 AND name = $2 AND dropped_at IS NULL

-- name: get
SELECT id, tenant, name, parent, base, base_recorded_at, base_sequence, clock, actor, created_at FROM branches
WHERE id = $1 AND dropped_at IS NULL

-- name: list
SELECT id, tenant, name, parent, base, base_recorded_at, base_sequence, clock, actor, created_at FROM branches
WHERE (tenant, name) > ($1, $2) AND tenant = coalesce($3, tenant) AND dropped_at IS NULL
ORDER BY tenant, name
LIMIT $4

-- name: create
SELECT status, branch_id, from_position, from_recorded, from_sequence
FROM create_branch($1, $2, $3, $4, $5, $6, $7, $8, $9)

-- name: set-clock
UPDATE branches SET clock = $2 WHERE id = $1 AND dropped_at IS NULL

-- name: hide
SELECT hide_branch($1, $2)

-- name: dropped
SELECT id FROM branches WHERE dropped_at IS NOT NULL ORDER BY id LIMIT 1

-- name: forget
DELETE FROM branches WHERE id = $1 AND dropped_at IS NOT NULL

-- name: collections
SELECT table_name, searchable FROM collections WHERE name IS NOT NULL ORDER BY id

-- name: shrink
-- Some of what a branch left in a table.
DELETE FROM {table} WHERE ctid = ANY (ARRAY(SELECT ctid FROM {table} WHERE branch = $1 LIMIT 1000))
