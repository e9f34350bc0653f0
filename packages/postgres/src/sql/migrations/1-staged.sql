-- Appends in transactions of users, beside what they do with tables of their own: what is to be appended is staged, and
-- numbered at the commit, under the lock, by a deferred trigger. Nobody else waits for the transaction, however long it is.

-- The values of the function `append`. Rows are deleted by the transaction that inserts them: there are never any to see.
CREATE UNLOGGED TABLE staged_appends (
  number bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  of_branch integer, event_counts integer[], first_numbers integer[], recorded_ats bigint[], generations bigint[],
  stream_of integer[], stream_tenants text[], streams text[], expectations bigint[], known_revisions bigint[],
  inherited_revisions bigint[], event_of integer[], event_numbers integer[], event_tenants text[], event_streams text[],
  event_at integer[], stream_numbers integer[], types text[], versions integer[], event_commands text[], ordinals
  integer[], occurred_ats bigint[], event_actors text[], event_correlations text[], event_causations text[], data text[],
  data_bytes bytea[], all_types text[], tag_event integer[], tag_tenants text[], tag_types text[], tags text[],
  command_tenants text[], command_ids text[], command_types text[], payloads text[], payloads_bytes bytea[], actors
  text[], correlations text[], causations text[], statuses text[], reasons text[], reasons_bytes bytea[], reads text[],
  conditions json
);

-- Who may call it may append: its own rights on the tables don't matter.
CREATE FUNCTION stage_append(
  in_of_branch integer, in_event_counts integer[], in_first_numbers integer[], in_recorded_ats bigint[], in_generations
  bigint[], in_stream_of integer[], in_stream_tenants text[], in_streams text[], in_expectations bigint[],
  in_known_revisions bigint[], in_inherited_revisions bigint[], in_event_of integer[], in_event_numbers integer[],
  in_event_tenants text[], in_event_streams text[], in_event_at integer[], in_stream_numbers integer[], in_types text[],
  in_versions integer[], in_event_commands text[], in_ordinals integer[], in_occurred_ats bigint[], in_event_actors
  text[], in_event_correlations text[], in_event_causations text[], in_data text[], in_data_bytes bytea[], in_all_types
  text[], in_tag_event integer[], in_tag_tenants text[], in_tag_types text[], in_tags text[], in_command_tenants text[],
  in_command_ids text[], in_command_types text[], in_payloads text[], in_payloads_bytes bytea[], in_actors text[],
  in_correlations text[], in_causations text[], in_statuses text[], in_reasons text[], in_reasons_bytes bytea[], in_reads
  text[], in_conditions json
) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path FROM CURRENT
AS $$
BEGIN
  IF current_setting('transaction_isolation') <> 'read committed' THEN
    RAISE EXCEPTION USING ERRCODE = 'HW000', HINT = 'log.isolation-level', MESSAGE = format(
      'The transaction is %s: at its commit it would not see what others have appended', current_setting('transaction_isolation'));
  END IF;
  INSERT INTO staged_appends (
    of_branch, event_counts, first_numbers, recorded_ats, generations, stream_of, stream_tenants, streams, expectations,
    known_revisions, inherited_revisions, event_of, event_numbers, event_tenants, event_streams, event_at, stream_numbers,
    types, versions, event_commands, ordinals, occurred_ats, event_actors, event_correlations, event_causations, data,
    data_bytes, all_types, tag_event, tag_tenants, tag_types, tags, command_tenants, command_ids, command_types, payloads,
    payloads_bytes, actors, correlations, causations, statuses, reasons, reasons_bytes, reads, conditions
  ) VALUES (
    in_of_branch, in_event_counts, in_first_numbers, in_recorded_ats, in_generations, in_stream_of, in_stream_tenants,
    in_streams, in_expectations, in_known_revisions, in_inherited_revisions, in_event_of, in_event_numbers,
    in_event_tenants, in_event_streams, in_event_at, in_stream_numbers, in_types, in_versions, in_event_commands,
    in_ordinals, in_occurred_ats, in_event_actors, in_event_correlations, in_event_causations, in_data, in_data_bytes,
    in_all_types, in_tag_event, in_tag_tenants, in_tag_types, in_tags, in_command_tenants, in_command_ids,
    in_command_types, in_payloads, in_payloads_bytes, in_actors, in_correlations, in_causations, in_statuses, in_reasons,
    in_reasons_bytes, in_reads, in_conditions
  );
END
$$;

-- Records what was staged. What can't be recorded ends the transaction.
CREATE FUNCTION record_staged() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path FROM CURRENT
AS $$
DECLARE
  recorded record;
  refusal json;
  view text;
BEGIN
  PERFORM lock_log();
  SELECT view_versions.view INTO view FROM view_versions
  WHERE branch = NEW.of_branch AND lifecycle = 'inline' AND state IN ('current', 'building')
    AND types::jsonb ?| NEW.all_types
  LIMIT 1;
  IF FOUND THEN
    RAISE EXCEPTION USING ERRCODE = 'HW000', HINT = 'log.inline-view', MESSAGE = format(
      'The inline view %s would miss what is appended in a transaction of its own', view);
  END IF;
  SELECT * INTO recorded FROM append(
    NEW.of_branch, (SELECT epoch FROM epochs ORDER BY number DESC LIMIT 1), NEW.event_counts, NEW.first_numbers,
    NEW.recorded_ats, NEW.generations, NEW.stream_of, NEW.stream_tenants, NEW.streams, NEW.expectations,
    NEW.known_revisions, NEW.inherited_revisions, NEW.event_of, NEW.event_numbers, NEW.event_tenants, NEW.event_streams,
    NEW.event_at, NEW.stream_numbers, NEW.types, NEW.versions, NEW.event_commands, NEW.ordinals, NEW.occurred_ats,
    NEW.event_actors, NEW.event_correlations, NEW.event_causations, NEW.data, NEW.data_bytes, NEW.all_types,
    NEW.tag_event, NEW.tag_tenants, NEW.tag_types, NEW.tags, NEW.command_tenants, NEW.command_ids, NEW.command_types,
    NEW.payloads, NEW.payloads_bytes, NEW.actors, NEW.correlations, NEW.causations, NEW.statuses, NEW.reasons,
    NEW.reasons_bytes, NEW.reads, NEW.conditions, false, true
  );
  IF NOT recorded.is_history THEN
    RAISE EXCEPTION USING ERRCODE = 'HW000', HINT = 'log.unavailable',
      MESSAGE = 'The database was restored or failed over, and no process of Headwater has taken it up yet';
  END IF;
  refusal := recorded.refusals -> 0;
  IF refusal IS NOT NULL THEN
    RAISE EXCEPTION USING ERRCODE = 'HW000', DETAIL = refusal::text,
      HINT = CASE refusal ->> 1
        WHEN 'duplicate' THEN 'log.duplicate' WHEN 'conflict' THEN 'log.conflict' ELSE 'log.condition-failed'
      END,
      MESSAGE = CASE refusal ->> 1
        WHEN 'duplicate' THEN format('%s was appended before', NEW.command_ids[1])
        WHEN 'conflict' THEN
          format('Stream %s is at revision %s', NEW.streams[(refusal ->> 2)::integer], refusal ->> 3)
        ELSE format('The event at position %s excludes the append', refusal ->> 2)
      END;
  END IF;
  DELETE FROM staged_appends WHERE number = NEW.number;
  RETURN NULL;
END
$$;

CREATE CONSTRAINT TRIGGER record_staged AFTER INSERT ON staged_appends
DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION record_staged();
