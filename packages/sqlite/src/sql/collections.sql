-- name: find
SELECT table_name FROM collections WHERE name = ?;

-- name: register
INSERT INTO collections (name, table_name) VALUES (?, ?);

-- name: forget
DELETE FROM collections WHERE name = ?;

-- name: indexes
SELECT name FROM pragma_index_list(?);

-- name: all
SELECT name FROM collections ORDER BY name;
