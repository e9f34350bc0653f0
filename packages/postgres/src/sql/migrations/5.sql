-- Does what `append` does, which processes of the version before go on to call, in a third of its time for a single
-- request: there are fewer statements in it, arrays are unpacked side by side in a SELECT list (in FROM each is copied into
-- a store of its own first), a lone event or command is inserted by its VALUES, and reasons against a request are only
-- looked for where there may be any.
--
-- Parameters and results as of `append`, and:
-- `may_conflict`: a stream may not be as expected, or conditions are given: all that may speak against a request is asked.
-- `known_range`: in this range of positions the types of all events are noted already; null: in none.
CREATE FUNCTION append_requests(
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
  conditions json, is_trusting boolean, may_conflict boolean, known_range bigint, INOUT is_careful boolean,
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
  is_locked boolean;
BEGIN
  -- The lock of `lock_log`. An assignment is no statement of its own for the executor; what follows sees what was committed
  -- before the lock was given.
  is_locked := pg_advisory_xact_lock((x'48445752'::bigint << 32) | 'events'::regclass::oid::bigint) IS NOT NULL;
  SELECT now.epoch = in_epoch AND now.identity = current_identity(), final.position, final.recorded_at,
    CASE WHEN generations IS NOT NULL THEN
      coalesce((SELECT view_generations.generation FROM view_generations WHERE branch = of_branch), 0)
    END
  INTO is_history, last, last_at, generation
  FROM (SELECT epoch, identity FROM epochs ORDER BY number DESC LIMIT 1) AS now
  LEFT JOIN (
    SELECT position, recorded_at FROM events WHERE branch = of_branch ORDER BY position DESC LIMIT 1
  ) AS final ON true;
  IF is_history IS NOT TRUE THEN
    is_history := false;
    RETURN;
  END IF;
  IF of_branch <> 0 OR last IS NULL THEN
    -- Of main nothing has to be looked up.
    SELECT coalesce(last, base_position), coalesce(last_at, base_time) INTO last, last_at FROM base_of(of_branch);
  END IF;
  now_at := greatest(floor(extract(epoch FROM clock_timestamp()) * 1000)::bigint, last_at);

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
        FROM (
          SELECT unnest(stream_tenants) AS tenant, unnest(streams) AS stream, unnest(known_revisions) AS known,
            unnest(inherited_revisions) AS inherited
        ) AS given
      );
    END IF;
    IF may_conflict OR is_careful OR (generations IS NOT NULL AND (generation = ALL (generations)) IS NOT TRUE) THEN
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
      IF count = 1 AND refusals IS NULL THEN
        INSERT INTO events (branch, position, tenant, stream, revision, type, version, command_id, ordinal, recorded_at,
          occurred_at, actor, correlation_id, causation_id, data, data_bytes)
        VALUES (of_branch, last + 1, event_tenants[1], event_streams[1], revisions[event_at[1]] + 1, types[1], versions[1],
          event_commands[1], ordinals[1], CASE WHEN recorded_ats IS NULL THEN now_at ELSE decided_at[event_of[1]] END,
          occurred_ats[1], event_actors[1], event_correlations[1], event_causations[1], data[1], data_bytes[1]);
      ELSIF count > 0 THEN
        INSERT INTO events (branch, position, tenant, stream, revision, type, version, command_id, ordinal, recorded_at,
          occurred_at, actor, correlation_id, causation_id, data, data_bytes)
        SELECT of_branch, last + number, tenant, stream, revisions[at] + stream_number, type, version, command_id, ordinal,
          CASE WHEN recorded_ats IS NULL THEN now_at ELSE decided_at[request] END, occurred_at, actor, correlation_id,
          causation_id, data, data_bytes
        FROM (
          SELECT unnest(event_of) AS request, unnest(event_numbers) AS number, unnest(event_tenants) AS tenant,
            unnest(event_streams) AS stream, unnest(event_at) AS at, unnest(stream_numbers) AS stream_number,
            unnest(types) AS type, unnest(versions) AS version, unnest(event_commands) AS command_id,
            unnest(ordinals) AS ordinal, unnest(occurred_ats) AS occurred_at, unnest(event_actors) AS actor,
            unnest(event_correlations) AS correlation_id, unnest(event_causations) AS causation_id, unnest(data) AS data,
            unnest(data_bytes) AS data_bytes
        ) AS given
        WHERE number IS NOT NULL;
      END IF;

      IF count > 0 AND (last / 1024 = known_range AND (last + count - 1) / 1024 = known_range) IS NOT TRUE THEN
        INSERT INTO type_ranges (branch, type, range)
        SELECT of_branch, type, range
        FROM unnest(all_types) AS given (type), generate_series(last / 1024, (last + count - 1) / 1024) AS ranges (range)
        ON CONFLICT DO NOTHING;
      END IF;

      IF tags IS NOT NULL THEN
        INSERT INTO tags (branch, tenant, tag, position, type)
        SELECT of_branch, tenant, tag, last + event_numbers[event], type
        FROM (
          SELECT unnest(tag_event) AS event, unnest(tag_tenants) AS tenant, unnest(tag_types) AS type, unnest(tags) AS tag
        ) AS given
        WHERE event_numbers[event] IS NOT NULL
        ON CONFLICT DO NOTHING;
      END IF;

      IF cardinality(command_ids) = 1 AND refusals IS NULL THEN
        INSERT INTO commands (branch, tenant, id, type, payload, payload_bytes, actor, correlation_id, causation_id, decided_at,
          status, reason, reason_bytes, reads, position, events)
        VALUES (of_branch, command_tenants[1], command_ids[1], command_types[1], payloads[1], payloads_bytes[1], actors[1],
          correlations[1], causations[1], decided_at[1], statuses[1], reasons[1], reasons_bytes[1], reads[1],
          CASE WHEN event_counts[1] > 0 THEN last + 1 END, event_counts[1]);
      ELSIF command_ids IS NOT NULL THEN
        INSERT INTO commands (branch, tenant, id, type, payload, payload_bytes, actor, correlation_id, causation_id, decided_at,
          status, reason, reason_bytes, reads, position, events)
        SELECT of_branch, tenant, id, type, payload, payload_bytes, actor, correlation_id, causation_id,
          CASE WHEN recorded_ats IS NULL THEN now_at ELSE decided_at[request] END, status, reason, reason_bytes, reads,
          CASE WHEN events > 0 THEN last + first END, events
        FROM (
          SELECT unnest(event_counts) AS events, unnest(first_numbers) AS first, unnest(command_tenants) AS tenant,
            unnest(command_ids) AS id, unnest(command_types) AS type, unnest(payloads) AS payload,
            unnest(payloads_bytes) AS payload_bytes, unnest(actors) AS actor, unnest(correlations) AS correlation_id,
            unnest(causations) AS causation_id, unnest(statuses) AS status, unnest(reasons) AS reason,
            unnest(reasons_bytes) AS reason_bytes, unnest(reads) AS reads, generate_subscripts(event_counts, 1) AS request
        ) AS given
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
