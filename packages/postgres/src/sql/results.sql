-- name: save
INSERT INTO results (processor, branch, position, tenant, sequence, status, attempts, result, result_bytes, error, owner, at,
  actor, why, job)
SELECT * FROM unnest($1::text[], $2::integer[], $3::bigint[], $4::text[], $5::text[], $6::text[], $7::integer[], $8::text[], $9::bytea[],
  $10::text[], $11::text[], $12::bigint[], $13::text[], $14::text[], $15::text[])
ON CONFLICT (branch, position, processor, tenant, sequence) DO UPDATE SET
  status = excluded.status, attempts = excluded.attempts, result = excluded.result, result_bytes = excluded.result_bytes,
  error = excluded.error, owner = excluded.owner, at = excluded.at, actor = excluded.actor, why = excluded.why,
  job = excluded.job

-- name: list
SELECT branch, position, processor, tenant, sequence, status, attempts, result, result_bytes, error, owner, at, actor, why, job
FROM results
WHERE branch = $1 AND position > $2 AND ($3::text IS NULL OR tenant = $3)
ORDER BY position, processor, tenant, sequence
LIMIT $4

-- name: list-of-event
SELECT branch, position, processor, tenant, sequence, status, attempts, result, result_bytes, error, owner, at, actor, why, job
FROM results
WHERE branch = $1 AND position = $2 AND ($3::text IS NULL OR tenant = $3) AND ($4::text IS NULL OR processor = $4)
ORDER BY position, processor, tenant, sequence
LIMIT $5

-- name: list-of-processor
SELECT branch, position, processor, tenant, sequence, status, attempts, result, result_bytes, error, owner, at, actor, why, job
FROM results
WHERE processor = $1 AND branch = $2 AND position > $3 AND ($4::text IS NULL OR tenant = $4)
ORDER BY position, tenant, sequence
LIMIT $5

-- name: forget
DELETE FROM results WHERE processor = $1 AND branch = $2
