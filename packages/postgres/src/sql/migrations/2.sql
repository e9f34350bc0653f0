-- The sealed segments of main, and where their events are.
CREATE TABLE segments (
  number bigint PRIMARY KEY,
  first bigint NOT NULL,
  last bigint NOT NULL,
  hash text COLLATE "C" NOT NULL,
  sealed_at bigint NOT NULL,
  state text COLLATE "C" NOT NULL DEFAULT 'attached',
  file text COLLATE "C"
);
