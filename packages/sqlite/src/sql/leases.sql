-- The database's clock: epoch milliseconds.

-- name: acquire
-- The row stays when a lease ends, so that its token rises with every holder.
INSERT INTO leases (name, owner, token, expires_at)
VALUES (?, ?, 1, CAST(unixepoch('subsec') * 1000 AS INTEGER) + ?)
ON CONFLICT (name) DO UPDATE SET
  token = CASE WHEN owner = excluded.owner AND expires_at > CAST(unixepoch('subsec') * 1000 AS INTEGER)
    THEN token ELSE token + 1 END,
  owner = excluded.owner,
  expires_at = excluded.expires_at
WHERE owner = excluded.owner OR expires_at <= CAST(unixepoch('subsec') * 1000 AS INTEGER)
RETURNING token;

-- name: holder
SELECT owner FROM leases WHERE name = ?;

-- name: evict
UPDATE leases SET expires_at = 0 WHERE name = ? AND owner = ?;

-- name: renew
UPDATE leases SET expires_at = CAST(unixepoch('subsec') * 1000 AS INTEGER) + ?
WHERE name = ? AND owner = ? AND token = ? AND expires_at > CAST(unixepoch('subsec') * 1000 AS INTEGER);

-- name: held
SELECT 1 FROM leases
WHERE name = ? AND owner = ? AND token = ? AND expires_at > CAST(unixepoch('subsec') * 1000 AS INTEGER);

-- name: release
UPDATE leases SET expires_at = 0 WHERE name = ? AND owner = ? AND token = ?;

-- name: all-held
SELECT name, owner FROM leases
WHERE substr(name, 1, length(?)) = ? AND expires_at > CAST(unixepoch('subsec') * 1000 AS INTEGER);
