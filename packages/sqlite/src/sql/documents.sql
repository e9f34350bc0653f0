-- `{collection}` stands for the table of a collection. (SELECT ?) as in append.sql.

-- name: create
CREATE TABLE IF NOT EXISTS {collection} (
  branch   INTEGER NOT NULL,
  tenant   TEXT    NOT NULL,
  key      TEXT    NOT NULL,
  document         NOT NULL,
  position INTEGER NOT NULL,
  version  INTEGER NOT NULL,
  PRIMARY KEY (branch, tenant, key)
) WITHOUT ROWID;

-- name: drop
DROP TABLE {collection};

-- name: is-large
SELECT 1 FROM {collection} LIMIT 1 OFFSET 20000;

-- name: shrink
DELETE FROM {collection} WHERE (branch, tenant, key) IN (SELECT branch, tenant, key FROM {collection} LIMIT 500);

-- name: of-branch
-- Some of the documents of a branch, to delete them.
SELECT tenant, key FROM {collection} WHERE branch = (SELECT ?) LIMIT 500;

-- name: insert
INSERT INTO {collection} (branch, tenant, key, document, position, version) VALUES (?, ?, ?, ?, ?, ?)
ON CONFLICT (branch, tenant, key) DO NOTHING;

-- name: update
UPDATE {collection} SET document = ?, position = ?, version = ?
WHERE branch = ? AND tenant = ? AND key = ? AND version = ?;

-- name: put
INSERT INTO {collection} (branch, tenant, key, document, position, version) VALUES (?, ?, ?, ?, ?, ?)
ON CONFLICT (branch, tenant, key)
DO UPDATE SET document = excluded.document, position = excluded.position, version = excluded.version;

-- name: delete
DELETE FROM {collection} WHERE branch = ? AND tenant = ? AND key = ?;

-- name: delete-version
DELETE FROM {collection} WHERE branch = ? AND tenant = ? AND key = ? AND version = ?;

-- name: version
SELECT version FROM {collection} WHERE branch = (SELECT ?) AND tenant = (SELECT ?) AND key = (SELECT ?);

-- name: get
SELECT key, document, position, version FROM {collection}
WHERE branch = (SELECT ?) AND tenant = (SELECT ?) AND key = (SELECT ?);

-- name: count
SELECT count(*) FROM {collection} WHERE branch = ? AND tenant = ?;
