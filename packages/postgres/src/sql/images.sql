-- name: find
SELECT hash, epoch, position, event_id, generations, taken_at FROM images WHERE image = $1 AND branch = $2;

-- name: parts
SELECT number, tenant, table_name, data, data_bytes FROM image_parts
WHERE image = $1 AND branch = $2 AND generation = $3 AND number > $4
ORDER BY number
LIMIT $5;

-- name: add
INSERT INTO image_parts (image, branch, generation, number, tenant, table_name, data, data_bytes)
SELECT * FROM unnest($1::text[], $2::integer[], $3::text[], $4::bigint[], $5::text[], $6::text[], $7::text[], $8::bytea[]);

-- name: publish
-- The lease's row is locked: nobody takes it over before this is committed.
WITH held AS (
  SELECT 1 FROM leases WHERE name = $9 AND owner = $10 AND token = $11
    AND expires_at > floor(extract(epoch FROM clock_timestamp()) * 1000) FOR SHARE
)
INSERT INTO images (image, branch, hash, epoch, position, event_id, generations, taken_at)
SELECT $1, $2, $3, $4, $5, $6, $7, $8 FROM held
ON CONFLICT (image, branch) DO UPDATE SET
  hash = excluded.hash,
  epoch = excluded.epoch,
  position = excluded.position,
  event_id = excluded.event_id,
  generations = excluded.generations,
  taken_at = excluded.taken_at;

-- name: prune
DELETE FROM image_parts WHERE ctid = ANY (ARRAY(
  SELECT ctid FROM image_parts
  WHERE image = $1 AND branch = $2 AND generation <> ALL ($3::text[])
  LIMIT $4
));

-- name: drop
DELETE FROM images WHERE image = $1 AND branch = $2;
