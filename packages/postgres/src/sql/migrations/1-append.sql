-- Appending. The functions see these tables alone, whoever calls them, and go by their indexes whatever statistics there
-- are: a new log has none, and a scan chosen then would be kept.

-- Whose history the tables hold: the cluster, its timeline, and the table itself. A restored dump has another table, a
-- promoted replica another timeline.
CREATE FUNCTION current_identity() RETURNS text
LANGUAGE plpgsql
AS $$
DECLARE
  -- A session never leaves its cluster: what is read from a file is read once.
  cluster text := current_setting('headwater.cluster', true);
BEGIN
  IF cluster IS NULL OR cluster = '' THEN
    cluster := set_config('headwater.cluster', (pg_control_system()).system_identifier::text, false);
  END IF;
  RETURN concat_ws('/', cluster, left(pg_walfile_name(pg_current_wal_insert_lsn()), 8), 'events'::regclass::oid);
END
$$;

-- All that gives positions, or changes what an append depends on, takes this lock, and keeps it to the end of its
-- transaction: so the order of positions is that of commits.
CREATE FUNCTION lock_log() RETURNS void
LANGUAGE plpgsql
AS $$
BEGIN
  -- "HDWR", and the table: every log has a lock of its own.
  PERFORM pg_advisory_xact_lock((x'48445752'::bigint << 32) | 'events'::regclass::oid::bigint);
END
$$;

-- The first event after a position and up to another that has all of the tags and one of the types (null: any); by index.
CREATE FUNCTION first_match(
  of_branch integer, of_tenant text, after bigint, until bigint, with_types text[], with_tags text[]
) RETURNS bigint
LANGUAGE plpgsql STABLE SET search_path FROM CURRENT
SET plan_cache_mode = force_generic_plan SET enable_seqscan = off SET enable_bitmapscan = off SET enable_sort = off
AS $$
DECLARE
  found bigint;
BEGIN
  IF cardinality(with_tags) > 0 THEN
    SELECT position INTO found FROM tags
    WHERE branch = of_branch AND tenant = of_tenant AND tag = with_tags[1] AND position > after AND position <= until
      AND (with_types IS NULL OR type = ANY (with_types))
      AND NOT EXISTS (
        SELECT 1 FROM unnest(with_tags[2:]) AS wanted (tag)
        WHERE (
          SELECT 1 FROM tags AS also
          WHERE also.branch = of_branch AND also.tenant = of_tenant AND also.tag = wanted.tag AND also.position = tags.position
        ) IS NULL
      )
    ORDER BY position LIMIT 1;
  ELSIF with_types IS NULL THEN
    SELECT position INTO found FROM events
    WHERE branch = of_branch AND position > after AND position <= until AND tenant = of_tenant
    ORDER BY position LIMIT 1;
  ELSE
    SELECT min(nearest.position) INTO found
    FROM unnest(with_types) AS wanted (type)
    CROSS JOIN LATERAL (
      SELECT inside.position FROM type_ranges
      CROSS JOIN LATERAL (
        SELECT position FROM events
        WHERE branch = of_branch AND type = wanted.type AND tenant = of_tenant
          AND position > greatest(after, type_ranges.range * 1024)
          AND position <= least(until, (type_ranges.range + 1) * 1024)
        ORDER BY position LIMIT 1
      ) AS inside
      WHERE type_ranges.branch = of_branch AND type_ranges.type = wanted.type
        AND range >= after / 1024 AND range <= (until - 1) / 1024
      ORDER BY range LIMIT 1
    ) AS nearest;
  END IF;
  RETURN found;
END
$$;

-- Why requests can't be recorded, for each the first reason that counts: [request, reason, …]. Null: all of them can.
CREATE FUNCTION refusals_of(
  of_branch integer, last bigint, generation bigint, generations bigint[],
  stream_of integer[], expectations bigint[], revisions bigint[],
  command_tenants text[], command_ids text[], conditions json
) RETURNS json
LANGUAGE plpgsql STABLE
AS $$
#variable_conflict use_column
BEGIN
  RETURN (SELECT json_agg(refusal ORDER BY request) FROM (
    SELECT DISTINCT ON (request) request, refusal FROM (
      SELECT request, 0 AS rank, json_build_array(request, 'duplicate') AS refusal
      FROM unnest(command_tenants, command_ids) WITH ORDINALITY AS given (tenant, id, request)
      WHERE (
        SELECT 1 FROM commands WHERE branch = of_branch AND tenant = given.tenant AND id = given.id
      ) IS NOT NULL
      UNION ALL
      SELECT request, 1, json_build_array(request, 'views-changed', generation)
      FROM unnest(generations) WITH ORDINALITY AS given (prepared_for, request)
      WHERE prepared_for <> generation
      UNION ALL
      SELECT request, 1 + number, json_build_array(request, 'conflict', number, actual)
      FROM unnest(stream_of, expectations, revisions) WITH ORDINALITY AS given (request, expected, actual, number)
      WHERE CASE expected WHEN -1 THEN false WHEN -2 THEN actual = 0 ELSE actual <> expected END
      UNION ALL
      SELECT request, 1000000, json_build_array(request, 'condition-failed', position)
      FROM json_to_recordset(conditions) AS given (request integer, tenant text, after bigint, items json)
      CROSS JOIN LATERAL (
        SELECT min(first_match(of_branch, tenant, after, last, types, tags)) AS position
        FROM json_to_recordset(items) AS item (types text[], tags text[])
      ) AS nearest
      WHERE position IS NOT NULL
    ) AS reasons
    ORDER BY request, rank
  ) AS first_reasons);
END
$$;

-- The time of each request: the one it says or now, but not before that of an event that stands before it.
CREATE FUNCTION times_of(
  recorded_ats bigint[], now_at bigint, last_at bigint, event_counts integer[], refused integer[]
) RETURNS bigint[]
LANGUAGE plpgsql IMMUTABLE
AS $$
#variable_conflict use_column
BEGIN
  RETURN (SELECT array_agg(greatest(own, last_at, before) ORDER BY request) FROM (
    SELECT request, own, max(own) FILTER (WHERE count > 0 AND (refused IS NULL OR request <> ALL (refused)))
      OVER (ORDER BY request ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING) AS before
    FROM (
      SELECT request, count, coalesce(recorded_at, now_at) AS own
      FROM unnest(recorded_ats, event_counts) WITH ORDINALITY AS given (recorded_at, count, request)
    ) AS own_times
  ) AS times);
END
$$;

-- Records what it can of requests of one branch that don't depend on one another, numbered from 1, in one go. Arrays hold
-- a value for each request (or its command), stream, event or tag; `…_of` says of which request, `event_at` of which stream
-- it is, `event_numbers` which event of all, and `first_numbers` which one is the first of a request, if all are recorded.
-- Null instead of an array: all are null.
--
-- `is_trusting`: what is known of revisions is enough, and the indexes refuse what must not be; then, and where anything is
-- refused, `is_careful`: all is looked up.
--
-- `is_history`: false, and nothing is done, where the tables are not those of the epoch the caller knows.
-- `last`: the position before. `decided_at`: the time of each request; one for all of them. `revisions`: of each stream,
-- before. `refusals`: [request, what, …] for those that were not recorded.
CREATE FUNCTION append(
  of_branch integer, in_epoch text,
  event_counts integer[], first_numbers integer[], recorded_ats bigint[], generations bigint[],
  stream_of integer[], stream_tenants text[], streams text[], expectations bigint[], known_revisions bigint[],
  inherited_revisions bigint[],
  event_of integer[], event_numbers integer[], event_tenants text[], event_streams text[], event_at integer[],
  stream_numbers integer[], types text[], versions integer[], event_commands text[], ordinals integer[],
  occurred_ats bigint[], event_actors text[], event_correlations text[], event_causations text[],
  data text[], data_bytes bytea[], all_types text[],
  tag_event integer[], tag_tenants text[], tag_types text[], tags text[],
  command_tenants text[], command_ids text[], command_types text[],
  payloads text[], payloads_bytes bytea[], actors text[], correlations text[], causations text[],
  statuses text[], reasons text[], reasons_bytes bytea[], reads text[],
  conditions json, is_trusting boolean, INOUT is_careful boolean,
  OUT is_history boolean, OUT last bigint, OUT decided_at bigint[], OUT revisions bigint[], OUT refusals json
)
LANGUAGE plpgsql SET search_path FROM CURRENT
SET plan_cache_mode = force_generic_plan SET enable_seqscan = off SET enable_bitmapscan = off
AS $$
#variable_conflict use_column
DECLARE
  last_at bigint;
  now_at bigint;
  generation bigint;
  refused integer[];
  count integer := cardinality(event_of);
BEGIN
  PERFORM lock_log();
  SELECT epoch = in_epoch AND identity = current_identity() INTO is_history FROM epochs ORDER BY number DESC LIMIT 1;
  IF is_history IS NOT TRUE THEN
    is_history := false;
    RETURN;
  END IF;

  SELECT position, recorded_at INTO last, last_at FROM events
  WHERE branch = of_branch ORDER BY position DESC LIMIT 1;
  IF of_branch <> 0 OR last IS NULL THEN
    -- Of main nothing has to be looked up.
    SELECT coalesce(last, base_position), coalesce(last_at, base_time) INTO last, last_at FROM base_of(of_branch);
  END IF;
  now_at := greatest(floor(extract(epoch FROM clock_timestamp()) * 1000)::bigint, last_at);
  IF generations IS NOT NULL THEN
    SELECT view_generations.generation INTO generation FROM view_generations WHERE branch = of_branch;
  END IF;

  LOOP
    IF is_trusting AND NOT is_careful THEN
      revisions := known_revisions;
    ELSE
      revisions := ARRAY(
        SELECT coalesce(CASE WHEN NOT is_careful THEN known END, (
          SELECT revision FROM events
          WHERE branch = of_branch AND tenant = given.tenant AND stream = given.stream
          ORDER BY revision DESC LIMIT 1
        ), inherited, 0)
        FROM unnest(stream_tenants, streams, known_revisions, inherited_revisions)
          AS given (tenant, stream, known, inherited)
      );
      refusals := refusals_of(
        of_branch, last, coalesce(generation, 0), generations, stream_of, expectations, revisions,
        command_tenants, CASE WHEN is_careful THEN command_ids END, conditions);
    END IF;
    IF refusals IS NOT NULL AND NOT is_careful THEN
      -- A command that was handled is a duplicate, whatever else could be said against it.
      is_careful := true;
      CONTINUE;
    END IF;
    IF refusals IS NOT NULL THEN
      refused := ARRAY(SELECT (refusal ->> 0)::integer FROM json_array_elements(refusals) AS refusal);
      event_numbers := ARRAY(
        SELECT CASE WHEN request <> ALL (refused) THEN
          count(*) FILTER (WHERE request <> ALL (refused)) OVER (ROWS UNBOUNDED PRECEDING)
        END
        FROM unnest(event_of) AS given (request)
      );
      first_numbers := ARRAY(
        SELECT 1 + coalesce(sum(events) FILTER (WHERE request <> ALL (refused))
          OVER (ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING), 0)
        FROM unnest(event_counts) WITH ORDINALITY AS given (events, request)
      );
      command_ids := ARRAY(
        SELECT CASE WHEN request <> ALL (refused) THEN id END
        FROM unnest(command_ids) WITH ORDINALITY AS given (id, request)
      );
    END IF;
    IF recorded_ats IS NOT NULL THEN
      decided_at := times_of(recorded_ats, now_at, last_at, event_counts, refused);
    ELSE
      decided_at := ARRAY[now_at];
    END IF;

    BEGIN
      IF count > 0 THEN
        INSERT INTO events (branch, position, tenant, stream, revision, type, version, command_id, ordinal, recorded_at,
          occurred_at, actor, correlation_id, causation_id, data, data_bytes)
        SELECT of_branch, last + number, tenant, stream, revisions[at] + stream_number, type, version, command_id, ordinal,
          CASE WHEN recorded_ats IS NULL THEN now_at ELSE decided_at[request] END, occurred_at, actor, correlation_id,
          causation_id, data, data_bytes
        FROM unnest(event_of, event_numbers, event_tenants, event_streams, event_at, stream_numbers, types, versions,
          event_commands, ordinals, occurred_ats, event_actors, event_correlations, event_causations, data, data_bytes)
          AS given (request, number, tenant, stream, at, stream_number, type, version, command_id, ordinal, occurred_at, actor,
          correlation_id, causation_id, data, data_bytes)
        WHERE number IS NOT NULL;

        INSERT INTO type_ranges (branch, type, range)
        SELECT of_branch, type, range
        FROM unnest(all_types) AS given (type), generate_series(last / 1024, (last + count - 1) / 1024) AS ranges (range)
        ON CONFLICT DO NOTHING;
      END IF;

      IF tags IS NOT NULL THEN
        INSERT INTO tags (branch, tenant, tag, position, type)
        SELECT of_branch, tenant, tag, last + event_numbers[event], type
        FROM unnest(tag_event, tag_tenants, tag_types, tags) AS given (event, tenant, type, tag)
        WHERE event_numbers[event] IS NOT NULL
        ON CONFLICT DO NOTHING;
      END IF;

      IF command_ids IS NOT NULL THEN
        INSERT INTO commands (branch, tenant, id, type, payload, payload_bytes, actor, correlation_id, causation_id, decided_at,
          status, reason, reason_bytes, reads, position, events)
        SELECT of_branch, tenant, id, type, payload, payload_bytes, actor, correlation_id, causation_id,
          CASE WHEN recorded_ats IS NULL THEN now_at ELSE decided_at[request] END, status, reason, reason_bytes, reads,
          CASE WHEN events > 0 THEN last + first END, events
        FROM unnest(event_counts, first_numbers, command_tenants, command_ids, command_types, payloads, payloads_bytes, actors,
          correlations, causations, statuses, reasons, reasons_bytes, reads) WITH ORDINALITY AS given (events, first, tenant, id,
          type, payload, payload_bytes, actor, correlation_id, causation_id, status, reason, reason_bytes, reads, request)
        WHERE id IS NOT NULL;
      END IF;
      RETURN;
    EXCEPTION WHEN unique_violation THEN
      -- A command that was handled, or a stream that others have appended to.
      IF is_careful THEN RAISE; END IF;
      is_careful := true;
    END;
  END LOOP;
END
$$;

-- Begins an epoch where the tables came here by a restore or a failover, or are new.
CREATE FUNCTION begin_epoch(fresh text) RETURNS void
LANGUAGE plpgsql SET search_path FROM CURRENT
AS $$
DECLARE
  last integer;
BEGIN
  PERFORM lock_log();
  IF (SELECT identity FROM epochs ORDER BY number DESC LIMIT 1) = current_identity() THEN
    RETURN;
  END IF;
  INSERT INTO epochs (number, epoch, identity, began_at)
  VALUES (
    coalesce((SELECT max(number) FROM epochs), 0) + 1, fresh, current_identity(),
    floor(extract(epoch FROM clock_timestamp()) * 1000)::bigint
  )
  RETURNING number INTO last;
  INSERT INTO epoch_bases (number, branch, position) SELECT last, branch, position FROM heads();
END
$$;

-- The last position of each branch that has events, by a seek each.
CREATE FUNCTION heads() RETURNS TABLE (branch integer, "position" bigint)
LANGUAGE plpgsql STABLE SET search_path FROM CURRENT
AS $$
#variable_conflict use_column
BEGIN
  RETURN QUERY
  WITH RECURSIVE branches (branch) AS (
    (SELECT branch FROM events ORDER BY branch LIMIT 1)
    UNION ALL
    SELECT (SELECT branch FROM events WHERE branch > branches.branch ORDER BY branch LIMIT 1)
    FROM branches WHERE branches.branch IS NOT NULL
  )
  SELECT branch, (
    SELECT position FROM events WHERE events.branch = branches.branch ORDER BY position DESC LIMIT 1
  )
  FROM branches WHERE branch IS NOT NULL;
END
$$;

-- Whether a position belongs to the history of now, though it was reached in an epoch before. Other logs' epochs are theirs.
CREATE FUNCTION is_of_history(of_branch integer, in_epoch text, at bigint) RETURNS boolean
LANGUAGE plpgsql STABLE
AS $$
#variable_conflict use_column
BEGIN
  RETURN NOT EXISTS (
    SELECT FROM epochs AS before JOIN epochs AS later ON later.number > before.number
    LEFT JOIN epoch_bases ON epoch_bases.number = later.number AND branch = of_branch
    WHERE before.epoch = in_epoch AND coalesce(position, 0) < at
  );
END
$$;

-- The first position recorded at or after a time: recorded times never go backwards, so a search by halves finds it.
CREATE FUNCTION position_at(of_branch integer, at bigint) RETURNS bigint
LANGUAGE plpgsql STABLE SET search_path FROM CURRENT
SET plan_cache_mode = force_generic_plan SET enable_seqscan = off SET enable_bitmapscan = off
AS $$
DECLARE
  low bigint;
  high bigint;
  middle bigint;
BEGIN
  SELECT position INTO low FROM events WHERE branch = of_branch ORDER BY position LIMIT 1;
  SELECT position + 1 INTO high FROM events WHERE branch = of_branch ORDER BY position DESC LIMIT 1;
  WHILE low < high LOOP
    middle := (low + high) / 2;
    IF (SELECT recorded_at FROM events WHERE branch = of_branch AND position = middle) < at THEN
      low := middle + 1;
    ELSE
      high := middle;
    END IF;
  END LOOP;
  RETURN coalesce(low, 1);
END
$$;

-- The last revision of a stream up to a position (null: all of it); 0: it had no events. Revisions are dense and in the
-- order of positions: a search by halves finds it.
CREATE FUNCTION revision_at(of_branch integer, of_tenant text, of_stream text, at bigint) RETURNS bigint
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
  IF at IS NULL OR last <= at THEN
    RETURN coalesce(high, 0);
  END IF;
  SELECT revision INTO low FROM events
  WHERE branch = of_branch AND tenant = of_tenant AND stream = of_stream ORDER BY revision LIMIT 1;
  -- The first one that is beyond.
  WHILE low < high LOOP
    middle := (low + high) / 2;
    IF (
      SELECT position FROM events
      WHERE branch = of_branch AND tenant = of_tenant AND stream = of_stream AND revision = middle
    ) <= at THEN
      low := middle + 1;
    ELSE
      high := middle;
    END IF;
  END LOOP;
  RETURN CASE WHEN EXISTS (
    SELECT FROM events WHERE branch = of_branch AND tenant = of_tenant AND stream = of_stream AND revision = high - 1
  ) THEN high - 1 ELSE 0 END;
END
$$;
