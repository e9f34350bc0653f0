-- name: steps
SELECT name, checksum FROM user_steps WHERE owner = $1

-- name: take-step
INSERT INTO user_steps (owner, name, checksum, taken_at) VALUES ($1, $2, $3, milliseconds_now())

-- name: forget-steps
DELETE FROM user_steps WHERE owner = $1

-- name: alone
SELECT pg_advisory_xact_lock(1213486933, hashtext($1))

-- name: take-time
-- For the transaction: what is made goes among users' tables, and may take its time.
SELECT set_config('search_path', quote_ident($1) || ',' || current_setting('search_path'), true),
  set_config('lock_timeout', $2, true), set_config('statement_timeout', '0', true)

-- name: own
-- Names begin with the prefix, and have no further double underscore.
SELECT CASE relkind WHEN 'v' THEN 'VIEW' WHEN 'm' THEN 'MATERIALIZED VIEW' ELSE 'TABLE' END, relname
FROM pg_class JOIN pg_namespace ON pg_namespace.oid = relnamespace
WHERE nspname = $1 AND relkind IN ('r', 'p', 'v', 'm') AND NOT relispartition
  AND starts_with(lower(relname), $2) AND strpos(substr(relname, length($2) + 1), '__') = 0
ORDER BY relname
