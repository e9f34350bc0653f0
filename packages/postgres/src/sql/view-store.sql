-- name: position
-- One row without a position where nothing was ever committed.
SELECT epoch, position, event_id FROM collections
LEFT JOIN view_positions ON collection = id AND branch = $2
WHERE name = $1;

-- name: advance
SELECT advance_view($1, $2, $3, $4, $5, $6, $7);
