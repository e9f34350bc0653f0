-- name: checkpoint
SELECT epoch, position, event_id FROM partitions WHERE processor = (SELECT ?) AND branch = (SELECT ?) ORDER BY position LIMIT 1;

-- name: partitions
SELECT first, last, generation, epoch, position, event_id, ahead FROM partitions WHERE processor = ? AND branch = ? ORDER BY first;

-- name: insert-partition
INSERT INTO partitions (processor, branch, first, last, generation, epoch, position, event_id, ahead) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?);

-- name: delete-partitions
DELETE FROM partitions WHERE processor = ? AND branch = ?;

-- name: save-checkpoint
UPDATE partitions SET epoch = ?, position = ?, event_id = ?
WHERE processor = ? AND branch = ? AND first = ? AND last = ? AND generation = ?;

-- name: position
SELECT position FROM partitions WHERE processor = ? AND branch = ? AND first = ? AND last = ? AND generation = ?;

-- name: save-only-checkpoint
-- Where others begin at 0, too, this processor is not divided.
INSERT INTO partitions (processor, branch, first, last, generation, epoch, position, event_id) VALUES (?, ?, 0, 65535, 1, ?, ?, ?)
ON CONFLICT (processor, branch, first) DO UPDATE SET epoch = excluded.epoch, position = excluded.position, event_id = excluded.event_id
WHERE last = 65535;

-- name: only-position
SELECT position, last FROM partitions WHERE processor = ? AND branch = ? AND first = 0;
