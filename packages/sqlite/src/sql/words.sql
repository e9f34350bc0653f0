-- `{collection}` stands for the table of a collection: beside it are its documents' words, with a space before and after
-- each, and an index over them. detail=none: which documents have a word is all that is asked. The tokenizer takes words
-- as they come, since they were made alike before. (SELECT ?) as in append.sql.

-- name: create
CREATE TABLE "{collection}_words" (
  id     INTEGER PRIMARY KEY,
  branch INTEGER NOT NULL,
  tenant TEXT    NOT NULL,
  key    TEXT    NOT NULL,
  words  TEXT    NOT NULL,
  UNIQUE (branch, tenant, key)
);

CREATE VIRTUAL TABLE "{collection}_search"
USING fts5 (words, content = '', contentless_delete = 1, detail = none, tokenize = 'ascii', prefix = '1 2 3 4 5 6');

CREATE VIRTUAL TABLE "{collection}_terms" USING fts5vocab ("{collection}_search", 'row');

-- name: drop
DROP TABLE IF EXISTS "{collection}_terms";
DROP TABLE IF EXISTS "{collection}_search";
DROP TABLE IF EXISTS "{collection}_words";

-- name: exists
SELECT count(*) FROM sqlite_schema WHERE name = ?;

-- name: keep
-- Gives the id where the words are others than before.
INSERT INTO "{collection}_words" (branch, tenant, key, words) VALUES (?, ?, ?, ?)
ON CONFLICT (branch, tenant, key) DO UPDATE SET words = excluded.words WHERE words <> excluded.words
RETURNING id;

-- name: index
INSERT OR REPLACE INTO "{collection}_search" (rowid, words) VALUES (?, ?);

-- name: forget
DELETE FROM "{collection}_words" WHERE branch = ? AND tenant = ? AND key = ? RETURNING id;

-- name: remove
DELETE FROM "{collection}_search" WHERE rowid = ?;

-- name: last
SELECT max(id) FROM "{collection}_words";

-- name: candidates
SELECT rowid FROM "{collection}_search"
WHERE "{collection}_search" MATCH (SELECT ?) AND rowid > (SELECT ?) AND rowid <= (SELECT ?)
ORDER BY rowid
LIMIT ?;

-- name: terms
-- How many words begin with a prefix, up to a number.
SELECT count(*) FROM (SELECT 1 FROM "{collection}_terms" WHERE term >= ? AND term < ? LIMIT ?);
