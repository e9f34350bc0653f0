-- Where the documents of each collection are: each has a table of its own. One without a name is gone, and its table is
-- dropped when nobody is in the way any more.
CREATE TABLE collections (
  id integer GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  name text COLLATE "C" UNIQUE,
  table_name text COLLATE "C" NOT NULL,
  searchable boolean NOT NULL
);

-- The versions of documents: none is given twice.
CREATE SEQUENCE document_versions CACHE 64;

-- What stands at a path of a document, as bytes that are ordered as its values are: null, then numbers (false is 0, true
-- is 1), then text by code points; an array or an object counts as its JSON text. Paths lead through objects only. What is
-- no JSON has no values.
--
-- PostgreSQL has no text for \u0000 and for halves of surrogate pairs. Where a document holds some, they are taken out
-- first: U+FDD0 and four digits stand for them, and for U+FDD0 itself. As bytes a half comes where it does in UTF-16, beside
-- the pairs that begin like it. Names of functions are those of pg_catalog only: a dump is restored without a search_path.
CREATE FUNCTION scalar_at(document text, path text[], longest integer) RETURNS bytea
LANGUAGE plpgsql IMMUTABLE COST 100 AS $function$
DECLARE
  mark CONSTANT text := U&'\FDD0';
  source text := document;
  is_marked boolean := false;
  value json;
  name text;
  found text;
  number double precision;
  bits bigint;
  part text[];
  code integer;
  sortable bytea;
BEGIN
  LOOP
    BEGIN
      value := source::json;
      FOREACH name IN ARRAY path LOOP
        value := value -> name;
      END LOOP;
      found := value #>> '{}';
      CASE json_typeof(value)
        WHEN 'number' THEN number := found::double precision;
        WHEN 'boolean' THEN number := found::boolean::integer;
        WHEN 'string', 'object', 'array' THEN EXIT;
        ELSE RETURN '\x00';
      END CASE;
      bits := ('x' || encode(float8send(number + 0), 'hex'))::bit(64)::bigint;
      RETURN '\x01'::bytea || int8send(CASE WHEN bits < 0 THEN ~bits ELSE bits # (-9223372036854775808) END);
    EXCEPTION
      WHEN numeric_value_out_of_range THEN
        -- As JavaScript reads it: nearly nothing, or infinite.
        RETURN CASE
          WHEN abs(found::numeric) < 1 THEN '\x018000000000000000'::bytea
          WHEN found LIKE '-%' THEN '\x01000fffffffffffff'
          ELSE '\x01fff0000000000000'
        END;
      WHEN OTHERS THEN
        IF is_marked OR source IS NULL THEN
          RETURN '\x00';
        END IF;
        is_marked := true;
        source := replace(replace(source, mark, mark || 'fdd0'), '\\', mark || '005c');
        source := regexp_replace(source, '\\u(0000|[dD][89abAB][0-9a-fA-F]{2}(?!\\u[dD][c-fC-F]))', mark || '\1', 'g');
        source := regexp_replace(source, '(?<!\\u[dD][89abAB][0-9a-fA-F]{2})\\u([dD][c-fC-F][0-9a-fA-F]{2})', mark || '\1', 'g');
        source := regexp_replace(source, '\\u([fF][dD][dD]0)', mark || '\1', 'g');
    END;
  END LOOP;
  sortable := '\x02';
  IF NOT is_marked THEN
    RETURN substring(sortable || convert_to(found, 'UTF8') FROM 1 FOR longest);
  END IF;
  IF json_typeof(value) <> 'string' THEN
    found := replace(found, mark || '005c', '\\');
    found := regexp_replace(found, mark || '(0000|[dD][0-9a-fA-F]{3})', '\\u\1', 'g');
    found := regexp_replace(found, mark || '[fF][dD][dD]0', mark, 'g');
    RETURN substring(sortable || convert_to(found, 'UTF8') FROM 1 FOR longest);
  END IF;
  FOR part IN SELECT regexp_matches(found, '([^' || mark || ']*)(?:' || mark || '(.{4}))?', 'g') LOOP
    sortable := sortable || convert_to(part[1], 'UTF8');
    CONTINUE WHEN part[2] IS NULL;
    code := ('x' || lpad(part[2], 8, '0'))::bit(32)::integer;
    sortable := sortable || CASE
      WHEN code = 0 THEN '\x00'::bytea
      WHEN code < 55296 THEN convert_to(chr(code), 'UTF8')
      WHEN code < 56320 THEN set_byte(convert_to(chr(65536 + (code - 55296) * 1024), 'UTF8'), 3, 127)
      WHEN code < 57344 THEN '\xf5'::bytea || substring(int4send(code) FROM 3)
      ELSE convert_to(chr(code), 'UTF8')
    END;
  END LOOP;
  RETURN substring(sortable FROM 1 FOR longest);
END
$function$;

-- Which of the documents are not at the version that is expected of them (0: there is none; null: whatever it is), as their
-- numbers in the arrays. Those that are there are locked, in the order of their keys, until the transaction ends.
-- Collections that nobody defined are left to write_documents.
CREATE FUNCTION document_conflicts(
  in_collections text[], in_branches integer[], in_tenants text[], in_keys text[], in_expected bigint[]
) RETURNS TABLE (number bigint)
LANGUAGE plpgsql AS $function$
DECLARE
  target record;
BEGIN
  FOR target IN
    SELECT DISTINCT name, table_name FROM unnest(in_collections) AS given (collection)
    JOIN collections ON name = given.collection ORDER BY name
  LOOP
    RETURN QUERY EXECUTE format(
      'WITH given AS (
         SELECT ordinal, branch, tenant, key, expected
         FROM unnest($1, $2, $3, $4, $5) WITH ORDINALITY AS given (collection, branch, tenant, key, expected, ordinal)
         WHERE collection = $6
       ), held AS (
         SELECT t.branch, t.tenant, t.key, t.version FROM %I t JOIN given USING (branch, tenant, key)
         ORDER BY branch, tenant, key FOR UPDATE OF t
       )
       SELECT ordinal FROM given LEFT JOIN held USING (branch, tenant, key)
       WHERE expected <> coalesce(version, 0) ORDER BY ordinal', target.table_name)
    USING in_collections, in_branches, in_tenants, in_keys, in_expected, target.name;
  END LOOP;
END
$function$;

-- Raises an error where one is at another version.
CREATE FUNCTION require_documents(
  in_collections text[], in_branches integer[], in_tenants text[], in_keys text[], in_expected bigint[]
) RETURNS void
LANGUAGE plpgsql AS $function$
DECLARE
  first bigint;
BEGIN
  SELECT min(number) INTO first
  FROM document_conflicts(in_collections, in_branches, in_tenants, in_keys, in_expected);
  IF first IS NOT NULL THEN
    RAISE EXCEPTION USING ERRCODE = 'HW000', HINT = 'log.document-conflict',
      MESSAGE = format('Document %s of %s is at another version', in_keys[first], in_collections[first]);
  END IF;
END
$function$;

-- Writes documents of which none is at another version than expected (document_conflicts), and each stands in the arrays
-- once. Neither a text nor bytes: it is deleted. Rows are taken in the order of their keys, so that of two who write the
-- same ones none waits for the other in a circle. What was made meanwhile, though none was expected, is a conflict of the
-- transactions: it can be tried again.
CREATE FUNCTION write_documents(
  in_collections text[], in_branches integer[], in_tenants text[], in_keys text[], in_expected bigint[],
  in_documents text[], in_bytes bytea[], in_positions bigint[], in_versions bigint[], in_words text[]
) RETURNS void
LANGUAGE plpgsql AS $function$
DECLARE
  target record;
  written bigint;
BEGIN
  FOR target IN
    SELECT asked.*, name, table_name, searchable FROM (
      SELECT collection, bool_or(is_gone) AS deletes, bool_or(expected IS DISTINCT FROM 0) AS puts,
        count(*) FILTER (WHERE NOT is_gone AND expected = 0) AS made
      FROM (
        SELECT collection, expected, document IS NULL AND bytes IS NULL AS is_gone
        FROM unnest(in_collections, in_expected, in_documents, in_bytes) AS u (collection, expected, document, bytes)
      ) AS given
      GROUP BY collection
    ) AS asked LEFT JOIN collections ON name = collection ORDER BY collection
  LOOP
    IF target.name IS NULL THEN
      RAISE EXCEPTION USING ERRCODE = 'HW000', HINT = 'view.unknown',
        MESSAGE = format('No collection %s is defined', target.collection);
    END IF;
    -- One that is deleted is emptied in its turn, so that all rows are taken in one pass.
    IF target.puts THEN
      EXECUTE format($sql$
        INSERT INTO %I (branch, tenant, key, document, document_bytes, position, version)
        SELECT branch, tenant, key, document, bytes, position, coalesce(version, nextval('document_versions'))
        FROM unnest($1, $2, $3, $4, $5, $6, $7, $8, $9)
          AS given (collection, branch, tenant, key, expected, document, bytes, position, version)
        WHERE collection = $10 AND expected IS DISTINCT FROM 0
        ORDER BY branch, tenant, key
        ON CONFLICT (branch, tenant, key) DO UPDATE SET
          document = excluded.document,
          document_bytes = excluded.document_bytes,
          position = excluded.position,
          version = excluded.version
      $sql$, target.table_name)
      USING in_collections, in_branches, in_tenants, in_keys, in_expected, in_documents, in_bytes, in_positions,
        in_versions, target.name;
    END IF;
    IF target.deletes THEN
      EXECUTE format($sql$
        DELETE FROM %I AS t
        USING unnest($1, $2, $3, $4, $5, $6) AS given (collection, branch, tenant, key, document, bytes)
        WHERE collection = $7 AND given.document IS NULL AND given.bytes IS NULL
          AND t.branch = given.branch AND t.tenant = given.tenant AND t.key = given.key
      $sql$, target.table_name)
      USING in_collections, in_branches, in_tenants, in_keys, in_documents, in_bytes, target.name;
    END IF;
    IF target.made > 0 THEN
      EXECUTE format($sql$
        INSERT INTO %I (branch, tenant, key, document, document_bytes, position, version)
        SELECT branch, tenant, key, document, bytes, position, coalesce(version, nextval('document_versions'))
        FROM unnest($1, $2, $3, $4, $5, $6, $7, $8, $9)
          AS given (collection, branch, tenant, key, expected, document, bytes, position, version)
        WHERE collection = $10 AND expected = 0 AND (document IS NOT NULL OR bytes IS NOT NULL)
        ORDER BY branch, tenant, key
        ON CONFLICT DO NOTHING
      $sql$, target.table_name)
      USING in_collections, in_branches, in_tenants, in_keys, in_expected, in_documents, in_bytes, in_positions,
        in_versions, target.name;
      GET DIAGNOSTICS written = ROW_COUNT;
      IF written < target.made THEN
        RAISE EXCEPTION 'A document of % was made meanwhile', target.name USING ERRCODE = 'serialization_failure';
      END IF;
    END IF;
    CONTINUE WHEN NOT target.searchable;
    IF target.deletes THEN
      EXECUTE format($sql$
        DELETE FROM %I AS t
        USING unnest($1, $2, $3, $4, $5, $6) AS given (collection, branch, tenant, key, document, bytes)
        WHERE collection = $7 AND given.document IS NULL AND given.bytes IS NULL
          AND t.branch = given.branch AND t.tenant = given.tenant AND t.key = given.key
      $sql$, target.table_name || '_words')
      USING in_collections, in_branches, in_tenants, in_keys, in_documents, in_bytes, target.name;
    END IF;
    -- A vector holds less than a megabyte of words. Those of a larger document stand beside it; its only word says so.
    EXECUTE format($sql$
      INSERT INTO %I AS t (branch, tenant, key, words, many_words)
      SELECT branch, tenant, key,
        array_to_tsvector(
          CASE WHEN octet_length(words) > 500000 THEN ARRAY['§'] ELSE array_remove(string_to_array(words, ' '), '') END
          || ('§' || branch || '§' || md5(tenant))
        ),
        CASE WHEN octet_length(words) > 500000 THEN ' ' || words || ' ' END
      FROM unnest($1, $2, $3, $4, $5, $6, $7) AS given (collection, branch, tenant, key, document, bytes, words)
      WHERE collection = $8 AND (document IS NOT NULL OR bytes IS NOT NULL)
      ORDER BY branch, tenant, key
      ON CONFLICT (branch, tenant, key) DO UPDATE SET words = excluded.words, many_words = excluded.many_words
      WHERE t.words <> excluded.words OR t.many_words IS DISTINCT FROM excluded.many_words
    $sql$, target.table_name || '_words')
    USING in_collections, in_branches, in_tenants, in_keys, in_documents, in_bytes, in_words, target.name;
  END LOOP;
END
$function$;
