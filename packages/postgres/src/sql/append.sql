-- name: append
SELECT is_history, is_careful, last, to_json(decided_at), to_json(revisions), refusals
FROM append_requests($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20, $21, $22, $23, $24, $25,
  $26, $27, $28, $29, $30, $31, $32, $33, $34, $35, $36, $37, $38, $39, $40, $41, $42, $43, $44, $45, $46, $47, $48, $49, $50)

-- name: first-match
-- Tags stay when events are removed.
SELECT first_match($1, $2, $3, $4, $5, $6) 
WHERE CASE WHEN cardinality($6::text[]) > 0 THEN true ELSE require_attached($1, $3, $4) END

-- name: begin-epoch
SELECT begin_epoch($1)

-- name: epochs
SELECT epoch, coalesce((
  SELECT json_agg(json_build_array(branch, position)) FROM epoch_bases WHERE epoch_bases.number = epochs.number
), '[]') FROM epochs ORDER BY number

-- name: head
SELECT coalesce((SELECT position FROM events WHERE branch = $1 ORDER BY position DESC LIMIT 1), (SELECT base_position FROM base_of($1)))

-- name: is-handled
SELECT 1 FROM commands WHERE branch = $1 AND tenant = $2 AND id = $3

-- name: attached
SELECT require_attached($1, $2, $3)
