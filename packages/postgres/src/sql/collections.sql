-- `{collection}` stands for the table of a collection, `{name}` and `{path}` for an index and its path.

-- name: find
SELECT table_name, searchable FROM collections WHERE name = $1;

-- name: lock
-- Whoever makes, changes or drops collections takes turns; nobody else waits for them.
SELECT pg_advisory_xact_lock(hashtext('headwater collections'), hashtext(current_schema()));

-- name: register
-- The number is a part of the name: another collection of the same name has another table.
WITH fresh AS (SELECT nextval(pg_get_serial_sequence('collections', 'id')) AS id)
INSERT INTO collections (id, name, table_name, searchable) OVERRIDING SYSTEM VALUE
SELECT id, $1, $2 || '_' || id, false FROM fresh
RETURNING table_name, searchable;

-- name: make-searchable
UPDATE collections SET searchable = true WHERE name = $1;

-- name: forget
UPDATE collections SET name = NULL WHERE name = $1;

-- name: forgotten
SELECT id, table_name FROM collections WHERE name IS NULL ORDER BY id;

-- name: delete
DELETE FROM collections WHERE id = $1 AND name IS NULL;

-- name: create
-- Without an index over documents their rows are replaced on their own page.
CREATE TABLE {collection} (
  branch integer NOT NULL,
  tenant text COLLATE "C" NOT NULL,
  key text COLLATE "C" NOT NULL,
  document text COLLATE "C",
  document_bytes bytea,
  position bigint NOT NULL,
  version bigint NOT NULL,
  PRIMARY KEY (branch, tenant, key)
) WITH (fillfactor = 70);

-- name: create-index
CREATE INDEX IF NOT EXISTS {index} ON {collection} (branch, tenant, {value}, key);

-- name: create-words
CREATE TABLE {words} (
  branch integer NOT NULL,
  tenant text COLLATE "C" NOT NULL,
  key text COLLATE "C" NOT NULL,
  words tsvector NOT NULL,
  many_words text COLLATE "C",
  PRIMARY KEY (branch, tenant, key)
);
CREATE INDEX ON {words} USING gin (words);

-- name: drop
DROP TABLE IF EXISTS {words}, {collection};

-- name: count
SELECT count(*) FROM {collection} WHERE branch = $1 AND tenant = $2;

-- name: get
SELECT key, document, document_bytes, position, version FROM {collection}
WHERE branch = $1 AND tenant = $2 AND key = ANY ($3);

-- name: indexes
SELECT indexname FROM pg_indexes WHERE schemaname = current_schema() AND tablename = $1;
