-- name: park
INSERT INTO parked_events (processor, branch, slot, tenant, sequence, position, attempts, error, parked_at,
  edits, edit_data, edit_data_bytes, edit_version, edit_actor, edit_why, edited_at)
SELECT * FROM unnest($1::text[], $2::integer[], $3::integer[], $4::text[], $5::text[], $6::bigint[], $7::integer[],
  $8::text[], $9::bigint[], $10::integer[], $11::text[], $12::bytea[], $13::integer[], $14::text[], $15::text[], $16::bigint[])
ON CONFLICT (processor, branch, slot, tenant, sequence, position)
DO UPDATE SET attempts = excluded.attempts, error = excluded.error, parked_at = excluded.parked_at
WHERE excluded.attempts > 0

-- name: unpark
SELECT unpark_events($1, $2, $3, $4, $5, $6, $7)

-- name: unpark-after
DELETE FROM parked_events WHERE processor = $1 AND branch = $2 AND position > $3

-- name: edit
UPDATE parked_events
SET edits = edits + 1, edit_data = $1, edit_data_bytes = $2, edit_version = $3, edit_actor = $4, edit_why = $5, edited_at = $6
WHERE processor = $7 AND branch = $8 AND slot = $9 AND tenant = $10 AND sequence = $11 AND position = $12 AND edits = $13

-- name: list
SELECT tenant, sequence, position, attempts, error, parked_at, edits,
  edit_data, edit_data_bytes, edit_version, edit_actor, edit_why, edited_at
FROM parked_events
WHERE processor = $1 AND branch = $2 AND position > $3
  AND ($4::text IS NULL OR tenant = $4) AND ($5::text IS NULL OR sequence = $5)
ORDER BY position, tenant, sequence
LIMIT $6

-- name: list-sequence
SELECT tenant, sequence, position, attempts, error, parked_at, edits,
  edit_data, edit_data_bytes, edit_version, edit_actor, edit_why, edited_at
FROM parked_events
WHERE processor = $1 AND branch = $2 AND slot = $3 AND tenant = $4 AND sequence = $5 AND position > $6
ORDER BY position
LIMIT $7

-- name: sequences
-- Goes from sequence to sequence, whatever stands in them, and no further than asked for.
WITH RECURSIVE names AS (
  (SELECT slot, tenant, sequence FROM parked_events
    WHERE processor = $1 AND branch = $2 AND slot >= $3 AND slot <= $4 AND (slot, tenant, sequence) > ($5, $6, $7)
    ORDER BY slot, tenant, sequence LIMIT 1)
  UNION ALL
  SELECT next.slot, next.tenant, next.sequence FROM names, LATERAL (
    SELECT slot, tenant, sequence FROM parked_events
    WHERE processor = $1 AND branch = $2 AND slot <= $4
      AND (slot, tenant, sequence) > (names.slot, names.tenant, names.sequence)
    ORDER BY slot, tenant, sequence LIMIT 1) AS next
)
SELECT tenant, sequence, position, attempts, error, parked_at, events,
  EXISTS (SELECT 1 FROM asked_sequences AS asked
    WHERE asked.processor = $1 AND asked.branch = $2 AND asked.slot = names.slot
      AND asked.tenant = names.tenant AND asked.sequence = names.sequence)
FROM names, LATERAL (
  SELECT position, attempts, error, parked_at FROM parked_events AS parked
  WHERE parked.processor = $1 AND parked.branch = $2 AND parked.slot = names.slot
    AND parked.tenant = names.tenant AND parked.sequence = names.sequence
  ORDER BY position LIMIT 1) AS first, LATERAL (
  SELECT count(*) AS events FROM (SELECT 1 FROM parked_events AS parked
    WHERE parked.processor = $1 AND parked.branch = $2 AND parked.slot = names.slot
      AND parked.tenant = names.tenant AND parked.sequence = names.sequence
    LIMIT $8) AS counted) AS counts
WHERE $9::text IS NULL OR tenant = $9
LIMIT $10

-- name: count
SELECT count(*) FROM (SELECT 1 FROM parked_events WHERE processor = $1 AND branch = $2 LIMIT $3) AS counted

-- name: drop
-- Of those that drop at once one has the first events, and the other goes on behind them.
WITH chosen AS MATERIALIZED (
  SELECT position FROM parked_events
  WHERE processor = $1 AND branch = $2 AND slot = $3 AND tenant = $4 AND sequence = $5
    AND position >= $6 AND position <= $7
  ORDER BY position
  LIMIT $8
  FOR UPDATE SKIP LOCKED
), dropped AS (
  DELETE FROM parked_events AS parked USING chosen
  WHERE parked.processor = $1 AND parked.branch = $2 AND parked.slot = $3 AND parked.tenant = $4
    AND parked.sequence = $5 AND parked.position = chosen.position
  RETURNING parked.position, parked.attempts, parked.error
)
INSERT INTO results (branch, position, processor, tenant, sequence, status, attempts, error, owner, at, actor, why)
SELECT $2, position, $1, $4, $5, 'dropped', attempts, error, '', $9, $10, $11 FROM dropped
ON CONFLICT (branch, position, processor, tenant, sequence) DO UPDATE SET
  status = excluded.status, attempts = excluded.attempts, result = NULL, result_bytes = NULL, error = excluded.error,
  owner = excluded.owner, at = excluded.at, actor = excluded.actor, why = excluded.why, job = NULL

-- name: ask-parked
-- Those that are parked; gives how many they are.
WITH parked AS (
  SELECT slot, tenant, sequence, number
  FROM unnest($3::integer[], $4::text[], $5::text[]) WITH ORDINALITY AS given (slot, tenant, sequence, number)
  WHERE EXISTS (SELECT 1 FROM parked_events
    WHERE processor = $1 AND branch = $2 AND parked_events.slot = given.slot
      AND parked_events.tenant = given.tenant AND parked_events.sequence = given.sequence)
), asked AS (
  INSERT INTO asked_sequences (processor, branch, slot, tenant, sequence)
  SELECT $1, $2, slot, tenant, sequence FROM parked ORDER BY number
  ON CONFLICT DO NOTHING
)
SELECT count(*) FROM parked

-- name: ask
INSERT INTO asked_sequences (processor, branch, slot, tenant, sequence)
SELECT $1, $2, slot, tenant, sequence
FROM unnest($3::integer[], $4::text[], $5::text[]) WITH ORDINALITY AS given (slot, tenant, sequence, number)
ORDER BY number
ON CONFLICT DO NOTHING

-- name: answer
DELETE FROM asked_sequences USING unnest($3::integer[], $4::text[], $5::text[]) AS given (slot, tenant, sequence)
WHERE processor = $1 AND branch = $2 AND asked_sequences.slot = given.slot
  AND asked_sequences.tenant = given.tenant AND asked_sequences.sequence = given.sequence

-- name: asked
SELECT tenant, sequence FROM asked_sequences
WHERE processor = $1 AND branch = $2 AND slot >= $3 AND slot <= $4
ORDER BY number
LIMIT $5

-- name: forget-parked
DELETE FROM parked_events WHERE processor = $1 AND branch = $2

-- name: forget-asked
DELETE FROM asked_sequences WHERE processor = $1 AND branch = $2
