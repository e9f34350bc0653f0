-- name: find
SELECT hash, epoch, position, event_id, generations, taken_at FROM images WHERE image = ? AND branch = ?;

-- name: parts
SELECT number, tenant, table_name, data FROM image_parts
WHERE image = ? AND branch = ? AND generation = ? AND number > ?
ORDER BY number
LIMIT ?;

-- name: add
INSERT INTO image_parts (image, branch, generation, number, tenant, table_name, data) VALUES (?, ?, ?, ?, ?, ?, ?);

-- name: publish
INSERT INTO images (image, branch, hash, epoch, position, event_id, generations, taken_at) VALUES (?, ?, ?, ?, ?, ?, ?, ?)
ON CONFLICT (image, branch) DO UPDATE SET
  hash = excluded.hash,
  epoch = excluded.epoch,
  position = excluded.position,
  event_id = excluded.event_id,
  generations = excluded.generations,
  taken_at = excluded.taken_at;

-- name: prune
DELETE FROM image_parts WHERE rowid IN (
  SELECT rowid FROM image_parts
  WHERE image = ? AND branch = ? AND generation NOT IN (SELECT value FROM json_each(?))
  LIMIT ?
);

-- name: drop
DELETE FROM images WHERE image = ? AND branch = ?;
