-- name: intend
INSERT INTO external_calls (branch, tenant, caller_id, caller_kind, caller_name, caller_series, external, hash, number,
  request, request_bytes, status, attempts, intended_at)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, 'intended', 0, milliseconds_now())
ON CONFLICT DO NOTHING;

-- name: settle
-- Whether it was intended or not. What is answered stays answered.
INSERT INTO external_calls AS known (branch, tenant, caller_id, caller_kind, caller_name, caller_series, external, hash, number,
  request, request_bytes, status, answer, answer_bytes, error, attempts, intended_at, settled_at)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, milliseconds_now(), milliseconds_now())
ON CONFLICT (branch, tenant, caller_id, caller_kind, caller_name, caller_series, external, hash, number) DO UPDATE SET
  status = excluded.status,
  answer = excluded.answer,
  answer_bytes = excluded.answer_bytes,
  error = excluded.error,
  attempts = known.attempts + excluded.attempts,
  settled_at = excluded.settled_at
WHERE known.status <> 'answered';

-- name: find
SELECT sequence, branch, tenant, caller_id, caller_kind, caller_name, caller_series, external, hash, number,
  request, request_bytes, status, answer, answer_bytes, error, attempts, intended_at, settled_at
FROM external_calls
WHERE branch = $1 AND tenant = $2 AND caller_id = $3 AND caller_kind = $4 AND caller_name = $5 AND caller_series = $6
  AND external = $7 AND hash = $8 AND number = $9;

-- name: latest
SELECT sequence, branch, tenant, caller_id, caller_kind, caller_name, caller_series, external, hash, number,
  request, request_bytes, status, answer, answer_bytes, error, attempts, intended_at, settled_at
FROM external_calls
WHERE branch = $1 AND tenant = $2 AND external = $3 AND hash = $4 AND settled_at <= $5 AND status = 'answered'
ORDER BY settled_at DESC, sequence DESC
LIMIT 1;

-- name: list
-- What is null is not asked for. Sizes are characters of a text, and bytes of bytes.
SELECT sequence, branch, tenant, caller_id, caller_kind, caller_name, caller_series, external, hash, number,
  CASE WHEN request_size <= $8::bigint THEN request END, CASE WHEN request_size <= $8::bigint THEN request_bytes END, status,
  CASE WHEN answer_size <= $8::bigint THEN answer END, CASE WHEN answer_size <= $8::bigint THEN answer_bytes END,
  error, attempts, intended_at, settled_at, request_size, answer_size
FROM (
  SELECT *,
    CASE WHEN request IS NULL THEN octet_length(request_bytes) WHEN request_bytes IS NULL THEN length(request)
      ELSE octet_length(request_bytes) / 2 END AS request_size,
    CASE WHEN answer IS NULL THEN octet_length(answer_bytes) WHEN answer_bytes IS NULL THEN length(answer)
      ELSE octet_length(answer_bytes) / 2 END AS answer_size
  FROM external_calls
  WHERE branch = $1 AND ($2::text IS NULL OR tenant = $2) AND ($3::text IS NULL OR external = $3)
    AND ($4::text IS NULL OR status = $4) AND ($5::text IS NULL OR caller_id = $5)
    AND ($6::bigint IS NULL OR sequence = $6) AND sequence < coalesce($7::bigint, 9223372036854775807)
  ORDER BY sequence DESC
  LIMIT $9
) AS found
ORDER BY sequence DESC;

-- name: read
SELECT sequence, branch, tenant, caller_id, caller_kind, caller_name, caller_series, external, hash, number,
  request, request_bytes, status, answer, answer_bytes, error, attempts, intended_at, settled_at
FROM external_calls
WHERE branch = $1 AND sequence > $2
ORDER BY sequence
LIMIT $3;

-- name: keep
INSERT INTO external_calls (branch, tenant, caller_id, caller_kind, caller_name, caller_series, external, hash, number,
  request, request_bytes, status, answer, answer_bytes, error, attempts, intended_at, settled_at)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18)
ON CONFLICT DO NOTHING;

-- name: prune
-- Of the oldest ones, those that are old enough.
DELETE FROM external_calls WHERE sequence = ANY (ARRAY(
  SELECT sequence FROM (
    SELECT sequence, intended_at FROM external_calls
    WHERE branch = $1 AND external = $2
    ORDER BY sequence
    LIMIT $3
  ) AS oldest WHERE intended_at < $4
));

-- name: prune-branch
DELETE FROM external_calls WHERE sequence = ANY (ARRAY(
  SELECT sequence FROM (
    SELECT sequence, intended_at FROM external_calls
    WHERE branch = $1
    LIMIT $2
  ) AS found WHERE intended_at < $3
));
