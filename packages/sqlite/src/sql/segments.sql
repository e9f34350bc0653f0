-- name: list
SELECT number, first, last, hash, sealed_at, state, file FROM segments WHERE number > ? ORDER BY number LIMIT ?;

-- name: seal
INSERT INTO segments (number, first, last, hash, sealed_at) VALUES (?, ?, ?, ?, ?) ON CONFLICT DO NOTHING;
