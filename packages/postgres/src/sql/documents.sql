-- name: require
SELECT require_documents($1, $2, $3, $4, $5);

-- name: first-conflict
SELECT min(number) FROM document_conflicts($1, $2, $3, $4, $5);

-- name: write
SELECT write_documents($1, $2, $3, $4, $5, $6, $7, $8, $9, $10);
