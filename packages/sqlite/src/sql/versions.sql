-- name: load
SELECT last_version FROM log;

-- name: save
UPDATE log SET last_version = ?;
