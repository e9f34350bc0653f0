-- Branches: what the log would be like. The tail of one goes on after `base` of its parent (0: main); what was decided up
-- to `base_sequence` belongs to its past. A row that has `dropped_at` is nobody's: what it left is being deleted.
CREATE TABLE branches (
  id integer GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  tenant text COLLATE "C" NOT NULL,
  name text COLLATE "C" NOT NULL,
  parent integer NOT NULL,
  base bigint NOT NULL,
  base_recorded_at bigint,
  base_sequence bigint NOT NULL,
  clock bigint NOT NULL,
  actor text COLLATE "C",
  created_at bigint NOT NULL,
  dropped_at bigint
);

CREATE UNIQUE INDEX branches_by_name ON branches (tenant, name) WHERE dropped_at IS NULL;
CREATE INDEX branches_by_parent ON branches (parent) WHERE dropped_at IS NULL;
CREATE INDEX branches_dropped ON branches (id) WHERE dropped_at IS NOT NULL;

-- Where a branch stands whose tail has no event. Under the lock: a branch that is there is there until the transaction ends.
CREATE FUNCTION base_of(of_branch integer, OUT base_position bigint, OUT base_time bigint)
LANGUAGE plpgsql STABLE
AS $$
BEGIN
  IF of_branch = 0 THEN
    base_position := 0;
    RETURN;
  END IF;
  SELECT base, base_recorded_at INTO base_position, base_time FROM branches WHERE id = of_branch AND dropped_at IS NULL;
  IF NOT FOUND THEN
    RAISE EXCEPTION 'There is no branch %', of_branch USING ERRCODE = 'HW000', HINT = 'branch.unknown';
  END IF;
END
$$;

-- Begins a branch, at a place or (null) where its parent stands: created, taken or no-parent.
CREATE FUNCTION create_branch(
  of_tenant text, with_name text, of_parent integer, at_position bigint, at_recorded bigint, at_sequence bigint,
  with_clock bigint, by_actor text, at_time bigint,
  OUT status text, OUT branch_id integer, OUT from_position bigint, OUT from_recorded bigint, OUT from_sequence bigint
)
LANGUAGE plpgsql SET search_path FROM CURRENT
SET plan_cache_mode = force_generic_plan SET enable_seqscan = off SET enable_bitmapscan = off
AS $$
BEGIN
  PERFORM lock_log();
  IF of_parent <> 0 AND NOT EXISTS (SELECT FROM branches WHERE id = of_parent AND dropped_at IS NULL) THEN
    status := 'no-parent';
    RETURN;
  END IF;
  from_position := at_position;
  from_recorded := at_recorded;
  from_sequence := at_sequence;
  IF at_position IS NULL THEN
    SELECT position, recorded_at INTO from_position, from_recorded FROM events
    WHERE branch = of_parent ORDER BY position DESC LIMIT 1;
    IF from_position IS NULL THEN
      SELECT base_position, base_time INTO from_position, from_recorded FROM base_of(of_parent);
    END IF;
    SELECT coalesce(max(sequence), 0) INTO from_sequence FROM commands;
  END IF;
  INSERT INTO branches (tenant, name, parent, base, base_recorded_at, base_sequence, clock, actor, created_at)
  VALUES (of_tenant, with_name, of_parent, from_position, from_recorded, from_sequence, with_clock, by_actor, at_time)
  ON CONFLICT (tenant, name) WHERE dropped_at IS NULL DO NOTHING
  RETURNING id INTO branch_id;
  status := CASE WHEN branch_id IS NULL THEN 'taken' ELSE 'created' END;
END
$$;

-- From here on nobody finds a branch, and nobody appends to it: dropped, unknown or parent.
CREATE FUNCTION hide_branch(of_branch integer, at_time bigint) RETURNS text
LANGUAGE plpgsql SET search_path FROM CURRENT
AS $$
BEGIN
  PERFORM lock_log();
  IF EXISTS (SELECT FROM branches WHERE parent = of_branch AND dropped_at IS NULL) THEN
    RETURN 'parent';
  END IF;
  UPDATE branches SET dropped_at = at_time WHERE id = of_branch AND dropped_at IS NULL;
  RETURN CASE WHEN FOUND THEN 'dropped' ELSE 'unknown' END;
END
$$;
