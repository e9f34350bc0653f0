-- name: checkpoint
SELECT epoch, position, event_id FROM partitions WHERE processor = $1 AND branch = $2 ORDER BY position LIMIT 1

-- name: partitions
SELECT first, last, generation, epoch, position, event_id, ahead FROM partitions
WHERE processor = $1 AND branch = $2
ORDER BY first

-- name: lock-partitions
SELECT first, last, generation, epoch, position, event_id, ahead FROM partitions
WHERE processor = $1 AND branch = $2
ORDER BY first
FOR UPDATE

-- name: insert-partitions
-- Whoever inserts the first one of a processor is the only one who begins it.
INSERT INTO partitions (processor, branch, first, last, generation, epoch, position, event_id, ahead)
SELECT $1, $2, * FROM unnest($3::integer[], $4::integer[], $5::bigint[], $6::text[], $7::bigint[], $8::text[], $9::text[])
ON CONFLICT DO NOTHING

-- name: delete-partitions
DELETE FROM partitions WHERE processor = $1 AND branch = $2

-- name: move-partitions
UPDATE partitions SET generation = generation + 1, epoch = $3, position = $4, event_id = $5, ahead = NULL
WHERE processor = $1 AND branch = $2

-- name: commit
SELECT commit_progress($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)
