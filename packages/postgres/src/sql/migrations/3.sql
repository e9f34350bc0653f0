-- Reading beside segments that are not attached. What follows is called by reads, in their own snapshots: a segment is not
-- attached any more when its first event is removed, and again when its last one is back.

-- Fails where events after a position and up to another may have been removed. The first one after it and the last one of a
-- segment always stay: who reads on from the last position, or looks at the event there, needs no other.
CREATE FUNCTION require_attached(of_branch integer, after bigint, until bigint) RETURNS boolean
LANGUAGE plpgsql STABLE SET search_path FROM CURRENT
AS $$
DECLARE
  segment record;
BEGIN
  IF of_branch <> 0 OR until <= after THEN
    RETURN true;
  END IF;
  SELECT number, first, last, file INTO segment FROM segments
  WHERE state <> 'attached' AND last > after + 1 AND first <= until ORDER BY number DESC LIMIT 1;
  IF FOUND THEN
    RAISE EXCEPTION USING ERRCODE = 'HW000', HINT = 'segment.detached', MESSAGE = format(
      'Positions %s to %s are not in the log: segment %s is in %s', segment.first, segment.last, segment.number, segment.file);
  END IF;
  RETURN true;
END
$$;

-- Fails where one of the positions was removed.
CREATE FUNCTION require_events(of_branch integer, positions bigint[]) RETURNS boolean
LANGUAGE plpgsql STABLE SET search_path FROM CURRENT
AS $$
BEGIN
  RETURN (
    SELECT bool_and(require_attached(0, position - 1, position)) FROM unnest(positions) AS given (position)
    WHERE of_branch = 0 AND EXISTS (SELECT FROM segments WHERE state <> 'attached')
      AND NOT EXISTS (SELECT FROM events WHERE branch = 0 AND events.position = given.position)
  ) IS NOT false;
END
$$;

-- As revision_at, of a log from which events may have been removed: those that are missing are older.
CREATE FUNCTION last_revision_at(of_branch integer, of_tenant text, of_stream text, at bigint) RETURNS bigint
LANGUAGE plpgsql STABLE SET search_path FROM CURRENT
SET plan_cache_mode = force_generic_plan SET enable_seqscan = off SET enable_bitmapscan = off
AS $$
DECLARE
  low bigint;
  high bigint;
  middle bigint;
  last bigint;
BEGIN
  SELECT revision, position INTO high, last FROM events
  WHERE branch = of_branch AND tenant = of_tenant AND stream = of_stream ORDER BY revision DESC LIMIT 1;
  IF at IS NULL OR last IS NULL OR last <= at THEN
    RETURN coalesce(high, 0);
  END IF;
  PERFORM require_attached(of_branch, at, last);
  SELECT revision INTO low FROM events
  WHERE branch = of_branch AND tenant = of_tenant AND stream = of_stream ORDER BY revision LIMIT 1;
  -- The first one that is beyond.
  WHILE low < high LOOP
    middle := (low + high) / 2;
    IF coalesce((
      SELECT position FROM events
      WHERE branch = of_branch AND tenant = of_tenant AND stream = of_stream AND revision = middle
    ), 0) <= at THEN
      low := middle + 1;
    ELSE
      high := middle;
    END IF;
  END LOOP;
  RETURN low - 1;
END
$$;

-- As position_at, of a log from which events may have been removed: fails where the position is among them.
CREATE FUNCTION first_position_at(of_branch integer, at bigint) RETURNS bigint
LANGUAGE plpgsql STABLE SET search_path FROM CURRENT
SET plan_cache_mode = force_generic_plan SET enable_seqscan = off SET enable_bitmapscan = off
AS $$
DECLARE
  low bigint;
  high bigint;
  middle bigint;
BEGIN
  SELECT position INTO low FROM events WHERE branch = of_branch ORDER BY position LIMIT 1;
  IF of_branch = 0 THEN
    low := least(low, 1);
  END IF;
  SELECT position + 1 INTO high FROM events WHERE branch = of_branch ORDER BY position DESC LIMIT 1;
  WHILE low < high LOOP
    middle := (low + high) / 2;
    IF (
      SELECT recorded_at FROM events WHERE branch = of_branch AND position >= middle ORDER BY position LIMIT 1
    ) < at THEN
      low := middle + 1;
    ELSE
      high := middle;
    END IF;
  END LOOP;
  PERFORM require_attached(of_branch, low - 1, low);
  RETURN coalesce(low, 1);
END
$$;
