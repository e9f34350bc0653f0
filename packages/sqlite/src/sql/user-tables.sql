-- name: steps
SELECT name, checksum FROM user_steps WHERE owner = ?;

-- name: take-step
INSERT INTO user_steps (owner, name, checksum, taken_at) VALUES (?, ?, ?, CAST(unixepoch('subsec') * 1000 AS INTEGER));

-- name: forget-steps
DELETE FROM user_steps WHERE owner = ?;

-- name: others
-- All that is not an owner's: its names begin with the prefix, and have no further double underscore.
SELECT type, name, tbl_name, rootpage, sql FROM sqlite_schema
WHERE name <> 'sqlite_sequence' AND NOT (
  lower(substr(tbl_name, 1, length(:prefix))) = :prefix AND instr(substr(tbl_name, length(:prefix) + 1), '__') = 0
  AND (name LIKE 'sqlite_autoindex_%'
    OR (lower(substr(name, 1, length(:prefix))) = :prefix AND instr(substr(name, length(:prefix) + 1), '__') = 0))
)
UNION ALL
SELECT type, name, tbl_name, rootpage, sql FROM sqlite_temp_schema
ORDER BY 1, 2, 3;

-- name: own
-- Virtual tables first, since they drop tables of theirs; views before what they show.
SELECT type, name, sql FROM sqlite_schema
WHERE type IN ('table', 'view')
  AND lower(substr(name, 1, length(:prefix))) = :prefix AND instr(substr(name, length(:prefix) + 1), '__') = 0
ORDER BY sql NOT LIKE 'CREATE VIRTUAL%', type = 'table', name;
