-- `{collection}` stands for the table of a collection.

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

-- name: insert
-- The document is new: its version is the chosen one, or above any that a deleted one was counted up to.
INSERT INTO {collection} (branch, tenant, key, document, position, version)
VALUES (?, ?, ?, ?, ?, coalesce(?, (SELECT version_floor + 1 FROM log)))
ON CONFLICT (branch, tenant, key) DO NOTHING;

-- name: update
UPDATE {collection} SET document = ?, position = ?, version = coalesce(?, version + 1)
WHERE branch = ? AND tenant = ? AND key = ? AND version = ?;

-- name: put
INSERT INTO {collection} (branch, tenant, key, document, position, version)
VALUES (?, ?, ?, ?, ?, coalesce(?, (SELECT version_floor + 1 FROM log)))
ON CONFLICT (branch, tenant, key)
DO UPDATE SET document = excluded.document, position = excluded.position, version = coalesce(?, version + 1);

-- name: delete
DELETE FROM {collection} WHERE branch = ? AND tenant = ? AND key = ?;

-- name: version
SELECT version FROM {collection} WHERE branch = ? AND tenant = ? AND key = ?;

-- name: get
SELECT key, document, position, version FROM {collection} WHERE branch = ? AND tenant = ? AND key = ?;

-- name: count
SELECT count(*) FROM {collection} WHERE branch = ? AND tenant = ?;

-- name: highest-version
-- Of those that were counted, not chosen by a writer.
SELECT max(version) FROM {collection} WHERE version < 1099511627776;
