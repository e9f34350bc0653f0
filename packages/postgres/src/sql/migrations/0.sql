-- Before all others: what was taken, and what it read.
CREATE TABLE migrations (
  number   integer PRIMARY KEY,
  checksum text COLLATE "C" NOT NULL,
  taken_at timestamptz NOT NULL
);
