-- The database's clock: epoch milliseconds.

-- name: acquire
-- Of a holder whose connection has ended it is known that it holds nothing any more.
INSERT INTO leases AS held (name, owner, token, expires_at, presence)
VALUES ($1, $2, nextval('lease_tokens'), milliseconds_now() + $3, $4)
ON CONFLICT (name) DO UPDATE SET
  token = CASE WHEN held.owner = excluded.owner AND held.expires_at > milliseconds_now() THEN held.token
    ELSE nextval('lease_tokens') END,
  owner = excluded.owner,
  expires_at = milliseconds_now() + $3,
  presence = excluded.presence
WHERE held.owner = excluded.owner OR held.expires_at <= milliseconds_now() OR is_gone(held.presence)
RETURNING token

-- name: renew
UPDATE leases SET expires_at = milliseconds_now() + $1, presence = $2
WHERE name = $3 AND owner = $4 AND token = $5 AND expires_at > milliseconds_now()

-- name: release
UPDATE leases SET expires_at = 0 WHERE name = $1 AND owner = $2 AND token = $3

-- name: all-held
SELECT name, owner FROM leases
WHERE name >= $1 AND starts_with(name, $1) AND expires_at > milliseconds_now() AND NOT is_gone(presence)

-- name: prune
-- Tokens are given to no two holders, so that a row without a holder need not stay.
DELETE FROM leases WHERE expires_at < milliseconds_now() - 86400000

-- name: held
SELECT 1 FROM leases
WHERE name = $1 AND owner = $2 AND token = $3 AND expires_at > milliseconds_now()
FOR SHARE

-- name: require
SELECT require_lease($1, $2, $3)

-- name: be-present
SELECT pg_advisory_lock($1)
