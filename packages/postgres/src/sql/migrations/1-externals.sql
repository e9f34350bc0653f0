-- Calls to the outside, and what they answered.
CREATE TABLE external_calls (
  sequence bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  branch integer NOT NULL,
  tenant text COLLATE "C" NOT NULL,
  caller_id text COLLATE "C" NOT NULL,
  caller_kind text COLLATE "C" NOT NULL,
  caller_name text COLLATE "C" NOT NULL,
  caller_series text COLLATE "C" NOT NULL,
  external text COLLATE "C" NOT NULL,
  hash text COLLATE "C" NOT NULL,
  number integer NOT NULL,
  request text COLLATE "C",
  request_bytes bytea,
  status text COLLATE "C" NOT NULL,
  answer text COLLATE "C",
  answer_bytes bytea,
  error text COLLATE "C",
  attempts integer NOT NULL,
  intended_at bigint NOT NULL,
  settled_at bigint
);

CREATE UNIQUE INDEX external_calls_by_key
  ON external_calls (branch, tenant, caller_id, caller_kind, caller_name, caller_series, external, hash, number);
CREATE INDEX external_calls_by_external ON external_calls (branch, external, sequence);
-- The last answer to a request at a time.
CREATE INDEX external_calls_by_request ON external_calls (branch, tenant, external, hash, settled_at, sequence)
  WHERE status = 'answered';
